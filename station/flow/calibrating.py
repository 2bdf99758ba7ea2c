"""Calibrations: one at a time, and what is known of those before. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from station.calibration import judge
from station.calibration.profile import Profile, load_profiles
from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.errors import Cancelled, DeviceBusy, DeviceTimeout, ExportRefused, PictureError, StationError
from station.flow.board import GONE, Bay, Board
from station.flow.calibration_charts import charts_of
from station.flow.calibration_views import (
    CalibrationAt,
    CalibrationDone,
    CalibrationHistory,
    CalibrationsChanged,
    CalibrationWritten,
    DeviceCalibration,
    DevicesCompared,
    Stage,
)
from station.flow.calibration_work import (
    PROFILES,
    Outcome,
    Wanted,
    baseline_of,
    measure,
    profile_of,
    scan_target,
    settings_for,
    uncertain,
    unverified,
)
from station.flow.events import Event, Job, JobEnded, JobStarted, Trouble
from station.flow.events import Outcome as End
from station.flow.options import FitOut, Options
from station.flow.practice import Practice
from station.flow.scan_job import as_fault
from station.flow.scanning import refuse_absent
from station.flow.standings import Standings
from station.flow.views import DeviceState
from station.flow.workshop import Workshop
from station.model.calibration import Calibration, Extent, Kept
from station.model.capability import DeviceKind, ScanSettings
from station.model.image import Page
from station.model.target import TargetKind

_log = logging.getLogger(__name__)

_SHORT = frozenset({TargetKind.CARD})
"""A card covers a part of the glass: enough for a morning, not for the week."""


@dataclass(slots=True, eq=False)
class _Run:
    """One calibration that runs. `since` is None while no device is at work for it."""

    bay: Bay
    wanted: Wanted
    settings: ScanSettings
    cancel: CancelToken = field(default_factory=CancelToken)
    since: float | None = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False)
class Calibrating:
    """Calibrates one device at a time and tells what was found."""

    out: FitOut
    options: Options
    post: Callable[..., None]
    notify: Callable[[Event], None]
    board: Board
    workshop: Workshop
    practice: Practice
    standings: Standings
    _run: _Run | None = None

    def watch(self) -> None:
        """Leave a wedged scanner behind; called a few times a second."""
        self.standings.watch()
        run, patience_s = self._run, self.options.patience_s
        if run is not None and run.since is not None and time.monotonic() - run.since > patience_s:
            run.cancel.cancel()
            error = DeviceTimeout(device=run.bay.view.info.id, seconds=round(patience_s))
            self.board.abandon(run.bay, error)
            self._run = None
            self.ended(run.bay, error)

    def show(self) -> None:
        """Post how all devices stand."""
        profiles = tuple((profile.name, profile.title) for profile in load_profiles(PROFILES).values())
        devices = tuple(self._device(bay) for bay in self.standings.bays)
        self.notify(CalibrationsChanged(devices, profiles))

    def _device(self, bay: Bay) -> DeviceCalibration:
        info = bay.view.info
        with self.out.store.units() as work:
            last = work.calibrations.of(self.options.station, info.id, last=1)
        return DeviceCalibration(
            info,
            self.standings.standing(bay),
            self.standings.needed(bay),
            bay.view.state is DeviceState.READY,
            last[0] if last else None,
            tuple(TargetKind) if info.kind is DeviceKind.SCANNER else (),
            self.standings.signs(info.id),
        )

    # -- a scanner ----------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """A scanner is being calibrated."""
        return self._run is not None

    def begin(self, device_id: str, target: TargetKind, reference: Path | None, profile: str) -> None:
        """Scan the target that lies on a scanner, measure it and keep what was found.

        Raises:
            DeviceBusy: the device, or another calibration; DeviceNotFound, DeviceOffline; SettingsError: there
            is no such profile.
        """
        if self._run is not None:
            raise DeviceBusy(device=self._run.bay.view.info.id)
        bay = self.board.bay(device_id)
        refuse_absent(bay)
        asked = profile_of(profile, measured=reference is not None)
        settings = settings_for(bay.view.capabilities)
        simulated = bay.view.info.simulated
        lay = partial(self.practice.lay_target, target, settings.resolution_dpi) if simulated else _leave_it
        run = self._run = _Run(bay, self._wanted(bay, target, reference, asked), settings)
        self.board.occupy(bay, busy=True)
        self.notify(JobStarted(Job.CALIBRATION, "", device_id))
        self.notify(CalibrationAt(device_id, Stage.SCANNING))
        future = bay.lane.submit(scan_target, cast(Scanner, bay.device), settings, run.cancel, lay)
        future.add_done_callback(partial(self.post, self._scanned, run))

    def cancel(self) -> None:
        """Cancel the calibration that runs, if one does."""
        if self._run is not None:
            self._run.cancel.cancel()

    def _wanted(self, bay: Bay, target: TargetKind, reference: Path | None, asked: Profile) -> Wanted:
        with self.out.store.units() as work:
            noises = work.calibrations.noises(self.options.station, bay.view.info.id)
        first = self.qualification(bay, target.value)
        baseline = partial(baseline_of, first.calibration.report) if first is not None else _nothing
        return Wanted(target, asked, reference, noises, baseline, self.options.now().date())

    def _scanned(self, run: _Run, done: "Future[Page]") -> None:
        if self._run is not run:
            return
        run.since = None
        self.board.occupy(run.bay, busy=False)
        device = run.bay.view.info.id
        error = Cancelled() if done.cancelled() or run.cancel.cancelled else done.exception()
        if error is None:
            self.notify(CalibrationAt(device, Stage.MEASURING))
            work = self.workshop.submit(measure, done.result(), run.wanted, run.settings, self.workshop)
            work.add_done_callback(partial(self.post, self._measured, run))
            return
        if not isinstance(error, StationError):
            _log.error("the driver of %s failed in a calibration", device, exc_info=error)
        fault = as_fault(error, device)
        if isinstance(fault, GONE):
            self.board.fail(run.bay, fault)
        self._run = None
        self.ended(run.bay, fault)

    def _measured(self, run: _Run, done: "Future[Outcome]") -> None:
        if self._run is not run:
            return
        self._run = None
        error = Cancelled() if done.cancelled() or run.cancel.cancelled else done.exception()
        if error is None:
            target = run.wanted.target
            extent = Extent.SHORT if target in _SHORT else Extent.FULL
            self.keep(run.bay, target.value, extent, run.wanted.profile, done.result())
        elif isinstance(error, StationError):
            self.ended(run.bay, error)
        else:
            self.ended(run.bay, PictureError(reason="fault"))
            raise error

    # -- for every kind of device -----------------------------------------------------------------------------

    def qualification(self, bay: Bay, target: str) -> Kept | None:
        """Return what this target's figures of a device are compared with; None when it is qualified anew."""
        with self.out.store.units() as work:
            first = work.calibrations.qualification(self.options.station, bay.view.info.id, target)
        stands = first is not None and first.calibration.setup == self.standings.setup(bay)
        return first if stands else None

    def keep(self, bay: Bay, target: str, extent: Extent, profile: Profile, outcome: Outcome) -> None:
        """Store a calibration and let it count; it ends with that."""
        options, info = self.options, bay.view.info
        self.notify(CalibrationAt(info.id, Stage.KEEPING))
        self.standings.flush()
        calibration = Calibration(
            station=options.station,
            officer=options.officer,
            device=info.id,
            device_name=info.name,
            simulated=info.simulated,
            at=options.now(),
            extent=extent,
            target=target,
            setup=self.standings.setup(bay),
            scans=self.standings.scans(info.id),
            passed=judge.proven(outcome.report),
            report=outcome.report,
            pictures=outcome.pictures,
            noise=outcome.noise,
            settings=outcome.settings,
            claimed=outcome.claimed,
            reference=outcome.reference,
            target_expires=outcome.expires,
            software=options.software,
        )
        try:
            with self.out.store.units() as work:
                earlier = work.calibrations.of(options.station, info.id)
                kept = work.calibrations.add(calibration)
                work.commit()
        except StationError as error:
            self.ended(bay, error)
            return
        if outcome.qualifies and calibration.passed:
            self.standings.begin_anew(info.id)
        self.standings.learn(bay)
        before = next((k for k in reversed(earlier) if k.calibration.target == target), None)
        told = unverified(profile), uncertain(outcome.report)
        self.notify(CalibrationDone(kept, before, outcome.qualifies, *told))
        self.ended(bay, None)

    def ended(self, bay: Bay, error: StationError | None) -> None:
        """Tell that a calibration ended, and how all devices stand now."""
        end = End.COMPLETED if error is None else End.FAILED
        if isinstance(error, Cancelled):
            end, error = End.CANCELLED, None
        done = int(end is End.COMPLETED)
        self.notify(JobEnded(Job.CALIBRATION, "", end, done, error, bay.view.info.id))
        self.show()

    # -- what was found before --------------------------------------------------------------------------------

    def history(self, device_id: str) -> None:
        """Post the calibrations of a device with their control charts."""
        kept = self._kept(device_id)
        self.notify(CalibrationHistory(device_id, kept, charts_of(kept)))

    def compare(self) -> None:
        """Post the newest calibration of every device on this store."""
        rows = []
        with self.out.store.units() as work:
            for station, device, _ in work.calibrations.devices():
                rows += [(station, kept) for kept in work.calibrations.of(station, device, last=1)]
        self.notify(DevicesCompared(tuple(rows)))

    def _kept(self, device_id: str) -> tuple[Kept, ...]:
        with self.out.store.units() as work:
            return work.calibrations.of(self.options.station, device_id)

    def allow(self, device_id: str, by: str, reason: str, hours: float) -> None:
        """Let a locked device be used for a time, and show it."""
        self.standings.allow(device_id, by, reason, hours)
        self.show()

    def release(self, device_id: str, by: str, cause: str, action: str) -> None:
        """Let failures of a device count no longer, and show it."""
        self.standings.release(device_id, by, cause, action)
        self.show()

    # -- files ------------------------------------------------------------------------------------------------

    def report(self, digest: str, folder: Path) -> None:
        """Write a calibration's report as PDF and JSON.

        Raises:
            ExportRefused: this station writes none, or there is no such calibration.
        """
        kept = self._kept(self.standings.device_of(digest))
        at = next((n for n, one in enumerate(kept) if one.digest == digest), None)
        if self.out.reporter is None or at is None:
            raise ExportRefused(reason="no_exporter" if self.out.reporter is None else "no_pages")
        target = kept[at].calibration.target
        before = next((k for k in reversed(kept[:at]) if k.calibration.target == target), None)
        self._write(self.out.reporter.report, kept[at], before, charts_of(kept[: at + 1]), folder)

    def write_target(self, kind: TargetKind | None, path: Path) -> None:
        """Draw a fresh target, or (None) the board for cameras, to a PDF for the printer.

        Raises:
            ExportRefused: this station writes none.
        """
        reporter = self.out.reporter
        if reporter is None:
            raise ExportRefused(reason="no_exporter")

        def write() -> tuple[Path, ...]:
            reporter.target(kind, path)
            return (path,)

        self._write(write)

    def _write(self, write: Callable[..., tuple[Path, ...]], *args: object) -> None:
        self.workshop.submit(write, *args).add_done_callback(partial(self.post, self._written))

    def _written(self, done: "Future[tuple[Path, ...]]") -> None:
        error = done.exception()
        if error is None:
            self.notify(CalibrationWritten(done.result()))
        elif isinstance(error, StationError):
            self.notify(Trouble(error))
        else:
            raise error


def _leave_it() -> None:
    """Somebody laid the target down."""


def _nothing(_: object) -> dict[str, float]:
    """Return no baseline."""
    return {}
