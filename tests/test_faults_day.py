"""A day of visits in fast time: officers change, visits are put down and taken up, hours pass on the clock."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from station.flow.events import Event
from station.model.record import RecordState
from station.model.visit import Step
from station.storage.open import open_store
from station.storage.tables import acts, audit_anchors
from tests.faults import (
    MarkedDriver,
    Shown,
    all_records,
    go_through,
    nothing_lost,
    nothing_mixed,
    put_down,
    said,
)
from tests.peopled import ODA, ROSA, Clock, employ, peopled
from tests.visits import applicants

VISITS = 10

SHIFT = 5
"""Visits that an officer does before another one takes over."""

EACH = timedelta(minutes=4)
PICTURES = 5
"""Letter, passport, portrait and two sheets."""


def work_a_day(folder: Path, visits: int) -> int:
    """Work through so many applicants, prove that all is there, and return how many pictures were taken."""
    people, driver, clock = applicants(visits), MarkedDriver(), Clock()
    told: list[Shown] = []

    def ear(event: Event) -> None:
        if (one := said(event)) is not None:
            told.append(one)

    employ(folder, ROSA, ODA)
    facts = {"records": people, "drivers": (driver,), "scan_dpi": 75, "ear": ear, "clock": clock}
    with peopled(folder, **facts) as desk:
        at = desk.kiosk
        for number, person in enumerate(people):
            if number % SHIFT == 0:
                if number:
                    desk.sign_out()
                desk.sign_in((ROSA, ODA)[number // SHIFT % 2])
            if number % 3 == 0:  # somebody has to fetch a paper, and another one is served meanwhile
                go_through(at, driver, person, until=Step.DOCUMENTS)
                put_down(at)
            if number % 3 == 1:
                go_through(at, driver, people[number - 1])
            if number % 3 or number == visits - 1:
                go_through(at, driver, person)
            clock.now += EACH
        desk.sign_out()
    with closing(open_store(folder)) as store:
        assert list(store.verify()) == []
        nothing_lost(store, told)
        records = all_records(store)
        assert {record.state for record in records} == {RecordState.SEALED}
        assert {len(record.attachments) for record in records} == {PICTURES}
        with store.engine.connect() as connection:
            officers = set(connection.execute(sa.select(acts.c.officer)).scalars())
            anchored = connection.execute(sa.select(sa.func.count()).select_from(audit_anchors)).scalar_one()
        assert officers == {ROSA, ODA}
        assert anchored > visits // SHIFT
        return nothing_mixed(store, records)


def test_a_day_of_visits_loses_nothing_and_mixes_nobody(tmp_path: Path) -> None:
    assert work_a_day(tmp_path, VISITS) == VISITS * PICTURES
