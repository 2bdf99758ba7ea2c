"""The skin and the hair of a drawn head, painted flat on a texture in the coordinates of the face mesh.

One unit is the side of the canonical face's own texture; the face takes the middle of the whole texture, the
rest of the head lies round it, and the ears have the upper corners.
"""

import random
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from drivers.simulated.brush import Brush, Colour, Point, shade, smooth
from drivers.simulated.head_looks import Looks
from drivers.simulated.head_shape import (
    EYE_CORNERS,
    FACE_SHARE,
    LID_FOLDS,
    LIP_CORNERS,
    LOWER_LIDS,
    LOWER_LIP,
    UPPER_LIDS,
    UPPER_LIP,
    Floats,
)
from station.imaging.canonical_face import canonical_face
from station.imaging.cv import cv

SIDE_PX = 1536
LASH: Colour = (22, 17, 16)
MIDDLE_SKIN = 330
"""Sum of a skin's colours below which its lids are lighter than the skin about them."""
EAR_AT: tuple[Point, Point] = ((0.07, 0.07), (0.93, 0.07))
EAR_RADIUS = 0.06
"""Where the ears lie on the texture (0 to 1), left of the picture first."""

BROWS = (((70, 63, 105, 66, 107), (46, 53, 52, 65, 55)), ((300, 293, 334, 296, 336), (276, 283, 282, 295, 285)))
OUTER_LIPS = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291),
    (291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 61),
)
LIDS_MEET = (130, 359)
"""Just outside an outer corner, where lids and lashes shade the skin: so a network finds the corner."""
SMILE_LINES = ((98, 203, 206, 216, 212), (327, 423, 426, 436, 432))


@lru_cache(maxsize=6)
def skin_texture(looks: Looks) -> Floats:
    """Return the skin's light reflected, 0 to 1 in linear light: (side, side, 3). Read only."""
    image = Image.new("RGB", (SIDE_PX, SIDE_PX), looks.skin)
    brush, dice = _brush(image), random.Random(f"skin {looks.seed}")
    _blood(brush, looks)
    _hollows(brush, looks)
    _lips(brush, looks)
    for side in (0, 1):
        _eyelid(brush, looks, side)
        _brow(brush, looks, side, dice)
    _ears(image, looks)
    pixels = np.asarray(image, np.float32) / 255
    pixels *= 1 + _grain(looks.seed)[..., None]
    texture: Floats = np.square(np.clip(pixels, 0, 1))
    texture.setflags(write=False)
    return texture


def _brush(image: Image.Image) -> Brush:
    start = (0.5 - FACE_SHARE / 2) * SIDE_PX
    return Brush(image, (start, start), FACE_SHARE * SIDE_PX)


def _grain(seed: int) -> Floats:
    """Return pores and uneven colour: what skin has and wax has not."""
    dice = np.random.default_rng(seed)
    fine = dice.normal(0, 0.02, (SIDE_PX, SIDE_PX)).astype(np.float32)
    pores = cv().GaussianBlur(dice.normal(0, 0.075, (SIDE_PX, SIDE_PX)).astype(np.float32), (0, 0), 1.6)
    small = dice.normal(0, 0.16, (SIDE_PX // 8, SIDE_PX // 8)).astype(np.float32)
    blotches = cv().resize(cv().GaussianBlur(small, (0, 0), 2.0), (SIDE_PX, SIDE_PX))
    grain: Floats = fine + pores + blotches
    return grain


def _at(*points: int) -> list[Point]:
    return [(float(u), float(v)) for u, v in np.asarray(canonical_face().uv)[list(points)]]


def _mirror(side: int) -> Callable[[list[Point]], list[Point]]:
    return lambda points: [(x if side == 0 else 1 - x, y) for x, y in points]


def _blood(brush: Brush, looks: Looks) -> None:
    """Redder cheeks, nose and chin; a paler forehead; the shadow of a beard."""
    warm, light = shade(looks.skin, 0.95, 0.12), shade(looks.skin, 1.05)
    brush.ellipse((0.5, 0.2), (0.26, 0.1), light, soft=0.06, strength=0.5)
    for side in (0, 1):
        (spot,) = _mirror(side)([(0.27, 0.56)])
        brush.ellipse(spot, (0.1, 0.08), warm, soft=0.05, strength=0.75)
    brush.ellipse((0.5, 0.56), (0.05, 0.04), warm, soft=0.03, strength=0.7)
    brush.ellipse((0.5, 0.86), (0.08, 0.05), warm, soft=0.04, strength=0.4)
    if looks.stubble:
        jaw: list[Point] = [
            (0.06, 0.6), (0.16, 0.66), (0.32, 0.66), (0.42, 0.635), (0.5, 0.625), (0.58, 0.635), (0.68, 0.66),
            (0.84, 0.66), (0.94, 0.6), (0.86, 0.86), (0.5, 1.05), (0.14, 0.86),
        ]  # fmt: skip
        tone = tuple((a * 2 + b) // 3 for a, b in zip(looks.skin, looks.hair, strict=True))
        grey: Colour = (tone[0], tone[1], tone[2])
        brush.fill(smooth(jaw), grey, soft=0.03, strength=0.5 * looks.stubble)


def _hollows(brush: Brush, looks: Looks) -> None:
    """What light does not reach: beside the nose's root, nostrils, the fold of a smile, under the lip."""
    dark, deep = shade(looks.skin, 0.72, 0.1), shade(looks.skin, 0.26, 0.2)
    for side in (0, 1):
        flip = _mirror(side)
        (inner, outer) = flip([(0.435, 0.375), (0.3, 0.35)])
        brush.ellipse(inner, (0.03, 0.045), dark, soft=0.02, strength=0.25)
        brush.ellipse(outer, (0.06, 0.03), dark, soft=0.02, strength=0.25)
        brush.line(_at(*SMILE_LINES[side]), dark, 0.012, soft=0.01, strength=0.35)
        brush.line(flip([(0.415, 0.54), (0.408, 0.57), (0.425, 0.595)]), dark, 0.014, soft=0.008, strength=0.6)
        (nostril,) = flip([(0.462, 0.572)])
        brush.ellipse(nostril, (0.022, 0.009), deep, soft=0.005, strength=0.9)
    brush.line([(0.5, 0.625), (0.5, 0.645)], dark, 0.02, soft=0.01, strength=0.3)
    brush.line([(0.45, 0.775), (0.5, 0.785), (0.55, 0.775)], dark, 0.02, soft=0.014, strength=0.5)


def _lips(brush: Brush, looks: Looks) -> None:
    lip = shade(looks.skin, 0.8, 0.2)
    inner = (
        _at(LIP_CORNERS[1], *UPPER_LIP[::-1], LIP_CORNERS[0]),
        _at(LIP_CORNERS[0], *LOWER_LIP, LIP_CORNERS[1]),
    )
    for outer, edge, tone in zip(OUTER_LIPS, inner, (0.86, 0.98), strict=True):
        brush.fill([*_at(*outer), *edge], shade(lip, tone), soft=0.005)
    brush.ellipse((0.5, 0.717), (0.05, 0.008), shade(lip, 1.18), soft=0.007, strength=0.6)
    for edge in inner:
        brush.line(edge, shade(lip, 0.38, 0.1), 0.007, soft=0.003, strength=0.85)


def _eyelid(brush: Brush, looks: Looks, side: int) -> None:
    outer, inner = EYE_CORNERS[side]
    upper, lower = UPPER_LIDS[side], LOWER_LIDS[side]
    folds = LID_FOLDS[side]
    lid = shade(looks.skin, 0.9 if sum(looks.skin) > MIDDLE_SKIN else 1.12, 0.1)
    brush.fill([*_at(outer, *upper, inner), *reversed(_at(*folds))], lid, soft=0.01, strength=0.6)
    brush.line(_at(*folds), shade(looks.skin, 0.5, 0.12), 0.006, soft=0.003, strength=0.7)
    brush.line(_at(*upper, inner), shade(looks.skin, 0.4, 0.14), 0.002, soft=0.0008, strength=0.8)
    brush.line(_at(outer, *upper[:-1]), LASH, 0.0015, soft=0.0006, strength=0.9)
    (meeting,) = _at(LIDS_MEET[side])
    brush.ellipse(meeting, (0.024, 0.014), shade(looks.skin, 0.35, 0.1), soft=0.01, strength=0.75)
    brush.line(_at(outer, *lower, inner), shade(looks.skin, 0.6, 0.16), 0.004, soft=0.002, strength=0.7)


def _brow(brush: Brush, looks: Looks, side: int, dice: random.Random) -> None:
    upper, lower = (np.array(_at(*row)) for row in BROWS[side])
    middle = (upper + lower) / 2
    thick = (0.45, 0.75, 0.95, 0.95, 0.7)
    outline = [
        *((m + (u - m) * t * looks.brows) for m, u, t in zip(middle, upper, thick, strict=True)),
        *(
            (m + (w - m) * t * looks.brows)
            for m, w, t in zip(middle[::-1], lower[::-1], thick[::-1], strict=True)
        ),
    ]
    tone = shade(looks.hair, 0.8)
    brush.fill([(float(x), float(y)) for x, y in outline], tone, soft=0.01, strength=0.45)
    hairs = []
    for _ in range(130):
        along, across = dice.uniform(0, 3.999), dice.uniform(-0.95, 0.95) * looks.brows
        k = int(along)
        spine = middle[k] + (middle[k + 1] - middle[k]) * (along - k)
        half = (upper[k] - lower[k]) / 2 * thick[k]
        way = np.array([(2 * side - 1) * (0.03 - 0.006 * along), -0.004 - 0.002 * along])
        root = spine + half * across - way / 2
        tip = root + way
        hairs.append([(float(root[0]), float(root[1])), (float(tip[0]), float(tip[1]))])
    brush.lines(hairs, shade(looks.hair, 0.6), 0.0024, soft=0.001, strength=0.6)


def _ears(image: Image.Image, looks: Looks) -> None:
    """An ear from the side: rim, the hollow in it, the lobe."""
    warm, dark = shade(looks.skin, 0.92, 0.12), shade(looks.skin, 0.55, 0.15)
    for side, (x, y) in enumerate(EAR_AT):
        brush = Brush(image, (x * SIDE_PX, y * SIDE_PX), EAR_RADIUS * SIDE_PX)
        out = 1 if side else -1
        brush.ellipse((0, 0), (1.15, 1.15), warm)
        brush.line(
            [(-0.3 * out, -0.6), (0.35 * out, -0.65), (0.55 * out, -0.1), (0.3 * out, 0.45)],
            dark,
            0.16,
            soft=0.1,
        )
        brush.ellipse((-0.2 * out, 0.05), (0.3, 0.36), dark, soft=0.15, strength=0.9)


@lru_cache(maxsize=2)
def hair_cover(long_hair: bool) -> Floats:
    """Return where hair grows, 0 to 1 on the texture: all round the face but not under it. Read only."""
    image = Image.new("RGB", (SIDE_PX, SIDE_PX), (255, 255, 255))
    brush, dice = _brush(image), random.Random(f"hairline {long_hair}")
    skin: list[Point] = [
        (0.5, 0.06), (0.66, 0.065), (0.79, 0.105), (0.87, 0.19), (0.905, 0.29), (0.965, 0.36), (1.0, 0.43),
        (1.06, 0.52), (1.12, 0.8), (1.3, 1.2), (1.4, 1.5),
        (-0.4, 1.5), (-0.3, 1.2), (-0.12, 0.8), (-0.06, 0.52), (0.0, 0.43), (0.035, 0.36),
        (0.095, 0.29), (0.13, 0.19), (0.21, 0.105), (0.34, 0.065),
    ]  # fmt: skip
    if long_hair:
        skin = [(x, y + 0.015 * (y < 0.3)) for x, y in skin]
    outline = smooth(skin)
    brush.fill(outline, (0, 0, 0), soft=0.008)
    fringe = []
    for k in range(0, len(outline), 1):
        x, y = outline[k]
        if y < 0.5:
            for _ in range(14):
                u, v = x + dice.uniform(-0.02, 0.02), y + dice.uniform(-0.02, 0.02)
                far = dice.uniform(0.015, 0.05)
                way = np.array([u - 0.5, v - 0.55])
                way /= np.hypot(*way)
                fringe.append([(u, v), (u + float(way[0]) * far, v + float(way[1]) * far)])
    brush.lines(fringe, (255, 255, 255), 0.0025, soft=0.001, strength=0.5)
    cover: Floats = np.asarray(image, np.float32)[..., 0] / 255
    cover.setflags(write=False)
    return cover


@lru_cache(maxsize=6)
def hair_texture(looks: Looks) -> Floats:
    """Return strands that run from the hairline backwards: (side, side) factors about 1. Read only.

    The same picture serves hair that hangs: columns are strands there.
    """
    dice = np.random.default_rng(looks.seed)
    turns = dice.normal(0, 1, (96, 2048)).astype(np.float32)
    turns = cv().GaussianBlur(np.tile(turns, (1, 1)), (0, 0), sigmaX=1.2, sigmaY=14)
    turns = turns / turns.std() * 0.08
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX].astype(np.float32) / SIDE_PX - 0.5
    angle = (np.arctan2(y - 0.05, x) / (2 * np.pi) + 0.5) * 2047
    reach = np.hypot(x, y) * 135
    strands: Floats = 1 + cv().remap(turns, angle, np.clip(reach, 0, 95), cv().INTER_LINEAR)
    strands.setflags(write=False)
    return strands
