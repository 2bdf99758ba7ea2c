"""Pages drawn in one place: letters of invented banks, laid on a glass at known places and angles."""

import numpy as np
from PIL import Image, ImageFilter

from drivers.simulated.sheet import PAPER, Sheet
from station.model.image import MM_PER_INCH, Pixels

LETTER = (
    "This letter confirms that the account named above has been open since",
    "the beginning of the year, and that regular payments were received.",
    "The holder has asked for a copy of all statements, which you find",
    "enclosed, together with a form that explains how figures are put",
    "together. Please keep both for your own records, and write to us if",
    "anything is missing, or if you disagree with the balance on page two.",
    "We are glad to help by telephone, by letter, or at the counter.",
)


def letter(
    size_mm: tuple[float, float] = (148, 210),
    dpi: int = 150,
    words: tuple[str, ...] = LETTER,
    size_pt: float = 9.0,
    repeat: int = 3,
) -> Image.Image:
    """Draw a page of print, upright, grey."""
    sheet = Sheet(*size_mm, dpi)
    left = size_mm[0] * 0.08
    y = size_mm[1] * 0.08 + size_pt * 0.4
    for _ in range(repeat):
        y = sheet.paragraph(left, y, words, size_pt) + size_pt * 0.4
    return sheet.image.convert("L")


def on_glass(
    page: Image.Image,
    centre_mm: tuple[float, float],
    angle: float,
    lid: int,
    *,
    glass_mm: tuple[float, float] = (210, 297),
    dpi: int = 150,
    noise: float = 1.5,
    shadow: int = 0,
    seed: int = 1,
) -> Pixels:
    """Lay a page on the glass, turned clockwise by an angle; `shadow` grey levels lie 0.6 mm around it."""
    scale = dpi / MM_PER_INCH
    glass = Image.new("L", (round(glass_mm[0] * scale), round(glass_mm[1] * scale)), lid)
    around = round(0.6 * scale)
    paper = Image.new("L", (page.width + 4 * around, page.height + 4 * around), PAPER[0])
    paper.paste(page, (2 * around, 2 * around))
    there = Image.new("L", paper.size)
    there.paste(255, (2 * around, 2 * around, 2 * around + page.width, 2 * around + page.height))
    turned = [part.rotate(-angle, Image.Resampling.BICUBIC, expand=True) for part in (paper, there)]
    corner = (
        round(centre_mm[0] * scale - turned[0].width / 2),
        round(centre_mm[1] * scale - turned[0].height / 2),
    )
    if shadow:
        glass.paste(lid - shadow, corner, turned[1].filter(ImageFilter.MaxFilter(2 * around + 1)))
    glass.paste(turned[0], corner, turned[1])
    return grainy(np.array(glass), noise, seed)


def grainy(pixels: Pixels, noise: float, seed: int = 1) -> Pixels:
    """Add a sensor's noise; the result is read-only, as scanned pages are."""
    grain = np.random.default_rng(seed).normal(0, noise, pixels.shape)
    result = np.clip(np.rint(pixels + grain), 0, 255).astype(np.uint8)
    result.setflags(write=False)
    return result


def photograph(size: tuple[int, int], seed: int = 1) -> Pixels:
    """Draw soft shapes of all greys without paper or print."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (9, 7), np.uint8)
    return grainy(np.array(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)), 2, seed)
