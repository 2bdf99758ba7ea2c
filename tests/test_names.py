"""Names on documents against names on applications (ICAO 9303-3, 4.6 and section 6)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.model.document import Agreement
from station.reading.likeness import edit_distance, misread_as
from station.reading.names import NAME_RULES, names_agree, part_agrees
from station.reading.transliteration import recommended

SAME, BY_RULE = Agreement.SAME, Agreement.SAME_BY_RULE
MISREAD, DIFFERENT = Agreement.MISREAD, Agreement.DIFFERENT


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("D'Artagnan", "DARTAGNAN"),
        ("Marie-\u00c9lise", "MARIE ELISE"),
        ("Anna, Maria", "ANNA MARIA"),
        ("M\u00fcller", "MUELLER"),
        ("Gro\u00df", "GROSS"),
        ("\u00d8degaard \u00c5sen", "OEDEGAARD AASEN"),
        ("\u0141ukasz \u017b\u00f3\u0142\u0107", "LUKASZ ZOLC"),
        ("\u0130pek I\u015f\u0131k", "IPEK ISIK"),
        ("Nguy\u1ec5n", "NGUYEN"),
        ("\u0429\u0443\u043a\u0438\u043d \u042e\u043b\u0438\u044f", "SHCHUKIN IULIIA"),
        # 9303-3, section 6 C note 3: shadda doubles; "abbas" becomes EBBAS.
        ("\u0639\u0628\u0651\u0627\u0633", "EBBAS"),
        ("", ""),
        ("\u4e2d 7", ""),
    ],
)
def test_names_are_written_by_the_recommended_table(name, written):
    assert recommended(name) == written


@pytest.mark.parametrize(
    ("printed", "recorded", "expected"),
    [
        ("ERIKSSON", "Eriksson", (SAME, "")),
        ("ANNA MARIA", "Anna  Maria", (SAME, "")),
        ("OCONNOR", "O'Connor", (BY_RULE, "punctuation")),
        ("SMITH JONES", "Smith-Jones", (BY_RULE, "punctuation")),
        ("MUELLER", "M\u00fcller", (BY_RULE, "transliteration")),
        ("MULLER", "M\u00fcller", (BY_RULE, "transliteration")),
        ("MUXXLLER", "M\u00fcller", (BY_RULE, "transliteration")),
        ("NUNXXEZ", "Nu\u00f1ez", (BY_RULE, "transliteration")),
        ("IULIIA", "\u042e\u043b\u0438\u044f", (BY_RULE, "transliteration")),
        ("DELACRUZ", "de la Cruz", (BY_RULE, "spacing")),
        ("AL BASRI", "Albasri", (BY_RULE, "spacing")),
        ("MARIA ANNA", "Anna Maria", (BY_RULE, "name_order")),
        ("ERIKS0N", "Erikson", (MISREAD, "look_alike")),
        ("ERIKSON", "Eriksson", (MISREAD, "one_character")),
        ("EIRKSSON", "Eriksson", (MISREAD, "one_character")),
        ("MULLEB", "M\u00fcller", (MISREAD, "one_character")),
        ("ANNA", "Anna Maria", (MISREAD, "name_cut_off")),
        ("ANNA MARIA", "Maria", (MISREAD, "name_cut_off")),
        ("WARRAND", "Warrandyte", (MISREAD, "name_cut_off")),
        ("", "Anna", (MISREAD, "name_cut_off")),
        ("MUHAMAD", "Mohammed", (MISREAD, "spelling_differs")),
        ("ERIKSSON", "Petrova", (DIFFERENT, "name_differs")),
    ],
)
def test_one_part_of_a_name(printed, recorded, expected):
    assert part_agrees(printed, recorded, truncated=False) == expected


@pytest.mark.parametrize(
    ("surname", "given"),
    [
        # The shortened names of 9303-4, 4.2.3.3 and 9303-5, 4.2.3.2.
        ("BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI"),
        ("BENNELONG WOOLOOM WARRAND WARNAM", "DINGO"),
        ("BENNEL WOOLOOM WARRAN WARNAM", "DINGO POTO"),
        ("BENNE WOOLO WARRA WARNA", "DIN P"),
    ],
)
def test_a_shortened_name_agrees_with_the_whole_one(surname, given):
    recorded = "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"
    assert names_agree(surname, given, *recorded, True) == (BY_RULE, "name_shortened")


def test_shortening_excuses_nothing_else():
    recorded = "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"
    assert names_agree("BENNELONG WOMBAT WARRAND WARNAM", "D P", *recorded, True)[0] is not BY_RULE
    assert names_agree("PAPANDROPOULOUS", "JONATHON", "Papandropoulos", "Jonathan", True)[0] is MISREAD
    assert part_agrees("W", "Warnambool", False)[0] is not BY_RULE


@pytest.mark.parametrize(
    ("printed", "recorded", "expected"),
    [
        (("ERIKSSON", "ANNA"), ("Anna", "Eriksson"), (MISREAD, "names_swapped")),
        (("SATRIYA SUDARPA", ""), ("Sudarpa", "Satriya"), (BY_RULE, "names_divided")),
        (("VAN DER MUELLEN", "MARTIN"), ("Muellen", "Martin van der"), (BY_RULE, "names_divided")),
        (("ARKFREITH", ""), ("Arkfreith", ""), (SAME, "")),
        (("ERIKSSON", "ANNA"), ("Eriksson", "Petra"), (DIFFERENT, "name_differs")),
    ],
)
def test_whole_names(printed, recorded, expected):
    assert names_agree(*printed, *recorded, False) == expected


def test_edit_distance_counts_neighbours_that_changed_places_once():
    assert [edit_distance("ABCD", other) for other in ("ABCD", "ABDC", "ABC", "XABCD", "AXCX", "")] == [
        0,
        1,
        1,
        1,
        2,
        4,
    ]
    assert misread_as("O1B", "0I8") == "look_alike"
    assert misread_as("ABC", "XYZ") == ""


LETTERS = "ABMZ\u00c4\u00d6\u00dc\u00d1\u00e9\u00df\u042e\u0416' -"


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=20))
def test_every_name_agrees_with_its_own_transliteration(name):
    assert part_agrees(recommended(name), name, False)[0] in (SAME, BY_RULE)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_any_two_names_can_be_compared(one, two, three, four, truncated):
    agreement, rule = names_agree(one, two, three, four, truncated)
    assert (rule == "") == (agreement is SAME)
    assert rule in ("", *NAME_RULES)
