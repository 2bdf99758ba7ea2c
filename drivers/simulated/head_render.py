"""From points in space to pixels: a pinhole camera, and triangles drawn from far to near."""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.head_shape import Floats, Indices
from station.imaging.cv import cv

CAMERA_CM = 120.0
"""Distance of the lens from the middle of the face."""

_SHIFT = 4
"""Bits of a pixel's fraction that OpenCV's polygons take."""


def turn(yaw: float, pitch: float, roll: float) -> Floats:
    """Return the rotation of a head: degrees, yaw > 0 nose to the picture's right, pitch > 0 down.

    Roll > 0 is anticlockwise in the picture. The order is that of the pose by fit: roll after yaw after pitch.
    """
    (cy, sy), (cp, sp), (cr, sr) = ((cos(radians(a)), sin(radians(a))) for a in (yaw, pitch, roll))
    about_z = np.array([(cr, -sr, 0), (sr, cr, 0), (0, 0, 1)])
    about_y = np.array([(cy, 0, sy), (0, 1, 0), (-sy, 0, cy)])
    about_x = np.array([(1, 0, 0), (0, cp, -sp), (0, sp, cp)])
    return np.asarray(about_z @ about_y @ about_x, np.float32)


@dataclass(frozen=True, slots=True)
class Lens:
    """A pinhole camera whose axis goes through the middle of the face, 1.2 m away.

    The picture of it is then moved in the frame, as a shifted lens does: a head is seen under the same angle
    wherever it stands, and its pose is exact there. `scale` is pixels a centimetre at that distance,
    `place_px` where the middle of the face falls.
    """

    scale: float
    place_px: tuple[float, float]

    def project(self, points: Floats) -> Floats:
        """Return x and y in pixels (y down) and z in cm, for points about the middle of the face."""
        near = CAMERA_CM / (CAMERA_CM - points[:, 2:])
        flat = points[:, :2] * near * np.array([self.scale, -self.scale], np.float32)
        return np.concatenate([flat + np.array(self.place_px, np.float32), points[:, 2:]], 1).astype(np.float32)


def normals(points: Floats, triangles: Indices) -> Floats:
    """Return the unit normal at each point, outwards."""
    corners = points[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = np.stack(
        [
            sum(np.bincount(triangles[:, k], faces[:, axis], minlength=len(points)) for k in range(3))
            for axis in range(3)
        ],
        1,
    )
    return np.asarray(sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Where a surface is seen: `rows` and `columns` of its pixels, and `values` (pixels, k) carried there."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: Floats


def draw(seen: Floats, triangles: Indices, carried: Floats, shape: tuple[int, int]) -> Drawn:
    """Carry the values of the points, and last their height, to the pixels in which the surface is seen.

    `seen` is what `Lens.project` returned. The far side is left out. Triangles are painted from far to
    near, each with its own number; then every pixel asks its triangle for its values.
    """
    a, b, c = (seen[triangles[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    inside = (np.maximum(np.maximum(a, b), c)[:, :2] > 0).all(1)
    inside &= (np.minimum(np.minimum(a, b), c)[:, :2] < np.array([shape[1], shape[0]])).all(1)
    kept = np.flatnonzero(inside & (area < 0))
    kept = kept[np.argsort((a + b + c)[kept, 2], kind="stable")]
    numbers = np.full(shape, -1, np.int32)
    corners = np.round(seen[triangles[kept], :2] * (1 << _SHIFT) - (1 << _SHIFT - 1)).astype(np.int32)
    fill = cv().fillConvexPoly
    for number, corner in zip(kept.tolist(), corners, strict=True):
        fill(numbers, corner, number, 8, _SHIFT)
    rows, columns = np.nonzero(numbers >= 0)
    which = numbers[rows, columns]
    area = np.where(area == 0, 1, area)
    x, y = columns.astype(np.float32) + 0.5, rows.astype(np.float32) + 0.5
    first = ((b[:, 1] - c[:, 1]) / area, (c[:, 0] - b[:, 0]) / area)
    second = ((c[:, 1] - a[:, 1]) / area, (a[:, 0] - c[:, 0]) / area)
    x, y = x - c[which, 0], y - c[which, 1]
    p = np.clip(first[0][which] * x + first[1][which] * y, 0, 1)[:, None]
    q = np.clip(second[0][which] * x + second[1][which] * y, 0, 1)[:, None]
    all_ = np.concatenate([carried, seen[:, 2:]], 1)
    corner = triangles[which]
    values = all_[corner[:, 0]] * p + all_[corner[:, 1]] * q + all_[corner[:, 2]] * (1 - p - q)
    return Drawn(rows, columns, values)
