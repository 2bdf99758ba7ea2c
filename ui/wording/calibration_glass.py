"""The check of the empty glass in words: one sentence, and the place of each mark."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale

from station.flow.calibration_views import GlassChecked
from station.model.calibration_sign import Place
from ui.wording.names import Mark
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, number, translated

_CONTEXT = "CalibrationGlass"

READY = QT_TRANSLATE_NOOP("CalibrationGlass", "Take everything off the glass and close the lid.")
LOST = QT_TRANSLATE_NOOP("CalibrationGlass", "The earlier picture of the empty glass is damaged or gone.")

_READY_MORE = QT_TRANSLATE_NOOP(
    "CalibrationGlass",
    "The scan shows dust, fibres and scratches, and which of them are new. It is no calibration: it neither "
    "locks the scanner nor opens it.",
)
_LOST_MORE = QT_TRANSLATE_NOOP(
    "CalibrationGlass",
    "Nothing can be compared with it any more. Wipe the glass, close the lid and begin anew: the next scan "
    "takes its place.",
)
_CLEAN_FIRST = QT_TRANSLATE_NOOP(
    "CalibrationGlass", "The glass is clean. Later checks compare with this picture."
)
_NOTHING_NEW = QT_TRANSLATE_NOOP("CalibrationGlass", "Nothing new on the glass since {day}.")
_ONE_FIRST = QT_TRANSLATE_NOOP(
    "CalibrationGlass", "1 mark on the glass. Clean where the picture shows it, then check again."
)
_SOME_FIRST = QT_TRANSLATE_NOOP(
    "CalibrationGlass", "{count} marks on the glass. Clean where the picture shows them, then check again."
)
_ONE_NEW = QT_TRANSLATE_NOOP(
    "CalibrationGlass", "1 new mark on the glass. Clean where the picture shows it, then check again."
)
_SOME_NEW = QT_TRANSLATE_NOOP(
    "CalibrationGlass", "{count} new marks on the glass. Clean where the picture shows them, then check again."
)
_SPOT = QT_TRANSLATE_NOOP("CalibrationGlass", "{x} mm from left, {y} mm from top")
_LINE = QT_TRANSLATE_NOOP("CalibrationGlass", "A line, {x} mm from left")
_MORE = QT_TRANSLATE_NOOP("CalibrationGlass", "And {count} more, as the picture shows.")
_KNOWN = QT_TRANSLATE_NOOP("CalibrationGlass", "Small dots: marks that were there on {day} ({count}).")
_SIDES = QT_TRANSLATE_NOOP(
    "CalibrationGlass",
    "Drawn as the scanner sees the glass, from below: on the open scanner left and right change sides.",
)
_DRAWN = QT_TRANSLATE_NOOP("CalibrationGlass", "Drawing of the glass: {told}")


def ready() -> tuple[Mark, str]:
    """Return what is to be done before the scan, and what the scan is for."""
    return Mark("scanner", translated(_CONTEXT, READY), "accent"), translated(_CONTEXT, _READY_MORE)


def lost() -> tuple[Mark, str]:
    """Say that there is no earlier picture any more, and how to begin anew."""
    return Mark("not_good", translated(_CONTEXT, LOST), "not_good"), translated(_CONTEXT, _LOST_MORE)


def sentence(checked: GlassChecked) -> Mark:
    """Return what a check found, in one sentence."""
    count, since = len(checked.marks), checked.since
    if not count:
        text = _CLEAN_FIRST if since is None else _NOTHING_NEW
        return Mark("good", filled(_CONTEXT, text, {"day": _day(since)}), "good")
    one, some = (_ONE_FIRST, _SOME_FIRST) if since is None else (_ONE_NEW, _SOME_NEW)
    return Mark("look", filled(_CONTEXT, one if count == 1 else some, {"count": number(count)}), "look")


def place(mark: Place) -> str:
    """Return where a mark lies, in whole millimetres."""
    if mark.y_mm is None:
        return filled(_CONTEXT, _LINE, {"x": number(mark.x_mm)})
    return filled(_CONTEXT, _SPOT, {"x": number(mark.x_mm), "y": number(mark.y_mm)})


def more(count: int) -> str:
    """Say how many marks are drawn but not listed."""
    return filled(_CONTEXT, _MORE, {"count": number(count)})


def known(checked: GlassChecked) -> str:
    """Say what the quiet dots are, "" without any."""
    facts = {"count": number(len(checked.known)), "day": _day(checked.since)}
    return filled(_CONTEXT, _KNOWN, facts) if checked.known else ""


def sides() -> str:
    """Say from which side the glass is drawn."""
    return translated(_CONTEXT, _SIDES)


def drawn(told: str) -> str:
    """Name the drawing by what is said beside it."""
    return filled(_CONTEXT, _DRAWN, {"told": told})


def _day(at: datetime | None) -> str:
    """Write a day with its month as a word: 3 November 2026."""
    if at is None:
        return ""
    local = at.astimezone()
    return QLocale().toString(QDate(local.year, local.month, local.day), "d MMMM yyyy")
