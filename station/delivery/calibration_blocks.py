"""Plots of a report with title and caption, placed side by side and below each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from station.delivery.calibration_axes import Box, Sample, draw_key
from station.delivery.calibration_sheet import LEFT, MM, RIGHT, Sheet

_GAP = 6 * MM
_TITLE, _CAPTION = 9.0, 7.5
_BELOW = 4 * MM


@dataclass(frozen=True, slots=True)
class Block:
    """One plot: `columns` of its size stand side by side, `height` is that of the drawing in points.

    The caption is one sentence.
    """

    title: str
    caption: str
    height: float
    draw: Callable[[Sheet, Box], None]
    columns: int = 2
    key: tuple[Sample, ...] = ()


def place(sheet: Sheet, blocks: Sequence[Block]) -> None:
    """Draw all blocks in their order, those of one width in common rows."""
    for columns, alike in groupby(blocks, key=lambda block: block.columns):
        row: list[Block] = []
        for block in alike:
            row.append(block)
            if len(row) == columns:
                _row(sheet, row, columns)
                row = []
        if row:
            _row(sheet, row, columns)


def _row(sheet: Sheet, row: Sequence[Block], columns: int) -> None:
    width = (RIGHT - LEFT - (columns - 1) * _GAP) / columns
    titles = [sheet.wrapped(block.title, _TITLE, width, bold=True) for block in row]
    captions = [sheet.wrapped(block.caption, _CAPTION, width) for block in row]
    above = max(map(len, titles)) * _TITLE * 1.25 + 1 * MM
    height = max(block.height for block in row)
    below = max(map(len, captions)) * _CAPTION * 1.25
    sheet.needs(above + height + below)
    for at, block in enumerate(row):
        left = LEFT + at * (width + _GAP)
        sheet.lines(left, sheet.y, titles[at], _TITLE, bold=True)
        top = sheet.y - above
        key = draw_key(sheet, left, top - 6.5, block.key, left + width) + 1 * MM if block.key else 0.0
        block.draw(sheet, Box(left, top - height, width, height - key))
        sheet.lines(left, top - height - 0.5 * MM, captions[at], _CAPTION)
    sheet.y -= above + height + below + _BELOW
