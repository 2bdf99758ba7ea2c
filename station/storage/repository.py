"""The applications. Fulfils `station.flow.ports.Records`; used on the storage lane only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from station.errors import RecordChanged, RecordNotFound
from station.flow.ports import Imported, Listing
from station.model.record import ApplicationRecord, Attachment
from station.storage import expected, rows, search
from station.storage.folding import number
from station.storage.tables import applications, attachments, visits

_NUMBERS = {
    "letter_number": applications.c.letter_key,
    "application_number": applications.c.application_key,
    "document_number": applications.c.document_key,
}

_OPEN_VISIT = (visits.c.application == applications.c.key) & visits.c.is_open


@dataclass(frozen=True, slots=True)
class _Stored:
    """A record as the database holds it: its key, and the position of each attachment."""

    key: int
    record: ApplicationRecord
    positions: dict[str, int]


class SqlRecords:
    """The applications on one connection; nothing is durable before its unit of work commits."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work on a connection that the unit of work owns."""
        self._connection = connection
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
        positions = {line[attachments.c.id]: line[attachments.c.position] for line in held}
        self._read[record_id] = _Stored(lines[0][applications.c.key], record, positions)
        return record

    def put(self, record: ApplicationRecord) -> ApplicationRecord:
        """Store a record that was read with `get`; returns it with its new version.

        Only what differs from the stored record is written.

        Raises:
            RecordChanged: another kiosk stored it since.
            RecordNotFound: there is none.
        """
        if record.id not in self._read:
            self.get(record.id)
        before = self._read[record.id]
        after = replace(record, version=record.version + 1)
        old = rows.application_row(before.record)
        new = {name: value for name, value in rows.application_row(after).items() if value != old[name]}
        as_read = (applications.c.id == record.id) & (applications.c.version == record.version)
        if before.record.version != record.version or not self._update(as_read, new):
            raise RecordChanged(record=record.id)
        search.change(self._connection, [(before.key, before.record, after)])
        self._read[record.id] = _Stored(before.key, after, self._put_attachments(before, after))
        return after

    def expect(self, records: Iterable[ApplicationRecord]) -> Imported:
        """Add expected applications by application number; update those that no visit has touched yet.

        An empty `id` is given a new one. A record in progress or sealed is left as it is (counts unchanged).

        Raises:
            RecordChanged: another kiosk changed one of them meanwhile; commit nothing of it.
        """
        self._read.clear()
        return expected.expect(self._connection, records)

    def with_identifier(self, kind: str, value: str) -> tuple[Listing, ...]:
        """Return the records of exactly this number.

        `kind` is letter_number, application_number or document_number, of others there is none; case, spaces
        and hyphens do not count.
        """
        column, folded = _NUMBERS.get(kind), number(value)
        if column is None or not folded:
            return ()
        return self._listed(column == folded, 200)

    def search(self, text: str, limit: int = 50) -> tuple[Listing, ...]:
        """Return records whose number, passport number or name begins with each word (case, accents folded).

        They come by name; of more than `limit` those whose found word stands first in the alphabet.
        """
        keys = search.find(self._connection, text, limit)
        if not keys:
            return ()
        return self._listed(applications.c.key.in_(keys), limit)

    def today(self, limit: int = 200) -> tuple[Listing, ...]:
        """Return the expected and running applications, by name; interrupted visits first."""
        interrupted = self._listed(visits.c.is_open, limit)
        waiting = (applications.c.state != sa.text("'sealed'")) & visits.c.id.is_(None)
        return (*interrupted, *self._listed(waiting, limit - len(interrupted)))

    def _listed(self, which: sa.ColumnElement[bool], limit: int) -> tuple[Listing, ...]:
        """Return the records by name, each with its open visit."""
        found = self._connection.execute(
            sa.select(*rows.LISTED)
            .outerjoin_from(applications, visits, _OPEN_VISIT)
            .where(which)
            .order_by(applications.c.sort_name, applications.c.key)
            .limit(limit)
        )
        return tuple(rows.listing_of(tuple(row)) for row in found)

    def _update(self, which: sa.ColumnElement[bool], changed: dict[str, object]) -> bool:
        return self._connection.execute(sa.update(applications).where(which).values(changed)).rowcount == 1

    def _put_attachments(self, before: _Stored, after: ApplicationRecord) -> dict[str, int]:
        """Store the attachments that changed; returns the position of each."""
        held = {attachment.id: attachment for attachment in before.record.attachments}
        kept = {attachment.id for attachment in after.attachments}
        gone = [attachment_id for attachment_id in held if attachment_id not in kept]
        of_record = attachments.c.application == before.key
        if gone:
            self._connection.execute(sa.delete(attachments).where(of_record, attachments.c.id.in_(gone)))
        positions: dict[str, int] = {}
        last = -1
        for attachment in after.attachments:
            position = before.positions.get(attachment.id, -1)
            last = position if position > last else last + 1
            positions[attachment.id] = last
            if held.get(attachment.id) != attachment or position != last:
                self._put_attachment(before.key, attachment, last, new=attachment.id not in held)
        return positions

    def _put_attachment(self, key: int, attachment: Attachment, position: int, *, new: bool) -> None:
        row = {**rows.attachment_row(attachment), "position": position}
        if new:
            self._connection.execute(sa.insert(attachments), {**row, "application": key})
            return
        this = (attachments.c.application == key) & (attachments.c.id == attachment.id)
        self._connection.execute(sa.update(attachments).where(this).values(row))
