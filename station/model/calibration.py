"""What a calibration found: figures with their limits, and what they come from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from station.model.image import PictureRef
from station.model.quality import Finding, QualityReport
from station.model.target import TargetLabel

Mm = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `measure` is its stable name (`resolution_x`, `sfr50_x`, ...), `unit` its unit.

    `value` None when it could not be evaluated, then `reason` is a word (`no_reference`, `clipped`).
    `uncertainty` is the expanded one (k = 2) in the same unit, None where nobody assessed it. `needs_reference`
    marks what means nothing without a measured target.
    """

    measure: str
    unit: str
    value: float | None = None
    reason: str = ""
    uncertainty: float | None = None
    needs_reference: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """Values over the field for a drawing: `rows` from the top, each with one value a cell, in `unit`."""

    name: str
    unit: str
    rows: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve for a drawing: points (x, y), with the units of both."""

    name: str
    x_unit: str
    y_unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was measured on one picture of a target, before any limit."""

    label: TargetLabel | None
    figures: tuple[Figure, ...]
    maps: tuple[Map, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """An analysis with its verdict. `report` holds one finding a figure, in the profile's order."""

    analysis: Analysis
    report: QualityReport

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings."""
        return self.report.findings


class Extent(StrEnum):
    """How much was measured: all, or what a morning asks. A full one serves as the day's check too."""

    FULL = "full"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a calibration holds for: the device's `serial`, `driver` with version, a hash of its `settings`."""

    serial: str
    driver: str
    settings: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """One calibration that was done, whole. It names no applicant.

    `target` is the kind of target as a word (`a4`, `board`); `scans` the device's count of pictures at that
    moment; `passed` whether it proves the device. `pictures` are stored as the device delivered them, the
    target's first; `noise` is the fingerprint of that one's noise. `settings` is JSON text of what the device
    was asked for, `claimed` the resolution (x, y) in ppi that it stated. `reference` is the SHA-256 of the
    reference file, "" without one; `software` the version whose algorithms measured.
    """

    station: str
    officer: str
    device: str
    device_name: str
    simulated: bool
    at: datetime
    extent: Extent
    target: str
    setup: Setup
    scans: int
    passed: bool
    report: CalibrationReport
    pictures: tuple[PictureRef, ...]
    noise: bytes = field(default=b"", repr=False)
    settings: str = "{}"
    claimed: tuple[float, float] | None = None
    reference: str = ""
    target_expires: datetime | None = None
    software: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored calibration. `number` counts them on this store from 1, in the order done.

    `digest` is the SHA-256 (64 hex digits) of its stored text, which pictures carry; `signature` is Ed25519
    over the text by the station's key, whose public half (32 bytes) is `key`. `text` is what was signed.
    """

    number: int
    calibration: Calibration
    digest: str
    signature: bytes = field(repr=False)
    key: bytes = field(repr=False)
    text: str = field(default="", repr=False, compare=False)


LONGEST_OVERRIDE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Override:
    """A supervisor's leave to use the locked device with this `serial` for a time; it marks every picture.

    Raises:
        ValueError: nobody, no reason, no time, or more than 24 hours.
    """

    serial: str
    by: str
    reason: str
    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Refuse what is no leave."""
        if not self.by.strip() or not self.reason.strip():
            raise ValueError("an override names who gave it and why")
        if not timedelta(0) < self.ends - self.begins <= LONGEST_OVERRIDE:
            raise ValueError("an override ends, within a day")


@dataclass(frozen=True, slots=True)
class Proof:
    """By what a device worked when it took a picture.

    `calibration` is the digest of the last one that it passed, "" without one; `state` how that stood
    (`State`); `leave` the id of the leave by which a locked device worked, or "".
    """

    calibration: str = ""
    state: str = ""
    leave: str = ""


class State(StrEnum):
    """What a calibration is worth now."""

    VALID = "valid"
    DUE_SOON = "due_soon"
    EXPIRED = "expired"
    FAILED = "failed"
    NEVER = "never"


OPEN = frozenset({State.VALID, State.DUE_SOON})
"""The states in which a device may be used."""


class Reason(StrEnum):
    """Why a calibration is no longer valid, or what it runs into first."""

    NEVER = "never_calibrated"
    FAILED = "failed"
    FAILED_TWICE = "failed_twice"
    CLOCK = "clock_set_back"
    SERIAL = "other_device"
    DRIVER = "other_driver"
    SETTINGS = "other_settings"
    SCANS = "scans"
    TARGET = "target_expired"
    DAY = "daily_check"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer. `reason` says why the device is not open, or which limit comes first when it is due soon.

    `due` is when that limit is met, or the next one while all is well; `scans_left` those that are left. None
    where it does not count. `override` is the leave that opens a locked device.
    """

    state: State
    reason: Reason | None = None
    due: datetime | None = None
    scans_left: int | None = None
    override: Override | None = None

    @property
    def locked(self) -> bool:
        """Whether capture with the device is refused."""
        return self.state not in OPEN and self.override is None
