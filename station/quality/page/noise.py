"""How grainy the paper is."""

from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.measure import Measured, Unmeasured
from station.quality.page.edges import GRID
from station.quality.sample import PageSample

_TILE_PX = 48
_TILES_MIN = 4
_FLAT_SPAN = 10
"""In sigmas: of 2000 normal values the largest and the smallest lie 7 apart; print reaches further."""
_FLAT_LEVELS = 16
"""Fainter than any print: JPEG leaves islands of grain on paper that it has smoothed, where sigma is 0."""
_CLIPPED_SHARE = 0.05
_HIGH_PASS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_SIGMA_OF_MAD = 1.4826 / 6
"""MAD to sigma of a normal distribution, over the root of the sum of the high-pass's squares."""


class Noise:
    """Standard deviation of the paper's grain: 1.4826 MAD of a high-pass on flat tiles, median over the tiles.

    The high-pass is Immerkær's (1996), blind to slopes and curved shadows. It answers exactly for grain that
    differs from pixel to pixel; smoothing and JPEG hide part of it. raw: grey levels of the luminance (grain
    that is independent in the three colours shows two thirds of its sigma). NOT_ASSESSED (`no_flat_paper`) when
    there is no flat tile, or all are burnt out, where grain cannot show.
    """

    name = "noise"
    unit = "grey levels"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the median sigma of the flat tiles."""
        tiles = _quiet_tiles(sample)
        sigmas = [sigma for tile in tiles if (sigma := _sigma(tile)) is not None]
        return Measured(float(np.median(sigmas))) if len(sigmas) >= _TILES_MIN else Unmeasured("no_flat_paper")


def _quiet_tiles(sample: PageSample) -> list[Pixels]:
    """Cut one tile for each cell of the page, where the thinned page has the least slope."""
    thin, step = sample.thin, sample.step
    height, width = sample.pixels.shape[:2]
    side = max(3, _TILE_PX // step)
    if min(height, width) < _TILE_PX or min(thin.shape) < side * 2:
        return []
    slope = np.zeros_like(thin)
    slope[:, 1:] = cv().absdiff(thin[:, 1:], thin[:, :-1])
    slope[1:] = cv().max(slope[1:], cv().absdiff(thin[1:], thin[:-1]))
    # One value for each whole window: a coarse grid is enough to find a gap between lines.
    rows, columns = thin.shape[0] // side, thin.shape[1] // side
    whole = np.ascontiguousarray(slope[: rows * side, : columns * side])
    windows = cv().resize(whole, (columns, rows), interpolation=cv().INTER_AREA)
    across = np.linspace(0, columns, min(GRID[0], columns) + 1).astype(int).tolist()
    down = np.linspace(0, rows, min(GRID[1], rows) + 1).astype(int).tolist()
    tiles = []
    for (top, bottom), (left, right) in product(pairwise(down), pairwise(across)):
        y, x = divmod(int(np.argmin(windows[top:bottom, left:right])), right - left)
        y, x = (top + y) * side * step, (left + x) * side * step
        tiles.append(codec.grey(np.ascontiguousarray(sample.pixels[y : y + _TILE_PX, x : x + _TILE_PX])))
    return tiles


def _sigma(tile: Pixels) -> float | None:
    """Return the sigma of one tile, None when it is not flat or its levels are cut off."""
    if np.count_nonzero((tile == 255) | (tile == 0)) > _CLIPPED_SHARE * tile.size:
        return None
    high = cv().filter2D(tile, cv().CV_32F, _HIGH_PASS)[1:-1, 1:-1]
    sigma = _SIGMA_OF_MAD * _middle(np.abs(high).astype(np.intp))
    span = int(tile.max()) - int(tile.min())
    return sigma if span <= max(_FLAT_LEVELS, _FLAT_SPAN * sigma) else None


def _middle(values: NDArray[np.intp]) -> float:
    """Return the median of whole numbers of 0 and above, interpolated within the number that holds it."""
    counts = np.bincount(values.ravel())
    up_to = np.cumsum(counts)
    half = up_to[-1] / 2
    level = int(np.searchsorted(up_to, half))
    if level == 0:
        return 0.0
    return level - 0.5 + float((half - up_to[level - 1]) / counts[level])
