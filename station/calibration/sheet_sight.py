"""Where the sheet lies in a reduced picture, how white its margins are, and how light it is beside it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.calibration.lab import Lab, lab_of_light, linear
from station.imaging.cv import cv
from station.model.image import Pixels

_CELL = 3
"""Reduced pixels to a cell: about 1 mm, small against a margin and large against the noise."""
_SHORTEST = 40
"""Cells; a smaller sheet shows too little margin."""
_FILLED = 0.94
"""A sheet's outline fills its rectangle; what is left are bent corners."""
_LEFT_OVER = 0.02
"""Of the picture that may be neither sheet nor what lies around it."""
_LEVELS = 2
_LEVEL_SHARE = 0.12
"""Of the rim, where something is seen beside the sheet."""
_REACH = 6
"""Codes by which a flat area strays from its level."""
_AWAY = 4
"""Cells from the sheet's edge, which throws a shadow."""
_LEAST_CELLS = 100
"""1 cm²."""
_MARGIN = (3, 15)
"""Cells from the sheet's edge, from and to: where the paper is judged."""
_MARGIN_SHARE = 0.3
"""Of the margin that the paper's level takes at least; else there is none that is blank."""
_PAPER_CODES = 3
_PAPER_LIGHTEST, _PAPER_DARKEST = 253.5, 85.0
"""The lightest code that is not cut off at full scale, and the least L* of paper that is called white."""
_PAPER_CHROMA = 14.0
"""Cream paper has about 10; more is coloured paper, which says nothing about a cast."""
_PRINT_CODES = 30
_PRINT_SHARE = 0.0005

Mask = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class SheetSight:
    """What is seen of the sheet. None: not to be seen.

    `level` is the paper's grey code, `white` its L* and `cast` its a* and b*; `around` is L* beside the sheet;
    `rows_mm` are where the sheet begins and ends, from the picture's top; `ink` is by how many codes each cell
    of about 1 mm is darker than the paper.
    """

    level: float | None = None
    white: float | None = None
    cast: tuple[float, float] | None = None
    around: float | None = None
    rows_mm: tuple[float, float] = (0.0, 0.0)
    ink: Pixels = field(default_factory=lambda: np.zeros((1, 1), np.uint8), repr=False)


def see_sheet(colours: Pixels, pixel_mm: tuple[float, float], *, fed: bool) -> SheetSight:
    """Look at a reduced picture, grey or RGB, at least 40 mm on each side."""
    cells = np.ascontiguousarray(cv().blur(colours, (_CELL, _CELL))[_CELL // 2 :: _CELL, _CELL // 2 :: _CELL])
    cell_mm = _CELL * pixel_mm[1]
    grey = cells if cells.ndim == 2 else cv().cvtColor(cells, cv().COLOR_RGB2GRAY)
    sheet, beside = _sheet(grey)
    rows = np.flatnonzero(sheet.any(axis=1))
    rows_mm = float(rows[0]) * cell_mm, float(rows[-1] + 1) * cell_mm
    margin = _inward(sheet, _MARGIN[0]) - _inward(sheet, _MARGIN[1])
    level = _level(grey[margin > 0])
    around = None if beside is None else _flat_lab(cells, _inward(beside, _AWAY) > 0)
    if level is None:
        return SheetSight(around=_backing(around, None), rows_mm=rows_mm)
    paper = (margin > 0) & (np.abs(grey.astype(np.int16) - level) <= _PAPER_CODES)
    seen = _flat_lab(cells, paper)
    lightness = None if seen is None else seen[0]
    backing = _backing(around, lightness)
    if seen is None or seen[0] < _PAPER_DARKEST:
        return SheetSight(around=backing, rows_mm=rows_mm)
    if beside is None and not fed and not _printed(grey, level):
        # A blank sheet that covers all of the glass looks as the empty glass does.
        return SheetSight(around=backing, rows_mm=rows_mm)
    ink: Pixels = cv().subtract(np.full_like(grey, round(level)), grey)
    if level > _PAPER_LIGHTEST or max(abs(seen[1]), abs(seen[2])) > _PAPER_CHROMA:
        return SheetSight(level, around=backing, rows_mm=rows_mm, ink=ink)
    cast = (seen[1], seen[2]) if cells.ndim == 3 else None
    return SheetSight(level, seen[0], cast, backing, rows_mm, ink)


def _backing(around: Lab | None, paper: float | None) -> float | None:
    """Return L* beside the sheet, unless that may be paper too, on which a picture is printed or pasted.

    Paper is light and a picture on it darker; a lid is seen beside paper that is lighter, or is itself too dark
    and too grey for paper.
    """
    if around is None:
        return None
    darker = around[0] < _PAPER_DARKEST and max(abs(around[1]), abs(around[2])) < _PAPER_CHROMA / 2
    return around[0] if darker or (paper is not None and paper > around[0]) else None


def _sheet(grey: Pixels) -> tuple[Mask, Mask | None]:
    """Return the sheet and what lies beside it, as masks; the whole picture and None where nothing does."""
    for level in _rim_levels(grey):
        flat = (np.abs(grey.astype(np.int16) - level) <= _REACH).astype(np.uint8)
        other = cv().morphologyEx(1 - flat, cv().MORPH_OPEN, np.ones((3, 3), np.uint8))
        outlines, _ = cv().findContours(other, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
        if not outlines:
            continue
        largest = max(outlines, key=cv().contourArea)
        _, sides, _ = cv().minAreaRect(largest)
        # Of outlines through the middles of cells: each side is one cell longer.
        area = (sides[0] + 1) * (sides[1] + 1)
        sheet: Mask = np.zeros_like(grey)
        cv().drawContours(sheet, [largest], -1, 1, cv().FILLED)
        beside = (1 - sheet) & flat
        left_over = grey.size - int(sheet.sum()) - int(beside.sum())
        if (
            min(sides) >= _SHORTEST
            and sheet.sum() >= _FILLED * area
            and left_over <= _LEFT_OVER * grey.size + max(grey.shape)
            and beside.sum() >= _LEAST_CELLS
        ):
            return sheet, beside
    return np.ones_like(grey), None


def _rim_levels(grey: Pixels) -> list[int]:
    """Return the levels that take most of the picture's rim, the darkest first."""
    rim = np.concatenate([grey[1], grey[-2], grey[:, 1], grey[:, -2]])
    counts = np.bincount(rim, minlength=256)
    found = []
    for _ in range(_LEVELS):
        level = int(np.argmax(np.convolve(counts, np.ones(5), "same")))
        around = slice(max(0, level - _REACH), level + _REACH + 1)
        if counts[around].sum() < _LEVEL_SHARE * rim.size:
            break
        found.append(level)
        counts[around] = 0
    return sorted(found)


def _inward(mask: Mask, cells: int) -> Mask:
    """Return the mask without what lies nearer to its edge, or to the picture's, than so many cells."""
    return np.asarray(
        cv().erode(mask, np.ones((2 * cells + 1, 2 * cells + 1), np.uint8), borderValue=0), np.uint8
    )


def _level(margin: Pixels) -> float | None:
    """Return the level that takes most of the margin; None where none does."""
    if margin.size < _LEAST_CELLS:
        return None
    counts = np.bincount(margin, minlength=256)
    reach = np.ones(2 * _PAPER_CODES + 1)
    near = np.convolve(counts, reach, "same")
    at = int(np.argmax(near))
    if near[at] < _MARGIN_SHARE * margin.size:
        return None
    own = margin[np.abs(margin.astype(np.int16) - at) <= _PAPER_CODES]
    return float(own.mean())


def _flat_lab(cells: Pixels, where: NDArray[np.bool_]) -> Lab | None:
    """Return L*a*b* of the mean of some cells; None of too few."""
    chosen = cells[where]
    if len(chosen) < _LEAST_CELLS:
        return None
    mean = np.broadcast_to(chosen.mean(axis=0), 3)
    lightness, a, b = lab_of_light(linear(mean)).tolist()
    return lightness, a, b


def _printed(grey: Pixels, level: float) -> bool:
    """Tell whether there is print on the sheet."""
    return bool(np.count_nonzero(grey < level - _PRINT_CODES) > _PRINT_SHARE * grey.size)
