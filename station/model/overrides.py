"""Coded reasons against the measures, each for one kind of override and some kinds of pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from station.model.record import Attachment, AttachmentKind, Override, OverrideNote

_PAPERS: Final = frozenset({AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE, AttachmentKind.DOCUMENT})
_FACES: Final = frozenset({AttachmentKind.PORTRAIT, AttachmentKind.PHOTO})
_ALL: Final = _PAPERS | _FACES

OTHER: Final = "other"
"""The one reason that says nothing without a note."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason: what kind of override it makes, and on which pictures it is offered."""

    code: str
    kind: Override
    pictures: frozenset[AttachmentKind]


REASONS: Final = (
    Reason("original_is_so", Override.OBVIOUS, _PAPERS),
    Reason("cannot_do_otherwise", Override.OBVIOUS, _PAPERS),
    Reason("best_of_several", Override.WITHOUT_REASON, _PAPERS),
    Reason("medical", Override.OBVIOUS, _FACES),
    Reason("disability", Override.OBVIOUS, _FACES),
    Reason("head_covering", Override.OBVIOUS, _FACES),
    Reason("small_child", Override.OBVIOUS, _FACES),
    Reason("device_limit", Override.OBVIOUS, _ALL),
    Reason("looks_good", Override.WITHOUT_REASON, _ALL),
    Reason(OTHER, Override.OBVIOUS, _ALL),
    Reason("another_paper", Override.REFUSED, _PAPERS),
    Reason("part_hidden", Override.REFUSED, _PAPERS),
    Reason("cannot_be_read", Override.REFUSED, _PAPERS),
    Reason("face_hidden", Override.REFUSED, _FACES),
    Reason("not_neutral", Override.REFUSED, _FACES),
    Reason("picture_fault", Override.REFUSED, _ALL),
    Reason(OTHER, Override.REFUSED, _ALL),
)
"""In the order in which they are offered. The three kinds are those of BSI TR-03121-3; a code that the
officer's eye finds on the picture makes an obvious reason."""

_TOLD: Final[Mapping[Override, str]] = {
    Override.OBVIOUS: "obvious",
    Override.WITHOUT_REASON: "unseen",
    Override.REFUSED: "refused",
}


def offered(picture: AttachmentKind, *, measured_good: bool) -> tuple[str, ...]:
    """Return the codes to pick from for a picture that is kept below its limits, or a good one refused."""
    return tuple(
        reason.code
        for reason in REASONS
        if picture in reason.pictures and (reason.kind is Override.REFUSED) is measured_good
    )


def kind_of(code: str, *, measured_good: bool) -> Override:
    """Return the kind of override that a reason makes.

    Raises:
        KeyError: there is no such reason.
    """
    if measured_good:
        return Override.REFUSED
    return {reason.code: reason.kind for reason in REASONS if reason.kind is not Override.REFUSED}[code]


def flaw_of(note: OverrideNote) -> str:
    """Return what a note lacks, "" when it does: needs_reason (no such code for this kind) or needs_note."""
    if (note.kind, note.reason) not in _KNOWN:
        return "needs_reason"
    return "needs_note" if note.reason == OTHER and not note.note.strip() else ""


def told(kind: Override, code: str) -> str:
    """Return the word by which the audit tells of an override: its kind and its code, no text of anybody's.

    Raises:
        ValueError: there is no such reason.
    """
    if (kind, code) not in _KNOWN:
        raise ValueError("an override has a coded reason")
    return f"override_{_TOLD[kind]}_{code}"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A picture that measured good and was refused: it is on no record any more, only in the acts.

    `profile` is what it was judged by ("" for none), `device` the name of the device that gave it.
    """

    attachment: str
    picture: AttachmentKind
    item: str
    page: int
    profile: str
    device: str
    note: OverrideNote = field(repr=False)


def set_aside(gone: Attachment, note: OverrideNote) -> SetAside:
    """Return what stays of an attachment that is refused."""
    profile = gone.report.profile if gone.report is not None else ""
    return SetAside(gone.id, gone.kind, gone.item, gone.page, profile, gone.provenance.device_name, note)


_KNOWN: Final = frozenset((reason.kind, reason.code) for reason in REASONS)
