"""Pages with bar codes, drawn and then spoilt by computation: seeded, so that each run sees the same ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from string import ascii_uppercase, digits

import numpy as np
import zxingcpp

from station.imaging.cv import cv
from station.model.document import Symbology
from station.model.image import MM_PER_INCH, Pixels

Spoil = Callable[[Pixels, np.random.Generator], Pixels]

PAPER, INK = 245, 25

WRITER = {
    Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
    Symbology.CODE39: zxingcpp.BarcodeFormat.Code39,
    Symbology.ITF: zxingcpp.BarcodeFormat.ITF,
    Symbology.EAN13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbology.PDF417: zxingcpp.BarcodeFormat.PDF417,
    Symbology.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.AZTEC: zxingcpp.BarcodeFormat.Aztec,
}
LINEAR = (Symbology.CODE128, Symbology.CODE39, Symbology.ITF, Symbology.EAN13)


def draw_code(symbology: Symbology, payload: str | bytes, module_px: float, height_px: int = 0) -> Pixels:
    """Draw a code with its quiet zone; linear codes get bars of `height_px`."""
    code = zxingcpp.create_barcode(payload, WRITER[symbology])
    modules = np.array(code.to_image(scale=1, add_quiet_zones=True))
    if height_px:
        modules = modules[len(modules) // 3][None, :]
    fine = modules.repeat(8, 0).repeat(8, 1)
    size = (round(modules.shape[1] * module_px), height_px or round(modules.shape[0] * module_px))
    drawn = cv().resize(fine, size, interpolation=cv().INTER_AREA).astype(np.float32)
    inked: Pixels = (INK + drawn * ((PAPER - INK) / 255)).astype(np.uint8)
    return inked


def text_page(width: int, height: int, dpi: int, rng: np.random.Generator) -> Pixels:
    """Draw paper with lines of text all over."""
    page = np.full((height, width), PAPER, np.uint8)
    letters = np.array(list(ascii_uppercase + "     "))
    for y in range(round(0.3 * dpi), height, round(0.24 * dpi)):
        line = "".join(rng.choice(letters, 60))
        cv().putText(page, line, (round(0.3 * dpi), y), 0, dpi / 280, INK, max(1, dpi // 120), cv().LINE_AA)
    return page


def place(page: Pixels, code: Pixels, left: int, top: int) -> None:
    """Lay a code onto a page with 2 mm of clean paper (at 200 dpi) around it."""
    height, width = code.shape
    page[max(0, top - 16) : top + height + 16, max(0, left - 16) : left + width + 16] = PAPER
    page[top : top + height, left : left + width] = code


def payload_for(symbology: Symbology, rng: np.random.Generator) -> str:
    """Invent a payload of the usual length."""
    number = "".join(rng.choice(list(digits), 14))
    if symbology is Symbology.ITF:
        return number
    if symbology is Symbology.EAN13:
        weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(number[:12]))
        return f"{number[:12]}{-weighed % 10}"
    letters = "".join(rng.choice(list(ascii_uppercase + digits), 60))
    return {
        Symbology.CODE128: f"L{number[:9]}",
        Symbology.CODE39: f"VAC{number[:7]}",
        Symbology.QR: f"https://centre.example/a/{letters[:30]}",
    }.get(symbology, letters[:40])


def code_page(symbology: Symbology, payload: str | bytes, dpi: int, rng: np.random.Generator) -> Pixels:
    """Draw a small page (148 x 70 mm), text above and one code below, in sizes as printed on letters."""
    mm = dpi / MM_PER_INCH
    linear = symbology in LINEAR
    module_mm = 0.33 if linear or symbology is Symbology.PDF417 else 0.5
    code = draw_code(symbology, payload, module_mm * mm, round(14 * mm) if linear else 0)
    width, height = round(148 * mm), round(70 * mm)
    page = text_page(width, height, dpi, rng)
    left = int(rng.integers(16, max(17, width - code.shape[1] - 16)))
    top = int(rng.integers(round(0.36 * height), max(round(0.36 * height) + 1, height - code.shape[0] - 16)))
    page[round(0.34 * height) :] = PAPER
    place(page, code, left, top)
    return page


def turn(page: Pixels, degrees: float) -> Pixels:
    """Turn a page about its middle on grey ground, all of it kept."""
    height, width = page.shape
    matrix = cv().getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (ceil(width * cosine + height * sine), ceil(height * cosine + width * sine))
    matrix[:, 2] += (np.array(size) - (width, height)) / 2
    turned: Pixels = cv().warpAffine(page, matrix, size, flags=cv().INTER_LINEAR, borderValue=200)
    return turned


def blur(page: Pixels, sigma: float) -> Pixels:
    """Blur a page."""
    blurred: Pixels = cv().GaussianBlur(page, (0, 0), sigma)
    return blurred


def noise(page: Pixels, sigma: float, rng: np.random.Generator) -> Pixels:
    """Add grain."""
    return np.clip(page + rng.normal(0, sigma, page.shape), 0, 255).astype(np.uint8)


def fade(page: Pixels) -> Pixels:
    """Let the ink fade to a quarter of its contrast, under a light that falls off to one side."""
    light = np.linspace(0.5, 1, page.shape[1])
    return ((PAPER - (PAPER - page.astype(float)) * 0.3) * light).astype(np.uint8)


def stripe(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Draw a pen stroke over the lower part of the page, from left to right."""
    height, width = page.shape
    spoilt = page.copy()
    ends = [(0, int(rng.integers(height // 2, height))), (width, int(rng.integers(height // 2, height)))]
    cv().line(spoilt, *ends, INK, max(2, width // 200))
    return spoilt


def lean(page: Pixels, share: float, rng: np.random.Generator) -> Pixels:
    """See the page at a slant: its corners move in by up to this share."""
    height, width = page.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * rng.uniform(0, share, (4, 2)) * (width, height)
    matrix = cv().getPerspectiveTransform(corners, (corners + inward).astype(np.float32))
    seen: Pixels = cv().warpPerspective(page, matrix, (width, height), borderValue=200)
    return seen


def jpeg(page: Pixels, quality: int) -> Pixels:
    """Code a page as JPEG and back."""
    coded = cv().imencode(".jpg", page, [cv().IMWRITE_JPEG_QUALITY, quality])[1]
    decoded: Pixels = cv().imdecode(coded, cv().IMREAD_GRAYSCALE)
    return decoded


def _photographed(page: Pixels, rng: np.random.Generator) -> Pixels:
    turned = turn(page, rng.uniform(-30, 30))
    return jpeg(noise(blur(lean(turned, 0.06, rng), 1.1), 10, rng), 30)


SPOILT: dict[str, tuple[int, Spoil]] = {
    "tilted 15": (200, lambda page, rng: turn(page, rng.choice([-15, 15]))),
    "blurred": (200, lambda page, rng: blur(page, rng.uniform(1.2, 2.0))),
    "grainy": (200, lambda page, rng: noise(page, rng.uniform(15, 40), rng)),
    "faded": (200, lambda page, rng: fade(page)),
    "crossed out": (200, stripe),
    "coarse": (110, lambda page, rng: page),
    "photographed": (220, _photographed),
}
"""How a page is spoilt: its name, the resolution in dpi and the change."""


@dataclass(frozen=True)
class SpoiltCode:
    """One page of the set and what its code says."""

    symbology: Symbology
    payload: bytes
    spoilt: str
    page: Pixels


def spoilt_codes(each: int, seed: int = 7) -> Iterator[SpoiltCode]:
    """Yield `each` pages for every symbology and every way of spoiling (56 kinds)."""
    rng = np.random.default_rng(seed)
    for symbology in Symbology:
        for name, (dpi, spoil) in SPOILT.items():
            for _ in range(each):
                payload = payload_for(symbology, rng)
                page = spoil(code_page(symbology, payload, dpi, rng), rng)
                yield SpoiltCode(symbology, payload.encode(), name, page)
