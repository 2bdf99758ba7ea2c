"""What the window shows of calibrations, as finished values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from station.model.calibration import Kept, Standing
from station.model.calibration_chart import DriftChart
from station.model.calibration_sign import Place, Sign
from station.model.capability import DeviceInfo
from station.model.target import TargetKind


class Stage(StrEnum):
    """What a calibration that runs is doing."""

    SCANNING = "scanning"
    MEASURING = "measuring"
    KEEPING = "keeping"
    SCANNING_GLASS = "scanning_glass"
    LOOKING = "looking"


@dataclass(frozen=True, slots=True)
class DeviceCalibration:
    """One device. `needed`: it is locked whenever its calibration does not stand; `ready`: it can be used now.

    `last` is its newest calibration, passed or not; `targets` are the kinds that it can be calibrated with;
    `signs` are what was noticed on ordinary pages since; `has_glass`: sheets can be laid on it.
    """

    info: DeviceInfo
    standing: Standing
    needed: bool
    ready: bool
    last: Kept | None = None
    targets: tuple[TargetKind, ...] = ()
    signs: tuple[Sign, ...] = ()
    has_glass: bool = False


@dataclass(frozen=True, slots=True)
class CalibrationsChanged:
    """All devices that can be calibrated, as they stand now. `profiles` are (name, title) of all limits."""

    devices: tuple[DeviceCalibration, ...]
    profiles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationAt:
    """A calibration that runs has come so far."""

    device: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class CalibrationDone:
    """A calibration was done and is stored; `before` is the one before it with the same target.

    `baseline`: it is the one that later ones are compared with. `unverified` are measures whose limits are
    quoted by others only, `uncertain` those whose uncertainty nobody assessed.
    """

    kept: Kept
    before: Kept | None = None
    baseline: bool = False
    unverified: frozenset[str] = frozenset()
    uncertain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CalibrationHistory:
    """The calibrations of one device, the oldest first, and a control chart of each measure."""

    device: str
    kept: tuple[Kept, ...]
    charts: tuple[DriftChart, ...]


@dataclass(frozen=True, slots=True)
class DevicesCompared:
    """The newest calibration of every device on this store, with the station's name before the device's."""

    rows: tuple[tuple[str, Kept], ...]


@dataclass(frozen=True, slots=True)
class BoardSeen:
    """A frame was looked at for the board: which parts of the field (row, column of 4 x 4) still lack corners.

    `reason` says why this frame gave no view ("" when it did, or adds nothing new). `views` of `views_needed`
    are kept; `tilts` are how many leaning views are still to come about the x and the y axis. `outline` is
    where the board lies, 0 to 1 of the frame; `complete`: enough was seen.
    """

    device: str
    cells: tuple[tuple[int, int], ...] = ()
    tilts: tuple[int, int] = (0, 0)
    views: int = 0
    views_needed: int = 0
    reason: str = ""
    outline: tuple[tuple[float, float], ...] = ()
    complete: bool = False
    step: str = "board"
    """`board`, then `card` (an even card fills the frame) and `still` (an unmoving scene)."""
    flash: bool | None = None
    """The window should now be bright (True) or dark (False); None: as it likes."""


@dataclass(frozen=True, slots=True)
class GlassChecked:
    """The empty glass was looked at, (width, height) `size_mm`.

    `marks` are new since the cleanest scan of it, which is from `since`; `known` were there already. Without an
    earlier scan (None) all are `marks`, and later checks are compared with this one.
    """

    device: str
    marks: tuple[Place, ...]
    since: datetime | None
    size_mm: tuple[float, float]
    known: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationWritten:
    """Files of a report or a target were written."""

    paths: tuple[Path, ...]


CalibrationEvent = (
    CalibrationsChanged
    | CalibrationAt
    | CalibrationDone
    | CalibrationHistory
    | DevicesCompared
    | BoardSeen
    | GlassChecked
    | CalibrationWritten
)
