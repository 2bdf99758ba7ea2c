"""A reader through which the hand of a script pulls invented documents and codes."""

from collections.abc import Generator

from drivers.simulated.faults import GLANCE_S, Cable
from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.errors import Cancelled
from station.model.capability import DeviceInfo, ReaderCapabilities
from station.model.swipe import Swipe, SwipeKind

CAPABILITIES = ReaderCapabilities(kinds=(SwipeKind.DOCUMENT, SwipeKind.CODE))


class SimulatedReader:
    """Fulfils `station.devices.device.Reader`; used on one lane."""

    def __init__(self, info: DeviceInfo, stage: Stage) -> None:
        """Open the reader."""
        self.info = info
        self._stage = stage
        self._cable = Cable(stage, info.id)
        self._stage.take_swipes()

    def capabilities(self) -> ReaderCapabilities:
        """Say what the reader can send."""
        return CAPABILITIES

    def read(self, cancel: CancelToken) -> Generator[Swipe]:
        """Yield what is swiped from now on, until cancelled.

        Raises:
            DeviceLost, DeviceOffline, DeviceBusy: and every scripted trouble, `at` a swipe.
        """
        self._cable.check()
        number = 1
        try:
            while not cancel.cancelled:
                self._cable.suffer(number, cancel)
                for swipe in self._stage.take_swipes():
                    number += 1
                    yield swipe
                self._cable.wait(GLANCE_S, cancel)
        except Cancelled:
            return

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        self._cable.close()
