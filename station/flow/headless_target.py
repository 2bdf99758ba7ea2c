"""The headless drawing of a calibration target, for the printer or for a test."""

from pathlib import Path
from typing import Final

from station.calibration import draw as drawing
from station.calibration.camera.board import Board, draw_page, page_of
from station.calibration.label import SERIAL, text_of
from station.calibration.layouts import FOLDER, load_layouts
from station.flow.headless import Parts, Row, keep
from station.imaging import codec
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir

__all__ = ["BOARD", "DPI", "NO_SERIAL", "SERIAL", "SUFFIXES", "draw", "draw_the_board"]

DPI: Final = drawing.DPI

SUFFIXES: Final = (".pdf", ".png")
"""What a target is written as, by the end of the file's name."""

NO_SERIAL: Final = "UNNUMBERED"
"""Of a sheet that nobody gave a number: two such sheets cannot be told apart."""


BOARD: Final = "board"
"""The name of what a camera is calibrated with: it is no sheet for a scanner."""


def draw(parts: Parts, kind: TargetKind, serial: str, dpi: int, path: Path) -> Row:
    """Draw a fresh target, which has no reference yet, to a file whose name ends in one of `SUFFIXES`.

    A PDF has the size of the sheet and no resolution; `dpi` is that of a PNG. `serial` is one of `SERIAL`.

    Raises:
        StorageFull, StorageMissing: the disk did not take it; SettingsError: the layouts cannot be understood.
    """
    layout = load_layouts(resources_dir() / FOLDER)[kind]
    label = TargetLabel(kind, layout.revision, serial)
    row: Row = {
        "file": str(path), "kind": kind.value, "label": text_of(label),
        "width_mm": layout.width, "height_mm": layout.height,
    }  # fmt: skip
    if path.suffix.lower() == ".pdf":
        keep(path, parts.target_pdf(layout, label))
        return row
    pixels = drawing.draw(layout, label, dpi)
    keep(path, codec.encode_png(pixels, (dpi, dpi)))
    height_px, width_px = pixels.shape[:2]
    return {**row, "dpi": dpi, "width_px": width_px, "height_px": height_px}


def draw_the_board(parts: Parts, dpi: int, path: Path) -> Row:
    """Draw the board for cameras to a file, as `draw` does a target. Its `square_mm` is as drawn, not measured.

    Raises:
        StorageFull, StorageMissing: the disk did not take it.
    """
    board = Board()
    page = page_of(board)
    row: Row = {
        "file": str(path), "kind": BOARD, "columns": board.columns, "rows": board.rows,
        "square_mm": board.square_mm, "width_mm": page.width, "height_mm": page.height,
    }  # fmt: skip
    if path.suffix.lower() == ".pdf":
        keep(path, parts.board_pdf(board))
        return row
    pixels = draw_page(board, dpi)
    keep(path, codec.encode_png(pixels, (dpi, dpi)))
    height_px, width_px = pixels.shape[:2]
    return {**row, "dpi": dpi, "width_px": width_px, "height_px": height_px}
