"""A mailbox that holds the newest live frame and forgets the ones before it."""

import threading
from dataclasses import dataclass, field

from station.model.image import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class LiveFrame:
    """A live frame fitted to the view. `taken_at` is `time.monotonic()` when the driver had it."""

    visit_id: str
    number: int
    taken_at: float
    pixels: Pixels = field(repr=False)


class Latest:
    """One slot between the camera's lane and the window."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._frame: LiveFrame | None = None

    def put(self, frame: LiveFrame) -> None:
        """Replace whatever lay here."""
        with self._lock:
            self._frame = frame

    def take(self) -> LiveFrame | None:
        """Take the newest frame, or None when nothing new came."""
        with self._lock:
            frame, self._frame = self._frame, None
            return frame

    def clear(self) -> None:
        """Forget: the next visit must not see it."""
        with self._lock:
            self._frame = None
