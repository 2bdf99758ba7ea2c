"""Travel documents of invented holders, drawn and then spoilt by computation: seeded, all five sizes.

The glyphs are the pen strokes of the simulated devices; nothing here knows how the reader was trained.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import cos, pi, radians, sin
from string import ascii_lowercase, ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drivers.simulated.ocr_b import PITCH_MM, write_line
from station.imaging.cv import cv
from station.model.document import MrzFormat, PartialDate
from station.model.image import MM_PER_INCH, Pixels
from station.reading.mrz_build import Holder, build

TODAY = datetime.date(2026, 11, 22)

Floats = NDArray[np.float32]

SIZE_MM: Mapping[MrzFormat, tuple[float, float]] = {
    MrzFormat.TD1: (85.6, 54.0),
    MrzFormat.TD2: (105.0, 74.0),
    MrzFormat.TD3: (125.0, 88.0),
    MrzFormat.MRVA: (120.0, 80.0),
    MrzFormat.MRVB: (105.0, 74.0),
}
LEFT_MM: Mapping[MrzFormat, float] = dict.fromkeys(MrzFormat, 6.0) | {
    MrzFormat.TD1: 4.8,
    MrzFormat.MRVA: 4.0,
}
LOWEST_BASELINE_MM = 8.2  # above the lower edge
SPACING_MM: Mapping[MrzFormat, float] = dict.fromkeys(MrzFormat, 6.35) | {MrzFormat.TD1: 4.9}

SURNAMES = [
    "MARTELLO", "VERHOEVEN", "OKONKWO-BELL", "LINDQVIST", "D'ALMEIDA", "SOK", "KHIN", "TSERING", "QUIZHPE",
]  # fmt: skip
GIVEN = ["ANNA MARIA", "JONAS", "WILHELMINA FREDERIKE", "TOVE", "XAVIER HUGO", "KEZIAH", "BO", "PHALLA DARA"]
STATES = ["UTO", "D", "KHM", "FRA", "GBR", "CHE", "UKR", "VNM", "NGA", "BRA", "XXB", "ETH"]
DRAWN_DPI = 400  # before a camera takes the picture


@dataclass(frozen=True, slots=True, eq=False)
class DrawnZone:
    """A picture (RGB), the size of the zone on it and its lines."""

    size: MrzFormat
    lines: tuple[str, ...]
    pixels: Pixels = field(repr=False)


def invent(size: MrzFormat, rng: np.random.Generator) -> tuple[str, ...]:
    """Return the lines of an invented document of this size."""

    def text(characters: str, shortest: int, longest: int) -> str:
        length = int(rng.integers(shortest, longest + 1))
        return "".join(rng.choice(list(characters), length)) if length else ""

    long = size in (MrzFormat.TD1, MrzFormat.TD2) and rng.random() < 0.15
    head = text(ascii_uppercase + digits * 2, 9, 9)
    number = head + text(digits, 2, 3) if long else head[: int(rng.integers(7, 10))]
    birth: PartialDate | None = PartialDate(
        int(rng.integers(1935, 2020)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    )
    if rng.random() < 0.08:
        birth = replace(birth, day=0) if birth and rng.random() < 0.6 else None
    if rng.random() < 0.25:
        surname, given = text(ascii_uppercase, 3, 14), text(ascii_uppercase, 2, 10)
    else:
        surname, given = str(rng.choice(SURNAMES)), str(rng.choice(GIVEN))
    code = {"TD3": "P", "MRV-A": "V", "MRV-B": "V"}.get(size.value, "I")
    room = {"TD1": 4, "TD2": 2, "TD3": 14, "MRV-A": 16, "MRV-B": 8}[size.value]
    second = {"TD1": 11}.get(size.value, 0)
    return build(
        Holder(
            surname,
            given,
            number,
            birth,
            PartialDate(int(rng.integers(2022, 2036)), int(rng.integers(1, 13)), int(rng.integers(1, 29))),
            sex=str(rng.choice(["M", "F", ""])),
            nationality=str(rng.choice(STATES)),
            issuing_state=str(rng.choice(STATES)),
            document_code=code + (str(rng.choice(["", "", "D", "O"])) if code == "P" else ""),
            optional_data=(
                text(digits + ascii_uppercase, 0, room) if rng.random() < 0.6 else "",
                *((text(digits, 0, second),) if second else ()),
            ),
        ),
        size,
    )


@lru_cache(maxsize=256)
def _glyph(character: str, dpi: int) -> Floats:
    """Return the ink of one cell, 0 to 1; 4 mm high, the base line 0.7 mm above its lower edge."""
    image = Image.new("RGB", (round(PITCH_MM * dpi / MM_PER_INCH) + 1, round(4.0 * dpi / MM_PER_INCH)), "white")
    write_line(image, character, 0.0, 3.3, dpi)
    ink: Floats = (255 - np.asarray(image.convert("L"), np.float32)) / 231
    return ink.clip(0, 1)


def _shifted(glyph: Floats, x: float, y: float) -> Floats:
    height, width = glyph.shape
    moved: Floats = cv().warpAffine(
        glyph, np.array([[1, 0, x], [0, 1, y]], np.float32), (width + 2, height + 2), flags=cv().INTER_LINEAR
    )
    return moved


def write(
    page: Floats, text: str, left_mm: float, baseline_mm: float, dpi: int, weight: float = 1.0, ink: float = 30
) -> None:
    """Print one line of a zone onto a page (float RGB, values 0 to 255); `weight` below 1 is worn print."""
    scale = dpi / MM_PER_INCH
    for place, character in enumerate(text):
        x, y = (left_mm + place * PITCH_MM) * scale, (baseline_mm - 3.3) * scale
        glyph = _shifted(_glyph(character, dpi), x % 1, y % 1) * weight
        height, width = glyph.shape
        area = page[int(y) : int(y) + height, int(x) : int(x) + width]
        if area.size:
            kept = glyph[: area.shape[0], : area.shape[1], None]
            area += (ink - area) * kept


def draw(
    size: MrzFormat, lines: tuple[str, ...], dpi: int, rng: np.random.Generator, dark: float = 0.0
) -> Floats:
    """Draw a document (float RGB) with its zone, over `dark` print where that is above 0."""
    scale = dpi / MM_PER_INCH
    width, height = (round(side * scale) for side in SIZE_MM[size])
    tint = rng.uniform(205, 250, 3)
    page = np.full((height, width, 3), tint, np.float32)
    _pattern(page, dpi, rng, rng.uniform(4, 26))
    _photograph(page, scale, rng)
    low = height - round((LOWEST_BASELINE_MM + SPACING_MM[size] * len(lines)) * scale)
    _words(page[:low], scale, rng)
    if dark:
        _pattern(page[low:], dpi, rng, 255 * dark)
    weight, ink = rng.uniform(0.75, 1.0), rng.uniform(15, 60)
    for row, line in enumerate(reversed(lines)):
        y_mm = SIZE_MM[size][1] - LOWEST_BASELINE_MM - row * SPACING_MM[size]
        write(page, line, LEFT_MM[size] + rng.uniform(-0.8, 0.8), y_mm, dpi, weight, ink)
    return page


def _words(page: Floats, scale: float, rng: np.random.Generator) -> None:
    """Print what stands in the visual zone."""
    height, width = page.shape[:2]
    ink = np.zeros((height, width), np.uint8)
    for row in range(6):
        y = round((9 + row * 6.0) * scale)
        words = " ".join(
            "".join(rng.choice(list(ascii_uppercase + "aeiou"), rng.integers(2, 9))) for _ in range(2)
        )
        if y < height - 2:
            at = (round(width * 0.42), y)
            cv().putText(ink, words, at, 2, scale * 0.05, 255, max(1, round(scale * 0.08)), cv().LINE_AA)
    page += (45 - page) * (ink[..., None] / np.float32(255))


def _pattern(page: Floats, dpi: int, rng: np.random.Generator, strength: float) -> None:
    """Lay fine coloured waves over the area, as security print has them."""
    height, width = page.shape[:2]
    y, x = (axis.astype(np.float32) * (MM_PER_INCH / dpi) for axis in np.mgrid[0:height, 0:width])
    for _ in range(2):
        angle, pitch_mm = rng.uniform(0, pi), rng.uniform(0.5, 1.6)
        bent = (
            x * cos(angle)
            + y * sin(angle)
            + 0.8 * np.sin((x * sin(angle) - y * cos(angle)) * rng.uniform(0.1, 0.5))
        )
        wave = np.clip(np.sin(bent * (2 * pi / pitch_mm)) - 0.3, 0, 1) / 0.7
        page -= wave[..., None] * (strength * rng.uniform(0.2, 1.0, 3)).astype(np.float32)
    np.clip(page, 0, 255, out=page)


def _photograph(page: Floats, scale: float, rng: np.random.Generator) -> None:
    height, width = page.shape[:2]
    top, left = round(10 * scale), round(5 * scale)
    area = page[top : round(height * 0.6), left : left + round(width * 0.28)]
    rough = rng.uniform(60, 220, (6, 5, 3)).astype(np.float32)
    area[:] = cv().resize(rough, area.shape[1::-1], interpolation=cv().INTER_CUBIC).clip(0, 255)


def finish(page: Floats, rng: np.random.Generator, noise: float, quality: int | None = None) -> Pixels:
    """Add a sensor's noise, make 8 bits of it, and pass it through JPEG where a quality is given."""
    noisy = page + rng.standard_normal(page.shape, np.float32) * noise
    pixels: Pixels = noisy.clip(0, 255).astype(np.uint8)
    if quality is not None:
        packed = cv().imencode(".jpg", pixels[..., ::-1], [cv().IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = np.ascontiguousarray(cv().imdecode(packed, cv().IMREAD_COLOR)[..., ::-1])
    return pixels


def flatbed(dpi: int, *, a4: bool = False, dark: float = 0.0) -> "Level":
    """Return the level of a flatbed scanner: slightly askew, slightly soft, on a white lid."""

    def level(size: MrzFormat, lines: tuple[str, ...], rng: np.random.Generator) -> Pixels:
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


def camera(
    frame: tuple[int, int],
    pitch_px: tuple[float, float],
    turn: float,
    lean: float,
    curl: float,
    blur: tuple[float, float],
    glare: int,
    noise: tuple[float, float],
    quality: tuple[int, int],
) -> "Level":
    """Return a level of a document camera.

    `pitch_px` pixels a cell, `turn` up to so many degrees, `lean` share by which a side shrinks in perspective,
    `curl` share of the height, `blur` sigma in shares of a cell, `glare` spots of light or shadow.
    """

    def level(size: MrzFormat, lines: tuple[str, ...], rng: np.random.Generator) -> Pixels:
        document = draw(size, lines, DRAWN_DPI, rng)
        cell = rng.uniform(*pitch_px)
        shrink = cell / (PITCH_MM * DRAWN_DPI / MM_PER_INCH)
        source = cv().GaussianBlur(document, (0, 0), max(0.3, 0.4 / shrink)) if shrink < 1 else document
        page = _photographed(source, frame, shrink, radians(rng.uniform(-turn, turn)), lean, curl, rng)
        _lights(page, rng, glare)
        page = cv().GaussianBlur(page, (0, 0), max(0.3, rng.uniform(*blur) * cell))
        return finish(page, rng, rng.uniform(*noise), int(rng.integers(*quality)))

    return level


def _photographed(
    document: Floats,
    frame: tuple[int, int],
    shrink: float,
    angle: float,
    lean: float,
    curl: float,
    rng: np.random.Generator,
) -> Floats:
    height, width = document.shape[:2]
    half = np.array([width, height]) * shrink / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    turned = corners @ np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    turned += rng.uniform(-lean, lean, (4, 2)) * half
    room = np.maximum(0, np.array(frame) / 2 - np.abs(turned).max(0))
    turned += np.array(frame) / 2 + rng.uniform(-1, 1, 2) * room
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv().getPerspectiveTransform(turned.astype(np.float32), whole)
    x, y = np.meshgrid(np.arange(frame[0], dtype=np.float32), np.arange(frame[1], dtype=np.float32))
    points = np.stack([x, y], -1).reshape(-1, 1, 2)
    there = cv().perspectiveTransform(points, back).reshape(frame[1], frame[0], 2)
    bend = curl * height * rng.uniform(-1, 1)
    there[..., 1] += bend * ((there[..., 0] / width - rng.uniform(0.3, 0.7)) * 2) ** 2
    desk = tuple(float(v) for v in rng.uniform(40, 200, 3))
    page: Floats = cv().remap(
        document, there, None, cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT, borderValue=desk
    )
    return page


def _lights(page: Floats, rng: np.random.Generator, spots: int) -> None:
    height, width = page.shape[:2]
    y, x = (axis.astype(np.float32) for axis in np.mgrid[0:height, 0:width])
    page *= (0.75 + 0.25 * (x * rng.uniform(-1, 1) / width + 1)[..., None]).astype(np.float32)
    for _ in range(spots):
        centre = rng.uniform(0, 1, 2) * (width, height)
        reach = rng.uniform(0.04, 0.16) * width
        spot = np.exp(-(((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2))
        page += (spot * rng.uniform(-70, 90))[..., None]


Level = Callable[[MrzFormat, tuple[str, ...], np.random.Generator], Pixels]

LEVELS: Mapping[str, Level] = {
    "flatbed 300 dpi": flatbed(300),
    "flatbed 200 dpi": flatbed(200),
    "flatbed 150 dpi": flatbed(150),
    "camera mild": camera((1920, 1080), (24, 32), 6, 0.03, 0.01, (0.02, 0.05), 1, (2, 5), (75, 93)),
    "camera hard": camera((1280, 720), (14, 21), 12, 0.09, 0.03, (0.05, 0.11), 3, (4, 10), (55, 70)),
}


def zones(level: Level, count: int, seed: int) -> Iterator[DrawnZone]:
    """Yield that many documents, the five sizes in turn."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        size = tuple(MrzFormat)[number % len(MrzFormat)]
        lines = invent(size, rng)
        yield DrawnZone(size, lines, level(size, lines, rng))


def letter(dpi: int, seed: int) -> Pixels:
    """Draw an A4 page of ordinary text (grey), which holds no zone."""
    rng = np.random.default_rng(seed)
    page = np.full((round(297 * dpi / MM_PER_INCH), round(210 * dpi / MM_PER_INCH)), 246, np.uint8)
    letters = list(ascii_lowercase + "aeiou      ")
    for y in range(round(0.9 * dpi), page.shape[0] - dpi, round(0.2 * dpi)):
        text = "".join(rng.choice(letters, 84))
        cv().putText(page, text, (round(0.8 * dpi), y), 0, dpi / 400, 30, 1, cv().LINE_AA)
    return page


def typed_page(dpi: int, seed: int) -> Pixels:
    """Draw a page (grey) of evenly spaced capitals and digits in the zone's type, as payment slips have it."""
    rng = np.random.default_rng(seed)
    page = np.full((round(70 * dpi / MM_PER_INCH), round(160 * dpi / MM_PER_INCH), 3), 246, np.float32)
    for row in range(8):
        text = "".join(rng.choice(list(ascii_uppercase + digits * 2), 40 if row % 4 < 3 else 12))
        write(page, text, 12, 12 + row * 6.35, dpi)
    return finish(page, rng, 2)[..., 0]
