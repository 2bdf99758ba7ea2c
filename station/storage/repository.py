"""The applications. Fulfils `station.flow.ports.Records`; used on the storage lane only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from station.errors import RecordChanged, RecordNotFound
from station.flow.listing import Listing
from station.flow.ports import Imported
from station.model.audit import Told
from station.model.record import ApplicationRecord, Attachment
from station.storage import expected, rows, search
from station.storage.audit import SqlAudit
from station.storage.audit_digests import Placed, attachment_digest, record_digest
from station.storage.folding import number
from station.storage.listings import listed
from station.storage.manifests import envelope, replaced_by, signed
from station.storage.station_keys import StationKeys
from station.storage.tables import applications, attachments, visits

_NUMBERS = {
    "letter_number": applications.c.letter_key,
    "application_number": applications.c.application_key,
    "document_number": applications.c.document_key,
}


@dataclass(frozen=True, slots=True)
class _Stored:
    """A record as the database holds it: its key, its digest, and where each attachment stands.

    By the ids of attachments: `placed` is position and digest, `replaced` the picture whose place one took.
    """

    key: int
    record: ApplicationRecord
    digest: str
    placed: dict[str, tuple[int, str]]
    replaced: dict[str, str | None]


class SqlRecords:
    """The applications on one connection; nothing is durable before its unit of work commits."""

    def __init__(self, connection: sa.Connection, audit: SqlAudit, keys: StationKeys) -> None:
        """Work on a connection that the unit of work owns.

        `audit` is told of every change; with `keys` the station signs what it stores of pictures.
        """
        self._connection = connection
        self._audit = audit
        self._keys = keys
        self._read: dict[str, _Stored] = {}

    def get(self, record_id: str) -> ApplicationRecord:
        """Return one record with its attachments.

        Raises:
            RecordNotFound: there is none.
        """
        # One statement, so that no other kiosk's change falls between the record and its attachments.
        found = self._connection.execute(
            sa.select(applications, attachments)
            .outerjoin_from(applications, attachments)
            .where(applications.c.id == record_id)
            .order_by(attachments.c.position)
        ).mappings()
        lines = found.all()
        if not lines:
            raise RecordNotFound(record=record_id)
        held = [line for line in lines if line[attachments.c.id] is not None]
        record = rows.record_of(lines[0], tuple(rows.attachment_of(line) for line in held))
        by_name = [{column.name: line[column] for column in attachments.c} for line in held]
        placed = {row["id"]: (row["position"], attachment_digest(row)) for row in by_name}
        replaced = {row["id"]: replaced_by(row["manifest"]) for row in by_name}
        application = {column.name: lines[0][column] for column in applications.c}
        digest = record_digest(application, _places(placed))
        self._read[record_id] = _Stored(application["key"], record, digest, placed, replaced)
        return record

    def put(self, record: ApplicationRecord) -> ApplicationRecord:
        """Store a record that was read with `get`; returns it with its new version.

        Only what differs from the stored record is written.

        Raises:
            RecordChanged: another kiosk stored it since.
            RecordNotFound: there is none.
            StorageDamaged: the station's key is lost.
        """
        if record.id not in self._read:
            self.get(record.id)
        before = self._read[record.id]
        after = replace(record, version=record.version + 1)
        old, row = rows.application_row(before.record), rows.application_row(after)
        new = {name: value for name, value in row.items() if value != old[name]}
        as_read = (applications.c.id == record.id) & (applications.c.version == record.version)
        if before.record.version != record.version or not self._update(as_read, new):
            raise RecordChanged(record=record.id)
        search.change(self._connection, [(before.key, before.record, after)])
        placed, replaced = self._put_attachments(before, after)
        digest = record_digest(row, _places(placed))
        self._read[record.id] = _Stored(before.key, after, digest, placed, replaced)
        self._audit.tell(Told.RECORD_CHANGED, record=record.id, before=before.digest, after=digest)
        return after

    def expect(self, records: Iterable[ApplicationRecord]) -> Imported:
        """Add expected applications by application number; update those that no visit has touched yet.

        An empty `id` is given a new one. A record in progress or sealed is left as it is (counts unchanged).

        Raises:
            RecordChanged: another kiosk changed one of them meanwhile; commit nothing of it.
        """
        self._read.clear()
        return expected.expect(self._connection, records, self._audit)

    def manifests(self, record_id: str) -> dict[str, str]:
        """Return the signed manifests of a record's pictures, by attachment, each as the text of a file.

        Pictures that are older than manifests have none.
        """
        found = self._connection.execute(
            sa.select(attachments.c.id, attachments.c.manifest, attachments.c.manifest_signature)
            .join_from(attachments, applications)
            .where(applications.c.id == record_id, attachments.c.manifest.is_not(None))
        )
        return {row.id: envelope(row.manifest, row.manifest_signature, self._keys) for row in found}

    def with_pictures(self, after: str = "", limit: int = 200) -> tuple[str, ...]:
        """Return the next ids, in their own order, of records that have pictures; `after` the last one seen."""
        found = self._connection.scalars(
            sa.select(applications.c.id)
            .where(applications.c.id > after)
            .where(sa.exists().where(attachments.c.application == applications.c.key))
            .order_by(applications.c.id)
            .limit(limit)
        )
        return tuple(found)

    def with_identifier(self, kind: str, value: str) -> tuple[Listing, ...]:
        """Return the records of exactly this number.

        `kind` is letter_number, application_number or document_number, of others there is none; case, spaces
        and hyphens do not count.
        """
        column, folded = _NUMBERS.get(kind), number(value)
        if column is None or not folded:
            return ()
        return listed(self._connection, column == folded, 200)

    def search(self, text: str, limit: int = 50) -> tuple[Listing, ...]:
        """Return records whose number, passport number or name begins with each word (case, accents folded).

        They come by name; of more than `limit` those whose found word stands first in the alphabet.
        """
        keys = search.find(self._connection, text, limit)
        if not keys:
            return ()
        return listed(self._connection, applications.c.key.in_(keys), limit)

    def today(self, limit: int = 200) -> tuple[Listing, ...]:
        """Return the expected and running applications, by name; interrupted visits first."""
        interrupted = listed(self._connection, visits.c.is_open, limit)
        waiting = (applications.c.state != sa.text("'sealed'")) & visits.c.id.is_(None)
        return (*interrupted, *listed(self._connection, waiting, limit - len(interrupted)))

    def _update(self, which: sa.ColumnElement[bool], changed: dict[str, object]) -> bool:
        return self._connection.execute(sa.update(applications).where(which).values(changed)).rowcount == 1

    def _put_attachments(
        self, before: _Stored, after: ApplicationRecord
    ) -> tuple[dict[str, tuple[int, str]], dict[str, str | None]]:
        """Store the attachments that changed; returns `placed` and `replaced` of all."""
        held = {attachment.id: attachment for attachment in before.record.attachments}
        kept = {attachment.id for attachment in after.attachments}
        gone = [attachment for attachment in held.values() if attachment.id not in kept]
        of_record = attachments.c.application == before.key
        if gone:
            which = attachments.c.id.in_([attachment.id for attachment in gone])
            self._connection.execute(sa.delete(attachments).where(of_record, which))
        placed: dict[str, tuple[int, str]] = {}
        replaced: dict[str, str | None] = {}
        last = -1
        for attachment in after.attachments:
            name, old = attachment.id, held.get(attachment.id)
            position, digest = before.placed.get(name, (-1, ""))
            last = position if position > last else last + 1
            replaced[name] = before.replaced[name] if old else _place_taken(attachment, gone)
            if old and old.picture != attachment.picture:
                replaced[name] = old.picture.sha256
            if old != attachment or position != last:
                row = {**rows.attachment_row(attachment), "position": last}
                row |= signed(after, attachment, row, replaced[name], self._keys)
                self._put_attachment(before.key, row, new=old is None)
                digest = attachment_digest(row)
            placed[name] = (last, digest)
        return placed, replaced

    def _put_attachment(self, key: int, row: dict[str, object], *, new: bool) -> None:
        if new:
            self._connection.execute(sa.insert(attachments), {**row, "application": key})
            return
        this = (attachments.c.application == key) & (attachments.c.id == row["id"])
        self._connection.execute(sa.update(attachments).where(this).values(row))


def _places(placed: Mapping[str, tuple[int, str]]) -> list[Placed]:
    return [(name, position, digest) for name, (position, digest) in placed.items()]


def _place_taken(new: Attachment, gone: Sequence[Attachment]) -> str | None:
    """Return the picture that went when this one came, and stood where it stands."""
    place = (new.kind, new.item, new.page)
    return next((old.picture.sha256 for old in gone if (old.kind, old.item, old.page) == place), None)
