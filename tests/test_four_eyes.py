"""A second person signs beside the officer; and the audit of who came and went."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from station.flow.events import (
    AccountsListed,
    SecondPerson,
    SessionChanged,
    SignInRefused,
    Standing,
    VisitChanged,
)
from station.flow.overriding import Overriding
from station.flow.session import account_digest
from station.model.officer import Role
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import PaperKind
from station.quality.profile import load_profile
from station.settings import resources_dir
from station.storage.open import open_store
from station.storage.tables import audit
from tests.kiosk import kiosk, rules
from tests.peopled import (
    ODA,
    ROSA,
    SECRETS,
    TOM,
    Peopled,
    account,
    acts,
    at_work,
    peopled,
    refused,
    trouble,
)

OBVIOUS = OverrideNote(Override.OBVIOUS, "original_is_so")


def test_a_supervisor_signs_an_override_without_signing_the_officer_out(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA, TOM, second_person=frozenset({Override.OBVIOUS})) as people:
        at, signs = people.kiosk, people.kiosk.station.people
        at_work(people, ODA)
        at.open("V000123456")
        at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
        page = at.visit.pages[0].attachment.id
        asked = at.do(lambda: at.station.keep(page, OBVIOUS), SecondPerson)
        assert asked == SecondPerson(at.visit.visit_id, asked=True)
        assert at.visit.pages[0].attachment.override is None
        for name, password, answer in (
            (ROSA, "not hers", SignInRefused("wrong")), (ODA, SECRETS[ODA], SignInRefused("same_person")),
            (TOM, SECRETS[TOM], SignInRefused("no_right", roles=(Role.SUPERVISOR,))),
        ):  # fmt: skip
            said = people.answer(lambda n=name, p=password: signs.countersign(n, p, "seen"))
            assert said == answer
        kept = at.do(
            lambda: signs.countersign(ROSA, SECRETS[ROSA], "original is torn"),
            VisitChanged, lambda e: e.visit.pages[0].attachment.override,
        )  # fmt: skip
        note = kept.visit.pages[0].attachment.override
        assert (note.second, note.second_note) == (ROSA, "original is torn")
        assert acts(people)[-1] == ("kept", ODA)
        with open_store(at.folder).units() as work:
            facts = work.journal.acts(kept.visit.visit_id)[-1].facts
        assert (facts["second"], facts["second_note"]) == (ROSA, "original is torn")
        assert not [e for e in at.events if isinstance(e, SessionChanged) and e.standing is Standing.LOCKED]


def test_what_nobody_signed_is_not_done(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA, second_person=frozenset({Override.OBVIOUS})) as people:
        at, signs = people.kiosk, people.kiosk.station.people
        at_work(people, ODA)
        at.open("V000123456")
        at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
        page = at.visit.pages[0].attachment.id
        for way_out in (signs.decline_second, signs.lock, at.station.leave):
            if not people_at_work(people):
                at_work(people, ODA)
            at.do(lambda: at.station.keep(page, OBVIOUS), SecondPerson)
            at.do(way_out, SecondPerson, lambda e: not e.asked)
        late = trouble(people, lambda: signs.countersign(ROSA, SECRETS[ROSA], "too late"))
        assert late["reason"] == "no_second"
        assert "kept" not in [kind for kind, _ in acts(people)]


def people_at_work(people: Peopled) -> bool:
    return [e for e in people.kiosk.events if isinstance(e, SessionChanged)][-1].standing is Standing.AT_WORK


def test_a_profile_asks_for_a_second_person_and_judges_as_before(tmp_path: Path):
    shipped = resources_dir() / "profiles" / "passport.toml"
    strict = tmp_path / "passport.toml"
    strict.write_text("second_person = true\n" + shipped.read_text("utf-8"), "utf-8")
    profile = load_profile(strict)
    assert profile.second_person
    assert profile.digest == load_profile(shipped).digest
    profiles = {**rules()["profiles"], profile.name: profile}
    with kiosk(tmp_path / "data") as at:
        at.ready()
        desk = at.station._desk
        assert desk is not None
        parts = (desk, replace(desk.out, profiles=profiles), desk.options, desk.presence.session)
        overriding = Overriding(*parts, desk.capturing.stills)
        assert overriding._needs_second(OBVIOUS, [profile.name])
        assert not overriding._needs_second(OBVIOUS, ["portrait"])
        assert not desk.overriding._needs_second(OBVIOUS, [profile.name])


# -- the audit ------------------------------------------------------------------------------------------------


def test_the_audit_tells_who_came_and_went_and_names_nobody(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        refused(people, ODA)
        begun = at_work(people, ODA)
        people.kiosk.open("V000123456")
        people.sign_out()
    assert begun.officer is not None
    with closing(open_store(tmp_path, station="kiosk-1")) as store:
        assert list(store.verify()) == []
        with store.engine.connect() as connection:
            told = connection.execute(sa.select(audit).order_by(audit.c.number)).mappings().all()
    acts_told = [row["act"] for row in told]
    places = [acts_told.index(act) for act in ("sign_in_refused", "signed_in", "opened", "left", "signed_out")]
    assert places == sorted(places)
    assert {row["officer"] for row in told if row["act"] in ("signed_in", "opened", "left")} == {
        begun.officer.id
    }
    assert "Berg" not in repr(told)


def test_the_audit_tells_of_every_password_that_was_given_also_of_ones_own_at_sign_in(tmp_path: Path):
    with peopled(tmp_path, ROSA) as people:
        station = people.kiosk.station
        at_work(people, ROSA)
        people.kiosk.do(lambda: station.people.add_account(account(TOM)), AccountsListed)
        people.sign_out()
        begun = at_work(people, TOM, SECRETS[TOM], "left is not right at all")
    assert begun.officer is not None
    with closing(open_store(tmp_path, station="kiosk-1")) as store:
        assert list(store.verify()) == []
        with store.engine.connect() as connection:
            told = connection.execute(sa.select(audit).order_by(audit.c.number)).mappings().all()
    made, given = [row for row in told if row["record"] == begun.officer.id]
    (came,) = [row for row in told if row["act"] == "signed_in" and row["officer"] == begun.officer.id]
    assert (made["act"], given["act"]) == ("account_made", "password_given")
    assert given["number"] < came["number"]
    assert (given["officer"], given["record"]) == (begun.officer.id, begun.officer.id)
    assert made["after"] == given["before"] != given["after"]
    assert given["after"] == account_digest(begun.officer)
