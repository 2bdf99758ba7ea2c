"""What databases report, by the names of this program: one table for each database."""

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext

from station.errors import StorageDamaged, StorageError, StorageFull, StorageLocked, StorageMissing
from station.storage.durable import named_trouble, prove_room

SQLITE: Mapping[int, type[StorageError]] = {
    5: StorageLocked,  # SQLITE_BUSY
    6: StorageLocked,  # SQLITE_LOCKED
    8: StorageMissing,  # SQLITE_READONLY: the folder lost its permissions or the file was moved
    10: StorageMissing,  # SQLITE_IOERR: the disk does not answer
    11: StorageDamaged,  # SQLITE_CORRUPT
    13: StorageFull,  # SQLITE_FULL
    14: StorageMissing,  # SQLITE_CANTOPEN
    15: StorageLocked,  # SQLITE_PROTOCOL: gave up waiting for the write-ahead log's lock
    26: StorageDamaged,  # SQLITE_NOTADB
}
"""Primary result codes of SQLite (the low eight bits of the extended ones)."""

EXPORTED: Mapping[str, int] = {
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
}
"""What `sqlcipher_export` met: it hands on the text (sqlite3_errstr) and gives SQLITE_ERROR for a code."""

POSTGRESQL: Mapping[str, type[StorageError]] = {
    "08": StorageMissing,  # connection exceptions
    "28": StorageMissing,  # authorisation
    "3D": StorageMissing,  # no such database
    "40": StorageLocked,  # serialisation failure, deadlock
    "53100": StorageFull,  # disk_full
    "53300": StorageLocked,  # too_many_connections
    "55P03": StorageLocked,  # lock_not_available
    "57": StorageMissing,  # the server shuts down or starts up
    "57014": StorageLocked,  # query_canceled, by a time limit
    "58030": StorageMissing,  # io_error
    "58P01": StorageDamaged,  # undefined_file
    "XX001": StorageDamaged,  # data_corrupted
    "XX002": StorageDamaged,  # index_corrupted
}
"""SQLSTATE codes, else their classes (PostgreSQL 15, appendix A)."""

_FAILED = "station_trouble"

_IOERR = 10


def watch(engine: sa.Engine) -> None:
    """Raise this program's error in place of any that the tables name, whatever call meets it."""
    sa.event.listen(engine, "handle_error", _translate)


def forget(connection: sa.Connection) -> None:
    """Start anew on a connection that may have failed in an earlier use case."""
    connection.info.pop(_FAILED, None)


def raise_again(connection: sa.Connection) -> None:
    """Stop when a statement failed since `forget`: SQLite and PostgreSQL may have undone what came before it.

    Raises:
        StorageError: what the statement met.
    """
    error = connection.info.get(_FAILED)
    if error is not None:
        raise error


def named(error: BaseException, *, operational: bool) -> StorageError | None:
    """Return this program's error for one of a database driver, None when it is our own mistake.

    `operational` says that the driver blames the server: without a code the connection was refused or lost.
    """
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        kind = SQLITE.get(EXPORTED.get(str(error), sqlite_code) & 0xFF)
        return kind(what="database", detail=getattr(error, "sqlite_errorname", "")) if kind else None
    state = getattr(error, "sqlstate", None)
    if state is None:
        return StorageMissing(what="database", detail="no_answer") if operational else None
    kind = POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
    return kind(what="database", detail=state) if kind else None


def _translate(context: ExceptionContext) -> None:
    operational = isinstance(context.original_exception, context.dialect.loaded_dbapi.OperationalError)
    error = named(context.original_exception, operational=operational)
    if error is None:
        return
    if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF == _IOERR:
        error = _no_room(context.engine) or error
    if context.connection is not None and not context.connection.invalidated:
        context.connection.info[_FAILED] = error
    raise error from context.original_exception


def _no_room(engine: sa.Engine | None) -> StorageFull | None:
    """Return that the disk is full, if it is: SQLite names no cause when the index of its log cannot grow."""
    if engine is None:
        return None
    try:
        with named_trouble("database"):
            prove_room(Path(engine.url.database or "").parent)
    except StorageFull as full:
        return full
    except StorageMissing:
        return None
    return None
