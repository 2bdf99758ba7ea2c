"""How large the face is in the picture, and how much room is around it.

Head size and margins describe the capture, not the photo that is cut from it: of a perfect photo some are near
0 points. They inform; the photo's own geometry is judged by its own profile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians

from station.quality.face.landmarks import Geometry
from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample


class InterEyeDistance:
    """Distance between the eye centres, corrected for yaw (ISO/IEC 29794-5:2025, 7.4.8).

    raw: pixels of the camera's picture, of which a live copy may have fewer.
    """

    name = "inter_eye_distance"
    unit = "px"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the distance."""
        if sample.unseen:
            return sample.unseen
        distance = sample.geometry.eye_distance * sample.scale / cos(radians(sample.pose.yaw))
        return Measured(distance, sample.face_region, SCORES[self.name](distance))


@dataclass(frozen=True, slots=True)
class Room:
    """A ratio of the face to the picture (ISO/IEC 29794-5:2025, 7.4.9 and 7.4.10).

    `of` takes the face's geometry and the picture's width and height in the same pixels. raw: that ratio.
    """

    name: str
    of: Callable[[Geometry, int, int], float]
    unit: str = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the ratio."""
        if sample.unseen:
            return sample.unseen
        height, width = sample.pixels.shape[:2]
        ratio = float(self.of(sample.geometry, width, height))
        return Measured(ratio, sample.face_region, SCORES[self.name](ratio))


ROOM: tuple[Room, ...] = (
    Room("head_size", lambda face, width, height: face.t / height),
    # As OFIQ has it: on both sides it measures to the eye that is farther away.
    Room(
        "leftward_crop_of_the_face_image",
        lambda face, width, height: face.right_eye[0] / face.eye_distance,
    ),
    Room(
        "rightward_crop_of_the_face_image",
        lambda face, width, height: (width - face.left_eye[0]) / face.eye_distance,
    ),
    Room("margin_above_of_the_face_image", lambda face, width, height: face.eyes_middle[1] / face.t),
    Room("margin_below_of_the_face_image", lambda face, width, height: (height - face.eyes_middle[1]) / face.t),
)
"""The head's size, and the room on its four sides."""
