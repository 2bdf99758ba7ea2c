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
    """One slot between the camera's lane and the window.

    Frames come in runs. One that is late, of a run that was ended meanwhile, is nobody's.
    """

    def __init__(self) -> None:
        """Start empty, with run 0."""
        self._lock = threading.Lock()
        self._frame: LiveFrame | None = None
        self._run = 0

    def begin(self) -> int:
        """Begin a run, which ends every other, and return its number."""
        with self._lock:
            self._frame = None
            self._run += 1
            return self._run

    def put(self, frame: LiveFrame, run: int = 0) -> None:
        """Replace whatever lay here by a frame of this run; that of another run is dropped."""
        with self._lock:
            if run == self._run:
                self._frame = frame

    def take(self) -> LiveFrame | None:
        """Take the newest frame, or None when nothing new came."""
        with self._lock:
            frame, self._frame = self._frame, None
            return frame

    def clear(self) -> None:
        """End the run and forget: the next visit must not see it."""
        self.begin()
