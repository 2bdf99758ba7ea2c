"""How sharp the print is: over the whole page, and where it is worst."""

import numpy as np

from station.quality.measure import Measured, Unmeasured
from station.quality.page.edges import at_300_dpi
from station.quality.sample import PageSample

POINTS_MIN = 200
TILE_POINTS_MIN = 60


class TextSharpness:
    """Width of the edges of print from 10 to 90 % of the step from ink to paper, median over the page.

    raw: pixels at 300 dpi (1/300 inch), smaller is sharper; 0.8 is the least that pixels can show, a Gaussian
    blur of sigma 1 px gives 2.6. NOT_ASSESSED: `no_text`, `unknown_resolution`.
    """

    name = "text_sharpness"
    unit = "px at 300 dpi"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the median width."""
        if sample.known_dpi is None:
            return Unmeasured("unknown_resolution")
        widths = at_300_dpi(sample.edges, sample.known_dpi)
        return Measured(float(np.median(widths))) if len(widths) >= POINTS_MIN else Unmeasured("no_text")


class WorstTextSharpness:
    """The same in the tile with the widest edges: a corner that does not lie flat, a fold.

    raw: pixels at 300 dpi; the region shows the tile. NOT_ASSESSED: `no_text`, `unknown_resolution`.
    """

    name = "worst_text_sharpness"
    unit = "px at 300 dpi"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the largest of the tiles' medians."""
        if sample.known_dpi is None:
            return Unmeasured("unknown_resolution")
        edges = sample.edges
        widths = at_300_dpi(edges, sample.known_dpi)
        medians = [
            (float(np.median(widths[edges.tile == tile])), tile)
            for tile, points in enumerate(np.bincount(edges.tile, minlength=len(edges.regions)))
            if points >= TILE_POINTS_MIN
        ]
        if not medians:
            return Unmeasured("no_text")
        worst, tile = max(medians)
        return Measured(worst, edges.regions[tile])
