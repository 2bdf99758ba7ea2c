"""Pages without a bar code that have what bar codes have: lines, boxes, dots, stripes, letters, grain."""

from collections.abc import Callable, Iterator
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from tests import mrz_pages
from tests.codes import INK, PAPER, blur, fade, jpeg, noise, text_page, turn

Tones = NDArray[np.floating[Any]]
Draw = Callable[[int, int, np.random.Generator], Pixels]


def _clean(width: int, height: int) -> Pixels:
    return np.full((height, width), PAPER, np.uint8)


def _toned(tone: Tones) -> Pixels:
    """Turn 0 (ink) to 1 (paper) into pixels."""
    inked: Pixels = (INK + (PAPER - INK) * np.clip(tone, 0, 1)).astype(np.uint8)
    return inked


def _text(width: int, height: int, rng: np.random.Generator) -> Pixels:
    return text_page(width, height, int(rng.choice([100, 150, 200, 300])), rng)


def _form(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Boxes for single letters, ruled tables and bold headings."""
    page = _clean(width, height)
    pitch, top = int(rng.integers(14, 40)), 20
    while top + 3 * pitch < height:
        left, count = int(rng.integers(20, 120)), int(rng.integers(4, 30))
        for box in range(count):
            corner = (left + box * pitch, top)
            cv().rectangle(page, corner, (corner[0] + pitch, top + pitch), INK, int(rng.integers(1, 4)))
            if rng.random() < 0.6:
                letter = chr(65 + int(rng.integers(26)))
                cv().putText(
                    page, letter, (corner[0] + 3, top + pitch - 4), 0, pitch / 30, INK, 2, cv().LINE_AA
                )
        cv().line(page, (20, top + 2 * pitch), (width - 20, top + 2 * pitch), INK, int(rng.integers(1, 5)))
        top += int(2.6 * pitch)
    return page


def _guilloche(width: int, height: int, rng: np.random.Generator) -> Pixels:
    y, x = np.mgrid[:height, :width]
    tone = np.ones((height, width))
    for _ in range(4):
        wave = rng.uniform(8, 40) * np.sin(2 * pi * x / rng.uniform(90, 400) + rng.uniform(0, 6))
        period, angle = rng.uniform(5, 16), rng.uniform(0, pi)
        phase = (y * np.cos(angle) + x * np.sin(angle) + wave) / period
        tone -= 0.5 * (np.abs(phase % 1 - 0.5) < 0.12)
    return _toned(tone)


def _halftone(width: int, height: int, rng: np.random.Generator) -> Pixels:
    y, x = np.mgrid[:height, :width]
    period, angle = rng.uniform(3, 12), rng.uniform(0, pi)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    dots = (np.cos(2 * pi * along / period) + np.cos(2 * pi * across / period)) / 4 + 0.5
    return _toned((dots < _clouds(width, height, rng)).astype(float))


def _clouds(width: int, height: int, rng: np.random.Generator) -> Tones:
    """Return tones of a picture of the world, 0 to 1: grain of all sizes, the larger the stronger."""
    tone = np.zeros((height, width), np.float32)
    for times in (2, 8, 32, 128):
        grain = rng.random((height // times + 2, width // times + 2)).astype(np.float32)
        tone += times**0.5 * cv().resize(grain, (width, height), interpolation=cv().INTER_CUBIC)
    low, high = np.percentile(tone, (2, 98))
    clouds: Tones = np.clip((tone - low) / (high - low), 0, 1)
    return clouds


def _photograph(width: int, height: int, rng: np.random.Generator) -> Pixels:
    tone = _clouds(width, height, rng)
    for _ in range(int(rng.integers(3, 15))):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(rng.integers(5, width // 4)), int(rng.integers(5, height // 4)))
        cv().ellipse(
            tone, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.random()), -1, cv().LINE_AA
        )
    return noise(_toned(tone), 4, rng)


def _stripes(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Even hatching, or bars of chance that mean nothing in no symbology."""
    page = _clean(width, height)
    for _ in range(int(rng.integers(2, 7))):
        w, h = int(rng.integers(60, width // 2)), int(rng.integers(40, height // 2))
        left, top = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
        pitch = int(rng.integers(2, 9))
        even = rng.random() < 0.6
        bars = np.arange(w) // pitch % 2 if even else np.repeat(rng.integers(0, 2, w // pitch + 1), pitch)[:w]
        hatch = np.where(bars == 1, INK, PAPER).astype(np.uint8)
        page[top : top + h, left : left + w] = hatch
    return page


def _grid(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Squares of chance, as in a matrix code without its finder, and chequers."""
    page = _clean(width, height)
    for _ in range(int(rng.integers(1, 5))):
        side, module = int(rng.integers(10, 40)), int(rng.integers(3, 8))
        left, top = int(rng.integers(0, width - side * module)), int(rng.integers(0, height - side * module))
        squares = rng.integers(0, 2, (side, side))
        if rng.random() < 0.3:
            squares = np.indices((side, side)).sum(axis=0) % 2
        drawn = np.where(squares == 1, INK, PAPER).astype(np.uint8).repeat(module, 0).repeat(module, 1)
        page[top : top + side * module, left : left + side * module] = drawn
    return page


def _zone(width: int, height: int, rng: np.random.Generator) -> Pixels:
    """Draw a travel document."""
    seed = int(rng.integers(1 << 30))
    drawn = next(mrz_pages.zones(mrz_pages.LEVELS["flatbed 200 dpi"], 1, seed)).pixels
    page, small = _clean(width, height), cv().cvtColor(drawn, cv().COLOR_RGB2GRAY)[:height, :width]
    page[: small.shape[0], : small.shape[1]] = small
    return page


def _blank(width: int, height: int, rng: np.random.Generator) -> Pixels:
    return _clean(width, height)


KINDS: dict[str, Draw] = {
    "text": _text,
    "form": _form,
    "guilloche": _guilloche,
    "halftone": _halftone,
    "photograph": _photograph,
    "stripes": _stripes,
    "squares": _grid,
    "travel document": _zone,
    "blank": _blank,
}

_SPOILS: tuple[Callable[[Pixels, np.random.Generator], Pixels], ...] = (
    lambda page, rng: page,
    lambda page, rng: noise(page, rng.uniform(3, 40), rng),
    lambda page, rng: blur(page, rng.uniform(0.7, 2)),
    lambda page, rng: turn(page, rng.uniform(-30, 30)),
    lambda page, rng: jpeg(noise(page, 8, rng), 30),
    lambda page, rng: fade(page),
)


def empty_pages(
    count: int, seed: int = 7, width: int = 1165, height: int = 827
) -> Iterator[tuple[str, Pixels]]:
    """Yield pages of all kinds in turn, spoilt in all ways in turn, of the size of A6 across at 200 dpi."""
    rng = np.random.default_rng(seed)
    kinds = list(KINDS.items())
    for number in range(count):
        name, draw = kinds[number % len(kinds)]
        spoil = _SPOILS[number // len(kinds) % len(_SPOILS)]
        yield name, np.ascontiguousarray(spoil(draw(width, height, rng), rng))
