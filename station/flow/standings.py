"""How the calibration of each device stands, and whether that locks it. Lives on the desk lane."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from station.calibration.schedule import Present, standing
from station.calibration.sentinel import PageLook
from station.calibration.watch import Watch
from station.errors import StorageDamaged
from station.flow.board import Bay, Board
from station.flow.calibration_ports import Past
from station.flow.calibration_work import setup_of
from station.flow.events import Event, Trouble
from station.flow.options import FitOut, Options
from station.flow.ports import UnitOfWork
from station.model.audit import Told
from station.model.calibration import Override, Proof, Setup, Standing
from station.model.calibration_sign import Place, Sign
from station.model.capability import DeviceKind
from station.model.officer import Signed

_log = logging.getLogger(__name__)

LOOK_S = 20.0
"""Between two looks at the clock: a device is locked no later than this after its calibration ran out."""

GLASS = "glass"
"""The side of a scanner on which sheets are laid by hand."""

_KINDS = (DeviceKind.SCANNER, DeviceKind.CAMERA)


@dataclass(slots=True, eq=False)
class Standings:
    """Every scanner and camera with its past. What the devices delivered is counted here."""

    out: FitOut
    options: Options
    board: Board
    notify: Callable[[Event], None]
    _pasts: dict[str, Past] = field(default_factory=dict)
    _counted: dict[str, int] = field(default_factory=dict)
    _watches: dict[str, dict[str, Watch]] = field(default_factory=dict)
    _watched: set[str] = field(default_factory=set)
    _looked: float = 0.0
    _latest: datetime | None = None

    @property
    def bays(self) -> list[Bay]:
        """All devices that can be calibrated."""
        return [bay for kind in _KINDS for bay in self.board.of_kind(kind)]

    def attend(self) -> None:
        """Note how devices stand that were not there before."""
        for bay in self.bays:
            if bay.view.info.id not in self._pasts:
                self.learn(bay)

    def watch(self) -> None:
        """Look at the clock now and then; called a few times a second."""
        now = time.monotonic()
        if now - self._looked > LOOK_S:
            self._looked = now
            self.flush()
            self._latest = None
            for bay in self.bays:
                self._mark(bay)

    def count(self, device: str) -> None:
        """Count a picture that a device delivered."""
        self._counted[device] = self._counted.get(device, 0) + 1

    def noticed(self, device: str, side: str, look: PageLook) -> None:
        """Take what an ordinary page showed of a device, seen from one side (`GLASS`, `front`, `back`)."""
        before = self.signs(device)
        self._watches.setdefault(device, {}).setdefault(side, Watch()).take(look, self.options.now())
        self._watched.add(device)
        if self.signs(device) != before:
            self._mark(self.board.bay(device))

    def signs(self, device: str) -> tuple[Sign, ...]:
        """Return what ordinary pages showed of a device since it was qualified."""
        return tuple(sign for watch in self._watches.get(device, {}).values() for sign in watch.signs)

    def wiped(self, device: str, still: Sequence[Place]) -> None:
        """Take back what was noticed of dirt on the glass: it is clean but for the marks `still` there."""
        before = self.signs(device)
        watch = self._watches.get(device, {}).get(GLASS)
        if watch is not None:
            watch.wiped(still)
            self._watched.add(device)
        if self.signs(device) != before:
            self._mark(self.board.bay(device))

    def begin_anew(self, device: str) -> None:
        """Forget what was noticed: the device was qualified."""
        self._watches[device] = {}
        self._watched.add(device)

    def flush(self) -> None:
        """Store what was counted and noticed."""
        counted, watched = self._counted, self._watched
        if not counted and not watched:
            return
        with self.out.store.units() as work:
            for device, pictures in counted.items():
                work.calibrations.count(self.options.station, device, pictures)
            for device in watched:
                sides = {side: watch.as_dict() for side, watch in self._watches.get(device, {}).items()}
                work.calibrations.watch(self.options.station, device, json.dumps(sides))
            work.commit()
        self._counted, self._watched = {}, set()
        for device, pictures in counted.items():
            past = self._pasts.get(device, Past())
            self._pasts[device] = replace(past, scans=past.scans + pictures)

    def learn(self, bay: Bay) -> None:
        """Read a device's past anew and mark it by that; one that was tampered with counts for nothing."""
        device = bay.view.info.id
        try:
            with self.out.store.units() as work:
                self._pasts[device] = work.calibrations.past(self.options.station, device)
                watched = work.calibrations.watched(self.options.station, device)
            if device not in self._watches and watched:
                self._watches[device] = _restored(watched)
        except StorageDamaged as damage:
            self._pasts[device] = Past()
            self.notify(Trouble(damage))
        self._mark(bay)

    def scans(self, device: str) -> int:
        """Return how many pictures a device delivered so far."""
        return self._pasts.get(device, Past()).scans + self._counted.get(device, 0)

    def device_of(self, digest: str) -> str:
        """Return the device of a calibration, "" when none of those here did it."""
        return next((device for device, past in self._pasts.items() if digest in past.digests), "")

    def _mark(self, bay: Bay) -> None:
        past, now = self._pasts[bay.view.info.id], self.standing(bay)
        passed = [digest for run, digest in zip(past.runs, past.digests, strict=True) if run.passed]
        leave = next((leave.id for leave in past.leaves if leave.override is now.override), "")
        proof = Proof(passed[-1] if passed else "", now.state.value, leave)
        self.board.mark(bay, now, proof, self.signs(bay.view.info.id), locked=self.needed(bay) and now.locked)

    def standing(self, bay: Bay) -> Standing:
        """Return how a device stands now."""
        now = self.options.now()
        if self._latest is None:
            with self.out.store.units() as work:
                self._latest = work.calibrations.seen(self.options.station, now)
                work.commit()
        past = self._pasts[bay.view.info.id]
        present = Present(now, self.setup(bay), past.scans, max(self._latest, now))
        overrides = [leave.override for leave in past.leaves]
        return standing(self.options.plan, past.runs, present, released=past.released, overrides=overrides)

    def setup(self, bay: Bay) -> Setup:
        """Return what a calibration of this device holds for now."""
        camera = bay.view.info.kind is DeviceKind.CAMERA
        asked = self.options.camera if camera else self.out.scan_profiles
        return setup_of(bay.view.info, self.options.software, asked)

    def needed(self, bay: Bay) -> bool:
        """Tell whether the device is locked whenever its calibration does not stand."""
        info, locks = bay.view.info, self.options.locks
        return info.kind.value in locks and (not info.simulated or "simulated" in locks)

    def allow(self, device_id: str, by: Signed, reason: str, hours: float) -> None:
        """Let a locked device be used for a time.

        Raises:
            DeviceNotFound; ValueError: nobody, no reason, or not within a day.
        """
        bay, now = self.board.bay(device_id), self.options.now()
        override = Override(self.setup(bay).serial, by.name, reason, now, now + timedelta(hours=hours))
        with self.out.store.units() as work:
            self._tell_who_asked(work, device_id, by)
            work.calibrations.allow(self.options.station, device_id, override, by.account)
            work.commit()
        self.learn(bay)

    def release(self, device_id: str, by: Signed, cause: str, action: str) -> None:
        """Let failures of a device count no longer: their cause was found and dealt with.

        Raises:
            DeviceNotFound.
        """
        bay, now = self.board.bay(device_id), self.options.now()
        with self.out.store.units() as work:
            self._tell_who_asked(work, device_id, by)
            work.calibrations.release(
                self.options.station, device_id, by.name, cause, action, now, by.account
            )  # fmt: skip
            work.commit()
        self.learn(bay)

    def _tell_who_asked(self, work: UnitOfWork, device_id: str, by: Signed) -> None:
        if by.asked_by:
            now = self.options.now()
            work.audit.tell(Told.SECOND_ASKED, officer=by.asked_by, at=now, record=device_id)


def _restored(watched: str) -> dict[str, Watch]:
    """Return the watches that were stored; what cannot be understood begins anew, it only ever gave hints."""
    try:
        return {side: Watch.restored(state) for side, state in json.loads(watched).items()}
    except (ValueError, AttributeError, RecursionError):
        _log.warning("what was noticed on ordinary pages could not be read and begins anew")
        return {}
