"""Whether the print of the back shines through the paper."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.page.edges import GRID, Edges
from station.quality.page.ink import print_of
from station.quality.page.sharpness import POINTS_MIN
from station.quality.sample import PageSample

_OWN_PRINT = 0.5
"""Of the page's strongest step; what shines through stays below."""
_BESIDE_PRINT_MM = 0.8
"""Print's own soft edges reach as far."""
_SHADE = 25
"""Grey levels: paper that is darker than the page's by more is a picture or a coloured field."""
_SMOOTH_PX = 1.0
_FREE_SHARE = 0.15
_STEP_MIN = 4
_INK_RANK, _EDGE_RANK = 0.97, 0.995
_ENERGY_MAX = 0.30
_SLOPE_MAX = 0.53
"""Slope over 2 pixels of `soft` (0.34 mm) to step: 0.3 to 0.5 of ink that came through paper, which blurs it by
a sigma of 0.25 mm and more; 0.6 and more of pale print, hatching and watermarks, 1 of grain."""
_SIDE_MIN_PX = 64
_OWN_EDGES_MM = 0.3
_THIRD = 3


@dataclass(frozen=True, slots=True)
class _Cell:
    """One part of the page: the step of its second ink in L*, 0 when there is none that is blurred."""

    step: float
    place: Region


class BleedThrough:
    """Step from the paper to a second, blurred ink in it, beside the print of the page itself.

    In each of 6 x 8 cells whose own print is sharp, where no print, picture or coloured field stands: how much
    darker than the paper the darkest 3 % are, if their edges are softer than any print's. The third strongest
    cell counts: a spot of coffee is no print. raw: L*; the region holds all cells that show it. Widely spaced
    or faint traces (below about 2 L*) are not seen. NOT_ASSESSED: `blurred` when the page's own print is no
    sharper, `no_detail` when the picture is too small.
    """

    name = "bleed_through"
    unit = "L*"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the step."""
        if min(sample.soft.shape) < _SIDE_MIN_PX:
            return Unmeasured("no_detail")
        own, widest = sample.edges.width_px, _OWN_EDGES_MM * sample.px_per_mm
        if len(own) >= POINTS_MIN and float(np.median(own)) > widest:
            return Unmeasured("blurred")
        blurred = _blurred_tiles(sample.edges, widest)
        shown = [cell for cell in _cells(sample) if cell.step and not _touches_any(cell.place, blurred)]
        cells = sorted(shown, key=lambda cell: -cell.step)
        if len(cells) < _THIRD:
            return Measured(0.0)
        return Measured(cells[_THIRD - 1].step, _around([cell.place for cell in cells]))


def _blurred_tiles(edges: Edges, widest: float) -> list[Region]:
    """Return where a quarter or more of the own edges are too wide to be told from what shines through."""
    return [
        place
        for tile, place in enumerate(edges.regions)
        if len(own := edges.width_px[edges.tile == tile]) and float(np.percentile(own, 75)) > widest
    ]


def _touches_any(place: Region, tiles: list[Region]) -> bool:
    return any(
        abs(place.left + place.width / 2 - tile.left - tile.width / 2) <= (place.width + tile.width) / 2
        and abs(place.top + place.height / 2 - tile.top - tile.height / 2) <= (place.height + tile.height) / 2
        for tile in tiles
    )


def _cells(sample: PageSample) -> list[_Cell]:
    soft = cv().GaussianBlur(sample.soft, (0, 0), _SMOOTH_PX)
    height, width = soft.shape
    paper = cv().resize(sample.paper_around, (width, height), interpolation=cv().INTER_LINEAR)
    below = cv().subtract(paper, soft)
    slope = np.zeros_like(soft)
    slope[:, 1:-1] = cv().absdiff(soft[:, 2:], soft[:, :-2])
    slope[1:-1] = cv().max(slope[1:-1], cv().absdiff(soft[2:], soft[:-2]))
    side = 2 * round(_BESIDE_PRINT_MM * sample.thin_px_per_mm) + 1
    own = print_of(cv().subtract(sample.paper_around, sample.thin), _OWN_PRINT)
    own = cv().dilate(own.astype(np.uint8), np.ones((side, side), np.uint8))
    own = cv().resize(own, (width, height), interpolation=cv().INTER_NEAREST)
    free = ((own == 0) & (paper >= sample.paper - _SHADE)).astype(np.uint8)
    across, down = (
        np.linspace(0, length, parts + 1).astype(int).tolist()
        for parts, length in zip(GRID, (width, height), strict=True)
    )
    found = []
    for (top, bottom), (left, right) in product(pairwise(down), pairwise(across)):
        cell = np.s_[top:bottom, left:right]
        mask = np.ascontiguousarray(free[cell])
        if np.count_nonzero(mask) <= _FREE_SHARE * mask.size:
            continue
        step = _blurred_ink(_counts(below[cell], mask), _counts(slope[cell], mask))
        level = np.array([sample.paper, sample.paper - step])
        light, dark = np.interp(level, np.arange(256), lightness.OF_GREY).tolist()
        place = Region(left / width, top / height, (right - left) / width, (bottom - top) / height)
        found.append(_Cell(light - dark, place))
    return found


def _counts(values: Pixels, mask: Pixels) -> NDArray[np.float64]:
    """Return how many pixels under the mask have each value."""
    counts = cv().calcHist([np.ascontiguousarray(values)], [0], mask, [256], [0, 256])
    result: NDArray[np.float64] = counts.ravel().astype(np.float64)
    return result


def _blurred_ink(below: NDArray[np.float64], slope: NDArray[np.float64]) -> float:
    """Return how many grey levels the darkest lie below most of the paper, 0 if their edges are print's."""
    usual = _rank(below, 0.5)
    step = _rank(below, _INK_RANK) - usual
    if step < _STEP_MIN:
        return 0.0
    value = np.arange(256)
    energy = float(slope @ value**2) / float(below @ (value - usual) ** 2)
    steepest = _rank(slope, _EDGE_RANK) / (_rank(below, 0.99) - usual)
    return step if energy <= _ENERGY_MAX and steepest <= _SLOPE_MAX else 0.0


def _rank(counts: NDArray[np.float64], share: float) -> float:
    """Return the value below which this share of the pixels lies."""
    up_to = np.cumsum(counts)
    return float(np.searchsorted(up_to, share * up_to[-1]))


def _around(places: list[Region]) -> Region:
    left, top = min(place.left for place in places), min(place.top for place in places)
    right = max(place.left + place.width for place in places)
    bottom = max(place.top + place.height for place in places)
    return Region(left, top, right - left, bottom - top)
