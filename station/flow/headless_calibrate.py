"""The headless calibration: a scanned target is measured and judged."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from station.calibration import judge
from station.calibration.profile import Mark, Profile, load_profiles
from station.errors import PictureError, SettingsError
from station.flow.headless import Row
from station.imaging import codec
from station.model.calibration import CalibrationReport
from station.model.document import Symbology
from station.model.target import TargetKind
from station.settings import resources_dir
from station.toml_file import meant

PROFILES: Final = resources_dir() / "calibration"

MEASURED_TARGET, SELF_PRINTED = "station_default", "self_printed"
"""What is asked when nobody names a profile: with the target's reference values, and without."""


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
    path: Path, target: TargetKind, *, dpi: float | None, reference: Path | None, profile: str | None
) -> Calibrated:
    """Measure the target on a picture and judge it by a profile, else by the one that fits the target.

    `dpi` is what the scanner claims in both directions; without it the file's own statement counts.

    Raises:
        PictureError: it is no picture; TargetRefused: the target cannot be measured on it; SettingsError: there
            is no such profile, or the profiles cannot be understood; what the reference file raises.
    """
    # Late: what measures takes a second to load, and no other command is to wait for it.
    from station.calibration.analyse import analyse
    from station.calibration.layouts import FOLDER, load_layouts
    from station.calibration.reference import read_reference
    from station.reading import barcode

    asked = _profile(profile or (SELF_PRINTED if reference is None else MEASURED_TARGET))
    try:
        decoded = codec.decode(path.read_bytes())
    except OSError as error:
        raise PictureError(reason="unreadable") from error
    claimed = (dpi, dpi) if dpi is not None else decoded.dpi
    analysis = analyse(
        decoded.pixels,
        target,
        load_layouts(resources_dir() / FOLDER),
        [code.text for code in barcode.read(decoded.pixels, expected=frozenset({Symbology.DATAMATRIX}))],
        claimed=claimed,
        reference=read_reference(reference) if reference is not None else None,
        today=datetime.now(UTC).date(),
    )
    return calibrated(judge.judge(analysis, asked, claimed), asked)


def calibrated(report: CalibrationReport, profile: Profile) -> Calibrated:
    """Return a report with what is to be said with it."""
    assessed = {f.measure for f in report.analysis.figures if f.uncertainty is not None}
    judged = {f.measure for f in report.findings if not f.reason}
    secondary = {name for name, asked in profile.asked.items() if asked.mark is Mark.SECONDARY}
    return Calibrated(
        profile.title, report, judge.proven(report), frozenset(secondary), frozenset(judged - assessed)
    )


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


def _profile(name: str) -> Profile:
    """Return the calibration profile of this name.

    Raises:
        SettingsError: there is none (missing, with the name that was probably meant), or as `load_profiles`.
    """
    profiles = load_profiles(PROFILES)
    if name not in profiles:
        suggestion = meant(name, profiles) or ", ".join(profiles)
        raise SettingsError(where=PROFILES.name, key=name, problem="missing", suggestion=suggestion)
    return profiles[name]
