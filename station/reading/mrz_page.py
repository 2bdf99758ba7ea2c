"""Where the document lies in a picture, told by the printed lines on it."""

from collections.abc import Mapping, Sequence

import numpy as np

from station.model.document import MrzCell, MrzFormat
from station.model.quality import Region

PITCH_MM = 2.54
"""Ten characters an inch (ICAO 9303-3, 4.3)."""

PAGES_MM: Mapping[MrzFormat, tuple[float, float]] = {
    MrzFormat.TD1: (85.6, 54.0),
    MrzFormat.TD2: (105.0, 74.0),
    MrzFormat.TD3: (125.0, 88.0),
    MrzFormat.MRVA: (120.0, 80.0),
    MrzFormat.MRVB: (105.0, 74.0),
}
"""Width and height of each size (ICAO 9303-4 to -7)."""

LEFT_MM = 6.0
"""From the left edge to the first character."""
BELOW_MM = 9.4
"""From the middle of the lowest line to the edge below it."""
AROUND_MM = 4.0
"""Room for print that stands a little elsewhere, for cut edges and for a page that is not level."""

MOST = 0.7
"""Share of the picture above which it shows nothing but the document."""


def region(format_: MrzFormat, cells: Sequence[Sequence[MrzCell]], size: tuple[int, int]) -> Region | None:
    """Return the part of a picture of this (width, height) in which the document lies; None for all of it."""
    if not cells or len(cells[-1]) < 2:
        return None
    first, last = (_middle(cell) for cell in (cells[-1][0], cells[-1][-1]))
    px = float(np.hypot(*(last - first))) / ((len(cells[-1]) - 1) * PITCH_MM)
    if px <= 0:
        return None
    right = (last - first) / np.hypot(*(last - first))
    down = np.array((-right[1], right[0]))
    width, height = PAGES_MM[format_]
    across = (-LEFT_MM - PITCH_MM / 2 - AROUND_MM, width - LEFT_MM - PITCH_MM / 2 + AROUND_MM)
    along = (BELOW_MM - height - AROUND_MM, BELOW_MM + AROUND_MM)
    corners = np.array([first + px * (x * right + y * down) for x in across for y in along])
    low = np.clip(corners.min(0) / size, 0, 1)
    high = np.clip(corners.max(0) / size, 0, 1)
    left, top, wide, tall = (float(share) for share in (*low, *(high - low)))
    return Region(left, top, wide, tall) if 0 < wide * tall < MOST else None


def _middle(cell: MrzCell) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    middle: np.ndarray[tuple[int], np.dtype[np.float64]] = np.array(cell.corners, np.float64).mean(0)
    return middle
