"""The officer's word against the measures: kept or set aside, counted, told to the audit, listed."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from main import main
from station.errors import AttachmentRefused
from station.flow.events import Listed, PortraitJudged, SecondPerson, Trouble, VisitChanged
from station.model.overrides import OTHER, REASONS, flaw_of, kind_of, offered, told
from station.model.record import Attachment, AttachmentKind, Override, OverrideNote, RecordState
from station.model.specimen import Flaw, PaperKind, Sitter
from station.model.visit import Act, ActKind
from station.storage import overrides
from station.storage.audit_entry import WORD
from station.storage.listings import OVERRIDES
from station.storage.open import OpenStore, open_store
from station.storage.tables import acts, applications, audit
from tests.commands import ask
from tests.kiosk import ANNA, TODAY, Kiosk, kiosk
from tests.peopled import ODA, ROSA, SECRETS, at_work, peopled
from tests.stored import NOON, act, applicant, expected, picture, visit_of
from tests.visits import whole_visit

KEPT = OverrideNote(Override.OBVIOUS, "original_is_so")
REFUSED = OverrideNote(Override.REFUSED, "part_hidden", note="The lower third")


# -- the reasons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("picture", AttachmentKind)
@pytest.mark.parametrize("good", [True, False])
def test_every_kind_of_picture_is_offered_reasons_of_the_kinds_that_fit_how_it_measured(
    picture: AttachmentKind, good: bool
) -> None:
    codes = offered(picture, measured_good=good)
    assert codes[-1] == OTHER and len(set(codes)) == len(codes) <= 9  # a figure picks each
    kinds = {kind_of(code, measured_good=good) for code in codes}
    assert kinds == ({Override.REFUSED} if good else {Override.OBVIOUS, Override.WITHOUT_REASON})


def test_another_reason_says_nothing_without_a_note_and_a_code_counts_for_its_kind_only() -> None:
    assert flaw_of(OverrideNote(Override.OBVIOUS, OTHER)) == "needs_note"
    assert flaw_of(OverrideNote(Override.OBVIOUS, OTHER, "  ")) == "needs_note"
    assert flaw_of(OverrideNote(Override.OBVIOUS, OTHER, "It is torn")) == ""
    assert flaw_of(OverrideNote(Override.OBVIOUS, "part_hidden")) == "needs_reason"
    assert flaw_of(OverrideNote(Override.REFUSED, "Anna Eriksson has a scar")) == "needs_reason"


def test_the_audit_has_a_word_for_every_reason_and_none_for_a_text_of_somebodys_own() -> None:
    words = [told(reason.kind, reason.code) for reason in REASONS]
    assert len(set(words)) == len(REASONS) and all(WORD.fullmatch(word) for word in words)
    with pytest.raises(ValueError, match="coded"):
        told(Override.OBVIOUS, "scar")


# -- a visit ---------------------------------------------------------------------------------------------------


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path, scan_dpi=300) as made:
        made.ready()
        yield made


def scanned(at: Kiosk, *flaws: Flaw | None) -> list[str]:
    """Open Anna's visit and scan forms, each with its flaw; return the ids of the pages."""
    item = at.open(ANNA.application_number).items[0].item
    for flaw in flaws:
        facts = {"flaws": (flaw,)} if flaw else {}
        at.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=item.id, title=item.title, **facts)
    return [page.attachment.id for page in at.visit.pages]


def keep(at: Kiosk, page: str, note: OverrideNote) -> None:
    at.do(lambda: at.station.keep(page, note), VisitChanged)


def refused(at: Kiosk, page: str, note: OverrideNote) -> object:
    error = at.do(lambda: at.station.keep(page, note), Trouble).error
    assert isinstance(error, AttachmentRefused)
    return error.context["reason"]


def listed(at: Kiosk) -> dict[str, int]:
    """How many overrides each record of the filtered list has, by application number."""
    found = at.do(at.station.list_overridden, Listed, lambda event: event.overridden).listings
    return {one.application_number: one.overrides for one in found}


def words_in(folder: Path) -> list[str]:
    """The audit's words for overrides, in their order."""
    with closing(open_store(folder)) as store, store.engine.connect() as connection:
        query = sa.select(audit.c.act).where(audit.c.act.like("override%")).order_by(audit.c.number)
        return list(connection.execute(query).scalars())


def test_what_was_decided_survives_a_restart_with_who_and_when_and_is_undone_with_its_page(
    tmp_path: Path,
) -> None:
    with kiosk(tmp_path, scan_dpi=300) as at:
        bad, good = scanned(at.ready(), Flaw.BLURRED, None)
        assert at.visit.overrides == ()
        keep(at, bad, KEPT)
        keep(at, good, REFUSED)
        assert [page.attachment.id for page in at.visit.pages] == [bad]
        at.do(at.station.undo, VisitChanged)  # it is on the record again, so it was never set aside
        assert [view.attachment for view in at.visit.overrides] == [bad]
        keep(at, good, REFUSED)
        at.do(lambda: at.station.drop([bad]), VisitChanged)
        assert [view.attachment for view in at.visit.overrides] == [good]
        at.do(at.station.undo, VisitChanged)
        shown = at.visit.overrides
    with kiosk(tmp_path, scan_dpi=300) as at:
        at.ready()
        assert listed(at) == {ANNA.application_number: 2}
        at.open(ANNA.application_number)
        again = at.visit.overrides
    assert [view.note for view in again] == [view.note for view in shown]
    kept, aside = again
    assert (kept.on_record, aside.on_record) == (True, False)
    assert (kept.note.kind, kept.note.by, kept.note.at) == (Override.OBVIOUS, "officer", TODAY)
    assert (aside.note.reason, aside.note.note, aside.page) == ("part_hidden", "The lower third", 2)
    assert words_in(tmp_path) == [
        "override_obvious_original_is_so", "override_refused_part_hidden", "override_refused_part_hidden",
    ]  # fmt: skip
    with closing(open_store(tmp_path)) as store:
        assert list(store.verify()) == []


def test_a_word_that_cannot_stand_changes_nothing(at: Kiosk) -> None:
    bad, good = scanned(at, Flaw.BLURRED, None)
    assert refused(at, bad, REFUSED) == "not_measured_good"
    assert refused(at, bad, OverrideNote(Override.OBVIOUS, "no_such_code")) == "needs_reason"
    assert refused(at, good, OverrideNote(Override.REFUSED, OTHER)) == "needs_note"
    assert at.visit.overrides == () and len(at.visit.pages) == 2
    assert listed(at) == {}


def test_a_portrait_that_is_set_aside_takes_its_photo_with_it(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
    at.do(at.station.accept_still, VisitChanged)
    (portrait,) = at.visit.of_kind(AttachmentKind.PORTRAIT)
    assert at.visit.of_kind(AttachmentKind.PHOTO)
    keep(at, portrait.attachment.id, OverrideNote(Override.REFUSED, "not_neutral"))
    assert at.visit.pages == () and [view.picture for view in at.visit.overrides] == [AttachmentKind.PORTRAIT]
    at.do(at.station.undo, VisitChanged)
    assert len(at.visit.pages) == 2 and at.visit.overrides == ()


def test_a_portrait_kept_below_its_limits_is_an_override_of_its_own_in_the_audit(tmp_path: Path) -> None:
    with kiosk(tmp_path) as at:
        at.ready().open(ANNA.application_number)
        at.simulated.props.seat(Sitter(present=False))
        at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
        at.do(lambda: at.station.accept_still(OverrideNote(Override.OBVIOUS, "small_child")), VisitChanged)
        assert [view.note.by for view in at.visit.overrides] == ["officer"]
    assert words_in(tmp_path) == ["override_obvious_small_child"]


def test_a_second_person_signs_that_a_good_picture_is_set_aside(tmp_path: Path) -> None:
    with peopled(tmp_path, ROSA, ODA, second_person=frozenset({Override.REFUSED}), scan_dpi=300) as people:
        at, signs = people.kiosk, people.kiosk.station.people
        at_work(people, ODA)
        (page,) = scanned(at, None)
        at.do(lambda: at.station.keep(page, REFUSED), SecondPerson)
        assert len(at.visit.pages) == 1
        at.do(
            lambda: signs.countersign(ROSA, SECRETS[ROSA], "So it is"),
            VisitChanged, lambda event: event.visit.overrides,
        )  # fmt: skip
        (view,) = at.visit.overrides
        assert (view.note.by, view.note.second, view.note.second_note) == (ODA, ROSA, "So it is")
        assert at.visit.pages == ()


def test_a_sealed_visit_shows_its_overrides_and_stays_in_the_list_of_the_day(tmp_path: Path) -> None:
    with kiosk(tmp_path, scan_dpi=100) as at:
        sealed = whole_visit(at.ready(), ANNA, plain=True)
        assert sealed.sealed and len(sealed.overrides) == len(
            [p for p in sealed.pages if p.attachment.override]
        )
        assert listed(at) == {ANNA.application_number: len(sealed.overrides)}
        assert ANNA.application_number not in {one.application_number for one in at.list_now().listings}


# -- many records ----------------------------------------------------------------------------------------------


def note(hours: float = 0.0, by: str = "Oda", **change: Any) -> OverrideNote:
    fields = {"kind": Override.OBVIOUS, "reason": "original_is_so", **change}
    return OverrideNote(**fields, by=by, at=NOON + timedelta(hours=hours))


def kept_act(hours: float = 0.0) -> Act:
    facts = {"attachment": "a", "override": Override.OBVIOUS.value, "reason": "original_is_so"}
    return Act(ActKind.KEPT, NOON + timedelta(hours=hours), "officer-1", facts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with closing(open_store(tmp_path / "data")) as made:
        yield made


def decided(store: OpenStore, number: str, *attachments: Attachment, at_hours: float = 0.0) -> str:
    """Attach pictures to a new record in a visit that has an act which decides; return the record's id."""
    (record,) = expected(store, applicant(number))
    with store.units() as work:
        for attachment in attachments:
            record = record.attach(attachment)
        work.records.put(record)
        visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
        work.journal.write(visit, kept_act(at_hours))
        work.commit()
    return record.id


def test_a_list_counts_overrides_and_reads_no_attachment(store: OpenStore) -> None:
    decided(store, "GV-1", picture("a", override=note()), picture("b"), picture("c", override=note()))
    decided(store, "GV-2", picture("d"))
    with store.units() as work:
        assert {one.application_number: one.overrides for one in work.records.today()} == {"GV-1": 2, "GV-2": 0}
        (found,) = work.overrides.listed(NOON)
        assert (found.application_number, found.overrides) == ("GV-1", 2)
    with store.engine.connect() as connection:
        plan = [
            str(row[-1])
            for statement in (sa.select(applications.c.id, OVERRIDES), overrides.decided(acts.c.at >= "2025"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {literal(statement)}")
        ]
    for index in ("attachments_overridden", "visits_set_aside", "acts_decisive"):
        assert any(f"INDEX {index}" in step for step in plan), plan


def literal(statement: sa.Select[Any]) -> str:
    return str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def test_the_list_of_the_day_leaves_out_what_was_sealed_before(store: OpenStore) -> None:
    record_id = decided(store, "GV-1", picture("a", override=note()))
    with store.units() as work:
        record = work.records.get(record_id)
        (visit,) = work.journal.interrupted("kiosk-1")
        work.journal.write(visit, act(ActKind.SEALED))
        work.records.put(replace(record, state=RecordState.SEALED))
        work.commit()
    with store.units() as work:
        assert len(work.overrides.listed(NOON)) == 1
        assert work.overrides.listed(NOON + timedelta(hours=1)) == ()


def test_overrides_of_a_time_are_found_with_the_share_of_pictures(store: OpenStore) -> None:
    first = decided(store, "GV-1", picture("a", override=note(1)), picture("b"))
    decided(store, "GV-2", picture("c", override=note(30)), at_hours=30)
    with store.units() as work:
        day = NOON, NOON + timedelta(hours=24)
        (given,) = work.overrides.given(*day)
        assert (given.record_id, given.note, given.profile) == (first, note(1), "page")
        (tally,) = work.overrides.tallies(*day)  # the visit of GV-2 was opened on this day too
        assert (tally.device, tally.pictures, tally.overridden) == ("Simulated scanner", 3, 2)
        assert work.overrides.given(day[1] + timedelta(days=7), day[1] + timedelta(days=8)) == ()


# -- the command -----------------------------------------------------------------------------------------------


def test_the_command_lists_a_day_by_kind_and_reason_with_ids_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path))
    with kiosk(tmp_path, scan_dpi=300) as at:
        bad, good, _ = scanned(at.ready(), Flaw.BLURRED, None, None)
        keep(at, bad, OverrideNote(Override.OBVIOUS, OTHER, "Mrs Eriksson tore it"))
        keep(at, good, REFUSED)
        record = at.visit.record.id
    day = TODAY.astimezone().date()
    status, rows = ask(capsys, "overrides", "--from", f"{day}")
    assert status == 0
    given, shares = ([row for row in rows if row["row"] == kind] for kind in ("override", "share"))
    assert [(row["kind"], row["reason"], row["on_record"]) for row in given] == [
        ("fails_although_measured_good", "part_hidden", False), ("passes_for_an_obvious_reason", "other", True),
    ]  # fmt: skip
    assert {(row["record"], row["officer"], row["profile"]) for row in given} == {(record, "officer", "page")}
    (share,) = shares
    assert (share["pictures"], share["overridden"], share["share"]) == (3, 2, round(2 / 3, 4))
    assert main(["overrides", "--from", f"{day}"]) == 0
    said = capsys.readouterr().out
    assert "A part is folded over, covered or cut off. (1)" in said and "66.7%" in said and "set aside" in said
    for personal in ("Eriksson", "ERIKSSON", "tore it", "lower third", ANNA.application_number):
        assert personal not in said + json.dumps(rows)


def test_the_command_says_when_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path))
    assert main(["overrides"]) == 0
    assert capsys.readouterr().out == "No overrides.\n\nNo pictures.\n"
    assert ask(capsys, "overrides", "--from", "2025-03-04", "--to", "2025-03-05") == (0, [])
