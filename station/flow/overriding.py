"""Pictures kept against their measures, with a second person where a profile or the centre asks for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from station.errors import RecordNotFound
from station.flow.options import FitOut, Options
from station.flow.session import Question, Session
from station.flow.stills import Stills
from station.flow.visit_in_hand import VisitInHand
from station.model.officer import Officer, Right
from station.model.record import OverrideNote


class Desk(Protocol):
    """What overrides need of the desk."""

    def need_hand(self) -> VisitInHand:
        """Return the visit in hand."""
        ...

    def change(self, change: Callable[[VisitInHand], object]) -> None:
        """Do something to the visit in hand and show it."""
        ...


@dataclass(slots=True, eq=False)
class Overriding:
    """The officer's word against the measures; on the desk lane. Where nobody signs in, nobody signs beside."""

    desk: Desk
    out: FitOut
    options: Options
    session: Session
    stills: Stills

    def keep(self, attachment_id: str, note: OverrideNote) -> None:
        """Keep a picture of the visit in hand.

        Raises:
            RecordNotFound: there is no such picture.
        """
        attachments = self.desk.need_hand().record.attachments
        wanted = [a for a in attachments if a.id == attachment_id]
        profiles = [a.report.profile for a in wanted if a.report is not None]
        self._ask(note, profiles, lambda note: self.desk.change(lambda hand: hand.keep(attachment_id, note)))

    def accept_still(self, note: OverrideNote | None) -> None:
        """Put the judged portrait on the record.

        Raises:
            NotAllowed: a reason against the measures needs the right to one; AttachmentRefused: none waits.
        """
        visit_id = self.desk.need_hand().visit.id
        if note is None:
            self.stills.accept(visit_id, None)
            return
        self.session.need(Right.OVERRIDE)
        self._ask(note, self.stills.profiles(visit_id), lambda note: self.stills.accept(visit_id, note))

    def _ask(self, note: OverrideNote, profiles: Iterable[str], then: Callable[[OverrideNote], None]) -> None:
        """Do it at once, or when a second person has signed it in the same visit."""
        if not (self.options.sign_in and self._needs_second(note, profiles)):
            then(note)
            return
        visit_id = self.desk.need_hand().visit.id

        def signed(second: Officer, reason: str) -> None:
            if self.desk.need_hand().visit.id != visit_id:
                raise RecordNotFound(record="")
            then(replace(note, second=second.name, second_note=reason))

        self.session.ask_second(Question(signed, visit_id))

    def _needs_second(self, note: OverrideNote, profiles: Iterable[str]) -> bool:
        known = [self.out.profiles[name] for name in profiles if name in self.out.profiles]
        return note.kind in self.options.second_person or any(profile.second_person for profile in known)
