"""Children that begin warm: a process that has loaded everything forks them one by one, each to be killed.

A child says things (`tell`) and dies of SIGKILL at a moment that its parent chose: when it has said so much and
some time went by, or by itself just before it changes the disk for the n-th time (`tests.disk`).
"""

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.disk import SQLITE, watched

PATIENCE_S = 120.0
"""Waits end as soon as what they wait for happens; this only bounds a test that fails."""

Job = Callable[..., object]

_AEAD = "cryptography.hazmat.primitives.ciphers.aead"
"""What the stations of this process load late; its children have it from the start."""


@dataclass(frozen=True, slots=True)
class Death:
    """When a child dies: after it said `words` things and `linger_s` more, or before its `change`-th change.

    With `own` only the program's own changes count, not those of SQLite, which are many more.
    """

    words: int = 0
    linger_s: float = 0.0
    change: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code, negative for a signal."""

    code: int


@dataclass(slots=True)
class Nursery:
    """The process that forks. Used by one thread."""

    _line: Connection

    def kill(self, death: Death, folder: Path, job: Job, *args: Any) -> tuple[list[Any], int]:
        """Run `job(folder, tell, *args)` in a child until it dies; returns what it said, and its exit code."""
        self._line.send((death, folder, job, args))
        pid, said = self._heard(), list[Any]()
        ended: Ended | None = None
        if not death.change:
            while len(said) < death.words and ended is None:
                ended = self._listen(said)
            due = time.monotonic() + death.linger_s
            while ended is None and self._line.poll(max(due - time.monotonic(), 0.0)):
                ended = self._listen(said)
            if ended is None:
                os.kill(pid, signal.SIGKILL)
        while ended is None:
            ended = self._listen(said)
        self._line.send(None)
        return said, ended.code

    def _listen(self, said: list[Any]) -> Ended | None:
        """Take one more thing that the child said, or how it ended."""
        heard = self._heard()
        if isinstance(heard, Ended):
            return heard
        said.append(heard)
        return None

    def _heard(self) -> Any:
        assert self._line.poll(PATIENCE_S), "a child neither speaks nor ends"
        return self._line.recv()


@contextmanager
def nursery(warm: Job) -> Iterator[Nursery]:
    """Keep a process that has done `warm()` and forks children from there on."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([warm.__module__, "alembic.command", _AEAD])
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, warm))
    process.start()
    theirs.close()
    try:
        yield Nursery(ours)
    finally:
        ours.close()
        process.join(PATIENCE_S)
        process.kill()
        process.join()
        process.close()


def _serve(line: Connection, warm: Job) -> None:
    warm()
    while True:
        try:
            death, folder, job, args = line.recv()
        except EOFError:
            return
        pid = os.fork()
        if not pid:
            _live(line, death, folder, job, args)
        end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert end is not None
        line.send(Ended(end.si_status if end.si_code == os.CLD_EXITED else -end.si_status))
        line.recv()  # only now may its number be given to another process
        os.waitpid(pid, 0)


def _live(line: Connection, death: Death, folder: Path, job: Job, args: tuple[Any, ...]) -> None:
    left = death.change

    def ask(name: str) -> bool:
        nonlocal left
        left -= not (death.own and name.startswith(SQLITE))
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    try:
        line.send(os.getpid())
        if death.change:
            with watched(folder, ask):
                job(folder, line.send, *args)
        else:
            job(folder, line.send, *args)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)
    os._exit(0)
