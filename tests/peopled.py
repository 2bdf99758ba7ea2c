"""A station where people sign in: two accounts, a clock that tests turn, and hashes that cost nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from station.flow.events import SessionChanged, SignInRefused, Standing, Trouble, VisitChanged
from station.model.officer import NewAccount, Officer, Role
from station.storage.open import open_store
from station.storage.passwords import Argon2
from tests.kiosk import TODAY, Kiosk, kiosk

QUICK = Argon2(passes=1, memory_kib=8, lanes=1)
"""The least that Argon2 takes: what is hashed so proves the same way."""

ROSA, ODA, TOM, ADA, TESS = "Rosa Lindqvist", "Oda Berg", "Tom Fields", "Ada Novak", "Tess Hale"
SECRETS = {
    ROSA: "seven grey herons wade",
    ODA: "plain bread and butter",
    TOM: "turn the lamp off twice",
    ADA: "every line is counted",
    TESS: "once more from the top",
}
ROLES = {
    ROSA: Role.SUPERVISOR, ODA: Role.OFFICER, TOM: Role.TECHNICIAN, ADA: Role.AUDITOR, TESS: Role.TRAINER,
}  # fmt: skip


@dataclass
class Clock:
    """Wall clock and stop watch that stand still until they are turned."""

    now: datetime = TODAY
    ticks: float = field(default_factory=lambda: float(int(time.monotonic())))
    """Whole seconds: a fraction added and taken away again is not always the same."""

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.ticks += seconds


def account(name: str, *roles: Role) -> NewAccount:
    """Draw up the account of one of these people."""
    return NewAccount(name, SECRETS[name], frozenset(roles or (ROLES[name],)))


@dataclass
class Peopled:
    """A kiosk with people."""

    kiosk: Kiosk
    clock: Clock

    def sign_in(self, name: str, password: str = "", new: str = "") -> SessionChanged | SignInRefused:
        """Try to sign in and return what came of it."""
        return self.answer(lambda: self.kiosk.station.people.sign_in(name, password or SECRETS[name], new))

    def answer(self, command: Any) -> SessionChanged | SignInRefused:
        """Give a command and return what came of it."""
        since = len(self.kiosk.events)
        command()
        return self.kiosk.until(SessionChanged | SignInRefused, since=since)  # type: ignore[arg-type]

    def lock(self) -> SessionChanged:
        """Lock the screen."""
        return self.kiosk.do(self.kiosk.station.people.lock, SessionChanged)

    def sign_out(self) -> None:
        """Sign out and wait until the visit was put down."""
        signed_out = self.kiosk.station.people.sign_out
        self.kiosk.do(signed_out, SessionChanged, lambda e: e.standing is Standing.NOBODY)


def employ(folder: Path, *names: str, hashing: Argon2 = QUICK) -> None:
    """Give these people accounts before the station starts."""
    with closing(open_store(folder)) as store, store.units() as work:
        for name in names:
            officer = Officer(uuid4().hex, name, frozenset({ROLES[name]}))
            work.accounts.add(officer, hashing.hashed(SECRETS[name]), TODAY)
        work.commit()


@contextmanager
def peopled(folder: Path, *names: str, **facts: Any) -> Iterator[Peopled]:
    """Open a station where people sign in; these have accounts (none: the folder is as it was)."""
    if names:
        employ(folder, *names)
    clock = facts.pop("clock", None) or Clock()
    options = {"sign_in": True, "now": lambda: clock.now, "ticks": lambda: clock.ticks, **facts}
    with kiosk(folder, **{"hashing": QUICK, **options}) as at:
        at.ready()
        at.until(SessionChanged)
        yield Peopled(at, clock)


def refused(people: Peopled, name: str, password: str = "wrong all the way", new: str = "") -> SignInRefused:
    """Try to sign in in vain."""
    said = people.sign_in(name, password, new)
    assert isinstance(said, SignInRefused)
    return said


def at_work(people: Peopled, name: str, password: str = "", new: str = "") -> SessionChanged:
    """Sign in, with the right password if none is given."""
    said = people.sign_in(name, password, new)
    assert isinstance(said, SessionChanged), said
    assert said.standing is Standing.AT_WORK
    return said


def trouble(people: Peopled, command: Callable[[], object]) -> dict[str, object]:
    """Give a command and return the facts of the trouble that it made."""
    return people.kiosk.do(command, Trouble).error.context


def acts(people: Peopled) -> list[tuple[str, str]]:
    """Return kind and officer of each act of the newest visit."""
    visit = [e.visit for e in people.kiosk.events if isinstance(e, VisitChanged) and e.visit][-1]
    with open_store(people.kiosk.folder).units() as work:
        return [(act.kind.value, act.officer) for act in work.journal.acts(visit.visit_id)]
