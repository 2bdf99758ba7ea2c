"""A driver for the child process whose devices misbehave as their address says. See test_outboard.py."""

import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from itertools import count
from pathlib import Path

import numpy as np

from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceBusy, DeviceNotFound, PaperJam, PictureError
from station.model.capability import (
    CameraCapabilities,
    CameraSettings,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    FrameSize,
    Lock,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import Frame, Page

CAPABILITIES = {
    "full": ScannerCapabilities(
        (Source.FLATBED, Source.DUPLEX), (ColourMode.GREY,), ResolutionRange(75, 600, 25), (216.5, 297.0)
    ),
    "choice": ScannerCapabilities((), (), (75, 300), None, buttons=()),
    "keys": ScannerCapabilities(None, None, None, None, buttons=("scan", "copy")),
}
CAMERA_CAPABILITIES = CameraCapabilities(
    sizes=(FrameSize(320, 240, 12.5),), still_size=(640, 480), locks=(Lock.FOCUS, Lock.EXPOSURE)
)
CANNOT_TELL = ScannerCapabilities(None, None, None, None)


def info(address: str) -> DeviceInfo:
    return DeviceInfo(
        f"fake:{address}", DeviceKind.SCANNER, "fake", f"A {address} one", address, "S-1", simulated=True
    )


def page(number: int, settings: ScanSettings) -> Page:
    """Draw a page whose grey tells its number; the back of a sheet is coded by the device."""
    back = settings.source is Source.DUPLEX and number % 2 == 0
    return Page(
        np.full((40, 30, 3), number, np.uint8),
        number,
        (settings.resolution_dpi, settings.resolution_dpi / 2),
        encoded=b"coded" if back else None,
        media_type="image/jpeg" if back else None,
        back=back,
    )


def frame(number: int, settings: CameraSettings, scale: int) -> Frame:
    """Draw a frame whose grey tells its number."""
    shape = (settings.height_px * scale, settings.width_px * scale, 3)
    return Frame(np.full(shape, number % 256, np.uint8), number, 0.0)


class FakeDriver:
    """Finds one device for each word of option `devices`; `lock` names a file that it keeps locked.

    With `shy`, a folder, it does not find what another process has open. What it opens as a camera suffers
    what the file `trouble` says at the beginning of a stream: a word and the number of the frame.
    """

    name = "fake"

    def configure(self, options: dict[str, object]) -> None:
        self.addresses = str(options.get("devices", "")).split()
        self.shy = Path(str(options["shy"])) if "shy" in options else None
        self.trouble = Path(str(options.get("trouble", os.devnull)))
        if "lock" in options:
            self.lock = open(str(options["lock"]), "w")  # noqa: SIM115
            fcntl.flock(self.lock, fcntl.LOCK_EX)

    def find(self) -> list[DeviceInfo]:
        taken = [path.name for path in self.shy.iterdir()] if self.shy else []
        return [info(address) for address in self.addresses if address not in taken]

    def open(self, wanted: DeviceInfo) -> "FakeScanner | FakeCamera":
        if wanted.kind is DeviceKind.CAMERA:
            return FakeCamera(wanted, self.trouble)
        if wanted.address == "gone":
            raise DeviceNotFound(device=wanted.id)
        if wanted.address == "crashes at once":
            os.abort()
        mark = self.shy and self.shy / wanted.address
        if mark:
            mark.touch()
        return FakeScanner(wanted, mark)


class FakeScanner:
    """Yields three pages; the address says what comes after the second."""

    def __init__(self, wanted: DeviceInfo, mark: Path | None) -> None:
        self.info = wanted
        self.mark = mark

    def capabilities(self) -> ScannerCapabilities:
        return CAPABILITIES.get(self.info.address, CANNOT_TELL)

    def pressed(self) -> tuple[str, ...]:
        if self.info.address == "choice":
            raise DeviceBusy(device=self.info.id)
        return ("copy",)

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        for number in (1, 2, 3):
            cancel.check()
            if number == 3 and settings.resolution_dpi != 75:
                TROUBLES.get(self.info.address, lambda _: None)(cancel)
            yield page(number, settings)

    def close(self) -> None:
        if self.mark:
            self.mark.unlink()


class FakeCamera:
    """Shows frames of the asked size as fast as they are pulled, and stills of twice that size."""

    def __init__(self, wanted: DeviceInfo, trouble: Path) -> None:
        self.info = wanted
        self.trouble = trouble

    def capabilities(self) -> CameraCapabilities:
        return CAMERA_CAPABILITIES

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        trouble, _, at = self.trouble.read_text().partition(" ")
        for number in count(1):
            if cancel.cancelled:
                return
            if trouble and number == int(at):
                try:
                    TROUBLES[trouble](cancel)
                except Cancelled:
                    return
            yield frame(number, settings, 1)

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        cancel.check()
        if self.trouble.read_text() == "torn":
            raise PictureError(device=self.info.id, reason="damaged")
        return frame(1, settings, 2)

    def close(self) -> None:
        return


def jam(_: CancelToken) -> None:
    raise PaperJam(device="fake:jam", kept=2, odd=object())


def bug(_: CancelToken) -> None:
    raise ValueError("UTOPIA<<PERSON was on the page")


def die(_: CancelToken) -> None:
    """Die as a crash does, and leave a helper behind that keeps our pipes open, as SANE backends do."""
    if os.fork() == 0:
        time.sleep(3600)
    os.kill(os.getpid(), signal.SIGKILL)


def hang(cancel: CancelToken) -> None:
    """Block as a C call does, until a cancel goes in from outside."""
    freed = threading.Event()
    cancel.on_cancel(freed.set)
    freed.wait()
    cancel.check()


def deaf(_: CancelToken) -> None:
    while True:
        time.sleep(3600)


def noise(_: CancelToken) -> None:
    os.write(1, b"printed by a C library\n")
    for _line in range(3000):
        sys.stderr.write("complained by a C library " * 10 + "\n")


TROUBLES = {"jam": jam, "bug": bug, "die": die, "hang": hang, "deaf": deaf, "noise": noise}
"""What happens before the third page, unless 75 dpi are asked for (those scans go well)."""
