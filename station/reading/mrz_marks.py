"""Marks of print on a page: what is darker than the paper around it and could be a glyph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SIDE_PX = 1500
"""The longer side of the copies that marks are looked for on: cells are 8 px and more wide there."""

_LOWEST_PX, _HIGHEST = 6, 0.09  # height of a glyph: pixels; share of the picture's height
_SPECKS = 0.25  # of all components; dots and commas are 0.1
_MOST = 9000  # more marks than a page full of small print has are a texture
_LEAST_PRINT_PX = 500
_REACH = 3.6  # heights from a glyph to its right neighbour at the most: one cell may be lost
_STEPS = 26
_RAYS = (-0.25, 0.0, 0.25)  # heights above and below the middle
_LEVEL = 0.27  # tan 15 degrees


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Glyph-like components: centres `x`, `y` and sizes in px; `index` maps labels to marks, -1 = none.

    `clean`: few specks lie between them, and nothing so large that print might be hidden in it.
    """

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    width: Floats = field(repr=False)
    height: Floats = field(repr=False)
    labels: NDArray[np.integer] = field(repr=False)
    index: Integers = field(repr=False)
    clean: bool


def darkness(grey: Pixels) -> Pixels:
    """Return how much darker each pixel is than its surroundings (black top hat)."""
    side = 2 * round(0.0105 * max(grey.shape)) + 1
    square = cv().getStructuringElement(cv().MORPH_RECT, (side, side))
    result: Pixels = cv().morphologyEx(grey, cv().MORPH_BLACKHAT, square)
    return result


def find(dark: Pixels) -> Iterator[Marks]:
    """Yield the marks by four thresholds.

    One follows the print around, one holds for the whole page; the last two take the darker part of the print
    (Otsu, again and again): ink on a dark pattern.
    """
    split, _ = cv().threshold(dark, 0, 255, cv().THRESH_OTSU)
    side = max(dark.shape) // 10
    around = cv().boxFilter(dark, -1, (side, side * 3 // 5))
    floor = max(12, round(split / 4))
    yield _marks(cv().compare(dark, cv().max(cv().add(around, split / 4), floor), cv().CMP_GT))
    yield _marks(cv().compare(dark, max(15, round(split * 0.8)), cv().CMP_GT))
    for _ in range(2):
        inked = dark[dark > split]
        if inked.size < _LEAST_PRINT_PX:
            return
        split, _ = cv().threshold(inked[None], 0, 255, cv().THRESH_OTSU)
        yield _marks(cv().compare(dark, split, cv().CMP_GT))


def _components(binary: Pixels) -> tuple[NDArray[np.integer], Integers]:
    """Return the labels of the picture, and left, top, width, height and area of each component."""
    try:  # labels of 16 bits take a third of the time
        _, labels, stats, _ = cv().connectedComponentsWithStats(binary, connectivity=8, ltype=cv().CV_16U)
    except cv().error:  # more than they can name: a texture, or a picture with much noise
        _, labels, stats, _ = cv().connectedComponentsWithStats(binary, connectivity=8)
    return labels, stats


def _marks(binary: Pixels) -> Marks:
    labels, stats = _components(binary)
    left, top, width, height, area = (stats[:, column].astype(np.int64) for column in range(5))
    likely = (height >= _LOWEST_PX) & (height <= binary.shape[0] * _HIGHEST) & (width >= 2)
    likely &= (width <= height * 1.6) & (area >= 0.12 * width * height)
    likely[0] = False  # the paper
    if np.count_nonzero(likely) > _MOST:
        likely[:] = False
    index = np.where(likely, np.cumsum(likely) - 1, -1)
    specks = np.count_nonzero((height < _LOWEST_PX) & (width < _LOWEST_PX))
    clean = specks <= _SPECKS * height.size and not (height[1:] > binary.shape[0] * _HIGHEST).any()
    return Marks(
        (left + width / 2)[likely],
        (top + height / 2)[likely],
        width[likely].astype(float),
        height[likely].astype(float),
        labels,
        index,
        bool(clean),
    )


def others(marks: Marks, rows: Sequence[Integers]) -> Marks:
    """Return the marks that stand on none of these rows that lie level: print in other directions."""
    free = np.ones(marks.x.size, bool)
    for row in rows:
        first, last = row[0], row[-1]
        if abs(marks.y[last] - marks.y[first]) < _LEVEL * (marks.x[last] - marks.x[first]):
            free[row] = False
    place = np.where(free, np.cumsum(free) - 1, -1)
    index = np.where(marks.index >= 0, place[marks.index], -1) if free.size else marks.index
    x, y, width, height = (each[free] for each in (marks.x, marks.y, marks.width, marks.height))
    return Marks(x, y, width, height, marks.labels, index, marks.clean)


def chains(marks: Marks, direction: float = 0.0) -> list[Integers]:
    """Return rows of at least five marks that follow each other in this direction (degrees, clockwise).

    Three rays run from every mark; the first mark alike in height that one of them meets is its neighbour.
    """
    count = marks.x.size
    if count < 20:
        return []
    along = np.array([cos(radians(direction)), sin(radians(direction))])
    size = marks.height if direction == 0 else np.maximum(marks.height, marks.width)
    meets = _met(marks, along, size)
    dx, dy = marks.x[meets] - marks.x[:, None, None], marks.y[meets] - marks.y[:, None, None]
    ahead, aside = dx * along[0] + dy * along[1], np.abs(dy * along[0] - dx * along[1])
    ratio = size[meets] / size[:, None, None]
    fits = (meets >= 0) & (ahead > 0.3 * size[:, None, None]) & (aside < 0.45 * ahead)
    fits &= (aside < 0.9 * size[:, None, None]) & (ratio > 0.55) & (ratio < 1.8)
    cost = np.where(fits, ahead + 2.5 * aside, np.inf).reshape(count, -1)
    best = cost.argmin(1)
    own = np.arange(count)
    return _rows(meets.reshape(count, -1)[own, best], cost[own, best])


def _met(marks: Marks, along: Floats, size: Floats) -> Integers:
    """Return for each mark, ray and step which mark lies there, -1 for none."""
    far = np.linspace(0.35, _REACH, _STEPS)
    x = marks.x[:, None, None] + size[:, None, None] * (far * along[0] - np.array(_RAYS)[:, None] * along[1])
    y = marks.y[:, None, None] + size[:, None, None] * (far * along[1] + np.array(_RAYS)[:, None] * along[0])
    height, width = marks.labels.shape
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    place = np.where(inside, y.astype(np.int64) * width + x.astype(np.int64), 0)
    return np.where(inside, marks.index[marks.labels.reshape(-1)[place]], -1)


def _rows(follower: Integers, cost: Floats) -> list[Integers]:
    """Follow the neighbours; where two marks claim the same one, the nearer has it."""
    claims = np.flatnonzero(np.isfinite(cost))
    claims = claims[np.argsort(cost[claims], kind="stable")]
    _, first = np.unique(follower[claims], return_index=True)
    after = dict(zip(claims[first].tolist(), follower[claims[first]].tolist(), strict=True))
    rows = []
    for start in after.keys() - set(after.values()):
        row = [start]
        while row[-1] in after:
            row.append(after[row[-1]])
        if len(row) >= 5:
            rows.append(np.array(row))
    return rows
