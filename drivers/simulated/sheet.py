"""A sheet of paper that is printed on in millimetres, at any resolution."""

import unicodedata
from functools import lru_cache

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from drivers.simulated.brush import Colour, smooth
from station.model.image import MM_PER_INCH

INK: Colour = (26, 28, 32)
QUIET: Colour = (96, 102, 110)
PAPER: Colour = (251, 251, 249)
BALLPOINT: Colour = (28, 52, 140)
STAMP: Colour = (186, 58, 58)
STAIN: Colour = (64, 52, 44)

POINTS_PER_INCH = 72
BOLD = 0.035
"""Thickness that bold print adds, as a part of the type size."""
CODE_OVERSAMPLING = 6
MARGIN_MM = 10.0


class Sheet:
    """One sheet, top left at the origin."""

    def __init__(self, width_mm: float, height_mm: float, dpi: int, ground: Colour = PAPER) -> None:
        """Take an empty sheet."""
        self.width_mm, self.height_mm, self.dpi = width_mm, height_mm, dpi
        self._scale = dpi / MM_PER_INCH
        self.image = Image.new("RGB", (self.px(width_mm), self.px(height_mm)), ground)
        self.pen = ImageDraw.Draw(self.image)

    def px(self, length_mm: float) -> int:
        """Return a length in pixels."""
        return round(length_mm * self._scale)

    def text(
        self,
        x_mm: float,
        y_mm: float,
        words: str,
        size_pt: float = 10.5,
        *,
        colour: Colour = INK,
        bold: bool = False,
        anchor: str = "ls",
    ) -> None:
        """Print one line; (x, y) is the left end of the base line unless `anchor` (Pillow's) says otherwise."""
        size = size_pt / POINTS_PER_INCH * self.dpi
        place = (x_mm * self._scale, y_mm * self._scale)
        stroke = size * BOLD if bold else 0
        self.pen.text(place, plain(words), colour, _font(size), anchor, stroke_width=stroke)

    def paragraph(self, x_mm: float, y_mm: float, lines: tuple[str, ...], size_pt: float = 10.5) -> float:
        """Print lines one below the other; returns where the next one would stand."""
        for line in lines:
            self.text(x_mm, y_mm, line, size_pt)
            y_mm += size_pt * 0.5
        return y_mm

    def rule(self, x_mm: float, y_mm: float, width_mm: float, thick_mm: float = 0.25) -> None:
        """Print a horizontal line."""
        self.block(x_mm, y_mm, width_mm, thick_mm, QUIET)

    def block(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, colour: Colour) -> None:
        """Print a filled rectangle, at least one pixel thick."""
        left, top = x_mm * self._scale, y_mm * self._scale
        right = max(left, left + width_mm * self._scale - 1)
        self.pen.rectangle((left, top, right, max(top, top + height_mm * self._scale - 1)), fill=colour)

    def box(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> None:
        """Print an empty frame."""
        corners = [length * self._scale for length in (x_mm, y_mm, x_mm + width_mm, y_mm + height_mm)]
        self.pen.rectangle(corners, outline=QUIET, width=max(1, self.px(0.25)))

    def tick(self, x_mm: float, y_mm: float, *, ticked: bool, size_mm: float = 4.0) -> None:
        """Print a box to tick, and the pen's tick in it."""
        self.box(x_mm, y_mm, size_mm, size_mm)
        if ticked:
            strokes = [(0.15, 0.5), (0.42, 0.82), (0.95, -0.1)]
            points = [
                ((x_mm + a * size_mm) * self._scale, (y_mm + b * size_mm) * self._scale) for a, b in strokes
            ]
            self.pen.line(points, fill=BALLPOINT, width=max(1, self.px(0.6)), joint="curve")

    def signature(self, x_mm: float, y_mm: float) -> None:
        """Write a scrawl with a blue pen."""
        scrawl = [
            (0, 0),
            (3, -7),
            (5, -8),
            (4, 1),
            (8, -4),
            (9, 0),
            (12, -4),
            (14, 0),
            (17, -3),
            (20, 0),
            (34, -2),
        ]
        points = smooth([((x_mm + x) * self._scale, (y_mm + y) * self._scale) for x, y in scrawl], closed=False)
        self.pen.line(points, fill=BALLPOINT, width=max(1, self.px(0.45)), joint="curve")

    def code(
        self,
        kind: zxingcpp.BarcodeFormat,
        payload: str,
        x_mm: float,
        y_mm: float,
        module_mm: float,
        height_mm: float | None = None,
        *,
        spoilt: bool = False,
    ) -> None:
        """Print a bar code at its own width; `height_mm` for linear ones. `spoilt` lays a stain over it.

        A code that is too long for its place begins further left, so that its quiet zone stays on the sheet.
        """
        barcode = zxingcpp.create_barcode(payload, kind)
        modules = np.array(barcode.to_image(scale=1, add_quiet_zones=False))
        if height_mm is not None:
            modules = modules[:1]
        width = modules.shape[1] * module_mm
        x_mm = min(x_mm, self.width_mm - MARGIN_MM - width)
        height = modules.shape[0] * module_mm if height_mm is None else height_mm
        size = (self.px(width), self.px(height))
        fine = (modules.shape[1] * CODE_OVERSAMPLING, modules.shape[0] * CODE_OVERSAMPLING)
        printed = Image.fromarray(modules).resize(fine, Image.Resampling.NEAREST)
        printed = printed.resize(size, Image.Resampling.BOX)
        self.image.paste(INK, (self.px(x_mm), self.px(y_mm)), printed.point([255 - v for v in range(256)]))
        if spoilt:
            self.stain(x_mm + width * 0.25, y_mm - 1, width * 0.45, height + 2)

    def stain(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> None:
        """Spill something dark, so that what lies under it cannot be read."""
        left, top, right, bottom = (
            length * self._scale for length in (x_mm, y_mm, x_mm + width_mm, y_mm + height_mm)
        )
        self.pen.rounded_rectangle((left, top, right, bottom), radius=(right - left) * 0.3, fill=STAIN)

    def specimen(self, x_mm: float, y_mm: float, size_pt: float) -> None:
        """Print the stamp that tells everyone that this is no real paper."""
        self.text(x_mm, y_mm, "SPECIMEN", size_pt, colour=STAMP, bold=True)


def plain(words: str) -> str:
    """Return the words in the letters that the built-in type face has: no accents."""
    spelt = unicodedata.normalize("NFKD", words.replace("ß", "ss").replace("ø", "o").replace("Ł", "L"))
    return spelt.encode("ascii", "ignore").decode("ascii")


@lru_cache(maxsize=64)
def _font(size_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)
