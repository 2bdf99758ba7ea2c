"""Whether the person smiles or looks away, by measures of our own."""

from typing import Final

from station.quality.face.landmarks import LEFT_LID_PAIRS, OUTER_LIPS, RIGHT_LID_PAIRS
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PortraitSample

_SMILES: Final = ("mouthSmileLeft", "mouthSmileRight")
_LOOKS: Final = tuple(
    f"eyeLook{way}{side}" for way in ("Down", "In", "Out", "Up") for side in ("Left", "Right")
)
_LIDS: Final = tuple(point for pair in LEFT_LID_PAIRS + RIGHT_LID_PAIRS for point in pair)


class SmileSubstitute:
    """How strongly the person smiles, with the side of the mouth that smiles more.

    raw: 0 to 1. A limit of 0.3 is crossed by 5 of 100 neutral faces and by 75 of 100 smiles (102 people, both
    ways): to be looked at, never to refuse. Not the component ExpressionNeutrality of ISO/IEC 29794-5.
    """

    name = "smile_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the stronger side."""
        if sample.unseen:
            return sample.unseen
        return Measured(max(sample.expressions[name] for name in _SMILES), sample.around(OUTER_LIPS))


class GazeSubstitute:
    """How far the eyes look away from straight ahead: up, down or to a side, whichever is most.

    raw: 0 to 1; of 102 people who look into the camera 95 in a hundred have at most 0.33. To be looked at above
    0.5, never to refuse. No component of ISO/IEC 29794-5 asks this (BSI TR-03121, 3.3 does).
    """

    name = "gaze_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the strongest direction."""
        if sample.unseen:
            return sample.unseen
        return Measured(max(sample.expressions[name] for name in _LOOKS), sample.around(_LIDS))
