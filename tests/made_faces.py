"""Faces that nobody has: meshes whose landmarks are put where arithmetic wants them."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.canonical_face import canonical_face
from station.model.image import Pixels
from station.quality.face import landmarks as lm
from station.quality.face.found import Face
from station.quality.sample import PortraitSample

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "portrait"
"""Composite faces of nobody, where they lie beside the repository."""

T = 200.0
IED = 113.0
"""Of a made face in its own size, in which it needs no alignment."""

EYE_Y, MOUTH_Y, LEFT_X, RIGHT_X, MIDDLE_X = 272.0, 402.0, 251.0, 364.0, 307.5


def made_face(
    *,
    lids: tuple[float, float] = (16.0, 16.0),
    lips: float = 2.0,
    scale: float = 1.0,
    at: tuple[float, float] = (0.0, 0.0),
) -> Face:
    """Return a flat face in the standard's own place, then scaled and moved: `at` is where (0, 0) goes.

    Lids and lips are this many pixels apart before scaling.
    """
    points = np.full((478, 2), (MIDDLE_X, 330.0))
    rim = np.linspace(-0.5, 0.5, len(lm.CONTOUR))
    angle = rim * np.pi * 1.1
    points[list(lm.CONTOUR)] = np.column_stack(
        [MIDDLE_X + 105 * np.sin(angle), EYE_Y + T * np.cos(angle).clip(0)]
    )
    points[list(lm.BROWS), 0] = MIDDLE_X + np.linspace(-90, 90, len(lm.BROWS))
    points[list(lm.BROWS), 1] = 232
    for corners, x in ((lm.LEFT_EYE_CORNERS, LEFT_X), (lm.RIGHT_EYE_CORNERS, RIGHT_X)):
        points[list(corners)] = (x - 20, EYE_Y), (x + 20, EYE_Y)
    for pairs, x, apart in (
        (lm.LEFT_LID_PAIRS, LEFT_X, lids[0]),
        (lm.RIGHT_LID_PAIRS, RIGHT_X, lids[1]),
        (lm.INNER_LIP_PAIRS, MIDDLE_X, lips),
    ):
        y = MOUTH_Y if pairs is lm.INNER_LIP_PAIRS else EYE_Y
        for number, (above, below) in enumerate(pairs):
            points[[above, below]] = (
                (x + 10 * number - 10, y - apart / 2),
                (x + 10 * number - 10, y + apart / 2),
            )
    points[[lm.NOSE_TIP, *lm.MOUTH_CORNERS]] = (308, 336), (262, MOUTH_Y), (355, MOUTH_Y)
    points[lm.CHIN] = MIDDLE_X, EYE_Y + T
    return _face(points * scale + at)


def turned_face(yaw: float = 0, pitch: float = 0, roll: float = 0, size: float = 20.0) -> Face:
    """Return the canonical face, turned by degrees as ISO/IEC 29794-5 counts them, `size` px a centimetre."""
    y, x, z = np.radians([yaw, pitch, roll])
    # About the axes x right, y up, z to the camera: first yaw, then pitch, then roll.
    by_yaw = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    by_pitch = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    by_roll = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    turned = canonical_face().points @ (by_roll @ by_pitch @ by_yaw).T * size
    points = np.zeros((478, 3))
    points[:468] = turned * [1, -1, -1] + [400, 400, 0]
    return _face(points)


def _face(points: NDArray[Any]) -> Face:
    flat = np.zeros((478, 3), np.float32)
    flat[:, : points.shape[1]] = points
    low, high = flat[:468, :2].min(0), flat[:468, :2].max(0)
    return Face(flat, (*map(float, low), *map(float, high - low)), 0.9, 1.0)


class Sitter(PortraitSample):
    """A picture on which these faces are found, and this person is seen."""

    def __init__(self, pixels: Pixels, faces: Sequence[Face], *, behind: float = 0.0, **told: Any) -> None:
        super().__init__(pixels, **told)
        self.__dict__["faces"] = tuple(faces)
        self.__dict__["_behind"] = behind

    @cached_property
    def person(self) -> NDArray[np.float32]:
        """How likely the person is everywhere."""
        return np.full((256, 256), self.__dict__["_behind"], np.float32)


def plain(colour: int | tuple[int, int, int], size: tuple[int, int] = (616, 616)) -> Pixels:
    """Return a picture of one colour; `size` is (height, width)."""
    return np.full((*size, 3), colour, np.uint8)
