"""What a driver is: it finds devices of its kind and opens them."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from station.devices.device import Device
from station.model.capability import DeviceInfo


@runtime_checkable
class Driver(Protocol):
    """An adapter to one family of devices. `name` is that of its entry point.

    Drivers are made without arguments by their entry point; `configure` hands over the driver's own table from
    the station's settings (validated by the driver, `SettingsError` when wrong).
    """

    name: str

    def configure(self, options: dict[str, object]) -> None:
        """Take the driver's table of settings, before the first `find`."""
        ...

    def find(self) -> Iterable[DeviceInfo]:
        """Name the devices that are there now. May take seconds; runs on the driver's lane."""
        ...

    def open(self, info: DeviceInfo) -> Device:
        """Open a device that `find` named.

        Raises:
            DeviceNotFound, DeviceBusy, DeviceOffline, AccessDenied, DriverFault.
        """
        ...


@runtime_checkable
class Closing(Protocol):
    """A driver that keeps something open between two looks, and gives it back when the station ends."""

    def close(self) -> None:
        """Give it back; a second time does nothing. Runs on the driver's lane, after the last `find`."""
        ...
