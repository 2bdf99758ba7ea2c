"""The order and the lie of a record's document pages: each change as the attachments that differ after it.

Pages of one item are numbered from 1 without gaps whenever their order changes. The two sides of one sheet stay
side by side.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from station.errors import RecordNotFound
from station.model.adjustment import Adjustment
from station.model.record import ApplicationRecord, Attachment, AttachmentKind


def pages_of(record: ApplicationRecord, item: str) -> tuple[Attachment, ...]:
    """Return the pages of a checklist item in their order."""
    pages = (a for a in record.of_kind(AttachmentKind.DOCUMENT) if a.item == item)
    return tuple(sorted(pages, key=lambda page: page.page))


def named(record: ApplicationRecord, ids: Iterable[str]) -> tuple[Attachment, ...]:
    """Return these document pages in the order of the record's items and pages.

    Raises:
        RecordNotFound: one of them is not there, or is no document.
    """
    wanted = set(ids)
    found = [a for a in record.of_kind(AttachmentKind.DOCUMENT) if a.id in wanted]
    if len(found) < len(wanted) or not wanted:
        raise RecordNotFound(attachment=", ".join(sorted(wanted - {a.id for a in found})))
    return tuple(sorted(found, key=lambda page: (page.item, page.page)))


def with_other_sides(record: ApplicationRecord, ids: Iterable[str]) -> tuple[str, ...]:
    """Return these pages and the other sides of their sheets."""
    pages = named(record, ids)
    sheets = {page.sheet for page in pages if page.sheet}
    others = (a.id for a in record.of_kind(AttachmentKind.DOCUMENT) if a.sheet in sheets)
    return tuple(dict.fromkeys([*(page.id for page in pages), *others]))


def moved(record: ApplicationRecord, ids: Sequence[str], item: str, place: int) -> tuple[Attachment, ...]:
    """Put pages, in the order that they have, at a place of an item; `place` counts the others from 0.

    Raises:
        RecordNotFound: one of the pages is not there.
    """
    moving = named(record, with_other_sides(record, ids))
    gone = {page.id for page in moving}
    there = [page for page in pages_of(record, item) if page.id not in gone]
    place = _between_sheets(there, max(0, min(place, len(there))))
    changed = list(_numbered([*there[:place], *moving, *there[place:]], item))
    for left in sorted({page.item for page in moving} - {item}):
        changed += _numbered([page for page in pages_of(record, left) if page.id not in gone], left)
    return _differing(record, changed)


def paired(record: ApplicationRecord, ids: Sequence[str]) -> tuple[Attachment, ...]:
    """Make two pages of one item the front and the back of one sheet or card; the back moves behind the front.

    Raises:
        RecordNotFound: they are not two pages of one item.
    """
    pages = named(record, ids)
    if len(pages) != 2 or pages[0].item != pages[1].item:
        raise RecordNotFound(attachment=", ".join(ids))
    sheet, (front, back) = uuid.uuid4().hex, pages
    alone = {page.id: page for page in _parted(record, {page.sheet for page in pages if page.sheet})}
    order = [alone.get(p.id, p) for p in pages_of(record, front.item) if p.id != back.id]
    at = next(n for n, page in enumerate(order) if page.id == front.id)
    order[at : at + 1] = [replace(front, sheet=sheet, back=False), replace(back, sheet=sheet, back=True)]
    return _differing(record, _numbered(order, front.item))


def parted(record: ApplicationRecord, attachment_id: str) -> tuple[Attachment, ...]:
    """Make the two sides of a sheet two pages of their own.

    Raises:
        RecordNotFound: the page is not there, or has no other side.
    """
    (page,) = named(record, [attachment_id])
    if not page.sheet:
        raise RecordNotFound(attachment=attachment_id)
    return tuple(_parted(record, {page.sheet}))


def adjusted(record: ApplicationRecord, attachment_id: str, adjustment: Adjustment) -> Attachment:
    """Return the page as it is shown by other parameters.

    Raises:
        RecordNotFound: it is not there.
    """
    (page,) = named(record, [attachment_id])
    return replace(page, adjustment=adjustment)


def _parted(record: ApplicationRecord, sheets: set[str]) -> list[Attachment]:
    return [replace(a, sheet="", back=False) for a in record.attachments if a.sheet in sheets]


def _between_sheets(pages: Sequence[Attachment], place: int) -> int:
    """Move a place that would part a front from its back behind the back."""
    inside = 0 < place < len(pages) and pages[place].sheet and pages[place].sheet == pages[place - 1].sheet
    return place + 1 if inside else place


def _numbered(pages: Sequence[Attachment], item: str) -> list[Attachment]:
    return [replace(page, item=item, page=number) for number, page in enumerate(pages, 1)]


def _differing(record: ApplicationRecord, pages: Iterable[Attachment]) -> tuple[Attachment, ...]:
    before = {a.id: a for a in record.attachments}
    return tuple(page for page in pages if page != before[page.id])
