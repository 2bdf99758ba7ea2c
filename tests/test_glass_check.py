"""The check of the empty glass at the whole station: what is new on it, what it takes back, what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.simulated.props import CAMERA_ID, SCANNER_ID
from station.calibration.sentinel import PageLook
from station.errors import DeviceBusy, DeviceTimeout, GlassRefused, StorageDamaged, Unsupported
from station.flow import calibration_scan, calibration_work
from station.flow.calibration_views import CalibrationAt, CalibrationsChanged, GlassChecked, Stage
from station.flow.desk import Desk
from station.flow.events import Job, JobEnded, Notice, Outcome, Trouble
from station.flow.standings import GLASS
from station.model.calibration_sign import Place, SignKind
from station.model.degradation import SOUND, Speck, Streak
from station.model.image import MM_PER_INCH
from station.model.specimen import Fault, FaultKind, Flaw, Paper, PaperKind
from station.model.target import TargetKind
from station.storage.open import open_store
from tests.kiosk import ANNA, TODAY, Kiosk, kiosk
from tests.rogue import Hang

DPI = 150
PX = DPI / MM_PER_INCH
AT_MM = (84.0, 120.0)
"""Where the dust lies."""
DUST = replace(SOUND, specks=(Speck(AT_MM[0] * PX - 0.5, AT_MM[1] * PX - 0.5, 5.0, 0.5),))
A_DAY = timedelta(days=1)


@dataclass
class Clock:
    """The computer's clock, which a test sets."""

    at: datetime = field(default=TODAY)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the resolution costs a quarter of the time."""
    monkeypatch.setattr(calibration_work, "DPI", DPI)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def station(tmp_path: Path, clock: Clock) -> Iterator[Kiosk]:
    with kiosk(tmp_path, now=clock) as made:
        yield made.ready()


def check(station: Kiosk, **facts: Any) -> GlassChecked:
    since = len(station.events)
    told = station.do(lambda: station.station.check_glass(SCANNER_ID, **facts), GlassChecked)
    assert station.until(JobEnded, since=since).outcome is Outcome.COMPLETED
    station.until(CalibrationsChanged, since=since)
    return told


def failed(station: Kiosk, **facts: Any) -> JobEnded:
    told = station.do(lambda: station.station.check_glass(SCANNER_ID, **facts), JobEnded)
    assert told.job is Job.CALIBRATION and told.outcome is Outcome.FAILED
    return told


def signs(station: Kiosk) -> list[Place | None]:
    shown = station.do(station.station.show_calibrations, CalibrationsChanged)
    device = next(one for one in shown.devices if one.info.id == SCANNER_ID)
    return [sign.place for sign in device.signs if sign.kind is SignKind.DIRT]


def pages_with_dirt(station: Kiosk, *places: Place) -> None:
    """Let six different ordinary pages show dirt at these places."""
    for number in range(6):
        imprint = np.random.default_rng(number).bytes(300)
        noticed = partial(_notice, look=PageLook(dirt=places, imprint=imprint))
        station.station._do(noticed)


def _notice(desk: Desk, look: PageLook) -> None:
    desk.standings.noticed(SCANNER_ID, GLASS, look)


def test_dust_is_told_at_its_place_and_a_wiped_glass_has_nothing_new_since_the_first_day(
    station: Kiosk, clock: Clock
) -> None:
    first = check(station)
    assert (first.marks, first.known, first.since) == ((), (), None)
    assert first.size_mm == pytest.approx((210, 297), abs=0.1)
    stages = [event.stage for event in station.events if isinstance(event, CalibrationAt)]
    assert stages == [Stage.SCANNING_GLASS, Stage.LOOKING]
    clock.at = TODAY + A_DAY
    station.simulated.props.wear(SCANNER_ID, replace(DUST, streaks=(Streak(600.0, 3.0, 0.1),)))
    speck, streak = check(station).marks
    assert (speck.x_mm, speck.y_mm) == pytest.approx(AT_MM, abs=0.3)
    assert streak.x_mm == pytest.approx(601.5 / PX, abs=0.3) and streak.y_mm is None
    station.simulated.props.wear(SCANNER_ID, SOUND)
    assert (check(station).marks, check(station).since) == ((), TODAY)


def test_a_glass_that_was_wiped_takes_the_sign_of_dirt_back_and_keeps_that_of_a_scratch(station: Kiosk) -> None:
    scratch = replace(SOUND, specks=(Speck(60.0 * PX, 40.0 * PX, 6.0, 0.5),))
    station.simulated.props.wear(SCANNER_ID, scratch)
    assert len(check(station).marks) == 1
    pages_with_dirt(station, Place(*AT_MM), Place(60.1, 40.0))
    assert len(signs(station)) == 2
    station.simulated.props.wear(SCANNER_ID, replace(scratch, specks=(*scratch.specks, *DUST.specks)))
    assert len(check(station).marks) == 1
    assert len(signs(station)) == 2, "the dust is still there"
    station.simulated.props.wear(SCANNER_ID, scratch)
    assert check(station).marks == ()
    (left,) = signs(station)
    assert left is not None and left.x_mm == pytest.approx(60.1)
    station.simulated.props.wear(SCANNER_ID, None)
    assert check(station).marks == ()
    assert signs(station) == []


def test_the_cleanest_scan_is_kept_through_a_restart_until_the_scanner_is_qualified(
    tmp_path: Path, clock: Clock
) -> None:
    with kiosk(tmp_path, now=clock, practice=True) as station:
        station.ready()
        station.simulated.props.wear(SCANNER_ID, DUST)
        assert (len(check(station).marks), check(station).since) == (1, TODAY)
        clock.at = TODAY + A_DAY
        station.simulated.props.wear(SCANNER_ID, SOUND)
        assert check(station).since == TODAY, "cleaner than the first, and kept in its place"
    clock.at = TODAY + 2 * A_DAY
    with kiosk(tmp_path, now=clock, practice=True) as station:
        station.ready()
        station.simulated.props.wear(SCANNER_ID, DUST)
        told = check(station)
        assert (len(told.marks), told.since) == (1, TODAY + A_DAY)
        station.simulated.props.wear(SCANNER_ID, None)
        station.do(lambda: station.station.calibrate(SCANNER_ID, TargetKind.A4), JobEnded)
        assert check(station).since is None, "the scanner was qualified since"
    store = open_store(tmp_path)
    try:
        store.sweep()
        assert list(store.verify()) == []
    finally:
        store.close()


def test_other_settings_begin_anew(station: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    check(station)
    monkeypatch.setattr(calibration_work, "DPI", 100)
    assert check(station).since is None
    assert check(station).since == TODAY


@pytest.mark.parametrize(
    "paper",
    [Paper(PaperKind.LETTER), Paper(PaperKind.PASSPORT), Paper(PaperKind.LETTER, flaws=(Flaw.UPSIDE_DOWN,))],
)
def test_a_sheet_that_was_left_on_the_glass_is_refused_and_nothing_is_kept(
    station: Kiosk, paper: Paper
) -> None:
    station.simulated.props.lay((paper,))
    error = failed(station).error
    assert isinstance(error, GlassRefused) and error.context["reason"] == "not_empty"
    station.simulated.props.lay(())
    assert check(station).since is None


def test_a_blank_sheet_over_all_of_the_glass_is_told_by_its_white(station: Kiosk) -> None:
    check(station)
    station.simulated.props.lay((Paper(PaperKind.BLANK),))
    error = failed(station).error
    assert isinstance(error, GlassRefused) and error.context["reason"] == "not_empty"


def test_a_lid_that_is_burnt_out_is_refused_as_that(station: Kiosk) -> None:
    station.simulated.props.wear(SCANNER_ID, replace(SOUND, white=2.0))
    error = failed(station).error
    assert isinstance(error, GlassRefused) and error.context["reason"] == "clipped"


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_earlier_picture_is_named_and_a_new_one_begins_only_when_asked(
    station: Kiosk, tmp_path: Path, damage: str
) -> None:
    check(station)
    (kept,) = [path for path in (tmp_path / "pictures").glob("?/??/*") if path.is_file()]
    kept.write_bytes(b"not the glass") if damage == "changed" else kept.unlink()
    for _ in range(2):
        assert isinstance(failed(station).error, StorageDamaged)
    assert check(station, anew=True).since is None
    assert check(station).since == TODAY


def test_a_check_can_be_cancelled_and_runs_beside_no_calibration_and_no_visit(station: Kiosk) -> None:
    station.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.HANG))
    station.station.check_glass(SCANNER_ID)
    station.until(CalibrationAt)
    door = station.station
    for second in (partial(door.check_glass, SCANNER_ID), partial(door.calibrate, SCANNER_ID, TargetKind.A4)):
        assert isinstance(station.do(second, Trouble).error, DeviceBusy)
    assert station.do(station.station.cancel_job, JobEnded).outcome is Outcome.CANCELLED
    told = station.do(lambda: station.station.check_glass(CAMERA_ID), Trouble)
    assert isinstance(told.error, Unsupported)
    station.open(ANNA.application_number)
    assert station.do(lambda: station.station.check_glass(SCANNER_ID), Notice).code == "visit_in_hand"


def test_a_wedged_scanner_is_left_behind_by_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hang = Hang()
    with kiosk(tmp_path, patience_s=0.5) as station:
        station.ready()
        monkeypatch.setattr(calibration_scan, "scan_target", lambda *_: hang())
        try:
            assert isinstance(failed(station).error, DeviceTimeout)
        finally:
            hang.let_go()
