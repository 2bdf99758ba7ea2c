"""Trouble beyond the levels: a reader may fail or refuse here, and must never accept what is wrong.

Each kind of trouble draws a picture (RGB) and says which readings of it would be right; often there is none.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase, ascii_uppercase, digits

import numpy as np
from numpy.random import Generator

from station.imaging.cv import cv
from station.model.document import MrzFormat
from station.model.image import MM_PER_INCH, Pixels
from tests.mrz_pages import DRAWN_DPI, LEVELS, Camera, finish, flatbed, packed, shine, zone_of
from tests.mrz_papers import LEFT_MM, LOWEST_BASELINE_MM, SIZE_MM, SPACING_MM, draw, invent
from tests.mrz_type import any_cut, write

Lines = tuple[str, ...]
Drawing = tuple[Pixels, tuple[Lines, ...]]
Trouble = Callable[[MrzFormat, Generator], Drawing]

STILL = Camera((1280, 720), (17, 21), 5, 0.03, 0.01, (0.02, 0.05), 0, 0, 0, (2, 5), (80, 93))
"""A good picture, to be spoilt by one trouble alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Stress:
    """A picture (RGB), the kind of its trouble, and the readings that would be right."""

    trouble: str
    right: tuple[Lines, ...] = field(repr=False)
    pixels: Pixels = field(repr=False)


def stresses(each: int, seed: int, names: Collection[str] = ()) -> Iterator[Stress]:
    """Yield so many pictures of every trouble, or of those that are named."""
    for place, (name, trouble) in enumerate(TROUBLES.items()):
        for number in range(each if not names or name in names else 0):
            rng = np.random.default_rng((seed, place, number))
            pixels, right = trouble(tuple(MrzFormat)[(number + place) % len(MrzFormat)], rng)
            yield Stress(name, right, pixels)


# -- the camera -----------------------------------------------------------------------------------------------


def _taken(**changed: object) -> Trouble:
    """Return the trouble of taking the picture in this way."""
    camera = replace(STILL, **changed)

    def trouble(size: MrzFormat, rng: Generator) -> Drawing:
        lines = invent(size, rng)
        return camera(size, lines, rng), (lines,)

    return trouble


def _glare(size: MrzFormat, rng: Generator) -> Drawing:
    lines = invent(size, rng)
    document = draw(size, lines, DRAWN_DPI, rng)
    shine(document, size, rng, 6, rng.uniform(60, 220))
    return STILL.take(document, size, rng), (lines,)


def _screen(size: MrzFormat, rng: Generator) -> Drawing:
    """Photograph a screen: its grid beats with that of the sensor."""
    lines = invent(size, rng)
    page = draw(size, lines, DRAWN_DPI, rng)
    period, phase = rng.uniform(3.0, 9.0), rng.uniform(0, 6)
    y, x = (axis.astype(np.float32) for axis in np.mgrid[0 : page.shape[0], 0 : page.shape[1]])
    angle = rng.uniform(0, 0.2)
    for channel in range(3):
        across = (x + angle * y) / period + (phase + channel) / 3
        page[..., channel] *= 0.55 + 0.45 * (np.sin(2 * np.pi * across) > -0.4)
    page *= (0.7 + 0.3 * (np.sin(2 * np.pi * y / period) > -0.4))[..., None]
    return STILL.take(page, size, rng), (lines,)


def _pencil(size: MrzFormat, rng: Generator) -> Drawing:
    """Strike pens through the lines."""
    lines = invent(size, rng)
    document = draw(size, lines, DRAWN_DPI, rng)
    zone = np.ascontiguousarray(zone_of(document, size))
    for _ in range(rng.integers(1, 5)):
        ends = [(int(rng.integers(zone.shape[1])), int(rng.integers(zone.shape[0]))) for _ in range(2)]
        cv().line(zone, *ends, tuple(rng.uniform(20, 120, 3).tolist()), int(rng.integers(4, 14)), cv().LINE_AA)
    zone_of(document, size)[:] = zone
    return STILL.take(document, size, rng), (lines,)


def _hidden(size: MrzFormat, rng: Generator) -> Drawing:
    """Lay a finger's breadth of something over the zone, or many crumbs."""
    lines = invent(size, rng)
    document = draw(size, lines, DRAWN_DPI, rng)
    zone = zone_of(document, size)
    for _ in range(1 if rng.random() < 0.5 else 25):
        large = rng.uniform(0.02, 0.3) if rng.random() < 0.5 else rng.uniform(0.005, 0.04)
        x, y = (int(rng.integers(0, side)) for side in zone.shape[1::-1])
        zone[y : y + round(0.6 * large * zone.shape[1]), x : x + round(large * zone.shape[1])] = rng.uniform(
            20, 250, 3
        )
    return STILL.take(document, size, rng), (lines,)


def _half_high(size: MrzFormat, rng: Generator) -> Drawing:
    """Cover the upper or the lower half of one line along its whole length."""
    lines = invent(size, rng)
    document = draw(size, lines, DRAWN_DPI, rng)
    scale = DRAWN_DPI / MM_PER_INCH
    base = SIZE_MM[size][1] - LOWEST_BASELINE_MM - SPACING_MM[size] * int(rng.integers(0, len(lines)))
    low = base - (1.2 if rng.random() < 0.5 else 2.6)
    document[round(low * scale) : round((low + rng.uniform(0.9, 1.4)) * scale)] = rng.uniform(20, 250, 3)
    return STILL.take(document, size, rng), (lines,)


# -- where the zone lies --------------------------------------------------------------------------------------


def _turned(quarters: int) -> Trouble:
    def trouble(size: MrzFormat, rng: Generator) -> Drawing:
        lines = invent(size, rng)
        level = LEVELS["camera mild" if rng.random() < 0.5 else "flatbed 150 dpi"]
        return np.ascontiguousarray(np.rot90(level(size, lines, rng), quarters)), (lines,)

    return trouble


def _askew(size: MrzFormat, rng: Generator) -> Drawing:
    lines = invent(size, rng)
    page = flatbed(150)(size, lines, rng)
    angle = float(rng.choice([-1, 1])) * rng.uniform(12, 30)
    turn = cv().getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1.0)
    turn[:, 2] += 150
    out = (page.shape[1] + 300, page.shape[0] + 300)
    return cv().warpAffine(page, turn, out, borderValue=(250,) * 3), (lines,)


def _two(size: MrzFormat, rng: Generator) -> Drawing:
    both = [invent(size, rng) for _ in range(2)]
    pages = [flatbed(150)(size, lines, rng) for lines in both]
    return np.vstack(pages) if rng.random() < 0.5 else np.hstack(pages), tuple(both)


def _part(size: MrzFormat, rng: Generator) -> Drawing:
    """Cut the picture through the zone: some cells or a whole line are gone."""
    lines = invent(size, rng)
    document = draw(size, lines, 200, rng)
    height, width = document.shape[:2]
    scale = 200 / MM_PER_INCH
    share = rng.uniform(0.15, 0.9)
    lost = (LOWEST_BASELINE_MM + rng.uniform(0.6, SPACING_MM[size] * (len(lines) - 1))) * scale
    whole = rng.random()
    if whole < 0.4:
        document = document[:, : round(width * share)]
    elif whole < 0.7:
        document = document[:, round(width * (1 - share)) :]
    else:
        document = document[: height - round(lost)]
    return finish(document, rng, 3), (lines,)


# -- what is printed ------------------------------------------------------------------------------------------


def _wrong_digit(size: MrzFormat, rng: Generator) -> Drawing:
    """Print one digit of the second line other than it should be."""
    lines = invent(size, rng)
    row = 1
    places = [place for place, character in enumerate(lines[row]) if character.isdigit() and place < 28]
    place = int(rng.choice(places))
    other = str((int(lines[row][place]) + int(rng.integers(1, 10))) % 10)
    wrong = lines[row][:place] + other + lines[row][place + 1 :]
    printed = (*lines[:row], wrong, *lines[row + 1 :])
    return _plain(printed, size, rng), ()


def _miscounted(size: MrzFormat, rng: Generator) -> Drawing:
    """Leave one cell of a line out, or print one twice."""
    lines = list(invent(size, rng))
    row, place = int(rng.integers(len(lines))), int(rng.integers(1, len(lines[0]) - 1))
    again = place if rng.random() < 0.5 else place - 1
    lines[row] = lines[row][:place] + lines[row][again + (again == place) :]
    return _plain(tuple(lines), size, rng), ()


def _one_line_more(size: MrzFormat, rng: Generator) -> Drawing:
    """Print a further line of the same type right under or over the zone."""
    lines = invent(size, rng)
    more = "".join(rng.choice(list(ascii_uppercase + digits), len(lines[0])))
    printed = (*lines, more) if rng.random() < 0.5 else (more, *lines)
    return _plain(printed, size, rng), (lines,)


def _plain(lines: Lines, size: MrzFormat, rng: Generator) -> Pixels:
    level = LEVELS["camera mild" if rng.random() < 0.5 else "flatbed 200 dpi"]
    return level(size, lines, rng)


def _other_type(letters: Callable[[str], str]) -> Trouble:
    """Return the trouble of a zone printed in another, evenly spaced type."""

    def trouble(size: MrzFormat, rng: Generator) -> Drawing:
        lines = invent(size, rng)
        face, thick = int(rng.integers(0, 5)), int(rng.integers(1, 4))
        document = draw(size, ("",) * len(lines), 200, rng)
        ink = np.zeros(document.shape[:2], np.uint8)
        for row, line in enumerate(reversed(lines)):
            y = SIZE_MM[size][1] - LOWEST_BASELINE_MM - row * SPACING_MM[size]
            for place, character in enumerate(letters(line)):
                at = (
                    (np.array([LEFT_MM[size] + (place + 0.1) * 2.54, y]) * 200 / MM_PER_INCH)
                    .round()
                    .astype(int)
                )
                cv().putText(ink, character, at.tolist(), face, 0.85, 255, thick, cv().LINE_AA)
        document += (30 - document) * (ink[..., None] / np.float32(255))
        return finish(document, rng, 3), (lines,)

    return trouble


def _dark(size: MrzFormat, rng: Generator) -> Drawing:
    lines = invent(size, rng)
    return flatbed(200, dark=rng.uniform(0.3, 0.6))(size, lines, rng), (lines,)


def _spoilt(change: Callable[[Pixels, Generator], Pixels]) -> Trouble:
    """Return the trouble of a good scan that was changed afterwards."""

    def trouble(size: MrzFormat, rng: Generator) -> Drawing:
        lines = invent(size, rng)
        return np.ascontiguousarray(change(flatbed(150)(size, lines, rng), rng)), (lines,)

    return trouble


def _pale(page: Pixels, rng: Generator) -> Pixels:
    paper = 235 + (page.astype(np.float32) - 235) * rng.uniform(0.06, 0.3)
    return finish(paper, rng, rng.uniform(1, 5))


def _black_and_white(page: Pixels, rng: Generator) -> Pixels:
    limit = int(rng.integers(90, 200))
    return np.where(page.min(2, keepdims=True) > limit, np.uint8(255), np.uint8(0)).repeat(3, 2)


# -- no zone at all -------------------------------------------------------------------------------------------

PAGE_MM = (210.0, 297.0)
CAPITALS = list(ascii_uppercase + digits)


def _sheet(dpi: int) -> Pixels:
    width, height = (round(side * dpi / MM_PER_INCH) for side in PAGE_MM)
    return np.full((height, width), 246, np.uint8)


def _lines_of(page: Pixels, dpi: int, letters: list[str], rng: Generator, face: int, size: float) -> Pixels:
    step = round(0.2 * dpi * size)
    for y in range(round(0.9 * dpi), page.shape[0] - dpi, step):
        text = "".join(rng.choice(letters, round(84 / size)))
        cv().putText(
            page, text, (round(0.8 * dpi), y), face, size * dpi / 400, 30, max(1, dpi // 150), cv().LINE_AA
        )
    return page


def letter(dpi: int, seed: int) -> Pixels:
    """Draw an A4 page of ordinary text (grey), which holds no zone."""
    return _lines_of(
        _sheet(dpi), dpi, list(ascii_lowercase + "aeiou      "), np.random.default_rng(seed), 0, 1.0
    )


def capitals(dpi: int, seed: int) -> Pixels:
    """Draw an A4 page full of capitals and digits (grey)."""
    rng = np.random.default_rng(seed)
    return _lines_of(_sheet(dpi), dpi, [*CAPITALS, *"    "], rng, int(rng.choice([0, 2, 3, 4])), 1.1)


def table(dpi: int, seed: int) -> Pixels:
    """Draw an A4 page of ruled cells filled with figures and capitals (grey)."""
    rng = np.random.default_rng(seed)
    page = _lines_of(_sheet(dpi), dpi, [*digits, *digits, *CAPITALS, *"   "], rng, 0, 0.9)
    for y in range(dpi // 2, page.shape[0] - dpi // 2, round(0.18 * dpi)):
        page[y : y + max(1, dpi // 100), dpi // 2 : -dpi // 2] = 60
    for x in range(dpi // 2, page.shape[1], dpi):
        page[dpi // 2 : -dpi // 2, x : x + max(1, dpi // 100)] = 60
    return page


def listing(dpi: int, seed: int) -> Pixels:
    """Draw an A4 page (grey) in the zone's own type, evenly spaced, with words, numbers and fillers."""
    rng = np.random.default_rng(seed)
    page = np.repeat(_sheet(dpi)[..., None], 3, 2).astype(np.float32)
    cut = any_cut(rng)
    for row in range(40):
        width = int(rng.choice([30, 36, 44, 60]))
        words = rng.choice([*CAPITALS, "<", " "], width, p=[*([0.8 / 36] * 36), 0.1, 0.1])
        write(page, "".join(words), 15 + 2.54 * int(rng.integers(0, 3)), 15 + row * 6.35, dpi, cut=cut)
    return finish(page, rng, 2)[..., 0]


def form(dpi: int, seed: int) -> Pixels:
    """Draw an A4 form (grey): captions in capitals and rows of boxes with one typed character each."""
    rng = np.random.default_rng(seed)
    page = _sheet(dpi)
    side = round(5.5 * dpi / MM_PER_INCH)
    for y in range(dpi // 2, page.shape[0] - 2 * side, round(2.2 * side)):
        caption = "".join(rng.choice([*ascii_uppercase, " "], 40))
        cv().putText(page, caption, (dpi // 2, y), 0, dpi / 500, 40, max(1, dpi // 200), cv().LINE_AA)
        for place in range(int(rng.integers(20, 33))):
            x = dpi // 2 + place * side
            cv().rectangle(page, (x, y + side // 4), (x + side, y + side // 4 + side), 90, max(1, dpi // 150))
            at = (x + side // 5, y + side)
            cv().putText(
                page, str(rng.choice(CAPITALS)), at, 0, side / 32, 30, max(1, dpi // 100), cv().LINE_AA
            )
    return page


def typed_page(dpi: int, seed: int) -> Pixels:
    """Draw a page (grey) of evenly spaced capitals and digits in the zone's type, as payment slips have it."""
    rng = np.random.default_rng(seed)
    size = (round(70 * dpi / MM_PER_INCH), round(160 * dpi / MM_PER_INCH), 3)
    page = np.full(size, 246, np.float32)
    for row in range(8):
        text = "".join(rng.choice(list(ascii_uppercase + digits * 2), 40 if row % 4 < 3 else 12))
        write(page, text, 12, 12 + row * 6.35, dpi)
    return finish(page, rng, 2)[..., 0]


def _among(size: MrzFormat, rng: Generator) -> Drawing:
    """Lay a document on a page full of other print in capitals."""
    lines = invent(size, rng)
    dpi = 200
    print_on = (form, capitals, listing, typed_page, letter)[int(rng.integers(5))]
    page = np.repeat(print_on(dpi, int(rng.integers(1 << 30)))[..., None], 3, 2)
    if page.shape[0] < 1500:
        page = np.vstack([page, np.full((1500, *page.shape[1:]), 246, np.uint8)])
    document = finish(draw(size, lines, dpi, rng), rng, 2)
    top, left = (int(rng.integers(0, max(1, page.shape[axis] - document.shape[axis]))) for axis in (0, 1))
    place = page[top : top + document.shape[0], left : left + document.shape[1]]
    place[:] = document[: place.shape[0], : place.shape[1]]
    return page, (lines,)


EMPTY_PAGES: Mapping[str, Callable[[int, int], Pixels]] = {
    "letter": letter,
    "form": form,
    "table": table,
    "capitals": capitals,
    "listing": listing,
    "typed page": typed_page,
}
"""Pages without a zone, by dpi and seed."""


def _empty(page: Callable[[int, int], Pixels]) -> Trouble:
    def trouble(size: MrzFormat, rng: Generator) -> Drawing:
        return page(int(rng.choice([100, 150, 200])), int(rng.integers(1 << 30))), ()

    return trouble


TROUBLES: Mapping[str, Trouble] = {
    "blur": _taken(blur=(0.11, 0.24)),
    "shake": _taken(shake=0.7),
    "glare over cells": _glare,
    "half hidden": _hidden,
    "half of a line's height": _half_high,
    "pen strokes": _pencil,
    "8 to 11 px a cell": _taken(pitch=(8, 11)),
    "5 to 8 px a cell": _taken(pitch=(5, 8)),
    "strong perspective": _taken(lean=0.22, curl=0.08),
    "noise": _taken(noise=(18, 40)),
    "JPEG 8 to 25": _taken(quality=(8, 25)),
    "photographed screen": _screen,
    "quarter turn": _turned(1),
    "upside down": _turned(2),
    "three quarters": _turned(3),
    "12 to 30 degrees": _askew,
    "two documents": _two,
    "part of a zone": _part,
    "wrong digit": _wrong_digit,
    "a cell too few or twice": _miscounted,
    "among other print": _among,
    "one line more": _one_line_more,
    "another type": _other_type(str.upper),
    "lower case": _other_type(str.lower),
    "dark security print": _dark,
    "pale print": _spoilt(_pale),
    "black and white": _spoilt(_black_and_white),
    "light on dark": _spoilt(lambda page, _: 255 - page),
    "packed twice": _spoilt(lambda page, rng: packed(packed(page, 30)[1:, 1:], int(rng.integers(20, 40)))),
    **{f"no zone: {name}": _empty(page) for name, page in EMPTY_PAGES.items()},
}
