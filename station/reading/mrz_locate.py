"""Where a machine-readable zone may stand on a page: two or three parallel rows of evenly spaced marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import atan, degrees

import numpy as np

from station.reading.mrz_marks import Floats, Integers, Marks

CAPITAL_TO_PITCH = 2.4 / 2.54
"""Height of a capital over the distance of two cells: OCR-B size 1, ten cells an inch (9303-3, 4.4)."""

CANDIDATES = 3
_SHORTEST = 22  # cells that must be seen of a line; the shortest zone has 30
_LONGEST = 56  # marks that follow each other: the longest zone has 44, a line of text 60 to 90
_FILLED = 0.45
_PITCH = (0.72, 1.7)  # over the height of a glyph
_EVEN_WITHIN = 0.16  # of a cell
_EVEN_SHARE = 0.55  # printed text: about 0.4
_GAP = 12.0  # heights that may be missing within a line
_SPACING = (1.15, 3.9)  # cells from line to line: 1.6 to 2.5 in print, less where the page leans away
_MOST_LINES = 4  # alike and evenly spaced; a zone has three, and one of other print may be near
_AS_HIGH = 1.65  # a line of fillers is that much lower than one of capitals
_MOST_ROWS = 800  # more is a texture
_FACTS = ("size", "first", "last", "middle", "bend", "slope", "level")
_SHORT = 12  # marks; a parabola through fewer bends too freely


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row of cells: the middles of its glyphs stand at x = along(k), y = across(x), cells k from 0.

    `along` and `across` are polynomials, highest power first; `last` is the last cell seen; `height` that of a
    glyph in px; `even` the share of marks that stand on the grid, 0 to 1; `seen` how many cells hold a mark;
    `start` and `stop` the x of the first and of the last cell.
    """

    along: Floats = field(repr=False)
    across: Floats = field(repr=False)
    last: float
    height: float
    even: float
    seen: int
    start: float
    stop: float

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
        bend, slope, level = self.across.tolist()
        return float((bend * x + slope) * x + level)


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

    def facts(self) -> tuple[float, ...]:
        """Return what decides whether another row belongs to this one: `_FACTS`."""
        return (self.size, self.x[0], self.x[-1], self.middle, *self.bend)

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


def locate(marks: Marks, rows: Sequence[Integers], direction: float = 0.0) -> list[Zone]:
    """Return up to three candidates, the likeliest first, whose lines run in this direction within 15 degrees.

    `rows` are the chains of marks in this direction (degrees, clockwise); with one the coordinates of the lines
    are those of the page turned back by it.
    """
    if not rows or len(rows) > _MOST_ROWS:
        return []
    rows = [row for row in rows if row.size <= _LONGEST]
    x, y = _turned(marks, direction)
    lines = [line for row in _joined(x, y, marks.height, rows) if (line := _line(row))]
    return _zones(lines)


def _turned(marks: Marks, direction: float) -> tuple[Floats, Floats]:
    angle = np.radians(direction)
    return (
        marks.x * np.cos(angle) + marks.y * np.sin(angle),
        marks.y * np.cos(angle) - marks.x * np.sin(angle),
    )


def _joined(x: Floats, y: Floats, height: Floats, found: Sequence[Integers]) -> list[_Row]:
    """Put the chains together that stand on one line, the longest first."""
    rows: list[_Row] = []
    facts = np.empty((len(found), len(_FACTS)))
    for chain in sorted(found, key=len, reverse=True):
        row = _Row(x[chain], y[chain], height[chain])
        home = _home(facts[: len(rows)], row)
        if home is None:
            home = len(rows)
            rows.append(row)
        else:
            rows[home].take(row)
        facts[home] = rows[home].facts()
    return rows


def _home(facts: Floats, row: _Row) -> int | None:
    """Return the first of these rows of which this one is a part."""
    size, first, last, middle, bend, slope, level = facts.T
    gap = np.maximum(row.x[0] - last, first - row.x[-1])
    away = row.middle - middle
    fits = (row.size > 0.7 * size) & (row.size < 1.4 * size) & (np.abs(gap) <= _GAP * size)
    fits &= np.abs((bend * away + slope) * away + level - row.bend[2]) < 0.45 * size
    which = np.flatnonzero(fits)
    return int(which[0]) if which.size else None


def _line(row: _Row) -> Line | None:
    """Lay the grid of cells over a row; None where it is too short, too sparse or not evenly spaced."""
    if row.x.size <= _SHORTEST * _FILLED:
        return None
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
    start, stop = np.polyval(along, (0.0, last)).tolist()
    return Line(along, across, last, row.size, even, int(np.unique(cells).size), start, stop)


def _zones(lines: Sequence[Line]) -> list[Zone]:
    ranked = sorted(_groups(lines), key=lambda pair: pair[0], reverse=True)
    chosen: list[Zone] = []
    for _, zone in ranked:
        if not any(line in other for other in chosen for line in zone):
            chosen.append(zone)
    return chosen[:CANDIDATES]


def _groups(lines: Sequence[Line]) -> Iterator[tuple[float, Zone]]:
    """Yield up to three lines that follow each other, and what they are worth; lines of a longer text half."""
    for first in lines:
        alike = sorted((line for line in lines if _alike(first, line)), key=_height)
        place = alike.index(first)
        group = _following(alike[place:])
        before = _following(alike[place::-1])
        if len(group) > 1:
            text = len(group) + len(before) - 1 > _MOST_LINES
            yield _worth(group[:3]) * (0.5 if text else 1.0), group[:3]


def _height(line: Line) -> float:
    return line.y_at((line.start + line.stop) / 2)


def _following(lines: Sequence[Line]) -> Zone:
    """Return the first line and those that follow it, each at the distance that lines of a zone have."""
    first, group = lines[0], [lines[0]]
    for other in lines[1:]:
        middle = (max(first.start, other.start) + min(first.stop, other.stop)) / 2
        away = abs(other.y_at(middle) - group[-1].y_at(middle))
        if _SPACING[0] < away / first.pitch < _SPACING[1]:
            group.append(other)
    return tuple(group)


def _alike(one: Line, other: Line) -> bool:
    if one is other:
        return True
    shared = min(one.stop, other.stop) - max(one.start, other.start)
    return (
        abs(other.pitch / one.pitch - 1) < 0.18
        and 1 / _AS_HIGH < other.height / one.height < _AS_HIGH
        and shared > 0.6 * max(one.stop - one.start, other.stop - other.start)
    )


def _worth(zone: Zone) -> float:
    """Count cells, and count evenness twice: it is what tells a zone from a paragraph."""
    return sum(line.seen * line.even**2 for line in zone) / float(np.sqrt(len(zone)))
