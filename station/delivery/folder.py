"""Files put into a folder that somebody chose: all of them or none, and what the disk reports by name."""

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from station.errors import StorageFull, StorageMissing

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def put(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files under these names, in place of older ones; when one cannot be written none is there.

    Raises:
        StorageFull, StorageMissing: the folder does not take them.
    """
    with named_trouble(), ExitStack() as undo:
        folder.mkdir(parents=True, exist_ok=True)
        made = []
        for name, data in files.items():
            handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
            undo.callback(Path(unfinished).unlink, missing_ok=True)
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            made.append((Path(unfinished), folder / name))
        for unfinished_path, path in made:
            unfinished_path.replace(path)
            undo.callback(path.unlink, missing_ok=True)
        sync(folder)
        undo.pop_all()
    return tuple(path for _, path in made)


def sync(folder: Path) -> None:
    """Make what a folder names durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # a folder of another system may not know it; the file itself is synced
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def named_trouble() -> Iterator[None]:
    """Name what the disk reports.

    Raises:
        StorageFull, StorageMissing: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        kind = StorageFull if error.errno in _NO_ROOM else StorageMissing
        raise kind(what="folder", detail=errno.errorcode.get(error.errno or 0, "")) from error
