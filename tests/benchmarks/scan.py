"""A scan through the warm child process, against `scanimage` on the same backend of SANE (`test`, colour)."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from drivers.sane.driver import SaneDriver
from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.model.capability import DeviceInfo, DeviceKind, ScanSettings

NAME = "scan"
RUNS = 7
RESOLUTIONS_DPI = (300, 600)
DEVICE = DeviceInfo("sane:test:0", DeviceKind.SCANNER, "sane", "test", "test:0")
TARGET = "at most 1.5 times scanimage"


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield (what, value, unit, target, value of scanimage). Needs the Debian package sane-utils."""
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
