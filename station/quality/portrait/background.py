"""Whether the background is even, by the standard's formula."""

import numpy as np

from station.imaging.cv import cv
from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.aligned import luminance
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample


class BackgroundUniformity:
    """How strong the edges in the background are (ISO/IEC 29794-5:2025, 7.3.2).

    raw: mean gradient (Scharr) of the linear-light luminance; plain walls have 20 to 190. The formula sees
    edges only: a tiled wall in a dark colour may pass. What is background is told by a mask of persons in place
    of the reference implementation's face parsing. NOT_ASSESSED (`no_background`) when the person fills the
    picture.
    """

    name = "background_uniformity"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the mean gradient."""
        if sample.unseen:
            return sample.unseen
        behind = sample.backdrop
        if not behind.mask.any():
            return Unmeasured("no_background")
        light = luminance(behind.pixels).astype(np.float32)
        across, down = (cv().Scharr(light, cv().CV_32F, x, 1 - x) for x in (1, 0))
        gradient = float(cv().magnitude(across, down)[behind.mask].mean(dtype=np.float64))
        return Measured(gradient, score=SCORES[self.name](gradient))
