"""The child's side: `python -m drivers.outboard.child module:Driver` serves one driver on its standard input.

Requests are done one after the other on the main thread; a second thread reads them, so that a cancel arrives
while the driver blocks in a C call. When the station goes away, its end of the pipe closes and the child ends.
A failure that is not a `StationError` is a bug in the driver: it is reported by its type and the child ends.
"""

import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import closing
from types import TracebackType
from typing import BinaryIO, cast

from drivers.outboard import wire
from station.devices.cancel import CancelToken
from station.devices.device import Camera, Device, Pressable, Scanner
from station.devices.driver import Driver
from station.errors import StationError
from station.model.image import Frame

BEAT_S = 0.5
"""How often a working driver says that it lives, at most."""

FAREWELL_S = 3.0
"""How long a driver may take to put its device down once the station has gone."""


class Voice:
    """Writes messages to the station. Called by the main thread only."""

    def __init__(self, out: BinaryIO) -> None:
        """Speak through an unbuffered file."""
        self._out = out
        self._spoke_at = time.monotonic()

    def say(self, message: wire.Parts) -> None:
        """Write one message whole."""
        for part in message:
            rest = memoryview(part)
            while rest:
                rest = rest[self._out.write(rest) :]
        self._spoke_at = time.monotonic()

    def beat(self) -> None:
        """Say that the driver lives, not too often."""
        if time.monotonic() - self._spoke_at >= BEAT_S:
            self.say(wire.pack({"is": "beat"}))

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Name a bug to the station and where it struck to the log, without the text of the exception."""
        for place in traceback.extract_tb(trace):
            sys.stderr.write(f"{place.filename}:{place.lineno} in {place.name}\n")
        sys.stderr.write(f"{kind.__name__}\n")
        self.say(wire.pack(wire.failure_of(error) | {"ended": True}))


class BeatingToken(CancelToken):
    """A token that tells the station, each time a driver asks it, that the driver lives."""

    def __init__(self, beat: Callable[[], None]) -> None:
        """Start uncancelled."""
        super().__init__()
        self._beat = beat

    def check(self) -> None:
        """Say that the driver lives, then stop here when cancelled."""
        self._beat()
        super().check()


class Requests:
    """What the station asks for, read on a thread of its own."""

    def __init__(self, source: BinaryIO, beat: Callable[[], None]) -> None:
        """Start to read."""
        self._source = source
        self._beat = beat
        self._queue: queue.SimpleQueue[tuple[wire.Header, CancelToken] | None] = queue.SimpleQueue()
        self._latest: tuple[int, CancelToken] = (0, CancelToken())
        self._finished = threading.Event()
        threading.Thread(target=self._listen, name="requests", daemon=True).start()

    def next(self) -> tuple[wire.Header, CancelToken] | None:
        """Wait for the next request; None when the station has gone."""
        return self._queue.get()

    def finished(self) -> None:
        """Say that the main thread is through: nobody needs to be ended by force."""
        self._finished.set()

    def _listen(self) -> None:
        while head := self._source.read(wire.HEAD.size):
            request = json.loads(self._source.read(wire.HEAD.unpack(head)[0]))
            if request["do"] == "cancel":
                job, token = self._latest
                if job == request["job"]:
                    token.cancel()
            else:
                self._latest = (request["job"], BeatingToken(self._beat))
                self._queue.put((request, self._latest[1]))
        self._queue.put(None)
        self._latest[1].cancel()
        if not self._finished.wait(FAREWELL_S):
            # Helpers that a C library forked live in our group and would keep the device busy.
            os.killpg(os.getpgrp(), signal.SIGKILL)


class Servant:
    """Does what the station asks with one driver and, once opened, one device.

    Live pictures are pulled one by one, so that none of them waits in a pipe and a still fits between two.
    """

    def __init__(self, driver: Driver, voice: Voice) -> None:
        """Serve `driver`."""
        self._driver = driver
        self._voice = voice
        self._device: Device | None = None
        self._live: tuple[Generator[Frame], CancelToken] | None = None
        self._can: dict[str, Callable[[wire.Header, CancelToken], wire.Header]] = {
            "configure": self._configure,
            "find": self._find,
            "open": self._open,
            "capabilities": self._capabilities,
            "pressed": self._pressed,
            "scan": self._scan,
            "frames": self._frames,
            "frame": self._frame,
            "end_frames": self._end_frames,
            "still": self._still,
        }

    def serve(self, requests: Requests) -> None:
        """Answer requests until the station goes away; the device is put down then."""
        try:
            while (request := requests.next()) is not None:
                self._voice.say(wire.pack(self._answer(*request)))
        finally:
            self._end_live()
            if self._device is not None:
                self._device.close()

    def _answer(self, request: wire.Header, cancel: CancelToken) -> wire.Header:
        try:
            return {"is": "done"} | self._can[request["do"]](request, cancel)
        except StationError as error:
            return wire.failure_of(error)

    def _configure(self, request: wire.Header, _: CancelToken) -> wire.Header:
        self._driver.configure(request["options"])
        return {}

    def _find(self, _: wire.Header, __: CancelToken) -> wire.Header:
        return {"devices": [wire.header_of(info) for info in self._driver.find()]}

    def _open(self, request: wire.Header, _: CancelToken) -> wire.Header:
        self._device = self._driver.open(wire.info_from(request["info"]))
        return {}

    def _capabilities(self, _: wire.Header, __: CancelToken) -> wire.Header:
        return {"capabilities": wire.header_of(cast(Scanner | Camera, self._opened()).capabilities())}

    def _pressed(self, _: wire.Header, __: CancelToken) -> wire.Header:
        return {"down": cast(Pressable, self._opened()).pressed()}

    def _scan(self, request: wire.Header, cancel: CancelToken) -> wire.Header:
        scanner = cast(Scanner, self._opened())
        with closing(scanner.scan(wire.settings_from(request["settings"]), cancel)) as pages:
            for page in pages:
                self._voice.say(wire.pack_page(page))
        return {}

    def _frames(self, request: wire.Header, cancel: CancelToken) -> wire.Header:
        self._end_live()
        camera = cast(Camera, self._opened())
        self._live = (camera.frames(wire.camera_settings_from(request["settings"]), cancel), cancel)
        return {}

    def _frame(self, _: wire.Header, cancel: CancelToken) -> wire.Header:
        if self._live is None:
            raise LookupError
        frames, ending = self._live
        cancel.on_cancel(ending.cancel)
        frame = next(frames, None)
        if frame is not None:
            self._voice.say(wire.pack_frame(frame))
        return {}

    def _end_frames(self, _: wire.Header, __: CancelToken) -> wire.Header:
        self._end_live()
        return {}

    def _still(self, request: wire.Header, cancel: CancelToken) -> wire.Header:
        settings = wire.camera_settings_from(request["settings"])
        self._voice.say(wire.pack_frame(cast(Camera, self._opened()).still(settings, cancel)))
        return {}

    def _end_live(self) -> None:
        if self._live is not None:
            self._live[0].close()
            self._live = None

    def _opened(self) -> Device:
        if self._device is None:
            raise LookupError
        return self._device


def main(target: str) -> None:
    """Serve the driver `target` ("module:name") until standard input ends."""
    voice = Voice(os.fdopen(os.dup(1), "wb", buffering=0))
    os.dup2(2, 1)  # what a C library prints must not get between our messages
    sys.excepthook = voice.report
    module, name = target.split(":")
    driver: Driver = getattr(importlib.import_module(module), name)()
    requests = Requests(os.fdopen(0, "rb", closefd=False), voice.beat)
    voice.say(wire.pack({"is": "done"}))
    try:
        Servant(driver, voice).serve(requests)
    finally:
        requests.finished()


if __name__ == "__main__":
    main(sys.argv[1])
