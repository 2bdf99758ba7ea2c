"""Every measure of a calibration finds what a device was given, whatever else is wrong with it.

CALIBRATION_COMBINATIONS=50 proves it on as many combinations for each target (A4 at 300 dpi takes six seconds).
"""

import os

import pytest

from station.model.degradation import Degradation
from station.model.target import TargetKind
from tests.degraded_targets import LIMITS, Sheet, errors, wears

LONG = int(os.environ.get("CALIBRATION_COMBINATIONS", "0"))
CARD = Sheet(TargetKind.CARD, 400)
"""The resolution at which an edge of the card is long enough for its response."""
A4 = Sheet(TargetKind.A4, 300 if LONG else 200)
CASES = [
    pytest.param(sheet, wear, id=f"{sheet.kind.value} {number}")
    for sheet, few, seed in ((CARD, 5, 1), (A4, 1, 2))
    for number, wear in enumerate(wears(sheet, LONG or few, seed), 1)
]


@pytest.mark.parametrize(("sheet", "wear"), CASES)
def test_every_measure_finds_what_the_device_was_given(sheet: Sheet, wear: Degradation) -> None:
    off = errors(sheet, wear)
    assert {name: off[name] for name, (limit, _) in LIMITS.items() if off[name] > limit} == {}
