"""What ordinary pages show of a device between calibrations: reasons to calibrate soon, never a verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SignKind(StrEnum):
    """What was noticed."""

    DIRT = "dirt"
    """A mark stays at one place of the picture while the sheets change."""
    LAMP_COLD = "lamp_cold"
    """The first pages after a pause are too dark, each lighter than the one before."""
    LAMP_AGEING = "lamp_ageing"
    """The paper gets darker from day to day."""
    AMBIENT = "ambient"
    """What is seen beside the sheets is no longer as light or as dark as it was."""
    CAST = "cast"
    """The paper changes its colour from day to day."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the device's coordinates: mm from the left and from the top of the whole glass as pictured.

    `y_mm` None: a line from top to bottom, as dirt in a feeder draws it.
    """

    x_mm: float
    y_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was noticed; `place` where there is one; `since` the page on which it was noticed."""

    kind: SignKind
    since: datetime
    place: Place | None = None
