"""Where the child of one device lies: taken by a new child when the last one was lost."""

import logging
import time
from collections.abc import Generator

from drivers.outboard import wire
from drivers.outboard.process import ChildDied, ChildProcess, ChildSilent, Interrupted
from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceLost, DeviceTimeout, DriverFault, StationError
from station.model.capability import DeviceInfo

log = logging.getLogger(__name__)

START_S = 60.0
"""How long Python and the driver's modules may take to start, on a machine that is busy with other things."""

ANSWERS = frozenset({"done", "failure"})
"""What ends a job; all else that a child says brings something."""


class Berth:
    """One child at a time, for one device or one search. Used on the device's lane."""

    def __init__(
        self,
        target: str,
        options: dict[str, object],
        name: str,
        silence_s: float,
        grace_s: float,
        info: DeviceInfo | None = None,
    ) -> None:
        """Keep what a child needs; `name` is the device of failures. With `info` a child opens that first."""
        self.child: ChildProcess | None = None
        self.silence_s = silence_s
        self._grace_s = grace_s
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

    def ask(self, what: str, **fields: object) -> wire.Header:
        """Ask the child and wait for its answer."""
        child = self.taken()
        child.ask(what, **fields)
        return self._answer(child, self.silence_s)

    def brought(
        self, child: ChildProcess, job: int, cancel: CancelToken, kept: bool = False
    ) -> Generator[tuple[wire.Header, memoryview]]:
        """Yield what a job brings, until it is done. With `kept` its failures tell how much came before them.

        A cancel reaches the child while it blocks in the device; one that does not end in time is ended by
        force. A child that dies is a `DeviceLost`, one that gives no sign of life a `DeviceTimeout`.
        """
        facts: dict[str, object] = {"kept": 0} if kept else {}
        answered = False
        try:
            while True:
                header, content = child.receive(self.silence_s, lambda: cancel.cancelled)
                answered = header["is"] in ANSWERS
                cancel.check()
                if header["is"] == "failure":
                    raise self.failure(header)
                if answered:
                    return
                if kept:
                    facts = {"kept": header["number"]}
                yield header, content
                cancel.check()
        except Interrupted:
            raise Cancelled(device=self._name) from None
        except ChildDied as end:
            raise DeviceLost(device=self._name, **facts, detail=end.detail) from end
        except ChildSilent as hang:
            raise DeviceTimeout(device=self._name, seconds=hang.seconds, **facts) from hang
        finally:
            if not answered:
                self._call_off(child, job)

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

    def close(self) -> None:
        """Let the child put its device down and end; a second time does nothing."""
        if self.child is not None:
            self.child.close(self._grace_s)
            self.child = None

    def _call_off(self, child: ChildProcess, job: int) -> None:
        """Bring a job to its end that nobody waits for any more, by force if need be."""
        end = time.monotonic() + self._grace_s
        child.cancel(job)
        try:
            while child.receive(self._grace_s, lambda: time.monotonic() >= end)[0]["is"] not in ANSWERS:
                log.debug("%s: what a job brought that was called off was dropped", self._name)
        except (ChildDied, ChildSilent, Interrupted):
            self.dismiss()

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
