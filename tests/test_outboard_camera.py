"""A camera in a child process: the contract of cameras across the wall, and what travels."""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from drivers.outboard import OutboardCamera, OutboardDriver, wire
from station.devices.cancel import CancelToken
from station.errors import DeviceLost, PictureError
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, DeviceKind, FrameSize, Lock
from station.model.image import Frame
from station.model.specimen import FaultKind
from tests import outboard_driver
from tests.contracts import CameraContract, MakeTrouble

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="child processes are driven the POSIX way")

SETTINGS = CameraSettings(320, 240, 30.0)
INFO = DeviceInfo("fake:live", DeviceKind.CAMERA, "fake", "A live one", "live")
TROUBLES = {FaultKind.HANG: "hang", FaultKind.UNPLUG: "die"}


@pytest.fixture
def trouble(tmp_path: Path) -> Path:
    """Name the file that tells the camera what to suffer."""
    file = tmp_path / "trouble"
    file.touch()
    return file


@pytest.fixture
def open_device(trouble: Path) -> Callable[[], OutboardCamera]:
    driver = OutboardDriver("fake", "tests.outboard_driver:FakeDriver", 60.0, grace_s=30.0)
    driver.configure({"trouble": str(trouble)})
    return lambda: driver.open(INFO)


class TestCameraInAChild(CameraContract):
    """The contract on live frames that are pulled through a pipe."""

    @pytest.fixture
    def settings(self) -> CameraSettings:
        return SETTINGS

    @pytest.fixture
    def make_trouble(self, trouble: Path) -> MakeTrouble:
        def make(kind: FaultKind, at: int = 1) -> bool:
            if kind in TROUBLES:
                trouble.write_text(f"{TROUBLES[kind]} {at}")
            return kind in TROUBLES

        return make


def test_a_camera_in_a_child_through_a_morning(
    open_device: Callable[[], OutboardCamera], trouble: Path
) -> None:
    camera = open_device()
    child = camera.child_pid
    assert camera.capabilities() == outboard_driver.CAMERA_CAPABILITIES

    before = time.monotonic()
    with closing(camera.frames(SETTINGS, CancelToken())) as stream:
        frames = list(islice(stream, 3))
        trouble.write_text("torn")
        with pytest.raises(PictureError) as torn:
            camera.still(SETTINGS, CancelToken())
        assert torn.value.context == {"device": INFO.id, "reason": "damaged"}
        trouble.write_text("")
        assert camera.still(SETTINGS, CancelToken()).pixels.shape == (480, 640, 3)
        frames.append(next(stream))
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [1, 2, 3, 4]
    assert before <= frames[0].taken_at <= time.monotonic(), "by the clock of this process"
    assert camera.child_pid == child

    with closing(camera.frames(SETTINGS, CancelToken())) as stream:
        next(stream)
        os.kill(child, 9)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert camera.still(SETTINGS, CancelToken()).number == 1, "a child of its own, without the stream"
        with pytest.raises(DeviceLost):
            next(stream)
    with closing(camera.frames(SETTINGS, CancelToken())) as stream:
        assert next(stream).number == 1
    camera.close()


def test_what_cameras_are_asked_and_what_they_can_travels_unchanged() -> None:
    for able in (
        CameraCapabilities(None, None, None, live=False),
        CameraCapabilities((FrameSize(1, 2, 2.5),), (3, 4), tuple(Lock)),
    ):
        assert wire.camera_capabilities_from(json.loads(json.dumps(wire.header_of(able)))) == able
    for settings in (CameraSettings(), CameraSettings(1, 2, 3.5, (Lock.FOCUS,), 270)):
        assert wire.camera_settings_from(json.loads(json.dumps(wire.header_of(settings)))) == settings
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)[:, ::2]
    for sent in (Frame(pixels, 7, 0.0), Frame(pixels, 8, 0.0, b"coded", "image/jpeg")):
        head, *parts = wire.pack_frame(sent)
        header = json.loads(head[wire.HEAD.size :])
        came = wire.frame_from(header, memoryview(b"".join(parts)))
        assert np.array_equal(came.pixels, sent.pixels)
        assert (came.number, came.pixels.flags.writeable) == (sent.number, False)
        assert (came.encoded, came.media_type) == (sent.encoded, sent.media_type)
