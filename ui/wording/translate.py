"""Translation, filling in of facts, and numbers and dates as the officer's language writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, QDate, QLocale

from station.model.document import PartialDate

QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)
"""Marks (context, text) for Qt Linguist and returns the text; Qt's own stub says `object`."""

UNKNOWN = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message: what happened, why, what to do, and the code that support can look up.

    `detail` names counts and places; any text but `what` may be empty.
    """

    what: str
    why: str = ""
    do: str = ""
    code: str = ""
    detail: str = ""

    @property
    def text(self) -> str:
        """All of it as one paragraph."""
        return " ".join(part for part in (self.what, self.why, self.do, self.detail, self.code) if part)


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return UNKNOWN


def translated(context: str, text: str) -> str:
    """Return an entry of a table in the officer's language; the empty text stays empty."""
    return QCoreApplication.translate(context, text) if text else ""


def filled(context: str, text: str, facts: Mapping[str, object]) -> str:
    """Return an entry of a table in the officer's language with its braces filled; an absent fact is a dash."""
    return translated(context, text).format_map(_Facts(facts))


def number(value: float, decimals: int = 0) -> str:
    """Write a number with this many decimals."""
    return QLocale().toString(float(value), "f", decimals)


def date(value: PartialDate | None) -> str:
    """Write a date with the month as a word, so that no day is taken for a month: 4 Aug 1990, 1990."""
    if value is None:
        return UNKNOWN
    if not value.month:
        return f"{value.year:04d}"
    pattern = "d MMM yyyy" if value.day else "MMM yyyy"
    written = QLocale().toString(QDate(value.year, value.month, value.day or 1), pattern)
    return written or str(value)


def moment(value: datetime) -> str:
    """Write a point in time in this machine's zone: 4 Aug 2025, 14:05."""
    local = value.astimezone()
    day = QLocale().toString(QDate(local.year, local.month, local.day), "d MMM yyyy")
    return f"{day}, {local:%H:%M}"
