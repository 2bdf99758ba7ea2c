"""A face's mesh as a head: eyes, ears, chin, and between which heights its crown lies."""

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.face import Head, Point
from station.model.quality import Region
from station.quality.face.found import Face
from station.quality.face.landmarks import EARS, geometry

CROWN_LOW, CROWN_HIGH = 1.80, 2.10
"""Chin to crown lies between these, in T, the distance from the middle of the eyes to the chin (ours)."""
_UNSEEN = (CROWN_LOW + CROWN_HIGH) / 2
"""The estimate where no mask says how high the head reaches."""
_PERSON = 0.5
_LOOKED_UP_T = 2.0
"""How far above the eyes the mask is followed, in T: high hair ends 1.8 T above them."""
_STEPS, _COLUMNS = 201, 17


def head(face: Face, person: NDArray[np.float32] | None, size: tuple[int, int]) -> Head:
    """Return the head of a face that was found on a picture of this (width, height) in pixels.

    `person` is how likely each part of the picture shows the person, 0 to 1, at any size; None when not known.
    Its top over the face is hair or a cover: an upper bound for the crown, and within 1.80 to 2.10 T above the
    chin the estimate. Without it the crown may lie anywhere between those two.
    """
    width, height = size
    shape = geometry(face.landmarks)
    across = (shape.right_eye - shape.left_eye).astype(float)
    across /= max(float(np.hypot(*across)), 1e-6)
    up = np.array((across[1], -across[0]))
    middle = shape.eyes_middle.astype(float)
    chin = float((middle - shape.chin) @ up)
    top = None if person is None else _top(person, middle, across, shape.t, shape.eye_distance, size)
    highest, likely = CROWN_HIGH, _UNSEEN
    if top is not None:
        highest = likely = min(max((chin + top) / shape.t, CROWN_LOW), CROWN_HIGH)

    def point(spot: NDArray[np.float32]) -> Point:
        return (float(spot[0]) / width, float(spot[1]) / height)

    def crown(reach: float) -> float:
        return float(middle[1] + up[1] * (reach * shape.t - chin)) / height

    left, right = (point(face.landmarks[ear, :2]) for ear in EARS)
    box_left, box_top, box_width, box_height = face.box
    return Head(
        box=Region(box_left / width, box_top / height, box_width / width, box_height / height),
        eyes=(point(shape.left_eye), point(shape.right_eye)),
        ears=(left, right),
        chin=point(shape.chin),
        crown_high=crown(highest),
        crown=crown(likely),
        crown_low=crown(CROWN_LOW),
    )


def _top(
    person: NDArray[np.float32],
    middle: NDArray[np.float64],
    across: NDArray[np.float64],
    t: float,
    eye_distance: float,
    size: tuple[int, int],
) -> float | None:
    """Return how far the person reaches above the eyes along the face's axis, in pixels; None when unseen.

    Followed from the eyes upwards and no wider than the face, so that a lamp or another head above is not taken
    for hair.
    """
    heights = np.linspace(0.0, _LOOKED_UP_T * t, _STEPS)
    sides = np.linspace(-eye_distance, eye_distance, _COLUMNS)
    up = np.array((across[1], -across[0]))
    spots = middle + heights[:, None, None] * up + sides[None, :, None] * across
    scale = np.array((person.shape[1] / size[0], person.shape[0] / size[1]))
    at = (spots * scale - 0.5).astype(np.float32)
    seen = cv().remap(
        person.astype(np.float32), at[..., 0], at[..., 1], cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT
    )
    rows = (seen >= _PERSON).any(1)
    if not rows[0]:
        return None
    return float(heights[-1] if rows.all() else heights[int(np.argmin(rows)) - 1])
