"""The portrait in a whole station: it takes itself, the best of several, cut to a photo, both kept or none."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from drivers.simulated.camera import SimulatedCamera
from station.devices.cancel import CancelToken
from station.errors import AttachmentRefused, CameraFrozen, OfiqFault, StorageFull
from station.flow.events import DevicesChanged, LiveJudged, LiveRead, PortraitJudged, Trouble, VisitChanged
from station.flow.views import Candidate, DeviceState
from station.imaging import codec
from station.model.capability import CameraCapabilities, CameraSettings
from station.model.image import Frame
from station.model.quality import Status, Verdict
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import Backdrop, Fault, FaultKind, Sitter
from station.storage.open import open_store
from tests.kiosk import ANNA, BORIS, Kiosk, kiosk

CAMERA = "simulated:camera"
REASON = OverrideNote(Override.WITHOUT_REASON, "looks_good")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path) as opened:
        yield opened.ready()


def judged(at: Kiosk) -> Candidate:
    told = at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
    assert told.candidate is not None
    return told.candidate


def seat(at: Kiosk, **facts: object) -> None:
    at.simulated.props.seat(replace(Sitter(seed=3), **facts))  # type: ignore[arg-type]


def test_a_portrait_that_is_well_for_a_while_takes_itself_once(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    at.station.auto_capture(on=True)
    at.station.start_preview(640, 360)
    told = at.until(PortraitJudged, lambda event: event.candidate)
    assert told.candidate is not None and told.candidate.report.verdict is not Verdict.FAIL
    held = [event.held for event in at.events if isinstance(event, LiveJudged)]
    assert held[0] < 0.5 and max(held) > 0.5
    since = len(at.events)
    for _ in range(10):
        since = at.events.index(at.until(LiveJudged, since=since)) + 1
    assert len([event for event in at.events if isinstance(event, PortraitJudged)]) == 1


@pytest.mark.parametrize(
    ("facts", "measure"),
    [
        ({"present": False}, "single_face_present"),
        ({"backdrop": Backdrop.POSTER}, "single_face_present"),
        ({"yaw": 20.0}, "head_pose_yaw"),
        ({"roll": 15.0}, "head_pose_roll"),
        ({"eyes": (0.0, 0.0)}, "eyes_open"),
        ({"light": 0.3}, "face_highlights"),
        ({"eye_distance_px": 70.0}, "inter_eye_distance"),
    ],
)
def test_what_is_wrong_is_advised_on_and_the_portrait_does_not_take_itself(
    at: Kiosk, facts: dict[str, object], measure: str
) -> None:
    at.open(ANNA.application_number)
    seat(at, **facts)
    at.station.auto_capture(on=True)
    at.station.start_preview(640, 360)
    told = at.until(LiveJudged, lambda event: event.advice)
    assert told.advice is not None and told.advice.measure == measure
    assert told.held == 0.0 and (told.candidate.head is None) is (facts == {"present": False})
    assert not [event for event in at.events if isinstance(event, PortraitJudged)]


def test_capture_and_photo_come_onto_the_record_together(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    candidate = judged(at)
    assert candidate.crop and candidate.photo is not None and candidate.photo_report
    at.do(lambda: at.station.accept_still(REASON), VisitChanged)
    (portrait,), (photo,) = (at.visit.of_kind(kind) for kind in (AttachmentKind.PORTRAIT, AttachmentKind.PHOTO))
    assert photo.attachment.crop == candidate.crop and portrait.attachment.crop is None
    assert photo.attachment.report == candidate.photo_report
    with closing(open_store(at.folder)) as store:
        data = store.pictures.get(photo.attachment.picture.sha256)
    decoded = codec.decode(data)
    assert decoded.media_type == "image/jpeg"
    assert np.abs(decoded.pixels.astype(int) - candidate.photo).mean() < 3
    at.do(at.station.leave, VisitChanged, lambda event: event.visit is None)
    again = at.open(ANNA.application_number)
    assert again.of_kind(AttachmentKind.PHOTO)[0].attachment.crop == candidate.crop


def test_a_portrait_that_is_taken_again_takes_the_place_of_both(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    for _ in range(2):
        judged(at)
        at.do(lambda: at.station.accept_still(REASON), VisitChanged)
    kinds = [page.attachment.kind for page in at.visit.pages]
    assert kinds.count(AttachmentKind.PORTRAIT) == kinds.count(AttachmentKind.PHOTO) == 1


def test_after_the_last_attempt_the_best_is_proposed_and_any_can_be_chosen(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    shown: list[Candidate] = []
    for facts in ({"sharp": False}, {}, {"light": 0.3}):
        seat(at, **facts)
        told = at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
        shown = list(told.attempts)
    assert [candidate.attempt for candidate in shown] == [1, 2, 3]
    assert [candidate.best for candidate in shown] == [False, True, False]
    assert told.candidate is not None and told.candidate.attempt == 2
    chosen = at.do(lambda: at.station.choose_attempt(3), PortraitJudged).candidate
    assert chosen is not None and chosen.attempt == 3 and not chosen.best
    refused = at.do(lambda: at.station.choose_attempt(9), Trouble).error
    assert isinstance(refused, AttachmentRefused)


def test_the_crown_that_the_officer_saw_cuts_the_photo_anew_and_can_be_taken_back(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    first = judged(at)
    assert first.head is not None and first.crop is not None
    wanted = first.head.crown + 0.02
    moved = at.do(lambda: at.station.crop_still(wanted), PortraitJudged).candidate
    assert moved is not None and moved.crop is not None and moved.crop.moved
    assert moved.crop.crown == pytest.approx(wanted) and moved.crop.height < first.crop.height
    back = at.do(lambda: at.station.crop_still(None), PortraitJudged).candidate
    assert back is not None and back.crop == first.crop


def test_a_full_disk_keeps_neither_portrait_nor_photo_and_the_officer_tries_again(
    at: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.open(ANNA.application_number)
    seat(at)
    judged(at)
    with monkeypatch.context() as patched:

        def full(*args: object) -> bytes:
            raise StorageFull(what="pictures")

        patched.setattr(codec, "encode_png", full)
        assert isinstance(at.do(at.station.accept_still, Trouble).error, StorageFull)
    assert not at.visit.of_kind(AttachmentKind.PORTRAIT)
    at.do(at.station.accept_still, VisitChanged)
    assert at.visit.of_kind(AttachmentKind.PORTRAIT) and at.visit.of_kind(AttachmentKind.PHOTO)


def test_nothing_of_one_applicants_attempts_reaches_the_next(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    judged(at)
    at.do(at.station.leave, VisitChanged, lambda event: event.visit is None)
    at.open(BORIS.application_number)
    station = at.station
    for command in (station.accept_still, lambda: station.choose_attempt(1), lambda: station.crop_still(0.1)):
        refused = at.do(command, Trouble).error
        assert isinstance(refused, AttachmentRefused)
    told = at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
    assert [candidate.attempt for candidate in told.attempts] == [1]


def test_the_same_frame_again_and_again_is_told_as_a_frozen_camera(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    seat(at)
    at.simulated.props.trouble(CAMERA, Fault(FaultKind.FREEZE, at=3))
    told = at.do(lambda: at.station.start_preview(640, 360), Trouble)
    assert isinstance(told.error, CameraFrozen)
    assert told.visit_id == at.visit.visit_id


def test_a_camera_that_is_mounted_upright_gives_upright_pictures(tmp_path: Path) -> None:
    turned = CameraSettings(rotation=90)
    with kiosk(tmp_path, camera=turned) as at:
        at.ready().open(ANNA.application_number)
        seat(at)
        shown = at.do(lambda: at.station.start_preview(640, 640), LiveJudged).candidate.pixels
        assert shown.shape[0] > shown.shape[1]
        candidate = judged(at)
        assert candidate.pixels.shape[0] > candidate.pixels.shape[1]
        at.do(lambda: at.station.accept_still(REASON), VisitChanged)
        settings = at.visit.of_kind(AttachmentKind.PORTRAIT)[0].attachment.provenance.settings
        assert '"rotation": 90' in settings


def test_a_still_camera_without_a_live_picture_is_used_all_the_same(at: Kiosk, monkeypatch: Any) -> None:
    monkeypatch.setattr("drivers.simulated.camera.CAPABILITIES", CameraCapabilities(None, live=False))
    at.do(lambda: at.simulated.props.plug(CAMERA, connected=False), DevicesChanged)
    at.do(lambda: at.simulated.props.plug(CAMERA, connected=True), DevicesChanged)
    at.until(
        DevicesChanged,
        lambda event: any(
            device.info.id == CAMERA
            and device.state is DeviceState.READY
            and device.capabilities == CameraCapabilities(None, live=False)
            for device in event.devices
        ),
    )
    at.open(ANNA.application_number)
    seat(at)
    at.station.start_preview(640, 360)
    assert judged(at).report.verdict is not Verdict.FAIL
    assert not [event for event in at.events if isinstance(event, LiveJudged | Trouble)]


def test_a_still_that_the_camera_coded_is_kept_in_the_cameras_own_bytes(
    at: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.open(ANNA.application_number)
    seat(at)
    file = io.BytesIO()
    real = SimulatedCamera.still

    def coded(camera: SimulatedCamera, settings: CameraSettings, cancel: CancelToken) -> Frame:
        frame = real(camera, settings, cancel)
        Image.fromarray(frame.pixels).save(file, "JPEG", quality=95)
        return Frame(codec.decode(file.getvalue()).pixels, 1, frame.taken_at, file.getvalue(), "image/jpeg")

    monkeypatch.setattr(SimulatedCamera, "still", coded)
    judged(at)
    at.do(lambda: at.station.accept_still(REASON), VisitChanged)
    picture = at.visit.of_kind(AttachmentKind.PORTRAIT)[0].attachment.picture
    assert picture.sha256 == hashlib.sha256(file.getvalue()).hexdigest()
    assert picture.media_type == "image/jpeg"


def test_the_live_picture_of_the_portrait_takes_over_from_papers_held_before_the_camera(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.do(lambda: at.station.start_reading(640, 360), LiveRead)
    seat(at)
    assert at.do(lambda: at.station.start_preview(640, 360), LiveJudged).visit_id == at.visit.visit_id


class SecondJudge:
    """Another engine that answers, or is silent."""

    def __init__(self, answer: Mapping[str, tuple[float, int]] | None) -> None:
        self.answer, self.closed = answer, False

    def assess(self, pixels: object) -> Mapping[str, tuple[float, int]]:
        if self.answer is None:
            raise OfiqFault(reason="silent")
        return self.answer

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [({"unified_quality_score": (24.33, 63)}, Status.PASS, ""), (None, Status.NOT_ASSESSED, "engine_silent")],
)
def test_an_engine_that_is_plugged_in_is_asked_about_stills_and_its_silence_is_told(
    tmp_path: Path,
    expected_logs: list[str],
    answer: Mapping[str, tuple[float, int]] | None,
    status: Status,
    reason: str,
) -> None:
    if answer is None:
        expected_logs.append("no second opinion on a portrait: OF-001")
    engine = SecondJudge(answer)
    with kiosk(tmp_path, second_opinion=engine) as at:
        at.ready().open(ANNA.application_number)
        seat(at)
        findings = {finding.measure: finding for finding in judged(at).report.findings}
        found = findings["unified_quality_score"]
        assert (found.status, found.reason) == (status, reason)
    assert engine.closed
