"""The face of SANE on a library that plays trouble, and what becomes of the bytes that a scanner sends."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from drivers.sane import face
from drivers.sane.api import FrameFormat, Kind, Option, Parameters, Range, Unit
from drivers.sane.face import SaneScanner
from drivers.sane.picture import pixels_of
from drivers.sane.status import Status
from station.devices.cancel import CancelToken
from station.errors import (
    AccessDenied,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DriverFault,
    DriverNotLoaded,
    PageTruncated,
    PaperJam,
    Unsupported,
)
from station.model.capability import Area, ColourMode, DeviceInfo, DeviceKind, ScanSettings, Source
from station.model.image import MM_PER_INCH
from station.model.specimen import FaultKind
from tests.contracts import MakeTrouble, ScannerContract, cancel_soon, scanned
from tests.fake_sane import FakeSane

SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75)
NAMED: dict[FaultKind, int | str] = {
    FaultKind.JAM: Status.JAMMED,
    FaultKind.COVER: Status.COVER_OPEN,
    FaultKind.BUSY: Status.DEVICE_BUSY,
    FaultKind.UNPLUG: Status.IO_ERROR,
    FaultKind.TRUNCATE: "cut",
    FaultKind.HANG: "block",
}


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeSane:
    monkeypatch.setattr(face, "SETTLE_S", 0.0)
    monkeypatch.setattr(face, "PATIENCE_S", 0.05)
    monkeypatch.setattr(face, "BUSY_PAUSE_S", 0.0)
    monkeypatch.setattr(face, "BUSY_S", 0.0)
    fake = FakeSane()
    fake.buttons = {"scan": 0}
    return fake


def on(library: FakeSane) -> SaneScanner:
    info = DeviceInfo("sane:fake:0", DeviceKind.SCANNER, "sane", "A fake", "fake:0")
    return SaneScanner(info, library, 1, {})


class TestScannerOnAFakeLibrary(ScannerContract):
    """The contract with all troubles, in this process."""

    @pytest.fixture
    def open_device(self, library: FakeSane) -> Callable[[], SaneScanner]:
        return lambda: on(library)

    @pytest.fixture(params=ColourMode)
    def settings(self, request: pytest.FixtureRequest) -> ScanSettings:
        return replace(SMALL, mode=request.param)

    @pytest.fixture
    def feeder_settings(self) -> ScanSettings:
        return replace(SMALL, source=Source.FEEDER, area=Area(0, 0, 20, 10))

    @pytest.fixture
    def make_trouble(self, library: FakeSane) -> MakeTrouble:
        def make(kind: FaultKind, at: int = 1) -> bool:
            library.trouble = (NAMED[kind], at) if kind in NAMED else None
            return kind in NAMED

        return make


def test_settings_are_made_from_the_source_down_to_the_area(library: FakeSane) -> None:
    scanned(on(library), replace(SMALL, area=Area(5, 6, 20, 10)))
    edges = ["tl-x", "tl-y", "br-x", "br-y", "tl-x", "tl-y"]
    assert library.set_in_order == ["source", "mode", "resolution", *edges]
    assert [library.values[name] for name in ("tl-x", "tl-y", "br-x", "br-y")] == [5, 6, 25, 16]


def test_without_an_area_the_whole_glass_is_scanned_but_no_metres_of_the_feeder(library: FakeSane) -> None:
    (page,) = scanned(on(library), SMALL)
    assert page.pixels.shape == (round(297 / MM_PER_INCH * 75), round(216 / MM_PER_INCH * 75))
    (front, back, *_) = scanned(on(library), replace(SMALL, source=Source.DUPLEX))
    assert front.pixels.shape == (round(356 / MM_PER_INCH * 75), round(216 / MM_PER_INCH * 75))
    assert (front.back, back.back) == (False, True)


@pytest.mark.parametrize(
    "area", [Area(-1, 0, 10, 10), Area(200, 0, 30, 10), Area(0, 290, 10, 20)], ids=["left", "right", "bottom"]
)
def test_an_area_off_the_glass_is_refused(library: FakeSane, area: Area) -> None:
    with pytest.raises(Unsupported) as caught:
        scanned(on(library), replace(SMALL, area=area))
    assert caught.value.context["setting"] == "area"
    assert caught.value.context["device"] == "sane:fake:0"


def test_words_of_backends_are_understood(library: FakeSane) -> None:
    scanner = on(library)
    able = scanner.capabilities()
    assert able.sources == (Source.FLATBED, Source.FEEDER, Source.DUPLEX)
    assert able.modes == (ColourMode.COLOUR, ColourMode.GREY, ColourMode.BINARY)
    assert able.resolutions_dpi == (75, 150, 300)
    scanned(scanner, ScanSettings(Source.FEEDER, ColourMode.BINARY, 75))
    assert (library.values["source"], library.values["mode"]) == ("ADF Front", "Black & White")


def test_a_page_of_unknown_height_is_read_to_its_end(library: FakeSane) -> None:
    library.lines_known = False
    (page,) = scanned(on(library), replace(SMALL, resolution_dpi=300))
    assert page.pixels.shape == (round(297 / MM_PER_INCH * 300), round(216 / MM_PER_INCH * 300))
    assert np.all(page.pixels == 1)


def test_bytes_beyond_the_announced_page_are_dropped(library: FakeSane) -> None:
    library.surplus_bytes = 1_000_000
    (page,) = scanned(on(library), SMALL)
    assert page.pixels.shape[0] == round(297 / MM_PER_INCH * 75)


def test_three_passes_in_any_order_make_one_colour_page(library: FakeSane) -> None:
    library.three_pass = True
    (page,) = scanned(on(library), SMALL)
    # the fake gives each pass the number of its format times ten; SANE numbers red 2, green 3, blue 4
    assert page.pixels[0, 0].tolist() == [20, 30, 40]


def test_a_truncated_page_says_how_much_came(library: FakeSane) -> None:
    library.trouble = ("cut", 3)
    with pytest.raises(PageTruncated) as caught:
        scanned(on(library), replace(SMALL, source=Source.FEEDER, area=Area(0, 0, 20, 254)))
    assert caught.value.context == {"device": "sane:fake:0", "rows": 5, "expected": 750, "kept": 2}


def test_every_scan_ends_with_a_cancel_on_its_own_thread(library: FakeSane) -> None:
    scanned(on(library), SMALL)
    assert library.cancelled_on == [threading.current_thread().name]


def test_a_cancel_enters_the_library_only_when_the_scan_is_stuck_in_it(library: FakeSane) -> None:
    library.trouble = ("block", 1)
    cancel = CancelToken()
    canceller = threading.Thread(target=lambda: library.blocked.wait() and cancel.cancel())
    canceller.start()
    with pytest.raises(Cancelled):
        scanned(on(library), SMALL, cancel)
    canceller.join()
    assert library.cancelled_on == [canceller.name, threading.current_thread().name]


def test_a_status_that_no_standard_knows_is_a_fault_with_its_number(library: FakeSane) -> None:
    library.trouble = (99, 1)
    with pytest.raises(DriverFault) as caught:
        scanned(on(library), SMALL)
    assert caught.value.context["detail"] == "status 99"


@pytest.mark.parametrize("status", [-1405341888, -1, 256, 2**31 - 1])
def test_what_lay_in_memory_when_a_server_died_is_no_status_but_a_broken_line(
    library: FakeSane, status: int
) -> None:
    library.trouble = (status, 1)
    with pytest.raises(DeviceLost):
        scanned(on(library), SMALL)


AT_SHEET_3: dict[int, type[DeviceError]] = {
    Status.JAMMED: PaperJam,
    Status.COVER_OPEN: CoverOpen,
    Status.DEVICE_BUSY: DeviceBusy,
    Status.IO_ERROR: DeviceLost,
    Status.ACCESS_DENIED: AccessDenied,
    Status.NO_MEM: DriverFault,
    Status.INVAL: DriverFault,
}


@pytest.mark.parametrize("status", AT_SHEET_3)
def test_whatever_stops_the_third_sheet_the_first_two_are_kept(library: FakeSane, status: Status) -> None:
    library.trouble = (status, 3)
    pages = []
    run = on(library).scan(replace(SMALL, source=Source.FEEDER, area=Area(0, 0, 20, 10)), CancelToken())
    with pytest.raises(AT_SHEET_3[status]) as caught, closing(run):
        pages.extend(run)
    assert [page.number for page in pages] == [1, 2]
    assert caught.value.context["kept"] == 2


def test_a_device_that_is_busy_for_a_moment_is_asked_again(
    library: FakeSane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "BUSY_S", 60.0)
    library.busy_starts = 3
    assert len(scanned(on(library), SMALL)) == 1


def test_a_cancel_ends_the_wait_for_a_busy_device(library: FakeSane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "BUSY_S", 60.0)
    monkeypatch.setattr(face, "BUSY_PAUSE_S", 60.0)
    library.busy_starts = 1
    cancel = CancelToken()
    timer = cancel_soon(cancel)
    with pytest.raises(Cancelled):
        scanned(on(library), SMALL, cancel)
    timer.join()


@pytest.mark.parametrize(
    "odd",
    [
        {"width": 0, "lines": 0, "row_bytes": 0},
        {"lines": 0},
        {"row_bytes": 0},
        {"row_bytes": 5},
        {"width": -3},
        {"lines": 1 << 30},
    ],
    ids=str,
)
def test_a_page_that_cannot_be_is_a_fault_before_a_byte_is_read(library: FakeSane, odd: dict[str, int]) -> None:
    library.odd = odd
    with pytest.raises(DriverFault) as caught:
        scanned(on(library), SMALL)
    assert caught.value.context["kept"] == 0
    library.odd = {}
    assert len(scanned(on(library), SMALL)) == 1


def test_a_page_without_end_is_a_fault(library: FakeSane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "MOST_BYTES", 100_000)
    library.lines_known = False
    with pytest.raises(DriverFault):
        scanned(on(library), SMALL)


def test_reads_that_bring_nothing_are_no_sign_of_life(library: FakeSane) -> None:
    class Counting(CancelToken):
        checks = 0

        def check(self) -> None:
            self.checks += 1
            super().check()

    plain, slow = Counting(), Counting()
    scanned(on(library), SMALL, plain)
    library.empty_reads = 5
    scanned(on(library), SMALL, slow)
    assert slow.checks == plain.checks


# -- from bytes to pixels --------------------------------------------------------------------------------------


def picture(form: FrameFormat, depth: int, width: int, rows: list[list[int]]) -> np.ndarray:
    raw = np.array(rows, np.uint8)
    return pixels_of({form: (Parameters(form, True, raw.shape[1], width, len(rows), depth), raw)}, "d")


def test_padding_at_the_end_of_a_row_is_dropped() -> None:
    assert picture(FrameFormat.GREY, 8, 2, [[1, 2, 99], [3, 4, 99]]).tolist() == [[1, 2], [3, 4]]
    assert picture(FrameFormat.RGB, 8, 1, [[1, 2, 3, 99]]).tolist() == [[[1, 2, 3]]]


def test_one_bit_is_ink() -> None:
    # 0b10100000, 0b01xxxxxx: ten pixels
    assert picture(FrameFormat.GREY, 1, 10, [[0b10100000, 0b01111111]]).tolist() == [
        [0, 255, 0, 255, 255, 255, 255, 255, 255, 0]
    ]


def test_sixteen_bits_are_rounded_to_eight() -> None:
    words = np.array([[0, 128, 129, 0x8080, 65535]], np.uint16)  # 257 words make one step of eight bits
    assert picture(FrameFormat.GREY, 16, 5, words.view(np.uint8).tolist()).tolist() == [[0, 0, 1, 128, 255]]


@pytest.mark.parametrize(("form", "depth"), [(FrameFormat.GREY, 4), (FrameFormat.RED, 8), (FrameFormat.RGB, 1)])
def test_frames_that_make_no_picture_are_a_fault(form: FrameFormat, depth: int) -> None:
    with pytest.raises(DriverFault):
        picture(form, depth, 1, [[1, 2, 3]])


def test_a_range_holds_its_ends_though_fixed_point_rounds_them() -> None:
    option = Option(1, "br-x", Kind.FIXED, Unit.MM, 4, True, True, Range(0, 215.899993, 0))
    assert option.allows(215.9)
    assert not option.allows(216)
    assert not option.allows("Flatbed")


def test_a_machine_without_libsane_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.sane.api.LIBRARY", "libsane-that-is-not-there.so.1")
    with pytest.raises(DriverNotLoaded) as caught:
        list(face.SaneFace().find())
    assert caught.value.context["detail"] == "libsane-that-is-not-there.so.1"
