"""What every scanner and every camera must do, written once; each driver brings only its fixtures.

Subclass in the driver's test file, under a name that pytest collects, and give the fixtures:

    class TestSaneScanner(ScannerContract):
        @pytest.fixture
        def open_device(self):             # opens the same device anew, as often as it is called
            driver = SaneDriver()
            ...
            return lambda: driver.open(info)

        @pytest.fixture
        def settings(self):                # flatbed, offered by the device; a small area keeps the test fast
            return ScanSettings(Source.FLATBED, ColourMode.GREY, 75)

        @pytest.fixture
        def feeder_settings(self):         # the same for a feeder in which four sheets or more lie; else None
            return None

        @pytest.fixture
        def make_trouble(self):            # (kind, at) -> whether the device can be made to fail so
            return lambda kind, at=1: False

`make_trouble` is called before the work starts and acts on the next work; `at` counts pages or frames from 1.
HANG means: slow enough (or for ever) that a cancel surely comes in the middle. A test whose trouble the device
cannot play skips and says so. The fixtures `scanner` and `camera` are made here: opened, and closed at the end.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import cast

import numpy as np
import pytest

from station.devices.cancel import CancelToken
from station.devices.device import Camera, Pressable, Scanner
from station.errors import (
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    PageTruncated,
    PaperJam,
    Unsupported,
)
from station.model.capability import (
    Area,
    CameraCapabilities,
    CameraSettings,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ScannerCapabilities,
    ScanSettings,
)
from station.model.image import MM_PER_INCH, Frame, Page
from station.model.specimen import FaultKind

MakeTrouble = Callable[..., bool]
SIZE_TOLERANCE_PX = 2
"""Devices round millimetres to whole pixels, some to whole bytes of a bit row."""
BYTE_ROW_TOLERANCE_PX = 8
CANCEL_AFTER_S = 0.15


def require(made: bool, kind: FaultKind) -> None:
    """Skip when the device cannot play this trouble."""
    if not made:
        pytest.skip(f"this device cannot be made to play {kind.value}")


def cancel_soon(cancel: CancelToken) -> threading.Timer:
    """Cancel from another thread, as the window does; join the timer afterwards."""
    timer = threading.Timer(CANCEL_AFTER_S, cancel.cancel)
    timer.start()
    return timer


def scanned(scanner: Scanner, settings: ScanSettings, cancel: CancelToken | None = None) -> list[Page]:
    """Scan all that lies there."""
    with closing(scanner.scan(settings, cancel or CancelToken())) as run:
        return list(run)


class _Opened:
    """What holds for devices of any kind."""

    @pytest.fixture
    def make_trouble(self) -> MakeTrouble:
        """Say that the device plays no trouble at all, unless a driver knows better."""
        return lambda kind, at=1: False


class ScannerContract(_Opened):
    """What every scanner must do."""

    @pytest.fixture
    def feeder_settings(self) -> ScanSettings | None:
        """Say that there is no feeder, unless a driver knows better."""
        return None

    @pytest.fixture
    def scanner(self, open_device: Callable[[], Scanner]) -> Iterator[Scanner]:
        """Open the device for one test."""
        device = open_device()
        yield device
        device.close()

    @pytest.fixture
    def feeder(self, feeder_settings: ScanSettings | None) -> ScanSettings:
        """Give settings of a loaded feeder, or skip."""
        if feeder_settings is None:
            pytest.skip("no feeder")
        return feeder_settings

    def test_it_says_who_it_is(self, scanner: Scanner) -> None:
        assert isinstance(scanner.info, DeviceInfo)
        assert scanner.info.kind is DeviceKind.SCANNER
        assert scanner.info.id.startswith(f"{scanner.info.driver}:")

    def test_it_closes_twice_and_opens_again(
        self, scanner: Scanner, settings: ScanSettings, open_device: Callable[[], Scanner]
    ) -> None:
        scanner.close()
        scanner.close()
        again = open_device()
        try:
            assert len(scanned(again, settings)) == 1
        finally:
            again.close()

    def test_its_capabilities_are_data_and_hold_what_it_is_asked_for(
        self, scanner: Scanner, settings: ScanSettings
    ) -> None:
        able = scanner.capabilities()
        assert isinstance(able, ScannerCapabilities)
        assert able == scanner.capabilities()
        assert able.sources is None or settings.source in able.sources
        assert able.modes is None or settings.mode in able.modes
        assert able.resolutions_dpi is None or settings.resolution_dpi in able.resolutions_dpi
        assert able.area_mm is None or min(able.area_mm) > 0

    def test_its_buttons_can_be_asked_for_between_two_scans(
        self, scanner: Scanner, settings: ScanSettings
    ) -> None:
        buttons = scanner.capabilities().buttons
        if not buttons:
            pytest.skip("this device has no buttons")
        for _ in range(2):
            assert set(cast(Pressable, scanner).pressed()) <= set(buttons)
            assert len(scanned(scanner, settings)) == 1

    def test_a_scan_gives_one_page_of_the_asked_size_and_resolution(
        self, scanner: Scanner, settings: ScanSettings
    ) -> None:
        asked = replace(settings, area=Area(10, 20, 60, 40))
        (page,) = scanned(scanner, asked)
        dpi = asked.resolution_dpi
        slack = BYTE_ROW_TOLERANCE_PX if asked.mode is ColourMode.BINARY else SIZE_TOLERANCE_PX
        assert page.number == 1
        assert page.dpi == pytest.approx((dpi, dpi), rel=0.01)
        assert page.pixels.shape[0] == pytest.approx(40 / MM_PER_INCH * dpi, abs=SIZE_TOLERANCE_PX)
        assert page.pixels.shape[1] == pytest.approx(60 / MM_PER_INCH * dpi, abs=slack)

    def test_pixels_are_bytes_that_nobody_can_write(self, scanner: Scanner, settings: ScanSettings) -> None:
        (page,) = scanned(scanner, settings)
        assert page.pixels.dtype == np.uint8
        assert not page.pixels.flags.writeable
        shape = page.pixels.shape
        assert shape[2:] == ((3,) if settings.mode is ColourMode.COLOUR else ())
        if settings.mode is ColourMode.BINARY:
            assert set(np.unique(page.pixels)) <= {0, 255}

    def test_a_resolution_that_is_not_offered_is_refused_before_the_first_page(
        self, scanner: Scanner, settings: ScanSettings
    ) -> None:
        offered = scanner.capabilities().resolutions_dpi
        if offered is None:
            pytest.skip("this device cannot tell its resolutions")
        odd = next(dpi for dpi in (19_997, 73, 1) if dpi not in offered)
        with pytest.raises(Unsupported) as caught:
            scanned(scanner, replace(settings, resolution_dpi=odd))
        assert caught.value.context["device"] == scanner.info.id
        assert len(scanned(scanner, settings)) == 1

    def test_a_cancel_before_the_start_brings_no_page(self, scanner: Scanner, settings: ScanSettings) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            scanned(scanner, settings, cancel)
        assert len(scanned(scanner, settings)) == 1

    def test_a_cancel_in_the_middle_of_a_page_ends_it(
        self, scanner: Scanner, settings: ScanSettings, make_trouble: MakeTrouble
    ) -> None:
        require(make_trouble(FaultKind.HANG, 1), FaultKind.HANG)
        cancel = CancelToken()
        timer = cancel_soon(cancel)
        try:
            with pytest.raises(Cancelled):
                scanned(scanner, settings, cancel)
        finally:
            timer.join()

    def test_a_scan_that_nobody_reads_to_its_end_leaves_the_device_usable(
        self, scanner: Scanner, feeder_settings: ScanSettings | None, settings: ScanSettings
    ) -> None:
        run = scanner.scan(feeder_settings or settings, CancelToken())
        assert next(run).number == 1
        run.close()
        assert len(scanned(scanner, settings)) == 1

    def test_the_feeder_numbers_its_pages_from_one(self, scanner: Scanner, feeder: ScanSettings) -> None:
        pages = scanned(scanner, feeder)
        assert len(pages) >= 4
        assert [page.number for page in pages] == list(range(1, len(pages) + 1))

    def test_a_jam_keeps_the_pages_before_it(
        self, scanner: Scanner, feeder: ScanSettings, make_trouble: MakeTrouble
    ) -> None:
        require(make_trouble(FaultKind.JAM, 3), FaultKind.JAM)
        pages: list[Page] = []
        with (
            pytest.raises(PaperJam) as caught,
            closing(scanner.scan(feeder, CancelToken())) as run,
        ):
            pages.extend(run)
        assert [page.number for page in pages] == [1, 2]
        assert caught.value.context["device"] == scanner.info.id
        assert caught.value.context["kept"] == 2

    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            (FaultKind.BUSY, DeviceBusy),
            (FaultKind.COVER, CoverOpen),
            (FaultKind.TRUNCATE, PageTruncated),
            (FaultKind.UNPLUG, DeviceLost),
        ],
    )
    def test_trouble_has_a_name_and_a_device(
        self,
        scanner: Scanner,
        settings: ScanSettings,
        make_trouble: MakeTrouble,
        kind: FaultKind,
        error: type[DeviceError],
    ) -> None:
        require(make_trouble(kind, 1), kind)
        with pytest.raises(error) as caught:
            scanned(scanner, settings)
        assert caught.value.context["device"] == scanner.info.id


class AnyCameraContract(_Opened):
    """What every camera must do, with a live picture or without. `settings` are `CameraSettings`."""

    @pytest.fixture
    def camera(self, open_device: Callable[[], Camera]) -> Iterator[Camera]:
        """Open the device for one test."""
        device = open_device()
        yield device
        device.close()

    def test_it_says_who_it_is(self, camera: Camera) -> None:
        assert isinstance(camera.info, DeviceInfo)
        assert camera.info.kind is DeviceKind.CAMERA
        assert camera.info.id.startswith(f"{camera.info.driver}:")

    def test_its_capabilities_are_data(self, camera: Camera) -> None:
        able = camera.capabilities()
        assert isinstance(able, CameraCapabilities)
        assert able == camera.capabilities()

    def test_a_still_needs_no_stream(self, camera: Camera, settings: CameraSettings) -> None:
        assert camera.still(settings, CancelToken()).pixels.shape[2] == 3

    def test_a_cancelled_still_says_so(self, camera: Camera, settings: CameraSettings) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            camera.still(settings, cancel)

    def test_it_closes_twice_and_takes_a_still_when_opened_again(
        self, camera: Camera, settings: CameraSettings, open_device: Callable[[], Camera]
    ) -> None:
        camera.close()
        camera.close()
        again = open_device()
        try:
            assert again.still(settings, CancelToken()).number == 1
        finally:
            again.close()


class CameraContract(AnyCameraContract):
    """What a camera with a live picture must do. `settings` are of a size that the camera has."""

    def test_it_closes_twice_and_opens_again(
        self, camera: Camera, settings: CameraSettings, open_device: Callable[[], Camera]
    ) -> None:
        camera.close()
        camera.close()
        again = open_device()
        try:
            with closing(again.frames(settings, CancelToken())) as stream:
                assert next(stream).number == 1
        finally:
            again.close()

    def test_frames_are_numbered_from_one_and_never_go_back_in_time(
        self, camera: Camera, settings: CameraSettings
    ) -> None:
        before = time.monotonic()
        with closing(camera.frames(settings, CancelToken())) as stream:
            frames = list(islice(stream, 4))
        assert [frame.number for frame in frames] == [1, 2, 3, 4]
        times = [before, *(frame.taken_at for frame in frames), time.monotonic()]
        assert times == sorted(times)

    def test_a_frame_is_rgb_of_the_asked_size_that_nobody_can_write(
        self, camera: Camera, settings: CameraSettings
    ) -> None:
        with closing(camera.frames(settings, CancelToken())) as stream:
            frame = next(stream)
        assert frame.pixels.dtype == np.uint8
        assert frame.pixels.shape == (settings.height_px, settings.width_px, 3)
        assert not frame.pixels.flags.writeable

    def test_frames_keep_their_pixels_when_the_next_ones_come(
        self, camera: Camera, settings: CameraSettings
    ) -> None:
        with closing(camera.frames(settings, CancelToken())) as stream:
            first = next(stream)
            copy = first.pixels.copy()
            list(islice(stream, 3))
        assert np.array_equal(first.pixels, copy)

    def test_a_cancel_ends_the_stream_quietly(self, camera: Camera, settings: CameraSettings) -> None:
        cancel = CancelToken()
        frames: list[Frame] = []
        with closing(camera.frames(settings, cancel)) as stream:
            for frame in stream:
                frames.append(frame)
                if frame.number == 3:
                    cancel.cancel()
        assert [frame.number for frame in frames] == [1, 2, 3]

    def test_a_cancel_ends_a_stream_that_hangs(
        self, camera: Camera, settings: CameraSettings, make_trouble: MakeTrouble
    ) -> None:
        require(make_trouble(FaultKind.HANG, 2), FaultKind.HANG)
        cancel = CancelToken()
        with closing(camera.frames(settings, cancel)) as stream:
            assert next(stream).number == 1
            timer = cancel_soon(cancel)
            assert list(stream) == []
            timer.join()

    def test_a_still_is_taken_between_two_frames(self, camera: Camera, settings: CameraSettings) -> None:
        with closing(camera.frames(settings, CancelToken())) as stream:
            assert next(stream).number == 1
            still = camera.still(settings, CancelToken())
            assert next(stream).number == 2
        assert still.pixels.ndim == 3
        assert still.pixels.shape[0] >= settings.height_px
        assert still.pixels.shape[1] >= settings.width_px
        assert not still.pixels.flags.writeable

    def test_a_stream_that_nobody_reads_to_its_end_leaves_the_camera_usable(
        self, camera: Camera, settings: CameraSettings
    ) -> None:
        for _ in range(2):
            stream = camera.frames(settings, CancelToken())
            assert next(stream).number == 1
            stream.close()

    def test_a_camera_that_goes_away_is_lost(
        self, camera: Camera, settings: CameraSettings, make_trouble: MakeTrouble
    ) -> None:
        require(make_trouble(FaultKind.UNPLUG, 3), FaultKind.UNPLUG)
        with pytest.raises(DeviceLost) as caught, closing(camera.frames(settings, CancelToken())) as stream:
            for frame in stream:
                assert frame.number < 3, "the camera was to go away at frame 3"
        assert caught.value.context["device"] == camera.info.id
