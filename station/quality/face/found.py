"""A face as it was found on a picture."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""(left, top, width, height) in pixels; may reach beyond the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face with its mesh. Left and right are as seen in the picture.

    `landmarks` (478, 3) are the points of MediaPipe's mesh, x and y in pixels of the picture that was asked
    about, z in the same scale, smaller is nearer to the camera; points 468 and 473 are the irises' centres.
    `box` is what the detector saw, brows to chin, and `score` (0.5 to 1) how sure it was. `presence` (0.5 to 1)
    is how sure the mesh was of a face. A mesh is confident on masks and sunglasses too: it guesses what is
    behind, and nothing here tells whether a part is covered.
    """

    landmarks: NDArray[np.float32] = field(repr=False)
    box: Box = field(repr=False)
    score: float
    presence: float

    def __post_init__(self) -> None:
        """Guard the points: measures share them."""
        self.landmarks.setflags(write=False)

    @property
    def area(self) -> float:
        """The area of the box in square pixels."""
        return self.box[2] * self.box[3]
