"""SANE scanners in the child process of `outboard`: find, open, capabilities, scan."""

import math
import os
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from drivers.sane import offer
from drivers.sane.api import Parameters, SaneLibrary, Value
from drivers.sane.options import OptionTable
from drivers.sane.picture import pixels_of
from drivers.sane.status import ERRORS, ERRORS_ON_OPENING, SaneRefusal, Status, failure
from station.devices.cancel import CancelToken
from station.errors import DriverFault, PageTruncated, StationError
from station.model.capability import DeviceInfo, DeviceKind, ScannerCapabilities, ScanSettings, Source
from station.model.image import Page, Pixels

NO_SCANNERS = frozenset({"frame grabber", "still camera", "video camera"})
"""Types of SANE devices (standard 1.06, "Device Descriptor Type") that see no paper."""

VIRTUAL = "virtual device"
"""The type of a device that is none: its pictures are made up."""

CHUNK_BYTES = 1 << 18
"""How much is asked for at once; between two chunks the driver looks for a cancel and shows that it lives."""

PATIENCE_S = 1.0
"""How long a cancel waits for the scanning thread to notice, before it goes into the library from outside.

Few backends take care of a `sane_cancel` from another thread, though the standard demands it.
"""

SETTLE_S = 0.1
"""Pause between a failure and `sane_cancel`: cancelled at once, the test backend was seen to hang for ever."""

EMPTY_READ_PAUSE_S = 0.01
"""Pause after a read that brought nothing.

A device in non-blocking mode may give that, and the backend `net` for ever once its server died: it is no sign
of life.
"""

BUSY_S = 5.0
BUSY_PAUSE_S = 0.5
"""How long a device that calls itself busy at the start of a page is asked again: a lamp warms up."""

MOST_BYTES = 1 << 31
"""Of one frame: 1200 dpi, A4, 48 bits a pixel is 0.84 GB. More is a device that does not know what it says."""


class SaneFace:
    """The driver in the child. Options: `config_dir` (folder), `settings` (backend's own options by name)."""

    name = "sane"

    def __init__(self) -> None:
        """Load nothing yet."""
        self._library: SaneLibrary | None = None
        self._own_settings: dict[str, Value] = {}

    def configure(self, options: dict[str, object]) -> None:
        """Take the options, which `SaneDriver` has checked, before libsane reads its configuration."""
        if "config_dir" in options:
            os.environ["SANE_CONFIG_DIR"] = str(options["config_dir"])
        self._own_settings = dict(options.get("settings", {}))  # type: ignore[call-overload]

    def find(self) -> Iterator[DeviceInfo]:
        """Name the scanners.

        Raises:
            DriverNotLoaded, AccessDenied, DriverFault.
        """
        with _named(self.name, ERRORS_ON_OPENING):
            for found in self._loaded().devices():
                if found.type not in NO_SCANNERS:
                    yield DeviceInfo(
                        id=f"{self.name}:{found.name}",
                        kind=DeviceKind.SCANNER,
                        driver=self.name,
                        name=f"{found.vendor} {found.model}".strip(),
                        address=found.name,
                        simulated=found.type == VIRTUAL,
                    )

    def open(self, info: DeviceInfo) -> "SaneScanner":
        """Open a scanner.

        Raises:
            DriverNotLoaded, DeviceNotFound, DeviceBusy, DeviceOffline, AccessDenied, DriverFault.
        """
        with _named(info.id, ERRORS_ON_OPENING):
            library = self._loaded()
            return SaneScanner(info, library, library.open(info.address), self._own_settings)

    def _loaded(self) -> SaneLibrary:
        if self._library is None:
            self._library = SaneLibrary()
        return self._library


class SaneScanner:
    """A scanner that libsane has open. One thread calls; a cancel may come from any."""

    def __init__(
        self, info: DeviceInfo, library: SaneLibrary, handle: int, own_settings: dict[str, Value]
    ) -> None:
        """Take over an open handle; `own_settings` are set before each scan, after all else."""
        self.info = info
        self._library = library
        self._handle = handle
        self._closed = False
        self._options = OptionTable(library, handle, info.id)
        self._buttons = offer.buttons(self._options)
        self._own_settings = own_settings

    def capabilities(self) -> ScannerCapabilities:
        """Say what the scanner can do from all of its sources."""
        with _named(self.info.id, ERRORS):
            return replace(offer.capabilities(self._options), buttons=self._buttons)

    def pressed(self) -> tuple[str, ...]:
        """Return the buttons that are down; backends differ in whether they remember a press until asked."""
        with _named(self.info.id, ERRORS):
            return tuple(name for name in self._buttons if self._options.value(name))

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield one page from the flatbed, all that lie in the feeder; see `Scanner` for the failures."""
        cancel.check()
        with _named(self.info.id, ERRORS):
            dpi = offer.apply(self._options, settings)
            for name, value in self._own_settings.items():
                self._options.set(name, value)
        with self._session(cancel):
            for number in count(1):
                cancel.check()
                with _named(self.info.id, ERRORS, cancel, kept=number - 1):
                    if not self._begun(number, cancel):
                        return
                    pixels = pixels_of(self._frames(number, cancel), self.info.id)
                yield Page(pixels, number, (dpi, dpi), back=_is_back(number, settings))
                if settings.source is Source.FLATBED:
                    return

    def close(self) -> None:
        """Close the device; a second time does nothing."""
        if not self._closed:
            self._closed = True
            self._library.close(self._handle)

    @contextmanager
    def _session(self, cancel: CancelToken) -> Iterator[None]:
        """Let a cancel through to the library, and end with the `sane_cancel` that ends every scan."""
        ended = threading.Event()
        entry = threading.Lock()

        def cancel_from_outside() -> None:
            if not ended.wait(PATIENCE_S):
                with entry:
                    if not ended.is_set():
                        self._library.cancel(self._handle)

        cancel.on_cancel(cancel_from_outside)
        try:
            yield
        except StationError:
            time.sleep(SETTLE_S)
            raise
        finally:
            with entry:
                ended.set()
                self._library.cancel(self._handle)

    def _begun(self, number: int, cancel: CancelToken) -> bool:
        """Begin a page; tells whether there is one."""
        patience_ends = time.monotonic() + BUSY_S
        while True:
            try:
                self._library.start(self._handle)
            except SaneRefusal as refusal:
                if refusal.status == Status.NO_DOCS and number > 1:
                    return False
                if refusal.status != Status.DEVICE_BUSY or time.monotonic() >= patience_ends:
                    raise
            else:
                return True
            cancel.wait(BUSY_PAUSE_S)
            cancel.check()

    def _frames(self, number: int, cancel: CancelToken) -> dict[int, tuple[Parameters, Pixels]]:
        """Read the frames of a page that was begun: one, or three from a three-pass scanner."""
        frames: dict[int, tuple[Parameters, Pixels]] = {}
        while True:
            parameters = self._library.parameters(self._handle)
            self._refuse_nonsense(parameters, number)
            if parameters.format in frames:
                detail = f"frame {parameters.format} twice"
                raise DriverFault(device=self.info.id, detail=detail, kept=number - 1)
            raw = self._bytes(max(parameters.lines, 0) * parameters.row_bytes, cancel)
            rows = len(raw) // parameters.row_bytes
            if rows < max(parameters.lines, 1):
                cancel.check()
                expected = max(parameters.lines, 1)
                raise PageTruncated(device=self.info.id, rows=rows, expected=expected, kept=number - 1)
            whole = raw[: rows * parameters.row_bytes].reshape(rows, parameters.row_bytes)
            frames[parameters.format] = (parameters, whole)
            if parameters.last:
                return frames
            self._library.start(self._handle)

    def _refuse_nonsense(self, parameters: Parameters, number: int) -> None:
        """Refuse a frame that holds no picture, or more than any scanner sends."""
        least_bytes = math.ceil(parameters.width * parameters.samples * parameters.depth / 8)
        sane = (
            parameters.width > 0
            and parameters.lines != 0
            and parameters.row_bytes >= max(least_bytes, 1)
            and parameters.lines * parameters.row_bytes <= MOST_BYTES
        )
        if not sane:
            detail = f"frame of {parameters.width} x {parameters.lines}, {parameters.row_bytes} bytes a row"
            raise DriverFault(device=self.info.id, detail=detail, kept=number - 1)

    def _bytes(self, announced: int, cancel: CancelToken) -> NDArray[np.uint8]:
        """Read a frame to its end: `announced` bytes at most, all that come when it is 0.

        Bytes beyond what was announced are read, as the library demands, and dropped.
        """
        buffer = np.empty(announced + CHUNK_BYTES, np.uint8)
        filled = 0
        while True:
            cancel.check()
            if not announced and filled + CHUNK_BYTES > buffer.size:
                buffer.resize(2 * buffer.size, refcheck=False)
            place = min(filled, announced or filled)
            while (came := self._library.read(self._handle, buffer.ctypes.data + place, CHUNK_BYTES)) == 0:
                if cancel.wait(EMPTY_READ_PAUSE_S):
                    cancel.check()
            if came is None:
                return buffer[: min(filled, announced or filled)]
            filled += came
            if filled > MOST_BYTES:
                raise DriverFault(device=self.info.id, detail=f"a frame of more than {MOST_BYTES} bytes")


def _is_back(number: int, settings: ScanSettings) -> bool:
    return settings.source is Source.DUPLEX and number % 2 == 0


@contextmanager
def _named(
    device: str, table: dict[int, type[StationError]], cancel: CancelToken | None = None, **facts: object
) -> Iterator[None]:
    """Turn what libsane says into our words; after a cancel whatever it says means that."""
    try:
        yield
    except SaneRefusal as refusal:
        if cancel is not None:
            cancel.check()
        raise failure(refusal.status, table, device=device, **facts) from refusal
