"""One scan at a time for the calibration, from the scanner to the workshop. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.errors import Cancelled, DeviceBusy, DeviceTimeout, PictureError, StationError
from station.flow.board import GONE, Bay, Board
from station.flow.calibration_views import CalibrationAt, Stage
from station.flow.calibration_work import scan_target
from station.flow.events import Event, Job, JobStarted
from station.flow.options import Options
from station.flow.scan_job import as_fault
from station.flow.workshop import Workshop
from station.model.capability import ScanSettings
from station.model.image import Page

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What is told while the scanner scans and while the workshop works."""

    scanning: Stage
    working: Stage


@dataclass(slots=True, eq=False)
class _Run:
    """The scan that runs. `since` is None while no device is at work; `work` gives what is then to be done."""

    bay: Bay
    steps: Steps
    work: Callable[[Page], Callable[[], None]]
    cancel: CancelToken = field(default_factory=CancelToken)
    since: float | None = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False)
class CalibrationScan:
    """The one scan that runs, if one does. `ended` hears of each that came to nothing, and why."""

    options: Options
    post: Callable[..., None]
    notify: Callable[[Event], None]
    board: Board
    workshop: Workshop
    ended: Callable[[Bay, StationError], None]
    _run: _Run | None = None

    @property
    def busy(self) -> bool:
        """A scanner is at work for the calibration, or its page is."""
        return self._run is not None

    def refuse_second(self) -> None:
        """Stop while a scan runs.

        Raises:
            DeviceBusy: that scan's device.
        """
        if self._run is not None:
            raise DeviceBusy(device=self._run.bay.view.info.id)

    def begin(
        self,
        bay: Bay,
        settings: ScanSettings,
        lay: Callable[[], None],
        work: Callable[[Page], _T],
        then: Callable[[_T], None],
        steps: Steps,
    ) -> None:
        """Scan one page, work on it in the workshop, then go on with the outcome on the desk.

        `lay` lays down what is to be scanned, on the scanner's lane. `then` says that it has ended.
        """
        run = self._run = _Run(bay, steps, lambda page: partial(then, work(page)))
        device = bay.view.info.id
        self.board.occupy(bay, busy=True)
        self.notify(JobStarted(Job.CALIBRATION, "", device))
        self.notify(CalibrationAt(device, steps.scanning))
        future = bay.lane.submit(scan_target, cast(Scanner, bay.device), settings, run.cancel, lay)
        future.add_done_callback(partial(self.post, self._scanned, run))

    def cancel(self) -> None:
        """Cancel the scan that runs, if one does."""
        if self._run is not None:
            self._run.cancel.cancel()

    def watch(self) -> None:
        """Leave a wedged scanner behind; called a few times a second."""
        run, patience_s = self._run, self.options.patience_s
        if run is not None and run.since is not None and time.monotonic() - run.since > patience_s:
            run.cancel.cancel()
            error = DeviceTimeout(device=run.bay.view.info.id, seconds=round(patience_s))
            self.board.abandon(run.bay, error)
            self._run = None
            self.ended(run.bay, error)

    def _scanned(self, run: _Run, done: "Future[Page]") -> None:
        if self._run is not run:
            return
        run.since = None
        self.board.occupy(run.bay, busy=False)
        device = run.bay.view.info.id
        error = Cancelled() if done.cancelled() or run.cancel.cancelled else done.exception()
        if error is None:
            self.notify(CalibrationAt(device, run.steps.working))
            work = self.workshop.submit(run.work, done.result())
            work.add_done_callback(partial(self.post, self._worked, run))
            return
        if not isinstance(error, StationError):
            _log.error("the driver of %s failed in a calibration", device, exc_info=error)
        fault = as_fault(error, device)
        if isinstance(fault, GONE):
            self.board.fail(run.bay, fault)
        self._run = None
        self.ended(run.bay, fault)

    def _worked(self, run: _Run, done: "Future[Callable[[], None]]") -> None:
        if self._run is not run:
            return
        self._run = None
        error = Cancelled() if done.cancelled() or run.cancel.cancelled else done.exception()
        if error is None:
            done.result()()
        elif isinstance(error, StationError):
            self.ended(run.bay, error)
        else:
            self.ended(run.bay, PictureError(reason="fault"))
            raise error


def leave_it() -> None:
    """Let lie what somebody laid down."""
