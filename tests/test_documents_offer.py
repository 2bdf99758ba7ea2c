"""What is next on the documents screen, which scanner can be asked, and which pages are on their way."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from station.flow.events import PageComing
from station.flow.views import DeviceState, DeviceView, ItemView, PageView, QuestionView, VisitView
from station.model.capability import DeviceInfo, DeviceKind, ScannerCapabilities, Source
from station.model.checklist import Item, ItemState, Question
from station.model.image import PictureRef
from station.model.quality import Finding, QualityReport, Status
from station.model.record import (
    ApplicationRecord,
    Attachment,
    AttachmentKind,
    Override,
    OverrideNote,
    Provenance,
)
from station.model.visit import Step
from ui.screens.checklist_row import standing_of, suggestion
from ui.screens.coming import Coming
from ui.screens.documents_offer import Todo, here, is_blank, next_question, next_todo
from ui.screens.scanners import Scanners

GOOD = QualityReport("page", (Finding("sharpness", Status.PASS, 1.0),))
BLURRED = QualityReport("page", (Finding("sharpness", Status.FAIL, 9.0),))
BLANK = QualityReport("page", (Finding("marks", Status.WARN, 0.0, required=False),))
ORIGIN = Provenance("d", "d", None, "sim", "{}", "0", "officer", datetime(2026, 1, 1, tzinfo=UTC), True)
REF = PictureRef("0" * 64, "image/png", 1, 2480, 3508)


def page(item: str, report: QualityReport = GOOD, override: OverrideNote | None = None) -> PageView:
    attachment = Attachment(
        f"{item}-{report.verdict.value}", AttachmentKind.DOCUMENT, REF, ORIGIN,
        report=report, item=item, override=override,
    )  # fmt: skip
    return PageView(attachment, np.zeros((8, 6, 3), np.uint8))


def item(name: str, state: ItemState, *, needed: bool = True, **facts: Any) -> ItemView:
    pages = facts.pop("pages", 0)
    asked = facts.pop("question", None)
    return ItemView(Item(name, name.title(), **facts), state, pages, needed=needed, question=asked)


def asked(answer: bool | None = None, **facts: Any) -> QuestionView:
    return QuestionView(Question("q", "Is it so?"), answer, **facts)


def visit(*items: ItemView, pages: tuple[PageView, ...] = ()) -> VisitView:
    return VisitView(
        "v", ApplicationRecord("r", "V1"), (), Step.DOCUMENTS, pages, items, False, None, None, None, False,
        (), False, False, False,
    )  # fmt: skip


# -- what is next ----------------------------------------------------------------------------------------------


def test_a_stopped_scan_comes_before_everything_else():
    flagged = page("form", BLURRED)
    assert next_todo(visit(pages=(flagged,)), flagged, stopped=True).todo is Todo.CONTINUE


def test_a_bad_page_that_is_looked_at_is_scanned_again_and_one_elsewhere_is_looked_at():
    flagged = page("form", BLURRED)
    seen = visit(item("form", ItemState.ATTENTION), item("bank", ItemState.MISSING), pages=(flagged,))
    assert next_todo(seen, flagged).todo is Todo.SCAN_AGAIN
    following = next_todo(seen, page("bank"))
    assert (following.todo, following.item and following.item.item.id) == (Todo.LOOK, "form")


def test_a_blank_page_is_to_be_removed_until_it_is_kept_with_a_reason():
    empty = page("form", BLANK)
    assert next_todo(visit(pages=(empty,)), empty).todo is Todo.REMOVE_BLANK
    kept = page("form", BLANK, OverrideNote(Override.OBVIOUS, "original_is_so"))
    assert not is_blank(kept)
    assert next_todo(visit(pages=(kept,)), kept).todo is Todo.GO_ON


def test_what_must_be_answered_comes_before_what_is_scanned_and_what_need_not_is_not_asked_for():
    open_one = item("minor", ItemState.UNDECIDED, needed=False, question=asked())
    missing = item("form", ItemState.MISSING)
    assert next_todo(visit(missing, open_one), None).todo is Todo.ANSWER
    optional = item("quebec", ItemState.UNDECIDED, needed=False, question=asked(), mandatory=False)
    assert next_todo(visit(optional, missing), None).todo is Todo.SCAN
    assert next_todo(visit(optional), None).todo is Todo.GO_ON


def test_the_waiver_comes_last_for_it_names_all_that_was_not_brought():
    waiver = item("waiver", ItemState.MISSING, mandatory=False, waiver=True)
    few = item("translations", ItemState.TOO_FEW, pages=1, pages_min=2)
    lacking = next_todo(visit(waiver, few), None).item
    assert lacking is few
    assert next_todo(visit(waiver, item("form", ItemState.PRESENT)), None).item is waiver


def test_while_pages_of_an_item_come_in_another_one_is_scanned_and_nothing_is_gone_on_from():
    form, bank = item("form", ItemState.MISSING), item("bank", ItemState.MISSING)
    assert next_todo(visit(form, bank), None, scanned_now={"form"}).item is bank
    assert next_todo(visit(form), None, scanned_now={"form"}).todo is Todo.WAIT


def test_after_an_answer_the_next_other_question_comes_then_what_lacks_pages():
    same = (
        item("a", ItemState.UNDECIDED, question=asked()),
        item("b", ItemState.UNDECIDED, question=asked()),
        item("form", ItemState.MISSING),
    )
    assert next_question(same, "a") == "form", "both hang on the question that was answered"
    other = QuestionView(Question("other", "And this?"))
    assert next_question((*same, item("c", ItemState.UNDECIDED, question=other)), "a") == "c"
    assert next_question((), "a") == ""


def test_here_counts_needed_items_with_pages_and_not_those_that_were_not_brought():
    items = (
        item("a", ItemState.PRESENT, pages=1), item("b", ItemState.ATTENTION, pages=1),
        item("c", ItemState.NOT_BROUGHT), item("d", ItemState.MISSING),
        item("e", ItemState.PRESENT, needed=False, pages=1),
    )  # fmt: skip
    assert here(items) == (2, 4)


# -- how an item stands, in words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (item("a", ItemState.MISSING), "Needed, missing"),
        (item("a", ItemState.MISSING, needed=False), "If it applies"),
        (item("a", ItemState.TOO_FEW, pages=1, pages_min=2), "Pages: 1 of 2"),
        (item("a", ItemState.PRESENT, pages=3), "Present, pages: 3"),
        (item("a", ItemState.NOT_NEEDED), "Not needed"),
        (
            item("w", ItemState.MISSING, mandatory=False, waiver=True),
            "To be signed: something needed was not brought",
        ),
    ],
    ids=["needed", "optional", "too_few", "present", "not_needed", "waiver"],
)
def test_an_item_says_how_it_stands(view: ItemView, words: str):
    assert standing_of(view).word == words


def test_what_was_not_brought_says_why_and_what_is_there():
    view = ItemView(Item("a", "A", pages_min=2), ItemState.NOT_BROUGHT, 1, "will_be_sent")
    assert standing_of(view).word == "Not brought. The person will send it later. Pages: 1"


def test_the_record_suggests_and_never_answers():
    assert suggestion(asked(suggested=True, age=16)) == "The record says 16 years, so yes?"
    assert suggestion(asked(suggested=None)) == ""
    assert suggestion(asked(True, suggested=False, age=30)) == "", "the officer has answered"


# -- scanners --------------------------------------------------------------------------------------------------


def scanner(name: str, *sources: Source, state: DeviceState = DeviceState.READY, **facts: Any) -> DeviceView:
    info = DeviceInfo(name, DeviceKind.SCANNER, "driver", name, name, simulated=facts.pop("simulated", False))
    can = ScannerCapabilities(sources or None, None, None, None)
    return DeviceView(info, state, chosen=facts.pop("chosen", False), capabilities=can)


def test_only_what_the_profile_allows_and_some_scanner_has_is_offered():
    scanners = Scanners()
    scanners.changed([scanner("a", Source.FLATBED, chosen=True), scanner("b", Source.FEEDER)])
    assert scanners.offered(()) == {Source.FLATBED, Source.FEEDER}
    assert scanners.offered((Source.FLATBED, Source.DUPLEX)) == {Source.FLATBED}


def test_while_one_scanner_works_the_other_can_be_asked():
    scanners = Scanners()
    scanners.changed([scanner("a", Source.FEEDER, chosen=True), scanner("b", Source.FLATBED)])
    scanners.ask("form")
    assert scanners.free(()) == set(), "nothing more is asked for before it has begun"
    scanners.started("a")
    assert scanners.free(()) == {Source.FLATBED}
    assert scanners.scanned_now == {"form"}
    scanners.ended("a")
    assert scanners.free(()) == {Source.FLATBED, Source.FEEDER}


def test_a_simulated_scanner_never_stands_in_for_a_real_one():
    scanners = Scanners()
    real = scanner("real", Source.FLATBED, chosen=True, state=DeviceState.BUSY)
    scanners.changed([real, scanner("drawn", Source.FEEDER, simulated=True)])
    assert scanners.free(()) == set()
    assert scanners.offered(()) == {Source.FLATBED}


def test_without_a_scanner_a_press_may_say_what_is_wrong():
    scanners = Scanners()
    scanners.changed([scanner("a", Source.FLATBED, chosen=True, state=DeviceState.LOST)])
    assert scanners.free((Source.FLATBED,)) == {Source.FLATBED}


# -- pages on their way ----------------------------------------------------------------------------------------


def arrived(coming: Coming, device: str, *levels: int) -> None:
    for level in levels:
        coming.arrived(PageComing("v", device, "form", np.full((4, 3, 3), level, np.uint8)))


def waiting(coming: Coming) -> list[int]:
    return [int(one[0, 0, 0]) for one in coming.of("form")]


def test_a_stored_page_takes_the_place_of_its_picture_once():
    coming = Coming()
    arrived(coming, "a", 1, 2, 3)
    coming.stored(["a"])
    assert waiting(coming) == [2, 3]
    coming.delivered("a")
    assert waiting(coming) == [2, 3], "the progress that belongs to the stored page"


def test_a_separator_sheet_goes_without_becoming_a_page():
    coming = Coming()
    arrived(coming, "a", 1, 2)
    coming.delivered("a")
    assert waiting(coming) == [2]


def test_two_scanners_keep_their_pages_apart_and_an_end_forgets_only_its_own():
    coming = Coming()
    arrived(coming, "a", 1)
    arrived(coming, "b", 2)
    coming.ended("a")
    assert waiting(coming) == [2]
    coming.clear()
    assert waiting(coming) == []
