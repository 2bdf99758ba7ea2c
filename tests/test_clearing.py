"""Leaves for locked devices and releases, signed by accounts: by who is at work, or by a second person."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drivers.simulated.props import CAMERA_ID, SCANNER_ID
from station.flow import calibration_work
from station.flow.calibration_views import CalibrationsChanged
from station.flow.events import SecondPerson, SessionChanged, SignInRefused, Standing, VisitChanged
from station.model.calibration import Kept
from station.model.officer import Right, Role
from station.model.target import TargetKind
from station.storage.open import open_store
from station.storage.tables import audit, clearances
from tests.kiosk import PATIENCE_S
from tests.peopled import ADA, ODA, ROSA, SECRETS, TOM, Peopled, at_work, peopled, trouble
from ui.wording.people import SECOND

LOCKED = {"locks": frozenset({"scanner", "camera", "simulated"}), "practice": True}
REASON = "target is being printed"
TYPED = "Rosa Lindqvist, typed by somebody"

Ask = Callable[[Peopled], Callable[[], None]]


def leave(people: Peopled, device: str = SCANNER_ID) -> Callable[[], None]:
    return lambda: people.kiosk.station.allow_device(device, TYPED, REASON, 2.0)


def release(people: Peopled) -> Callable[[], None]:
    return lambda: people.kiosk.station.release_device(SCANNER_ID, TYPED, "belt slipped", "belt exchanged")


def told(folder: Path, *acts: str) -> list[Mapping[str, Any]]:
    """Return the entries of these acts, and see that the store is sound."""
    with closing(open_store(folder, station="kiosk-1")) as store:
        assert list(store.verify()) == []
        with store.engine.connect() as connection:
            rows = connection.execute(sa.select(audit).order_by(audit.c.number)).mappings().all()
    assert all(name.split()[-1] not in repr(rows) for name in SECRETS)
    return [dict(row) for row in rows if row["act"] in acts]


def cleared(people: Peopled) -> list[str]:
    """Return the texts of all leaves and releases."""
    with closing(open_store(people.kiosk.folder)) as store, store.engine.connect() as connection:
        return list(connection.execute(sa.select(clearances.c.text)).scalars())


def ids(people: Peopled) -> dict[str, str]:
    with closing(open_store(people.kiosk.folder)) as store, store.units() as work:
        return {officer.name: officer.id for officer in work.accounts.all()}


@pytest.mark.parametrize(("name", "ask"), [(ROSA, leave), (TOM, release)])
def test_who_is_at_work_with_the_right_signs_by_being_at_work_and_no_typed_name_counts(
    tmp_path: Path, name: str, ask: Ask
) -> None:
    with peopled(tmp_path, ROSA, TOM, **LOCKED) as people:
        at_work(people, name)
        people.kiosk.do(ask(people), CalibrationsChanged)
        assert not [event for event in people.kiosk.events if isinstance(event, SecondPerson)]
        (text,) = cleared(people)
        assert f'"by":"{name}"' in text.replace('": "', '":"') and TYPED not in text
        known = ids(people)
    (entry,) = told(tmp_path, "leave_given", "released", "second_asked", "second_signed")
    assert (entry["officer"], entry["record"], entry["before"]) == (known[name], SCANNER_ID, "")
    assert len(entry["after"]) == 64


@pytest.mark.parametrize(
    ("ask", "right", "signs", "wrong", "role"),
    [
        (leave, Right.OPEN_LOCKED, ROSA, TOM, Role.SUPERVISOR),
        (release, Right.RELEASE, TOM, ROSA, Role.TECHNICIAN),
    ],
)
def test_an_officer_asks_and_whoever_has_the_right_signs_beside_by_password(
    tmp_path: Path, ask: Ask, right: Right, signs: str, wrong: str, role: Role
) -> None:
    with peopled(tmp_path, ROSA, ODA, TOM, **LOCKED) as people:
        at, second = people.kiosk, people.kiosk.station.people
        at_work(people, ODA)
        asked = at.do(ask(people), SecondPerson)
        assert (asked.visit_id, asked.asked, asked.right) == ("", True, right)
        words = SECOND[asked.right].filled(asked.facts)
        assert role.value in words.name and not words.saw
        assert all(str(fact) in words.told for fact in asked.facts.values() if isinstance(fact, str))
        for name, password, answer in (
            (signs, "not the password", SignInRefused("wrong")),
            (ODA, SECRETS[ODA], SignInRefused("same_person")),
            (wrong, SECRETS[wrong], SignInRefused("no_right", roles=(role,))),
        ):
            said = people.answer(lambda n=name, p=password: second.countersign(n, p, ""))
            assert said == answer
        at.do(second.decline_second, SecondPerson, lambda e: not e.asked)
        assert cleared(people) == [], "declined, or a wrong password: nothing changes"
        at.do(ask(people), SecondPerson)
        since = len(at.events)
        at.do(lambda: second.countersign(signs, SECRETS[signs], ""), CalibrationsChanged)
        at.until(SecondPerson, lambda e: not e.asked, since)
        (text,) = cleared(people)
        assert signs in text and ODA not in text and TYPED not in text
        standings = [event.standing for event in at.events if isinstance(event, SessionChanged)]
        assert standings == [Standing.NOBODY, Standing.AT_WORK], "the officer stays signed in"
        known = ids(people)
    entries = told(tmp_path, "leave_given", "released", "second_asked", "second_signed")
    assert [(entry["act"], entry["officer"], entry["record"]) for entry in entries] == [
        ("second_signed", known[signs], ""),
        ("second_asked", known[ODA], SCANNER_ID),
        ("leave_given" if right is Right.OPEN_LOCKED else "released", known[signs], SCANNER_ID),
    ]


def test_what_waits_for_a_signature_ends_with_the_lock_with_a_visit_and_with_another_question(
    tmp_path: Path,
) -> None:
    with peopled(tmp_path, ROSA, ODA, **LOCKED) as people:
        at, second = people.kiosk, people.kiosk.station.people
        at_work(people, ODA)
        at.do(leave(people), SecondPerson)
        at.do(leave(people, CAMERA_ID), SecondPerson, lambda e: not e.asked)
        at.do(second.lock, SecondPerson, lambda e: not e.asked)
        at_work(people, ODA)
        at.do(leave(people), SecondPerson)
        since = len(at.events)
        at.do(lambda: at.station.submit("V000123456"), VisitChanged)
        at.until(SecondPerson, lambda e: not e.asked, since)
        late = trouble(people, lambda: second.countersign(ROSA, SECRETS[ROSA], ""))
        assert late["reason"] == "no_second"
        assert cleared(people) == []


def test_nobody_is_asked_for_a_device_that_is_not_there_or_by_those_who_may_not_calibrate(
    tmp_path: Path,
) -> None:
    with peopled(tmp_path, ODA, ADA, **LOCKED) as people:
        at_work(people, ODA)
        assert trouble(people, leave(people, "gone"))["device"] == "gone"
        people.lock()
        at_work(people, ADA)
        assert trouble(people, leave(people))["right"] == "calibrate"
        assert not [event for event in people.kiosk.events if isinstance(event, SecondPerson)]


def test_each_leave_and_release_of_a_device_names_the_one_before_it(tmp_path: Path) -> None:
    with peopled(tmp_path, ROSA, TOM, **LOCKED) as people:
        at_work(people, ROSA)
        for device in (SCANNER_ID, CAMERA_ID):
            people.kiosk.do(leave(people, device), CalibrationsChanged)
        people.lock()
        at_work(people, TOM)
        people.kiosk.do(release(people), CalibrationsChanged)
    first, other, last = told(tmp_path, "leave_given", "released")
    assert (first["before"], other["before"], last["before"]) == ("", "", first["after"])
    assert (other["record"], last["record"]) == (CAMERA_ID, SCANNER_ID)


def test_a_calibration_is_told_with_the_account_that_began_it_also_when_nobody_is_there_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_work, "DPI", 150)

    def last(people: Peopled) -> Kept | None:
        shown = people.kiosk.do(people.kiosk.station.show_calibrations, CalibrationsChanged)
        return next(device.last for device in shown.devices if device.info.id == SCANNER_ID)

    with peopled(tmp_path, ROSA, ODA, **LOCKED) as people:
        at_work(people, ODA)
        people.kiosk.station.calibrate(SCANNER_ID, TargetKind.CARD)
        people.sign_out()
        at_work(people, ROSA)
        deadline = time.monotonic() + PATIENCE_S
        while (kept := last(people)) is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert kept.calibration.officer == ODA
        known = ids(people)
    (entry,) = told(tmp_path, "calibrated")
    assert (entry["officer"], entry["record"], entry["after"]) == (known[ODA], SCANNER_ID, kept.digest)
