"""Whether there is enough light on the face, without judging skin."""

from typing import Final

import numpy as np

from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PortraitSample

_PIXELS: Final = 160
"""About as many rows and columns of the face are looked at: true pixels, no averages."""


class FaceHighlights:
    """Lightness that the brightest hundredth of the face's box reaches: forehead, eye whites, teeth.

    raw: L* 0 to 100. The mean of a face follows the colour of its skin, this does not: of 102 correctly exposed
    people of all complexions the middle is at 89 or 90 and the least at 65; with half the light nobody exceeds
    49. Not a component of ISO/IEC 29794-5.
    """

    name = "face_highlights"
    unit = "L*"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the 99th percentile."""
        if sample.unseen:
            return sample.unseen
        place, (height, width) = sample.face_region, sample.pixels.shape[:2]
        left, top = int(place.left * width), int(place.top * height)
        right, bottom = (
            round((place.left + place.width) * width),
            round((place.top + place.height) * height),
        )
        box = sample.pixels[top:bottom, left:right]
        if not box.size:
            return Unmeasured("no_face")
        step = max(1, min(box.shape[:2]) // _PIXELS)
        return Measured(float(np.percentile(lightness.of_pixels(box[::step, ::step]), 99)), place)
