"""Whether something lies over the face, by measures of our own."""

from typing import Final

from station.quality.face.landmarks import (
    CHIN,
    LEFT_EYE_CORNERS,
    LEFT_LID_PAIRS,
    NOSE_TIP,
    RIGHT_EYE_CORNERS,
    RIGHT_LID_PAIRS,
)
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PortraitSample

_EYES: Final = (
    *LEFT_EYE_CORNERS,
    *RIGHT_EYE_CORNERS,
    *(point for pair in LEFT_LID_PAIRS + RIGHT_LID_PAIRS for point in pair),
)
_LOWER_FACE: Final = (NOSE_TIP, CHIN, 58, 288)
"""Down from the nose, to the corners of the jaw."""


class EyesOcclusionSubstitute:
    """How much of the eye that is covered more is covered: sunglasses, an eye patch.

    raw: 0 to 1. Painted dark lenses measure 0.87 and above, bare eyes at most 0.25, eyes in heavy dark frames
    0.58; closed eyes may look covered, and lenses of a light tint may pass. Not the component EyesVisible of
    ISO/IEC 29794-5.
    """

    name = "eyes_occlusion_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the worse eye."""
        return sample.unseen or Measured(sample.covering.eyes, sample.around(_EYES))


class LowerFaceOcclusionSubstitute:
    """How much of nose, cheeks or mouth is covered, whichever is most: a mask, also below the nose, a scarf.

    raw: 0 to 1. Painted masks measure 0.82 and above in every colour, that of the skin too; bare faces at most
    0.1, in light from above 0.39, with beards 0.45. Not the component MouthOcclusionPrevention of ISO/IEC
    29794-5.
    """

    name = "lower_face_occlusion_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the worst part."""
        return sample.unseen or Measured(sample.covering.lower_face, sample.around(_LOWER_FACE))


class FaceOcclusionSubstitute:
    """How much of the face is covered: the mean of eyes, nose, cheeks and mouth.

    raw: 0 to 1; sunglasses make 0.25, a mask 0.5 to 0.9, bare faces at most 0.15. Not the component
    FaceOcclusionPrevention of ISO/IEC 29794-5.
    """

    name = "face_occlusion_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the mean."""
        return sample.unseen or Measured(sample.covering.face, sample.face_region)
