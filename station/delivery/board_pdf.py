"""The board that cameras are calibrated with as a PDF for the printer: boxes, not pixels, at 100 %."""

from collections.abc import Iterator

from station.calibration.camera.board import Board, Page, boxes, page_of
from station.delivery.pdf_file import numbers
from station.delivery.sheet_pdf import line_of_text, sheet_pdf


def board_pdf(board: Board) -> bytes:
    """Return a board as a PDF of one page, as `sheet_pdf`; all ink is DeviceGray black."""
    page = page_of(board)
    title = f"Calibration board {board.columns} x {board.rows}, {board.square_mm:g} mm"
    return sheet_pdf(page.width, page.height, title, _content(board, page))


def _content(board: Board, page: Page) -> Iterator[bytes]:
    """Draw all ink as one path, so that no seam shows."""
    yield b"0 g"
    for box in boxes(board):
        sides = (box.right - box.left, box.bottom - box.top)
        yield b"%s re" % numbers((box.left + page.left, box.top, *sides))
    yield b"f"
    yield line_of_text(page.begin, page.size, page.note)
