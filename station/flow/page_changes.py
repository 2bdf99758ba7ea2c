"""What is done to the document pages of the visit in hand, and taken back again. Desk lane only."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from station.errors import RecordNotFound
from station.flow import arranging
from station.flow.views import Undoable
from station.flow.workshop import Shown
from station.model.checklist import Checklist
from station.model.image import Pixels
from station.model.record import ApplicationRecord, Attachment
from station.model.visit import Act, ActKind


class Hand(Protocol):
    """What changes of pages need of the visit in hand."""

    record: ApplicationRecord
    thumbnails: dict[str, Pixels]

    @property
    def checklist(self) -> Checklist | None:
        """The checklist of the record's category."""
        ...

    def act(self, done: ActKind, /, **facts: object) -> Act:
        """Make an act of this officer, done now."""
        ...

    def store(self, record: ApplicationRecord, *acts: Act) -> None:
        """Make record and acts durable, all or nothing."""
        ...


def detached(hand: Hand, gone: Attachment) -> Act:
    """Make the act that a picture was taken off the record."""
    return hand.act(ActKind.DETACHED, attachment=gone.id, kind=gone.kind.value)


@dataclass(frozen=True, slots=True, eq=False)
class Reversal:
    """How to take a change of document pages back: put these attachments `before` it in their places.

    `appeared` are the ids of those that came with it, `thumbnails` what the pages looked like.
    """

    what: Undoable
    before: tuple[Attachment, ...]
    appeared: tuple[str, ...] = ()
    thumbnails: Mapping[str, Pixels] = field(default_factory=dict, repr=False)


class PageChanges:
    """Each change is durable before it is shown; those of this sitting can be taken back, the last first."""

    def __init__(self, hand: Hand) -> None:
        """Begin with nothing to take back."""
        self._hand = hand
        self._undo: list[Reversal] = []

    @property
    def undoable(self) -> Undoable:
        """What `undo` takes back."""
        return self._undo[-1].what if self._undo else Undoable.NOTHING

    def forget(self) -> None:
        """Take nothing back any more: another kiosk changed the record."""
        self._undo.clear()

    def replaced(self, old: Sequence[Attachment], appeared: str) -> None:
        """Remember that a page was scanned again in its place."""
        self._undo.append(Reversal(Undoable.RESCANNED, tuple(old), (appeared,)))

    def dropped(self, gone: Sequence[Attachment]) -> None:
        """Remember that these were taken off the record."""
        self._undo.append(Reversal(Undoable.DROPPED, tuple(gone)))

    def drop(self, ids: Sequence[str]) -> None:
        """Take pictures off the record; `undo` brings them back."""
        gone = tuple(a for a in self._hand.record.attachments if a.id in ids)
        if not gone:
            raise RecordNotFound(attachment=", ".join(ids))
        record = self._hand.record
        for attachment in gone:
            record = record.detach(attachment.id)
        self._hand.store(record, *(detached(self._hand, page) for page in gone))
        self.dropped(gone)

    def move(self, ids: Sequence[str], item: str, place: int) -> None:
        """Put document pages at a place of a checklist item.

        Raises:
            RecordNotFound: a page or the item is not there.
        """
        if self._hand.checklist is None or item not in {listed.id for listed in self._hand.checklist.items}:
            raise RecordNotFound(item=item)
        changed = arranging.moved(self._hand.record, ids, item, place)
        self._arrange(
            Undoable.MOVED, changed, self._hand.act(ActKind.PAGES_MOVED, attachments=list(ids), item=item)
        )

    def pair(self, ids: Sequence[str]) -> None:
        """Make two pages the front and the back of one sheet or card."""
        changed = arranging.paired(self._hand.record, ids)
        self._arrange(Undoable.PAIRED, changed, self._hand.act(ActKind.PAGES_PAIRED, attachments=list(ids)))

    def part(self, attachment_id: str) -> None:
        """Make the two sides of a sheet two pages of their own."""
        changed = arranging.parted(self._hand.record, attachment_id)
        act = self._hand.act(ActKind.PAGES_PARTED, attachments=[page.id for page in changed])
        self._arrange(Undoable.PAIRED, changed, act)

    def show_adjusted(self, attachment_id: str, shown: Shown, what: Undoable) -> None:
        """Show a document page by other parameters, judged anew; its bytes stay as they are."""
        page = arranging.adjusted(self._hand.record, attachment_id, shown.adjustment)
        if page in self._hand.record.attachments:
            return  # it lay so already
        facts = asdict(shown.adjustment)
        before = self._hand.thumbnails.get(attachment_id)
        self._arrange(
            what,
            (replace(page, report=shown.report),),
            self._hand.act(ActKind.PAGE_ADJUSTED, attachment=attachment_id, **facts),
            {} if before is None else {attachment_id: before},
        )
        self._hand.thumbnails[attachment_id] = shown.thumbnail

    def undo(self) -> bool:
        """Take back what was done last to the document pages; False when there is nothing."""
        if not self._undo:
            return False
        last = self._undo[-1]
        record, acts = self._hand.record, [self._hand.act(ActKind.UNDONE, what=last.what.value)]
        for attachment in [a for a in record.attachments if a.id in last.appeared]:
            record = record.detach(attachment.id)
            acts.append(detached(self._hand, attachment))
        there = {a.id for a in record.attachments}
        for attachment in last.before:
            if attachment.id not in there:
                facts = {"attachment": attachment.id, "kind": attachment.kind.value}
                acts.append(self._hand.act(ActKind.ATTACHED, **facts))
                record = record.attach(attachment)
        self._hand.store(record.change(last.before), *acts)
        self._hand.thumbnails.update(last.thumbnails)
        self._undo.pop()
        return True

    def _arrange(
        self,
        what: Undoable,
        changed: Sequence[Attachment],
        act: Act,
        thumbnails: Mapping[str, Pixels] = MappingProxyType({}),
    ) -> None:
        if not changed:
            return
        new = {page.id for page in changed}
        before = tuple(a for a in self._hand.record.attachments if a.id in new)
        self._hand.store(self._hand.record.change(changed), act)
        self._undo.append(Reversal(what, before, thumbnails=thumbnails))
