"""Expected applications from a file: thousands at once, each added or updated by its application number."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import uuid4

import sqlalchemy as sa

from station.errors import RecordChanged
from station.flow.ports import Imported
from station.model.audit import Told
from station.model.record import ApplicationRecord, RecordState
from station.storage import rows, search
from station.storage.audit import SqlAudit
from station.storage.audit_digests import attached, record_digest
from station.storage.conflict import insert_new
from station.storage.folding import number
from station.storage.tables import applications

_AT_ONCE = 500
"""Numbers asked for in one statement."""


def expect(connection: sa.Connection, records: Iterable[ApplicationRecord], audit: SqlAudit) -> Imported:
    """Add or update the records; of several with the same application number the last one counts.

    The audit is told of each that was added or changed.

    Raises:
        RecordChanged: another kiosk changed one of them meanwhile.
    """
    wanted = {number(record.application_number): record for record in records}
    held = {number(record.application_number): (key, record) for key, record in _held(connection, list(wanted))}
    changes = []
    for name, (key, old) in held.items():
        new = replace(wanted[name], id=old.id, version=old.version, state=old.state, attachments=())
        if old.state is RecordState.EXPECTED and new != old:
            changes.append((key, old, replace(new, version=old.version + 1)))
    added = _add(connection, [record for name, record in wanted.items() if name not in held], audit)
    _change(connection, changes, audit)
    return Imported(added=added, updated=len(changes), unchanged=len(wanted) - added - len(changes))


def _held(connection: sa.Connection, numbers: list[str]) -> Iterator[tuple[int, ApplicationRecord]]:
    for start in range(0, len(numbers), _AT_ONCE):
        some = applications.c.application_key.in_(numbers[start : start + _AT_ONCE])
        for row in connection.execute(sa.select(applications).where(some)).mappings():
            yield row[applications.c.key], rows.record_of(row)


def _add(connection: sa.Connection, records: list[ApplicationRecord], audit: SqlAudit) -> int:
    """Insert records and their words; one that another kiosk added meanwhile is left as it is."""
    if not records:
        return 0
    fresh = [
        replace(record, id=record.id or uuid4().hex, version=1, state=RecordState.EXPECTED, attachments=())
        for record in records
    ]
    inserted = insert_new(
        connection,
        [rows.application_row(record) for record in fresh],
        (applications.c.key, applications.c.id),
    )
    by_id = {record.id: record for record in fresh}
    words = [row for key, record_id in inserted for row in search.rows_of(key, by_id[record_id])]
    search.add(connection, words)
    for _, record_id in inserted:
        after = record_digest(rows.application_row(by_id[record_id]), ())
        audit.tell(Told.RECORD_CHANGED, record=record_id, after=after)
    return len(inserted)


def _change(
    connection: sa.Connection, changes: list[tuple[int, ApplicationRecord, ApplicationRecord]], audit: SqlAudit
) -> None:
    if not changes:
        return
    as_read = (
        (applications.c.key == sa.bindparam("read_key"))
        & (applications.c.version == sa.bindparam("read_version"))
        & (applications.c.state == RecordState.EXPECTED.value)
    )
    changed = connection.execute(
        sa.update(applications).where(as_read),
        [
            {**rows.application_row(new), "read_key": key, "read_version": old.version}
            for key, old, new in changes
        ],
    )
    if changed.rowcount != len(changes):
        raise RecordChanged
    search.change(connection, changes)
    pictures = attached(connection, [key for key, _, _ in changes])
    for key, old, new in changes:
        before, after = (record_digest(rows.application_row(one), pictures[key]) for one in (old, new))
        audit.tell(Told.RECORD_CHANGED, record=old.id, before=before, after=after)
