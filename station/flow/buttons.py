"""The keys on scanners: asked for between two scans, told of once a press. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from station.devices.device import Device, Pressable
from station.errors import DeviceLost, DeviceNotFound, DeviceOffline, DeviceTimeout, StationError
from station.flow.lane import Lane
from station.model.capability import DeviceInfo

_log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""Between two questions: soon enough after a press, seldom enough for a device on a slow line."""

GONE = (DeviceLost, DeviceOffline, DeviceNotFound, DeviceTimeout)
"""After these the device itself is gone; any other trouble with its keys leaves it to be scanned with."""


@dataclass(slots=True, eq=False)
class _Watch:
    """One device that is idle. `down` is None until it was asked: what was pressed before is not for us."""

    device: Device
    down: frozenset[str] | None = None
    asking: bool = False
    asked_at: float = float("-inf")
    broken: bool = False


@dataclass(slots=True, eq=False)
class Buttons:
    """Turns what is down into presses. `told` has each press once; `lost` a device that does not answer."""

    desk: Callable[..., None]
    told: Callable[[DeviceInfo, str], None]
    lost: Callable[[DeviceInfo, StationError], None]
    _watches: dict[str, _Watch] = field(default_factory=dict)

    def attend(self, info: DeviceInfo, device: Device, lane: Lane) -> None:
        """Ask an idle device, unless it was asked a moment ago; called a few times a second."""
        watch = self._watches.get(info.id)
        if watch is None or watch.device is not device:
            watch = self._watches[info.id] = _Watch(device)
        now = time.monotonic()
        if not (watch.asking or watch.broken) and now - watch.asked_at >= PAUSE_S:
            watch.asking, watch.asked_at = True, now
            future = lane.submit(cast(Pressable, device).pressed)
            future.add_done_callback(partial(self.desk, self._answered, info, watch))

    def leave(self, device_id: str) -> None:
        """Attend to a device no more: it is at work or gone. What is pressed meanwhile is nobody's."""
        self._watches.pop(device_id, None)

    def overdue(self, before: float) -> tuple[str, ...]:
        """Name the devices that were asked before this time (time.monotonic) and have not answered."""
        return tuple(name for name, one in self._watches.items() if one.asking and one.asked_at < before)

    def _answered(self, info: DeviceInfo, watch: _Watch, done: "Future[tuple[str, ...]]") -> None:
        watch.asking = False
        if self._watches.get(info.id) is not watch or done.cancelled():
            return
        error = done.exception()
        if isinstance(error, GONE):
            self.leave(info.id)
            self.lost(info, error)
        elif error is not None:
            watch.broken = True
            _log.warning("the buttons of %s are asked no more", info.id, exc_info=error)
        else:
            down = frozenset(done.result())
            fresh = down - watch.down if watch.down is not None else frozenset()
            watch.down = down
            for name in sorted(fresh):
                self.told(info, name)
