"""Printed checklists: a category's, an applicant's for the officer, or what an applicant still has to bring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from station.flow.sheets import ChecklistSheetView, LineView
from station.model.checklist import ItemState
from station.model.document import PartialDate
from ui.printing.canvas import QUIET, RIGHT, Canvas, Page, Paper, Style, Words, largest
from ui.wording import names
from ui.wording.translate import QT_TRANSLATE_NOOP, date, filled, translated

_CONTEXT = "Sheets"
_CHECKLIST = QT_TRANSLATE_NOOP("Sheets", "Checklist")
_TO_BRING = QT_TRANSLATE_NOOP("Sheets", "Still to bring")
_NOTHING = QT_TRANSLATE_NOOP("Sheets", "Nothing of this list is still to be brought.")
_UNVERIFIED = QT_TRANSLATE_NOOP("Sheets", "This list has not been compared with the official one.")
_NUMBER = QT_TRANSLATE_NOOP("Sheets", "Application number")
_NAME = QT_TRANSLATE_NOOP("Sheets", "Name")
_IF_IT_APPLIES = QT_TRANSLATE_NOOP("Sheets", "If it applies")
_PAGES = QT_TRANSLATE_NOOP("Sheets", "Pages: {pages}")
_YES = QT_TRANSLATE_NOOP("Sheets", "{question} Yes.")
_NO = QT_TRANSLATE_NOOP("Sheets", "{question} No.")
_EDITION = QT_TRANSLATE_NOOP("Sheets", "Edition: {edition}")
_PRINTED = QT_TRANSLATE_NOOP("Sheets", "Printed {day}")
_PAGE = QT_TRANSLATE_NOOP("Sheets", "Page {page} of {pages}")

_SIDE, _TOP, _BOTTOM = 18.0, 15.0, 14.0
_BOX = 5.5
_INDENT = _BOX + 5
_MODULE = 0.51  # 6 dots of 300 dpi; ISO/IEC 16022 codes of 0.5 mm are read at 150 dpi
_CODE = 24 * _MODULE  # what item and number usually need at most
_BARS_MODULE = 0.34
_HEAD_MODULE = 0.85  # 10 dots: the first code that is looked for on a page full of them
_GAP = 4.0
_LEAD = 0.6
_PLAINLY_TO_BRING = (ItemState.MISSING, ItemState.NOT_BROUGHT)


@dataclass(frozen=True, slots=True)
class _Row:
    line: LineView
    title: Words
    note: Words | None
    height: float


@dataclass(frozen=True, slots=True)
class _Head:
    kind: Words
    title: Words
    facts: tuple[tuple[Words, Words], ...]
    note: Words | None
    height: float


def checklist_pages(view: ChecklistSheetView, paper: Paper) -> tuple[Page, ...]:
    """Return the pages of a printed checklist; every page names whose it is."""
    width, height = paper.size_mm
    room = width - 2 * _SIDE
    heads = [_head(view, room, first=True), _head(view, room, first=False)]
    parts: list[list[_Row]] = [[]]
    left = height - _TOP - _BOTTOM - heads[0].height
    for line in view.lines:
        row = _row(line, room - _INDENT - _CODE - _GAP, take_along=view.take_along)
        if row.height > left and parts[-1]:
            parts.append([])
            left = height - _TOP - _BOTTOM - heads[1].height
        parts[-1].append(row)
        left -= row.height
    return tuple(
        partial(_page, view, heads[number > 1], part, (number, len(parts)))
        for number, part in enumerate(parts, 1)
    )


def _row(line: LineView, room: float, *, take_along: bool) -> _Row:
    title = Words(line.item.title, Style(4.2, bold=True), room)
    told = " \N{MIDDLE DOT} ".join(_notes(line, take_along=take_along))
    note = Words(told, Style(3.4, colour=QUIET), room) if told else None
    tall = title.height + (_LEAD + note.height if note else 0)
    return _Row(line, title, note, max(tall, len(line.code) * _MODULE) + _GAP)


def _notes(line: LineView, *, take_along: bool) -> Iterator[str]:
    """Say how an item stands. Who takes the list along is told nothing that goes without saying."""
    if line.state is not None and not (take_along and line.state in _PLAINLY_TO_BRING):
        yield names.name(line.state)
    if line.pages:
        yield filled(_CONTEXT, _PAGES, {"pages": line.pages})
    if line.question and line.answer is None:
        yield line.question
    elif line.question and not take_along:
        yield filled(_CONTEXT, _YES if line.answer else _NO, {"question": line.question})
    elif not line.item.mandatory and not line.question:
        yield translated(_CONTEXT, _IF_IT_APPLIES)


def _head(view: ChecklistSheetView, room: float, *, first: bool) -> _Head:
    side = len(view.code) * _HEAD_MODULE
    beside = room - side - _GAP
    kind = translated(_CONTEXT, _TO_BRING if view.take_along else _CHECKLIST)
    told = Words(kind, Style(4.2, colour=QUIET), beside)
    title = largest(view.checklist.title, beside, (7, 6) if first else (5, 4.5), lines=2)
    values = [(_NUMBER, view.application_number, 7.0), (_NAME, view.name if first else "", 5.0)]
    facts = tuple(
        (
            Words(translated(_CONTEXT, label), Style(3.3, colour=QUIET), room / 2),
            Words(value, Style(size, bold=True), room if label is _NAME else room / 2),
        )
        for label, value, size in values
        if value
    )
    unverified = first and view.checklist.unverified
    note = Words(translated(_CONTEXT, _UNVERIFIED), Style(3.4, colour=QUIET), room) if unverified else None
    tall = max(told.height + _LEAD + title.height, side)
    tall += sum(_GAP + label.height + value.height for label, value in facts)
    tall += _GAP + note.height if note else 0
    return _Head(told, title, facts, note, tall + 2 * _GAP)


def _page(
    view: ChecklistSheetView, head: _Head, rows: Sequence[_Row], number: tuple[int, int], on: Canvas
) -> None:
    room = on.width - 2 * _SIDE
    y = _TOP
    side = on.matrix(view.code, on.width - _SIDE, y, _HEAD_MODULE, RIGHT)
    y += on.words(_SIDE, y, head.kind) + _LEAD
    y += on.words(_SIDE, y, head.title)
    y = max(y, _TOP + side)
    for at, (label, value) in enumerate(head.facts):
        y += _GAP
        if at == 0 and view.number_bars:
            # Well apart from the code above: a reader must not take the two for one.
            on.bars(view.number_bars, on.width / 2, y + 0.5, 11, room / 2, _BARS_MODULE)
        y += on.words(_SIDE, y, label)
        y += on.words(_SIDE, y, value)
    if head.note:
        on.words(_SIDE, y + _GAP, head.note)
    y = _TOP + head.height - _GAP
    on.line(_SIDE, y, room, 0.5)
    y += _GAP
    if not rows:
        on.words(_SIDE, y, Words(translated(_CONTEXT, _NOTHING), Style(4.2), room))
    for row in rows:
        _item(on, row, y)
        y += row.height
        if row is not rows[-1]:
            on.line(_SIDE, y - _GAP / 2, room)
    _foot(view, number, on)


def _item(on: Canvas, row: _Row, y: float) -> None:
    top = y + max(0.0, (row.title.line_height - _BOX) / 2)
    on.frame(_SIDE, top, _BOX)
    if row.line.state is ItemState.PRESENT:
        on.stroke(((_SIDE + 1.2, top + 2.9), (_SIDE + 2.4, top + 4.1), (_SIDE + 4.4, top + 1.4)), 0.7)
    elif row.line.state is ItemState.NOT_NEEDED:
        on.stroke(((_SIDE + 1.4, top + _BOX / 2), (_SIDE + _BOX - 1.4, top + _BOX / 2)), 0.7)
    down = y + on.words(_SIDE + _INDENT, y, row.title)
    if row.note:
        on.words(_SIDE + _INDENT, down + _LEAD, row.note)
    on.matrix(row.line.code, on.width - _SIDE, y, _MODULE, RIGHT)


def _foot(view: ChecklistSheetView, number: tuple[int, int], on: Canvas) -> None:
    style = Style(3, colour=QUIET)
    room = on.width - 2 * _SIDE
    day = date(PartialDate(view.on.year, view.on.month, view.on.day))
    told = [
        view.application_number,
        filled(_CONTEXT, _EDITION, {"edition": view.checklist.edition}),
        filled(_CONTEXT, _PRINTED, {"day": day}),
    ]
    left = Words(" \N{MIDDLE DOT} ".join(part for part in told if part), style, room - 30)
    y = on.height - _BOTTOM - left.height + 4
    on.words(_SIDE, y, left)
    page = Words(filled(_CONTEXT, _PAGE, {"page": number[0], "pages": number[1]}), style, 28)
    on.words(on.width - _SIDE, y, page, RIGHT)
