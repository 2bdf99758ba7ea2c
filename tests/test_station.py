"""A visit from the desk to the seal, on simulated devices and a real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from station.errors import (
    AttachmentRefused,
    CoverOpen,
    DeviceBusy,
    DeviceLost,
    DriverFault,
    NotComplete,
    PaperJam,
    VisitOpenElsewhere,
    WrongApplicant,
)
from station.flow.events import (
    DevicesChanged,
    JobEnded,
    JobProgress,
    Listed,
    Notice,
    Outcome,
    PortraitJudged,
    Trouble,
    VisitChanged,
)
from station.flow.latest import Latest, LiveFrame
from station.flow.views import DeviceState, StepState
from station.model.capability import Source
from station.model.quality import Verdict
from station.model.record import AttachmentKind, Override, OverrideNote, RecordState
from station.model.specimen import Fault, FaultKind, Flaw, Paper, PaperKind, Sitter
from station.model.visit import Step
from station.reading.mrz import parse
from station.storage.open import open_store
from tests.kiosk import ANNA, BORIS, TODAY, Kiosk, kiosk

# ICAO 9303-4, appendix: the specimen, with a later expiry and its check digits computed by hand below.
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"
SCANNER = "simulated:scanner"
CAMERA = "simulated:camera"
REASON = OverrideNote(Override.OBVIOUS, "medical")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path, scan_dpi=300) as opened:
        yield opened.ready()


def identify(at: Kiosk) -> None:
    """Carry the open visit through its first step."""
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
    at.do(lambda: at.station.submit(MRZ), VisitChanged)
    at.do(at.station.confirm_match, VisitChanged)


def take_portrait(at: Kiosk) -> None:
    """Take and accept a portrait."""
    at.do(at.station.take_still, PortraitJudged, lambda e: e.candidate is not None)
    at.do(lambda: at.station.accept_still(REASON), VisitChanged)


def scan_documents(at: Kiosk) -> None:
    """Scan one page for each mandatory item."""
    for view in at.visit.items:
        if view.item.mandatory:
            at.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=view.item.id, title=view.item.title)


def test_the_specimen_lines_hold_their_check_digits() -> None:
    assert parse(MRZ.split("\n"), today=TODAY.date()).check_ok


def test_a_visit_goes_from_the_desk_to_the_seal(at: Kiosk) -> None:
    at.open("L000123456")
    identify(at)
    assert at.visit.matched
    take_portrait(at)
    scan_documents(at)
    assert [point.code for point in at.visit.open_points if point.blocks] == []
    sealed = at.do(at.station.seal, VisitChanged)
    assert sealed.visit is not None
    assert sealed.visit.sealed
    assert sealed.visit.record.state is RecordState.SEALED
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    kept = open_store(at.folder)
    with kept.units() as work:
        record = work.records.get(sealed.visit.record.id)
    assert {a.kind for a in record.attachments} == set(AttachmentKind)
    assert all(a.provenance.simulated and a.provenance.officer == "officer" for a in record.attachments)
    assert list(kept.verify()) == []
    kept.close()


def test_an_unfinished_visit_cannot_be_sealed(at: Kiosk) -> None:
    at.open("V000123456")
    trouble = at.do(at.station.seal, Trouble)
    assert isinstance(trouble.error, NotComplete)
    missing = trouble.error.context["missing"]
    assert {"letter_missing", "passport_missing", "portrait_missing", "not_matched"} <= set(missing)
    assert at.visit.record.state is RecordState.IN_PROGRESS


def test_a_letter_scanned_at_the_desk_opens_its_record_and_lies_on_it(at: Kiosk) -> None:
    record = replace(BORIS, id="x")
    at.simulated.props.lay((Paper(PaperKind.LETTER, record),))
    ended = at.do(lambda: at.station.scan(AttachmentKind.LETTER), JobEnded)
    assert ended.outcome is Outcome.COMPLETED
    assert at.visit.record.application_number == BORIS.application_number
    assert len(at.visit.of_kind(AttachmentKind.LETTER)) == 1


def test_an_unreadable_letter_at_the_desk_opens_nothing(at: Kiosk) -> None:
    at.simulated.props.lay((Paper(PaperKind.LETTER, replace(ANNA, id="x"), (Flaw.UNREADABLE_CODE,)),))
    notice = at.do(lambda: at.station.scan(AttachmentKind.LETTER), Notice)
    assert notice.code == "letter_unreadable"
    assert not [e for e in at.events if isinstance(e, VisitChanged)]


def test_another_applicants_letter_is_not_attached(at: Kiosk) -> None:
    at.open("V000123456")
    ended = at.scan(AttachmentKind.LETTER, PaperKind.LETTER, record=replace(BORIS, id="x"))
    assert isinstance(ended.error, WrongApplicant)
    assert at.visit.pages == ()


def test_a_typed_code_of_another_applicant_is_refused(at: Kiosk) -> None:
    at.open("V000123456")
    trouble = at.do(lambda: at.station.submit(BORIS.letter_number), Trouble)
    assert isinstance(trouble.error, WrongApplicant)


def test_another_persons_passport_stops_the_visit(at: Kiosk) -> None:
    at.open(BORIS.application_number)
    at.do(lambda: at.station.submit(MRZ), VisitChanged)
    trouble = at.do(lambda: at.station.confirm_match("looked at"), Trouble)
    assert isinstance(trouble.error, WrongApplicant)
    assert not at.visit.matched


def test_a_match_without_an_mrz_needs_a_reason(at: Kiosk) -> None:
    at.open("V000123456")
    assert isinstance(at.do(at.station.confirm_match, Trouble).error, NotComplete)
    shown = at.do(lambda: at.station.confirm_match("mrz_damaged"), VisitChanged)
    assert shown.visit is not None
    assert shown.visit.matched
    assert "matched_with_reason" in [point.code for point in shown.visit.open_points]


def test_a_cut_off_number_opens_nothing(at: Kiosk) -> None:
    listed = at.do(lambda: at.station.submit("L00012345"), Listed)
    assert [entry.letter_number for entry in listed.listings] == ["L000123456"]
    assert not [e for e in at.events if isinstance(e, VisitChanged)]


def test_a_whole_name_opens_its_only_record(at: Kiosk) -> None:
    shown = at.do(lambda: at.station.submit("ivanov boris"), VisitChanged)
    assert shown.visit is not None
    assert shown.visit.record.surname == "Ivanov"


def test_an_mrz_at_the_desk_opens_the_record_of_its_passport(at: Kiosk) -> None:
    shown = at.do(lambda: at.station.submit(MRZ), VisitChanged)
    assert shown.visit is not None
    assert shown.visit.record.application_number == ANNA.application_number


def test_a_jam_keeps_the_pages_before_it(at: Kiosk) -> None:
    at.open("V000123456")
    item = at.visit.items[0].item.id
    at.simulated.props.lay(tuple(Paper(PaperKind.FORM, at.visit.record, title=str(n)) for n in range(4)))
    at.simulated.props.trouble(SCANNER, Fault(FaultKind.JAM, at=3))
    since = len(at.events)
    ended = at.do(lambda: at.station.scan(AttachmentKind.DOCUMENT, item=item, source=Source.FEEDER), JobEnded)
    assert isinstance(ended.error, PaperJam)
    assert ended.error.context["kept"] == 2
    assert [p.attachment.page for p in at.visit.of_kind(AttachmentKind.DOCUMENT)] == [1, 2]
    assert [e.done for e in at.events[since:] if isinstance(e, JobProgress)] == [1, 2]


@pytest.mark.parametrize(
    ("fault", "error"),
    [(FaultKind.COVER, CoverOpen), (FaultKind.UNPLUG, DeviceLost), (FaultKind.RAISE, DriverFault)],
)
def test_a_scanner_in_trouble_leaves_the_visit_as_it_was(
    at: Kiosk, fault: FaultKind, error: type[Exception], expected_logs: list[str]
) -> None:
    expected_logs.append(f"the driver of {SCANNER} failed in a scan")
    at.open("V000123456")
    at.simulated.props.trouble(SCANNER, Fault(fault))
    ended = at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    assert isinstance(ended.error, error)
    assert at.visit.pages == ()
    if fault is FaultKind.UNPLUG:
        at.simulated.props.plug(SCANNER, connected=True)
    at.ready()
    assert at.scan(AttachmentKind.LETTER, PaperKind.LETTER).outcome is Outcome.COMPLETED


def test_a_scan_that_hangs_ends_by_itself_and_the_station_lives(tmp_path: Path) -> None:
    with kiosk(tmp_path, patience_s=0.5) as at:
        at.ready().open("V000123456")
        at.simulated.props.trouble(SCANNER, Fault(FaultKind.HANG))
        ended = at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
        assert ended.outcome is Outcome.FAILED
        assert ended.error is not None
        assert at.list_now().listings


def test_cancel_ends_a_scan_once_and_is_no_trouble(at: Kiosk) -> None:
    at.open("V000123456")
    at.simulated.props.trouble(SCANNER, Fault(FaultKind.HANG))
    since = len(at.events)
    at.station.scan(AttachmentKind.LETTER)
    at.station.cancel_job()
    at.station.cancel_job()
    ended = at.until(JobEnded, since=since)
    assert ended.outcome is Outcome.CANCELLED
    at.list_now()
    assert len([e for e in at.events[since:] if isinstance(e, JobEnded)]) == 1
    assert not [e for e in at.events[since:] if isinstance(e, Trouble)]


def test_a_second_scan_while_one_runs_is_refused(at: Kiosk) -> None:
    at.open("V000123456")
    at.simulated.props.trouble(SCANNER, Fault(FaultKind.HANG))
    at.station.scan(AttachmentKind.LETTER)
    trouble = at.do(lambda: at.station.scan(AttachmentKind.LETTER), Trouble)
    assert isinstance(trouble.error, DeviceBusy)
    at.do(at.station.cancel_job, JobEnded)


def test_a_new_letter_takes_the_place_of_the_old_one(at: Kiosk) -> None:
    at.open("V000123456")
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER, flaws=(Flaw.UNREADABLE_CODE,))
    assert at.until(Notice).code == "letter_unreadable"
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    (letter,) = at.visit.of_kind(AttachmentKind.LETTER)
    assert letter.attachment.reading is not None
    assert letter.attachment.reading.identifiers


def test_a_dropped_page_comes_back(at: Kiosk) -> None:
    at.open("V000123456")
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    (page,) = at.visit.pages
    at.do(lambda: at.station.drop([page.attachment.id]), VisitChanged)
    assert at.visit.pages == ()
    at.do(at.station.undo, VisitChanged)
    assert [p.attachment for p in at.visit.pages] == [page.attachment]


def test_one_page_is_scanned_again_in_its_place(at: Kiosk) -> None:
    at.open("V000123456")
    item = at.visit.items[0].item.id
    for title in ("one", "two", "three"):
        at.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=item, title=title)
    before = [p.attachment for p in at.visit.of_kind(AttachmentKind.DOCUMENT)]
    at.simulated.props.lay((Paper(PaperKind.FORM, at.visit.record, title="again"),))
    at.do(lambda: at.station.scan(AttachmentKind.DOCUMENT, item=item, replacing=before[1].id), JobEnded)
    after = [p.attachment for p in at.visit.of_kind(AttachmentKind.DOCUMENT)]
    assert [a.page for a in after] == [1, 2, 3]
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1].picture != before[1].picture


def test_a_dark_portrait_is_taken_only_with_a_reason(at: Kiosk) -> None:
    at.open("V000123456")
    at.simulated.props.seat(Sitter(light=0.15))
    judged = at.do(at.station.take_still, PortraitJudged)
    assert judged.candidate is not None
    assert judged.candidate.report.verdict is Verdict.FAIL
    refused = at.do(at.station.accept_still, Trouble)
    assert isinstance(refused.error, AttachmentRefused)
    at.do(lambda: at.station.accept_still(REASON), VisitChanged)
    assert "picture_overridden" in [point.code for point in at.visit.open_points]


def test_the_live_picture_carries_its_visit_and_ends_with_it(at: Kiosk) -> None:
    at.open("V000123456")
    visit_id = at.visit.visit_id
    at.do(
        lambda: at.station.start_preview(320, 240),
        DevicesChanged,
        lambda e: any(d.info.id == CAMERA and d.state is DeviceState.BUSY for d in e.devices),
    )
    judged = at.do(at.station.take_still, PortraitJudged)
    assert judged.visit_id == visit_id
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    at.ready()
    assert at.station.mailbox.take() is None


def test_a_still_of_the_last_applicant_never_reaches_the_next(at: Kiosk) -> None:
    at.open("V000123456")
    at.do(at.station.take_still, PortraitJudged, lambda e: e.candidate is not None)
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    at.open(BORIS.application_number)
    trouble = at.do(lambda: at.station.accept_still(REASON), Trouble)
    assert isinstance(trouble.error, AttachmentRefused)
    assert at.visit.of_kind(AttachmentKind.PORTRAIT) == ()


def test_a_left_visit_is_first_on_the_list_and_goes_on_at_its_step(at: Kiosk) -> None:
    at.open("V000654321")
    at.do(lambda: at.station.enter(Step.DOCUMENTS), VisitChanged)
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    first = at.list_now().listings[0]
    assert (first.application_number, first.visit_step) == ("V000654321", Step.DOCUMENTS)
    shown = at.do(lambda: at.station.resume(first.visit_id), VisitChanged)
    assert shown.visit is not None
    assert shown.visit.step is Step.DOCUMENTS


def test_an_open_visit_of_another_kiosk_is_not_taken_over(tmp_path: Path) -> None:
    with kiosk(tmp_path, station="kiosk-1") as one, kiosk(tmp_path, station="kiosk-2") as two:
        one.ready().open("V000123456")
        trouble = two.ready().do(lambda: two.station.submit("V000123456"), Trouble)
        assert isinstance(trouble.error, VisitOpenElsewhere)
        assert trouble.error.context["station"] == "kiosk-1"
        one.do(one.station.leave, VisitChanged, lambda e: e.visit is None)
        assert two.open("V000123456").record.application_number == "V000123456"


def test_an_item_that_was_not_brought_is_overridden_and_can_be_claimed(at: Kiosk) -> None:
    at.open("V000123456")
    item = next(view.item.id for view in at.visit.items if view.item.mandatory)
    at.do(lambda: at.station.waive_item(item, "applicant signed the waiver"), VisitChanged)
    assert "item_not_brought" in [point.code for point in at.visit.open_points]
    at.do(lambda: at.station.claim_item(item), VisitChanged)
    assert "item_not_brought" not in [point.code for point in at.visit.open_points]


def test_a_pulled_plug_shows_on_the_chip_and_heals(at: Kiosk) -> None:
    def state(wanted: DeviceState):  # type: ignore[no-untyped-def]
        return lambda e: any(d.info.id == SCANNER and d.state is wanted for d in e.devices)

    at.do(lambda: at.simulated.props.plug(SCANNER, connected=False), DevicesChanged, state(DeviceState.LOST))
    at.do(lambda: at.simulated.props.plug(SCANNER, connected=True), DevicesChanged, state(DeviceState.READY))


def test_the_rail_shows_what_is_done(at: Kiosk) -> None:
    at.open("L000123456")
    identify(at)
    states = {view.step: view.state for view in at.visit.steps}
    assert states[Step.IDENTIFY] is StepState.DONE
    assert states[Step.PORTRAIT] is StepState.TO_DO


def test_practice_lays_the_right_papers(tmp_path: Path) -> None:
    with kiosk(tmp_path, practice=True) as at:
        at.ready().open("L000123456")
        at.do(lambda: at.station.scan(AttachmentKind.LETTER), JobEnded)
        assert at.visit.letter is not None
        assert ("letter_number", "L000123456") in [(i.kind, i.value) for i in at.visit.letter.identifiers]


def test_a_frame_that_is_late_is_nobodys() -> None:
    mailbox, pixels = Latest(), np.zeros((2, 2, 3), np.uint8)
    first = mailbox.begin()
    mailbox.put(LiveFrame("one", 1, 0.0, pixels), first)
    mailbox.clear()
    mailbox.put(LiveFrame("one", 2, 0.0, pixels), first)
    assert mailbox.take() is None
    second = mailbox.begin()
    mailbox.put(LiveFrame("one", 3, 0.0, pixels), first)
    mailbox.put(LiveFrame("two", 1, 0.0, pixels), second)
    frame = mailbox.take()
    assert frame is not None and frame.visit_id == "two"
