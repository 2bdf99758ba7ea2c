"""What a change of people does to the work: hidden, shown anew, handed over, put down. Desk lane only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from station.flow.accounting import Accounting
from station.flow.camera_calibrating import CameraCalibrating
from station.flow.capturing import Capturing
from station.flow.events import Listed, Standing
from station.flow.gate import Gate
from station.flow.options import FitOut, Options
from station.flow.session import Session
from station.flow.visit_in_hand import VisitInHand
from station.model.officer import Officer, Right
from station.model.visit import ActKind


class Desk(Protocol):
    """What is asked of the desk when people change."""

    hand: VisitInHand | None
    capturing: Capturing
    camera_calibrating: CameraCalibrating

    def list_records(self, text: str) -> None:
        """Post the answer to a search, or today's list."""
        ...

    def show(self) -> None:
        """Post the visit as it is now."""
        ...

    def put_down(self) -> None:
        """Put the visit down now."""
        ...


@dataclass(slots=True, eq=False)
class Presence:
    """Who is at work, and their accounts, with what hangs on it at the desk."""

    desk: Desk
    out: FitOut
    options: Options
    post: Callable[..., None]
    gate: Gate
    session: Session = field(init=False)
    accounting: Accounting = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody known."""
        self.session = Session(self.out, self.options, self.post, self.gate, self)
        self.accounting = Accounting(self.out, self.options, self.session)

    def begin(self) -> None:
        """Ask who is there, once the store is open; again after trouble."""
        self.session.begin()
        self.list_today()

    def sign_out(self) -> None:
        """Hide everything, put the visit down once nothing runs any more, and wait for whoever comes next."""
        self.session.lock()
        self.desk.capturing.when_idle(self._signed_out)

    def _signed_out(self) -> None:
        if self.session.standing is Standing.AT_WORK:
            return  # somebody took the work up before the scanner had stopped
        if self.desk.hand is not None:
            self.desk.put_down()
        self.session.end()

    # -- what the session tells and asks ----------------------------------------------------------------------

    @property
    def visit_waits(self) -> bool:
        """A visit is in hand."""
        return self.desk.hand is not None

    def hidden(self) -> None:
        """End live pictures; scans go on, their pages come onto the record."""
        self.desk.capturing.stop_preview()
        self.desk.camera_calibrating.stop()

    def shown(self, before: Officer | None, now: Officer) -> None:
        """Show the work anew to whoever takes it up; another officer goes on in their own name."""
        hand = self.desk.hand
        if hand is None:
            self.list_today()
            return
        if before is not None and before.id != now.id and not hand.visit.sealed:
            hand.store(hand.record, hand.act(ActKind.RESUMED, station=self.options.station))
        self.desk.show()
        self.settled()

    def settled(self) -> None:
        """Show anew the portrait that waits for a word."""
        self.desk.capturing.stills.remind()

    def list_today(self) -> None:
        """Post today's list to those who may see applicants, to others an empty one."""
        if self.session.may(Right.VISIT):
            self.desk.list_records("")
        else:
            self.gate.post(Listed("", ()))
