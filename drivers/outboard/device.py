"""Scanners and cameras in child processes; a child that died or was ended is started anew by the next call."""

from collections.abc import Callable, Generator
from contextlib import closing, suppress
from functools import partial

from drivers.outboard import wire
from drivers.outboard.berth import Berth
from drivers.outboard.process import ChildProcess
from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceLost, DeviceTimeout, DriverFault
from station.model.capability import (
    CameraCapabilities,
    CameraSettings,
    DeviceInfo,
    ScannerCapabilities,
    ScanSettings,
)
from station.model.image import Frame, Page


class OutboardDevice:
    """A device in a child process. Every call runs on its lane.

    `named_while_open` is the driver's own note for its searches.
    """

    def __init__(self, info: DeviceInfo, berth: Berth, closed: Callable[["OutboardDevice"], None]) -> None:
        """Speak through `berth`; `closed` is told at the end."""
        self.info = info
        self.named_while_open = False
        self._berth = berth
        self._closed = closed

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

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        self._berth.close()
        self._closed(self)


class OutboardScanner(OutboardDevice):
    """A scanner in a child process."""

    def capabilities(self) -> ScannerCapabilities:
        """Ask the child."""
        return wire.capabilities_from(self._berth.ask("capabilities")["capabilities"])

    def pressed(self) -> tuple[str, ...]:
        """Ask the child which buttons are down."""
        return tuple(self._berth.ask("pressed")["down"])

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield the pages that the child scans; see `Berth.brought` for a child that dies or hangs."""
        cancel.check()
        child = self._berth.taken()
        job = child.ask("scan", settings=wire.header_of(settings))
        cancel.on_cancel(partial(child.cancel, job))
        with closing(self._berth.brought(child, job, cancel, kept=True)) as pages:
            for header, content in pages:
                yield wire.page_from(header, content)


class OutboardCamera(OutboardDevice):
    """A camera in a child process. Live pictures are pulled one by one: none of them is older than its pull."""

    def capabilities(self) -> CameraCapabilities:
        """Ask the child."""
        return wire.camera_capabilities_from(self._berth.ask("capabilities")["capabilities"])

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield what the camera shows until cancelled; see `Berth.brought` for a child that dies or hangs."""
        if cancel.cancelled:
            return
        child = self._berth.taken()
        self._berth.ask("frames", settings=wire.header_of(settings))
        try:
            while (frame := self._picture(child, child.ask("frame"), cancel)) is not None:
                yield frame
        except Cancelled:
            return
        finally:
            if self._berth.child is child:
                with suppress(DeviceTimeout, DriverFault):  # then the child is gone, and the stream with it
                    self._berth.ask("end_frames")

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        """Have the child take one picture; see `Berth.brought` for a child that dies or hangs."""
        cancel.check()
        child = self._berth.taken()
        job = child.ask("still", settings=wire.header_of(settings))
        cancel.on_cancel(partial(child.cancel, job))
        frame = self._picture(child, job, cancel)
        if frame is None:
            raise DriverFault(device=self.info.id, detail="no picture")
        return frame

    def _picture(self, child: ChildProcess, job: int, cancel: CancelToken) -> Frame | None:
        """Wait for the one picture that a job brings; None when it brings none."""
        if self._berth.child is not child:  # a still between two frames lost it
            raise DeviceLost(device=self.info.id)
        frame = None
        for header, content in self._berth.brought(child, job, cancel):
            frame = wire.frame_from(header, content)
        return frame
