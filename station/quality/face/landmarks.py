"""Which point of the mesh is what, and the distances that ISO/IEC 29794-5 measures by.

The standard's reference implementation (OFIQ 1.0.3) places 98 points of its own (ADNet, in the order of
WFLW); these are the points of MediaPipe's mesh at the same places, so values differ a little from OFIQ's.
Left and right are as seen in the picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEFT_EYE_CORNERS: Final = (33, 133)
"""Outer, inner."""
RIGHT_EYE_CORNERS: Final = (362, 263)
"""Inner, outer."""
LEFT_LID_PAIRS: Final = ((160, 144), (159, 145), (158, 153))
"""Upper, lower."""
RIGHT_LID_PAIRS: Final = ((385, 380), (386, 374), (387, 373))
INNER_LIP_PAIRS: Final = ((82, 87), (13, 14), (312, 317))
MOUTH_MIDDLE: Final = (13, 14)
MOUTH_CORNERS: Final = (61, 291)
OUTER_LIPS: Final = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
)  # fmt: skip
NOSE_TIP: Final = 4
CHIN: Final = 152
HAIRLINE: Final = 10
"""Not the crown: 1.48 T above the chin, hair and skull rise above it."""
EARS: Final = (234, 454)
"""The widest points of the face, at the level of the ears."""
IRISES: Final = (468, 473)
JAW: Final = (
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
)  # fmt: skip
CONTOUR: Final = (127, *JAW, 356)
BROWS: Final = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
REGION: Final = (*CONTOUR, *BROWS)
"""Their convex hull is the landmarked region: brows to chin, no forehead."""

ALIGNED_PX: Final = 616
"""Width and height of OFIQ's aligned face."""
ALIGNED_AT: Final = ((251, 272), (364, 272), (308, 336), (262, 402), (355, 402))
"""Where it puts the eye centres, the nose's tip and the corners of the mouth, (x, y) in pixels."""

Spot = NDArray[np.float32]
"""One (x, y)."""


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """The places and distances that most measures start from, in the pixels of the points they were taken from.

    `t` is T, from the middle of the eyes to the chin; `eye_distance` is IED, not corrected for yaw.
    """

    left_eye: Spot
    right_eye: Spot
    chin: Spot
    eyes_middle: Spot
    mouth_middle: Spot
    eye_distance: float
    t: float


def geometry(points: NDArray[np.float32]) -> Geometry:
    """Return the geometry of a mesh's points (478, 2 or more).

    An eye's centre is the middle of its corners (ISO/IEC 29794-5), which does not move with the gaze. OFIQ
    rounds centres to whole pixels, because its landmarks are; here they keep their fractions.
    """
    spots = points[:, :2]
    left, right = (spots[list(corners)].mean(0) for corners in (LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS))
    middle, chin = (left + right) / 2, spots[CHIN]
    return Geometry(
        left_eye=left,
        right_eye=right,
        chin=chin,
        eyes_middle=middle,
        mouth_middle=spots[list(MOUTH_MIDDLE)].mean(0),
        eye_distance=float(np.linalg.norm(right - left)),
        t=float(np.linalg.norm(middle - chin)),
    )


def widest(points: NDArray[np.float32], pairs: tuple[tuple[int, int], ...]) -> float:
    """Return the largest distance between the two points of a pair: how far lids or lips are open."""
    above, below = (points[list(side), :2] for side in zip(*pairs, strict=True))
    return float(np.linalg.norm(above - below, axis=1).max())


def alignment_points(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the five points (5, 2) that go to `ALIGNED_AT`."""
    shape = geometry(points)
    others = points[[NOSE_TIP, *MOUTH_CORNERS], :2]
    return np.vstack([shape.left_eye, shape.right_eye, others]).astype(np.float32)
