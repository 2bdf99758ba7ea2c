"""What stands open before a record may be sealed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from station.flow.completeness import age_on, items_of, open_points, rail
from station.flow.views import PointKind, StepState
from station.model.checklist import Checklist, Item, ItemState
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
    found = open_points(record, visit, items_of(LIST, record, visit), None, date(2026, 11, 22))
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
    assert age_on(PartialDate(*born), date(2026, 11, 22)) == age


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
        assert items_of(LIST, record, visit)[0].state is state


def test_an_optional_item_never_forbids_sealing() -> None:
    full = replace(RECORD, attachments=(picture(AttachmentKind.DOCUMENT, item="form"),))
    assert "item_missing" not in points_of(full)


def test_what_forbids_sealing_stands_first() -> None:
    kept = replace(picture(AttachmentKind.LETTER, Status.FAIL), override=OverrideNote(Override.OBVIOUS, "x"))
    record = replace(RECORD, attachments=(kept,))
    found = open_points(record, VISIT, items_of(LIST, record, VISIT), None, date(2026, 11, 22))
    assert found[-1].kind is PointKind.OVERRIDDEN
    assert [p.blocks for p in found] == sorted((p.blocks for p in found), reverse=True)


def test_the_rail_shows_the_worst_of_each_step() -> None:
    record = replace(RECORD, attachments=(picture(AttachmentKind.PORTRAIT, Status.FAIL),))
    points = open_points(record, VISIT, items_of(LIST, record, VISIT), None, date(2026, 11, 22))
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
    found = open_points(RECORD, visit, (), None, date(2026, 11, 22))
    told = {point.code: (point.facts, point.blocks) for point in found if point.code.startswith("mrz_")}
    assert told == {
        "mrz_corrected": ({"field": "name", "reason": "misread_character"}, False),
        "mrz_compared": ({"field": "sex", "reason": "as_printed"}, False),
    }
