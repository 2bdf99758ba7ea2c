"""Which scanners there are, which of them work for which item, and what can be asked of the others."""

from collections.abc import Collection, Sequence

from station.flow.views import DeviceState, DeviceView
from station.model.capability import DeviceKind, ScannerCapabilities, Source

_WORKING = (DeviceState.READY, DeviceState.BUSY, DeviceState.PREPARING)


class Scanners:
    """Follows the station's scanners. A scan goes to the chosen one, or to another that can do it.

    Drawn pages never come in the place of real ones: simulated scanners serve only where the chosen one is.
    """

    def __init__(self) -> None:
        """Start without scanners."""
        self.running: dict[str, str] = {}
        """By device, the item whose pages it scans now."""
        self._asked: str | None = None
        self._views: list[DeviceView] = []

    @property
    def asked(self) -> bool:
        """A scan was asked for and has not begun."""
        return self._asked is not None

    @property
    def scanned_now(self) -> frozenset[str]:
        """The items whose pages are scanned now, or are about to be."""
        return frozenset(self.running.values()) | ({self._asked} if self._asked is not None else set())

    def ask(self, item: str) -> None:
        """A scan of this item's pages was asked for."""
        self._asked = item

    def refused(self) -> None:
        """What was asked for did not begin."""
        self._asked = None

    def started(self, device: str) -> None:
        """A scan began."""
        self.running[device] = self._asked or ""
        self._asked = None

    def ended(self, device: str) -> None:
        """A scan ended."""
        self.running.pop(device, None)

    def clear(self) -> None:
        """Forget what runs: another visit."""
        self.running.clear()
        self._asked = None

    def changed(self, devices: Sequence[DeviceView]) -> None:
        """Take the devices as they are now."""
        scanners = [view for view in devices if view.info.kind is DeviceKind.SCANNER]
        chosen = next((view for view in scanners if view.chosen), None)
        alike = [view for view in scanners if chosen and view.info.simulated == chosen.info.simulated]
        self._views = [view for view in alike if view.state in _WORKING]

    def offered(self, allowed: Collection[Source]) -> frozenset[Source]:
        """Return the sources, of those allowed (none: all), that some scanner has.

        Without a scanner all of them: asking for one then says what is wrong and what to do.
        """
        return self._had(self._views, allowed) if self._views else frozenset(allowed or Source)

    def free(self, allowed: Collection[Source]) -> frozenset[Source]:
        """Return those of the `offered` that can be asked for now."""
        if self.asked:
            return frozenset()
        if not self._views:
            return self.offered(allowed) if not self.running else frozenset()
        idle = [v for v in self._views if v.state is DeviceState.READY and v.info.id not in self.running]
        return self._had(idle, allowed)

    def _had(self, views: Sequence[DeviceView], allowed: Collection[Source]) -> frozenset[Source]:
        return frozenset(s for s in Source if s in (allowed or Source) and any(_has(view, s) for view in views))


def _has(view: DeviceView, source: Source) -> bool:
    """Tell whether a scanner has a source; one that cannot tell may have it."""
    can = view.capabilities
    return not isinstance(can, ScannerCapabilities) or can.sources is None or source in can.sources
