"""Patch codes: four thick bars along the edge of a sheet that part one document of a pile from the next.

Source: Kodak publication A-61599, "Patch Code Information" (2006), and the same tables in the manual of the
i5000 scanners (A-61670, 2014), as sites for manuals mirror them: narrow bars and all spaces 0.08 in, wide bars
0.20 in, each within 0.01 in, 0.80 in together, at least 2 in long, 0.25 in clear of edges and of other print.
Both list the bars from the leading edge inwards; that the first one is the nearest to the edge is how we read
their figures. Patch 2 and patch 4 read alike both ways, so nothing hangs on that where they are used.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import chain
from math import radians, tan
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels

NARROW_MM = 0.08 * MM_PER_INCH
WIDE_MM = 0.20 * MM_PER_INCH
DEPTH_MM = 0.80 * MM_PER_INCH
"""All bars and spaces together."""

_FINE_DPI = 75  # a narrow bar has six pixels then; finer pages are thinned to about this
_SURROUNDINGS_MM = 25.0  # what is dark is told from so much around it
_COARSER = 4
_CONTRAST = 40
_LINES_MM = 2.0  # between two of the lines along which the bars are looked for
_LINES_MIN = 20  # 40 mm; the source asks for bars of 50
_SCALE = (0.85, 1.2)  # a sheet that was printed "to fit" is a little smaller, one of Letter on A4 larger
_NARROWEST, _IS_WIDE, _WIDEST = 0.5, 1.7, 3.1  # in narrow bars, as one line sees them
_QUIET = 1.5  # in narrow bars; the source asks for three, worn print leaves less
_SKEW_DEGREES = 11
_ASTRAY_MM = 1.2  # how far a line's bars may lie off the straight edge
_RUN, _INEXACT = 0.4, 0.2  # in narrow bars, on the mean of all lines; the source allows an eighth

_Indices = NDArray[np.intp]
_Lengths = NDArray[np.float64]


class Patch(StrEnum):
    """The six patch codes, by the names of the source."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    SIX = "6"
    T = "T"


_WIDE: Mapping[Patch, tuple[bool, bool, bool, bool]] = MappingProxyType(
    {
        Patch.ONE: (True, True, False, False),
        Patch.TWO: (True, False, False, True),
        Patch.THREE: (True, False, True, False),
        Patch.FOUR: (False, True, True, False),
        Patch.SIX: (False, False, True, True),
        Patch.T: (False, True, False, True),
    }
)
_BY_WIDE = {sum(8 >> at for at in range(4) if wide[at]): patch for patch, wide in _WIDE.items()}
_BACKWARDS = {bits: sum(8 >> at for at in range(4) if bits >> at & 1) for bits in _BY_WIDE}


def bars(patch: Patch) -> tuple[float, ...]:
    """Return the widths in mm from the leading edge inwards: bar, space, bar, space, bar, space, bar."""
    inked = [WIDE_MM if wide else NARROW_MM for wide in _WIDE[patch]]
    return tuple(chain.from_iterable((bar, NARROW_MM) for bar in inked))[:-1]


def find(pixels: Pixels, dpi: tuple[float, float]) -> frozenset[Patch]:
    """Return the patch codes of a page (RGB or grey) along any of its edges, askew by 10 degrees at most.

    `dpi` is (x, y). Bars are read from the edge that is nearer, so a sheet reads alike fed in any direction.
    """
    step_x, step_y = (max(1, round(axis / _FINE_DPI)) for axis in dpi)
    # Of a colour page the green: bars are black, and what is green or magenta beside them tells nothing.
    thin = pixels[::step_y, ::step_x] if pixels.ndim == 2 else pixels[::step_y, ::step_x, 1]
    per_mm = (dpi[0] / step_x / MM_PER_INCH, dpi[1] / step_y / MM_PER_INCH)
    if min(thin.shape) < _LINES_MIN:
        return frozenset()
    dark = _dark(np.ascontiguousarray(thin), per_mm)
    lying = _along(dark.T, per_mm[1], per_mm[0])
    standing = _along(dark, per_mm[0], per_mm[1])
    return lying | standing


def _dark(thin: Pixels, per_mm: tuple[float, float]) -> NDArray[np.bool_]:
    """Tell ink from paper by the darkest and the brightest around it, whatever the light and the ink."""
    smooth = cv().blur(thin, (3, 3))
    small = cv().resize(smooth, None, fx=1 / _COARSER, fy=1 / _COARSER, interpolation=cv().INTER_AREA)
    around = np.ones([round(_SURROUNDINGS_MM * axis / _COARSER) | 1 for axis in per_mm[::-1]], np.uint8)
    bright, dim = cv().dilate(small, around), cv().erode(small, around)
    middle = np.where(cv().subtract(bright, dim) < _CONTRAST, 0, cv().addWeighted(bright, 0.5, dim, 0.5, 0))
    told: NDArray[np.bool_] = smooth < cv().resize(middle.astype(np.uint8), smooth.shape[::-1])
    return told


def _along(dark: NDArray[np.bool_], along_mm: float, across_mm: float) -> frozenset[Patch]:
    """Return the patch codes that rows of `dark` cross; `along_mm` pixels make a mm of a row."""
    every = max(1, round(_LINES_MM * across_mm))
    rows = dark[::every]
    lines, middles, widths = _crossings(rows, along_mm)
    bits = (widths[:, ::2] > _IS_WIDE) @ np.array([8, 4, 2, 1])
    found = set()
    for told in (told for told in _BY_WIDE if np.count_nonzero(bits == told) >= _LINES_MIN):
        mine = bits == told
        straight = _straight(lines[mine] * (every / across_mm), middles[mine])
        if np.count_nonzero(straight) >= _LINES_MIN and _is_exact(widths[mine][straight].mean(axis=0), told):
            far = middles[mine][straight].mean() > rows.shape[1] / along_mm / 2
            found.add(_BY_WIDE[_BACKWARDS[told] if far else told])
    return frozenset(found)


def _crossings(rows: NDArray[np.bool_], per_mm: float) -> tuple[_Indices, _Lengths, _Lengths]:
    """Return where a row crosses what is like a patch: row, middle (mm), seven widths in tenths of it all."""
    padded = np.zeros((rows.shape[0], rows.shape[1] + 2), np.bool_)
    padded[:, 1:-1] = rows
    flat = padded.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])  # in pairs: every row begins and ends with paper
    row, at = np.divmod(edges, padded.shape[1])
    first = np.arange(0, max(0, len(edges) - 7), 2)
    whole = edges[first + 7] - edges[first]
    depth = DEPTH_MM * per_mm
    like = (row[first] == row[first + 7]) & (whole > _SCALE[0] * depth) & (whole < _SCALE[1] * depth)
    first, unit = first[like], whole[like] / 10
    widths = np.diff(edges[first[:, None] + np.arange(8)], axis=1) / unit[:, None]
    wide = widths > _IS_WIDE
    like = ((widths > _NARROWEST) & (widths < _WIDEST) & (wide | (widths < _WIDEST - 1.5))).all(axis=1)
    like &= (wide[:, ::2].sum(axis=1) == 2) & ~wide[:, 1::2].any(axis=1)
    before = np.diff(edges, prepend=-len(flat))[first]
    after = np.diff(edges, append=2 * len(flat))[first + 7]
    like &= (before > _QUIET * unit) & (after > _QUIET * unit)
    first = first[like]
    return row[first], (at[first] + at[first + 7]) / (2 * per_mm), widths[like]


def _straight(across: _Lengths, middles: _Lengths) -> NDArray[np.bool_]:
    """Tell which lines, at `across` mm, meet the bars along one straight edge: the most that do."""
    best = np.zeros(len(across), np.bool_)
    for degrees in range(-_SKEW_DEGREES, _SKEW_DEGREES + 1):
        level = middles - across * tan(radians(degrees))
        ordered = np.sort(level)
        together = np.searchsorted(ordered, ordered + 2 * _ASTRAY_MM, "right") - np.arange(len(ordered))
        if together.max() > np.count_nonzero(best):
            least = ordered[together.argmax()]
            best = (level >= least) & (level <= least + 2 * _ASTRAY_MM)
    return best


def _is_exact(widths: _Lengths, told: int) -> bool:
    """Tell whether the mean widths are those of the patch; ink that ran makes all bars wider alike."""
    off = widths - 1
    off[::2] -= [1.5 if told & bit else 0.0 for bit in (8, 4, 2, 1)]
    run = off[::2].mean()
    off[::2] -= run
    off[1::2] -= off[1::2].mean()
    return bool(abs(run) < _RUN and abs(off).max() < _INEXACT)
