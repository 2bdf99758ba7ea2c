"""Whether the eyes are open and the mouth is closed."""

from station.quality.face.landmarks import (
    INNER_LIP_PAIRS,
    LEFT_EYE_CORNERS,
    LEFT_LID_PAIRS,
    OUTER_LIPS,
    RIGHT_EYE_CORNERS,
    RIGHT_LID_PAIRS,
    widest,
)
from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample

_EYES = (
    *LEFT_EYE_CORNERS,
    *RIGHT_EYE_CORNERS,
    *(point for pair in LEFT_LID_PAIRS + RIGHT_LID_PAIRS for point in pair),
)


class EyesOpen:
    """How far the eye that is less open is open (ISO/IEC 29794-5:2025, 7.4.3).

    raw: the lids' largest distance in parts of T, on the aligned face; neutral faces have 0.05 to 0.11. Its
    points keep their fractions of pixels, which OFIQ's have not.
    """

    name = "eyes_open"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the smaller of both eyes' openings."""
        if sample.unseen:
            return sample.unseen
        face = sample.aligned
        lids = min(widest(face.points, LEFT_LID_PAIRS), widest(face.points, RIGHT_LID_PAIRS))
        opening = lids / face.geometry.t
        return Measured(opening, sample.around(_EYES), SCORES[self.name](opening))


class MouthClosed:
    """How far the lips are apart (ISO/IEC 29794-5:2025, 7.4.4); a shut mouth has 97 points, no more.

    raw: the inner lips' largest distance in parts of T; neutral faces stay below 0.03.
    """

    name = "mouth_closed"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the opening."""
        if sample.unseen:
            return sample.unseen
        opening = widest(sample.landmarks, INNER_LIP_PAIRS) / sample.geometry.t
        return Measured(opening, sample.around(OUTER_LIPS), SCORES[self.name](opening))
