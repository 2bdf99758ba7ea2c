"""Every change that this process makes to the files of one folder, so that a test can refuse it or die.

What Python writes is met in `os` and `open`, what SQLite writes in its own table of system calls
(`sqlite3_vfs.xSetSystemCall`, made by its authors for such tests): no privilege and no mount is needed.
"""

import builtins
import ctypes
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlcipher3._sqlite3 as library

Ask = Callable[[str], bool]
"""Asked before a change by the name of the call; True refuses it, as a disk without room does."""

_BY_PATH = {"mkdir": 0, "replace": 1, "link": 1, "unlink": 0}
"""Calls of `os`, and which of their arguments says where."""

_BY_HANDLE = ("pwrite", "ftruncate", "fsync")

SQLITE = "sqlite "
"""How the names of SQLite's calls begin."""

FREES = ("unlink",)
"""A full disk takes these."""


class Full:
    """A disk that has no room from the n-th change on; `met` tells whether it came so far."""

    def __init__(self, point: int, *, own: bool = False) -> None:
        """Refuse from this change on, counted from 1; `own`: those of SQLite are not counted."""
        self.point = point
        self._own = own
        self.count = 0

    def __call__(self, name: str) -> bool:
        """Count one change and tell whether it is refused."""
        if name in FREES:
            return False
        self.count += not (self._own and name.startswith(SQLITE))
        return self.met

    @property
    def met(self) -> bool:
        """Whether a change was refused."""
        return self.count >= self.point


@contextmanager
def watched(folder: Path, ask: Ask) -> Iterator[None]:
    """Have `ask` decide about every change below this folder, by any thread, until the block ends."""
    root = os.path.realpath(folder)

    def refused(name: str, where: object) -> bool:
        path = os.readlink(f"/proc/self/fd/{where}") if isinstance(where, int) else os.path.abspath(str(where))
        return (path == root or path.startswith(root + os.sep)) and ask(name)

    with _python(refused), _sqlite(refused):
        yield


Refused = Callable[[str, object], bool]


def _no_room() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _python(refused: Refused) -> Iterator[None]:
    def asking(name: str, which: int) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*args: Any, **named: Any) -> Any:
            if refused(name, args[which]):
                raise _no_room()
            return real(*args, **named)

        return call

    real_open, open_file = os.open, io.open

    def make(path: Any, flags: int, *args: Any, **named: Any) -> int:
        if flags & os.O_CREAT and not os.path.exists(path) and refused("create", path):
            raise _no_room()
        return real_open(path, flags, *args, **named)

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            if not refused("write", self.fileno()):
                return super().write(data)
            if len(data) > 1:
                super().write(memoryview(data)[: len(data) // 2])  # the last room that there was
            raise _no_room()

    def file(path: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
        if mode != "wb":
            return open_file(path, mode, *args, **named)
        return io.BufferedWriter(Raw(path, "wb", closefd=named.get("closefd", True)))

    new = {name: asking(name, which) for name, which in _BY_PATH.items()}
    new |= {name: asking(name, 0) for name in _BY_HANDLE} | {"open": make}
    with patch.multiple(os, **new), patch.object(io, "open", file), patch.object(builtins, "open", file):
        yield


# -- SQLite ---------------------------------------------------------------------------------------------------

_POINTERS = (
    "next", "name", "data", "open", "delete", "access", "full", "dl_open", "dl_error", "dl_sym", "dl_close",
    "random", "sleep", "time", "error", "time64",
)  # fmt: skip
_Set = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_Get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("version", ctypes.c_int), ("size", ctypes.c_int), ("longest", ctypes.c_int),
        *((name, ctypes.c_void_p) for name in _POINTERS),
        ("set_call", _Set), ("get_call", _Get),
    )  # fmt: skip


_SIGNATURES = {
    b"write": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t),
    b"pwrite": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64),
    b"pwrite64": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64),
    b"ftruncate": (ctypes.c_int, ctypes.c_int, ctypes.c_int64),
}


@contextmanager
def _sqlite(refused: Refused) -> Iterator[None]:
    find = ctypes.CDLL(library.__file__).sqlite3_vfs_find
    find.restype, find.argtypes = ctypes.POINTER(_Vfs), (ctypes.c_char_p,)
    vfs = find(None)
    held = []  # what SQLite calls must not be collected
    for name, signature in _SIGNATURES.items():
        kind = ctypes.CFUNCTYPE(*signature, use_errno=True)
        address = vfs.contents.get_call(vfs, name)
        if address:
            call = kind(_asking(SQLITE + name.decode(), kind(address), refused))
            held.append(call)
            vfs.contents.set_call(vfs, name, ctypes.cast(call, ctypes.c_void_p))
    assert held, "this SQLite lets nobody see what it writes"
    try:
        yield
    finally:
        for name in _SIGNATURES:
            vfs.contents.set_call(vfs, name, None)


def _asking(name: str, real: Any, refused: Refused) -> Callable[..., int]:
    def call(handle: int, *args: Any) -> int:
        if refused(name, handle):
            ctypes.set_errno(errno.ENOSPC)
            return -1
        return int(real(handle, *args))

    return call
