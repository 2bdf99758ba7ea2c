"""Paper against application: slips, changes and another person told apart."""

import datetime
from dataclasses import replace

import pytest

from station.model.document import (
    Agreement,
    Certainty,
    FieldMatch,
    Identifier,
    MrzFormat,
    MrzStatus,
    PartialDate,
)
from station.model.record import ApplicationRecord
from station.reading.crosscheck import compare
from station.reading.mrz import parse
from station.reading.mrz_build import build
from tests.crosschecked import (
    HOLDER,
    LETTER,
    NAMES,
    RECORD,
    TODAY,
    checked,
    field,
    passport,
)


def test_every_field_is_answered_for_in_order():
    match = checked(
        identifiers=(LETTER, Identifier("application_number", "V123456789", "a", Certainty.ACCEPTED))
    )
    assert tuple(one.name for one in match.fields) == NAMES
    assert {one.agreement for one in match.fields} == {Agreement.SAME}
    assert not match.needs_eye
    assert match.fields[4] == FieldMatch("birth_date", Agreement.SAME, "1990-08-12", "1990-08-12")
    assert match.fields[10].printed == "36"


def test_without_a_passport_nothing_is_comparable_but_the_letter():
    match = compare(RECORD, mrz=None, identifiers=(LETTER,), today=TODAY)
    assert field(match, "letter_number") == (Agreement.SAME, "")
    assert {one.rule for one in match.fields[1:10]} == {"not_read"}
    assert field(match, "age") == (Agreement.SAME, "")
    assert (
        compare(RECORD, mrz=parse(["x"], today=TODAY), identifiers=(), today=TODAY).fields[2].rule == "not_read"
    )


def test_a_record_without_details_is_not_compared():
    match = checked(record=ApplicationRecord(id="r2", application_number="V1"))
    rules = {one.name: one.rule for one in match.fields}
    assert {rules[name] for name in NAMES[2:8]} | {rules["issuing_state"]} == {"not_recorded"}
    assert not match.needs_eye


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({"surname": "Erikson"}, "surname", (Agreement.MISREAD, "one_character")),
        ({"surname": "Petrova"}, "surname", (Agreement.CHANGED, "surname_changed")),
        ({"given_names": "Petra"}, "given_names", (Agreement.MISREAD, "name_differs")),
        ({"given_names": "Anna"}, "given_names", (Agreement.MISREAD, "name_cut_off")),
        ({"given_names": "Maria Anna"}, "given_names", (Agreement.SAME_BY_RULE, "name_order")),
        ({"birth_date": PartialDate(1990, 8, 17)}, "birth_date", (Agreement.MISREAD, "one_character")),
        ({"birth_date": PartialDate(1990, 12, 8)}, "birth_date", (Agreement.MISREAD, "day_month_swapped")),
        ({"birth_date": PartialDate(1985, 1, 30)}, "birth_date", (Agreement.MISREAD, "birth_date_differs")),
        ({"birth_date": PartialDate(1990)}, "birth_date", (Agreement.SAME_BY_RULE, "date_partly_unknown")),
        ({"birth_date": None}, "birth_date", (Agreement.NOT_COMPARABLE, "not_read")),
        ({"sex": "M"}, "sex", (Agreement.MISREAD, "sex_differs")),
        ({"sex": ""}, "sex", (Agreement.NOT_COMPARABLE, "sex_unspecified")),
        ({"nationality": "CAN"}, "nationality", (Agreement.CHANGED, "nationality_changed")),
        ({"nationality": "KHN"}, "nationality", (Agreement.MISREAD, "one_character")),
        ({"document_number": "P77120034"}, "document_number", (Agreement.CHANGED, "document_changed")),
        ({"document_number": "N04512393"}, "document_number", (Agreement.MISREAD, "one_character")),
        ({"document_number": "NO4S12398"}, "document_number", (Agreement.MISREAD, "look_alike")),
        ({"expiry_date": PartialDate(2026, 11, 21)}, "expiry_date", (Agreement.EXPIRED, "expired")),
        # Valid until the end of its last day; that another date is recorded counts more than that it ends soon.
        ({"expiry_date": PartialDate(2026, 11, 22)}, "expiry_date", (Agreement.MISREAD, "expiry_date_differs")),
        ({"expiry_date": PartialDate(2029, 1, 30)}, "expiry_date", (Agreement.MISREAD, "expiry_date_differs")),
        ({"issuing_state": "VNM"}, "issuing_state", (Agreement.MISREAD, "state_differs")),
    ],
)
def test_one_difference_is_named_and_never_stops(changes, name, expected):
    match = checked(**changes)
    assert field(match, name) == expected
    assert not match.stops


def test_a_document_that_expires_within_half_a_year_is_said():
    def expiring(last):
        record = replace(RECORD, document=replace(RECORD.document, expiry_date=last))
        return field(checked(record=record, expiry_date=last), "expiry_date")

    # 22 November 2026 + 183 days = 24 May 2027.
    assert expiring(PartialDate(2027, 5, 23)) == (Agreement.EXPIRING, "expires_soon")
    assert expiring(PartialDate(2027, 5, 24)) == (Agreement.SAME, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "Petrova", "birth_date": PartialDate(1985, 1, 30)},
        {"surname": "Petrova", "given_names": "Olga"},
        {"given_names": "Olga", "document_number": "P77120034"},
        {"birth_date": PartialDate(1985, 1, 30), "document_number": "P77120034"},
        {"birth_date": PartialDate(1985, 1, 30), "sex": "M", "nationality": "CAN"},
    ],
    ids=["surname and birth", "whole name", "twin", "namesake", "namesake abroad"],
)
def test_differences_that_add_up_stop_the_visit(changes):
    record = replace(RECORD, document=None) if "document_number" not in changes else RECORD
    match = checked(record=record, **changes)
    assert match.stops
    different = {one.name for one in match.fields if one.agreement is Agreement.DIFFERENT}
    assert different == set(changes)
    assert {one.rule for one in match.fields if one.name in different} == {"other_person"}


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "Petrova", "document_number": "P77120034", "nationality": "CAN", "issuing_state": "CAN"},
        {"document_number": "P77120034", "expiry_date": PartialDate(2036, 1, 1), "issuing_state": "VNM"},
        {"surname": "Anna Maria", "given_names": "Eriksson", "document_number": "P77120034"},
    ],
    ids=["wedding abroad", "renewed", "swapped and renewed"],
)
def test_what_happens_in_a_life_does_not_stop_the_visit(changes):
    match = checked(**changes)
    assert not match.stops
    assert match.needs_eye
    assert field(match, "document_number") == (Agreement.CHANGED, "document_changed")


def test_the_recorded_document_itself_is_never_another_persons_for_its_name():
    match = checked(surname="Petrova", given_names="Olga")
    assert not match.stops
    assert field(match, "surname") == field(match, "given_names") == (Agreement.MISREAD, "name_differs")


def test_a_name_in_a_script_without_a_table_is_left_to_the_eye():
    record = replace(RECORD, surname="\u179f\u17bb\u1781", given_names="\u1785\u1793\u17d2\u1790\u17b6")
    match = checked(record=record)
    assert field(match, "surname") == field(match, "given_names") == (Agreement.NOT_COMPARABLE, "other_script")


def test_swapped_names_are_told_on_both_fields():
    match = checked(surname="Anna Maria", given_names="Eriksson")
    assert field(match, "surname") == field(match, "given_names") == (Agreement.MISREAD, "names_swapped")


def test_a_shortened_name_agrees_by_rule():
    record = replace(
        RECORD, surname="Bennelong Wooloomooloo Warrandyte Warnambool", given_names="Dingo Potoroo"
    )
    match = checked(record=record, surname=record.surname, given_names=record.given_names)
    assert field(match, "surname") == (Agreement.SAME_BY_RULE, "name_shortened")
    assert not match.needs_eye


def test_the_same_two_digits_of_the_year_are_the_same_date():
    record = replace(RECORD, birth_date=PartialDate(1924, 8, 12))
    match = checked(record=record, birth_date=PartialDate(1924, 8, 12))
    assert field(match, "birth_date") == (Agreement.SAME_BY_RULE, "century")
    assert field(match, "age") == (Agreement.MISREAD, "age_above")


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (PartialDate(2012, 11, 22), (Agreement.SAME, "")),
        (PartialDate(2012, 11, 23), (Agreement.MISREAD, "age_below")),
        (PartialDate(1946, 11, 23), (Agreement.SAME, "")),
        (PartialDate(1946, 11, 22), (Agreement.MISREAD, "age_above")),
        (PartialDate(2012), (Agreement.NOT_COMPARABLE, "date_partly_unknown")),
        (PartialDate(1990), (Agreement.SAME, "")),
        (PartialDate(2012, 11), (Agreement.NOT_COMPARABLE, "date_partly_unknown")),
        (PartialDate(1947), (Agreement.SAME, "")),
        (PartialDate(1946), (Agreement.NOT_COMPARABLE, "date_partly_unknown")),
    ],
)
def test_biometrics_are_given_from_14_to_79(born, expected):
    match = checked(record=replace(RECORD, birth_date=born), birth_date=born)
    assert field(match, "age") == expected
    assert not match.stops


@pytest.mark.parametrize(
    ("today", "rule"),
    [(datetime.date(2026, 2, 28), "age_below"), (datetime.date(2026, 3, 1), "")],
)
def test_who_is_born_on_29_february_is_14_on_1_march(today, rule):
    born = PartialDate(2012, 2, 29)
    mrz = parse(build(replace(HOLDER, birth_date=born), MrzFormat.TD3), today=today)
    match = compare(replace(RECORD, birth_date=born), mrz=mrz, identifiers=(), today=today)
    assert field(match, "age")[1] == rule
    assert field(match, "birth_date") == (Agreement.SAME, "")


def test_a_document_that_ends_on_29_february_is_valid_on_that_day():
    def judged(today):
        mrz = passport(expiry_date=PartialDate(2028, 2, 29))
        return field(compare(RECORD, mrz=mrz, identifiers=(), today=today), "expiry_date")[1]

    assert judged(datetime.date(2028, 2, 29)) == "expiry_date_differs"
    assert judged(datetime.date(2028, 3, 1)) == "expired"


def test_codes_of_one_state_agree_by_rule():
    record = replace(RECORD, nationality="DEU", document=replace(RECORD.document, issuing_state="deu"))
    match = checked(record=record, nationality="D", issuing_state="D")
    assert (
        field(match, "nationality") == field(match, "issuing_state") == (Agreement.SAME_BY_RULE, "germany_code")
    )
    assert field(checked(record=replace(RECORD, nationality="KH")), "nationality")[1] == "recorded_code_unknown"


def test_a_field_whose_check_digit_fails_is_suspected_to_be_misread():
    mrz = passport(surname="Petrova", birth_date=PartialDate(1985, 1, 30))
    lower = mrz.lines[1][:19] + str((int(mrz.lines[1][19]) + 1) % 10) + mrz.lines[1][20:]
    match = checked(mrz=parse((mrz.lines[0], lower), today=TODAY))
    assert field(match, "birth_date") == (Agreement.MISREAD, "check_digit_failed")
    assert not match.stops


def test_a_mended_number_agrees_by_rule_only():
    mrz = parse([line.replace("N0451", "NO451") for line in passport().lines], today=TODAY)
    assert mrz.status is MrzStatus.UNSURE
    assert field(checked(mrz=mrz), "document_number") == (Agreement.SAME_BY_RULE, "repaired")


def test_a_visa_does_not_speak_for_the_passport():
    visa = replace(HOLDER, document_code="V", document_number="VISA00017", expiry_date=PartialDate(2026, 12, 1))
    match = checked(mrz=parse(build(visa, MrzFormat.MRVA), today=TODAY))
    assert field(match, "document_number") == field(match, "expiry_date") == (Agreement.NOT_COMPARABLE, "visa")
    assert not match.needs_eye


def identifier(value, certainty=Certainty.ACCEPTED):
    return Identifier("letter_number", value, "letter", certainty)


@pytest.mark.parametrize(
    ("read", "others", "expected"),
    [
        ([identifier("bil-0042")], (), (Agreement.SAME_BY_RULE, "punctuation")),
        ([identifier("BIL0977"), identifier("BIL0042")], ("BIL0977",), (Agreement.SAME, "")),
        ([identifier("BIL0043")], (), (Agreement.MISREAD, "one_character")),
        ([identifier("BIL0043")], ("BIL-0043",), (Agreement.DIFFERENT, "other_record")),
        ([identifier("BIL9977")], (), (Agreement.DIFFERENT, "other_number")),
        ([identifier("BIL9977", Certainty.UNSURE)], ("BIL9977",), (Agreement.MISREAD, "perhaps_other_record")),
        ([identifier("BIL9977", Certainty.UNSURE)], (), (Agreement.MISREAD, "unsure_reading")),
        ([identifier("BIL0042", Certainty.UNSURE)], (), (Agreement.SAME_BY_RULE, "unsure_reading")),
        # A code beyond doubt is heard before one that is not.
        (
            [identifier("BIL9977"), identifier("BIL0042", Certainty.UNSURE)],
            ("BIL9977",),
            (Agreement.DIFFERENT, "other_record"),
        ),
        ([identifier("BIL0977", Certainty.UNSURE), identifier("BIL0042")], ("BIL0977",), (Agreement.SAME, "")),
        ([], ("BIL9977",), (Agreement.NOT_COMPARABLE, "not_read")),
    ],
)
def test_the_letter_number_decides_whose_letter_it_is(read, others, expected):
    match = checked(identifiers=read, others=others)
    assert field(match, "letter_number") == expected
    assert match.stops == (expected[0] is Agreement.DIFFERENT)
    heard = [one for one in read if one.value == match.fields[0].printed]
    assert match.fields[0].by_eye == (bool(heard) and heard[0].certainty is Certainty.UNSURE)


def test_a_letter_is_another_records_also_when_this_record_has_no_letter_number():
    record = replace(RECORD, letter_number="")
    assert field(checked(record=record, identifiers=[LETTER]), "letter_number")[1] == "not_recorded"
    assert checked(record=record, identifiers=[LETTER], others=["BIL0042"]).stops


def test_a_passport_that_another_record_bears_stops_the_visit():
    match = checked(others=["N04512398"])
    assert field(match, "document_number") == (Agreement.SECOND_RECORD, "document_on_other_record")
    match = checked(document_number="P77120034", others=["P 7712 0034"])
    assert field(match, "document_number") == (Agreement.DIFFERENT, "other_record")
