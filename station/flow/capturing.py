"""Scans, live picture and stills of the visit in hand. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from station.devices.cancel import CancelToken
from station.devices.device import Camera
from station.errors import (
    DeviceNotFound,
    DeviceTimeout,
    StationError,
)
from station.flow.arriving import Arriving
from station.flow.board import GONE, Bay, Board
from station.flow.events import (
    Event,
    LiveJudged,
    Trouble,
)
from station.flow.latest import Latest
from station.flow.live_reading import LiveReading
from station.flow.options import Options
from station.flow.preview import LiveJudging, Preview
from station.flow.scan_job import as_fault
from station.flow.scanning import Scanning, refuse_unusable
from station.flow.stills import Stills
from station.flow.views import Candidate
from station.flow.workshop import LIVE_PX, Workshop
from station.imaging import codec
from station.model.capability import (
    CameraSettings,
    DeviceKind,
)
from station.model.image import Frame

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Capturing:
    """Scans, stills and at most one live picture at a time, each ended exactly once."""

    arriving: Arriving
    post: Callable[..., None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    mailbox: Latest
    stills: Stills = field(init=False)
    scanning: Scanning = field(init=False)
    _preview: tuple[Preview, Bay] | None = None
    _reading: LiveReading | None = None
    _after: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set scans and stills up."""
        self.scanning = Scanning(
            self.post, self.arriving.deliver, self.notify, self.options, self.board, self.workshop, self._idle
        )
        self.stills = Stills(
            self.post, self.notify, self.options, self.board, self.workshop,
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
        future.add_done_callback(lambda done: self.post(self._preview_ended, preview, bay, done))
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
