"""Scanners of the SANE project: on a library that plays trouble, and on SANE's own `test` and `pnm` backends."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.outboard import OutboardScanner
from drivers.sane import face
from drivers.sane.api import FrameFormat, Kind, Option, Parameters, Range, Unit
from drivers.sane.driver import SaneDriver
from drivers.sane.face import SaneScanner
from drivers.sane.picture import pixels_of
from drivers.sane.status import Status
from station.devices.cancel import CancelToken
from station.errors import (
    AccessDenied,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DriverFault,
    DriverNotLoaded,
    FeederEmpty,
    PageTruncated,
    PaperJam,
    SettingsError,
    StationError,
    Unsupported,
)
from station.model.capability import (
    Area,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ResolutionRange,
    ScanSettings,
    Source,
)
from station.model.image import MM_PER_INCH, Page
from station.model.specimen import FaultKind
from tests.contracts import MakeTrouble, ScannerContract, scanned
from tests.fake_sane import FakeSane

SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75)
NAMED: dict[FaultKind, Status | str] = {
    FaultKind.JAM: Status.JAMMED,
    FaultKind.COVER: Status.COVER_OPEN,
    FaultKind.BUSY: Status.DEVICE_BUSY,
    FaultKind.UNPLUG: Status.IO_ERROR,
    FaultKind.TRUNCATE: "cut",
    FaultKind.HANG: "block",
}


# -- on a library that plays trouble ---------------------------------------------------------------------------


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeSane:
    monkeypatch.setattr(face, "SETTLE_S", 0.0)
    monkeypatch.setattr(face, "PATIENCE_S", 0.05)
    return FakeSane()


def on(library: FakeSane) -> SaneScanner:
    info = DeviceInfo("sane:fake:0", DeviceKind.SCANNER, "sane", "A fake", "fake:0")
    return SaneScanner(info, library, 1, {})


class TestScannerOnAFakeLibrary(ScannerContract):
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
    canceller = threading.Timer(0.1, cancel.cancel)
    canceller.start()
    with pytest.raises(Cancelled):
        scanned(on(library), SMALL, cancel)
    canceller.join()
    assert library.cancelled_on == [canceller.name, threading.current_thread().name]


def test_a_status_that_no_standard_knows_is_a_fault_with_its_number(library: FakeSane) -> None:
    library.read = lambda *_: exec_refusal(99)  # type: ignore[method-assign]
    with pytest.raises(DriverFault) as caught:
        scanned(on(library), SMALL)
    assert caught.value.context["detail"] == "status 99"


def exec_refusal(status: int) -> None:
    from drivers.sane.status import SaneRefusal

    raise SaneRefusal(status)


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
    option = Option(1, "br-x", Kind.FIXED, Unit.MM, 4, True, Range(0, 215.899993, 0))
    assert option.allows(215.9)
    assert not option.allows(216)
    assert not option.allows("Flatbed")


# -- the driver's own table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"confg_dir": "."}, "unknown_key"),
        ({"config_dir": "no/such/folder"}, "not_a_folder"),
        ({"timeout_s": 0}, "not_positive"),
        ({"timeout_s": True}, "not_positive"),
        ({"settings": {"filename": ["a"]}}, "not_a_table"),
    ],
)
def test_a_wrong_setting_is_refused(options: dict[str, object], problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SaneDriver().configure(options)
    assert caught.value.context["problem"] == problem


def test_a_machine_without_libsane_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.sane.api.LIBRARY", "libsane-that-is-not-there.so.1")
    with pytest.raises(DriverNotLoaded) as caught:
        list(face.SaneFace().find())
    assert caught.value.context["detail"] == "libsane-that-is-not-there.so.1"


# -- on SANE's own backends ------------------------------------------------------------------------------------

real = pytest.mark.system("sane-utils")


class Bench:
    """A configuration folder of its own, and scanners opened from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[OutboardScanner] = []
        (folder / "dll.conf").write_text("test\npnm\n")
        self.preset()

    def preset(self, **lines: object) -> None:
        """Write the test backend's configuration: its options as they are when libsane starts."""
        presets = {"number_of_devices": 2, "resolution": 50.0} | {
            name.replace("_", "-"): value for name, value in lines.items()
        }
        (self.folder / "test.conf").write_text("".join(f"{name} {value}\n" for name, value in presets.items()))

    def driver(self, **settings: object) -> SaneDriver:
        driver = SaneDriver()
        driver.configure({"config_dir": str(self.folder), "settings": settings})
        return driver

    def open(self, address: str = "test:0", **settings: object) -> OutboardScanner:
        info = DeviceInfo(f"sane:{address}", DeviceKind.SCANNER, "sane", "A backend", address)
        self.opened.append(self.driver(**settings).open(info))
        return self.opened[-1]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for scanner in bench.opened:
        scanner.close()


def end_child(scanner: OutboardScanner) -> None:
    """Kill the child and wait until it is dead; it stays unburied for its owner."""
    os.kill(scanner.child_pid, 9)
    os.waitid(os.P_PID, scanner.child_pid, os.WEXITED | os.WNOWAIT)


SLOWEST = {"read-delay": True, "read-delay-duration": 200_000}
"""A fifth of a second for each 64 KiB."""

HUGE = ScanSettings(Source.FLATBED, ColourMode.COLOUR, 600)
"""66.9 MB: with `SLOWEST` more than three minutes."""


@real
class TestScannerOnTheTestBackend(ScannerContract):
    @pytest.fixture
    def open_device(self, bench: Bench) -> Callable[[], OutboardScanner]:
        return lambda: bench.open()

    @pytest.fixture
    def settings(self) -> ScanSettings:
        return replace(SMALL, mode=ColourMode.BINARY)

    @pytest.fixture
    def feeder_settings(self) -> ScanSettings:
        return replace(SMALL, source=Source.FEEDER)

    @pytest.fixture
    def make_trouble(self, bench: Bench, scanner: OutboardScanner) -> MakeTrouble:
        def make(kind: FaultKind, at: int = 1) -> bool:
            statuses = {
                FaultKind.COVER: "COVER_OPEN",
                FaultKind.BUSY: "DEVICE_BUSY",
                FaultKind.UNPLUG: "IO_ERROR",
            }
            if at != 1 or kind not in (*statuses, FaultKind.HANG):
                return False
            if kind is FaultKind.HANG:
                bench.preset(
                    read_delay="true", read_delay_duration=200_000, read_limit="true", read_limit_size=100
                )
            else:
                bench.preset(read_status_code=f'"SANE_STATUS_{statuses[kind]}"')
            end_child(scanner)  # libsane reads its configuration once
            return True

        return make


@real
def test_the_devices_of_the_configuration_are_found(bench: Bench) -> None:
    found = {info.id: info for info in bench.driver().find()}
    assert found.keys() == {"sane:test:0", "sane:test:1", "sane:pnm:0", "sane:pnm:1"}
    assert found["sane:test:1"].name == "Noname frontend-tester"
    assert all(info.simulated and info.driver == "sane" for info in found.values())


@real
def test_a_device_that_is_not_there_is_not_found(bench: Bench) -> None:
    with pytest.raises(DeviceNotFound) as caught:
        bench.open("test:9")
    assert caught.value.context == {"device": "sane:test:9"}


@real
def test_capabilities_come_from_the_real_options(bench: Bench) -> None:
    able = bench.open().capabilities()
    assert able.sources == (Source.FLATBED, Source.FEEDER)
    assert able.modes == (ColourMode.COLOUR, ColourMode.GREY, ColourMode.BINARY)
    assert able.resolutions_dpi == ResolutionRange(1, 1200)
    assert able.area_mm == (200, 200)


STATUSES: dict[str, tuple[type[StationError], dict[str, object]]] = {
    "UNSUPPORTED": (DriverFault, {"detail": "UNSUPPORTED"}),
    "CANCELLED": (Cancelled, {}),
    "DEVICE_BUSY": (DeviceBusy, {}),
    "INVAL": (DriverFault, {"detail": "INVAL"}),
    "EOF": (PageTruncated, {"rows": 0, "expected": 591}),
    "JAMMED": (PaperJam, {}),
    "NO_DOCS": (FeederEmpty, {}),
    "COVER_OPEN": (CoverOpen, {}),
    "IO_ERROR": (DeviceLost, {}),
    "NO_MEM": (DriverFault, {"detail": "NO_MEM"}),
    "ACCESS_DENIED": (AccessDenied, {}),
}


@real
@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_our_word_and_the_next_scan_works(bench: Bench, status: str) -> None:
    kind, facts = STATUSES[status]
    scanner = bench.open(**{"read-return-value": f"SANE_STATUS_{status}"})
    with pytest.raises(kind) as caught:
        scanned(scanner, SMALL)
    assert caught.value.context == {"device": "sane:test:0", "kept": 0} | facts
    # the same child again: it must not be stuck
    before = scanner.child_pid
    with pytest.raises(kind):
        scanned(scanner, SMALL)
    assert scanner.child_pid == before


@real
def test_an_empty_feeder_is_found_out_at_the_start_and_a_full_one_gives_ten_pages(bench: Bench) -> None:
    settings = replace(SMALL, source=Source.FEEDER, area=Area(0, 0, 30, 30))
    assert [page.number for page in scanned(bench.open(), settings)] == list(range(1, 11))


@real
def test_two_scanners_work_at_once(bench: Bench) -> None:
    pages: dict[str, Page] = {}
    together = threading.Barrier(2, timeout=60)

    def work(address: str, mode: ColourMode) -> None:
        scanner = bench.open(address)
        together.wait()
        with closing(scanner.scan(replace(SMALL, mode=mode), CancelToken())) as run:
            pages[address] = next(run)
            together.wait()

    lanes = [
        threading.Thread(target=work, args=case)
        for case in (("test:0", ColourMode.GREY), ("test:1", ColourMode.COLOUR))
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert (pages["test:0"].pixels.ndim, pages["test:1"].pixels.ndim) == (2, 3)


@real
def test_a_cancel_in_the_middle_of_a_page_leaves_the_child_in_working_order(bench: Bench) -> None:
    scanner = bench.open(**SLOWEST)
    before = scanner.child_pid
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        scanned(scanner, HUGE, cancel)
    timer.join()
    assert len(scanned(scanner, replace(SMALL, area=Area(0, 0, 20, 20)))) == 1
    assert scanner.child_pid == before


@real
def test_a_child_killed_in_the_middle_of_a_page_is_a_lost_device_and_the_next_scan_works(bench: Bench) -> None:
    scanner = bench.open(**SLOWEST)
    timer = threading.Timer(0.2, os.kill, (scanner.child_pid, 9))
    timer.start()
    with pytest.raises(DeviceLost) as caught:
        scanned(scanner, HUGE)
    timer.join()
    assert caught.value.context == {"device": "sane:test:0", "kept": 0, "detail": "signal 9"}
    assert len(scanned(scanner, replace(SMALL, area=Area(0, 0, 20, 20)))) == 1


@real
@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({"depth": 16, "test-picture": "Solid white"}, (591, 591)),
        ({"hand-scanner": True, "test-picture": "Solid white"}, None),
        ({"read-limit": True, "read-limit-size": 7, "test-picture": "Solid white"}, (591, 591)),
    ],
    ids=["16 bit", "height unknown", "seven bytes at a time"],
)
def test_odd_ways_to_send_a_page_give_the_same_white_page(
    bench: Bench, settings: dict[str, object], shape: tuple[int, int] | None
) -> None:
    (page,) = scanned(bench.open(**settings), SMALL)
    # 200 mm at 75 dpi are 590.6 pixels
    assert shape is None or np.abs(np.subtract(page.pixels.shape, shape)).max() <= 1
    assert np.all(page.pixels == 255)


@real
def test_three_passes_give_the_colours_of_one(bench: Bench) -> None:
    settings = replace(SMALL, mode=ColourMode.COLOUR)
    (one,) = scanned(bench.open("test:0", **{"test-picture": "Color pattern"}), settings)
    (three,) = scanned(
        bench.open(
            "test:1", **{"test-picture": "Color pattern", "three-pass": True, "three-pass-order": "BGR"}
        ),
        settings,
    )
    assert len(np.unique(one.pixels)) > 2
    assert np.array_equal(one.pixels, three.pixels)


@pytest.fixture
def photograph(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """Draw a seeded colour picture and write it as PPM."""
    pixels = np.random.default_rng(7).integers(0, 256, (90, 70, 3), np.uint8)
    file = tmp_path / "page.ppm"
    file.write_bytes(b"P6\n70 90\n255\n" + pixels.tobytes())
    return file, pixels


@real
def test_a_real_picture_comes_through_bit_for_bit(bench: Bench, photograph: tuple[Path, np.ndarray]) -> None:
    file, pixels = photograph
    scanner = bench.open("pnm:0", filename=str(file))
    (page,) = scanned(scanner, replace(SMALL, mode=ColourMode.COLOUR))
    assert np.array_equal(page.pixels, pixels)
    assert page.dpi == (75, 75)
    able = scanner.capabilities()
    assert (able.sources, able.modes, able.area_mm) == (None, None, None)


@real
def test_a_jam_of_the_other_backend_is_a_jam_too(bench: Bench, photograph: tuple[Path, np.ndarray]) -> None:
    scanner = bench.open("pnm:0", filename=str(photograph[0]), **{"status": True, "status-jammed": True})
    with pytest.raises(PaperJam):
        scanned(scanner, SMALL)


@real
def test_an_option_of_the_technician_that_is_not_offered_is_named(bench: Bench) -> None:
    with pytest.raises(Unsupported) as caught:
        scanned(bench.open(**{"test-picture": "Mona Lisa"}), SMALL)
    assert caught.value.context == {"device": "sane:test:0", "setting": "test-picture", "value": "Mona Lisa"}
