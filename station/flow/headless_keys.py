"""What the technician does with the station key, without a window: copy, restore, keep otherwise, rotate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.errors import StationError

KEPT = ("system", "passphrase", "beside")
"""How a key may be kept: in the system's key store, under a passphrase, or unprotected beside the data."""


@dataclass(frozen=True, slots=True)
class KeyTold:
    """A station key as it may be shown: its id, how it is kept (one of `KEPT`) and where.

    `rotating` says that a rotation of keys was begun and is not finished; `untold` why the audit does not know
    what was just done.
    """

    id: str
    kept: str
    place: str
    rotating: bool
    untold: StationError | None = None


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """A rotation that is done: the ids of the keys, and the pictures that the old key did not open either.

    `untold` is why the audit does not know it yet.
    """

    old: str
    new: str
    left: tuple[str, ...]
    untold: StationError | None = None


class Keys(Protocol):
    """The station key of the data folder; `station.storage` fulfils it. What is done is told to the audit then.

    Raises (any call): StationKeyMissing, StationKeyOther, StationKeyDamaged, PassphraseRefused, StorageLocked,
    StorageFull, StorageMissing, StorageDamaged.
    """

    def told(self) -> KeyTold:
        """Tell about the key; one that there is not yet is not made."""
        ...

    def sheet(self) -> tuple[str, ...]:
        """Return the lines of the recovery sheet: the key itself, for paper and a safe."""
        ...

    def restore(self, typed: str) -> KeyTold:
        """Take the key of a recovery sheet back, if what is stored here belongs to it.

        Raises:
            RecoveryRefused: what was typed is no whole sheet.
        """
        ...

    def keep(self, kept: str) -> KeyTold:
        """Keep the same key otherwise: one of `KEPT`."""
        ...

    def rotate(self, progress: Callable[[int, int], None]) -> KeyChanged:
        """Give the folder a new key, or finish what was begun; `progress` is told pictures done and in all."""
        ...
