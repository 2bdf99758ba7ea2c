"""How the face is exposed, without judging skin.

The luminance formulas of ISO/IEC 29794-5 follow the colour of the skin, so nothing here that follows it may
refuse a person: the brightest places of a face (forehead, eye white, teeth) tell the light, its mean does not.
"""

import numpy as np

from station.quality.measure import Measured
from station.quality.sample import FACE, PortraitSample

_BURNT_L = 98.64  # luminance 247 of 255 in linear light, OFIQ's bound for OverExposurePrevention
_DROWNED_L = 10.0


class FaceHighlights:
    """Lightness that the brightest hundredth of the face zone reaches: whether there is enough light.

    raw: L* 0 to 100.
    """

    name = "face_highlights"
    unit = "L*"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the 99th percentile."""
        return Measured(float(np.percentile(sample.face_lightness, 99)), sample.place(FACE))


class FaceLightness:
    """Mean lightness of the face zone. It follows the colour of the skin: for information, never to refuse.

    raw: L* 0 to 100.
    """

    name = "face_lightness"
    unit = "L*"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the mean."""
        return Measured(float(np.mean(sample.face_lightness)), sample.place(FACE))


class OverExposure:
    """Share of the face zone that is burnt out (luminance 247 of 255 and above, in linear light).

    raw: per cent.
    """

    name = "over_exposure"
    unit = "%"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the burnt share."""
        return Measured(100 * float(np.mean(sample.face_lightness >= _BURNT_L)), sample.place(FACE))


class UnderExposure:
    """Share of the face zone that is all but black (L* 10 and below). For information, never to refuse.

    raw: per cent.
    """

    name = "under_exposure"
    unit = "%"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the drowned share."""
        return Measured(100 * float(np.mean(sample.face_lightness <= _DROWNED_L)), sample.place(FACE))
