"""How true the device is to lightness, from black to white (OECF, ISO 14524; ISO 19264-1)."""

from itertools import pairwise

import numpy as np

from station.calibration.against import NO_SPREADS, Compared, Patches, Reference, Spreads, compare_greys
from station.calibration.lab import Floats
from station.model.calibration import Curve, Figure

_DARK = 20.0
"""36 CFR 1236.50 leaves patches below this L* out for modern textual records."""

_HIGHLIGHT = 70.0
"""Steps that begin above this reference L* are highlights; ours, the standards leave it to the profile."""

_SAME_STEP = 2.0
"""Patches whose reference L* lie nearer than this are one step, laid down twice."""

_UNITS = {
    "delta_l_max": "L*",
    "delta_l_max_above_20": "L*",
    "tone_reversals": "steps",
    "gain_highlights_min": "",
    "gain_highlights_max": "",
    "gain_other_min": "",
    "gain_other_max": "",
}


def tone(
    greys: Patches, reference: Reference, spreads: Spreads = NO_SPREADS
) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
    """Measure the tone response on neutral patches, as in ISO 19264-1 and FADGI (2016).

    delta_l_max: largest |L* measured - L* reference|, 0 to 100; delta_l_max_above_20: the same without patches
    whose reference is below L* 20 (36 CFR 1236.50); tone_reversals: neighbouring steps that come out in the
    wrong order; gain_...: smallest and largest growth of L* from one step to the next over that of the
    reference, 1 when true, for steps above L* 70 and for the others. The curve goes from reference to measured
    L*. Without values: the reasons of `compare_greys`; not_measured where the target has no such step.
    `spreads` are those of a batch file: they make the uncertainty of delta_l_...
    """
    compared = compare_greys(greys, reference, spreads=spreads)
    if compared.reason:
        return tuple(_open(measure, compared.reason) for measure in _UNITS), ()
    off = np.abs(compared.measured[:, 0] - compared.reference[:, 0])
    steps = _steps(compared)
    gains = np.diff(steps[:, 1]) / np.diff(steps[:, 0])
    bright = steps[:-1, 0] > _HIGHLIGHT
    light = np.flatnonzero(compared.reference[:, 0] >= _DARK)
    values = {
        "delta_l_max": _largest(off),
        "delta_l_max_above_20": _largest(off[light]),
        "tone_reversals": float(np.count_nonzero(gains < 0)) if gains.size else None,
        "gain_highlights_min": _smallest(gains[bright]),
        "gain_highlights_max": _largest(gains[bright]),
        "gain_other_min": _smallest(gains[~bright]),
        "gain_other_max": _largest(gains[~bright]),
    }
    worst = {"delta_l_max": int(np.argmax(off))}
    if light.size:
        worst["delta_l_max_above_20"] = int(light[np.argmax(off[light])])
    unsure = {measure: compared.uncertainty(patch) for measure, patch in worst.items()}
    figures = tuple(_figure(measure, value, unsure.get(measure)) for measure, value in values.items())
    points = tuple((wanted, got) for wanted, got in steps.tolist())
    return figures, (Curve("tone", "L* of the reference", "L*", points),)


def _steps(compared: Compared) -> Floats:
    """Return reference and measured L* of each step from dark to light (steps, 2), equal ones as one."""
    pairs = np.column_stack((compared.reference[:, 0], compared.measured[:, 0]))
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    begins = [0]
    for number in range(1, len(pairs)):
        if pairs[number, 0] - pairs[begins[-1], 0] >= _SAME_STEP:
            begins.append(number)
    ends = [*begins, len(pairs)]
    return np.array([pairs[first:last].mean(axis=0) for first, last in pairwise(ends)])


def _largest(values: Floats) -> float | None:
    return float(values.max()) if values.size else None


def _smallest(values: Floats) -> float | None:
    return float(values.min()) if values.size else None


def _figure(measure: str, value: float | None, uncertainty: float | None) -> Figure:
    reason = "not_measured" if value is None else ""
    return Figure(measure, _UNITS[measure], value, reason, uncertainty, needs_reference=True)


def _open(measure: str, reason: str) -> Figure:
    return Figure(measure, _UNITS[measure], reason=reason, needs_reference=True)
