"""Patches held against their reference values: what can be compared at all, and why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from station.calibration.lab import Floats, Lab, is_burnt, is_clipped, is_grey, mean_lab
from station.calibration.patches import is_large_enough
from station.model.image import Pixels

Patches = Mapping[str, Pixels]
"""The pixels of each patch by its id: (height, width, 3) RGB or (height, width) grey, a view of the picture."""

Reference = Mapping[str, Lab]
"""L*a*b* (D50, 2 degrees) of each patch by its id, as it was measured or as its maker's file says."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Measured and reference L*a*b*, (patches, 3), in the order of `ids`; none where `reason` says why."""

    ids: tuple[str, ...] = ()
    measured: Floats = field(default_factory=lambda: np.empty((0, 3)))
    reference: Floats = field(default_factory=lambda: np.empty((0, 3)))
    reason: str = ""


def compare_greys(patches: Patches, reference: Reference, *, hue: bool = False) -> Compared:
    """Hold neutral patches against their values; with `hue` their colour is asked too.

    `reason` is no_reference (none of them has values), incomplete_reference (some have none), too_small,
    clipped (one of them is, in any channel) or grey_picture (their colour is asked and the picture has none).
    """
    return _compared(patches, reference, is_clipped, hue=hue)


def compare_colours(patches: Patches, reference: Reference) -> Compared:
    """Hold coloured patches against their values; the reasons are those of `compare_greys`.

    Clipped is a patch that is black or white in all channels; one channel alone is a colour out of reach.
    """
    return _compared(patches, reference, is_burnt, hue=True)


def _compared(
    patches: Patches, reference: Reference, cut_off: Callable[[Pixels], bool], *, hue: bool
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
    return Compared(tuple(known), measured, np.array([reference[name] for name in known]))
