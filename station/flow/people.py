"""The part of the one door by which people come and go: commands return at once, answers are events."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

from station.model.officer import NewAccount, Right, Role

if TYPE_CHECKING:
    from station.flow.desk import Desk


class Do(Protocol):
    """Has work done on the desk lane, for those who have the right; None asks for no right."""

    def __call__(self, work: "Callable[[Desk], object]", right: Right | None = ..., /) -> None:
        """Queue the work."""
        ...


class People:
    """Sign in, lock, hand over, sign beside, and keep the accounts. Any thread may call."""

    def __init__(self, do: Do) -> None:
        """Hand work to the desk by `do`."""
        self._do = do

    def set_up(self, supervisor: NewAccount, officer: NewAccount) -> None:
        """Make the first supervisor's and the first officer's account, who is at work then."""
        self._do(lambda desk: desk.presence.accounting.set_up(supervisor, officer), None)

    def sign_in(self, name: str, password: str, new_password: str = "") -> None:
        """Begin, return, or take over the work of another: `SessionChanged` or `SignInRefused`.

        A one-time password is good only together with a new one.
        """
        self._do(lambda desk: desk.presence.session.sign_in(name, password, new_password), None)

    def return_by_pin(self, pin: str, name: str = "") -> None:
        """Return within the shift; `name` is whose PIN it is, "" of who locked."""
        self._do(lambda desk: desk.presence.session.return_by_pin(pin, name), None)

    def lock(self) -> None:
        """Hide everything at once; the visit waits."""
        self._do(lambda desk: desk.presence.session.lock(), None)

    def sign_out(self) -> None:
        """Put the visit down and leave the station to whoever comes next."""
        self._do(lambda desk: desk.presence.sign_out(), None)

    def touch(self) -> None:
        """Tell that somebody moves: the station does not lock itself meanwhile."""
        self._do(lambda desk: desk.presence.session.touch(), None)

    def countersign(self, name: str, password: str, reason: str) -> None:
        """Sign as the second person that `SecondPerson` asks for; who is at work stays signed in.

        `reason` is what they saw; a leave or a release has its reason already, and takes none.
        """
        self._do(lambda desk: desk.presence.session.countersign(name, password, reason), Right.WORK)

    def decline_second(self) -> None:
        """Do without what a second person would have to sign."""
        self._do(lambda desk: desk.presence.session.drop_question(), None)

    def list_accounts(self) -> None:
        """Ask for all accounts: `AccountsListed`."""
        self._do(lambda desk: desk.presence.accounting.show(), Right.ACCOUNTS)

    def add_account(self, account: NewAccount) -> None:
        """Add an account; its password is good once, to give a new one: `AccountsListed`."""
        self._do(lambda desk: desk.presence.accounting.add(account), Right.ACCOUNTS)

    def change_account(self, officer_id: str, roles: Collection[Role], *, enabled: bool) -> None:
        """Give somebody these roles, and let them in or not: `AccountsListed`."""
        self._do(
            lambda desk: desk.presence.accounting.change(officer_id, roles, enabled=enabled), Right.ACCOUNTS
        )

    def reset_password(self, officer_id: str, password: str) -> None:
        """Give somebody a password that is good once, and let them try again at once: `AccountsListed`."""
        self._do(lambda desk: desk.presence.accounting.reset(officer_id, password), Right.ACCOUNTS)

    def change_password(self, password: str, new_password: str) -> None:
        """Replace the own password."""
        self._do(lambda desk: desk.presence.accounting.own_password(password, new_password), Right.WORK)

    def change_pin(self, password: str, pin: str) -> None:
        """Give oneself a PIN to return by."""
        self._do(lambda desk: desk.presence.accounting.own_pin(password, pin), Right.WORK)
