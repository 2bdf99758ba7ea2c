"""Zones that are built for invented holders, and read again."""

import datetime
from string import ascii_uppercase, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.model.document import MrzFormat, MrzStatus, PartialDate
from station.reading import mrz_states
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build
from station.reading.mrz_layout import LAYOUTS

TODAY = datetime.date(2026, 11, 22)

WORD = st.text(ascii_uppercase, min_size=1, max_size=7)
NAME = st.lists(WORD, min_size=1, max_size=2).map(" ".join)
CELLS = ascii_uppercase + digits
DATES = st.dates(datetime.date(1930, 1, 1), datetime.date(2025, 12, 31)).map(
    lambda d: PartialDate(d.year, d.month, d.day)
)
ROOM = {MrzFormat.TD1: 13, MrzFormat.TD2: 5}


def _holder(**changes):
    fields = {
        "surname": "Specimen",
        "given_names": "Vera",
        "document_number": "AB1234567",
        "birth_date": PartialDate(1990, 2, 3),
        "expiry_date": PartialDate(2031, 1, 31),
        "sex": "F",
    }
    return Holder(**(fields | changes))


@st.composite
def holders(draw):
    """A format and a holder whose names fit it."""
    size = draw(st.sampled_from(MrzFormat))
    long = draw(st.integers(0, ROOM.get(size, 0)))
    number = draw(st.text(CELLS, min_size=1, max_size=9))
    optional = 2 if size is MrzFormat.TD1 else 1
    if long:
        number = draw(st.text(CELLS, min_size=9 + long, max_size=9 + long))
    texts = [draw(st.text(CELLS, max_size=7)) for _ in range(optional)]
    if long:
        texts[0] = ""
    letter = {MrzFormat.TD1: "I", MrzFormat.TD2: "I", MrzFormat.TD3: "P"}.get(size, "V")
    born = draw(st.one_of(st.none(), DATES, DATES.map(lambda d: PartialDate(d.year)), DATES))
    return size, Holder(
        surname=draw(NAME),
        given_names=draw(st.one_of(st.just(""), WORD)),
        document_number=number,
        birth_date=born,
        expiry_date=draw(
            st.one_of(st.none(), st.builds(PartialDate, st.integers(2000, 2070), st.just(6), st.just(1)))
        ),
        sex=draw(st.sampled_from(["M", "F", ""])),
        nationality=draw(st.sampled_from(sorted(mrz_states.CODES))),
        issuing_state=draw(st.sampled_from(sorted(mrz_states.CODES))),
        document_code=letter,
        optional_data=tuple(texts),
    )


@settings(max_examples=200, deadline=None)
@given(holders())
def test_what_is_built_is_read_again(drawn):
    size, holder = drawn
    lines = build(holder, size)
    mrz = parse(lines, today=TODAY)
    doubt = {remark.code for remark in mrz.remarks} & {"size_doubtful"}
    assert mrz.status is (MrzStatus.UNSURE if doubt else MrzStatus.ACCEPTED)
    assert (mrz.format, mrz.lines) == (size, lines)
    read = Holder(
        surname=mrz.surname,
        given_names=mrz.given_names,
        document_number=mrz.document_number,
        birth_date=mrz.birth_date,
        expiry_date=mrz.expiry_date,
        sex=mrz.sex,
        nationality=mrz.nationality,
        issuing_state=mrz.issuing_state,
        document_code=mrz.document_code,
        optional_data=mrz.optional_data,
    )
    assert read == holder


@pytest.mark.parametrize(
    ("name", "field"),
    [
        (("Eriksson", "Anna Maria"), "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"),
        (("O'Connor", "Enya Siobhan"), "OCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<"),
        (("Smith-Jones", "Susie Margaret"), "SMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<"),
        (("Arkfreith", ""), "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"),
        (("Nilavadhanananda", "Arnpol Petch Charonguang"), "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"),
        (("Papandropoulous", "Jonathon Warren Trevor"), "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"),
        (("M\u00fcller", "\u00c5sa"), "MUELLER<<AASA<<<<<<<<<<<<<<<<<<<<<<<<<<"),
    ],
)
def test_names_are_built_as_in_the_examples_of_part_4(name, field):
    lines = build(_holder(surname=name[0], given_names=name[1]), MrzFormat.TD3)
    assert lines[0][5:] == field


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(ascii_uppercase, min_size=2, max_size=20), min_size=1, max_size=6),
    st.lists(st.text(ascii_uppercase, min_size=2, max_size=20), max_size=6),
    st.sampled_from(MrzFormat),
)
def test_a_shortened_name_fills_its_field_and_ends_in_a_letter(primary, secondary, size):
    lines = build(_holder(surname=" ".join(primary), given_names=" ".join(secondary)), size)
    field = LAYOUTS[size].named("name")[0].span.cut(lines)
    full = "<".join(primary) + ("<<" + "<".join(secondary) if secondary else "")
    if len(full) <= len(field):
        assert field == full.ljust(len(field), "<")
    else:
        assert field[-1] != "<"
        assert ("<<" in field) == bool(secondary)


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="10 characters for 9 cells"):
        build(_holder(document_number="A123456789"), MrzFormat.TD3)
