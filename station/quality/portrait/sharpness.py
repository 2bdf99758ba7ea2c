"""How sharp the face is."""

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import FACE, PortraitSample

_ZONE_HEIGHT_PX = 480
"""The face zone of a 1200 px frame (TR-03121 asks for 800 to 1600): larger pictures are brought to it."""

_TILES = 8
_COARSE_SIGMA = 2.0
_DETAIL_MIN = 0.09
"""Grey levels: an even wall with noise of sigma 8 stays below 0.07, a face in a third of the light above."""


class FaceSharpness:
    """Fine detail of the face zone against its coarse detail, both without the sensor's noise.

    The root mean square of the Laplacian is divided by the same after a Gaussian blur of sigma 2 px; the noise
    is the energy of the median tile, skin. raw: ratio, 2 and below is blurred. A copy smaller than 1200 px
    shows coarse blur only. NOT_ASSESSED (`no_detail`) when the zone is all but even: nobody is there.
    Not the component Sharpness of ISO/IEC 29794-5, which is a trained forest.
    """

    name = "face_sharpness"
    unit = "ratio"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the ratio."""
        grey = codec.grey(np.ascontiguousarray(sample.cut(FACE)))
        zone = codec.thumbnail(grey, _ZONE_HEIGHT_PX).astype(np.float32)
        fine = _detail(zone)
        coarse = _detail(cv().GaussianBlur(zone, (0, 0), _COARSE_SIGMA))
        if coarse < _DETAIL_MIN:
            return Unmeasured("no_detail")
        return Measured(fine / coarse, sample.place(FACE))


def _detail(zone: NDArray[np.float32]) -> float:
    """Root mean square of the Laplacian over the zone, less the median of its tiles."""
    energy = cv().resize(
        np.square(cv().Laplacian(zone, cv().CV_32F)), (_TILES, _TILES), interpolation=cv().INTER_AREA
    )
    floor = float(np.median(energy))
    return float(np.sqrt(max(0.0, float(energy.mean()) - floor)))
