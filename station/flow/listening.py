"""Readers of documents and codes: each is listened to on its own lane for as long as it is there."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from station.devices.cancel import CancelToken
from station.devices.device import Reader
from station.devices.framing import INCOMPLETE, QUIET_S, FrameParser
from station.errors import DeviceLost, StationError
from station.flow.board import Bay, Board
from station.flow.scan_job import as_fault
from station.model.capability import DeviceKind
from station.model.swipe import Framing, Swipe

_log = logging.getLogger(__name__)

TWICE_S = 2.0
"""The same passport or code within this time was swiped once."""


@dataclass(slots=True, eq=False)
class _Ear:
    """One run of listening to one opened reader."""

    reader: Reader
    cancel: CancelToken = field(default_factory=CancelToken)


@dataclass(slots=True, eq=False)
class Listening:
    """Brings what readers send to the desk, whichever way it came. Every method runs on the desk lane."""

    post: Callable[..., None]
    board: Board
    take: Callable[[Swipe], None]
    _typed: FrameParser = field(default_factory=lambda: FrameParser(Framing()))
    _ears: dict[str, _Ear] = field(default_factory=dict)
    _last: int = 0
    _last_at: float = 0.0

    def attend(self) -> None:
        """Listen to every reader that is open, and to none that is not any more."""
        bays = {bay.view.info.id: bay for bay in self.board.of_kind(DeviceKind.READER)}
        for device_id, ear in list(self._ears.items()):
            if bays[device_id].device is not ear.reader:
                ear.cancel.cancel()
                del self._ears[device_id]
        for device_id, bay in bays.items():
            if bay.device is not None and device_id not in self._ears:
                ear = self._ears[device_id] = _Ear(cast(Reader, bay.device))
                future = bay.lane.submit(self._listen, ear)
                future.add_done_callback(partial(self.post, self._ended, bay, ear))

    def take_keys(self, text: str, *, whole: bool) -> None:
        """Take what a reader typed up to a pause, without its marks; a row alone waits for its partner."""
        now = time.monotonic()
        if not whole:
            return self._hear(INCOMPLETE, now)
        quiet = now + 2 * QUIET_S  # more than once: now + 0.2 - now may be less than 0.2
        for swipe in [*self._typed.feed(text.encode(), now), *self._typed.feed(b"", quiet)]:
            self._hear(swipe, now)
        return None

    def watch(self) -> None:
        """Give up on rows whose partner was not typed; called a few times a second."""
        now = time.monotonic()
        for swipe in self._typed.feed(b"", now):
            self._hear(swipe, now)

    def _hear(self, swipe: Swipe, now: float) -> None:
        """Hand a frame to the desk, unless it is the last one over again."""
        same = hash(swipe)  # a number: what was read is not kept
        again = same == self._last and now - self._last_at < TWICE_S
        self._last, self._last_at = same, now
        if not again:
            self.take(swipe)

    def stop(self) -> None:
        """Listen to nobody any more."""
        for ear in self._ears.values():
            ear.cancel.cancel()
        self._ears.clear()

    def _listen(self, ear: _Ear) -> None:
        """Pump frames to the desk until cancelled; on the reader's lane."""
        with closing(ear.reader.read(ear.cancel)) as swipes:
            for swipe in swipes:
                self.post(self._heard, ear, swipe, time.monotonic())

    def _heard(self, ear: _Ear, swipe: Swipe, now: float) -> None:
        if not ear.cancel.cancelled:
            self._hear(swipe, now)

    def _ended(self, bay: Bay, ear: _Ear, done: "Future[None]") -> None:
        if ear.cancel.cancelled or self._ears.get(bay.view.info.id) is not ear:
            return
        device_id = bay.view.info.id
        del self._ears[device_id]
        error = None if done.cancelled() else done.exception()
        if error is not None and not isinstance(error, StationError):
            _log.error("the driver of %s failed while it was listened to", device_id, exc_info=error)
        self.board.fail(bay, as_fault(error, device_id) if error else DeviceLost(device=device_id))
