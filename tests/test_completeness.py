"""What stands open before a record may be sealed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from station.flow.completeness import age_on, items_of, open_points, questions_of, rail
from station.flow.views import ItemView, OpenPoint, PointKind, StepState
from station.model.checklist import Checklist, Item, ItemState, Question
from station.model.document import PartialDate
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
from station.model.visit import Act, ActKind, Step, Visit

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = date(2026, 11, 22)
LIST = Checklist("visitor", "Visitor", (Item("form", "Form"), Item("trip", "Ticket", mandatory=False)))
RECORD = ApplicationRecord("r", "V1", letter_number="L1", birth_date=PartialDate(1990, 5, 6))
VISIT = Visit("v", "r", "kiosk-1", NOW)
FROM = Provenance("d", "d", None, "d", "{}", "0", "o", NOW, True)


def picture(kind: AttachmentKind, status: Status = Status.PASS, item: str = "") -> Attachment:
    """Return an attachment with one finding."""
    report = QualityReport("page", (Finding("sharpness", status),))
    ref = PictureRef("0" * 64, "image/png", 1, 1, 1)
    return Attachment(f"{kind}-{item}", kind, ref, FROM, report, item=item)


def points_of(record: ApplicationRecord, visit: Visit = VISIT) -> dict[str, bool]:
    """Return the open points' codes and whether each forbids sealing."""
    found = open_points(record, visit, items_of(LIST, record, visit, TODAY), None, TODAY)
    return {point.code: point.blocks for point in found}


def test_an_empty_visit_misses_everything() -> None:
    assert points_of(RECORD) == dict.fromkeys(
        ["letter_missing", "passport_missing", "not_matched", "portrait_missing", "item_missing"], True
    )


def test_an_application_without_a_letter_needs_none() -> None:
    assert "letter_missing" not in points_of(replace(RECORD, letter_number=""))


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ((2012, 11, 22), 14),
        ((2012, 11, 23), 13),
        ((1946, 11, 23), 79),
        ((1946, 11, 22), 80),
        ((2012, 0, 0), 14),
    ],
)
def test_age_counts_full_years(born: tuple[int, int, int], age: int) -> None:
    assert age_on(PartialDate(*born), TODAY) == age


@pytest.mark.parametrize(("year", "needed"), [(2013, False), (2012, True), (1947, True), (1945, False)])
def test_a_portrait_is_needed_from_14_to_79(year: int, needed: bool) -> None:
    points = points_of(replace(RECORD, birth_date=PartialDate(year, 1, 1)))
    assert points.get("portrait_missing" if needed else "portrait_not_required") is needed


def test_a_picture_below_its_limit_forbids_sealing_until_it_is_kept_with_a_reason() -> None:
    poor = picture(AttachmentKind.LETTER, Status.FAIL)
    assert points_of(replace(RECORD, attachments=(poor,)))["picture_below_limit"]
    kept = replace(poor, override=OverrideNote(Override.OBVIOUS, "torn"))
    points = points_of(replace(RECORD, attachments=(kept,)))
    assert "picture_below_limit" not in points
    assert points["picture_overridden"] is False


def test_an_item_is_missing_present_needs_a_hand_or_was_not_brought() -> None:
    good, poor = (picture(AttachmentKind.DOCUMENT, s, "form") for s in (Status.PASS, Status.FAIL))
    waived = VISIT.after(Act(ActKind.ITEM_WAIVED, NOW, "o", {"item": "form", "reason": "waiver"}))
    for record, visit, state in [
        (RECORD, VISIT, ItemState.MISSING),
        (replace(RECORD, attachments=(good,)), VISIT, ItemState.PRESENT),
        (replace(RECORD, attachments=(poor,)), VISIT, ItemState.ATTENTION),
        (RECORD, waived, ItemState.NOT_BROUGHT),
    ]:
        assert items_of(LIST, record, visit, TODAY)[0].state is state


def test_an_optional_item_never_forbids_sealing() -> None:
    full = replace(RECORD, attachments=(picture(AttachmentKind.DOCUMENT, item="form"),))
    assert "item_missing" not in points_of(full)


def test_what_forbids_sealing_stands_first() -> None:
    kept = replace(picture(AttachmentKind.LETTER, Status.FAIL), override=OverrideNote(Override.OBVIOUS, "x"))
    record = replace(RECORD, attachments=(kept,))
    found = open_points(record, VISIT, items_of(LIST, record, VISIT, TODAY), None, TODAY)
    assert found[-1].kind is PointKind.OVERRIDDEN
    assert [p.blocks for p in found] == sorted((p.blocks for p in found), reverse=True)


def test_the_rail_shows_the_worst_of_each_step() -> None:
    record = replace(RECORD, attachments=(picture(AttachmentKind.PORTRAIT, Status.FAIL),))
    points = open_points(record, VISIT, items_of(LIST, record, VISIT, TODAY), None, TODAY)
    states = {view.step: view.state for view in rail(VISIT, points)}
    assert states[Step.PORTRAIT] is StepState.ATTENTION
    assert states[Step.IDENTIFY] is StepState.TO_DO
    assert states[Step.REVIEW] is StepState.TO_DO


def test_what_the_officer_made_of_the_printed_lines_is_told_and_forbids_nothing() -> None:
    def mended(part: str, start: int, was: str, now: str, reason: str) -> Act:
        facts: dict[str, object] = {"part": part, "line": 0, "start": start, "was": was, "now": now}
        return Act(ActKind.MRZ_CORRECTED, NOW, "o", {**facts, "reason": reason, "lines": []})

    visit = VISIT
    for act in (
        mended("name", 5, "OKONJ0", "OKONJO", "misread_character"),
        mended("name", 5, "OKONJO", "OKONJO", "as_printed"),  # a later look does not hide the change
        mended("sex", 20, "F", "F", "as_printed"),
    ):
        visit = visit.after(act)
    found = open_points(RECORD, visit, (), None, TODAY)
    told = {point.code: (point.facts, point.blocks) for point in found if point.code.startswith("mrz_")}
    assert told == {
        "mrz_corrected": ({"field": "name", "reason": "misread_character"}, False),
        "mrz_compared": ({"field": "sex", "reason": "as_printed"}, False),
    }


# -- conditions, pages and the waiver --------------------------------------------------------------------------

FOREIGN = Question("foreign", "Is a document in another language?")
MINOR = Question("minor", "Does a minor travel alone?", age_below=18, only_when_suggested=True)
ADULT = Question("adult", "Is the form for adults asked for?", age_from=18)
RULES = Checklist(
    "visitor",
    "Visitor",
    (
        Item("form", "Form"),
        Item("waiver", "Waiver", mandatory=False, waiver=True),
        Item("family", "Family form", mandatory=False, when="adult"),
        Item("custody", "Custody papers", when="minor"),
        Item("translation", "Translation", when="foreign", pages_min=2),
        Item("trip", "Ticket", mandatory=False, pages_min=2),
    ),
    questions=(FOREIGN, MINOR, ADULT),
)
SIX = replace(RECORD, birth_date=PartialDate(2020, 5, 6))


def told(
    *pages: str,
    answers: dict[str, bool] | None = None,
    waived: tuple[str, ...] = (),
    record: ApplicationRecord = RECORD,
    status: Status = Status.PASS,
) -> tuple[dict[str, ItemView], list[OpenPoint]]:
    """Return the items by id and the open points of the documents, with one page for each word of `pages`."""
    visit = VISIT
    for question, answer in (answers or {}).items():
        visit = visit.after(Act(ActKind.ANSWERED, NOW, "o", {"question": question, "answer": answer}))
    for item in waived:
        visit = visit.after(Act(ActKind.ITEM_WAIVED, NOW, "o", {"item": item, "reason": "will_be_sent"}))
    attached = (picture(AttachmentKind.DOCUMENT, status, item) for item in pages)
    numbered = tuple(replace(page, id=f"{page.id}-{n}") for n, page in enumerate(attached))
    record = replace(record, attachments=numbered)
    items = items_of(RULES, record, visit, TODAY)
    points = open_points(record, visit, items, None, TODAY)
    return {view.item.id: view for view in items}, [p for p in points if p.step is Step.DOCUMENTS]


def codes(points: list[OpenPoint]) -> list[tuple[str, bool]]:
    return [(point.code, point.blocks) for point in points]


def test_an_open_condition_leaves_its_item_undecided_and_forbids_sealing_when_the_item_is_mandatory() -> None:
    items, points = told("form")
    assert [items[name].state for name in ("translation", "family")] == [ItemState.UNDECIDED] * 2
    assert not items["translation"].needed and not items["family"].needed
    assert codes(points) == [("question_open", True)]
    assert points[0].facts == {"question": FOREIGN.text}, "the one of the optional item does not block"


def test_answered_no_an_item_is_not_needed_and_nothing_is_open() -> None:
    items, points = told("form", answers={"foreign": False, "adult": False})
    assert [items[name].state for name in ("translation", "family")] == [ItemState.NOT_NEEDED] * 2
    assert points == []


@pytest.mark.parametrize(("question", "item"), [("foreign", "translation"), ("adult", "family")])
def test_answered_yes_an_item_is_needed_whether_its_question_had_to_be_answered_or_not(
    question: str, item: str
) -> None:
    items, points = told("form", answers={"foreign": False, question: True})
    assert (items[item].state, items[item].needed) == (ItemState.MISSING, True)
    assert codes(points) == [("item_missing", True)]
    assert items[item].question is not None and items[item].question.answer is True


def test_an_answer_can_be_taken_back() -> None:
    answered = VISIT.after(Act(ActKind.ANSWERED, NOW, "o", {"question": "foreign", "answer": True}))
    back = answered.after(Act(ActKind.ANSWERED, NOW, "o", {"question": "foreign", "answer": None}))
    views = [{v.question.id: v.answer for v in questions_of(RULES, RECORD, v, TODAY)} for v in (answered, back)]
    assert [view["foreign"] for view in views] == [True, None]


def test_pages_on_an_item_that_is_not_needed_are_shown_and_judged_like_any_others() -> None:
    items, points = told("form", "translation", answers={"foreign": False})
    assert (items["translation"].state, items["translation"].pages) == (ItemState.PRESENT, 1)
    assert points == []
    items, points = told("translation", answers={"foreign": False}, waived=("form",), status=Status.FAIL)
    assert items["translation"].state is ItemState.ATTENTION
    assert ("picture_below_limit", True) in codes(points)


def test_all_pages_of_an_item_make_its_question_idle() -> None:
    items, points = told("form", "translation", "translation")
    assert items["translation"].state is ItemState.PRESENT
    assert points == []


def test_an_item_with_too_few_pages_is_told_with_how_many() -> None:
    items, points = told("form", "translation", answers={"foreign": True})
    assert items["translation"].state is ItemState.TOO_FEW
    assert codes(points) == [("item_too_few", True)]
    assert (points[0].facts["pages"], points[0].facts["wanted"]) == (1, 2)
    items, points = told("form", "trip", answers={"foreign": False})
    assert items["trip"].state is ItemState.TOO_FEW
    assert codes(points) == [("item_too_few", False)], "what nobody had to bring does not block"
    items, points = told("form", "translation")
    assert codes(points) == [("question_open", True), ("item_too_few", False)]


def test_what_is_missing_of_an_item_can_be_noted_as_not_brought() -> None:
    items, points = told("form", "translation", "waiver", answers={"foreign": True}, waived=("translation",))
    assert (items["translation"].state, items["translation"].pages) == (ItemState.NOT_BROUGHT, 1)
    assert codes(points) == [("item_not_brought", False)]


def test_the_waiver_is_needed_as_soon_as_something_needed_was_not_brought() -> None:
    plain = {"foreign": False}
    items, points = told(answers=plain)
    assert (items["waiver"].state, items["waiver"].needed) == (ItemState.NOT_NEEDED, False)
    items, points = told(answers=plain, waived=("form",))
    assert (items["waiver"].state, items["waiver"].needed) == (ItemState.MISSING, True)
    assert codes(points) == [("waiver_missing", True), ("item_not_brought", False)]
    items, points = told("waiver", answers=plain, waived=("form",))
    assert items["waiver"].state is ItemState.PRESENT
    assert codes(points) == [("item_not_brought", False)]
    items, points = told(answers=plain, waived=("form", "waiver"))
    assert items["waiver"].state is ItemState.NOT_BROUGHT
    assert codes(points) == [("item_not_brought", False)] * 2


@pytest.mark.parametrize("waived", ["trip", "custody", "family"])
def test_what_was_not_needed_asks_for_no_waiver(waived: str) -> None:
    items, _ = told("form", answers={"foreign": False}, waived=(waived,))
    assert items["waiver"].state is ItemState.NOT_NEEDED


def test_an_item_not_brought_whose_condition_is_open_waits_for_the_answer_because_the_waiver_hangs_on_it() -> (
    None
):
    items, points = told("form", waived=("translation",))
    assert items["translation"].state is ItemState.NOT_BROUGHT
    assert ("question_open", True) in codes(points)
    items, points = told("form", waived=("translation",), answers={"foreign": False})
    assert items["translation"].state is ItemState.NOT_NEEDED
    assert points == []
    items, points = told("form", waived=("translation",), answers={"foreign": True})
    assert items["waiver"].state is ItemState.MISSING


def test_a_question_for_minors_is_not_put_to_an_adult_and_never_answered_for_a_minor() -> None:
    items, _ = told("form")
    assert items["custody"].state is ItemState.NOT_NEEDED
    assert [view.question for view in questions_of(RULES, RECORD, VISIT, TODAY)] == [FOREIGN, ADULT]
    items, points = told("form", record=SIX, answers={"foreign": False})
    assert items["custody"].state is ItemState.UNDECIDED
    assert [point.facts["question"] for point in points] == [MINOR.text]
    asked = {view.question.id: view for view in questions_of(RULES, SIX, VISIT, TODAY)}
    assert (asked["minor"].suggested, asked["minor"].answer) == (True, None)


def test_the_officers_answer_counts_also_where_the_age_says_no() -> None:
    items, _ = told("form", answers={"foreign": False, "minor": True})
    assert items["custody"].state is ItemState.MISSING
    visit = VISIT.after(Act(ActKind.ANSWERED, NOW, "o", {"question": "minor", "answer": True}))
    assert MINOR in [view.question for view in questions_of(RULES, RECORD, visit, TODAY)]


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        ((2008, 11, 22), False),  # 18 today
        ((2008, 11, 23), True),  # 18 tomorrow
        ((2008, 11, 0), None),  # the day decides
        ((2008, 10, 0), False),
        ((2008, 12, 0), True),
        ((2008, 0, 0), None),
        ((2007, 0, 0), False),
        ((2009, 0, 0), True),
        (None, None),
    ],
)
def test_an_age_is_suggested_only_when_no_unknown_day_could_change_it(
    born: tuple[int, int, int] | None, minor: bool | None
) -> None:
    record = replace(RECORD, birth_date=PartialDate(*born) if born else None)
    asked = {view.question.id: view.suggested for view in questions_of(RULES, record, VISIT, TODAY)}
    assert asked.get("minor", False) is minor
    assert asked["adult"] is (None if minor is None else not minor)
    assert asked["foreign"] is None


def test_no_checklist_asks_nothing() -> None:
    assert questions_of(None, RECORD, VISIT, TODAY) == ()
    assert items_of(None, RECORD, VISIT, TODAY) == ()
