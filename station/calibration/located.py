"""A target as it was found in a picture: which sheet, where each of its points lies, and how it was laid down.

Pixel centres are at integers: a sheet point X mm, drawn exactly at d dpi, lies at X * d / 25.4 - 0.5.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.model.target import ChartLayout, Point, TargetLabel, TargetLayout

Array = NDArray[np.float64]


class Placed(Protocol):
    """Whatever lies in a picture with known places."""

    def pixels_at(self, points: ArrayLike) -> Array:
        """Return the pixel positions (n, 2) of points (n, 2) of the sheet."""

    def scale_at(self, point: Point) -> Array:
        """Return the local map to pixels at a point of the sheet: 2 x 2."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A bow-tie's or a dot's centre: `sheet` in millimetres as designed, `pixel` as found."""

    id: str
    sheet: Point
    pixel: Point


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where a target lies in a picture.

    `label` is None where no DataMatrix of it was read. `to_px` is the 3 x 3 homography from sheet millimetres
    to pixels, by least squares through `features`; `residual_px` is the rms distance (px) that it leaves there.
    `turned` is the quarter turn of the sheet in the picture, clockwise: 0, 90, 180 or 270 degrees.
    """

    layout: TargetLayout
    label: TargetLabel | None
    to_px: Array = field(repr=False)
    turned: int
    residual_px: float
    features: tuple[Feature, ...] = field(repr=False)

    def pixels_at(self, points: ArrayLike) -> Array:
        """Return the pixel positions (n, 2) of sheet points (n, 2) in millimetres."""
        return mapped(self.to_px, points)

    def scale_at(self, point: Point) -> Array:
        """Return the local map from millimetres to pixels at a sheet point: 2 x 2, px per mm."""
        return local_scale(self.to_px, point)


@dataclass(frozen=True, slots=True, eq=False)
class LocatedChart:
    """Where a commercial target lies in a picture.

    `to_px` is the 3 x 3 homography from the layout's unit to pixels; `turned` is the quarter turn of the
    chart in the picture, clockwise: 0, 90, 180 or 270 degrees.
    """

    layout: ChartLayout
    to_px: Array = field(repr=False)
    turned: int

    def pixels_at(self, points: ArrayLike) -> Array:
        """Return the pixel positions (n, 2) of points (n, 2) of the layout."""
        return mapped(self.to_px, points)

    def scale_at(self, point: Point) -> Array:
        """Return the local map from the layout's unit to pixels at a point: 2 x 2."""
        return local_scale(self.to_px, point)


def mapped(homography: Array, points: ArrayLike) -> Array:
    """Return points (n, 2) sent through a homography."""
    flat = np.atleast_2d(np.asarray(points, np.float64))
    found = np.column_stack((flat, np.ones(len(flat)))) @ homography.T
    return np.asarray(found[:, :2] / found[:, 2:], np.float64)


def local_scale(homography: Array, point: Point) -> Array:
    """Return how a homography stretches at a point: 2 x 2, columns are the images of x and y."""
    above = homography @ (*point, 1.0)
    place = above[:2] / above[2]
    return np.asarray((homography[:2, :2] - np.outer(place, homography[2, :2])) / above[2], np.float64)


def moved(homography: Array, by: ArrayLike) -> Array:
    """Return a homography whose pictures lie `by` (x, y) further."""
    shift = np.eye(3)
    shift[:2, 2] = by
    return np.asarray(shift @ homography, np.float64)
