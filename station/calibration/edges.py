"""The slanted edges of a located target as regions of linear light, each from the original pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import cos, radians, sin

import numpy as np

from station.calibration.edge_line import Floats
from station.calibration.lab import LIGHT
from station.calibration.located import Located
from station.model.image import Pixels
from station.model.target import Point, SlantedSquare

LUMA = (0.213, 0.715, 0.072)
"""Weights of red, green and blue (IEC 61966-2-1 to three places, as in the reference program sfrmat5)."""

_ALONG = 0.8
_ACROSS = 0.55
"""Of the square's side: the region keeps clear of the corners, and of what stands beside the square."""
_SIDES: dict[str, Point] = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One side of a slanted square, cut out and turned so that the edge runs near the vertical.

    `square` is the square's id, `side` left, right, top or bottom on the sheet. `direction` is the picture's
    axis, x or y, along which it measures. `light` is (rows, columns) or (rows, columns, 3), linear, 0 to 1;
    a region that reaches beyond the picture is not `whole`.
    """

    square: str
    side: str
    direction: str
    whole: bool
    light: Floats = field(repr=False)

    @property
    def name(self) -> str:
        """The name within all edges of the picture, direction first: `x_top_left_right`."""
        return f"{self.direction}_{self.square}_{self.side}"

    @property
    def channels(self) -> tuple[Floats, ...]:
        """Red, green and blue; none of a grey picture."""
        return tuple(np.moveaxis(self.light, 2, 0)) if self.light.ndim == 3 else ()

    @property
    def luma(self) -> Floats:
        """The grey of the region, 0 to 1."""
        return self.light @ LUMA if self.light.ndim == 3 else self.light


def cut_edges(pixels: Pixels, located: Located) -> tuple[Edge, ...]:
    """Cut the four sides of every slanted square out of a picture; nothing is resampled."""
    return tuple(edge for square in located.layout.squares for edge in _sides(pixels, located, square))


def by_square(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    """Return the edges of each square, by its id."""
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(edge.square, []).append(edge)
    return groups


def _sides(pixels: Pixels, located: Located, square: SlantedSquare) -> Iterator[Edge]:
    turn, half = radians(square.degrees), square.size / 2
    for side, (i, j) in _SIDES.items():
        outwards = np.array([i * cos(turn) - j * sin(turn), i * sin(turn) + j * cos(turn)])
        x, y = np.add(square.centre, half * outwards)
        scale = located.scale_at((x, y))
        normal = scale @ outwards
        direction = "x" if abs(normal[0]) > abs(normal[1]) else "y"
        length = square.size * float(np.sqrt(abs(np.linalg.det(scale))))
        size = (_ACROSS * length, _ALONG * length) if direction == "x" else (_ALONG * length, _ACROSS * length)
        codes, whole = _region(pixels, located.pixels_at((x, y))[0], size)
        turned = codes if direction == "x" else np.swapaxes(codes, 0, 1)
        yield Edge(square.id, side, direction, whole, LIGHT[turned])


def _region(pixels: Pixels, middle: Floats, size: tuple[float, float]) -> tuple[Pixels, bool]:
    """Return the region of `size` (width, height) round a point, and whether the picture has all of it."""
    first = np.ceil(middle - np.divide(size, 2)).astype(int)
    last = np.floor(middle + np.divide(size, 2)).astype(int) + 1
    height, width = pixels.shape[:2]
    (left, top), (right, bottom) = np.maximum(first, 0), np.maximum(last, 0)
    whole = bool((first >= 0).all()) and right <= width and bottom <= height
    return pixels[top:bottom, left:right], bool(whole)
