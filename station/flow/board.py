"""The devices of this station: found, opened, watched, each on its own lane. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from station.devices.device import Device
from station.devices.driver import Closing, Driver
from station.errors import (
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    StationError,
)
from station.flow.buttons import Buttons
from station.flow.lane import Lane
from station.flow.views import DeviceState, DeviceView
from station.model.calibration import Proof, Standing
from station.model.calibration_sign import Sign
from station.model.capability import Capabilities, DeviceInfo, DeviceKind, ScannerCapabilities

_log = logging.getLogger(__name__)

Opened = tuple[Device, Capabilities]


@dataclass(slots=True, eq=False)
class Bay:
    """One device with its lane. `device` is None until it is opened and after it was lost.

    `since` is when its opening began. `refusal` says why it may take no pictures at all.
    """

    view: DeviceView
    driver: Driver
    lane: Lane
    device: Device | None = None
    retry_at: float = 0.0
    since: float = 0.0
    refusal: StationError | None = None


@dataclass(slots=True, eq=False)
class _Search:
    """A driver with its own lane for looking around; one look at a time."""

    driver: Driver
    lane: Lane
    looking: bool = False
    since: float = 0.0
    error: str = ""


GONE = (DeviceLost, DeviceOffline, DeviceTimeout, DriverFault, DeviceNotFound)
"""After these a device is closed and looked for anew; after a jam or an open cover it stays in use."""

RETRY_S = 10.0
"""A device that failed to open is tried again after this pause while it stays connected."""


def _nobody_minds(_: DeviceInfo, __: str) -> None:
    """Let a button be pressed in vain."""


@dataclass(slots=True, eq=False)
class Board:
    """All devices. Every method but the callbacks given to `desk` runs on the desk lane.

    `on_button` is told, on the desk lane, of each press of a key (its name) on a scanner that is idle.
    """

    desk: Callable[..., None]
    changed: Callable[[tuple[DeviceView, ...]], None]
    drivers: tuple[Driver, ...]
    failures: Mapping[str, StationError]
    on_button: Callable[[DeviceInfo, str], None] = _nobody_minds
    _buttons: Buttons = field(init=False)
    _bays: dict[str, Bay] = field(default_factory=dict)
    _searches: list[_Search] = field(default_factory=list)
    _chosen: dict[DeviceKind, str] = field(default_factory=dict)
    _refusal: StationError | None = None

    def __post_init__(self) -> None:
        """Open a lane for each driver's looks."""
        self._buttons = Buttons(
            self.desk, self.on_button, lambda info, error: self.fail(self.bay(info.id), error)
        )
        self._searches = [_Search(driver, Lane(f"find-{driver.name}")) for driver in self.drivers]

    # -- looking around -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask every driver that is not looking already what is there now."""
        for search in self._searches:
            if not search.looking:
                search.looking, search.since = True, time.monotonic()
                future = search.lane.submit(_find, search.driver)
                future.add_done_callback(partial(self.desk, self._found, search))

    def _found(self, search: _Search, done: "Future[tuple[DeviceInfo, ...]]") -> None:
        search.looking = False
        if done.cancelled():
            return
        before = self.views()
        error = done.exception()
        if error is None:
            search.error = ""
            self._take_stock(search.driver, done.result())
        else:
            search.error = error.code if isinstance(error, StationError) else DriverFault.code
            if not isinstance(error, StationError):
                _log.error("driver %s failed while looking for devices", search.driver.name, exc_info=error)
        if self.views() != before:
            self._post()

    def _take_stock(self, driver: Driver, infos: Iterable[DeviceInfo]) -> None:
        there = {info.id: info for info in infos}
        for bay in [b for b in self._bays.values() if b.driver is driver]:
            if bay.view.info.id not in there and bay.view.state is not DeviceState.LOST:
                self._lose(bay, DeviceState.LOST, "")
        for info in there.values():
            bay = self._bays.get(info.id) or self._new_bay(info, driver)
            waiting = bay.view.state in (DeviceState.LOST, DeviceState.FAILED)
            if waiting and time.monotonic() >= bay.retry_at:
                self._prepare(bay)

    def _new_bay(self, info: DeviceInfo, driver: Driver) -> Bay:
        view = DeviceView(info, DeviceState.LOST)
        bay = self._bays[info.id] = Bay(view, driver, Lane(info.id))
        bay.refusal = None if info.simulated else self._refusal
        return bay

    def _prepare(self, bay: Bay) -> None:
        bay.view = replace(bay.view, state=DeviceState.PREPARING, error="", detail="")
        bay.since = time.monotonic()
        lane = bay.lane

        def prepare() -> Opened:
            device = bay.driver.open(bay.view.info)
            try:
                offered = device.capabilities()
                if bay.lane is not lane:  # given up meanwhile: nobody else will close it
                    raise DeviceTimeout(device=bay.view.info.id)
            except BaseException:
                device.close()
                raise
            return device, offered

        future = lane.submit(prepare)
        future.add_done_callback(partial(self.desk, self._prepared, bay, lane))

    def _prepared(self, bay: Bay, lane: Lane, done: "Future[Opened]") -> None:
        if done.cancelled() or bay.lane is not lane:
            return
        error = done.exception()
        if error is None:
            bay.device, capabilities = done.result()
            bay.view = replace(bay.view, state=DeviceState.READY, capabilities=capabilities)
        else:
            if not isinstance(error, StationError):
                _log.error("driver %s failed to open a device", bay.driver.name, exc_info=error)
            bay.retry_at = time.monotonic() + RETRY_S
            self._mark_failed(bay, error)
        self._post()

    def watch(self, patience_s: float) -> None:
        """Give up on drivers that hang, and see whether a button was pressed; called a few times a second."""
        overdue = time.monotonic() - patience_s
        for search in self._searches:
            if search.looking and search.since < overdue and not search.error:
                search.error = DeviceTimeout.code
                self._post()
        for bay in self._bays.values():
            if bay.view.state is DeviceState.PREPARING and bay.since < overdue:
                self.abandon(bay, DeviceTimeout(device=bay.view.info.id, seconds=round(patience_s)))
        for device_id in self._buttons.overdue(overdue):
            self.abandon(self.bay(device_id), DeviceTimeout(device=device_id, seconds=round(patience_s)))
        for bay in self._bays.values():
            if bay.device is not None and bay.view.state is DeviceState.READY and _has_buttons(bay.view):
                self._buttons.attend(bay.view.info, bay.device, bay.lane)

    # -- use --------------------------------------------------------------------------------------------------

    def choose(self, device_id: str) -> None:
        """Send scans or stills to this device from now on.

        Raises:
            DeviceNotFound: there is none.
        """
        bay = self.bay(device_id)
        self._chosen[bay.view.info.kind] = device_id
        self._post()

    def bay(self, device_id: str) -> Bay:
        """Return a device by id.

        Raises:
            DeviceNotFound: there is none.
        """
        bay = self._bays.get(device_id)
        if bay is None:
            raise DeviceNotFound(device=device_id)
        return bay

    def of_kind(self, kind: DeviceKind) -> tuple[Bay, ...]:
        """Return all devices of one kind."""
        return tuple(bay for bay in self._bays.values() if bay.view.info.kind is kind)

    def chosen(self, kind: DeviceKind) -> Bay | None:
        """Return the device for scans or stills: the one chosen, else a real one before a simulated one."""
        wanted = self._chosen.get(kind)
        if wanted in self._bays:
            return self._bays[wanted]
        usable = list(self.of_kind(kind))
        order = {DeviceState.READY: 0, DeviceState.BUSY: 0, DeviceState.PREPARING: 1}
        usable.sort(key=lambda b: (order.get(b.view.state, 2), b.view.info.simulated))
        return usable[0] if usable else None

    def occupy(self, bay: Bay, *, busy: bool) -> None:
        """Mark a device as at work, or free again."""
        self._buttons.leave(bay.view.info.id)
        if bay.view.state in (DeviceState.READY, DeviceState.BUSY):
            bay.view = replace(bay.view, state=DeviceState.BUSY if busy else DeviceState.READY)
            self._post()

    def mark(
        self, bay: Bay, standing: Standing, proof: Proof, signs: tuple[Sign, ...], *, locked: bool
    ) -> None:
        """Note how a device's calibration stands, whether that locks it, and what its pictures are to carry."""
        view = replace(bay.view, standing=standing, proof=proof, signs=signs, locked=locked)
        if view != bay.view:
            bay.view = view
            self._post()

    def refuse(self, reason: StationError) -> None:
        """Let no real device take pictures from now on; what is simulated can still be rehearsed with."""
        self._refusal = reason
        for bay in self._bays.values():
            bay.refusal = None if bay.view.info.simulated else reason

    def fail(self, bay: Bay, error: BaseException) -> None:
        """Take a device out of use when it is gone or its driver is broken; a later look brings it back."""
        self._lose(bay, DeviceState.FAILED, "")
        self._mark_failed(bay, error)
        self._post()

    def abandon(self, bay: Bay, error: StationError) -> None:
        """Leave a wedged lane behind; the device gets a new one."""
        self._buttons.leave(bay.view.info.id)
        bay.lane.abandon()
        bay.device = None
        bay.lane = Lane(bay.view.info.id)
        bay.retry_at = time.monotonic() + RETRY_S
        self._mark_failed(bay, error)
        self._post()

    def views(self) -> tuple[DeviceView, ...]:
        """Return all devices and failed drivers as the window shows them, scanners first."""
        chosen = {kind: self.chosen(kind) for kind in DeviceKind}
        views = [replace(b.view, chosen=chosen[b.view.info.kind] is b) for b in self._bays.values()]
        views.sort(key=lambda v: (v.info.kind is not DeviceKind.SCANNER, not v.chosen, v.info.id))
        failures = {name: error.code for name, error in self.failures.items()}
        failures |= {search.driver.name: search.error for search in self._searches if search.error}
        for name, code in failures.items():
            info = DeviceInfo(name, DeviceKind.SCANNER, name, name, "")
            views.append(DeviceView(info, DeviceState.FAILED, error=code, detail="driver"))
        return tuple(views)

    def close(self, timeout_s: float) -> None:
        """Close every device and driver on its lane, then the lanes, all at once."""
        until = time.monotonic() + timeout_s
        for bay in self._bays.values():
            if bay.device is not None:
                bay.lane.post(_close_quietly, bay.device)
        for search in self._searches:
            if isinstance(search.driver, Closing):
                search.lane.post(search.driver.close)
        for lane in [*(b.lane for b in self._bays.values()), *(s.lane for s in self._searches)]:
            lane.close(until - time.monotonic())

    def _lose(self, bay: Bay, state: DeviceState, code: str) -> None:
        self._buttons.leave(bay.view.info.id)
        if bay.device is not None:
            bay.lane.post(_close_quietly, bay.device)
            bay.device = None
        bay.retry_at = 0.0
        bay.view = replace(bay.view, state=state, error=code)

    def _mark_failed(self, bay: Bay, error: BaseException) -> None:
        code = error.code if isinstance(error, StationError) else DriverFault.code
        bay.view = replace(bay.view, state=DeviceState.FAILED, error=code)

    def _post(self) -> None:
        self.changed(self.views())


def _has_buttons(view: DeviceView) -> bool:
    return isinstance(view.capabilities, ScannerCapabilities) and bool(view.capabilities.buttons)


def _find(driver: Driver) -> tuple[DeviceInfo, ...]:
    return tuple(driver.find())


def _close_quietly(device: Device) -> None:
    try:
        device.close()
    except DeviceError as error:
        _log.info("a lost device did not close: %s", error.code)
