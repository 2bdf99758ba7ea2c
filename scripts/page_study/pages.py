"""Pages with known text, seeded, in several types and sizes; the text is invented."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from tests.page_faults import BLACK, WORDS, grainy

DPI = 300
MM = DPI / MM_PER_INCH
SIZE_PX = (1240, 874)
"""105 x 74 mm: so small that a page is read in half a second."""
MARGIN_PX = 100
PAPER = (243, 243, 240)
SIZES_PT = (6, 8, 10, 12)
PARAGRAPH = 320
GRAIN = 1.5
"""Grey levels: the sigma of a scanner's grain."""
_SOFT_PX = 0.6
_LEADING = 1.35
_LINE_EMS = 24
_NUMBERS, _NAMES = 0.15, 0.3
_SYLLABLES = ("ka", "lo", "ven", "ti", "mar", "su", "del", "bro", "nin", "fa", "gor", "chel", "wy", "pol")

_URW, _DEJAVU = Path("/usr/share/fonts/opentype/urw-base35"), Path("/usr/share/fonts/truetype/dejavu")
FACES = MappingProxyType(
    {
        "nimbus_sans": _URW / "NimbusSans-Regular.otf",
        "nimbus_roman": _URW / "NimbusRoman-Regular.otf",
        "dejavu_sans": _DEJAVU / "DejaVuSans.ttf",
        "dejavu_serif": _DEJAVU / "DejaVuSerif.ttf",
    }
)
"""Debian's fonts-urw-base35 and fonts-dejavu-core."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which page: its part in the study ("fit" or "test"), type and size in points."""

    part: str
    face: str
    size_pt: int

    @property
    def seed(self) -> int:
        """A number of this page's own."""
        return 1000 * (self.part == "test") + 100 * list(FACES).index(self.face) + self.size_pt


KEYS = tuple(
    Key(part, face, size)
    for part, faces in (
        ("fit", ("nimbus_sans", "nimbus_roman", "dejavu_sans")),
        ("test", ("nimbus_roman", "dejavu_serif")),
    )
    for face in faces
    for size in SIZES_PT
)
"""Limits are fitted on one part and tried on the other: other texts, and one type that was not fitted on."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A clean page as a scanner gives it, what stands on it, and the text's box (left, top, right, bottom)."""

    pixels: Pixels = field(repr=False)
    text: str
    box: tuple[int, int, int, int]


@cache
def draw(key: Key, *, full: bool, behind: bool = False) -> Drawn:
    """Return the page: PARAGRAPH characters in its middle, or full of text; `behind` is its other side."""
    chance = np.random.default_rng(key.seed + 5000 * behind + 10_000 * full)
    font = ImageFont.truetype(FACES[key.face], key.size_pt / 72 * DPI, layout_engine=ImageFont.Layout.BASIC)
    width, height = SIZE_PX
    most = width - 2 * MARGIN_PX
    across = most if full else min(most, round(_LINE_EMS * key.size_pt / 72 * DPI))
    step = round(_LEADING * key.size_pt / 72 * DPI)
    lines: list[str] = []
    room = (height - 2 * MARGIN_PX) // step
    while len(lines) < room and (full or sum(map(len, lines)) < PARAGRAPH):
        lines.append(_line(chance, font, across))
    image = Image.new("RGB", SIZE_PX, PAPER)
    pen = ImageDraw.Draw(image)
    left, top = (width - across) // 2, (height - step * len(lines)) // 2
    for number, line in enumerate(lines, 1):
        pen.text((left, top + number * step - step // 4), line, BLACK, font, "ls")
    scanned = grainy(cv().GaussianBlur(np.asarray(image), (0, 0), _SOFT_PX), GRAIN, key.seed)
    return Drawn(scanned, " ".join(lines), (left, top, left + across, top + step * len(lines)))


def _line(chance: np.random.Generator, font: ImageFont.FreeTypeFont, across: int) -> str:
    line = _word(chance)
    while font.getlength(longer := f"{line} {_word(chance)}") <= across:
        line = longer
    return line


def _word(chance: np.random.Generator) -> str:
    kind = chance.random()
    if kind < _NUMBERS:
        return f"{chance.integers(1, 9999):,}.{chance.integers(100):02}"
    if kind < _NAMES:
        return "".join(chance.choice(_SYLLABLES, 3)).capitalize()
    return str(chance.choice(WORDS))
