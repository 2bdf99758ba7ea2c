"""Overrides over many records. Fulfils `station.flow.override_ports.Overrides`; on the storage lane only."""

import json
from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.flow.listing import Listing
from station.flow.override_ports import Given, Tally
from station.model.record import AttachmentKind, OverrideNote
from station.model.visit import Visit
from station.storage.encode import decode
from station.storage.journal import replayed
from station.storage.listings import OVERRIDES, listed
from station.storage.rows import Row, time_text, word_of
from station.storage.tables import DECISIVE, acts, applications, attachments, visits


class SqlOverrides:
    """The overrides on one connection, which the unit of work owns."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work on this connection."""
        self._connection = connection

    def listed(self, since: datetime, limit: int = 200) -> tuple[Listing, ...]:
        """Return the records with overrides that are in progress, or were worked on since then, by name."""
        worked_on = visits.c.is_open | applications.c.key.in_(decided(acts.c.at >= time_text(since)))
        return listed(self._connection, worked_on & (OVERRIDES > 0), limit)

    def given(self, first: datetime, until: datetime) -> tuple[Given, ...]:
        """Return the overrides that were given in this time and still stand, in their order.

        Raises:
            StorageDamaged: a row was not written by this program.
        """
        days = decided((acts.c.at >= time_text(first)) & (acts.c.at < time_text(until)))
        stands = attachments.c.application.in_(days) & attachments.c.override.is_not(None)
        found = [_given(row) for row in self._connection.execute(_pictures(stands)).mappings()]
        for visit in replayed(self._connection, visits.c.application.in_(days) & _SOME_SET_ASIDE):
            found += _set_aside(visit)
        mine = [one for one in found if one.note.at is not None and first <= one.note.at < until]
        return tuple(sorted(mine, key=lambda one: (str(one.note.at), one.record_id, one.page)))

    def tallies(self, first: datetime, until: datetime) -> tuple[Tally, ...]:
        """Count the pictures of all records that were worked on in this time, by device and profile.

        Raises:
            StorageDamaged: a row was not written by this program.
        """
        opened = (visits.c.opened_at >= time_text(first)) & (visits.c.opened_at < time_text(until))
        days = decided((acts.c.at >= time_text(first)) & (acts.c.at < time_text(until)))
        worked_on = sa.union(sa.select(visits.c.application).where(opened), days)
        pictures, overridden = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for row in self._connection.execute(_pictures(attachments.c.application.in_(worked_on))).mappings():
            key = _judged(row)
            pictures[key] += 1
            overridden[key] += row["override"] is not None
        for visit in replayed(self._connection, visits.c.application.in_(worked_on) & _SOME_SET_ASIDE):
            gone = [(left.device, left.profile) for left in visit.set_aside]
            pictures.update(gone)
            overridden.update(gone)
        return tuple(Tally(*key, pictures[key], overridden[key]) for key in sorted(pictures))


_SOME_SET_ASIDE = visits.c.set_aside > sa.text("0")


def decided(when: sa.ColumnElement[bool]) -> sa.Select[int]:
    """Ask for the applications of the acts that kept, set aside or sealed something at that time."""
    return sa.select(visits.c.application).join_from(acts, visits).where(DECISIVE, when)


def _pictures(which: sa.ColumnElement[bool]) -> sa.Select[*tuple[object, ...]]:
    column = attachments.c
    return (
        sa.select(
            applications.c.id.label("record"), column.id, column.kind, column.item, column.page,
            column.provenance, column.report, column.override,
        )
        .join_from(attachments, applications)
        .where(which)
        .order_by(applications.c.id, column.position)
    )  # fmt: skip


def _given(row: Row) -> Given:
    what = f"attachment {row['id']}"
    device, profile = _judged(row)
    note = decode(OverrideNote, row["override"], what)
    picture = word_of(AttachmentKind, row["kind"], what)
    return Given(row["record"], picture, row["item"], row["page"], profile, device, note)


def _set_aside(visit: Visit) -> list[Given]:
    return [
        Given(
            visit.record_id, left.picture, left.item, left.page, left.profile, left.device, left.note,
            on_record=False,
        )
        for left in visit.set_aside
    ]  # fmt: skip


def _judged(row: Row) -> tuple[str, str]:
    """Return device and profile of a picture, without the cost of its whole report."""
    try:
        device = json.loads(row["provenance"])["device_name"]
        profile = "" if row["report"] is None else json.loads(row["report"])["profile"]
    except (ValueError, TypeError, KeyError):
        raise StorageDamaged(what=f"attachment {row['id']}") from None
    return str(device), str(profile)
