"""Where a head is on a picture: what overlays show and what a photo's crop is worked out from."""

from dataclasses import dataclass
from math import atan2, degrees, radians, tan

from station.model.quality import Region

Point = tuple[float, float]
"""(x, y) as fractions of a picture's width and height from its top left corner; may lie beyond 0 to 1."""


@dataclass(frozen=True, slots=True)
class Head:
    """The one face that is meant. Left and right are as seen in the picture.

    `eyes` are the middles between the eye corners (left, right), `ears` the widest points of the face (left,
    right), `chin` its lowest point. The crown is no landmark: it lies between `crown_high` and `crown_low`
    (y, high is the smaller number) on the face's axis, and `crown` is the estimate. The axis goes through the
    middle of the eyes, at right angles to the line between them.
    """

    box: Region
    eyes: tuple[Point, Point]
    ears: tuple[Point, Point]
    chin: Point
    crown_high: float
    crown: float
    crown_low: float

    @property
    def eyes_middle(self) -> Point:
        """The middle between the eyes."""
        (left_x, left_y), (right_x, right_y) = self.eyes
        return ((left_x + right_x) / 2, (left_y + right_y) / 2)

    def roll(self, size: tuple[int, int]) -> float:
        """Return by how many degrees the eyes are turned clockwise, -180 to 180.

        Positive: the eye on the right of the picture is the lower one. `size` is the picture's (width, height)
        in pixels.
        """
        (left_x, left_y), (right_x, right_y) = self.eyes
        return degrees(atan2((right_y - left_y) * size[1], (right_x - left_x) * size[0]))

    def on_axis(self, y: float, size: tuple[int, int]) -> Point:
        """Return where the face's axis has this y, on a picture of this (width, height) in pixels."""
        x, eyes_y = self.eyes_middle
        return (x - (y - eyes_y) * size[1] / size[0] * tan(radians(self.roll(size))), y)
