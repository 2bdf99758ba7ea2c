"""Where bar codes may lie on a page, and each such place cut out upright, enlarged and evenly lit."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.reading.barcode_readers import Points

PLACES_MAX = 5

_WORKING_PX = 1400  # longest side of the copy that is searched: a module of 0.33 mm keeps 1.5 px of an A4 page
_EDGE = (
    30.0  # mean magnitude of the gradient of a code; the text of a page has it too, the ink tells them apart
)
_INK = (0.25, 0.80)  # share of ink: codes 0.35 to 0.65, lines of text 0.10 to 0.22
_COHERENT = 0.5  # of the structure tensor: bars 0.7 to 1, text and matrix codes 0 to 0.4
# How ordered the edges of a place must be that is so much longer than wide: bars are 0.85 to 1,
# PDF417 (up to 5 times as long as high) 0.4 to 0.7, lines of text 0 to 0.5.
_ORDER = ((5.0, 0.7), (1.6, 0.36))
_SMALLEST_PX = 20  # of the copy: 4 mm of an A4 page
_CUT_PX = 1_500_000  # pixels of one cut-out: what the readers take costs time
_ENLARGED_PX = 1100


@dataclass(frozen=True, slots=True)
class Place:
    """A turned rectangle of the page: centre, size along and across the bars' row, angle in radians."""

    x: float
    y: float
    width: float
    height: float
    angle: float


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A place, cut out so that its bars stand upright. `to_page` (2, 3) maps its points to the page's."""

    pixels: Pixels = field(repr=False)
    to_page: NDArray[np.float64]
    place: Place

    def on_page(self, points: Points) -> Points:
        """Map (n, 2) points of the cut-out to the page."""
        return points @ self.to_page[:, :2].T + self.to_page[:, 2]


def flatten(page: Pixels) -> Pixels:
    """Even out the light of a grey page: its paper becomes 235 everywhere.

    The paper is what a closing of 9 x 9 leaves of the page at an eighth of its size.
    """
    height, width = page.shape
    if min(height, width) < 72:
        return page
    small = cv().resize(page, (width // 8, height // 8), interpolation=cv().INTER_AREA)
    paper = cv().morphologyEx(small, cv().MORPH_CLOSE, np.ones((9, 9), np.uint8))
    paper = cv().resize(cv().GaussianBlur(paper, (0, 0), 5), (width, height))
    flat: Pixels = cv().divide(page, paper, scale=235)
    return flat


def locate(page: Pixels) -> Iterator[Place]:
    """Yield the places of a grey page that look like codes, the largest first, at most `PLACES_MAX`.

    A code is dense with edges, and about half of it is ink; a paragraph has as many edges but less ink. What is
    much longer than wide must have its edges in order as bars have, or it is a line of bold text.
    """
    scale = min(1.0, _WORKING_PX / max(page.shape))
    small = flatten(cv().resize(page, None, fx=scale, fy=scale, interpolation=cv().INTER_AREA))
    across, down = _gradients(small)
    dense = cv().boxFilter(cv().magnitude(across, down), -1, (9, 9)) > _EDGE
    window = np.ones((15, 15), np.uint8)
    light = cv().blur(cv().dilate(small, window), (15, 15)).astype(np.float32)
    dark = cv().blur(cv().erode(small, window), (15, 15)).astype(np.float32)
    ink = (light - cv().blur(small, (15, 15))) / np.maximum(light - dark, 24)
    mask = (dense & (ink > _INK[0]) & (ink < _INK[1])).astype(np.uint8)
    mask = cv().morphologyEx(mask, cv().MORPH_CLOSE, np.ones((9, 9), np.uint8))
    mask = cv().morphologyEx(mask, cv().MORPH_OPEN, np.ones((11, 11), np.uint8))
    outlines, _ = cv().findContours(mask, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
    found = 0
    for outline in sorted(outlines, key=cv().contourArea, reverse=True):
        left, top, width, height = cv().boundingRect(outline)
        inside = np.s_[top : top + height, left : left + width]
        angle, order = _direction(across[inside], down[inside], mask[inside])
        place = _bounds(outline.reshape(-1, 2).astype(np.float64), angle)
        shorter, longer = sorted((place.width, place.height))
        needed = next((needed for times, needed in _ORDER if longer > times * shorter), 0.0)
        if shorter < _SMALLEST_PX or order < needed:
            continue
        yield Place(place.x / scale, place.y / scale, place.width / scale, place.height / scale, angle)
        found += 1
        if found == PLACES_MAX:
            return


def around(page: Pixels, corners: Points) -> Place:
    """Return the place of a code that was read at these corners, its angle measured on its own bars."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    low = np.maximum(np.floor(low - 10), 0).astype(int)
    high = np.ceil(high + 10).astype(int)
    across, down = _gradients(page[low[1] : high[1], low[0] : high[0]])
    inner = np.zeros(across.shape, np.uint8)
    inner[4:-4, 4:-4] = 1  # at the rim the slope is that of a mirror
    angle, _ = _direction(across, down, inner)
    place = _bounds(corners, angle)
    return replace(place, height=max(place.height, 0.3 * place.width))


def cut(page: Pixels, place: Place, margin: float = 0.12) -> Block:
    """Cut a place out upright, with a margin (share of its width) beyond it, and stretch its contrast."""
    width, height = place.width * (1 + 2 * margin) + 30, place.height + 2 * margin * place.width + 30
    scale = min(max(1.0, _ENLARGED_PX / width), 3.0, (_CUT_PX / (width * height)) ** 0.5)
    turn = scale * _axes(place.angle)
    to_block = np.column_stack((turn, scale / 2 * np.array([width, height]) - turn @ (place.x, place.y)))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = cv().warpAffine(page, to_block, size, flags=cv().INTER_CUBIC, borderMode=cv().BORDER_REPLICATE)
    dark, light = np.percentile(pixels[::4, ::4], (1, 99))
    gain = 255 / max(light - dark, 16)
    pixels = cv().convertScaleAbs(np.clip(pixels, dark, light), alpha=gain, beta=-dark * gain)
    return Block(pixels, cv().invertAffineTransform(to_block), place)


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


def _gradients(page: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the slopes across and down, in Sobel's scale; Scharr's kernels keep the direction of thin bars."""
    soft = cv().GaussianBlur(page, (0, 0), 1.2)
    return cv().Scharr(soft, cv().CV_32F, 1, 0, scale=0.25), cv().Scharr(soft, cv().CV_32F, 0, 1, scale=0.25)


def _direction(
    across: NDArray[np.float32], down: NDArray[np.float32], mask: NDArray[np.uint8]
) -> tuple[float, float]:
    """Return the angle across the bars, or along the rows of a matrix code, in radians, and its order 0 to 1.

    Squaring the gradient as a complex number makes opposite edges agree (structure tensor); once more makes
    the two directions of a matrix agree. Order is the share of the edges that agree.
    """
    gradient = (across + 1j * down)[mask > 0]
    squared = gradient**2
    weight = np.abs(squared)
    energy = float(weight.sum())
    if energy == 0:
        return 0.0, 0.0
    twofold, fourfold = squared.sum(), (squared**2 / np.maximum(weight, 1e-6)).sum()
    order = float(max(abs(twofold), abs(fourfold))) / energy
    if abs(twofold) >= _COHERENT * energy:
        return float(np.angle(twofold)) / 2, order
    return float(np.angle(fourfold)) / 4, order


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
