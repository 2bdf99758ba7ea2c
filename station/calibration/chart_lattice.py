"""Where equal patches lie side by side in a picture: flat areas, and the lattice that most of them form."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from station.calibration.located import Array
from station.imaging.cv import cv
from station.model.image import Pixels

Index = tuple[int, int]
"""Column and row in a lattice, right and down in the picture, from anywhere."""

_LEAST_SIDE = 5
"""Pixels of a flat area's box; smaller ones are noise and letters."""

_FILLED = 0.8
"""Share of its turned box that a patch fills."""

_LARGEST = 0.3
"""Share of the picture's longer side; larger ones are background."""

_RIM_PX = 2.5
"""What the filters take from each side of a flat area."""

_LIKE = 0.35
"""How far the sides of neighbours may differ: an area with the shadow of a frame, a slanting view."""

_NEAR = 0.3
"""How far a neighbour may lie from where the lattice has it, in pitches."""

_JUMPS = (1, 2, 3)
"""Patches that were not seen are stepped over."""

_MOST_AREAS = 2500
"""More are noise, not patches; every area is held against every other."""

_MOST_SEEDS = 150
"""Where a lattice is begun, at the most."""

_STEPS: Sequence[Index] = ((1, 0), (-1, 0), (0, 1), (0, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Flat rectangles. `corners` (n, 4, 2): upper left, upper right, lower right, lower left, as they lie.

    `sides` (n, 2): along the way from left to right, and downwards, px.
    """

    corners: Array
    sides: Array

    @property
    def centres(self) -> Array:
        """Their middles (n, 2), px."""
        return np.asarray(self.corners.mean(axis=1), np.float64)


def flat_areas(calm: Pixels, step: int) -> Areas:
    """Return the flat rectangles of a calm picture: where neighbours differ by `step` levels at most."""
    slopes = cv().morphologyEx(calm, cv().MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    flat = (slopes.max(axis=2) <= step).astype(np.uint8)
    # Bridges between two patches, where their colours are alike at one place, are cut.
    flat = cv().morphologyEx(flat, cv().MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv().connectedComponentsWithStats(flat, connectivity=4)
    largest = _LARGEST * max(flat.shape)
    boxes = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        if min(width, height) < _LEAST_SIDE or max(width, height) > largest:
            continue
        mask = labels[top : top + height, left : left + width] == number
        ys, xs = np.nonzero(mask)
        box = cv().minAreaRect(np.column_stack((xs + left, ys + top)).astype(np.float32))
        if area >= _FILLED * (box[1][0] + 1) * (box[1][1] + 1):
            boxes.append(_upright(box))
    if not boxes:
        return Areas(np.empty((0, 4, 2)), np.empty((0, 2)))
    return Areas(np.array([corners for corners, _ in boxes]), np.array([sides for _, sides in boxes]))


def _upright(box: tuple[tuple[float, float], tuple[float, float], float]) -> tuple[Array, Array]:
    """Return a turned box's corners and sides, as `Areas` has them, with the rim that the filters took."""
    centre, (width, height), degrees = box
    quarter = round(degrees / 90)
    if quarter % 2:
        width, height = height, width
    turn = np.radians(degrees - 90 * quarter)
    along, down = np.array((np.cos(turn), np.sin(turn))), np.array((-np.sin(turn), np.cos(turn)))
    sides = np.array((width, height), np.float64) + 2 * _RIM_PX
    half_x, half_y = along * sides[0] / 2, down * sides[1] / 2
    middle = np.asarray(centre, np.float64)
    corners = (
        middle - half_x - half_y,
        middle + half_x - half_y,
        middle + half_x + half_y,
        middle - half_x + half_y,
    )
    return np.array(corners), sides


def lattices(areas: Areas, ratio: float) -> Iterator[Mapping[Index, int]]:
    """Yield the lattices of like areas, each with the number of the area at every place that was seen.

    `ratio` is the pitch over the side of a patch.
    """
    if not 0 < len(areas.sides) <= _MOST_AREAS:
        return
    centres, taken = areas.centres, np.zeros(len(areas.sides), bool)
    # Sides that many areas share come first: there the chart is.
    logs = np.log(areas.sides)
    like = (np.abs(logs[:, None] - logs[None]).max(axis=2) < np.log1p(_LIKE) / 2).sum(axis=1)
    for seed in np.argsort(-like, kind="stable")[:_MOST_SEEDS].tolist():
        if taken[seed]:
            continue
        found = _grown(areas, centres, seed, ratio)
        taken[list(found.values())] = True
        if len(found) > 2:
            yield found


def _grown(areas: Areas, centres: Array, seed: int, ratio: float) -> dict[Index, int]:
    """Walk from one area to its neighbours, and from them on; the pitch is learnt on the way."""
    corners = areas.corners[seed]
    along, down = ((corners[at] - corners[0]) * ratio for at in (1, 3))
    placed, used = {(0, 0): seed}, {seed}
    waiting = deque([((0, 0), along, down)])
    while waiting:
        place, along, down = waiting.popleft()
        here = placed[place]
        reach = _NEAR * min(float(np.hypot(*along)), float(np.hypot(*down)))
        for right, below in _STEPS:
            for jump in _JUMPS:
                there = (place[0] + right * jump, place[1] + below * jump)
                if there in placed:
                    break
                step = along * right + down * below
                off = np.hypot(*(centres - (centres[here] + step * jump)).T)
                near = int(np.argmin(off))
                if near in used or off[near] > reach or not _alike(areas.sides[here], areas.sides[near]):
                    continue
                learnt = (centres[near] - centres[here]) / jump
                placed[there] = near
                used.add(near)
                nearer = ((along + learnt * right) / 2, down) if right else (along, (down + learnt * below) / 2)
                waiting.append((there, *nearer))
                break
    return placed


def _alike(one: Array, other: Array) -> bool:
    return bool(np.abs(np.log(one / other)).max() <= np.log1p(_LIKE))
