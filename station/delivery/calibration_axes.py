"""Axes of a plot in a report: a frame with ticks, names and units, and what is drawn inside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil, floor, isfinite, log10

from station.delivery.calibration_sheet import BLACK, GREY, MM, PALE, Ink, Point, Sheet

_SMALL = 6.5
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAY_STEPS = (1, 2, 5, 7, 14, 28, 56, 91, 182, 365, 730, 1825)
_DAY = timedelta(days=1)
_WHITE: Ink = (1.0, 1.0, 1.0)

Ticks = tuple[tuple[float, str], ...]


class Shape(Enum):
    """How a point is marked."""

    DOT = "dot"
    CROSS = "cross"
    SQUARE = "square"
    DIAMOND = "diamond"


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: its name with the unit, its ends, and its ticks."""

    name: str
    low: float
    high: float
    ticks: Ticks = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Where a plot lies on the page, in points."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of a key: a line, or a mark where there is a `shape`, and what it means."""

    text: str
    ink: Ink
    width: float = 1.0
    dash: tuple[float, ...] = ()
    shape: Shape | None = None


def axis(name: str, low: float, high: float, most: int = 6) -> Axis:
    """Return an axis with at most so many ticks at round numbers."""
    return Axis(name, low, high, numbers(low, high, most))


def around(values: Sequence[float], least: float) -> tuple[float, float]:
    """Return a range that holds all finite values with room at both ends; it spans at least `least`."""
    known = [value for value in values if isfinite(value)]
    low, high = min(known), max(known)
    room = max(0.08 * (high - low), (least - (high - low)) / 2, 1e-9, 1e-6 * max(abs(low), abs(high)))
    return low - room, high + room


def numbers(low: float, high: float, most: int) -> Ticks:
    """Return ticks at round numbers."""
    power = 10.0 ** floor(log10((high - low) / most))
    step = next(one * power for one in _STEPS if (high - low) / (one * power) <= most)
    places = max(0, -floor(log10(step) + 1e-9))
    places += round(step, places) != round(step, places + 1)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple((at * step, f"{at * step + 0.0:.{places}f}") for at in range(first, last + 1))


def days(begin: datetime, low: float, high: float, most: int) -> Ticks:
    """Return ticks at midnights; the axis counts days from `begin`."""
    step = next((one for one in _DAY_STEPS if (high - low) / one <= most), _DAY_STEPS[-1])
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = (midnight - begin) / _DAY
    counted = range(ceil((low - shift) / step), floor((high - shift) / step) + 1)
    return tuple(
        (at * step + shift, (midnight + timedelta(days=at * step)).strftime("%Y-%m-%d")) for at in counted
    )


class Axes:
    """A frame on a sheet in which places are given in the units of its axes."""

    def __init__(
        self, sheet: Sheet, box: Box, across: Axis, up: Axis, *, downwards: bool = False, grid: bool = True
    ) -> None:
        """Draw the frame in a box that holds it, its ticks and its names; `downwards`: 0 lies at the top."""
        self._sheet, self._across, self._up, self._downwards = sheet, across, up, downwards
        widest = max((sheet.width_of(text, _SMALL) for _, text in up.ticks), default=0.0)
        beside = widest + (5 * MM if up.name else 1.5 * MM)
        below = (3.4 * MM if across.ticks else 0.0) + (3.6 * MM if across.name else 0.6 * MM)
        self.left, self.bottom = box.left + beside, box.bottom + below
        self.width, self.height = box.width - beside - 2 * MM, box.height - below - 1 * MM
        self._frame(box, grid=grid)

    def at(self, point: Point) -> Point:
        """Return where a point lies on the page."""
        x = (point[0] - self._across.low) / (self._across.high - self._across.low)
        y = (point[1] - self._up.low) / (self._up.high - self._up.low)
        return self.left + x * self.width, self.bottom + (1 - y if self._downwards else y) * self.height

    def line(
        self, points: Sequence[Point], ink: Ink = BLACK, width: float = 1.0, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line through the finite points, cut at the frame."""
        placed = [self.at(point) for point in points if all(map(isfinite, point))]
        if len(placed) > 1:
            with self.cut():
                self._sheet.stroke(placed, ink, width, dash)

    def level(self, value: float, ink: Ink = BLACK, width: float = 0.8, dash: Sequence[float] = ()) -> None:
        """Draw a level line where the axis shows it."""
        if self._up.low <= value <= self._up.high:
            self.line([(self._across.low, value), (self._across.high, value)], ink, width, dash)

    def upright(self, value: float, ink: Ink = BLACK, width: float = 0.8, dash: Sequence[float] = ()) -> None:
        """Draw an upright line where the axis shows it."""
        if self._across.low <= value <= self._across.high:
            self.line([(value, self._up.low), (value, self._up.high)], ink, width, dash)

    def bar(self, low: Point, high: Point, ink: Ink, *, hatched: bool = False) -> None:
        """Fill a rectangle between two opposite corners, cut at the frame; `hatched`: outline and hatch."""
        (left, bottom), (right, top) = self.at(low), self.at(high)
        left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        with self.cut():
            if not hatched:
                self._sheet.fill(corners, ink)
                return
            self._sheet.stroke([*corners, corners[0]], ink, 0.8)
            path = self._sheet.canvas.beginPath()
            path.rect(left, bottom, right - left, top - bottom)
            self._sheet.canvas.clipPath(path, stroke=0, fill=0)
            reach, at = top - bottom, left - (top - bottom)
            while at < right:
                self._sheet.stroke([(at, bottom), (at + reach, top)], ink, 0.6)
                at += 2.2

    def mark(self, point: Point, shape: Shape, ink: Ink, size: float = 3.0) -> None:
        """Mark a point."""
        if all(map(isfinite, point)):
            draw_mark(self._sheet, self.at(point), shape, ink, size)

    def text(
        self, point: Point, text: str, size: float = _SMALL, *, align: float = 0.0, lift: float = 0.0
    ) -> None:
        """Write beside a point, `lift` points above it."""
        x, y = self.at(point)
        self._sheet.text(x, y + lift, text, size, align=align)

    def label(self, point: Point, text: str) -> None:
        """Write on a white ground that ends at a point, whatever was drawn there."""
        (x, y), wide = self.at(point), self._sheet.width_of(text, _SMALL) + 4
        self._sheet.fill([(x - wide, y - 4), (x, y - 4), (x, y + 4), (x - wide, y + 4)], _WHITE)
        self._sheet.text(x - wide + 2, y - 2.3, text, _SMALL)

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Let nothing be drawn beyond the frame."""
        canvas = self._sheet.canvas
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(self.left, self.bottom, self.width, self.height)
        canvas.clipPath(path, stroke=0, fill=0)
        yield
        canvas.restoreState()

    def _frame(self, box: Box, *, grid: bool) -> None:
        sheet = self._sheet
        right, top = self.left + self.width, self.bottom + self.height
        for value, text in self._across.ticks:
            x, _ = self.at((value, self._up.low))
            if grid:
                sheet.stroke([(x, self.bottom), (x, top)], PALE, 0.4)
            sheet.stroke([(x, self.bottom), (x, self.bottom - 1.5)], BLACK, 0.5)
            sheet.text(x, self.bottom - 8.5, text, _SMALL, align=0.5)
        for value, text in self._up.ticks:
            _, y = self.at((self._across.low, value))
            if grid:
                sheet.stroke([(self.left, y), (right, y)], PALE, 0.4)
            sheet.text(self.left - 2.5, y - 2.2, text, _SMALL, align=1)
        sheet.box(self.left, self.bottom, self.width, self.height, GREY, 0.6)
        sheet.text(self.left + self.width / 2, box.bottom + 1, self._across.name, 7, align=0.5)
        if self._up.name:
            sheet.upright_text(box.left + 6.5, self.bottom + self.height / 2, self._up.name, 7)


def draw_mark(sheet: Sheet, at: Point, shape: Shape, ink: Ink, size: float = 3.0) -> None:
    """Draw one mark round a place of the page: a full dot, a cross, a hollow square or a hollow diamond."""
    (x, y), half = at, size / 2
    if shape is Shape.DOT:
        sheet.canvas.setFillColorRGB(*ink)
        sheet.canvas.circle(x, y, half, stroke=0, fill=1)
    elif shape is Shape.CROSS:
        sheet.stroke([(x - half, y - half), (x + half, y + half)], ink, 1.0)
        sheet.stroke([(x - half, y + half), (x + half, y - half)], ink, 1.0)
    elif shape is Shape.SQUARE:
        sheet.box(x - half, y - half, size, size, ink, 0.9)
    else:
        sheet.stroke([(x, y + half), (x + half, y), (x, y - half), (x - half, y), (x, y + half)], ink, 0.9)


def draw_key(sheet: Sheet, x: float, y: float, samples: Sequence[Sample], right: float) -> float:
    """Write what lines and marks mean, from the left on; return the height that it took."""
    begin, rows = x, 1
    for sample in samples:
        wide = 14 + sheet.width_of(sample.text, _SMALL) + 9
        if x + wide - 9 > right and x > begin:
            x, y, rows = begin, y - 9, rows + 1
        if sample.shape is None:
            sheet.stroke([(x, y + 2.2), (x + 11, y + 2.2)], sample.ink, sample.width, sample.dash)
        else:
            draw_mark(sheet, (x + 6, y + 2.2), sample.shape, sample.ink, 4)
        sheet.text(x + 14, y, sample.text, _SMALL)
        x += wide
    return 9.0 * rows
