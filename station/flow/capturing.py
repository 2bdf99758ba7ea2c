"""Scans, live picture and stills of the visit in hand. Lives on the desk lane."""

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from typing import Protocol, cast

from station.devices.device import Camera, Scanner
from station.errors import (
    AttachmentRefused,
    Cancelled,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    StationError,
)
from station.flow.board import Bay, Board
from station.flow.events import (
    Event,
    Job,
    JobEnded,
    JobProgress,
    JobStarted,
    LiveJudged,
    Outcome,
    PortraitJudged,
    Trouble,
)
from station.flow.latest import Latest
from station.flow.options import Options
from station.flow.preview import Preview
from station.flow.scan_job import ScanJob, as_fault
from station.flow.views import Candidate, DeviceState
from station.flow.workshop import LIVE_PX, Prepared, Workshop
from station.imaging import codec
from station.model.capability import CameraSettings, DeviceInfo, DeviceKind, ScanSettings
from station.model.image import Frame, Pixels
from station.model.quality import QualityReport, Verdict
from station.model.record import OverrideNote, Provenance

_log = logging.getLogger(__name__)

GONE = (DeviceLost, DeviceOffline, DeviceTimeout, DriverFault, DeviceNotFound)
"""After these the device is closed and looked for anew; after a jam or an open cover it stays in use."""

CANCEL_GRACE_S = 10.0
"""A driver that has not answered a cancel by then is left behind with its lane."""

SCREEN_PX = 1280
"""A candidate is shown at this width; the store gets the whole picture."""


class Desk(Protocol):
    """What capturing needs of the station. All calls are on the desk lane."""

    def post(self, work: Callable[..., object], *args: object) -> None:
        """Run on the desk lane, from any thread."""
        ...

    def deliver(self, job: ScanJob, prepared: Prepared) -> None:
        """Take a page of a scan."""
        ...

    def take_portrait(self, prepared: Prepared, provenance: Provenance, override: OverrideNote | None) -> None:
        """Take an accepted portrait."""
        ...


@dataclass(slots=True, eq=False)
class _Still:
    """A portrait that waits for the officer's word."""

    visit_id: str
    frame: Frame
    report: QualityReport
    provenance: Provenance
    attempt: int


@dataclass(slots=True, eq=False)
class Capturing:
    """At most one scan and one live picture at a time, each ended exactly once."""

    desk: Desk
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    mailbox: Latest
    job: ScanJob | None = None
    _preview: tuple[Preview, Bay] | None = None
    _still: _Still | None = None
    _attempts: int = 0
    _attempts_of: str = ""
    _after: list[Callable[[], None]] = field(default_factory=list)

    # -- scans ------------------------------------------------------------------------------------------------

    def scan(self, job: ScanJob) -> None:
        """Start a scan.

        Raises:
            DeviceBusy: one is running; DeviceNotFound, DeviceOffline: there is no scanner to use.
        """
        if self.job is not None:
            raise DeviceBusy(device=job.device.id)
        bay = self.usable(DeviceKind.SCANNER)
        self.job = job
        self.board.occupy(bay, busy=True)
        self.notify(JobStarted(Job.SCAN, job.visit_id, job.device.id))
        future = bay.lane.submit(job.run, cast(Scanner, bay.device), self.workshop, self._page)
        future.add_done_callback(lambda done: self.desk.post(self._scan_ended, job, bay, done))

    def usable(self, kind: DeviceKind) -> Bay:
        """Return the chosen device when it can be used now.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        bay = self.board.chosen(kind)
        if bay is None:
            raise DeviceNotFound(device=kind.value)
        if bay.view.state is DeviceState.BUSY or bay.view.state is DeviceState.PREPARING:
            raise DeviceBusy(device=bay.view.info.id)
        if bay.device is None:
            raise DeviceOffline(device=bay.view.info.id)
        return bay

    def cancel(self) -> None:
        """Cancel the scan that runs, if one does."""
        if self.job is not None and self.job.cancelled_at is None:
            self.job.cancelled_at = time.monotonic()
            self.job.cancel.cancel()

    def when_idle(self, then: Callable[[], None]) -> None:
        """Cancel what runs and do `then` after its end; at once when nothing runs."""
        if self.job is None:
            then()
        else:
            self._after.append(then)
            self.cancel()

    def _page(self, job: ScanJob, prepared: Prepared) -> None:
        """Hand a page to the desk; on the scanner's lane."""
        self.desk.post(self._deliver, job, prepared)

    def _deliver(self, job: ScanJob, prepared: Prepared) -> None:
        if job.ended or job.error is not None:
            return
        try:
            self.desk.deliver(job, prepared)
        except StationError as error:
            job.error = error
            self.cancel()
        else:
            job.done += 1
            self.notify(JobProgress(Job.SCAN, job.visit_id, job.done))

    def _scan_ended(self, job: ScanJob, bay: Bay, done: "Future[Outcome]") -> None:
        if job.ended:
            return
        error = None if done.cancelled() else done.exception()
        if error is not None and not isinstance(error, StationError):
            _log.error("the driver of %s failed in a scan", job.device.id, exc_info=error)
        outcome = Outcome.CANCELLED if done.cancelled() else Outcome.FAILED if error else done.result()
        self.board.occupy(bay, busy=False)
        trouble = job.error or (as_fault(error, job.device) if error else None)
        if isinstance(trouble, GONE) and job.error is None:
            self.board.fail(bay, trouble)
        self._end(job, Outcome.FAILED if trouble else outcome, trouble)

    def _end(self, job: ScanJob, outcome: Outcome, error: StationError | None) -> None:
        job.ended = True
        self.job = None
        if isinstance(error, DeviceError):
            error.context.setdefault("device", job.device.id)
            error.context.setdefault("kept", job.done)
        self.notify(JobEnded(Job.SCAN, job.visit_id, outcome, job.done, error))
        after, self._after = self._after, []
        for then in after:
            then()

    # -- live picture -----------------------------------------------------------------------------------------

    def start_preview(self, visit_id: str, size: tuple[int, int]) -> None:
        """Show the live picture of the chosen camera at most this large; a running one takes the new size.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        if self._preview is not None and self._preview[0].visit_id == visit_id:
            self._preview[0].size = size
            return
        self.stop_preview()
        bay = self.usable(DeviceKind.CAMERA)
        judge = self._judge_live(visit_id)
        preview = Preview(visit_id, cast(Camera, bay.device), self.mailbox, size, judge)
        self._preview = (preview, bay)
        self.board.occupy(bay, busy=True)
        future = bay.lane.submit(preview.run)
        future.add_done_callback(lambda done: self.desk.post(self._preview_ended, preview, bay, done))

    def stop_preview(self) -> None:
        """End the live picture, if one runs; nothing of it stays."""
        if self._preview is not None:
            preview, bay = self._preview
            self._preview = None
            preview.cancel.cancel()
            self.board.occupy(bay, busy=False)
        self.mailbox.clear()

    def _judge_live(self, visit_id: str) -> Callable[[Pixels], "Future[object]"]:
        def judge(pixels: Pixels) -> "Future[object]":
            def work() -> object:
                report = self.workshop.judge_portrait(pixels)
                self.notify(LiveJudged(visit_id, Candidate(pixels, report)))
                return report

            return self.workshop.submit(work)

        return judge

    def _preview_ended(self, preview: Preview, bay: Bay, done: "Future[None]") -> None:
        if self._preview is None or self._preview[0] is not preview:
            return
        self._preview = None
        self.mailbox.clear()
        self.board.occupy(bay, busy=False)
        error = None if done.cancelled() else done.exception()
        if error is not None:
            if not isinstance(error, StationError):
                _log.error("the driver of %s failed in the live picture", bay.view.info.id, exc_info=error)
            fault = as_fault(error, bay.view.info)
            fault.context.setdefault("device", bay.view.info.id)
            if isinstance(fault, GONE):
                self.board.fail(bay, fault)
            self.notify(Trouble(fault, preview.visit_id))

    # -- stills -----------------------------------------------------------------------------------------------

    def take_still(self, visit_id: str) -> None:
        """Take a still, judge it and post it for the officer's word.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        if self._preview is not None:
            preview, bay = self._preview
            future = preview.still()
        else:
            bay = self.usable(DeviceKind.CAMERA)
            probe = Preview(
                visit_id, cast(Camera, bay.device), self.mailbox, (LIVE_PX, LIVE_PX), lambda _: None
            )
            future = bay.lane.submit(probe.camera.still, probe.settings, probe.cancel)
        self.notify(JobStarted(Job.STILL, visit_id, bay.view.info.id))
        future.add_done_callback(lambda done: self.desk.post(self._judge_still, visit_id, bay, done))

    def _judge_still(self, visit_id: str, bay: Bay, done: "Future[Frame]") -> None:
        error = Cancelled() if done.cancelled() else done.exception()
        if error is not None:
            cancelled = isinstance(error, Cancelled)
            outcome = Outcome.CANCELLED if cancelled else Outcome.FAILED
            fault = None if cancelled else as_fault(error, bay.view.info)
            self.notify(JobEnded(Job.STILL, visit_id, outcome, 0, fault))
            return
        frame = done.result()
        judged = self.workshop.submit(self.workshop.judge_portrait, frame.pixels)
        judged.add_done_callback(
            lambda report: self.desk.post(self._still_judged, visit_id, bay, frame, report)
        )

    def _still_judged(self, visit_id: str, bay: Bay, frame: Frame, done: "Future[QualityReport]") -> None:
        if done.cancelled():
            self.notify(JobEnded(Job.STILL, visit_id, Outcome.CANCELLED))
            return
        if self._attempts_of != visit_id:
            self._attempts, self._attempts_of = 0, visit_id
        self._attempts += 1
        provenance = self.provenance(bay.view.info, CameraSettings())
        self._still = _Still(visit_id, frame, done.result(), provenance, self._attempts)
        shown = codec.fit(frame.pixels, SCREEN_PX, SCREEN_PX)
        candidate = Candidate(shown, done.result(), self._attempts, self.options.attempts_allowed)
        self.notify(PortraitJudged(visit_id, candidate))
        self.notify(JobEnded(Job.STILL, visit_id, Outcome.COMPLETED, 1))

    def accept_still(self, visit_id: str, override: OverrideNote | None) -> None:
        """Take the still that waits.

        Raises:
            AttachmentRefused: none waits, or it is below its limits and no reason was given.
        """
        still = self._still
        if still is None or still.visit_id != visit_id:
            raise AttachmentRefused(record="", reason="no_still")
        if still.report.verdict is Verdict.FAIL and override is None:
            raise AttachmentRefused(record="", reason="needs_reason")
        self._still = None
        kept = self.workshop.submit(self.workshop.keep_portrait, still.frame.pixels, still.report)
        kept.add_done_callback(lambda done: self.desk.post(self._kept, still, override, done))

    def _kept(self, still: _Still, override: OverrideNote | None, done: "Future[Prepared]") -> None:
        try:
            self.desk.take_portrait(done.result(), still.provenance, override)
        except StationError:
            self._still = still  # the officer can try again: nothing is lost
            raise
        self.notify(PortraitJudged(still.visit_id, None))

    def discard_still(self, visit_id: str) -> None:
        """Give up the still that waits."""
        self._still = None
        self.notify(PortraitJudged(visit_id, None))

    # -- watch and end ----------------------------------------------------------------------------------------

    def provenance(self, info: DeviceInfo, settings: ScanSettings | CameraSettings) -> Provenance:
        """Say where a picture comes from."""
        return Provenance(
            info.id, info.name, info.serial, info.driver, json.dumps(asdict(settings), sort_keys=True),
            self.options.software, self.options.officer, self.options.now(), info.simulated,
        )  # fmt: skip

    def watch(self) -> None:
        """Leave wedged drivers behind; called a few times a second."""
        now = time.monotonic()
        job = self.job
        if job is not None and not job.ended:
            unanswered = job.cancelled_at is not None and now - job.cancelled_at > CANCEL_GRACE_S
            silent = now - job.last_sign > self.options.patience_s
            if unanswered or silent:
                error = DeviceTimeout(device=job.device.id, seconds=round(now - job.last_sign), kept=job.done)
                job.cancel.cancel()
                self.board.abandon(self.board.bay(job.device.id), error)
                self._end(job, Outcome.FAILED if silent else Outcome.CANCELLED, error if silent else None)
        if self._preview is not None:
            preview, bay = self._preview
            if now - preview.last_sign > self.options.patience_s:
                self.stop_preview()
                error = DeviceTimeout(device=bay.view.info.id, seconds=round(self.options.patience_s))
                self.board.abandon(bay, error)
                self.notify(Trouble(error, preview.visit_id))

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        self.stop_preview()
        self._still = None
        self._attempts, self._attempts_of = 0, ""
