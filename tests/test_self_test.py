"""The self-test: golden pictures and answers, and what a station may not do that answers otherwise."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.simulated import driver as simulated
from scripts.golden.note import unraised
from station.errors import SelfTestFailed
from station.flow import self_test
from station.flow.events import JobEnded, Outcome, PortraitJudged, SelfTested, Trouble
from station.flow.self_test import ANSWERS, ASKED, GOLDEN, agree, deviations, noted, prove
from station.flow.workshop import SHEET_LENGTH
from station.imaging import codec
from station.model.record import AttachmentKind
from station.model.specimen import Paper, PaperKind
from station.model.visit import Step
from station.quality import versions
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.measure import Measured
from station.quality.page.exposure import PaperWhite
from station.quality.photo.judge import MEASURES
from station.quality.sample import PageSample
from station.quality.versions import BAR_CODES, DECODER, PRINTED_LINES, VERSIONS
from tests.kiosk import ANNA, kiosk
from tests.window import window_on
from ui.wording.errors import word

READERS = {DECODER, PRINTED_LINES, BAR_CODES}
DIFFERS = SelfTestFailed(reason="differs", measures="paper_white", count=1)


def test_this_machine_answers_as_the_golden_pictures_ask() -> None:
    assert deviations() == ()


def test_the_golden_pictures_are_small_and_ask_every_measure_for_a_value() -> None:
    assert sum(path.stat().st_size for path in GOLDEN.iterdir()) < 600_000
    assert set(noted()) == set(ASKED)
    measured = {
        name for _, answers in noted().values() for name, answer in answers.items() if isinstance(answer, tuple)
    }
    assert {*PAGE, *PORTRAIT, *(measure.name for measure in MEASURES)} - measured == {"unified_quality_score"}
    lines = str(noted()["zone.png"][1][PRINTED_LINES]).splitlines()
    # The specimen person of ICAO 9303-4, with an expiry of 2034: "340415", check digit 9.
    assert lines[0] == "accepted"
    assert lines[2].startswith("L898902C36UTO7408122F3404159")
    assert noted()["codes.png"][1][BAR_CODES] == "Code128 L000123456\nQR V000123456"


def test_every_measure_has_a_number_and_the_golden_answers_are_of_these_numbers() -> None:
    photos = {measure.name for measure in MEASURES}
    assert set(VERSIONS) == {*READERS, SHEET_LENGTH, *PAGE, *PORTRAIT, *photos}
    noted_for = json.loads((GOLDEN / ANSWERS).read_text("utf-8"))["versions"]
    assert noted_for == dict(VERSIONS), "raise what changed its answer, then: make golden"


def test_no_new_answer_is_noted_of_a_measure_whose_number_stayed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unraised({"skew": 1, "noise": 1}, {"skew"}) == ["skew"]
    monkeypatch.setattr("scripts.golden.note.VERSIONS", {**VERSIONS, "skew": 2})
    assert unraised({"skew": 1, "noise": 1}, {"skew"}) == []


def test_a_report_tells_networks_and_libraries_of_another_version_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = versions.stamp()
    assert versions.edition(now) == str(sum(VERSIONS.values()))
    monkeypatch.setattr(versions, "_libraries", lambda: ("another",))
    versions.stamp.cache_clear()
    other = versions.stamp()
    versions.stamp.cache_clear()
    assert other != now
    assert versions.edition(other) == versions.edition(now)


def off_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    right = PaperWhite.assess

    def wrong(self: PaperWhite, sample: PageSample) -> Measured:
        answer = right(self, sample)
        return replace(answer, raw=answer.raw + 1)

    monkeypatch.setattr(PaperWhite, "assess", wrong)


def test_a_measure_that_is_off_by_one_is_named(
    monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    off_by_one(monkeypatch)
    expected_logs.append("self-test: ")
    with pytest.raises(SelfTestFailed) as refused:
        prove()
    assert refused.value.context == {"reason": "differs", "measures": "paper_white", "count": 1}


def test_a_decoder_that_is_off_by_one_level_is_named_first(
    monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    right = codec.decode

    def wrong(data: bytes) -> codec.Decoded:
        decoded = right(data)
        pixels = decoded.pixels.copy()
        pixels[0, 0] = np.where(pixels[0, 0] < 255, pixels[0, 0] + 1, 254)
        return replace(decoded, pixels=pixels)

    monkeypatch.setattr(codec, "decode", wrong)
    expected_logs.append("self-test: ")
    with pytest.raises(SelfTestFailed) as refused:
        prove()
    assert str(refused.value.context["measures"]).startswith(DECODER)


@pytest.mark.parametrize(
    ("measure", "golden", "found", "agrees"),
    [
        ("jpeg_quality", (88.0, None), (88.0, None), True),
        ("jpeg_quality", (88.0, None), (88.001, None), False),  # counted: to the last bit
        ("paper_white", (96.19, None), (96.191, None), True),  # averaged: two units of the third decimal
        ("paper_white", (96.19, None), (96.2, None), False),
        ("inter_eye_distance", (104.0, 85), (104.4, 86), True),  # behind a network: half a percent, one point
        ("inter_eye_distance", (104.0, 85), (105.0, 85), False),
        ("inter_eye_distance", (104.0, 85), (104.0, 87), False),
        ("noise", (0.2, None), "no_flat_paper", False),
        (BAR_CODES, "QR V1", "QR V1", True),
        (BAR_CODES, "QR V1", "QR V2", False),
    ],
)
def test_each_measure_is_held_to_what_two_processors_agree_on(measure, golden, found, agrees) -> None:
    assert agree(measure, golden, found) is agrees


@pytest.mark.parametrize("spoilt", ["page.jpg", ANSWERS])
def test_damaged_golden_files_are_named_and_nothing_is_concluded_of_them(spoilt: str, tmp_path: Path) -> None:
    folder = tmp_path / "golden"
    shutil.copytree(GOLDEN, folder)
    (folder / spoilt).write_bytes((folder / spoilt).read_bytes()[:-40])
    with pytest.raises(SelfTestFailed) as refused:
        prove(folder)
    assert refused.value.context == {"reason": "damaged", "measures": "", "picture": spoilt}


# -- the station ----------------------------------------------------------------------------------------------


def real_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the drawn devices pass for real ones."""
    real = {name: replace(info, simulated=False) for name, info in simulated.DEVICES.items()}
    monkeypatch.setattr(simulated, "DEVICES", real)


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise SelfTestFailed(**DIFFERS.context)

    monkeypatch.setattr(self_test, "prove", fails)


def test_a_station_that_measures_as_it_was_proved_to_says_so_once_and_works(tmp_path: Path) -> None:
    with kiosk(tmp_path, self_test=True) as at:
        at.ready().until(SelfTested, lambda event: event.error is None)
        at.open(ANNA.letter_number)
        assert at.scan(AttachmentKind.LETTER, PaperKind.LETTER).outcome is Outcome.COMPLETED


def test_a_station_that_differs_takes_no_picture_with_a_real_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_devices(monkeypatch)
    refuse(monkeypatch)
    with kiosk(tmp_path, self_test=True) as at:
        at.ready().until(SelfTested, lambda event: event.error is not None)
        at.open(ANNA.letter_number)
        at.simulated.props.lay((Paper(PaperKind.LETTER, ANNA),))

        def said(event: Trouble) -> bool:
            return isinstance(event.error, SelfTestFailed) and event.error.context["measures"] == "paper_white"

        at.do(lambda: at.station.scan(AttachmentKind.LETTER), Trouble, said)
        at.do(lambda: at.station.enter(Step.PORTRAIT), object)
        at.do(at.station.take_still, Trouble, said)
        at.do(lambda: at.station.start_preview(320, 240), Trouble, said)
        assert not [event for event in at.events if isinstance(event, JobEnded | PortraitJudged)]


def test_it_can_still_be_rehearsed_with_on_simulated_devices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch)
    with kiosk(tmp_path, self_test=True) as at:
        at.ready().until(SelfTested, lambda event: event.error is not None)
        at.open(ANNA.letter_number)
        assert at.scan(AttachmentKind.LETTER, PaperKind.LETTER).outcome is Outcome.COMPLETED


def test_a_device_that_is_plugged_in_later_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_devices(monkeypatch)
    refuse(monkeypatch)
    with kiosk(tmp_path, self_test=True) as at:
        for name in simulated.DEVICES:
            at.simulated.props.plug(name, connected=False)
        at.until(SelfTested)
        for name in simulated.DEVICES:
            at.simulated.props.plug(name, connected=True)
        at.ready().open(ANNA.letter_number)
        at.do(
            lambda: at.station.scan(AttachmentKind.LETTER),
            Trouble,
            lambda event: isinstance(event.error, SelfTestFailed),
        )


def test_a_self_test_that_breaks_off_refuses_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    expected_logs.append("the self-test broke off")

    def breaks() -> None:
        raise RuntimeError("somewhere within")

    monkeypatch.setattr(self_test, "prove", breaks)
    with kiosk(tmp_path, self_test=True) as at:
        failed = at.until(SelfTested)
        assert failed.error is not None
        assert failed.error.context["reason"] == "fault"


def test_the_window_says_it_for_good(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch)
    with window_on(qtbot, tmp_path, self_test=True) as at:
        mark = at.window._who._untrue
        at.until(lambda: not mark.isHidden())
        assert word(DIFFERS).text == mark.toolTip()
        assert "paper_white" in mark.toolTip()
        at.open(ANNA.letter_number)
        assert not mark.isHidden()


def test_the_pictures_noted_are_those_in_the_folder() -> None:
    for name, (sha256, _) in noted().items():
        assert hashlib.sha256((GOLDEN / name).read_bytes()).hexdigest() == sha256
