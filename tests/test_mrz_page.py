"""Where the document lies is told by its lines: arithmetic of ICAO 9303-4, drawn at 10 px a millimetre."""

import pytest

from station.model.document import MrzCell, MrzFormat
from station.reading.mrz_page import AROUND_MM, region

PX = 10.0


def line(left_mm: float, middle_mm: float, count: int = 44) -> list[MrzCell]:
    """Return the cells of a level line whose first character stands at this place."""
    cells = []
    for number in range(count):
        x, y = (left_mm + number * 2.54) * PX, middle_mm * PX
        corners = ((x, y - 12), (x + 25.4, y - 12), (x + 25.4, y + 12), (x, y + 12))
        cells.append(MrzCell("<", 1.0, corners))
    return cells


def turned(cells: list[MrzCell], width: float) -> list[MrzCell]:
    """Turn cells by a quarter, clockwise, on a page of this height."""
    return [MrzCell(c.char, c.posterior, tuple((width - y, x) for x, y in c.corners)) for c in cells]


def test_a_passport_on_a_letter_is_cut_out_with_a_little_room() -> None:
    """A TD3 page of 125 x 88 mm at 20, 200 mm on A4: its lowest line stands 9.4 mm above its lower edge."""
    cells = [line(26, 200 + 88 - 15.75), line(26, 200 + 88 - 9.4)]
    found = region(MrzFormat.TD3, cells, (2100, 2970))
    assert found is not None
    assert found.left * 210 == pytest.approx(20 - AROUND_MM, abs=0.1)
    assert found.top * 297 == pytest.approx(200 - AROUND_MM, abs=0.1)
    assert found.width * 210 == pytest.approx(125 + 2 * AROUND_MM, abs=0.1)
    assert found.height * 297 == pytest.approx(88 + 2 * AROUND_MM, abs=0.1)


def test_a_page_that_lies_across_is_cut_out_across() -> None:
    cells = [turned(line(26, 200 + 88 - 9.4), 2970)]
    found = region(MrzFormat.TD3, cells, (2970, 2100))
    assert found is not None
    assert found.width * 297 == pytest.approx(88 + 2 * AROUND_MM, abs=0.1)
    assert found.height * 210 == pytest.approx(125 + 2 * AROUND_MM, abs=0.1)


def test_a_document_at_the_edge_is_cut_at_the_edge() -> None:
    found = region(MrzFormat.TD3, [line(6, 78.6)], (2100, 2970))
    assert found is not None
    assert (found.left, found.top) == (0, 0)


def test_a_picture_of_the_document_alone_stays_whole() -> None:
    assert region(MrzFormat.TD3, [line(13, 7 + 78.6)], (1390, 1020)) is None


@pytest.mark.parametrize("cells", [[], [[]], [line(6, 70, 1)], [line(6, 70, 1) * 2]])
def test_without_a_line_there_is_no_document(cells: list[list[MrzCell]]) -> None:
    assert region(MrzFormat.TD3, cells, (100, 100)) is None
