"""What is printed for a pile of papers, as finished values: separator sheets and checklists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from station.flow.views import ItemView, VisitView
from station.model.checklist import Checklist, Item, ItemState
from station.reading import patch
from station.reading.barcode_writer import bars, matrix
from station.reading.patch import Patch
from station.reading.separators import line_payload, payload

Bars = tuple[int, ...]
"""A Code 128: widths in modules of bar, space, bar, ... to the last bar."""

Matrix = tuple[tuple[bool, ...], ...]
"""A Data Matrix: rows of modules, True for ink."""

PATCH = Patch.TWO
"""The patch code of our sheets: it reads alike from both ends, so nothing hangs on which edge goes first."""


@dataclass(frozen=True, slots=True)
class CodeView:
    """A bar code to print: the text that it carries, as Code 128 and as Data Matrix."""

    text: str
    bars: Bars
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class SheetView:
    """One separator sheet. `item` is None on the one that means the next item, whichever that is.

    `patch` are widths in mm of bar, space, bar, ... from the leading edge inwards.
    """

    checklist: Checklist
    item: Item | None
    code: CodeView
    patch: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One item of a printed checklist; `state` is None on a list that is nobody's."""

    item: Item
    question: str
    answer: bool | None
    state: ItemState | None
    pages: int
    code: Matrix


@dataclass(frozen=True, slots=True)
class ChecklistSheetView:
    """A printed checklist. `application_number` and `name` are "" where they are not to be printed.

    `number_bars` are the application number alone as Code 128, `code` names the list as a whole.
    `take_along`: it is for the applicant and names only what is still to be brought.
    """

    checklist: Checklist
    lines: tuple[LineView, ...] = field(repr=False)
    code: Matrix
    on: date
    take_along: bool = False
    application_number: str = field(default="", repr=False)
    number_bars: Bars = field(default=(), repr=False)
    name: str = field(default="", repr=False)


TO_BRING = frozenset({ItemState.MISSING, ItemState.TOO_FEW, ItemState.NOT_BROUGHT, ItemState.UNDECIDED})
"""What stands on a list that the applicant takes along; the waiver is signed at the centre."""


def separators(checklist: Checklist) -> tuple[SheetView, ...]:
    """Return one sheet for each item of a category, then one for "the next item, whichever it is"."""
    widths = patch.bars(PATCH)
    return tuple(
        SheetView(checklist, item, _code(payload(item.id if item else "")), widths)
        for item in (*checklist.items, None)
    )


def checklist_sheet(
    checklist: Checklist,
    on: date,
    visit: VisitView | None = None,
    *,
    with_name: bool = False,
    take_along: bool = False,
) -> ChecklistSheetView:
    """Return the list of a category, or with a visit this applicant's with its states.

    `on` is the day of print; `take_along` leaves out what is there or not needed.
    """
    questions = {question.id: question.text for question in checklist.questions}
    views = visit.items if visit else tuple(ItemView(item, ItemState.MISSING, 0) for item in checklist.items)
    record = visit.record if visit else None
    number = record.application_number if record else ""
    lines = tuple(
        _line(view, number, questions, known=visit is not None)
        for view in views
        if not take_along or (view.state in TO_BRING and not view.item.waiver)
    )
    return ChecklistSheetView(
        checklist,
        lines,
        matrix(line_payload("", number)),
        on,
        take_along,
        number,
        bars(number) if number else (),
        f"{record.surname}, {record.given_names}".strip(", ") if record and with_name else "",
    )


def _line(view: ItemView, number: str, questions: Mapping[str, str], *, known: bool) -> LineView:
    asked = view.question.question.text if view.question else questions.get(view.item.when, "")
    return LineView(
        view.item,
        asked,
        view.question.answer if view.question else None,
        view.state if known else None,
        view.pages,
        matrix(line_payload(view.item.id, number)),
    )


def _code(text: str) -> CodeView:
    return CodeView(text, bars(text), matrix(text))
