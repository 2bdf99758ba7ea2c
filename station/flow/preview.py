"""The live picture: frames from the camera's lane into the mailbox, stills between two frames."""

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field

from station.devices.cancel import CancelToken
from station.devices.device import Camera
from station.errors import Cancelled
from station.flow.latest import Latest, LiveFrame
from station.imaging import codec
from station.model.capability import CameraSettings
from station.model.image import Frame

JUDGE_PAUSE_S = 0.4
"""Between two live judgements: often enough to follow a person who moves, seldom enough to read."""


@dataclass(slots=True, eq=False)
class LiveJudging:
    """Has a frame judged now and then, never two at a time; on the camera's lane."""

    judge: Callable[[Frame], Future[None]]
    _judging: Future[None] | None = None
    _judged_at: float = 0.0

    def __call__(self, frame: Frame) -> None:
        """Take note of a frame."""
        idle = self._judging is None or self._judging.done()
        if idle and frame.taken_at - self._judged_at >= JUDGE_PAUSE_S:
            self._judged_at = frame.taken_at
            self._judging = self.judge(frame)


@dataclass(slots=True, eq=False)
class Preview:
    """One run of the live picture for one visit. `run` is on the camera's lane, the rest from any thread.

    `watch` is shown every frame on the camera's lane, and does no work there.
    """

    visit_id: str
    camera: Camera
    mailbox: Latest
    size: tuple[int, int]
    watch: Callable[[Frame], None]
    settings: CameraSettings = field(default_factory=CameraSettings)
    cancel: CancelToken = field(default_factory=CancelToken)
    last_sign: float = field(default_factory=time.monotonic)
    _stills: "queue.SimpleQueue[Future[Frame]]" = field(default_factory=queue.SimpleQueue)

    def still(self) -> Future[Frame]:
        """Ask for a still; the loop takes it between two frames."""
        future: Future[Frame] = Future()
        self._stills.put(future)
        if self.cancel.cancelled:
            self._refuse_stills()
        return future

    def run(self) -> None:
        """Pump frames until cancelled.

        Raises:
            StationError: what ended the stream.
        """
        try:
            with closing(self.camera.frames(self.settings, self.cancel)) as frames:
                for frame in frames:
                    self.last_sign = time.monotonic()
                    view = codec.fit(frame.pixels, *self.size, fast=True)
                    self.mailbox.put(LiveFrame(self.visit_id, frame.number, frame.taken_at, view))
                    self.watch(frame)
                    self._take_stills()
                    if self.cancel.cancelled:
                        return
        except Cancelled:
            return
        finally:
            self.cancel.cancel()
            self._refuse_stills()

    def _take_stills(self) -> None:
        while not self._stills.empty():
            future = self._stills.get()
            try:
                future.set_result(self.camera.still(self.settings, self.cancel))
            except BaseException as error:
                future.set_exception(error)
                raise

    def _refuse_stills(self) -> None:
        while not self._stills.empty():
            self._stills.get().set_exception(Cancelled())
