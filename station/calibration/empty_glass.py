"""What stands out of a scan of the empty glass, and what of it is new since an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from station.calibration.blank_zone import BlankZone, Floats
from station.calibration.specks import specks
from station.calibration.streaks import streaks
from station.imaging.cv import cv
from station.model.calibration import Mm
from station.model.calibration_sign import Place
from station.model.image import Pixels

_SAME_MM = 0.3
"""How far a mark that stays may seem to move between two scans."""
_CELL_MM = 1.0
_RIM = 5
"""Cells: the frame of the glass may reach so far into the picture."""
_NO_SPECK = 5
"""Cells: their median knows no speck and no streak, but every edge of a sheet."""
_EDGE = 4.0
"""L* within five cells. The light of a lamp falls off far more slowly."""
_EDGE_SHARE = 0.01
"""Of the cells: an edge of 120 mm; round a card it is 280 mm."""
_OTHER_BACKGROUND = 5.0
"""L*, as between what the watch sees beside the sheets: a blank sheet covers the lid, or the lid is open."""


@dataclass(frozen=True, slots=True)
class EmptyLook:
    """What stands out: `new` was not there before, `known` was. The largest specks first, then upright streaks.

    `refusal` says why nobody knows: `other_size` than the earlier scan, `not_empty` (something lies there, or
    the lid is open), or as for every blank zone `too_small` or `clipped`.
    """

    new: tuple[Place, ...] = ()
    known: tuple[Place, ...] = ()
    refusal: str = ""


def compare_empty(
    before: Pixels | None, now: Pixels, ppi: tuple[float, float], corner: Mm = (0.0, 0.0)
) -> EmptyLook:
    """Compare two scans of the empty glass with the same settings, grey or RGB; places count from `corner`, mm.

    New is what stands out of the later scan and of the difference, and stood at no place near it in the earlier
    one: the lid's own texture is in both, what was wiped away is in the difference alone. Without an earlier
    scan (None) all is new.
    """
    if before is not None and before.shape != now.shape:
        return EmptyLook(refusal="other_size")
    later = BlankZone.of(now, ppi, corner)
    cells = _cells(later)
    if later.refusal or _is_covered(cells):
        return EmptyLook(refusal=later.refusal or "not_empty")
    marks = _marks(later)
    if before is None:
        return EmptyLook(marks)
    earlier = BlankZone.of(before, ppi, corner)
    if earlier.refusal or abs(np.median(cells) - np.median(_cells(earlier))) > _OTHER_BACKGROUND:
        return EmptyLook(refusal=earlier.refusal or "not_empty")
    change = BlankZone(later.lightness - earlier.lightness + earlier.lightness.mean(), ppi, corner)
    old, changed = _marks(earlier), _marks(change)
    fresh = {mark for mark in marks if near(mark, changed) and not near(mark, old)}
    return EmptyLook(
        tuple(mark for mark in marks if mark in fresh), tuple(mark for mark in marks if mark not in fresh)
    )


def near(mark: Place, others: Sequence[Place], within_mm: float = _SAME_MM) -> bool:
    """Tell whether one of the others lies at the same place; a line never lies where a spot does."""
    return any(
        (mark.y_mm is None) is (other.y_mm is None)
        and hypot(mark.x_mm - other.x_mm, (mark.y_mm or 0) - (other.y_mm or 0)) <= within_mm
        for other in others
    )


def _marks(zone: BlankZone) -> tuple[Place, ...]:
    spots = (Place(speck.x_mm, speck.y_mm) for speck in specks(zone).found)
    return (*spots, *(Place(streak.at_mm) for streak in streaks(zone).upright))


def _cells(zone: BlankZone) -> Floats:
    """Return the light in cells of about 1 mm, without the rim."""
    small = tuple(max(2 * _RIM + 1, round(side / _CELL_MM)) for side in zone.size_mm)
    cells = cv().resize(zone.lightness, small, interpolation=cv().INTER_AREA)
    return np.asarray(cv().medianBlur(cells, _NO_SPECK)[_RIM:-_RIM, _RIM:-_RIM])


def _is_covered(cells: Floats) -> bool:
    """Tell whether edges of a sheet, or its print, are seen."""
    around = np.ones((_NO_SPECK, _NO_SPECK), np.uint8)
    steps = cv().dilate(cells, around) - cv().erode(cells, around)
    return bool(np.count_nonzero(steps > _EDGE) > _EDGE_SHARE * steps.size)
