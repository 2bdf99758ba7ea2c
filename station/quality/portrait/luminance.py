"""What ISO/IEC 29794-5 says of the light on a face, from how its luminances are spread.

All but OverExposurePrevention follow the colour of the skin: of correctly exposed faces LuminanceMean gives
from 6 to 81 points, dark skin the fewest. They inform, and must never refuse a person.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample

_LEVEL = np.arange(256) / 255
_DROWNED = slice(0, 26)
_BURNT = slice(247, 256)

Shares = NDArray[np.float64]
"""Which part of the region has each of 256 luminances."""


@dataclass(frozen=True, slots=True)
class Light:
    """A figure of the luminances in the landmarked region of the aligned face, in linear light.

    raw: what `of` makes of them. OFIQ takes what covers the face out of the exposures by a network of its own;
    here it counts.
    """

    name: str
    of: Callable[[Shares], float]
    unit: str = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the figure."""
        if sample.unseen:
            return sample.unseen
        figure = float(self.of(sample.levels))
        return Measured(figure, sample.face_region, SCORES[self.name](figure))


def _mean(shares: Shares) -> float:
    return float(shares @ _LEVEL)


def _variance(shares: Shares) -> float:
    return float(shares @ np.square(_LEVEL - _mean(shares)))


def _entropy(shares: Shares) -> float:
    there = shares[shares > 0]
    return float(-(there @ np.log2(there)))


LIGHT: tuple[Light, ...] = (
    Light("luminance_mean", _mean),  # 7.3.4.2, 0 to 1
    Light("luminance_variance", _variance),  # 7.3.4.3, 0 to 0.25
    Light("under_exposure_prevention", lambda shares: shares[_DROWNED].sum()),  # 7.3.5, share
    Light("over_exposure_prevention", lambda shares: shares[_BURNT].sum()),  # 7.3.6, share
    Light("dynamic_range", _entropy, "bit"),  # 7.3.7, 0 to 8
)
"""ISO/IEC 29794-5:2025, 7.3.4 to 7.3.7."""
