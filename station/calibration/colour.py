"""How true the device is to colour: CIEDE2000 against the reference (ISO/CIE 11664-6:2014).

CIEDE2000 comes from colour-science. The package is imported at the first measure (half a second), and is kept
from what it does to a process on the way: it warns of plotting and fitting packages that we do not need, puts
empty stand-ins for matplotlib where others would find them, and changes how numpy prints.
"""

import functools
import sys
import warnings
from collections.abc import Iterator
from math import ceil, floor
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from station.calibration.against import NO_SPREADS, Compared, Patches, Reference, Spreads, compare_colours
from station.calibration.lab import Floats
from station.model.calibration import Curve, Figure

_STAND_INS = ("cycler", "matplotlib", "mpl_toolkits")

_MEASURES = tuple(f"delta_e_{what}{variant}" for variant in ("", "_sl1") for what in ("mean", "p90", "max"))


def colour_error(
    patches: Patches, reference: Reference, spreads: Spreads = NO_SPREADS
) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
    """Measure the colour differences of all patches given, grey ones too where they are given.

    delta_e_mean, delta_e_p90 (linear between order statistics) and delta_e_max: CIEDE2000, 0 and up; the same
    with _sl1: with S_L = 1, as Metamorfoze asks. The curve gives each patch's CIEDE2000 by its number from 1,
    in the order given. Without values: the reasons of `compare_colours`. `spreads` are those of a batch file:
    they make the uncertainty, that of the 90th percentile from the two patches about it.
    """
    compared = compare_colours(patches, reference, spreads)
    if compared.reason:
        return tuple(_open(measure, compared.reason) for measure in _MEASURES), ()
    differences = delta_e_2000(compared.measured, compared.reference)
    even = delta_e_2000_sl1(compared.measured, compared.reference)
    values = [value for found in (differences, even) for value in _summed(compared, found)]
    points = tuple((float(number), difference) for number, difference in enumerate(differences.tolist(), 1))
    return (
        tuple(
            Figure(measure, "dE00", value, uncertainty=uncertainty, needs_reference=True)
            for measure, (value, uncertainty) in zip(_MEASURES, values, strict=True)
        ),
        (Curve("delta_e", "patch", "dE00", points),),
    )


def _summed(compared: Compared, found: Floats) -> Iterator[tuple[float, float | None]]:
    """Yield mean, 90th percentile and maximum, each with its uncertainty."""
    order = np.argsort(found, kind="stable").tolist()
    at = 0.9 * (len(order) - 1)
    yield float(found.mean()), compared.uncertainty()
    yield float(np.percentile(found, 90)), compared.uncertainty(order[floor(at)], order[ceil(at)])
    yield float(found.max()), compared.uncertainty(order[-1])


def delta_e_2000(lab: ArrayLike, reference: ArrayLike) -> Floats:
    """Return CIEDE2000 between colours in L*a*b* (..., 3), with k_L = k_C = k_H = 1."""
    difference = _colour_science().delta_E(np.asarray(lab), np.asarray(reference), method="CIE 2000")
    return np.asarray(difference, np.float64)


def delta_e_2000_sl1(lab: ArrayLike, reference: ArrayLike) -> Floats:
    """Return CIEDE2000 with S_L = 1: a step of L* counts the same everywhere (Metamorfoze guidelines).

    The term of lightness stands alone in the sum of squares, so that it is taken out and put back unweighted.
    """
    one, other = np.asarray(lab, np.float64)[..., 0], np.asarray(reference, np.float64)[..., 0]
    from_middle = ((one + other) / 2 - 50) ** 2
    weight = 1 + 0.015 * from_middle / np.sqrt(20 + from_middle)
    step = one - other
    squared = delta_e_2000(lab, reference) ** 2 - (step / weight) ** 2 + step**2
    return np.asarray(np.sqrt(np.maximum(squared, 0)))


@functools.cache
def _colour_science() -> Any:
    """Return the package `colour`; its types are left alone, they reach into packages that we do not have."""
    with warnings.catch_warnings(), np.printoptions():
        warnings.simplefilter("ignore")
        import colour
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _STAND_INS and not isinstance(module, ModuleType):
            del sys.modules[name]
    return colour


def _open(measure: str, reason: str) -> Figure:
    return Figure(measure, "dE00", reason=reason, needs_reference=True)
