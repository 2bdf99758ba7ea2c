"""The board that cameras are calibrated with as a PDF for the printer: boxes, not pixels, at 100 %."""

import io
from collections.abc import Iterator

from station.calibration.camera.board import Board, Page, boxes, page_of
from station.delivery.pdf_file import PdfFile, numbers, reference, text
from station.delivery.place import POINTS_PER_INCH
from station.model.image import MM_PER_INCH

_POINTS_PER_MM = POINTS_PER_INCH / MM_PER_INCH


def board_pdf(board: Board) -> bytes:
    """Return a board as a PDF of one page (ISO 32000-1:2008), the same bytes for the same board.

    All ink is DeviceGray black; the page asks viewers not to scale it (12.2, PrintScaling).
    """
    page, made = page_of(board), io.BytesIO()
    file = PdfFile(made)
    tree = file.reserve()
    contents = file.stream(b"", (b"\n".join(_content(board, page)),))
    font = file.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    leaf = file.add(
        b"<< /Type /Page /Parent %s /MediaBox [0 0 %s] /Resources << /Font << /F %s >> >> /Contents %s >>"
        % (
            reference(tree), numbers(side * _POINTS_PER_MM for side in (page.width, page.height)),
            reference(font), reference(contents),
        )
    )  # fmt: skip
    file.add(b"<< /Type /Pages /Count 1 /Kids [%s] >>" % reference(leaf), tree)
    root = file.add(
        b"<< /Type /Catalog /Pages %s /ViewerPreferences << /PrintScaling /None /DisplayDocTitle true >> >>"
        % reference(tree)
    )
    title = f"Calibration board {board.columns} x {board.rows}, {board.square_mm:g} mm"
    file.close(root, file.add(b"<< /Title %s >>" % text(title)))
    return made.getvalue()


def _content(board: Board, page: Page) -> Iterator[bytes]:
    """Draw in millimetres from the page's top left corner; all ink is one path, so that no seam shows."""
    down = _POINTS_PER_MM
    yield b"%s cm" % numbers((down, 0, 0, -down, 0, page.height * down))
    yield b"0 g"
    for box in boxes(board):
        sides = (box.right - box.left, box.bottom - box.top)
        yield b"%s re" % numbers((box.left + page.left, box.top, *sides))
    yield b"f"
    said = page.note.encode("ascii").hex().encode()
    yield b"BT /F %s Tf %s Tm <%s> Tj ET" % (numbers((page.size,)), numbers((1, 0, 0, -1, *page.begin)), said)
