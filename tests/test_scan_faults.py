"""Measures of what a scan adds or takes away, on drawn pages whose truth is arithmetic."""

from math import erf, sqrt

import numpy as np
import pytest

from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measure, Measured, Unmeasured
from station.quality.page.blank import Marks
from station.quality.page.bleed_through import BleedThrough
from station.quality.page.covered import Covered
from station.quality.page.enlargement import Enlargement
from station.quality.page.jpeg_quality import JpegQuality
from station.quality.page.moire import Moire
from station.quality.page.noise import Noise
from station.quality.page.shadow import UnevenLight
from station.quality.page.streaks import Streaks
from station.quality.sample import PageSample
from tests import page_faults as draw
from tests.page_faults import DPI, MM

A5_PX = (round(210 * MM), round(148 * MM))
LETTER = draw.letter(5).scanned()


def answer(measure: Measure[PageSample], page: Pixels, encoded: bytes | None = None) -> Measured:
    found = measure.assess(PageSample(page, DPI, encoded))
    assert isinstance(found, Measured), found
    return found


def place(found: Measured) -> Region:
    assert found.region is not None
    return found.region


# -- covered --------------------------------------------------------------------------------------------------


def test_a_finger_covers_what_it_covers_and_is_shown() -> None:
    found = answer(Covered(), draw.fingered(LETTER))
    # 17 mm wide, 17.5 mm straight and half a disc of 17 mm.
    assert found.raw == pytest.approx(100 * (17 * 17.5 + np.pi / 2 * 8.5**2) / (148 * 210), rel=0.1)
    region = place(found)
    assert region.left == pytest.approx(1 - 26 / 148, abs=0.02)
    assert region.top + region.height / 2 == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize(("across", "down"), [(9, 8), (16, 13), (20, 30)])
def test_a_folded_corner_is_half_its_box(across: float, down: float, quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(draw.dog_eared(LETTER, across, down), quarters))
    # The tips are thinner than print may be.
    assert answer(Covered(), page).raw == pytest.approx(100 * across * down / 2 / (148 * 210), rel=0.15)


def test_a_clip_covers_what_its_wire_surrounds() -> None:
    found = answer(Covered(), draw.clipped(LETTER))
    assert found.raw == pytest.approx(100 * 9 * 24.5 / (148 * 210), rel=0.2)
    assert place(found).left == pytest.approx(0.25, abs=0.01)
    assert place(found).height == pytest.approx(24.5 / 210, abs=0.01)


def test_bands_tabs_lids_and_cut_frames_cover_nothing() -> None:
    bands, tabs, lid, wedge, frames = (LETTER.copy() for _ in range(5))
    bands[: round(9 * MM)] = (40, 60, 120)
    bands[:, : round(4 * MM)] = (40, 60, 120)
    tabs[round(40 * MM) : round(70 * MM), -round(12 * MM) :] = (200, 60, 60)
    lid[round(150 * MM) :] = 60
    # The black lid beside a page that lies askew by 2 degrees.
    cv().fillConvexPoly(wedge, np.array([[0, 0], [900, 0], [0, 31]]), (30, 30, 30))
    for y in range(4):
        cv().rectangle(frames, (-20, 300 + y * 260), (150, 400 + y * 260), (60, 60, 60), 4)
    for page in (bands, tabs, lid, wedge, frames):
        assert answer(Covered(), page).raw == 0


# -- what shines through --------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
def test_ink_that_shines_through_is_told_by_its_step(share: float) -> None:
    back = draw.Drawing(3)
    for row in range(36):
        back.block(10 + row % 2, 15 + row * 5, 128, 1.2, (0, 0, 0))
    found = answer(BleedThrough(), draw.shining_through(LETTER, back.scanned(0), share))
    # The middle of a bar 1.2 mm wide, blurred by sigma 0.35 mm, keeps erf(0.6 / 0.35 / sqrt 2) of its depth.
    level = 242 * (1 - share * erf(0.6 / 0.35 / sqrt(2)))
    step = lightness.OF_GREY[242] - np.interp(level, np.arange(256), lightness.OF_GREY)
    assert found.raw == pytest.approx(step, rel=0.12)
    assert place(found).width >= 0.5


@pytest.mark.parametrize("kind", ["watermarked", "table", "squared", "pictures", "columns"])
def test_pale_print_with_edges_of_its_own_does_not_shine_through(kind: str) -> None:
    page = draw.CLEAN[kind](3).scanned(3)
    assert answer(BleedThrough(), page).raw == 0


def test_on_a_blurred_page_nobody_can_tell_what_shines_through() -> None:
    assert BleedThrough().assess(PageSample(draw.blurred(LETTER), DPI)) == Unmeasured("blurred")


# -- streaks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarters", [0, 1])
@pytest.mark.parametrize(("levels", "width_px"), [(8, 1), (30, 3), (60, 9)])
def test_a_streak_is_its_step_and_shown(levels: int, width_px: int, quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(draw.streaked(LETTER, levels, width_px), quarters))
    found = answer(Streaks(), page)
    # The paper is 242 on the average.
    assert found.raw == pytest.approx(lightness.OF_GREY[242] - lightness.OF_GREY[242 - levels], abs=0.6)
    region = place(found)
    across, along = (region.left, region.width) if quarters == 0 else (1 - region.top, -region.height)
    assert across + along / 2 == pytest.approx(0.37, abs=0.01)
    assert (region.height if quarters == 0 else region.width) == 1


def test_rules_ruled_paper_folds_and_wide_bands_are_no_streaks() -> None:
    rules, fold, band = (LETTER.copy() for _ in range(3))
    rules[round(12 * MM) : -round(12 * MM), 600:604] = 60
    cv().line(fold, (0, 800), (A5_PX[1], 812), (200, 200, 200), 5)
    band[:, 1000 : 1000 + round(5 * MM)] = (190, 200, 220)
    for page in (rules, fold, band, draw.squared(4).scanned()):
        assert answer(Streaks(), page).raw < 2


# -- ripples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period_px", [9.3, 17.3, 31.0])
@pytest.mark.parametrize("height", [6.0, 16.0])
def test_ripples_are_as_high_as_from_trough_to_crest(height: float, period_px: float) -> None:
    found = answer(Moire(), draw.rippled(LETTER, period_px, height))
    # Averaging two pixels each way softens a short wave a little: cos(pi / 9.3) is 0.94.
    middle = 242 - height / 2
    step = np.interp([middle + height / 2, middle - height / 2], np.arange(256), lightness.OF_GREY)
    assert found.raw == pytest.approx(step[0] - step[1], rel=0.15)
    assert found.region is not None


def test_grain_squares_and_pictures_are_no_ripples() -> None:
    for page in (draw.grainy(LETTER, 8), draw.squared(4).scanned(), draw.full_picture(4).scanned()):
        assert answer(Moire(), page).raw == 0


def test_without_a_flat_place_ripples_are_not_judged() -> None:
    full = np.tile(np.array([40, 40, 220, 220], np.uint8), (1200, 200))
    assert Moire().assess(PageSample(full[:, ::1], None)) in (Unmeasured("no_flat_paper"), Measured(0.0))


# -- JPEG -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quality", [1, 10, 25, 49, 50, 75, 90, 100])
def test_the_quality_is_that_which_libjpeg_was_given(quality: int) -> None:
    data = draw.jpeg(LETTER[:160, :160], quality)
    assert answer(JpegQuality(), LETTER[:160, :160], data).raw == quality


def test_what_keeps_every_pixel_has_the_best_quality() -> None:
    assert answer(JpegQuality(), LETTER[:160, :160]).raw == 100
    assert answer(JpegQuality(), LETTER[:160, :160], b"\x89PNG\r\n\x1a\n").raw == 100


def test_damaged_files_have_an_answer_or_a_reason() -> None:
    data = draw.jpeg(LETTER[:64, :64], 60)
    chance = np.random.default_rng(5)
    for length in range(3, 700, 9):
        spoilt = bytearray(data[:length])
        for at in chance.integers(3, max(4, length), 3).tolist():
            spoilt[min(at, length - 1)] = int(chance.integers(256))
        found = JpegQuality().assess(PageSample(LETTER[:64, :64], DPI, b"\xff\xd8\xff" + bytes(spoilt[3:])))
        assert found == Unmeasured("no_tables") or (isinstance(found, Measured) and 1 <= found.raw <= 100)


# -- enlargement ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["INTER_LINEAR", "INTER_CUBIC", "INTER_LANCZOS4"])
@pytest.mark.parametrize(("factor", "dpi"), [(1.5, 200), (2, 150)])
def test_an_enlarged_page_has_the_resolution_it_had_before(factor: float, dpi: int, method: str) -> None:
    assert answer(Enlargement(), draw.enlarged(LETTER, factor, method)).raw == pytest.approx(dpi)


def test_repeated_pixels_and_one_enlarged_direction_are_found() -> None:
    assert answer(Enlargement(), draw.enlarged(LETTER, 2, "INTER_NEAREST")).raw == 150
    height, width = LETTER.shape[:2]
    low = cv().resize(LETTER, (width, height // 2), interpolation=cv().INTER_AREA)
    high = cv().resize(low, (width, height), interpolation=cv().INTER_CUBIC)
    assert answer(Enlargement(), high).raw == 150


def test_blur_compression_and_tables_are_no_enlargement() -> None:
    soft = cv().GaussianBlur(LETTER, (0, 0), 1.5)
    pages = [soft, cv().GaussianBlur(draw.table(4).scanned(), (0, 0), 1.5)]
    pages += [draw.of_jpeg(draw.jpeg(page, quality)) for page in (LETTER, soft) for quality in (15, 50, 85)]
    for page in pages:
        assert answer(Enlargement(), page).raw == 300


# -- what older measures make of these pages ------------------------------------------------------------------


def test_handwriting_on_squared_paper_is_no_blank_page() -> None:
    assert answer(Marks(), draw.squared(4).scanned(0)).raw >= 1


def test_a_picture_on_the_page_is_no_shadow() -> None:
    for seed in (100, 101):
        found = UnevenLight().assess(PageSample(draw.full_picture(seed).scanned(), DPI))
        assert isinstance(found, Unmeasured) or found.raw < 8


def test_paper_that_jpeg_has_smoothed_has_little_grain() -> None:
    assert answer(Noise(), draw.of_jpeg(draw.jpeg(LETTER, 85))).raw < 2
