"""Pictures of drawn travel documents, spoilt by computation: the levels that readers are measured at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, cos, radians, sin

import numpy as np
from numpy.random import Generator

from drivers.simulated.ocr_b import PITCH_MM
from station.imaging.cv import cv
from station.model.document import MrzFormat
from station.model.image import MM_PER_INCH, Pixels
from tests.mrz_papers import LOWEST_BASELINE_MM, SIZE_MM, SPACING_MM, Floats, draw, invent

DRAWN_DPI = 400  # before a camera takes the picture
REFLECTED = 95.0  # what a reflection adds at the most: the ink stays darker than the paper

Range = tuple[float, float]

Level = Callable[[MrzFormat, tuple[str, ...], Generator], Pixels]
"""Draws a document with these lines and takes its picture (RGB)."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnZone:
    """A picture (RGB), the size of the zone on it and its lines."""

    size: MrzFormat
    lines: tuple[str, ...]
    pixels: Pixels = field(repr=False)


def zones(level: Level, count: int, seed: int) -> Iterator[DrawnZone]:
    """Yield that many documents, the five sizes in turn."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        size = tuple(MrzFormat)[number % len(MrzFormat)]
        lines = invent(size, rng)
        yield DrawnZone(size, lines, level(size, lines, rng))


def finish(page: Floats, rng: Generator, noise: float, quality: int | None = None) -> Pixels:
    """Add a sensor's noise, make 8 bits of it, and pass it through JPEG where a quality is given."""
    noisy = page + rng.standard_normal(page.shape, np.float32) * noise
    pixels: Pixels = noisy.clip(0, 255).astype(np.uint8)
    return pixels if quality is None else packed(pixels, quality)


def packed(pixels: Pixels, quality: int) -> Pixels:
    """Return the picture (RGB) after JPEG of this quality, 1 to 100."""
    data = cv().imencode(".jpg", pixels[..., ::-1], [cv().IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv().imdecode(data, cv().IMREAD_COLOR)[..., ::-1])


def flatbed(dpi: int, *, a4: bool = False, dark: float = 0.0) -> Level:
    """Return the level of a flatbed scanner: slightly askew, slightly soft, on a white lid."""

    def level(size: MrzFormat, lines: tuple[str, ...], rng: Generator) -> Pixels:
        document = draw(size, lines, dpi, rng, dark)
        scale = dpi / MM_PER_INCH
        width, height = (210.0, 297.0) if a4 else (SIZE_MM[size][0] + 30, SIZE_MM[size][1] + 25)
        out = (round(width * scale), round(height * scale))
        move = cv().getRotationMatrix2D(
            (document.shape[1] / 2, document.shape[0] / 2), rng.uniform(-2.5, 2.5), 1.0
        )
        move[:, 2] += [rng.uniform(5, 25) * scale, rng.uniform(5, 20) * scale]
        page = cv().warpAffine(
            document, move, out, flags=cv().INTER_LINEAR, borderValue=(rng.uniform(225, 252),) * 3
        )
        page = cv().GaussianBlur(page, (0, 0), rng.uniform(0.35, 0.9))
        return finish(page, rng, rng.uniform(1, 4), int(rng.integers(80, 96)) if rng.random() < 0.5 else None)

    return level


@dataclass(frozen=True, slots=True)
class Camera:
    """How a document camera takes pictures of this size (px).

    `pitch` pixels a cell; `turn` degrees at the most; `lean`, by which share of its half a side moves in
    perspective; `curl`, the bow of the page in shares of its height; `blur` (sigma) and `shake` (way) in cells;
    spots of light or shadow in the picture, and reflections and shadows `over` the zone itself; `noise`
    (deviation) and JPEG `quality`.
    """

    frame: tuple[int, int]
    pitch: Range
    turn: float
    lean: float
    curl: float
    blur: Range
    shake: float
    spots: int
    over: int
    noise: Range
    quality: tuple[int, int]

    def __call__(self, size: MrzFormat, lines: tuple[str, ...], rng: Generator) -> Pixels:
        """Draw a document and take its picture."""
        return self.take(draw(size, lines, DRAWN_DPI, rng), size, rng)

    def take(self, document: Floats, size: MrzFormat, rng: Generator) -> Pixels:
        """Take the picture of a document that was drawn at `DRAWN_DPI`."""
        if self.over:
            shine(document, size, rng, int(rng.integers(1, self.over + 1)), REFLECTED)
        cell = rng.uniform(*self.pitch)
        shrink = cell / (PITCH_MM * DRAWN_DPI / MM_PER_INCH)
        source = cv().GaussianBlur(document, (0, 0), max(0.3, 0.4 / shrink)) if shrink < 1 else document
        page = self._seen(source, shrink, rng)
        _lights(page, rng, self.spots)
        page = cv().GaussianBlur(page, (0, 0), max(0.3, rng.uniform(*self.blur) * cell))
        if self.shake:
            page = shaken(page, rng.uniform(0, self.shake) * cell, rng)
        return finish(page, rng, rng.uniform(*self.noise), int(rng.integers(*self.quality)))

    def _seen(self, document: Floats, shrink: float, rng: Generator) -> Floats:
        height, width = document.shape[:2]
        half = np.array([width, height]) * shrink / 2
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        angle = radians(rng.uniform(-self.turn, self.turn))
        turned = corners @ np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
        turned += rng.uniform(-self.lean, self.lean, (4, 2)) * half
        room = np.maximum(0, np.array(self.frame) / 2 - np.abs(turned).max(0))
        turned += np.array(self.frame) / 2 + rng.uniform(-1, 1, 2) * room
        whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        back = cv().getPerspectiveTransform(turned.astype(np.float32), whole)
        x, y = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in self.frame))
        points = np.stack([x, y], -1).reshape(-1, 1, 2)
        there = cv().perspectiveTransform(points, back).reshape(*x.shape, 2)
        bend = self.curl * height * rng.uniform(-1, 1)
        there[..., 1] += bend * ((there[..., 0] / width - rng.uniform(0.3, 0.7)) * 2) ** 2
        desk = tuple(float(v) for v in rng.uniform(40, 200, 3))
        page: Floats = cv().remap(
            document, there, None, cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT, borderValue=desk
        )
        return page


def zone_of(document: Floats, size: MrzFormat) -> Floats:
    """Return the part of a drawn document that holds the zone, to be changed in place."""
    rows = 3 if size is MrzFormat.TD1 else 2
    share = (LOWEST_BASELINE_MM + rows * SPACING_MM[size]) / SIZE_MM[size][1]
    return document[-round(share * document.shape[0]) :]


def shine(document: Floats, size: MrzFormat, rng: Generator, count: int, most: float) -> None:
    """Lay so many reflections (streaks and spots) and hard shadows over the zone.

    `most` is how much a reflection adds: from 150 of 255 it wipes worn print out.
    """
    zone = zone_of(document, size)
    height, width = zone.shape[:2]
    y, x = (axis.astype(np.float32) for axis in np.mgrid[0:height, 0:width])
    light = np.zeros((height, width), np.float32)
    for _ in range(count):
        across = x + y * rng.uniform(-1.5, 1.5) - rng.uniform(0, width)
        reach = width * rng.uniform(0.01, 0.12)
        if rng.random() < 0.4:
            shade = rng.uniform(0.15, 0.6)
            zone *= (1 - shade / (1 + np.exp(np.clip(-across / (reach * 0.2), -30, 30))))[..., None]
            continue
        spot = np.exp(-((across / reach) ** 2))
        if rng.random() < 0.5:
            spot *= np.exp(-(((y - rng.uniform(0, height)) / (height * rng.uniform(0.15, 0.6))) ** 2))
        light = np.maximum(light, spot * rng.uniform(0.4, 1) * most)
    zone += light[..., None]


def shaken(page: Floats, way: float, rng: Generator) -> Floats:
    """Blur the picture along a straight way of so many pixels, in any direction."""
    side = 2 * ceil(way / 2) + 3
    kernel = np.zeros((8 * side, 8 * side), np.float32)
    angle = rng.uniform(0, np.pi)
    half = 4 * way * np.array([cos(angle), sin(angle)])
    ends = [tuple(int(v) for v in np.round(4 * side + sign * half)) for sign in (-1, 1)]
    cv().line(kernel, *ends, 1.0, 8)
    kernel = cv().resize(kernel, (side, side), interpolation=cv().INTER_AREA)
    moved: Floats = cv().filter2D(page, -1, kernel / kernel.sum())
    return moved


def _lights(page: Floats, rng: Generator, spots: int) -> None:
    height, width = page.shape[:2]
    y, x = (axis.astype(np.float32) for axis in np.mgrid[0:height, 0:width])
    page *= (0.75 + 0.25 * (x * rng.uniform(-1, 1) / width + 1)[..., None]).astype(np.float32)
    for _ in range(spots):
        centre = rng.uniform(0, 1, 2) * (width, height)
        reach = rng.uniform(0.04, 0.16) * width
        spot = np.exp(-(((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2))
        page += (spot * rng.uniform(-70, 90))[..., None]


LEVELS: Mapping[str, Level] = {
    "flatbed 300 dpi": flatbed(300),
    "flatbed 200 dpi": flatbed(200),
    "flatbed 150 dpi": flatbed(150),
    "camera mild": Camera((1920, 1080), (24, 32), 6, 0.03, 0.01, (0.02, 0.05), 0, 1, 0, (2, 5), (75, 93)),
    "camera hard": Camera((1280, 720), (14, 21), 12, 0.12, 0.04, (0.05, 0.11), 0.2, 3, 3, (4, 10), (55, 66)),
}
"""Measured on: scans, a camera in good light, and one that was given every trouble at once."""
