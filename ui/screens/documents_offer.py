"""What stands between the officer and a complete list of documents, the most pressing first. No widgets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.flow.views import ItemView, PageView, VisitView
from station.model.checklist import ItemState
from station.model.quality import Verdict
from station.model.record import AttachmentKind
from ui.screens.against_measures import found_blank

_WAITS = (ItemState.UNDECIDED, ItemState.TOO_FEW, ItemState.NOT_BROUGHT)
_LACKS = (ItemState.MISSING, ItemState.TOO_FEW)
_THERE = (ItemState.PRESENT, ItemState.ATTENTION)


class Todo(StrEnum):
    """What the officer is to do next. WAIT: the scanner works, and nothing can be done before it has ended."""

    CONTINUE = "continue"
    REMOVE_BLANK = "remove_blank"
    SCAN_AGAIN = "scan_again"
    LOOK = "look"
    ANSWER = "answer"
    SCAN = "scan"
    GO_ON = "go_on"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, eq=False)
class Next:
    """What is next, and the item that it is about."""

    todo: Todo
    item: ItemView | None = None


def next_todo(
    visit: VisitView, page: PageView | None, *, stopped: bool = False, scanned_now: Collection[str] = ()
) -> Next:
    """Return what is next while `page` is looked at (None: no page that the officer turned to).

    `stopped`: a scanner waits to be continued; `scanned_now` are the items whose pages are coming in.
    """
    if stopped:
        return Next(Todo.CONTINUE)
    if page is not None and is_blank(page):
        return Next(Todo.REMOVE_BLANK)
    if page is not None and is_bad(page):
        return Next(Todo.SCAN_AGAIN)
    flagged = {p.attachment.item for p in visit.of_kind(AttachmentKind.DOCUMENT) if needs_eye(p)}
    others = [view for view in visit.items if view.item.id not in scanned_now]
    steps = (
        (Todo.LOOK, [view for view in others if view.item.id in flagged]),
        (Todo.ANSWER, [view for view in visit.items if waits_for_answer(view)]),
        (Todo.SCAN, lacking(others)),
    )
    for todo, items in steps:
        if items:
            return Next(todo, items[0])
    return Next(Todo.WAIT if scanned_now else Todo.GO_ON)


def lacking(items: Collection[ItemView]) -> list[ItemView]:
    """Return the needed items that lack pages; the waiver last, for it names all that was not brought."""
    found = [view for view in items if view.needed and view.state in _LACKS]
    return sorted(found, key=lambda view: view.item.waiver)


def next_question(items: Sequence[ItemView], item: str) -> str:
    """Return the item behind this one with the next open question, else one that lacks pages, else ""."""
    at = next((n for n, view in enumerate(items) if view.item.id == item), 0)
    now = items[at].question if items else None
    behind = [view for view in (*items[at:], *items[:at]) if view.state is ItemState.UNDECIDED]
    others = [view for view in behind if view.question and (not now or view.question.question != now.question)]
    return next((view.item.id for view in (*others, *lacking(items))), "")


def here(items: Collection[ItemView]) -> tuple[int, int]:
    """Return how many needed items have their pages, and how many there are."""
    needed = [view for view in items if view.needed]
    return sum(view.state in _THERE for view in needed), len(needed)


def waits_for_answer(view: ItemView) -> bool:
    """Tell whether the visit cannot be sealed before the item's question is answered."""
    asked = view.item.mandatory and view.question is not None and view.question.answer is None
    return asked and view.state in _WAITS


def is_blank(page: PageView) -> bool:
    """Tell whether nothing was found on a page, and nobody said yet that it is to be kept."""
    return page.attachment.override is None and found_blank(page.attachment)


def is_bad(page: PageView) -> bool:
    """Tell whether a page is below its limits and was not kept with a reason."""
    report = page.attachment.report
    return report is not None and report.verdict is Verdict.FAIL and page.attachment.override is None


def needs_eye(page: PageView) -> bool:
    """Tell whether the officer has to decide about a page."""
    return is_blank(page) or is_bad(page)
