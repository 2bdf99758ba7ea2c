"""The live picture: frames from the camera's lane into the mailbox, stills between two frames."""

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from station.devices.cancel import CancelToken
from station.devices.device import Camera
from station.devices.frozen import Stillness
from station.errors import CameraFrozen, Cancelled, PictureError
from station.flow.latest import Latest, LiveFrame
from station.imaging import codec
from station.model.capability import CameraSettings
from station.model.image import Frame


@dataclass(slots=True, eq=False)
class LiveJudging:
    """Has the newest frame judged, never two at a time; on the camera's lane."""

    judge: Callable[[Frame], Future[None]]
    _judging: Future[None] | None = None

    def __call__(self, frame: Frame) -> None:
        """Take note of a frame."""
        if self._judging is None or self._judging.done():
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
    _run: int = field(init=False)
    _stills: "queue.SimpleQueue[tuple[int, Future[tuple[Frame, ...]]]]" = field(
        default_factory=queue.SimpleQueue
    )

    def __post_init__(self) -> None:
        """Begin a run of the mailbox: what others have on their way to it is nobody's."""
        self._run = self.mailbox.begin()

    def still(self, burst: int = 1) -> Future[tuple[Frame, ...]]:
        """Ask for so many stills in a row; the loop takes them between two frames."""
        future: Future[tuple[Frame, ...]] = Future()
        self._stills.put((burst, future))
        if self.cancel.cancelled:
            self._refuse_stills()
        return future

    def run(self) -> None:
        """Pump frames until cancelled.

        Raises:
            StationError: what ended the stream; CameraFrozen: the same frame came again and again.
        """
        stillness = Stillness()
        try:
            with closing(self.camera.frames(self.settings, self.cancel)) as frames:
                for frame in frames:
                    self.last_sign = time.monotonic()
                    if stillness.frozen(frame.pixels, frame.taken_at):
                        raise CameraFrozen(device=self.camera.info.id)
                    upright = turned(frame, self.settings.rotation)
                    view = codec.fit(upright.pixels, *self.size, fast=True)
                    self.mailbox.put(LiveFrame(self.visit_id, frame.number, frame.taken_at, view), self._run)
                    self.watch(upright)
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
            burst, future = self._stills.get()
            try:
                future.set_result(take(self.camera, self.settings, self.cancel, burst))
            except PictureError as error:
                future.set_exception(error)  # the camera is well, and so is its live picture
            except BaseException as error:
                future.set_exception(error)
                raise

    def _refuse_stills(self) -> None:
        while not self._stills.empty():
            self._stills.get()[1].set_exception(Cancelled())


def take(camera: Camera, settings: CameraSettings, cancel: CancelToken, burst: int) -> tuple[Frame, ...]:
    """Take so many stills in a row; on the camera's lane."""
    return tuple(turned(camera.still(settings, cancel), settings.rotation) for _ in range(burst))


def turned(frame: Frame, degrees: int) -> Frame:
    """Return a frame turned clockwise by a multiple of 90 degrees, for a camera that is mounted so."""
    if not degrees:
        return frame
    pixels = np.ascontiguousarray(np.rot90(frame.pixels, -degrees // 90))
    return Frame(pixels, frame.number, frame.taken_at)  # the camera's own bytes lie otherwise
