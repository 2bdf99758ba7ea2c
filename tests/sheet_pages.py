"""Printed sheets as a scanner sees them, and pages that only look like one: seeded."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from tests.codes import INK, PAPER
from ui.printing.canvas import Canvas, Page, Paper


def painted(page: Page, dpi: int, paper: Paper = Paper.A4) -> Pixels:
    """Draw a page on a grey picture instead of paper, by the code that draws on printers."""
    width, height = (round(side * dpi / MM_PER_INCH) for side in paper.size_mm)
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    page(Canvas(painter, paper, dpi))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, :width].copy()  # the image goes, and its memory with it


def scanned(page: Pixels, seed: int, *, quarters: int = 0, degrees: float = 0.0) -> Pixels:
    """Feed a page by another edge and askew, and see it with the greys and the grain of a scanner."""
    height, width = page.shape
    if degrees:
        matrix = cv().getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        page = cv().warpAffine(page, matrix, (width, height), borderValue=255)
    inked = cv().add(_INKED[page], _grain(page.shape, seed), dtype=cv().CV_8U)
    return np.ascontiguousarray(np.rot90(inked, quarters))


_INKED = (INK + np.arange(256) * ((PAPER - INK) / 255)).astype(np.uint8)


def _grain(shape: tuple[int, ...], seed: int) -> NDArray[np.int16]:
    """Return noise of 10 levels, a piece of it laid again and again: to draw all takes longer than to read."""
    piece = np.rint(np.random.default_rng(seed).normal(0, 10, (509, 503))).astype(np.int16)
    times = [-(-side // own) for side, own in zip(shape, piece.shape, strict=True)]
    return np.tile(piece, times)[: shape[0], : shape[1]]


def ordinary(seed: int, dpi: int = 100) -> Pixels:
    """Draw a page with what might be taken for a patch code: thick rules, tables, stripes, bar codes, text."""
    rng = np.random.default_rng(seed)
    mm = dpi / MM_PER_INCH
    page = np.full((round(297 * mm), round(210 * mm)), PAPER, np.uint8)
    for _ in range(rng.integers(2, 7)):
        _KINDS[int(rng.integers(len(_KINDS)))](page, mm, rng)
    return page if rng.random() < 0.5 else np.ascontiguousarray(page.T)


def _bars(page: Pixels, mm: float, rng: np.random.Generator, widths: Sequence[float], length: float) -> None:
    """Draw ink and paper by turns, from a place at random."""
    y, x = rng.uniform(5, 250), rng.uniform(5, 60)
    for number, width in enumerate(widths):
        if number % 2 == 0:
            page[round(y * mm) : round((y + width) * mm), round(x * mm) : round((x + length) * mm)] = INK
        y += width


def _thick_rules(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    _bars(page, mm, rng, rng.uniform(0.8, 7, int(rng.integers(3, 16))), rng.uniform(60, 180))


def _stripes(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    _bars(page, mm, rng, [rng.uniform(1, 6)] * int(rng.integers(4, 30)), rng.uniform(60, 180))


def _table(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    row, rule = rng.uniform(3, 12), rng.uniform(0.3, 2.2)
    _bars(page, mm, rng, [rule, row - rule] * int(rng.integers(3, 15)), rng.uniform(80, 190))


def _bar_code(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    module = rng.uniform(0.3, 1.6)
    _bars(page, mm, rng, module * rng.integers(1, 5, int(rng.integers(15, 60))), rng.uniform(10, 60))


def _short(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    """Draw a patch code that is too short to be one."""
    widths = [2.03 * width for width in (1, 1, 2.5, 1, 1, 1, 2.5)]
    _bars(page, mm, rng, widths, rng.uniform(10, 36))


def _text(page: Pixels, mm: float, rng: np.random.Generator) -> None:
    x, y, size = rng.uniform(5, 60), rng.uniform(20, 250), rng.uniform(0.05, 0.5)
    for line in range(int(rng.integers(1, 12))):
        at = (round(x * mm), round((y + line * 40 * size) * mm))
        cv().putText(page, "ILLUMINATED HHHH 1111", at, 0, size * mm, INK, max(1, round(size * 4 * mm)))


_KINDS = (_thick_rules, _stripes, _table, _bar_code, _short, _text)
