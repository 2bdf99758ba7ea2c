"""Profiles across the edges of printed strokes: how wide an edge is and how far ink stands from paper.

Works on a grid of full-resolution tiles, one for each cell, where the cell has its densest print: on A4 at
300 dpi that is a seventh of the page.
"""

from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from station.model.quality import Region
from station.quality import lightness

GRID = (6, 8)
"""Cells across and down (facts of the trade: one blurred corner spoils a page that is sharp on average)."""

TILE_PX = 160
REACH_MM = 1.0
"""How far a profile reaches to either side: past a blurred edge, not past the next word."""

_SIDE_MIN_PX = 32
_STEP_MIN = 24
"""Grey levels: the smallest step from ink to paper that is taken for print."""
_SLOPE_MIN = 6
_SLANT_MAX = 0.3  # of the slope across: the profile is then at most 4 % too wide
_OF_TILE = 0.5
_OF_PAGE = 0.3
_POINTS_MAX = 6000
_NOISE_OF_SLOPE = 1.048  # median |difference of two neighbours| of normal noise is 0.954 sigma


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edge points of one page. Arrays of one length; `tile` numbers the `regions`.

    `width_px` is the 10 to 90 % width in pixels of the picture along `axis` (0 = across, 1 = down),
    `contrast` the step in L*.
    """

    width_px: NDArray[np.float64] = field(repr=False)
    contrast: NDArray[np.float64] = field(repr=False)
    axis: NDArray[np.intp] = field(repr=False)
    tile: NDArray[np.intp] = field(repr=False)
    regions: tuple[Region, ...]


def find_edges(pixels: Pixels, thin: Pixels, step: int, px_per_mm: float) -> Edges:
    """Return the edge points of a page; `thin` is every `step`-th pixel of it as grey."""
    height, width = pixels.shape[:2]
    side = min(TILE_PX, height, width)
    if side < _SIDE_MIN_PX:
        nothing, nowhere = np.zeros(0), np.zeros(0, np.intp)
        return Edges(nothing, nothing, nowhere, nowhere, ())
    corners = _tile_corners((height, width), side, _density(thin, max(1, side // step)), step)
    cut = np.concatenate([pixels[top : top + side, left : left + side] for top, left in corners])
    tiles = codec.grey(cut).reshape(len(corners), side, side)
    reach = max(3, min(round(REACH_MM * px_per_mm), side // 4))
    found = [_profiles(tiles, reach), _profiles(tiles.swapaxes(1, 2), reach)]
    width_px, low, high, tile = (np.concatenate(parts) for parts in zip(*found, strict=True))
    axis = np.repeat(np.arange(2), [len(part[0]) for part in found])
    printed = _of_print(high - low, tile, len(corners))
    lightness_step = lightness.OF_GREY[high] - lightness.OF_GREY[low]
    return Edges(
        width_px[printed],
        lightness_step[printed],
        axis[printed],
        tile[printed],
        tuple(Region(left / width, top / height, side / width, side / height) for top, left in corners),
    )


def at_300_dpi(edges: Edges, dpi: tuple[float, float]) -> NDArray[np.float64]:
    """Return the widths in pixels of 1/300 inch."""
    return edges.width_px * (300 / np.array(dpi))[edges.axis]


def px_per_mm(dpi: tuple[float, float]) -> float:
    """Return the mean scale of both directions."""
    return sum(dpi) / 2 / MM_PER_INCH


def _density(thin: Pixels, window: int) -> NDArray[np.float32]:
    """How much slope lies in the window around each pixel of the thinned page."""
    slope = np.zeros_like(thin)
    slope[:, 1:] = cv().absdiff(thin[:, 1:], thin[:, :-1])
    slope[1:] = cv().max(slope[1:], cv().absdiff(thin[1:], thin[:-1]))
    result: NDArray[np.float32] = cv().boxFilter(slope, cv().CV_32F, (window, window))
    return result


def _tile_corners(
    shape: tuple[int, int], side: int, density: NDArray[np.float32], step: int
) -> list[tuple[int, int]]:
    """Top left corners of one tile for each cell, laid where the density is highest."""
    height, width = shape
    columns, rows = (
        min(most, max(1, length // side)) for most, length in zip(GRID, (width, height), strict=True)
    )
    down = np.linspace(0, density.shape[0], rows + 1).astype(int).tolist()
    across = np.linspace(0, density.shape[1], columns + 1).astype(int).tolist()
    corners = []
    for (top, bottom), (left, right) in product(pairwise(down), pairwise(across)):
        cell = density[top:bottom, left:right]
        y, x = divmod(int(np.argmax(cell)), right - left)
        corners.append((_start((top + y) * step, side, height), _start((left + x) * step, side, width)))
    return corners


def _start(centre: int, side: int, length: int) -> int:
    """Where a tile around the centre begins so that it stays inside."""
    return max(0, min(centre - side // 2, length - side))


def _profiles(
    tiles: Pixels, reach: int
) -> tuple[NDArray[np.float64], NDArray[np.int16], NDArray[np.int16], NDArray[np.intp]]:
    """Width in pixels, ink, paper and tile of each edge that stands upright in every third row."""
    values = tiles.astype(np.int16)
    rows = values[:, 1:-1:3]
    slope = np.diff(rows, axis=2)
    steep = np.abs(slope)
    noise = _NOISE_OF_SLOPE * float(np.median(steep[:, ::4]))
    inner = steep[:, :, reach : steep.shape[2] - reach]
    peak = (
        (inner > max(_SLOPE_MIN, 4 * noise))
        & (inner >= steep[:, :, reach - 1 : steep.shape[2] - reach - 1])
        & (inner > steep[:, :, reach + 1 : steep.shape[2] - reach + 1])
    )
    tile, row, column = np.nonzero(peak)
    column += reach
    line = 3 * row + 1
    slant = np.abs(values[tile, line + 1, column] - values[tile, line - 1, column]) / 2
    upright = np.flatnonzero(slant <= _SLANT_MAX * steep[tile, row, column])
    chosen = upright[:: max(1, -(-len(upright) // _POINTS_MAX))]
    tile, row, column = tile[chosen], row[chosen], column[chosen]

    profile = rows[tile[:, None], row[:, None], column[:, None] + np.arange(-reach, reach + 2)]
    rising = slope[tile, row, column] > 0
    profile = np.where(rising[:, None], profile, profile[:, ::-1])
    low, high = profile[:, : reach + 1].min(axis=1), profile[:, reach + 1 :].max(axis=1)
    step = high - low
    tenth, ninetieth = low + 0.1 * step, low + 0.9 * step
    clear = (
        (step >= max(_STEP_MIN, 8 * noise)) & (profile[:, reach] < ninetieth) & (profile[:, reach + 1] > tenth)
    )
    profile, low, high, tile = profile[clear], low[clear], high[clear], tile[clear]
    below = _first_crossing(-profile[:, reach + 1 :: -1].astype(np.float64), -tenth[clear])
    above = _first_crossing(profile[:, reach:].astype(np.float64), ninetieth[clear])
    return below + above - 1, low, high, tile


def _first_crossing(profile: NDArray[np.float64], level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each row, which starts below its level, first reaches it; in samples, interpolated."""
    reached = np.argmax(profile >= level[:, None], axis=1)
    row = np.arange(len(profile))
    before, after = profile[row, reached - 1], profile[row, reached]
    crossing: NDArray[np.float64] = reached - 1 + (level - before) / (after - before)
    return crossing


def _of_print(step: NDArray[np.int16], tile: NDArray[np.intp], tiles: int) -> NDArray[np.bool_]:
    """Choose the steps of print among those of background patterns and halftones, which are weaker.

    Each tile is held against its own strongest, so that a blurred corner of the page keeps its edges; a tile
    without print is held against the page.
    """
    strongest = np.array([np.percentile(own, 95) if len(own := step[tile == n]) else 0 for n in range(tiles)])
    least = np.maximum(_OF_TILE * strongest, _OF_PAGE * strongest.max())
    chosen: NDArray[np.bool_] = step >= least[tile]
    return chosen
