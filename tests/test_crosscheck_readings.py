"""What a reading is worth to the cross-check: in doubt, failed, mended, or one of two."""

from dataclasses import replace

import pytest

from station.model.document import (
    Agreement,
    MrzFormat,
    MrzStatus,
    PartialDate,
)
from station.reading.crosscheck import compare
from station.reading.mrz import parse
from station.reading.mrz_build import build
from tests.crosschecked import (
    CHECKED,
    HOLDER,
    LETTER,
    OF_THE_ZONE,
    RECORD,
    TODAY,
    both,
    by_eye,
    checked,
    failing,
    field,
    passport,
    said,
)

# -- what a reading is worth -----------------------------------------------------------------------------------


def test_check_digits_vouch_for_number_and_dates_only():
    assert by_eye(checked()) == set(OF_THE_ZONE) - CHECKED
    assert by_eye(compare(RECORD, mrz=None, identifiers=(LETTER,), today=TODAY)) == set()


def test_a_date_that_the_document_does_not_state_is_looked_for_by_eye():
    assert "expiry_date" in by_eye(checked(expiry_date=None))


@pytest.mark.parametrize("status", [MrzStatus.UNSURE, MrzStatus.CHECK_FAILED])
def test_a_zone_that_is_not_accepted_vouches_for_nothing(status):
    assert by_eye(checked(mrz=replace(passport(), status=status))) == {*OF_THE_ZONE, "age"}


@pytest.mark.parametrize(
    ("code", "rule"),
    [("cell_doubtful", "unsure_reading"), ("repaired", "repaired"), ("check_failed", "check_digit_failed")],
)
@pytest.mark.parametrize("name", OF_THE_ZONE)
def test_a_field_in_doubt_is_never_plainly_the_same(code, rule, name):
    match = checked(mrz=said(passport(), code, "name" if "name" in name else name))
    assert field(match, name) == (Agreement.SAME_BY_RULE, rule)
    assert name in by_eye(match)
    others = set(OF_THE_ZONE) - {name} - {"surname", "given_names"}
    assert all(field(match, other) == (Agreement.SAME, "") for other in others)


def test_a_doubtful_field_that_differs_is_suspected_to_be_misread():
    mrz = said(passport(surname="Petrova", nationality="CAN"), "cell_doubtful", "name")
    assert field(checked(mrz=mrz), "surname") == (Agreement.MISREAD, "unsure_reading")
    assert field(checked(mrz=mrz), "nationality") == (Agreement.CHANGED, "nationality_changed")
    slip = said(passport(surname="Erikson"), "cell_doubtful", "name")
    assert field(checked(mrz=slip), "surname") == (Agreement.MISREAD, "one_character")


def test_a_number_without_a_check_digit_is_looked_at():
    card = replace(HOLDER, document_code="I")
    lines = build(card, MrzFormat.TD1)
    mrz = parse((f"{lines[0][:14]}<{lines[0][15:]}", *lines[1:]), today=TODAY)
    assert "number_not_checked" in {remark.code for remark in mrz.remarks}
    match = checked(mrz=mrz)
    assert field(match, "document_number")[0] is Agreement.SAME
    assert "document_number" in by_eye(match)


def test_what_the_officer_compared_with_the_picture_is_not_asked_for_again():
    match = checked(mrz=said(passport(), "corrected", "name", MrzStatus.ACCEPTED))
    assert by_eye(match) == {"sex", "nationality", "issuing_state"}


@pytest.mark.parametrize("status", [MrzStatus.UNSURE, MrzStatus.CHECK_FAILED])
def test_only_an_accepted_zone_stops_the_visit(status):
    changes = {"surname": "Petrova", "given_names": "Olga", "document_number": "P77120034"}
    assert checked(**changes, others=["P77120034"]).stops
    mrz = replace(passport(**changes), status=status)
    match = checked(mrz=mrz, others=["P77120034"])
    assert not match.stops
    assert match.needs_eye
    assert field(match, "surname") == (Agreement.MISREAD, "perhaps_other_person")
    assert field(match, "document_number") == (Agreement.MISREAD, "perhaps_other_record")


# -- a second reading ------------------------------------------------------------------------------------------


def test_a_second_reading_of_the_same_document_changes_nothing():
    assert both(passport(), passport()) == both(passport(), None)
    assert both(None, passport()) == both(passport(), None)
    assert both(parse(["x"], today=TODAY), passport()) == both(passport(), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"document_number": "P77120034"},
        {"birth_date": PartialDate(1961, 2, 27)},
        {"surname": "Petrova", "given_names": "Olga"},
    ],
    ids=["number", "birth", "names"],
)
def test_two_accepted_documents_on_one_desk_stop_the_visit(changes):
    for first, second in ((passport(), passport(**changes)), (passport(**changes), passport())):
        match = both(first, second)
        assert match.stops
        different = {one.name for one in match.fields if one.rule == "two_documents"}
        assert different == set(changes)
        assert different <= by_eye(match)


def test_a_slip_between_two_accepted_readings_is_no_second_document():
    match = both(passport(), passport(surname="Erikson"))
    assert not match.stops
    assert field(match, "surname") == (Agreement.MISREAD, "readings_differ")
    # Swapped neighbours whose values differ by 5 keep their check digit (9303-3, 4.9: 7 3 1 differ by 4 and 2).
    first, second = passport(document_number="N05012398"), passport(document_number="N50012398")
    assert first.lines[1][9] == second.lines[1][9]
    record = replace(RECORD, document=replace(RECORD.document, number="N05012398"))
    match = compare(record, mrz=first, second=second, identifiers=(), today=TODAY)
    assert field(match, "document_number") == (Agreement.MISREAD, "readings_differ")
    assert not match.stops


@pytest.mark.parametrize("worse", [failing(document_number="N04S12398"), replace(passport(), status="unsure")])
def test_of_two_readings_the_better_one_counts(worse):
    for first, second in ((passport(), worse), (worse, passport())):
        match = both(first, second)
        assert {one.agreement for one in match.fields[2:]} == {Agreement.SAME}
        assert by_eye(match) == set(OF_THE_ZONE) - CHECKED


def test_a_bad_reading_of_quite_another_passport_is_not_passed_over():
    match = both(passport(), failing(surname="Petrova", given_names="Olga", document_number="P77120034"))
    assert not match.stops
    assert match.needs_eye
    assert {one.name for one in match.fields if one.rule == "readings_differ"} == {
        "surname",
        "given_names",
        "document_number",
    }


def test_a_visa_in_the_passport_is_no_second_document():
    holder = replace(
        HOLDER, document_code="V", document_number="VISA00017", expiry_date=PartialDate(2026, 12, 1)
    )
    visa = parse(build(holder, MrzFormat.MRVA), today=TODAY)
    assert both(visa, passport()) == both(passport(), visa) == both(passport(), None)
