"""Reference values as text: the form of CGATS.17 and IT8.7 files, and nothing of what the values mean.

A file is an identifier, then one or more tables of a heading (`KEYWORD value`), the names of the columns and
rows of values. `#` begins a comment, strings stand in double quotes, blanks or tabs separate, and the decimal
sign is a point in every country. The text may come from anywhere: it is read strictly, line by line, in time
that grows with its length, and what does not fit is refused with its line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from station.errors import ReferenceRefused

MOST_LINES = 50_000
"""The largest charts of the trade have some 8000 patches."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r'"([^"]*)"|(#.*)|([^\s"#]+)|(")', re.ASCII)
_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]*(?:[./-][A-Z0-9]+)*", re.ASCII)
_KEYWORD = re.compile(r"[A-Z][A-Z0-9_./-]*", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

_FIELDS, _SETS = "NUMBER_OF_FIELDS", "NUMBER_OF_SETS"
_BEGIN_FORMAT, _END_FORMAT = "BEGIN_DATA_FORMAT", "END_DATA_FORMAT"
_BEGIN_DATA, _END_DATA = "BEGIN_DATA", "END_DATA"
_STRUCTURE = frozenset({_FIELDS, _SETS, _BEGIN_FORMAT, _END_FORMAT, _BEGIN_DATA, _END_DATA})
_DECLARES = "KEYWORD"

_SPELLINGS = {"SAMPLEID": "SAMPLE_ID", "SAMPLENAME": "SAMPLE_NAME"}
"""Columns as some programs of the trade write them."""

_END_OF_FILE = "\x1a"
"""Old programs close a text with Ctrl-Z."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of values as they were written; `line` counts from 1."""

    line: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CgatsTable:
    """One table: its heading in the order of the file, its columns in capitals, and its rows.

    A word that stands twice in the heading has its first value; `repeated` has those whose values differ, each
    with its line.
    """

    heading: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    line: int
    repeated: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CgatsFile:
    """A whole file: what it calls itself (`IT8.7/2`, `CGATS.17`), and at least one table."""

    identifier: str
    tables: tuple[CgatsTable, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    words: tuple[str, ...]


def parse(text: str) -> CgatsFile:
    """Read a text.

    Raises:
        ReferenceRefused: `reason` is empty, too_large (50 000 lines), binary, not_cgats, quotes, order,
            truncated, number_of_fields, number_of_sets, columns or duplicate_field; with `line` where one
            is to blame.
    """
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        raise ReferenceRefused(reason="empty")
    identifier = first.words[0].upper()
    if identifier in _STRUCTURE or not _IDENTIFIER.fullmatch(identifier):
        _refuse("not_cgats", first.number)
    tables = tuple(_tables(lines, identifier))
    if not tables:
        raise ReferenceRefused(reason="truncated")
    return CgatsFile(identifier, tables)


def _lines(text: str) -> Iterator[_Line]:
    """Yield every line that says something, as its words; Windows, Unix and old Mac line ends are all taken."""
    whole, end, rest = text.partition(_END_OF_FILE)
    lines = _LINE_END.split(whole)
    if len(lines) > MOST_LINES:
        raise ReferenceRefused(reason="too_large")
    for number, line in enumerate(lines, 1):
        if _CONTROL.search(line):
            _refuse("binary", number)
        words = []
        for quoted, comment, plain, open_quote in _TOKEN.findall(line):
            if open_quote:
                _refuse("quotes", number)
            if not comment:
                words.append(plain or quoted)
        if words:
            yield _Line(number, tuple(words))
    if end and rest.strip(_END_OF_FILE + "\0"):
        raise ReferenceRefused(reason="binary")


def _tables(lines: Iterator[_Line], identifier: str) -> Iterator[CgatsTable]:
    """Yield table after table; each has its own heading, and may repeat the file's identifier above it."""
    while True:
        heading: dict[str, str] = {}
        repeated: dict[str, int] = {}
        columns: tuple[str, ...] = ()
        line = None
        for line in lines:
            word = line.words[0].upper()
            if word == _BEGIN_DATA:
                break
            if word == _BEGIN_FORMAT:
                if columns:
                    _refuse("order", line.number)
                columns = _columns(lines, line)
            elif word in _STRUCTURE - {_FIELDS, _SETS} or not _KEYWORD.fullmatch(word):
                _refuse("order", line.number)
            elif word not in (_DECLARES, identifier):
                value = " ".join(line.words[1:])
                if heading.setdefault(word, value) != value:
                    repeated[word] = line.number
        else:
            if columns or _STRUCTURE & heading.keys():
                raise ReferenceRefused(reason="truncated")
            return
        if not columns:
            _refuse("order", line.number)
        rows = _rows(lines, line, len(columns))
        _check_count(heading, repeated, _FIELDS, len(columns), line)
        _check_count(heading, repeated, _SETS, len(rows), line)
        yield CgatsTable(heading, columns, rows, line.number, repeated)


def _columns(lines: Iterator[_Line], begin: _Line) -> tuple[str, ...]:
    """Return the names of the columns, which may run over several lines."""
    columns: dict[str, None] = {}
    for words, number in _until(lines, begin, _END_FORMAT):
        for word in words:
            name = _SPELLINGS.get(word.upper(), word.upper())
            if name in columns:
                _refuse("duplicate_field", number)
            columns[name] = None
    if not columns:
        _refuse("number_of_fields", begin.number)
    return tuple(columns)


def _rows(lines: Iterator[_Line], begin: _Line, width: int) -> tuple[Row, ...]:
    rows = []
    for words, number in _until(lines, begin, _END_DATA):
        if len(words) != width:
            _refuse("columns", number)
        rows.append(Row(number, words))
    return tuple(rows)


def _until(lines: Iterator[_Line], begin: _Line, end: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the words of each line from `begin` to the word `end`, which must come."""
    if begin.words[1:]:
        yield begin.words[1:], begin.number
    for line in lines:
        if line.words[0].upper() == end:
            if line.words[1:]:
                _refuse("order", line.number)
            return
        if line.words[0].upper() in _STRUCTURE:
            _refuse("truncated", line.number)
        yield line.words, line.number
    raise ReferenceRefused(reason="truncated")


def _check_count(
    heading: Mapping[str, str], repeated: Mapping[str, int], word: str, found: int, line: _Line
) -> None:
    """Refuse a table that announces another number than it has, or none."""
    announced = heading.get(word, "")
    if word in repeated or not _COUNT.fullmatch(announced) or int(announced) != found:
        _refuse(word.lower(), repeated.get(word, line.number))


def _refuse(reason: str, line: int) -> NoReturn:
    raise ReferenceRefused(reason=reason, line=line)
