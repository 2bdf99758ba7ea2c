"""Calibrations: one at a time, and what is known of those before. Lives on the desk lane."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from station.calibration import judge
from station.calibration.profile import Profile, load_profiles
from station.errors import Cancelled, ExportRefused, StationError
from station.flow.board import Bay, Board
from station.flow.calibration_charts import charts_of
from station.flow.calibration_scan import CalibrationScan, Steps, leave_it
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
    settings_for,
    uncertain,
    unverified,
)
from station.flow.events import Event, Job, JobEnded, Trouble
from station.flow.events import Outcome as End
from station.flow.glass_check import GlassCheck, has_glass
from station.flow.options import FitOut, Options
from station.flow.practice import Practice
from station.flow.scanning import refuse_absent
from station.flow.standings import Standings
from station.flow.views import DeviceState
from station.flow.workshop import Workshop
from station.model.calibration import Calibration, Extent, Kept
from station.model.capability import DeviceKind
from station.model.officer import Signed
from station.model.target import TargetKind

_SHORT = frozenset({TargetKind.CARD})
"""A card covers a part of the glass: enough for a morning, not for the week."""


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
    scan: CalibrationScan = field(init=False)
    glass: GlassCheck = field(init=False)

    def __post_init__(self) -> None:
        """Have no scan at work."""
        self.scan = CalibrationScan(self.options, self.post, self.notify, self.board, self.workshop, self.ended)
        self.glass = GlassCheck(
            self.out, self.options, self.notify, self.board, self.workshop, self.practice, self.standings,
            self.scan, self.ended,
        )  # fmt: skip

    def watch(self) -> None:
        """Leave a wedged scanner behind; called a few times a second."""
        self.standings.watch()
        self.scan.watch()

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
            has_glass(bay),
        )

    # -- a scanner ----------------------------------------------------------------------------------------

    def begin(self, device_id: str, target: TargetKind, reference: Path | None, profile: str) -> None:
        """Scan the target that lies on a scanner, measure it and keep what was found.

        Raises:
            DeviceBusy: the device, or another calibration; DeviceNotFound, DeviceOffline; SettingsError: there
            is no such profile.
        """
        self.scan.refuse_second()
        bay = self.board.bay(device_id)
        refuse_absent(bay)
        asked = profile_of(profile, measured=reference is not None)
        settings = settings_for(bay.view.capabilities)
        simulated = bay.view.info.simulated
        lay = partial(self.practice.lay_target, target, settings.resolution_dpi) if simulated else leave_it
        wanted = self._wanted(bay, target, reference, asked)
        work = partial(measure, wanted=wanted, settings=settings, workshop=self.workshop)
        then = partial(self._measured, bay, wanted, self.options.signature)
        self.scan.begin(bay, settings, lay, work, then, Steps(Stage.SCANNING, Stage.MEASURING))

    def _wanted(self, bay: Bay, target: TargetKind, reference: Path | None, asked: Profile) -> Wanted:
        with self.out.store.units() as work:
            noises = work.calibrations.noises(self.options.station, bay.view.info.id)
        first = self.qualification(bay, target.value)
        baseline = partial(baseline_of, first.calibration.report) if first is not None else _nothing
        return Wanted(target, asked, reference, noises, baseline, self.options.now().date())

    def _measured(self, bay: Bay, wanted: Wanted, by: Signed, outcome: Outcome) -> None:
        extent = Extent.SHORT if wanted.target in _SHORT else Extent.FULL
        self.keep(bay, wanted.target.value, extent, wanted.profile, outcome, by)

    # -- for every kind of device -----------------------------------------------------------------------------

    def qualification(self, bay: Bay, target: str) -> Kept | None:
        """Return what this target's figures of a device are compared with; None when it is qualified anew."""
        with self.out.store.units() as work:
            first = work.calibrations.qualification(self.options.station, bay.view.info.id, target)
        stands = first is not None and first.calibration.setup == self.standings.setup(bay)
        return first if stands else None

    def keep(
        self, bay: Bay, target: str, extent: Extent, profile: Profile, outcome: Outcome, by: Signed
    ) -> None:
        """Store a calibration, by whoever began it, and let it count; it ends with that."""
        options, info = self.options, bay.view.info
        self.notify(CalibrationAt(info.id, Stage.KEEPING))
        self.standings.flush()
        calibration = Calibration(
            station=options.station,
            officer=by.name,
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
        qualified = outcome.qualifies and calibration.passed
        try:
            with self.out.store.units() as work:
                earlier = work.calibrations.of(options.station, info.id)
                kept = work.calibrations.add(calibration, by.account)
                if qualified:
                    work.calibrations.keep_empty_glass(options.station, info.id, None)
                work.commit()
        except StationError as error:
            self.ended(bay, error)
            return
        if qualified:
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


def _nothing(_: object) -> dict[str, float]:
    """Return no baseline."""
    return {}
