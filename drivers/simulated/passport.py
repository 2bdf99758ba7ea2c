"""The data page of an invented passport (ICAO 9303-4, TD3: 125 x 88 mm)."""

import math

from PIL import Image, ImageDraw

from drivers.simulated.brush import Colour
from drivers.simulated.ocr_b import PITCH_MM, write_line
from drivers.simulated.people import likeness
from drivers.simulated.sheet import QUIET, STAMP, Sheet
from drivers.simulated.travel_document import UTOPIA, td3_lines
from station.model.document import PartialDate
from station.model.record import ApplicationRecord, TravelDocument
from station.model.specimen import Flaw, Paper

TD3_MM = (125.0, 88.0)
ZONE_MM = 23.2
"""Height of the machine-readable zone at the lower edge (ICAO 9303-4, 3)."""
FIRST_CELL_MM = 6.0
BASELINES_MM = (TD3_MM[1] - 14.55, TD3_MM[1] - 8.2)
"""Base lines of the two lines: their middles stand 15.75 and 9.4 mm above the lower edge, 6.35 mm apart."""
PHOTO_MM = (5.0, 16.0, 35.0, 45.0)
FIELDS_MM = 44.0

PAGE: Colour = (240, 239, 230)
BAND: Colour = (222, 228, 232)
WAVE: Colour = (222, 220, 214)
WAVE_WARM: Colour = (234, 222, 206)
MONTHS = ("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def data_page(paper: Paper, record: ApplicationRecord, dpi: int, seed: int) -> Sheet:
    """Draw the page of this record's holder with the face of this seed."""
    sheet = Sheet(*TD3_MM, dpi, PAGE)
    document = record.document or TravelDocument(number="")
    state = document.issuing_state or UTOPIA
    _waves(sheet)
    sheet.block(0, 0, TD3_MM[0], 11, BAND)
    sheet.text(FIRST_CELL_MM, 7.4, "PASSPORT / PASSEPORT", 10, bold=True)
    sheet.text(TD3_MM[0] - 6, 7.4, "SPECIMEN", 12, colour=STAMP, bold=True, anchor="rs")
    _photo(sheet, seed)
    born, expires = _written(record.birth_date), _written(document.expiry_date)
    rows = (
        (("Type", "P", 0), ("Code of issuing state", state, 14), ("Passport No.", document.number, 46)),
        (("Surname", record.surname.upper(), 0),),
        (("Given names", record.given_names.upper(), 0),),
        (("Nationality", record.nationality or state, 0), ("Sex", record.sex or "X", 46)),
        (("Date of birth", born, 0), ("Date of expiry", expires, 46)),
        (("Authority", "SIMULATED AUTHORITY, UTOPIA", 0),),
    )  # fmt: skip
    for place, row in enumerate(rows):
        y = 16 + place * 8.2
        for label, value, offset in row:
            sheet.text(FIELDS_MM + offset, y, label, 5.5, colour=QUIET)
            sheet.text(FIELDS_MM + offset, y + 4.1, value, 9)
    for line, baseline in zip(td3_lines(record), BASELINES_MM, strict=True):
        write_line(sheet.image, line, FIRST_CELL_MM, baseline, dpi)
    if Flaw.UNREADABLE_CODE in paper.flaws:
        sheet.stain(FIRST_CELL_MM + 12 * PITCH_MM, TD3_MM[1] - ZONE_MM + 4, 12 * PITCH_MM, 13)
    return sheet


def _photo(sheet: Sheet, seed: int) -> None:
    left, top, width, height = PHOTO_MM
    photo = likeness(seed).resize((sheet.px(width), sheet.px(height)), Image.Resampling.LANCZOS)
    sheet.image.paste(photo, (sheet.px(left), sheet.px(top)))
    sheet.text(left + width / 2, top + height - 2, "SPECIMEN", 11, colour=(250, 250, 250), anchor="ms")


def _waves(sheet: Sheet) -> None:
    """Print the pale pattern of security paper above the zone, at twice the resolution for smooth lines."""
    area = (sheet.image.width, sheet.px(TD3_MM[1] - ZONE_MM))
    pattern = Image.new("RGB", (area[0] * 2, area[1] * 2), PAGE)
    pen, scale = ImageDraw.Draw(pattern), sheet.dpi * 2 / 25.4
    for number in range(34):
        for phase, colour in ((0.0, WAVE), (math.pi, WAVE_WARM)):
            points = []
            for step in range(126):
                bend = math.sin(step / 9 + phase + number / 5) * (2.4 + math.sin(step / 31))
                points.append((step * scale, (number * 2.1 + bend) * scale))
            pen.line(points, fill=colour, width=max(1, round(0.14 * scale)))
    sheet.image.paste(pattern.reduce(2), (0, 0))
    sheet.block(0, TD3_MM[1] - ZONE_MM, TD3_MM[0], 0.2, BAND)


def _written(date: PartialDate | None) -> str:
    if date is None:
        return "XX XXX XXXX"
    day = f"{date.day:02d}" if date.day else "XX"
    return f"{day} {MONTHS[date.month] or 'XXX'} {date.year:04d}"
