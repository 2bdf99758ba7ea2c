"""Proves that records and acts are as the audit tells them: nothing changed, added or removed beside it.

The changes of a record hang together by their digests: the first `before` is nothing (or what was there before
this store kept an audit), the last `after` is the record as it stands. An act has one entry with its digest.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from station.model.audit import Told
from station.model.visit import ActKind
from station.storage.audit_digests import AT_ONCE, Placed, act_digest, attached, record_digest
from station.storage.rows import Row
from station.storage.tables import acts, applications, audit, audit_began, visits

_ACTS = tuple(kind.value for kind in ActKind)


@dataclass(frozen=True, slots=True)
class Untold:
    """An `application` or `visit` that is not as the audit tells it, or one that is `older` than the audit."""

    kind: str
    id: str
    older: bool = False


@dataclass(frozen=True, slots=True)
class Began:
    """When the audit began, and the highest key of an application that was there before."""

    at: str
    applications: int


Look = Callable[[sa.Connection, Began, Sequence[Any]], Mapping[Any, Untold]]
"""Looks at some rows by their keys; returns those that are not as told."""


def began_of(connection: sa.Connection) -> Began:
    """Return the mark of the migration; without it everything needs an entry."""
    row = connection.execute(sa.select(audit_began.c.at, audit_began.c.applications)).first()
    return Began("", 0) if row is None else Began(row.at, row.applications)


def untold(connection: sa.Connection, known: Collection[str]) -> Iterator[Untold]:
    """Yield the records and visits that are not as told, but those whose ids are `known` to be damaged."""
    began = began_of(connection)
    looks: tuple[tuple[sa.Column[Any], Look], ...] = (
        (applications.c.key, _records), (visits.c.id, _visits),
    )  # fmt: skip
    for key, look in looks:
        for names in _pages(connection, key):
            found = look(connection, began, names)
            yield from (one for one in found.values() if one.older)
            # Asked again: another station may have changed one while this one read it.
            wrong = [name for name, one in found.items() if not one.older and one.id not in known]
            yield from look(connection, began, wrong).values() if wrong else ()
    yield from (one for one in _gone(connection) if one.id not in known)


def _pages(connection: sa.Connection, key: sa.Column[Any]) -> Iterator[list[Any]]:
    """Yield the keys of a table, some at a time."""
    query = sa.select(key).order_by(key).limit(AT_ONCE)
    page = list(connection.execute(query).scalars())
    while page:
        yield page
        page = list(connection.execute(query.where(key > page[-1])).scalars())


def _records(connection: sa.Connection, began: Began, keys: Sequence[int]) -> dict[int, Untold]:
    """Return those of the applications with these keys that are not as told."""
    pictures = attached(connection, keys)
    found = connection.execute(sa.select(applications).where(applications.c.key.in_(keys))).mappings().all()
    ends = _ends(connection, audit.c.record.in_([row["id"] for row in found]))
    wrong = {}
    for row in found:
        older, told = row["key"] <= began.applications, ends.get(row["id"])
        if told is None:
            wrong[row["key"]] = Untold("application", row["id"], older)
        elif len(told) != 2 or _digest(row, pictures[row["key"]]) not in told or not (older or "" in told):
            wrong[row["key"]] = Untold("application", row["id"])
    return wrong


def _digest(row: Row, pictures: Iterable[Placed]) -> str | None:
    try:
        return record_digest(row, pictures)
    except TypeError:
        return None


def _ends(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Mapping[str, set[str]]:
    """Return, of each record, the digests that stand at an end: where it came from, and as it stands."""
    ends: dict[str, set[str]] = defaultdict(set)
    query = sa.select(audit.c.record, audit.c.before, audit.c.after)
    for record, before, after in connection.execute(query.where(which, audit.c.act == Told.RECORD_CHANGED)):
        ends[record] ^= {before}
        ends[record] ^= {after}
    return ends


def _visits(connection: sa.Connection, began: Began, ids: Sequence[str]) -> dict[str, Untold]:
    """Return those of the visits with these ids that are not as told."""
    told: dict[str, set[str]] = defaultdict(set)
    for visit, after in connection.execute(
        sa.select(audit.c.visit, audit.c.after).where(audit.c.visit.in_(ids), audit.c.act.in_(_ACTS))
    ):
        told[visit].add(after)
    query = (
        sa.select(acts, visits.c.application).join_from(acts, visits).where(acts.c.visit.in_(ids))
    )  # fmt: skip
    wrong: dict[str, Untold] = {}
    done: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(query).mappings():
        name, digest = row["visit"], act_digest(row)
        done[name].add(digest)
        if digest not in told[name]:
            older = row["application"] <= began.applications and row["at"] < began.at
            known = wrong.get(name)
            wrong[name] = Untold("visit", name, older and (known is None or known.older))
    for name in ids:
        if told[name] - done[name]:
            wrong[name] = Untold("visit", name)
    return wrong


def _gone(connection: sa.Connection) -> Iterator[Untold]:
    """Yield what was told and is not there, unless its deletion was told too."""
    there = sa.exists().where(applications.c.id == audit.c.record)
    for record, ends in _ends(connection, ~there).items():
        if ends:
            yield Untold("application", record)
    held = sa.exists().where(visits.c.id == audit.c.visit)
    gone = sa.select(audit.c.visit).distinct().where(audit.c.act.in_(_ACTS), audit.c.visit != "", ~held, there)
    for visit in connection.execute(gone.order_by(audit.c.visit)).scalars():
        yield Untold("visit", visit)
