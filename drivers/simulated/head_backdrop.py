"""Walls behind a drawn person, in linear light."""

import random

import numpy as np
from PIL import Image

from drivers.simulated.brush import Brush, Colour, Point
from drivers.simulated.head_scene import linear
from drivers.simulated.head_shape import Floats
from station.imaging.cv import cv
from station.model.specimen import Backdrop

GREY: Colour = (214, 216, 218)
BLUE: Colour = (86, 132, 178)
SHADOW_CM = (5.0, -1.5)
SHADOW_SOFT_CM = 1.6
SHADOW_DEPTH = 0.5


def wall(backdrop: Backdrop, width: int, height: int, unit: float, seed: int) -> Floats:
    """Return the wall (height, width, 3); `unit`: pixels that one of 1920 x 1080 takes."""
    if backdrop is Backdrop.BUSY:
        shelf = Image.new("RGB", (width, height), GREY)
        _bookshelf(Brush(shelf, (0, 0), unit), random.Random(seed), width / unit, height / unit)
        return np.square(np.asarray(shelf, np.float32) / 255)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    fall = 1 - 0.05 * (x * x + y * y)
    paint = linear(BLUE if backdrop is Backdrop.COLOURED else GREY)
    return np.asarray(paint * np.square(fall)[..., None], np.float32)


def _bookshelf(brush: Brush, dice: random.Random, width: float, height: float) -> None:
    shelf = 0.0
    while shelf < height:
        x = 0.0
        while x < width:
            thick, tall = dice.uniform(24, 70), dice.uniform(170, 240)
            tone = dice.randint(60, 170)
            colour = (tone, tone + dice.randint(-28, 14), tone + dice.randint(-40, 28))
            brush.fill(_box(x, shelf + 250 - tall, x + thick, shelf + 250), colour)
            x += thick + 3
        brush.fill(_box(0, shelf + 250, width, shelf + 270), (104, 78, 54))
        shelf += 270


def _box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def cast_shadow(light: Floats, cover: Floats, scale: float) -> None:
    """Darken a wall where a person (`cover` 0 to 1) keeps a lamp at one side from it."""
    shift = np.array([[1, 0, SHADOW_CM[0] * scale], [0, 1, -SHADOW_CM[1] * scale]], np.float32)
    height, width = cover.shape
    moved = cv().warpAffine(cover, shift, (width, height), borderMode=cv().BORDER_REPLICATE)
    soft = cv().GaussianBlur(moved, (0, 0), SHADOW_SOFT_CM * scale)
    light *= 1 - SHADOW_DEPTH * soft[..., None]
