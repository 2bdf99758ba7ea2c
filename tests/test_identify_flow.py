"""Letter and passport laid down: what is read by picture opens, joins or stops a visit."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.travel_document import td3_lines
from station.errors import CorrectionRefused, NotComplete, WrongApplicant
from station.flow.events import JobEnded, Notice, Trouble, VisitChanged
from station.model.document import Agreement, MrzStatus, PartialDate, ZonePart
from station.model.record import ApplicationRecord, AttachmentKind, TravelDocument
from station.model.specimen import Flaw, Paper, PaperKind
from station.model.visit import ActKind
from station.storage.open import open_store
from tests.kiosk import ANNA, BORIS, Kiosk, kiosk

LETTER, PASSPORT = AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE
BOTH = PaperKind.LETTER_AND_PASSPORT


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path, scan_dpi=300) as opened:
        yield opened.ready()


def acts(at: Kiosk) -> list[tuple[ActKind, str, dict[str, object]]]:
    """Return what the journal holds of the visit in hand, read from the file by itself."""
    with closing(open_store(at.folder)) as store, store.units() as work:
        return [(act.kind, act.officer, act.facts) for act in work.journal.acts(at.visit.visit_id)]


def lay(at: Kiosk, kind: PaperKind, record: ApplicationRecord, *flaws: Flaw) -> None:
    at.simulated.props.lay((Paper(kind, record, flaws),))


# -- one gesture ----------------------------------------------------------------------------------------------


def test_letter_and_passport_in_one_scan_are_both_on_the_record(at: Kiosk) -> None:
    at.open("L000123456")
    ended = at.scan(LETTER, BOTH)
    assert ended.done == 1
    letter, passport = at.visit.of_kind(LETTER), at.visit.of_kind(PASSPORT)
    assert letter[0].attachment.picture == passport[0].attachment.picture
    assert letter[0].attachment.reading.mrz is None
    assert {i.value for i in letter[0].attachment.reading.identifiers} == {"L000123456", "V000123456"}
    mrz = passport[0].attachment.reading.mrz
    assert (mrz.lines, mrz.status) == (td3_lines(at.visit.record), MrzStatus.ACCEPTED)
    profiles = [page.attachment.report.profile for page in (letter[0], passport[0])]
    assert profiles == ["page", "passport"]


def test_one_scan_at_the_desk_opens_the_record_and_brings_both(at: Kiosk) -> None:
    lay(at, BOTH, ANNA)
    at.do(lambda: at.station.scan(LETTER), JobEnded)
    assert at.visit.record.application_number == "V000123456"
    assert (len(at.visit.of_kind(LETTER)), len(at.visit.of_kind(PASSPORT))) == (1, 1)


def test_a_passport_alone_opens_the_record_that_bears_its_number(at: Kiosk) -> None:
    lay(at, PaperKind.PASSPORT, BORIS)
    at.do(lambda: at.station.scan(LETTER), JobEnded)
    assert at.visit.record.application_number == "V000654321"
    assert (len(at.visit.of_kind(LETTER)), len(at.visit.of_kind(PASSPORT))) == (0, 1)


def test_letter_and_passport_of_two_people_open_nothing(at: Kiosk) -> None:
    lay(at, BOTH, replace(ANNA, document=BORIS.document))
    at.do(lambda: at.station.scan(LETTER), JobEnded)
    assert any(isinstance(event, Notice) and event.code == "letter_names_several" for event in at.events)
    assert not any(isinstance(event, VisitChanged) for event in at.events)


def test_a_doubtful_passport_chooses_no_record(at: Kiosk) -> None:
    lay(at, PaperKind.PASSPORT, BORIS, Flaw.UNREADABLE_CODE)
    at.do(lambda: at.station.scan(LETTER), JobEnded)
    assert any(isinstance(event, Notice) and event.code == "letter_unreadable" for event in at.events)
    assert not any(isinstance(event, VisitChanged) for event in at.events)


def test_a_letter_where_the_passport_was_asked_for_is_taken_as_the_letter(at: Kiosk) -> None:
    at.open("L000123456")
    lay(at, PaperKind.LETTER, ANNA)
    at.do(lambda: at.station.scan(PASSPORT), JobEnded)
    assert [page.attachment.kind for page in at.visit.pages] == [LETTER]
    assert any(isinstance(event, Notice) and event.code == "letter_instead" for event in at.events)


# -- the passport's own lines ---------------------------------------------------------------------------------


def test_a_scanned_passport_needs_no_typing(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(LETTER, BOTH)
    assert at.visit.passport.mrz.lines == td3_lines(at.visit.record)
    by_name = {field.name: field for field in at.visit.match.fields}
    assert by_name["document_number"].agreement is Agreement.SAME
    at.do(at.station.confirm_match, VisitChanged)
    assert at.visit.matched


def test_each_part_of_the_lines_comes_with_its_picture(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT)
    pictures = {view.part.name: view.strip for view in at.visit.zone}
    assert all(strip is not None and strip.shape[0] >= 24 for strip in pictures.values())
    assert pictures["name"].shape[1] > 5 * pictures["document_number"].shape[1] / 2
    assert pictures["name"].min() < 90 < 180 < pictures["name"].max()


def test_the_pictures_of_the_lines_come_back_with_a_resumed_visit(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT)
    before = {view.part.name: view.strip.shape for view in at.visit.zone}
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    at.do(
        lambda: at.station.submit("L000123456"),
        VisitChanged,
        lambda e: e.visit is not None and e.visit.zone and all(v.strip is not None for v in e.visit.zone),
    )
    assert {view.part.name: view.strip.shape for view in at.visit.zone} == before


def test_a_zone_in_doubt_is_confirmed_only_with_a_reason(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(LETTER, PaperKind.LETTER)
    at.scan(PASSPORT, PaperKind.PASSPORT, flaws=(Flaw.UNREADABLE_CODE,))
    assert at.visit.passport.mrz is None or at.visit.passport.mrz.status is not MrzStatus.ACCEPTED
    refused = at.do(at.station.confirm_match, Trouble)
    assert isinstance(refused.error, NotComplete)
    at.do(lambda: at.station.confirm_match("compared"), VisitChanged)
    assert at.visit.matched


# -- another person's passport --------------------------------------------------------------------------------


def test_another_persons_passport_is_shown_and_not_kept(at: Kiosk) -> None:
    at.open("L000123456")
    ended = at.scan(PASSPORT, PaperKind.PASSPORT, record=BORIS)
    assert isinstance(ended.error, WrongApplicant)
    assert at.visit.of_kind(PASSPORT) == ()
    assert at.visit.stranger
    assert at.visit.match.stops
    assert at.visit.passport.mrz.surname == "IVANOV"
    assert ActKind.REFUSED in [kind for kind, _, _ in acts(at)]
    assert "IVANOV" not in json.dumps([facts for _, _, facts in acts(at)])


def test_the_right_passport_clears_the_stop(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT, record=BORIS)
    at.scan(PASSPORT, PaperKind.PASSPORT)
    assert not at.visit.stranger
    assert not at.visit.match.stops
    assert len(at.visit.of_kind(PASSPORT)) == 1


def test_a_strangers_typed_lines_are_shown_and_not_kept(at: Kiosk) -> None:
    at.open("L000123456")
    at.do(lambda: at.station.submit("\n".join(td3_lines(BORIS))), VisitChanged)
    assert at.visit.stranger
    assert "IVANOV" not in json.dumps([facts for _, _, facts in acts(at)])


def test_the_letter_of_one_and_the_passport_of_another_in_one_scan_keep_only_the_own(at: Kiosk) -> None:
    at.open("L000123456")
    other = replace(BORIS, application_number=ANNA.application_number, letter_number=ANNA.letter_number)
    ended = at.scan(LETTER, BOTH, record=other)
    assert isinstance(ended.error, WrongApplicant)
    assert at.visit.of_kind(PASSPORT) == ()
    assert at.visit.stranger


# -- a misread is mended --------------------------------------------------------------------------------------


def part(at: Kiosk, name: str) -> ZonePart:
    return next(view.part for view in at.visit.zone if view.part.name == name)


def test_a_mended_part_is_logged_with_who_from_to_and_why(at: Kiosk) -> None:
    at.open("L000123456")
    misprinted = replace(at.visit.record, given_names="Anna Marla")
    at.scan(PASSPORT, PaperKind.PASSPORT, record=misprinted)
    wrong = part(at, "name")
    right = wrong.text.replace("MARLA", "MARIA")
    at.do(lambda: at.station.correct_mrz(wrong, right, "misread"), VisitChanged)
    assert at.visit.passport.mrz.given_names == "ANNA MARIA"
    assert [view.corrected for view in at.visit.zone if view.part.name == "name"] == [True]
    kind, officer, facts = acts(at)[-1]
    assert (kind, officer) == (ActKind.MRZ_CORRECTED, "officer")
    assert (facts["part"], facts["was"], facts["now"], facts["reason"]) == (
        "name",
        wrong.text,
        right,
        "misread",
    )


def test_a_mended_part_survives_the_power_cut(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT)
    at.do(lambda: at.station.correct_mrz(part(at, "name"), "ERIKSSON<<ANNA", "misread"), VisitChanged)
    with closing(open_store(at.folder)) as store, store.units() as work:
        visit = work.journal.get(at.visit.visit_id)
    assert visit.mrz_lines[0] == "P<UTOERIKSSON<<ANNA".ljust(44, "<")


def test_nothing_is_mended_without_a_reason_or_with_what_no_zone_has(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT)
    before = at.visit.passport.mrz.lines
    name = part(at, "name")
    refused = at.do(lambda: at.station.correct_mrz(name, name.text, ""), Trouble)
    assert isinstance(refused.error, NotComplete)
    refused = at.do(lambda: at.station.correct_mrz(name, "É?", "misread"), Trouble)
    assert isinstance(refused.error, CorrectionRefused)
    assert at.visit.passport.mrz.lines == before


def test_a_new_passport_page_takes_the_place_of_what_was_mended(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(PASSPORT, PaperKind.PASSPORT)
    at.do(lambda: at.station.correct_mrz(part(at, "name"), "ERIKSSON<<ANNA", "misread"), VisitChanged)
    at.scan(PASSPORT, PaperKind.PASSPORT)
    assert at.visit.passport.mrz.given_names == "ANNA MARIA"
    assert not any(view.corrected for view in at.visit.zone)


def test_a_correction_takes_back_the_officers_word(at: Kiosk) -> None:
    at.open("L000123456")
    at.scan(LETTER, BOTH)
    at.do(at.station.confirm_match, VisitChanged)
    at.do(lambda: at.station.correct_mrz(part(at, "name"), part(at, "name").text, "as_printed"), VisitChanged)
    assert not at.visit.matched


# -- what the cross-check finds -------------------------------------------------------------------------------


def test_the_same_passport_on_a_second_record_is_said(tmp_path: Path) -> None:
    twin = replace(ANNA, application_number="V000999999", letter_number="L000999999")
    with kiosk(tmp_path, (ANNA, twin), scan_dpi=300) as at:
        at.ready().open("L000123456")
        at.scan(PASSPORT, PaperKind.PASSPORT)
        by_name = {field.name: field for field in at.visit.match.fields}
        assert by_name["document_number"].agreement is Agreement.SECOND_RECORD
        refused = at.do(at.station.confirm_match, Trouble)
        assert isinstance(refused.error, NotComplete)


def test_an_expired_passport_is_said(tmp_path: Path) -> None:
    old = replace(ANNA, document=TravelDocument("L898902C3", "UTO", PartialDate(2026, 11, 21)))
    with kiosk(tmp_path, (old,), scan_dpi=300) as at:
        at.ready().open("L000123456")
        at.scan(PASSPORT, PaperKind.PASSPORT)
        by_name = {field.name: field for field in at.visit.match.fields}
        assert by_name["expiry_date"].agreement is Agreement.EXPIRED
