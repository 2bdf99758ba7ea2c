"""Pages of the visit in hand written to files, away from the desk; one export at a time. Desk lane only."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceBusy, ExportRefused, StationError
from station.flow.events import Event, FilesWritten, Job, JobEnded, JobProgress, JobStarted, Outcome, Trouble
from station.flow.ports import Exported, Exporter
from station.flow.visit_in_hand import VisitInHand
from station.flow.volumes import volumes
from station.flow.workshop import Workshop

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Exporting:
    """Runs the exporter that the station was fitted with, on a workshop lane."""

    exporter: Exporter | None
    post: Callable[..., None]
    notify: Callable[[Event], None]
    workshop: Workshop
    _cancel: CancelToken | None = None

    def begin(self, hand: VisitInHand, folder: Path, items: Sequence[str]) -> None:
        """Write one file for each of these items, or the whole record as one file.

        Raises:
            ExportRefused: there is nothing to write, or nothing that writes; DeviceBusy: an export runs.
        """
        if self.exporter is None:
            raise ExportRefused(record=hand.record.id, reason="no_exporter")
        if self._cancel is not None:
            raise DeviceBusy(device=Job.EXPORT.value)
        wanted = volumes(hand.record, hand.checklist, items)
        self._cancel, visit_id = CancelToken(), hand.visit.id
        self.notify(JobStarted(Job.EXPORT, visit_id))

        def progress(done: int, total: int) -> None:
            self.notify(JobProgress(Job.EXPORT, visit_id, done, total=total))

        future = self.workshop.submit(self.exporter.export, wanted, folder, progress, self._cancel)
        future.add_done_callback(partial(self.post, self._ended, visit_id))

    def cancel(self) -> None:
        """Cancel the export that runs, if one does."""
        if self._cancel is not None:
            self._cancel.cancel()

    def _ended(self, visit_id: str, done: "Future[tuple[Exported, ...]]") -> None:
        self._cancel = None
        error = Cancelled() if done.cancelled() else done.exception()
        if error is None:
            files = done.result()
            self.notify(FilesWritten(visit_id, files))
            pages = sum(file.pages for file in files)
            self.notify(JobEnded(Job.EXPORT, visit_id, Outcome.COMPLETED, pages))
        elif isinstance(error, Cancelled):
            self.notify(JobEnded(Job.EXPORT, visit_id, Outcome.CANCELLED))
        else:
            if not isinstance(error, StationError):
                _log.error("an export failed", exc_info=error)
                error = ExportRefused(reason="fault")
            self.notify(Trouble(error, visit_id))
            self.notify(JobEnded(Job.EXPORT, visit_id, Outcome.FAILED, error=error))
