"""One use case on the database: all of it is stored, or nothing. Fulfils `station.flow.ports.UnitOfWork`."""

from types import TracebackType

import sqlalchemy as sa

from station.flow.audit_ports import Audit
from station.flow.calibration_ports import Calibrations
from station.flow.override_ports import Overrides
from station.flow.ports import Accounts, Journal, Records
from station.storage import trouble
from station.storage.audit import Book, SqlAudit
from station.storage.calibration_past import Memory
from station.storage.calibrations import SqlCalibrations
from station.storage.journal import SqlJournal
from station.storage.officers import SqlAccounts
from station.storage.overrides import SqlOverrides
from station.storage.repository import SqlRecords
from station.storage.signing import Signer
from station.storage.station_keys import StationKeys


class SqlUnitOfWork:
    """One connection for one use case, on the storage lane only. Leaving without `commit` undoes all.

    Raises (any call): StorageFull, StorageLocked, StorageMissing, StorageDamaged.
    """

    records: Records
    journal: Journal
    calibrations: Calibrations
    accounts: Accounts
    audit: Audit
    overrides: Overrides

    def __init__(self, engine: sa.Engine, signer: Signer, memory: Memory, book: Book) -> None:
        """Connect on entering, not before; `memory` and `book` are the same for all units of a store."""
        self._engine = engine
        self._signer = signer
        self._memory = memory
        self._book = book

    def __enter__(self) -> "SqlUnitOfWork":
        """Connect."""
        self._connection = self._engine.connect()
        trouble.forget(self._connection)
        keys = StationKeys(self._connection, self._signer)
        self.audit = self._audit = SqlAudit(self._connection, keys, self._book)
        self.records = SqlRecords(self._connection, self._audit, keys)
        self.journal = SqlJournal(self._connection, self._audit)
        self.calibrations = SqlCalibrations(self._connection, keys, self._memory, self._audit)
        self.overrides = SqlOverrides(self._connection)
        self.accounts = SqlAccounts(self._connection)
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
            StorageDamaged: the audit cannot be continued; nothing was stored.
        """
        trouble.raise_again(self._connection)
        self._audit.write()
        self._connection.commit()
        self._audit.committed()
