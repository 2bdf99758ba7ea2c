"""How the page is exposed: the paper's lightness, and what is burnt out or drowned."""

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

BURNT = 254
DROWNED = 1
_WHITE_PAPER = 253
_PATCH_MM = 2
"""Smaller than this is a stroke, a bar or a sparkle, not a patch that hides something."""


class PaperWhite:
    """Lightness of the paper, the commonest among the bright pixels of the document.

    raw: L* 0 to 100.
    """

    name = "paper_white"
    unit = "L*"

    def assess(self, sample: PageSample) -> Measured:
        """Return the paper's lightness."""
        return Measured(float(lightness.OF_GREY[sample.paper]))


class ClippedHighlights:
    """Share of the document that is burnt out (code 254 and above) in patches of 2 mm and more: glare.

    raw: per cent; the region shows the largest patch. NOT_ASSESSED: `blank` when there is nothing but paper,
    `white_paper` when the paper itself is so bright that glare cannot be told from it.
    """

    name = "clipped_highlights"
    unit = "%"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the burnt share."""
        if sample.content.any() and sample.paper >= _WHITE_PAPER:
            return Unmeasured("white_paper")
        return _share(sample, sample.thin >= BURNT)


class ClippedShadows:
    """Share of the document that is drowned in black (code 1 and below) in patches of 2 mm and more.

    raw: per cent; the region shows the largest patch. NOT_ASSESSED (`blank`) when there is nothing but paper.
    """

    name = "clipped_shadows"
    unit = "%"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the drowned share."""
        return _share(sample, sample.thin <= DROWNED)


def _share(sample: PageSample, clipped: NDArray[np.bool_]) -> Measured | Unmeasured:
    """Per cent of the document that lies in patches of what is clipped."""
    document = int(np.count_nonzero(sample.content))
    if not document:
        return Unmeasured("blank")
    side = max(1, round(_PATCH_MM * sample.px_per_mm / sample.step))
    inside = (clipped & sample.content).astype(np.uint8)
    patches = cv().morphologyEx(inside, cv().MORPH_OPEN, np.ones((side, side), np.uint8))
    share = 100 * int(np.count_nonzero(patches)) / document
    return Measured(share, _largest(patches) if share else None)


def _largest(patches: NDArray[np.uint8]) -> Region:
    """Box around the largest patch, in fractions of the picture."""
    height, width = patches.shape
    _, _, boxes, _ = cv().connectedComponentsWithStats(patches)
    left, top, across, down, _ = boxes[1 + int(np.argmax(boxes[1:, cv().CC_STAT_AREA]))].tolist()
    return Region(left / width, top / height, across / width, down / height)
