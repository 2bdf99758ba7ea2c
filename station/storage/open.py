"""Opens the store: the database, the pictures, and what keeps the two in step."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from station.errors import SettingsError, StationError, StorageMissing
from station.flow.ports import UnitsOfWork
from station.storage import cipher, rotation, schema, trouble, verify
from station.storage.audit import Book
from station.storage.audit_export import SqlTrail
from station.storage.audit_file import AnchorFile, anchor_files
from station.storage.calibration_past import Memory
from station.storage.convert import Progress, convert
from station.storage.durable import named_trouble
from station.storage.key_acts import KeyActs
from station.storage.keys.keeper import Safekeeping, write_vault
from station.storage.keys.station_key import StationKey
from station.storage.keys.vault import Kept
from station.storage.picture_store import FolderPictureStore, Swept, hold
from station.storage.signing import Signer
from station.storage.tables import stations
from station.storage.tls import is_protected, safe_transport
from station.storage.unit_of_work import SqlUnitOfWork
from station.storage.unlock import Unlocked, unlock

_log = logging.getLogger(__name__)

_LOCK_MS = 5_000
"""How long a call waits for another station's write before it says so."""

_CONNECT_S = 5
"""How long the database server may take to answer."""

_LOCK_PAUSE_S = 0.02

_BUSY = 5
"""SQLITE_BUSY."""

NAME = "station.sqlite3"
"""The database in the data folder."""

_PRAGMAS = (
    # FULL syncs the write-ahead log at every commit: a power cut loses nothing that was committed.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32000",
    # What is sorted or put aside for a moment must not lie in a file that nobody encrypts.
    "PRAGMA temp_store=MEMORY",
)


@dataclass(frozen=True, slots=True)
class OpenStore:
    """A store that was opened. `units` belongs to the storage lane, `pictures` to any thread.

    `notices` are words for what must be said aloud as long as it is so: key_beside, rotation_unfinished,
    database_plain_transport, other_station.
    """

    units: UnitsOfWork
    pictures: FolderPictureStore
    engine: sa.Engine
    signer: Signer
    notices: tuple[str, ...] = ()
    anchors: tuple[AnchorFile, ...] = ()

    @property
    def trail(self) -> SqlTrail:
        """The audit, for whoever reads it."""
        return SqlTrail(self.engine, self.signer)

    def sweep(self) -> Swept:
        """Clear up what a power cut left. Does nothing while another station uses the same pictures."""
        with self.pictures.alone() as alone:
            if not alone:
                return Swept()
            rotation.sweep(self.pictures.folder.parent)
            with self.engine.connect() as connection:
                known = verify.known_pictures(connection)
            return self.pictures.sweep(known)

    def verify(self) -> Iterator[verify.Problem]:
        """Yield what is not as it was written, nothing when all is well. May take minutes."""
        with self.engine.connect() as connection:
            yield from verify.verify(connection, self.pictures, self.signer, self.anchors)

    def close(self) -> None:
        """Close all connections; the store is not used after this."""
        self.engine.dispose()
        self.pictures.close()


def open_store(
    folder: Path,
    database_url: str | None = None,
    station: str = "",
    safekeeping: Safekeeping | None = None,
    progress: Progress = lambda done, total: None,
    *,
    tls: bool = True,
    anchors: Path | None = None,
) -> OpenStore:
    """Open the store in this folder, made when it is not there; the tables are brought up to date.

    `database_url` names another database than the one in the folder; stations that share it share the folder's
    `pictures` and its key too. `station` is how this kiosk appears on the database server, and whose
    calibrations are signed with the key in the folder. `safekeeping` is how the key of a new folder is kept:
    beside the data unless it says otherwise. What is not encrypted yet is, which `progress` is told of. A
    database on another machine is reached by TLS only, unless `tls` is False. `anchors` is another folder where
    the audit's anchors are kept too.

    Raises:
        StorageMissing, StorageLocked, StorageFull, StorageDamaged, StorageTooNew,
        StationKeyMissing, StationKeyOther, StationKeyDamaged, PassphraseRefused,
        SettingsError: the address of the database cannot be understood, or asks for no TLS.
    """
    url, database = _place(folder, database_url)
    with ExitStack() as undo:
        unlocked = _unlocked(folder, database, safekeeping or Safekeeping())
        key = unlocked.key
        pictures = FolderPictureStore(folder / "pictures", key)
        undo.callback(pictures.close)
        if unlocked.vault.converting:
            convert(folder, database, pictures, key, progress)
            write_vault(folder, replace(unlocked.vault, converting=False), key)
        if database_url is None and not (folder / NAME).exists() and any(pictures.stored()):
            # A new database would make orphans of all pictures.
            raise StorageMissing(what="database", detail="pictures_without_database")
        engine = _ENGINES[url.get_backend_name()](url, station, key, tls)
        undo.callback(engine.dispose)
        trouble.watch(engine)
        schema.bring_up_to_date(engine)
        undo.pop_all()
    signer = Signer(folder, station, key)
    files = anchor_files(folder, anchors, station)
    units = partial(SqlUnitOfWork, engine, signer, Memory(), Book(files))
    notices = _notices(folder, database, unlocked, url, tls=tls)
    if database_url is None and _is_of_another(engine, station):
        notices += ("other_station",)
    if (keys := rotation.counting(folder, key)) is not None:
        try:
            KeyActs(engine, units).rotated(*keys)
        except StationError as error:  # the rotation stays unfinished, which is said, and its end tells again
            _log.warning("the audit could not be told that the key was changed: %s", error)
    return OpenStore(
        units=units, pictures=pictures, engine=engine, signer=signer, notices=notices, anchors=files
    )


@contextmanager
def key_acts(
    folder: Path,
    database_url: str | None,
    station: str,
    key: StationKey,
    *,
    tls: bool = True,
    anchors: Path | None = None,
) -> Iterator[KeyActs]:
    """Open the database alone, by a key that the caller has, to tell what was done to the key; as `open_store`.

    Raises:
        StorageMissing, StorageLocked, StorageFull, StorageDamaged, StorageTooNew, SettingsError.
    """
    url = _place(folder, database_url)[0]
    engine = _ENGINES[url.get_backend_name()](url, station, key, tls)
    try:
        trouble.watch(engine)
        schema.bring_up_to_date(engine)
        book = Book(anchor_files(folder, anchors, station))
        yield KeyActs(engine, partial(SqlUnitOfWork, engine, Signer(folder, station, key), Memory(), book))
    finally:
        engine.dispose()


def database_file(folder: Path, database_url: str | None) -> Path | None:
    """Return where the SQLite database of a folder lies or would lie; None when it is on a server.

    Raises:
        SettingsError: the address of the database cannot be understood.
    """
    return _place(folder, database_url)[1]


def _place(folder: Path, address: str | None) -> tuple[sa.URL, Path | None]:
    if address is None:
        return sa.URL.create("sqlite", database=str(folder / NAME)), folder / NAME
    try:
        url = sa.make_url(address)
        _ = _ENGINES[url.get_backend_name()]
    except (sa.exc.ArgumentError, KeyError):
        # The cause would quote the address, which may hold a password.
        raise SettingsError(where="", key="database_url", problem="not_a_database", suggestion="") from None
    return url, Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _unlocked(folder: Path, database: Path | None, safekeeping: Safekeeping) -> Unlocked:
    # Held meanwhile, so that nobody changes the keys between the look and the use.
    held = hold(folder / "pictures")
    try:
        rotation.recover(folder, database, held)
        return unlock(folder, database, safekeeping)
    finally:
        os.close(held)


def _notices(
    folder: Path, database: Path | None, unlocked: Unlocked, url: sa.URL, *, tls: bool
) -> tuple[str, ...]:
    told = {
        "key_beside": unlocked.vault.kept is Kept.BESIDE,
        "rotation_unfinished": rotation.is_unfinished(folder),
        "database_plain_transport": not tls and database is None and not is_protected(url),
    }
    return tuple(notice for notice, holds in told.items() if holds)


def _is_of_another(engine: sa.Engine, station: str) -> bool:
    """Tell whether other stations signed in this database, and this one never did."""
    with engine.connect() as connection:
        signed = set(
            connection.execute(sa.select(stations.c.name).where(stations.c.key.is_not(None))).scalars()
        )
    return bool(station and signed) and station not in signed


def _sqlite_engine(url: sa.URL, _: str, key: StationKey, __: bool) -> sa.Engine:
    from sqlcipher3 import dbapi2

    path = Path(url.database or "")
    cipher.prove_owner(path, key)
    if path.parent.is_dir():
        # SQLite would make the file readable by others; its log takes over these permissions.
        with named_trouble("database"):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # Reads take no transaction, so they never hold back or fall behind another station's write; the first
    # statement that writes takes the lock at once.
    engine = sa.create_engine(
        url,
        module=dbapi2,
        hide_parameters=True,
        connect_args={"isolation_level": "IMMEDIATE", "timeout": _LOCK_MS / 1000},
    )

    @sa.event.listens_for(engine, "connect", insert=True)  # before every other statement
    def _unlock(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(cipher.SILENCE)
        cursor.execute(cipher.key_pragma(key))
        cursor.close()

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
    from sqlcipher3 import dbapi2

    deadline = time.monotonic() + _LOCK_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except dbapi2.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_LOCK_PAUSE_S)


def _postgresql_engine(url: sa.URL, station: str, _: StationKey, tls: bool) -> sa.Engine:
    url = safe_transport(url, tls=tls)
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


_ENGINES: Mapping[str, Callable[[sa.URL, str, StationKey, bool], sa.Engine]] = {
    "sqlite": _sqlite_engine,
    "postgresql": _postgresql_engine,
}
