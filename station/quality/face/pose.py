"""How a head is turned: the mesh against the canonical face."""

from dataclasses import dataclass
from math import asin, atan2, degrees
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.canonical_face import POINTS, canonical_face
from station.quality.face.found import Face

_UP_AND_NEAR = np.array([1, -1, -1], np.float32)
"""From the mesh's axes (y down, z away from the camera) to the canonical face's."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles in degrees (ISO/IEC 29794-5:2025, 7.4.11); 0, 0, 0 is straight ahead.

    `yaw` > 0: the nose points to the right of the picture. `pitch` > 0: down. `roll` > 0: turned
    counter-clockwise, the eye on the right of the picture is the higher one.
    """

    yaw: float
    pitch: float
    roll: float


def pose(face: Face) -> Pose:
    """Return how the face is turned: the rotation of the best fit of the canonical face to the mesh.

    Of the three, pitch depends most on the shape of the face: of 102 people who look straight ahead 31 in a
    hundred have more than 5 degrees, 4 in a hundred more than 10. MediaPipe's own matrix is not used: it
    assumes a lens, and the same face moved by 180 pixels changes its pitch by 10 degrees, here by 3.

    Raises:
        LookupError: the canonical face is missing.
    """
    turned = _rotation(canonical_face().points, face.landmarks[:POINTS] * _UP_AND_NEAR)
    return Pose(
        yaw=degrees(asin(max(-1.0, min(1.0, -turned[2, 0])))),
        pitch=degrees(atan2(turned[2, 1], turned[2, 2])),
        roll=degrees(atan2(turned[1, 0], turned[0, 0])),
    )


def _rotation(shape: NDArray[np.float32], seen: NDArray[np.float32]) -> Any:
    """Return the rotation of the similarity that best takes a shape to what is seen (Umeyama 1991)."""
    left, _, right = np.linalg.svd((seen - seen.mean(0)).T @ (shape - shape.mean(0)))
    mirrored = np.linalg.det(left @ right) < 0
    return left @ np.diag([1, 1, -1 if mirrored else 1]) @ right
