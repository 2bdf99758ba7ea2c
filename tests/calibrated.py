"""Calibrations as a store keeps them: the drawn target, analysed once, and invented runs around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np

from station.calibration.analyse import analyse
from station.calibration.draw import draw
from station.calibration.judge import judge, proven
from station.calibration.label import text_of
from station.calibration.layouts import load_layouts
from station.calibration.profile import load_profiles
from station.flow.calibration_views import (
    CalibrationDone,
    CalibrationHistory,
    DeviceCalibration,
    DevicesCompared,
)
from station.flow.latest import Latest
from station.model.calibration import (
    Analysis,
    Calibration,
    Curve,
    Extent,
    Figure,
    Kept,
    Override,
    Reason,
    Setup,
    Standing,
    State,
)
from station.model.calibration_chart import DriftChart, DriftPoint, DriftSignal, SmoothedPoint
from station.model.calibration_sign import Place, Sign, SignKind
from station.model.capability import DeviceInfo, DeviceKind
from station.model.image import PictureRef
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir

NOW = datetime(2026, 11, 22, 8, 10, tzinfo=UTC)
SCANNER = DeviceInfo("sane:one", DeviceKind.SCANNER, "sane", "Flatbed at the window", "one", "S-1")
SECOND = DeviceInfo("sane:two", DeviceKind.SCANNER, "sane", "Feeder in the back", "two", "S-2")
CAMERA = DeviceInfo("usb:cam", DeviceKind.CAMERA, "opencv", "Portrait camera", "cam", "C-1")

_DPI = 300


@cache
def measured() -> Analysis:
    """Analyse the A4 target as drawn, a little noisy, at 300 dpi: without a reference file, once a process."""
    layouts = load_layouts(resources_dir() / "targets")
    label = TargetLabel(TargetKind.A4, layouts[TargetKind.A4].revision, "T0001")
    drawn = draw(layouts[TargetKind.A4], label, _DPI).astype(np.int16)
    light = np.linspace(0, -9, drawn.shape[1])[None, :, None]
    noisy = drawn * 0.9 + 12 + light + np.random.default_rng(5).normal(0, 1.5, drawn.shape)
    pixels = noisy.clip(0, 255).astype(np.uint8)
    return analyse(pixels, TargetKind.A4, layouts, [text_of(label)], claimed=(_DPI, _DPI), today=NOW.date())


def against_reference(analysis: Analysis) -> Analysis:
    """Return an analysis as a measured target gives it: what needs a reference has a value."""
    made = {
        "delta_l_max": 1.9,
        "white_balance": 1.4,
        "delta_e_mean": 2.1,
        "delta_e_p90": 3.9,
        "delta_e_max": 6.2,
    }
    figures = tuple(
        replace(figure, value=made.get(figure.measure, 1.02), reason="", uncertainty=0.2)
        if figure.reason == "no_reference"
        else figure
        for figure in analysis.figures
    )
    steps = [(float(light), light * 0.97 + 1.5) for light in range(10, 100, 8)]
    off = [(float(at), 1.1 + at % 5 * 0.9) for at in range(1, 19)]
    curves = (
        Curve("tone", "L* of the reference", "L*", tuple(steps)),
        Curve("delta_e", "patch", "dE00", tuple(off)),
    )
    return replace(analysis, figures=figures, curves=(*analysis.curves, *curves))


def changed(analysis: Analysis, values: Mapping[str, float]) -> Analysis:
    """Return an analysis with other values of some figures."""
    figures = tuple(
        replace(figure, value=values[figure.measure], reason="") if figure.measure in values else figure
        for figure in analysis.figures
    )
    return replace(analysis, figures=figures)


def kept(
    number: int = 1,
    *,
    device: DeviceInfo = SCANNER,
    at: datetime = NOW,
    values: Mapping[str, float] | None = None,
    reference: bool = False,
    more: Sequence[Figure] = (),
) -> Kept:
    """Return a stored calibration by the A4 target; `values` differ from the drawn target's."""
    analysis = against_reference(measured()) if reference else measured()
    analysis = changed(analysis, values or {})
    analysis = replace(analysis, figures=(*analysis.figures, *more))
    profile = load_profiles(resources_dir() / "calibration")["station_default" if reference else "self_printed"]
    half = {figure.measure: figure.value * 0.98 for figure in measured().figures if figure.value is not None}
    report = judge(analysis, profile, (_DPI, _DPI), half)
    done = Calibration(
        "kiosk-1", "A. Meier", device.id, device.name, device.simulated, at, Extent.FULL, "a4",
        Setup(device.serial or "", "1.0", "s"), 100 * number, proven(report), report,
        (PictureRef("0" * 64, "image/png", 1, 2480, 3508),), claimed=(_DPI, _DPI),
        reference="ab" * 32 if reference else "",
    )  # fmt: skip
    return Kept(number, done, f"{number:064x}", b"", b"")


def good(number: int = 1, **facts: object) -> Kept:
    """Return a calibration that proves its device, whatever the drawn target gives."""
    made = kept(number, **facts)  # type: ignore[arg-type]
    return replace(made, calibration=replace(made.calibration, passed=True))


def history(device: DeviceInfo = SCANNER, days: int = 24) -> CalibrationHistory:
    """Return runs of many days on which the sharpness falls slowly towards its limit."""
    points = tuple(
        DriftPoint(NOW - timedelta(days=days - day), 0.31 - 0.002 * day + 0.003 * (-1) ** day, True)
        for day in range(days)
    )
    smooth = tuple(SmoothedPoint(point.value, 0.28, 0.33) for point in points)
    chart = DriftChart(
        "sfr50_x", "cycles/px", points, 0.305, 0.004, 0.293, 0.317, smooth, 0.22, None,
        (DriftSignal(days - 1, "eight_on_one_side"),),
        NOW + timedelta(days=19), NOW + timedelta(days=12), NOW + timedelta(days=31), True,
    )  # fmt: skip
    return CalibrationHistory(device.id, (good(1, at=NOW - timedelta(days=1)), good(2)), (chart,))


def standing(
    state: State, reason: Reason | None = None, *, due: datetime | None = None, **more: object
) -> Standing:
    """Return a standing."""
    return Standing(state, reason, due, **more)  # type: ignore[arg-type]


def device(
    info: DeviceInfo = SCANNER,
    state: State = State.EXPIRED,
    reason: Reason | None = Reason.DAY,
    *,
    last: Kept | None = None,
    signs: tuple[Sign, ...] = (),
    override: Override | None = None,
    due: datetime | None = None,
    ready: bool = True,
) -> DeviceCalibration:
    """Return a device as the list shows it."""
    targets = tuple(TargetKind) if info.kind is DeviceKind.SCANNER else ()
    shown = Standing(state, reason, due, None, override)
    return DeviceCalibration(info, shown, True, ready, last, targets, signs)


def dirt(x_mm: float = 84.0) -> Sign:
    """Return dirt that was noticed on the glass."""
    return Sign(SignKind.DIRT, NOW - timedelta(hours=2), Place(x_mm, 120.0))


def done(run: Kept, before: Kept | None = None, *, baseline: bool = False) -> CalibrationDone:
    """Return the end of a calibration."""
    return CalibrationDone(run, before, baseline, frozenset({"sfr10_x"}), frozenset({"noise"}))


def compared() -> DevicesCompared:
    """Return two devices, the second of which is less sharp."""
    return DevicesCompared(
        (("kiosk-1", good(3)), ("kiosk-2", kept(4, device=SECOND, values={"sfr50_x": 0.11})))
    )


TODAY: date = NOW.date()


class FakeStation:
    """Stands in the place of a station: notes what is asked of it, says nothing."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.mailbox = Latest()

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Return a door that notes that it was gone through."""
        return lambda *args, **facts: self.asked.append((name, (*args, *facts.values())))

    def last(self, name: str) -> tuple[object, ...]:
        """Return what was asked last through this door."""
        return next(args for door, args in reversed(self.asked) if door == name)
