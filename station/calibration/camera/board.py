"""The ChArUco board: chess squares with markers in the white ones, so that each part says which part it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.calibration.lab import LIGHT
from station.calibration.shapes import Box
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels

Floats = NDArray[np.float64]

_UNITS = 20
"""Of a square's side, half a module each: 3 beside the marker, 14 for its seven modules, 3 again."""

_MARKER_UNITS = 14
"""DICT_5X5_50: five modules and the black border on both sides."""

_QUIET_UNITS = 8
"""White round the board, so that its outer squares and markers end in the paper."""

_SIDE_MM, _FOOT_MM, _NOTE_MM = 1.5, 6.0, 1.0
"""White beside the sheet and below it, and where the note's base line runs: 13 mm below the squares' ink."""

_PAPER = 255

_MARKERS = 50
"""In the dictionary: a board has one in every second square."""


@dataclass(frozen=True)
class Board:
    """A board of `columns` x `rows` squares (each 3 or more), the first one black, numbered by rows.

    `square_mm` is the side of a square as *measured* on the flat, mounted print: a printer that scales by 1 %
    moves every distance by 1 %. Places on the board are mm from its top left corner, x right, y down, without
    the quiet white round it. Inner corner n lies at column n % (columns - 1), row n // (columns - 1).
    """

    columns: int = 9
    rows: int = 6
    square_mm: float = 30.0

    def __post_init__(self) -> None:
        """Refuse a board that cannot be drawn: ValueError."""
        if min(self.columns, self.rows) < 3 or self.columns * self.rows // 2 > _MARKERS or self.square_mm <= 0:
            raise ValueError("board out of range")

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the board, mm."""
        return self.columns * self.square_mm / 2, self.rows * self.square_mm / 2

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height of what is drawn, with the quiet white round the board, mm."""
        quiet = 2 * _QUIET_UNITS / _UNITS
        return (self.columns + quiet) * self.square_mm, (self.rows + quiet) * self.square_mm

    @cached_property
    def detector(self) -> Any:
        """OpenCV's detector of this board; one thread at a time."""
        return cv().aruco.CharucoDetector(self._cv_board)

    @cached_property
    def corners(self) -> Floats:
        """Where the inner corners lie, (n, 3) mm with z = 0, by their number."""
        return np.asarray(self._cv_board.getChessboardCorners(), np.float64)

    @cached_property
    def marker_corners(self) -> Floats:
        """Where the four corners of each marker lie, (n, 4, 2) mm, by the marker's number."""
        return np.asarray(self._cv_board.getObjPoints(), np.float64)[..., :2]

    @cached_property
    def _cv_board(self) -> Any:
        aruco = cv().aruco
        return aruco.CharucoBoard(
            (self.columns, self.rows),
            self.square_mm,
            self.square_mm * _MARKER_UNITS / _UNITS,
            aruco.getPredefinedDictionary(aruco.DICT_5X5_50),
        )

    @cached_property
    def ink(self) -> NDArray[np.bool_]:
        """Where the sheet is black, by units of a twentieth of a square: no edge lies within one."""
        drawn = self._cv_board.generateImage((self.columns * _UNITS, self.rows * _UNITS))
        return np.pad(np.asarray(drawn) < 128, _QUIET_UNITS)


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet as it is printed: `width` and `height` mm, the sheet `left` mm from its left and at its top.

    The standard board makes it A4 across. `note` stands below the sheet, `size` mm high, and its base line
    begins at `begin` (mm): so far from the ink that the quiet white stays.
    """

    width: float
    height: float
    left: float
    note: str
    begin: tuple[float, float]
    size: float = 2.6


def page_of(board: Board) -> Page:
    """Return the page that a board is printed on, with what is to be done with it."""
    width, height = board.sheet
    quiet = board.square_mm * _QUIET_UNITS / _UNITS
    note = (
        f"Calibration board {board.columns} x {board.rows}, DICT_5X5_50. "
        "Print at 100 %, no scaling; mount it flat. "
        f"Side of a square: drawn {board.square_mm:g} mm, measured ____________ mm."
    )
    return Page(width + 2 * _SIDE_MM, height + _FOOT_MM, _SIDE_MM, note, (_SIDE_MM + quiet, height + _NOTE_MM))


def draw_page(board: Board, dpi: float) -> Pixels:
    """Draw the page in grey, the sheet on it to the pixel as `draw_board` has it; the note in plain strokes."""
    page, sheet = page_of(board), draw_board(board, dpi)
    scale = dpi / MM_PER_INCH
    left = round(page.left * scale)
    width, height = (
        max(round(side * scale), least)
        for side, least in ((page.width, left + sheet.shape[1]), (page.height, sheet.shape[0]))
    )
    drawn = np.full((height, width), _PAPER, np.uint8)
    drawn[: sheet.shape[0], left : left + sheet.shape[1]] = sheet
    font, thickness = cv().FONT_HERSHEY_SIMPLEX, max(1, round(page.size * scale / 12))
    room = 2 * (page.width / 2 - page.begin[0]) * scale
    (wide, _), _ = cv().getTextSize(page.note, font, 1.0, thickness)
    begin = (round(page.begin[0] * scale), round(page.begin[1] * scale))
    cv().putText(drawn, page.note, begin, font, room / wide, 0, thickness, cv().LINE_AA)
    return drawn


def draw_board(board: Board, dpi: float) -> Pixels:
    """Draw the sheet with the board in grey, paper 255, ink 0, as a perfect scanner would see a perfect print.

    Each pixel holds the light of exactly what covers it, coded as sRGB (IEC 61966-2-1), to half a level. A
    place (X, Y) mm of the sheet lies at the pixel (X * dpi / 25.4 - 0.5, Y * dpi / 25.4 - 0.5).
    """
    width, height = (round(side * dpi / MM_PER_INCH) for side in board.sheet)
    unit = board.square_mm / _UNITS * dpi / MM_PER_INCH
    down, across = (
        _shares(pixels, units, unit) for pixels, units in zip((height, width), board.ink.shape, strict=True)
    )
    light = 1 - down @ board.ink @ across.T
    # The next of the 256 levels: halfway between two of them, in light, one gives way to the other.
    return np.searchsorted((LIGHT[1:] + LIGHT[:-1]) / 2, light).astype(np.uint8)


def boxes(board: Board) -> Iterator[Box]:
    """Return the ink of the sheet as boxes in mm from the sheet's top left corner, for a printer's lines.

    Side by side units of a row are one box; rows that are alike are one, so that no seam runs through a square.
    """
    unit = board.square_mm / _UNITS
    ink = board.ink
    starts = [0, *(np.flatnonzero((ink[1:] != ink[:-1]).any(axis=1)) + 1).tolist(), len(ink)]
    for top, bottom in pairwise(starts):
        steps = np.flatnonzero(np.diff(ink[top].astype(np.int8))) + 1
        for left, right in steps.reshape(-1, 2).tolist():
            yield Box(left * unit, top * unit, right * unit, bottom * unit)


def _shares(pixels: int, units: int, unit: float) -> Floats:
    """Return which part of each pixel of an axis each unit covers, (pixels, units)."""
    at = np.arange(pixels)[:, None]
    begin = np.arange(units)[None, :] * unit
    return np.asarray(np.clip(np.minimum(at + 1, begin + unit) - np.maximum(at, begin), 0.0, 1.0))
