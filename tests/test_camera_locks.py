"""Exposure, white balance and focus held. No test machine has a camera: a stand-in for OpenCV's capture."""

from collections.abc import Callable
from contextlib import closing
from types import SimpleNamespace

import numpy as np
import pytest

from drivers.opencv_camera import locks
from drivers.opencv_camera import stream as streams
from drivers.opencv_camera.source import CameraSource, Reach
from drivers.opencv_camera.stream import Limits, Stream
from station.devices.cancel import CancelToken
from station.imaging.cv import cv
from station.model.capability import CameraSettings, DeviceInfo, DeviceKind, Lock


class Webcam:
    """A capture with the controls of a UVC camera as Video4Linux shows them; `stuck` ones cannot be written."""

    def __init__(self, *stuck: int, automatic: float = 3.0) -> None:
        self.stuck = frozenset(stuck)
        self.controls: dict[int, float] = {
            cv().CAP_PROP_AUTO_EXPOSURE: automatic,
            cv().CAP_PROP_EXPOSURE: 156.0,
            cv().CAP_PROP_AUTO_WB: 1.0,
            cv().CAP_PROP_WB_TEMPERATURE: 4600.0,
            cv().CAP_PROP_AUTOFOCUS: 1.0,
            cv().CAP_PROP_FOCUS: 68.0,
            cv().CAP_PROP_FPS: 30.0,
        }
        self.released = False

    def get(self, what: int) -> float:
        return self.controls.get(what, -1.0)

    def set(self, what: int, value: float) -> bool:
        if what in self.controls and what not in self.stuck:
            self.controls[what] = value
        return what in self.controls

    def read(self) -> tuple[bool, np.ndarray]:
        return True, np.full((4, 6, 3), 90, np.uint8)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Webcam], Stream]:
    """Open a stream on a stand-in."""
    monkeypatch.setattr(locks.sys, "platform", "linux")

    def plug(webcam: Webcam, *wanted: Lock) -> Stream:
        monkeypatch.setitem(streams._OPENERS, Reach.DEVICE, lambda *_: webcam)
        info = DeviceInfo("opencv_camera:index:0", DeviceKind.CAMERA, "opencv_camera", "x", "index:0")
        return Stream(CameraSource(Reach.DEVICE, info, 0), Limits(), CameraSettings(locks=wanted))

    return plug


def test_only_what_reads_back_counts_as_a_lock_and_a_trial_leaves_no_trace(
    plugged: Callable[..., Stream],
) -> None:
    for stuck, offered in (
        ((), (Lock.EXPOSURE, Lock.WHITE_BALANCE, Lock.FOCUS)),
        ((cv().CAP_PROP_AUTO_EXPOSURE,), (Lock.WHITE_BALANCE, Lock.FOCUS)),
    ):
        webcam = Webcam(*stuck)
        before = dict(webcam.controls)
        with closing(plugged(webcam)) as stream:
            assert stream.look().locks == offered
        assert webcam.controls == before
        assert webcam.released
    bare = Webcam()
    bare.controls = {cv().CAP_PROP_FPS: 30.0}
    with closing(plugged(bare)) as stream:
        assert stream.look().locks == ()


def test_locks_hold_what_the_automatic_chose_until_the_stream_ends(
    plugged: Callable[..., Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(streams, "time", SimpleNamespace(monotonic=lambda: now[0]))
    webcam = Webcam()
    with closing(plugged(webcam, Lock.EXPOSURE, Lock.FOCUS)) as stream:
        stream.next(CancelToken())
        assert webcam.get(cv().CAP_PROP_AUTO_EXPOSURE) == 3.0, "the automatic has no time to settle else"
        webcam.set(cv().CAP_PROP_EXPOSURE, 250.0)  # so the automatic chose
        now[0] = locks.SETTLE_S
        stream.next(CancelToken())
        assert webcam.get(cv().CAP_PROP_AUTO_EXPOSURE) == 1.0
        assert webcam.get(cv().CAP_PROP_EXPOSURE) == 250.0
        assert webcam.get(cv().CAP_PROP_AUTOFOCUS) == 0.0
        assert webcam.get(cv().CAP_PROP_AUTO_WB) == 1.0, "nobody asked for that"
    assert webcam.get(cv().CAP_PROP_AUTO_EXPOSURE) == 3.0
    assert webcam.get(cv().CAP_PROP_AUTOFOCUS) == 1.0


def test_what_a_technician_set_by_hand_stays_so(plugged: Callable[..., Stream]) -> None:
    webcam = Webcam(automatic=1.0)
    with closing(plugged(webcam)) as stream:
        assert Lock.EXPOSURE in (stream.look().locks or ())
    assert webcam.get(cv().CAP_PROP_AUTO_EXPOSURE) == 1.0
