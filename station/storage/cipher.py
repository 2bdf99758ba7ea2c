"""SQLCipher: how the station's SQLite file is opened with a key, told from others, and written anew.

The file's first 16 bytes, which SQLCipher calls the salt, say whose it is: a mark, the id of the station key
and a version. They are no secret, and the key itself is random, so it needs no salt.
"""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from station.errors import StationKeyOther, StorageDamaged
from station.storage.durable import named_trouble, sync_file, sync_folder
from station.storage.keys.station_key import ID_BYTES, Purpose, StationKey
from station.storage.trouble import named

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

_MARK = b"VSDB"
_VERSION = b"\0\0\0\1"
_PLAIN = b"SQLite format 3\0"
_SIDES = ("-wal", "-shm", "-journal")

SILENCE = "PRAGMA cipher_log_level = NONE"
"""A wrong key is our error, with our words; SQLCipher would write three lines of its own to stderr."""


def key_pragma(key: StationKey) -> str:
    """Return the statement that must be the first one on a connection: a raw key, so nothing is stretched."""
    return f'PRAGMA key = "{_spec(key)}"'


def is_plain(path: Path) -> bool:
    """Tell whether a file is a SQLite database that anybody can read."""
    return _start(path) == _PLAIN


def owner(path: Path) -> str:
    """Return the id of the key that opens this database; "" when there is none yet, or it is plain.

    Raises:
        StorageDamaged: the file is no database.
    """
    start = _start(path)
    if start in (b"", _PLAIN):
        return ""
    if not start.startswith(_MARK) or start[-len(_VERSION) :] != _VERSION:
        raise StorageDamaged(what="database", detail="SQLITE_NOTADB")
    return start[len(_MARK) :][:ID_BYTES].hex()


def prove_owner(path: Path, key: StationKey) -> None:
    """Prove that this database, if it is there, belongs to the key.

    Raises:
        StorageDamaged: it is none, or plain where it must not be.
        StationKeyOther: it is another key's.
    """
    if is_plain(path):
        raise StorageDamaged(what="database", detail="not_encrypted")
    if (found := owner(path)) not in ("", key.id):
        raise StationKeyOther(what="database", expected=key.id, found=found)


def write_anew(path: Path, old: StationKey | None, new: StationKey, target: Path) -> None:
    """Write the whole database into a new file under another key, durably; `old` None: it is plain so far.

    Its log is written into it first, so that the file alone is the database. Nobody else may use it.

    Raises:
        StorageError: whatever the database met; nothing but `target` was changed.
    """
    from sqlcipher3 import dbapi2

    with named_trouble("database"):
        remove(target)
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    finished = False
    try:
        with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
            _export(connection, old, new, target)
        with named_trouble("database"):
            sync_file(target)
            sync_folder(target.parent)
        finished = True
    except dbapi2.Error as error:
        known = named(error, operational=isinstance(error, dbapi2.OperationalError))
        raise known or StorageDamaged(what="database") from error
    finally:
        if not finished:
            with suppress(OSError):  # what failed before says more
                remove(target)


def put_in_place(target: Path, path: Path) -> None:
    """Give a database that was written anew its name, unless that was done before. Raises OSError."""
    if target.exists():
        for side in _SIDES:
            with suppress(FileNotFoundError):
                os.unlink(f"{path}{side}")
        with suppress(FileNotFoundError):  # another process of this station finished the same work
            os.replace(target, path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a database that was never finished. Raises OSError."""
    for name in (str(path), *(f"{path}{side}" for side in _SIDES)):
        with suppress(FileNotFoundError):
            os.unlink(name)


def _export(connection: "Connection", old: StationKey | None, new: StationKey, target: Path) -> None:
    connection.execute(SILENCE)
    if old is not None:
        connection.execute(key_pragma(old))
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
    (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        raise StorageDamaged(what="database", detail="quick_check")
    connection.execute("ATTACH DATABASE ? AS anew KEY ?", (str(target), _spec(new)))
    connection.execute("PRAGMA anew.synchronous = FULL")
    connection.execute("SELECT sqlcipher_export('anew')")
    connection.execute("DETACH DATABASE anew")


def _spec(key: StationKey) -> str:
    salt = _MARK + bytes.fromhex(key.id) + _VERSION
    return f"x'{key.derived(Purpose.DATABASE).hex()}{salt.hex()}'"


def _start(path: Path) -> bytes:
    with named_trouble("database"):
        try:
            with path.open("rb") as file:
                return file.read(len(_PLAIN))
        except FileNotFoundError:
            return b""
