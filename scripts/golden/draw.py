"""Draws the golden pictures: `python -m scripts.golden.draw FOLDER`. Only invented people stand on them."""

import sys
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from drivers.simulated.papers import sheet_of
from drivers.simulated.people import SWAY_PX, grainy, seen
from drivers.simulated.sheet import Sheet
from station.imaging import codec
from station.imaging.cv import cv
from station.model.document import Symbology
from station.model.image import Pixels
from station.model.specimen import Backdrop, Paper, PaperKind, Sitter, Wear
from tests.codes import draw_code
from tests.page_faults import dog_eared, enlarged, rippled, shaded, shining_through, streaked, tilted

PAGE_MM, PAGE_DPI = (100, 140), 200
SPOILT_MM = (80, 100)
ZONE_DPI, ZONE_SHARE = 250, 0.62
PORTRAIT_PX = (1280, 720)
CROPPED = (slice(60, 700), slice(400, 880))
SOFT_PX, GRAIN, SEED = 0.6, 1.5, 7
WORDS = (
    "This sheet belongs to the station itself. It is read",
    "and measured whenever the station starts, and what is",
    "found has to be what was found when it was drawn. Each",
    "measure that answers otherwise was changed since then.",
    "The words on it are invented and name no person at all.",
)


def page() -> bytes:
    """Draw a page of print as a scanner gives it, in colour, as JPEG with halved colours (4:2:0)."""
    sheet = Sheet(*PAGE_MM, PAGE_DPI)
    y = 16.0
    for _ in range(4):
        y = sheet.paragraph(9, y, WORDS, 8.5) + 3
    sheet.block(9, 8, 24, 4, (30, 70, 150))
    sheet.box(9, y, 30, 10)
    turned = sheet.image.rotate(0.7, Image.Resampling.BICUBIC, fillcolor=sheet.image.getpixel((2, 2)))
    light = np.linspace(1.0, 0.94, turned.width)[None, :, None]
    drawn = np.asarray(turned) * light
    soft = cv().GaussianBlur(drawn.astype(np.float32), (0, 0), SOFT_PX)
    grain = np.random.default_rng(SEED).standard_normal(soft.shape, np.float32) * GRAIN
    return _jpeg(np.clip(np.rint(soft + grain), 0, 255).astype(np.uint8), 88, dpi=(PAGE_DPI, PAGE_DPI))


def spoilt() -> bytes:
    """Draw a page on which every measure of pages has something to tell, as a coarse JPEG."""
    sheet = Sheet(*SPOILT_MM, PAGE_DPI)
    sheet.paragraph(9, 40, WORDS * 3, 7.5)
    face = np.asarray(sheet.image)
    back = np.asarray(sheet.image.transpose(Image.Transpose.FLIP_TOP_BOTTOM))
    page = tilted(enlarged(shining_through(face, back, 0.3, 0.2), 1.6), 3.0)
    page = dog_eared(streaked(rippled(shaded(page), 11.3, 8.0), 40), 9, 8)
    grain = np.random.default_rng(SEED).standard_normal(page.shape, np.float32) * 3 * GRAIN
    page = np.clip(np.rint(page + grain), 0, 255).astype(np.uint8)
    for patch, level in (((60, 300), 255), ((330, 560), 0)):
        page[patch[0] : patch[0] + 80, patch[1] - 200 : patch[1]] = level
    return _jpeg(page, 45, dpi=(PAGE_DPI, PAGE_DPI))


def zone() -> bytes:
    """Draw the lower part of the specimen passport's page in grey, as the station's own PNG."""
    whole = np.asarray(sheet_of(Paper(PaperKind.PASSPORT), 1, ZONE_DPI).image.convert("L"))
    lower = np.ascontiguousarray(whole[round(whole.shape[0] * ZONE_SHARE) :])
    return codec.encode_png(cv().GaussianBlur(lower, (0, 0), SOFT_PX), (ZONE_DPI, ZONE_DPI))


def portrait(sitter: Sitter) -> bytes:
    """Draw somebody whom nobody knows, as a camera sees them, as JPEG in full colour (4:4:4)."""
    scene = grainy(seen(sitter, *PORTRAIT_PX), GRAIN, 1)[SWAY_PX:-SWAY_PX, SWAY_PX:-SWAY_PX]
    return _jpeg(scene[CROPPED], 85, subsampling="4:4:4")


def codes() -> bytes:
    """Draw a linear and a matrix code, as PNG with rows of all filters as Pillow writes it."""
    linear = draw_code(Symbology.CODE128, "L000123456", 2.6, 90)
    matrix = draw_code(Symbology.QR, "V000123456", 5.0)
    height, width = linear.shape[0] + matrix.shape[0] + 60, max(linear.shape[1], matrix.shape[1]) + 40
    sheet = np.full((height, width), 245, np.uint8)
    sheet[20 : 20 + linear.shape[0], 20 : 20 + linear.shape[1]] = linear
    below = 40 + linear.shape[0]
    sheet[below : below + matrix.shape[0], 20 : 20 + matrix.shape[1]] = matrix
    file = BytesIO()
    Image.fromarray(sheet).save(file, "PNG", optimize=True)
    return file.getvalue()


def _jpeg(pixels: Pixels, quality: int, **how: object) -> bytes:
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "JPEG", quality=quality, **how)
    return file.getvalue()


SHADES = Sitter(
    seed=5, wear=Wear.SUNGLASSES, smile=0.8, mouth_open=0.4, yaw=9, side_light=0.6, shine=0.6,
    backdrop=Backdrop.COLOURED,
)  # fmt: skip
MASK = Sitter(
    seed=6, wear=Wear.MASK_BLUE, light=1.3, gaze=(14, 6), eyes=(0.5, 0.6), roll=4, pitch=6,
    backdrop=Backdrop.BUSY, companion=True,
)  # fmt: skip
DRAWN = {
    "page.jpg": page,
    "spoilt.jpg": spoilt,
    "zone.png": zone,
    "portrait.jpg": partial(portrait, Sitter(seed=3)),
    "shades.jpg": partial(portrait, SHADES),
    "mask.jpg": partial(portrait, MASK),
    "codes.png": codes,
}

if __name__ == "__main__":
    for name, draw in DRAWN.items():
        (Path(sys.argv[1]) / name).write_bytes(draw())
