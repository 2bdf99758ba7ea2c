"""A scan through the warm child process, against `scanimage` on the same backend of SANE (`test`, colour).

And a page over eSCL against a plain download of the same bytes from the same server: first the bytes alone,
then the whole scan with job, drawn page and decoded pixels, against the same requests without decoding.
"""

import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from drivers.escl.documents import Order
from drivers.escl.line import Line
from drivers.escl.place import place
from drivers.escl.scanner import EsclScanner, Limits
from drivers.sane.driver import SaneDriver
from drivers.simulated.escl_server import EsclServer
from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.model.capability import ColourMode, DeviceInfo, DeviceKind, ScanSettings, Source
from station.model.specimen import Paper, PaperKind

NAME = "scan"
RUNS = 7
RESOLUTIONS_DPI = (300, 600)
DEVICE = DeviceInfo("sane:test:0", DeviceKind.SCANNER, "sane", "test", "test:0")
TARGET = "at most 1.3 times scanimage"
DOWNLOADS = 31
ESCL_TARGET = "at most 1.3 times urllib"
A4 = ScanSettings(Source.FLATBED, ColourMode.COLOUR, 300)


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield (what, value, unit, target, value of the peer). Needs the Debian package sane-utils."""
    yield from _escl()
    with TemporaryDirectory() as folder:
        config = Path(folder)
        (config / "dll.conf").write_text("test\n")
        (config / "test.conf").write_text("number_of_devices 1\nresolution 50.0\n")
        driver = SaneDriver()
        driver.configure({"config_dir": folder})
        with closing(driver.open(DEVICE)) as scanner:
            for dpi in RESOLUTIONS_DPI:
                ours = _median_ms(partial(_scan, scanner, dpi))
                theirs = _median_ms(partial(_scanimage, config, dpi))
                yield f"200 x 200 mm in colour at {dpi} dpi", ours, "ms", TARGET, theirs


def _escl() -> Iterator[tuple[str, float, str, str, float | None]]:
    stage = Stage()
    stage.lay((Paper(PaperKind.FORM),))
    with EsclServer(stage) as server:
        address = place(server.url)
        assert address is not None
        scanner = EsclScanner(
            DeviceInfo("escl:x", DeviceKind.SCANNER, "escl", "", ""), address, Limits(), lambda _: None
        )
        with closing(scanner.scan(A4, CancelToken())) as run:
            (page,) = run
        assert page.encoded is not None
        server.serve_instead("page", page.encoded)
        line = Line(address, "escl:x", 5.0, lambda _: None)
        ask = partial(line.ask, "GET", f"{address.root}/page", limit_s=60.0, most_bytes=1 << 28)
        plain = partial(_downloaded, f"{server.url}/page")
        kb = len(page.encoded) // 1000
        ours, theirs = _medians_ms(ask, plain, DOWNLOADS)
        yield f"eSCL: {kb} kB, an A4 page at 300 dpi in colour", ours, "ms", ESCL_TARGET, theirs
        order = Order(A4.source, A4.mode, "image/jpeg", 300, 0, 0, 2480, 3508, open_end=False)
        whole, bare = _medians_ms(partial(_scan_a4, scanner), partial(_job, server.url, order.xml()), RUNS)
        yield "eSCL: the whole scan, decoded", whole, "ms", "", bare


def _downloaded(url: str, body: bytes | None = None, method: str = "GET") -> tuple[bytes, str]:
    with urllib.request.urlopen(urllib.request.Request(url, body, method=method)) as response:
        return response.read(), response.headers.get("Location", "")


def _job(url: str, xml: bytes) -> None:
    _, path = _downloaded(f"{url}/ScanJobs", xml, "POST")
    job = url.removesuffix("/eSCL") + path
    _downloaded(f"{job}/NextDocument")
    _downloaded(job, method="DELETE")


def _scan_a4(scanner: Scanner) -> None:
    with closing(scanner.scan(A4, CancelToken())) as run:
        list(run)


def _medians_ms(one: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[float, float]:
    """Measure in turns, so that both see the same weather."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for work, took in zip((one, other), times, strict=True):
            began = time.perf_counter()
            work()
            took.append((time.perf_counter() - began) * 1000)
    return median(times[0]), median(times[1])


def _scan(scanner: Scanner, dpi: int) -> None:
    with closing(scanner.scan(ScanSettings(resolution_dpi=dpi), CancelToken())) as run:
        for _ in run:
            pass


def _scanimage(config: Path, dpi: int) -> None:
    asked = f"--mode Color --resolution {dpi} -x 200 -y 200 --format pnm".split()
    subprocess.run(
        ["scanimage", "-d", DEVICE.address, *asked, "-o", str(config / "page.pnm")],
        env=os.environ | {"SANE_CONFIG_DIR": str(config)},
        check=True,
        capture_output=True,
    )


def _median_ms(work: Callable[[], None]) -> float:
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)
