"""The 37 shapes as distance fields: drawn at any size, weight and slant by one look-up."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drivers.simulated import ocr_b

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
EMPTY = len(ALPHABET)
"""The cell that holds no glyph: the last one of an atlas."""

CELL_PX = 72
"""One pitch of 2.54 mm, ten characters an inch (ICAO 9303-3, 4.4)."""
ROWS_PX = 144
EM_PX = CELL_PX * 3.366 / 2.54
"""OCR-B size I: 2.4 mm capitals that are 0.713 em high (ISO 1073-2)."""
CAPITAL_PX = 0.713 * EM_PX
FAR_PX = 12.0

FONT_FOLDER = Path("/usr/share/fonts/opentype/ocr-b")
"""Where Debian's fonts-ocr-b puts N. Schwarz's OCR-B ("freely use, modify and/or distribute")."""
FONTS = {"OCRB.otf": 0.5, "OCRBS.otf": 0.38, "OCRBL.otf": 0.12}
"""Round corners, sharp corners, oblique, and how often each is drawn."""

Field = NDArray[np.float32]


def font_atlas(name: str) -> Field:
    """Return the atlas of one font file: signed distance to the outline in pixels, positive within the ink.

    Shape (ROWS_PX, 38 * CELL_PX). The middle of a capital lies in the middle of its cell.
    """
    font = ImageFont.truetype(FONT_FOLDER / name, EM_PX)
    sheet = Image.new("L", (CELL_PX * (EMPTY + 1), ROWS_PX))
    draw = ImageDraw.Draw(sheet)
    for place, character in enumerate(ALPHABET):
        middle = (place + 0.5) * CELL_PX
        draw.text((middle, (ROWS_PX + CAPITAL_PX) / 2), character, font=font, fill=255, anchor="ms")
    return _distances(np.asarray(sheet))


def held_out_atlas() -> Field:
    """Return the atlas of the pen-drawn cut that the simulators print, which the network never learns from."""
    dpi = CELL_PX * 10
    sheet = Image.new("RGB", (CELL_PX * (EMPTY + 1), ROWS_PX), "white")
    ocr_b.write_line(sheet, ALPHABET, 0.0, (ROWS_PX + CAPITAL_PX) / 2 * 25.4 / dpi, dpi)
    return _distances(255 - np.asarray(sheet.convert("L")))


def _distances(ink: NDArray[np.uint8]) -> Field:
    inside = cv2.distanceTransform((ink > 127).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform((ink <= 127).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.clip(inside - outside, -FAR_PX, FAR_PX).astype(np.float32)
