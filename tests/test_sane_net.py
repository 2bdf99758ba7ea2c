"""SANE over the network: a real saned on an address of this machine's own, through the backend `net`."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from drivers.sane.driver import SaneDriver
from station.devices.cancel import CancelToken
from station.errors import DeviceLost, DeviceOffline, DeviceTimeout
from station.model.capability import Area, ColourMode, DeviceInfo, DeviceKind, ScanSettings, Source
from station.model.image import Page
from tests.contracts import scanned

pytestmark = pytest.mark.system("sane-utils")

SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75, Area(0, 0, 60, 40))
SLOW_PILE = ScanSettings(Source.FEEDER, ColourMode.GREY, 75, Area(0, 0, 200, 200))
"""348 kB a page: more than a second with `SLOWLY`."""

SLOWLY = "read-delay true\nread-delay-duration 200000\n"
"""A fifth of a second for each 64 KiB."""


class Server:
    """A saned of our own. The port is fixed, so each test's server has an address of its own in 127.0.0.0/8."""

    def __init__(self, folder: Path) -> None:
        self.host = f"127.{os.getpid() >> 8 & 127 | 1}.{os.getpid() & 255}.7"
        self.there, self.here = folder / "there", folder / "here"
        for place in (self.there, self.here):
            place.mkdir()
        (self.there / "dll.conf").write_text("test\n")
        (self.there / "saned.conf").write_text("127.0.0.0/8\n")
        (self.here / "dll.conf").write_text("net\n")
        (self.here / "net.conf").write_text(f"connect_timeout = 30\n{self.host}\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, presets: str = "") -> None:
        """Start to serve two devices; what clients see is waited for by `find`."""
        (self.there / "test.conf").write_text(f"number_of_devices 2\nresolution 50.0\n{presets}")
        self._process = subprocess.Popen(
            [which("saned", path=os.environ["PATH"] + ":/usr/sbin") or "saned", "-l", "-b", self.host, "-e"],
            env=os.environ | {"SANE_CONFIG_DIR": str(self.there)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """End the server and what it forked for its clients, as a power cut does."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def driver(self) -> SaneDriver:
        driver = SaneDriver()
        driver.configure({"config_dir": str(self.here)})
        return driver

    def find(self, driver: SaneDriver) -> list[DeviceInfo]:
        """Look until the server answers."""
        end = time.monotonic() + 60
        while not (found := driver.find()) and time.monotonic() < end:
            time.sleep(0.1)
        return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


def test_a_scanner_behind_a_server_is_found_and_scans_as_one_of_our_own(server: Server) -> None:
    server.start()
    driver = server.driver()
    found = server.find(driver)
    name = f"net:{server.host}:test"
    assert [info.id for info in found] == [f"sane:{name}:0", f"sane:{name}:1"]
    assert all(info.kind is DeviceKind.SCANNER and info.simulated for info in found)
    with closing(driver.open(found[1])) as scanner:
        able = scanner.capabilities()
        assert able.sources == (Source.FLATBED, Source.FEEDER)
        assert able.area_mm == (200, 200)
        (page,) = scanned(scanner, SMALL)
        assert page.pixels.shape == (118, 177)  # 40 x 60 mm at 75 dpi
        assert len(scanned(scanner, replace(SMALL, source=Source.FEEDER))) == 9  # it counts the one before


def test_a_server_that_dies_in_a_page_ends_the_scan_and_is_scanned_with_when_it_is_back(server: Server) -> None:
    server.start(SLOWLY)
    driver = server.driver()
    info = server.find(driver)[0]
    pages: list[Page] = []
    with closing(driver.open(info)) as scanner:
        run = scanner.scan(SLOW_PILE, CancelToken())
        pages.append(next(run))
        server.kill()
        scanner._berth.silence_s = 2.0
        with pytest.raises((DeviceLost, DeviceTimeout)) as caught, closing(run):
            pages.extend(run)
        assert caught.value.context["kept"] == len(pages) < 10
        assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert driver.find() == []
    with pytest.raises(DeviceOffline):
        driver.open(info)
    server.start()
    assert server.find(driver)[0] == info
    with closing(driver.open(info)) as scanner:
        assert len(scanned(scanner, SMALL)) == 1
