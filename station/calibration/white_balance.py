"""Whether grey stays grey."""

import numpy as np

from station.calibration.against import NO_SPREADS, Patches, Reference, Spreads, compare_greys
from station.model.calibration import Curve, Figure

_UNITS = {"white_balance": "dE_ab", "cast_a": "a*", "cast_b": "b*"}


def white_balance(
    greys: Patches, reference: Reference, spreads: Spreads = NO_SPREADS
) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
    """Measure the colour cast of neutral patches against their own a* and b*, as in ISO 19264-1.

    white_balance: the largest sqrt((a* - a*ref)^2 + (b* - b*ref)^2), 0 and up; cast_a (red above 0, green
    below) and cast_b (yellow above 0, blue below): its two parts at that patch. The curve gives each patch's
    over its reference L*. Without values: the reasons of `compare_greys`. `spreads` are those
    of a batch file: they make the uncertainty.
    """
    compared = compare_greys(greys, reference, hue=True, spreads=spreads)
    if compared.reason:
        figures = (Figure(m, unit, reason=compared.reason, needs_reference=True) for m, unit in _UNITS.items())
        return tuple(figures), ()
    casts = compared.measured[:, 1:] - compared.reference[:, 1:]
    sizes = np.hypot(*casts.T)
    worst = int(np.argmax(sizes))
    values = (float(sizes[worst]), *casts[worst].tolist())
    points = sorted(zip(compared.reference[:, 0].tolist(), sizes.tolist(), strict=True))
    unsure = compared.uncertainty(worst)
    return (
        tuple(
            Figure(m, _UNITS[m], v, uncertainty=unsure, needs_reference=True)
            for m, v in zip(_UNITS, values, strict=True)
        ),
        (Curve("white_balance", "L* of the reference", "dE_ab", tuple(points)),),
    )
