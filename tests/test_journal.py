"""The journal of visits, the same on SQLite and PostgreSQL, and what is left of it after a kill."""

import multiprocessing
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from station.errors import RecordChanged, RecordNotFound, StationError, VisitOpenElsewhere
from station.model.record import ApplicationRecord
from station.model.visit import Act, ActKind, Step, Visit
from station.storage.open import OpenStore, open_store
from tests.stored import NOON, act, applicant, expected, picture, visit_of

pytest_plugins = ["tests.postgres"]

KILLS = 50


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def other(store: OpenStore, tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    """A second kiosk on the same store."""
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def record(store: OpenStore) -> ApplicationRecord:
    return expected(store, applicant())[0]


def begin(store: OpenStore, visit: Visit) -> Visit:
    with store.units() as work:
        begun = work.journal.begin(visit, act(ActKind.OPENED))
        work.commit()
        return begun


def write(store: OpenStore, visit: Visit, *acts: Act) -> Visit:
    with store.units() as work:
        for one in acts:
            visit = work.journal.write(visit, one)
        work.commit()
    return visit


def test_a_visit_is_what_its_acts_add_up_to(store: OpenStore, record: ApplicationRecord):
    acts = (
        act(ActKind.ENTERED, step="documents"),
        act(ActKind.MRZ_TYPED, lines=("P<UTO", "L898")),
        act(ActKind.MATCHED, matched=True, reason="same by eye"),
        act(ActKind.ITEM_WAIVED, item="bank", reason="not_brought"),
        act(ActKind.RESUMED, station="kiosk-2"),
    )

    begun = begin(store, visit_of(record, rehearsal=True))
    written = write(store, begun, *acts)

    wanted = replace(
        begun,
        step=Step.DOCUMENTS,
        matched=True,
        match_reason="same by eye",
        mrz_lines=("P<UTO", "L898"),
        waived=(("bank", "not_brought"),),
        station="kiosk-2",
        number=6,
    )
    assert written == wanted
    with store.units() as work:
        assert work.journal.get(begun.id) == wanted
        kinds = [one.kind for one in work.journal.acts(begun.id)]
        assert work.journal.acts(begun.id)[1] == acts[0]
    assert kinds == [ActKind.OPENED, *(one.kind for one in acts)]


def test_a_visit_that_is_not_there_is_named(store: OpenStore, record: ApplicationRecord):
    with store.units() as work:
        with pytest.raises(RecordNotFound):
            work.journal.get("no-visit")
        with pytest.raises(RecordNotFound):
            work.journal.begin(visit_of(replace(record, id="nobody")), act(ActKind.OPENED))
        assert work.journal.acts("no-visit") == ()


def test_an_application_has_one_open_visit(store: OpenStore, other: OpenStore, record: ApplicationRecord):
    first = begin(store, visit_of(record, "kiosk-1"))
    with other.units() as work:
        with pytest.raises(VisitOpenElsewhere) as told:
            work.journal.begin(visit_of(record, "kiosk-2"), act(ActKind.OPENED))
        # The unit goes on: nothing of the refused visit was stored.
        assert work.journal.interrupted("kiosk-2") == ()
    assert told.value.context == {"record": record.id, "station": "kiosk-1"}

    left = write(store, first, act(ActKind.LEFT))
    with pytest.raises(VisitOpenElsewhere):
        begin(other, visit_of(record, "kiosk-2"))

    write(store, left, act(ActKind.SEALED))
    assert begin(other, visit_of(record, "kiosk-2")).open


def test_of_two_kiosks_that_begin_at_once_one_is_told(
    store: OpenStore, other: OpenStore, record: ApplicationRecord
):
    met: list[StationError] = []

    def come_late() -> None:
        try:
            begin(other, visit_of(record, "kiosk-2"))
        except StationError as error:
            met.append(error)

    late = threading.Thread(target=come_late)
    with store.units() as work:
        work.journal.begin(visit_of(record, "kiosk-1"), act(ActKind.OPENED))
        late.start()
        late.join(0.1)
        work.commit()
    late.join()

    assert [(type(error), error.context["station"]) for error in met] == [(VisitOpenElsewhere, "kiosk-1")]


def test_of_two_kiosks_that_write_to_one_visit_the_second_is_told(
    store: OpenStore, other: OpenStore, record: ApplicationRecord
):
    visit = begin(store, visit_of(record))
    write(other, visit, act(ActKind.RESUMED, station="kiosk-2"))

    with pytest.raises(RecordChanged):
        write(store, visit, act(ActKind.SEALED))

    with store.units() as work:
        assert work.journal.get(visit.id).station == "kiosk-2"
        assert len(work.journal.acts(visit.id)) == 2


def test_interrupted_visits_of_a_kiosk_come_latest_first(store: OpenStore):
    people = expected(store, *(applicant(f"V-{n}") for n in range(4)))
    early, late, sealed, moved = (
        begin(store, replace(visit_of(person), opened_at=NOON + timedelta(microseconds=minute)))
        for person, minute in zip(people, (0, 500_000, 900_000, 700_000), strict=True)
    )
    early = write(store, early, act(ActKind.ENTERED, step="portrait"), act(ActKind.LEFT))
    write(store, sealed, act(ActKind.SEALED))
    moved = write(store, moved, act(ActKind.RESUMED, station="kiosk-2"))

    with store.units() as work:
        assert work.journal.interrupted("kiosk-1") == (late, early)
        assert work.journal.interrupted("kiosk-2") == (moved,)


def test_without_a_commit_no_act_is_stored(store: OpenStore, record: ApplicationRecord):
    visit = begin(store, visit_of(record))
    with store.units() as work:
        work.journal.write(visit, act(ActKind.SEALED))

    with store.units() as work:
        assert work.journal.get(visit.id) == visit


# -- a kill at any moment -------------------------------------------------------------------------------------


def write_until_killed(folder: Path, number: str, acknowledge: Connection) -> None:
    """Attach one picture after the other as a station does, and say of each that it is safe."""
    store = open_store(folder)
    store.sweep()
    (record,) = expected(store, applicant(number))
    visit = begin(store, visit_of(record))
    acknowledge.send((record.id, visit.id))
    for page in count():
        data = number.encode() * 2_000 + str(page).encode()
        sha256 = store.pictures.put(data)
        with store.units() as work:
            record = work.records.put(record.attach(picture(f"page-{page}", data)))
            visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=f"page-{page}"))
            work.commit()
        acknowledge.send(sha256)


def killed_writer(folder: Path, number: str, chance: random.Random) -> list[object]:
    """Run a writer, kill it at a random moment, return what it acknowledged."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.test_journal", "alembic.command"])
    ours, theirs = context.Pipe(duplex=False)
    writer = context.Process(target=write_until_killed, args=(folder, number, theirs))
    writer.start()
    theirs.close()
    said: list[object] = []
    try:
        for _ in range(chance.randrange(8)):
            said.append(ours.recv())
        writer.join(chance.random() * 0.02)
    finally:
        writer.kill()
        writer.join()
    try:
        while True:
            said.append(ours.recv())
    except EOFError:
        ours.close()
        writer.close()
        return said


def kill_and_prove(folder: Path, kills: int, seed: int) -> int:
    """Kill so many writers, prove the store after each, and return how many pictures were acknowledged."""
    chance = random.Random(seed)
    acknowledged = 0
    for kill in range(kills):
        said = killed_writer(folder, f"K-{kill}", chance)
        store = open_store(folder)
        store.sweep()
        assert list(store.verify()) == []
        if said:
            (record_id, visit_id), *pictures = said
            with store.units() as work:
                record = work.records.get(record_id)
                acts = work.journal.acts(visit_id)
            stored = [attachment.picture.sha256 for attachment in record.attachments]
            assert stored[: len(pictures)] == pictures
            assert len(acts) == 1 + len(stored)
            assert all(store.pictures.get(name) for name in stored)
            acknowledged += len(pictures)
        store.close()
    return acknowledged


def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path):
    assert kill_and_prove(tmp_path, KILLS, 20250304) > KILLS
