"""Pictures as sealed files named by the SHA-256 of their bytes. Fulfils `station.flow.ports.PictureStore`.

    pictures/a/bc/abc…   a picture, encrypted (`station.storage.sealed`); two levels make 4,096 folders
    pictures/incoming/   pictures that are being written
    pictures/quarantine/ pictures that no record named when the station started

What `put` returned survives a power cut: the bytes are synced before they get their name, the folder after it,
and so is every folder that this process has not yet synced into its parent.
"""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from station.errors import StorageDamaged, StorageError, StorageLocked
from station.storage import sealed
from station.storage.durable import named_trouble, sync_folder
from station.storage.keys.station_key import StationKey

_WHAT = "pictures"

_HOLD_MS = 5_000
"""How long a start waits for another process that holds the folder alone."""

_HOLD_PAUSE_S = 0.05

_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: pictures without a record were moved, `unfinished` files were removed."""

    quarantined: tuple[str, ...] = ()
    unfinished: int = 0


class FolderPictureStore:
    """A folder of pictures. Safe to call from any thread; several processes may share it and its key."""

    def __init__(self, folder: Path, key: StationKey) -> None:
        """Make the folder and the one around it when they are not there; other users cannot look into them.

        Raises:
            StorageMissing: the folder cannot be made or used.
            StorageLocked: another process holds the folder alone.
        """
        self.folder = folder
        self._key = key
        self._incoming = folder / "incoming"
        self._quarantine = folder / "quarantine"
        self._synced: set[Path] = set()
        self._lock = hold(folder)
        try:
            with named_trouble(_WHAT):
                for needed in (self._incoming, self._quarantine):
                    needed.mkdir(mode=0o700, exist_ok=True)
        except StorageError:
            self.close()
            raise

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
        with named_trouble(_WHAT):
            self._make_folder(path.parent)
            # An equal file may be one whose writer fell before the folder was synced: sync it in either case.
            if not self.proves(path):
                self._write(path, data)
            sync_folder(path.parent)
        return name

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proved against their name.

        Raises:
            StorageDamaged: missing, or not what was written.
            StorageMissing: the folder does not answer.
        """
        # BytesIO gives its bytes out without a copy: a picture of 50 MB is in memory once.
        picture, digest = BytesIO(), hashlib.sha256()
        for part in self._parts(self.path(sha256), sha256):
            digest.update(part)
            picture.write(part)
        if digest.hexdigest() != sha256:
            raise StorageDamaged(what=f"picture {sha256}")
        return picture.getvalue()

    def proves(self, path: Path) -> bool:
        """Tell whether this stored file is the picture that its name says, and lies where it belongs.

        Raises:
            StorageMissing: the folder does not answer.
        """
        digest = hashlib.sha256()
        try:
            for part in self._parts(path, path.name):
                digest.update(part)
            return digest.hexdigest() == path.name and path == self.path(path.name)
        except StorageDamaged:
            return False

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

        What a sweep set aside is not among them.

        Raises:
            StorageMissing: the folder does not answer.
        """
        with named_trouble(_WHAT):
            for folder in sorted(self.folder.glob("?/??")):
                yield from sorted(folder.iterdir())

    def sweep(self, known: set[str]) -> Swept:
        """Clear up what a power cut left: move pictures that nobody knows aside, remove unfinished files.

        For a process that holds the folder alone (`alone`): another one may be about to name its pictures.

        Raises:
            StorageFull, StorageMissing.
        """
        with named_trouble(_WHAT):
            unfinished = self.discard_unfinished()
            unknown = [path for path in self.stored() if path.name not in known]
            for path in unknown:
                path.replace(self._quarantine / path.name)
            for folder in {self._quarantine, *(path.parent for path in unknown)} if unknown else ():
                sync_folder(folder)
        return Swept(quarantined=tuple(path.name for path in unknown), unfinished=unfinished)

    def set_aside(self) -> Iterator[Path]:
        """Yield every file that a sweep set aside.

        Raises:
            StorageMissing: the folder does not answer.
        """
        with named_trouble(_WHAT):
            yield from sorted(self._quarantine.iterdir())

    def seal(self, path: Path, data: bytes) -> None:
        """Put a sealed picture of these bytes in the place of this file, under its name, durably.

        Raises:
            StorageFull, StorageMissing.
        """
        with named_trouble(_WHAT):
            self._write(path, data)
            sync_folder(path.parent)

    def discard_unfinished(self) -> int:
        """Remove what interrupted writers left, for a process that holds the folder alone; returns how many.

        Raises:
            StorageMissing: the folder does not answer.
        """
        with named_trouble(_WHAT):
            unfinished = list(self._incoming.iterdir())
            for path in unfinished:
                path.unlink()
        return len(unfinished)

    def alone(self) -> AbstractContextManager[bool]:
        """Hold the folder for this process alone; yields False at once when another one uses it."""
        return alone(self._lock)

    def _make_folder(self, folder: Path) -> None:
        for inner, outer in ((folder.parent, self.folder), (folder, folder.parent)):
            if inner not in self._synced:
                inner.mkdir(mode=0o700, exist_ok=True)
                sync_folder(outer)
                self._synced.add(inner)

    def _write(self, path: Path, data: bytes) -> None:
        handle, unfinished = tempfile.mkstemp(dir=self._incoming)
        try:
            with open(handle, "wb") as file:
                sealed.seal(file, data, path.name, self._key)
                file.flush()
                os.fsync(handle)
            os.replace(unfinished, path)
        except OSError:
            with suppress(OSError):
                os.unlink(unfinished)
            raise

    def _parts(self, path: Path, name: str) -> Iterator[memoryview]:
        """Yield as `sealed.opened` the picture in this file; StorageDamaged when it is none of this name."""
        with named_trouble(_WHAT):
            try:
                with path.open("rb") as file:
                    yield from sealed.opened(file, name, self._key)
            except (FileNotFoundError, ValueError, sealed.Unsealable):
                raise StorageDamaged(what=f"picture {name}") from None


def is_name(text: str) -> bool:
    """Tell whether a file of this name is a picture: 64 lower-case hex digits."""
    return _NAME.fullmatch(text) is not None


def hold(folder: Path) -> int:
    """Take part in using the folder, made when it is not there; returns the handle, which is to be closed.

    Raises:
        StorageMissing: the folder cannot be made or used.
        StorageLocked: another process holds the folder alone.
    """
    with named_trouble(_WHAT):
        for needed in (folder.parent, folder):
            needed.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with named_trouble(_WHAT):
            _wait_for(lock)
    except StorageError:
        os.close(lock)
        raise
    return lock


def _wait_for(lock: int) -> None:
    deadline = time.monotonic() + _HOLD_MS / 1000
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StorageLocked(what=_WHAT, detail="held_alone") from None
            time.sleep(_HOLD_PAUSE_S)


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Hold the folder of this handle (`hold`) for this process alone; False when another one uses it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        is_alone = False
    else:
        is_alone = True
    try:
        yield is_alone
    finally:
        # Also when the attempt failed: it may have let go of the shared lock (flock(2)).
        fcntl.flock(lock, fcntl.LOCK_SH)
