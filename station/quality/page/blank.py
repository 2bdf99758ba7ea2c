"""Whether anything stands on the page. The answer flags a page; it never takes one away."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.page.ink import paper_around
from station.quality.sample import PageSample

_WIDE_MM = 8
_RIM_MM = 3
_STEP_L = 12
"""L* below the paper around: a fixed step, for Otsu's level invents ink on an empty page."""
_SOLID_L = 30
_MARK_MM = 0.3
_STREAK_SHARE = 0.8
_STREAK_MM = 1.5
_STROKE_MM = 1
_LID_SOLID = 0.5
_HOLE_MM = (4.0, 8.0)
_HOLE_FILL = 0.65
_HOLE_SQUARE = 1.25
_HOLE_FROM_RIM_MM = 20

_DARK_ENOUGH = np.searchsorted(lightness.OF_GREY, lightness.OF_GREY - _STEP_L).astype(np.uint8)
"""For each level of paper: the level below which a pixel is ink."""


class Marks:
    """Number of marks on the page: pieces of 0.3 mm and more, 12 L* darker than the paper around them.

    None at all is a blank page; a page number or a line of pencil is not. The 3 mm at the rim, punched holes,
    streaks over the whole page and a dark lid are no marks. raw: pieces; the region holds all of them.
    NOT_ASSESSED (`unknown_resolution`) when nobody knows how large a mark is.
    """

    name = "marks"
    unit = "pieces"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the number of marks."""
        if sample.known_dpi is None:
            return Unmeasured("unknown_resolution")
        scale = sample.thin_px_per_mm
        rim = round(_RIM_MM * scale)
        height, width = sample.thin.shape
        inside = np.s_[rim : max(height - rim, rim), rim : max(width - rim, rim)]
        thin = sample.thin[inside]
        if not thin.size:
            return Measured(0.0)
        around = paper_around(sample.thin, scale, _WIDE_MM)[inside]
        paper = cv().max(thin, around)
        faint = lightness.OF_GREY[sample.paper] - _SOLID_L
        darkest_solid = int(np.searchsorted(lightness.OF_GREY, faint))
        dark = ((thin < _DARK_ENOUGH[paper]) | (thin < darkest_solid)).astype(np.uint8)
        _, labels, found, _ = cv().connectedComponentsWithStats(dark, connectivity=8)
        side = max(2, round(_STROKE_MM * scale))
        solid = cv().morphologyEx(dark, cv().MORPH_OPEN, np.ones((side, side), np.uint8))
        solids = np.bincount(labels[solid > 0], minlength=len(found))
        boxes = np.column_stack([found, solids])[1:]
        boxes = boxes[_is_mark(boxes, thin.shape, scale)]
        if not len(boxes):
            return Measured(0.0)
        left, top = boxes[:, :2].min(axis=0).tolist()
        right, bottom = (boxes[:, :2] + boxes[:, 2:4]).max(axis=0).tolist()
        region = Region(
            (left + rim) / width, (top + rim) / height, (right - left) / width, (bottom - top) / height
        )
        return Measured(float(len(boxes)), region)


def _is_mark(boxes: NDArray[Any], shape: tuple[int, ...], scale: float) -> NDArray[np.bool_]:
    """Tell the marks from specks, streaks, punched holes and the lid."""
    height, width = shape
    left, top, across, down, area, solid = boxes.T
    longer, shorter = np.maximum(across, down), np.minimum(across, down)
    from_frame = np.minimum.reduce([left, top, width - left - across, height - top - down])
    speck = longer < np.ceil(_MARK_MM * scale)
    whole_way = (across >= _STREAK_SHARE * width) | (down >= _STREAK_SHARE * height)
    streak = whole_way & (shorter <= _STREAK_MM * scale)
    hole = (
        (longer >= _HOLE_MM[0] * scale)
        & (longer <= _HOLE_MM[1] * scale)
        & (longer <= _HOLE_SQUARE * shorter)
        & (area >= _HOLE_FILL * across * down)
        & (from_frame <= _HOLE_FROM_RIM_MM * scale)
    )
    # Squared paper and what is written on it may hang together up to the rim; it has no solid parts.
    lid = (from_frame == 0) & (longer > _WIDE_MM * scale) & (solid >= _LID_SOLID * area)
    result: NDArray[np.bool_] = ~(speck | streak | hole | lid)
    return result
