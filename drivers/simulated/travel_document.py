"""The two lines that a passport of an application's holder would carry (ICAO 9303-3 and 9303-4).

Written apart from `station.reading` on purpose: what draws a zone must not share mistakes with what reads it.
"""

import unicodedata

from station.model.document import PartialDate
from station.model.record import ApplicationRecord, TravelDocument

LINE_LENGTH = 44
NAME_LENGTH = 39
NUMBER_LENGTH = 9
UTOPIA = "UTO"
"""The issuing state of specimens (ICAO 9303-3, part C of section 5)."""

TRANSLITERATION = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Ł": "L", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Þ": "TH",
    "ß": "SS", "Ü": "UE", "'": "", "\N{RIGHT SINGLE QUOTATION MARK}": "", "-": "<", " ": "<",
}  # fmt: skip
"""The recommended spellings of ICAO 9303-3, 6; what is not listed loses its accents."""


def check_digit(text: str) -> str:
    """Return the digit over these cells: weights 7 3 1, `<` is 0, A is 10 (ICAO 9303-3, 4.9)."""
    total = sum((7, 3, 1)[place % 3] * _value(cell) for place, cell in enumerate(text))
    return str(total % 10)


def td3_lines(record: ApplicationRecord) -> tuple[str, str]:
    """Return both lines of the holder's passport; what the record does not say is filled or unknown."""
    document = record.document or TravelDocument(number="")
    state = document.issuing_state or UTOPIA
    upper = f"P<{_padded(state, 3)}{_name(record)}"
    number = _padded(_cells(document.number), NUMBER_LENGTH)
    birth = _date(record.birth_date)
    expiry = _date(document.expiry_date)
    optional = "<" * 14
    sex = record.sex if record.sex in ("M", "F") else "<"
    numbered, born, expires = (field + check_digit(field) for field in (number, birth, expiry))
    rest = optional + "0"
    lower = numbered + _padded(record.nationality or state, 3) + born + sex + expires + rest
    return upper, lower + check_digit(numbered + born + expires + rest)


def _value(cell: str) -> int:
    return 0 if cell == "<" else int(cell, 36)


def _cells(text: str) -> str:
    spelt = "".join(TRANSLITERATION.get(letter, letter) for letter in text.upper())
    plain = unicodedata.normalize("NFKD", spelt)
    return "".join(c for c in plain if c == "<" or (c.isascii() and c.isalnum()))


def _padded(text: str, length: int) -> str:
    return text[:length].ljust(length, "<")


def _name(record: ApplicationRecord) -> str:
    surname, given = _cells(record.surname), _cells(record.given_names)
    if given:
        room = NAME_LENGTH - 3
        surname = surname[:room].rstrip("<") + "<<"
    return _padded(surname + given, NAME_LENGTH)


def _date(date: PartialDate | None) -> str:
    if date is None:
        return "<" * 6
    month, day = (f"{part:02d}" if part else "<<" for part in (date.month, date.day))
    return f"{date.year % 100:02d}{month}{day}"
