"""Calibrations at the whole station: what proves a device, what locks it, what its pictures carry of that."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from drivers.simulated.props import CAMERA_ID, SCANNER_ID
from station.calibration.sentinel import PageLook
from station.errors import CalibrationLocked, DeviceBusy, StorageDamaged, TargetRefused
from station.flow import calibration_scan, calibration_work, scanning, standings
from station.flow.calibration_views import (
    BoardSeen,
    CalibrationAt,
    CalibrationDone,
    CalibrationHistory,
    CalibrationsChanged,
    CalibrationWritten,
    DeviceCalibration,
    DevicesCompared,
    Stage,
)
from station.flow.events import DevicesChanged, Job, JobEnded, Notice, Outcome, Trouble
from station.flow.views import DeviceView
from station.model.calibration import Extent, Reason, State
from station.model.calibration_sign import Place, SignKind
from station.model.capability import CameraSettings
from station.model.degradation import Degradation
from station.model.quality import Status
from station.model.record import AttachmentKind
from station.model.specimen import Fault, FaultKind, PaperKind
from station.model.target import TargetKind
from station.storage.open import open_store
from tests.kiosk import ANNA, TODAY, Kiosk, kiosk
from tests.stored import raw_database

LOCKED = {"locks": frozenset({"scanner", "simulated"}), "practice": True}
WORN = Degradation(scale=(0.06, 0.0), noise=0.4)
"""Six in a hundred too fine along the sensor line: no profile lets that pass."""


@dataclass
class Clock:
    """The computer's clock, which a test sets."""

    at: datetime = field(default=TODAY)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the resolution costs a quarter of the time; the clock is looked at without a pause."""
    monkeypatch.setattr(calibration_work, "DPI", 150)
    monkeypatch.setattr(standings, "LOOK_S", 0.0)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path, now=Clock(), **LOCKED) as made:
        yield made.ready()


def calibrate(station: Kiosk, target: TargetKind = TargetKind.A4) -> CalibrationDone:
    since = len(station.events)
    done = station.do(lambda: station.station.calibrate(SCANNER_ID, target), CalibrationDone)
    station.until(CalibrationsChanged, since=since)
    return done


def ended(station: Kiosk, command: Any) -> JobEnded:
    return station.do(command, JobEnded, lambda e: e.job is Job.CALIBRATION)


def scanner(station: Kiosk) -> DeviceView:
    shown = [event.devices for event in list(station.events) if isinstance(event, DevicesChanged)]
    return next(view for view in shown[-1] if view.info.id == SCANNER_ID)


def stands(station: Kiosk) -> DeviceCalibration:
    shown = station.do(station.station.show_calibrations, CalibrationsChanged)
    return next(device for device in shown.devices if device.info.id == SCANNER_ID)


def refused(station: Kiosk) -> CalibrationLocked:
    """Ask for a scan and return how it was refused."""
    told = station.do(lambda: station.station.scan(AttachmentKind.LETTER), Trouble)
    assert isinstance(told.error, CalibrationLocked)
    return told.error


def test_a_scanner_that_was_never_calibrated_is_locked_and_a_good_calibration_opens_it(station: Kiosk) -> None:
    assert scanner(station).locked
    locked = refused(station)
    assert (locked.context["state"], locked.context["reason"]) == ("never", "never_calibrated")
    done = calibrate(station)
    assert done.kept.calibration.passed and done.baseline and done.before is None
    stages = [event.stage for event in station.events if isinstance(event, CalibrationAt)]
    assert stages == [Stage.SCANNING, Stage.MEASURING, Stage.KEEPING]
    device = stands(station)
    assert (device.standing.state, device.standing.locked, device.last) == (State.VALID, False, done.kept)
    station.open(ANNA.application_number)
    assert station.scan(AttachmentKind.LETTER, PaperKind.LETTER).outcome is Outcome.COMPLETED
    (letter,) = station.visit.record.of_kind(AttachmentKind.LETTER)
    proof = letter.provenance.proof
    assert proof is not None
    assert (proof.calibration, proof.state, proof.leave) == (done.kept.digest, "valid", "")


def test_the_next_morning_locks_again_and_a_clock_set_back_opens_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with kiosk(tmp_path, now=clock, **LOCKED) as station:
        station.ready()
        calibrate(station)
        since = len(station.events)
        clock.at = TODAY + timedelta(days=1)
        station.until(DevicesChanged, lambda e: any(view.locked for view in e.devices), since)
        assert refused(station).context["reason"] == "daily_check"
        clock.at = TODAY
        assert stands(station).standing.locked
    with kiosk(tmp_path, now=Clock(), **LOCKED) as station:
        station.ready()
        assert stands(station).standing.locked, "the station remembers the later time through a restart"


def test_two_failures_lock_until_a_technician_says_what_was_done(station: Kiosk) -> None:
    station.simulated.props.wear(SCANNER_ID, WORN)
    first = calibrate(station)
    assert not first.kept.calibration.passed
    assert stands(station).standing.reason is Reason.FAILED
    calibrate(station)
    station.simulated.props.wear(SCANNER_ID, Degradation(noise=0.4))
    assert calibrate(station).kept.calibration.passed
    assert stands(station).standing.reason is Reason.FAILED_TWICE, "to pass the third time does not help"
    released = station.do(
        lambda: station.station.release_device(SCANNER_ID, "Kim", "belt slipped", "belt exchanged"),
        CalibrationsChanged,
    )
    assert released.devices[0].standing.reason is Reason.FAILED, "one good calibration opens it now"
    assert calibrate(station).baseline
    assert stands(station).standing.state is State.VALID


def test_a_supervisors_leave_opens_a_locked_scanner_for_its_time_and_marks_each_picture(tmp_path: Path) -> None:
    clock = Clock()
    with kiosk(tmp_path, now=clock, **LOCKED) as station:
        station.ready()
        station.do(
            lambda: station.station.allow_device(SCANNER_ID, "Sam", "target is being printed", 2.0),
            CalibrationsChanged,
        )
        assert not scanner(station).locked
        station.open(ANNA.application_number)
        station.scan(AttachmentKind.LETTER, PaperKind.LETTER)
        (letter,) = station.visit.record.of_kind(AttachmentKind.LETTER)
        proof = letter.provenance.proof
        assert proof is not None and proof.state == "never" and not proof.calibration
        clock.at = TODAY + timedelta(hours=2)
        since = len(station.events)
        station.until(DevicesChanged, lambda e: any(view.locked for view in e.devices), since)
        assert (
            station.do(lambda: station.station.scan(AttachmentKind.LETTER), Trouble).error.code
            == CalibrationLocked.code
        )
    with closing(open_store(tmp_path)) as store, store.units() as work:
        (leave,) = work.calibrations.past("kiosk-1", SCANNER_ID).leaves
    assert proof.leave == leave.id and leave.override.by == "Sam"


def test_what_is_no_target_is_refused_and_counts_for_nothing(station: Kiosk, monkeypatch: Any) -> None:
    assert calibrate(station).kept.calibration.passed
    monkeypatch.setattr(type(station.simulated.props), "lay", lambda *_: None)
    told = ended(station, lambda: station.station.calibrate(SCANNER_ID, TargetKind.CARD))
    assert isinstance(told.error, TargetRefused) and told.error.context["reason"] == "wrong_target"
    device = stands(station)
    assert device.standing.state is State.VALID
    assert device.last is not None and device.last.calibration.target == "a4"


def test_yesterdays_picture_is_known_and_proves_nothing(station: Kiosk, monkeypatch: Any) -> None:
    scanned = []
    scan = calibration_work.scan_target
    monkeypatch.setattr(
        calibration_scan, "scan_target", lambda *given: scanned.append(scan(*given)) or scanned[0]
    )
    assert calibrate(station).kept.calibration.passed
    told = ended(station, lambda: station.station.calibrate(SCANNER_ID, TargetKind.A4))
    assert isinstance(told.error, TargetRefused) and told.error.context["reason"] == "seen_before"
    told_of = station.do(lambda: station.station.calibration_history(SCANNER_ID), CalibrationHistory)
    assert len(told_of.kept) == 1


def test_a_card_serves_as_the_days_check_and_not_as_the_weeks(station: Kiosk, monkeypatch: Any) -> None:
    monkeypatch.setattr(calibration_work, "DPI", 300)  # its edges are too small for less
    done = calibrate(station, TargetKind.CARD)
    assert done.kept.calibration.extent is Extent.SHORT
    assert stands(station).standing.state is State.NEVER


def test_another_way_of_scanning_asks_for_another_calibration(tmp_path: Path) -> None:
    with kiosk(tmp_path, scan_dpi=150, **LOCKED) as station:
        station.ready()
        calibrate(station)
        assert stands(station).standing.state is State.VALID
    with kiosk(tmp_path, scan_dpi=200, **LOCKED) as station:
        station.ready()
        assert stands(station).standing.reason is Reason.SETTINGS


def test_sharpness_is_held_against_what_the_scanner_reached_when_it_was_qualified(station: Kiosk) -> None:
    station.simulated.props.wear(SCANNER_ID, Degradation(noise=0.4, blur_px=(0.5, 0.5)))
    assert calibrate(station).baseline
    station.simulated.props.wear(SCANNER_ID, Degradation(noise=0.4, blur_px=(1.2, 1.2)))
    worn = calibrate(station)
    assert not worn.baseline and worn.before is not None
    findings = {finding.measure: finding for finding in worn.kept.calibration.report.findings}
    assert findings["sfr50_x"].status is Status.FAIL, "well below nine tenths of what it was"


def test_a_calibration_can_be_cancelled_and_a_second_one_does_not_begin_beside_it(station: Kiosk) -> None:
    station.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.HANG))
    since = len(station.events)
    station.station.calibrate(SCANNER_ID, TargetKind.A4)
    station.until(CalibrationAt, since=since)
    busy = station.do(lambda: station.station.calibrate(SCANNER_ID, TargetKind.A4), Trouble)
    assert busy.error.code == DeviceBusy.code
    assert ended(station, station.station.cancel_job).outcome is Outcome.CANCELLED
    assert stands(station).last is None


def test_the_history_has_a_chart_of_each_figure_and_devices_stand_side_by_side(station: Kiosk) -> None:
    done = calibrate(station)
    told = station.do(lambda: station.station.calibration_history(SCANNER_ID), CalibrationHistory)
    assert told.kept == (done.kept,)
    charts = {chart.measure: chart for chart in told.charts}
    (point,) = charts["resolution_x"].points
    assert (point.at, point.passed) == (TODAY, True) and point.value == pytest.approx(150, rel=0.01)
    compared = station.do(station.station.compare_devices, DevicesCompared)
    assert compared.rows == (("kiosk-1", done.kept),)


def test_with_a_visit_in_hand_nothing_is_calibrated(station: Kiosk) -> None:
    station.open(ANNA.application_number)
    told = station.do(lambda: station.station.calibrate(SCANNER_ID, TargetKind.A4), Notice)
    assert told.code == "visit_in_hand"


def test_a_calibration_that_was_changed_by_hand_counts_for_nothing_and_is_told(tmp_path: Path) -> None:
    with kiosk(tmp_path, **LOCKED) as station:
        station.ready()
        calibrate(station)
    with closing(raw_database(tmp_path)) as database:
        database.execute("UPDATE calibrations SET at = replace(at, '2026-', '2027-')")
    with kiosk(tmp_path, **LOCKED) as station:
        assert isinstance(station.until(Trouble).error, StorageDamaged)
        station.ready()
        assert scanner(station).locked


def test_a_camera_is_guided_until_all_was_seen_and_its_pictures_carry_the_proof(tmp_path: Path) -> None:
    options = {"locks": frozenset({"camera", "simulated"}), "practice": True}
    with kiosk(tmp_path, now=Clock(), camera=CameraSettings(1280, 720), **options) as station:
        station.ready()
        seen = station.do(lambda: station.station.calibrate_camera(CAMERA_ID, 640, 360), BoardSeen)
        assert len(seen.cells) > 8, "most of the field is still empty"
        station.until(BoardSeen, lambda e: not e.cells and not any(e.tilts))
        station.until(BoardSeen, lambda e: e.reason == "portrait_place")
        station.station.skip_calibration_step()
        station.until(BoardSeen, lambda e: e.step == "card")
        station.station.skip_calibration_step()
        station.until(BoardSeen, lambda e: e.step == "still")
        station.station.skip_calibration_step()
        done = station.until(CalibrationDone)
        figures = {figure.measure: figure for figure in done.kept.calibration.report.analysis.figures}
        rms = figures["reprojection_rms"].value
        assert rms is not None and rms < 0.3
        assert figures["latency"].reason == "not_measured"
        assert len(done.kept.calibration.pictures) >= 20


def test_what_ordinary_pages_show_of_a_scanner_is_told_locks_nothing_and_outlives_a_restart(
    tmp_path: Path, monkeypatch: Any
) -> None:
    speck = Place(84.0, 60.0)
    sheets = iter(np.random.default_rng(1).integers(0, 256, (9, 310), np.uint8))
    monkeypatch.setattr(
        scanning, "look", lambda *_, **__: PageLook(dirt=(speck,), imprint=next(sheets).tobytes())
    )
    with kiosk(tmp_path, now=Clock(), scan_dpi=75) as station:
        station.ready()
        station.open(ANNA.application_number)
        for _ in range(5):
            station.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item="funds")
        shown = station.until(DevicesChanged, lambda e: any(view.signs for view in e.devices))
        (sign,) = next(view.signs for view in shown.devices if view.signs)
        assert (sign.kind, sign.place) == (SignKind.DIRT, speck)
        assert not scanner(station).locked
    with kiosk(tmp_path, now=Clock(), scan_dpi=75) as station:
        station.ready()
        assert stands(station).signs == (sign,)


def test_the_report_of_a_calibration_holds_what_was_signed(station: Kiosk, tmp_path: Path) -> None:
    kept = calibrate(station).kept
    folder = tmp_path / "reports"
    folder.mkdir()
    written = station.do(
        lambda: station.station.write_calibration_report(kept.digest, folder), CalibrationWritten
    )
    pdf, text = written.paths
    assert pdf.read_bytes().startswith(b"%PDF-")
    proof = json.loads(text.read_text("utf-8"))["proof"]
    signed = proof["signed_text"].encode()
    assert sha256(signed).hexdigest() == proof["digest_sha256"] == kept.digest
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof["public_key"]))
    key.verify(bytes.fromhex(proof["signature_ed25519"]), signed)
    sheet = station.do(
        lambda: station.station.write_target(TargetKind.A4, tmp_path / "sheet.pdf"), CalibrationWritten
    )
    assert sheet.paths[0].read_bytes().startswith(b"%PDF-")
