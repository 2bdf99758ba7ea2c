"""Visits that the audit told, and somebody who has the database in hand."""

from uuid import uuid4

import sqlalchemy as sa

from station.model.record import ApplicationRecord
from station.model.visit import ActKind, Visit
from station.storage.migrations.versions.v0006_audit import APPEND_ONLY
from station.storage.open import OpenStore
from station.storage.tables import audit
from tests.stored import act, applicant, expected, picture, visit_of


def worked(store: OpenStore, number: str = "GV-2025-0001") -> tuple[ApplicationRecord, Visit]:
    """Do a visit with two pictures."""
    (record,) = expected(store, applicant(number))
    with store.units() as work:
        visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
        work.commit()
    for name in ("first", "second"):
        data = f"{number} {name}".encode()
        store.pictures.put(data)
        with store.units() as work:
            record = work.records.put(record.attach(picture(f"{number}-{name}", data)))
            visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=name, who="Ilse Vandermeer"))
            work.commit()
    return record, visit


def acted(store: OpenStore, count: int, visit: Visit) -> Visit:
    with store.units() as work:
        for _ in range(count):
            visit = work.journal.write(visit, act(why=uuid4().hex))
        work.commit()
    return visit


def entries(store: OpenStore) -> list[sa.RowMapping]:
    with store.engine.connect() as connection:
        return list(connection.execute(sa.select(audit).order_by(audit.c.station, audit.c.number)).mappings())


def attack(store: OpenStore, *statements: str) -> None:
    """Do what somebody with the database in hand does: take the fence down, change, put it up again."""
    sqlite = store.engine.dialect.name == "sqlite"
    with store.engine.begin() as connection:
        if sqlite:
            fences = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            down, up = [f"DROP TRIGGER {name}" for name, _ in fences], [text for _, text in fences]
        else:
            down = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in APPEND_ONLY]
            up = [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in APPEND_ONLY]
        for statement in (*down, *statements, *up):
            connection.exec_driver_sql(statement)


def problems(store: OpenStore) -> set[tuple[str, str]]:
    return {(problem.kind.value, problem.what) for problem in store.verify()}
