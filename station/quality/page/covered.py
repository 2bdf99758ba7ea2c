"""Whether something lies on the page at its rim: a finger, a clip, a corner folded over or lost in the dark."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_Box: TypeAlias = tuple[int, int, int, int, int]
"""Left, top, width, height and covered area in pixels."""

_DARKER_L = 15
_SOLID_MM = 2.5
"""Narrower than this is print, or a wire."""
_AREA_MIN_MM2 = 30
_OF_SIDE = 0.5
"""What lies along more of a side is the lid, a shadow or a printed band."""
_FLAT_WEDGE = 0.2
"""Depth to length: what is flatter is the lid beside a page that lies askew."""
_RECTANGLE = 0.95
_CONVEX = 0.85
_AROUND_MM = (1.5, 3.5)
_PAPER_STEP_L = 10
_PAPER_SHARE = 0.6
"""Of what lies around, so much is paper; around the dark parts of a photograph it is picture."""

_CLIP_WIDE_MM = (4, 16)
_CLIP_LONG_MM = (6, 45)
_CLIP_FILL = 0.75
_CLIP_SOLID = 0.5
_CLIP_ROUND = 0.985
"""Of its box: what fills it wholly has square corners, a printed frame that runs out of the picture."""


class Covered:
    """Share of the page under things that reach in over its rim, 15 L* darker than the paper.

    Solid: a finger, a folded or dark corner; of wire: a clip. Printed bands and rectangles, photographs, the
    lid and print that is cut off are none. raw: per cent; the region shows the largest. A fold that is as white
    as the paper, or a thing that lies wholly inside the page, is not seen. NOT_ASSESSED (`no_detail`) when the
    picture is too small.
    """

    name = "covered"
    unit = "%"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the covered share."""
        scale = sample.thin_px_per_mm
        if min(sample.thin.shape) < 4 * _AROUND_MM[1] * scale:
            return Unmeasured("no_detail")
        level = np.searchsorted(lightness.OF_GREY, lightness.OF_GREY[sample.paper] - _DARKER_L)
        dark = (cv().medianBlur(sample.thin, 3) < int(level)).astype(np.uint8)
        boxes = _clips(dark, scale) + _solids(sample, dark, scale)
        if not boxes:
            return Measured(0.0)
        height, width = dark.shape
        left, top, across, down, _ = max(boxes, key=lambda box: box[4])
        share = 100 * sum(box[4] for box in boxes) / dark.size
        return Measured(share, Region(left / width, top / height, across / width, down / height))


def _clips(dark: Pixels, scale: float) -> list[_Box]:
    """Return what wires that reach in over the rim enclose, and take the wires out of the mask."""
    _, labels, boxes, _ = cv().connectedComponentsWithStats(dark, connectivity=8)
    height, width = dark.shape
    side = max(3, round(_SOLID_MM * scale))
    found = []
    for label in _at_the_rim(labels):
        left, top, across, down, _ = boxes[label].tolist()
        wide, long = sorted((across / scale, down / scale))
        if not (_CLIP_WIDE_MM[0] <= wide <= _CLIP_WIDE_MM[1] and _CLIP_LONG_MM[0] <= long <= _CLIP_LONG_MM[1]):
            continue
        wires = (labels[top : top + down, left : left + across] == label).astype(np.uint8)
        filled = _enclosed(wires, (left == 0, top == 0, left + across == width, top + down == height))
        solid = np.count_nonzero(cv().morphologyEx(wires, cv().MORPH_OPEN, np.ones((side, side), np.uint8)))
        is_round = _CLIP_FILL * across * down <= filled <= _CLIP_ROUND * across * down
        if is_round and solid <= _CLIP_SOLID * filled:
            found.append((left, top, across, down, filled))
            dark[labels == label] = 0
    return found


def _enclosed(wires: Pixels, at_rim: tuple[bool, bool, bool, bool]) -> int:
    """Return how many pixels the wires enclose together with the rim."""
    shape = wires.copy()
    for edge, here in zip((shape[:, 0], shape[0], shape[:, -1], shape[-1]), at_rim, strict=True):
        ends = np.flatnonzero(edge)
        if here and len(ends):
            edge[ends[0] : ends[-1] + 1] = 1
    outlines, _ = cv().findContours(shape, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_NONE)
    cv().drawContours(shape, outlines, -1, 1, -1)
    return int(np.count_nonzero(shape))


def _solids(sample: PageSample, dark: Pixels, scale: float) -> list[_Box]:
    """Return what is solid and looks like a thing on the paper."""
    side = max(3, round(_SOLID_MM * scale))
    opened = cv().morphologyEx(dark, cv().MORPH_OPEN, np.ones((side, side), np.uint8))
    _, labels, boxes, _ = cv().connectedComponentsWithStats(opened, connectivity=8)
    found = []
    for label in _at_the_rim(labels):
        left, top, across, down, area = boxes[label].tolist()
        if area < _AREA_MIN_MM2 * scale**2 or area >= _RECTANGLE * across * down:
            continue
        contacts = _contacts(labels, label)
        if max(contacts) > _OF_SIDE or (contacts[0] and contacts[2]) or (contacts[1] and contacts[3]):
            continue
        at_corner = sum(contact > 0 for contact in contacts) == 2
        depth = min(across, down) if at_corner else (across if contacts[0] or contacts[2] else down)
        if depth < _FLAT_WEDGE * max(across, down):
            continue
        if _is_convex(labels, label, boxes[label]) and _is_on_paper(sample, labels, label, boxes[label]):
            found.append((left, top, across, down, area))
    return found


def _at_the_rim(labels: NDArray[np.int32]) -> list[int]:
    """Return the labels that touch the rim, without the ground's."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return [label for label in np.unique(rim).tolist() if label]


def _contacts(labels: NDArray[np.int32], label: int) -> tuple[float, float, float, float]:
    """Return along which share of each side a piece lies: left, top, right, bottom."""
    sides = (labels[:, 0], labels[0], labels[:, -1], labels[-1])
    left, top, right, bottom = (float(np.mean(side == label)) for side in sides)
    return left, top, right, bottom


def _is_convex(labels: NDArray[np.int32], label: int, box: NDArray[Any]) -> bool:
    left, top, across, down, area = box.tolist()
    piece = (labels[top : top + down, left : left + across] == label).astype(np.uint8)
    outlines, _ = cv().findContours(piece, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
    hull = cv().convexHull(np.concatenate(outlines))
    return bool(area >= _CONVEX * cv().contourArea(hull))


def _is_on_paper(sample: PageSample, labels: NDArray[np.int32], label: int, box: NDArray[Any]) -> bool:
    """Tell whether most of what lies around a piece is as light as the paper."""
    near, far = (round(mm * sample.thin_px_per_mm) for mm in _AROUND_MM)
    left, top, across, down, _ = box.tolist()
    y, x = max(0, top - far), max(0, left - far)
    cut = np.s_[y : top + down + far, x : left + across + far]
    piece = (labels[cut] == label).astype(np.uint8)
    grown = [cv().dilate(piece, np.ones((2 * by + 1, 2 * by + 1), np.uint8)) for by in (near, far)]
    around = sample.thin[cut][(grown[1] > 0) & (grown[0] == 0)]
    paper = lightness.OF_GREY[sample.paper] - _PAPER_STEP_L
    return bool(len(around)) and float(np.mean(lightness.OF_GREY[around] >= paper)) >= _PAPER_SHARE
