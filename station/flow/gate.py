"""What reaches the window: while nobody is at work, nothing of an applicant. From any thread."""

import threading
from collections.abc import Callable

from station.flow.calibration_views import (
    CalibrationAt,
    CalibrationDone,
    CalibrationHistory,
    CalibrationsChanged,
    CalibrationWritten,
    DevicesCompared,
    GlassChecked,
)
from station.flow.events import (
    DevicesChanged,
    Event,
    FilesWritten,
    ImportEnded,
    Job,
    JobEnded,
    JobStarted,
    Notice,
    Opened,
    SelfTested,
    SessionChanged,
    SignInRefused,
    Trouble,
)

_PASSES = (Opened, SelfTested, DevicesChanged, SessionChanged, SignInRefused)
"""What the window may always know."""

_WAITS = (
    JobStarted, JobEnded, Trouble, Notice, FilesWritten, ImportEnded, CalibrationsChanged, CalibrationAt,
    CalibrationDone, CalibrationHistory, CalibrationWritten, DevicesCompared, GlassChecked,
)  # fmt: skip
"""What is told to whoever takes the work up again. Pictures are not: they are shown anew then."""


class Gate:
    """Hands events on while it is open. Every kind of event that is named nowhere here stays out."""

    def __init__(self, notify: Callable[[Event], None]) -> None:
        """Start open; `notify` never waits."""
        self._notify = notify
        self._lock = threading.RLock()
        self._open = True
        self._running: dict[tuple[Job, str], JobStarted] = {}
        self._waiting: list[Event] = []

    def post(self, event: Event) -> None:
        """Hand an event on, keep it for later, or drop it."""
        with self._lock:
            if self._open:
                self._follow(event)
                self._notify(event)
            elif isinstance(event, _PASSES) or (isinstance(event, Trouble) and not event.visit_id):
                self._notify(event)
            elif isinstance(event, _WAITS):
                self._waiting.append(event)

    def close(self, *last: Event) -> None:
        """Hand these on, and from here on nothing of an applicant; work that runs is told anew at the end."""
        with self._lock:
            if self._open:
                self._open = False
                self._waiting = list(self._running.values())
            for event in last:
                self._notify(event)

    def open(self) -> None:
        """Hand everything on again; what waited waits for `tell`."""
        with self._lock:
            self._open = True

    def tell(self) -> None:
        """Hand on what waited."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for event in waiting:
                self._follow(event)
                self._notify(event)

    def forget(self) -> None:
        """Drop what waited: nobody takes the work up again."""
        with self._lock:
            self._waiting.clear()

    def _follow(self, event: Event) -> None:
        if isinstance(event, JobStarted):
            self._running[_key(event)] = event
        elif isinstance(event, JobEnded):
            self._running.pop(_key(event), None)


def _key(event: JobStarted | JobEnded) -> tuple[Job, str]:
    """Return what tells one running work from another: only of scans there may be several."""
    return event.job, event.device if event.job is Job.SCAN else ""
