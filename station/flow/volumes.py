"""Which pages of a record become which file, and in what order."""

from collections.abc import Iterator, Sequence

from station.errors import ExportRefused
from station.flow.ports import Chapter, Volume
from station.model.checklist import Checklist
from station.model.record import ApplicationRecord, Attachment, AttachmentKind

_TITLES = {
    AttachmentKind.LETTER: "Letter",
    AttachmentKind.PASSPORT_PAGE: "Passport page",
    AttachmentKind.PORTRAIT: "Portrait",
    AttachmentKind.PHOTO: "Photo",
}
"""What stands in a file beside the checklist's own English titles, in the order of a visit."""


def volumes(
    record: ApplicationRecord, checklist: Checklist | None, items: Sequence[str] = ()
) -> tuple[Volume, ...]:
    """Return one volume for each item that is named, or the whole record as one.

    `items` are ids of the checklist, or letter, passport_page, portrait. In the whole record the letter, the
    passport page and the portrait come first, then the items as the checklist has them, then those that it
    does not know (any more).

    Raises:
        ExportRefused: there is no page, or no such item.
    """
    chapters = tuple(_chapters(record, checklist))
    if not items:
        if not chapters:
            raise ExportRefused(record=record.id, reason="no_pages")
        return (Volume(record.id, f"Application record {record.id}", chapters),)
    return tuple(_of_item(record, checklist, chapters, item) for item in dict.fromkeys(items))


def _of_item(
    record: ApplicationRecord, checklist: Checklist | None, chapters: Sequence[Chapter], item: str
) -> Volume:
    for chapter in chapters:
        if chapter.id == item:
            return Volume(f"{record.id}_{item}", f"{chapter.title} ({record.id})", (chapter,))
    known = {kind.value for kind in _TITLES} | {i.id for i in (checklist.items if checklist else ())}
    raise ExportRefused(record=record.id, item=item, reason="no_pages" if item in known else "unknown_item")


def _chapters(record: ApplicationRecord, checklist: Checklist | None) -> Iterator[Chapter]:
    for kind, title in _TITLES.items():
        if pages := record.of_kind(kind):
            yield Chapter(kind.value, title, pages)
    documents = record.of_kind(AttachmentKind.DOCUMENT)
    titles = {item.id: item.title for item in (checklist.items if checklist else ())}
    for document in documents:
        titles.setdefault(document.item, document.item)
    for item, title in titles.items():
        if pages := tuple(sorted((d for d in documents if d.item == item), key=_place)):
            yield Chapter(item, title, pages)


def _place(page: Attachment) -> int:
    return page.page
