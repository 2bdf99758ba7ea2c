"""A drawn person before a camera: the picture, and the truth about it by arithmetic.

The head is rendered from the canonical face mesh (`head_shape`, `head_render`); nobody's photograph is in it.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from drivers.simulated.head_backdrop import cast_shadow, wall
from drivers.simulated.head_looks import Looks
from drivers.simulated.head_render import Lens
from drivers.simulated.head_scene import (
    Canvas,
    Figure,
    Lamp,
    paint_body,
    paint_eyes,
    paint_hair,
    paint_hanging,
    paint_mouth,
    paint_skin,
)
from drivers.simulated.head_shape import FACE_POINTS, LOWER_LIDS, UPPER_LIDS, Floats, eye_corners, posed
from drivers.simulated.head_wear import paint_wear
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Backdrop, Sitter

WIDTH_PX, HEIGHT_PX = 1920, 1080
"""The picture in whose pixels a sitter's lengths are."""
FINE_PX = 165.0
"""Eyes farther apart than this need no finer drawing than the picture's own pixels."""
PERSON_CM = (-31.0, 31.0, -21.0, 19.0)
"""About the middle of the face: left and right of the whole person, top and bottom of the head."""
COMPANION_PX = 560.0
POSTER_PX = (1330.0, 110.0, 330.0, 420.0)
"""Left, top, width, height of a poster."""
LIPS = (13, 14)
CHIN = 152


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of a drawn face. Pixels of the picture asked about; left and right as seen in it.

    `yaw`, `pitch`, `roll` are degrees against the line from the lens to the middle of the face (a pinhole 1.2 m
    away). `eyes` are the middles of the eye corners, `eye_distance_px` is what lies between them as seen (it
    shrinks with yaw). `eye_openings` and `mouth_opening` are shares of the distance from the eyes to the chin.
    """

    yaw: float
    pitch: float
    roll: float
    eyes: tuple[tuple[float, float], tuple[float, float]]
    eye_distance_px: float
    eye_openings: tuple[float, float]
    mouth_opening: float
    chin: tuple[float, float]
    landmarks: Floats = field(repr=False)
    """x and y of mesh points 0 to 467."""


def truth(sitter: Sitter, width_px: int, height_px: int) -> Truth:
    """Return what is true of this sitter's face on a picture of this size."""
    figure = _figure(sitter, width_px, height_px)
    seen = figure.lens.project(figure.turned(figure.points[:FACE_POINTS]))[:, :2]
    left, right = eye_corners(seen)
    length = float(np.linalg.norm((left + right) / 2 - seen[CHIN]))
    openings = [
        max(
            float(np.linalg.norm(seen[a] - seen[b]))
            for a, b in zip(UPPER_LIDS[side], LOWER_LIDS[side], strict=True)
        )
        for side in (0, 1)
    ]
    return Truth(
        yaw=sitter.yaw,
        pitch=sitter.pitch,
        roll=sitter.roll,
        eyes=((float(left[0]), float(left[1])), (float(right[0]), float(right[1]))),
        eye_distance_px=float(np.linalg.norm(right - left)),
        eye_openings=(openings[0] / length, openings[1] / length),
        mouth_opening=float(np.linalg.norm(seen[LIPS[0]] - seen[LIPS[1]])) / length,
        chin=(float(seen[CHIN, 0]), float(seen[CHIN, 1])),
        landmarks=seen,
    )


def render(sitter: Sitter, width_px: int, height_px: int, margin_px: int = 0) -> Pixels:
    """Return the picture, with this margin round it, without the camera's own blur, light and noise."""
    unit = _unit(width_px, height_px)
    wide, high = width_px + 2 * margin_px, height_px + 2 * margin_px
    backdrop = Backdrop.BUSY if sitter.busy_background else sitter.backdrop
    light = wall(backdrop, wide, high, unit, sitter.seed)
    if backdrop is Backdrop.POSTER:
        _poster(light, sitter, unit, margin_px)
    if sitter.companion:
        x, y = sitter.place
        beside = Sitter(
            seed=sitter.seed + 2,
            yaw=-8.0,
            eye_distance_px=sitter.eye_distance_px * 0.9,
            place=(x + COMPANION_PX * unit / width_px, y + 0.03),
        )
        _stand(light, _figure(beside, width_px, height_px), margin_px)
    if sitter.present:
        _stand(light, _figure(sitter, width_px, height_px), margin_px, shadow=backdrop is Backdrop.SHADOW)
    return np.asarray(np.sqrt(np.clip(light, 0, 1)) * 255 + 0.5).astype(np.uint8)


def _unit(width_px: int, height_px: int) -> float:
    return min(width_px / WIDTH_PX, height_px / HEIGHT_PX)


def _figure(sitter: Sitter, width_px: int, height_px: int) -> Figure:
    """Return the head so that the middle between its eyes falls where the sitter's is."""
    looks = Looks.of(sitter.seed, sitter.complexion)
    rest = posed(looks.features, (1.0, 1.0), 0.0, 0.0)[:FACE_POINTS]
    apart = float(np.ptp(eye_corners(Lens(1.0, (0.0, 0.0)).project(rest - rest.mean(0)))[:, 0]))
    scale = sitter.eye_distance_px * _unit(width_px, height_px) / apart
    figure = Figure.of(sitter, Lens(scale, (0.0, 0.0)))
    x, y, _ = figure.lens.project(eye_corners(figure.turned(figure.points[:FACE_POINTS]))).mean(0).tolist()
    place = (sitter.place[0] * width_px - x, sitter.place[1] * height_px - y)
    return replace(figure, lens=Lens(scale, place))


def _stand(light: Floats, figure: Figure, margin_px: int, *, shadow: bool = False) -> None:
    """Paint a person over the wall: shoulders at the picture's own fineness, the head finer."""
    height, width = light.shape[:2]
    scale = figure.lens.scale
    x, y = (place + margin_px for place in figure.lens.place_px)
    left, right = (int(np.clip(x + side * scale, 0, width)) for side in PERSON_CM[:2])
    top = int(np.clip(y + PERSON_CM[2] * scale, 0, height))
    chest = int(np.clip(y + PERSON_CM[3] * scale, 0, height))
    if left >= right or top >= chest:
        return
    lamp = Lamp.of(figure.sitter)
    far = Canvas(right - left, height - top)
    lens = Lens(scale, (x - left, y - top))
    if figure.looks.long_hair:
        paint_hanging(far, figure, lens, lamp, behind=True)
    paint_body(far, figure, lens, lamp)
    fine = 2 if figure.sitter.eye_distance_px * width / WIDTH_PX <= FINE_PX else 1
    near = Canvas((right - left) * fine, (chest - top) * fine)
    lens = Lens(scale * fine, ((x - left) * fine, (y - top) * fine))
    paint_eyes(near, figure, lens, lamp)
    paint_mouth(near, figure, lens)
    paint_skin(near, figure, lens, lamp)
    paint_wear(near, figure, lens, lamp)
    paint_hair(near, figure, lens, lamp)
    if figure.looks.long_hair:
        paint_hanging(near, figure, lens, lamp, behind=False)
    size = (right - left, chest - top)
    body = tuple(cv().GaussianBlur(part, (0, 0), 0.7) for part in (far.light, far.cover))
    head = tuple(cv().resize(part, size, interpolation=cv().INTER_AREA) for part in (near.light, near.cover))
    if shadow:
        whole = body[1].copy()
        whole[: chest - top] = np.maximum(whole[: chest - top], head[1])
        spread = np.zeros(light.shape[:2], np.float32)
        spread[top:, left:right] = whole
        cast_shadow(light, spread, scale)
    for (colour, cover), rows in ((body, slice(top, height)), (head, slice(top, chest))):
        part = light[rows, left:right]
        light[rows, left:right] = part * (1 - cover[..., None]) + colour


def _poster(light: Floats, sitter: Sitter, unit: float, margin_px: int) -> None:
    """Hang a portrait on the wall."""
    left, top, width, height = (round(length * unit) for length in POSTER_PX)
    left, top = left + margin_px, top + margin_px
    edge = max(1, round(8 * unit))
    light[top - edge : top + height + edge, left - edge : left + width + edge] = 0.05
    paper = wall(Backdrop.COLOURED, width, height, unit, 0)
    pictured = Sitter(seed=sitter.seed + 3, eye_distance_px=74.0, place=(0.5, 0.45))
    figure = _figure(pictured, round(WIDTH_PX * unit), round(HEIGHT_PX * unit))
    x, y = figure.lens.place_px
    shift = (WIDTH_PX * unit / 2 - width / 2, HEIGHT_PX * unit * 0.45 - height * 0.42)
    figure = replace(figure, lens=Lens(figure.lens.scale, (x - shift[0], y - shift[1])))
    _stand(paper, figure, 0)
    light[top : top + height, left : left + width] = paper[: light.shape[0] - top, : light.shape[1] - left]
