"""The simulated scanner and camera keep the same contract as real ones, and fail when a script says so."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from drivers.simulated.driver import SimulatedDriver
from drivers.simulated.props import CAMERA_ID, READER_ID, SCANNER_ID
from station.devices.cancel import CancelToken
from station.devices.device import Camera, Scanner
from station.devices.driver import Driver
from station.errors import (
    Cancelled,
    CoverOpen,
    DeviceLost,
    DeviceNotFound,
    FeederEmpty,
    PaperJam,
    SettingsError,
    Unsupported,
)
from station.model.capability import Area, CameraSettings, ColourMode, ScanSettings, Source
from station.model.image import Page
from station.model.specimen import Fault, FaultKind, Paper, PaperKind, Props, Sitter
from station.model.swipe import Swipe, SwipeKind
from tests.contracts import CameraContract, MakeTrouble, ScannerContract, cancel_soon, scanned
from tests.reader_contract import ReaderContract

FLATBED = ScanSettings(Source.FLATBED, ColourMode.GREY, 75)
FEEDER = replace(FLATBED, source=Source.FEEDER)
DUPLEX = replace(FLATBED, source=Source.DUPLEX)
FOUR_SHEETS = (Paper(PaperKind.LETTER), Paper(PaperKind.FORM), Paper(PaperKind.BLANK), Paper(PaperKind.FORM))


@pytest.fixture
def driver() -> SimulatedDriver:
    driver = SimulatedDriver()
    driver.configure({"pace": "instant"})
    driver.props.lay(FOUR_SHEETS)
    return driver


def opener(driver: SimulatedDriver, device_id: str) -> Callable[[], Any]:
    info = next(info for info in driver.find() if info.id == device_id)
    return lambda: driver.open(info)


def troublemaker(driver: SimulatedDriver, device_id: str) -> MakeTrouble:
    def make(kind: FaultKind, at: int = 1) -> bool:
        driver.props.trouble(device_id, Fault(kind, at))
        return True

    return make


class TestSimulatedScanner(ScannerContract):
    """The contract, in every colour mode."""

    @pytest.fixture
    def open_device(self, driver: SimulatedDriver) -> Callable[[], Any]:
        return opener(driver, SCANNER_ID)

    @pytest.fixture(params=list(ColourMode))
    def settings(self, request: pytest.FixtureRequest) -> ScanSettings:
        return replace(FLATBED, mode=request.param)

    @pytest.fixture
    def feeder_settings(self) -> ScanSettings:
        return FEEDER

    @pytest.fixture
    def make_trouble(self, driver: SimulatedDriver) -> MakeTrouble:
        return troublemaker(driver, SCANNER_ID)


class TestSimulatedCamera(CameraContract):
    """The contract, in both sizes."""

    @pytest.fixture
    def open_device(self, driver: SimulatedDriver) -> Callable[[], Any]:
        return opener(driver, CAMERA_ID)

    @pytest.fixture(params=[(1920, 1080), (1280, 720)])
    def settings(self, request: pytest.FixtureRequest) -> CameraSettings:
        return CameraSettings(*request.param)

    @pytest.fixture
    def make_trouble(self, driver: SimulatedDriver) -> MakeTrouble:
        return troublemaker(driver, CAMERA_ID)


class TestSimulatedReader(ReaderContract):
    """The contract; the reader stands there once its plug is in."""

    @pytest.fixture
    def open_device(self, driver: SimulatedDriver) -> Callable[[], Any]:
        driver.props.plug(READER_ID, connected=True)
        return opener(driver, READER_ID)

    @pytest.fixture
    def send(self, driver: SimulatedDriver) -> Callable[..., None]:
        def send(*lines: str) -> None:
            document = len(lines) > 1
            kind = SwipeKind.DOCUMENT if document else SwipeKind.CODE
            driver.props.swipe(Swipe(kind, lines if document else (), "" if document else lines[0]))

        return send

    @pytest.fixture
    def unplug(self, driver: SimulatedDriver) -> Callable[[], None]:
        return lambda: driver.props.plug(READER_ID, connected=False)


@pytest.fixture
def scanner(driver: SimulatedDriver) -> Scanner:
    scanner: Scanner = opener(driver, SCANNER_ID)()
    return scanner


@pytest.fixture
def camera(driver: SimulatedDriver) -> Camera:
    camera: Camera = opener(driver, CAMERA_ID)()
    return camera


def test_the_driver_and_its_props_are_what_the_station_expects(driver: SimulatedDriver) -> None:
    assert isinstance(driver, Driver)
    props: Props = driver.props
    props.seat(Sitter(seed=2))
    assert [info.id for info in driver.find()] == [SCANNER_ID, CAMERA_ID]
    assert all(info.simulated and info.serial for info in driver.find())


@pytest.mark.parametrize("options", [{"pace": "hasty"}, {"speed": 1}])
def test_settings_that_it_does_not_know_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        SimulatedDriver().configure(options)
    assert caught.value.context["key"] in options


def test_the_glass_shows_the_first_sheet_and_keeps_it(scanner: Scanner, driver: SimulatedDriver) -> None:
    (first,), (again,) = scanned(scanner, FLATBED), scanned(scanner, FLATBED)
    assert np.array_equal(first.pixels, again.pixels)
    assert first.pixels.min() < 60, "a letter has dark print"
    driver.props.lay(())
    (empty,) = scanned(scanner, FLATBED)
    assert empty.pixels.min() == empty.pixels.max()


def test_the_feeder_is_empty_after_its_sheets(scanner: Scanner) -> None:
    assert len(scanned(scanner, FEEDER)) == 4
    with pytest.raises(FeederEmpty):
        scanned(scanner, FEEDER)
    assert len(scanned(scanner, FLATBED)) == 1


def test_duplex_gives_a_back_to_every_front(scanner: Scanner) -> None:
    pages = scanned(scanner, DUPLEX)
    assert [page.back for page in pages] == [False, True] * 4
    assert [page.number for page in pages] == list(range(1, 9))
    assert all(page.pixels.min() == page.pixels.max() for page in pages if page.back)


def test_a_pressed_key_is_remembered_until_it_is_asked_for(driver: SimulatedDriver) -> None:
    scanner = opener(driver, SCANNER_ID)()
    assert scanner.pressed() == ()
    driver.props.press("scan")
    driver.props.press("scan")
    assert scanner.pressed() == ("scan",)
    assert scanner.pressed() == ()
    with pytest.raises(Unsupported):
        driver.props.press("fax")
    driver.props.plug(SCANNER_ID, connected=False)
    with pytest.raises(DeviceLost):
        scanner.pressed()


def test_after_a_jam_the_stuck_sheet_comes_first(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.trouble(SCANNER_ID, Fault(FaultKind.JAM, at=3))
    with pytest.raises(PaperJam):
        scanned(scanner, FEEDER)
    third, fourth = scanned(scanner, FEEDER)
    assert third.pixels.min() == third.pixels.max(), "the third sheet is blank"
    assert fourth.pixels.min() < 60


def test_trouble_comes_as_often_as_it_was_scripted(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.trouble(SCANNER_ID, Fault(FaultKind.COVER, times=2))
    for _ in range(2):
        with pytest.raises(CoverOpen):
            scanned(scanner, FLATBED)
    assert len(scanned(scanner, FLATBED)) == 1


def test_a_scripted_bug_is_no_error_that_the_station_knows(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.trouble(SCANNER_ID, Fault(FaultKind.RAISE))
    with pytest.raises(RuntimeError):
        scanned(scanner, FLATBED)


def test_a_camera_cannot_jam_and_strangers_cannot_fail(driver: SimulatedDriver) -> None:
    with pytest.raises(Unsupported):
        driver.props.trouble(CAMERA_ID, Fault(FaultKind.JAM))
    with pytest.raises(DeviceNotFound):
        driver.props.trouble("simulated:other", Fault(FaultKind.BUSY))
    with pytest.raises(DeviceNotFound):
        driver.props.plug("simulated:other", connected=False)


def test_a_pulled_plug_hides_the_device_and_what_was_open_stays_lost(
    scanner: Scanner, driver: SimulatedDriver
) -> None:
    info = scanner.info
    driver.props.plug(SCANNER_ID, connected=False)
    assert [other.id for other in driver.find()] == [CAMERA_ID]
    with pytest.raises(DeviceNotFound):
        driver.open(info)
    driver.props.plug(SCANNER_ID, connected=True)
    with pytest.raises(DeviceLost):
        scanned(scanner, FLATBED)
    fresh = opener(driver, SCANNER_ID)()
    assert len(scanned(fresh, FLATBED)) == 1


def test_the_cable_pulled_while_the_scanner_hangs_ends_the_scan(
    scanner: Scanner, driver: SimulatedDriver
) -> None:
    driver.props.trouble(SCANNER_ID, Fault(FaultKind.HANG, at=2))
    pages: list[Page] = []
    run = scanner.scan(FEEDER, CancelToken())
    pages.append(next(run))
    pull = CancelToken()
    pull.on_cancel(lambda: driver.props.plug(SCANNER_ID, connected=False))
    timer = cancel_soon(pull)
    with pytest.raises(DeviceLost) as caught:
        next(run)
    timer.join()
    assert caught.value.context["kept"] == len(pages) == 1


def test_a_page_at_the_real_pace_can_be_cancelled(driver: SimulatedDriver) -> None:
    driver.configure({"pace": "real"})
    scanner = opener(driver, SCANNER_ID)()
    cancel = CancelToken()
    timer = cancel_soon(cancel)
    with pytest.raises(Cancelled):
        scanned(scanner, FLATBED, cancel)
    timer.join()


@pytest.mark.parametrize(
    "area", [Area(-1, 0, 50, 50), Area(0, 0, 211, 50), Area(0, 0, 50, 298), Area(10, 10, 0, 50)]
)
def test_an_area_beyond_the_glass_is_refused(scanner: Scanner, area: Area) -> None:
    with pytest.raises(Unsupported) as caught:
        scanned(scanner, replace(FLATBED, area=area))
    assert caught.value.context["setting"] == "area"


def test_an_area_is_the_same_part_of_the_whole_glass(scanner: Scanner) -> None:
    (whole,) = scanned(scanner, FLATBED)
    (part,) = scanned(scanner, replace(FLATBED, area=Area(25.4, 50.8, 76.2, 25.4)))
    assert np.array_equal(part.pixels, whole.pixels[150:225, 75:300])


def test_whoever_is_seated_is_seen_from_the_next_frame_on(camera: Camera, driver: SimulatedDriver) -> None:
    settings = CameraSettings(1280, 720)
    with closing(camera.frames(settings, CancelToken())) as stream:
        person = next(stream).pixels.astype(int)
        driver.props.seat(Sitter(present=False))
        nobody = next(stream).pixels.astype(int)
    middle = (slice(300, 600), slice(560, 720))
    assert person[middle].std() > 4 * nobody[middle].std()


def test_frames_move_a_little(camera: Camera) -> None:
    with closing(camera.frames(CameraSettings(1280, 720), CancelToken())) as stream:
        first, *_, last = islice(stream, 5)
    assert not np.array_equal(first.pixels, last.pixels)
