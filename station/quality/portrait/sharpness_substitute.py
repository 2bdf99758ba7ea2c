"""How sharp the face is, by a measure of our own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.quality.face.landmarks import REGION
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PortraitSample

_EYES_PX: Final = 190
"""Larger faces are brought to this distance between the eyes; smaller ones are never enlarged."""
_EYES_MIN_PX: Final = 40
"""Below, every face looks sharp: its edges are no wider than a pixel."""

_FINE, _COARSE = 0.5, 2.0
_EDGES: Final = 0.01
"""The part of the face that its strongest edges take: lids, irises, brows, nostrils, lips."""
_THIN: Final = 2
"""How many pixels lie between two of which the strength of an edge is looked at."""


class SharpnessSubstitute:
    """How much steeper the strongest edges of the face are when looked at closely.

    The gradient after a blur of 0.5 px is projected on the gradient after a blur of 2 px and divided by it.
    Noise does not follow the coarse gradient, so it does not make a blurred face sharp. raw: ratio. Composite
    faces, 60 to 190 px between the eyes: 1.45 and above; blurred by a further sigma of 1.5 px 1.28 to 1.45, by
    2 px at most 1.33; the same within 0.05 under noise of sigma 10. NOT_ASSESSED: `face_too_small`, or
    `no_detail` where nothing has an edge. Not the component Sharpness of ISO/IEC 29794-5, a trained forest.
    """

    name = "sharpness_substitute"
    unit = "ratio"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the ratio."""
        if sample.unseen:
            return sample.unseen
        distance = sample.geometry.eye_distance
        if distance < _EYES_MIN_PX:
            return Unmeasured("face_too_small")
        face = _cut(sample)
        if distance > _EYES_PX:
            size = tuple(max(1, round(side * _EYES_PX / distance)) for side in face.shape[1::-1])
            face = cv().resize(face, size, interpolation=cv().INTER_AREA)
        if min(face.shape) < _THIN:
            return Unmeasured("face_too_small")
        fine, coarse = (_gradient(face.astype(np.float32), sigma) for sigma in (_FINE, _COARSE))
        strength = np.square(coarse).sum(axis=0)
        edge = strength >= np.quantile(strength[::_THIN, ::_THIN], 1 - _EDGES)
        total = float(strength[edge].sum(dtype=np.float64))
        if total <= 0:
            return Unmeasured("no_detail")
        along = float((fine[:, edge] * coarse[:, edge]).sum(dtype=np.float64))
        return Measured(along / total, sample.face_region)


def _cut(sample: PortraitSample) -> NDArray[np.uint8]:
    """The upright box of the landmarked region, grey, in the picture's own pixels."""
    spots = sample.landmarks[list(REGION), :2]
    height, width = sample.pixels.shape[:2]
    left, top = np.clip(spots.min(0), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(spots.max(0)), (left + 1, top + 1), (width, height)).astype(int)
    return codec.grey(np.ascontiguousarray(sample.pixels[top:bottom, left:right]))


def _gradient(face: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return (2, h, w): the differences across and down after a Gaussian blur."""
    soft = cv().GaussianBlur(face, (0, 0), sigma)
    return np.stack([cv().Sobel(soft, cv().CV_32F, x, 1 - x, ksize=1) for x in (1, 0)])
