"""Patch codes: read from any edge, askew and worn, and never seen where none is printed."""

import numpy as np
import pytest

from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from station.reading import patch
from station.reading.patch import Patch
from tests.codes import INK, PAPER
from tests.sheet_pages import ordinary, scanned

# Kodak A-61599: where bars and spaces end, in inches from the leading edge of the patch.
ZONES = {
    Patch.ONE: (0.20, 0.28, 0.48, 0.56, 0.64, 0.72, 0.80),
    Patch.TWO: (0.20, 0.28, 0.36, 0.44, 0.52, 0.60, 0.80),
    Patch.THREE: (0.20, 0.28, 0.36, 0.44, 0.64, 0.72, 0.80),
    Patch.FOUR: (0.08, 0.16, 0.36, 0.44, 0.64, 0.72, 0.80),
    Patch.SIX: (0.08, 0.16, 0.24, 0.32, 0.52, 0.60, 0.80),
    Patch.T: (0.08, 0.16, 0.36, 0.44, 0.52, 0.60, 0.80),
}


def sheet(code: Patch, dpi: tuple[int, int], *, length_mm: float = 120, run_mm: float = 0) -> Pixels:
    """Draw a patch code 12 mm below the top of an A4 sheet; ink that ran widens all bars."""
    mm_x, mm_y = (axis / MM_PER_INCH for axis in dpi)
    page = np.full((round(297 * mm_y), round(210 * mm_x)), 255, np.uint8)
    begins = (0.0, *ZONES[code])
    for start, end in list(zip(begins, ZONES[code], strict=False))[::2]:
        top, bottom = (round((12 + at) * mm_y) for at in (start * 25.4 - run_mm / 2, end * 25.4 + run_mm / 2))
        page[top:bottom, round(45 * mm_x) : round((45 + length_mm) * mm_x)] = 0
    return page


@pytest.mark.parametrize("code", Patch)
def test_the_bars_are_those_of_the_source(code: Patch) -> None:
    assert np.cumsum(patch.bars(code)) / MM_PER_INCH == pytest.approx(ZONES[code])


@pytest.mark.parametrize("code", Patch)
@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_a_patch_code_reads_alike_from_every_edge_and_askew(code: Patch, dpi: int) -> None:
    for quarters, degrees in enumerate((0, 10, -10, 4)):
        page = scanned(sheet(code, (dpi, dpi)), seed=dpi, quarters=quarters, degrees=degrees)
        assert patch.find(page, (dpi, dpi)) == {code}, (quarters, degrees)


def test_a_patch_code_reads_at_600_dpi_in_colour_and_with_unlike_axes() -> None:
    grey = sheet(Patch.T, (600, 600))
    assert patch.find(np.dstack([grey] * 3), (600, 600)) == {Patch.T}
    assert patch.find(sheet(Patch.T, (300, 200)), (300, 200)) == {Patch.T}
    assert patch.find(np.rot90(sheet(Patch.T, (200, 300))), (300, 200)) == {Patch.T}


def test_worn_faint_unevenly_lit_and_resized_print_still_reads() -> None:
    page = sheet(Patch.T, (200, 200))
    ran, thin = (sheet(Patch.T, (200, 200), run_mm=run) for run in (0.5, -0.5))
    faint = (130 + page * 0.4).astype(np.uint8)
    light = np.linspace(0.4, 1, page.shape[1])
    shaded = (scanned(page, 3) * light).astype(np.uint8)
    struck = page.copy()
    cv().line(struck, (400, 60), (900, 300), 0, 12)  # somebody crossed it out
    smaller = cv().resize(page, None, fx=0.94, fy=0.94, interpolation=cv().INTER_AREA)  # printed "to fit"
    for worn in (ran, thin, faint, shaded, struck, smaller):
        assert patch.find(worn, (200, 200)) == {Patch.T}


def test_bars_shorter_than_the_source_asks_for_are_no_patch_code() -> None:
    assert patch.find(sheet(Patch.T, (200, 200), length_mm=36), (200, 200)) == frozenset()
    assert patch.find(sheet(Patch.T, (200, 200), length_mm=51), (200, 200)) == {Patch.T}


def test_no_ordinary_page_is_taken_for_one() -> None:
    found = {seed: seen for seed in range(200) if (seen := patch.find(ordinary(seed), (100, 100)))}
    assert found == {}


def test_a_picture_too_small_or_without_content_shows_none() -> None:
    for shape in ((0, 0), (5, 5), (100, 3), (400, 400), (400, 400, 3)):
        for level in (0, PAPER, INK):
            assert patch.find(np.full(shape, level, np.uint8), (100, 100)) == frozenset()
