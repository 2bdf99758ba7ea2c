"""What lies on a simulated scanner and who stands before a simulated camera: invented people only.

Simulated devices draw these; a rehearsal lays them out by script, practice by the open record.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from station.model.record import ApplicationRecord
from station.model.swipe import Swipe


class PaperKind(StrEnum):
    """Papers that the simulated scanner can draw."""

    LETTER = "letter"
    PASSPORT = "passport"
    LETTER_AND_PASSPORT = "letter_and_passport"
    FORM = "form"
    BLANK = "blank"


class Flaw(StrEnum):
    """What is wrong with a paper or how it lies."""

    UNREADABLE_CODE = "unreadable_code"
    TILTED = "tilted"
    UPSIDE_DOWN = "upside_down"
    DARK = "dark"
    BLURRED = "blurred"
    GLARE = "glare"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet. `record` gives names and numbers; `title` is printed on a form."""

    kind: PaperKind
    record: ApplicationRecord | None = field(default=None, repr=False)
    flaws: tuple[Flaw, ...] = ()
    title: str = ""


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

        `cell_px` is how near it is: pixels that a printed character takes at 1920 x 1080.
        """
        ...

    def press(self, button: str) -> None:
        """Press a key of the simulated scanner; it remembers that until it is asked."""
        ...

    def trouble(self, device_id: str, fault: Fault) -> None:
        """Let this simulated device fail so once."""
        ...

    def plug(self, device_id: str, *, connected: bool) -> None:
        """Pull the device's plug or put it back."""
        ...
