"""One thread for one device, or for the desk: work in order, one piece at a time."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

from station.errors import StationError

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Lane:
    """A daemon thread with a queue. A wedged driver call never keeps the process alive.

    Any thread may call `submit` and `post`; the work runs on the lane's own thread.
    """

    def __init__(self, name: str, on_trouble: Callable[[StationError], None] | None = None) -> None:
        """Start the thread; `on_trouble` is told of what the world did to work given by `post`."""
        self.name = name
        self._on_trouble = on_trouble
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Queue work whose result or error the caller wants; a closed lane answers with a cancelled future."""
        future: Future[_T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work(*args, **kwargs)
            except Exception as error:  # handed to whoever asked
                future.set_exception(error)
            else:
                future.set_result(result)

        if not self._put(run):
            future.cancel()
        return future

    def post(self, work: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Queue work nobody waits for: trouble of the world is told on, a bug of ours is logged whole."""

        def run() -> None:
            try:
                work(*args, **kwargs)
            except StationError as error:
                if self._on_trouble is None:
                    _log.exception("trouble on lane %s that nobody takes", self.name)
                else:
                    self._on_trouble(error)
            except Exception:  # our bug must not end the lane
                _log.exception("a fault of the program on lane %s", self.name)

        self._put(run)

    def close(self, timeout_s: float) -> bool:
        """End after the queued work; False (and a line in the log) when a wedged call is abandoned."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._work.put(None)
        if threading.current_thread() is self._thread:
            return True
        self._thread.join(max(timeout_s, 0.0))
        if self._thread.is_alive():
            _log.error("lane %s did not end in %.1f s and was abandoned", self.name, timeout_s)
            return False
        return True

    def abandon(self) -> None:
        """Take no more work and do not wait: its thread hangs in a driver."""
        with self._lock:
            self._closed = True
            self._work.put(None)

    def _put(self, run: Callable[[], None]) -> bool:
        with self._lock:
            if self._closed:
                return False
            self._work.put(run)
            return True

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            del work  # pixels in its closure must not outlive it while the lane waits
