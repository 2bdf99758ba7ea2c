"""The driver of the simulated devices. The window writes on the screen that they are simulated."""

from typing import TYPE_CHECKING

from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.props import CAMERA_ID, READER_ID, SCANNER_ID, Stage
from drivers.simulated.reader import SimulatedReader
from drivers.simulated.scanner import SimulatedScanner
from station.errors import DeviceNotFound
from station.model.capability import DeviceInfo, DeviceKind
from station.toml_file import Table

if TYPE_CHECKING:
    from drivers.simulated.escl_server import EsclServer

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
        self._network: EsclServer | None = None

    @property
    def network_url(self) -> str:
        """Where the scanner is, when it stands on the network; else ""."""
        return self._network.url if self._network is not None else ""

    def configure(self, options: dict[str, object]) -> None:
        """Take `pace`: "real" (a page takes two seconds) or "instant"; and `network`.

        With `network` true the scanner stands on the loopback network and speaks eSCL: another driver finds it
        at `network_url` and scans the same papers with the same trouble.

        Raises:
            SettingsError.
        """
        table = Table(self.name, options)
        table.only("pace", "network")
        if "pace" in options:
            if options["pace"] not in PACES:
                raise table.refusal("pace", "not_a_choice", " | ".join(PACES))
            self._page_s = PACES[str(options["pace"])]
        if table.flag("network", False):
            # Late: a server is made of much that other stations need not load.
            from drivers.simulated.escl_server import EsclServer, Manners

            self._network = EsclServer(self.props, Manners(page_s=self._page_s), SCANNER_ID)
            self._network.__enter__()

    def close(self) -> None:
        """Take the scanner from the network; a second time does nothing."""
        if self._network is not None:
            self._network.__exit__(None, None, None)
            self._network = None

    def find(self) -> tuple[DeviceInfo, ...]:
        """Name the devices whose plug is in; not a scanner on the network, which is not ours to open."""
        return tuple(info for info in DEVICES.values() if self._is_here(info))

    def open(self, info: DeviceInfo) -> SimulatedScanner | SimulatedCamera | SimulatedReader:
        """Open one of them.

        Raises:
            DeviceNotFound: its plug is pulled, or it is none of ours.
        """
        if info.id not in DEVICES or not self._is_here(info):
            raise DeviceNotFound(device=info.id)
        if info.id == SCANNER_ID:
            return SimulatedScanner(info, self.props, self._page_s)
        if info.id == READER_ID:
            return SimulatedReader(info, self.props)
        return SimulatedCamera(info, self.props)

    def _is_here(self, info: DeviceInfo) -> bool:
        on_network = info.id == SCANNER_ID and self._network is not None
        return not on_network and self.props.connection(info.id) is not None
