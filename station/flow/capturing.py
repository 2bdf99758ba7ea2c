"""Scans, live picture and stills of the visit in hand. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, cast

from station.devices.cancel import CancelToken
from station.devices.device import Camera, Scanner
from station.errors import (
    Cancelled,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    StationError,
)
from station.flow.board import GONE, Bay, Board
from station.flow.events import (
    Event,
    Job,
    JobEnded,
    JobProgress,
    JobStarted,
    LiveJudged,
    Outcome,
    Trouble,
)
from station.flow.latest import Latest
from station.flow.live_reading import Arrival, LiveReading
from station.flow.options import Options
from station.flow.preview import LiveJudging, Preview
from station.flow.scan_job import Pages, ScanJob, as_fault
from station.flow.stills import Stills
from station.flow.views import Candidate, DeviceState
from station.flow.workshop import LIVE_PX, Prepared, Workshop
from station.imaging import codec
from station.model.capability import CameraSettings, DeviceKind
from station.model.image import Frame
from station.model.record import OverrideNote, Provenance

_log = logging.getLogger(__name__)

CANCEL_GRACE_S = 10.0
"""A driver that has not answered a cancel by then is left behind with its lane."""


class Desk(Protocol):
    """What capturing needs of the station. All calls are on the desk lane."""

    def post(self, work: Callable[..., object], *args: object) -> None:
        """Run on the desk lane, from any thread."""
        ...

    def deliver(self, job: Arrival, pages: Pages) -> None:
        """Take a page of a scan, or of a paper that was held before the camera."""
        ...

    def take_portrait(
        self, visit_id: str, prepared: Prepared, provenance: Provenance, override: OverrideNote | None
    ) -> None:
        """Take an accepted portrait of this visit."""
        ...


@dataclass(slots=True, eq=False)
class Capturing:
    """At most one scan and one live picture at a time, each ended exactly once."""

    desk: Desk
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    mailbox: Latest
    stills: Stills = field(init=False)
    job: ScanJob | None = None
    _preview: tuple[Preview, Bay] | None = None
    _reading: LiveReading | None = None
    _after: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set the stills up."""
        self.stills = Stills(
            self.desk.post, self.notify, self.options, self.board, self.workshop,
            self.desk.take_portrait, self._idle,
        )  # fmt: skip

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
        """Cancel what runs and do `then` after its end and that of a portrait on its way to the store."""
        self._after.append(then)
        self.cancel()
        self._idle()

    def _idle(self) -> None:
        if self.job is None and not self.stills.keeping:
            after, self._after = self._after, []
            for then in after:
                then()

    def _page(self, job: ScanJob, pages: Pages) -> None:
        """Hand a page to the desk; on the scanner's lane."""
        self.desk.post(self._deliver, job, pages)

    def _deliver(self, job: ScanJob, pages: Pages) -> None:
        if job.ended or job.error is not None:
            return
        try:
            self.desk.deliver(job, pages)
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
        trouble = job.error or (as_fault(error, job.device.id) if error else None)
        if isinstance(trouble, GONE) and job.error is None:
            self.board.fail(bay, trouble)
        self._end(job, Outcome.FAILED if trouble else outcome, trouble)

    def _end(self, job: ScanJob, outcome: Outcome, error: StationError | None) -> None:
        job.ended = True
        self.job = None
        if isinstance(error, Cancelled):
            outcome, error = Outcome.CANCELLED, None
        if isinstance(error, DeviceError):
            error.context.setdefault("device", job.device.id)
            error.context.setdefault("kept", job.done)
        self.notify(JobEnded(Job.SCAN, job.visit_id, outcome, job.done, error))
        self._idle()

    # -- live picture -----------------------------------------------------------------------------------------

    def start_preview(self, visit_id: str, size: tuple[int, int]) -> None:
        """Show the live picture of the chosen camera at most this large; a running one takes the new size.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        if not self._runs_already(visit_id, size, reading=False):
            self._show(visit_id, size, LiveJudging(partial(self._judge_live, visit_id)))

    def start_reading(self, reading: LiveReading, size: tuple[int, int]) -> None:
        """Show the live picture and read what is held before the camera; a running one takes the new size.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        if self._runs_already(reading.visit_id, size, reading=True):
            return
        preview, bay = self._show(reading.visit_id, size, reading.see)
        reading.begin(bay.view.info, preview.still)
        self._reading = reading

    def _runs_already(self, visit_id: str, size: tuple[int, int], *, reading: bool) -> bool:
        """Give a live picture that is what is asked for its new size; end any other."""
        running = self._preview[0] if self._preview is not None else None
        if running is not None and running.visit_id == visit_id and reading == (self._reading is not None):
            running.size = size
            return True
        self.stop_preview()
        return False

    def _show(
        self, visit_id: str, size: tuple[int, int], watch: Callable[[Frame], None]
    ) -> tuple[Preview, Bay]:
        bay = self.usable(DeviceKind.CAMERA)
        preview = Preview(visit_id, cast(Camera, bay.device), self.mailbox, size, watch)
        self._preview = (preview, bay)
        self.board.occupy(bay, busy=True)
        future = bay.lane.submit(preview.run)
        future.add_done_callback(lambda done: self.desk.post(self._preview_ended, preview, bay, done))
        return preview, bay

    def stop_preview(self) -> None:
        """End the live picture, if one runs; nothing of it stays."""
        if self._preview is not None:
            preview, bay = self._preview
            self._preview = None
            preview.cancel.cancel()
            self.board.occupy(bay, busy=False)
        self._end_reading()
        self.mailbox.clear()

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.end()
            self._reading = None

    def _judge_live(self, visit_id: str, frame: Frame) -> "Future[None]":
        pixels = codec.fit(frame.pixels, LIVE_PX, LIVE_PX, fast=True)

        def work() -> None:
            self.notify(LiveJudged(visit_id, Candidate(pixels, self.workshop.judge_portrait(pixels))))

        return self.workshop.submit(work)

    def _preview_ended(self, preview: Preview, bay: Bay, done: "Future[None]") -> None:
        if self._preview is None:
            self.mailbox.clear()  # a frame that was on its way when the picture was stopped
        if self._preview is None or self._preview[0] is not preview:
            return
        self._preview = None
        self._end_reading()
        self.mailbox.clear()
        self.board.occupy(bay, busy=False)
        error = None if done.cancelled() else done.exception()
        if error is not None:
            if not isinstance(error, StationError):
                _log.error("the driver of %s failed in the live picture", bay.view.info.id, exc_info=error)
            fault = as_fault(error, bay.view.info.id)
            fault.context.setdefault("device", bay.view.info.id)
            if isinstance(fault, GONE):
                self.board.fail(bay, fault)
            self.notify(Trouble(fault, preview.visit_id))

    # -- stills -----------------------------------------------------------------------------------------------

    def take_still(self, visit_id: str) -> None:
        """Take a still, judge it and post it for the officer's word.

        Raises:
            DeviceNotFound, DeviceOffline; DeviceBusy: also while one is being taken.
        """
        if self._preview is not None:
            preview, bay = self._preview
            self.stills.begin(visit_id, bay, preview.cancel, preview.still)
            return
        bay = self.usable(DeviceKind.CAMERA)
        camera, cancel = cast(Camera, bay.device), CancelToken()
        self.stills.begin(
            visit_id, bay, cancel, lambda: bay.lane.submit(camera.still, CameraSettings(), cancel)
        )

    # -- watch and end ----------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Leave wedged drivers behind; called a few times a second."""
        patience_s = self.options.patience_s
        now = time.monotonic()
        job = self.job
        if job is not None:
            unanswered = job.cancelled_at is not None and now - job.cancelled_at > CANCEL_GRACE_S
            silent = now - job.last_sign > patience_s
            if unanswered or silent:
                error = DeviceTimeout(device=job.device.id, seconds=round(now - job.last_sign), kept=job.done)
                job.cancel.cancel()
                self.board.abandon(self.board.bay(job.device.id), error)
                trouble = job.error or (error if silent else None)
                self._end(job, Outcome.FAILED if trouble else Outcome.CANCELLED, trouble)
        taking = self.stills.taking
        if taking is not None and taking.since is not None and now - taking.since > patience_s:
            self._leave_camera(taking.bay)
        if self._preview is not None and now - self._preview[0].last_sign > patience_s:
            self._leave_camera(self._preview[1])
        self.board.watch(patience_s)

    def _leave_camera(self, bay: Bay) -> None:
        """Leave a camera that hangs behind, and end what it was asked for."""
        error = DeviceTimeout(device=bay.view.info.id, seconds=round(self.options.patience_s))
        visit_id = self._preview[0].visit_id if self._preview is not None else ""
        self.stop_preview()
        self.board.abandon(bay, error)
        if self.stills.taking is not None:
            self.stills.taking.cancel.cancel()
            self.stills.end(error)
        else:
            self.notify(Trouble(error, visit_id))

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        self.stop_preview()
        self.stills.forget()
