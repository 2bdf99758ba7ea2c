"""Pictures of the visit in hand, as large as the screen asks for them. Desk lane only."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from station.errors import Cancelled, RecordNotFound
from station.flow.session import Session
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Workshop
from station.model.image import Pixels
from station.model.officer import Right
from station.model.quality import Region


@dataclass(slots=True, eq=False)
class Bringing:
    """Brings pictures from the store; what comes when all is hidden by then is nobody's."""

    post: Callable[..., None]
    workshop: Workshop
    session: Session

    def picture(
        self, hand: VisitInHand | None, wanted: str, longest_px: int, part: Region | None,
        answer: "Future[Pixels]",
    ) -> None:  # fmt: skip
        """Answer with a picture of the visit in hand, or a part of what is shown of it."""
        attachments = hand.record.attachments if hand and self.session.may(Right.VISIT) else ()
        found = next((a for a in attachments if a.id == wanted), None)
        if found is None:
            answer.set_exception(RecordNotFound(attachment=wanted))
            return
        future = self.workshop.submit(self.workshop.picture, found, longest_px, part)
        future.add_done_callback(partial(self.post, self._brought, answer))

    def _brought(self, answer: "Future[Pixels]", done: "Future[Pixels]") -> None:
        hidden = done.cancelled() or not self.session.may(Right.VISIT)
        error = Cancelled() if hidden else done.exception()
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(done.result())
