"""A portrait and its photo come onto the record together, or not at all. On the desk lane."""

import uuid
from collections.abc import Sequence

from station.flow.overridden import decided, kept
from station.flow.page_changes import detached
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Prepared
from station.model.quality import Verdict
from station.model.record import Attachment, AttachmentKind, OverrideNote, Provenance
from station.model.visit import ActKind

KINDS = (AttachmentKind.PORTRAIT, AttachmentKind.PHOTO)


def attach_portrait(
    hand: VisitInHand, pictures: Sequence[Prepared], provenance: Provenance, override: OverrideNote | None
) -> None:
    """Put these pictures, the portrait first, in the place of the record's portrait and photo.

    The officer's reason stands with what is below its limits; where nothing is, with the portrait.

    Raises:
        AttachmentRefused, RecordChanged, StorageError: nothing was changed.
    """
    override = decided(hand, override) if override is not None else None
    record, acts = hand.record, []
    for gone in (attachment for kind in KINDS for attachment in record.of_kind(kind)):
        record = record.detach(gone.id)
        acts.append(detached(hand, gone))
    failing = [picture for picture in pictures if picture.report.verdict is Verdict.FAIL] or pictures[:1]
    new = []
    for picture in pictures:
        note = override if picture in failing else None
        attachment = Attachment(
            uuid.uuid4().hex, picture.kind, picture.ref, provenance, picture.report,
            override=note, crop=picture.crop,
        )  # fmt: skip
        record = record.attach(attachment)
        facts = {"attachment": attachment.id, "kind": picture.kind.value, "sha256": picture.ref.sha256}
        acts.append(hand.act(ActKind.ATTACHED, **facts))
        if note is not None:
            acts.append(kept(hand, attachment, note))
        new.append((attachment.id, picture.thumbnail))
    hand.store(record, *acts)
    hand.thumbnails.update(new)
