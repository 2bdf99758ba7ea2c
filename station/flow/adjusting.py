"""Document pages shown by other parameters: turned, straightened, cut out, or as they came. Desk lane only."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from station.errors import RecordNotFound, StationError
from station.flow import arranging
from station.flow.events import Event, Trouble
from station.flow.views import Undoable
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Shown, Workshop
from station.model.adjustment import Adjustment
from station.model.record import Attachment


@dataclass(slots=True, eq=False)
class Adjusting:
    """Each page is shown and judged anew in the workshop; only what was asked for last of a page counts."""

    post: Callable[..., None]
    notify: Callable[[Event], None]
    workshop: Workshop
    change: Callable[[Callable[[VisitInHand], object]], None]
    _wanted: dict[str, Adjustment] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)

    def turn(self, hand: VisitInHand, ids: Sequence[str], degrees: int) -> None:
        """Turn pages clockwise by a multiple of 90 degrees.

        Raises:
            RecordNotFound: one of them is not there.
        """
        for page in arranging.named(hand.record, ids):
            wanted = self._wanted[page.id] = self._now(page).turned(degrees)
            self._rework(hand, page, partial(_instead, wanted), Undoable.TURNED)

    def straighten(self, hand: VisitInHand, attachment_id: str, *, on: bool) -> None:
        """Straighten a page as the station proposes, or show it as it lay."""
        (page,) = arranging.named(hand.record, [attachment_id])
        now, size = self._now(page), _size(page)

        def choose(proposed: Adjustment) -> Adjustment:
            if not on:
                return now.askew(size)
            level = replace(now, skew=proposed.skew)
            return replace(level, crop=proposed.crop) if now.cuts else level.whole(size)

        self._rework(hand, page, choose, Undoable.ADJUSTED)

    def crop(self, hand: VisitInHand, attachment_id: str, *, on: bool) -> None:
        """Cut a page out as the station proposes, or show all of its picture."""
        (page,) = arranging.named(hand.record, [attachment_id])
        now, size = self._now(page), _size(page)

        def choose(proposed: Adjustment) -> Adjustment:
            level = proposed if now.skew else proposed.askew(size)
            return replace(now, crop=level.crop) if on else now.whole(size)

        self._rework(hand, page, choose, Undoable.ADJUSTED)

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        self._wanted.clear()
        self._asked.clear()

    def _now(self, page: Attachment) -> Adjustment:
        return self._wanted.get(page.id, page.adjustment)

    def _rework(
        self, hand: VisitInHand, page: Attachment, choose: Callable[[Adjustment], Adjustment], what: Undoable
    ) -> None:
        asked = self._asked[page.id] = self._asked.get(page.id, 0) + 1
        future = self.workshop.submit(self.workshop.rework, page, choose)
        future.add_done_callback(partial(self.post, self._reworked, hand.visit.id, page.id, asked, what))

    def _reworked(self, visit_id: str, page: str, asked: int, what: Undoable, done: "Future[Shown]") -> None:
        if self._asked.get(page) != asked or done.cancelled():
            return
        self._wanted.pop(page, None)
        self._asked.pop(page)
        error = done.exception()
        if isinstance(error, StationError):
            self.notify(Trouble(error, visit_id))
            return

        def show(hand: VisitInHand) -> None:
            if hand.visit.id != visit_id:
                raise RecordNotFound(attachment=page)
            hand.pages.show_adjusted(page, done.result(), what)

        self.change(show)


def _instead(wanted: Adjustment, _proposed: Adjustment) -> Adjustment:
    return wanted


def _size(page: Attachment) -> tuple[int, int]:
    return page.picture.width_px, page.picture.height_px
