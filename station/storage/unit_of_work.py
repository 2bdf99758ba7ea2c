"""One use case on the database: all of it is stored, or nothing. Fulfils `station.flow.ports.UnitOfWork`."""

from types import TracebackType

import sqlalchemy as sa

from station.flow.ports import Calibrations, Journal, Records
from station.storage import trouble
from station.storage.calibration_past import Memory
from station.storage.calibrations import SqlCalibrations
from station.storage.journal import SqlJournal
from station.storage.repository import SqlRecords
from station.storage.signing import Signer


class SqlUnitOfWork:
    """One connection for one use case, on the storage lane only. Leaving without `commit` undoes all.

    Raises (any call): StorageFull, StorageLocked, StorageMissing, StorageDamaged.
    """

    records: Records
    journal: Journal
    calibrations: Calibrations

    def __init__(self, engine: sa.Engine, signer: Signer, memory: Memory) -> None:
        """Connect on entering, not before; `memory` is one for all units of a store."""
        self._engine = engine
        self._signer = signer
        self._memory = memory

    def __enter__(self) -> "SqlUnitOfWork":
        """Connect."""
        self._connection = self._engine.connect()
        trouble.forget(self._connection)
        self.records = SqlRecords(self._connection)
        self.journal = SqlJournal(self._connection)
        self.calibrations = SqlCalibrations(self._connection, self._signer, self._memory)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed and give the connection back."""
        self._connection.close()

    def commit(self) -> None:
        """Make it durable: after this returns a power cut loses nothing of it.

        Raises:
            StorageError: a call of this unit failed before, so its work is not whole.
        """
        trouble.raise_again(self._connection)
        self._connection.commit()
