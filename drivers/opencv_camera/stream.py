"""Pictures of one source, over as many connections as it takes; damaged ones are skipped and counted."""

import logging
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

from drivers.opencv_camera.coded import decoded, rgb
from drivers.opencv_camera.locks import SETTLE_S, Held, holdable
from drivers.opencv_camera.source import CameraSource, Reach
from station.devices.cancel import CancelToken
from station.errors import DeviceError, DeviceLost, DeviceOffline, DeviceTimeout, DriverFault
from station.imaging.cv import cv
from station.model.capability import CameraCapabilities, CameraSettings, FrameSize
from station.model.image import Pixels

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
"""Pauses between attempts to reach a camera again: each twice the last."""

DAMAGED_S = 2.0
"""A camera of which nothing but damaged pictures came for so long is broken, or its line is."""

WAITED_S = 0.005
"""A picture that took longer was waited for; one that came faster had lain in a buffer."""

MOST_STALE = 250
"""How many pictures a buffer may hold (10 s at 25 a second): no stream is skipped for ever."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds: to open, for a picture, for a lost camera to come back."""

    open_timeout_s: float = 10.0
    read_timeout_s: float = 5.0
    return_timeout_s: float = 20.0


class Stream:
    """One run of pictures. `damaged` counts those that were skipped."""

    def __init__(self, source: CameraSource, limits: Limits, settings: CameraSettings) -> None:
        """Connect at the first picture."""
        self._source = source
        self._limits = limits
        self._settings = settings
        self._patience_s = min(limits.open_timeout_s, limits.read_timeout_s)
        self._capture: Any = None
        self._raw = False
        self._seen = 0
        self._held: Held | None = None
        self._hold_at = 0.0
        self._damaged_at: float | None = None
        self.damaged = 0
        self.pace_s = 0.0

    def look(self) -> CameraCapabilities:
        """Connect once, without patience, and say what comes and what can be held.

        Raises:
            DeviceOffline, DeviceTimeout, DriverFault: nothing but damaged pictures came.
        """
        began = time.monotonic()
        pixels = self._attempt()
        while pixels is None and self._capture is not None:
            pixels = self._attempt()  # the one before was damaged
        if pixels is None:
            raise self._failure(began, DeviceOffline)
        fps = float(self._capture.get(cv().CAP_PROP_FPS))
        size = FrameSize(pixels.shape[1], pixels.shape[0], fps if fps > 0 else self._settings.fps)
        on_this_machine = self._source.reach is Reach.DEVICE
        return CameraCapabilities(sizes=(size,), locks=holdable(self._capture) if on_this_machine else ())

    def next(self, cancel: CancelToken) -> Pixels | None:
        """Wait for the next whole picture; None when cancelled."""
        lost_at: float | None = None
        pause_s = FIRST_PAUSE_S
        while not cancel.cancelled:
            began = time.monotonic()
            pixels = self._attempt()
            if pixels is not None:
                self._hold()
                return pixels
            if self._capture is not None or self._restarts():
                continue  # a damaged picture was skipped, or a file starts again
            lost_at = began if lost_at is None else lost_at
            if time.monotonic() - lost_at >= self._limits.return_timeout_s:
                raise self._failure(began, DeviceLost)
            cancel.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return None

    def skip_stale(self) -> None:
        """Take pictures out of the buffer until one had to be waited for; files have no buffer."""
        if self._source.reach is Reach.FILE or self._capture is None:
            return
        for _ in range(MOST_STALE):
            began = time.monotonic()
            if not self._capture.grab() or time.monotonic() - began > WAITED_S:
                return

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self._disconnect()
        if self.damaged:
            log.info("%s: %d damaged pictures were skipped", self._source.info.id, self.damaged)
            self.damaged = 0

    def _attempt(self) -> Pixels | None:
        """Read one picture, after connecting if need be; None when it is damaged or the connection is gone.

        Raises:
            DriverFault: nothing but damaged pictures came for `DAMAGED_S`.
        """
        if self._capture is None:
            self._connect()
        there, picture = self._capture.read()
        if not there:
            # A capture that failed once never works again, even when the camera is back.
            self._disconnect()
            return None
        pixels = decoded(picture) if self._raw else rgb(picture)
        if pixels is None:
            self._note_damage()
        else:
            self._seen += 1
            self._damaged_at = None
        return pixels

    def _note_damage(self) -> None:
        now = time.monotonic()
        self.damaged += 1
        self._damaged_at = now if self._damaged_at is None else self._damaged_at
        if now - self._damaged_at >= DAMAGED_S:
            raise DriverFault(device=self._source.info.id, detail="damaged pictures")

    def _hold(self) -> None:
        """Hold what the settings ask for, once the automatics of this connection had time to settle."""
        if self._held is not None and self._settings.locks and time.monotonic() >= self._hold_at:
            self._hold_at = float("inf")
            held = self._held.hold(self._settings.locks)
            log.debug("%s: holds %s", self._source.info.id, ", ".join(held) or "nothing")

    def _restarts(self) -> bool:
        """Tell whether a file has come to its end, so that it starts again."""
        ended = self._source.reach is Reach.FILE and self._seen > 0
        self._seen = 0
        return ended

    def _connect(self) -> None:
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # it would write addresses to standard error
        self._capture = _OPENERS[self._source.reach](self._source.target, self._limits, self._settings)
        if self._source.reach is Reach.FILE:
            fps = float(self._capture.get(cv().CAP_PROP_FPS))
            self.pace_s = 1 / min(fps if fps > 0 else self._settings.fps, self._settings.fps)
        if self._source.reach is Reach.DEVICE:
            self._held = Held(self._capture)
            self._hold_at = time.monotonic() + SETTLE_S
        if self._source.reach is Reach.NETWORK:
            # FFmpeg fills what is missing of a damaged JPEG with the picture before it, which may show another
            # person: we take the coded pictures and decode whole ones only.
            motion_jpeg = cv().VideoWriter.fourcc(*"MJPG") == int(self._capture.get(cv().CAP_PROP_FOURCC))
            self._raw = motion_jpeg and self._capture.set(cv().CAP_PROP_FORMAT, -1)

    def _disconnect(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None
        if self._capture is not None:
            self._capture.release()
            self._capture = None
            self._damaged_at = None

    def _failure(self, began: float, otherwise: type[DeviceError]) -> DeviceError:
        """Tell a camera that hangs from one that is gone, by how long the last attempt took."""
        if self._is_late(began):
            return DeviceTimeout(device=self._source.info.id, seconds=self._patience_s)
        return otherwise(device=self._source.info.id)

    def _is_late(self, began: float) -> bool:
        return time.monotonic() - began >= self._patience_s


def _open_network(target: str, limits: Limits, _: CameraSettings) -> Any:
    limits_ms = [
        cv().CAP_PROP_OPEN_TIMEOUT_MSEC,
        round(limits.open_timeout_s * 1000),
        cv().CAP_PROP_READ_TIMEOUT_MSEC,
        round(limits.read_timeout_s * 1000),
    ]
    return cv().VideoCapture(target, cv().CAP_FFMPEG, limits_ms)


def _open_device(target: int, _: Limits, settings: CameraSettings) -> Any:
    # Without a name OpenCV tries all its ways and complains on standard error.
    capture = cv().VideoCapture(target, cv().CAP_V4L2 if sys.platform == "linux" else cv().CAP_ANY)
    # Uncompressed, USB cameras give 5 frames a second at full size.
    capture.set(cv().CAP_PROP_FOURCC, cv().VideoWriter.fourcc(*"MJPG"))
    capture.set(cv().CAP_PROP_FRAME_WIDTH, settings.width_px)
    capture.set(cv().CAP_PROP_FRAME_HEIGHT, settings.height_px)
    capture.set(cv().CAP_PROP_FPS, settings.fps)
    capture.set(cv().CAP_PROP_BUFFERSIZE, 1)
    return capture


def _open_file(target: str, _: Limits, __: CameraSettings) -> Any:
    return cv().VideoCapture(target, cv().CAP_FFMPEG)


_OPENERS: dict[Reach, Any] = {
    Reach.NETWORK: _open_network,
    Reach.DEVICE: _open_device,
    Reach.FILE: _open_file,
}
