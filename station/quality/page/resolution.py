"""How finely the page was scanned."""

from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample


class Resolution:
    """The scanner's own statement: the smaller of both directions.

    raw: dots per inch. NOT_ASSESSED (`unknown_resolution`) when the picture does not tell.
    """

    name = "resolution"
    unit = "dpi"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the resolution that the picture tells."""
        return Measured(min(sample.known_dpi)) if sample.known_dpi else Unmeasured("unknown_resolution")
