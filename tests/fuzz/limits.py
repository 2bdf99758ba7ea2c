"""What one spoilt sample may cost: processor time, and memory."""

import gc
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_S = 30
"""Of this process for one sample. Processor time: a machine that is busy with other things is no fault."""

ROOM_BYTES = 1 << 30
"""That one sample may take beyond what the process has."""

GROWTH_BYTES = 192 << 20
"""That may stay behind after all samples of one target: caches, and what the allocator keeps."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Hang(BaseException):
    """A sample took too long. No Exception, so that nothing on the way takes it for its own."""


class Growth(AssertionError):
    """Memory stayed behind."""


@contextmanager
def watchdog() -> Iterator[None]:
    """Stop what takes too long; on the main thread only."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Hang(f"still at it after {CPU_S} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def little_room(room: int = ROOM_BYTES) -> Iterator[None]:
    """Refuse so many bytes more than the process has, as a MemoryError, which is no error with a name."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_pages(0) + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def no_growth(most: int = GROWTH_BYTES) -> Iterator[None]:
    """Fail when more memory than this stays behind."""
    gc.collect()
    before = _pages(1)
    yield
    gc.collect()
    if (grown := _pages(1) - before) > most:
        raise Growth(f"{grown >> 20} MiB stayed behind")


def _pages(column: int) -> int:
    """Return the process's address space (0) or resident memory (1) in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[column]) * _PAGE
