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


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who stands before the camera. `seed` chooses the drawn face; light 1.0 is right, 0.3 is dark."""

    seed: int = 1
    present: bool = True
    light: float = 1.0
    sharp: bool = True
    busy_background: bool = False


class FaultKind(StrEnum):
    """Scripted trouble of a device."""

    JAM = "jam"
    COVER = "cover"
    BUSY = "busy"
    UNPLUG = "unplug"
    TRUNCATE = "truncate"
    HANG = "hang"
    RAISE = "raise"


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

    def seat(self, sitter: Sitter) -> None:
        """Let this person stand before the camera from the next frame on."""
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
