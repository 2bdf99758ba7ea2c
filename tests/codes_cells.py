"""The cells at which bar-code readers are compared: eight symbologies, each on pages damaged in 19 ways."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase, digits

import numpy as np

from station.imaging.cv import cv
from station.model.document import Symbology
from station.model.image import MM_PER_INCH, Pixels
from tests.codes import INK, LINEAR, PAPER, Spoil, blur, draw_code, jpeg, lean, noise, turn

PAGE_MM = (148, 105)
MODULE_MM = {Symbology.ITF: 0.40, Symbology.QR: 0.5, Symbology.AZTEC: 0.5, Symbology.DATAMATRIX: 0.5}
HEIGHT_MM = {symbology: 22 if symbology is Symbology.EAN13 else 14 for symbology in LINEAR}

PATTERNS = r"""
[[pattern]]
name = "letter of the bench"
kind = "letter_number"
symbologies = ["Code128"]
shape = '(?P<value>GBR-2026-\d{7})'
proof = true

[[pattern]]
name = "file of the bench"
kind = "file_number"
symbologies = ["Code39"]
shape = '(?P<value>VAC\d{7})'
proof = true

[[pattern]]
name = "label of the bench"
kind = "label"
symbologies = ["ITF"]
shape = '(?P<value>\d{14})'
check = "gs1"
proof = true
"""
"""What a centre that prints these codes would have configured."""


def _rot(page: Pixels, rng: np.random.Generator, degrees: float) -> Pixels:
    return turn(page, degrees * rng.choice([-1, 1]))


def _shade(page: Pixels) -> Pixels:
    shaded: Pixels = (page * np.linspace(0.45, 1, page.shape[1])).astype(np.uint8)
    return shaded


def _combo(page: Pixels, rng: np.random.Generator, sigma: float) -> Pixels:
    turned = turn(page, rng.uniform(-30, 30))
    return jpeg(noise(blur(lean(turned, 0.06, rng), sigma), 10, rng), 30)


DAMAGES: dict[str, tuple[int, Spoil]] = {
    "100 dpi": (100, lambda page, rng: page),
    "150 dpi": (150, lambda page, rng: page),
    "200 dpi": (200, lambda page, rng: page),
    "300 dpi": (300, lambda page, rng: page),
    "rot5": (200, lambda page, rng: _rot(page, rng, 5)),
    "rot15": (200, lambda page, rng: _rot(page, rng, 15)),
    "rot30": (200, lambda page, rng: _rot(page, rng, 30)),
    "rot90": (200, lambda page, rng: turn(page, 90)),
    "blur1": (200, lambda page, rng: blur(page, 1)),
    "blur2": (200, lambda page, rng: blur(page, 2)),
    "blur3": (200, lambda page, rng: blur(page, 3)),
    "blur3@300": (300, lambda page, rng: blur(page, 3)),
    "noise15": (200, lambda page, rng: noise(page, 15, rng)),
    "noise40": (200, lambda page, rng: noise(page, 40, rng)),
    "persp10%": (200, lambda page, rng: lean(page, 0.10, rng)),
    "jpegq30": (200, lambda page, rng: jpeg(page, 30)),
    "shade": (200, lambda page, rng: _shade(page)),
    "combo@200": (200, lambda page, rng: _combo(page, rng, 1.0)),
    "combo@300": (300, lambda page, rng: _combo(page, rng, 1.2)),
}
"""How a page is damaged: its name, the resolution in dpi and the change."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One damaged page and what its code says."""

    symbology: Symbology
    damage: str
    payload: bytes
    page: Pixels = field(repr=False)


def gs1_digit(number: str) -> str:
    """Return the check digit of a number without it (GS1 General Specifications, 7.9)."""
    return str(-sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(number))) % 10)


def payload_of(symbology: Symbology, rng: np.random.Generator) -> str:
    """Invent a payload as the papers of a centre carry it."""
    number = "".join(rng.choice(list(digits), 13))
    letters = "".join(rng.choice(list(ascii_uppercase + digits), 100))
    texts: dict[Symbology, str] = {
        Symbology.CODE128: f"GBR-2026-{number[:7]}",
        Symbology.CODE39: f"VAC{number[:7]}",
        Symbology.ITF: number + gs1_digit(number),
        Symbology.EAN13: number[:12] + gs1_digit(number[:12]),
        Symbology.QR: f"https://vac.example/a/{letters[:38]}",
        Symbology.PDF417: letters,
        Symbology.AZTEC: letters[:60],
        Symbology.DATAMATRIX: letters[:40],
    }
    return texts[symbology]


def cell_page(symbology: Symbology, payload: str | bytes, dpi: int, rng: np.random.Generator) -> Pixels:
    """Draw an A6 page across: five lines of text above, one code below."""
    mm = dpi / MM_PER_INCH
    code = draw_code(
        symbology, payload, MODULE_MM.get(symbology, 0.33) * mm, round(HEIGHT_MM.get(symbology, 0) * mm)
    )
    width, height = (round(side * mm) for side in PAGE_MM)
    page = np.full((height, width), PAPER, np.uint8)
    for line in range(5):
        text = "APPLICATION " + "".join(rng.choice(list(ascii_uppercase + digits), 20))
        at = (round(8 * mm), round((8 + 6 * line) * mm))
        cv().putText(page, text, at, 0, dpi / 270, INK, max(1, dpi // 120), cv().LINE_AA)
    left = int(
        rng.integers(round(0.05 * width), max(round(0.95 * width) - code.shape[1], round(0.05 * width) + 1))
    )
    top = int(
        rng.integers(round(0.38 * height), max(round(0.95 * height) - code.shape[0], round(0.38 * height) + 1))
    )
    top, left = min(top, height - code.shape[0]), min(left, width - code.shape[1])
    page[top : top + code.shape[0], left : left + code.shape[1]] = code
    return page


def cells(each: int, seed: int = 7) -> Iterator[Cell]:
    """Yield `each` pages of every symbology and damage (152 cells)."""
    rng = np.random.default_rng(seed)
    for symbology in Symbology:
        for damage, (dpi, spoil) in DAMAGES.items():
            for _ in range(each):
                payload = payload_of(symbology, rng)
                page = spoil(cell_page(symbology, payload, dpi, rng), rng)
                yield Cell(symbology, damage, payload.encode(), np.ascontiguousarray(page))
