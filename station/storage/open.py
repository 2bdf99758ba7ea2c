"""Opens the store: the database, the pictures, and what keeps the two in step."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from station.errors import SettingsError, StorageMissing
from station.flow.ports import UnitsOfWork
from station.storage import schema, trouble, verify
from station.storage.calibration_past import Memory
from station.storage.picture_store import FolderPictureStore, Swept
from station.storage.signing import Signer
from station.storage.unit_of_work import SqlUnitOfWork

_LOCK_MS = 5_000
"""How long a call waits for another station's write before it says so."""

_CONNECT_S = 5
"""How long the database server may take to answer."""

_LOCK_PAUSE_S = 0.02

_PRAGMAS = (
    # FULL syncs the write-ahead log at every commit: a power cut loses nothing that was committed.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32000",
)


@dataclass(frozen=True, slots=True)
class OpenStore:
    """A store that was opened. `units` belongs to the storage lane, `pictures` to any thread."""

    units: UnitsOfWork
    pictures: FolderPictureStore
    engine: sa.Engine
    signer: Signer

    def sweep(self) -> Swept:
        """Clear up what a power cut left. Does nothing while another station uses the same pictures."""
        with self.pictures.alone() as alone:
            if not alone:
                return Swept()
            with self.engine.connect() as connection:
                known = verify.known_pictures(connection)
            return self.pictures.sweep(known)

    def verify(self) -> Iterator[verify.Problem]:
        """Yield what is not as it was written, nothing when all is well. May take minutes."""
        with self.engine.connect() as connection:
            yield from verify.verify(connection, self.pictures, self.signer)

    def close(self) -> None:
        """Close all connections; the store is not used after this."""
        self.engine.dispose()
        self.pictures.close()


def open_store(folder: Path, database_url: str | None = None, station: str = "") -> OpenStore:
    """Open the store in this folder, made when it is not there; the tables are brought up to date.

    `database_url` names another database than the one in the folder; stations that share it share the folder's
    `pictures` too. `station` is how this kiosk appears on the database server, and whose calibrations are
    signed with the key in the folder.

    Raises:
        StorageMissing, StorageLocked, StorageFull, StorageDamaged, StorageTooNew,
        SettingsError: the address of the database cannot be understood.
    """
    with ExitStack() as undo:
        pictures = FolderPictureStore(folder / "pictures")
        undo.callback(pictures.close)
        engine = _sqlite(folder, pictures) if database_url is None else _engine(database_url, station)
        undo.callback(engine.dispose)
        trouble.watch(engine)
        schema.bring_up_to_date(engine)
        undo.pop_all()
    signer = Signer(folder, station)
    units = partial(SqlUnitOfWork, engine, signer, Memory())
    return OpenStore(units=units, pictures=pictures, engine=engine, signer=signer)


def _sqlite(folder: Path, pictures: FolderPictureStore) -> sa.Engine:
    path = folder / "station.sqlite3"
    if not path.exists() and any(pictures.stored()):
        # A new database would make orphans of all pictures.
        raise StorageMissing(what="database", detail="pictures_without_database")
    # SQLite would make the file readable by others; its log takes over these permissions.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageMissing(what="database", detail=type(error).__name__) from error
    return _sqlite_engine(sa.URL.create("sqlite", database=str(path)), "")


def _engine(address: str, station: str) -> sa.Engine:
    try:
        url = sa.make_url(address)
        return _ENGINES[url.get_backend_name()](url, station)
    except (sa.exc.ArgumentError, KeyError):
        # The cause would quote the address, which may hold a password.
        raise SettingsError(where="", key="database_url", problem="not_a_database", suggestion="") from None


def _sqlite_engine(url: sa.URL, station: str) -> sa.Engine:
    # Reads take no transaction, so they never hold back or fall behind another station's write; the first
    # statement that writes takes the lock at once.
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"isolation_level": "IMMEDIATE", "timeout": _LOCK_MS / 1000}
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _log_ahead(cursor)
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    return engine


def _log_ahead(cursor: DBAPICursor) -> None:
    """Switch to the write-ahead log; SQLite itself does not wait for another station that does the same."""
    deadline = time.monotonic() + _LOCK_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_LOCK_PAUSE_S)


def _postgresql_engine(url: sa.URL, station: str) -> sa.Engine:
    arguments = {
        "application_name": f"visa-station {station}".strip(),
        "connect_timeout": _CONNECT_S,
        "tcp_user_timeout": 2 * _CONNECT_S * 1000,
        "options": f"-c lock_timeout={_LOCK_MS}ms",
    }
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        # A server that was restarted between two applicants is no trouble.
        pool_pre_ping=True,
        connect_args={name: value for name, value in arguments.items() if name not in url.query},
    )


_ENGINES: Mapping[str, Callable[[sa.URL, str], sa.Engine]] = {
    "sqlite": _sqlite_engine,
    "postgresql": _postgresql_engine,
}
