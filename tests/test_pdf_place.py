"""The page of a PDF shows what the screen shows: the same size, every point in the same place."""

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from station.delivery.place import SIDE_MAX_PT, SIDE_MIN_PT, Place, place
from station.imaging import adjust, codec
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.quality import Region
from tests.pdf_records import coded

A4_300 = (2480, 3508)
DOT_PX = 9


def on_page(placed: Place, x: float, y: float) -> tuple[float, float]:
    """Where a place of the coded picture (fractions from its top left) lies, in points from bottom left."""
    a, b, c, d, e, f = placed.matrix
    over, up = x, 1 - y
    return a * over + c * up + e, b * over + d * up + f


def dotted(size: tuple[int, int], dot: tuple[int, int]) -> np.ndarray:
    """Draw a black dot on white around the middle of one pixel."""
    pixels = np.full((size[1], size[0]), 255, np.uint8)
    half = DOT_PX // 2
    pixels[dot[1] - half : dot[1] + half + 1, dot[0] - half : dot[0] + half + 1] = 0
    return pixels


def middle(pixels: np.ndarray) -> tuple[float, float]:
    """Where the black is, in pixels from the top left corner of the picture."""
    weight = 255.0 - pixels
    rows, columns = np.indices(pixels.shape)
    return ((columns + 0.5) * weight).sum() / weight.sum(), ((rows + 0.5) * weight).sum() / weight.sum()


def test_a_page_as_it_came_is_as_large_as_the_paper():
    placed = place(A4_300, (300.0, 300.0), AS_IT_CAME)
    # 2480 / 300 inch * 72 = 595.2 points
    assert (placed.width_pt, placed.height_pt) == pytest.approx((595.2, 841.92))
    assert placed.matrix == pytest.approx((595.2, 0, 0, 841.92, 0, 0))
    assert not placed.fitted


def test_a_quarter_turn_brings_the_left_side_to_the_top():
    placed = place(A4_300, (300.0, 300.0), Adjustment(turn=90))
    assert (placed.width_pt, placed.height_pt) == pytest.approx((841.92, 595.2))
    assert on_page(placed, 0, 0) == pytest.approx((841.92, 595.2))  # top left came to the top right
    assert on_page(placed, 0, 1) == pytest.approx((0, 595.2))  # bottom left to the top left
    assert on_page(placed, 1, 1) == pytest.approx((0, 0))


def test_the_crop_is_the_box_of_the_page():
    placed = place((1000, 2000), (100.0, 100.0), Adjustment(crop=Region(0.1, 0.2, 0.5, 0.4)))
    assert (placed.width_pt, placed.height_pt) == pytest.approx((500 * 0.72, 800 * 0.72))
    assert on_page(placed, 0.1, 0.2) == pytest.approx((0, 800 * 0.72))
    assert on_page(placed, 0.6, 0.6) == pytest.approx((500 * 0.72, 0))


def test_a_page_that_lay_askew_is_turned_back_about_its_middle():
    placed = place((1000, 2000), (72.0, 72.0), Adjustment(skew=5.0))
    assert on_page(placed, 0.5, 0.5) == pytest.approx((500, 1000))
    # A line that fell to the right by 5 degrees in the picture is level on the page.
    begin = on_page(placed, 0.5, 0.5)
    end = on_page(placed, 0.5 + 400 * cos(radians(5)) / 1000, 0.5 + 400 * sin(radians(5)) / 2000)
    assert end == pytest.approx((begin[0] + 400, begin[1]))


def test_two_resolutions_keep_the_shape_of_the_paper():
    placed = place((1728, 1145), (204.0, 98.0), Adjustment(turn=270))  # a fax in its standard resolution
    assert (placed.width_pt, placed.height_pt) == pytest.approx((1145 / 98 * 72, 1728 / 204 * 72))


@pytest.mark.parametrize(
    ("size", "page"),
    [
        ((3000, 2000), (841.89, 561.26)),  # landscape A4: 841.89 * 2 / 3 high
        ((1000, 4000), (210.47, 841.89)),
        ((1, 20_000), (3.0, 841.89)),
    ],
)
@pytest.mark.parametrize("dpi", [None, (0.01, 0.01), (1e6, 1e6), (300.0, 0.0)])
def test_without_a_possible_size_a_page_fits_on_a4(size: tuple[int, int], page: tuple[float, float], dpi):
    placed = place(size, dpi, AS_IT_CAME)
    assert placed.fitted
    assert (placed.width_pt, placed.height_pt) == pytest.approx(page, abs=0.01)


@pytest.mark.parametrize(
    "adjustment",
    [
        AS_IT_CAME,
        *(Adjustment(turn=turn) for turn in (90, 180, 270)),
        *(Adjustment(turn=turn, skew=5.0, crop=Region(0.1, 0.05, 0.8, 0.85)) for turn in (0, 90, 180, 270)),
        Adjustment(skew=-12.5),
        Adjustment(turn=90, skew=-3.0, crop=Region(-0.02, -0.03, 1.04, 1.06)),
        Adjustment(crop=Region(-0.2, 0.123, 0.9, 0.777)),
        Adjustment(turn=180, skew=45.0, crop=Region(0.2, 0.2, 0.6, 0.6)),
    ],
)
def test_a_dot_lies_on_the_page_where_it_lies_on_the_screen(adjustment: Adjustment):
    size = (401, 602)
    for dot in ((200, 300), (180, 230), (230, 380)):
        shown = adjust.shown(dotted(size, dot), adjustment)
        placed = place(size, (72.0, 72.0), adjustment)  # one point is one pixel

        assert (placed.width_pt, placed.height_pt) == pytest.approx(shown.shape[::-1])
        x, y = on_page(placed, (dot[0] + 0.5) / size[0], (dot[1] + 0.5) / size[1])
        assert (x, placed.height_pt - y) == pytest.approx(middle(shown), abs=0.1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_says_how_it_lies_is_shown_upright(kind: str, orientation: int):
    exif = Image.Exif()
    exif[0x0112] = orientation
    size, dot = (120, 200), (30, 50)
    data = coded(Image.fromarray(dotted(size, dot)), kind, exif=exif)
    upright = codec.decode(data).pixels
    assert codec.orientation(data) == orientation
    for adjustment in (AS_IT_CAME, Adjustment(turn=90, skew=4.0, crop=Region(0.05, 0.05, 0.9, 0.9))):
        shown = adjust.shown(upright, adjustment)
        placed = place(upright.shape[::-1], (72.0, 72.0), adjustment, orientation)

        assert (placed.width_pt, placed.height_pt) == pytest.approx(shown.shape[::-1])
        x, y = on_page(placed, (dot[0] + 0.5) / size[0], (dot[1] + 0.5) / size[1])
        assert (x, placed.height_pt - y) == pytest.approx(middle(shown), abs=0.2)


fractions = st.floats(-0.1, 0.8)


@given(
    size=st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)),
    turn=st.sampled_from((0, 90, 180, 270)),
    skew=st.one_of(st.just(0.0), st.floats(-45, 45)),
    crop=st.one_of(st.none(), st.builds(Region, fractions, fractions, st.floats(0.01, 1), st.floats(0.01, 1))),
    dpi=st.one_of(st.none(), st.tuples(st.floats(1, 2400), st.floats(1, 2400))),
)
def test_every_page_has_the_shape_of_the_screens_and_a_size_that_readers_take(size, turn, skew, crop, dpi):
    adjustment = Adjustment(turn, skew, crop)
    placed = place(size, dpi, adjustment)
    across, down = adjust.size_shown(adjustment, size)
    seen = adjust.dpi_shown(adjustment, dpi)
    if not placed.fitted and seen is not None:
        assert (placed.width_pt, placed.height_pt) == pytest.approx(
            (across * 72 / seen[0], down * 72 / seen[1])
        )
    assert all(SIDE_MIN_PT <= side <= SIDE_MAX_PT for side in (placed.width_pt, placed.height_pt))
