"""Whether both sides of the face have the same light."""

import numpy as np

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.aligned import cheeks
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample


class IlluminationUniformity:
    """How alike the luminances of both cheeks are (ISO/IEC 29794-5:2025, 7.3.3).

    raw: what the two histograms share, 0 to 1. NOT_ASSESSED (`turned`) where a cheek cannot be seen.
    """

    name = "illumination_uniformity"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the histograms' intersection."""
        if sample.unseen:
            return sample.unseen
        zones = cheeks(sample.aligned)
        if zones is None:
            return Unmeasured("turned")
        left, right = (
            np.bincount((sample.luminance[zone] & sample.region[zone]).ravel(), minlength=256) for zone in zones
        )
        shared = float(np.minimum(left, right).sum() / left.sum())
        return Measured(shared, sample.face_region, SCORES[self.name](shared))
