"""The parser of machine-readable zones, against the examples of ICAO 9303 and what it must survive."""

import datetime
from string import digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.model.document import MrzFormat, MrzStatus, PartialDate
from station.reading import mrz_dates, mrz_states
from station.reading.mrz import REMARKS, parse, split
from station.reading.mrz_build import Holder, build
from station.reading.mrz_dates import DateProblem, ReadDate
from station.reading.mrz_digits import check_digit
from station.reading.mrz_layout import LAYOUTS

TODAY = datetime.date(2026, 11, 22)

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
CARD_2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
VISA_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
LONG_1 = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
LONG_2 = ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8")
FRENCH = ("IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "8806923102858CORINNE<<<<<<<6512068F6")


def codes(lines):
    return {remark.code for remark in parse(lines, today=TODAY).remarks}


def upper(name):
    """A TD3 of the specimen with another upper line."""
    return (f"P<UTO{name}".ljust(44, "<"), PASSPORT[1])


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C<", "3")])
def test_check_digits_follow_the_examples_of_the_standard(text, digit):
    # 9303-3 Appendix A: 5*7 + 2*3 + 0*1 + 7*7 + 2*3 + 7*1 = 103; 10*7 + 11*3 + 2*1 + 1*7 + 3*3 + 4*1 = 125.
    assert check_digit(text) == digit


@pytest.mark.parametrize(
    ("lines", "size", "number", "nationality", "born", "expires", "optional"),
    [
        (PASSPORT, MrzFormat.TD3, "L898902C3", "UTO", "1974-08-12", "2012-04-15", ("ZE184226B",)),
        (CARD, MrzFormat.TD1, "D23145890", "UTO", "1974-08-12", "2012-04-15", ("", "")),
        (CARD_2, MrzFormat.TD2, "D23145890", "UTO", "1974-08-12", "2012-04-15", ("",)),
        (VISA_A, MrzFormat.MRVA, "L8988901C", "XXX", "1940-09-07", "1996-12-10", ("6ZE184226B",)),
        (VISA_B, MrzFormat.MRVB, "L8988901C", "XXX", "1940-09-07", "1996-12-10", ("",)),
    ],
)
def test_the_specimens_of_the_standard_are_accepted(lines, size, number, nationality, born, expires, optional):
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.format, mrz.check_ok) == (MrzStatus.ACCEPTED, size, True)
    assert mrz.remarks == ()
    assert (mrz.document_code, mrz.issuing_state) == (lines[0][0], "UTO")
    assert (mrz.surname, mrz.given_names, mrz.sex) == ("ERIKSSON", "ANNA MARIA", "F")
    assert (mrz.document_number, mrz.nationality, mrz.optional_data) == (number, nationality, optional)
    assert (str(mrz.birth_date), str(mrz.expiry_date)) == (born, expires)
    assert mrz.lines == lines


@pytest.mark.parametrize("lines", [LONG_1, LONG_2])
def test_a_long_document_number_runs_on_into_the_optional_data(lines):
    # 9303-11 Appendix D.2: the number is D23145890734, its check digit 9.
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.document_number) == (MrzStatus.ACCEPTED, "D23145890734")
    assert "number_long" in codes(lines)
    assert not any(mrz.optional_data)


def test_a_long_number_with_a_wrong_digit_fails():
    lines = build(_holder(document_number="AB123456789012"), MrzFormat.TD1)
    wrong = lines[0].replace("AB1234567<89012", "AB1234567<89013", 1)
    assert wrong != lines[0]
    assert parse((wrong, *lines[1:]), today=TODAY).status is MrzStatus.CHECK_FAILED


def test_a_number_without_check_digit_is_said_to_be_unchecked():
    lines = list(CARD_2)
    lines[1] = "D23145<<<<UTO7408122F1204159<<<<<<<"
    lines[1] += check_digit(lines[1][:10] + lines[1][13:20] + lines[1][21:35])
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.document_number, mrz.check_ok) == (MrzStatus.UNSURE, "D23145", False)
    assert "number_not_checked" in codes(lines)


@pytest.mark.parametrize("digit", ["0", "<"])
def test_an_unused_personal_number_may_have_a_zero_or_a_filler_for_its_check_digit(digit):
    # 9303-4, 4.2.2.2, position 43.
    lower = "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<" + digit
    lower += check_digit(lower[:10] + lower[13:20] + lower[21:43])
    assert parse((PASSPORT[0], lower), today=TODAY).status is MrzStatus.ACCEPTED


def test_the_french_card_before_2021_has_its_own_layout():
    mrz = parse(FRENCH, today=TODAY)
    assert (mrz.status, mrz.document_number, mrz.issuing_state) == (MrzStatus.ACCEPTED, "880692310285", "FRA")
    assert (mrz.surname, mrz.given_names, str(mrz.birth_date)) == ("BERTHIER", "CORINNE", "1965-12-06")
    assert mrz.expiry_date is None
    assert "french_layout" in codes(FRENCH)


@pytest.mark.parametrize(
    ("field", "name", "surname", "given", "remarks"),
    [
        (
            "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR",
            "cut",
            "PAPANDROPOULOUS",
            "JONATHON WARREN TREVOR",
            {"name_shortened"},
        ),
        ("ARKFREITH", "single", "ARKFREITH", "", {"name_without_given"}),
        ("SATRIYA<SUDARPA", "two", "SATRIYA SUDARPA", "", {"name_without_given"}),
        ("VAN<DER<MUELLEN<<MARTIN", "parts", "VAN DER MUELLEN", "MARTIN", set()),
        ("ERIKSS0N<<ANNA", "digit", "ERIKSS0N", "ANNA", {"name_digit"}),
        ("ERIKSSON<<ANNA<<MARIA", "two double", "ERIKSSON", "ANNA MARIA", {"name_malformed"}),
        ("ERIKSSON<<ANNA<<<<<K", "letter after fillers", "ERIKSSON", "ANNA K", {"name_malformed"}),
        ("", "none", "", "", {"name_missing"}),
    ],
)
def test_names_are_split_and_judged(field, name, surname, given, remarks):
    mrz = parse(upper(field), today=TODAY)
    assert (mrz.surname, mrz.given_names) == (surname, given)
    assert codes(upper(field)) == remarks
    assert mrz.names_truncated == ("name_shortened" in remarks)


@pytest.mark.parametrize(
    ("cells", "column", "code", "status"),
    [
        ("PP", 0, None, MrzStatus.ACCEPTED),
        ("PB", 0, "document_type_unknown", MrzStatus.ACCEPTED),
        ("I<", 0, "document_code_impossible", MrzStatus.UNSURE),
        ("D<<", 2, None, MrzStatus.ACCEPTED),
        ("XOM", 2, None, MrzStatus.ACCEPTED),
        ("UT0", 2, "issuing_state_unknown", MrzStatus.UNSURE),
        ("QQQ", 2, "issuing_state_unknown", MrzStatus.UNSURE),
    ],
)
def test_what_no_check_digit_covers_is_held_against_the_tables(cells, column, code, status):
    line = PASSPORT[0][:column] + cells + PASSPORT[0][column + len(cells) :]
    mrz = parse((line, PASSPORT[1]), today=TODAY)
    assert (mrz.status, codes((line, PASSPORT[1]))) == (status, {code} if code else set())


@pytest.mark.parametrize(
    ("sex", "value", "code"), [("<", "", None), ("X", "X", "sex_x"), ("4", "4", "sex_impossible")]
)
def test_sex_is_m_f_or_a_filler(sex, value, code):
    lines = (PASSPORT[0], PASSPORT[1][:20] + sex + PASSPORT[1][21:])
    assert parse(lines, today=TODAY).sex == value
    assert codes(lines) == ({code} if code else set())


def test_a_wrong_digit_fails_and_is_placed():
    lines = (PASSPORT[0], PASSPORT[1].replace("7408122", "7408132"))
    mrz = parse(lines, today=TODAY)
    assert (mrz.status, mrz.check_ok) == (MrzStatus.CHECK_FAILED, False)
    assert {(r.code, r.field, r.line, r.column) for r in mrz.remarks} == {
        ("check_failed", "birth_date", 1, 13),
        ("check_failed", "composite", 1, 43),
    }


def test_an_impossible_date_fails_although_its_digit_holds():
    lines = build(_holder(), MrzFormat.TD3)
    lower = lines[1][:13] + "901399" + check_digit("901399") + lines[1][20:43]
    lower += check_digit(lower[:10] + lower[13:20] + lower[21:43])
    mrz = parse((lines[0], lower), today=TODAY)
    assert (mrz.status, mrz.birth_date) == (MrzStatus.CHECK_FAILED, None)
    assert codes((lines[0], lower)) == {"birth_date_impossible"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("261122", ReadDate(PartialDate(2026, 11, 22))),
        ("261123", ReadDate(PartialDate(1926, 11, 23))),
        ("740812", ReadDate(PartialDate(1974, 8, 12))),
        ("74<<<<", ReadDate(PartialDate(1974), DateProblem.PARTIAL)),
        ("7408<<", ReadDate(PartialDate(1974, 8), DateProblem.PARTIAL)),
        ("740000", ReadDate(PartialDate(1974), DateProblem.ZEROS)),
        ("<<<<<<", ReadDate(None, DateProblem.UNKNOWN)),
        ("<<0812", ReadDate(None, DateProblem.UNKNOWN)),
        ("740230", ReadDate(None, DateProblem.IMPOSSIBLE)),
        ("7413<<", ReadDate(None, DateProblem.IMPOSSIBLE)),
        ("74O812", ReadDate(None, DateProblem.IMPOSSIBLE)),
        ("000229", ReadDate(PartialDate(2000, 2, 29))),
    ],
)
def test_a_birth_date_is_the_latest_that_is_not_in_the_future(cells, expected):
    assert mrz_dates.birth_date(cells, TODAY) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("120415", ReadDate(PartialDate(2012, 4, 15))),
        ("761231", ReadDate(PartialDate(2076, 12, 31))),
        ("960101", ReadDate(PartialDate(1996, 1, 1))),
        ("940623", ReadDate(PartialDate(1994, 6, 23), DateProblem.FAR)),
        ("<<<<<<", ReadDate(None, DateProblem.UNKNOWN)),
    ],
)
def test_an_expiry_date_takes_the_nearest_century(cells, expected):
    assert mrz_dates.expiry_date(cells, TODAY) == expected


def test_the_codes_of_iso_3166_and_of_icao_are_known():
    # 249 codes of ISO 3166-1, 29 of 9303-3 parts A to G beyond it, 5 former ones.
    assert len(mrz_states.CODES) == 249 + 29 + 5
    assert {"KHM", "CAN", "D", "RKS", "XXB", "UTO"} <= mrz_states.CODES
    assert mrz_states.same_state("D", "DEU") == "germany_code"
    assert mrz_states.same_state("GBN", "GBR") == "british_code"
    assert mrz_states.same_state("AUT", "AUS") is None


@pytest.mark.parametrize("lines", [PASSPORT, CARD, CARD_2], ids=["TD3", "TD1", "TD2"])
@pytest.mark.parametrize(
    "send",
    [
        lambda lines: "\n".join(lines),
        lambda lines: "\r".join(lines) + "\r",
        lambda lines: "\r\n".join(lines) + "\r\n\r\n",
        lambda lines: "\r" + "\r".join(lines),
        lambda lines: "\t".join(lines),
        lambda lines: "".join(lines),
        lambda lines: "\x02" + "\r".join(lines) + "\x03",
        lambda lines: "  " + " \n".join(" ".join(line) for line in lines).lower(),
        lambda lines: "\n".join(lines).replace("<<", "\u00ab"),
        lambda lines: "\n".join(lines).replace("<", "\u00ab"),
        lambda lines: "\n".join(lines).replace("<", "\u2039"),
        lambda lines: "\n".join(lines).replace("<", "_"),
    ],
)
def test_lines_are_found_however_they_are_sent(lines, send):
    assert split(send(lines)) == lines


@pytest.mark.parametrize(
    "text", ["", "V123456789", "A" * 88, "\n".join(PASSPORT)[:-1], "<" * 600, "\u00df" * 88]
)
def test_text_that_is_no_zone_is_not_split(text):
    assert split(text) is None


def test_a_line_of_the_wrong_length_is_named_with_its_length():
    mrz = parse((PASSPORT[0], PASSPORT[1][:-1]), today=TODAY)
    assert mrz.status is MrzStatus.NOT_FOUND
    assert [(r.code, r.line, r.column) for r in mrz.remarks] == [("line_length", 1, 43)]


def test_lines_of_something_else_are_no_zone():
    assert codes(["HELLO"]) == {"line_count"}
    assert codes(("A" * 44, "1" * 44)) == {"no_filler"}
    assert codes((PASSPORT[0][:-1] + "\u00c4", PASSPORT[1])) == {"foreign_character"}
    assert codes(("Q" + PASSPORT[0][1:], "9" * 44)) == {"not_a_zone"}


def test_typed_small_letters_are_read_and_said():
    mrz = parse([line.lower() for line in PASSPORT], today=TODAY)
    assert (mrz.status, mrz.lines) == (MrzStatus.ACCEPTED, PASSPORT)
    assert [remark.code for remark in mrz.remarks] == ["cleaned"]


def test_a_visa_whose_cells_satisfy_a_passport_is_doubtful():
    assert codes(("V" + PASSPORT[0][1:], PASSPORT[1])) == {"size_doubtful"}


def test_every_size_says_what_may_stand_in_each_cell():
    for layout in LAYOUTS.values():
        alphabets = layout.alphabets()
        assert [len(line) for line in alphabets] == [layout.width] * layout.rows
    assert LAYOUTS[MrzFormat.TD3].alphabets()[1][13] == digits + "<"


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


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text(max_size=50), max_size=4)
    | st.lists(st.text("<AOI05P8VZ6", min_size=30, max_size=44), max_size=3)
)
def test_no_text_makes_the_parser_raise(lines):
    mrz = parse(lines, today=TODAY)
    assert {remark.code for remark in mrz.remarks} <= set(REMARKS)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([PASSPORT, CARD, CARD_2, LONG_1]), st.data())
def test_no_cell_that_a_check_digit_covers_changes_unnoticed(lines, data):
    # Substitutions that keep the value modulo 10 cannot be seen; a digit for another digit always is.
    line, column = data.draw(
        st.sampled_from([(i, j) for i, text in enumerate(lines) for j, c in enumerate(text) if c in digits])
    )
    other = data.draw(st.sampled_from([c for c in digits if c != lines[line][column]]))
    changed = list(lines)
    changed[line] = lines[line][:column] + other + lines[line][column + 1 :]
    mrz = parse(changed, today=TODAY)
    assert mrz.status in (MrzStatus.CHECK_FAILED, MrzStatus.UNSURE)
    assert mrz.remarks
