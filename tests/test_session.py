"""People at a station: set-up, sign-in, lock, hand-over, four eyes, and rights at every door."""

from pathlib import Path

import numpy as np
import pytest

from station.errors import NotAllowed
from station.flow import throttle
from station.flow.events import (
    AccountsListed,
    Event,
    Job,
    JobEnded,
    JobStarted,
    Listed,
    LiveJudged,
    LiveRead,
    Notice,
    Outcome,
    PageComing,
    PortraitJudged,
    SecondPerson,
    SessionChanged,
    SignInRefused,
    Standing,
    Trouble,
    VisitChanged,
)
from station.flow.gate import Gate
from station.model.officer import NewAccount, Role
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import PaperKind
from station.model.visit import Step
from station.storage.open import open_store
from tests.kiosk import PATIENCE_S, kiosk
from tests.peopled import (
    ADA,
    ODA,
    QUICK,
    ROSA,
    SECRETS,
    TOM,
    Clock,
    Peopled,
    account,
    acts,
    at_work,
    peopled,
    refused,
    trouble,
)

OBVIOUS = OverrideNote(Override.OBVIOUS, "original_is_so")
FIVE_MINUTES_S = 300


# -- the first start ------------------------------------------------------------------------------------------


def test_the_first_start_makes_a_supervisor_and_an_officer_who_is_at_work(tmp_path: Path):
    with peopled(tmp_path) as people:
        assert people.kiosk.until(SessionChanged).standing is Standing.SET_UP
        station = people.kiosk.station
        begun = people.answer(lambda: station.people.set_up(account(ROSA), account(ODA)))
        assert isinstance(begun, SessionChanged)
        assert begun.standing is Standing.AT_WORK
        assert begun.officer is not None
        assert begun.officer.name == ODA
        assert people.kiosk.open("V000123456").record.surname == "Eriksson"
        again = trouble(people, lambda: station.people.set_up(account(TOM), account(ADA)))
        assert again["reason"] == "set_up"
    with peopled(tmp_path) as people:
        assert people.kiosk.until(SessionChanged).standing is Standing.NOBODY


@pytest.mark.parametrize(
    ("supervisor", "officer", "reason"),
    [
        (account(ROSA), NewAccount(ODA, "short", frozenset({Role.OFFICER})), "short"),
        (NewAccount(ROSA, "rosa lindqvist", frozenset()), account(ODA), "name"),
        (account(ROSA), NewAccount(ROSA.upper(), SECRETS[ODA], frozenset({Role.OFFICER})), "name_taken"),
    ],
)
def test_a_set_up_that_does_not_do_leaves_no_account(
    tmp_path: Path, supervisor: NewAccount, officer: NewAccount, reason: str
):
    with peopled(tmp_path) as people:
        station = people.kiosk.station
        assert trouble(people, lambda: station.people.set_up(supervisor, officer))["reason"] == reason
        with open_store(tmp_path).units() as work:
            assert work.accounts.all() == ()


def test_a_rehearsal_needs_no_account(tmp_path: Path):
    with kiosk(tmp_path, rehearsal=True) as at:
        at.ready()
        assert at.open("V000123456").rehearsal
        assert not [event for event in at.events if isinstance(event, SessionChanged)]


# -- signing in -----------------------------------------------------------------------------------------------


def test_nobody_sees_an_applicant_before_the_sign_in(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        station = people.kiosk.station
        assert trouble(people, station.list_today)["reason"] == "nobody"
        assert trouble(people, lambda: station.submit("V000123456"))["reason"] == "nobody"
        assert not [e for e in people.kiosk.events if isinstance(e, Listed | VisitChanged)]
        since = len(people.kiosk.events)
        at_work(people, "oda  BERG", SECRETS[ODA])
        assert people.kiosk.until(Listed, since=since).listings


def test_wrong_passwords_wait_longer_and_longer_and_a_restart_forgets_nothing(tmp_path: Path):
    clock = Clock()
    with peopled(tmp_path, ODA, clock=clock) as people:
        assert [refused(people, ODA).seconds for _ in range(3)] == [0, 0, throttle.wait_s(3)]
        held = refused(people, ODA, SECRETS[ODA])  # the right one, too soon
        assert (held.reason, held.seconds) == ("wait", throttle.wait_s(3))
    with peopled(tmp_path, clock=clock) as people:
        assert refused(people, ODA, SECRETS[ODA]).reason == "wait"
        for failures in range(4, len(throttle.DELAYS_S) + 1):
            clock.turn(throttle.wait_s(failures - 1))
            said = refused(people, ODA)
            assert (said.reason, said.seconds) == ("wrong", throttle.wait_s(failures))
        assert refused(people, ODA, SECRETS[ODA]).reason == "locked_out"
    with peopled(tmp_path, clock=clock) as people:
        clock.turn(throttle.LOCK_OUT_S - 1)
        assert refused(people, ODA, SECRETS[ODA]) == SignInRefused("locked_out", 1)
        clock.turn(1)
        at_work(people, ODA)
    with open_store(tmp_path).units() as work:
        assert [officer.failures for officer in work.accounts.all()] == [0]


def test_a_name_without_an_account_is_held_off_like_any_other(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        known = [refused(people, ODA) for _ in range(4)]
        unknown = [refused(people, "Otto Nobody") for _ in range(4)]
        assert known == unknown


def test_an_attempt_counts_before_it_is_looked_at(tmp_path: Path):
    seen: list[int] = []

    class Watching:
        def hashed(self, secret: str) -> str:
            return QUICK.hashed(secret)

        def proved(self, secret: str, stored: str) -> str:
            if stored:
                with open_store(tmp_path).units() as work:
                    seen.append(work.accounts.all()[0].failures)
            return QUICK.proved(secret, stored)

    with peopled(tmp_path, ODA, hashing=Watching()) as people:
        refused(people, ODA)
        at_work(people, ODA)
    assert seen == [1, 2]


def test_a_supervisor_adds_somebody_who_chooses_a_password_of_their_own(tmp_path: Path):
    with peopled(tmp_path, ROSA) as people:
        station = people.kiosk.station
        at_work(people, ROSA)
        listed = people.kiosk.do(lambda: station.people.add_account(account(TOM)), AccountsListed)
        assert [(one.name, one.one_time) for one in listed.officers] == [(ROSA, False), (TOM, True)]
        people.sign_out()
        assert refused(people, TOM, SECRETS[TOM]).reason == "new_password"
        assert refused(people, TOM, SECRETS[TOM], "too short").reason == "short"
        assert refused(people, TOM, SECRETS[TOM], SECRETS[TOM]).reason == "same"
        at_work(people, TOM, SECRETS[TOM], "left is not right at all")
        people.lock()
        assert refused(people, TOM, SECRETS[TOM]).reason == "wrong"
        at_work(people, TOM, "left is not right at all")


def test_a_closed_account_says_so_only_to_its_owner(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA) as people:
        station = people.kiosk.station
        at_work(people, ROSA)
        oda = next(
            o for o in people.kiosk.do(station.people.list_accounts, AccountsListed).officers if o.name == ODA
        )
        people.kiosk.do(
            lambda: station.people.change_account(oda.id, {Role.OFFICER}, enabled=False), AccountsListed
        )
        people.sign_out()
        assert refused(people, ODA).reason == "wrong"
        assert refused(people, ODA, SECRETS[ODA]).reason == "disabled"


def test_the_last_who_keeps_accounts_stays(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA) as people:
        station = people.kiosk.station
        begun = at_work(people, ROSA)
        assert begun.officer is not None
        me = begun.officer.id
        for roles, enabled in (({Role.SUPERVISOR}, False), ({Role.OFFICER}, True)):
            told = trouble(people, lambda r=roles, e=enabled: station.people.change_account(me, r, enabled=e))
            assert told["reason"] == "last_supervisor"


def test_a_reset_lets_somebody_in_who_was_locked_out(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA) as people:
        station = people.kiosk.station
        for failures in range(1, len(throttle.DELAYS_S) + 1):
            people.clock.turn(throttle.wait_s(failures - 1))
            refused(people, ODA)
        at_work(people, ROSA)
        (oda, _) = people.kiosk.do(station.people.list_accounts, AccountsListed).officers
        assert oda.failures == len(throttle.DELAYS_S)
        people.kiosk.do(lambda: station.people.reset_password(oda.id, "for this once only"), AccountsListed)
        people.sign_out()
        at_work(people, ODA, "for this once only", "plain bread and jam")


# -- the lock -------------------------------------------------------------------------------------------------


def with_pin(people: Peopled, pin: str = "2580") -> None:
    """Let Oda be at work, with a PIN, and lock."""
    at_work(people, ODA)
    people.kiosk.do(
        lambda: people.kiosk.station.people.change_pin(SECRETS[ODA], pin),
        Notice,
        lambda e: e.code == "pin_changed",
    )
    assert people.lock().pin


def test_a_pin_opens_what_its_owner_locked(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        with_pin(people)
        back = people.answer(lambda: people.kiosk.station.people.return_by_pin("2580"))
        assert isinstance(back, SessionChanged)
        assert back.standing is Standing.AT_WORK


def test_after_three_wrong_pins_only_the_password_helps(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        with_pin(people)
        answers = [people.answer(lambda: people.kiosk.station.people.return_by_pin("8520")) for _ in range(3)]
        assert answers == [SignInRefused("pin_wrong"), SignInRefused("pin_wrong"), SignInRefused("pin_spent")]
        right = people.answer(lambda: people.kiosk.station.people.return_by_pin("2580"))
        assert right == SignInRefused("pin_spent")
        at_work(people, ODA)
        assert people.lock().pin


def test_a_pin_holds_for_one_shift_and_only_where_its_owner_signed_in(tmp_path: Path):
    with peopled(tmp_path, ODA, shift_s=3600.0, idle_s=1e9) as people:
        with_pin(people)
        people.clock.turn(3600)
        late = people.answer(lambda: people.kiosk.station.people.return_by_pin("2580"))
        assert late == SignInRefused("pin_closed")
    with peopled(tmp_path, ROSA) as people:  # the station was started anew
        at_work(people, ROSA)
        people.lock()
        other = people.answer(lambda: people.kiosk.station.people.return_by_pin("2580", ODA))
        assert other == SignInRefused("pin_closed")


def test_a_new_password_takes_the_pin_away(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        with_pin(people)
        at_work(people, ODA)
        change = people.kiosk.station.people.change_password
        people.kiosk.do(
            lambda: change(SECRETS[ODA], "rye bread and butter"), Notice, lambda e: e.code == "password_changed"
        )
        assert not people.lock().pin
        at_work(people, ODA, "rye bread and butter")


def test_the_station_locks_itself_when_nobody_moves(tmp_path: Path):
    with peopled(tmp_path, ODA, idle_s=FIVE_MINUTES_S) as people:
        at_work(people, ODA)
        people.kiosk.open("V000123456")
        people.clock.turn(FIVE_MINUTES_S - 1)
        people.kiosk.station.people.touch()
        people.kiosk.do(people.kiosk.station.list_today, Listed)  # the touch is noted by now
        people.clock.turn(FIVE_MINUTES_S - 1)
        people.kiosk.do(people.kiosk.station.list_today, Listed)
        since = len(people.kiosk.events)
        people.clock.turn(1)
        locked = people.kiosk.until(SessionChanged, since=since)
        assert locked.standing is Standing.LOCKED
        assert people.kiosk.until(VisitChanged, since=since).visit is None


PICTURED = (PageComing, PortraitJudged, LiveJudged, LiveRead, Listed, SecondPerson)


def test_nothing_of_the_applicant_reaches_the_window_while_it_is_locked(tmp_path: Path):
    with peopled(tmp_path, ODA) as people:
        at, station = people.kiosk, people.kiosk.station
        at_work(people, ODA)
        at.open("V000123456")
        at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
        station.enter(Step.PORTRAIT)
        at.do(lambda: station.start_preview(640, 480), LiveJudged)
        page = at.visit.pages[0].attachment.id
        people.lock()
        since = len(at.events)
        assert station.mailbox.take() is None
        with pytest.raises(Exception, match="RC-001"):
            station.picture(page, 400).result(PATIENCE_S)
        for command in (
            station.take_still, station.list_today, lambda: station.start_preview(640, 480),
            lambda: station.scan(AttachmentKind.DOCUMENT), lambda: station.take_keys("V000123456", whole=True),
        ):  # fmt: skip
            assert trouble(people, command)["reason"] == "locked"
        assert station.mailbox.take() is None
        shown = at.events[since:]
        assert not [e for e in shown if isinstance(e, PICTURED) or (isinstance(e, VisitChanged) and e.visit)]
        assert not any("Eriksson" in repr(event) for event in shown)
        at_work(people, ODA)
        assert at.until(VisitChanged, lambda e: e.visit, since).visit.pages[0].attachment.id == page


def test_what_runs_behind_the_lock_is_told_at_the_return():
    heard: list[Event] = []
    gate = Gate(heard.append)
    begun, later = JobStarted(Job.SCAN, "visit", "glass"), JobStarted(Job.STILL, "visit", "camera")
    done = JobEnded(Job.SCAN, "visit", Outcome.COMPLETED, 2, device="glass")
    still = JobEnded(Job.STILL, "visit", Outcome.COMPLETED, 1)
    jam = Trouble(NotAllowed(), "visit")
    gate.post(begun)
    gate.close(SessionChanged(Standing.LOCKED), VisitChanged(None))
    page = PageComing("visit", "glass", "", np.zeros((4, 4), np.uint8))
    for event in (page, done, later, jam, still, Listed("Eriksson", ())):
        gate.post(event)
    locked = [begun, SessionChanged(Standing.LOCKED), VisitChanged(None)]
    assert heard == locked
    gate.open()
    gate.tell()
    assert heard == [*locked, begun, done, later, jam, still]
    gate.close()
    gate.open()
    gate.tell()
    assert heard == [*locked, begun, done, later, jam, still], "nothing runs any more"


def test_what_waited_is_nobodys_after_a_sign_out():
    heard: list[Event] = []
    gate = Gate(heard.append)
    gate.close()
    gate.post(Notice("half_sheet"))
    gate.forget()
    gate.open()
    gate.tell()
    assert heard == []


def test_another_officer_takes_the_visit_over_and_the_next_acts_are_theirs(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA) as people:
        at_work(people, ODA)
        visit = people.kiosk.open("V000123456")
        people.kiosk.do(lambda: people.kiosk.station.enter(Step.DOCUMENTS), VisitChanged)
        people.lock()
        since = len(people.kiosk.events)
        at_work(people, ROSA)
        taken = people.kiosk.until(VisitChanged, lambda e: e.visit, since)
        assert taken.visit.visit_id == visit.visit_id
        assert taken.visit.step is Step.DOCUMENTS
        people.kiosk.do(lambda: people.kiosk.station.enter(Step.REVIEW), VisitChanged)
        assert acts(people) == [
            ("opened", ODA), ("entered", ODA), ("resumed", ROSA), ("entered", ROSA),
        ]  # fmt: skip


def test_a_visit_that_waits_is_for_those_who_may_see_applicants(tmp_path: Path):
    with peopled(tmp_path, ROSA, ODA, TOM) as people:
        at_work(people, ODA)
        people.kiosk.open("V000123456")
        people.lock()
        assert refused(people, TOM, SECRETS[TOM]).reason == "visit_waits"
        at_work(people, ROSA)
        people.sign_out()
        assert acts(people)[-1] == ("left", ROSA)
        since = len(people.kiosk.events)
        at_work(people, TOM)
        assert people.kiosk.until(Listed, since=since).listings == ()
