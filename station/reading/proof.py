"""What a text itself proves of how it was read: told by the centre's patterns, weighed by the reader."""

from collections.abc import Callable
from enum import IntEnum

from station.model.document import Symbology


class Proof(IntEnum):
    """What a text itself proves of how it was read, the more the higher."""

    NONE = 0
    LENGTH = 1
    """It has the agreed shape and length."""
    CHECK = 2
    """Its check digit holds, too."""


ProofOf = Callable[[Symbology, bytes], Proof]
"""Tells what a text of a symbology proves."""
