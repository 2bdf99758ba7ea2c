"""The shape of a drawn head: the canonical face, closed to a whole head, made smooth, and moved by expressions.

Head coordinates are centimetres: x to the right of the picture, y up, z to the camera, as in the canonical
face. The first 468 points are those of the face mesh, so the truth about every landmark is known.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from station.imaging.canonical_face import canonical_face

Floats = NDArray[np.floating]
Indices = NDArray[np.int32]

FACE_POINTS = 468

UPPER_LIDS = ((246, 161, 160, 159, 158, 157, 173), (466, 388, 387, 386, 385, 384, 398))
LOWER_LIDS = ((7, 163, 144, 145, 153, 154, 155), (249, 390, 373, 374, 380, 381, 382))
LID_FOLDS = ((247, 30, 29, 27, 28, 56, 190), (467, 260, 259, 257, 258, 286, 414))
EYE_CORNERS = ((33, 133), (263, 362))
"""Outer and inner corner; the eye on the left of the picture first, here and everywhere."""
UPPER_LIP = (191, 80, 81, 82, 13, 312, 311, 310, 415)
LOWER_LIP = (95, 88, 178, 87, 14, 317, 402, 318, 324)
OUTER_LOWER_LIP = (146, 91, 181, 84, 17, 314, 405, 321, 375)
MIDDLE_LOWER_LIPS = ((77, 90, 180, 85, 16, 315, 404, 320, 307), (96, 89, 179, 86, 15, 316, 403, 319, 325))
LIP_CORNERS = (78, 308)
MOUTH_CORNERS = (61, 291)
OUTLINE = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
    150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip

EYE_IN_SOCKET = np.array([0.21, 0.17, -0.68], np.float32)
"""From the middle of an eye's corners to the ball's middle, cm: aside, up, and back.

No farther aside than irises of averaged faces lie, up so that the upper lid covers some of the iris, and as
deep as lids of `EYE_SHAPE` ask that lie on a ball as large as life.
"""
EYE_RADIUS = 1.2
NECK_PIVOT = np.array([0, -6.0, -4.0], np.float32)
"""About where a head turns; the shoulders stay."""

SKULL_CENTRE = np.array([0, 3.0, -2.6], np.float32)
SKULL_AXES = np.array([7.45, 9.6, 9.8], np.float32)
BACK_OF_HEAD = np.array([0, 0.1, -1.0], np.float32)
PROPORTIONS = np.array(
    [
        (0.17, -0.22, -0.21, 0.66, 0.45, -1.13, -1.00, 0.20, -0.67),
        (0.08, 0.20, -0.41, -0.55, 0.37, -0.30, -0.10, -0.19, -0.18),
        (-0.02, -0.04, -0.39, 0.19, 0.01, -0.19, 0.0, 0.55, 0.0),
    ],
    np.float32,
)
"""How average people differ from the canonical face, which is wide and long: cm along x, y, z.

Polynomials in u = x / 8 and v = y / 8, 1, u2, v, u2 v, v2, u4, u2 v2, v3, v4 (of x: times u), fitted to the
meshes that the network finds on averaged faces of ten groups of people, to 1 mm. A network pulls other faces
towards them: at 2 mm the distance between the eyes reads 1 % wider when the head is turned.
"""
FORWARD = ((0, 6, 5, 2.5, 0.4), (5.5, 6, 2.5, 2.5, -0.3))
"""The forehead is rounder than those show: x, y, z, how wide about, forward, cm."""
LIFT = 0.026
"""What is before the eyes (nose, mouth, chin) is higher by this share of how far, what is behind them lower.

Without it the network, which knows a pose by proportions, sees the head bent by 2 degrees more than it is.
"""
EYES_CM = (2.95, 3.3)
"""The middle of an eye's corners: aside of the face's middle, and forward."""
EYE_SHAPE = np.array(
    [
        (1.34, 0.09, -0.27), (-1.34, -0.09, 0.27),
        (1.21, 0.22, 0.0), (1.04, 0.35, 0.22), (0.74, 0.51, 0.43), (0.27, 0.61, 0.58),
        (-0.24, 0.57, 0.61), (-0.76, 0.37, 0.5), (-1.16, 0.1, 0.37),
        (1.15, -0.06, -0.07), (0.95, -0.16, 0.11), (0.65, -0.25, 0.31), (0.19, -0.28, 0.46),
        (-0.32, -0.24, 0.49), (-0.8, -0.17, 0.41), (-1.15, -0.14, 0.28),
        (1.72, 0.49, -0.03), (1.49, 0.83, 0.34), (1.09, 1.11, 0.6), (0.46, 1.25, 0.81),
        (-0.25, 1.17, 0.8), (-0.87, 0.87, 0.62), (-1.39, 0.33, 0.48),
    ],
    np.float32,
)  # fmt: skip
"""Corners, upper lid, lower lid and fold of the same average, cm from the middle of the corners, x outwards.

The canonical eye is narrow, its inner corner is blunt and its fold lies half a centimetre lower. Were an outer
corner 1 cm behind the inner one (it is 0.54), a network would see the near eye of a turned head too narrow and
the far one too wide.
"""
EYE_REACH_CM = 0.4
"""How wide about those points the skin goes with them."""
REST_SMILE = 0.08
"""The corners of a friendly mouth at rest."""
RINGS = 7
FACE_SHARE = 0.55
"""Share of the texture's side that the face takes; round it lies the rest of the head."""
ROUNDS = 2
"""Rounds of subdivision: 1400 triangles become 22 000."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One round of Loop's subdivision: how new points come from old ones (C. Loop, 1987).

    Inner edges take 3/8 of their ends and 1/8 of the opposite corners, edges of a hole the middle; corners of
    eyes and mouth stay where they are.
    """

    edges: Indices
    facing: Indices
    inner: NDArray[np.bool_]
    weight: Floats
    rim: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    triangles: Indices

    @classmethod
    def of(cls, triangles: Indices, points: int, fixed: Indices) -> "Cut":
        """Work out the round for this mesh."""
        sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
        across = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
        edges, place, count = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
        place = place.ravel()
        order = np.argsort(place, kind="stable")
        first = np.concatenate([[0], np.cumsum(count)[:-1]])
        facing = np.stack([across[order[first]], across[order[first + count - 1]]], 1)
        inner = count == 2
        a, b, c = (place[k * len(triangles) : (k + 1) * len(triangles)] + points for k in range(3))
        t = triangles.T
        parts = ((t[0], a, c), (t[1], b, a), (t[2], c, b), (a, b, c))
        valence = np.bincount(edges.ravel(), minlength=points).astype(np.float32)
        beta = (5 / 8 - (3 / 8 + np.cos(2 * np.pi / np.maximum(valence, 3)) / 4) ** 2) / np.maximum(valence, 1)
        rim = np.zeros(points, bool)
        rim[edges[~inner].ravel()] = True
        held = np.zeros(points, bool)
        held[fixed] = True
        new = np.concatenate([np.stack(part, 1) for part in parts]).astype(np.int32)
        return cls(edges, facing, inner, beta.astype(np.float32), rim, held, new)

    def __call__(self, points: Floats) -> Floats:
        """Return the old points, moved, and the new ones after them."""
        ends = points[self.edges]
        middle = ends.sum(1) / 2
        span = np.where(self.inner[:, None], middle * 0.75 + points[self.facing].sum(1) / 8, middle)
        near, beside = np.zeros_like(points), np.zeros_like(points)
        for k in (0, 1):
            np.add.at(near, self.edges[:, k], ends[:, 1 - k])
            hole = ~self.inner
            np.add.at(beside, self.edges[hole, k], ends[hole, 1 - k])
        count = np.bincount(self.edges.ravel(), minlength=len(points)).astype(np.float32)[:, None]
        weight = self.weight[:, None]
        moved = points * (1 - count * weight) + near * weight
        moved = np.where(self.rim[:, None], points * 0.75 + beside / 8, moved)
        moved = np.where(self.fixed[:, None], points, moved)
        return np.concatenate([moved, span]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class HeadMesh:
    """The head at rest: control points, their place on the texture (0 to 1), and how they become smooth."""

    control: Floats
    uv: Floats
    cuts: tuple[Cut, ...]

    @property
    def triangles(self) -> Indices:
        """The smooth mesh's triangles, anticlockwise when seen from outside."""
        return self.cuts[-1].triangles

    def smooth(self, points: Floats) -> Floats:
        """Return the smooth surface of these control points; the first points are the same landmarks."""
        for cut in self.cuts:
            points = cut(points)
        return points


@lru_cache(maxsize=1)
def head_mesh() -> HeadMesh:
    """Return the head at rest, mouth closed, holes for eyes and mouth. Drawn once, never changed."""
    face = canonical_face()
    points, uv = _closed_mouth(_average(np.asarray(face.points, np.float32))), np.asarray(face.uv, np.float32)
    triangles = np.asarray(face.triangles, np.int32)
    for ring in _holes():
        triangles = triangles[~np.isin(triangles, ring).all(1)]
    whole, spread, closed = _with_skull(points, (uv - 0.5) * FACE_SHARE + 0.5, triangles)
    fixed = np.array([*EYE_CORNERS[0], *EYE_CORNERS[1], *LIP_CORNERS], np.int32)
    cuts, mesh, count = [], closed, len(whole)
    for _ in range(ROUNDS):
        cut = Cut.of(mesh, count, fixed)
        cuts.append(cut)
        mesh, count = cut.triangles, count + len(cut.edges)
    result = HeadMesh(whole, spread, tuple(cuts))
    control = whole
    for _ in range(4):
        # Smoothing shrinks: push the control points out until the smooth landmarks are the canonical ones.
        control = control + (whole - result.smooth(control)[: len(whole)])
    return HeadMesh(control, result.smooth(spread), tuple(cuts))


def _average(points: Floats) -> Floats:
    u2, v = (points[:, 0] / 8) ** 2, points[:, 1] / 8
    terms = np.stack([np.ones_like(v), u2, v, u2 * v, v * v, u2 * u2, u2 * v * v, v**3, v**4], 1)
    change = terms @ PROPORTIONS.T
    change[:, 0] *= points[:, 0] / 8
    moved = points + change
    for x, y, z, size, forward in FORWARD:
        moved[:, 2] += _near(points, x, y, z, size) * forward
    moved[:, 1] += LIFT * (moved[:, 2] - EYES_CM[1])
    for side in (0, 1):
        row = [*EYE_CORNERS[side], *UPPER_LIDS[side], *LOWER_LIDS[side], *LID_FOLDS[side]]
        out = np.array([2 * side - 1, 1, 1], np.float32)
        middle = moved[list(EYE_CORNERS[side])].mean(0)
        middle[0] = EYES_CM[0] * out[0]
        eye = middle + EYE_SHAPE * out
        near = np.exp(-((points[:, None] - points[row]) ** 2).sum(2) / (2 * EYE_REACH_CM**2))
        share = near.max(1, keepdims=True) / near.sum(1, keepdims=True).clip(1e-6)
        moved += near @ (eye - moved[row]) * share
        moved[row] = eye
    return moved


def _holes() -> tuple[tuple[int, ...], ...]:
    eyes = tuple(
        (*UPPER_LIDS[side], *LOWER_LIDS[side], *EYE_CORNERS[side]) for side in (0, 1)
    )  # triangles wholly among these close the hole
    return (*eyes, (*UPPER_LIP, *LOWER_LIP, *LIP_CORNERS))


def _closed_mouth(points: Floats) -> Floats:
    """The canonical lips stand half a centimetre apart: let them meet, each lip moving as a whole."""
    closed = points.copy()
    for k, (upper, lower) in enumerate(zip(UPPER_LIP, LOWER_LIP, strict=True)):
        gap = points[upper] - points[lower]
        closed[upper] -= gap * 0.45
        closed[lower] += gap * 0.45
        for row, share in ((MIDDLE_LOWER_LIPS[1], 0.4), (MIDDLE_LOWER_LIPS[0], 0.3), (OUTER_LOWER_LIP, 0.2)):
            closed[row[k]] += gap * share
    return closed


def _with_skull(points: Floats, uv: Floats, triangles: Indices) -> tuple[Floats, Floats, Indices]:
    """Continue the face over its outline to the back of the head."""
    ring = np.array(OUTLINE)
    start = (points[ring] - SKULL_CENTRE) / SKULL_AXES
    radius = np.linalg.norm(start, axis=1)
    from_, to = start / radius[:, None], BACK_OF_HEAD / np.linalg.norm(BACK_OF_HEAD)
    angle = np.arccos(np.clip(from_ @ to, -1, 1))[:, None]
    way = uv[ring] - 0.5
    reach = np.linalg.norm(way, axis=1)
    added, spread = [], []
    for step in range(1, RINGS + 1):
        share = step / (RINGS + 1)
        turned = (np.sin((1 - share) * angle) * from_ + np.sin(share * angle) * to) / np.sin(angle)
        blend = min(1.0, share * 1.6)
        size = radius * (1 - blend) + blend
        added.append(turned * size[:, None] * SKULL_AXES + SKULL_CENTRE)
        spread.append(way / reach[:, None] * (reach + (0.49 - reach) * share)[:, None] + 0.5)
    rows = [ring, *(len(points) + 36 * k + np.arange(36) for k in range(RINGS))]
    pole = len(points) + 36 * RINGS
    strips = []
    for near, far in pairwise(rows):
        strips += [np.stack([near, np.roll(near, -1), far], 1)]
        strips += [np.stack([np.roll(near, -1), np.roll(far, -1), far], 1)]
    strips.append(np.stack([rows[-1], np.roll(rows[-1], -1), np.full(36, pole)], 1))
    closed = np.concatenate([triangles, *strips]).astype(np.int32)
    whole = np.concatenate([points, *added, [to * SKULL_AXES + SKULL_CENTRE]]).astype(np.float32)
    return whole, np.concatenate([uv, *spread, [[0.5, 0.01]]]).astype(np.float32), closed


def eye_corners(points: Floats) -> Floats:
    """Return the middles of both eyes' corners, left of the picture first: (2, 3)."""
    return np.stack([points[list(corners)].mean(0) for corners in EYE_CORNERS])


@dataclass(frozen=True, slots=True)
class Features:
    """What makes two heads different: shares by which parts are wider than the canonical face."""

    jaw: float = 0.0
    nose: float = 0.0
    cheeks: float = 0.0
    lips: float = 0.0


def posed(features: Features, eyes: tuple[float, float], smile: float, mouth: float) -> Floats:
    """Return the smooth points of this head; eyes open (left, right), smile and mouth are 0 to 1."""
    mesh = head_mesh()
    points = mesh.control.copy()
    _grow(points, features)
    for side in (0, 1):
        _lids(points, side, eyes[side])
    _smile(points, REST_SMILE + smile)
    _open_jaw(points, mouth)
    return mesh.smooth(points)


def _near(points: Floats, x: float, y: float, z: float, size: float) -> Floats:
    """Return how near the points are to this one and to its mirror image: 1 there, 0 far away."""
    away = (np.abs(points[:, 0]) - x) ** 2 + (points[:, 1] - y) ** 2 + (points[:, 2] - z) ** 2
    near: Floats = np.exp(-away / (2 * size * size)).astype(np.float32)
    return near


def _grow(points: Floats, features: Features) -> None:
    jaw = np.clip((-2 - points[:, 1]) / 6, 0, 1) * features.jaw
    nose = _near(points, 1.2, -1.2, 5.6, 1.0) * features.nose
    cheeks = _near(points, 5.2, -0.8, 2.2, 2.4) * features.cheeks
    lips = _near(points, 1.6, -4.2, 5.0, 1.2) * features.lips
    points[:, 0] *= 1 + jaw + nose + cheeks + lips


def _lids(points: Floats, side: int, opening: float) -> None:
    """Draw the upper lid down to the lower one."""
    share = 1.06 - 1.06 * opening
    upper, lower, folds = UPPER_LIDS[side], LOWER_LIDS[side], LID_FOLDS[side]
    for top, low, fold in zip(upper, lower, folds, strict=True):
        gap = points[top] - points[low]
        points[low] += gap * (0.14 * (1 - opening))
        points[top] -= gap * share
        points[fold] -= gap * (0.6 * (1 - opening))
        points[top, 2] += 0.12 * (1 - opening)


def _smile(points: Floats, smile: float) -> None:
    side = np.sign(points[:, 0])
    corner = _near(points, 2.6, -4.3, 4.3, 1.35) * smile
    cheek = _near(points, 4.3, -1.2, 3.6, 1.7) * smile
    points[:, 0] += side * (0.95 * corner + 0.1 * cheek)
    points[:, 1] += 0.75 * corner + 0.35 * cheek
    points[:, 2] += 0.3 * cheek - 0.5 * corner
    lower_lid = _near(points, 3.2, 2.1, 3.7, 0.5) * smile
    points[:, 1] += 0.1 * lower_lid


def _open_jaw(points: Floats, mouth: float) -> None:
    """Turn the jaw down about the ears, at most 16 degrees; the upper lip stays."""
    height, aside = points[:, 1], np.abs(points[:, 0])
    chin = np.clip((-4.6 - height) / 1.2, 0, 1) * np.clip((9.5 - aside) / 4, 0, 1) * (points[:, 2] > -4)
    for rows in (LOWER_LIP, *MIDDLE_LOWER_LIPS, OUTER_LOWER_LIP):
        for k, index in enumerate(rows):
            chin[index] = (0.55, 0.85, 0.96, 1, 1, 1, 0.96, 0.85, 0.55)[k]
    corners = (*MOUTH_CORNERS, *LIP_CORNERS, 62, 292, 76, 306)
    chin[list(corners)] = 0.42
    jaw = np.clip((-1.0 - height) / 8, 0, 1) * np.clip((aside - 2) / 3, 0, 1)
    weight = np.maximum(chin, jaw * 0.6)
    angle = np.radians(16 * mouth) * weight
    y, z = height - 0.3, points[:, 2] + 2.5
    points[:, 1] = 0.3 + y * np.cos(angle) - z * np.sin(angle)
    points[:, 2] = -2.5 + y * np.sin(angle) + z * np.cos(angle)
