"""What a station signs of each picture of a record: where it comes from, what was asked of it, who kept it.

A manifest is canonical JSON, stored beside its attachment in the same transaction and signed anew when the
attachment changes. It holds the SHA-256 of what may name a person (what was read, an officer's note), not the
text. The stand-alone `scripts/verify_manifest.py` proves a picture by it and needs only the public key.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.model.record import ApplicationRecord, Attachment, AttachmentKind
from station.storage.audit_entry import canonical, digest
from station.storage.audit_told import began_of
from station.storage.rows import Row
from station.storage.station_keys import StationKeys
from station.storage.tables import applications, attachments

FORMAT = "visa-station/manifest/1"

_PLAIN = (
    "kind", "item", "page", "sheet", "back", "sha256", "media_type", "size_bytes", "width_px", "height_px",
)  # fmt: skip
_PARSED = ("provenance", "adjustment", "crop")
_HASHED = ("report", "reading", "override")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a manifest says that the attachment's row does not.

    `station` signed. `checks` are the report's profile, version and verdict. `parent` is the SHA-256 of the
    portrait that a photo was cut from, `replaces` that of the picture whose place it took.
    """

    station: str
    checks: Mapping[str, str] | None
    parent: str | None = None
    replaces: str | None = None


def manifest(record_id: str, row: Row, claimed: Claimed) -> str:
    """Return the manifest of an attachment by the columns of its row, as canonical JSON.

    Raises:
        TypeError, ValueError: the row was not written by this program.
    """
    parsed = {name: None if row[name] is None else json.loads(row[name]) for name in (*_PARSED, "override")}
    override = parsed.pop("override")
    return canonical(
        {
            "format": FORMAT,
            "station": claimed.station,
            "record": record_id,
            "attachment": row["id"],
            **{name: row[name] for name in _PLAIN},
            "dpi": None if row["dpi_x"] is None else [float(row["dpi_x"]), float(row["dpi_y"])],
            **parsed,
            **{f"{name}_sha256": None if row[name] is None else digest(row[name]) for name in _HASHED},
            "override": None if override is None else {name: override[name] for name in ("kind", "reason")},
            "checks": claimed.checks,
            "parent": claimed.parent,
            "replaces": claimed.replaces,
        }
    )


def signed(
    record: ApplicationRecord, attachment: Attachment, row: Row, replaces: str | None,
    keys: StationKeys,
) -> dict[str, str]:  # fmt: skip
    """Return the columns `manifest` and `manifest_signature` of an attachment's row.

    Raises:
        StorageDamaged: the station's key is lost.
    """
    keys.to_sign(keys.station)
    report = attachment.report
    checks = (
        None
        if report is None
        else {"profile": report.profile, "version": report.version, "verdict": report.verdict.value}
    )
    text = manifest(record.id, row, Claimed(keys.station, checks, _parent(record, attachment), replaces))
    return {"manifest": text, "manifest_signature": keys.sign(text)}


def replaced_by(text: str | None) -> str | None:
    """Return the picture whose place the one of this manifest took, as `Claimed.replaces`."""
    fields = _fields(text)
    replaces = fields and fields.get("replaces")
    return replaces if isinstance(replaces, str) else None


def envelope(text: str, signature: str, keys: StationKeys) -> str:
    """Return the file of a manifest: the manifest, its signature, and the public key of its station.

    Raises:
        StorageDamaged: it is no manifest, or its station has no key.
    """
    fields = _fields(text)
    if fields is None:
        raise StorageDamaged(what="manifest")
    whole = {"manifest": fields, "key": keys.of(str(fields.get("station"))), "signature": signature}
    return json.dumps(whole, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Unproved:
    """A picture without a good manifest: `missing`, or damaged; or older than manifests are."""

    attachment: str
    missing: bool = False
    older: bool = False


def unproved(connection: sa.Connection, keys: StationKeys) -> Iterator[Unproved]:
    """Yield the attachments whose manifest is missing, is another one's, or was not signed by its station."""
    began = began_of(connection)
    named = [column.label(f"a_{column.name}") for column in attachments.c]
    query = sa.select(applications.c.id.label("record"), *named).join_from(attachments, applications)
    with connection.execute(query, execution_options={"yield_per": 500}) as found:
        for line in found.mappings():
            row = {column.name: line[f"a_{column.name}"] for column in attachments.c}
            if row["manifest"] is None and row["manifest_signature"] is None:
                older = row["application"] <= began.applications and _taken_before(row, began.at)
                yield Unproved(str(row["id"]), missing=not older, older=older)
            elif not _is_proved(str(line["record"]), row, keys):
                yield Unproved(str(row["id"]))


def _is_proved(record_id: str, row: Row, keys: StationKeys) -> bool:
    fields = _fields(row["manifest"])
    if fields is None or not isinstance(fields.get("station"), str):
        return False
    claimed = Claimed(fields["station"], fields.get("checks"), fields.get("parent"), fields.get("replaces"))
    try:
        again = manifest(record_id, row, claimed)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return False
    signature = str(row["manifest_signature"])
    return again == row["manifest"] and keys.is_signed(fields["station"], signature, row["manifest"])


def _parent(record: ApplicationRecord, attachment: Attachment) -> str | None:
    if attachment.kind is not AttachmentKind.PHOTO:
        return None
    return next((portrait.picture.sha256 for portrait in record.of_kind(AttachmentKind.PORTRAIT)), None)


def _fields(text: object) -> dict[str, Any] | None:
    try:
        fields = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _taken_before(row: Row, moment: str) -> bool:
    provenance = _fields(row["provenance"])
    try:
        taken = datetime.fromisoformat((provenance or {})["taken_at"])
        return taken < datetime.fromisoformat(moment)
    except (KeyError, TypeError, ValueError):
        return False
