"""What holds for any person, any document and any reading."""

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from station.model.document import (
    Agreement,
    Certainty,
    Identifier,
    MrzFormat,
    MrzStatus,
    PartialDate,
)
from station.model.record import ApplicationRecord, TravelDocument
from station.reading.crosscheck import RULES, compare
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build
from tests.crosschecked import (
    LETTER,
    NAMES,
    OF_THE_ZONE,
    TODAY,
    checked,
    field,
    said,
)

NAME_WORDS = st.text("ABEIMNORSTZ\u00c4\u00d8\u00c5\u00d1\u00e9\u00df\u0416\u042e", min_size=2, max_size=12)
SOME_NAMES = st.lists(NAME_WORDS, min_size=1, max_size=4).map(" ".join)
BIRTHS = st.dates(datetime.date(1950, 1, 1), datetime.date(2010, 12, 31))
DATES = BIRTHS.map(lambda day: PartialDate(day.year, day.month, day.day))
STATES = st.sampled_from(["KHM", "CAN", "D", "XXA", "VNM", "UTO"])
LETTERS_OF_FORMAT = {
    MrzFormat.TD1: "I", MrzFormat.TD2: "I", MrzFormat.TD3: "P", MrzFormat.MRVA: "V", MrzFormat.MRVB: "V",
}  # fmt: skip
HOLDERS = st.builds(
    Holder,
    surname=SOME_NAMES,
    given_names=SOME_NAMES,
    document_number=st.text("ABNXZ0123456789", min_size=3, max_size=9),
    birth_date=DATES,
    expiry_date=st.just(PartialDate(2031, 4, 15)),
    sex=st.sampled_from("MF"),
    nationality=STATES,
    issuing_state=STATES,
)


def record_of(holder):
    return ApplicationRecord(
        "r",
        "V123456789",
        surname=holder.surname,
        given_names=holder.given_names,
        birth_date=holder.birth_date,
        sex=holder.sex,
        nationality=holder.nationality,
        document=TravelDocument(holder.document_number, holder.issuing_state, holder.expiry_date),
    )


def held(holder, record, size=MrzFormat.TD3):
    coded = replace(holder, document_code=LETTERS_OF_FORMAT[size])
    return compare(record, mrz=parse(build(coded, size), today=TODAY), identifiers=(), today=TODAY)


@settings(max_examples=100, deadline=None)
@given(HOLDERS, st.sampled_from(MrzFormat))
def test_a_document_agrees_with_the_record_of_its_holder(holder, size):
    match = held(holder, record_of(holder), size)
    assert {one.agreement for one in match.fields[2:]} <= {Agreement.SAME, Agreement.SAME_BY_RULE}


@settings(max_examples=100, deadline=None)
@given(HOLDERS, HOLDERS, st.sampled_from(OF_THE_ZONE), st.sampled_from(MrzFormat))
def test_no_difference_in_a_field_is_silent(holder, other, name, size):
    value = PartialDate(2034, 5, 16) if name == "expiry_date" else getattr(other, name)
    changed = replace(holder, **{name: value})
    if value != getattr(holder, name):
        agreement, rule = field(held(changed, record_of(holder), size), name)
        assert agreement is not Agreement.SAME
        assert rule in RULES


GIVEN = ("Anna", "Boris", "Chidera", "Dmytro", "Esperanza", "Fatoumata", "Guillermo", "Hyun")
BORN = tuple(PartialDate(year, month, 20 + month) for month, year in enumerate(range(1950, 2006, 7), 1))


@settings(max_examples=100, deadline=None)
@given(
    HOLDERS,
    HOLDERS,
    st.lists(st.sampled_from(GIVEN), min_size=2, max_size=2, unique=True),
    st.lists(st.sampled_from(BORN), min_size=2, max_size=2, unique=True),
    st.sampled_from(MrzFormat),
)
def test_two_persons_always_stop(one, other, names, births, size):
    one, other = (
        replace(person, surname=surname, given_names=name, birth_date=born)
        for person, surname, name, born in zip(
            (one, other), ("Adeyemi", "Lindqvist"), names, births, strict=True
        )
    )
    assert held(other, record_of(one), size).stops
    assert held(replace(other, surname=one.surname), record_of(one), size).stops


@settings(max_examples=100, deadline=None)
@given(
    HOLDERS,
    HOLDERS,
    st.sampled_from([MrzStatus.UNSURE, MrzStatus.CHECK_FAILED]),
    st.sampled_from(["cell_doubtful", "repaired", "check_failed"]),
    st.sampled_from((*OF_THE_ZONE, "name", "composite")),
    st.booleans(),
)
def test_no_unsure_reading_stops_a_visit_or_goes_unseen(one, other, status, code, name, accepted_too):
    mrz = said(parse(build(other, MrzFormat.TD3), today=TODAY), code, name, status)
    own = parse(build(one, MrzFormat.TD3), today=TODAY) if accepted_too else None
    unsure = Identifier("letter_number", other.document_number, "letter", Certainty.UNSURE)
    record = replace(record_of(one), letter_number=one.document_number)
    match = compare(
        record, mrz=mrz, second=own, identifiers=[unsure], today=TODAY, others=[other.document_number]
    )
    assert match.stops == (accepted_too and field(match, "document_number")[1] == "other_record")
    if not accepted_too:
        assert all(one.by_eye for one in match.fields if one.name in OF_THE_ZONE)
    assert match.fields[0].by_eye


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.fixed_dictionaries({"surname": st.text("ABELNOS ", max_size=12)}),
        st.fixed_dictionaries({"given_names": st.text("ABELNOS ", max_size=12)}),
        st.fixed_dictionaries({"document_number": st.text("ABN0123", min_size=1, max_size=9)}),
        st.fixed_dictionaries(
            {
                "birth_date": st.builds(
                    PartialDate, st.integers(1930, 2020), st.integers(1, 12), st.integers(1, 28)
                )
            }
        ),
        st.fixed_dictionaries({"nationality": st.sampled_from(["CAN", "XXA", "D", "QQQ"])}),
        st.fixed_dictionaries({"sex": st.sampled_from(["M", ""])}),
    )
)
def test_no_single_field_stops_the_visit(changes):
    match = checked(**changes)
    assert not match.stops
    assert {one.rule for one in match.fields} <= {"", *RULES}


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=12),
    st.text(max_size=12),
    st.text(max_size=5),
    st.text(max_size=12),
    st.builds(PartialDate, st.integers(1, 9999), st.integers(0, 12), st.integers(0, 31)),
)
def test_any_record_can_be_compared(surname, given_names, code, number, day):
    record = ApplicationRecord(
        "r",
        number,
        number,
        surname=surname,
        given_names=given_names,
        birth_date=day,
        sex=code,
        nationality=code,
        document=TravelDocument(number, code, day),
    )
    match = checked(record=record, identifiers=[LETTER], others=[number])
    assert tuple(one.name for one in match.fields) == NAMES
    assert {one.rule for one in match.fields} <= {"", *RULES}
