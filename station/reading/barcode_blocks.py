"""Where bar codes may lie on a page, and each such place cut out upright, enlarged and evenly lit."""

from cmath import phase
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from math import cos, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.reading.barcode_readers import Points

PLACES_MAX = 40
"""A sheet of labels holds up to 40 codes."""

PAPER = 235
"""What the paper becomes in an evenly lit cut-out."""

_WORKING_PX = 1150  # longest side of the copy that is searched, at least: 1.3 px to a module of 0.33 mm on A4
_CELL_PX = 4  # of the copy: the maps of what is dense and inked have one value a cell
_EDGE = 30.0  # mean slope of a code's edges; the text of a page has it too, the ink tells them apart
_INK = (0.25, 0.80)  # share of ink: codes 0.35 to 0.65, lines of text 0.10 to 0.22
_COHERENT = 0.5  # of the structure tensor: bars 0.7 to 1, text and matrix codes 0 to 0.4
# How ordered the edges of a place must be that is so much longer than wide: bars are 0.85 to 1,
# PDF417 (up to 5 times as long as high) 0.4 to 0.7, lines of text 0 to 0.5.
_ORDER = ((5.0, 0.7), (1.6, 0.36))
_MARGIN = 0.12  # share of the width that is cut out beyond it
_ABOVE_PX = 40  # of the page: above and below bars together
_ROWS_MAX = 240
_LARGE_COPY = 1_300_000  # pixels
_GAP = 0.3  # of the height of the bars: between pieces of one row
_DARKEST_PAPER = 40  # darker ground is that of a light code
_SMALLEST_PX = 20  # of the copy: 4 mm of an A4 page


@dataclass(frozen=True, slots=True)
class Place:
    """A turned rectangle of the page: centre, size along and across the bars' row, angle in radians.

    `barred` is the share of its edges that run one way, 0 to 1: bars 0.7 to 1, PDF417 0.4 to 0.7.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float
    barred: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A place, cut out so that its bars stand upright. `to_page` (2, 3) maps its points to the page's.

    `shrunk`: it is shorter than on the page.
    """

    pixels: Pixels = field(repr=False)
    to_page: NDArray[np.float64]
    place: Place
    shrunk: bool

    def on_page(self, points: Points) -> Points:
        """Map (n, 2) points of the cut-out to the page."""
        return points @ self.to_page[:, :2].T + self.to_page[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A page at a glance: a small copy, its paper (one value for `cell` pixels), and what looks like a code."""

    page: Pixels = field(repr=False)
    small: Pixels = field(repr=False)
    paper: Pixels = field(repr=False)
    cell: int
    places: tuple[Place, ...]

    def flat(self) -> tuple[Pixels, float]:
        """Return the small copy evenly lit, half as large when it is large, and how many times it is shrunk."""
        small = self.small if self.small.size <= _LARGE_COPY else shrunk(self.small, 2)
        paper = cv().resize(self.paper, (small.shape[1], small.shape[0]))
        return cv().divide(small, paper, scale=PAPER), self.page.shape[1] // small.shape[1]

    def cut(self, place: Place, longest_px: int, enlarge: float, *, barred: bool = False) -> Block:
        """Cut a place out upright and evenly lit, with a margin of 12 % of its width, its contrast at the full.

        It is enlarged up to `enlarge` times until it is `longest_px` long, and shrunk when it is longer. Of
        `barred` places only the width is enlarged.
        """
        margin = 2 * _MARGIN * place.width + 30
        width, height = place.width + margin, place.height + (_ABOVE_PX if barred else margin)
        scale = min(enlarge, longest_px / (width if barred else max(width, height)))
        scales = np.array([scale, min(scale, 1.0, _ROWS_MAX / height) if barred else scale])
        turn = scales[:, None] * _axes(place.angle)
        to_block = np.column_stack((turn, scales / 2 * (width, height) - turn @ (place.x, place.y)))
        size = (max(1, round(width * scales[0])), max(1, round(height * scales[1])))
        smooth = cv().INTER_CUBIC if scale > 1 else cv().INTER_LINEAR
        pixels = cv().warpAffine(self.page, to_block, size, flags=smooth, borderMode=cv().BORDER_REPLICATE)
        pixels = cv().divide(pixels, self._paper_of(to_block, size), scale=PAPER)
        return Block(_full_contrast(pixels), _inverse(to_block), place, scale < 1)

    def _paper_of(self, to_block: NDArray[np.float64], size: tuple[int, int]) -> Pixels:
        """Return the paper under a block; it is so smooth that an eighth of the size is enough."""
        coarse = (size[0] // 8 + 1, size[1] // 8 + 1)
        cell = np.array([(self.cell, 0, self.cell / 2), (0, self.cell, self.cell / 2), (0, 0, 1)])
        shrink = np.diag(np.divide(coarse, size))
        paper = cv().warpAffine(self.paper, shrink @ to_block @ cell, coarse, borderMode=cv().BORDER_REPLICATE)
        grown: Pixels = cv().resize(paper, size)
        return grown


def survey(page: Pixels) -> Survey:
    """Look for codes on a grey page: the places that look like one, the largest first, at most `PLACES_MAX`.

    A code is dense with edges, and about half of it is ink; a paragraph has as many edges but less ink. What is
    much longer than wide must have its edges in order as bars have, or it is a line of bold text.
    """
    times = max(1, max(page.shape) // _WORKING_PX)
    small = shrunk(page, times)
    across, down = _gradients(small)
    window = np.ones((21, 21), np.uint8)
    light = cv().blur(shrunk(cv().dilate(small, window), _CELL_PX), (7, 7)).astype(np.float32)
    dark = cv().blur(shrunk(cv().erode(small, window), _CELL_PX), (7, 7)).astype(np.float32)
    mean = shrunk(small, _CELL_PX)
    paper = _paper(mean)
    ink = (light - cv().blur(mean, (7, 7))) / np.maximum(light - dark, 24)
    slope = shrunk(cv().magnitude(across, down), _CELL_PX)
    dense = cv().blur(slope, (3, 3)) * PAPER > _EDGE * cv().resize(paper, mean.shape[::-1])
    mask = (dense & (ink > _INK[0]) & (ink < _INK[1])).astype(np.uint8)
    mask = cv().morphologyEx(mask, cv().MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = cv().morphologyEx(mask, cv().MORPH_OPEN, np.ones((3, 3), np.uint8))
    places = _joined(islice(_places(mask, across, down), PLACES_MAX))
    cell = times * _CELL_PX
    return Survey(page, small, paper, 2 * cell, tuple(_scaled(place, cell) for place in places))


def _places(mask: NDArray[np.uint8], across: NDArray[np.float32], down: NDArray[np.float32]) -> Iterator[Place]:
    """Yield what is like a code in the mask, the largest first; sizes in cells."""
    outlines, _ = cv().findContours(mask, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
    for outline in sorted(outlines, key=cv().contourArea, reverse=True):
        left, top, width, height = cv().boundingRect(outline)
        if max(width, height) < _SMALLEST_PX / _CELL_PX:
            continue
        inside = np.s_[top : top + height, left : left + width]
        below, right = (top + height) * _CELL_PX, (left + width) * _CELL_PX
        every_other = np.s_[top * _CELL_PX : below : 2, left * _CELL_PX : right : 2]
        inked = mask[inside] > 0
        tensor = [
            shrunk(part, _CELL_PX // 2)[inked] for part in _tensor(across[every_other], down[every_other])
        ]
        angle, order, barred = _direction([float(part.sum()) for part in tensor])
        place = _bounds(outline.reshape(-1, 2) + 0.5, angle)
        shorter, longer = sorted((place.width + 1, place.height + 1))
        needed = next((needed for times, needed in _ORDER if longer > times * shorter), 0.0)
        if shorter >= _SMALLEST_PX / _CELL_PX and order >= needed:
            yield replace(place, width=place.width + 1, height=place.height + 1, barred=barred)


def _joined(places: Iterable[Place]) -> list[Place]:
    """Make one of pieces that lie in one row of bars: a wide gap between bars may have parted them."""
    whole: list[Place] = []
    for piece in places:
        for number, place in enumerate(whole):
            axes = _axes(place.angle)
            along, across = axes @ (piece.x - place.x, piece.y - place.y)
            turned = abs(sin(piece.angle - place.angle))
            alike = min(piece.barred, place.barred) > _COHERENT and piece.height > 0.7 * place.height
            gap = abs(along) - (piece.width + place.width) / 2
            if alike and turned < 0.1 and abs(across) < 0.2 * place.height and gap < _GAP * place.height:
                left = min(-place.width, 2 * along - piece.width) / 2
                right = max(place.width, 2 * along + piece.width) / 2
                x, y = axes.T @ ((left + right) / 2, 0) + (place.x, place.y)
                whole[number] = replace(place, x=float(x), y=float(y), width=float(right - left))
                break
        else:
            whole.append(piece)
    return whole


def _scaled(place: Place, times: float) -> Place:
    return replace(
        place, x=place.x * times, y=place.y * times, width=place.width * times, height=place.height * times
    )


def around(page: Pixels, corners: Points) -> Place:
    """Return the place of a code that was read at these corners, its angle measured on its own bars."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    low = np.maximum(np.floor(low - 10), 0).astype(int)
    high = np.ceil(high + 10).astype(int)
    across, down = _gradients(page[low[1] : high[1], low[0] : high[0]])
    # At the rim the slope is that of a mirror.
    angle, _, _ = _direction([float(part[4:-4, 4:-4].sum()) for part in _tensor(across, down)])
    place = _bounds(corners, angle)
    return replace(place, height=max(place.height, 0.3 * place.width))


def rows(block: Block, corners: Points) -> tuple[float, float]:
    """Return from where to where (y, pixels) the bars between these corners of a block reach.

    Readers tell only the lines that they scanned, and two equal codes one above the other as one. A row belongs
    to the bars when its edges lie where theirs do.
    """
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    inside = block.pixels[:, max(0, int(left)) : max(int(left) + 2, int(right))]
    edges = np.diff(cv().blur(inside, (3, 9)).astype(np.float32), axis=1)
    strength = np.linalg.norm(edges, axis=1)
    first = min(len(edges) - 1, max(0, int(top)))
    scanned = strength[first : max(first + 1, int(bottom))]
    barred = first + np.flatnonzero(scanned >= 0.5 * scanned.max())
    middle = int(barred[np.argmin(np.abs(barred - (top + bottom) / 2))])
    pattern = edges[max(0, middle - 6) : middle + 7].mean(axis=0)
    other = np.flatnonzero(edges @ pattern <= 0.5 * strength * np.linalg.norm(pattern))
    above, below = other[other < middle], other[other > middle]
    return float(above[-1] + 1 if len(above) else 0), float(below[0] if len(below) else len(edges))


def bars(block: Block, reach: tuple[float, float], gap_px: float, centre_px: float) -> tuple[float, float]:
    """Return where the bars about `centre_px` begin and end in the rows `reach` of a block (x, pixels).

    Bars whose distance is at most `gap_px` belong together: wider is a quiet zone. Text beside the bars
    averages out over the rows.
    """
    top, bottom = int(reach[0]), max(int(reach[1]), int(reach[0]) + 1)
    slope = np.abs(np.diff(block.pixels[top:bottom].mean(axis=0)))
    edges = np.flatnonzero(slope > 0.2 * np.percentile(slope, 98))
    if not len(edges):
        return centre_px, centre_px
    runs = np.split(edges, np.flatnonzero(np.diff(edges) > gap_px) + 1)
    run = min(runs, key=lambda r: max(r[0] - centre_px, centre_px - r[-1]))
    return float(run[0]), float(run[-1] + 1)


def shrunk(picture: NDArray[Any], times: int) -> NDArray[Any]:
    """Shrink by a whole number, which is 20 times as fast as by another; what is left over is cut off."""
    if times == 1:
        return picture
    height, width = (max(1, side // times) for side in picture.shape)
    whole = picture[: height * times, : width * times]
    smaller: NDArray[Any] = cv().resize(whole, (width, height), interpolation=cv().INTER_AREA)
    return smaller


def _full_contrast(pixels: Pixels) -> Pixels:
    """Stretch from the darkest to the lightest hundredth."""
    dark, light = np.percentile(pixels[::4, ::4], (1, 99))
    stretched = (np.arange(256) - dark) * (255 / max(light - dark, 16))
    full: Pixels = cv().LUT(pixels, np.clip(stretched, 0, 255).astype(np.uint8))
    return full


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    inverse: NDArray[np.float64] = cv().invertAffineTransform(matrix)
    return inverse


def _paper(mean: Pixels) -> Pixels:
    """Return how light the paper is, from one value a cell: what a closing of 18 cells leaves of it."""
    closed = cv().morphologyEx(shrunk(mean, 2), cv().MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper: Pixels = np.maximum(cv().GaussianBlur(closed, (0, 0), 4), _DARKEST_PAPER)
    return paper


def _gradients(page: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the slopes across and down, in Sobel's scale; Scharr's kernels keep the direction of thin bars."""
    soft = cv().GaussianBlur(page, (5, 5), 1.2)
    return cv().Scharr(soft, cv().CV_32F, 1, 0, scale=0.25), cv().Scharr(soft, cv().CV_32F, 0, 1, scale=0.25)


def _tensor(across: NDArray[np.float32], down: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return energy and direction of the edges: the gradient squared, and once more, as complex numbers.

    Squaring makes opposite edges agree (structure tensor); once more makes the two ways of a matrix agree.
    """
    real, imaginary = across * across - down * down, 2 * across * down
    energy = np.maximum(across * across + down * down, np.float32(1e-6))
    again = [(real * real - imaginary * imaginary) / energy, 2 * real * imaginary / energy]
    return [energy, real, imaginary, *again]


def _direction(sums: list[float]) -> tuple[float, float, float]:
    """Return the angle across the bars, or along the rows of a matrix code, in radians; its order; how barred.

    Order, 0 to 1, is the share of the edges that agree, `barred` that of the edges that agree on one direction.
    """
    energy, twofold, fourfold = sums[0], complex(sums[1], sums[2]), complex(sums[3], sums[4])
    barred, order = abs(twofold) / energy, max(abs(twofold), abs(fourfold)) / energy
    if barred >= _COHERENT:
        return phase(twofold) / 2, order, barred
    return phase(fourfold) / 4, order, barred


def _bounds(points: Points, angle: float) -> Place:
    """Return the smallest rectangle at this angle around the points."""
    axes = _axes(angle)
    turned = points @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    x, y = axes.T @ ((low + high) / 2)
    width, height = high - low
    return Place(float(x), float(y), float(width), float(height), angle)


def _axes(angle: float) -> NDArray[np.float64]:
    return np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
