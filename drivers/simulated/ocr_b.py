"""The 37 shapes of the machine-readable zone, drawn with a round pen after OCR-B (ISO 1073-2, size I).

No font file: these centre lines were measured on N. Schwarz's OCR-B ("freely use, modify and/or distribute",
with M. Skala's changes in the public domain). A unit is 1/150 of the em (3.366 mm): capitals are 105 units
(2.4 mm) high, the pen is 15 units (0.35 mm) wide. x counts from the middle of the cell, y upwards from the base
line. Paths: `M` starts a stroke, `L` goes straight, `C` follows a cubic curve (two control points and the end).
"""

import re
from functools import lru_cache

from PIL import Image, ImageDraw

UNIT_MM = 3.366 / 150
PEN_UNITS = 15
PITCH_MM = 2.54
"""Ten characters an inch (ICAO 9303-3, 4.4)."""
CURVE_STEPS = 10
OVERSAMPLING = 4

Point = tuple[float, float]

PATHS = {
    "A": "M-29 7 L-5 98 5 98 29 7 M-21 38 L21 38",
    "B": "M-29 8 L-29 98 0 98 C18 98 28 90 28 77 C28 63 18 55 0 55 L-29 55"
    " M0 55 C20 55 30 45 30 31 C30 17 20 8 2 8 L-29 8",
    "C": "M23 86 C20 95 14 100 5 100 C-14 100 -22 79 -22 53 C-22 27 -14 6 5 6 C14 6 22 10 23 19",
    "D": "M-22 8 L-22 98 -18 98 C8 98 26 80 26 52 C26 26 8 8 -18 8 L-22 8",
    "E": "M28 98 L-22 98 -22 8 28 8 M-22 55 L21 55",
    "F": "M26 98 L-15 98 -15 7 M-15 55 L19 55",
    "G": "M27 90 C22 96 15 100 4 100 C-17 100 -28 79 -28 52 C-28 25 -18 6 4 6 C16 6 26 9 28 13 L28 50 4 50",
    "H": "M-26 100 L-26 7 M26 100 L26 7 M-26 54 L26 54",
    "I": "M-18 98 L19 98 M0 98 L0 8 M-22 8 L22 8",
    "J": "M12 99 L12 30 C12 15 3 6 -7 6 C-18 6 -27 15 -27 29",
    "K": "M-28 100 L-28 7 M27 99 L-22 54 31 7",
    "L": "M-25 100 L-25 8 31 8",
    "M": "M-30 7 L-30 99 -21 99 0 39 21 99 30 99 30 7",
    "N": "M-28 7 L-28 99 -19 99 20 7 28 7 28 100",
    "O": "M0 100 C16 100 30 79 30 53 C30 27 16 6 0 6 C-16 6 -30 27 -30 53 C-30 79 -16 100 0 100",
    "P": "M-25 7 L-25 98 0 98 C20 98 30 89 30 74 C30 60 20 51 0 51 L-25 51",
    "Q": "M-2 100 C13 100 27 80 27 56 C27 32 14 12 -2 12 C-18 12 -30 32 -30 56 C-30 80 -17 100 -2 100"
    " M-1 46 L31 6",
    "R": "M-24 7 L-24 98 -6 98 C6 98 18 94 26 86 L24 68 C21 57 14 51 4 51 L-24 51 M6 51 L27 7",
    "S": "M24 85 C21 95 12 100 0 100 C-14 100 -24 91 -24 79 C-24 66 -12 60 0 54"
    " C13 48 25 41 25 27 C25 14 15 6 0 6 C-14 6 -23 13 -25 24",
    "T": "M-30 98 L30 98 M0 98 L0 7",
    "U": "M-28 100 L-28 32 C-28 13 -18 6 0 6 C18 6 28 13 28 32 L28 100",
    "V": "M-30 100 L-4 8 4 8 30 100",
    "W": "M-30 100 C-29 70 -26 35 -19 8 L-13 8 0 57 13 8 19 8 C26 35 29 70 30 100",
    "X": "M-26 100 L28 7 M27 100 L-27 7",
    "Y": "M-26 100 L0 50 27 100 M0 50 L0 7",
    "Z": "M-25 98 L22 98 -26 8 26 8",
    "0": "M0 108 C22 108 30 95 30 57 C30 19 22 6 0 6 C-22 6 -30 19 -30 57 C-30 95 -22 108 0 108",
    "1": "M-26 85 L1 108 7 108 7 7",
    "2": "M-27 101 C-19 106 -10 108 0 108 C16 108 27 99 27 85 C27 71 18 64 4 55 C-14 44 -26 32 -26 8 L28 8",
    "3": "M-29 107 L26 107 25 101 -8 66 C15 66 29 54 29 36 C29 17 14 6 -6 6 C-15 6 -24 8 -30 11",
    "4": "M3 109 L-30 40 -30 33 31 33 M15 58 L15 7",
    "5": "M24 107 L-20 107 -23 69 -8 69 C12 69 25 56 25 37 C25 17 8 6 -26 6",
    "6": "M12 109 C-8 86 -30 62 -30 36 C-30 18 -18 6 0 6 C18 6 30 18 30 36 C30 54 18 66 0 66"
    " C-12 66 -22 61 -27 52",
    "7": "M-30 107 L30 107 30 103 C26 76 -10 70 -10 7",
    "8": "M0 108 C15 108 25 100 25 88 C25 76 12 70 0 64 C-16 57 -30 50 -30 33 C-30 17 -18 6 0 6"
    " C18 6 30 17 30 33 C30 50 16 57 0 64 C-12 70 -25 76 -25 88 C-25 100 -15 108 0 108",
    "9": "M-12 7 C8 29 30 53 30 79 C30 97 18 108 0 108 C-18 108 -30 97 -30 79 C-30 61 -18 49 0 49"
    " C12 49 22 54 27 63",
    "<": "M30 97 L-29 57 30 18",
}


def write_line(image: Image.Image, text: str, left_mm: float, baseline_mm: float, dpi: int) -> None:
    """Print one line of the zone in black; `left_mm` is where the first cell begins."""
    fine = dpi * OVERSAMPLING / 25.4
    height_mm = 4.0
    ink = Image.new("L", (round(len(text) * PITCH_MM * fine), round(height_mm * fine)))
    draw = ImageDraw.Draw(ink)
    for place, character in enumerate(text):
        _draw(draw, character, (place + 0.5) * PITCH_MM * fine, (height_mm - 0.7) * fine, UNIT_MM * fine)
    ink = ink.resize((ink.width // OVERSAMPLING, ink.height // OVERSAMPLING), Image.Resampling.BOX)
    corner = (round(left_mm * dpi / 25.4), round((baseline_mm - height_mm + 0.7) * dpi / 25.4))
    image.paste((24, 24, 26), (*corner, corner[0] + ink.width, corner[1] + ink.height), ink)


def _draw(draw: ImageDraw.ImageDraw, character: str, x: float, y: float, unit: float) -> None:
    pen = PEN_UNITS * unit
    for stroke in _strokes(character):
        points = [(x + px * unit, y - py * unit) for px, py in stroke]
        draw.line(points, fill=255, width=round(pen))
        for px, py in points:
            draw.ellipse((px - pen / 2, py - pen / 2, px + pen / 2, py + pen / 2), fill=255)


@lru_cache(maxsize=64)
def _strokes(character: str) -> tuple[tuple[Point, ...], ...]:
    strokes: list[list[Point]] = []
    for command, numbers in re.findall(r"([MLC])([-\d ]+)", PATHS[character]):
        values = [float(number) for number in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if command == "M":
            strokes.append(points)
        elif command == "L":
            strokes[-1].extend(points)
        else:
            strokes[-1].extend(_curve(strokes[-1][-1], *points))
    return tuple(tuple(stroke) for stroke in strokes)


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    points = []
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        knots = (start, first, second, end)
        x, y = (sum(w * knot[axis] for w, knot in zip(weights, knots, strict=True)) for axis in (0, 1))
        points.append((x, y))
    return points
