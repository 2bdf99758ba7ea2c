"""Portraits between the camera and the record: taken, judged, accepted or given up. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from station.devices.cancel import CancelToken
from station.errors import AttachmentRefused, Cancelled, DeviceBusy, PictureError, StationError
from station.flow.board import GONE, Bay, Board
from station.flow.events import Event, Job, JobEnded, JobStarted, Outcome, PortraitJudged
from station.flow.options import Options
from station.flow.scan_job import as_fault
from station.flow.views import Candidate, DeviceState
from station.flow.workshop import Prepared, Workshop
from station.imaging import codec
from station.model.capability import CameraSettings
from station.model.image import Frame
from station.model.quality import QualityReport, Verdict
from station.model.record import OverrideNote, Provenance

_log = logging.getLogger(__name__)

SCREEN_PX = 1280
"""A candidate is shown at this width; the store gets the whole picture."""


@dataclass(slots=True, eq=False)
class Taking:
    """A still that is being taken and judged; `since` is None once the camera gave it."""

    visit_id: str
    bay: Bay
    cancel: CancelToken
    since: float | None = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False)
class _Still:
    """A portrait that waits for the officer's word."""

    visit_id: str
    frame: Frame
    report: QualityReport
    provenance: Provenance


@dataclass(slots=True, eq=False)
class Stills:
    """At most one still at a time, ended exactly once. `keeping` while an accepted one goes to the store."""

    post: Callable[..., None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    attach: Callable[[str, Prepared, Provenance, OverrideNote | None], None]
    idle: Callable[[], None]
    taking: Taking | None = None
    keeping: bool = False
    _still: _Still | None = None
    _attempts: int = 0
    _attempts_of: str = ""

    def begin(self, visit_id: str, bay: Bay, cancel: CancelToken, ask: Callable[[], "Future[Frame]"]) -> None:
        """Ask a camera for a still, judge it and post it for the officer's word.

        Raises:
            DeviceBusy: one is being taken.
        """
        if self.taking is not None:
            raise DeviceBusy(device=self.taking.bay.view.info.id)
        taking = self.taking = Taking(visit_id, bay, cancel)
        self.notify(JobStarted(Job.STILL, visit_id, bay.view.info.id))
        ask().add_done_callback(lambda done: self.post(self._taken, taking, done))

    def _taken(self, taking: Taking, done: "Future[Frame]") -> None:
        if self.taking is not taking:
            return
        device = taking.bay.view.info.id
        error = Cancelled() if done.cancelled() else done.exception()
        if error is None and not done.result().pixels.size:
            error = PictureError(reason="empty")
        if error is not None:
            if not isinstance(error, StationError):
                _log.error("the driver of %s failed in a still", device, exc_info=error)
            fault = as_fault(error, device)
            if isinstance(fault, GONE) and taking.bay.view.state is DeviceState.READY:
                self.board.fail(taking.bay, fault)  # a busy one shows a live picture, which ends of the same
            self.end(fault)
            return
        taking.since = None
        frame = done.result()
        judged = self.workshop.submit(self.workshop.judge_portrait, frame.pixels)
        judged.add_done_callback(lambda report: self.post(self._judged, taking, frame, report))

    def _judged(self, taking: Taking, frame: Frame, done: "Future[QualityReport]") -> None:
        if self.taking is not taking or done.cancelled():
            return
        visit_id, report = taking.visit_id, done.result()
        if self._attempts_of != visit_id:
            self._attempts, self._attempts_of = 0, visit_id
        self._attempts += 1
        provenance = self.options.provenance(taking.bay.view.info, CameraSettings())
        self._still = _Still(visit_id, frame, report, provenance)
        shown = codec.fit(frame.pixels, SCREEN_PX, SCREEN_PX)
        candidate = Candidate(shown, report, self._attempts, self.options.attempts_allowed)
        self.notify(PortraitJudged(visit_id, candidate))
        self.end(None)

    def end(self, error: StationError | None) -> None:
        """End the still that is being taken; what comes of it later is nobody's."""
        taking, self.taking = self.taking, None
        if taking is None:
            return
        if error is None:
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.COMPLETED, 1))
        elif isinstance(error, Cancelled):
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.CANCELLED))
        else:
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.FAILED, 0, error))

    def accept(self, visit_id: str, override: OverrideNote | None) -> None:
        """Take the still that waits.

        Raises:
            AttachmentRefused: none waits, or it is below its limits and no reason was given.
        """
        still = self._still
        if still is None or still.visit_id != visit_id:
            raise AttachmentRefused(record="", reason="no_still")
        if still.report.verdict is Verdict.FAIL and override is None:
            raise AttachmentRefused(record="", reason="needs_reason")
        self._still, self.keeping = None, True
        kept = self.workshop.submit(self.workshop.keep_portrait, still.frame.pixels, still.report)
        kept.add_done_callback(lambda done: self.post(self._kept, still, override, done))

    def _kept(self, still: _Still, override: OverrideNote | None, done: "Future[Prepared]") -> None:
        self.keeping = False
        try:
            self.attach(still.visit_id, done.result(), still.provenance, override)
        except StationError:
            self._still = still  # the officer can try again: nothing is lost
            raise
        else:
            self.notify(PortraitJudged(still.visit_id, None))
        finally:
            self.idle()

    def discard(self, visit_id: str) -> None:
        """Give up the still that waits."""
        self._still = None
        self.notify(PortraitJudged(visit_id, None))

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        if self.taking is not None:
            self.taking.cancel.cancel()
            self.end(Cancelled())
        self._still = None
        self._attempts, self._attempts_of = 0, ""
