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
NOT_COMPARABLE = Agreement.NOT_COMPARABLE


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("D'Artagnan", "DARTAGNAN"),
        ("Marie-\u00c9lise", "MARIE ELISE"),
        ("Anna, Maria", "ANNA MARIA"),
        ("M\u00fcller", "MUELLER"),
        # Names of 9303-3 to -7 and of table 6.A: hyphen and blank are fillers, the apostrophe falls away.
        ("Smith-Jones", "SMITH JONES"),
        ("O'Connor", "OCONNOR"),
        ("Van Der Muellen", "VAN DER MUELLEN"),
        ("\u00c6r\u00f8", "AEROE"),
        ("\u00deorl\u00e1kur \u00d0a\u00f0ason", "THORLAKUR DADASON"),
        ("Gro\u00df", "GROSS"),
        ("\u00d8degaard \u00c5sen", "OEDEGAARD AASEN"),
        ("\u0141ukasz \u017b\u00f3\u0142\u0107", "LUKASZ ZOLC"),
        ("\u0130pek I\u015f\u0131k", "IPEK ISIK"),
        ("Nguy\u1ec5n", "NGUYEN"),
        ("\u0429\u0443\u043a\u0438\u043d \u042e\u043b\u0438\u044f", "SHCHUKIN IULIIA"),
        # 9303-3, section 6 C note 3: shadda doubles; "abbas" becomes EBBAS.
        ("\u0639\u0628\u0651\u0627\u0633", "EBBAS"),
        # Table 6.C: meem M, hah XH, meem M, dal D.
        ("\u0645\u062d\u0645\u062f", "MXHMD"),
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
        ("GROSS", "Gro\u00df", (BY_RULE, "transliteration")),
        ("AASEN", "\u00c5sen", (BY_RULE, "transliteration")),
        ("ASEN", "\u00c5sen", (BY_RULE, "transliteration")),
        ("OEDEGAARD", "\u00d8degaard", (BY_RULE, "transliteration")),
        ("SMITHJONES", "Smith-Jones", (BY_RULE, "spacing")),
        ("OCONNOR", "O\u02bcConnor", (BY_RULE, "transliteration")),
        ("O CONNOR", "O\u2019Connor", (BY_RULE, "spacing")),
        # Letters for which table 6.B has another spelling in one language.
        ("HALYNA", "\u0413\u0430\u043b\u0438\u043d\u0430", (BY_RULE, "transliteration")),
        (
            "STEPANOVIC",
            "\u0421\u0442\u0435\u043f\u0430\u043d\u043e\u0432\u0438\u045b",
            (BY_RULE, "transliteration"),
        ),
        ("PETROVA", "\u042e\u043b\u0438\u044f", (DIFFERENT, "name_differs")),
        # Arabic writes no vowels: documents bear a customary spelling as often as the table's.
        ("MXHMD", "\u0645\u062d\u0645\u062f", (BY_RULE, "transliteration")),
        ("MOHAMED", "\u0645\u062d\u0645\u062f", (NOT_COMPARABLE, "other_script")),
        ("SOK", "\u179f\u17bb\u1781", (NOT_COMPARABLE, "other_script")),
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
    assert set(names_agree(surname, given, *recorded, True)) <= {(SAME, ""), (BY_RULE, "name_shortened")}
    assert (BY_RULE, "name_shortened") in names_agree(surname, given, *recorded, True)


def test_shortening_excuses_nothing_else():
    recorded = "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"
    assert names_agree("BENNELONG WOMBAT WARRAND WARNAM", "D P", *recorded, True)[0][0] is not BY_RULE
    swapped_letters = names_agree("PAPANDROPOULOUS", "JONATHON", "Papandropoulos", "Jonathan", True)
    assert {agreement for agreement, _ in swapped_letters} == {MISREAD}
    assert part_agrees("W", "Warnambool", False)[0] is not BY_RULE


@pytest.mark.parametrize(
    ("printed", "recorded", "expected"),
    [
        (("ERIKSSON", "ANNA"), ("Anna", "Eriksson"), 2 * [(MISREAD, "names_swapped")]),
        (("GROSS", "JUERGEN"), ("J\u00fcrgen", "Gro\u00df"), 2 * [(MISREAD, "names_swapped")]),
        (("SATRIYA SUDARPA", ""), ("Sudarpa", "Satriya"), 2 * [(BY_RULE, "names_divided")]),
        (("VAN DER MUELLEN", "MARTIN"), ("Muellen", "Martin van der"), 2 * [(BY_RULE, "names_divided")]),
        (("ARKFREITH", ""), ("Arkfreith", ""), 2 * [(SAME, "")]),
        (("ERIKSSON", "ANNA"), ("Eriksson", "Petra"), [(SAME, ""), (DIFFERENT, "name_differs")]),
    ],
)
def test_whole_names(printed, recorded, expected):
    assert names_agree(*printed, *recorded, False) == tuple(expected)


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
    for agreement, rule in names_agree(one, two, three, four, truncated):
        assert (rule == "") == (agreement is SAME)
        assert rule in ("", *NAME_RULES)
