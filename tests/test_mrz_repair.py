"""Mending of misread cells: only where alphabet and check digits leave one reading, and never unsaid."""

import datetime

import pytest

from station.model.document import MrzFormat, MrzStatus, PartialDate
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build

TODAY = datetime.date(2026, 11, 22)
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")


def misread(lines, line, *cells):
    """Put other characters into one line: (column, character) pairs."""
    text = list(lines[line])
    for column, character in cells:
        text[column] = character
    return (*lines[:line], "".join(text), *lines[line + 1 :])


def said(mrz, code):
    return [(remark.field, remark.line, remark.column) for remark in mrz.remarks if remark.code == code]


def holder(**changes):
    fields = {
        "surname": "Specimen",
        "given_names": "Vera",
        "document_number": "AB1234567",
        "birth_date": PartialDate(1990, 2, 3),
        "expiry_date": PartialDate(2031, 1, 31),
        "sex": "F",
    }
    return Holder(**(fields | changes))


def test_letters_in_dates_and_check_digits_become_digits():
    # 740812 and its digit 2, read 74O8I2 and Z.
    mrz = parse(misread(PASSPORT, 1, (15, "O"), (17, "I"), (19, "Z")), today=TODAY)
    assert (mrz.status, mrz.check_ok, mrz.lines) == (MrzStatus.UNSURE, True, PASSPORT)
    assert said(mrz, "repaired") == [("birth_date", 1, 15), ("birth_date", 1, 17), ("birth_date", 1, 19)]
    assert str(mrz.birth_date) == "1974-08-12"


@pytest.mark.parametrize(
    ("number", "optional", "column", "letter", "field"),
    [
        ("L898902C3", "ZE184226B", 5, "O", "document_number"),
        ("XK4071937", "", 3, "O", "document_number"),
        ("XK4S71937", "", 3, "5", "document_number"),
        ("XK4371937", "TX409", 31, "O", "optional_data"),
    ],
)
def test_one_look_alike_in_a_number_is_mended_when_all_digits_then_hold(
    number, optional, column, letter, field
):
    lines = build(holder(document_number=number, optional_data=(optional,)), MrzFormat.TD3)
    mrz = parse(misread(lines, 1, (column, letter)), today=TODAY)
    assert (mrz.status, mrz.lines) == (MrzStatus.UNSURE, lines)
    assert said(mrz, "repaired") == [(field, 1, column)]


def test_the_rest_of_a_long_number_is_mended_too():
    lines = build(holder(document_number="AB12345670012"), MrzFormat.TD1)
    column = lines[0].index("<", 6) + 1
    mrz = parse(misread(lines, 0, (column, "O")), today=TODAY)
    assert (mrz.status, mrz.document_number) == (MrzStatus.UNSURE, "AB12345670012")
    assert said(mrz, "repaired") == [("optional_data", 0, column)]


def test_two_ways_to_mend_stay_suggestions():
    # The first and the fourth cell have the same weight: mending either O gives the same sum.
    lines = build(holder(document_number="012OAB789"), MrzFormat.TD3)
    mrz = parse(misread(lines, 1, (0, "O")), today=TODAY)
    assert mrz.status is MrzStatus.CHECK_FAILED
    assert mrz.lines == misread(lines, 1, (0, "O"))
    assert said(mrz, "repair_suggested") == [("document_number", 1, 0), ("document_number", 1, 3)]


def test_a_visa_has_no_composite_so_its_number_is_only_suggested():
    lines = misread(VISA, 1, (7, "I"))
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.lines, mrz.document_number) == (MrzStatus.CHECK_FAILED, lines, "L898890IC")
    assert ("document_number", 1, 7) in said(mrz, "repair_suggested")


def test_optional_data_that_only_the_composite_covers_is_only_suggested():
    lines = build(holder(document_code="I", optional_data=("", "AB0")), MrzFormat.TD1)
    column = lines[1].index("AB0") + 2
    mrz = parse(misread(lines, 1, (column, "O")), today=TODAY)
    assert mrz.status is MrzStatus.CHECK_FAILED
    assert ("optional_data", 1, column) in said(mrz, "repair_suggested")


@pytest.mark.parametrize(("line", "column", "letter"), [(0, 4, "0"), (0, 9, "5"), (1, 12, "0")])
def test_states_names_and_nationality_are_never_mended(line, column, letter):
    lines = misread(PASSPORT, line, (column, letter))
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.lines) == (MrzStatus.UNSURE, lines)
    assert not said(mrz, "repaired")


def test_a_cell_that_is_no_look_alike_fails():
    lines = misread(PASSPORT, 1, (0, "M"))
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.lines) == (MrzStatus.CHECK_FAILED, lines)
    assert ("document_number", 1, 0) in said(mrz, "check_failed")


def test_a_forced_change_that_does_not_help_leaves_the_lines_alone():
    lines = misread(PASSPORT, 1, (15, "O"), (21, "9"))
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.lines) == (MrzStatus.CHECK_FAILED, lines)
    assert said(mrz, "repair_suggested") == [("birth_date", 1, 15)]


def test_mending_never_makes_an_impossible_date():
    # 901301 has the check digit of its look-alike 9OI3O1; a month 13 is refused although the sum is right.
    lines = build(holder(), MrzFormat.TD3)
    lower = lines[1][:13] + "9OI3O1" + lines[1][19:]
    mrz = parse((lines[0], lower), today=TODAY)
    assert (mrz.status, mrz.birth_date) == (MrzStatus.CHECK_FAILED, None)
