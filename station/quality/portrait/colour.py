"""Whether the picture has colours, and the face the colour of skin."""

from math import hypot

import numpy as np
from numpy.typing import NDArray

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.aligned import cheeks
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample

_TO_XYZ = np.array([[0.43605, 0.38508, 0.14309], [0.22249, 0.71689, 0.06062], [0.01393, 0.0971, 0.71419]])
_WHITE = np.array([0.964221, 1.0, 0.825211])  # D50
_DARK = 216 / 24389
_SLOPE = 24289 / 27  # sic: CIE 15 has 24389, the reference implementation has this
_SKIN_A, _SKIN_B = (5.0, 25.0), (5.0, 35.0)
_NO_SKIN = 100.0

_RGB_24_BIT, _GREY_8_BIT = 1, 3


class NaturalColour:
    """How far the colour of the cheeks lies from all colours of skin (ISO/IEC 29794-5:2025, 7.3.10).

    raw: distance in a*, b* of CIELAB to a* 5 to 25, b* 5 to 35; 100 where one of them is negative. NOT_ASSESSED
    in a grey picture (`no_colour`), which the reference implementation calls natural; that it is grey is
    told by `colour_space`.
    """

    name = "natural_colour"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the distance."""
        if sample.unseen:
            return sample.unseen
        if not sample.coloured:
            return Unmeasured("no_colour")
        zones = cheeks(sample.aligned)
        if zones is None:
            return Unmeasured("turned")
        face = sample.aligned.pixels
        inside = [face[zone] & sample.region[zone][..., np.newaxis] for zone in zones]
        mean = np.concatenate([zone.reshape(-1, 3) for zone in inside]).mean(0) / 255
        away = _from_skin(*_a_and_b(mean))
        return Measured(away, sample.face_region, SCORES[self.name](away))


def _a_and_b(code: NDArray[np.float64]) -> tuple[float, float]:
    """Return a* and b* of a mean colour in sRGB code, 0 to 1."""
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    relative = _TO_XYZ @ linear / _WHITE
    x, y, z = np.where(relative <= _DARK, (_SLOPE * relative + 16) / 116, np.cbrt(relative)).tolist()
    return 500 * (x - y), 200 * (y - z)


def _from_skin(a: float, b: float) -> float:
    if a < 0 or b < 0:
        return _NO_SKIN
    return hypot(*(max(0.0, low - value, value - high) for value, (low, high) in ((a, _SKIN_A), (b, _SKIN_B))))


class ColourSpace:
    """How the pixels are coded (BSI TR-03121, criterion 7.5). A measure of ours, under no component's name.

    raw: the guideline's code: 1 is RGB of 24 bits, 3 is grey of 8 bits. A grey camera that says everything
    three times is grey.
    """

    name = "colour_space"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured:
        """Return the code."""
        return Measured(float(_RGB_24_BIT if sample.coloured else _GREY_8_BIT))
