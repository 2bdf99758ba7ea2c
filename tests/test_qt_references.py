"""Emitting a signal costs no reference to True (decision 0003).

On Python 3.11 True is counted like any object; a binding that gives one reference too many back with each emit
ends the process after some hours of preview. From 3.12 on True is immortal and its count stands still.
"""

import sys

from PySide6.QtCore import QObject, Signal

EMITS = 1000
SPARE = [True] * (2 * EMITS)
"""Held to the end: with a binding that loses references this test fails, and not the process."""


class Source(QObject):
    """A signal like that of the bridge."""

    happened = Signal(object)


def test_a_thousand_emits_leave_the_count_of_true_where_it_was() -> None:
    source = Source()
    heard: list[object] = []
    source.happened.connect(heard.append)
    before = sys.getrefcount(True)
    for number in range(EMITS):
        source.happened.emit(number)
    lost = before - sys.getrefcount(True)
    assert heard == list(range(EMITS))
    assert lost < EMITS // 10, f"{lost} references to True are gone after {EMITS} emits"
