"""What stands behind the print: paper with guilloches, rosettes, dot screens and dark security print."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Field = NDArray[np.float32]

ROWS_PX, COLUMNS_PX = 320, 2400
PATTERNS = 56


def pattern_book(rng: Generator) -> list[Field]:
    """Return the patterns a line may be printed on: density 0 (bare) to 1, about 36 pixels a character."""
    return [_pattern(rng) for _ in range(PATTERNS)]


def cut(book: list[Field], rng: Generator, rows: int, columns: int) -> Field:
    """Return a piece of some pattern in the size asked for, at any place, scale and mirroring."""
    pattern = book[rng.integers(len(book))]
    scale = rng.uniform(0.6, 2.0)
    height = min(ROWS_PX, max(8, round(rows * scale)))
    width = min(COLUMNS_PX, max(8, round(columns * scale)))
    top, left = rng.integers(ROWS_PX - height + 1), rng.integers(COLUMNS_PX - width + 1)
    piece = pattern[top : top + height, left : left + width]
    if rng.random() < 0.5:
        piece = piece[::-1]
    return cv2.resize(piece, (columns, rows), interpolation=cv2.INTER_LINEAR)


def clouds(rng: Generator, rows: int, columns: int, grain: int) -> Field:
    """Return smooth noise of mean 0 and deviation about 1; `grain` says how many bumps lie side by side."""
    seeds = rng.standard_normal((max(3, grain * rows // max(columns, 1) + 2), grain + 2)).astype(np.float32)
    return cv2.resize(seeds, (columns, rows), interpolation=cv2.INTER_CUBIC)


def _pattern(rng: Generator) -> Field:
    y, x = np.mgrid[0:ROWS_PX, 0:COLUMNS_PX].astype(np.float32)
    density = np.zeros((ROWS_PX, COLUMNS_PX), np.float32)
    for kind in rng.choice(["waves", "waves", "rosette", "dots", "blots", "lettering"], rng.integers(1, 4)):
        density = np.maximum(density, rng.uniform(0.35, 1.0) * _LAYERS[kind](rng, x, y))
    return np.clip(density, 0, 1)


def _lines(phase: Field, share: float) -> Field:
    """Return thin lines where the phase passes a multiple of pi; `share` is how much of the area they ink."""
    return np.clip((share * 1.6 - np.abs(np.sin(phase))) / share, 0, 1).astype(np.float32)


def _waves(rng: Generator, x: Field, y: Field) -> Field:
    angle, period = rng.uniform(0, np.pi), rng.uniform(6, 30)
    bend = rng.uniform(0, 14) * np.sin(x * rng.uniform(0.005, 0.06) + y * rng.uniform(-0.02, 0.02))
    drift = rng.uniform(0, 30) * clouds(rng, ROWS_PX, COLUMNS_PX, 6)
    phase = (x * np.cos(angle) + y * np.sin(angle) + bend + drift) * np.pi / period
    return _lines(phase, rng.uniform(0.12, 0.6))


def _rosette(rng: Generator, x: Field, y: Field) -> Field:
    dx, dy = x - rng.uniform(0, COLUMNS_PX), y - rng.uniform(-100, ROWS_PX + 100)
    radius, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
    lobes = rng.integers(4, 24)
    phase = (radius + rng.uniform(3, 30) * np.sin(lobes * angle)) * np.pi / rng.uniform(7, 28)
    return _lines(phase, rng.uniform(0.12, 0.5))


def _dots(rng: Generator, x: Field, y: Field) -> Field:
    period, angle = rng.uniform(4, 14), rng.uniform(0, np.pi / 2)
    a = (x * np.cos(angle) + y * np.sin(angle)) * np.pi / period
    b = (y * np.cos(angle) - x * np.sin(angle)) * np.pi / period
    tone = 0.5 + 0.35 * clouds(rng, ROWS_PX, COLUMNS_PX, 8)
    return np.clip((np.sin(a) * np.sin(b) + tone - 0.6) * 3, 0, 1).astype(np.float32)


def _blots(rng: Generator, x: Field, y: Field) -> Field:
    tone = clouds(rng, ROWS_PX, COLUMNS_PX, int(rng.integers(6, 90))) * 0.6 + 0.2
    return np.clip(tone, 0, 1).astype(np.float32)


def _lettering(rng: Generator, x: Field, y: Field) -> Field:
    sheet = np.zeros((ROWS_PX, COLUMNS_PX), np.uint8)
    size = rng.uniform(0.3, 3.0)
    pen = max(1, int(size * 2))
    step = int(30 * size) + 8
    for row in range(rng.integers(0, step), ROWS_PX + step, step):
        letters = "".join(chr(c) for c in rng.integers(65, 91, 140))
        corner = (int(rng.integers(-60, 10)), row)
        cv2.putText(sheet, letters, corner, cv2.FONT_HERSHEY_DUPLEX, size, 255, pen, cv2.LINE_AA)
    return sheet.astype(np.float32) / 255


_LAYERS = {"waves": _waves, "rosette": _rosette, "dots": _dots, "blots": _blots, "lettering": _lettering}
