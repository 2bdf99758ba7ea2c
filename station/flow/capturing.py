"""Scans, live picture and stills of the visit in hand. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from station.calibration.sentinel import PageLook
from station.devices.cancel import CancelToken
from station.devices.device import Camera
from station.errors import (
    DeviceNotFound,
    DeviceTimeout,
    StationError,
)
from station.flow.advice import Advising
from station.flow.arriving import Arriving
from station.flow.auto_capture import AutoCapture
from station.flow.board import GONE, Bay, Board
from station.flow.events import (
    Event,
    LiveJudged,
    Trouble,
)
from station.flow.latest import Latest
from station.flow.live_reading import LiveReading
from station.flow.options import Options
from station.flow.portraits import Look, Portraits
from station.flow.preview import LiveJudging, Preview, take
from station.flow.scan_job import as_fault
from station.flow.scanning import Scanning, refuse_locked, refuse_unusable
from station.flow.stills import Stills
from station.flow.views import Candidate
from station.flow.workshop import Workshop
from station.model.capability import CameraCapabilities, DeviceKind
from station.model.image import Frame
from station.model.quality import Finding

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Guiding:
    """What one run of the live picture of one visit advises, and whether the portrait takes itself."""

    visit_id: str
    advising: Advising = field(default_factory=Advising)
    rule: AutoCapture = field(default_factory=AutoCapture)
    advice: Finding | None = None
    _wanted: bool = False

    def hear(self, look: Look, now: float, *, wanted: bool) -> bool:
        """Take note of what a frame is worth; tell whether the portrait is to be taken now."""
        if wanted != self._wanted or (wanted and not self.rule.armed):
            self._wanted = wanted
            self.rule.arm(wanted)  # anew also after a shot that the camera did not give
        self.advice = self.advising.hear(look.report, now)
        return bool(self.rule.hear(look.report, now))


@dataclass(slots=True, eq=False)
class Capturing:
    """Scans, stills and at most one live picture at a time, each ended exactly once."""

    arriving: Arriving
    post: Callable[..., None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    portraits: Portraits
    mailbox: Latest
    noticed: Callable[[str, str, PageLook], None]
    stills: Stills = field(init=False)
    scanning: Scanning = field(init=False)
    _preview: tuple[Preview, Bay] | None = None
    _reading: LiveReading | None = None
    _guiding: _Guiding | None = None
    _takes_itself: bool = False
    _after: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set scans and stills up."""
        self.scanning = Scanning(
            self.post, self.arriving.deliver, self.notify, self.options, self.board, self.workshop, self._idle,
            self.noticed,
        )  # fmt: skip
        self.stills = Stills(
            self.post, self.notify, self.options, self.board, self.workshop, self.portraits,
            self.arriving.take_portrait, self._idle,
        )  # fmt: skip

    # -- use --------------------------------------------------------------------------------------------------

    def usable(self, kind: DeviceKind) -> Bay:
        """Return the chosen device when it can be used now.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        bay = self.board.chosen(kind)
        if bay is None:
            raise DeviceNotFound(device=kind.value)
        refuse_unusable(bay)
        return bay

    def when_idle(self, then: Callable[[], None]) -> None:
        """Cancel what runs and do `then` after its end and that of a portrait on its way to the store."""
        self._after.append(then)
        self.scanning.cancel()
        self._idle()

    def _idle(self) -> None:
        if not self.scanning.jobs and not self.stills.keeping:
            after, self._after = self._after, []
            for then in after:
                then()

    # -- live picture -----------------------------------------------------------------------------------------

    def start_preview(self, visit_id: str, size: tuple[int, int]) -> None:
        """Show the live picture of the chosen camera at most this large; a running one takes the new size.

        A still camera that has none shows nothing until a still is taken.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        chosen = self.board.chosen(DeviceKind.CAMERA)
        can = chosen.view.capabilities if chosen is not None else None
        if isinstance(can, CameraCapabilities) and not can.live:
            return
        if not self._runs_already(visit_id, size, reading=False):
            guiding = _Guiding(visit_id)
            self._show(visit_id, size, LiveJudging(partial(self._judge_live, guiding)))
            self._guiding = guiding

    def guides(self, visit_id: str) -> bool:
        """Tell whether the live picture of this visit's person is running."""
        return self._guiding is not None and self._guiding.visit_id == visit_id

    def start_reading(self, reading: LiveReading, size: tuple[int, int]) -> None:
        """Show the live picture and read what is held before the camera; a running one takes the new size.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        if self._runs_already(reading.visit_id, size, reading=True):
            return
        preview, bay = self._show(reading.visit_id, size, reading.see)
        reading.begin(bay.view.info, bay.view.proof, preview.still)
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
        camera = cast(Camera, bay.device)
        preview = Preview(visit_id, camera, self.mailbox, size, watch, self.options.camera)
        self._preview = (preview, bay)
        self.board.occupy(bay, busy=True)
        future = bay.lane.submit(preview.run)
        future.add_done_callback(lambda done: self.post(self._preview_ended, preview, bay, done))
        return preview, bay

    def stop_preview(self) -> None:
        """End the live picture, if one runs; nothing of it stays."""
        if self._preview is not None:
            preview, bay = self._preview
            self._preview = None
            preview.cancel.cancel()
            self.board.occupy(bay, busy=False)
        self._guiding = None
        self._end_reading()
        self.mailbox.clear()

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.end()
            self._reading = None

    def auto_capture(self, *, on: bool) -> None:
        """Let the portrait take itself when all is well, or not."""
        self._takes_itself = on

    def _judge_live(self, guiding: _Guiding, frame: Frame) -> "Future[None]":
        def work() -> None:
            self.post(self._looked, guiding, self.portraits.look(frame.pixels), frame)

        return self.workshop.submit(work)

    def _looked(self, guiding: _Guiding, look: Look, frame: Frame) -> None:
        """Show what a live frame is worth, and take the portrait when all has been well for long enough."""
        if self._guiding is not guiding:
            return
        fires = guiding.hear(look, frame.taken_at, wanted=self._takes_itself and not self.stills.waiting)
        candidate = Candidate(frame.pixels, look.report, head=look.head, spots=look.spots)
        self.notify(LiveJudged(guiding.visit_id, candidate, guiding.advice, guiding.rule.held))
        if fires:
            self.take_still(guiding.visit_id)

    def _preview_ended(self, preview: Preview, bay: Bay, done: "Future[None]") -> None:
        if self._preview is None or self._preview[0] is not preview:
            return
        self._preview = self._guiding = None
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
            DeviceNotFound, DeviceOffline, CalibrationLocked, SelfTestFailed; DeviceBusy: also while one is
            being taken.
        """
        if self._preview is not None:
            preview, bay = self._preview
            refuse_locked(bay)
            self.stills.begin(visit_id, bay, preview.cancel, partial(preview.still, self.options.burst))
            return
        bay = self.usable(DeviceKind.CAMERA)
        camera, cancel = cast(Camera, bay.device), CancelToken()
        self.stills.begin(
            visit_id, bay, cancel, lambda: bay.lane.submit(take, camera, self.options.camera, cancel, 1)
        )

    # -- watch and end ----------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Leave wedged drivers behind; called a few times a second."""
        patience_s = self.options.patience_s
        now = time.monotonic()
        self.scanning.watch()
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
        self.scanning.stopped = None
        self.stop_preview()
        self.stills.forget()
