"""Rows of the tables and the values that they hold."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from station.errors import StorageDamaged
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.document import PartialDate, Reading
from station.model.image import PictureRef
from station.model.photo import PhotoCrop
from station.model.quality import QualityReport
from station.model.record import (
    ApplicationRecord,
    Attachment,
    AttachmentKind,
    OverrideNote,
    Provenance,
    RecordState,
    TravelDocument,
)
from station.model.visit import Act, ActKind
from station.storage.encode import decode, decode_facts, encode, encode_facts
from station.storage.folding import number, words
from station.storage.tables import applications, attachments

Row = Mapping[Any, Any]
"""One row by its columns, as `Result.mappings` gives it."""

E = TypeVar("E", bound=str)


def application_row(record: ApplicationRecord) -> dict[str, object]:
    """Return the columns of `applications` for a record, without its key."""
    document = record.document
    return {
        "id": record.id,
        "version": record.version,
        "state": record.state.value,
        "application_number": record.application_number,
        "letter_number": record.letter_number,
        "category": record.category,
        "surname": record.surname,
        "given_names": record.given_names,
        "birth_date": _date_text(record.birth_date),
        "sex": record.sex,
        "nationality": record.nationality,
        "document_number": document.number if document else None,
        "document_state": document.issuing_state if document else None,
        "document_expiry": _date_text(document.expiry_date) if document else None,
        "application_key": number(record.application_number),
        "letter_key": number(record.letter_number) or None,
        "document_key": number(document.number) or None if document else None,
        "sort_name": " ".join((*words(record.surname), *words(record.given_names))),
    }


def record_of(row: Row, attached: tuple[Attachment, ...] = ()) -> ApplicationRecord:
    """Return the record of a row of `applications`.

    Raises:
        StorageDamaged: the row was not written by this program.
    """
    column, what = applications.c, f"application {row[applications.c.id]}"
    document = row[column.document_number] is not None
    return ApplicationRecord(
        id=row[column.id],
        application_number=row[column.application_number],
        letter_number=row[column.letter_number],
        category=row[column.category],
        surname=row[column.surname],
        given_names=row[column.given_names],
        birth_date=_date(row[column.birth_date], what),
        sex=row[column.sex],
        nationality=row[column.nationality],
        document=TravelDocument(
            number=row[column.document_number],
            issuing_state=row[column.document_state],
            expiry_date=_date(row[column.document_expiry], what),
        )
        if document
        else None,
        state=word_of(RecordState, row[column.state], what),
        attachments=attached,
        version=row[column.version],
    )


def attachment_row(attachment: Attachment) -> dict[str, object]:
    """Return the columns of `attachments`, without the application's key and the position."""
    picture = attachment.picture
    dpi_x, dpi_y = picture.dpi or (None, None)
    return {
        "id": attachment.id,
        "kind": attachment.kind.value,
        "item": attachment.item,
        "page": attachment.page,
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "size_bytes": picture.size_bytes,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "dpi_x": dpi_x,
        "dpi_y": dpi_y,
        "provenance": encode(attachment.provenance),
        "report": encode(attachment.report) if attachment.report else None,
        "reading": encode(attachment.reading) if attachment.reading else None,
        "override": encode(attachment.override) if attachment.override else None,
        "adjustment": None if attachment.adjustment.is_none else encode(attachment.adjustment),
        "sheet": attachment.sheet,
        "back": attachment.back,
        "crop": encode(attachment.crop) if attachment.crop else None,
    }


def attachment_of(row: Row) -> Attachment:
    """Return the attachment of a row of `attachments`.

    Raises:
        StorageDamaged: the row was not written by this program.
    """
    column, what = attachments.c, f"attachment {row[attachments.c.id]}"
    report, reading, override = row[column.report], row[column.reading], row[column.override]
    adjustment, crop = row[column.adjustment], row[column.crop]
    return Attachment(
        id=row[column.id],
        kind=word_of(AttachmentKind, row[column.kind], what),
        picture=PictureRef(
            sha256=row[column.sha256],
            media_type=row[column.media_type],
            size_bytes=row[column.size_bytes],
            width_px=row[column.width_px],
            height_px=row[column.height_px],
            dpi=None if row[column.dpi_x] is None else (row[column.dpi_x], row[column.dpi_y]),
        ),
        provenance=decode(Provenance, row[column.provenance], what),
        report=None if report is None else _report(report, what),
        reading=None if reading is None else decode(Reading, reading, what),
        item=row[column.item],
        page=row[column.page],
        override=None if override is None else decode(OverrideNote, override, what),
        adjustment=AS_IT_CAME if adjustment is None else decode(Adjustment, adjustment, what),
        sheet=row[column.sheet],
        back=row[column.back],
        crop=None if crop is None else decode(PhotoCrop, crop, what),
    )


def act_row(visit_id: str, at_number: int, act: Act) -> dict[str, object]:
    """Return the row of `acts` for the act with this number."""
    return {
        "visit": visit_id,
        "number": at_number,
        "kind": act.kind.value,
        "at": time_text(act.at),
        "officer": act.officer,
        "facts": encode_facts(act.facts),
    }


def act_of(row: Row) -> Act:
    """Return the act of a row of `acts`.

    Raises:
        StorageDamaged: the row was not written by this program.
    """
    what = f"act {row['number']} of visit {row['visit']}"
    return Act(
        kind=word_of(ActKind, row["kind"], what),
        at=time_of(row["at"], what),
        officer=row["officer"],
        facts=decode_facts(row["facts"], what),
    )


def time_text(at: datetime) -> str:
    """Return a time as UTC text that sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str, what: str) -> datetime:
    """Return the time that `time_text` wrote; `what` names the row for the error.

    Raises:
        StorageDamaged: the text is no time.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise StorageDamaged(what=what) from None


@lru_cache(maxsize=256)
def _report(text: str, what: str) -> QualityReport:
    """Decode a report once for the visit: each new page reads those before it. Reports name no person."""
    return decode(QualityReport, text, what)


def _date_text(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def _date(text: str | None, what: str) -> PartialDate | None:
    if text is None:
        return None
    try:
        year, month, day = (int(part) for part in text.split("-"))
    except ValueError:
        raise StorageDamaged(what=what) from None
    return PartialDate(year, month, day)


def word_of(kind: type[E], text: str, what: str) -> E:
    """Return the member of an enumeration that was stored; StorageDamaged when it has none."""
    try:
        return kind(text)
    except ValueError:
        raise StorageDamaged(what=what) from None
