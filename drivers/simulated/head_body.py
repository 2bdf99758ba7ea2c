"""What belongs to a head: ears, neck and shoulders, hair that hangs; in head coordinates, cm."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from drivers.simulated.head_paint import EAR_AT, EAR_RADIUS
from drivers.simulated.head_shape import Floats, Indices

BODY_RINGS = np.array(
    [
        # height, half the width, half the depth, middle's z
        (-4.0, 5.2, 5.2, -4.2),
        (-9.0, 5.1, 5.2, -4.4),
        (-11.8, 5.3, 5.4, -4.8),
        (-13.2, 6.4, 5.9, -5.0),
        (-14.0, 8.8, 6.8, -5.0),
        (-15.0, 13.0, 8.0, -5.0),
        (-16.6, 17.2, 9.2, -5.0),
        (-19.0, 19.8, 10.2, -5.0),
        (-25.0, 21.3, 11.2, -5.0),
        (-34.0, 22.0, 12.0, -5.0),
        (-60.0, 22.0, 13.0, -5.0),
    ]
)
HANGING_RINGS = np.array(
    [
        # the same of hair that hangs round the head
        (9.0, 7.6, 8.6, -2.6),
        (6.0, 8.6, 9.6, -2.8),
        (2.0, 9.0, 9.9, -3.2),
        (-3.0, 9.1, 9.3, -3.9),
        (-8.0, 9.2, 8.2, -4.4),
        (-12.0, 9.7, 7.4, -4.6),
        (-15.5, 9.9, 6.6, -4.8),
    ]
)
PARTING_DEGREES = np.array([14.0, 4.0, -6.0, -12.0, -15.0, -18.0, -22.0])
"""How far behind the ears hanging hair begins, ring for ring; less than 0 is before them."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A surface in space: `marks` (points, 2) say where on it a point lies."""

    points: Floats
    marks: Floats
    triangles: Indices


@lru_cache(maxsize=1)
def ears() -> Surface:
    """Return both ears as flat shells that stand off the head; `marks` lie on the skin's texture."""
    points: list[Floats] = []
    marks: list[Floats] = []
    triangles: list[Indices] = []
    rings, sides = 7, 20
    for side, (u, v) in enumerate(EAR_AT):
        out = 1 if side else -1
        reach, angle = np.meshgrid(np.linspace(0, 1, rings), np.linspace(0, 2 * np.pi, sides, endpoint=False))
        across, up = reach * np.cos(angle), reach * np.sin(angle)
        taper = 1 + 0.22 * up
        rim = 0.45 * np.sqrt(np.clip(1 - reach**4, 0, 1)) - 0.25 * np.exp(-((reach - 0.45) ** 2) / 0.05)
        lean = np.radians(38)
        flat_x, flat_z = rim, -across * 1.75 * taper
        x = 7.3 + flat_x * np.cos(lean) - (flat_z - 0.6) * np.sin(lean)
        z = -2.6 + flat_x * np.sin(lean) + (flat_z - 0.6) * np.cos(lean)
        y = 0.7 + up * 2.9 + 0.12 * z
        start = len(points) * rings * sides
        points.append(np.stack([out * x, y, z], 2).reshape(-1, 3))
        marks.append(np.stack([u + out * across * EAR_RADIUS * -1, v - up * EAR_RADIUS], 2).reshape(-1, 2))
        triangles.append(_strips(sides, rings, start, closed=True, inwards=out < 0))
    return Surface(
        np.concatenate(points).astype(np.float32),
        np.concatenate(marks).astype(np.float32),
        np.concatenate(triangles),
    )


@lru_cache(maxsize=1)
def body() -> Surface:
    """Return neck and shoulders; `marks` are the height and how far to the front (1) a point lies."""
    rings = _between(BODY_RINGS, 36)
    angles = np.radians(np.linspace(-20, 200, 64))
    points = _round(rings, np.broadcast_to(angles, (len(rings), len(angles))))
    marks = np.stack([points[..., 1], np.broadcast_to(np.sin(angles), points.shape[:2])], 2)
    return Surface(
        points.reshape(-1, 3), marks.reshape(-1, 2).astype(np.float32), _strips(len(rings), len(angles), 0)
    )


@lru_cache(maxsize=1)
def hanging_hair() -> Surface:
    """Return a curtain of hair open at the face; `marks` run round it and down it, 0 to 1."""
    rings = _between(np.column_stack([HANGING_RINGS, PARTING_DEGREES]), 24)
    share = np.linspace(0, 1, 72)
    angles = np.radians(180 + rings[:, 4:5] + (180 - 2 * rings[:, 4:5]) * share)
    wave = (
        1
        + 0.012 * np.cos((share - 0.5) * 60)[None, :]
        + 0.02 * np.cos((share - 0.5) * 23)[None, :] * np.linspace(0, 1, 24)[:, None]
    )
    points = _round(rings, angles)
    points[..., [0, 2]] = (points[..., [0, 2]] - [0, -3.5]) * wave[..., None] + [0, -3.5]
    marks = np.stack(np.broadcast_arrays(share[None, :], np.linspace(0, 1, 24)[:, None]), 2)
    return Surface(
        points.reshape(-1, 3).astype(np.float32), marks.reshape(-1, 2).astype(np.float32), _strips(24, 72, 0)
    )


def _between(rings: Floats, count: int) -> Floats:
    """Return rings at even steps of number, smooth by Catmull and Rom."""
    place = np.linspace(0, len(rings) - 1.0001, count)
    k, t = place.astype(int), (place % 1)[:, None]
    a, b, c, d = (rings[np.clip(k + step, 0, len(rings) - 1)] for step in (-1, 0, 1, 2))
    curve: Floats = b + (c - a) * t / 2 + (a - 2.5 * b + 2 * c - d / 2) * t**2
    curve += (1.5 * (b - c) + (d - a) / 2) * t**3
    return curve


def _round(rings: Floats, angles: Floats) -> Floats:
    """Return points round ellipses: angle 0 lies to the picture's right, 90 degrees to the camera."""
    x = rings[:, 1:2] * np.cos(angles)
    z = rings[:, 3:4] + rings[:, 2:3] * np.sin(angles)
    return np.stack([x, np.broadcast_to(rings[:, :1], x.shape), z], 2).astype(np.float32)


def _strips(rows: int, columns: int, start: int, *, closed: bool = False, inwards: bool = False) -> Indices:
    """Return the triangles between neighbours of a grid of points."""
    down = np.arange(rows if closed else rows - 1)[:, None] * columns + np.arange(columns - 1)
    below = (down + columns) % (rows * columns)
    a, b, c, d = (grid.ravel() + start for grid in (down, down + 1, below, below + 1))
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)]).astype(np.int32)
    return triangles[:, ::-1] if inwards else triangles
