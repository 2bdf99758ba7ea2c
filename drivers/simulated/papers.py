"""What the lamp of the simulated scanner sees: a drawn paper on the glass, with all its flaws."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from drivers.simulated.brush import Colour
from drivers.simulated.passport import data_page
from drivers.simulated.sheet import PAPER, Sheet
from drivers.simulated.stationery import A4_MM, blank, form, letter
from station.model.capability import ColourMode
from station.model.document import PartialDate
from station.model.image import MM_PER_INCH, Pixels
from station.model.record import ApplicationRecord, RecordState, TravelDocument
from station.model.specimen import Flaw, Paper, PaperKind

LID: Colour = (204, 206, 207)
"""The grey inside of the scanner's lid."""
PASSPORT_CORNER_MM = (7.0, 7.0)
ON_THE_LETTER_MM = (24.0, 200.0)
"""Where the passport lies when the letter is laid over it: both codes of the letter stay in sight."""
TILT_DEGREES = 4.0
BINARY_LIMIT = 140

ANNA = ApplicationRecord(
    id="",
    application_number="V000000001",
    letter_number="BL-0000-0001",
    surname="Eriksson",
    given_names="Anna Maria",
    birth_date=PartialDate(1974, 8, 12),
    sex="F",
    nationality="UTO",
    document=TravelDocument(number="L898902C3", issuing_state="UTO", expiry_date=PartialDate(2034, 4, 15)),
)
"""Stands on papers that name nobody: the specimen person of ICAO 9303."""

STATIONERY: dict[PaperKind, Callable[[Paper, ApplicationRecord, int], Sheet]] = {
    PaperKind.LETTER: letter,
    PaperKind.LETTER_AND_PASSPORT: letter,
    PaperKind.FORM: form,
    PaperKind.BLANK: blank,
    PaperKind.TARGET: blank,
}
"""How each paper is printed; a target's drawing comes with it."""
GLARE_MM: dict[PaperKind, tuple[float, float, float, float]] = {
    PaperKind.LETTER: (120, 44, 70, 30),
    PaperKind.PASSPORT: (52, 64, 60, 26),
    PaperKind.LETTER_AND_PASSPORT: (60, 240, 60, 26),
    PaperKind.FORM: (60, 90, 90, 60),
    PaperKind.BLANK: (60, 90, 90, 60),
    PaperKind.TARGET: (60, 90, 90, 60),
}
"""Where glare lies on the glass: left, top, width, height."""

FADED = [255 - round((255 - value) * 0.3) for value in range(256)] * 3
DARK = [round(value * 0.42) for value in range(256)] * 3
COVERED = (0.55, 0.6)
"""Where the sheet begins that lies over a paper: shares of its width and height."""


def drawn(paper: Paper | None, seed: int, dpi: int, mode: ColourMode) -> Pixels:
    """Return the whole glass, read-only; drawn once, kept for the next scans of the same paper.

    `seed` chooses the face in a passport. Without a paper the glass shows the lid.
    """
    return _drawn(paper and as_printed(paper), seed, dpi, mode)


def as_printed(paper: Paper) -> Paper:
    """Return the paper without what changes in its record while a visit goes on: the print stays the same."""
    if paper.record is None:
        return paper
    record = replace(paper.record, id="", state=RecordState.EXPECTED, attachments=(), version=0)
    return replace(paper, record=record)


def sheet_of(paper: Paper, seed: int, dpi: int) -> Sheet:
    """Draw the paper itself, upright, as it was printed; `seed` chooses the face in a passport."""
    record = paper.record or ANNA
    if paper.kind is PaperKind.PASSPORT:
        return data_page(paper, record, dpi, seed)
    sheet = STATIONERY[paper.kind](paper, record, dpi)
    if paper.kind is PaperKind.LETTER_AND_PASSPORT:
        passport = data_page(paper, record, dpi, seed).image
        place = (sheet.px(ON_THE_LETTER_MM[0]), sheet.px(ON_THE_LETTER_MM[1]))
        _shadow(sheet.image, place, Image.new("L", passport.size, 255), dpi)
        sheet.image.paste(passport, place)
    return sheet


@lru_cache(maxsize=3)
def _drawn(paper: Paper | None, seed: int, dpi: int, mode: ColourMode) -> Pixels:
    image = Image.new("RGB", _size(dpi), LID)
    if paper is not None:
        _lay(image, paper, seed, dpi)
    pixels = in_mode(image, mode)
    pixels.setflags(write=False)
    return pixels


def in_mode(image: Image.Image, mode: ColourMode) -> Pixels:
    """Return what the scanner delivers of a picture in colour."""
    if mode is not ColourMode.COLOUR:
        image = image.convert("L")
    if mode is ColourMode.BINARY:
        image = image.point([0 if value < BINARY_LIMIT else 255 for value in range(256)])
    return np.array(image)


def _size(dpi: int) -> tuple[int, int]:
    return (round(A4_MM[0] / MM_PER_INCH * dpi), round(A4_MM[1] / MM_PER_INCH * dpi))


def _lay(glass: Image.Image, paper: Paper, seed: int, dpi: int) -> None:
    sheet = sheet_of(paper, seed, dpi)
    corner_mm = PASSPORT_CORNER_MM if paper.kind is PaperKind.PASSPORT else (0.0, 0.0)
    image = sheet.image
    if Flaw.FADED in paper.flaws:
        image = image.point(FADED)
    if Flaw.COVERED in paper.flaws:
        cover(image)
    if Flaw.UPSIDE_DOWN in paper.flaws:
        image = image.transpose(Image.Transpose.ROTATE_180)
    corner = (sheet.px(corner_mm[0]), sheet.px(corner_mm[1]))
    mask = None
    if Flaw.TILTED in paper.flaws:
        mask = Image.new("L", image.size, 255)
        image, mask = (
            part.rotate(TILT_DEGREES, Image.Resampling.BICUBIC, expand=True) for part in (image, mask)
        )
        if paper.kind is not PaperKind.PASSPORT:
            corner = ((glass.width - image.width) // 2, (glass.height - image.height) // 2)
    if Flaw.HALF_OFF in paper.flaws:
        corner = (corner[0] - image.width // 2, corner[1])
    if paper.kind is PaperKind.PASSPORT:
        _shadow(glass, corner, mask or Image.new("L", image.size, 255), dpi)
    glass.paste(image, corner, mask)
    if Flaw.GLARE in paper.flaws:
        glare(glass, GLARE_MM[paper.kind], dpi)
    if Flaw.BLURRED in paper.flaws:
        glass.paste(glass.filter(ImageFilter.GaussianBlur(0.35 / MM_PER_INCH * dpi)))
    if Flaw.DARK in paper.flaws:
        glass.paste(glass.point(DARK))


def cover(image: Image.Image) -> None:
    """Lay a blank sheet over the lower right part of a paper."""
    across, down = COVERED
    image.paste(PAPER, (round(image.width * across), round(image.height * down), image.width, image.height))


def _shadow(glass: Image.Image, corner: tuple[int, int], shape: Image.Image, dpi: int) -> None:
    """Let a thick booklet throw a narrow shadow to the lower right, as under a moving lamp."""
    reach = max(1, round(0.8 / MM_PER_INCH * dpi))
    soft = Image.new("L", (shape.width + 4 * reach, shape.height + 4 * reach))
    soft.paste(150, (2 * reach, 2 * reach), shape)
    soft = soft.filter(ImageFilter.GaussianBlur(reach / 2))
    glass.paste((70, 72, 74), (corner[0] - reach, corner[1] - reach), soft)


def glare(glass: Image.Image, place_mm: tuple[float, float, float, float], dpi: int) -> None:
    """Wash out an ellipse with a soft edge, as a bent laminate under the lamp does."""
    left, top, width, height = (round(length / MM_PER_INCH * dpi) for length in place_mm)
    light = Image.new("L", (width, height))
    inset = height // 5
    ImageDraw.Draw(light).ellipse((inset, inset, width - inset, height - inset), fill=255)
    light = light.filter(ImageFilter.GaussianBlur(inset / 3))
    glass.paste((255, 255, 255), (left, top), light)
