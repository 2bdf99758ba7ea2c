"""What the background looks like: light, without colour, the same all over. Measures of our own.

The standard's formula sees edges only; a brown door or a dark wall passes it.
"""

from math import hypot

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.trouble_spots import spots
from station.quality.sample import PortraitSample


class BackgroundLightness:
    """Lightness of the background; a visa portrait asks for white or a light colour.

    raw: L* 0 to 100, median; light walls in good light have 79 to 89. NOT_ASSESSED (`no_background`) when the
    person fills the picture. Not a component of ISO/IEC 29794-5.
    """

    name = "background_lightness"
    unit = "L*"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the median lightness."""
        if sample.unseen:
            return sample.unseen
        return Unmeasured("no_background") if sample.wall is None else Measured(sample.wall.colour[0])


class BackgroundColour:
    """How strong the background's colour is, whatever its hue; white and grey have none.

    raw: chroma C*ab, 0 to about 130, of the median colour. NOT_ASSESSED (`no_background`) as above. Not a
    component of ISO/IEC 29794-5.
    """

    name = "background_colour"
    unit = "C*"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the chroma."""
        if sample.unseen:
            return sample.unseen
        return Unmeasured("no_background") if sample.wall is None else Measured(hypot(*sample.wall.colour[1:]))


class BackgroundEvenness:
    """How much of the background is unlike the rest of it: shadows, furniture, other people.

    raw: share 0 to 1 that is more than 12 (CIE76) from the median colour; the region is the largest such place.
    NOT_ASSESSED (`no_background`) as above. Not the component BackgroundUniformity of ISO/IEC 29794-5.
    """

    name = "background_evenness"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the share."""
        if sample.unseen:
            return sample.unseen
        if sample.wall is None:
            return Unmeasured("no_background")
        return Measured(sample.wall.trouble, next(iter(spots(sample)), None))
