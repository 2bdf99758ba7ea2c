"""Proves the store: every picture by its name, every row by reading it, every visit by replay.

Every calibration, leave and release is proved by its signature, every picture's manifest too; the audit by its
chains, and the records and acts by the audit.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.storage import audit_proof, audit_told, calibration_proof, empty_glass_rows, manifests, rows
from station.storage.audit_file import AnchorFile
from station.storage.journal import REPLAYED, replay, standing
from station.storage.picture_store import FolderPictureStore
from station.storage.signing import Signer
from station.storage.station_keys import StationKeys
from station.storage.tables import acts, applications, attachments, calibration_pictures, devices, visits


class ProblemKind(StrEnum):
    """What can be wrong with a store."""

    DATABASE_DAMAGED = "database_damaged"
    PICTURE_CHANGED = "picture_changed"
    PICTURE_MISSING = "picture_missing"
    PICTURE_EXTRA = "picture_extra"
    ROW_DAMAGED = "row_damaged"
    VISIT_DAMAGED = "visit_damaged"
    STATION_KEY_DAMAGED = "station_key_damaged"
    CALIBRATION_DAMAGED = "calibration_damaged"
    CALIBRATION_MISSING = "calibration_missing"
    CLEARANCE_DAMAGED = "clearance_damaged"
    CLEARANCE_MISSING = "clearance_missing"
    MANIFEST_DAMAGED = "manifest_damaged"
    MANIFEST_MISSING = "manifest_missing"
    AUDIT_CHANGED = "audit_changed"
    AUDIT_MISSING = "audit_missing"
    AUDIT_TRUNCATED = "audit_truncated"
    AUDIT_ROLLED_BACK = "audit_rolled_back"
    NOT_AS_AUDITED = "not_as_audited"
    OLDER_THAN_AUDIT = "older_than_audit"
    """No damage: this store has rows from before it kept an audit, which nothing vouches for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written; `what` names a picture, a row or a visit."""

    kind: ProblemKind
    what: str


def known_pictures(connection: sa.Connection) -> set[str]:
    """Return the names of all pictures that records and calibrations hold, and of empty glasses."""
    held = sa.union(
        sa.select(attachments.c.sha256),
        sa.select(calibration_pictures.c.sha256),
        sa.select(devices.c.glass_sha256).where(devices.c.glass_sha256.is_not(None)),
    )
    return set(connection.execute(held).scalars())


def verify(
    connection: sa.Connection,
    pictures: FolderPictureStore,
    signer: Signer,
    anchors: Sequence[AnchorFile] = (),
) -> Iterator[Problem]:
    """Yield what is wrong, nothing when all is well. Reads every byte: minutes for a large store."""
    yield from _database(connection)
    yield from _pictures(connection, pictures)
    damaged = set[str]()
    for problem in chain(_rows(connection), _visits(connection)):
        damaged.add(problem.what.rpartition(" ")[2])
        yield problem
    keys = StationKeys(connection, signer)
    try:
        keys.prove_own()
    except StorageDamaged as damage:
        yield Problem(ProblemKind.STATION_KEY_DAMAGED, str(damage.context["what"]))
        # Without the own key the registered ones still tell whether a row was changed.
        keys = StationKeys(connection, signer, lost=True)
    yield from _calibrations(connection, keys)
    for fault, what in audit_proof.prove(connection, keys, anchors):
        yield Problem(ProblemKind(fault.value), what)
    # What is damaged was told already, and is of course not as it was signed.
    yield from _audited(connection, keys, damaged)


def _database(connection: sa.Connection) -> Iterator[Problem]:
    if connection.dialect.name != "sqlite":
        return
    for check in ("integrity_check", "foreign_key_check"):
        for line in connection.exec_driver_sql(f"PRAGMA {check}"):
            if line[0] != "ok":
                yield Problem(ProblemKind.DATABASE_DAMAGED, check)
                break


def _pictures(connection: sa.Connection, pictures: FolderPictureStore) -> Iterator[Problem]:
    known = known_pictures(connection)
    missing, extra = set(known), set[str]()
    for path in pictures.stored():
        missing.discard(path.name)
        if path.name not in known:
            extra.add(path.name)
        elif not pictures.proves(path):
            yield Problem(ProblemKind.PICTURE_CHANGED, path.name)
    # Asked again: another station may have attached pictures while this one read them.
    for name in sorted(extra - known_pictures(connection)):
        yield Problem(ProblemKind.PICTURE_EXTRA, name)
    for name in sorted(missing & known_pictures(connection)):
        yield Problem(ProblemKind.PICTURE_MISSING, name)


def _rows(connection: sa.Connection) -> Iterator[Problem]:
    readers: tuple[tuple[sa.Table, Callable[[rows.Row], object]], ...] = (
        (applications, rows.record_of),
        (attachments, rows.attachment_of),
        (devices, empty_glass_rows.glass_of),
    )
    for table, read in readers:
        with connection.execute(sa.select(table), execution_options={"yield_per": 500}) as found:
            for row in found.mappings():
                try:
                    read(row)
                except StorageDamaged as damage:
                    yield Problem(ProblemKind.ROW_DAMAGED, str(damage.context["what"]))


def _visits(connection: sa.Connection) -> Iterator[Problem]:
    stored = (visits.c.is_open, visits.c.station, visits.c.step, visits.c.set_aside)
    query = (
        sa.select(*REPLAYED, *stored, visits.c.number.label("acts"))
        .join_from(visits, applications)
        .outerjoin(acts)
        .order_by(visits.c.id, acts.c.number)
    )
    with connection.execute(query, execution_options={"yield_per": 500}) as found:
        for visit_id, lines in groupby(found.mappings(), key=lambda row: str(row["visit"])):
            problem = _visit(visit_id, list(lines))
            if problem:
                yield problem


def _visit(visit_id: str, lines: list[sa.RowMapping]) -> Problem | None:
    try:
        visit = replay(lines)
    except StorageDamaged as damage:
        return Problem(ProblemKind.VISIT_DAMAGED, str(damage.context["what"]))
    row = lines[0]
    stored = {name: row[name] for name in ("is_open", "station", "step", "set_aside")} | {"number": row["acts"]}
    return None if stored == standing(visit) else Problem(ProblemKind.VISIT_DAMAGED, f"visit {visit_id}")


def _calibrations(connection: sa.Connection, keys: StationKeys) -> Iterator[Problem]:
    for kind, found in (
        (ProblemKind.CALIBRATION_DAMAGED, calibration_proof.damaged_calibrations(connection, keys)),
        (ProblemKind.CALIBRATION_MISSING, calibration_proof.missing_calibrations(connection)),
        (ProblemKind.CLEARANCE_DAMAGED, calibration_proof.damaged_clearances(connection, keys)),
        (ProblemKind.CLEARANCE_MISSING, calibration_proof.missing_clearances(connection)),
    ):
        for what in found:
            yield Problem(kind, what)


def _audited(connection: sa.Connection, keys: StationKeys, damaged: set[str]) -> Iterator[Problem]:
    """Yield what is not as the audit and the manifests tell it; at last how much is older than both."""
    older: Counter[str] = Counter()
    for one in audit_told.untold(connection, damaged):
        if one.older:
            older[f"{one.kind}s"] += 1
        else:
            yield Problem(ProblemKind.NOT_AS_AUDITED, f"{one.kind} {one.id}")
    for picture in manifests.unproved(connection, keys):
        if picture.older:
            older["pictures"] += 1
        elif picture.attachment not in damaged:
            kind = ProblemKind.MANIFEST_MISSING if picture.missing else ProblemKind.MANIFEST_DAMAGED
            yield Problem(kind, f"attachment {picture.attachment}")
    for what, count in sorted(older.items()):
        yield Problem(ProblemKind.OLDER_THAN_AUDIT, f"{count} {what}")
