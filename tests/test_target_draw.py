"""A target drawn in pixels: exact areas, true colours, readable symbols, at any resolution."""

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from station.calibration import draw as drawing
from station.calibration.draw import coverage, draw
from station.calibration.label import text_of
from station.calibration.layouts import FOLDER, load_layouts
from station.imaging.cv import cv
from station.model.document import Symbology
from station.model.image import Pixels
from station.model.target import Dot, PatchKind, SlantedSquare, TargetKind, TargetLabel, TargetLayout
from station.reading import barcode
from station.settings import resources_dir

LAYOUTS = load_layouts(resources_dir() / FOLDER)
SHEET, CARD = LAYOUTS[TargetKind.A4], LAYOUTS[TargetKind.CARD]
LABEL = TargetLabel(TargetKind.A4, "1", "S-0001", "0123456789ab", "20270131")
CARD_LABEL = replace(LABEL, kind=TargetKind.CARD)

Areas = NDArray[np.float64]


def bare(*, squares: tuple[SlantedSquare, ...] = (), dots: tuple[Dot, ...] = ()) -> TargetLayout:
    """Return a card with nothing but the symbol and what is given."""
    return replace(
        CARD, fiducials=(), markers=(), squares=squares, patches=(), dots=dots, rulers=()
    )  # fmt: skip


def light(pixels: Pixels) -> Areas:
    """Decode sRGB (IEC 61966-2-1)."""
    coded = pixels / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def clipped(corners: list[tuple[float, float]], left: int, top: int) -> float:
    """Return the area of a convex polygon in one pixel, clipped side by side (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, left, 1), (0, left + 1, -1), (1, top, 1), (1, top + 1, -1)):
        kept: list[tuple[float, float]] = []
        for at, end in enumerate(corners):
            begin = corners[at - 1]
            inside, before = (sign * (point[axis] - limit) >= 0 for point in (end, begin))
            if inside != before:
                share = (limit - begin[axis]) / (end[axis] - begin[axis])
                kept.append((begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])))
            if inside:
                kept.append(end)
        corners = kept
    return (
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, corners[1:] + corners[:1], strict=True))) / 2
    )


# -- areas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_polygon_covers_each_pixel_by_the_area_that_clipping_gives(seed: int) -> None:
    chance = np.random.default_rng(seed)
    turn = np.sort(chance.uniform(0, 2 * pi, 3 + seed))
    corners = np.stack([np.cos(turn), np.sin(turn)], axis=1) * chance.uniform(0.3, 7.5) + chance.uniform(
        8, 9, 2
    )
    found = coverage(corners, slice(0, 17), slice(0, 17))
    points = [(float(x), float(y)) for x, y in corners]
    expected = [[clipped(points, column, row) for column in range(17)] for row in range(17)]
    assert np.abs(found - expected).max() < 1e-9


def test_corners_and_edges_on_pixel_borders_are_no_special_case() -> None:
    corners = np.array([(2.0, 1.0), (6.0, 1.0), (6.0, 5.0), (2.0, 5.0)])
    expected = np.zeros((8, 8))
    expected[1:5, 2:6] = 1
    assert (coverage(corners, slice(0, 8), slice(0, 8)) == expected).all()
    assert (coverage(corners[::-1], slice(0, 8), slice(0, 8)) == expected).all()
    diamond = np.array([(4.0, 1.0), (7.0, 4.0), (4.0, 7.0), (1.0, 4.0)])
    assert coverage(diamond, slice(0, 8), slice(0, 8)).sum() == pytest.approx(18)  # 6 * 6 / 2
    assert coverage(diamond, slice(0, 8), slice(0, 8))[1, 3] == pytest.approx(0.5)


def test_a_polygon_is_cut_at_the_field_that_is_asked_for() -> None:
    corners = np.array([(-3.3, 2.1), (12.7, -4.2), (15.1, 14.6), (1.2, 11.9)])
    whole = coverage(corners, slice(-6, 16), slice(-6, 18))
    assert np.allclose(coverage(corners, slice(0, 9), slice(2, 10)), whole[6:15, 8:16])


@pytest.mark.parametrize("dpi", [60, 211.7, 300, 600])
def test_ink_covers_the_area_of_its_shapes(dpi: float) -> None:
    square = SlantedSquare("one", (30.1, 30.2), 9.0, 5.0)
    white = SlantedSquare("two", (60.3, 30.7), 8.0, -5.0, 14.0)
    dot = Dot("three", (45.123, 45.321), 2.0)
    ring = Dot("four", (20.4, 45.6), 2.0, ring=True)
    without = light(draw(bare(), CARD_LABEL, dpi, colour=False))
    drawn = light(draw(bare(squares=(square, white), dots=(dot, ring)), CARD_LABEL, dpi, colour=False))
    scale = dpi / 25.4
    # Coding rounds each pixel of an edge by half a level, 0.0044 of its light at most; along a straight edge
    # all of them alike, but not along every edge the same way.
    edges_px = 4 * (9.0 + 14.0 + 8.0) * scale
    ink = 9.0**2 + (14.0**2 - 8.0**2) + pi * 1.0**2 + pi * (1.0**2 - 0.5**2)
    assert (without - drawn).sum() == pytest.approx(ink * scale**2, abs=0.001 * edges_px)


@pytest.mark.parametrize("dpi", [100, 600])
def test_a_dot_lies_where_the_sheet_says(dpi: float) -> None:
    at = (45.123, 30.321)
    drawn = 1 - light(draw(bare(dots=(Dot("one", at, 2.0),)), CARD_LABEL, dpi, colour=False))
    drawn[: round(15 * dpi / 25.4)] = 0  # the symbol
    rows, columns = np.indices(drawn.shape)
    centre = ((drawn * columns).sum() / drawn.sum(), (drawn * rows).sum() / drawn.sum())
    # A sheet point lies at X * dpi / 25.4 - 0.5: pixel centres are whole numbers.
    assert centre == pytest.approx([mm * dpi / 25.4 - 0.5 for mm in at], abs=0.005)


def test_a_disc_covers_its_edge_pixels_as_a_fine_raster_finds() -> None:
    dpi, fine = 254.0, 64  # ten pixels a millimetre
    drawn = draw(bare(dots=(Dot("one", (45.123, 30.321), 2.0),)), CARD_LABEL, dpi, colour=False)
    part = light(drawn[288:319, 436:467])
    at = (np.arange(31 * fine) + 0.5) / fine
    inside = (at[None, :] + 436 - 451.23) ** 2 + (at[:, None] + 288 - 303.21) ** 2 <= 10.0**2
    share = inside.reshape(31, fine, 31, fine).mean(axis=(1, 3))
    assert np.abs((1 - part) - share).max() < 0.006  # half a level of 188 and the raster's own error


def test_light_is_mixed_and_then_coded() -> None:
    # At 101.6 dpi a millimetre has 4 px: the tick at 25 mm, 0.2 mm wide, covers 0.4 of the pixels 99 and 100.
    # 0.6 of the light is 1.055 * 0.6 ** (1 / 2.4) - 0.055 = 0.797738, or 203.4 of 255.
    drawn = draw(SHEET, LABEL, 101.6, colour=False)
    assert drawn[1164, 97:103].tolist() == [255, 255, 203, 203, 255, 255]


def test_seams_of_the_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    banded = draw(CARD, CARD_LABEL, 290)
    monkeypatch.setattr(drawing, "_ROWS", 77)
    assert (draw(CARD, CARD_LABEL, 290) == banded).all()


# -- what is drawn --------------------------------------------------------------------------------------------


def test_a_drawing_has_the_size_of_the_sheet() -> None:
    assert draw(SHEET, LABEL, 300).shape == (3508, 2480, 3)  # 297 and 210 mm
    assert draw(CARD, CARD_LABEL, 600, colour=False).shape == (1275, 2022)


@pytest.mark.parametrize("layout", [SHEET, CARD], ids=["a4", "card"])
def test_patches_have_their_colours_and_blanks_are_paper(layout: TargetLayout) -> None:
    drawn = draw(layout, replace(LABEL, kind=layout.kind), 200)
    scale = 200 / 25.4
    for patch in layout.patches:
        left, right = (round(at * scale) for at in (patch.left + 0.2, patch.left + patch.width - 0.2))
        top, bottom = (round(at * scale) for at in (patch.top + 0.2, patch.top + patch.height - 0.2))
        part = drawn[top:bottom, left:right]
        assert (part == (patch.design if patch.kind is not PatchKind.BLANK else 255)).all(), patch.id


def test_grey_is_the_luminance_of_colour() -> None:
    colour, grey = (draw(CARD, CARD_LABEL, 150, colour=wanted) for wanted in (True, False))
    expected = light(colour) @ (0.2126, 0.7152, 0.0722)
    assert np.abs(light(grey) - expected).max() < 0.009  # half a level of each


@pytest.mark.parametrize(("layout", "dpi"), [(SHEET, 150), (SHEET, 300), (CARD, 300), (CARD, 600)])
def test_the_symbol_reads_back(layout: TargetLayout, dpi: int) -> None:
    label = replace(LABEL, kind=layout.kind)
    codes = barcode.read(draw(layout, label, dpi))
    assert [code.text for code in codes if code.symbology is Symbology.DATAMATRIX] == [text_of(label)]


@pytest.mark.parametrize(("layout", "dpi"), [(SHEET, 150), (SHEET, 300), (CARD, 300)])
def test_the_markers_are_found_in_their_places(layout: TargetLayout, dpi: int) -> None:
    drawn = draw(layout, replace(LABEL, kind=layout.kind), dpi, colour=False)
    aruco = cv().aruco
    detector = aruco.ArucoDetector(aruco.getPredefinedDictionary(aruco.DICT_4X4_50))
    corners, ids, _ = detector.detectMarkers(drawn)
    middle = {
        int(number): quad.reshape(4, 2).mean(axis=0) for quad, number in zip(corners, ids.ravel(), strict=True)
    }
    assert set(middle) == {marker.id for marker in layout.markers}
    for marker in layout.markers:
        assert middle[marker.id] == pytest.approx([mm * dpi / 25.4 - 0.5 for mm in marker.centre], abs=1.0)


@pytest.mark.parametrize("dpi", [49, 1201, float("nan")])
def test_a_resolution_out_of_range_is_refused(dpi: float) -> None:
    with pytest.raises(ValueError, match="dpi out of range"):
        draw(CARD, CARD_LABEL, dpi)
