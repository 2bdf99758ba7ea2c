"""A driver and its devices as the station sees them, while the real ones run in child processes."""

import threading

from drivers.outboard import wire
from drivers.outboard.berth import Berth
from drivers.outboard.device import OutboardCamera, OutboardDevice, OutboardScanner
from station.model.capability import DeviceInfo, DeviceKind

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
        self._held: set[OutboardDevice] = set()
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
        berth = Berth(self._target, self._options, self.name, self.silence_s, self._grace_s)
        try:
            found = {info.id: info for info in map(wire.info_from, berth.ask("find")["devices"])}
        finally:
            berth.close()
        for device in self._holders():
            if device.info.id in found:
                device.named_while_open |= device in held_before
            elif not device.named_while_open:
                found[device.info.id] = device.info
        return list(found.values())

    def open(self, info: DeviceInfo) -> OutboardScanner | OutboardCamera:
        """Open a device in a child of its own.

        Raises:
            DeviceTimeout, DriverFault, or what the driver raises.
        """
        kind = OutboardCamera if info.kind is DeviceKind.CAMERA else OutboardScanner
        berth = Berth(self._target, self._options, info.id, self.silence_s, self._grace_s, info)
        device = kind(info, berth, self._let_go)
        with self._holding:
            self._held.add(device)
        try:
            device.reopen()
        except BaseException:
            device.close()
            raise
        return device

    def _holders(self) -> tuple[OutboardDevice, ...]:
        with self._holding:
            return tuple(device for device in self._held if device.child_pid is not None)

    def _let_go(self, device: OutboardDevice) -> None:
        with self._holding:
            self._held.discard(device)
