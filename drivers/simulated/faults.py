"""How scripted trouble shows itself: the same errors that real drivers raise."""

import math

from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.errors import (
    CoverOpen,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceOffline,
    PageTruncated,
    PaperJam,
)
from station.model.specimen import FaultKind

GLANCE_S = 0.1
"""How often waiting work looks whether its plug was pulled."""

ERRORS: dict[FaultKind, type[DeviceError]] = {
    FaultKind.JAM: PaperJam,
    FaultKind.COVER: CoverOpen,
    FaultKind.BUSY: DeviceBusy,
    FaultKind.UNPLUG: DeviceLost,
    FaultKind.TRUNCATE: PageTruncated,
}


class Cable:
    """One opened device's connection to the stage; used on the device's lane."""

    def __init__(self, stage: Stage, device_id: str) -> None:
        """Hold on to the present connection."""
        self._stage = stage
        self._device = device_id
        self._connection = stage.connection(device_id)
        self._open = True

    def close(self) -> None:
        """Let go; a second time does nothing."""
        self._open = False

    def check(self, kept: int = 0) -> None:
        """Stop when the device is not there any more.

        Raises:
            DeviceOffline: it was closed.
            DeviceLost: its plug was pulled since it was opened.
        """
        if not self._open:
            raise DeviceOffline(device=self._device)
        if self._connection is None or self._stage.connection(self._device) != self._connection:
            raise DeviceLost(device=self._device, kept=kept)

    def wait(self, seconds: float, cancel: CancelToken, kept: int = 0) -> None:
        """Let time pass, up to a cancel or a pulled plug.

        Raises:
            Cancelled, DeviceLost.
        """
        left = seconds
        while left > 0 and not cancel.wait(min(left, GLANCE_S)):
            self.check(kept)
            left -= GLANCE_S
        cancel.check()

    def suffer(self, number: int, cancel: CancelToken, **facts: object) -> None:
        """Let the trouble of page or frame `number` happen, if one is scripted.

        `facts` go into the error; `kept` counts what is safe.

        Raises:
            PaperJam, CoverOpen, DeviceBusy, DeviceLost, PageTruncated: as scripted.
            Cancelled: the device hung until someone cancelled.
            RuntimeError: as a driver with a bug would.
        """
        kind = self._stage.strike(self._device, number)
        if kind is None:
            return
        if kind is FaultKind.HANG:
            self.wait(math.inf, cancel, kept=number - 1)
        if kind is FaultKind.RAISE:
            raise RuntimeError("scripted bug of the simulated driver")
        if kind is FaultKind.UNPLUG:
            self._stage.plug(self._device, connected=False)
        raise ERRORS[kind](device=self._device, kept=number - 1, **facts)
