"""Cut the lines of a zone out of the page: straight strips in which every cell is equally wide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, cos, floor, radians, sin

import numpy as np

from station.imaging.cv import cv
from station.model.image import Pixels
from station.reading.mrz_locate import CAPITAL_TO_PITCH, Line, Zone
from station.reading.mrz_marks import Floats

Tone = Callable[[Pixels], Pixels]
"""Makes one grey picture of the colours (RGB or grey)."""

HEIGHT_PX = 32
"""Height of a strip; it covers two heights of a capital."""
CELL_PX = 12
"""Width of a cell in a strip."""

MARGIN = 3
"""Cells before the first and after the last that were seen: what stands there may belong to the line."""
WIDE_MARGIN = 12
"""The same, where glyphs were found in the margin."""
_WIDTHS = 48  # strips are a whole number of these wide, so that the network meets few sizes
_MARK_TO_PITCH = 1.05  # height of the tallest marks of a line, softened by the lens, over the pitch
_LEAN = 0.65  # width over height of a glyph
_FLATTEST, _TALLEST = 0.85, 1.1


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """One line, 32 px high and 12 px a cell. `first` is the cell, counted by `line`, at the middle of column 0.

    `capital` is the height of a capital in the coordinates of the line; `to_page` (2 x 3) leads from these to
    pixels of the page.
    """

    pixels: Pixels = field(repr=False)
    line: Line
    first: float
    capital: float
    to_page: Floats = field(repr=False)

    def on_page(self, columns: Floats, rows: Floats) -> Floats:
        """Return where points of the strip lie on the page: (rows x columns x 2), x and y in pixels."""
        x, y = _points(self.line, self.first, self.capital, columns, rows)
        result: Floats = np.stack([x, y, np.ones(x.shape)], -1) @ self.to_page.T
        return result


def strips(page: Pixels, zone: Zone, to_page: Floats, tone: Tone, margin: int = MARGIN) -> tuple[Strip, ...]:
    """Return the lines of a zone, all of one width; `page` is RGB or grey in its own resolution."""
    left, right = min(line.start for line in zone), max(line.stop for line in zone)
    before = [(line.start - left) / line.pitch + margin for line in zone]
    cells = max((right - left) / line.pitch for line in zone) + 2 * margin
    width = ceil(cells * CELL_PX / _WIDTHS) * _WIDTHS
    shape = _shape(zone)
    return tuple(
        _strip(page, line, -first, width, shape * line.pitch, to_page, tone)
        for line, first in zip(zone, before, strict=True)
    )


def _shape(zone: Zone) -> float:
    """Return the height of a capital over the pitch: as printed, unless the page leans away from the lens."""
    upright = max(
        line.height / line.pitch / (cos(radians(line.slope)) + _LEAN * abs(sin(radians(line.slope))))
        for line in zone
    )
    return CAPITAL_TO_PITCH * min(max(upright / _MARK_TO_PITCH, _FLATTEST), _TALLEST)


def _strip(
    page: Pixels, line: Line, first: float, width: int, capital: float, to_page: Floats, tone: Tone
) -> Strip:
    x, y = _points(line, first, capital, np.arange(float(width)), np.arange(float(HEIGHT_PX)))
    there = to_page @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    step = float(np.hypot(*(there[:, 1] - there[:, 0])))
    reach = ceil(2 * step) + 2
    low = [max(0, floor(axis.min()) - reach) for axis in there]
    high = [floor(axis.max()) + reach + 1 for axis in there]
    window = page[low[1] : high[1], low[0] : high[0]]
    if not window.size:
        return Strip(np.zeros((HEIGHT_PX, width), np.uint8), line, first, capital, to_page)
    window = np.ascontiguousarray(tone(window))
    if step > 1.4:
        window = cv().GaussianBlur(window, (0, 0), 0.35 * step)
    columns, rows = ((there[axis] - low[axis]).reshape(x.shape).astype(np.float32) for axis in (0, 1))
    method = cv().INTER_CUBIC if step < 1 else cv().INTER_LINEAR
    cut = cv().remap(window, columns, rows, method, borderMode=cv().BORDER_REPLICATE)
    return Strip(cut, line, first, capital, to_page)


def _points(line: Line, first: float, capital: float, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Return x and y of (rows x columns) of a strip: along the base line and its normals."""
    cell = first + columns / CELL_PX
    x = _extended(line, cell)
    y = np.polyval(line.across, x)
    slope = np.polyval(np.polyder(line.across), x)
    norm = np.sqrt(1 + slope * slope)
    aside = (rows - (HEIGHT_PX - 1) / 2) / HEIGHT_PX * 2 * capital
    return x - aside[:, None] * (slope / norm), y + aside[:, None] / norm


def _extended(line: Line, cell: Floats) -> Floats:
    """Return x of these cells; beyond the ends that were seen the pitch stays what it is there."""
    seen = np.clip(cell, 0.0, line.last)
    pitch = np.polyval(np.polyder(line.along), seen)
    result: Floats = np.polyval(line.along, seen) + (cell - seen) * pitch
    return result
