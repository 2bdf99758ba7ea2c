"""A driver in a child process: what travels, and what the station sees of hangs, crashes and bugs."""

import fcntl
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from drivers.outboard import OutboardDriver, OutboardScanner, child, wire
from station.devices.cancel import CancelToken
from station.errors import (
    Cancelled,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DeviceTimeout,
    DriverFault,
    PaperJam,
    StationError,
)
from station.model.capability import Area, ColourMode, ScanSettings, Source
from station.model.image import Page
from tests import outboard_driver

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="child processes are driven the POSIX way")

TARGET = "tests.outboard_driver:FakeDriver"
PATIENT_S = 60.0
TROUBLED = ScanSettings(resolution_dpi=300)
PEACEFUL = ScanSettings(resolution_dpi=75)

Open = Callable[[str], OutboardScanner]


@pytest.fixture
def open_scanner() -> Iterator[Open]:
    """Open fake devices by address; a grace of 30 s is for a busy machine, the deaf device gets less."""
    opened: list[OutboardScanner] = []

    def open_one(address: str) -> OutboardScanner:
        driver = OutboardDriver("fake", TARGET, PATIENT_S, grace_s=0.2 if address == "deaf" else 30.0)
        opened.append(driver.open(outboard_driver.info(address)))
        return opened[-1]

    yield open_one
    for scanner in opened:
        scanner.close()


def collect(scanner: OutboardScanner, settings: ScanSettings, error: type[StationError]) -> tuple:
    """Scan until the expected error; returns the numbers of the pages before it, and the error."""
    pages: list[Page] = []
    with pytest.raises(error) as caught, closing(scanner.scan(settings, CancelToken())) as run:
        pages.extend(run)
    return [page.number for page in pages], caught.value


def scans_well(scanner: OutboardScanner) -> bool:
    with closing(scanner.scan(PEACEFUL, CancelToken())) as run:
        return [page.number for page in run] == [1, 2, 3]


def test_devices_are_found_in_a_child() -> None:
    driver = OutboardDriver("fake", TARGET, PATIENT_S)
    driver.configure({"devices": "full choice"})
    assert driver.find() == [outboard_driver.info("full"), outboard_driver.info("choice")]


def test_a_device_that_our_own_child_holds_is_found_though_the_library_hides_it(tmp_path: Path) -> None:
    driver = OutboardDriver("fake", TARGET, PATIENT_S)
    driver.configure({"devices": "full choice", "shy": str(tmp_path)})
    both = [outboard_driver.info("full"), outboard_driver.info("choice")]
    assert driver.find() == both
    scanner = driver.open(both[0])
    assert [info.address for info in driver.find()] == ["choice", "full"]
    assert [info.address for info in driver.find()] == ["choice", "full"]
    scanner.close()
    assert driver.find() == both


def test_a_device_that_is_named_while_it_is_open_is_gone_once_it_is_not(tmp_path: Path) -> None:
    driver = OutboardDriver("fake", TARGET, PATIENT_S)
    driver.configure({"devices": "full"})
    scanner = driver.open(outboard_driver.info("full"))
    assert driver.find() == [outboard_driver.info("full")]
    driver.configure({"devices": ""})
    assert driver.find() == []
    scanner.close()


def test_buttons_that_are_down_travel(open_scanner: Open) -> None:
    assert open_scanner("keys").pressed() == ("copy",)
    with pytest.raises(DeviceBusy):
        open_scanner("choice").pressed()


def test_capabilities_travel_unchanged(open_scanner: Open) -> None:
    assert open_scanner("full").capabilities() == outboard_driver.CAPABILITIES["full"]
    assert open_scanner("choice").capabilities() == outboard_driver.CAPABILITIES["choice"]
    assert open_scanner("keys").capabilities() == outboard_driver.CAPABILITIES["keys"]
    assert open_scanner("other").capabilities() == outboard_driver.CANNOT_TELL


def test_pages_travel_unchanged(open_scanner: Open) -> None:
    settings = ScanSettings(Source.DUPLEX, ColourMode.GREY, 200, Area(1, 2, 3, 4))
    with closing(open_scanner("full").scan(settings, CancelToken())) as run:
        pages = list(run)
    for number, page in enumerate(pages, start=1):
        sent = outboard_driver.page(number, settings)
        assert np.array_equal(page.pixels, sent.pixels)
        assert not page.pixels.flags.writeable
        facts = ("number", "dpi", "encoded", "media_type", "back")
        assert [getattr(page, name) for name in facts] == [getattr(sent, name) for name in facts]
    assert [page.back for page in pages] == [False, True, False]


def test_settings_travel_unchanged() -> None:
    for settings in (ScanSettings(Source.FEEDER, ColourMode.BINARY, 600, Area(1, 2.5, 3, 4)), ScanSettings()):
        assert wire.settings_from(json.loads(json.dumps(wire.header_of(settings)))) == settings


def test_every_failure_keeps_its_class_and_its_facts() -> None:
    for kind in wire._kinds(StationError):
        header = json.loads(json.dumps(wire.failure_of(kind(device="d", kept=2, odd=object()))))
        back = wire.failure_from(header, "other")
        assert type(back) is kind
        assert back.context == {"device": "d", "kept": 2, "odd": "object"}


def test_a_jam_keeps_the_pages_before_it_and_the_child(open_scanner: Open) -> None:
    scanner = open_scanner("jam")
    before = scanner.child_pid
    numbers, error = collect(scanner, TROUBLED, PaperJam)
    assert (numbers, error.context["kept"]) == ([1, 2], 2)
    assert scans_well(scanner)
    assert scanner.child_pid == before


def test_a_bug_is_named_by_its_type_alone_and_the_next_scan_works(
    open_scanner: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scanner = open_scanner("bug")
    numbers, error = collect(scanner, TROUBLED, DriverFault)
    assert numbers == [1, 2]
    assert error.context == {"device": "fake:bug", "detail": "ValueError"}
    assert scans_well(scanner)
    scanner.close()
    assert "ValueError" in caplog.text, "the place of the bug belongs into the log"
    assert "UTOPIA" not in caplog.text


def test_a_child_that_dies_is_a_lost_device_and_the_next_scan_works(open_scanner: Open) -> None:
    scanner = open_scanner("die")
    before = scanner.child_pid
    numbers, error = collect(scanner, TROUBLED, DeviceLost)
    assert numbers == [1, 2]
    assert error.context == {"device": "fake:die", "kept": 2, "detail": "signal 9"}
    assert scans_well(scanner)
    assert scanner.child_pid != before


def test_a_child_killed_between_two_scans_is_not_noticed(open_scanner: Open) -> None:
    scanner = open_scanner("full")
    pid = scanner.child_pid
    os.kill(pid, 9)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert scans_well(scanner)


def test_a_child_that_gives_no_sign_of_life_is_ended(open_scanner: Open) -> None:
    scanner = open_scanner("deaf")
    before = scanner.child_pid
    scanner._berth.silence_s = 0.5
    numbers, error = collect(scanner, TROUBLED, DeviceTimeout)
    scanner._berth.silence_s = PATIENT_S
    assert error.context == {"device": "fake:deaf", "seconds": 0.5, "kept": len(numbers)}
    assert scans_well(scanner)
    assert scanner.child_pid != before


def test_a_driver_that_looks_for_a_cancel_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "BEAT_S", 0.0)
    sent = BytesIO()
    child.BeatingToken(child.Voice(sent).beat).check()
    assert sent.getvalue() == wire.pack({"is": "beat"})[0]


def cancel_after_page_two(scanner: OutboardScanner) -> None:
    cancel = CancelToken()
    with closing(scanner.scan(TROUBLED, cancel)) as run:
        assert [next(run).number, next(run).number] == [1, 2]
        timer = threading.Timer(0.1, cancel.cancel)
        timer.start()
        with pytest.raises(Cancelled):
            next(run)
        timer.join()


def test_a_cancel_reaches_a_driver_that_blocks(open_scanner: Open) -> None:
    scanner = open_scanner("hang")
    before = scanner.child_pid
    cancel_after_page_two(scanner)
    assert scans_well(scanner)
    assert scanner.child_pid == before


def test_a_driver_that_is_deaf_to_a_cancel_is_ended(open_scanner: Open) -> None:
    scanner = open_scanner("deaf")
    before = scanner.child_pid
    cancel_after_page_two(scanner)
    assert scans_well(scanner)
    assert scanner.child_pid != before


def test_a_cancel_that_comes_late_harms_no_other_scan(open_scanner: Open) -> None:
    scanner = open_scanner("full")
    late = CancelToken()
    with closing(scanner.scan(PEACEFUL, late)) as run:
        assert len(list(run)) == 3
    with closing(scanner.scan(PEACEFUL, CancelToken())) as run:
        assert next(run).number == 1
        late.cancel()
        assert [page.number for page in run] == [2, 3]
    scanner.close()
    late.cancel()


def test_a_scan_that_nobody_reads_to_its_end_is_called_off(open_scanner: Open) -> None:
    scanner = open_scanner("hang")
    before = scanner.child_pid
    run = scanner.scan(TROUBLED, CancelToken())
    assert next(run).number == 1
    run.close()
    assert scans_well(scanner)
    assert scanner.child_pid == before


def test_what_a_library_prints_neither_disturbs_nor_floods(
    open_scanner: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scanner = open_scanner("noise")
    with closing(scanner.scan(TROUBLED, CancelToken())) as run:
        assert len(list(run)) == 3
    scanner.close()
    assert 0 < len(caplog.text) < 10_000


def test_a_device_that_is_not_there_leaves_no_child() -> None:
    with pytest.raises(DeviceNotFound):
        OutboardDriver("fake", TARGET, PATIENT_S).open(outboard_driver.info("gone"))


def test_a_driver_that_crashes_or_cannot_be_imported_is_a_fault() -> None:
    with pytest.raises(DriverFault) as caught:
        OutboardDriver("fake", TARGET, PATIENT_S).open(outboard_driver.info("crashes at once"))
    assert caught.value.context == {"device": "fake:crashes at once", "detail": "signal 6"}
    with pytest.raises(DriverFault) as caught:
        OutboardDriver("fake", "tests.no_such_module:Driver", PATIENT_S).find()
    assert caught.value.context == {"device": "fake", "detail": "ModuleNotFoundError"}


def test_the_child_ends_with_the_station(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    station = (
        "import os, sys\n"
        "from drivers.outboard import OutboardDriver\n"
        "from tests import outboard_driver\n"
        f"driver = OutboardDriver('fake', {TARGET!r})\n"
        "driver.configure({'lock': sys.argv[1]})\n"
        "scanner = driver.open(outboard_driver.info('full'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = Path(outboard_driver.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", station, str(lock)], cwd=root, check=False).returncode == -9
    end = time.monotonic() + 60
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                assert time.monotonic() < end, "the child lives on without its station"
                time.sleep(0.05)
