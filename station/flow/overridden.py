"""What the officer decided against the measures in the visit in hand: kept, or set aside. Desk lane only."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from station.errors import AttachmentRefused, RecordNotFound
from station.flow.completeness import STEP_OF
from station.flow.options import Options
from station.flow.page_changes import Hand, PageChanges, detached
from station.flow.views import OverrideView
from station.model.image import Pixels
from station.model.overrides import flaw_of, set_aside
from station.model.quality import Verdict
from station.model.record import ApplicationRecord, Attachment, AttachmentKind, Override, OverrideNote
from station.model.visit import Act, ActKind, Visit

_WITH_IT = {AttachmentKind.PORTRAIT: AttachmentKind.PHOTO}
"""A photo is cut from the portrait: one without the other proves nothing."""


class Deciding(Hand, Protocol):
    """What decisions need of the visit in hand."""

    options: Options
    pages: PageChanges


def decided(hand: Deciding, note: OverrideNote) -> OverrideNote:
    """Return the note as this officer's, given now.

    Raises:
        AttachmentRefused: the reason is none that is known, or says nothing without a note.
    """
    if flaw := flaw_of(note):
        raise AttachmentRefused(record=hand.record.id, reason=flaw)
    return replace(note, by=hand.options.at_work, at=hand.options.now())


def kept(hand: Deciding, attachment: Attachment, note: OverrideNote) -> Act:
    """Make the act that a picture is on the record against its measures, or marked as not good."""
    facts = {"attachment": attachment.id, "override": note.kind.value, "reason": note.reason}
    return hand.act(ActKind.KEPT, **facts, **_signed(note))


def keep(hand: Deciding, attachment_id: str, note: OverrideNote) -> None:
    """Keep a picture below its limits; one that measured good is set aside instead.

    Raises:
        RecordNotFound: there is no such picture.
        AttachmentRefused: by `decided`, or the picture is refused as good and is not.
    """
    found = next((a for a in hand.record.attachments if a.id == attachment_id), None)
    if found is None:
        raise RecordNotFound(attachment=attachment_id)
    note = decided(hand, note)
    if note.kind is Override.REFUSED:
        _set_aside(hand, found, note)
    else:
        hand.store(hand.record.change([replace(found, override=note)]), kept(hand, found, note))


def _set_aside(hand: Deciding, gone: Attachment, note: OverrideNote) -> None:
    if gone.report is None or gone.report.verdict is Verdict.FAIL:
        raise AttachmentRefused(record=hand.record.id, reason="not_measured_good")
    left = set_aside(gone, note)
    act = hand.act(
        ActKind.SET_ASIDE, attachment=left.attachment, kind=left.picture.value, item=left.item, page=left.page,
        profile=left.profile, device=left.device, override=note.kind.value, reason=note.reason, note=note.note,
        by=note.by, at=note.at.isoformat() if note.at else "", **_signed(note),
    )  # fmt: skip
    also = [a for a in hand.record.attachments if a.kind is _WITH_IT.get(gone.kind)]
    record = hand.record
    for attachment in (gone, *also):
        record = record.detach(attachment.id)
    hand.store(record, *(detached(hand, attachment) for attachment in (gone, *also)), act)
    hand.pages.dropped((gone, *also))


def overrides_of(
    record: ApplicationRecord, visit: Visit, thumbnails: Mapping[str, Pixels]
) -> tuple[OverrideView, ...]:
    """Return what was decided against the measures: on the record in its order, then what was set aside."""
    on_record = [
        OverrideView(a.id, a.kind, a.item, a.page, a.override, STEP_OF[a.kind], thumbnails.get(a.id))
        for a in record.attachments
        if a.override is not None
    ]
    gone = [
        OverrideView(
            left.attachment, left.picture, left.item, left.page, left.note, STEP_OF[left.picture],
            thumbnails.get(left.attachment), on_record=False,
        )
        for left in visit.set_aside
    ]  # fmt: skip
    return (*on_record, *gone)


def _signed(note: OverrideNote) -> dict[str, str]:
    """Return the facts about the second person who signed, none when nobody did."""
    return {"second": note.second, "second_note": note.second_note} if note.second else {}
