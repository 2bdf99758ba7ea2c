"""Where each field of a machine-readable zone stands (ICAO 9303-4 to -7).

The tables are written in the standard's own counting, from 1 and with both ends; spans count from 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase, digits

from station.model.document import MrzFormat

FILLER = "<"
ALPHABET = ascii_uppercase + digits + FILLER
"""The subset of OCR-B that an MRZ may hold (9303-3, 4.3)."""

_LETTERS = ascii_uppercase + FILLER
_DIGITS = digits + FILLER
_SEX = "MFX" + FILLER


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring cells of one line; `start` and `stop` count from 0, `stop` is outside."""

    line: int
    start: int
    stop: int

    def cut(self, lines: Sequence[str]) -> str:
        """Return what stands there."""
        return lines[self.line][self.start : self.stop]


@dataclass(frozen=True, slots=True)
class Field:
    """One data element: its cells and the characters that they may hold."""

    name: str
    span: Span
    alphabet: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check digit, by the field that it proves ("composite" for the last), and the cells it is made of."""

    name: str
    over: tuple[Span, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of zone. `overflows` where long document numbers run on into the optional data."""

    format: MrzFormat
    clause: str
    rows: int
    width: int
    first_letters: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    overflows: bool = False

    def named(self, name: str) -> tuple[Field, ...]:
        """Return the fields of this name, in their order; empty where the size has none."""
        return tuple(field for field in self.fields if field.name == name)

    def check(self, name: str) -> Check | None:
        """Return the check digit of this name, None where the size has none."""
        return next((check for check in self.checks if check.name == name), None)

    def alphabets(self) -> tuple[tuple[str, ...], ...]:
        """Return for each line and cell the characters that may stand there."""
        cells = [[ALPHABET] * self.width for _ in range(self.rows)]
        for field in self.fields:
            span = field.span
            cells[span.line][span.start : span.stop] = [field.alphabet] * (span.stop - span.start)
        for check in self.checks:
            cells[check.at.line][check.at.start] = _DIGITS
        return tuple(tuple(line) for line in cells)


def _at(line: int, first: int, last: int | None = None) -> Span:
    return Span(line - 1, first - 1, first if last is None else last)


def _field(name: str, line: int, first: int, last: int | None = None) -> Field:
    return Field(name, _at(line, first, last), _ALPHABETS[name])


_ALPHABETS = {
    "document_code": _LETTERS,
    "issuing_state": _LETTERS,
    "name": _LETTERS,
    "surname": _LETTERS,
    "given_names": _LETTERS,
    "nationality": _LETTERS,
    "document_number": ALPHABET,
    "optional_data": ALPHABET,
    "birth_date": _DIGITS,
    "expiry_date": _DIGITS,
    "sex": _SEX,
}

_LOWER_LINE = (
    _field("document_number", 2, 1, 9),
    _field("nationality", 2, 11, 13),
    _field("birth_date", 2, 14, 19),
    _field("sex", 2, 21),
    _field("expiry_date", 2, 22, 27),
)
_LOWER_CHECKS = (
    Check("document_number", (_at(2, 1, 9),), _at(2, 10)),
    Check("birth_date", (_at(2, 14, 19),), _at(2, 20)),
    Check("expiry_date", (_at(2, 22, 27),), _at(2, 28)),
)


def _two_lines(width: int) -> tuple[Field, ...]:
    return (
        _field("document_code", 1, 1, 2),
        _field("issuing_state", 1, 3, 5),
        _field("name", 1, 6, width),
        *_LOWER_LINE,
    )


LAYOUTS: Mapping[MrzFormat, Layout] = {
    MrzFormat.TD1: Layout(
        MrzFormat.TD1,
        "ICAO 9303-5, 4.2.2",
        rows=3,
        width=30,
        first_letters="ACI",
        fields=(
            _field("document_code", 1, 1, 2),
            _field("issuing_state", 1, 3, 5),
            _field("document_number", 1, 6, 14),
            _field("optional_data", 1, 16, 30),
            _field("birth_date", 2, 1, 6),
            _field("sex", 2, 8),
            _field("expiry_date", 2, 9, 14),
            _field("nationality", 2, 16, 18),
            _field("optional_data", 2, 19, 29),
            _field("name", 3, 1, 30),
        ),
        checks=(
            Check("document_number", (_at(1, 6, 14),), _at(1, 15)),
            Check("birth_date", (_at(2, 1, 6),), _at(2, 7)),
            Check("expiry_date", (_at(2, 9, 14),), _at(2, 15)),
            Check("composite", (_at(1, 6, 30), _at(2, 1, 7), _at(2, 9, 15), _at(2, 19, 29)), _at(2, 30)),
        ),
        overflows=True,
    ),
    MrzFormat.TD2: Layout(
        MrzFormat.TD2,
        "ICAO 9303-6, 4.2.2",
        rows=2,
        width=36,
        first_letters="ACI",
        fields=(*_two_lines(36), _field("optional_data", 2, 29, 35)),
        checks=(
            *_LOWER_CHECKS,
            Check("composite", (_at(2, 1, 10), _at(2, 14, 20), _at(2, 22, 35)), _at(2, 36)),
        ),
        overflows=True,
    ),
    MrzFormat.TD3: Layout(
        MrzFormat.TD3,
        "ICAO 9303-4, 4.2.2",
        rows=2,
        width=44,
        first_letters="P",
        fields=(*_two_lines(44), _field("optional_data", 2, 29, 42)),
        checks=(
            *_LOWER_CHECKS,
            Check("optional_data", (_at(2, 29, 42),), _at(2, 43)),
            Check("composite", (_at(2, 1, 10), _at(2, 14, 20), _at(2, 22, 43)), _at(2, 44)),
        ),
    ),
    MrzFormat.MRVA: Layout(
        MrzFormat.MRVA,
        "ICAO 9303-7, 4.2.2",
        rows=2,
        width=44,
        first_letters="V",
        fields=(*_two_lines(44), _field("optional_data", 2, 29, 44)),
        checks=_LOWER_CHECKS,
    ),
    MrzFormat.MRVB: Layout(
        MrzFormat.MRVB,
        "ICAO 9303-7, 7.2.2",
        rows=2,
        width=36,
        first_letters="V",
        fields=(*_two_lines(36), _field("optional_data", 2, 29, 36)),
        checks=_LOWER_CHECKS,
    ),
}

FRENCH_CARD = Layout(
    MrzFormat.TD2,
    "French identity card issued from 1988 to 2021 (national layout)",
    rows=2,
    width=36,
    first_letters="I",
    fields=(
        _field("document_code", 1, 1, 2),
        _field("issuing_state", 1, 3, 5),
        _field("surname", 1, 6, 30),
        _field("optional_data", 1, 31, 36),
        _field("document_number", 2, 1, 12),
        _field("given_names", 2, 14, 27),
        _field("birth_date", 2, 28, 33),
        _field("sex", 2, 35),
    ),
    checks=(
        Check("document_number", (_at(2, 1, 12),), _at(2, 13)),
        Check("birth_date", (_at(2, 28, 33),), _at(2, 34)),
        Check("composite", (_at(1, 1, 36), _at(2, 1, 35)), _at(2, 36)),
    ),
)
"""An own layout in the size of a TD2: no expiry, no nationality, names in two fields."""

SIZES: tuple[tuple[int, int], ...] = ((2, 44), (2, 36), (3, 30))
"""(lines, cells in a line) of every zone."""
