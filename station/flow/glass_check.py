"""The check of the empty glass: what is new since it was scanned at its cleanest. Lives on the desk lane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from station.errors import GlassRefused, StationError, Unsupported
from station.flow.board import Bay, Board
from station.flow.calibration_ports import EmptyGlass
from station.flow.calibration_scan import CalibrationScan, Steps, leave_it
from station.flow.calibration_views import GlassChecked, Stage
from station.flow.calibration_work import settings_for
from station.flow.events import Event
from station.flow.options import FitOut, Options
from station.flow.ports import PictureStore
from station.flow.practice import Practice
from station.flow.scanning import refuse_absent
from station.flow.standings import Standings
from station.flow.workshop import Workshop, coded, prove
from station.imaging import codec
from station.model.calibration_sign import Place
from station.model.capability import DeviceKind, Source
from station.model.image import MM_PER_INCH, Page, PictureRef


@dataclass(frozen=True, slots=True)
class _Look:
    """What a scan shows that is `new` since an earlier one. `picture`: it is cleaner than that, and stored."""

    new: tuple[Place, ...]
    known: tuple[Place, ...]
    since: datetime | None
    size_mm: tuple[float, float]
    picture: PictureRef | None


@dataclass(slots=True, eq=False)
class GlassCheck:
    """Checks one glass at a time, and never beside a calibration. It neither locks a device nor opens one."""

    out: FitOut
    options: Options
    notify: Callable[[Event], None]
    board: Board
    workshop: Workshop
    practice: Practice
    standings: Standings
    scan: CalibrationScan
    ended: Callable[[Bay, StationError | None], None]

    def begin(self, device_id: str, *, anew: bool) -> None:
        """Scan the empty glass and tell what is new on it; `anew`: compare with no earlier scan.

        Raises:
            DeviceBusy: the device, or a calibration; DeviceNotFound, DeviceOffline; Unsupported: it has no
            glass; StorageDamaged: the earlier scan cannot be had.
        """
        self.scan.refuse_second()
        bay = self.board.bay(device_id)
        refuse_absent(bay)
        if not has_glass(bay):
            raise Unsupported(device=device_id, setting="source", value=Source.FLATBED.value)
        earlier = None
        if not anew:
            with self.out.store.units() as kept:
                earlier = kept.calibrations.empty_glass(self.options.station, device_id)
        settings = settings_for(bay.view.capabilities)
        lay = self.practice.clear_glass if bay.view.info.simulated else leave_it
        work = partial(
            _look,
            dpi=settings.resolution_dpi,
            earlier=earlier,
            pictures=self.out.store.pictures,
            workshop=self.workshop,
        )
        steps = Steps(Stage.SCANNING_GLASS, Stage.LOOKING)
        self.scan.begin(bay, settings, lay, work, partial(self._seen, bay), steps)

    def _seen(self, bay: Bay, look: _Look) -> None:
        device = bay.view.info.id
        if look.picture is not None:
            glass = EmptyGlass(look.picture, self.options.now(), len(look.new) + len(look.known))
            try:
                with self.out.store.units() as work:
                    work.calibrations.keep_empty_glass(self.options.station, device, glass)
                    work.commit()
            except StationError as error:
                self.ended(bay, error)
                return
        if not look.new:
            self.standings.wiped(device, look.known)
        self.notify(GlassChecked(device, look.new, look.since, look.size_mm, look.known))
        self.ended(bay, None)


def has_glass(bay: Bay) -> bool:
    """Tell whether a device has a glass on which a sheet can be laid."""
    is_scanner = bay.view.info.kind is DeviceKind.SCANNER
    return is_scanner and settings_for(bay.view.capabilities).source is Source.FLATBED


def _look(
    page: Page, dpi: int, earlier: EmptyGlass | None, pictures: PictureStore, workshop: Workshop
) -> _Look:
    """Compare a scan of the empty glass with the earlier one, and store it where it is cleaner.

    Raises:
        PictureError: it is no picture; GlassRefused: nothing can be said of it; StorageDamaged: the earlier one
            is gone or is not as it was written; StorageError: it was not stored.
    """
    # Late: what measures takes a second to load, and the window is not to wait for it.
    from station.calibration.empty_glass import compare_empty

    prove(page)
    before = codec.decode(pictures.get(earlier.picture.sha256)).pixels if earlier is not None else None
    if before is not None and before.shape != page.pixels.shape:  # the settings were changed
        before = earlier = None
    ppi = page.dpi if all(page.dpi) else (float(dpi), float(dpi))
    seen = compare_empty(before, page.pixels, ppi)
    if seen.refusal:
        raise GlassRefused(reason=seen.refusal)
    cleanest = earlier is None or len(seen.new) + len(seen.known) < earlier.marks
    picture = workshop.keep(page, *coded(page)) if cleanest else None
    height, width = page.pixels.shape[:2]
    size_mm = width * MM_PER_INCH / ppi[0], height * MM_PER_INCH / ppi[1]
    return _Look(seen.new, seen.known, earlier.at if earlier is not None else None, size_mm, picture)
