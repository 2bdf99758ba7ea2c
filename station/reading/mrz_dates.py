"""Dates of a machine-readable zone: YYMMDD, parts may be unknown (ICAO 9303-3, 4.8).

The century is not printed. The day of reading is always a parameter: no clock here.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from station.model.document import PartialDate
from station.reading.mrz_layout import FILLER

YEARS_PAST, YEARS_AHEAD = 30, 50
"""An expiry date lies within this many years before and after the day of reading."""

_UNKNOWN = FILLER * 2


class DateProblem(StrEnum):
    """What is to be said about a date; the words are the ends of remark codes."""

    NONE = ""
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    ZEROS = "zeros"
    FAR = "far"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as far as it is known, and what is to be said about it."""

    date: PartialDate | None = field(repr=False)
    problem: DateProblem = DateProblem.NONE


def birth_date(cells: str, today: date) -> ReadDate:
    """Read a date of birth: the latest century that is not in the future."""
    parts = _parts(cells)
    if parts is None:
        return ReadDate(None, DateProblem.IMPOSSIBLE)
    year, month, day = parts
    if year is None:
        return ReadDate(None, DateProblem.UNKNOWN)
    this_century = today.year - today.year % 100
    full = (this_century + year, month, day)
    years = this_century + (year if full <= (today.year, today.month, today.day) else year - 100)
    return _checked(PartialDate(years, month, day), cells)


def expiry_date(cells: str, today: date) -> ReadDate:
    """Read a date of expiry: the century in which it lies near the day of reading."""
    parts = _parts(cells)
    if parts is None:
        return ReadDate(None, DateProblem.IMPOSSIBLE)
    year, month, day = parts
    if year is None:
        return ReadDate(None, DateProblem.UNKNOWN)
    this_century = today.year - today.year % 100
    ahead = min((this_century + year + shift - today.year for shift in (-100, 0, 100)), key=_likely)
    read = _checked(PartialDate(today.year + ahead, month, day), cells)
    if read.problem is DateProblem.NONE and not -YEARS_PAST <= ahead <= YEARS_AHEAD:
        return ReadDate(read.date, DateProblem.FAR)
    return read


def _likely(years_ahead: int) -> tuple[bool, int]:
    return not -YEARS_PAST <= years_ahead <= YEARS_AHEAD, abs(years_ahead)


def possible(cells: str) -> bool:
    """Tell whether the cells are a date in some century, or unknown in parts."""
    parts = _parts(cells)
    return parts is not None and (parts[0] is None or _exists(2000 + parts[0], parts[1], parts[2]))


def write(when: PartialDate | None) -> str:
    """Return the six cells of a date; what is unknown becomes fillers."""
    if when is None:
        return _UNKNOWN * 3
    return f"{when.year % 100:02d}" + "".join(
        f"{part:02d}" if part else _UNKNOWN for part in (when.month, when.day)
    )


def last_day(when: PartialDate) -> date:
    """Return the last day that the date may mean; a day past the end of its month means the end."""
    month = when.month or 12
    end = monthrange(when.year, month)[1]
    return date(when.year, month, min(when.day or end, end))


def first_day(when: PartialDate) -> date:
    """Return the first day that the date may mean; a day past the end of its month means the end."""
    month = when.month or 1
    return date(when.year, month, min(when.day or 1, monthrange(when.year, month)[1]))


def _parts(cells: str) -> tuple[int | None, int, int] | None:
    """Split into year (None = unknown), month and day (0 = unknown); None when it is no date."""
    pairs = cells[:2], cells[2:4], cells[4:]
    if any(pair != _UNKNOWN and not (pair.isascii() and pair.isdigit()) for pair in pairs):
        return None
    year, month, day = (None if pair == _UNKNOWN else int(pair) for pair in pairs)
    return year, month or 0, day or 0


def _exists(year: int, month: int, day: int) -> bool:
    if month > 12:
        return False
    return day <= (monthrange(year, month)[1] if month else 31)


def _checked(when: PartialDate, cells: str) -> ReadDate:
    if not _exists(when.year, when.month, when.day):
        return ReadDate(None, DateProblem.IMPOSSIBLE)
    if "00" in (cells[2:4], cells[4:]):
        return ReadDate(when, DateProblem.ZEROS)
    return ReadDate(when, DateProblem.NONE if when.month and when.day else DateProblem.PARTIAL)
