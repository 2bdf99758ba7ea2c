"""A word that reaches a driver in the middle of a blocking call."""

import threading
from collections.abc import Callable

from station.errors import Cancelled


class CancelToken:
    """Set once, from any thread; callbacks run once, on the thread that cancels."""

    def __init__(self) -> None:
        """Start uncancelled."""
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Tell whether someone cancelled."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Cancel; a second time does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Run `callback` when someone cancels; at once when that has happened."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def check(self) -> None:
        """Stop here when cancelled.

        Raises:
            Cancelled: someone cancelled.
        """
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep that a cancel ends; returns whether cancelled."""
        return self._event.wait(seconds)
