"""Fields of a zone cut out of the page: upright, level, in colour, whatever way the page lay."""

from math import cos, radians, sin

import numpy as np
import pytest

from station.imaging.cv import cv
from station.model.document import MrzCell
from station.reading.mrz_optical import read
from station.reading.mrz_strip import strip
from tests import mrz_pages
from tests.mrz_papers import TODAY
from tests.mrz_type import write

CELL, HIGH = 20, 30
COLOURS = np.array([[200, 30, 30], [30, 200, 30], [30, 30, 200], [200, 200, 30], [30, 200, 200], [200, 30, 99]])


def row_of_cells(angle=0.0, bow=0.0):
    """Return a page on which each cell is one colour, and its cells; `bow` px that the ends hang lower."""
    direction = np.array([cos(radians(angle)), sin(radians(angle))])
    normal = np.array([-direction[1], direction[0]])
    page = np.full((400, 400, 3), 255, np.uint8)
    cells, count = [], len(COLOURS)
    for number in range(count):
        corners = []
        for along, aside in ((0, -0.5), (1, -0.5), (1, 0.5), (0, 0.5)):
            place = number + along - count / 2
            hanging = bow * (2 * place / count) ** 2
            corners.append((200, 200) + direction * place * CELL + normal * (aside * HIGH + hanging))
        cv().fillConvexPoly(page, np.round(corners).astype(np.int32), COLOURS[number].tolist())
        cells.append(MrzCell("A", 1.0, tuple(tuple(map(float, corner)) for corner in corners)))
    return page, cells


def colours_of(picture, count):
    """Return the colours in the middle of each cell; half a cell of margin stands on either side."""
    height, width = picture.shape[:2]
    columns = ((np.arange(count) + 1) / (count + 1) * width).astype(int)
    return picture[height // 2, columns].astype(int)


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 180.0, -135.0])
@pytest.mark.parametrize("bow", [0.0, 15.0])
def test_cells_come_out_in_a_row_whatever_way_they_lay(angle, bow):
    page, cells = row_of_cells(angle, bow)
    picture = strip(page, cells)
    assert picture.shape[0] == 48
    assert np.abs(colours_of(picture, len(cells)) - COLOURS).max() < 12
    margins = picture[2, :], picture[-3, :], picture[:, 4], picture[:, -5]
    assert all((edge > 240).all() for edge in margins)


def test_the_picture_has_the_shape_of_the_cells_with_their_margin():
    page, cells = row_of_cells()
    # Height 48 for 30 px and 0.35 of them on both sides; width 6 cells of 20 px and half a one on both sides.
    assert strip(page, cells).shape == (48, round(7 * 20 * 48 / 51), 3)
    assert strip(page, cells[2:3], 96).shape == (96, round(2 * 20 * 96 / 51), 3)
    assert strip(page[..., 0], cells).ndim == 2


def test_cells_at_and_beyond_the_edge_of_the_page_are_white_there():
    page, cells = row_of_cells()
    picture = strip(np.ascontiguousarray(page[:, :200]), cells)
    assert np.abs(colours_of(picture, 6)[:3] - COLOURS[:3]).max() < 12
    assert (colours_of(picture, 6)[3:] == 255).all()
    assert (strip(page[:50, :50], cells) == 255).all()


@pytest.mark.parametrize("corners", [((5.0, 5.0),) * 4, ((float("nan"), 0.0),) * 4])
def test_cells_of_no_size_give_one_white_pixel(corners):
    page, _ = row_of_cells()
    assert strip(page, [MrzCell("A", 1.0, corners)]).tolist() == [[[255, 255, 255]]]
    assert strip(page[..., 0], []).tolist() == [[255]]


def test_a_coarse_page_is_enlarged_four_times_at_the_most():
    page, cells = row_of_cells()
    small = [MrzCell("A", 1.0, tuple((x / 10, y / 10) for x, y in cell.corners)) for cell in cells]
    assert strip(page, small).shape[0] == round(3 * 1.7 * 4)


def test_a_field_of_a_real_reading_shows_its_glyphs():
    page = np.full((400, 1100, 3), 240, np.float32)
    mrz = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    for row, text in enumerate(mrz):
        write(page, text, 10, 20 + 6.35 * row, 200)
    page = mrz_pages.finish(page, np.random.default_rng(1), 1)
    cells = read(page, today=TODAY, budget_s=60.0).cells[1][:9]
    picture = strip(page, cells)
    # Each glyph has ink in the middle of its cell, and paper stands between two.
    inked = (picture.min(2) < 130).any(0)
    cell = picture.shape[1] / 10
    middles, between = (np.arange(9) + 1) * cell, (np.arange(10) + 0.5) * cell
    assert all(inked[round(x - 0.2 * cell) : round(x + 0.2 * cell)].any() for x in middles)
    assert not any(inked[round(x)] for x in between)
    assert not (picture[[2, -3]].min(2) < 130).any()
