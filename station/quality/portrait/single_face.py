"""Whether one person alone is in the picture."""

import numpy as np

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample


class SingleFacePresent:
    """How large the next face is beside the largest (ISO/IEC 29794-5:2025, 7.4.2).

    raw: its area in parts of the largest's, 0 with one face. A face on a poster is a face. The region is the
    face that is too many.
    """

    name = "single_face_present"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the ratio."""
        if sample.unseen:
            return sample.unseen
        largest, *others = sample.faces
        if not others:
            return Measured(0.0, sample.face_region, SCORES[self.name](0.0))
        share = others[0].area / largest.area
        corner, extent = np.array(others[0].box).reshape(2, 2)
        return Measured(share, sample.place(corner, corner + extent), SCORES[self.name](share))
