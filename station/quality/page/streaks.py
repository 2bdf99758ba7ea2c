"""Whether dirt on the feeder's glass has drawn lines over the page."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_END_MM = 6
"""At either end of the page: printed rules and frames keep away from the rim."""
_END_ROWS = 40
_MIDDLE_ROWS = 240
_LIGHT_RANK = 0.8
"""A streak darkens at least four fifths of its column; the fullest line of print leaves more of a row light."""
_AROUND_MM = 3
_RIM_MM = 3
_LINES_MAX = 4
_LINE_LEVELS = 4


class Streaks:
    """Step of the darkest line, up to 1 mm wide, that runs level with the pixels from end to end.

    For each column the level that a fifth of its pixels exceed, less the running median of the columns around;
    the line must show in the middle of the page and at one of its ends. Rows are asked in the same way, for a
    page that was turned. More than 4 such lines are ruled paper and no streaks. raw: L*; the region shows the
    line. NOT_ASSESSED (`no_detail`) when the picture is too small.
    """

    name = "streaks"
    unit = "L*"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the step of the darkest line."""
        around = 2 * round(_AROUND_MM * sample.px_per_mm / 2) + 1
        end, rim = (max(1, round(mm * sample.px_per_mm)) for mm in (_END_MM, _RIM_MM))
        if min(sample.grey.shape) < max(4 * end, 2 * around, _END_ROWS):
            return Unmeasured("no_detail")
        upright, level = (_darker(grey, end, around, rim) for grey in (sample.grey, sample.grey.T))
        if max(_lines(upright[0]), _lines(level[0])) > _LINES_MAX:
            return Measured(0.0)
        steps, paper = max(upright, level, key=lambda way: float(way[0].max()))
        at, length = int(np.argmax(steps)), len(steps)
        here = np.array([paper[at], paper[at] - steps[at]])
        lighter, darker = np.interp(here, np.arange(256), lightness.OF_GREY).tolist()
        if steps[at] <= 0:
            return Measured(0.0)
        start, wide = max(0.0, (at - around / 2) / length), around / length
        region = Region(start, 0.0, wide, 1.0) if steps is upright[0] else Region(0.0, start, 1.0, wide)
        return Measured(lighter - darker, region)


def _darker(grey: Pixels, end: int, around: int, rim: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how many grey levels each column is darker than those around, and how light those are."""
    bands = (grey[end:-end], grey[:end], grey[-end:])
    steps = []
    for band, rows in zip(bands, (_MIDDLE_ROWS, _END_ROWS, _END_ROWS), strict=True):
        level = _level(band[:: max(1, len(band) // rows)])
        paper = _running_median(level, around)
        steps.append((paper - level, paper))
    (middle, paper), (top, _), (bottom, _) = steps
    step = np.minimum(middle, np.maximum(top, bottom))
    step[:rim] = step[-rim:] = 0
    return step, paper


def _level(rows: Pixels) -> NDArray[np.float32]:
    """Return the level of each column that a fifth of its pixels exceed."""
    columns = np.ascontiguousarray(rows.T)
    rank = int(_LIGHT_RANK * (columns.shape[1] - 1))
    return np.partition(columns, rank, axis=1)[:, rank].astype(np.float32)


def _running_median(level: NDArray[np.float32], around: int) -> NDArray[np.float32]:
    padded = np.pad(level, around // 2, mode="edge")
    result: NDArray[np.float32] = np.median(sliding_window_view(padded, around), axis=1)
    return result


def _lines(steps: NDArray[np.float32]) -> int:
    """Return how many lines there are."""
    dark = steps >= _LINE_LEVELS
    return int(dark[0]) + int(np.count_nonzero(dark[1:] & ~dark[:-1]))
