"""What a guided calibration of a camera says about one frame, and what one of its steps found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from station.calibration.camera.views import Cell
from station.model.calibration import Curve, Figure, Map
from station.model.image import Frame

NOT_MEASURED = "not_measured"
"""The reason of a figure whose step was left out."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame gave, and what is still to come.

    `step` is `board`, `card` or `still`; `reason` a word that says why the frame was not taken, or what to do
    next; "" when it was taken or adds nothing new. Of the board: `cells` (row, column of 4 x 4) still lack
    corners, `tilts` leaning views are to come about the x and the y axis, `outline` is where its corners lie,
    in shares of the frame (beyond 0 to 1 where it leaves the frame). `views` of `views_needed` are kept: views
    of the board, frames of the card or of the scene. `flash`: the screen should now be bright (True) or dark
    (False); None where it is of no account. `complete`: all steps are done.
    """

    step: str
    reason: str = ""
    cells: tuple[Cell, ...] = ()
    tilts: tuple[int, int] = (0, 0)
    views: int = 0
    views_needed: int = 0
    outline: tuple[Point, ...] = ()
    complete: bool = False
    flash: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a step measured."""

    figures: tuple[Figure, ...] = ()
    maps: tuple[Map, ...] = ()
    curves: tuple[Curve, ...] = field(default=())


class Step(Protocol):
    """One step: it looks at frames until it is `done` or skipped, then says what it found."""

    @property
    def done(self) -> bool:
        """Whether it needs no more frames."""
        ...

    def look(self, frame: Frame) -> Look:
        """Look at a frame."""
        ...

    def skip(self) -> None:
        """Leave out what is not measured yet."""
        ...

    def found(self, baseline: Mapping[str, float]) -> Found:
        """Return all figures of the step, those not measured with their reason."""
        ...


def open_figures(units: Mapping[str, str], reason: str = NOT_MEASURED) -> tuple[Figure, ...]:
    """Return figures without a value, by their units."""
    return tuple(Figure(name, unit, reason=reason) for name, unit in units.items())
