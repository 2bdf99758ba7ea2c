"""Accounts made and changed: the first two, those added later, one's own secrets. Desk lane only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from station.errors import AccountRefused
from station.flow.events import AccountsListed, Notice, Standing
from station.flow.options import FitOut, Options
from station.flow.ports import Account, UnitOfWork
from station.flow.session import Session, account_digest
from station.model.audit import Told
from station.model.officer import NewAccount, Officer, Right, Role, flaw_of_password, flaw_of_pin, rights_of


@dataclass(slots=True, eq=False)
class Accounting:
    """Changes of accounts. Hashes are made beside the lane, so each change ends later: `AccountsListed`."""

    out: FitOut
    options: Options
    session: Session

    def show(self) -> None:
        """Post all accounts."""
        with self.out.store.units() as work:
            officers = work.accounts.all()
        self.session.gate.post(AccountsListed(officers))

    def set_up(self, supervisor: NewAccount, officer: NewAccount) -> None:
        """Make the first two accounts, and let the officer begin at once: the password was given just now.

        Raises:
            AccountRefused: there are accounts already (`set_up`), or one of these cannot be made.
        """
        if self.session.standing is not Standing.SET_UP:
            raise AccountRefused(reason="set_up")
        first = (replace(supervisor, roles=frozenset({Role.SUPERVISOR})), officer)
        for account in first:
            _refuse(flaw_of_password(account.password, account.name))
        secrets = tuple(account.password for account in first)
        self.session.proving.hash_all(secrets, partial(self._set_up, first))

    def _set_up(self, first: tuple[NewAccount, NewAccount], stored: list[str]) -> None:
        made = [Officer(uuid4().hex, new.name, new.roles) for new in first]
        with self.out.store.units() as work:
            if work.accounts.all():  # at another station, meanwhile
                raise AccountRefused(reason="set_up")
            for officer, password in zip(made, stored, strict=True):
                work.accounts.add(officer, password, self.options.now())
                self._tell(work, Told.ACCOUNT_MADE, after=officer)
            begins = work.accounts.get(made[-1].id).officer
            work.commit()
        self.session.take_up(begins, full=True)

    def add(self, new: NewAccount) -> None:
        """Add an account with a one-time password.

        Raises:
            AccountRefused: no_role, short, long or name; later name_taken or no_name.
        """
        _refuse("" if new.roles else "no_role")
        _refuse(flaw_of_password(new.password, new.name))
        self.session.proving.hash_all((new.password,), partial(self._add, new))

    def _add(self, new: NewAccount, stored: list[str]) -> None:
        with self.out.store.units() as work:
            officer = Officer(uuid4().hex, new.name, new.roles, one_time=True)
            work.accounts.add(officer, stored[0], self.options.now())
            self._tell(work, Told.ACCOUNT_MADE, after=officer)
            work.commit()
        self.show()

    def change(self, officer_id: str, roles: Collection[Role], *, enabled: bool) -> None:
        """Give an account these roles, and let it in or not; who is let in is not held off any more.

        Raises:
            AccountRefused: unknown, no_role or last_supervisor.
        """
        _refuse("" if roles else "no_role")
        with self.out.store.units() as work:
            before = work.accounts.get(officer_id).officer
            officer = replace(before, roles=frozenset(roles), enabled=enabled, failures=0, waits_until=None)
            others = [one for one in work.accounts.all() if one.id != officer_id]
            _refuse("" if any(map(_keeps_accounts, (*others, officer))) else "last_supervisor")
            work.accounts.change(officer)
            self._tell(work, Told.ACCOUNT_CHANGED, before, officer)
            work.commit()
        self.session.learn(officer)
        self.show()

    def reset(self, officer_id: str, password: str) -> None:
        """Give an account a one-time password; its PIN is gone, and it is not held off any more.

        Raises:
            AccountRefused: unknown, short, long or name.
        """
        with self.out.store.units() as work:
            officer = work.accounts.get(officer_id).officer
        _refuse(flaw_of_password(password, officer.name))
        self.session.proving.hash_all((password,), partial(self._reset, officer_id))

    def _reset(self, officer_id: str, stored: list[str]) -> None:
        self._give(officer_id, stored[0], one_time=True)
        self.show()

    # -- one's own --------------------------------------------------------------------------------------------

    def own_password(self, password: str, new_password: str) -> None:
        """Replace the password of who is at work: `Notice("password_changed")`; the PIN is gone.

        Raises:
            AccountRefused: short, long, name or same.
        """
        officer = self._own()
        _refuse("same" if password == new_password else flaw_of_password(new_password, officer.name))
        self._after_proof(password, new_password, partial(self._own_password, officer.id))

    def _own_password(self, officer_id: str, stored: list[str]) -> None:
        self._give(officer_id, stored[0], one_time=False)
        self.session.gate.post(Notice("password_changed"))

    def own_pin(self, password: str, pin: str) -> None:
        """Give who is at work a PIN to return by: `Notice("pin_changed")`.

        Raises:
            AccountRefused: pin_length or pin_simple.
        """
        _refuse(flaw_of_pin(pin))
        self._after_proof(password, pin, partial(self._own_pin, self._own().id))

    def _own_pin(self, officer_id: str, stored: list[str]) -> None:
        with self.out.store.units() as work:
            work.accounts.give_pin(officer_id, stored[0])
            officer = work.accounts.get(officer_id).officer
            self._tell(work, Told.PIN_GIVEN, officer, officer)
            work.commit()
        self.session.learn(officer)
        self.session.gate.post(Notice("pin_changed"))

    def _own(self) -> Officer:
        officer = self.session.officer
        if officer is None:
            raise AccountRefused(reason="unknown")
        return officer

    def _after_proof(self, password: str, secret: str, then: Callable[[list[str]], None]) -> None:
        """Hash a new secret once the password of who is at work was proved."""
        proving = self.session.proving

        def proved(_: Account) -> None:
            proving.hash_all((secret,), then)

        proving.prove(self._own().name, password, proved)

    def _give(self, officer_id: str, password: str, *, one_time: bool) -> None:
        with self.out.store.units() as work:
            before = work.accounts.get(officer_id).officer
            officer = replace(before, one_time=one_time, has_pin=False, failures=0, waits_until=None)
            work.accounts.give_password(officer_id, password)
            work.accounts.give_pin(officer_id, "")
            work.accounts.change(officer)
            self._tell(work, Told.PASSWORD_GIVEN, before, officer)
            work.commit()
        self.session.learn(officer)

    def _tell(
        self, work: UnitOfWork, act: Told, before: Officer | None = None, after: Officer | None = None
    ) -> None:
        """Tell the audit who changed which account; of the first two those who get them."""
        changed = after or before
        who = self.session.officer or changed
        work.audit.tell(
            act, officer=who.id if who else "", at=self.options.now(), record=changed.id if changed else "",
            before=account_digest(before), after=account_digest(after),
        )  # fmt: skip


def _refuse(reason: str) -> None:
    if reason:
        raise AccountRefused(reason=reason)


def _keeps_accounts(officer: Officer) -> bool:
    return officer.enabled and Right.ACCOUNTS in rights_of(officer.roles)
