"""Roles, passwords, the throttle, and accounts as they are stored."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import argon2
import pytest

from station.errors import AccountRefused, StorageDamaged
from station.flow import throttle
from station.model.officer import RIGHTS, Officer, Right, Role, flaw_of_password, flaw_of_pin, who_may
from station.storage.open import OpenStore, open_store
from station.storage.passwords import Argon2
from tests.peopled import ODA, QUICK, SECRETS, employ
from tests.stored import NOON, raw_database

# -- what a role may do ---------------------------------------------------------------------------------------


def test_every_role_has_its_rights_and_every_right_somebody():
    assert set(RIGHTS) == set(Role)
    assert all(who_may(right) for right in Right)
    assert all(Right.WORK in rights for rights in RIGHTS.values())


def test_only_those_who_take_visits_in_hand_see_applicants():
    assert who_may(Right.VISIT) == who_may(Right.OVERRIDE) == (Role.OFFICER, Role.SUPERVISOR)
    assert who_may(Right.SECOND_PERSON) == who_may(Right.ACCOUNTS) == (Role.SUPERVISOR,)
    assert who_may(Right.RELEASE) == (Role.TECHNICIAN,)
    assert who_may(Right.AUDIT) == (Role.SUPERVISOR, Role.AUDITOR)


def test_several_roles_add_up():
    both = Officer("1", "Oda Berg", frozenset({Role.OFFICER, Role.TECHNICIAN}))
    assert both.rights == RIGHTS[Role.OFFICER] | RIGHTS[Role.TECHNICIAN]


# -- passwords and PINs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("plain bread and butter", ""),
        ("abcdefghijkl", ""),
        ("abcdefghijk", "short"),
        ("we do it so", ""),  # 11 characters, but 4 words
        ("a b c d e f", "short"),
        ("so so so so", "short"),
        (" " * 12, "short"),
        ("Oda Berg oda berg", "name"),
        ("odaodaodaoda!", "name"),
        ("aaaaaaaaaaaaaaaa", "name"),
        ("x1y2z3 " * 37, "long"),
    ],
)
def test_a_password_is_judged_by_its_length_alone(password: str, flaw: str):
    assert flaw_of_password(password, ODA) == flaw


@pytest.mark.parametrize(
    ("pin", "flaw"),
    [
        ("2580", ""),
        ("13572468", ""),
        ("258", "pin_length"),
        ("135724681", "pin_length"),
        ("25a0", "pin_length"),
        ("\u0662\u0665\u0668\u0660", "pin_length"),
        ("1111", "pin_simple"),
        ("1234", "pin_simple"),
        ("98765", "pin_simple"),
    ],
)
def test_a_pin_is_a_few_digits_that_nobody_guesses_first(pin: str, flaw: str):
    assert flaw_of_pin(pin) == flaw


def test_a_hash_is_argon2id_with_its_own_salt_and_says_how_it_was_made():
    one, other = QUICK.hashed("plain bread"), QUICK.hashed("plain bread")
    assert one.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert one != other
    assert QUICK.proved("plain bread", one) == one
    assert QUICK.proved("plain breaD", one) == ""
    assert QUICK.proved("plain bread", "no hash") == ""


def test_the_same_characters_of_another_keyboard_are_the_same_password():
    assert QUICK.proved("un e\u0301te\u0301 clair", QUICK.hashed("un \u00e9t\u00e9 clair"))


def test_a_hash_made_with_less_work_is_made_anew():
    old = QUICK.hashed("plain bread")
    new = Argon2(passes=2, memory_kib=8, lanes=1).proved("plain bread", old)
    assert new.startswith("$argon2id$v=19$m=8,t=2,p=1$")


def test_an_unknown_name_is_held_against_a_hash_of_the_same_work(monkeypatch: pytest.MonkeyPatch):
    held: list[str] = []
    hashing = Argon2(passes=1, memory_kib=16, lanes=1)
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *of: held.append(of[1]) or verify(*of))
    assert hashing.proved("nobody", "") == ""
    assert hashing.proved("plain bread", hashing.hashed("plain bread"))
    assert [text.split("$")[3] for text in held] == ["m=16,t=1,p=1"] * 2


# -- the throttle ---------------------------------------------------------------------------------------------


def test_delays_grow_until_the_lock_out_which_ends_by_itself():
    waits = [throttle.wait_s(failures) for failures in range(12)]
    assert waits == sorted(waits)
    assert waits[:3] == [0, 0, 0]
    assert waits[3] > 0
    assert waits[10:] == [throttle.LOCK_OUT_S] * 2
    assert [throttle.is_lock_out(failures) for failures in (9, 10)] == [False, True]


def test_a_clock_that_was_set_back_makes_nobody_wait_for_years():
    until = throttle.until(5, NOON)
    assert until == NOON + timedelta(seconds=30)
    assert throttle.left_s(5, until, NOON) == 30
    assert throttle.left_s(5, until, NOON - timedelta(days=400)) == 30
    assert throttle.left_s(5, until, NOON + timedelta(seconds=30)) == 0


# -- the store ------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    employ(tmp_path, ODA)
    with closing(open_store(tmp_path)) as opened:
        yield opened


def test_an_account_is_found_by_its_name_however_it_is_typed(store: OpenStore):
    with store.units() as work:
        for typed in ("Oda Berg", " oda  BERG ", "Óda Berg"):
            account = work.accounts.named(typed)
            assert account is not None
            assert account.officer.name == ODA
        assert work.accounts.named("Oda") is None
        assert work.accounts.named("") is None


@pytest.mark.parametrize(("name", "reason"), [("ODA  bérg", "name_taken"), (" - ", "no_name")])
def test_a_name_must_be_one_and_is_given_once(store: OpenStore, name: str, reason: str):
    with store.units() as work, pytest.raises(AccountRefused) as told:
        work.accounts.add(Officer("2", name, frozenset({Role.OFFICER})), "hash", NOON)
    assert told.value.context["reason"] == reason


def test_what_is_changed_of_an_account_is_what_is_read(store: OpenStore):
    with store.units() as work:
        (before,) = work.accounts.all()
        after = replace(
            before, roles=frozenset({Role.AUDITOR, Role.TRAINER}), enabled=False, one_time=True, failures=4,
            waits_until=NOON,
        )  # fmt: skip
        work.accounts.change(after)
        work.accounts.give_pin(before.id, "hash of a PIN")
        assert work.accounts.count_failure(before.id) == 5
        work.commit()
    with store.units() as work:
        assert work.accounts.all() == (replace(after, has_pin=True, failures=5),)


def test_what_nobody_has_is_refused(store: OpenStore):
    with store.units() as work:
        for change in (work.accounts.get, work.accounts.count_failure):
            with pytest.raises(AccountRefused):
                change("nobody's")


def test_neither_password_nor_name_stands_in_a_text_of_ours(store: OpenStore, tmp_path: Path):
    with store.units() as work:
        account = work.accounts.named(ODA)
    assert account is not None
    assert "Berg" not in repr(account)
    assert "argon2" not in repr(account)
    stored = raw_database(tmp_path).execute("SELECT * FROM officers").fetchall()
    assert SECRETS[ODA] not in repr(stored)


def test_a_role_that_nobody_knows_is_damage(store: OpenStore, tmp_path: Path):
    database = raw_database(tmp_path)
    database.execute("UPDATE officers SET roles = 'king'")
    database.close()
    with store.units() as work, pytest.raises(StorageDamaged):
        work.accounts.all()
