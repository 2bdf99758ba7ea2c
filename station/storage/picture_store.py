"""Pictures as files named by the SHA-256 of their bytes. Fulfils `station.flow.ports.PictureStore`.

    pictures/a/bc/abc…   a picture; two levels make 4,096 folders
    pictures/incoming/   pictures that are being written
    pictures/quarantine/ pictures that no record named when the station started

What `put` returned survives a power cut: the bytes are synced before they get their name, the folder after it,
and so is every folder that this process has not yet synced into its parent.
"""

import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from station.errors import StorageDamaged, StorageError, StorageFull, StorageMissing

_TROUBLE: dict[int | None, type[StorageError]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EFBIG: StorageFull,
}
"""Whatever else the file system reports, it does not do its work: StorageMissing."""

_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: pictures without a record were moved, `unfinished` files were removed."""

    quarantined: tuple[str, ...] = ()
    unfinished: int = 0


class FolderPictureStore:
    """A folder of pictures. Safe to call from any thread; several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder and the one around it when they are not there; other users cannot look into them.

        Raises:
            StorageMissing: the folder cannot be made or used.
        """
        self.folder = folder
        self._incoming = folder / "incoming"
        self._quarantine = folder / "quarantine"
        self._synced: set[Path] = set()
        with _named_trouble():
            for needed in (folder.parent, folder, self._incoming, self._quarantine):
                needed.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let another station sweep the folder."""
        os.close(self._lock)

    def put(self, data: bytes) -> str:
        """Store bytes durably and return their SHA-256 in 64 lower-case hex digits; twice is once.

        A stored copy that was damaged is replaced.

        Raises:
            StorageFull, StorageMissing.
        """
        name = hashlib.sha256(data).hexdigest()
        path = self.path(name)
        with _named_trouble():
            self._make_folder(path.parent)
            # An equal file may be one whose writer fell before the folder was synced: sync it in either case.
            if not _holds(path, data):
                self._write(path, data)
            _sync(path.parent)
        return name

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proved against their name.

        Raises:
            StorageDamaged: missing, or not what was written.
            StorageMissing: the folder does not answer.
        """
        with _named_trouble():
            try:
                data = self.path(sha256).read_bytes()
            except FileNotFoundError:
                raise StorageDamaged(what=f"picture {sha256}") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StorageDamaged(what=f"picture {sha256}")
        return data

    def path(self, sha256: str) -> Path:
        """Return where the picture of this name lies or would lie.

        Raises:
            StorageDamaged: the name is not 64 lower-case hex digits.
        """
        if not _NAME.fullmatch(sha256):
            raise StorageDamaged(what="name of a picture")
        return self.folder / sha256[:1] / sha256[1:3] / sha256

    def stored(self) -> Iterator[Path]:
        """Yield every file that lies among the pictures, whatever its name, folder by folder.

        Raises:
            StorageMissing: the folder does not answer.
        """
        with _named_trouble():
            for folder in sorted(self.folder.glob("?/??")):
                yield from sorted(folder.iterdir())

    def sweep(self, known: set[str]) -> Swept:
        """Clear up what a power cut left: move pictures that nobody knows aside, remove unfinished files.

        For a process that holds the folder alone (`alone`): another one may be about to name its pictures.

        Raises:
            StorageFull, StorageMissing.
        """
        with _named_trouble():
            unfinished = list(self._incoming.iterdir())
            for path in unfinished:
                path.unlink()
            unknown = [path for path in self.stored() if path.name not in known]
            for path in unknown:
                path.replace(self._quarantine / path.name)
            for folder in {self._quarantine, *(path.parent for path in unknown)} if unknown else ():
                _sync(folder)
        return Swept(quarantined=tuple(path.name for path in unknown), unfinished=len(unfinished))

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the folder for this process alone; yields False at once when another one uses it."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alone = False
        else:
            alone = True
        try:
            yield alone
        finally:
            # Also when the attempt failed: it may have let go of the shared lock (flock(2)).
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def _make_folder(self, folder: Path) -> None:
        for inner, outer in ((folder.parent, self.folder), (folder, folder.parent)):
            if inner not in self._synced:
                inner.mkdir(mode=0o700, exist_ok=True)
                _sync(outer)
                self._synced.add(inner)

    def _write(self, path: Path, data: bytes) -> None:
        handle, unfinished = tempfile.mkstemp(dir=self._incoming)
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            os.replace(unfinished, path)
        except OSError:
            with suppress(OSError):
                os.unlink(unfinished)
            raise


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _named_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        kind = _TROUBLE.get(error.errno, StorageMissing)
        raise kind(what="pictures", detail=errno.errorcode.get(error.errno or 0, "")) from error
