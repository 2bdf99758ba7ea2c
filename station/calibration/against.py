"""Patches held against their reference values: what can be compared at all, and why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import pi, sqrt
from types import MappingProxyType

import numpy as np

from station.calibration.lab import Floats, Lab, is_burnt, is_clipped, is_grey, mean_lab
from station.calibration.patches import is_large_enough
from station.model.image import Pixels

Patches = Mapping[str, Pixels]
"""The pixels of each patch by its id: (height, width, 3) RGB or (height, width) grey, a view of the picture."""

Reference = Mapping[str, Lab]
"""L*a*b* (D50, 2 degrees) of each patch by its id, as it was measured or as its maker's file says."""


Spreads = Mapping[str, float]
"""Mean colour difference (MEAN_DE) of a production run's targets from their mean, of each patch by its id."""

NO_SPREADS: Spreads = MappingProxyType({})

_HALF_NORMAL = 2 * sqrt(pi / 8)
"""Expanded uncertainty (k = 2) along one direction for each unit of a mean difference: the length of a normal
vector with the sd s in three directions is s * sqrt(8 / pi) on average (Maxwell). Along L* or any other one
direction the sd is s. MEAN_DE, a difference in CIELAB, is taken as one in CIEDE2000: smaller save near grey."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Measured and reference L*a*b*, (patches, 3), in the order of `ids`; none where `reason` says why.

    `spread` (patches) is how far targets of a run are from its mean; None where the values are of one target.
    """

    ids: tuple[str, ...] = ()
    measured: Floats = field(default_factory=lambda: np.empty((0, 3)))
    reference: Floats = field(default_factory=lambda: np.empty((0, 3)))
    reason: str = ""
    spread: Floats | None = None

    def uncertainty(self, *patches: int) -> float | None:
        """Return U (k = 2) that a run's spread gives to the mean difference of these patches, or of all.

        A target that is off is off as a whole: nothing is won by many patches. None where nobody assessed it.
        """
        if self.spread is None:
            return None
        return float(_HALF_NORMAL * (self.spread[list(patches)] if patches else self.spread).mean())


def compare_greys(
    patches: Patches, reference: Reference, *, hue: bool = False, spreads: Spreads = NO_SPREADS
) -> Compared:
    """Hold neutral patches against their values; with `hue` their colour is asked too.

    `reason` is no_reference (none of them has values), incomplete_reference (some have none), too_small,
    clipped (one of them is, in any channel) or grey_picture (their colour is asked and the picture has none).
    """
    return _compared(patches, reference, is_clipped, hue=hue, spreads=spreads)


def compare_colours(patches: Patches, reference: Reference, spreads: Spreads = NO_SPREADS) -> Compared:
    """Hold coloured patches against their values; the reasons are those of `compare_greys`.

    Clipped is a patch that is black or white in all channels; one channel alone is a colour out of reach.
    """
    return _compared(patches, reference, is_burnt, hue=True, spreads=spreads)


def _compared(
    patches: Patches, reference: Reference, cut_off: Callable[[Pixels], bool], *, hue: bool, spreads: Spreads
) -> Compared:
    known = [name for name in patches if name in reference]
    checks: dict[str, Callable[[], bool]] = {
        "no_reference": lambda: not known,
        "incomplete_reference": lambda: len(known) < len(patches),
        "too_small": lambda: not all(map(is_large_enough, patches.values())),
        "clipped": lambda: any(map(cut_off, patches.values())),
        "grey_picture": lambda: hue and is_grey(patches),
    }
    reason = next((word for word, holds in checks.items() if holds()), "")
    if reason:
        return Compared(reason=reason)
    measured = np.array([mean_lab(patches[name]) for name in known])
    spread = np.array([spreads[name] for name in known]) if all(name in spreads for name in known) else None
    return Compared(tuple(known), measured, np.array([reference[name] for name in known]), spread=spread)
