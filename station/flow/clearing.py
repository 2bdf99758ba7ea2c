"""Leaves for locked devices and their release after repair, signed by who has the right. Desk lane only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from station.flow.options import Options
from station.flow.session import Question, Session
from station.flow.standings import Standings
from station.model.officer import Officer, Right, Signed


@dataclass(slots=True, eq=False)
class Clearing:
    """Who is at work with the right signs by being at work; for others a second person signs beside them.

    The name that is stored is that of the account that proved itself; only where nobody signs in it is typed.
    """

    options: Options
    session: Session
    standings: Standings
    show: Callable[[], None]

    def allow(self, device_id: str, by: str, reason: str, hours: float) -> None:
        """Let a locked device be used for a time, by a supervisor's word.

        Raises:
            DeviceNotFound; ValueError: nobody, no reason, or not within a day.
        """
        facts = {"device": self._name(device_id), "reason": reason, "hours": hours}
        self._sign(
            Right.OPEN_LOCKED, by, facts,
            lambda signed: self.standings.allow(device_id, signed, reason, hours),
        )  # fmt: skip

    def release(self, device_id: str, by: str, cause: str, action: str) -> None:
        """Let failures of a device count no longer, by a technician's word.

        Raises:
            DeviceNotFound.
        """
        facts = {"device": self._name(device_id), "cause": cause, "action": action}
        self._sign(
            Right.RELEASE, by, facts,
            lambda signed: self.standings.release(device_id, signed, cause, action),
        )  # fmt: skip

    def _name(self, device_id: str) -> str:
        return self.standings.board.bay(device_id).view.info.name

    def _sign(self, right: Right, by: str, facts: Mapping[str, object], then: Callable[[Signed], None]) -> None:
        """Do it at once, or when a second person has signed it."""
        if not self.options.sign_in:
            self._done(then, Signed(by))
        elif self.session.may(right):
            self._done(then, self.options.signature)
        else:
            self.session.ask_second(
                Question(partial(self._beside, then, self.options.signature.account), right=right, facts=facts)
            )

    def _beside(self, then: Callable[[Signed], None], asked_by: str, signer: Officer, _: str) -> None:
        self._done(then, Signed(signer.name, signer.id, asked_by))

    def _done(self, then: Callable[[Signed], None], signed: Signed) -> None:
        then(signed)
        self.show()
