"""The type of drawn zones: no two documents alike in stroke, corners, proportions and details of the glyphs.

The centre lines are those of the simulated devices, which were measured on the very OCR-B that the reader
learned from. Every cut therefore bends each glyph a little its own way, exchanges some for other drawings of
the same character, and has its own pen. It stays one ancestor: figures on these documents do not prove the type
of every printer in the world.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import hypot

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from drivers.simulated.ocr_b import PATHS, PEN_UNITS, PITCH_MM, UNIT_MM
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH

Floats = NDArray[np.float32]
Point = tuple[float, float]

OTHERS = {
    "A": "M-29 7 L0 99 29 7 M-20 36 L20 36",
    "G": "M26 88 C21 96 14 100 3 100 C-17 100 -27 79 -27 53 C-27 26 -17 6 3 6 C16 6 26 12 26 24 L26 48 8 48",
    "I": "M-14 98 L14 98 M0 98 L0 8 M-17 8 L17 8",
    "J": "M-6 98 L14 98 14 30 C14 15 4 6 -7 6 C-18 6 -26 15 -27 27",
    "K": "M-27 100 L-27 7 M28 100 L-25 46 M-8 62 L30 7",
    "M": "M-29 7 L-29 99 -22 99 0 50 22 99 29 99 29 7",
    "N": "M-27 7 L-27 100 27 7 27 100",
    "Q": "M0 100 C16 100 29 80 29 54 C29 28 16 9 0 9 C-16 9 -29 28 -29 54 C-29 80 -16 100 0 100 M4 34 L30 4",
    "R": "M-24 7 L-24 98 2 98 C18 98 27 89 27 75 C27 60 18 51 2 51 L-24 51 M2 51 L28 7",
    "V": "M-28 100 L0 8 28 100",
    "W": "M-30 100 L-18 8 -12 8 0 57 12 8 18 8 30 100",
    "1": "M-24 86 L2 107 2 7",
    "4": "M10 109 L-30 36 30 36 M12 62 L12 7",
    "7": "M-29 107 L29 107 28 100 -4 7",
    "<": "M28 92 L-28 57 28 22",
}
"""Other drawings of a character; a cut has about half of them."""

HEIGHT_MM, BASELINE_MM = 4.0, 3.3
"""A glyph's picture: its height, and where the base line runs in it."""

_FINER = 4
_CURVE_STEPS = 10


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to draw the type: `pen` in units of 1/150 em, flat by `contrast`; the rest are ratios."""

    seed: int = 0
    pen: float = PEN_UNITS
    contrast: float = 1.0
    sharp: bool = False
    wide: float = 1.0
    high: float = 1.0
    slant: float = 0.0
    bend: float = 0.0
    others: str = ""


PLAIN = Cut()
"""The type as the simulated devices print it."""


def any_cut(rng: np.random.Generator) -> Cut:
    """Return a cut that no other document has."""
    return Cut(
        seed=int(rng.integers(1 << 30)),
        pen=rng.uniform(10.5, 19.5),
        contrast=rng.uniform(0.8, 1.2),
        sharp=bool(rng.random() < 0.5),
        wide=rng.uniform(0.9, 1.06),
        high=rng.uniform(0.95, 1.05),
        slant=rng.normal(0, 0.015),
        bend=rng.uniform(0.5, 2.2),
        others="".join(character for character in OTHERS if rng.random() < 0.5),
    )


@lru_cache(maxsize=512)
def glyph(character: str, dpi: int, cut: Cut = PLAIN) -> Floats:
    """Return the ink of one cell, 0 to 1."""
    fine = dpi * _FINER / MM_PER_INCH
    size = (round(PITCH_MM * fine) + _FINER, round(HEIGHT_MM * fine))
    sheet = Image.new("L", size)
    draw = ImageDraw.Draw(sheet)
    unit = UNIT_MM * fine
    middle, base = PITCH_MM * fine / 2, BASELINE_MM * fine
    half = np.array([cut.pen, cut.pen * cut.contrast]) * unit / 2
    bent = _bend(character, cut)
    for start, end, straight in _segments(character in cut.others, character):
        ends = np.array([bent(point) for point in (start, end)])
        ends = np.array([middle, base]) + ends * (unit, -unit)
        _ink(draw, ends, half, straight and cut.sharp)
    ink = np.asarray(sheet.resize((size[0] // _FINER, size[1] // _FINER), Image.Resampling.BOX), np.float32)
    result: Floats = ink / 255
    return result


def _bend(character: str, cut: Cut) -> Callable[[Point], NDArray[np.float64]]:
    """Return how this cut moves the points of the character: smoothly, so that what is closed stays closed."""
    rng = np.random.default_rng((cut.seed, ord(character)))
    waves = rng.normal(0, 0.03, (2, 2, 2)), rng.uniform(0, 6.3, (2, 2))

    def bent(point: Point) -> NDArray[np.float64]:
        away = cut.bend * np.sin(waves[0] @ np.array(point) + waves[1]).sum(1)
        x, y = np.array(point) + away
        return np.array([(x + cut.slant * y) * cut.wide, y * cut.high])

    return bent


def _ink(draw: ImageDraw.ImageDraw, ends: NDArray[np.float64], half: NDArray[np.float64], sharp: bool) -> None:
    """Draw one segment of a stroke with round ends, or with square ones."""
    along = ends[1] - ends[0]
    along /= max(hypot(*along), 1e-6)
    aside = np.array([-along[1], along[0]]) * half
    ahead = along * half if sharp else 0 * along
    first, last = ends[0] - ahead, ends[1] + ahead
    corners = (first - aside, first + aside, last + aside, last - aside)
    draw.polygon([(float(x), float(y)) for x, y in corners], fill=255)
    if not sharp:
        for x, y in ends:
            draw.ellipse((x - half[0], y - half[1], x + half[0], y + half[1]), fill=255)


@lru_cache(maxsize=128)
def _segments(other: bool, character: str) -> tuple[tuple[Point, Point, bool], ...]:
    """Return the straight pieces (from, to, part of no curve) of a character's strokes."""
    pieces: list[tuple[Point, Point, bool]] = []
    at: Point = (0.0, 0.0)
    for command, numbers in re.findall(r"([MLC])([-\d ]+)", (OTHERS if other else PATHS)[character]):
        values = [float(number) for number in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if command == "M":
            at, points = points[0], points[1:]
        ends = _curve(at, *points) if command == "C" else points
        for end in ends:
            pieces.append((at, end, command != "C"))
            at = end
    return tuple(pieces)


def _curve(*knots: Point) -> list[Point]:
    t = np.linspace(0, 1, _CURVE_STEPS + 1)[1:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3])
    return [(float(x), float(y)) for x, y in weights @ np.array(knots)]


def write(
    page: Floats,
    text: str,
    left_mm: float,
    baseline_mm: float,
    dpi: int,
    weight: float = 1.0,
    ink: float = 30,
    cut: Cut = PLAIN,
) -> None:
    """Print one line of a zone onto a page (float RGB, values 0 to 255); `weight` below 1 is worn print."""
    scale = dpi / MM_PER_INCH
    for place, character in enumerate(text):
        if character == " ":
            continue
        x, y = (left_mm + place * PITCH_MM) * scale, (baseline_mm - BASELINE_MM) * scale
        shape = _shifted(glyph(character, dpi, cut), x % 1, y % 1) * weight
        height, width = shape.shape
        area = page[int(y) : int(y) + height, int(x) : int(x) + width]
        if area.size:
            kept = shape[: area.shape[0], : area.shape[1], None]
            area += (ink - area) * kept


def _shifted(shape: Floats, x: float, y: float) -> Floats:
    height, width = shape.shape
    moved: Floats = cv().warpAffine(
        shape, np.array([[1, 0, x], [0, 1, y]], np.float32), (width + 2, height + 2), flags=cv().INTER_LINEAR
    )
    return moved
