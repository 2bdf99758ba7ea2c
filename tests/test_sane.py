"""The driver `sane` with its child processes, on SANE's own backends `test` and `pnm`."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.outboard import OutboardScanner
from drivers.sane.driver import SaneDriver
from station.devices.cancel import CancelToken
from station.errors import (
    AccessDenied,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DriverFault,
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
from station.model.image import Page
from station.model.specimen import FaultKind
from tests.contracts import MakeTrouble, ScannerContract, scanned

SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75)


# -- the driver's own table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"config_folder": "."}, "unknown_key"),
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
    """The contract through a child process and the real libsane."""

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


# 200 mm at 75 dpi are 590.6 rows; the backend drops the part of a row
STATUSES: dict[str, tuple[type[StationError], dict[str, object]]] = {
    "UNSUPPORTED": (DriverFault, {"detail": "UNSUPPORTED"}),
    "CANCELLED": (Cancelled, {}),
    "DEVICE_BUSY": (DeviceBusy, {}),
    "INVAL": (DriverFault, {"detail": "INVAL"}),
    "EOF": (PageTruncated, {"rows": 0, "expected": 590}),
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
def test_two_scanners_of_one_driver_work_at_once_each_in_its_own_child(bench: Bench) -> None:
    pages: dict[str, Page] = {}
    together = threading.Barrier(2, timeout=60)
    driver = bench.driver()
    scanners = {info.address: driver.open(info) for info in driver.find() if "test" in info.address}
    bench.opened += scanners.values()
    assert len({scanner.child_pid for scanner in scanners.values()}) == 2

    def work(address: str, mode: ColourMode) -> None:
        scanner = scanners[address]
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
    child = scanner._berth.child
    jobs = child._job

    def kill_once_it_scans() -> None:
        while child._job == jobs:
            time.sleep(0.01)
        time.sleep(0.1)
        os.kill(child.pid, 9)

    killer = threading.Thread(target=kill_once_it_scans)
    killer.start()
    with pytest.raises(DeviceLost) as caught:
        scanned(scanner, HUGE)
    killer.join()
    assert caught.value.context == {"device": "sane:test:0", "kept": 0, "detail": "signal 9"}
    assert len(scanned(scanner, replace(SMALL, area=Area(0, 0, 20, 20)))) == 1


@real
@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({"depth": 16, "test-picture": "Solid white"}, (590, 590)),
        ({"hand-scanner": True, "test-picture": "Solid white"}, None),
        ({"read-limit": True, "read-limit-size": 7, "test-picture": "Solid white"}, (590, 590)),
    ],
    ids=["16 bit", "height unknown", "seven bytes at a time"],
)
def test_odd_ways_to_send_a_page_give_the_same_white_page(
    bench: Bench, settings: dict[str, object], shape: tuple[int, int] | None
) -> None:
    (page,) = scanned(bench.open(**settings), SMALL)
    assert shape in (None, page.pixels.shape)
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
@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("eof", PageTruncated),
        ("jammed", PaperJam),
        ("nodocs", FeederEmpty),
        ("coveropen", CoverOpen),
        ("ioerror", DeviceLost),
        ("nomem", DriverFault),
        ("accessdenied", AccessDenied),
    ],
)
def test_the_other_backend_speaks_the_same_language(
    bench: Bench, photograph: tuple[Path, np.ndarray], status: str, error: type[StationError]
) -> None:
    forced = {"filename": str(photograph[0]), "status": True, f"status-{status}": True}
    with pytest.raises(error):
        scanned(bench.open("pnm:0", **forced), replace(SMALL, mode=ColourMode.COLOUR))


@real
def test_an_option_of_the_technician_that_is_not_offered_is_named(bench: Bench) -> None:
    with pytest.raises(Unsupported) as caught:
        scanned(bench.open(**{"test-picture": "Mona Lisa"}), SMALL)
    assert caught.value.context == {"device": "sane:test:0", "setting": "test-picture", "value": "Mona Lisa"}
