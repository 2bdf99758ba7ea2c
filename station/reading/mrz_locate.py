"""Where a machine-readable zone may stand on a page: two or three parallel rows of evenly spaced marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import atan, degrees

import numpy as np

from station.reading.mrz_marks import Floats, Integers, Marks, chains

CAPITAL_TO_PITCH = 2.4 / 2.54
"""Height of a capital over the distance of two cells: OCR-B size 1, ten cells an inch (9303-3, 4.4)."""

CANDIDATES = 3
_SHORTEST = 22  # cells that must be seen of a line; the shortest zone has 30
_FILLED = 0.45
_PITCH = (0.72, 1.7)  # over the height of a glyph
_EVEN_WITHIN = 0.16  # of a cell
_EVEN_SHARE = 0.55  # printed text: about 0.4
_GAP = 12.0  # heights that may be missing within a line
_SPACING = (1.3, 3.9)  # heights from line to line
_MOST_ROWS = 800  # more is a texture
_SHORT = 12  # marks; a parabola through fewer bends too freely


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row of cells: the middles of its glyphs stand at x = along(k), y = across(x), cells k from 0.

    `along` and `across` are polynomials, highest power first; `last` is the last cell seen; `height` that of a
    glyph in px; `even` the share of marks that stand on the grid, 0 to 1; `seen` how many cells hold a mark.
    """

    along: Floats = field(repr=False)
    across: Floats = field(repr=False)
    last: float
    height: float
    even: float
    seen: int

    @property
    def start(self) -> float:
        """The x of the first cell."""
        return float(self.along[-1])

    @property
    def stop(self) -> float:
        """The x of the last cell."""
        return float(np.polyval(self.along, self.last))

    @property
    def pitch(self) -> float:
        """The mean distance of two cells in px."""
        return (self.stop - self.start) / self.last

    @property
    def slope(self) -> float:
        """The direction of the line in degrees, clockwise from the right."""
        rise = np.polyval(self.across, self.stop) - np.polyval(self.across, self.start)
        return degrees(atan(float(rise) / (self.stop - self.start)))

    def y_at(self, x: float) -> float:
        """Return the middle of the glyphs at this x."""
        return float(np.polyval(self.across, x))


Zone = tuple[Line, ...]
"""The lines of one candidate from top to bottom."""


@dataclass(slots=True, eq=False)
class _Row:
    """Marks that seem to stand on one line: points (x, y) and heights, and the line through them."""

    x: Floats
    y: Floats
    height: Floats
    middle: float = 0.0  # x around which the polynomial is written
    bend: list[float] = field(default_factory=list)
    size: float = 0.0

    def __post_init__(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Lay a straight line or, through many marks, a parabola; marks that stand off it do not count."""
        self.middle = float((self.x.min() + self.x.max()) / 2)
        self.size = float(np.median(self.height))
        if self.x.size < _SHORT:
            self.bend = [0.0, *_straight(self.x - self.middle, self.y)]
            return
        for _ in range(3):
            across = np.polyfit(self.x - self.middle, self.y, 2)
            off = np.abs(np.polyval(across, self.x - self.middle) - self.y)
            good = off < max(1.0, 0.3 * self.size)
            if good.all() or np.count_nonzero(good) < _SHORT:
                break
            self.x, self.y, self.height = self.x[good], self.y[good], self.height[good]
        self.bend = across.tolist()

    def y_at(self, x: float) -> float:
        """Return the height of the line at this x."""
        x -= self.middle
        return (self.bend[0] * x + self.bend[1]) * x + self.bend[2]

    def continues(self, other: "_Row") -> bool:
        """Tell whether the other row is a part of this line."""
        if not 0.7 < other.size / self.size < 1.4:
            return False
        gap = max(other.x[0] - self.x[-1], self.x[0] - other.x[-1])
        if gap > _GAP * self.size or gap < -_GAP * self.size:
            return False
        return abs(self.y_at(other.middle) - other.y_at(other.middle)) < 0.45 * self.size

    def take(self, other: "_Row") -> None:
        """Join the other row to this line."""
        order = np.argsort(np.concatenate((self.x, other.x)), kind="stable")
        self.x = np.concatenate((self.x, other.x))[order]
        self.y = np.concatenate((self.y, other.y))[order]
        self.height = np.concatenate((self.height, other.height))[order]
        self.fit()


def _straight(x: Floats, y: Floats) -> tuple[float, float]:
    """Return slope and height at 0 of the straight line through points whose x are around 0."""
    mean_x, mean_y = float(x.mean()), float(y.mean())
    away = x - mean_x
    slope = float((away * (y - mean_y)).sum() / max(float((away * away).sum()), 1e-9))
    return slope, mean_y - slope * mean_x


def locate(marks: Marks, direction: float = 0.0) -> list[Zone]:
    """Return up to three candidates, the likeliest first, whose lines run in this direction within 15 degrees.

    With a direction (degrees, clockwise) the coordinates of the lines are those of the page turned back by it.
    """
    found = chains(marks, direction)
    if not found or len(found) > _MOST_ROWS:
        return []
    x, y = _turned(marks, direction)
    lines = [line for row in _joined(x, y, marks.height, found) if (line := _line(row))]
    return _zones(lines)


def _turned(marks: Marks, direction: float) -> tuple[Floats, Floats]:
    angle = np.radians(direction)
    return (
        marks.x * np.cos(angle) + marks.y * np.sin(angle),
        marks.y * np.cos(angle) - marks.x * np.sin(angle),
    )


def _joined(x: Floats, y: Floats, height: Floats, found: Sequence[Integers]) -> list[_Row]:
    rows: list[_Row] = []
    for chain in sorted(found, key=len, reverse=True):
        row = _Row(x[chain], y[chain], height[chain])
        home = next((other for other in rows if other.continues(row)), None)
        if home:
            home.take(row)
        else:
            rows.append(row)
    return rows


def _line(row: _Row) -> Line | None:
    """Lay the grid of cells over a row; None where it is too short, too sparse or not evenly spaced."""
    x = row.x[np.concatenate(([True], np.diff(row.x) > 0.3 * row.size))]
    steps = np.diff(x)
    if steps.size < _SHORTEST * _FILLED:
        return None
    pitch = float(np.median(steps[steps < 1.9 * row.size])) if (steps < 1.9 * row.size).any() else 0.0
    if not _PITCH[0] < pitch / row.size < _PITCH[1]:
        return None
    # Perspective changes the pitch along the line: count cells by the pitch that holds around each gap.
    single = np.minimum(steps / np.maximum(np.round(steps / pitch), 1), 2 * pitch)
    near = np.convolve(np.pad(single, 4, "reflect"), np.full(9, 1 / 9), "valid")
    cells = np.concatenate(([0.0], np.cumsum(np.maximum(np.round(steps / near), 0))))
    last = float(cells[-1])
    if last + 1 < _SHORTEST or x.size < _FILLED * last:
        return None
    along = np.polyfit(cells, x, 2)
    for _ in range(2):
        off = np.abs(np.polyval(along, cells) - x) / pitch
        good = off < 2 * _EVEN_WITHIN
        if np.count_nonzero(good) < 0.5 * x.size:
            return None
        along = np.polyfit(cells[good], x[good], 2)
    off = np.abs(np.polyval(along, cells) - x) / pitch
    even = float(np.mean(off < _EVEN_WITHIN))
    ends = np.polyval(np.polyder(along), (0.0, last))
    if even < _EVEN_SHARE or ends.min() < 0.6 * pitch or ends.max() > 1.6 * pitch:
        return None
    across = np.polyfit(row.x, row.y, 2)
    return Line(along, across, last, row.size, even, int(np.unique(cells).size))


def _zones(lines: Sequence[Line]) -> list[Zone]:
    ranked = sorted(((_worth(zone), zone) for zone in _groups(lines)), key=lambda pair: pair[0], reverse=True)
    chosen: list[Zone] = []
    for _, zone in ranked:
        if not any(line in other for other in chosen for line in zone):
            chosen.append(zone)
    return chosen[:CANDIDATES]


def _groups(lines: Sequence[Line]) -> Iterator[Zone]:
    for first in lines:
        group = [first]
        alike = [other for other in lines if other is not first and _alike(first, other)]
        for other in sorted(alike, key=lambda line: line.y_at((line.start + line.stop) / 2)):
            middle = (max(first.start, other.start) + min(first.stop, other.stop)) / 2
            if _SPACING[0] < (other.y_at(middle) - group[-1].y_at(middle)) / first.height < _SPACING[1]:
                group.append(other)
        if len(group) > 1:
            yield tuple(group[:3])


def _alike(one: Line, other: Line) -> bool:
    shared = min(one.stop, other.stop) - max(one.start, other.start)
    return (
        abs(other.pitch / one.pitch - 1) < 0.18
        and abs(other.height / one.height - 1) < 0.3
        and shared > 0.6 * max(one.stop - one.start, other.stop - other.start)
    )


def _worth(zone: Zone) -> float:
    """Count cells, and count evenness twice: it is what tells a zone from a paragraph."""
    return sum(line.seen * line.even**2 for line in zone) / float(np.sqrt(len(zone)))
