"""Calibrations to report on, and what can be read in a report."""

from datetime import datetime, timedelta, timezone
from math import exp, nan
from pathlib import Path

import pikepdf

from station.calibration.judge import judge, proven
from station.calibration.profile import load_profiles
from station.delivery.calibration_report import CalibrationReporter
from station.flow.calibration_work import PROFILES
from station.flow.ports import Reporter
from station.model.calibration import Analysis, Calibration, Curve, Figure, Kept, Map
from station.model.target import TargetKind, TargetLabel
from tests.stored_calibrations import calibration

PHNOM_PENH = timezone(timedelta(hours=7))
MORNING = datetime(2025, 3, 4, 7, 30, tzinfo=PHNOM_PENH)
LABEL = TargetLabel(TargetKind.A4, "1", "A-17")
SIDES = ("left", "right")
REPORTER: Reporter = CalibrationReporter()

VALUES = {
    "resolution_x": ("ppi", 300.2, 0.1), "resolution_y": ("ppi", 299.9, 0.1), "skew": ("degrees", -0.251, 0.01),
    "orthogonality": ("degrees", 0.0, 0.01), "distortion": ("px", 0.4, None), "sfr50_x": ("cy/px", 0.291, None),
    "sfr50_y": ("cy/px", 0.302, None), "sampling_efficiency": ("%", 88.0, None),
    "channel_shift_rg": ("px", 0.11, None), "channel_shift_bg": ("px", -0.2, None),
    "overshoot": ("%", 1.5, None),
}  # fmt: skip


def response(half: float) -> tuple[tuple[float, float], ...]:
    return tuple((at / 50, exp(-0.6931 * (at / 50 / half) ** 2)) for at in range(40))


def measured(**values: float) -> Analysis:
    """Draw up an analysis of the A4 target that nobody measured, with other values of some figures."""
    figures = [
        Figure(name, unit, values.get(name, value), uncertainty=spread)
        for name, (unit, value, spread) in VALUES.items()
    ]
    figures += [Figure(f"sfr50_x_centre_{side}", "cy/px", values.get("sfr50_x", 0.3)) for side in SIDES]
    figures += [Figure("delta_e_max", "dE00", None, "no_reference", needs_reference=True)]
    curves = [Curve(f"sfr_x_centre_{side}", "cy/px", "ratio", response(0.29)) for side in SIDES]
    maps = (
        Map("uniformity", "L*", ((94.9, 93.0), (nan, 92.2))),
        Map("distortion_x", "px", ((0.3, 0.0), (0.0, 0.1))),
        Map("distortion_y", "px", ((0.4, 0.0), (0.0, nan))),
    )
    return Analysis(LABEL, tuple(figures), maps, tuple(curves))


def kept(
    analysis: Analysis | None = None, number: int = 12, profile: str = "self_printed", **change: object
) -> Kept:
    """Judge an analysis by a profile and keep it as the store does."""
    analysis = analysis or measured()
    baseline = {"sfr50_x": 0.3, "sfr50_y": 0.3}
    report = judge(analysis, load_profiles(PROFILES)[profile], (300.0, 300.0), baseline)
    at = MORNING + timedelta(days=number - 12)
    done: Calibration = calibration(at, report=report, passed=proven(report), **change)
    return Kept(number, done, "a1b2c3d4" * 8, bytes(range(64)), bytes(range(32)))


def required() -> int:
    return sum(finding.required for finding in kept().calibration.report.findings)


def history(count: int) -> list[Kept]:
    """Keep a calibration a day in which the sharpness falls."""
    return [
        kept(measured(sfr50_x=0.3 - 0.0004 * day + 0.002 * (day % 2), skew=0.05 * (day % 3)), number=day + 1)
        for day in range(count)
    ]


def write(folder: Path, *args: object) -> tuple[Path, Path]:
    one, *others = args or (kept(),)
    before, charts = others or (None, ())
    pdf, text = REPORTER.report(one, before, charts, folder)  # type: ignore[arg-type]
    return pdf, text


def text_of(path: Path) -> str:
    """Return what stands on all pages, one line for each text that was written at once."""
    lines: list[str] = []
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            lines += _texts(page)
    return "\n".join(line for line in lines if line)


def _texts(page: pikepdf.Page) -> list[str]:
    fonts = {name: str(font.BaseFont) for name, font in page.Resources.Font.items()}
    symbols = {b"D": "Δ", b"\xa3": "≤", b"\xb3": "≥", b"n": "■"}
    lines, font = [""], ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = fonts[str(operands[0])]
        elif str(operator) == "Tj":
            raw = bytes(operands[0])
            plain = raw.decode("cp1252") if "Helvetica" in font else symbols.get(raw, "?")
            lines[-1] += plain
        elif str(operator) == "ET":
            lines.append("")
    return lines


def pages_of(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)
