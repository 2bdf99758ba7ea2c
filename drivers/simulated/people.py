"""Invented people, drawn: what the simulated camera sees and what the drawn passports show.

The geometry follows a frontal portrait (ICAO 9303-3, ISO/IEC 39794-5): a plain light background, eyes level,
the head from chin to crown 610 pixels high in 1080. One unit of the drawing is one pixel of the 1920 x 1080
picture; the origin lies between the eyes, 79 units from either (63 mm of inter-eye distance on a face).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

from drivers.simulated.brush import Brush, Colour, Point, mirrored, shade, smooth
from station.model.image import Pixels
from station.model.specimen import Sitter

WIDTH_PX, HEIGHT_PX = 1920, 1080
SWAY_PX = 8
"""Margin round the scene, so that frames can move over it."""
CHIN_TO_CROWN_PX = 610
EYES_PX = (960.0, 470.0)
"""Where the origin stands in the scene."""
OVERSAMPLING = 2
GRAIN = 1.5
"""Standard deviation of the sensor's noise in code values."""
UNSHARP_PX = 5.0

BLACK_HAIR: Colour = (28, 24, 26)
BROWN_HAIR: Colour = (64, 44, 34)
FAIR_HAIR: Colour = (124, 90, 58)
BROWN_IRIS: Colour = (74, 48, 32)

COMPLEXIONS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((222, 180, 150), BROWN_HAIR, BROWN_IRIS),
    ((201, 152, 117), BLACK_HAIR, BROWN_IRIS),
    ((238, 203, 180), FAIR_HAIR, (86, 98, 88)),
    ((126, 84, 60), BLACK_HAIR, BROWN_IRIS),
    ((214, 168, 132), BLACK_HAIR, BROWN_IRIS),
    ((166, 116, 84), BLACK_HAIR, BROWN_IRIS),
    ((232, 194, 168), BROWN_HAIR, (84, 100, 112)),
    ((98, 66, 50), BLACK_HAIR, (52, 36, 28)),
)
"""Skin, hair and iris."""
GARMENTS: tuple[Colour, ...] = ((44, 62, 92), (92, 44, 54), (48, 78, 70), (62, 58, 66), (96, 74, 48))
GREY: Colour = (214, 216, 218)
INK: Colour = (30, 22, 20)

FACE: tuple[Point, ...] = (
    (0, -262), (78, -246), (136, -192), (164, -100), (170, -10), (166, 70), (150, 152), (114, 226), (58, 276),
    (0, 289),
)  # fmt: skip
NECK: tuple[Point, ...] = ((84, 150), (88, 260), (96, 350), (150, 420), (60, 520), (0, 540))
TORSO: tuple[Point, ...] = ((92, 372), (180, 410), (330, 462), (420, 530), (470, 640), (480, 760))


@dataclass(frozen=True, slots=True)
class HairCut:
    """Outer and inner edge of the hair's right half from the parting outwards, point for point."""

    outer: tuple[Point, ...]
    inner: tuple[Point, ...]
    behind: tuple[Point, ...] = ()

    def strand(self, share: float) -> list[Point]:
        """Return the curve that lies this share (0 to 1) of the way from the inner to the outer edge."""
        pairs = zip(self.inner, self.outer, strict=True)
        return [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairs]


SHORT = HairCut(
    outer=((0, -328), (66, -320), (130, -288), (174, -222), (192, -130), (186, -40), (176, 20)),
    inner=((0, -204), (50, -210), (106, -196), (140, -150), (157, -92), (166, -40), (170, 4)),
)
LONG = HairCut(
    outer=((0, -330), (70, -321), (138, -284), (186, -200), (210, -60), (220, 130), (226, 300), (200, 420)),
    inner=((0, -244), (44, -226), (98, -186), (138, -126), (160, -40), (160, 90), (142, 230), (150, 400)),
    behind=((0, -300), (150, -240), (196, -60), (206, 200), (200, 400), (110, 470), (0, 480)),
)


@dataclass(frozen=True, slots=True)
class Looks:
    """What makes two drawn people different."""

    skin: Colour
    hair: Colour
    iris: Colour
    garment: Colour
    hair_cut: HairCut
    width: float
    mouth: float

    @classmethod
    def of(cls, seed: int) -> "Looks":
        """Return the looks that belong to this seed, the same on every machine."""
        dice = random.Random(f"looks {seed}")
        skin, hair, iris = COMPLEXIONS[(seed - 1) % len(COMPLEXIONS)]
        return cls(
            skin=skin,
            hair=hair,
            iris=iris,
            garment=GARMENTS[seed % len(GARMENTS)],
            hair_cut=LONG if seed % 2 else SHORT,
            width=dice.uniform(0.95, 1.03),
            mouth=dice.uniform(0.92, 1.08),
        )


@lru_cache(maxsize=4)
def seen(sitter: Sitter, width_px: int, height_px: int) -> Pixels:
    """Return what a camera of this size sees, with `SWAY_PX` more on each side."""
    scale = width_px / WIDTH_PX
    scene = _scene(sitter.seed, sitter.present, sitter.busy_background)
    wanted = (width_px + 2 * SWAY_PX, height_px + 2 * SWAY_PX)
    if scale != 1:
        scene = scene.resize(wanted, Image.Resampling.BOX)
    if not sitter.sharp:
        scene = scene.filter(ImageFilter.GaussianBlur(UNSHARP_PX * scale))
    noise = np.random.default_rng(sitter.seed).normal(0, GRAIN, (wanted[1], wanted[0], 1))
    lit = np.asarray(scene, np.float32) * np.float32(sitter.light) + noise.astype(np.float32)
    pixels: Pixels = np.clip(lit + 0.5, 0, 255).astype(np.uint8)
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=4)
def likeness(seed: int) -> Image.Image:
    """Return the passport photograph of this person, 35 x 45: chin to crown 72 % of the height."""
    height = CHIN_TO_CROWN_PX / 0.72
    left, top = EYES_PX[0] + SWAY_PX - height * 35 / 90, EYES_PX[1] + SWAY_PX - 0.47 * height
    box = (round(left), round(top), round(left + height * 35 / 45), round(top + height))
    return _scene(seed, True, False).crop(box)


@lru_cache(maxsize=4)
def _scene(seed: int, present: bool, busy: bool) -> Image.Image:
    width, height = WIDTH_PX + 2 * SWAY_PX, HEIGHT_PX + 2 * SWAY_PX
    backdrop = _backdrop(width, height)
    if busy:
        _bookshelf(backdrop, random.Random(seed))
    if present:
        left = round(EYES_PX[0]) + SWAY_PX - 520
        stage = backdrop.crop((left, 0, left + 1040, height)).resize(
            (1040 * OVERSAMPLING, height * OVERSAMPLING), Image.Resampling.BILINEAR
        )
        origin = (520.0 * OVERSAMPLING, (EYES_PX[1] + SWAY_PX) * OVERSAMPLING)
        _person(Brush(stage, origin, OVERSAMPLING), Looks.of(seed), random.Random(seed))
        backdrop.paste(stage.reduce(OVERSAMPLING), (left, 0))
    return backdrop


def _backdrop(width: int, height: int) -> Image.Image:
    """Return a plain wall, a little darker to the corners as real light makes it."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    fall = 1 - 0.05 * (x * x + y * y)
    return Image.fromarray((np.array(GREY, np.float32) * fall[..., None]).astype(np.uint8))


def _bookshelf(image: Image.Image, dice: random.Random) -> None:
    brush = Brush(image, (0, 0), 1)
    for shelf in range(0, HEIGHT_PX, 270):
        x = 0.0
        while x < image.width:
            thick, tall = dice.uniform(24, 70), dice.uniform(170, 240)
            tone = dice.randint(60, 170)
            colour = (tone, tone + dice.randint(-28, 14), tone + dice.randint(-40, 28))
            top = shelf + 250 - tall
            corners = [(x, top), (x + thick, top), (x + thick, shelf + 250), (x, shelf + 250)]
            brush.fill(corners, colour)
            x += thick + 3
        board: list[Point] = [
            (0, shelf + 250),
            (image.width, shelf + 250),
            (image.width, shelf + 270),
            (0, shelf + 270),
        ]
        brush.fill(board, (104, 78, 54))


def _person(brush: Brush, looks: Looks, dice: random.Random) -> None:
    """Paint from back to front."""
    face = smooth(mirrored([(x * looks.width, y) for x, y in FACE]))
    if looks.hair_cut.behind:
        brush.fill(smooth(mirrored(looks.hair_cut.behind)), shade(looks.hair, 0.55))
    _body(brush, looks)
    _ears(brush, looks)
    brush.fill(face, looks.skin)
    skin = brush.mask(face)
    _modelling(brush, looks, skin)
    for side in (-1, 1):
        _eye(brush, looks, side)
        _brow(brush, looks, side, dice)
    _nose(brush, looks)
    _mouth(brush, looks)
    _hair(brush, looks, dice, skin)


def _flipped(side: int) -> Callable[[list[Point]], list[Point]]:
    return lambda points: [(side * x, y) for x, y in points]


def _body(brush: Brush, looks: Looks) -> None:
    neck = smooth(mirrored(NECK))
    inside = brush.mask(neck)
    brush.fill(neck, shade(looks.skin, 0.93, 0.02))
    chin_shadow: list[Point] = [(-150, 180), (150, 180), (120, 300), (0, 352), (-120, 300)]
    brush.fill(smooth(chin_shadow), shade(looks.skin, 0.66, 0.08), soft=16, strength=0.8, within=inside)
    for side in (-1, 1):
        tendon: list[Point] = [(side * 30, 500), (side * 84, 330)]
        brush.line(tendon, shade(looks.skin, 0.75, 0.05), 16, soft=12, strength=0.4, within=inside)
    torso = smooth([*TORSO, *((-x, y) for x, y in reversed(TORSO)), (-60, 430), (0, 486), (60, 430)])
    cloth = brush.mask(torso)
    brush.fill(torso, looks.garment)
    for side in (-1, 1):
        light: list[Point] = [(side * 130, 420), (side * 300, 480), (side * 380, 560)]
        brush.line(light, shade(looks.garment, 1.5), 40, soft=26, strength=0.5, within=cloth)
        brush.line([(side * 300, 640), (side * 250, 760)], shade(looks.garment, 0.6), 26, soft=18, within=cloth)
        edge: list[Point] = [(side * 95, 374), (side * 62, 430), (0, 486)]
        brush.line(edge, shade(looks.garment, 0.7), 9, soft=1.5)
        brush.line([(x, y + 9) for x, y in edge], shade(looks.garment, 1.4), 4, soft=1)


def _ears(brush: Brush, looks: Looks) -> None:
    for side in (-1, 1):
        x = side * 172 * looks.width
        brush.ellipse((x, 26), (23, 52), shade(looks.skin, 0.93, 0.04))
        brush.ellipse((x + side * 3, 22), (11, 34), shade(looks.skin, 0.72, 0.08), soft=6, strength=0.7)


def _modelling(brush: Brush, looks: Looks, face: Image.Image) -> None:
    """Light from the front and a little above: bright forehead, cheeks and nose, darker rim."""
    dark, light = shade(looks.skin, 0.7, 0.08), shade(looks.skin, 1.1)
    for side in (-1, 1):
        rim: list[Point] = [(side * 172, -210), (side * 184, 0), (side * 160, 170), (side * 70, 300)]
        brush.line(rim, dark, 46, soft=26, strength=0.62, within=face)
        brush.ellipse(
            (side * 92, 100), (52, 44), shade(looks.skin, 0.94, 0.12), soft=26, strength=0.55, within=face
        )
        brush.ellipse((side * 88, 62), (42, 26), light, soft=20, strength=0.5, within=face)
        brush.ellipse((side * 76, -12), (56, 36), dark, soft=16, strength=0.34, within=face)
        brush.ellipse((side * 30, 8), (16, 32), dark, soft=12, strength=0.36, within=face)
    brush.ellipse((0, -140), (96, 62), light, soft=40, strength=0.6, within=face)
    brush.line([(0, -20), (0, 84)], light, 20, soft=9, strength=0.6, within=face)
    brush.ellipse((0, 250), (40, 20), light, soft=14, strength=0.4, within=face)


def _eye(brush: Brush, looks: Looks, side: int) -> None:
    flip = _flipped(side)
    almond = smooth([(42, 5), (54, -9), (76, -17), (99, -12), (116, 0), (100, 11), (78, 15), (56, 11)])
    outline = flip(almond)
    inside = brush.mask(outline)
    x = side * 79
    brush.fill(outline, (240, 236, 232))
    brush.ellipse((side * 48, 4), (6, 5), (214, 150, 140), soft=2, strength=0.8, within=inside)
    brush.ellipse((x, -2), (15.5, 15.5), shade(looks.iris, 0.55), within=inside)
    brush.ellipse((x, -2), (13.5, 13.5), looks.iris, soft=1, within=inside)
    brush.ellipse((x, 3), (9, 7), shade(looks.iris, 1.6), soft=3, strength=0.6, within=inside)
    brush.ellipse((x, -2), (6.5, 6.5), (12, 10, 10), within=inside)
    brush.ellipse((x, -17), (44, 9), (60, 40, 36), soft=5, strength=0.6, within=inside)
    brush.ellipse((x - 5, -7), (3.2, 3.2), (255, 255, 255))
    upper = flip([(41, 4), (54, -10), (76, -18), (99, -13), (118, 0)])
    brush.line(upper, INK, 5, soft=0.7, strength=0.92)
    lower = flip([(50, 10), (78, 16), (102, 11), (114, 2)])
    brush.line(lower, shade(looks.skin, 0.5, 0.1), 2, soft=1, strength=0.6)
    crease = flip([(46, -12), (60, -24), (80, -29), (102, -23), (118, -8)])
    brush.line(crease, shade(looks.skin, 0.55, 0.1), 3, soft=2, strength=0.7)
    brush.line(flip([(56, 28), (80, 34), (104, 26)]), shade(looks.skin, 0.72, 0.06), 5, soft=5, strength=0.4)


def _brow(brush: Brush, looks: Looks, side: int, dice: random.Random) -> None:
    flip = _flipped(side)
    arch: list[Point] = [(38, -46), (70, -61), (104, -60), (130, -44), (104, -50), (70, -48), (40, -36)]
    brush.fill(smooth(flip(arch)), shade(looks.hair, 0.9), soft=3, strength=0.75)
    hairs = []
    for step in range(30):
        x = 40 + 2.9 * step
        y = -42 - 13 * (1 - ((x - 84) / 46) ** 2) + dice.uniform(-3, 3)
        hairs.append(flip([(x, y + 4), (x + 7, y - 5)]))
    brush.lines(hairs, shade(looks.hair, 0.8), 1.6, soft=0.5, strength=0.6)


def _nose(brush: Brush, looks: Looks) -> None:
    dark = shade(looks.skin, 0.62, 0.1)
    for side in (-1, 1):
        flip = _flipped(side)
        brush.line(flip([(17, 10), (19, 50), (30, 92)]), dark, 9, soft=7, strength=0.34)
        brush.line(flip([(31, 88), (40, 104), (33, 118), (22, 120)]), dark, 5, soft=3, strength=0.5)
        brush.ellipse((side * 17, 119), (10, 4.5), shade(looks.skin, 0.28, 0.15), soft=2, strength=0.85)
    brush.line([(-26, 124), (0, 130), (26, 124)], dark, 8, soft=5, strength=0.5)
    brush.ellipse((0, 98), (17, 14), shade(looks.skin, 1.14), soft=8, strength=0.6)
    brush.line([(0, 134), (0, 152)], dark, 12, soft=5, strength=0.28)


def _mouth(brush: Brush, looks: Looks) -> None:
    w = looks.mouth
    lip = shade(looks.skin, 0.78, 0.18)
    upper = [
        (-58, 178),
        (-30, 166),
        (-11, 160),
        (0, 164),
        (11, 160),
        (30, 166),
        (58, 178),
        (28, 179),
        (0, 181),
        (-28, 179),
    ]
    lower = [(-56, 179), (-26, 181), (0, 183), (26, 181), (56, 179), (36, 196), (0, 205), (-36, 196)]
    brush.fill(smooth([(x * w, y) for x, y in upper]), shade(lip, 0.88), soft=1.5)
    brush.fill(smooth([(x * w, y) for x, y in lower]), lip, soft=1.5)
    brush.ellipse((0, 192), (26, 5), shade(lip, 1.2), soft=4, strength=0.6)
    line = [(-59, 178), (-28, 179), (0, 182), (28, 179), (59, 178)]
    brush.line([(x * w, y) for x, y in line], shade(lip, 0.42, 0.1), 3, soft=1, strength=0.9)
    brush.line([(-34, 216), (0, 221), (34, 216)], shade(looks.skin, 0.66, 0.08), 10, soft=7, strength=0.5)


def _hair(brush: Brush, looks: Looks, dice: random.Random, skin: Image.Image) -> None:
    cut = looks.hair_cut
    outline = smooth(mirrored([*cut.outer, *reversed(cut.inner)]))
    inside = brush.mask(outline)
    shadow = [(x * 0.97, y + 10) for x, y in outline]
    brush.fill(shadow, shade(looks.skin, 0.5, 0.1), soft=9, strength=0.4, within=skin)
    brush.fill(outline, looks.hair, soft=1.2)
    for side in (-1, 1):
        flip = _flipped(side)
        rim = flip(cut.strand(0.96))
        brush.line(rim, shade(looks.hair, 0.5), 26, soft=16, strength=0.55, within=inside)
        brush.line(flip(cut.strand(0.55)), shade(looks.hair, 1.6), 34, soft=20, strength=0.4, within=inside)
        for tone in (0.6, 0.75, 1.35, 1.7):
            strands = [
                flip([(x + dice.uniform(-4, 4), y + dice.uniform(-4, 4)) for x, y in cut.strand(share)])
                for share in (dice.uniform(0.02, 1) for _ in range(30))
            ]
            brush.lines(strands, shade(looks.hair, tone), 1.5, soft=0.6, strength=0.4, within=inside)
