"""What the comparison shows: each field with its picture, what is said about it, what needs a look first."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from station.flow.confirming import worst_first
from station.flow.views import VisitView, ZonePartView
from station.model.document import Agreement, FieldMatch, Match, Mrz, MrzCell, MrzStatus
from station.model.quality import Region
from station.model.record import AttachmentKind
from ui.widgets.cell_strip import CellStrip
from ui.widgets.field_table import FieldRow
from ui.wording.names import Looked, Mark, mark
from ui.wording.rules import rule
from ui.wording.translate import QT_TRANSLATE_NOOP

FILLER = "<"
SEPARATOR = "<<"

_CONTEXT = "Compared"
_CORRECTED = QT_TRANSLATE_NOOP("Compared", "Corrected: was {was}, now {now}.")
_GOOD = (Agreement.SAME, Agreement.SAME_BY_RULE)
_OF_THE_NAME = ("surname", "given_names")
_WITH_CHECK_DIGIT = {"document_number": 10, "birth_date": 7, "expiry_date": 7}
"""Cells of a part whose last one is a check digit (ICAO 9303-4 to -7): it is no part of what is compared."""
_DOUBTS = {
    "check_failed": "check_digit_failed",
    "repair_suggested": "check_digit_failed",
    "cell_doubtful": "unsure_reading",
    "repaired": "repaired",
}
"""Rules that stand for a remark on a part that no field of the comparison speaks of, the worst first."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells `start` to `stop` (outside) of a part of the printed lines, counted from its first."""

    view: ZonePartView
    start: int
    stop: int

    @property
    def was(self) -> str:
        """What stood there before the officer mended it."""
        return self.view.was[self.start : self.stop].strip(FILLER)

    @property
    def now(self) -> str:
        """What stands there."""
        return self.view.part.text[self.start : self.stop].strip(FILLER)

    @property
    def mended(self) -> bool:
        """The officer has changed what was read."""
        return self.view.corrected and self.was != self.now

    @property
    def doubtful(self) -> bool:
        """A character was hard to read."""
        return any(self.start <= at < self.stop for at in self.view.doubtful)

    @property
    def strip(self) -> CellStrip | None:
        """The picture of these cells, where they were scanned."""
        view = self.view
        if view.strip is None or not self.stop > self.start:
            return None
        return CellStrip(view.strip, len(view.part.text), view.doubtful).part(self.start, self.stop)


def mrz_of(visit: VisitView | None) -> Mrz | None:
    """Return the printed lines that count."""
    return visit.passport.mrz if visit and visit.passport else None


def match_of(visit: VisitView) -> Match:
    """Return the comparison, with doubtful parts that no field speaks of; without what was not read at all."""
    fields = visit.match.fields if visit.match else ()
    mrz = mrz_of(visit)
    if mrz is None:
        return Match(tuple(field for field in fields if field.printed and not _idle_age(field)))
    named = tuple(field for field in fields if not _idle_age(field))
    known = {field.name for field in fields}
    if any(field.rule == "check_digit_failed" for field in named):
        known.add("composite")  # the last check digit fails with any other: it says nothing more
    return Match((*named, *_doubtful_parts(mrz, visit, known)))


def rows_of(visit: VisitView) -> tuple[FieldRow, ...]:
    """Return the fields: what differs, worst first, then what is to be compared by eye, then the rest.

    Where the papers are another person's that is said once, and nothing else.
    """
    rows: list[FieldRow] = []
    told: set[str] = set()
    match = match_of(visit)
    for field in worst_first(match):
        cells = cells_of(visit, field.name)
        said = _said(field, cells) if field.agreement is Agreement.DIFFERENT or not match.stops else ""
        if match.stops and said in told:
            said = ""
        told.add(said)
        can_mend = cells is not None and not visit.stranger and not visit.sealed
        rows.append(FieldRow(field, _mark(field, cells), said, cells.strip if cells else None, can_mend))
    return tuple(sorted(rows, key=_group))


def cells_of(visit: VisitView, field: str) -> Cells | None:
    """Return the cells that a field was read from, without the fillers at their end; None for a bar code."""
    wanted = ("name",) if field in _OF_THE_NAME else ()
    view = next((view for view in visit.zone if view.part.name in (field, *wanted)), None)
    if view is None:
        return None
    text = view.part.text
    start, stop = _span(field, text) if view.part.name == "name" else (0, _end(field, text))
    doubtful = [at for at in view.doubtful if start <= at]
    if doubtful and not (field == "surname" and SEPARATOR in text):
        stop = max(stop, doubtful[-1] + 1)
    return Cells(view, start, stop)


def place_of(visit: VisitView, view: ZonePartView) -> Region | None:
    """Return where a part stands on the picture of the passport page."""
    pages = visit.of_kind(AttachmentKind.PASSPORT_PAGE)
    reading, part = visit.passport, view.part
    if view.strip is None or not pages or reading is None or part.line >= len(reading.cells):
        return None
    picture = pages[-1].attachment.picture
    corners = list(_corners(reading.cells[part.line][part.start : part.stop]))
    if not corners:
        return None
    xs, ys = ([corner[axis] for corner in corners] for axis in (0, 1))
    shown = pages[-1].region or Region(0, 0, 1, 1)
    wide, high = picture.width_px * shown.width, picture.height_px * shown.height
    left, top = min(xs) / wide - shown.left / shown.width, min(ys) / high - shown.top / shown.height
    return Region(left, top, (max(xs) - min(xs)) / wide, (max(ys) - min(ys)) / high)


def _corners(cells: tuple[MrzCell, ...]) -> Iterator[tuple[float, float]]:
    for cell in cells:
        yield from cell.corners


def _span(field: str, text: str) -> tuple[int, int]:
    """Return where surname or given names stand in a name (9303-3, 4.6): two fillers part them."""
    surname, _, given = text.partition(SEPARATOR)
    if field == "surname":
        return 0, len(surname.rstrip(FILLER))
    if field == "given_names":
        start = len(surname) + len(SEPARATOR)
        return (start, start + len(given.rstrip(FILLER))) if given.strip(FILLER) else (0, 0)
    return 0, len(text.rstrip(FILLER))


def _end(field: str, text: str) -> int:
    """Return the end of what is compared: a check digit and the fillers before it are not."""
    if len(text) == _WITH_CHECK_DIGIT.get(field):
        text = text[:-1]
    return max(1, len(text.rstrip(FILLER)))


def _doubtful_parts(mrz: Mrz, visit: VisitView, known: set[str]) -> Iterator[FieldMatch]:
    for view in visit.zone:
        part = view.part
        said = {
            remark.code
            for remark in mrz.remarks
            if remark.line == part.line and part.start <= remark.column < part.stop
        }
        doubt = next((word for code, word in _DOUBTS.items() if code in said), "")
        if doubt and part.name not in known and part.name != "name":
            yield FieldMatch(part.name, Agreement.MISREAD, part.text, rule=doubt)


def _said(field: FieldMatch, cells: Cells | None) -> str:
    said = []
    if cells is not None and cells.mended:
        worded = QCoreApplication.translate(_CONTEXT, _CORRECTED)
        said.append(worded.format(was=cells.was or FILLER, now=cells.now or FILLER))
    if field.rule and not _doubt_is_elsewhere(field, cells):
        said.append(_told(field))
    return " ".join(said)


def _mark(field: FieldMatch, cells: Cells | None) -> Mark:
    if field.agreement not in _GOOD:
        return mark(field.agreement)
    if cells is not None and cells.view.corrected:
        return mark(Looked.CORRECTED if cells.mended else Looked.COMPARED)
    if field.rule in _DOUBTS.values() and not _doubt_is_elsewhere(field, cells):
        return mark(MrzStatus.UNSURE)
    return mark(Looked.TO_DO if field.by_eye else field.agreement)


def _doubt_is_elsewhere(field: FieldMatch, cells: Cells | None) -> bool:
    """Tell whether the character that was hard to read stands in the other half of the name."""
    return field.rule == "unsure_reading" and cells is not None and not cells.doubtful


def _told(field: FieldMatch) -> str:
    """Say by which rule it stands so, and what to do; that nothing is to be done goes without saying."""
    worded, idle = rule(field.rule), rule("spacing").do
    return worded.says if worded.do == idle else worded.text


def _idle_age(field: FieldMatch) -> bool:
    """Tell whether the row would only say that the age is a usual one."""
    return field.name == "age" and field.agreement is Agreement.SAME


def _group(row: FieldRow) -> int:
    if row.stands_out:
        return 0
    return 1 if row.compared.by_eye else 2
