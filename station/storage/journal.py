"""The acts of the visits. Fulfils `station.flow.ports.Journal`; used on the storage lane only."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import sqlalchemy as sa

from station.errors import RecordChanged, RecordNotFound, StorageDamaged, VisitOpenElsewhere
from station.model.overrides import told
from station.model.record import Override
from station.model.visit import Act, Visit
from station.storage import rows
from station.storage.audit import SqlAudit
from station.storage.audit_digests import act_digest
from station.storage.conflict import insert_new
from station.storage.encode import decode_facts, encode_facts
from station.storage.tables import acts, applications, visits


class SqlJournal:
    """The journal on one connection; nothing is durable before its unit of work commits."""

    def __init__(self, connection: sa.Connection, audit: SqlAudit) -> None:
        """Work on a connection that the unit of work owns; `audit` is told of every act."""
        self._connection = connection
        self._audit = audit

    def begin(self, visit: Visit, act: Act) -> Visit:
        """Store a new visit and its first act.

        Raises:
            VisitOpenElsewhere: the application has an open visit.
            RecordNotFound: there is no such application.
        """
        after = visit.after(_as_stored(act, visit.id))
        key = self._connection.execute(
            sa.select(applications.c.key).where(applications.c.id == visit.record_id)
        ).scalar_one_or_none()
        if key is None:
            raise RecordNotFound(record=visit.record_id)
        row = {
            "id": visit.id,
            "application": key,
            "opened_station": visit.station,
            "opened_at": rows.time_text(visit.opened_at),
            "rehearsal": visit.rehearsal,
            **standing(after),
        }
        if not insert_new(self._connection, [row], [visits.c.id]):
            raise VisitOpenElsewhere(record=visit.record_id, station=self._holder(key))
        self._insert(visit, act)
        return after

    def write(self, visit: Visit, act: Act) -> Visit:
        """Store the next act; returns the visit after it.

        Raises:
            RecordChanged: another kiosk wrote to this visit since it was read.
        """
        after = visit.after(_as_stored(act, visit.id))
        as_read = (visits.c.id == visit.id) & (visits.c.number == visit.number)
        if self._connection.execute(sa.update(visits).where(as_read).values(standing(after))).rowcount != 1:
            raise RecordChanged(record=visit.record_id, visit=visit.id)
        self._insert(visit, act)
        return after

    def get(self, visit_id: str) -> Visit:
        """Return the visit that its acts add up to.

        Raises:
            RecordNotFound: there is none.
        """
        for visit in replayed(self._connection, visits.c.id == visit_id):
            return visit
        raise RecordNotFound(visit=visit_id)

    def acts(self, visit_id: str) -> tuple[Act, ...]:
        """Return all acts in their order."""
        found = self._connection.execute(
            sa.select(acts).where(acts.c.visit == visit_id).order_by(acts.c.number)
        )
        return tuple(rows.act_of(row) for row in found.mappings())

    def interrupted(self, station: str) -> tuple[Visit, ...]:
        """Return the open visits of this station, the latest first."""
        return tuple(replayed(self._connection, visits.c.is_open & (visits.c.station == station)))

    def _insert(self, visit: Visit, act: Act) -> None:
        row = rows.act_row(visit.id, visit.number, act)
        self._connection.execute(sa.insert(acts), row)
        words = [act.kind.value]
        if "override" in act.facts:  # an entry of its own, with its kind and code
            words.append(told(Override(str(act.facts["override"])), str(act.facts["reason"])))
        for word in words:
            self._audit.tell(
                word, officer=str(act.facts.get("account", act.officer)), at=act.at, record=visit.record_id,
                visit=visit.id, after=act_digest(row),
            )  # fmt: skip

    def _holder(self, application: int) -> str:
        standing = visits.c.is_open & (visits.c.application == application)
        return self._connection.execute(sa.select(visits.c.station).where(standing)).scalar() or ""


REPLAYED = (
    visits.c.id.label("visit"),
    applications.c.id.label("record_id"),
    visits.c.opened_station,
    visits.c.opened_at,
    visits.c.rehearsal,
    acts.c.number,
    acts.c.kind,
    acts.c.at,
    acts.c.officer,
    acts.c.facts,
)
"""What `replay` reads of a visit, its application and its acts."""


def replayed(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Iterator[Visit]:
    """Yield the visits that their acts add up to, the latest first; StorageDamaged as by `replay`."""
    # One statement, so that no other kiosk's act falls between the visit and its acts.
    found = connection.execute(
        sa.select(*REPLAYED)
        .join_from(visits, applications)
        .join(acts)
        .where(which)
        .order_by(visits.c.opened_at.desc(), visits.c.id, acts.c.number)
    )
    for _, lines in groupby(found.mappings(), key=lambda row: row["visit"]):
        yield replay(lines)


def replay(lines: Iterable[rows.Row]) -> Visit:
    """Return what the acts of one visit add up to; `lines` are rows of `REPLAYED` in the order of the acts.

    Raises:
        StorageDamaged: an act is missing or cannot be understood.
    """
    visit: Visit | None = None
    for row in lines:
        what = f"visit {row['visit']}"
        visit = visit or Visit(
            id=row["visit"],
            record_id=row["record_id"],
            station=row["opened_station"],
            opened_at=rows.time_of(row["opened_at"], what),
            rehearsal=row["rehearsal"],
        )
        if row["number"] != visit.number:
            raise StorageDamaged(what=f"act {visit.number} of {what}")
        try:
            visit = visit.after(rows.act_of(row))
        except (KeyError, ValueError):
            raise StorageDamaged(what=f"act {row['number']} of {what}") from None
    if visit is None:
        raise StorageDamaged(what="visit without acts")
    return visit


def _as_stored(act: Act, visit_id: str) -> Act:
    """Return the act as it will be read again, so that the visit now and after a power cut are the same."""
    return replace(act, facts=decode_facts(encode_facts(act.facts), visit_id))


def standing(visit: Visit) -> dict[str, object]:
    """Return the columns of `visits` that repeat what the acts add up to."""
    return {
        "is_open": visit.open,
        "station": visit.station,
        "step": visit.step.value,
        "number": visit.number,
        "set_aside": len(visit.set_aside),
    }
