"""The driver of the simulated devices. The window writes on the screen that they are simulated."""

from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.props import CAMERA_ID, READER_ID, SCANNER_ID, Stage
from drivers.simulated.reader import SimulatedReader
from drivers.simulated.scanner import SimulatedScanner
from station.errors import DeviceNotFound, SettingsError
from station.model.capability import DeviceInfo, DeviceKind

PACES = {"instant": 0.0, "real": 2.0}
"""Seconds that a page takes."""

DEVICES = {
    SCANNER_ID: DeviceInfo(
        id=SCANNER_ID,
        kind=DeviceKind.SCANNER,
        driver="simulated",
        name="Simulated scanner",
        address="scanner",
        serial="SIM-SCANNER-1",
        simulated=True,
    ),
    CAMERA_ID: DeviceInfo(
        id=CAMERA_ID,
        kind=DeviceKind.CAMERA,
        driver="simulated",
        name="Simulated camera",
        address="camera",
        serial="SIM-CAMERA-1",
        simulated=True,
    ),
    READER_ID: DeviceInfo(
        id=READER_ID,
        kind=DeviceKind.READER,
        driver="simulated",
        name="Simulated reader",
        address="reader",
        serial="SIM-READER-1",
        simulated=True,
    ),
}


class SimulatedDriver:
    """Fulfils `station.devices.driver.Driver`. `props` is the hand that lays papers out and seats people."""

    name = "simulated"

    def __init__(self) -> None:
        """Start with scanner and camera plugged in and pages that take as long as real ones."""
        self.props = Stage()
        self._page_s = PACES["real"]

    def configure(self, options: dict[str, object]) -> None:
        """Take `pace`: "real" (a page takes two seconds) or "instant".

        Raises:
            SettingsError: another option or another pace.
        """
        for key, value in options.items():
            if key != "pace":
                raise SettingsError(where="simulated", key=key, problem="unknown_key", suggestion="pace")
            if value not in PACES:
                raise SettingsError(
                    where="simulated", key=key, problem="not_a_choice", suggestion=" | ".join(PACES)
                )
            self._page_s = PACES[str(value)]

    def find(self) -> tuple[DeviceInfo, ...]:
        """Name the devices whose plug is in."""
        return tuple(info for info in DEVICES.values() if self.props.connection(info.id) is not None)

    def open(self, info: DeviceInfo) -> SimulatedScanner | SimulatedCamera | SimulatedReader:
        """Open one of them.

        Raises:
            DeviceNotFound: its plug is pulled, or it is none of ours.
        """
        if info.id not in DEVICES or self.props.connection(info.id) is None:
            raise DeviceNotFound(device=info.id)
        if info.id == SCANNER_ID:
            return SimulatedScanner(info, self.props, self._page_s)
        if info.id == READER_ID:
            return SimulatedReader(info, self.props)
        return SimulatedCamera(info, self.props)
