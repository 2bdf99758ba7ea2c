"""The file of anchors: what a station signed of its log, outside the database, one JSON object a line.

Lines are only ever added. They are written after the database has committed, so the file is never ahead of it:
a database that ends before its anchors was put back from an older copy.
"""

import fcntl
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from station.storage.audit_entry import Anchor, anchor_of

_log = logging.getLogger(__name__)

_TAIL = 8192
"""More bytes than some lines have."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """One file of anchors; `name` is what a problem calls it. Several processes may add to it."""

    path: Path
    name: str

    def last(self, station: str) -> Anchor | None:
        """Return this station's last anchor that was written whole; None without one, or without an answer."""
        for size in (_TAIL, None):
            for line in reversed(self.read(size) or ()):
                anchor = anchor_of(line)
                if anchor is not None and anchor.station == station:
                    return anchor
        return None

    def add(self, anchors: Iterable[Anchor]) -> None:
        """Write the anchors down durably, in the place of a line that a power cut left unfinished.

        A file that does not take them is noted in the program's log; they are given again with the next anchor.
        """
        lines = "".join(f"{anchor.line}\n" for anchor in anchors).encode()
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                os.ftruncate(handle, _whole(handle))
                os.lseek(handle, 0, os.SEEK_END)
                with os.fdopen(handle, "wb", closefd=False) as file:
                    file.write(lines)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            _log.warning("the anchors of the audit could not be written: %s", type(error).__name__)

    def read(self, last_bytes: int | None = None) -> list[str] | None:
        """Return all whole lines, or those of the end; None when there is no file or it does not answer."""
        try:
            with self.path.open("rb") as file:
                if last_bytes is not None:
                    file.seek(max(file.seek(0, os.SEEK_END) - last_bytes, 0))
                text = file.read().decode("ascii", "replace")
        except OSError:
            return None
        return text.split("\n")[:-1]


def _whole(handle: int) -> int:
    """Return how many bytes the whole lines have."""
    size = os.lseek(handle, 0, os.SEEK_END)
    start = max(size - _TAIL, 0)
    end = os.pread(handle, _TAIL, start).rfind(b"\n")
    return start + end + 1


def anchor_files(folder: Path, elsewhere: Path | None, station: str) -> tuple[AnchorFile, ...]:
    """Return the files in which a station keeps its anchors: its data folder, and another place if set."""
    files = (AnchorFile(folder / "audit.anchors", "audit.anchors"),)
    if elsewhere is None:
        return files
    name = f"{quote(station, safe='')}.anchors"
    return (*files, AnchorFile(elsewhere / name, f"{name} elsewhere"))
