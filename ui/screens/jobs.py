"""The long work that runs, and how far it is, in one line for the bottom bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from station.flow.events import Job, JobEnded, JobProgress, JobStarted
from station.flow.views import DeviceView
from ui.wording.names import name

CANCELLED = frozenset({Job.SCAN, Job.EXPORT, Job.CALIBRATION})
"""What Cancel ends, all at once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work is; `total` 0 when nobody knows how long it is."""

    text: str
    done: int = 0
    total: int = 0


class Jobs(QObject):
    """Each scanner runs its own scan; all that runs is told in one line."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self._running: dict[tuple[Job, str], tuple[int, int]] = {}

    @property
    def kinds(self) -> frozenset[Job]:
        """The kinds of work that run."""
        return frozenset(job for job, _ in self._running)

    def started(self, event: JobStarted) -> None:
        """Work began."""
        self._running[self._key(event)] = (0, 0)

    def progressed(self, event: JobProgress) -> None:
        """Work goes on; what nobody runs any more is not heard."""
        if self._key(event) in self._running:
            self._running[self._key(event)] = (event.done, event.total or 0)

    def ended(self, event: JobEnded) -> None:
        """Work is over."""
        self._running.pop(self._key(event), None)

    def clear(self) -> None:
        """Forget all of it."""
        self._running.clear()

    def progress(self, devices: Sequence[DeviceView]) -> Progress | None:
        """Return what is to be shown; None while nothing runs that can be cancelled."""
        names = {view.info.id: view.info.name for view in devices}
        shown = {key: far for key, far in self._running.items() if key[0] in CANCELLED}
        if not shown:
            return None
        lines = [self._line(job, names.get(device, ""), *far) for (job, device), far in shown.items()]
        done, total = next(iter(shown.values())) if len(shown) == 1 else (0, 0)
        return Progress("  ·  ".join(lines), done, total)

    @staticmethod
    def _key(event: JobStarted | JobProgress | JobEnded) -> tuple[Job, str]:
        """Return what tells one running work from another: only of scans there may be several."""
        return event.job, event.device if event.job is Job.SCAN else ""

    def _line(self, job: Job, device: str, done: int, total: int) -> str:
        if total:
            return self.tr("{job}, page {done} of {total}").format(job=name(job), done=done, total=total)
        if not done:
            return f"{name(job)}: {device}" if device else name(job)
        return self.tr("{what}, pages that are safe: {done}").format(what=device or name(job), done=done)
