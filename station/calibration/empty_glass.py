"""What is new on an empty glass since it was last scanned empty: the difference of two scans."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import TypeVar

from station.calibration.blank_zone import BlankZone
from station.calibration.specks import Speck, specks
from station.calibration.streaks import Streak, streaks
from station.model.calibration import Mm
from station.model.image import Pixels

_Mark = TypeVar("_Mark", Speck, Streak)
_SAME_MM = 0.3
"""How far a mark that stays may seem to move between two scans."""


@dataclass(frozen=True, slots=True)
class NewDirt:
    """What was not there before: `specks`, and `streaks` that stand upright. `refusal` says why nobody knows.

    That is `other_size`, or as for every blank zone `too_small` or `clipped`.
    """

    specks: tuple[Speck, ...] = ()
    streaks: tuple[Streak, ...] = ()
    refusal: str = ""


def compare_empty(before: Pixels, now: Pixels, ppi: tuple[float, float], corner: Mm = (0.0, 0.0)) -> NewDirt:
    """Compare two scans of the empty glass with the same settings, grey or RGB; places count from `corner`, mm.

    New is what stands out of the later scan and of the difference, and stood at no place near it in the earlier
    one: the lid's own texture is in both, what was wiped away is in the difference alone.
    """
    if before.shape != now.shape:
        return NewDirt(refusal="other_size")
    old, new = (BlankZone.of(pixels, ppi, corner) for pixels in (before, now))
    change = BlankZone(new.lightness - old.lightness + old.lightness.mean(), ppi, corner)
    refusal = old.refusal or new.refusal
    if refusal:
        return NewDirt(refusal=refusal)
    marks = [specks(zone).found for zone in (old, new, change)]
    lines = [streaks(zone).upright for zone in (old, new, change)]
    return NewDirt(_new(_between, *marks), _new(_aside, *lines))


def _new(
    apart: Callable[[_Mark, _Mark], float], old: Sequence[_Mark], now: Sequence[_Mark], change: Sequence[_Mark]
) -> tuple[_Mark, ...]:
    """Return the marks that are near one of the difference and near none of the earlier scan."""

    def near(mark: _Mark, others: Sequence[_Mark]) -> bool:
        return any(apart(mark, other) <= _SAME_MM for other in others)

    return tuple(mark for mark in now if near(mark, change) and not near(mark, old))


def _between(first: Speck, second: Speck) -> float:
    return hypot(first.x_mm - second.x_mm, first.y_mm - second.y_mm)


def _aside(first: Streak, second: Streak) -> float:
    return abs(first.at_mm - second.at_mm)
