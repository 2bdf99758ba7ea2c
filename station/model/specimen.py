"""What lies on a simulated scanner and who stands before a simulated camera: invented people only.

Simulated devices draw these; a rehearsal lays them out by script, practice by the open record.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from station.model.degradation import Degradation
from station.model.image import Pixels
from station.model.record import ApplicationRecord
from station.model.swipe import Swipe


class PaperKind(StrEnum):
    """Papers that the simulated scanner can draw."""

    LETTER = "letter"
    PASSPORT = "passport"
    LETTER_AND_PASSPORT = "letter_and_passport"
    FORM = "form"
    BLANK = "blank"
    TARGET = "target"
    """A calibration target, as the drawing that comes with it."""


class Flaw(StrEnum):
    """What is wrong with a paper or how it lies."""

    UNREADABLE_CODE = "unreadable_code"
    TILTED = "tilted"
    UPSIDE_DOWN = "upside_down"
    DARK = "dark"
    BLURRED = "blurred"
    GLARE = "glare"
    FADED = "faded"
    HALF_OFF = "half_off"
    """Its left half lies beyond the glass."""
    COVERED = "covered"
    """Another sheet lies between it and the glass, over its lower right part."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet. `record` gives names and numbers; `title` is printed on a form.

    `drawing` (RGB or grey, sRGB, at `drawing_dpi`) is what a target shows, and is not to be changed any more;
    without one it is blank. For a scan that is as sharp as the scanner's wear says it is twice as fine as the
    scan: 600 dpi for 300, 1200 for 600 (A4 then best in grey: 139 MB). A coarser one is scanned all the same.
    """

    kind: PaperKind
    record: ApplicationRecord | None = field(default=None, repr=False)
    flaws: tuple[Flaw, ...] = ()
    title: str = ""
    drawing: Pixels | None = field(default=None, repr=False, compare=False)
    drawing_dpi: float = 600.0


HELD_CELL_PX = 20.0
"""How near a paper is held: a character of its printed lines (2.54 mm) takes so many pixels at 1920 x 1080."""


class Backdrop(StrEnum):
    """What is behind the person before the camera."""

    PLAIN = "plain"
    SHADOW = "shadow"
    COLOURED = "coloured"
    BUSY = "busy"
    POSTER = "poster"
    """A plain wall with the portrait of somebody else on it."""


class Wear(StrEnum):
    """What a person wears in the face."""

    NOTHING = "nothing"
    GLASSES = "glasses"
    SUNGLASSES = "sunglasses"
    MASK_BLUE = "mask_blue"
    MASK_WHITE = "mask_white"
    MASK_BLACK = "mask_black"


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who stands before the camera and how. `seed` chooses the person; what is not said is as it should be.

    Angles in degrees, as the pose of a face has them: `yaw` > 0 nose to the picture's right, `pitch` > 0 down,
    `roll` > 0 anticlockwise in the picture; yaw 60 to 90 is a profile. Lengths are pixels of a picture of
    1920 x 1080. Left and right are those of the picture.
    """

    seed: int = 1
    present: bool = True
    light: float = 1.0
    """1.0 is right, 0.3 is dark, 1.6 burns out."""
    sharp: bool = True
    busy_background: bool = False
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.0
    mouth_open: float = 0.0
    eyes: tuple[float, float] = (1.0, 1.0)
    """How far each eye is open, left and right: 0 closed to 1."""
    gaze: tuple[float, float] = (0.0, 0.0)
    """Degrees by which the eyes look aside of where the head does: to the right, up."""
    eye_distance_px: float = 158.0
    """Distance between the eyes when the head is straight."""
    place: tuple[float, float] = (0.5, 0.435)
    """Where the middle between the eyes is: shares of the picture's width and height."""
    complexion: int = 0
    """1 to 8 in place of the one that belongs to `seed`."""
    side_light: float = 0.0
    """-1 (all from the left) to 1."""
    shine: float = 0.0
    """How much the skin reflects a lamp, 0 to 1: burnt spots."""
    blur_px: float = 0.0
    """Sigma of blur."""
    noise: float = 1.5
    """Standard deviation of the sensor's noise in code values."""
    backdrop: Backdrop = Backdrop.PLAIN
    wear: Wear = Wear.NOTHING
    companion: bool = False
    """A second person stands beside."""


MOMENT_S = 0.2
"""How long each moment of a sitter lasts that moves."""


POSE_S = 0.3
"""How long a target is held still in each pose before the camera, by the pace of the frames."""


class FaultKind(StrEnum):
    """Scripted trouble of a device."""

    JAM = "jam"
    COVER = "cover"
    BUSY = "busy"
    UNPLUG = "unplug"
    TRUNCATE = "truncate"
    HANG = "hang"
    RAISE = "raise"
    FREEZE = "freeze"
    """The camera repeats one frame until its stream ends."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Trouble at page or frame number `at` (1 = the first), happening `times` times."""

    kind: FaultKind
    at: int = 1
    times: int = 1


class Props(Protocol):
    """The hand that lays out what simulated devices see. Safe from any thread."""

    def lay(self, papers: tuple[Paper, ...]) -> None:
        """Put sheets on the glass (the first) or into the feeder (all), in place of what lay there."""
        ...

    def seat(self, sitter: Sitter, *then: Sitter) -> None:
        """Let this person stand before the camera from the next frame on.

        `then` are the same person's next moments, `MOMENT_S` each (turns the head, blinks); the last one stays.
        """
        ...

    def swipe(self, swipe: Swipe) -> None:
        """Pull a document or a code through the simulated reader."""
        ...

    def show(self, paper: Paper | None, cell_px: float = HELD_CELL_PX) -> None:
        """Hold a paper before the camera from the next frame on, or take it away.

        `cell_px` is how near it is: pixels that a printed character takes at 1920 x 1080. A target with a
        drawing is moved about instead, as a camera is calibrated: from pose to pose, each for `POSE_S`, over
        the whole field, and again from the first. A drawing of one even grey is a card that fills the field;
        black, it covers the lens.
        """
        ...

    def press(self, button: str) -> None:
        """Press a key of the simulated scanner; it remembers that until it is asked."""
        ...

    def trouble(self, device_id: str, fault: Fault) -> None:
        """Let this simulated device fail so once."""
        ...

    def wear(self, device_id: str, degradation: Degradation | None) -> None:
        """Let the simulated scanner have this wear from the next page on; None: it is sound again.

        A target is scanned with all of it, any other page with its light, tone, dirt and noise. A sheet lies as
        `skew` and `shift_px` say; `seed` is where the noise starts, and no two scans have the same. Sound, it
        scans targets as `degradation.SOUND` and a skew of 0.1 to 0.3 degrees, another one each time that
        something is laid down, and other papers as they were drawn.
        """
        ...

    def plug(self, device_id: str, *, connected: bool) -> None:
        """Pull the device's plug or put it back."""
        ...
