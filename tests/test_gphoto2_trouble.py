"""A still camera and what befalls it, on a stand-in for the open camera: no real one can be made to fail."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from drivers.gphoto2 import camera as cameras
from drivers.gphoto2.camera import Gphoto2Camera
from drivers.gphoto2.handle import Place
from drivers.gphoto2.status import ERRORS, ERRORS_ON_OPENING, Gphoto2Refusal, Result, named
from station.devices.cancel import CancelToken
from station.errors import (
    CameraFull,
    Cancelled,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    PictureError,
    StationError,
)
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, DeviceKind, Lock
from station.model.image import Frame
from tests.mjpeg_server import torn
from tests.stills import jpeg

SETTINGS = CameraSettings()


class Camera:
    """A camera that does as told: `script` holds, for each call by name, refusal codes to raise in turn."""

    def __init__(self, live: bool = False, **script: list[int]) -> None:
        self.live = live
        self.script = script
        self.options: dict[str, object] = {"capturetarget": "Memory card", "autofocus": "On", "viewfinder": 1}
        self.files: dict[Place, bytes] = {}
        self.raw_too = False
        self.coded = jpeg(size=(60, 40))
        self.taken = 0
        self.focused: list[object] = []
        self.closed = 0

    def _suffer(self, call: str) -> None:
        if self.script.get(call):
            code = self.script[call].pop(0)
            if code:
                raise Gphoto2Refusal(code)

    def capture(self) -> Place:
        self._suffer("capture")
        self.taken += 1
        self.focused.append(self.options["autofocus"])
        place = Place("/ram", f"P{self.taken}.NEF" if self.raw_too else f"P{self.taken}.JPG")
        self.files[place] = b"II*\0raw" if self.raw_too else self.coded
        return place

    def added(self) -> Iterator[Place]:
        self._suffer("added")
        if self.raw_too:
            place = Place("/ram", f"P{self.taken}.jpg")
            self.files[place] = self.coded
            yield place

    def fetch(self, place: Place) -> bytes:
        self._suffer("fetch")
        return self.files[place]

    def delete(self, place: Place) -> None:
        self._suffer("delete")
        del self.files[place]

    def preview(self) -> bytes:
        self._suffer("preview")
        if not self.live:
            raise Gphoto2Refusal(Result.NOT_SUPPORTED)
        self.options["viewfinder"] = 1
        return self.coded

    def read(self, name: str) -> object:
        return self.options[name]

    def write(self, name: str, value: object) -> None:
        self._suffer("write")
        if name not in self.options:
            raise Gphoto2Refusal(Result.BAD_PARAMETERS)
        self.options[name] = value

    def close(self) -> None:
        self._suffer("close")
        self.closed += 1


INFO = DeviceInfo("gphoto2:Some", DeviceKind.CAMERA, "gphoto2", "Some", "usb:001,007")


def opened(handle: Camera) -> Gphoto2Camera:
    return Gphoto2Camera(INFO, handle, {})  # type: ignore[arg-type]


@pytest.mark.parametrize("call", ["capture", "fetch", "added"])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (Result.IO, DeviceLost),
        (Result.IO_USB_FIND, DeviceLost),
        (Result.TIMEOUT, DeviceTimeout),
        (Result.NO_SPACE, CameraFull),
        (Result.NO_MEMORY, DriverFault),
        (-4711, DriverFault),
    ],
)
def test_trouble_has_a_name_and_a_device_and_leaves_no_picture(
    call: str, code: int, error: type[StationError]
) -> None:
    handle = Camera(**{call: [code]})
    camera = opened(handle)
    with pytest.raises(error) as caught:
        camera.still(SETTINGS, CancelToken())
    assert caught.value.context["device"] == INFO.id
    assert handle.files == {}
    assert camera.still(SETTINGS, CancelToken()).pixels.shape == (40, 60, 3)


def test_what_a_code_means_depends_on_whether_the_camera_is_open_yet() -> None:
    for code, before, after in (
        (Result.MODEL_NOT_FOUND, DeviceNotFound, DeviceLost),
        (Result.IO, DeviceOffline, DeviceLost),
        (Result.IO_USB_CLAIM, DeviceBusy, DeviceBusy),
    ):
        for table, kind in ((ERRORS_ON_OPENING, before), (ERRORS, after)):
            with pytest.raises(kind), named("x", table):
                raise Gphoto2Refusal(code)


def test_a_camera_that_is_busy_for_a_moment_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "BUSY_PAUSE_S", 0.001)
    camera = opened(Camera(capture=[Result.CAMERA_BUSY] * 3))
    assert camera.still(SETTINGS, CancelToken()).number == 1
    monkeypatch.setattr(cameras, "BUSY_S", 0.0)
    with pytest.raises(DeviceBusy):
        opened(Camera(capture=[Result.CAMERA_BUSY])).still(SETTINGS, CancelToken())


def test_of_a_picture_coded_twice_the_jpeg_is_taken_and_both_are_deleted() -> None:
    handle = Camera()
    handle.raw_too = True
    assert opened(handle).still(SETTINGS, CancelToken()).pixels.shape == (40, 60, 3)
    assert handle.files == {}


def test_what_could_not_be_deleted_is_deleted_later_and_else_told(
    caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    handle = Camera(delete=[Result.IO, Result.CAMERA_ERROR])
    camera = opened(handle)
    camera.still(SETTINGS, CancelToken())
    assert len(handle.files) == 1
    camera.still(SETTINGS, CancelToken())
    assert len(handle.files) == 1, "the second one, whose own deletion went well, left the first one again"
    camera.close()
    assert handle.files == {}
    stubborn = opened(Camera(delete=[Result.IO] * 9, close=[Result.IO]))
    stubborn.still(SETTINGS, CancelToken())
    expected_logs.append(f"{INFO.id}: 1 pictures could not be deleted")
    stubborn.close()
    assert "1 pictures could not be deleted" in caplog.text


def test_a_picture_that_the_camera_dropped_by_itself_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    camera = opened(Camera(delete=[Result.FILE_NOT_FOUND]))
    camera.still(SETTINGS, CancelToken())
    camera.close()
    assert not caplog.records


def test_a_lock_of_the_focus_holds_what_the_picture_before_focused_on() -> None:
    handle = Camera()
    camera = opened(handle)
    held = replace(SETTINGS, locks=(Lock.FOCUS, Lock.EXPOSURE))
    for settings in (held, held, SETTINGS, held):
        camera.still(settings, CancelToken())
    assert handle.focused == ["On", "Off", "On", "Off"]
    bare = Camera()
    del bare.options["autofocus"]
    bare.capture = lambda: Place("/ram", "P.JPG")  # type: ignore[method-assign]
    assert opened(bare).capabilities().locks == ()


def test_a_still_that_was_cancelled_meanwhile_is_deleted_all_the_same() -> None:
    handle = Camera()
    camera = opened(handle)
    cancel = CancelToken()
    handle.fetch = lambda _: cancel.cancel() or b""  # type: ignore[func-returns-value,assignment]
    with pytest.raises(Cancelled):
        camera.still(SETTINGS, cancel)
    assert handle.files == {}


def test_a_live_view_is_shown_skips_damage_and_goes_dark_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = Camera(live=True)
    camera = opened(handle)
    assert camera.capabilities() == CameraCapabilities(sizes=None, locks=(Lock.FOCUS,), live=True)
    assert handle.options["viewfinder"] == 0, "the trial leaves it dark"
    frames: list[Frame] = []
    cancel = CancelToken()
    for frame in camera.frames(SETTINGS, cancel):
        frames.append(frame)
        if frame.number == 2:
            assert camera.still(SETTINGS, CancelToken()).number == 1
            whole, handle.coded = handle.coded, handle.coded[:-20]
            preview = handle.preview

            def once_more(whole: bytes = whole, preview: Callable[[], bytes] = preview) -> bytes:
                damaged, handle.coded = preview(), whole
                return damaged

            handle.preview = once_more  # type: ignore[method-assign]
        if frame.number == 3:
            cancel.cancel()
    assert [frame.number for frame in frames] == [1, 2, 3]
    assert handle.options["viewfinder"] == 0
    monkeypatch.setattr(cameras, "DAMAGED_S", 0.0)
    handle.coded = b"no picture"
    with pytest.raises(DriverFault) as caught, closing(camera.frames(SETTINGS, CancelToken())) as stream:
        next(stream)
    assert caught.value.context["detail"] == "damaged pictures"
    handle.script["preview"] = [Result.IO]
    with pytest.raises(DeviceLost), closing(camera.frames(SETTINGS, CancelToken())) as stream:
        next(stream)


def test_a_torn_picture_of_a_still_camera_is_refused() -> None:
    handle = Camera()
    noise = np.random.default_rng(2).integers(0, 256, (200, 300, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=90)
    handle.coded = torn(file.getvalue())
    with pytest.raises(PictureError):
        opened(handle).still(SETTINGS, CancelToken())
