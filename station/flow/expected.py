"""Files of expected applications, as the booking system exports them: CSV or JSON to records, line by line.

Nothing of a file's content reaches an error, a log or a refused line: only line numbers, our own column names
and codes.
"""

import csv
import datetime
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from station.errors import ImportRefused
from station.flow.checklists import CATEGORIES
from station.flow.events import RefusedLine
from station.model.document import PartialDate
from station.model.record import ApplicationRecord, TravelDocument

COLUMNS = (
    "application_number",
    "letter_number",
    "category",
    "surname",
    "given_names",
    "birth_date",
    "sex",
    "nationality",
    "document_number",
    "document_issuing_state",
    "document_expiry",
)
"""The columns that are understood, in the order in which a line is checked."""

MANDATORY = ("application_number", "category", "surname", "birth_date")
"""Columns that a file must have and a line must fill."""

PROBLEMS = (
    "missing",
    "too_long",
    "control_character",
    "bad_number",
    "unknown_category",
    "bad_date",
    "bad_sex",
    "bad_code",
    "duplicate",
    "not_text",
    "not_an_object",
    "unknown_column",
    "wrong_cells",
    "bad_quotes",
)
"""Why a line is refused, as codes for the wording."""

BYTES_MAX = 16 * 2**20
NUMBER_LENGTH = 32
NAME_LENGTH = 120

_NUMBERS = ("application_number", "letter_number", "document_number")
_UNIQUE = ("application_number", "letter_number")
_NAMES = ("surname", "given_names")
_DATES = ("birth_date", "document_expiry")
_STATES = ("nationality", "document_issuing_state")
_DOCUMENT = ("document_number", "document_issuing_state", "document_expiry")
_SEXES = ("M", "F", "X")

_NUMBER = re.compile(r"[A-Z0-9]+(?:[ /-][A-Z0-9]+)*")
_STATE = re.compile(r"[A-Z]{3}|D")  # ICAO 9303-3, section 5: three letters, "D" for Germany
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR = 1900
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_IN_WORDS = "\u200b\u200c\u200d"
"""Spaces and joiners without width that Khmer and Persian names are written with."""


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """What a file holds: the good lines as records without an id, and the others by line."""

    records: tuple[ApplicationRecord, ...] = field(repr=False)
    refused: tuple[RefusedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its number in the file from 1 (JSON: place in the list), its cells or what forbids them."""

    number: int
    cells: Mapping[str, object] = field(default_factory=dict, repr=False)
    problem: str = ""


class _Refused(Exception):
    """A line cannot be taken."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column, self.problem = column, problem


def read_expected(path: Path) -> ExpectedFile:
    """Read a file; each line becomes a record or is refused with its first problem.

    CSV has a header line, commas or semicolons, quotes where needed; JSON is a list of objects with texts.
    Both are UTF-8. Lines that share an application or letter number are all refused: none of them is surer.

    Raises:
        ImportRefused: `reason` is unknown_format, unreadable, too_large, encoding, not_json, empty, or columns
            (`missing` names ours, `unknown` counts the others by place from 1).
    """
    lines = _FORMATS.get(path.suffix.lower())
    if lines is None:
        raise ImportRefused(reason="unknown_format")
    text = _text(path)
    if not text.strip():
        raise ImportRefused(reason="empty")
    records: list[tuple[int, ApplicationRecord]] = []
    refused: list[RefusedLine] = []
    for line in lines(text):
        try:
            records.append((line.number, _record(line)))
        except _Refused as why:
            refused.append(RefusedLine(line.number, why.column, why.problem))
    if not records and not refused:
        raise ImportRefused(reason="empty")
    good, doubled = _without_doubles(records)
    return ExpectedFile(good, tuple(sorted((*refused, *doubled), key=lambda one: one.line)))


# -- files to lines -------------------------------------------------------------------------------------------


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise ImportRefused(reason="unreadable") from error
    if len(data) > BYTES_MAX:
        raise ImportRefused(reason="too_large", limit=BYTES_MAX)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Without its cause: that holds the bytes.
        raise ImportRefused(reason="encoding") from None


def _csv_lines(text: str) -> Iterator[_Line]:
    header, *_ = text.lstrip("\r\n").splitlines()
    delimiter = max(",;", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    start = 1
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # An open quote swallows what follows: nothing after it can be told apart.
            yield _Line(start, problem="bad_quotes")
            return
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            columns = _header(row)
        elif len(row) != len(columns):
            yield _Line(start, problem="wrong_cells")
        else:
            yield _Line(start, dict(zip(columns, row, strict=True)))


def _header(row: list[str]) -> list[str]:
    """Return the columns of a header line. What is not ours is not repeated: it may be a person's line."""
    columns = [cell.strip().lower() for cell in row]
    missing = tuple(name for name in MANDATORY if name not in columns)
    unknown = tuple(
        place for place, name in enumerate(columns, 1) if name not in COLUMNS or name in columns[: place - 1]
    )
    if missing or unknown:
        raise ImportRefused(reason="columns", missing=missing, unknown=unknown)
    return columns


def _json_lines(text: str) -> Iterator[_Line]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise ImportRefused(reason="not_json") from None
    if not isinstance(entries, list):
        raise ImportRefused(reason="not_json")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            yield _Line(number, problem="not_an_object")
        elif not entry.keys() <= set(COLUMNS):
            yield _Line(number, problem="unknown_column")
        else:
            yield _Line(number, entry)


_FORMATS: Mapping[str, Callable[[str], Iterator[_Line]]] = {".csv": _csv_lines, ".json": _json_lines}


# -- lines to records -----------------------------------------------------------------------------------------


def _record(line: _Line) -> ApplicationRecord:
    if line.problem:
        raise _Refused("", line.problem)
    values = {column: _value(column, line.cells.get(column)) for column in COLUMNS}
    dates = {column: PartialDate.parse(values[column]) if values[column] else None for column in _DATES}
    number, state, _ = (values[column] for column in _DOCUMENT)
    if not number and any(values[column] for column in _DOCUMENT):
        raise _Refused("document_number", "missing")
    return ApplicationRecord(
        id="",
        application_number=values["application_number"],
        letter_number=values["letter_number"],
        category=values["category"],
        surname=values["surname"],
        given_names=values["given_names"],
        birth_date=dates["birth_date"],
        sex=values["sex"],
        nationality=values["nationality"],
        document=TravelDocument(number, state, dates["document_expiry"]) if number else None,
    )


def _value(column: str, cell: object) -> str:
    """Return a cell as it is stored: trimmed, in composed form (NFC), codes in capitals."""
    if cell is not None and not isinstance(cell, str):
        raise _Refused(column, "not_text")
    text = unicodedata.normalize("NFC", cell or "").strip()
    if any(unicodedata.category(sign) in _INVISIBLE and sign not in _IN_WORDS for sign in text):
        raise _Refused(column, "control_character")
    if len(text) > (NAME_LENGTH if column in _NAMES else NUMBER_LENGTH):
        raise _Refused(column, "too_long")
    if not text:
        if column in MANDATORY:
            raise _Refused(column, "missing")
        return ""
    if column in _NAMES:
        return text
    text = text.lower() if column == "category" else text.upper()
    good, problem = _RULES[column]
    if not text.isascii() or not good(text):
        raise _Refused(column, problem)
    return text


def _is_date(text: str) -> bool:
    """Tell whether it is YYYY-MM-DD from 1900 on; day, or month and day, may be 00 (ICAO 9303-3, 4.8)."""
    if not _DATE.fullmatch(text):
        return False
    year, month, day = (int(part) for part in text.split("-"))
    if year < _FIRST_YEAR or (day and not month):
        return False
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


def _is_full_date(text: str) -> bool:
    return _is_date(text) and not text.endswith("-00")


_RULES: Mapping[str, tuple[Callable[[str], object], str]] = {
    **dict.fromkeys(_NUMBERS, (_NUMBER.fullmatch, "bad_number")),
    **dict.fromkeys(_STATES, (_STATE.fullmatch, "bad_code")),
    "birth_date": (_is_date, "bad_date"),
    "document_expiry": (_is_full_date, "bad_date"),
    "category": (CATEGORIES.__contains__, "unknown_category"),
    "sex": (_SEXES.__contains__, "bad_sex"),
}


def _without_doubles(
    records: list[tuple[int, ApplicationRecord]],
) -> tuple[tuple[ApplicationRecord, ...], list[RefusedLine]]:
    """Part the records whose numbers stand once from those that share one."""
    counts = {column: Counter(_folded(record, column) for _, record in records) for column in _UNIQUE}
    good: list[ApplicationRecord] = []
    refused: list[RefusedLine] = []
    for number, record in records:
        shared = next((c for c in _UNIQUE if (folded := _folded(record, c)) and counts[c][folded] > 1), None)
        if shared is None:
            good.append(record)
        else:
            refused.append(RefusedLine(number, shared, "duplicate"))
    return tuple(good), refused


def _folded(record: ApplicationRecord, column: str) -> str:
    """Return a number as the store compares it: signs between its parts do not count."""
    return "".join(sign for sign in str(getattr(record, column)) if sign.isalnum())
