"""The stage of the simulated devices: what lies on the scanner, who sits, what is about to go wrong."""

import threading
from collections import deque
from collections.abc import Collection
from dataclasses import replace

from station.errors import DeviceNotFound, Unsupported
from station.model.degradation import SOUND, Degradation
from station.model.specimen import HELD_CELL_PX, Fault, FaultKind, Paper, Sitter
from station.model.swipe import Swipe

SCANNER_ID = "simulated:scanner"
CAMERA_ID = "simulated:camera"
READER_ID = "simulated:reader"

BUTTONS = ("scan",)
"""The keys of the simulated scanner."""

PLAYABLE = {
    SCANNER_ID: frozenset(FaultKind) - {FaultKind.FREEZE},
    CAMERA_ID: frozenset({FaultKind.BUSY, FaultKind.UNPLUG, FaultKind.HANG, FaultKind.RAISE, FaultKind.FREEZE}),
    READER_ID: frozenset({FaultKind.BUSY, FaultKind.UNPLUG, FaultKind.HANG, FaultKind.RAISE}),
}
"""Which trouble each device can have: a camera has no paper to jam."""

SKEWS = (0.1, 0.3)
"""Degrees, least and most, by which a careful hand lays a sheet askew."""
GOLDEN = (5**0.5 - 1) / 2
"""Steps of this share go round a range and never come back to where they were."""


class Stage:
    """Fulfils `station.model.specimen.Props`; safe from any thread.

    A device that was unplugged and put back is a new connection: what was opened before stays lost, as with
    real cables.
    """

    def __init__(self) -> None:
        """Start with an empty glass, an empty feeder and a sitter; a reader is there once it is plugged in."""
        self._lock = threading.Lock()
        self._glass: Paper | None = None
        self._feeder: deque[Paper] = deque()
        self._sitters: tuple[Sitter, ...] = (Sitter(),)
        self._held: tuple[Paper, float] | None = None
        self._faults: dict[str, list[Fault]] = {device: [] for device in PLAYABLE}
        self._connections: dict[str, int] = dict.fromkeys(PLAYABLE, 1)
        self._plugged = {SCANNER_ID, CAMERA_ID}
        self._swipes: list[Swipe] = []
        self._pressed: list[str] = []
        self._wear: Degradation | None = None
        self._layings = 0
        self._scans = 0

    # -- the hand: Props ------------------------------------------------------------------------------------

    def lay(self, papers: tuple[Paper, ...]) -> None:
        """Put sheets on the glass (the first) and into the feeder (all), in place of what lay there."""
        with self._lock:
            self._layings += 1
            self._glass = papers[0] if papers else None
            self._feeder = deque(papers)

    def seat(self, sitter: Sitter, *then: Sitter) -> None:
        """Let this person stand before the camera from the next frame on, `then` in each next moment."""
        with self._lock:
            self._sitters = (sitter, *then)

    def swipe(self, swipe: Swipe) -> None:
        """Pull a document or a code through the reader; lost while nobody listens."""
        with self._lock:
            self._swipes.append(swipe)

    def show(self, paper: Paper | None, cell_px: float = HELD_CELL_PX) -> None:
        """Hold a paper before the camera, so near that a character takes `cell_px`; or take it away."""
        with self._lock:
            self._held = (paper, cell_px) if paper is not None else None

    def press(self, button: str) -> None:
        """Press a key of the scanner, which remembers it until it is asked.

        Raises:
            Unsupported: it has no such key.
        """
        if button not in BUTTONS:
            raise Unsupported(device=SCANNER_ID, setting="button", value=button)
        with self._lock:
            self._pressed.append(button)

    def trouble(self, device_id: str, fault: Fault) -> None:
        """Let this device fail so; it waits for work that reaches page or frame `at`.

        Raises:
            DeviceNotFound: there is no such simulated device.
            Unsupported: this device cannot fail so (`setting="fault"`).
        """
        if fault.kind not in self._known(device_id):
            raise Unsupported(device=device_id, setting="fault", value=fault.kind.value)
        with self._lock:
            self._faults[device_id].append(fault)

    def wear(self, device_id: str, degradation: Degradation | None) -> None:
        """Let the scanner have this wear from the next page on; None: it is sound again.

        Raises:
            DeviceNotFound: there is no such simulated device.
            Unsupported: it is no scanner (`setting="wear"`).
        """
        self._known(device_id)
        if device_id != SCANNER_ID:
            raise Unsupported(device=device_id, setting="wear", value=device_id)
        with self._lock:
            self._wear = degradation

    def plug(self, device_id: str, *, connected: bool) -> None:
        """Pull the device's plug or put it back.

        Raises:
            DeviceNotFound: there is no such simulated device.
        """
        self._known(device_id)
        with self._lock:
            if connected and device_id not in self._plugged:
                self._plugged.add(device_id)
                self._connections[device_id] += 1
            elif not connected:
                self._plugged.discard(device_id)

    # -- what the devices see -------------------------------------------------------------------------------

    def connection(self, device_id: str) -> int | None:
        """Return the number of the present connection; None while unplugged."""
        with self._lock:
            return self._connections[device_id] if device_id in self._plugged else None

    def strike(
        self, device_id: str, number: int, among: Collection[FaultKind] = frozenset(FaultKind)
    ) -> FaultKind | None:
        """Return the trouble, one of these, that happens at this page or frame, and use it up."""
        with self._lock:
            waiting = self._faults[device_id]
            for place, fault in enumerate(waiting):
                if fault.at == number and fault.kind in among:
                    left = replace(fault, times=fault.times - 1)
                    waiting[place : place + 1] = [left] if left.times > 0 else []
                    return fault.kind
        return None

    @property
    def glass(self) -> Paper | None:
        """The sheet on the glass; it stays there."""
        with self._lock:
            return self._glass

    @property
    def next_sheet(self) -> Paper | None:
        """The sheet that the feeder would pull next."""
        with self._lock:
            return self._feeder[0] if self._feeder else None

    def take_sheet(self, sheet: Paper) -> None:
        """Drop the sheet that went through the feeder; nothing when others were laid meanwhile."""
        with self._lock:
            if self._feeder and self._feeder[0] is sheet:
                self._feeder.popleft()

    @property
    def worn(self) -> Degradation | None:
        """The wear that the scanner was given; None when it is sound."""
        with self._lock:
            return self._wear

    def wear_of_scan(self) -> Degradation:
        """Return what the scanner does to the page that it is about to scan, and count that page."""
        with self._lock:
            self._scans += 1
            least, most = SKEWS
            askew = (least + (most - least) * (self._layings * GOLDEN % 1)) * (-1) ** self._layings
            wear = self._wear or replace(SOUND, skew=askew)
            return replace(wear, seed=wear.seed + self._scans)

    def take_swipes(self) -> list[Swipe]:
        """Return what was swiped since the last time."""
        with self._lock:
            swipes, self._swipes = self._swipes, []
            return swipes

    def take_presses(self) -> tuple[str, ...]:
        """Return the keys that were pressed since the last time."""
        with self._lock:
            pressed, self._pressed = self._pressed, []
            return tuple(dict.fromkeys(pressed))

    @property
    def sitter(self) -> Sitter:
        """Who stands before the camera, in the first moment."""
        return self.sitters[0]

    @property
    def sitters(self) -> tuple[Sitter, ...]:
        """Who stands before the camera, moment for moment: another tuple for whoever is seated next."""
        with self._lock:
            return self._sitters

    @property
    def held(self) -> tuple[Paper, float] | None:
        """The paper before the camera and how near it is; None when there is none."""
        with self._lock:
            return self._held

    @staticmethod
    def _known(device_id: str) -> frozenset[FaultKind]:
        if device_id not in PLAYABLE:
            raise DeviceNotFound(device=device_id)
        return PLAYABLE[device_id]
