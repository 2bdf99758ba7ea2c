"""Which way up the print on a page stands, by the shape of its lines: nothing is recognised.

Letters of one word hang together closer than lines do; that tells lines across from lines down. In Latin print
more letters rise above their neighbours (b, d, l, capitals) than hang below them (g, p, y), and full stops and
commas stand at the foot of a word's end. Cyrillic hangs lower than it rises, so letters
alone decide nothing: the full stops must say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels

Corners = Sequence[tuple[float, float]]
"""Four (x, y), clockwise from the top left corner of something as it is read."""

_PX_PER_MM = 6
"""About 150 dpi: below, full stops are lost; above, time."""
_AROUND_MM = 8.0
_STEP = 24
"""Grey levels by which ink is darker than its surroundings on average."""
_GLYPH_MM = (0.9, 8.0)
_MARK_MM = 0.2
_MARK = 0.5
"""Of the usual letter's height, that a full stop or a comma does not reach."""
_FULL = 0.12
"""Of its box, that a letter fills at least."""
_DOT_MM = 0.5
"""Dots and accents belong to the letter below them."""
_LETTERS_MM = 0.9
_WORDS_MM = 1.6
_APART = 1.3
"""How many times more pieces there are when they are joined across the lines than along them."""
_QUARTER = 20.0
"""Degrees by which a code may lie off the quarter turn that it tells."""

_DIFFER = 0.15
_LEVEL = 0.08
_ALIKE = 2.2
"""Parts of a letter's height: what is a difference, what is none, and more is no neighbour."""
_MARK_GAP = 0.7
_MARK_HEIGHT = 0.6
_FOOT = 0.7
_END = 1.5
"""A mark ends a word when what follows is so many times further away."""

_PAIRS_MIN = 30
_SHARE = 0.66
"""Of the pairs. Latin pages stand at 0.71 to 0.98, Cyrillic at 0.2 to 0.3; Greek and Armenian between."""
_MARKS_MIN = 3
_MARKS_SHARE = 0.8
_CAPITALS = 0.7
"""Of the pairs that are level at head and foot, in capitals and figures: only marks tell their direction."""
_CAPITALS_MARKS_MIN = 6


@dataclass(frozen=True, slots=True)
class _Votes:
    """What is counted on lines that run across: pairs of neighbours, and marks at the end of a word.

    `up` and `down` are pairs level at the foot or at the head only, `level` at both; `foot` are marks at the
    foot of a word's end, `head` at the head of its beginning, where an upside-down page has its full stops.
    """

    up: int
    down: int
    level: int
    foot: int
    head: int

    @property
    def upright(self) -> bool | None:
        """Whether the lines stand upright; None when letters and marks do not say so both."""
        told, marks = self.up + self.down, self.foot + self.head
        feet = self.foot >= max(_MARKS_MIN, _MARKS_SHARE * marks)
        heads = self.head >= max(_MARKS_MIN, _MARKS_SHARE * marks)
        if told >= _PAIRS_MIN and self.up >= _SHARE * told:
            return True if feet else None
        if told >= _PAIRS_MIN and self.down >= _SHARE * told:
            return False if heads else None
        if self.level >= max(_PAIRS_MIN, _CAPITALS * (told + self.level)) and marks >= _CAPITALS_MARKS_MIN:
            return True if feet else False if heads else None
        return None


def find(grey: Pixels, px_per_mm: float) -> int | None:
    """Return by how many degrees a level page is to be turned clockwise to stand upright: 0, 90, 180 or 270.

    150 dpi and more are enough. None when unsure: too few letters, handwriting, photographs, tables of figures,
    scripts other than Latin that do not stand upright already.
    """
    step = max(1, round(px_per_mm / _PX_PER_MM))
    scale = px_per_mm / step
    size = (grey.shape[1] // step, grey.shape[0] // step)
    if min(size) < _AROUND_MM * scale:
        return None
    small = cv().resize(grey, size, interpolation=cv().INTER_AREA) if step > 1 else grey
    window = 2 * round(_AROUND_MM * scale / 2) + 1
    around = cv().blur(small, (window, window))
    ink = (cv().subtract(around, small) > _STEP).astype(np.uint8)
    across, down = (cv().connectedComponents(_joined(way, _LETTERS_MM, scale))[0] for way in (ink, ink.T))
    if max(across, down) < _APART * min(across, down):
        return None
    turned = 0 if across < down else 90
    votes = _votes(cv().rotate(ink, cv().ROTATE_90_CLOCKWISE) if turned else ink, scale)
    upright = votes.upright
    return None if upright is None else turned + (0 if upright else 180)


def of_corners(quads: Sequence[Corners]) -> int | None:
    """Return the turn that sets things upright of which the reading direction is known; None when they differ.

    Matrix codes and printed lines are such things; a code in bars is read either way round.
    """
    turns = set()
    for corners in quads:
        (left, top), (right, end) = corners[0], corners[1]
        angle = degrees(atan2(end - top, right - left))
        quarters = round(angle / 90)
        if abs(angle - 90 * quarters) > _QUARTER:
            return None
        turns.add(-90 * quarters % 360)
    return turns.pop() if len(turns) == 1 else None


def _joined(ink: Pixels, gap_mm: float, scale: float) -> Pixels:
    """Return the ink at half the size, joined over gaps along the rows."""
    half = np.ascontiguousarray(ink[::2, ::2])
    joined: Pixels = cv().morphologyEx(
        half, cv().MORPH_CLOSE, np.ones((1, 1 + 2 * round(gap_mm * scale / 4)), np.uint8)
    )
    return joined


def _votes(ink: Pixels, scale: float) -> _Votes:
    dotted = cv().morphologyEx(
        ink, cv().MORPH_CLOSE, np.ones((1 + 2 * round(_DOT_MM * scale / 2), 1), np.uint8)
    )
    boxes = cv().connectedComponentsWithStats(dotted, connectivity=8)[2][1:]
    longest = boxes[:, 2:4].max(axis=1)
    full = boxes[:, 4] >= _FULL * boxes[:, 2] * boxes[:, 3]
    glyph = full & (longest >= _GLYPH_MM[0] * scale) & (longest <= _GLYPH_MM[1] * scale)
    if not glyph.any():
        return _Votes(0, 0, 0, 0, 0)
    small = longest < _MARK * float(np.median(longest[glyph]))
    mark = (
        full & small & (longest >= _MARK_MM * scale) & (boxes[:, 2] <= 1.5 * boxes[:, 3]) & (boxes[:, 4] >= 3)
    )
    glyph &= ~small
    boxes, glyph = boxes[glyph | mark], glyph[glyph | mark]
    words = cv().connectedComponents(_joined(dotted, _WORDS_MM, scale))[1]
    row = np.minimum((boxes[:, 1] + boxes[:, 3] // 2) // 2, words.shape[0] - 1)
    # At the left, in the middle and at the right: an r is empty at one side, and it may stand on its head.
    there = [(boxes[:, 0] + boxes[:, 2] * part // 2 - part // 2) // 2 for part in range(3)]
    word = np.max([words[row, np.minimum(column, words.shape[1] - 1)] for column in there], axis=0)
    order = np.lexsort((boxes[:, 0], word))
    order = order[word[order] > 0]
    return _Votes(
        *_pairs(boxes[order], word[order], glyph[order]), *_marks(boxes[order], word[order], glyph[order])
    )


def _pairs(boxes: NDArray[np.int32], word: NDArray[np.int32], glyph: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Count neighbours that differ at the head, at the foot and not at all."""
    boxes, word = boxes[glyph], word[glyph]
    left, top, width, height = boxes[:, :4].T
    bottom = top + height
    tall, short = np.maximum(height[1:], height[:-1]), np.minimum(height[1:], height[:-1])
    overlap = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    gap = left[1:] - (left + width)[:-1]
    pair = (word[1:] == word[:-1]) & (overlap >= short / 2) & (gap < tall) & (tall < _ALIKE * short)
    heads, feet = np.abs(np.diff(top)), np.abs(np.diff(bottom))
    differ, level = np.maximum(2, _DIFFER * tall), np.maximum(1, _LEVEL * tall)
    kinds = (
        (heads >= differ) & (feet <= level),
        (feet >= differ) & (heads <= level),
        np.maximum(heads, feet) <= level,
    )
    up, down, alike = (int(np.count_nonzero(pair & kind)) for kind in kinds)
    return up, down, alike


def _marks(boxes: NDArray[np.int32], word: NDArray[np.int32], glyph: NDArray[np.bool_]) -> tuple[int, int]:
    """Count the marks at the foot of a word's end and at the head of a word's beginning."""
    if len(boxes) < 3:
        return 0, 0
    left, top, width, height = boxes[:, :4].T.astype(np.float64)
    gap = np.where(word[1:] == word[:-1], left[1:] - (left + width)[:-1], np.inf)
    before, after = gap[:-1], gap[1:]
    mark = ~glyph[1:-1]
    counts = []
    for neighbour, near, far, at_foot in (
        (slice(0, -2), before, after, True),
        (slice(2, None), after, before, False),
    ):
        place = (top[1:-1] + height[1:-1] / 2 - top[neighbour]) / height[neighbour]
        close = (near >= -1) & (near < _MARK_GAP * height[neighbour]) & (far > _END * near + 1)
        small = height[1:-1] < _MARK_HEIGHT * height[neighbour]
        there = place > _FOOT if at_foot else place < 1 - _FOOT
        counts.append(int(np.count_nonzero(mark & glyph[neighbour] & close & small & there)))
    return counts[0], counts[1]
