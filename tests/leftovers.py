"""What a test leaves behind: threads, child processes, top-level widgets; and what it logged."""

import gc
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 60.0
"""How long things may take to end. They are waited for, never slept for; a loaded machine is no fault."""

OURS = "lane-"
"""Our daemon threads; those of libraries are their own business, our other threads are no daemons."""

SERVANTS = (b"multiprocessing.resource_tracker", b"multiprocessing.forkserver")
"""Processes that the standard library keeps until the interpreter ends."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What was there at one moment. Widgets by identity: those that Qt deleted have left Python too."""

    threads: frozenset[threading.Thread]
    children: frozenset[int]
    widgets: tuple[Any, ...]


class _Witness(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def watched_logs() -> Iterator[list[logging.LogRecord]]:
    """Collect every record at WARNING or above."""
    witness = _Witness()
    logging.getLogger().addHandler(witness)
    try:
        yield witness.records
    finally:
        logging.getLogger().removeHandler(witness)


def look() -> Scene:
    """See what is there now."""
    return Scene(frozenset(_threads()), frozenset(_children()), tuple(_widgets()))


def since(before: Scene) -> list[str]:
    """Wait until all that is new has ended; what has not is returned in words."""
    left = []
    deadline = time.monotonic() + PATIENCE_S
    for thread in _threads() - before.threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
        if thread.is_alive():
            left.append(f"thread: {thread.name}")
    while (children := _children() - before.children) and time.monotonic() < deadline:
        time.sleep(0.02)
    left += [f"process: {_command(pid).decode(errors='replace')}" for pid in children]
    if new := _new_widgets(before):
        gc.collect()  # a widget in a circle of references is no fault
        new = _new_widgets(before)
    return left + [f"widget: {type(widget).__name__} {widget.objectName()}" for widget in new]


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon or thread.name.startswith(OURS)}


def _children() -> set[int]:
    """Processes that this one started and that still run; one that ended and waits to be read is none."""
    found = set()
    started: list[int] = []
    for listing in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # the thread ended meanwhile
            started += map(int, listing.read_text().split())
    for pid in started:
        with suppress(OSError):  # the child ended meanwhile
            state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
            if state != "Z" and not any(servant in _command(pid) for servant in SERVANTS):
                found.add(pid)
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").strip()
    except OSError:
        return b"(ended)"


def _widgets() -> list[Any]:
    if (widgets := sys.modules.get("PySide6.QtWidgets")) is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    return [widget for widget in widgets.QApplication.topLevelWidgets() if widget.parent() is None]


def _new_widgets(before: Scene) -> list[Any]:
    return [widget for widget in _widgets() if all(widget is not known for known in before.widgets)]
