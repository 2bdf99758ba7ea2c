"""A still camera: each picture is fetched, deleted from the camera, then decoded. No portrait stays there.

What cannot be promised: that the camera's memory is overwritten, and that a picture is deleted whose camera was
unplugged, or whose child process was ended by force, between its capture and its deletion. Pictures go to the
camera's working memory where it offers that, which forgets them when it is switched off.
"""

import logging
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from itertools import count
from typing import TypeVar

import numpy as np

from drivers.gphoto2.handle import Gphoto2Handle, Place, Setting
from drivers.gphoto2.status import BUSY, ERRORS, GONE, Gphoto2Refusal, named
from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceError, DriverFault, PictureError, Unsupported
from station.imaging import codec
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, Lock
from station.model.image import Frame, Pixels

log = logging.getLogger(__name__)

TARGET, RAM = "capturetarget", "Internal RAM"
"""The option that says where a camera puts its pictures, and the choice that keeps them off the card."""

FOCUS, FOCUS_ON, FOCUS_OFF = "autofocus", "On", "Off"
"""Whether the camera focuses before each picture."""

LIVE_VIEW = "viewfinder"
"""The switch of the live view: its mirror is up and its sensor grows warm as long as it is on."""

BUSY_S, BUSY_PAUSE_S = 5.0, 0.3
"""How long a camera that calls itself busy is asked again: it may be storing the picture before."""

DAMAGED_S = 2.0
"""A live view of which nothing but damaged pictures came for so long is broken."""

JPEG = (".jpg", ".jpeg")

T = TypeVar("T")


class Gphoto2Camera:
    """A camera that libgphoto2 has open. One thread calls."""

    def __init__(self, info: DeviceInfo, handle: Gphoto2Handle, own_settings: Mapping[str, Setting]) -> None:
        """Take over an open handle, set the camera's own options and try whether it has a live view.

        Raises:
            Unsupported: it does not have one of the options; DeviceLost, DeviceTimeout, DriverFault.
        """
        self.info = info
        self._handle = handle
        self._closed = False
        self._left: list[Place] = []
        self._has_focused = False
        for name, value in own_settings.items():
            if not self._written(name, value):
                raise Unsupported(device=info.id, setting=name, value=value, reason="not_offered")
        self._written(TARGET, RAM)
        focus = self._written(FOCUS, FOCUS_OFF) and self._written(FOCUS, FOCUS_ON)
        live = self._shows()
        self._able = CameraCapabilities(
            sizes=None if live else (),  # a live view does not tell its size or pace
            locks=(Lock.FOCUS,) if focus else (),
            live=live,
        )

    def capabilities(self) -> CameraCapabilities:
        """Say what was found out when the camera was opened."""
        return self._able

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield the live view as fast as the camera hands it over. Its size is the camera's own.

        Raises:
            Unsupported: it has none; DeviceLost, DeviceBusy, DeviceTimeout, DriverFault.
        """
        if not self._able.live:
            raise Unsupported(device=self.info.id, setting="live_picture", value="on", reason="has_none")
        whole_at = time.monotonic()
        numbers = count(1)
        try:
            while True:
                with named(self.info.id, ERRORS):
                    coded = self._patient(self._handle.preview, cancel)
                try:
                    pixels = _rgb(codec.decode(coded).pixels)
                except PictureError as error:
                    log.debug("%s: a damaged live picture was skipped", self.info.id)
                    if time.monotonic() - whole_at >= DAMAGED_S:
                        raise DriverFault(device=self.info.id, detail="damaged pictures") from error
                    continue
                whole_at = time.monotonic()
                yield Frame(pixels, next(numbers), whole_at)
        except Cancelled:
            return
        finally:
            self._darken()

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        """Take one picture and hand it over upright; what was taken is deleted whatever else fails.

        A lock of the focus holds what the picture before has focused on; the first one focuses.

        Raises:
            Cancelled, DeviceLost, DeviceBusy, DeviceTimeout, CameraFull, DriverFault;
            PictureError: what the camera coded is damaged, or no picture that we take.
        """
        cancel.check()
        if Lock.FOCUS in (self._able.locks or ()):
            hold = Lock.FOCUS in settings.locks and self._has_focused
            self._written(FOCUS, FOCUS_OFF if hold else FOCUS_ON)
        with named(self.info.id, ERRORS):
            coded = self._taken(cancel)
        cancel.check()
        try:
            decoded = codec.decode(coded)
            return Frame(_rgb(decoded.pixels), 1, time.monotonic(), coded, decoded.media_type)
        except PictureError as error:
            raise PictureError(device=self.info.id, **error.context) from error

    def close(self) -> None:
        """Give the camera back; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self._clear()
        if self._left:
            log.warning("%s: %d pictures could not be deleted from the camera", self.info.id, len(self._left))
        with suppress(Gphoto2Refusal):  # it was unplugged: there is nothing to give back
            self._handle.close()

    def _taken(self, cancel: CancelToken) -> bytes:
        """Take a picture, fetch its bytes and delete it; what could not be deleted is tried again later."""
        try:
            places = [self._patient(self._handle.capture, cancel)]
            self._left += places
            self._has_focused = True
            for place in self._handle.added():
                places.append(place)
                self._left.append(place)
            best = next((place for place in places if place.name.lower().endswith(JPEG)), places[0])
            return self._handle.fetch(best)
        finally:
            self._clear()

    def _clear(self) -> None:
        """Delete what was taken and is still in the camera, as far as it lets us."""
        for place in dict.fromkeys(self._left):
            try:
                self._handle.delete(place)
            except Gphoto2Refusal as refusal:
                if refusal.code not in GONE:
                    log.debug("%s: a picture was not deleted (code %d)", self.info.id, refusal.code)
                    continue
            self._left = [other for other in self._left if other != place]

    def _patient(self, call: Callable[[], T], cancel: CancelToken) -> T:
        """Call, and call again while the camera is busy."""
        end = time.monotonic() + BUSY_S
        while True:
            cancel.check()
            try:
                return call()
            except Gphoto2Refusal as refusal:
                if refusal.code not in BUSY or time.monotonic() >= end:
                    raise
            cancel.wait(BUSY_PAUSE_S)

    def _written(self, name: str, value: Setting) -> bool:
        """Set an option and tell whether it reads back; a camera that does not have it leaves that undone."""
        with named(self.info.id, ERRORS):
            try:
                self._handle.write(name, value)
                return self._handle.read(name) == value
            except Gphoto2Refusal as refusal:
                if refusal.code in ERRORS:
                    raise
                return False

    def _shows(self) -> bool:
        """Try once whether there is a live view: abilities lie."""
        try:
            codec.decode(self._handle.preview())
        except (Gphoto2Refusal, PictureError) as error:
            log.debug("%s: no live view (%s)", self.info.id, error)
            return False
        finally:
            self._darken()
        return True

    def _darken(self) -> None:
        """Switch the live view off where that can be done."""
        with suppress(DeviceError):  # of a camera that is gone the stream itself has told
            self._written(LIVE_VIEW, 0)


def _rgb(pixels: Pixels) -> Pixels:
    """Return the pixels in three channels, those of a grey picture alike."""
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
