"""What stands behind the person: how even and how light it is, at both sides above the shoulders."""

import numpy as np

from station.quality.measure import Measured
from station.quality.sample import PortraitSample


class BackgroundUniformity:
    """How far the background strays from its own colour: shadows, folds, furniture.

    raw: colour difference (CIE76) to the median colour that nine tenths of the background stay below.
    Not the component of that name in ISO/IEC 29794-5, which needs a person mask.
    """

    name = "background_uniformity"
    unit = "ΔE"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the 90th percentile of the differences."""
        colours = sample.background
        away = np.linalg.norm(colours - np.median(colours, axis=0), axis=1)
        return Measured(float(np.percentile(away, 90)))


class BackgroundLightness:
    """Lightness of the background; a visa portrait asks for white or a light colour.

    raw: L* 0 to 100, median.
    """

    name = "background_lightness"
    unit = "L*"

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the median lightness."""
        return Measured(float(np.median(sample.background[:, 0])))
