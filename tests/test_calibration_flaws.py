"""A target that lies wrong, is another, or is seen by a broken scanner: a result each, never a wrong pass."""

from pathlib import Path

import pytest

from drivers.simulated.props import SCANNER_ID
from station.calibration.draw import draw
from station.errors import TargetRefused
from station.flow.calibration_views import CalibrationDone
from station.flow.events import Job, JobEnded, Outcome
from station.model.degradation import SOUND, Degradation
from station.model.quality import Status
from station.model.specimen import Flaw, Paper, PaperKind
from station.model.target import TargetKind, TargetLabel
from tests.degraded_targets import LAYOUTS
from tests.kiosk import Kiosk, kiosk

DPI = 300


def sheet(kind: TargetKind, *flaws: Flaw) -> Paper:
    layout = LAYOUTS[kind]
    drawing = draw(layout, TargetLabel(kind, layout.revision, "T1"), 2 * DPI)
    return Paper(PaperKind.TARGET, flaws=flaws, drawing=drawing, drawing_dpi=2 * DPI)


def calibrate(station: Kiosk, paper: Paper | None, wear: Degradation | None = None) -> JobEnded:
    station.simulated.props.wear(SCANNER_ID, wear)
    station.simulated.props.lay((paper,) if paper is not None else ())
    return station.do(
        lambda: station.station.calibrate(SCANNER_ID, TargetKind.A4),
        JobEnded,
        lambda e: e.job is Job.CALIBRATION,
    )


def test_what_cannot_be_measured_is_refused_with_its_reason_and_stores_nothing(tmp_path: Path) -> None:
    with kiosk(tmp_path) as station:
        station.ready()
        for paper, reason in (
            (None, "no_target"),
            (Paper(PaperKind.FORM, title="a form"), "no_target"),
            (sheet(TargetKind.CARD), "wrong_target"),
            (sheet(TargetKind.A4, Flaw.UPSIDE_DOWN), "upside_down"),
            (sheet(TargetKind.A4, Flaw.HALF_OFF), "cut_off"),
            (sheet(TargetKind.A4, Flaw.COVERED), "covered"),
        ):
            told = calibrate(station, paper)
            assert isinstance(told.error, TargetRefused), reason
            assert told.error.context["reason"] == reason
        assert not [event for event in station.events if isinstance(event, CalibrationDone)]


@pytest.mark.parametrize(
    ("wear", "measure", "reason"),
    [
        (Degradation(scale=(-1 / 3, -1 / 3), noise=0.4), "resolution_x", ""),
        (Degradation(white=1.3, noise=0.4), "sampling_efficiency", "clipped"),
    ],
    ids=["another resolution than it claims", "burnt out"],
)
def test_a_scanner_that_is_not_what_it_says_never_passes(
    tmp_path: Path, wear: Degradation, measure: str, reason: str
) -> None:
    with kiosk(tmp_path) as station:
        station.ready()
        calibrate(station, sheet(TargetKind.A4), wear)
        (done,) = [event for event in station.events if isinstance(event, CalibrationDone)]
        assert not done.kept.calibration.passed
        finding = next(f for f in done.kept.calibration.report.findings if f.measure == measure)
        assert finding.status is (Status.NOT_ASSESSED if reason else Status.FAIL)
        assert finding.reason == reason


def test_a_sound_scanner_with_the_same_sheet_passes(tmp_path: Path) -> None:
    with kiosk(tmp_path) as station:
        station.ready()
        assert calibrate(station, sheet(TargetKind.A4), SOUND).outcome is Outcome.COMPLETED
        (done,) = [event for event in station.events if isinstance(event, CalibrationDone)]
        assert done.kept.calibration.passed
