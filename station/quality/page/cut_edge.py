"""Whether print runs out of the picture."""

import numpy as np

from station.model.image import MM_PER_INCH
from station.model.quality import Region
from station.quality.measure import Measured, Unmeasured
from station.quality.page.ink import pieces
from station.quality.sample import PageSample

_GLYPH_MM = (0.75, 8.0)
"""A glyph's longer side, whole or cut; what is longer is a rule, the lid's shadow or a dark rim."""
_GLYPHS_MIN = 20
_NEAREST = 3
"""The distance is the third nearest glyph's: two specks at the rim cut no page."""


class CutEdge:
    """Distance from the picture's frame to the print nearest to it; 0 when the frame cuts glyphs.

    Paper that reaches the frame is no fault: on a glass of its own size, at the corner mark, or cut out by the
    scanner it always does. A side where we cut the picture ourselves cuts no print. raw: millimetres, true to
    about 0.3; the region shows the place. NOT_ASSESSED: `unknown_resolution`, `no_text`, `edges_in_sight` when
    no side is the picture's own.
    """

    name = "cut_edge"
    unit = "mm"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the distance."""
        if sample.known_dpi is None:
            return Unmeasured("unknown_resolution")
        if not any(sample.frame):
            return Unmeasured("edges_in_sight")
        boxes, scale = pieces(sample.print_mask), sample.thin_px_per_mm
        longer = boxes[:, 2:4].max(axis=1) / scale
        glyphs = boxes[(longer >= _GLYPH_MM[0]) & (longer <= _GLYPH_MM[1])]
        if len(glyphs) < _GLYPHS_MIN:
            return Unmeasured("no_text")
        height, width = sample.thin.shape
        left, top, across, down = glyphs[:, :4].T
        # For each side of the frame by itself: three specks at three sides are still specks.
        x_mm, y_mm = (MM_PER_INCH * sample.step / dots for dots in sample.known_dpi)
        gaps = np.stack([left * x_mm, top * y_mm, (width - left - across) * x_mm, (height - top - down) * y_mm])
        third = np.argsort(gaps, axis=1, kind="stable")[:, _NEAREST - 1]
        side = int(np.argmin(np.where(sample.frame, gaps[np.arange(len(gaps)), third], np.inf)))
        x, y, w, h = glyphs[third[side], :4].tolist()
        return Measured(float(gaps[side, third[side]]), Region(x / width, y / height, w / width, h / height))
