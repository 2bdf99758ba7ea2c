"""What a device is and can do, and what it is asked to do. Capabilities are data.

`None` means that the driver cannot tell; an empty tuple means that the device has none.
"""

from dataclasses import dataclass
from enum import StrEnum

from station.model.swipe import SwipeKind


class DeviceKind(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    CAMERA = "camera"
    READER = "reader"


class Source(StrEnum):
    """Where a scanner takes paper from."""

    FLATBED = "flatbed"
    FEEDER = "feeder"
    DUPLEX = "duplex"


class ColourMode(StrEnum):
    """How a scanner sees."""

    COLOUR = "colour"
    GREY = "grey"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device that a driver found.

    `id` is unique and stable over restarts ("driver:address"); `address` is the driver's own name for it.
    """

    id: str
    kind: DeviceKind
    driver: str
    name: str
    address: str
    serial: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the scanner's glass in millimetres from its top left corner."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class ResolutionRange:
    """Resolutions that a scanner offers as a range, in dpi."""

    minimum: int
    maximum: int
    step: int = 1

    def __contains__(self, dpi: int) -> bool:
        """Tell whether the range holds this resolution."""
        return self.minimum <= dpi <= self.maximum and (dpi - self.minimum) % self.step == 0


@dataclass(frozen=True, slots=True)
class ScannerCapabilities:
    """What a scanner can do. `area_mm` is (width, height) of the largest area.

    `buttons` are the keys on the device that can be asked for; one that names some is `Pressable`.
    """

    sources: tuple[Source, ...] | None
    modes: tuple[ColourMode, ...] | None
    resolutions_dpi: tuple[int, ...] | ResolutionRange | None
    area_mm: tuple[float, float] | None
    buttons: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What a scanner is asked for. `area` None means all of the glass."""

    source: Source = Source.FLATBED
    mode: ColourMode = ColourMode.COLOUR
    resolution_dpi: int = 300
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class FrameSize:
    """A format that a camera offers."""

    width_px: int
    height_px: int
    fps: float


class Lock(StrEnum):
    """What a camera can be told to leave as it is, so that pictures of one visit are alike."""

    EXPOSURE = "exposure"
    WHITE_BALANCE = "white_balance"
    FOCUS = "focus"


@dataclass(frozen=True, slots=True)
class CameraCapabilities:
    """What a camera can do. `still_size` is (width, height) in pixels when stills are larger than frames.

    `locks` are what can be held; `live` is False for a still camera that shows no live picture.
    """

    sizes: tuple[FrameSize, ...] | None
    still_size: tuple[int, int] | None = None
    locks: tuple[Lock, ...] | None = ()
    live: bool = True


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What a camera is asked for; it may give the nearest that it has.

    `locks` hold what the automatic chose when the stream began; a camera without one of them ignores it.
    `rotation` 0, 90, 180 or 270 degrees clockwise is how the station turns its pictures (a camera that is
    mounted upright); drivers leave it alone.
    """

    width_px: int = 1920
    height_px: int = 1080
    fps: float = 30.0
    locks: tuple[Lock, ...] = ()
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class ReaderCapabilities:
    """What a reader can send; a plain line does not tell what sits at its other end."""

    kinds: tuple[SwipeKind, ...] | None


Capabilities = ScannerCapabilities | CameraCapabilities | ReaderCapabilities
"""Whatever a device says of itself."""
