"""The work of one calibration away from the desk: the target is scanned, measured, judged and stored."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from station.calibration import judge
from station.calibration.noise_print import noise_of, same_picture
from station.calibration.profile import Mark, Profile, load_profiles
from station.calibration.reference import ReferenceFile, read_reference
from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.errors import FeederEmpty, SettingsError, TargetRefused
from station.flow.workshop import Workshop, coded, prove
from station.imaging.cv import cv
from station.model.calibration import Analysis, CalibrationReport, Setup
from station.model.capability import (
    CameraSettings,
    ColourMode,
    DeviceInfo,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.document import Symbology
from station.model.image import Page, PictureRef
from station.model.scan_profile import ScanProfile
from station.model.target import TargetKind
from station.settings import resources_dir
from station.toml_file import meant

PROFILES = resources_dir() / "calibration"

MEASURED_TARGET, SELF_PRINTED = "station_default", "self_printed"
"""What is asked when nobody names a profile: with the target's reference values, and without."""

DPI = 300
"""What a target is scanned at, as most papers are; a scanner without it uses its next finer one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of one calibration. `noises` are (SHA-256, noise) of pictures that were measured before."""

    target: TargetKind
    profile: Profile
    reference: Path | None
    noises: tuple[tuple[str, bytes], ...]
    baseline: Callable[[Analysis], Mapping[str, float]]
    today: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `expires`: when target or reference do; `qualifies`: later ones are compared with it."""

    report: CalibrationReport
    pictures: tuple[PictureRef, ...]
    noise: bytes = field(repr=False)
    claimed: tuple[float, float] | None
    reference: str
    expires: datetime | None
    settings: str
    qualifies: bool


def profile_of(name: str, *, measured: bool) -> Profile:
    """Return the calibration profile of this name, or the one that fits the target when no name is given.

    Raises:
        SettingsError: there is none (missing, with the name that was probably meant), or as `load_profiles`.
    """
    name = name or (MEASURED_TARGET if measured else SELF_PRINTED)
    profiles = load_profiles(PROFILES)
    if name not in profiles:
        suggestion = meant(name, profiles) or ", ".join(profiles)
        raise SettingsError(where=PROFILES.name, key=name, problem="missing", suggestion=suggestion)
    return profiles[name]


def unverified(profile: Profile) -> frozenset[str]:
    """Return the measures whose limits are quoted by others only."""
    return frozenset(name for name, asked in profile.asked.items() if asked.mark is Mark.SECONDARY)


def uncertain(report: CalibrationReport) -> frozenset[str]:
    """Return the measures that were judged although nobody assessed their uncertainty."""
    assessed = {f.measure for f in report.analysis.figures if f.uncertainty is not None}
    return frozenset({f.measure for f in report.findings if not f.reason} - assessed)


def settings_for(capabilities: object) -> ScanSettings:
    """Return how a target is scanned: on the glass where there is one, in colour where the scanner has it."""
    if not isinstance(capabilities, ScannerCapabilities):
        return ScanSettings(resolution_dpi=DPI)
    sources, modes = capabilities.sources or tuple(Source), capabilities.modes or tuple(ColourMode)
    source = next((s for s in (Source.FLATBED, Source.FEEDER) if s in sources), sources[0])
    mode = next((m for m in (ColourMode.COLOUR, ColourMode.GREY) if m in modes), modes[0])
    offered = capabilities.resolutions_dpi
    if offered is None or DPI in offered:
        return ScanSettings(source, mode, DPI)
    if isinstance(offered, ResolutionRange):
        finer = range(offered.minimum, offered.maximum + 1, offered.step)
        return ScanSettings(source, mode, next((dpi for dpi in finer if dpi >= DPI), offered.maximum))
    return ScanSettings(source, mode, min((dpi for dpi in offered if dpi >= DPI), default=max(offered)))


def setup_of(info: DeviceInfo, software: str, asked: CameraSettings | Mapping[str, ScanProfile]) -> Setup:
    """Return what a calibration of this device holds for: what production asks of it is part of that.

    `asked` are the scan profiles by name, or what cameras are asked for.
    """
    if isinstance(asked, CameraSettings):
        told: object = asdict(asked)
    else:
        told = {name: profile.digest for name, profile in asked.items()}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return Setup(info.serial or info.address, f"{info.driver} {software}", digest)


def scan_target(scanner: Scanner, settings: ScanSettings, cancel: CancelToken, lay: Callable[[], None]) -> Page:
    """Scan one page; on the scanner's lane. `lay` lays the target down for a simulated scanner.

    Raises:
        Cancelled, DeviceError: as the scanner says; FeederEmpty: it gave no page.
    """
    lay()
    with closing(scanner.scan(settings, cancel)) as pages:
        for page in pages:
            return page
    raise FeederEmpty(device=scanner.info.id)


def measure(page: Page, wanted: Wanted, settings: ScanSettings, workshop: Workshop) -> Outcome:
    """Measure and judge a scanned target and store its picture; on a workshop lane.

    Raises:
        PictureError: it is no picture; TargetRefused: it cannot be measured, or was measured before
            (`seen_before`); ReferenceRefused: the values are another target's; StorageError: it was not stored.
    """
    # Late: what measures takes a second to load, and the window is not to wait for it.
    from station.calibration.analyse import analyse
    from station.calibration.layouts import FOLDER, load_layouts
    from station.reading import barcode

    cv()
    prove(page)
    noise = noise_of(page.pixels)
    data, media_type = coded(page)
    sha256 = hashlib.sha256(data).hexdigest()
    if any(seen == sha256 or same_picture(noise, other) for seen, other in wanted.noises):
        raise TargetRefused(reason="seen_before")
    claimed = page.dpi if all(page.dpi) else None
    reference = read_reference(wanted.reference) if wanted.reference is not None else None
    codes = barcode.read(page.pixels, expected=frozenset({Symbology.DATAMATRIX}))
    analysis = analyse(
        page.pixels,
        wanted.target,
        load_layouts(resources_dir() / FOLDER),
        [code.text for code in codes],
        claimed=claimed,
        reference=reference,
        today=wanted.today,
    )
    baseline = wanted.baseline(analysis)
    own = {figure.measure: figure.value for figure in analysis.figures if figure.value is not None}
    report = judge.judge(analysis, wanted.profile, claimed, baseline or own)
    return Outcome(
        report, (workshop.keep(page, data, media_type),), noise, claimed, reference.sha256 if reference else "",
        _expires(analysis, reference), json.dumps(asdict(settings), sort_keys=True), not baseline,
    )  # fmt: skip


def baseline_of(report: CalibrationReport, analysis: Analysis) -> Mapping[str, float]:
    """Return what the device reached in its qualification; nothing when that was of another sheet."""
    then = report.analysis
    if then.label != analysis.label:
        return {}
    return {figure.measure: figure.value for figure in then.figures if figure.value is not None}


def _expires(analysis: Analysis, reference: ReferenceFile | None) -> datetime | None:
    label = analysis.label
    days = [datetime.strptime(label.expires, "%Y%m%d").date()] if label is not None and label.expires else []
    days += [reference.expires] if reference is not None and reference.expires is not None else []
    return datetime.combine(min(days), time.max, UTC) if days else None
