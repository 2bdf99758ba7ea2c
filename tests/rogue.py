"""A driver in this process that misbehaves where a test says, and what every trouble must be able to say."""

import threading
from collections.abc import Callable, Generator, Iterable
from typing import Any

import numpy as np

from station.devices.cancel import CancelToken
from station.errors import StationError
from station.flow.events import JobEnded, Trouble
from station.imaging import codec
from station.model.capability import (
    CameraCapabilities,
    CameraSettings,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import Frame, Page, Pixels
from ui.wording.errors import word

SCANNER, CAMERA = "rogue:scanner", "rogue:camera"
SECRET = "ERIKSSON<<ANNA"
"""A driver's exception may hold anything: this must come out nowhere."""

PATIENCE_S = 120.0
"""Waits end as soon as what they wait for happens; this only bounds a test that fails."""

_KINDS = {SCANNER: DeviceKind.SCANNER, CAMERA: DeviceKind.CAMERA}


def sheet(number: int, **facts: Any) -> Page:
    """Draw page `number`: a small grey sheet with lines, unlike all others."""
    pixels = np.full((300, 200, 3), 250 - number, np.uint8)
    pixels[20:280:20, 20:180] = 30
    return Page(facts.pop("pixels", pixels), number, (150.0, 150.0), **facts)


def png(pixels: Pixels) -> bytes:
    """Code pixels as a device would."""
    return codec.encode_png(pixels)


def bug() -> None:
    """Fail as a driver with a bug does."""
    raise RuntimeError(SECRET)


class RogueDriver:
    """Finds a scanner and a camera; gives `pages` and `still`. `misdeeds` by verb happen once each."""

    def __init__(self, name: str = "rogue", devices: Iterable[str] = (SCANNER, CAMERA)) -> None:
        self.name = name
        self.devices = tuple(devices)
        self.misdeeds: dict[str, Callable[[], object]] = {}
        self.pages: list[Page] = []
        self.still: Pixels = np.full((240, 320, 3), 200, np.uint8)
        self.closed: list[str] = []
        self._closing = threading.Condition()

    def configure(self, options: dict[str, object]) -> None:
        return

    def find(self) -> tuple[DeviceInfo, ...]:
        self.suffer("find")
        return tuple(DeviceInfo(id, _KINDS[id], self.name, f"A rogue {_KINDS[id]}", id) for id in self.devices)

    def open(self, info: DeviceInfo) -> "RogueDevice":
        if info.kind is DeviceKind.SCANNER:
            self.suffer("open")
        return RogueDevice(self, info)

    def suffer(self, verb: str) -> None:
        self.misdeeds.pop(verb, lambda: None)()

    def note_closed(self, device: str) -> None:
        with self._closing:
            self.closed.append(device)
            self._closing.notify_all()

    def until_closed(self, device: str, times: int) -> None:
        """Wait until a device was closed so many times."""
        with self._closing:
            assert self._closing.wait_for(lambda: self.closed.count(device) >= times, PATIENCE_S)


class RogueDevice:
    """Scanner or camera, by its info."""

    def __init__(self, driver: RogueDriver, info: DeviceInfo) -> None:
        self.info = info
        self._driver = driver

    def capabilities(self) -> ScannerCapabilities | CameraCapabilities:
        if self.info.kind is DeviceKind.CAMERA:
            return CameraCapabilities(None)
        self._driver.suffer("capabilities")
        return ScannerCapabilities((Source.FEEDER,), (ColourMode.COLOUR,), (150,), None)

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        yield from tuple(self._driver.pages)
        self._driver.suffer("scan")

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        number = 0
        while not cancel.wait(0.02):
            number += 1
            yield Frame(np.full((120, 160, 3), 200, np.uint8), number, number * 0.02)

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        self._driver.suffer("still")
        return Frame(self._driver.still, 1, 0.0)

    def close(self) -> None:
        self._driver.note_closed(self.info.id)
        if self.info.kind is DeviceKind.SCANNER:
            self._driver.suffer("close")


class Hang:
    """A misdeed that blocks as a C call does, deaf to every cancel, until it is let go."""

    def __init__(self) -> None:
        self._entered, self._freed = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self._entered.set()
        self._freed.wait()

    def until_entered(self) -> None:
        """Wait until the driver hangs."""
        assert self._entered.wait(PATIENCE_S)

    def let_go(self) -> None:
        self._freed.set()


def says(event: Trouble | JobEnded | StationError, kind: type[StationError]) -> StationError:
    """Prove that an event carries this trouble and that the officer is told what, why and what to do."""
    error = event if isinstance(event, StationError) else event.error
    assert type(error) is kind, error
    message = word(error)
    assert message.what and message.why and message.do and message.code == kind.code
    assert SECRET not in f"{message.text} {error} {error.context}"
    return error
