"""Which way up a page stands: right, or unsure, and never wrong."""

from collections import Counter

import numpy as np
import pytest

from station.model.image import MM_PER_INCH, Pixels
from station.reading import text_direction
from tests.drawn_pages import LETTER, grainy, letter, photograph

DPI = 150
SCALE = DPI / MM_PER_INCH

QUOTED = (
    "The tenant's deposit isn't due before the keys are handed over, and",
    "the landlord's agent can't ask for it twice. \"Rent\" is what the",
    "tenant pays by the 5th of a month; it's 850.00 until March, then",
    "875.50. Heating, water and the stairwell's lamps are paid apart.",
    "Who leaves gives notice by letter, 3 months ahead, at a month's end.",
)
STATEMENT = (
    "12.03.2026   Card payment, Harbour Bakery             14.20",
    "13.03.2026   Salary, Brightwater Tools Ltd.        2,310.00",
    "15.03.2026   Rent, flat 4, Mill Lane                 850.00",
    "17.03.2026   Cash machine, High Street                60.00",
    "19.03.2026   Transfer to savings, standing order     200.00",
    "22.03.2026   Interest paid, first quarter              1.07",
)
CAPITALS = tuple(line.upper() for line in LETTER)


def page(words: tuple[str, ...], size_pt: float, repeat: int, seed: int = 1) -> Pixels:
    width = 16.5 * size_pt
    return grainy(np.array(letter((width, 170), DPI, words, size_pt, repeat)), 3, seed)


def turned(pixels: Pixels, quarters: int) -> Pixels:
    """Return the page as it lies when it was put down turned clockwise by so many quarters."""
    return np.ascontiguousarray(np.rot90(pixels, -quarters))


def test_drawn_pages_are_told_right_or_not_at_all() -> None:
    counts: Counter[str] = Counter()
    pages = [
        page(words, size_pt, repeat, seed=round(size_pt * repeat))
        for words in (LETTER, QUOTED, STATEMENT)
        for size_pt in (7, 8.5, 10, 12, 14)
        for repeat in (1, 2, 3, 4)
    ]
    for number, pixels in enumerate(pages):
        quarters = number % 4
        told = text_direction.find(turned(pixels, quarters), SCALE)
        right = -90 * quarters % 360
        counts["unsure" if told is None else "right" if told == right else "wrong"] += 1
    assert counts["wrong"] == 0
    assert counts["right"] >= 0.85 * len(pages)


@pytest.mark.parametrize("quarters", range(4))
def test_a_full_page_is_told_in_each_direction(quarters: int) -> None:
    told = text_direction.find(turned(page(LETTER, 10, 4), quarters), SCALE)
    assert told == -90 * quarters % 360


@pytest.mark.parametrize("quarters", range(4))
def test_capitals_are_told_by_their_full_stops(quarters: int) -> None:
    told = text_direction.find(turned(page(CAPITALS, 10, 3), quarters), SCALE)
    assert told == -90 * quarters % 360


def hanging(glyphs: int = 500) -> Pixels:
    """Draw lines of a script of which the letters hang below the line and seldom rise, as Cyrillic does."""
    pixels = np.full((1754, 1240), 250, np.uint8)
    rng = np.random.default_rng(5)
    for number in range(glyphs):
        row, place = divmod(number, 40)
        top, left = 120 + 34 * row, 90 + 16 * place + 14 * (place // 6)
        tail = 5 if rng.random() < 0.3 else 0
        pixels[top : top + 13 + tail, left : left + 3] = 30
        pixels[top : top + 3, left : left + 10] = 30
        pixels[top + 10 : top + 13, left : left + 10] = 30
        if place % 12 == 11:
            pixels[top + 10 : top + 13, left + 13 : left + 16] = 30
    return pixels


def test_a_script_that_hangs_is_not_turned_upside_down() -> None:
    for quarters in range(4):
        assert text_direction.find(turned(hanging(), quarters), SCALE) in (None, -90 * quarters % 360)


@pytest.mark.parametrize(
    "pixels",
    [
        grainy(np.full((1754, 1240), 250, np.uint8), 3),
        np.random.default_rng(1).integers(0, 256, (1754, 1240), np.uint8),
        photograph((1240, 1754)),
        page(("Page two.",), 10, 1),
        np.zeros((3, 5), np.uint8),
        np.zeros((1754, 1240), np.uint8),
    ],
    ids=["blank", "noise", "photograph", "two words", "tiny", "black"],
)
def test_without_enough_print_nothing_is_said(pixels: Pixels) -> None:
    assert text_direction.find(pixels, SCALE) is None


def test_rules_and_boxes_alone_say_nothing() -> None:
    pixels = np.full((1754, 1240), 250, np.uint8)
    pixels[200:1500:60, 100:1100] = 40
    pixels[200:1500, 100:1101:200] = 40
    for quarters in range(4):
        assert text_direction.find(turned(pixels, quarters), SCALE) is None


@pytest.mark.parametrize(("quarters", "turn"), [(0, 0), (1, 270), (2, 180), (3, 90)])
def test_corners_clockwise_from_the_top_left_tell_the_turn(quarters: int, turn: int) -> None:
    upright = ((10.0, 10.0), (60.0, 14.0), (56.0, 64.0), (6.0, 60.0))
    # Of a code that was turned clockwise by a quarter, the upper left corner lies at the upper right.
    lying = upright
    for _ in range(quarters):
        lying = tuple((100.0 - y, x) for x, y in lying)  # type: ignore[assignment]
    assert text_direction.of_corners([lying]) == turn
    assert text_direction.of_corners([lying, lying]) == turn
    assert text_direction.of_corners([]) is None


def test_codes_that_differ_or_lie_aslant_say_nothing() -> None:
    upright = ((0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0))
    assert text_direction.of_corners([upright, upright[1:] + upright[:1]]) is None
    assert text_direction.of_corners([((0.0, 0.0), (40.0, 40.0), (0.0, 80.0), (-40.0, 40.0))]) is None
