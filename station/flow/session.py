"""Who is at work: signed in, locked, handed over, with a second person beside. Desk lane only."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from station.errors import NotAllowed
from station.flow.events import SecondPerson, SessionChanged, SignInRefused, Standing, VisitChanged
from station.flow.gate import Gate
from station.flow.options import FitOut, Options
from station.flow.ports import Account
from station.flow.proving import Proving
from station.model.audit import AnchorReason, Told
from station.model.officer import Officer, Right, flaw_of_password, who_may

PIN_TRIES = 3
"""So many wrong PINs, and only the password helps."""


@dataclass(slots=True)
class _Shift:
    """Somebody who signed in here by password: since when (monotonic), and wrong PINs in a row."""

    since: float
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What a second person who has `right` is to sign; `then` does it with who signed, and what they said.

    `facts` are those of `SecondPerson`; `visit_id` is "" outside a visit.
    """

    then: Callable[[Officer, str], None]
    visit_id: str = ""
    right: Right = Right.SECOND_PERSON
    facts: Mapping[str, object] = field(default_factory=dict)


class Works(Protocol):
    """The work at the desk, as far as it hangs on who does it."""

    @property
    def visit_waits(self) -> bool:
        """A visit is in hand, which only those may take up who may see applicants."""
        ...

    def hidden(self) -> None:
        """The work was locked away."""
        ...

    def shown(self, before: Officer | None, now: Officer) -> None:
        """Somebody takes the work up; `before` is who had it last."""
        ...

    def settled(self) -> None:
        """Nobody signed beside who is at work."""
        ...


@dataclass(slots=True, eq=False)
class Session:
    """One person at most is at work. Without `Options.sign_in` everybody may do everything, as `officer`."""

    out: FitOut
    options: Options
    post: Callable[..., None]
    gate: Gate
    works: Works
    officer: Officer | None = None
    standing: Standing = Standing.AT_WORK
    proving: Proving = field(init=False)
    _shifts: dict[str, _Shift] = field(default_factory=dict)
    _touched: float = 0.0
    _begun: bool = False
    _asked: Question | None = None

    def __post_init__(self) -> None:
        """Begin with nobody known."""
        self.proving = Proving(self.out, self.options, self.post, self.gate.post)

    # -- what others ask --------------------------------------------------------------------------------------

    def may(self, right: Right) -> bool:
        """Tell whether who is at work has this right."""
        if not self.options.sign_in:
            return True
        officer = self.officer if self.standing is Standing.AT_WORK else None
        return officer is not None and self._allows(officer, right)

    def need(self, right: Right) -> None:
        """Stop who may not do this.

        Raises:
            NotAllowed: `reason` is no_right, locked or nobody.
        """
        if not self.may(right):
            reasons = {Standing.AT_WORK: "no_right", Standing.LOCKED: "locked"}
            reason = reasons.get(self.standing, "nobody")
            raise NotAllowed(right=right.value, roles=tuple(map(str, who_may(right))), reason=reason)

    def _allows(self, officer: Officer, right: Right) -> bool:
        return right in officer.rights or (self.options.rehearsal and Right.REHEARSE in officer.rights)

    # -- beginning and end ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask who is there, once the store is open."""
        if not self.options.sign_in or self._begun:
            return
        with self.out.store.units() as work:
            known = bool(work.accounts.all())
        self.proving.begin()
        self._begun = True
        self.standing = Standing.NOBODY if known else Standing.SET_UP
        self.gate.close(self._view())

    def close(self, timeout_s: float) -> None:
        """Give the thread back."""
        self.proving.close(timeout_s)

    # -- sign in, lock, return, hand over ---------------------------------------------------------------------

    def sign_in(self, name: str, password: str, new_password: str = "") -> None:
        """Let somebody begin, return, or take the work of another one over; a one-time password is replaced."""
        if self.standing is not Standing.AT_WORK:
            self.proving.prove(name, password, partial(self._proved_to_begin, password, new_password))

    def return_by_pin(self, pin: str, name: str = "") -> None:
        """Let somebody return who signed in here within this shift: who locked, or whom `name` names."""
        if self.standing is not Standing.LOCKED or self.officer is None or self.proving.busy:
            return
        with self.out.store.units() as work:
            account = work.accounts.named(name) if name else work.accounts.get(self.officer.id)
        shift = self._shift(account.officer.id) if account is not None else None
        if account is None or shift is None or not account.pin or not account.officer.enabled:
            self.gate.post(SignInRefused("pin_closed"))
            return
        if self._refuse_visit(account.officer):
            return
        if shift.wrong >= PIN_TRIES:
            self.gate.post(SignInRefused("pin_spent"))
            return
        shift.wrong += 1
        self.proving.work(
            partial(self._pin_proved, account, shift), self.proving.hashing.proved, pin, account.pin
        )

    def lock(self) -> None:
        """Hide everything at once; the work waits for whoever signs in next."""
        if self.options.sign_in and self.standing is Standing.AT_WORK:
            self.standing = Standing.LOCKED
            self.drop_question()
            self.gate.close(self._view(), VisitChanged(None))
            self.works.hidden()
            self.tell(Told.LOCKED)

    def end(self) -> None:
        """Sign out; the visit was put down before."""
        try:
            self.sign_off()
        finally:
            if self.officer is not None:
                self._shifts.pop(self.officer.id, None)
            self.officer, self.standing = None, Standing.NOBODY
            self.gate.forget()
            self.gate.close(self._view(), VisitChanged(None))

    def sign_off(self) -> None:
        """Tell the audit that the work of who was here is over, which anchors it."""
        if self.officer is not None:
            with self.out.store.units() as work:
                work.audit.tell(Told.SIGNED_OUT, officer=self.officer.id, at=self.options.now())
                work.audit.anchor(AnchorReason.SIGN_OUT)
                work.commit()

    def tell(self, act: Told, officer: Officer | None = None) -> None:
        """Tell the audit what somebody did: who is at work, if nobody else is named."""
        who = officer or self.officer
        with self.out.store.units() as work:
            work.audit.tell(act, officer=who.id if who is not None else "", at=self.options.now())
            work.commit()

    def learn(self, officer: Officer) -> None:
        """Know the account of who is at work anew; somebody who was shut out is locked out of the screen."""
        if self.officer is not None and officer.id == self.officer.id:
            self.officer = officer
            if not officer.enabled:
                self._shifts.pop(officer.id, None)
                self.lock()
            elif self.standing is Standing.AT_WORK:
                self.gate.post(self._view())

    def touch(self) -> None:
        """Note that somebody moves; from any thread."""
        self._touched = self.options.ticks()

    def watch(self) -> None:
        """Lock after a while without a sign of anybody; called a few times a second."""
        if self.standing is Standing.AT_WORK and self.options.ticks() - self._touched >= self.options.idle_s:
            self.lock()

    def take_up(self, officer: Officer, *, full: bool) -> None:
        """Let somebody work from now on; `full`: by password, so that the PIN holds for a shift."""
        self.tell(Told.SIGNED_IN if full else Told.RETURNED, officer)
        before, self.officer = self.officer, officer
        if full:
            self._shifts[officer.id] = _Shift(self.options.ticks())
        self.standing = Standing.AT_WORK
        self.touch()
        self.gate.open()
        self.gate.post(self._view())
        self.works.shown(before, officer)
        self.gate.tell()

    # -- the second person ------------------------------------------------------------------------------------

    def ask_second(self, question: Question) -> None:
        """Ask a second person to sign, in the place of what was asked before."""
        self.drop_question()
        self._asked = question
        self.gate.post(
            SecondPerson(question.visit_id, asked=True, right=question.right, facts={**question.facts})
        )

    def countersign(self, name: str, password: str, reason: str) -> None:
        """Sign beside who is at work, who stays so.

        Raises:
            NotAllowed: nothing waits for a second person (any more).
        """
        if self._asked is None:
            raise NotAllowed(right=Right.SECOND_PERSON.value, roles=(), reason="no_second")
        self.proving.prove(name, password, partial(self._proved_to_sign, self._asked, reason))

    def drop_question(self) -> None:
        """What waited for a second person is not done."""
        if self._asked is not None:
            question, self._asked = self._asked, None
            self.gate.post(SecondPerson(question.visit_id, asked=False, right=question.right))
            self.works.settled()

    # -- what came of a proof ---------------------------------------------------------------------------------

    def _proved_to_begin(self, password: str, new_password: str, account: Account) -> None:
        officer = account.officer
        if self._refuse_visit(officer):
            return
        if not officer.one_time:
            self.take_up(officer, full=True)
            return
        flaw = flaw_of_password(new_password, officer.name) if new_password else "new_password"
        flaw = flaw or ("same" if new_password == password else "")
        if flaw:
            self.gate.post(SignInRefused(flaw))
        else:
            self.proving.work(partial(self._replaced, officer), self.proving.hashing.hashed, new_password)

    def _replaced(self, officer: Officer, stored: str) -> None:
        officer = replace(officer, one_time=False, has_pin=False)
        with self.out.store.units() as work:
            before = work.accounts.get(officer.id).officer
            work.accounts.give_password(officer.id, stored)
            work.accounts.give_pin(officer.id, "")
            work.accounts.change(officer)
            work.audit.tell(
                Told.PASSWORD_GIVEN, officer=officer.id, at=self.options.now(), record=officer.id,
                before=account_digest(before), after=account_digest(officer),
            )  # fmt: skip
            work.commit()
        self.take_up(officer, full=True)

    def _pin_proved(self, account: Account, shift: _Shift, stored: str) -> None:
        if not stored:
            self.tell(Told.SIGN_IN_REFUSED, account.officer)
            spent = shift.wrong >= PIN_TRIES
            self.gate.post(SignInRefused("pin_spent" if spent else "pin_wrong"))
            self.gate.post(self._view())
        elif self.standing is Standing.LOCKED:
            shift.wrong = 0
            self.take_up(account.officer, full=False)

    def _proved_to_sign(self, asked: Question, reason: str, account: Account) -> None:
        officer = account.officer
        if self._asked is not asked:
            return
        if self.officer is not None and officer.id == self.officer.id:
            self.gate.post(SignInRefused("same_person"))
        elif officer.one_time:
            self.gate.post(SignInRefused("new_password"))
        elif asked.right not in officer.rights:
            self.gate.post(SignInRefused("no_right", roles=who_may(asked.right)))
        else:
            self.tell(Told.SECOND_SIGNED, officer)
            self._asked = None
            self.gate.post(SecondPerson(asked.visit_id, asked=False, right=asked.right))
            asked.then(officer, reason)

    def _refuse_visit(self, officer: Officer) -> bool:
        """Keep those who may not see applicants from a visit that waits."""
        refused = self.works.visit_waits and not self._allows(officer, Right.VISIT)
        if refused:
            self.gate.post(SignInRefused("visit_waits"))
        return refused

    def _shift(self, officer_id: str) -> _Shift | None:
        shift = self._shifts.get(officer_id)
        if shift is not None and self.options.ticks() - shift.since >= self.options.shift_s:
            del self._shifts[officer_id]
            return None
        return shift

    def _view(self) -> SessionChanged:
        officer = self.officer
        shift = self._shift(officer.id) if officer is not None else None
        pin = officer is not None and officer.has_pin and shift is not None and shift.wrong < PIN_TRIES
        return SessionChanged(self.standing, officer, pin)


def account_digest(officer: Officer | None) -> str:
    """Return the SHA-256 of what an account may do, "" of none."""
    if officer is None:
        return ""
    told = [officer.id, sorted(officer.roles), officer.enabled, officer.one_time]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
