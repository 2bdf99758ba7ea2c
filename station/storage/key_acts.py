"""Tells the audit what was done to the station key. The ids of keys are no secret; nobody signs in for this."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from station.model.audit import Told
from station.storage.keys.vault import Kept
from station.storage.tables import audit
from station.storage.unit_of_work import SqlUnitOfWork


@dataclass(frozen=True, slots=True)
class KeyActs:
    """On the database that the key opens. What is told was done before.

    Raises (any call): StorageFull, StorageLocked, StorageMissing, StorageDamaged: it was not told.
    """

    engine: sa.Engine
    units: Callable[[], SqlUnitOfWork]

    def rotated(self, old: str, new: str) -> None:
        """Tell that the key of this id gave way to another; once, however often it is said."""
        same = (audit.c.act == Told.KEY_ROTATED) & (audit.c.before == old) & (audit.c.after == new)
        with self.engine.connect() as connection:
            known = connection.execute(sa.select(audit.c.number).where(same).limit(1)).first()
        if known is None:
            self._tell(Told.KEY_ROTATED, "", old, new)

    def kept(self, key: str, before: Kept, after: Kept) -> None:
        """Tell that a key is kept otherwise."""
        self._tell(Told.KEY_KEPT, key, before.value, after.value)

    def restored(self, key: str, kept: Kept) -> None:
        """Tell that a key was taken back from a recovery sheet."""
        self._tell(Told.KEY_RESTORED, key, "", kept.value)

    def _tell(self, act: Told, key: str, before: str, after: str) -> None:
        with self.units() as work:
            work.audit.tell(act, record=key, before=before, after=after)
            work.commit()
