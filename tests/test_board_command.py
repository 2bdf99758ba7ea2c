"""The board for cameras as a PDF to print and as a PNG, with the side of its squares to be measured."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from station.calibration.camera.board import Board, boxes, draw_page, page_of
from station.calibration.camera.views import View, find_view
from station.delivery.board_pdf import board_pdf
from station.imaging import codec
from tests.commands import ask
from ui import console

BOARD = Board()
LETTER = 0.56
"""Of Helvetica's digits in its size; a line of digits, small letters and a few capitals is no wider."""


def test_a_png_holds_the_page_with_the_board_where_its_millimetres_say(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "board.png"
    status, (row,) = ask(capsys, "target", "--kind", "board", "--dpi", "100", "--out", path)
    assert status == console.DONE
    assert row == {
        "file": str(path), "kind": "board", "columns": 9, "rows": 6, "square_mm": 30.0, "width_mm": 297.0,
        "height_mm": 210.0, "dpi": 100, "width_px": 1169, "height_px": 827,
    }  # fmt: skip
    pixels = codec.decode(path.read_bytes()).pixels
    view = find_view(pixels, BOARD)
    assert isinstance(view, View)
    assert len(view.ids) == 8 * 5
    # 12 mm of white and 1.5 mm beside the sheet, which begins at a whole pixel.
    expected = (BOARD.corners[view.ids, :2] + (12, 12)) * 100 / 25.4 + (round(1.5 * 100 / 25.4) - 0.5, -0.5)
    assert np.abs(view.corners - expected).max() < 0.1


def test_the_note_is_written_clear_of_the_quiet_white() -> None:
    grey = draw_page(BOARD, 150)
    begin = round(193 * 150 / 25.4)
    rows, columns = np.nonzero(grey[begin:] < 128)
    top, bottom = (float(row + begin) * 25.4 / 150 for row in (rows.min(), rows.max()))
    left, right = (float(column) * 25.4 / 150 for column in (columns.min(), columns.max()))
    assert 192 + 10 < top < bottom < 210 - 3  # the ink ends at 192 mm
    assert 5 < left < right < 292


def test_a_pdf_is_the_board_in_true_millimetres_with_its_side_to_be_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "board.pdf"
    status, (row,) = ask(capsys, "target", "--kind", "board", "--out", path)
    assert status == console.DONE
    assert "dpi" not in row
    assert path.read_bytes() == board_pdf(BOARD)
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        (page,) = pdf.pages
        assert [float(side) for side in page.MediaBox] == pytest.approx(
            (0, 0, 297 * 72 / 25.4, 210 * 72 / 25.4)
        )
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert pdf.check_pdf_syntax() == []
        steps = pikepdf.parse_content_stream(page)
    drawn = [[float(n) for n in step.operands] for step in steps if str(step.operator) == "re"]
    assert len(drawn) == len(list(boxes(BOARD)))
    left, top, _, _ = drawn[0]
    assert (left, top) == pytest.approx((13.5, 12))  # the first square's corner
    said = next(bytes(step.operands[0]).decode() for step in steps if str(step.operator) == "Tj")
    assert "Side of a square: drawn 30 mm, measured ____" in said
    page_mm = page_of(BOARD)
    assert page_mm.begin[0] + len(said) * LETTER * page_mm.size < page_mm.width - 5
    assert page_mm.begin[1] - page_mm.size > 192 + 8
