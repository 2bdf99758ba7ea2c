"""A drawn person before a wall: layer by layer from back to front, and the truth about it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.head_body import Surface, body, ears, hanging_hair
from drivers.simulated.head_looks import Looks
from drivers.simulated.head_paint import LASH, hair_cover, hair_texture, skin_texture
from drivers.simulated.head_render import Drawn, Lens, draw, normals, turn
from drivers.simulated.head_shape import (
    EYE_CORNERS,
    EYE_IN_SOCKET,
    EYE_RADIUS,
    FACE_POINTS,
    LIP_CORNERS,
    LOWER_LIDS,
    LOWER_LIP,
    NECK_PIVOT,
    UPPER_LIDS,
    UPPER_LIP,
    Floats,
    Indices,
    eye_corners,
    head_mesh,
    posed,
)
from station.imaging.cv import cv
from station.model.specimen import Sitter

PINK = np.array([0.9, 0.55, 0.52])
"""What of the skin's light the caruncle throws back."""
CARUNCLE = 0.13
"""Its share of the eye's width."""
WHITE_OF_EYE = np.array([0.66, 0.63, 0.61])
"""It reaches to the caruncle: a dark gap there is taken for the end of the eye when the head is turned."""
NOTHING_CM = -100.0
"""How near nothing is."""
CLOSED_CM = 0.25
"""Lips nearer than this show no teeth."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A head in space and its picture's geometry: what is drawn, and what is true of it."""

    looks: Looks
    sitter: Sitter
    points: Floats
    """The smooth head at rest, in head coordinates."""
    rotation: Floats
    lens: Lens

    @classmethod
    def of(cls, sitter: Sitter, lens: Lens) -> "Figure":
        """Pose the head of this sitter before this lens."""
        looks = Looks.of(sitter.seed, sitter.complexion)
        points = posed(looks.features, sitter.eyes, sitter.smile, sitter.mouth_open)
        return cls(looks, sitter, points, turn(sitter.yaw, sitter.pitch, sitter.roll), lens)

    def turned(self, points: Floats) -> Floats:
        """Return points of the head as they stand before the camera: cm from the middle of the face."""
        return np.asarray((points - self.points[:FACE_POINTS].mean(0)) @ self.rotation.T, np.float32)

    def upright(self, points: Floats) -> Floats:
        """The same of points of the body, which does not turn with the head."""
        return np.asarray(points - NECK_PIVOT + self.turned(NECK_PIVOT), np.float32)


@dataclass(frozen=True, slots=True)
class Lamp:
    """The light: a large lamp before the person and what the walls throw back."""

    towards: tuple[float, float, float]
    strength: float
    around: float

    @classmethod
    def of(cls, sitter: Sitter) -> "Lamp":
        """Return the light of this sitting; what comes from one side leaves the other darker."""
        side = sitter.side_light
        way = np.array([side * 1.6, 0.3, 1.0 - 0.55 * abs(side)])
        way /= np.linalg.norm(way)
        return cls((way[0], way[1], way[2]), 0.66 + 0.1 * abs(side), 0.36 - 0.2 * abs(side))

    def on(self, normal: Floats, wrap: float) -> Floats:
        """Return the light on a surface, about 1 straight ahead; `wrap` lets it creep round edges."""
        facing = normal @ np.array(self.towards, np.float32)
        lit = np.clip((facing + wrap) / (1 + wrap), 0, 1)
        return np.asarray(self.strength * lit + self.around * (1 + 0.25 * normal[:, 1]), np.float32)

    def glint(self, normal: Floats, power: float) -> Floats:
        """Return the mirror image of the lamp, 0 to 1."""
        half = np.array(self.towards) + np.array([0, 0, 1])
        half /= np.linalg.norm(half)
        return np.asarray(np.clip(normal @ half.astype(np.float32), 0, 1) ** power, np.float32)


class Canvas:
    """Linear light and cover, and how near what was painted is."""

    def __init__(self, width: int, height: int) -> None:
        """Start with nothing."""
        self.light: Floats = np.zeros((height, width, 3), np.float32)
        self.cover: Floats = np.zeros((height, width), np.float32)
        self.near: Floats = np.full((height, width), NOTHING_CM, np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.cover.shape
        return height, width

    def put(self, where: Drawn, colour: Floats, cover: Floats | None = None) -> None:
        """Lay this colour over what is there."""
        at = where.rows, where.columns
        if cover is None:
            self.light[at], self.cover[at] = colour, 1
        else:
            self.light[at] = self.light[at] * (1 - cover[:, None]) + colour * cover[:, None]
            self.cover[at] = self.cover[at] * (1 - cover) + cover

    def stain(self, mask: NDArray[np.uint8], colour: tuple[float, float, float], strength: float) -> None:
        """Lay a colour over where the mask (0 to 255) is."""
        left, top, width, height = cv().boundingRect(mask)
        at = slice(top, top + height), slice(left, left + width)
        share = mask[at].astype(np.float32) * np.float32(strength / 255)
        self.light[at] += (np.array(colour, np.float32) - self.light[at]) * share[..., None]
        self.cover[at] = np.maximum(self.cover[at], share)


def linear(colour: tuple[int, int, int]) -> Floats:
    """Return the light of a colour of 8 bits; a square stands for sRGB's curve."""
    return np.square(np.array(colour, np.float32) / 255)


def look_up(texture: Floats, uv: Floats) -> Floats:
    """Return what the texture shows at these places (n, 2), 0 to 1."""
    side = texture.shape[0]
    count, wide = len(uv), 1024
    rows = max(1, -(-count // wide))
    places = np.zeros((rows * wide, 2), np.float32)
    places[:count] = uv * side - 0.5
    grid = places.reshape(rows, wide, 2)
    found = cv().remap(texture, grid[..., 0], grid[..., 1], cv().INTER_LINEAR, borderMode=cv().BORDER_REPLICATE)
    return np.asarray(found.reshape(rows * wide, -1)[:count], np.float32)


def paint_body(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp) -> None:
    """Neck, shoulders and a round collar."""
    surface = body()
    points = figure.upright(surface.points)
    facing = normals(points, surface.triangles)
    seen = draw(
        lens.project(points), surface.triangles, np.concatenate([surface.marks, facing], 1), canvas.shape
    )
    height, front, normal = seen.values[:, 0], seen.values[:, 1], seen.values[:, 2:5]
    collar = -13.9 - 2.4 * np.clip(front, 0, 1) ** 2 - height
    cloth = np.clip(collar * 4 + 0.5, 0, 1)[:, None]
    seam = np.clip(1 - np.abs(collar - 0.75) * 7, 0, 1) + np.clip(1 - np.abs(collar - 0.05) * 5, 0, 1)
    weave = np.random.default_rng(7).normal(1, 0.045, len(height)).astype(np.float32)
    light = lamp.on(normal, 0.15)
    shade = 0.42 + 0.58 * np.clip((-9.5 - height) / 5.0, 0, 1)
    skin = linear(figure.looks.skin) * (light * shade)[:, None] * np.array([1, 0.93, 0.9], np.float32)
    garment = linear(figure.looks.garment) * (light * weave * (1 - 0.4 * seam))[:, None]
    canvas.put(seen, skin * (1 - cloth) + garment * cloth)


def paint_eyes(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp) -> None:
    """Eyeballs and the corners beside them, under the lids' edges that are painted over them."""
    for side in (0, 1):
        _paint_corners(canvas, figure, lens, lamp, side)
        middle = eye_corners(figure.points)[side] + EYE_IN_SOCKET * [2 * side - 1, 1, 1]
        at = lens.project(figure.turned(middle)[None])[0]
        reach = EYE_RADIUS * lens.scale * 1.1
        x0, x1 = (int(np.clip(at[0] + s * reach, 0, canvas.shape[1])) for s in (-1, 1))
        y0, y1 = (int(np.clip(at[1] + s * reach, 0, canvas.shape[0])) for s in (-1, 1))
        rows, columns = (grid.ravel() for grid in np.mgrid[y0:y1, x0:x1])
        dx = (columns + 0.5 - at[0]) / lens.scale
        dy = -(rows + 0.5 - at[1]) / lens.scale
        dz = np.sqrt(np.clip(EYE_RADIUS**2 - dx * dx - dy * dy, 0, None))
        normal = (np.stack([dx, dy, dz], 1) / EYE_RADIUS).astype(np.float32)
        ahead = figure.rotation @ turn(figure.sitter.gaze[0], -figure.sitter.gaze[1], 0)[:, 2]
        off = EYE_RADIUS * np.sqrt(np.clip(1 - (normal @ ahead) ** 2, 0, 1))
        local = normal @ figure.rotation
        lid = figure.points[list(UPPER_LIDS[side]), 1].max() - middle[1]
        shadow = 0.55 + 0.45 * np.clip((lid - local[:, 1] * EYE_RADIUS) / 0.3, 0, 1)
        fibres = 1 + 0.25 * np.sin(np.arctan2(dy, dx) * 23)[:, None] * np.array([1, 1, 1])
        iris = linear(figure.looks.iris) * (1.1 + 1.6 * np.clip(off / 0.58, 0, 1)[:, None] ** 2) * fibres
        rim = np.clip((off - 0.5) / 0.1, 0, 1)[:, None]
        iris = iris * (1 - 0.75 * rim)
        colour = _mix(WHITE_OF_EYE, iris, (0.59 - off) * lens.scale)
        colour = _mix(colour, np.full(3, 0.004), (0.2 - off) * lens.scale)
        light = np.minimum(lamp.on(normal, 0.5), 1.05) * shadow
        colour = colour * light[:, None]
        spot = np.hypot(dx - ahead[0] * EYE_RADIUS + 0.05, dy - ahead[1] * EYE_RADIUS - 0.16)
        colour = _mix(colour, np.full(3, 0.9), (0.07 - spot) * lens.scale)
        ball = np.clip((EYE_RADIUS - 0.04 - np.hypot(dx, dy)) * lens.scale, 0, 1)
        canvas.put(Drawn(rows, columns, normal), colour, ball)


def _paint_corners(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp, side: int) -> None:
    """Between the ball and the lids: moist white skin, and in the inner corner the red caruncle."""
    outer, inner = EYE_CORNERS[side]
    ring = [outer, *UPPER_LIDS[side], inner, *reversed(LOWER_LIDS[side])]
    edge = lens.project(figure.turned(figure.points[ring]))
    hole = _filled(canvas, edge)
    light = float(lamp.on(figure.rotation[:, 2][None], 0.5)[0]) * 0.8
    canvas.stain(hole, tuple(WHITE_OF_EYE * light), 1)
    corner, far = edge[len(UPPER_LIDS[side]) + 1, :2], edge[0, :2]
    rows, columns = np.nonzero(hole)
    away = np.stack([columns + 0.5, rows + 0.5], 1) - corner
    along = (far - corner) / np.sum((far - corner) ** 2)
    share = np.clip((CARUNCLE - away @ along) / 0.05 + 0.5, 0, 1) * hole[rows, columns] / 255
    red = np.zeros(canvas.shape, np.uint8)
    red[rows, columns] = share * 255
    canvas.stain(red, tuple(linear(figure.looks.skin) * PINK * light), 0.9)


def _mix(under: Floats, over: Floats, pixels_inside: Floats) -> Floats:
    share = np.clip(pixels_inside + 0.5, 0, 1)[:, None]
    return np.asarray(under * (1 - share) + over * share, np.float32)


def paint_mouth(canvas: Canvas, figure: Figure, lens: Lens) -> None:
    """The dark of an open mouth and the upper teeth in it."""
    upper, lower = (figure.points[list(row)] for row in (UPPER_LIP, LOWER_LIP))
    corners = figure.points[list(LIP_CORNERS)]
    lift, back = np.array([0, 0.15, 0]), np.array([0, 0, 0.15])
    ring = np.concatenate([corners[:1], upper + lift, corners[1:], lower[::-1] - lift]) - back
    hole = _filled(canvas, lens.project(figure.turned(ring)))
    canvas.stain(hole, (0.035, 0.008, 0.008), 1)
    if (upper[:, 1] - lower[:, 1]).max() < CLOSED_CM:
        return
    drop = np.minimum(upper[:, 1] - lower[:, 1], 0.8) * np.sin(np.linspace(0.5, np.pi - 0.5, len(upper)))
    edge = upper - np.stack([0 * drop, drop, 0.5 + 0 * drop], 1)
    teeth = np.concatenate([upper + np.array([0, 0.1, -0.5]), edge[::-1]])
    canvas.stain(cv().min(hole, _filled(canvas, lens.project(figure.turned(teeth)))), (0.62, 0.59, 0.52), 0.9)


def _filled(canvas: Canvas, seen: Floats) -> NDArray[np.uint8]:
    mask = np.zeros(canvas.shape, np.uint8)
    cv().fillPoly(mask, [np.round(seen[:, :2] * 16 - 8).astype(np.int32)], 255, cv().LINE_AA, 4)
    return mask


def paint_skin(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp) -> None:
    """Face, skull and ears."""
    mesh, ear = head_mesh(), ears()
    points = figure.turned(np.concatenate([figure.points, ear.points]))
    triangles = np.concatenate([mesh.triangles, ear.triangles + len(figure.points)])
    facing = normals(points, triangles)
    marks = np.concatenate([mesh.uv, ear.marks])
    seen = draw(lens.project(points), triangles, np.concatenate([marks, facing], 1), canvas.shape)
    normal = seen.values[:, 2:5]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6
    skin = look_up(skin_texture(figure.looks), seen.values[:, :2])
    # Light creeps round edges more in red than in blue: that is what makes skin look like skin.
    light = np.stack([lamp.on(normal, wrap) for wrap in (0.42, 0.3, 0.24)], 1)
    gloss = 0.035 * lamp.glint(normal, 12) + (0.03 + 0.9 * figure.sitter.shine) * lamp.glint(normal, 40)
    canvas.put(seen, skin * light + gloss[:, None])
    canvas.near[seen.rows, seen.columns] = seen.values[:, 5]
    _lashes(canvas, figure, lens)


def _lashes(canvas: Canvas, figure: Figure, lens: Lens) -> None:
    mask = np.zeros(canvas.shape, np.uint8)
    thick = max(1, round(0.075 * lens.scale))
    for side in (0, 1):
        if figure.rotation[0, 2] * (1 if side else -1) < -0.72:
            continue  # the eye behind the nose
        edge = figure.points[[EYE_CORNERS[side][0], *UPPER_LIDS[side][:-1]]] + np.array(
            [0, 0, 0.06], np.float32
        )
        out = np.array([1 if side else -1, 0, 0])
        lift = 0.28 * figure.sitter.eyes[side] - 0.18
        tips = edge + np.linspace(0.12, 0.02, len(edge))[:, None] * out + np.array([0, lift, 0.32])
        root, tip = (lens.project(figure.turned(row.astype(np.float32)))[:, :2] for row in (edge, tips))
        lines = [np.round(root * 16 - 8).astype(np.int32)]
        cv().polylines(mask, lines, False, 255, thick, cv().LINE_AA, 4)
        fine = max(1, thick // 3)
        for share in np.linspace(0, len(edge) - 1.01, 26):
            k, t = int(share), share % 1
            ends = [(row[k] + (row[k + 1] - row[k]) * t) * 16 - 8 for row in (root, tip)]
            cv().polylines(mask, [np.round(ends).astype(np.int32)], False, 150, fine, cv().LINE_AA, 4)
    canvas.stain(mask, tuple(linear(LASH)), 0.9)


def paint_hair(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp) -> None:
    """Hair on the head: the skull once more, a little larger, covered where hair grows."""
    mesh = head_mesh()
    outwards = normals(figure.points, mesh.triangles)
    height = np.clip((figure.points[:, 1:2] - 1) / 10, 0, 1)
    fall = np.clip((4.2 - figure.points[:, 2:3]) / 5, 0, 1)
    thick = (0.3 + (1.0 if figure.looks.long_hair else 0.9) * height**0.7) * (0.4 + 0.6 * fall)
    grows = look_up(cv().blur(hair_cover(figure.looks.long_hair), (61, 61)), mesh.uv)
    points = figure.turned(figure.points + outwards * thick * np.clip(grows * 2.2 - 1.1, 0.04, 1))
    kept = _covered(figure.looks.long_hair)
    facing = normals(points, mesh.triangles)
    seen = draw(lens.project(points), kept, np.concatenate([mesh.uv, facing], 1), canvas.shape)
    cover = look_up(hair_cover(figure.looks.long_hair), seen.values[:, :2])[:, 0]
    # Beside the head's outline there is nothing that thin hair could let through.
    beside = canvas.near[seen.rows, seen.columns] < NOTHING_CM / 2
    cover = np.where(beside, np.clip(cover * 4, 0, 1), cover) * _before(canvas, seen)
    strands = look_up(hair_texture(figure.looks), seen.values[:, :2])[:, 0]
    canvas.put(seen, _hair_colour(figure, lamp, seen.values[:, 2:5], strands), np.clip(cover, 0, 1))


@lru_cache(maxsize=2)
def _covered(long_hair: bool) -> Indices:
    mesh = head_mesh()
    grows = look_up(cv().dilate(hair_cover(long_hair), np.ones((25, 25), np.uint8)), mesh.uv)[:, 0] > 0
    return mesh.triangles[grows[mesh.triangles].any(1)]


def _before(canvas: Canvas, seen: Drawn) -> Floats:
    """Return 1 where the surface is before what was painted, 0 behind, between where they meet."""
    return np.asarray(np.clip((seen.values[:, -1] - canvas.near[seen.rows, seen.columns]) / 0.12 + 0.5, 0, 1))


def _hair_colour(figure: Figure, lamp: Lamp, normal: Floats, strands: Floats) -> Floats:
    normal = normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6)
    light = lamp.on(normal, 0.3)
    band = np.exp(-((normal[:, 1] - 0.45 - 0.25 * (strands - 1)) ** 2) / 0.05) * np.clip(normal[:, 2], 0, 1)
    own = linear(figure.looks.hair)
    colour = own * (light * np.clip(strands, 0.3, 2.0) ** 1.5)[:, None]
    return np.asarray(colour + (own * 0.9 + 0.012) * (band * strands)[:, None], np.float32)


def paint_hanging(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp, *, behind: bool) -> None:
    """Long hair: its inner side behind the neck, or what lies before the shoulders."""
    surface: Surface = hanging_hair()
    points = figure.turned(surface.points)
    triangles = surface.triangles[:, ::-1] if behind else surface.triangles
    facing = normals(points, triangles)
    seen = draw(lens.project(points), triangles, np.concatenate([surface.marks, facing], 1), canvas.shape)
    round_, down = seen.values[:, 0], seen.values[:, 1]
    strands = look_up(hair_texture(figure.looks), np.stack([round_, 0.02 + down * 0.03], 1))[:, 0]
    ragged = 0.86 + 0.1 * np.sin(round_ * 97) * np.sin(round_ * 41 + 1)
    cover = np.clip((ragged - down) * 12, 0, 1) * np.clip(down * 8, 0, 1)
    cover *= np.clip(np.minimum(round_, 1 - round_) * 60, 0, 1)
    if not behind:
        cover *= _before(canvas, seen)
    colour = _hair_colour(figure, lamp, seen.values[:, 2:5], strands)
    canvas.put(seen, colour * (0.35 if behind else 1.0), cover)
