"""More measures of pages, on drawn pages whose truth is arithmetic: angles, sigmas, millimetres, light."""

import numpy as np
import pytest

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality import lightness
from station.quality.measure import Measure, Measured, Unmeasured
from station.quality.page.blank import Marks
from station.quality.page.cut_edge import CutEdge
from station.quality.page.noise import Noise
from station.quality.page.shadow import UnevenLight
from station.quality.page.skew import Skew
from station.quality.sample import PageSample

ALL: tuple[Measure[PageSample], ...] = (Noise(), Skew(), CutEdge(), Marks(), UnevenLight())
DPI = (300.0, 300.0)
A5 = (2480, 1748)  # 210 x 148 mm at 300 dpi
MM = 300 / 25.4
LEFT = 160
WORDS = (
    "KHEFLTI",
    "umbrella",
    "minutes",
    "Hamlet",
    "often",
    "Dublin",
    "LATE",
    "fifth",
    "element",
    "NINE",
    "child",
)


def written(ink: int = 20, paper: int = 240, shape: tuple[int, int] = A5) -> Pixels:
    """A page of drawn words, each line beginning with an upright stroke at LEFT; strokes 4 px wide."""
    page = np.full(shape, paper, np.uint8)
    for line, top in enumerate(range(240, shape[0] - 240, 61)):
        words = " ".join(WORDS[(line * 5 + n) % len(WORDS)] for n in range(7))
        page[top - 26 : top, LEFT : LEFT + 4] = ink
        text = words[: int((shape[1] - 2 * LEFT) / 30)]
        cv().putText(page, text, (LEFT + 20, top), cv().FONT_HERSHEY_SIMPLEX, 1.2, ink, 4, cv().LINE_AA)
    return page


def turned(page: Pixels, clockwise: float, paper: int = 240) -> Pixels:
    height, width = page.shape
    # OpenCV turns against the clock; the middle of the picture stays.
    matrix = cv().getRotationMatrix2D((width / 2, height / 2), -clockwise, 1)
    result: Pixels = cv().warpAffine(page, matrix, (width, height), flags=cv().INTER_CUBIC, borderValue=paper)
    return result


def grainy(page: Pixels, sigma: float, seed: int = 7) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, sigma, page.shape)
    return np.clip(np.rint(page + noise), 0, 255).astype(np.uint8)


def lit(page: Pixels, light: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Pixels:
    """The page under this share of the light: multiplied in linear light, back to the nearest code value."""
    return np.interp(lightness.LINEAR[page] * light, lightness.LINEAR, np.arange(256)).round().astype(np.uint8)


def answer(measure: Measure[PageSample], page: Pixels, dpi: tuple[float, float] | None = DPI) -> Measured:
    found = measure.assess(PageSample(page, dpi))
    assert isinstance(found, Measured), found
    return found


def reason(measure: Measure[PageSample], page: Pixels, dpi: tuple[float, float] | None = DPI) -> str:
    found = measure.assess(PageSample(page, dpi))
    assert isinstance(found, Unmeasured), found
    return found.reason


# -- skew -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [-9.5, -3.0, -0.35, 0.0, 0.13, 1.05, 5.25, 12.0])
def test_the_skew_is_the_angle_by_which_the_page_was_turned(angle: float) -> None:
    assert answer(Skew(), grainy(turned(written(), angle), 3)).raw == pytest.approx(angle, abs=0.1)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_on_its_side_or_head_is_as_skew_as_an_upright_one(quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(turned(written(), 1.3), quarters))
    assert answer(Skew(), page).raw == pytest.approx(1.3, abs=0.1)


def test_the_skew_is_that_of_the_paper_where_the_scale_differs_both_ways() -> None:
    wide = cv().resize(turned(written(), 2), None, fx=2, fy=1, interpolation=cv().INTER_LINEAR)
    assert answer(Skew(), wide, (600.0, 300.0)).raw == pytest.approx(2, abs=0.1)


def test_a_page_without_lines_has_no_skew() -> None:
    empty = grainy(np.full(A5, 240, np.uint8), 4)
    assert reason(Skew(), empty) == "no_text"
    cv().line(empty, (300, 900), (900, 940), 200, 4)
    assert reason(Skew(), empty) == "no_text"


def test_an_angle_beyond_the_range_is_not_taken_for_its_end() -> None:
    assert reason(Skew(), turned(written(), 20)) == "no_text"


# -- noise ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [1.0, 2.0, 4.0, 8.0])
def test_noise_is_the_sigma_of_the_grain_beside_print_and_in_shadow(sigma: float) -> None:
    ramp = np.linspace(1, 0.7, A5[0])[:, np.newaxis]
    for page in (written(paper=225), lit(written(paper=225), ramp)):
        assert answer(Noise(), grainy(page, sigma)).raw == pytest.approx(sigma, rel=0.1)


def test_noise_of_one_colour_counts_by_its_part_in_the_luminance() -> None:
    # ITU-R BT.601: green is 0.587 of the luminance.
    colour = np.full((*A5, 3), 225, np.uint8)
    colour[..., 1] = grainy(colour[..., 1], 6)
    assert answer(Noise(), colour).raw == pytest.approx(0.587 * 6, rel=0.1)


def test_grain_cannot_be_seen_on_burnt_paper_nor_where_nothing_is_flat() -> None:
    assert reason(Noise(), np.full(A5, 255, np.uint8)) == "no_flat_paper"
    assert reason(Noise(), grainy(np.full(A5, 255, np.uint8), 4)) == "no_flat_paper"
    # Upright lines two pixels wide, everywhere: never a flat place.
    assert reason(Noise(), np.tile(np.array([90, 90, 210, 210, 90], np.uint8), (600, 200))) == "no_flat_paper"


# -- cut edge -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", range(4))
@pytest.mark.parametrize("gap_mm", [0.0, 1.0, 1.5, 3.0])
def test_the_gap_between_print_and_frame_is_told_on_every_side(gap_mm: float, side: int) -> None:
    page = np.rot90(written()[:, LEFT - round(gap_mm * MM) :], -side)
    found = answer(CutEdge(), np.ascontiguousarray(page))
    assert found.raw == pytest.approx(gap_mm, abs=0.3)
    assert found.region is not None
    across, down = found.region.left + found.region.width / 2, found.region.top + found.region.height / 2
    assert (across, down, 1 - across, 1 - down)[side] < 0.05


def test_a_frame_through_the_glyphs_leaves_no_gap() -> None:
    assert answer(CutEdge(), written()[:, LEFT + 150 :]).raw == 0
    assert answer(CutEdge(), written()[230:]).raw == 0


def test_a_side_where_we_cut_the_picture_cuts_no_print() -> None:
    page = written()[:, LEFT - round(1 * MM) :]
    at_our_cut = CutEdge().assess(PageSample(page, DPI, frame=(False, True, True, True)))
    assert isinstance(at_our_cut, Measured) and at_our_cut.raw > 5
    nowhere = CutEdge().assess(PageSample(page, DPI, frame=(False, False, False, False)))
    assert nowhere == Unmeasured("edges_in_sight")


def test_dark_rims_rules_and_two_specks_cut_no_page() -> None:
    page = written()
    page[:, :12] = 60
    page[1000:1006] = 20
    for top in (500, 900):
        page[top : top + 14, 20:34] = 20
    assert answer(CutEdge(), page).raw == pytest.approx(LEFT / MM, abs=0.3)


def test_millimetres_need_a_resolution_and_print() -> None:
    assert reason(CutEdge(), written(), None) == "unknown_resolution"
    assert reason(CutEdge(), grainy(np.full(A5, 240, np.uint8), 4)) == "no_text"


# -- blank ----------------------------------------------------------------------------------------------------


def empty(paper: int = 240, sigma: float = 3) -> Pixels:
    return grainy(np.full(A5, paper, np.uint8), sigma)


@pytest.mark.parametrize("sigma", [0.0, 2.0, 5.0])
@pytest.mark.parametrize("paper", [255, 240, 170])
def test_an_empty_page_has_no_marks(paper: int, sigma: float) -> None:
    found = answer(Marks(), empty(paper, sigma))
    assert (found.raw, found.region) == (0, None)


def test_holes_streaks_rims_and_shadows_are_no_marks() -> None:
    page = lit(empty(sigma=0), np.linspace(1, 0.75, A5[1]))
    for middle in (850, 1795):  # ISO 838: 6 mm wide, 12 mm from the edge, 80 mm apart
        cv().circle(page, (round(12 * MM), middle), round(3 * MM), 30, -1)
    page[:, 1200:1204] = 90
    page[:, : round(2 * MM)] = 40
    assert answer(Marks(), grainy(page, 3)).raw == 0


def test_a_faint_line_of_pencil_is_a_mark_and_shown() -> None:
    page = np.full(A5, 240, np.uint8)
    # Grey 200 on 240 is 80.6 on 94.8 in L*: 14 darker.
    cv().line(page, (600, 1200), (1000, 1230), 200, 6)
    found = answer(Marks(), grainy(page, 2))
    assert 1 <= found.raw <= 3 and found.region is not None
    assert found.region.left == pytest.approx(600 / A5[1], abs=0.005)
    assert found.region.width == pytest.approx(400 / A5[1], abs=0.01)
    # Grey 222 is 88.4: 6 darker, as print that shines through from the back.
    page = np.full(A5, 240, np.uint8)
    cv().line(page, (600, 1200), (1000, 1230), 222, 6)
    assert answer(Marks(), grainy(page, 2)).raw == 0


def test_each_digit_of_a_lone_page_number_is_a_mark() -> None:
    page = empty()
    cv().putText(page, "12", (850, 2350), cv().FONT_HERSHEY_SIMPLEX, 1.2, 60, 4, cv().LINE_AA)
    assert answer(Marks(), page).raw == 2


def test_a_solid_picture_is_a_mark_and_a_dark_lid_is_none() -> None:
    page = empty()
    page[600:1400, 400:1300] = 90
    assert answer(Marks(), page).raw == 1
    lid = np.full(A5, 12, np.uint8)
    lid[300:1400, 200:1500] = 235
    assert answer(Marks(), grainy(lid, 2)).raw == 0


# -- uneven light ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.15, 0.30, 0.50])
@pytest.mark.parametrize("across", [True, False])
def test_a_shadow_is_the_light_that_is_missing(share: float, across: bool) -> None:
    length = A5[1] if across else A5[0]
    ramp = np.linspace(1, 1 - share, length)
    found = answer(UnevenLight(), grainy(lit(written(), ramp if across else ramp[:, np.newaxis]), 2))
    # Cells of 8 mm: half a cell at each end does not show.
    assert found.raw == pytest.approx(100 * share, abs=1 + 100 * share * 2 * 96 / length)
    assert found.region is not None
    if share:
        assert (found.region.left if across else found.region.top) > 0.9


def test_the_shadow_is_the_papers_and_not_that_of_lid_or_pictures() -> None:
    lid = np.full((2400, 1800), 12, np.uint8)
    lid[300:1340, 300:1780] = lit(np.full((1040, 1480), 235, np.uint8), np.linspace(1, 0.8, 1480))
    assert answer(UnevenLight(), lid).raw == pytest.approx(20, abs=3)
    page = written()
    page[1800:2300, 200:900] = 120
    assert answer(UnevenLight(), page).raw == pytest.approx(0, abs=2)


def test_a_picture_without_light_or_too_small_is_not_judged() -> None:
    assert reason(UnevenLight(), np.zeros(A5, np.uint8)) == "no_flat_paper"
    assert reason(UnevenLight(), written()[:100, :100]) == "no_flat_paper"


# -- all of them ----------------------------------------------------------------------------------------------


def test_each_measure_stays_quiet_on_the_faults_of_the_others() -> None:
    clean = {"noise": 2.0, "skew": 0.0, "cut_edge": LEFT / MM, "uneven_light": 0.0}
    near = {"noise": 0.3, "skew": 0.15, "cut_edge": 0.4, "uneven_light": 4.0}
    ramp = np.linspace(1, 0.7, A5[0])[:, np.newaxis]
    faulty = {
        "": grainy(written(), 2),
        "noise": grainy(written(), 6),
        "skew": grainy(turned(written(), 4), 2),
        "cut_edge": grainy(written()[:, LEFT:], 2),
        "uneven_light": grainy(lit(written(), ramp), 2),
        "contrast": grainy(written(150, 240), 2),
    }
    for fault, page in faulty.items():
        for measure in ALL:
            # A turned page does bring its corners nearer to the frame.
            if (
                measure.name in clean
                and measure.name != fault
                and (fault, measure.name) != ("skew", "cut_edge")
            ):
                found = answer(measure, page).raw
                assert found == pytest.approx(clean[measure.name], abs=near[measure.name]), (
                    fault,
                    measure.name,
                )
        assert answer(Marks(), page).raw > 500, fault


def test_colour_and_grey_of_one_page_get_the_same_answers() -> None:
    grey = grainy(written(), 2)
    colour = np.repeat(grey[..., np.newaxis], 3, axis=2)
    for measure in ALL:
        assert measure.assess(PageSample(colour, DPI)) == measure.assess(PageSample(grey, DPI)), measure.name


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (2, 700), (31, 32, 3), (40, 900), (260, 260)])
@pytest.mark.parametrize("dpi", [None, (1.0, 1.0), (72.0, 300.0), (1e5, 1e5)])
def test_no_picture_is_too_small_or_too_odd_to_be_answered(
    shape: tuple[int, ...], dpi: tuple[float, float] | None
) -> None:
    chance = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    for pixels in (chance, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)):
        for measure in ALL:
            found = measure.assess(PageSample(pixels, dpi))
            assert isinstance(found, Unmeasured) or np.isfinite(found.raw), measure.name
