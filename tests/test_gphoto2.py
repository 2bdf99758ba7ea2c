"""Still cameras through libgphoto2, on its own virtual camera in child processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from drivers.gphoto2.driver import Gphoto2Driver
from drivers.gphoto2.face import Gphoto2Face
from drivers.outboard import OutboardCamera
from station.devices.cancel import CancelToken
from station.errors import (
    DeviceNotFound,
    DriverFault,
    DriverNotLoaded,
    PictureError,
    SettingsError,
    Unsupported,
)
from station.imaging import codec
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, DeviceKind, Lock
from tests.contracts import AnyCameraContract
from tests.stills import COLOUR, SIZE, jpeg

SETTINGS = CameraSettings()
JPEG_TOLERANCE = 3
PICTURE_BYTES = 400_000


# -- the driver's own table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"folder": "."}, "unknown_key"),
        ({"virtual_dir": "no/such/folder"}, "not_a_folder"),
        ({"timeout_s": 0}, "not_positive"),
        ({"timeout_s": True}, "not_positive"),
        ({"settings": {"f-number": ["f/8"]}}, "not_a_table"),
    ],
)
def test_a_wrong_setting_is_refused(options: dict[str, object], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Gphoto2Driver().configure(options)
    assert caught.value.context["problem"] == problem


def test_a_driver_without_its_package_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gphoto2", None)
    face = Gphoto2Face()
    with pytest.raises(DriverNotLoaded) as caught:
        face.find()
    assert caught.value.context == {"driver": "gphoto2", "detail": "gphoto2"}


# -- libgphoto2's virtual camera, in child processes -----------------------------------------------------------


class Shelf:
    """The virtual camera's folder; it answers every capture with a copy of its first picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.picture = folder / "DCIM" / "100VCAM" / "IMG_0001.JPG"
        self.picture.parent.mkdir(parents=True)
        self.opened: list[OutboardCamera] = []
        self.show(jpeg())

    def show(self, coded: bytes) -> None:
        """Lay a picture there. All are of one length: the virtual camera notes it once, when it is opened."""
        self.picture.write_bytes(coded.ljust(PICTURE_BYTES, b"\0"))

    def driver(self, **settings: object) -> Gphoto2Driver:
        driver = Gphoto2Driver()
        driver.configure({"virtual_dir": str(self.folder), "settings": settings})
        return driver

    def open(self, **settings: object) -> OutboardCamera:
        driver = self.driver(**settings)
        info = DeviceInfo(
            "gphoto2:Nikon DSC D750", DeviceKind.CAMERA, "gphoto2", "Nikon DSC D750", "usb:001,001"
        )
        self.opened.append(driver.open(info))
        return self.opened[-1]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    if sys.platform == "win32":
        pytest.skip("libgphoto2 has no Windows package")
    if find_spec("gphoto2") is None:
        pytest.skip("the package gphoto2 is not installed")
    monkeypatch.setenv("HOME", str(tmp_path))  # libgphoto2 keeps its own settings there
    shelf = Shelf(tmp_path / "card")
    yield shelf
    for camera in shelf.opened:
        camera.close()


class TestVirtualCamera(AnyCameraContract):
    """The contract, each test with a child process of its own."""

    @pytest.fixture
    def open_device(self, shelf: Shelf) -> Callable[[], OutboardCamera]:
        return shelf.open

    @pytest.fixture
    def settings(self) -> CameraSettings:
        return SETTINGS

    def test_a_camera_without_a_live_picture_says_so_before_the_first_frame(
        self, camera: OutboardCamera
    ) -> None:
        with (
            pytest.raises(Unsupported) as caught,
            closing(camera.frames(SETTINGS, CancelToken())) as stream,
        ):
            next(stream)
        assert caught.value.context["device"] == camera.info.id
        assert camera.still(SETTINGS, CancelToken()).number == 1


def test_cameras_are_found_only_while_they_are_there(shelf: Shelf) -> None:
    (info,) = shelf.driver().find()
    assert info == DeviceInfo(
        "gphoto2:Nikon DSC D750",
        DeviceKind.CAMERA,
        "gphoto2",
        "Nikon DSC D750",
        "usb:001,001",
        simulated=True,
    )
    assert "VCAMERADIR" not in os.environ, "it is the child's alone"
    bare = Gphoto2Driver()
    assert [found for found in bare.find() if found.simulated] == []
    with pytest.raises(DeviceNotFound):
        shelf.driver().open(replace(info, id="gphoto2:Nikon DSC D750#2"))


def test_one_camera_through_a_morning(shelf: Shelf) -> None:
    camera = shelf.open(**{"f-number": "f/8"})
    assert camera.capabilities() == CameraCapabilities(sizes=(), locks=(Lock.FOCUS,), live=False)
    child = camera.child_pid

    still = camera.still(SETTINGS, CancelToken())
    assert still.pixels.shape == (SIZE[1], SIZE[0], 3)
    assert not still.pixels.flags.writeable
    assert still.encoded is not None and still.media_type == "image/jpeg"
    assert np.array_equal(codec.decode(still.encoded).pixels, still.pixels), "the camera's own bytes"
    assert np.abs(still.pixels[-1, -1].astype(int) - COLOUR).max() <= JPEG_TOLERANCE

    shelf.show(jpeg(orientation=6))  # EXIF 2.32: the coded rows' top is the picture's right side
    upright = camera.still(SETTINGS, CancelToken()).pixels
    assert upright.shape == (SIZE[0], SIZE[1], 3)
    assert upright[0, -1].max() < 20, "the dark corner of the coded top left stands at the top right"

    shelf.show(jpeg("L", size=(4000, 4000)))
    grey = camera.still(SETTINGS, CancelToken()).pixels
    assert grey.shape == (4000, 4000, 3)
    assert np.ptp(grey[::100, ::100], axis=2).max() == 0

    for coded, reason in (
        (jpeg()[:-300], "truncated"),
        (b"II*\0raw data", "damaged"),
        (b"no picture", "unknown"),
    ):
        shelf.show(coded)
        with pytest.raises(PictureError) as refused:
            camera.still(SETTINGS, CancelToken())
        assert (refused.value.context["device"], refused.value.context["reason"]) == (camera.info.id, reason)

    shelf.picture.unlink()
    with pytest.raises(DriverFault) as empty:
        camera.still(SETTINGS, CancelToken())
    assert empty.value.context == {"device": camera.info.id, "detail": "ERROR"}

    shelf.show(jpeg())
    assert camera.still(SETTINGS, CancelToken()).pixels.shape == still.pixels.shape
    assert camera.child_pid == child, "none of this was worth a new child"

    os.kill(child, 9)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert camera.still(SETTINGS, CancelToken()).pixels.shape == still.pixels.shape


def test_an_option_that_the_camera_does_not_offer_is_named(shelf: Shelf) -> None:
    # libgphoto2 2.5.34 was seen to crash on a choice that it does not know.
    for name, value in (("f-number", "f/99"), ("no-such", 1), ("imagesize", "1024x768"), ("f-number", 8)):
        with pytest.raises(Unsupported) as caught:
            shelf.open(**{name: value})
        assert caught.value.context["setting"] == name


def test_nothing_that_was_taken_stays_in_the_camera(shelf: Shelf) -> None:
    look = subprocess.run(
        [sys.executable, "-m", "tests.gphoto2_card", str(shelf.folder)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
        timeout=120,
    )
    report = json.loads(look.stdout)
    assert report["target"] == "Internal RAM"
    assert report["before"] == report["after"] == ["IMG_0001.JPG"], "the folder's own, which nobody took"
