"""What a target is made of when it is drawn: boxes, polygons and discs in millimetres, each in one flat colour.

A shape lies wholly on its `ground`, the paper or one shape before it, and shares no area with any other. So a
drawing may add up coverage without asking what lies on top.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

from station.calibration.label import modules
from station.imaging.cv import cv
from station.model.target import (
    Dot,
    Fiducial,
    Marker,
    Patch,
    PatchKind,
    Point,
    Ruler,
    SlantedSquare,
    Symbol,
    TargetLabel,
    TargetLayout,
)

Design = tuple[int, int, int]
"""A colour as the drawing asks for it, in sRGB."""

WHITE: Design = (255, 255, 255)
BLACK: Design = (0, 0, 0)

TICK_WIDTH_MM = 0.2
"""Of a ruler's ticks, which stand with their middle on the millimetre."""

_MARKER_MODULES = 6  # four by four and the black border


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that lies straight."""

    left: float
    top: float
    right: float
    bottom: float
    design: Design = BLACK
    ground: Design = WHITE


@dataclass(frozen=True, slots=True)
class Polygon:
    """A convex polygon; the points go round it."""

    points: tuple[Point, ...]
    design: Design = BLACK
    ground: Design = WHITE


@dataclass(frozen=True, slots=True)
class Disc:
    """A round disc."""

    centre: Point
    radius: float
    design: Design = BLACK
    ground: Design = WHITE


Shape = Box | Polygon | Disc
Element = Fiducial | Marker | SlantedSquare | Patch | Dot | Ruler | Symbol


def shapes(layout: TargetLayout, label: TargetLabel) -> Iterator[Shape]:
    """Return all that is drawn, what lies below before what lies on it.

    Raises:
        ValueError: the label cannot be written.
    """
    for fiducial in layout.fiducials:
        yield from _bow_tie(fiducial)
    for marker in layout.markers:
        yield from _modules(marker.centre, marker.size, _marker(marker.id))
    yield from _modules(layout.symbol.centre, layout.symbol.size, modules(label))
    for square in layout.squares:
        yield from _slanted(square)
    for patch in layout.patches:
        if patch.kind is not PatchKind.BLANK:
            yield Box(*extent(patch), patch.design)
    for dot in layout.dots:
        yield Disc(dot.centre, dot.diameter / 2)
        if dot.ring:
            yield Disc(dot.centre, dot.diameter / 4, WHITE, BLACK)
    for ruler in layout.rulers:
        yield from _ticks(ruler)


def extent(element: Element) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the room that one element takes, in mm."""
    match element:
        case Patch(left=left, top=top, width=width, height=height):
            return left, top, left + width, top + height
        case Ruler(start=(x, y), length=length, vertical=vertical, tick=tick):
            long, half = 2 * tick, TICK_WIDTH_MM / 2
            if vertical:
                return x - long, y - half, x, y + length + half
            return x - half, y - long, x + length + half, y
        case SlantedSquare(size=size, degrees=degrees, field=field):
            turn = radians(degrees)
            across = max(size * (cos(turn) + abs(sin(turn))), field)
        case Dot(diameter=diameter):
            across = diameter
        case _:
            across = element.size
    (x, y), half = element.centre, across / 2
    return x - half, y - half, x + half, y + half


def _bow_tie(fiducial: Fiducial) -> Iterator[Shape]:
    """Draw two squares that meet in the centre, the upper one to the left."""
    (x, y), half = fiducial.centre, fiducial.size / 2
    yield Box(x - half, y - half, x, y)
    yield Box(x, y, x + half, y + half)


def _slanted(square: SlantedSquare) -> Iterator[Shape]:
    (x, y), half, turn = square.centre, square.size / 2, radians(square.degrees)
    corners = tuple(
        (x + half * (i * cos(turn) - j * sin(turn)), y + half * (i * sin(turn) + j * cos(turn)))
        for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    if not square.field:
        yield Polygon(corners)
        return
    field = square.field / 2
    yield Box(x - field, y - field, x + field, y + field)
    yield Polygon(corners, WHITE, BLACK)


def _ticks(ruler: Ruler) -> Iterator[Shape]:
    """Draw a tick each millimetre, longer at every fifth and tenth.

    They stand upwards from the line of a ruler along x, and to the left of one along y; the line is not drawn.
    """
    (x, y), half = ruler.start, TICK_WIDTH_MM / 2
    for at in range(round(ruler.length) + 1):
        long = ruler.tick * (2.0 if at % 10 == 0 else 1.5 if at % 5 == 0 else 1.0)
        if ruler.vertical:
            yield Box(x - long, y + at - half, x, y + at + half)
        else:
            yield Box(x + at - half, y - long, x + at + half, y)


def _modules(centre: Point, size: float, rows: Sequence[Sequence[bool]]) -> Iterator[Shape]:
    """Draw a square symbol of black modules, side by side ones of a row as one box."""
    side = size / len(rows)
    left, top = centre[0] - size / 2, centre[1] - size / 2
    for down, row in enumerate(rows):
        begin = 0
        for at in range(len(row) + 1):
            if at < len(row) and row[at]:
                continue
            if at > begin:
                yield Box(left + begin * side, top + down * side, left + at * side, top + (down + 1) * side)
            begin = at + 1


@cache
def _marker(marker_id: int) -> tuple[tuple[bool, ...], ...]:
    """Return a marker of DICT_4X4_50 with its black border, True for ink."""
    aruco = cv().aruco
    drawn = aruco.generateImageMarker(
        aruco.getPredefinedDictionary(aruco.DICT_4X4_50), marker_id, _MARKER_MODULES
    )
    return tuple(tuple(bool(value < 128) for value in row) for row in drawn)
