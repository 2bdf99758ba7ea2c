"""Scans: at most one for each scanner, each ended exactly once. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import cast

from station.calibration.sentinel import PageLook, look
from station.devices.device import Scanner
from station.devices.door import refuse
from station.errors import (
    CalibrationLocked,
    Cancelled,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    StationError,
    Unsupported,
)
from station.flow.board import GONE, Bay, Board
from station.flow.events import Event, Job, JobEnded, JobProgress, JobStarted, Notice, Outcome, PageComing
from station.flow.options import Options
from station.flow.scan_job import ScanJob, as_fault
from station.flow.standings import GLASS
from station.flow.views import DeviceState
from station.flow.workshop import THUMBNAIL_PX, Pages, Workshop
from station.imaging import codec
from station.model.capability import DeviceKind, ScannerCapabilities, ScanSettings, Source
from station.model.document import Separator
from station.model.image import Page
from station.model.scan_profile import ScanProfile

_log = logging.getLogger(__name__)

SLOW_S = 20.0
"""A first page that takes longer than this is told to the officer; an A4 page at 600 dpi takes 5 to 15 s."""

SLOWER_BY = 4.0
SLOWER_MIN_S = 5.0
"""A later one is told when it takes so many times as long as the slowest before, and at least so long."""

CANCEL_GRACE_S = 10.0
"""A driver that has not answered a cancel by then is left behind with its lane."""


@dataclass(slots=True, eq=False)
class Scanning:
    """The scans that run. `stopped` is the one that a scanner stopped last and that can go on.

    `noticed` is told, on the desk lane, what each page shows of its scanner, by the side it was seen from.
    """

    post: Callable[..., None]
    take: Callable[[ScanJob, Pages], None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    idle: Callable[[], None]
    noticed: Callable[[str, str, PageLook], None]
    jobs: dict[str, ScanJob] = field(default_factory=dict)
    stopped: ScanJob | None = None

    def scan(self, job: ScanJob) -> None:
        """Start a scan on its device.

        Raises:
            DeviceBusy, DeviceOffline, DeviceNotFound: the device cannot be used now.
        """
        bay = self.board.bay(job.device.id)
        refuse_unusable(bay)
        job.proof = bay.view.proof
        self.jobs[job.device.id] = job
        if self.stopped is not None and self.stopped.device.id == job.device.id:
            self.stopped = None
        self.board.occupy(bay, busy=True)
        self.notify(JobStarted(Job.SCAN, job.visit_id, job.device.id))
        future = bay.lane.submit(job.run, cast(Scanner, bay.device), self.workshop, self._page, self._arrived)
        future.add_done_callback(lambda done: self.post(self._scan_ended, job, bay, done))

    def scanner_for(self, profile: ScanProfile, source: Source | None) -> tuple[Bay, ScanSettings]:
        """Return the scanner for this kind of paper and what it is asked for.

        The chosen scanner comes first; another one serves when that is at work or cannot do what is asked.
        `source` None takes the first of the profile's sources that a scanner has.

        Raises:
            Unsupported: the profile or every scanner refuses (`setting`); DeviceNotFound, DeviceOffline,
            DeviceBusy: the chosen scanner, when no other can be used.
        """
        if source is not None and source not in profile.sources:
            offered = ", ".join(profile.sources)
            raise Unsupported(device=profile.name, setting="profile", value=source.value, offered=offered)
        chosen = self.board.chosen(DeviceKind.SCANNER)
        if chosen is None:
            raise DeviceNotFound(device=DeviceKind.SCANNER.value)
        others = [bay for bay in self.board.of_kind(DeviceKind.SCANNER) if bay is not chosen]
        refusals: list[StationError] = []
        # A drawn page in the place of a real one would be worse than a wait.
        real = [bay for bay in others if bay.view.info.simulated == chosen.view.info.simulated]
        for bay, wanted in product([chosen, *real], [source] if source else profile.sources):
            settings = profile.settings(wanted)
            try:
                refuse_unusable(bay)
                capabilities = bay.view.capabilities
                if isinstance(capabilities, ScannerCapabilities):
                    refuse(bay.view.info, capabilities, settings)
            except StationError as error:
                refusals.append(error)
            else:
                return bay, settings
        raise refusals[0]

    def cancel(self) -> None:
        """Cancel the scans that run, if any do."""
        for job in self.jobs.values():
            _cancel(job)

    def _arrived(self, job: ScanJob, page: Page) -> None:
        """Show a page before it is judged and stored; on the scanner's lane."""
        if not page.pixels.size:
            return  # no picture: the workshop refuses it
        small = codec.fit(page.pixels, THUMBNAIL_PX, THUMBNAIL_PX, fast=True)
        self.notify(PageComing(job.visit_id, job.device.id, job.item, small))
        if all(page.dpi):
            area = job.settings.area
            corner_mm = (area.left_mm, area.top_mm) if area is not None else (0.0, 0.0)
            seen = self.workshop.submit(look, page.pixels, page.dpi, fed=job.fed, corner_mm=corner_mm)
            seen.add_done_callback(partial(self.post, self._looked, job, page.back))

    def _looked(self, job: ScanJob, back: bool, done: "Future[PageLook]") -> None:
        """Pass on what a page shows of its scanner; the glass and each side of the feeder age on their own."""
        if not done.cancelled():
            side = GLASS if not job.fed else "back" if back else "front"
            self.noticed(job.device.id, side, done.result())

    def _page(self, job: ScanJob, pages: Pages) -> None:
        """Hand a page to the desk; on the scanner's lane."""
        self.post(self._deliver, job, pages)

    def _deliver(self, job: ScanJob, pages: Pages) -> None:
        if job.ended or job.error is not None:
            return
        try:
            self.take(job, pages)
        except StationError as error:
            job.error = error
            _cancel(job)
        else:
            job.done += not isinstance(pages, Separator)
            self.notify(JobProgress(Job.SCAN, job.visit_id, job.done, job.device.id))

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
        self.jobs.pop(job.device.id, None)
        if isinstance(error, Cancelled):
            outcome, error = Outcome.CANCELLED, None
        if isinstance(error, DeviceError):
            error.context.setdefault("device", job.device.id)
            error.context.setdefault("kept", job.done)
        can_go_on = isinstance(error, DeviceError) and job.fed and bool(job.visit_id)
        self.stopped = job if can_go_on else self.stopped
        self.notify(JobEnded(Job.SCAN, job.visit_id, outcome, job.done, error, job.device.id, can_go_on))
        if job.sheet and error is not None:
            self.notify(Notice("half_sheet"))
        if job.separators:
            self.notify(Notice("separators_used", {"sheets": job.separators}))
        self.idle()

    def watch(self) -> None:
        """Leave wedged drivers behind, and say when a page takes long; called a few times a second."""
        patience_s = self.options.patience_s
        now = time.monotonic()
        for job in list(self.jobs.values()):
            unanswered = job.cancelled_at is not None and now - job.cancelled_at > CANCEL_GRACE_S
            silent = now - job.last_sign > patience_s
            if unanswered or silent:
                error = DeviceTimeout(device=job.device.id, seconds=round(now - job.last_sign), kept=job.done)
                job.cancel.cancel()
                self.board.abandon(self.board.bay(job.device.id), error)
                trouble = job.error or (error if silent else None)
                self._end(job, Outcome.FAILED if trouble else Outcome.CANCELLED, trouble)
            elif now - job.last_sign > _too_long_s(job) and not job.slow_told:
                job.slow_told = True
                self.notify(Notice("scanner_slow", {"device": job.device.name}))


def refuse_unusable(bay: Bay) -> None:
    """Stop when a device cannot take pictures now.

    Raises:
        DeviceBusy, DeviceOffline; CalibrationLocked: its calibration does not stand; SelfTestFailed: the
        station itself does not measure as it was proved to.
    """
    refuse_absent(bay)
    refuse_locked(bay)


def refuse_absent(bay: Bay) -> None:
    """Stop when a device is not there or at work.

    Raises:
        DeviceBusy, DeviceOffline.
    """
    if bay.view.state is DeviceState.BUSY or bay.view.state is DeviceState.PREPARING:
        raise DeviceBusy(device=bay.view.info.id)
    if bay.device is None:
        raise DeviceOffline(device=bay.view.info.id)


def refuse_locked(bay: Bay) -> None:
    """Stop when a device may not take pictures: CalibrationLocked, SelfTestFailed."""
    if bay.refusal is not None:
        raise type(bay.refusal)(**bay.refusal.context)
    standing = bay.view.standing
    if bay.view.locked and standing is not None:
        reason = standing.reason.value if standing.reason else ""
        raise CalibrationLocked(device=bay.view.info.id, state=standing.state.value, reason=reason)


def _cancel(job: ScanJob) -> None:
    if job.cancelled_at is None:
        job.cancelled_at = time.monotonic()
        job.cancel.cancel()


def _too_long_s(job: ScanJob) -> float:
    return max(SLOWER_MIN_S, SLOWER_BY * job.usual_s) if job.done else SLOW_S
