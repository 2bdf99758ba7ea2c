"""Where the background is in the way, for the overlay on the live picture."""

from station.model.quality import Region
from station.quality.sample import PortraitSample


def spots(sample: PortraitSample) -> tuple[Region, ...]:
    """Return up to four places of the background that are unlike the rest of it, the largest first."""
    if sample.unseen or sample.wall is None:
        return ()
    return tuple(sample.place(*box) for box in sample.wall.spots())
