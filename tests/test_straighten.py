"""Pages are found on the glass, straightened, cropped and turned; no stored pixel changes."""

from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from station.flow.straighten import propose
from station.imaging import adjust
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.document import Barcode, Certainty, MrzCell, Symbology
from station.model.image import MM_PER_INCH, Pixels
from station.model.quality import Region
from station.quality.sample import PageSample
from station.reading import page_edges
from station.reading.page_side import Paper, Sight
from tests.drawn_pages import LETTER, grainy, letter, on_glass, photograph

DPI = 150
SCALE = DPI / MM_PER_INCH
GLASS_MM = (210, 297)
CARD_MM = (85.6, 54.0)  # ISO/IEC 7810, ID-1
A5_MM = (148.0, 210.0)

shares = st.floats(0.05, 0.95)
adjustments = st.builds(
    Adjustment,
    turn=st.sampled_from((0, 90, 180, 270)),
    skew=st.one_of(st.just(0.0), st.floats(-15, 15)),
    crop=st.one_of(
        st.none(),
        st.builds(
            lambda left, top, width, height: Region(left, top, width * (1 - left), height * (1 - top)),
            st.floats(0, 0.4),
            st.floats(0, 0.4),
            st.floats(0.5, 1),
            st.floats(0.5, 1),
        ),
    ),
)


def sample(pixels: Pixels, dpi: tuple[float, float] = (DPI, DPI)) -> PageSample:
    return PageSample(pixels, dpi)


def found(pixels: Pixels) -> Paper | None:
    page = sample(pixels)
    paper = page_edges.find(page.thin, page.px_per_mm / page.step)
    return paper and paper.scaled(page.step / page.px_per_mm)


def assert_lies(
    paper: Paper | None, centre_mm: tuple[float, float], size_mm: tuple[float, float], angle: float
) -> None:
    assert paper is not None
    assert paper.angle == pytest.approx(angle, abs=0.2)
    assert hypot(paper.centre[0] - centre_mm[0], paper.centre[1] - centre_mm[1]) < 0.75
    assert paper.size == pytest.approx(size_mm, abs=1.5)  # half of it at each side


class TestHowItIsShown:
    """Straightened, cropped, turned: pixels and places."""

    def test_a_picture_without_adjustment_is_the_same_array(self) -> None:
        pixels = photograph((60, 40))
        assert adjust.shown(pixels, AS_IT_CAME) is pixels
        assert adjust.judged(pixels, AS_IT_CAME) is pixels

    @given(st.integers(1, 3), st.booleans())
    def test_turning_changes_no_pixel(self, quarters: int, colour: bool) -> None:
        pixels = np.random.default_rng(quarters).integers(0, 256, (7, 5, 3) if colour else (7, 5), np.uint8)
        turned = adjust.shown(pixels, Adjustment(turn=90 * quarters))
        assert np.array_equal(turned, np.rot90(pixels, -quarters))

    def test_four_quarter_turns_are_none(self) -> None:
        pixels = photograph((50, 70))
        turned = pixels
        for _ in range(4):
            turned = adjust.shown(turned, Adjustment(turn=90))
        assert np.array_equal(turned, pixels)
        assert Adjustment(turn=90).turned(270).is_none

    def test_cropping_alone_keeps_the_pixels(self) -> None:
        pixels = photograph((100, 200))
        assert np.array_equal(
            adjust.shown(pixels, Adjustment(crop=Region(0.1, 0.25, 0.5, 0.5))), pixels[50:150, 10:60]
        )

    def test_the_page_that_lay_clockwise_is_turned_back(self) -> None:
        pixels = np.full((300, 400), 255, np.uint8)
        pixels[140:160, 100:300] = 0
        askew = np.array(Image.fromarray(pixels).rotate(-8, Image.Resampling.BICUBIC, fillcolor=255))
        level = adjust.shown(askew, Adjustment(skew=8.0))
        assert level.shape == pixels.shape
        assert np.abs(level.astype(int) - pixels)[130:170].mean() < 8
        assert (level[120:132].min(), level[168:180].min()) > (250, 250)

    @settings(max_examples=60)
    @given(adjustments, shares, shares)
    def test_a_mark_lies_where_to_shown_says(self, adjustment: Adjustment, x: float, y: float) -> None:
        width, height = 320, 240
        pixels = np.full((height, width), 255, np.uint8)
        column, row = int(x * width), int(y * height)
        pixels[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
        judged, shown = adjust.judged(pixels, adjustment), adjust.shown(pixels, adjustment)
        assert shown.shape[::-1] == adjust.size_shown(adjustment, (width, height))
        rows, columns = np.nonzero(judged < 128)
        if len(rows) < 25 or np.count_nonzero(shown < 128) < 22:  # cut by the crop, or outside the shown part
            return
        region = Region(
            columns.min() / judged.shape[1],
            rows.min() / judged.shape[0],
            (np.ptp(columns) + 1) / judged.shape[1],
            (np.ptp(rows) + 1) / judged.shape[0],
        )
        there = adjust.to_shown(region, adjustment, (width, height))
        rows, columns = np.nonzero(shown < 128)
        slack = 1.5
        assert there.left * shown.shape[1] - slack <= columns.min()
        assert (there.left + there.width) * shown.shape[1] + slack >= columns.max() + 1
        assert there.top * shown.shape[0] - slack <= rows.min()
        assert (there.top + there.height) * shown.shape[0] + slack >= rows.max() + 1
        assert there.width * shown.shape[1] < 14
        assert there.height * shown.shape[0] < 14

    @given(st.sampled_from((0, 90, 180, 270)), st.floats(-15, 15), st.integers(400, 800))
    def test_the_judged_box_holds_the_shown_crop(self, turn: int, skew: float, height: int) -> None:
        adjustment = Adjustment(turn, skew, Region(0.25, 0.25, 0.5, 0.5))
        whole = adjust.to_shown(Region(0, 0, 1, 1), adjustment, (500, height))
        assert (whole.left, whole.top) == pytest.approx((0, 0), abs=1e-9)
        assert (whole.width, whole.height) == pytest.approx((1, 1), abs=1e-9)

    @settings(max_examples=30)
    @given(adjustments)
    def test_tiles_show_what_the_whole_shows(self, adjustment: Adjustment) -> None:
        pixels = photograph((300, 200))
        whole = adjust.shown(pixels, adjustment)
        tile = adjust.part(pixels, adjustment, Region(0.25, 0.5, 0.5, 0.25))
        height, width = whole.shape
        assert tile.shape == pytest.approx((height / 4, width / 2), abs=2)
        same = whole[height // 2 :, width // 4 :][: tile.shape[0], : tile.shape[1]].astype(int)
        assert np.abs(same - tile)[2:-2, 2:-2].mean() < 9  # a pixel apart at most, noise of 2

    def test_a_small_copy_looks_like_the_large_one(self) -> None:
        pixels = np.repeat(photograph((800, 1000))[:, :, None], 3, axis=2)
        adjustment = Adjustment(90, 3.0, Region(0.05, 0.04, 0.9, 0.92))
        small = adjust.shown(pixels, adjustment, 256)
        large = Image.fromarray(adjust.shown(pixels, adjustment))
        assert max(small.shape[:2]) == 256
        same = np.array(large.resize((small.shape[1], small.shape[0]), Image.Resampling.BOX))
        assert np.abs(same.astype(int) - small).mean() < 1.5
        assert adjust.shown(pixels, adjustment, 10_000).shape == adjust.shown(pixels, adjustment).shape

    def test_what_lies_outside_the_stored_picture_is_white(self) -> None:
        dark = np.zeros((100, 100), np.uint8)
        shown = adjust.shown(dark, Adjustment(skew=5.0, crop=Region(-0.1, -0.1, 1.2, 1.2)))
        assert (shown[0, 0], shown[60, 60]) == (255, 0)
        assert adjust.shown(dark, Adjustment(skew=5.0, crop=Region(2, 2, 0.5, 0.5))).min() == 255

    @pytest.mark.parametrize(
        ("turn", "sides"),
        [
            (0, (True, True, False, False)),
            (90, (False, True, True, False)),
            (180, (False, False, True, True)),
            (270, (True, False, False, True)),
        ],
    )
    def test_the_frame_knows_the_pictures_rim(self, turn: int, sides: tuple[bool, ...]) -> None:
        adjustment = Adjustment(turn=turn, crop=Region(0.0005, 0.0, 0.6, 0.7))
        assert adjust.frame(adjustment, (2480, 3508)) == sides
        assert adjust.frame(Adjustment(turn=turn), (2480, 3508)) == (True,) * 4

    def test_resolutions_turn_with_the_page(self) -> None:
        assert adjust.dpi_shown(Adjustment(90), (300, 150)) == (150, 300)
        assert adjust.dpi_shown(Adjustment(180), (300, 150)) == (300, 150)
        assert adjust.dpi_shown(Adjustment(90), None) is None


class TestThePaperOnTheGlass:
    """Found where it was laid, or not at all."""

    @pytest.mark.parametrize("lid", [8, 128, 204, 238])
    @pytest.mark.parametrize("angle", [0.0, 1.5, -6.0, 25.0])
    def test_a_receipt_is_found_against_any_lid(self, lid: int, angle: float) -> None:
        paper = found(on_glass(letter(), (102, 140), angle, lid))
        assert_lies(paper, (102, 140), A5_MM, angle)
        assert paper is not None and paper.sight is Sight.CLEAR

    def test_a_card_is_found(self) -> None:
        page = letter(CARD_MM, size_pt=6, repeat=1)
        assert_lies(found(on_glass(page, (70, 60), -7, 30)), (70, 60), CARD_MM, -7)

    def test_a_darker_page_is_found_on_a_bright_lid(self) -> None:
        page = letter((125, 88), repeat=1).point([round(v * 0.7) for v in range(256)])
        assert_lies(found(on_glass(page, (90, 90), 3, 240)), (90, 90), (125, 88), 3)

    @pytest.mark.parametrize("angle", [0.0, 2.0, -3.0])
    def test_a_white_page_is_found_by_its_shadow_on_a_white_lid(self, angle: float) -> None:
        paper = found(on_glass(letter(), (102, 140), angle, 251, shadow=3, noise=1))
        assert_lies(paper, (102, 140), A5_MM, angle)
        assert paper is not None and paper.sight is Sight.FAINT

    def test_a_page_in_the_corner_of_the_glass_ends_at_the_glass(self) -> None:
        for lid, shadow in ((20, 0), (251, 4)):
            paper = found(on_glass(letter(), (74, 105), 0, lid, shadow=shadow, noise=1))
            assert_lies(paper, (74, 105), A5_MM, 0)

    def test_torn_and_folded_corners_are_borne(self) -> None:
        pixels = on_glass(letter(), (102, 140), 0, 30).copy()
        top, left = round((140 - 105) * SCALE), round((102 - 74) * SCALE)
        for row in range(round(30 * SCALE)):
            pixels[top + row - 1, left - 1 : left + round(30 * SCALE) - row] = 30
        jag = np.random.default_rng(3).integers(0, round(4 * SCALE), round(210 * SCALE))
        right = round((102 + 74) * SCALE)
        for row, depth in enumerate(jag):
            pixels[top + row, right - depth : right + 1] = 30
        paper = found(pixels)
        assert paper is not None
        assert paper.angle == pytest.approx(0, abs=0.2)
        assert paper.size == pytest.approx(A5_MM, abs=1.5)

    def test_a_second_paper_is_never_cut_away(self) -> None:
        pixels = on_glass(letter(), (80, 110), 0, 128).copy()
        pixels[round(270 * SCALE) : round(280 * SCALE), round(150 * SCALE) : round(170 * SCALE)] = 250
        assert found(pixels) is None

    def test_print_on_a_white_page_without_edges_is_no_paper(self) -> None:
        assert found(on_glass(letter(), (102, 140), 0, 251)) is None
        framed = on_glass(letter(), (102, 140), 0, 251).copy()
        framed[100:103, 100:900] = framed[700:703, 100:900] = 90
        framed[100:700, 100:103] = framed[100:700, 897:900] = 90
        assert found(framed) is None

    @pytest.mark.parametrize("lid", [10, 204, 251])
    def test_an_empty_glass_and_a_full_one_have_no_paper(self, lid: int) -> None:
        empty = np.full((1754, 1240), lid, np.uint8)
        assert found(grainy(empty, 1.5)) is None
        assert found(on_glass(letter(GLASS_MM, size_pt=11), (105, 148.5), 0, lid)) is None

    def test_tiny_pictures_have_no_paper(self) -> None:
        for shape in ((1, 1), (3, 700), (40, 40)):
            assert found(np.zeros(shape, np.uint8)) is None


class TestWhatIsProposed:
    """Straight, alone and upright; as it came where there is doubt."""

    @pytest.mark.parametrize(("angle", "turn"), [(2.5, 0), (-3.0, 90), (1.0, 180), (-4.0, 270)])
    def test_a_page_on_a_dark_lid_is_shown_straight_alone_and_upright(self, angle: float, turn: int) -> None:
        page = letter((130, 130), words=tuple(line[:56] for line in LETTER), repeat=2)
        pixels = on_glass(page.rotate(turn, expand=True), (100, 120), angle, 40)
        before = pixels.copy()
        proposed = propose(sample(pixels), ())
        assert np.array_equal(pixels, before)
        assert proposed.skew == pytest.approx(angle, abs=0.2)
        assert proposed.turn == turn
        assert adjust.size_shown(proposed, pixels.shape[::-1]) == pytest.approx((130 * SCALE,) * 2, abs=10)
        shown = adjust.shown(pixels, proposed)
        rim = round(1.0 * SCALE)
        assert np.median(shown[rim], axis=0) > 200  # paper, not lid
        assert_alike(shown, np.array(page))

    def test_a_level_page_is_cropped_and_not_resampled(self) -> None:
        pixels = on_glass(letter(), (90, 120), 0.1, 60)
        proposed = propose(sample(pixels), ())
        assert proposed.skew == 0
        assert proposed.crop is not None
        assert np.array_equal(adjust.shown(pixels, proposed), adjust.judged(pixels, proposed))

    def test_without_edges_the_lines_of_print_tell_the_angle(self) -> None:
        level = letter(GLASS_MM, size_pt=10, repeat=5)
        pixels = grainy(np.array(level.rotate(-2, Image.Resampling.BICUBIC, fillcolor=251)), 1.5)
        proposed = propose(sample(pixels), ())
        assert proposed.skew == pytest.approx(2, abs=0.2)
        assert proposed.crop is None

    def test_ink_in_a_corner_keeps_its_room(self) -> None:
        level = letter(GLASS_MM, size_pt=10, repeat=5)
        pixels = np.array(level.rotate(-3, Image.Resampling.BICUBIC, fillcolor=251))
        pixels[-40:, -40:] = 0
        proposed = propose(sample(grainy(pixels, 1.5)), ())
        shown = adjust.shown(pixels, proposed)
        assert proposed.crop is not None
        assert np.sum(255.0 - shown[shown < 240]) == pytest.approx(
            np.sum(255.0 - pixels[pixels < 240]), rel=0.02
        )

    @pytest.mark.parametrize(
        "pixels",
        [
            grainy(np.full((1754, 1240), 250, np.uint8), 1.5),
            np.random.default_rng(1).integers(0, 256, (1754, 1240), np.uint8),
            photograph((1240, 1754)),
            np.zeros((2, 3), np.uint8),
            np.zeros((1, 1, 3), np.uint8),
        ],
        ids=["blank", "noise", "photograph", "tiny", "one pixel"],
    )
    def test_nothing_is_proposed_where_nothing_is_sure(self, pixels: Pixels) -> None:
        assert propose(sample(pixels), ()) == AS_IT_CAME
        assert propose(PageSample(pixels), ()) == AS_IT_CAME

    def test_unequal_resolutions_are_not_straightened(self) -> None:
        pixels = on_glass(letter(), (90, 120), 3, 60)
        proposed = propose(sample(pixels, (150, 300)), ())
        assert (proposed.skew, proposed.crop) == (0, None)

    def test_matrix_codes_tell_the_turn(self) -> None:
        blank = grainy(np.full((1754, 1240), 250, np.uint8), 1.5)
        corners = ((700.0, 400.0), (700.0, 500.0), (600.0, 500.0), (600.0, 400.0))  # reads downwards
        code = Barcode(Symbology.QR, b"x", Certainty.ACCEPTED, corners)
        assert propose(sample(blank), [code]).turn == 270
        assert propose(sample(blank), [replace(code, symbology=Symbology.CODE128)]).turn == 0
        assert propose(sample(blank), [replace(code, certainty=Certainty.UNSURE)]).turn == 0
        other = replace(code, corners=corners[1:] + corners[:1])
        assert propose(sample(blank), [code, other]).turn == 0

    def test_printed_lines_tell_the_turn_before_all(self) -> None:
        blank = grainy(np.full((1754, 1240), 250, np.uint8), 1.5)
        upside_down = [
            MrzCell("<", 1.0, ((x, 300.0), (x - 20.0, 300.0), (x - 20.0, 270.0), (x, 270.0)))
            for x in range(900, 100, -26)
        ]
        code = Barcode(Symbology.QR, b"x", Certainty.ACCEPTED, ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)))
        assert propose(sample(blank), [code], [upside_down]).turn == 180


def assert_alike(shown: Pixels, page: Pixels) -> None:
    """The shown page is the drawn one, within a millimetre of place."""
    sizes = (65, 65)
    one, other = (
        np.array(Image.fromarray(part).resize(sizes, Image.Resampling.BOX)).astype(int)[3:-3, 3:-3]
        for part in (shown, page)
    )
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.8
