"""How strongly the picture was compressed, by a measure of our own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.quality.measure import Measured, Unmeasured
from station.quality.page.jpeg_quality import quality_of
from station.quality.sample import PortraitSample

_JPEG: Final = b"\xff\xd8\xff"
_BLOCK: Final = 8
_EDGE: Final = 20.0
"""Grey levels: a larger step is the face's own, and counts no more than this."""
_LEAST_PX: Final = 64

_STEPS: Final = (0.0, 0.28, 0.55, 0.78, 0.95, 1.13, 1.28, 1.51, 1.70, 1.95, 2.28, 2.95, 4.3)
_QUALITIES: Final = (100.0, 95.0, 90.0, 85.0, 80.0, 75.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0)
"""How much larger the steps at the rims of blocks are than elsewhere, in grey levels, and the quality that
makes them so: medians over ten composite faces, 60 to 200 px between the eyes, all of them much the same."""


class CompressionSubstitute:
    """Quality on libjpeg's scale (IJG) of the JPEG that the picture is or was.

    By the file's own tables where the file is known; else by the steps at the rims of 8 x 8 blocks on the
    face, wherever the blocks begin, to about 12 points. raw: 1 to 100; 100 where nothing shows. NOT_ASSESSED
    (`no_tables`) on a smaller copy, which has lost its blocks, and on a face too small to tell. Not the
    component CompressionArtifacts of ISO/IEC 29794-5, which is a network.
    """

    name = "compression_substitute"
    unit = ""

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the quality."""
        if sample.encoded is not None and sample.encoded.startswith(_JPEG):
            quality = quality_of(sample.encoded)
            return Unmeasured("no_tables") if quality is None else Measured(float(quality))
        if sample.unseen:
            return sample.unseen
        place, (height, width) = sample.face_region, sample.pixels.shape[:2]
        left, top = int(place.left * width), int(place.top * height)
        right, bottom = int((place.left + place.width) * width), int((place.top + place.height) * height)
        if sample.scale != 1 or min(right - left, bottom - top) < _LEAST_PX:
            return Unmeasured("no_tables")
        face = codec.grey(np.ascontiguousarray(sample.pixels[top:bottom, left:right])).astype(np.float32)
        step = (_step(face) + _step(face.T)) / 2
        return Measured(float(np.interp(step, _STEPS, _QUALITIES)))


def _step(face: NDArray[np.float32]) -> float:
    """Return how much larger the differences across the rims of blocks are than those within: grey levels."""
    difference = np.minimum(np.abs(np.diff(face, axis=1)), _EDGE).mean(axis=0)
    whole = difference[: len(difference) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).mean(axis=0)
    return float(whole.max() - np.median(whole))
