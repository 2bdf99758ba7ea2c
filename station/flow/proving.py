"""Passwords held against accounts, slowly and beside the desk lane; attempts are counted. Desk lane only."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from station.errors import NotAllowed
from station.flow import throttle
from station.flow.events import Event, SignInRefused
from station.flow.lane import Lane
from station.flow.options import FitOut, Options
from station.flow.ports import Account, Hashing
from station.model.audit import Told
from station.model.officer import Right

_STRANGERS = 64
"""Names without an account are held off as others are, so that nobody learns which names have one."""


@dataclass(slots=True, eq=False)
class Proving:
    """One proof at a time; what is asked meanwhile is a second press of the same key and is dropped."""

    out: FitOut
    options: Options
    post: Callable[..., None]
    notify: Callable[[Event], None]
    busy: bool = False
    _lane: Lane | None = None
    _strangers: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)

    def begin(self) -> None:
        """Open the lane, and make ready what the first attempt would wait for."""
        self._lane = Lane("secrets")
        self._lane.submit(self.hashing.proved, "", "")

    def close(self, timeout_s: float) -> None:
        """Give the thread back."""
        if self._lane is not None:
            self._lane.close(timeout_s)

    @property
    def hashing(self) -> Hashing:
        """What makes and proves passwords.

        Raises:
            NotAllowed: nobody can sign in on this station.
        """
        if self.out.hashing is None:
            raise NotAllowed(right=Right.WORK.value, reason="nobody")
        return self.out.hashing

    def prove(self, name: str, password: str, then: Callable[[Account], None]) -> None:
        """Hold a password against the account of this name; a refusal is posted.

        The attempt is counted before it is looked at: whoever pulls the plug has used it up.
        """
        if self.busy:
            return
        now = self.options.now()
        with self.out.store.units() as work:
            account = work.accounts.named(name)
            failures, waits = self._tries(name, account)
            left = throttle.left_s(failures, waits, now)
            if left:
                reason = "locked_out" if throttle.is_lock_out(failures) else "wait"
                self.notify(SignInRefused(reason, left))
                return
            if account is None:
                failures = self._count_stranger(name, failures + 1, now)
            else:
                failures = work.accounts.count_failure(account.officer.id)
                waits = throttle.until(failures, now)
                work.accounts.change(replace(account.officer, failures=failures, waits_until=waits))
                work.commit()
        stored = account.password if account is not None else ""
        self.work(partial(self._proved, account, failures, then), self.hashing.proved, password, stored)

    def work(self, then: Callable[[str], None], slow: Callable[..., str], *args: str) -> None:
        """Do slow work beside the desk lane, and go on with what it gives."""
        if self._lane is not None:
            self.busy = True
            self._lane.submit(slow, *args).add_done_callback(partial(self.post, self._done, then))

    def hash_all(self, secrets: tuple[str, ...], then: Callable[[list[str]], None]) -> None:
        """Hash these beside the desk lane, and go on with what is to be stored."""
        hashing = self.hashing

        def hashed(*plain: str) -> str:
            return "\n".join(map(hashing.hashed, plain))

        self.work(lambda text: then(text.split("\n")), hashed, *secrets)

    def _done(self, then: Callable[[str], None], done: "Future[str]") -> None:
        self.busy = False
        if not done.cancelled():
            then(done.result())

    def _tries(self, name: str, account: Account | None) -> tuple[int, datetime | None]:
        if account is None:
            return self._strangers.get(_plain(name), (0, None))
        return account.officer.failures, account.officer.waits_until

    def _count_stranger(self, name: str, failures: int, now: datetime) -> int:
        self._strangers.pop(_plain(name), None)
        self._strangers[_plain(name)] = (failures, throttle.until(failures, now))
        while len(self._strangers) > _STRANGERS:
            self._strangers.pop(next(iter(self._strangers)))
        return failures

    def _proved(
        self, account: Account | None, failures: int, then: Callable[[Account], None], stored: str
    ) -> None:
        if account is None or not stored:
            self.notify(SignInRefused("wrong", throttle.wait_s(failures)))
            if account is not None:
                with self.out.store.units() as work:
                    work.audit.tell(Told.SIGN_IN_REFUSED, officer=account.officer.id, at=self.options.now())
                    work.commit()
            return
        with self.out.store.units() as work:
            now = work.accounts.get(account.officer.id)
            if now.password != account.password:  # another station replaced it meanwhile
                self.notify(SignInRefused("wrong"))
                return
            officer = replace(now.officer, failures=0, waits_until=None)
            work.accounts.change(officer)
            work.accounts.give_password(officer.id, stored)
            work.commit()
        if officer.enabled:
            then(Account(officer, stored, now.pin))
        else:
            self.notify(SignInRefused("disabled"))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
