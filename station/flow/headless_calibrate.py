"""The headless calibration: a scanned target is measured and judged."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from station.calibration import judge
from station.calibration.profile import Profile
from station.errors import PictureError
from station.flow.calibration_work import profile_of, uncertain, unverified
from station.flow.headless import Row
from station.imaging import codec
from station.model.calibration import Analysis, CalibrationReport
from station.model.document import Symbology
from station.model.image import Pixels
from station.model.target import ChartKind, TargetKind
from station.settings import resources_dir

CHART_PROFILES: Final = {
    ChartKind.COLORCHECKER: "measured_chart_colour",
    ChartKind.IT8: "measured_chart_colour",
    ChartKind.Q13: "measured_chart_grey",
}
"""What is asked of a commercial target when nobody names a profile: what it has, against its values only."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration's report and what is to be said with it.

    `proven`: the device may work by it. `unverified`: measures whose limits are quoted by others only.
    `uncertain`: measures that were judged although nobody assessed their uncertainty.
    """

    title: str
    report: CalibrationReport
    proven: bool
    unverified: frozenset[str]
    uncertain: frozenset[str]


def calibrate(
    path: Path,
    target: TargetKind | ChartKind,
    *,
    dpi: float | None,
    reference: Path | None,
    profile: str | None,
    serial: str = "",
    dark: Path | None = None,
) -> Calibrated:
    """Measure the target on a picture and judge it by a profile, else by the one that fits the target.

    `dpi` is what the scanner claims in both directions; without it the file's own statement counts.
    `serial` is what is printed on a commercial target, its serial number or batch, "" where nobody says.
    `dark` is a scan with the lid closed and the lamp off: what it shows is ambient light.

    Raises:
        PictureError: it is no picture; TargetRefused: the target cannot be measured on it; SettingsError: there
            is no such profile, or the profiles cannot be understood; what the reference file raises.
    """
    # Late: what measures takes a second to load, and no other command is to wait for it.
    from station.calibration.ambient import ambient_closed
    from station.calibration.analyse import analyse
    from station.calibration.lab import LIGHT
    from station.calibration.layouts import FOLDER, load_layouts
    from station.calibration.reference import read_reference
    from station.reading import barcode

    of_chart = CHART_PROFILES[target] if isinstance(target, ChartKind) else ""
    asked = profile_of(profile or of_chart, measured=reference is not None)
    decoded = _picture(path)
    claimed = (dpi, dpi) if dpi is not None else decoded.dpi
    if isinstance(target, ChartKind):
        analysis = _of_chart(decoded.pixels, target, reference, serial)
    else:
        analysis = analyse(
            decoded.pixels,
            target,
            load_layouts(resources_dir() / FOLDER),
            [code.text for code in barcode.read(decoded.pixels, expected=frozenset({Symbology.DATAMATRIX}))],
            claimed=claimed,
            reference=read_reference(reference) if reference is not None else None,
            today=datetime.now(UTC).date(),
        )
    if dark is not None:
        found = ambient_closed(LIGHT[codec.grey(_picture(dark).pixels)])
        maps = (found.map,) if found.map is not None else ()
        analysis = replace(analysis, figures=(*analysis.figures, *found.figures), maps=(*analysis.maps, *maps))
    return calibrated(judge.judge(analysis, asked, claimed), asked)


def _picture(path: Path) -> codec.Decoded:
    """Decode a picture.

    Raises:
        PictureError: it cannot be read, or is none.
    """
    try:
        return codec.decode(path.read_bytes())
    except OSError as error:
        raise PictureError(reason="unreadable") from error


def _of_chart(pixels: Pixels, kind: ChartKind, reference: Path | None, serial: str) -> Analysis:
    """Measure a commercial target, against its reference values where there are any."""
    # Late, as above.
    from station.calibration.analyse import analyse_chart
    from station.calibration.chart_layouts import FOLDER, load_charts
    from station.calibration.reference import read_reference

    return analyse_chart(
        pixels,
        load_charts(resources_dir() / FOLDER)[kind],
        reference=read_reference(reference) if reference is not None else None,
        serial=serial,
        today=datetime.now(UTC).date(),
    )


def calibrated(report: CalibrationReport, profile: Profile) -> Calibrated:
    """Return a report with what is to be said with it."""
    return Calibrated(profile.title, report, judge.proven(report), unverified(profile), uncertain(report))


def rows(report: CalibrationReport) -> list[Row]:
    """Write the findings as `calibrate` prints them, in the report's order.

    `limit` has `low` and `high` in the figure's unit, null where an end is open, and is null where there is no
    limit; `reason` is a word that says why a figure was not judged.
    """
    return [
        {
            "measure": finding.measure,
            "value": finding.raw,
            "unit": finding.unit,
            "limit": None
            if finding.limit is None or (finding.limit.low is None and finding.limit.high is None)
            else {"low": finding.limit.low, "high": finding.limit.high},
            "status": finding.status.value,
            "required": finding.required,
            "reason": finding.reason,
        }
        for finding in report.findings
    ]
