"""Drawn pages, clean ones of many kinds and one spoilt in each way; seeded, the truth stands in the code."""

import io
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from station.quality import lightness
from station.quality.sample import PageSample

Ink: TypeAlias = tuple[int, int, int]

DPI = (300.0, 300.0)
MM = 300 / MM_PER_INCH
A5_MM = (148, 210)
BLACK: Ink = (28, 28, 32)
WORDS = (
    *("station", "letter", "number", "between", "children", "garden", "winter", "bread", "under", "paper"),
    *("yellow", "travel", "visit", "office", "morning", "answer", "question", "simple", "teacher", "river"),
    *("country", "family", "holiday", "student", "college", "money", "saving", "journey", "return", "address"),
)


def font(size_pt: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_pt / 72 * 300)


def grainy(page: Pixels, sigma: float, seed: int = 7) -> Pixels:
    grain = np.random.default_rng(seed).standard_normal(page.shape, np.float32) * sigma
    return np.clip(np.rint(page + grain), 0, 255).astype(np.uint8)


class Drawing:
    """A page under the pen; lengths in millimetres."""

    def __init__(self, seed: int, size_mm: tuple[int, int] = A5_MM, paper: Ink = (243, 243, 240)) -> None:
        self.chance = np.random.default_rng(seed)
        self.image = Image.new("RGB", (round(size_mm[0] * MM), round(size_mm[1] * MM)), paper)
        self.pen = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, words: str, size_pt: float = 10, ink: Ink = BLACK) -> None:
        self.pen.text((x * MM, y * MM), words, ink, font(size_pt), "ls")

    def words(self, count: int) -> str:
        return " ".join(self.chance.choice(WORDS, count)).capitalize()

    def lines(self, x: float, top: float, bottom: float, width: float, size_pt: float = 10) -> None:
        for y in np.arange(top + size_pt * 0.48, bottom, size_pt * 0.48):
            line = self.words(1)
            while font(size_pt).getlength(line) < (width - 18) * MM:
                line += " " + str(self.chance.choice(WORDS))
            self.text(x, float(y), line, size_pt)

    def block(self, left: float, top: float, width: float, height: float, ink: Ink) -> None:
        corners = (left * MM, top * MM, (left + width) * MM - 1, (top + height) * MM - 1)
        self.pen.rectangle(corners, fill=ink)

    def frame(self, left: float, top: float, width: float, height: float, thick: float = 0.3) -> None:
        corners = (left * MM, top * MM, (left + width) * MM, (top + height) * MM)
        self.pen.rectangle(corners, outline=(70, 74, 80), width=max(1, round(thick * MM)))

    def photograph(self, left: float, top: float, width: float, height: float) -> None:
        """Lay down a smooth random picture with sharp shapes in it."""
        size = (round(width * MM), round(height * MM))
        coarse = self.chance.integers(40, 220, (8, 8, 3), dtype=np.uint8)
        picture = cv().resize(coarse, size, interpolation=cv().INTER_CUBIC)
        for _ in range(4):
            centre = tuple(int(self.chance.integers(0, side)) for side in size)
            ink = [int(value) for value in self.chance.integers(30, 230, 3)]
            cv().circle(picture, centre, int(self.chance.integers(10, 90)), ink, -1, cv().LINE_AA)
        self.image.paste(Image.fromarray(picture), (round(left * MM), round(top * MM)))

    def stamp(self, x: float, y: float) -> None:
        ink = (180, 90, 110)
        for radius, thick in ((16.0, 0.8), (11.5, 0.4)):
            box = ((x - radius) * MM, (y - radius) * MM, (x + radius) * MM, (y + radius) * MM)
            self.pen.ellipse(box, outline=ink, width=round(thick * MM))
        self.text(x - 9, y + 2, "SEEN", 16, ink)

    def signature(self, x: float, y: float) -> None:
        steps = self.chance.normal(0, 1, (24, 2)) * (1.2, 3.0) + (1.6, 0)
        points = (np.cumsum(steps, axis=0) * (1, 0.4) + (x, y)) * MM
        self.pen.line(points.ravel().tolist(), fill=(30, 50, 140), width=round(0.45 * MM), joint="curve")

    def scanned(self, sigma: float = 1.5) -> Pixels:
        """Return the page as a scanner gives it: a little soft, a little grainy."""
        soft = cv().GaussianBlur(np.asarray(self.image), (0, 0), 0.6)
        return grainy(soft, sigma, int(self.chance.integers(1 << 30)))


# -- clean pages ----------------------------------------------------------------------------------------------


def letter(seed: int) -> Drawing:
    page = Drawing(seed)
    page.text(16, 24, page.words(3), 16)
    page.lines(16, 36, 190, 118, float(page.chance.choice([8, 9, 10, 11, 12])))
    return page


def letterhead(seed: int) -> Drawing:
    """Colour up to the rim, as a printer that bleeds prints it."""
    page = Drawing(seed)
    red, green, blue = (int(value) for value in page.chance.integers(30, 160, 3))
    page.block(0, 0, 148, float(page.chance.uniform(3, 12)), (red, green, blue))
    if seed % 2:
        page.block(120, 0, 18, 24, (red, green, blue))
    page.lines(16, 30, 190, 118)
    page.block(16, 195, 116, 0.3, (red, green, blue))
    return page


def form(seed: int) -> Drawing:
    page = Drawing(seed)
    for row in range(9):
        y = 30 + row * 16
        page.text(14, y - 1.5, page.words(2), 7, (96, 102, 110))
        page.frame(14, y, 55, 9)
        page.frame(76, y, 55, 9)
        page.text(17, y + 6.5, page.words(2), 10)
    page.signature(80, 185)
    return page


def table(seed: int) -> Drawing:
    page = Drawing(seed)
    page.text(12, 18, page.words(3), 13)
    for row in range(20):
        if seed % 2 and not row % 2:
            page.block(12, 24 + row * 8, 124, 8, (222, 230, 238))
        for column in range(6):
            x, y = 12 + column * 20.6, 24 + row * 8
            page.frame(x, y, 20.6, 8, 0.2)
            page.text(x + 1.5, y + 6, str(page.chance.integers(10, 9999)), 8)
    return page


def certificate(seed: int) -> Drawing:
    page = Drawing(seed, paper=(244, 238, 220))
    for inset in (7, 9):
        page.frame(inset, inset, 148 - 2 * inset, 210 - 2 * inset, 0.7)
    page.text(34, 60, "CERTIFICATE", 26)
    page.lines(30, 80, 120, 88, 12)
    page.stamp(105, 165)
    page.signature(30, 165)
    return page


def pictures(seed: int) -> Drawing:
    page = Drawing(seed)
    page.lines(16, 16, 60, 118)
    page.photograph(16, 70, 60, 45)
    page.photograph(82, 70, 50, 60)
    page.lines(16, 140, 195, 118)
    return page


def full_picture(seed: int) -> Drawing:
    page = Drawing(seed)
    page.photograph(0, 0, 148, 150)
    page.lines(12, 155, 200, 124)
    return page


def squared(seed: int) -> Drawing:
    """Squares of 5 mm up to the rim, and handwriting."""
    page = Drawing(seed)
    for n in range(1, 42):
        page.block(0, n * 5, 148, 0.15, (190, 205, 220))
        page.block(n * 5, 0, 0.15, 210, (190, 205, 220))
    for row in range(8):
        page.signature(20, 30 + row * 20)
        page.signature(75, 30 + row * 20)
    return page


def watermarked(seed: int) -> Drawing:
    page = Drawing(seed)
    page.text(20, 120, "COPY", 90, (225, 225, 226))
    page.lines(16, 20, 190, 118)
    return page


def columns(seed: int) -> Drawing:
    page = Drawing(seed)
    page.text(12, 18, page.words(2), 20)
    page.lines(12, 26, 195, 58, 7.5)
    page.block(73.5, 26, 0.2, 168, (90, 90, 90))
    page.lines(78, 26, 195, 58, 7.5)
    return page


def receipt(seed: int) -> Drawing:
    page = Drawing(seed, (80, 180), (236, 234, 228))
    for y in range(14, 160, 5):
        page.text(8, y, page.words(2)[:20], 8, (90, 90, 92))
        page.text(60, y, f"{page.chance.integers(1, 99)}.00", 8, (90, 90, 92))
    return page


def punched(seed: int) -> Drawing:
    page = letter(seed)
    for y in (65, 145):
        page.pen.ellipse((5 * MM, y * MM, 11 * MM, (y + 6) * MM), fill=(60, 60, 60))
    return page


CLEAN: Mapping[str, Callable[[int], Drawing]] = {
    "letter": letter,
    "letterhead": letterhead,
    "form": form,
    "table": table,
    "certificate": certificate,
    "pictures": pictures,
    "full_picture": full_picture,
    "squared": squared,
    "watermarked": watermarked,
    "columns": columns,
    "receipt": receipt,
    "punched": punched,
}


# -- one fault each -------------------------------------------------------------------------------------------


def blurred(page: Pixels, sigma: float = 3.0) -> Pixels:
    """Out of focus; the sensor's grain stays."""
    soft: Pixels = cv().GaussianBlur(page, (0, 0), sigma)
    return grainy(soft, 1.5)


def pale(page: Pixels) -> Pixels:
    return (255 - (255 - page.astype(np.float32)) * 0.22).astype(np.uint8)


def dark(page: Pixels) -> Pixels:
    return (page * 0.42).astype(np.uint8)


def tilted(page: Pixels, degrees: float = 5.0) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv().getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    paper = (243, 243, 240)
    level: Pixels = cv().warpAffine(page, matrix, (width, height), flags=cv().INTER_CUBIC, borderValue=paper)
    return level


def shaded(page: Pixels) -> Pixels:
    """Light falls to 60 % down the page, in linear light."""
    light = np.linspace(1, 0.6, page.shape[0])[:, np.newaxis, np.newaxis]
    return np.interp(lightness.LINEAR[page] * light, lightness.LINEAR, np.arange(256)).round().astype(np.uint8)


def fingered(page: Pixels) -> Pixels:
    """A finger 17 mm wide reaches 26 mm in from the right, with a soft shadow."""
    height, width = page.shape[:2]
    tip, middle = (width - round(17.5 * MM), round(0.6 * height)), round(0.6 * height)
    shape = np.zeros((height, width), np.float32)
    cv().rectangle(shape, (tip[0], middle - round(8.5 * MM)), (width, middle + round(8.5 * MM)), 1.0, -1)
    cv().circle(shape, tip, round(8.5 * MM), 1.0, -1)
    shadow = cv().GaussianBlur(shape, (0, 0), 9)[..., np.newaxis] * 0.3
    soft = cv().GaussianBlur(shape, (0, 0), 2)[..., np.newaxis]
    skin = np.array([196, 142, 118], np.float32)
    return (page * (1 - shadow) * (1 - soft) + skin * soft).astype(np.uint8)


def dog_eared(page: Pixels, across_mm: float = 16, down_mm: float = 13) -> Pixels:
    """The top left corner is folded over and shows the black backing."""
    spoilt = page.copy()
    corners = [[0, 0], [round(across_mm * MM), 0], [0, round(down_mm * MM)]]
    cv().fillConvexPoly(spoilt, np.array(corners), (38, 38, 40))
    return spoilt


def clipped(page: Pixels) -> Pixels:
    """A clip of wire, 1 mm thick and 8 mm wide, reaches 24 mm in from the top."""
    spoilt = page.copy()
    wire, ink = round(1.0 * MM), (110, 112, 116)
    for x, wide, down in ((0.25 * page.shape[1] / MM, 8, 24), (0.25 * page.shape[1] / MM + 1.8, 4.6, 18)):
        left, right, radius = round(x * MM), round((x + wide) * MM), round(wide * MM / 2)
        bottom = round(down * MM) - radius
        cv().line(spoilt, (left, -20), (left, bottom), ink, wire)
        cv().line(spoilt, (right, -20), (right, bottom), ink, wire)
        cv().ellipse(spoilt, ((left + right) // 2, bottom), (radius, radius), 0, 0, 180, ink, wire)
    return spoilt


def shining_through(page: Pixels, back: Pixels, share: float = 0.25, sigma_mm: float = 0.35) -> Pixels:
    """The back's print in the paper, mirrored, blurred by the paper, with this share of its depth."""
    height, width = page.shape[:2]
    behind = cv().resize(np.ascontiguousarray(back[:, ::-1]), (width, height), interpolation=cv().INTER_AREA)
    behind = cv().GaussianBlur(behind, (0, 0), sigma_mm * MM).astype(np.float32)
    return np.rint(page * (1 - share * (1 - behind / behind.max()))).astype(np.uint8)


def streaked(page: Pixels, levels: int = 30, width_px: int = 3) -> Pixels:
    """Dirt on the feeder's glass: some columns are darker from the first row to the last."""
    spoilt = page.astype(np.int16)
    x = round(0.37 * page.shape[1])
    spoilt[:, x : x + width_px] -= levels
    return np.clip(spoilt, 0, 255).astype(np.uint8)


def rippled(page: Pixels, period_px: float = 17.3, height: float = 16.0) -> Pixels:
    """A slanting wave, this many grey levels from crest to trough, lies over the page."""
    y, x = np.mgrid[: page.shape[0], : page.shape[1]].astype(np.float32)
    wave = height / 2 * (np.sin(2 * np.pi * (x * 0.94 + y * 0.34) / period_px) - 1)
    return np.clip(np.rint(page + wave[..., np.newaxis]), 0, 255).astype(np.uint8)


def jpeg(page: Pixels, quality: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", quality=quality, dpi=(300, 300))
    return out.getvalue()


def of_jpeg(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGB"))


def enlarged(page: Pixels, factor: float = 2.0, method: str = "INTER_CUBIC") -> Pixels:
    """Scanned at 300 / factor dpi, then drawn out to 300."""
    height, width = page.shape[:2]
    small = cv().resize(page, None, fx=1 / factor, fy=1 / factor, interpolation=cv().INTER_AREA)
    large: Pixels = cv().resize(small, (width, height), interpolation=getattr(cv(), method))
    return large


def patched(page: Pixels, level: int) -> Pixels:
    """A patch of 40 x 25 mm at this level, amid the page."""
    spoilt = page.copy()
    spoilt[round(60 * MM) : round(85 * MM), round(50 * MM) : round(90 * MM)] = level
    return spoilt


def spoilt_pages() -> Mapping[str, PageSample]:
    """Return one page for each fault, by the name of the measure that tells it ("": none)."""
    clean = letter(5).scanned()
    tinted = np.clip(clean * 0.94, 0, 255).astype(np.uint8)
    coded = jpeg(clean, 12)
    coarse = cv().resize(clean, None, fx=0.5, fy=0.5, interpolation=cv().INTER_AREA)
    corner = clean.copy()
    corner[1240:, 874:] = blurred(clean, 4)[1240:, 874:]
    pages = {
        "": clean,
        "text_sharpness": blurred(clean),
        "worst_text_sharpness": corner,
        "text_contrast": pale(clean),
        "paper_white": dark(clean),
        "clipped_highlights": patched(tinted, 255),
        "clipped_shadows": patched(clean, 0),
        "marks": Drawing(5).scanned(),
        "skew": tilted(clean),
        "cut_edge": np.ascontiguousarray(clean[:, round(22 * MM) :]),
        "uneven_light": shaded(clean),
        "noise": grainy(clean, 9),
        "covered": fingered(clean),
        "bleed_through": shining_through(clean, letter(6).scanned()),
        "streaks": streaked(clean),
        "moire": rippled(clean),
        "enlargement": enlarged(clean),
    }
    return {
        **{name: PageSample(page, DPI) for name, page in pages.items()},
        "resolution": PageSample(coarse, (150.0, 150.0)),
        "jpeg_quality": PageSample(of_jpeg(coded), DPI, coded),
    }
