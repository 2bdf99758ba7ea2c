"""How evenly the paper is lit."""

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_CELL_PX = 16
_PAPER_PERCENTILE = 75
_DARKEST = 0.3
"""Of the commonest paper's light: what is darker is lid or picture, not paper in shadow."""
_SLOW = 0.05
"""Of the paper's light, from a cell to the next: a shadow changes by 0.03, a picture by 0.1 and more."""
_FIELD_SHARE = 0.5
"""Of the largest field: even places in a picture are small."""
_ROUNDS = 5
_OFF_SURFACE = 0.06
_CELLS_MIN = 24
_CELLS_SHARE = 0.1


class UnevenLight:
    """How much less light the paper's darkest place sends than its lightest: a shadow, a lid that stands open.

    A surface of second order is fitted to the paper's level in cells of about 8 mm; cells that lie far off it
    or differ from those around (print, pictures, lid) are left out. raw: (max - min) / max in per cent, in
    linear light (IEC 61966-2-1); the region shows the darkest cell. NOT_ASSESSED (`no_flat_paper`) when too few
    cells show paper.
    """

    name = "uneven_light"
    unit = "%"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the unevenness of the fitted surface where there is paper."""
        light = _paper_light(sample)
        rows, columns = light.shape
        level = light.ravel()
        least = max(_CELLS_MIN, _CELLS_SHARE * len(level))
        y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j])
        terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
        usual = float(lightness.LINEAR[sample.paper])
        light_enough = (level > 0) & (level >= _DARKEST * usual) & _even_fields(light, _SLOW * usual).ravel()
        paper, surface = light_enough, level
        for _ in range(_ROUNDS):
            if np.count_nonzero(paper) < least:
                return Unmeasured("no_flat_paper")
            surface = terms @ np.linalg.lstsq(terms[paper], level[paper], rcond=None)[0]
            off = np.abs(level - surface)
            # Never tighter than what most cells keep, or a shadow that bends otherwise would empty the page.
            near = max(_OFF_SURFACE * float(surface[paper].max()), 2 * float(np.median(off[paper])))
            paper = light_enough & (off <= near)
        if np.count_nonzero(paper) < least:
            return Unmeasured("no_flat_paper")
        lit = np.where(paper, surface, np.inf)
        darkest, lightest = int(np.argmin(lit)), float(surface[paper].max())
        row, column = divmod(darkest, columns)
        height, width = (2 * _CELL_PX / side for side in sample.thin.shape)
        region = Region(column * width, row * height, width, height)
        return Measured(100 * (1 - max(0.0, float(lit[darkest])) / lightest), region)


def _paper_light(sample: PageSample) -> NDArray[np.float64]:
    """Return the linear light of the paper in each cell: above the print, below the grain's sparkles."""
    thin = cv().blur(
        np.ascontiguousarray(sample.thin[::2, ::2]), (3, 3)
    )  # a mean level, not the grain's upper quarter
    rows, columns = thin.shape[0] // _CELL_PX, thin.shape[1] // _CELL_PX
    if rows * columns < _CELLS_MIN:
        return np.zeros((1, 1))
    cells = thin[: rows * _CELL_PX, : columns * _CELL_PX].reshape(rows, _CELL_PX, columns, _CELL_PX)
    flat = cells.swapaxes(1, 2).reshape(rows, columns, -1)
    rank = flat.shape[2] * _PAPER_PERCENTILE // 100
    result: NDArray[np.float64] = lightness.LINEAR[np.partition(flat, rank, axis=2)[..., rank]]
    return result


def _even_fields(light: NDArray[np.float64], most: float) -> NDArray[np.bool_]:
    """Return the large fields of cells that are as light as at least all but one of their neighbours."""
    odd = np.zeros(light.shape, np.intp)
    across, down = np.abs(np.diff(light, axis=1)) > most, np.abs(np.diff(light, axis=0)) > most
    odd[:, 1:] += across
    odd[:, :-1] += across
    odd[1:] += down
    odd[:-1] += down
    _, fields = cv().connectedComponents((odd <= 1).astype(np.uint8), connectivity=4)
    cells = np.bincount(fields.ravel())
    cells[0] = 0
    result: NDArray[np.bool_] = cells[fields] >= max(1.0, _FIELD_SHARE * cells.max())
    return result
