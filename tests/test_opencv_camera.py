"""Cameras through OpenCV: a live stream with every trouble that cameras make, and files played as cameras."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from drivers.opencv_camera import OpenCvCamera, OpenCvCameraDriver
from drivers.opencv_camera import stream as streams
from drivers.opencv_camera.source import CameraSource, Reach
from drivers.opencv_camera.stream import Limits, Stream
from station.devices.cancel import CancelToken
from station.errors import DeviceLost, DeviceNotFound, DeviceOffline, DeviceTimeout, DriverFault, SettingsError
from station.imaging.cv import cv
from station.model.capability import CameraSettings, DeviceInfo, DeviceKind, Lock
from station.model.image import Frame
from station.model.specimen import FaultKind
from tests.contracts import CameraContract, MakeTrouble
from tests.mjpeg_server import HUGE_SIZE, OTHER_SIZE, SIZE, MjpegServer, grey_of

SETTINGS = CameraSettings(*SIZE, fps=200)
PATIENT = {"open_timeout_s": 60, "read_timeout_s": 60, "return_timeout_s": 60}
JPEG_TOLERANCE = 3
"""How far a flat grey may drift in a JPEG of quality 95 whose colours are halved in resolution."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MjpegServer]:
    monkeypatch.delenv("http_proxy", raising=False)  # FFmpeg would look for our camera behind it
    with MjpegServer() as server:
        yield server


def driver_for(*sources: object, **limits: float) -> OpenCvCameraDriver:
    driver = OpenCvCameraDriver()
    driver.configure({"sources": list(sources)} | PATIENT | limits)
    return driver


def opened(source: object, **limits: float) -> OpenCvCamera:
    driver = driver_for(source, **limits)
    (info,) = driver.find()
    return driver.open(info)


def first(camera: OpenCvCamera, number: int) -> list[Frame]:
    with closing(camera.frames(SETTINGS, CancelToken())) as stream:
        return list(itertools.islice(stream, number))


def picture_numbers(frames: list[Frame]) -> list[int]:
    """Read which pictures these are; fails when one is patched together from two."""
    numbers = []
    for frame in frames:
        right = frame.pixels[:, frame.pixels.shape[1] * 3 // 4 :]
        assert np.ptp(right) <= JPEG_TOLERANCE, "one picture, one grey"
        numbers.append(min(range(1, 51), key=lambda at: abs(grey_of(at) - float(right.mean()))))
    return numbers


class TestCameraOnTheNetwork(CameraContract):
    """The contract on a live stream."""

    @pytest.fixture
    def open_device(self, server: MjpegServer) -> Callable[[], OpenCvCamera]:
        return lambda: opened(server.url)

    @pytest.fixture
    def settings(self) -> CameraSettings:
        return SETTINGS

    @pytest.fixture
    def make_trouble(self, server: MjpegServer, camera: OpenCvCamera) -> MakeTrouble:
        def make(kind: FaultKind, at: int = 1) -> bool:
            if kind is FaultKind.HANG:
                camera._limits = Limits(1, 1, 60)
                server.play("hang", at)
            elif kind is FaultKind.UNPLUG:
                camera._limits = Limits(60, 60, 0)
                server.play("die", at)
            return kind in (FaultKind.HANG, FaultKind.UNPLUG)

        return make


def test_colours_come_in_the_order_red_green_blue(server: MjpegServer) -> None:
    camera = opened(server.url)
    red = camera.still(SETTINGS, CancelToken()).pixels[SIZE[1] // 2, SIZE[0] // 4]
    assert np.abs(red.astype(int) - (255, 0, 0)).max() <= JPEG_TOLERANCE
    (size,) = camera.capabilities().sizes or ()
    assert (size.width_px, size.height_px) == SIZE


def test_half_a_picture_is_never_shown(server: MjpegServer) -> None:
    camera = opened(server.url)
    server.play("half", 4)
    frames = first(camera, 6)
    assert picture_numbers(frames) == [1, 2, 3, 5, 6, 7]
    assert [frame.number for frame in frames] == [1, 2, 3, 4, 5, 6]
    assert server.connections == 2, "one to look at the camera, one for the stream"


def test_a_picture_torn_in_its_middle_is_skipped_and_counted(
    server: MjpegServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    camera = opened(server.url)
    server.play("torn", 4)
    frames = first(camera, 6)
    assert picture_numbers(frames) == [1, 2, 3, 5, 6, 7]
    assert [frame.number for frame in frames] == [1, 2, 3, 4, 5, 6]
    assert "1 damaged pictures were skipped" in caplog.text


def test_a_camera_that_sends_nothing_whole_any_more_is_a_fault(
    server: MjpegServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert streams.DAMAGED_S == 2.0
    monkeypatch.setattr(streams, "DAMAGED_S", 0.1)
    camera = opened(server.url)
    server.play("ragged", 4)
    frames: list[Frame] = []
    with pytest.raises(DriverFault) as caught, closing(camera.frames(SETTINGS, CancelToken())) as stream:
        frames.extend(stream)
    assert picture_numbers(frames) == [1, 2, 3]
    assert caught.value.context == {"device": camera.info.id, "detail": "damaged pictures"}
    server.play("ragged")
    with pytest.raises(DriverFault):
        opened(server.url)
    server.heal()
    assert picture_numbers(first(camera, 2)) == [1, 2]


@pytest.mark.parametrize(("trouble", "size"), [("grey", SIZE), ("huge", HUGE_SIZE)])
def test_grey_and_huge_pictures_come_as_three_channels(
    server: MjpegServer, trouble: str, size: tuple[int, int]
) -> None:
    camera = opened(server.url)
    server.play(trouble, 2)
    frames = first(camera, 2)
    assert frames[1].pixels.shape == (size[1], size[0], 3)
    if trouble == "grey":
        assert np.ptp(frames[1].pixels, axis=2).max() == 0


@pytest.mark.parametrize("trouble", ["short", "long"])
def test_a_wrong_length_spoils_no_more_than_the_connection(server: MjpegServer, trouble: str) -> None:
    camera = opened(server.url)
    server.play(trouble, 4)
    frames = first(camera, 8)
    assert picture_numbers(frames)[:3] == [1, 2, 3]
    assert [frame.number for frame in frames] == list(range(1, 9))


def test_a_camera_may_change_its_size(server: MjpegServer) -> None:
    camera = opened(server.url)
    server.play("size", 4)
    shapes = [frame.pixels.shape for frame in first(camera, 6)]
    assert shapes == [(SIZE[1], SIZE[0], 3)] * 3 + [(OTHER_SIZE[1], OTHER_SIZE[0], 3)] * 3


@pytest.mark.parametrize("trouble", ["hang", "die"])
def test_a_camera_that_comes_back_goes_on(server: MjpegServer, trouble: str) -> None:
    camera = opened(server.url)
    camera._limits = Limits(0.5 if trouble == "hang" else 60, 0.5 if trouble == "hang" else 60, 120)
    server.play(trouble, 6)
    healer = threading.Thread(target=lambda: server.broke.wait() and server.heal())
    healer.start()
    frames = first(camera, 12)
    healer.join()
    assert [frame.number for frame in frames] == list(range(1, 13))
    assert server.connections >= 3, "a capture that failed once is thrown away"


def test_a_camera_that_is_there_but_sends_nothing_is_silent_not_lost(server: MjpegServer) -> None:
    camera = opened(server.url)
    camera._limits = Limits(0.5, 0.5, 0)
    server.play("hang", 3)
    with pytest.raises(DeviceTimeout) as caught:
        first(camera, 12)
    assert caught.value.context == {"device": camera.info.id, "seconds": 0.5}


def test_a_camera_without_its_page_or_its_machine_is_offline(server: MjpegServer) -> None:
    for url in (f"http://{server.address}/other", "http://127.0.0.1:1/live.mjpg"):
        with pytest.raises(DeviceOffline) as caught:
            opened(url)
        assert caught.value.context == {"device": f"opencv_camera:{url}"}


def test_a_slow_first_picture_is_waited_for(server: MjpegServer) -> None:
    server.first_pause_s = 0.2
    assert picture_numbers(first(opened(server.url), 2)) == [1, 2]


class Buffered:
    """A capture in whose buffer pictures lie: those come at once, the next ones are waited for."""

    def __init__(self, stale: int) -> None:
        self.left = stale
        self.grabbed = 0
        self.now = 0.0

    def grab(self) -> bool:
        self.grabbed += 1
        self.now += 0.001 if self.left > 0 else 0.040
        self.left -= 1
        return True


@pytest.mark.parametrize(("stale", "grabbed"), [(0, 1), (7, 8), (10_000, streams.MOST_STALE)])
def test_a_still_skips_what_lies_in_the_buffer(
    monkeypatch: pytest.MonkeyPatch, stale: int, grabbed: int
) -> None:
    info = DeviceInfo("opencv_camera:x", DeviceKind.CAMERA, "opencv_camera", "x", "x")
    stream = Stream(CameraSource(Reach.NETWORK, info, "x"), Limits(), SETTINGS)
    capture = Buffered(stale)
    stream._capture = capture
    monkeypatch.setattr(streams, "time", SimpleNamespace(monotonic=lambda: capture.now))
    stream.skip_stale()
    assert capture.grabbed == grabbed


def test_a_camera_on_the_network_has_nothing_to_hold(server: MjpegServer) -> None:
    camera = opened(server.url)
    assert camera.capabilities().locks == ()
    asked = replace(SETTINGS, locks=tuple(Lock))
    assert camera.still(asked, CancelToken()).pixels.shape[2] == 3


# -- files -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["clip.avi", "img_%03d.png"])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Record five pictures, as a film and as numbered files."""
    target = str(tmp_path / request.param)
    pictures = [np.full((SIZE[1], SIZE[0], 3), grey_of(number), np.uint8) for number in range(1, 6)]
    if target.endswith(".avi"):
        film = cv().VideoWriter(target, cv().VideoWriter.fourcc(*"MJPG"), 100, SIZE)
        for picture in pictures:
            film.write(picture)
        film.release()
    else:
        for number, picture in enumerate(pictures):
            Image.fromarray(picture).save(target % number)
    return target


def test_a_file_is_played_again_from_its_beginning(recording: str) -> None:
    camera = opened(recording)
    assert camera.info.simulated
    frames = first(camera, 12)
    assert picture_numbers(frames) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
    assert [frame.number for frame in frames] == list(range(1, 13))
    assert picture_numbers([camera.still(SETTINGS, CancelToken())]) == [1]


def test_a_file_that_holds_no_film_is_offline(tmp_path: Path) -> None:
    film = tmp_path / "empty.avi"
    film.write_bytes(b"no film")
    with pytest.raises(DeviceOffline):
        opened(str(film))


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    driver = driver_for(str(tmp_path / "no.avi"), "index:97")
    if Path("/dev").is_dir():
        assert list(driver.find()) == []
    with pytest.raises(DeviceNotFound):
        driver.open(DeviceInfo("opencv_camera:index:97", DeviceKind.CAMERA, "opencv_camera", "", ""))


# -- settings and secrets --------------------------------------------------------------------------------------


def test_no_secret_of_an_address_is_shown(server: MjpegServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    source = f"http://officer:s3cret@{server.address}/live.mjpg?token=s3cret"
    driver = driver_for(source, source, {"source": source, "name": "Desk", "serial": "C-7"})
    infos = list(driver.find())
    assert [info.id for info in infos] == [
        f"opencv_camera:http://{server.address}/live.mjpg{suffix}" for suffix in ("", "#2", "#3")
    ]
    assert [(info.name, info.serial) for info in infos[1:]] == [(server.address, None), ("Desk", "C-7")]
    camera = driver.open(infos[0])
    camera._limits = Limits(60, 60, 0)
    server.play("die", 1)
    with pytest.raises(DeviceLost) as caught:
        first(camera, 1)
    shown = [caplog.text, str(caught.value), repr(infos), repr(driver._sources)]
    assert not any("s3cret" in text or "officer" in text for text in shown)


@pytest.mark.parametrize(
    ("options", "key", "problem"),
    [
        ({"source": []}, "source", "unknown_key"),
        ({"sources": "index:0"}, "sources", "wrong_type"),
        ({"read_timeout_s": "long"}, "read_timeout_s", "wrong_type"),
        ({"sources": ["index:0", 7]}, "sources[1]", "wrong_type"),
        ({"sources": [{"source": "index:0", "label": "x"}]}, "sources[0].label", "unknown_key"),
        ({"sources": ["index:one"]}, "sources[0]", "not_a_number"),
        ({"sources": ["http://"]}, "sources[0]", "not_an_address"),
        ({"sources": ["http://officer:s3/cret@camera/live"]}, "sources[0]", "not_an_address"),
        ({"sources": ["http://[s3cret"]}, "sources[0]", "not_an_address"),
    ],
)
def test_a_wrong_setting_is_named_but_not_quoted(options: dict[str, object], key: str, problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        OpenCvCameraDriver().configure(options)
    assert (caught.value.context["key"], caught.value.context["problem"]) == (key, problem)
    assert "s3" not in str(caught.value)


def test_a_driver_without_sources_finds_nothing() -> None:
    driver = OpenCvCameraDriver()
    driver.configure({})
    assert list(driver.find()) == []
