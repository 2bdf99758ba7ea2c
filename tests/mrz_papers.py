"""Travel documents of invented holders, drawn: seeded, all five sizes.

Each has its own cut of the type (tests/mrz_type.py). Nothing here knows how the reader was trained.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from math import cos, pi, sin
from string import ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.document import MrzFormat, PartialDate
from station.model.image import MM_PER_INCH
from station.reading.mrz_build import Holder, build
from tests.mrz_type import any_cut, write

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
    weight, ink, cut = rng.uniform(0.75, 1.0), rng.uniform(15, 60), any_cut(rng)
    for row, line in enumerate(reversed(lines)):
        y_mm = SIZE_MM[size][1] - LOWEST_BASELINE_MM - row * SPACING_MM[size]
        write(page, line, LEFT_MM[size] + rng.uniform(-0.8, 0.8), y_mm, dpi, weight, ink, cut)
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
