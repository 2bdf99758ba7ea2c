"""A driver and its scanners as the station sees them, while the real ones run in child processes."""

import logging
import threading
import time
from collections.abc import Callable, Generator
from functools import partial

from drivers.outboard import wire
from drivers.outboard.process import ChildDied, ChildProcess, ChildSilent, Interrupted
from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceLost, DeviceTimeout, DriverFault, StationError
from station.model.capability import DeviceInfo, ScannerCapabilities, ScanSettings
from station.model.image import Page

log = logging.getLogger(__name__)

START_S = 60.0
"""How long Python and the driver's modules may take to start, on a machine that is busy with other things."""

SILENCE_S = 60.0
"""How long a driver may give no sign of life: lamps that warm up take up to a minute before the first line."""

GRACE_S = 5.0
"""How long a cancelled driver may take to put its device down before it is ended by force."""


class OutboardDriver:
    """Runs the driver `target` ("module:name") in child processes: one a search, one an open device.

    A search may run while a device is opened on another thread.
    """

    def __init__(self, name: str, target: str, silence_s: float = SILENCE_S, grace_s: float = GRACE_S) -> None:
        """Take over the `name` of the entry point; nothing starts yet."""
        self.name = name
        self.silence_s = silence_s
        self._target = target
        self._grace_s = grace_s
        self._options: dict[str, object] = {}
        self._held: set[OutboardScanner] = set()
        self._holding = threading.Lock()

    def configure(self, options: dict[str, object]) -> None:
        """Keep the options (values that JSON can write) for the driver in every child."""
        self._options = options

    def find(self) -> list[DeviceInfo]:
        """Ask a child of its own, so that a search cannot disturb a scan and starts afresh each time.

        Many C libraries do not name a device that another process has open. One that our own child has open is
        there all the same, until a search has named it meanwhile: from then on its absence counts.

        Raises:
            DeviceTimeout, DriverFault, or what the driver raises.
        """
        held_before = self._holders()
        berth = _Berth(self._target, self._options, self.name, self.silence_s)
        try:
            found = {info.id: info for info in map(wire.info_from, berth.ask("find")["devices"])}
        finally:
            berth.close(self._grace_s)
        for scanner in self._holders():
            if scanner.info.id in found:
                scanner.named_while_open |= scanner in held_before
            elif not scanner.named_while_open:
                found[scanner.info.id] = scanner.info
        return list(found.values())

    def open(self, info: DeviceInfo) -> "OutboardScanner":
        """Open a device in a child of its own.

        Raises:
            DeviceTimeout, DriverFault, or what the driver raises.
        """
        berth = _Berth(self._target, self._options, info.id, self.silence_s, info)
        scanner = OutboardScanner(info, berth, self._grace_s, self._let_go)
        with self._holding:
            self._held.add(scanner)
        try:
            scanner.reopen()
        except BaseException:
            scanner.close()
            raise
        return scanner

    def _holders(self) -> tuple["OutboardScanner", ...]:
        with self._holding:
            return tuple(scanner for scanner in self._held if scanner.child_pid is not None)

    def _let_go(self, scanner: "OutboardScanner") -> None:
        with self._holding:
            self._held.discard(scanner)


class OutboardScanner:
    """A scanner in a child process; a child that died or was ended is started anew by the next call.

    Every call runs on the scanner's lane. `named_while_open` is the driver's own note for its searches.
    """

    def __init__(
        self,
        info: DeviceInfo,
        berth: "_Berth",
        grace_s: float,
        closed: Callable[["OutboardScanner"], None],
    ) -> None:
        """Speak through `berth`; `closed` is told at the end."""
        self.info = info
        self.named_while_open = False
        self._closed = closed
        self._berth = berth
        self._grace_s = grace_s

    @property
    def child_pid(self) -> int | None:
        """The number of the child process, None while there is none."""
        return None if self._berth.child is None else self._berth.child.pid

    def reopen(self) -> None:
        """See to it that a child has the device open.

        Raises:
            DeviceTimeout, DriverFault, or what the driver raises.
        """
        self._berth.taken()

    def capabilities(self) -> ScannerCapabilities:
        """Ask the child."""
        return wire.capabilities_from(self._berth.ask("capabilities")["capabilities"])

    def pressed(self) -> tuple[str, ...]:
        """Ask the child which buttons are down."""
        return tuple(self._berth.ask("pressed")["down"])

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield the pages that the child scans.

        A cancel reaches the child while it blocks in the device; one that does not end in time is ended by
        force. A child that dies is a `DeviceLost`, one that gives no sign of life a `DeviceTimeout`.
        """
        cancel.check()
        child = self._berth.taken()
        job = child.ask("scan", settings=wire.header_of(settings))
        cancel.on_cancel(partial(child.cancel, job))
        kept = 0
        answered = False
        try:
            while True:
                header, content = child.receive(self._berth.silence_s, lambda: cancel.cancelled)
                answered = header["is"] != "page"
                cancel.check()
                if header["is"] == "failure":
                    raise self._berth.failure(header)
                if answered:
                    return
                kept += 1
                yield wire.page_from(header, content)
                cancel.check()
        except Interrupted:
            raise Cancelled(device=self.info.id) from None
        except ChildDied as end:
            raise DeviceLost(device=self.info.id, kept=kept, detail=end.detail) from end
        except ChildSilent as hang:
            raise DeviceTimeout(device=self.info.id, seconds=hang.seconds, kept=kept) from hang
        finally:
            if not answered:
                self._call_off(child, job)

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        self._berth.close(self._grace_s)
        self._closed(self)

    def _call_off(self, child: ChildProcess, job: int) -> None:
        """Bring a job to its end that nobody waits for any more, by force if need be."""
        end = time.monotonic() + self._grace_s
        child.cancel(job)
        try:
            while child.receive(self._grace_s, lambda: time.monotonic() >= end)[0]["is"] == "page":
                log.debug("%s: a page of a scan that was called off was dropped", self.info.id)
        except (ChildDied, ChildSilent, Interrupted):
            self._berth.dismiss()


class _Berth:
    """Where the child of one device lies; taken by a new child when the last one was lost."""

    def __init__(
        self,
        target: str,
        options: dict[str, object],
        name: str,
        silence_s: float,
        info: DeviceInfo | None = None,
    ) -> None:
        """Keep what a child needs; `name` is the device of failures. With `info` a child opens that first."""
        self.child: ChildProcess | None = None
        self.silence_s = silence_s
        self._target = target
        self._options = options
        self._name = name
        self._info = info

    def taken(self) -> ChildProcess:
        """Return the child that lies here; a new one when there is none."""
        if self.child is not None and not self.child.alive():
            self.dismiss()
        if self.child is None:
            self.child = ChildProcess(self._target)
            self._settle_in(self.child)
        return self.child

    def ask(self, what: str) -> wire.Header:
        """Ask the child and wait for its answer."""
        child = self.taken()
        child.ask(what)
        return self._answer(child, self.silence_s)

    def failure(self, header: wire.Header) -> StationError:
        """Rebuild a failure; a child that reported a bug ends itself and leaves the berth."""
        if header.get("ended"):
            self.dismiss()
        return wire.failure_from(header, self._name)

    def dismiss(self) -> None:
        """End the child by force."""
        if self.child is not None:
            self.child.kill()
            self.child = None

    def close(self, grace_s: float) -> None:
        """Let the child put its device down and end."""
        if self.child is not None:
            self.child.close(grace_s)
            self.child = None

    def _settle_in(self, child: ChildProcess) -> None:
        try:
            self._answer(child, START_S)
            child.ask("configure", options=self._options)
            self._answer(child, self.silence_s)
            if self._info is not None:
                child.ask("open", info=wire.header_of(self._info))
                self._answer(child, self.silence_s)
        except BaseException:
            self.dismiss()
            raise

    def _answer(self, child: ChildProcess, silence_s: float) -> wire.Header:
        try:
            header, _ = child.receive(silence_s)
        except ChildDied as end:
            self.dismiss()
            raise DriverFault(device=self._name, detail=end.detail) from end
        except ChildSilent as hang:
            self.dismiss()
            raise DeviceTimeout(device=self._name, seconds=hang.seconds) from hang
        if header["is"] == "failure":
            raise self.failure(header)
        return header
