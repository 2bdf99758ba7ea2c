"""Files that are there whole or not at all: written aside, synced, then given their name."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from station.errors import StorageError, StorageFull, StorageMissing

_TROUBLE: dict[int | None, type[StorageError]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EFBIG: StorageFull,
}
"""Whatever else the file system reports, it does not do its work: StorageMissing."""


_LITTLE = 32 * 1024
"""What the index of SQLite's log takes at least."""


@contextmanager
def named_trouble(what: str) -> Iterator[None]:
    """Raise what the file system reports under this program's names.

    Raises:
        StorageFull, StorageMissing: of `what`.
    """
    try:
        yield
    except OSError as error:
        kind = _TROUBLE.get(error.errno, StorageMissing)
        raise kind(what=what, detail=errno.errorcode.get(error.errno or 0, "")) from error


def sync_folder(folder: Path) -> None:
    """Make durable which names the folder holds."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make durable what a file holds that somebody else wrote."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prove_room(folder: Path) -> None:
    """Write a little and take it away again. Raises OSError where there is no room for as much as an index."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(_LITTLE))
        file.flush()
        os.fsync(file.fileno())


def write_file(path: Path, data: bytes) -> None:
    """Write a small file for its owner alone; one of this name is replaced. Raises OSError."""
    with _aside(path, data) as unfinished:
        os.replace(unfinished, path)


def write_new_file(path: Path, data: bytes) -> bool:
    """Write a small file for its owner alone, unless one of this name is there: then False. Raises OSError."""
    with _aside(path, data) as unfinished:
        try:
            os.link(unfinished, path)
        except FileExistsError:
            return False
        return True


def sweep_aside(folder: Path, *names: str) -> None:
    """Remove what killed writers of these files left; nobody may write them now. Raises OSError."""
    for name in names:
        for unfinished in folder.glob(f".{name}.????????"):
            unfinished.unlink(missing_ok=True)


@contextmanager
def _aside(path: Path, data: bytes) -> Iterator[str]:
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        yield unfinished
        sync_folder(path.parent)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
