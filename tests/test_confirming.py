"""What to do first about a comparison, and the reasons that fit it."""

from dataclasses import replace

import pytest

from station.flow.confirming import REASONS, NextAction, next_action, reasons_for, worst_first
from station.model.document import (
    Agreement,
    FieldMatch,
    Match,
    MrzStatus,
    PartialDate,
)
from station.reading.crosscheck import RULES, compare
from tests.crosschecked import (
    LETTER,
    RECORD,
    TODAY,
    both,
    checked,
    failing,
    passport,
    said,
)


def test_the_most_urgent_thing_is_to_be_done_first():
    assert next_action(checked()) == NextAction("not_read", "letter_number")
    assert next_action(checked(identifiers=[LETTER])) == NextAction("by_eye")
    looked_at = said(passport(), "corrected", "name", MrzStatus.ACCEPTED)
    for name in ("sex", "nationality", "issuing_state"):
        looked_at = said(looked_at, "corrected", name, MrzStatus.ACCEPTED)
    assert next_action(checked(mrz=looked_at, identifiers=[LETTER])) == NextAction("confirm")
    doubtful = said(passport(), "cell_doubtful", "sex")
    assert next_action(checked(mrz=doubtful, identifiers=[LETTER])) == NextAction("unsure_reading", "sex")
    assert next_action(both(passport(), passport(document_number="P77120034"))).code == "two_documents"
    match = checked(surname="Erikson", expiry_date=PartialDate(2020, 1, 1), birth_date=PartialDate(1990, 12, 8))
    assert [one.rule for one in worst_first(match)[:4]] == [
        "expired",
        "day_month_swapped",
        "one_character",
        "not_read",
    ]  # the letter's number, which this record has
    assert next_action(match) == NextAction("expired", "expiry_date")


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        # The error classes of IRCC's biometrics instructions.
        ({"surname": "Erikson"}, "misspelt_name"),
        ({"surname": "Anna Maria", "given_names": "Eriksson"}, "names_swapped"),
        ({"birth_date": PartialDate(1990, 8, 17)}, "wrong_birth_date"),
        ({"birth_date": PartialDate(1985, 1, 30)}, "wrong_birth_date"),
        ({"given_names": "Anna"}, "name_cut_off"),
        ({"document_number": "NO4S12398"}, "misread_zone"),
        # What happens in a life.
        ({"document_number": "P77120034", "expiry_date": PartialDate(2036, 1, 1)}, "renewed_passport"),
        ({"surname": "Petrova"}, "changed_name"),
        ({"nationality": "CAN"}, "other_nationality"),
        ({"expiry_date": PartialDate(2020, 1, 1)}, "no_newer_passport"),
    ],
)
def test_the_reason_that_fits_is_offered_first(changes, first):
    offered = reasons_for(checked(**changes))
    assert offered[0] == first
    assert len(offered) == len(set(offered)) <= 9  # the figures 1 to 9 pick one
    assert set(offered) <= set(REASONS)


def test_without_printed_lines_the_reason_is_that_they_cannot_be_read():
    assert reasons_for(compare(RECORD, mrz=None, identifiers=(), today=TODAY))[0] == "zone_unreadable"
    assert reasons_for(checked(mrz=failing()))[-1] == "zone_unreadable"
    assert reasons_for(checked(others=["N04512398"]))[0] == "second_application"
    young = replace(RECORD, birth_date=PartialDate(2020, 1, 1))
    assert reasons_for(checked(record=young, birth_date=PartialDate(2020, 1, 1)))[0] == "age_confirmed"


def test_every_reason_is_offered_by_some_rule():
    rules = {rule: reasons_for(Match((FieldMatch("surname", Agreement.MISREAD, rule=rule),))) for rule in RULES}
    assert {reason for offered in rules.values() for reason in offered} == set(REASONS)
