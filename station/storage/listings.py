"""Applications as lines of a list: what tells people apart, the open visit, and how many overrides."""

from typing import Any

import sqlalchemy as sa

from station.flow.listing import Listing
from station.model.record import ApplicationRecord, RecordState
from station.model.visit import Step
from station.storage.rows import word_of
from station.storage.tables import applications, attachments, visits

_every = visits.alias("every_visit")

OVERRIDES: sa.ColumnElement[int] = (
    sa.select(sa.func.count())
    .where(attachments.c.application == applications.c.key, attachments.c.override.is_not(None))
    .scalar_subquery()
) + sa.func.coalesce(
    sa.select(sa.func.sum(_every.c.set_aside))
    .where(_every.c.application == applications.c.key, _every.c.set_aside > sa.text("0"))
    .scalar_subquery(),
    0,
)
"""How many overrides an application has; partial indices know it, no attachment is read."""

_OPEN_VISIT = (visits.c.application == applications.c.key) & visits.c.is_open

_LISTED = (
    applications.c.id,
    applications.c.application_number,
    applications.c.letter_number,
    applications.c.surname,
    applications.c.given_names,
    applications.c.birth_date,
    applications.c.document_number,
    applications.c.category,
    applications.c.state,
    visits.c.id,
    visits.c.step,
    visits.c.station,
    OVERRIDES,
)


def listed(connection: sa.Connection, which: sa.ColumnElement[bool], limit: int) -> tuple[Listing, ...]:
    """Return the applications by name, each with its open visit; `which` may speak of that visit too.

    Raises:
        StorageDamaged: a row was not written by this program.
    """
    found = connection.execute(
        sa.select(*_LISTED)
        .outerjoin_from(applications, visits, _OPEN_VISIT)
        .where(which)
        .order_by(applications.c.sort_name, applications.c.key)
        .limit(limit)
    )
    return tuple(_listing(tuple(row)) for row in found)


def _listing(row: tuple[Any, ...]) -> Listing:
    record_id, number, letter, surname, given, birth, document, category, state, *of_visit, overrides = row
    visit_id, step, station = of_visit
    return Listing(
        record_id=record_id,
        application_number=number,
        letter_number=letter,
        name=ApplicationRecord("", "", surname=surname, given_names=given).name,
        birth_date=birth or "",
        document_number=document or "",
        category=category,
        state=word_of(RecordState, state, f"application {record_id}"),
        visit_id=visit_id or "",
        visit_step=word_of(Step, step, f"visit {visit_id}") if step else None,
        visit_station=station or "",
        overrides=overrides,
    )
