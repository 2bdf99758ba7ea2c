"""How far ink stands from paper."""

import numpy as np

from station.quality.measure import Measured, Unmeasured
from station.quality.page.sharpness import POINTS_MIN
from station.quality.sample import PageSample


class TextContrast:
    """Step from ink to paper across the edges of print, median over the page.

    raw: L* (black ink on white paper reaches 100). NOT_ASSESSED (`no_text`) without print.
    """

    name = "text_contrast"
    unit = "L*"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the median step."""
        steps = sample.edges.contrast
        return Measured(float(np.median(steps))) if len(steps) >= POINTS_MIN else Unmeasured("no_text")
