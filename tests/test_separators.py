"""Separator sheets and printed checklists: drawn, scanned in any direction, and told apart."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.flow import sheets
from station.flow.checklists import CATEGORIES, load_checklists
from station.model.checklist import Checklist
from station.model.document import Barcode, Certainty, Separator, SeparatorKind, Symbology
from station.model.image import Pixels
from station.reading import barcode, separators
from station.reading.separators import line_payload, parse, payload
from station.settings import resources_dir
from tests.printed import NUMBER, a_visit
from tests.sheet_pages import ordinary, painted, scanned
from ui.printing.canvas import Paper
from ui.printing.checklists import checklist_pages
from ui.printing.separators import separator_pages

NEXT = Separator(SeparatorKind.NEXT)
DAY = date(2026, 11, 22)


@cache
def checklist(category: str) -> Checklist:
    return load_checklists(resources_dir() / "checklists")[category]


def code(text: str, certainty: Certainty = Certainty.ACCEPTED, how: Symbology = Symbology.CODE128) -> Barcode:
    return Barcode(how, text.encode(), certainty)


BLANK: Pixels = np.full((1170, 827), 250, np.uint8)


def told(*codes: Barcode, page: Pixels = BLANK) -> Separator | None:
    return separators.find(page, (100, 100), codes)


@cache
def patched(qapp: object) -> Pixels:
    """Paint the sheet for the next item at 100 dpi."""
    return painted(separator_pages(sheets.separators(checklist("visitor")))[-1], 100)


# -- the text --------------------------------------------------------------------------------------------------


def test_a_text_is_item_number_and_check() -> None:
    # CRC-16 with start FFFF of "123456789" is 29B1 (ITU-T V.41, the catalogued check of CRC-16/IBM-3740);
    # that of the text here was computed bit by bit, apart from the code under test.
    assert payload("passport_copy", "V000123456").startswith("VSS1*passport_copy*V000123456*")
    assert payload("passport_copy")[:-4] == "VSS1*passport_copy**"
    for text in (payload("passport_copy"), line_payload("a", "b")):
        assert int(text[-4:], 16) == crc(text[:-4].encode())
    assert crc(b"123456789") == 0x29B1


def crc(data: bytes) -> int:
    """Divide bit by bit by x^16 + x^12 + x^5 + 1."""
    rest = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            over = (rest >> 15) ^ (byte >> bit & 1)
            rest = (rest << 1 & 0xFFFF) ^ (0x1021 if over else 0)
    return rest


@given(item=st.text(max_size=30), number=st.text(max_size=20))
def test_what_is_written_is_read_back(item: str, number: str) -> None:
    kind = SeparatorKind.ITEM if item else SeparatorKind.NEXT
    for text in (payload(item, number), line_payload(item, number)):
        assert text.isascii() and text.isprintable()
        assert parse(text) == Separator(kind, item, number)


@given(at=st.integers(0, 60), sign=st.sampled_from("0AZaz_*%1 é"))
def test_no_damaged_text_is_read(at: int, sign: str) -> None:
    good = payload("financial_support", "V000123456")
    at %= len(good)
    for bad in (good[:at] + sign + good[at + 1 :], good[:at] + sign + good[at:], good[:at] + good[at + 1 :]):
        assert bad == good or parse(bad) is None


def test_texts_of_others_and_of_a_later_form_are_not_read() -> None:
    good = payload("consent")
    for text in ("", "V000123456", "VSS1***", good.lower(), f" {good}", f"{good}\n", good.replace("1", "2", 1)):
        assert parse(text) is None


# -- which page is a separator ---------------------------------------------------------------------------------


def test_one_accepted_text_of_ours_names_the_item() -> None:
    text = payload("passport_copy", NUMBER)
    named = Separator(SeparatorKind.ITEM, "passport_copy", NUMBER)
    assert told(code(text)) == named
    assert told(code(text), code(text, how=Symbology.DATAMATRIX), code("A foreign text")) == named
    assert told(code(text, Certainty.UNSURE), code(text, how=Symbology.DATAMATRIX)) == named
    assert told(code(payload(""))) == NEXT


def test_what_is_in_doubt_damaged_or_double_is_no_separator_even_beside_a_patch_code(qapp: object) -> None:
    page = patched(qapp)
    text = payload("passport_copy")
    assert told(page=page) == NEXT
    assert told(code("V000123456"), page=page) == NEXT
    assert told(code(text, Certainty.UNSURE), page=page) is None
    assert told(code(text[:-1] + "X"), page=page) is None
    assert told(code(text.replace("VSS1", "VSS2")), page=page) is None
    assert told(code(text), code(payload("consent")), page=page) is None
    assert told(code(line_payload("passport_copy")), page=page) is None


def test_only_patch_codes_that_mean_the_next_document_count(qapp: object) -> None:
    view = sheets.separators(checklist("visitor"))[-1]
    for kind in separators.patch.Patch:
        foreign = replace(view, patch=separators.patch.bars(kind))
        (page,) = separator_pages([foreign])
        assert told(page=painted(page, 100)) == (NEXT if kind in ("2", "T") else None)


def test_an_ordinary_page_is_no_separator() -> None:
    for seed in range(10):
        page = ordinary(seed)
        assert told(*barcode.read(page), page=page) is None


# -- drawn and scanned -----------------------------------------------------------------------------------------

PAGES = [
    pytest.param(category, number, id=f"{category}-{number}")
    for category in CATEGORIES
    for number in range(len(checklist(category).items) + 1)
]


@pytest.mark.parametrize(("category", "number"), PAGES)
def test_a_sheet_names_its_item_however_it_is_fed(category: str, number: int, qapp: object) -> None:
    """Directions, resolutions and papers take turns, so that all of them come up for every few items."""
    view = sheets.separators(checklist(category))[number]
    (page,) = separator_pages([view])
    dpi, paper = list(product((200, 300), Paper))[number // 4 % 4]
    drawn = painted(page, dpi, paper)
    picture = scanned(drawn, number, quarters=number % 4, degrees=(0, 0, 3, -5)[number // 2 % 4])
    codes = barcode.read(picture)
    assert {found.certainty for found in codes} == {Certainty.ACCEPTED}
    item = view.item.id if view.item else ""
    wanted = Separator(SeparatorKind.ITEM, item) if item else NEXT
    assert separators.find(picture, (dpi, dpi), codes) == wanted
    assert separators.find(picture, (dpi, dpi), ()) == NEXT  # both codes torn off: the patch code is left


@pytest.mark.parametrize("how", [Symbology.CODE128, Symbology.DATAMATRIX])
def test_either_code_alone_is_accepted(how: Symbology, qapp: object) -> None:
    view = sheets.separators(checklist("study"))[3]
    (page,) = separator_pages([view])
    codes = barcode.read(scanned(painted(page, 200), 5), expected=frozenset({how}))
    assert [(found.symbology, found.text, found.certainty) for found in codes] == [
        (how, view.code.text, Certainty.ACCEPTED)
    ]


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_printed_checklist_is_no_separator_and_says_whose_it_is(dpi: int, qapp: object) -> None:
    for category in CATEGORIES:
        view = sheets.checklist_sheet(checklist(category), DAY, a_visit(checklist(category)))
        for number, page in enumerate(checklist_pages(view, Paper.A4)):
            picture = scanned(painted(page, dpi), number, quarters=number)
            codes = barcode.read(picture)
            assert separators.find(picture, (dpi, dpi), codes) is None
            assert separators.application_numbers(codes) == {NUMBER}
            assert NUMBER in [found.text for found in codes if found.certainty is Certainty.ACCEPTED]


def test_every_line_of_a_printed_checklist_can_be_read_by_hand(qapp: object) -> None:
    """A reader in the hand sees one line, as the cut-out of it shows."""
    listed = checklist("visitor")
    view = sheets.checklist_sheet(listed, DAY, a_visit(listed))
    read = set()
    for page in checklist_pages(view, Paper.A4):
        picture = scanned(painted(page, 200), 1)[:, -270:]  # 34 mm: the column of codes
        for top in range(0, len(picture) - 180, 60):
            read |= {found.text for found in barcode.read(picture[top : top + 180])}
    assert {line_payload(item.id, NUMBER) for item in listed.items} <= read
