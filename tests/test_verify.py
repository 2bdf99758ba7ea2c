"""`verify` finds each kind of damage and names it; `sweep` clears up what a power cut leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.errors import StorageDamaged, StorageMissing
from station.model.visit import ActKind, Visit
from station.storage.open import OpenStore, open_store
from station.storage.picture_store import Swept
from station.storage.verify import Problem, ProblemKind
from tests.stored import act, applicant, expected, picture, visit_of

pytest_plugins = ["tests.postgres"]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def visit(store: OpenStore) -> Visit:
    """A visit with two pictures: of the bytes "first" and "second"."""
    (record,) = expected(store, applicant())
    with store.units() as work:
        visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
        for data in (b"first", b"second"):
            store.pictures.put(data)
            record = work.records.put(record.attach(picture(data.decode(), data)))
            visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=data.decode()))
        work.commit()
    return visit


def sql(store: OpenStore, statement: str) -> None:
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount == 1


def test_a_sound_store_has_no_problem(store: OpenStore, visit: Visit):
    assert list(store.verify()) == []
    assert store.sweep() == Swept()


def test_changed_missing_and_extra_pictures_are_named(store: OpenStore, visit: Visit):
    first, second, extra = (store.pictures.put(data) for data in (b"first", b"second", b"third"))
    store.pictures.path(first).write_bytes(b"First")
    store.pictures.path(second).unlink()

    assert set(store.verify()) == {
        Problem(ProblemKind.PICTURE_CHANGED, first),
        Problem(ProblemKind.PICTURE_MISSING, second),
        Problem(ProblemKind.PICTURE_EXTRA, extra),
    }


def test_a_sweep_keeps_what_records_hold(store: OpenStore, visit: Visit):
    extra = store.pictures.put(b"third")

    assert store.sweep() == Swept(quarantined=(extra,))
    assert list(store.verify()) == []


def test_a_sweep_waits_until_the_other_kiosk_is_gone(
    store: OpenStore, visit: Visit, tmp_path: Path, database_url: str | None
):
    other = open_store(tmp_path, database_url)
    extra = other.pictures.put(b"not yet attached")

    assert store.sweep() == Swept()
    other.close()
    assert store.sweep() == Swept(quarantined=(extra,))


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("DELETE FROM acts WHERE number = 1", "act 1 of visit {}"),
        ("DELETE FROM acts WHERE number = 2", "visit {}"),
        ("UPDATE acts SET kind = 'danced' WHERE number = 1", "act 1 of visit {}"),
        ("UPDATE acts SET kind = 'entered', facts = '{}' WHERE number = 1", "act 1 of visit {}"),
        ("UPDATE acts SET facts = '[]' WHERE number = 1", "facts of act 1 of visit {}"),
        ("UPDATE visits SET is_open = (1 = 0)", "visit {}"),
    ],
)
def test_a_visit_that_does_not_replay_is_named(store: OpenStore, visit: Visit, damage: str, what: str):
    sql(store, damage)

    assert list(store.verify()) == [Problem(ProblemKind.VISIT_DAMAGED, what.replace("{}", visit.id))]


def test_a_row_that_cannot_be_read_is_named(store: OpenStore, visit: Visit):
    sql(store, "UPDATE attachments SET report = '{' WHERE id = 'first'")
    sql(store, "UPDATE attachments SET kind = 'drawing' WHERE id = 'second'")
    sql(store, "UPDATE applications SET birth_date = 'May'")

    assert set(store.verify()) == {
        Problem(ProblemKind.ROW_DAMAGED, "QualityReport of attachment first"),
        Problem(ProblemKind.ROW_DAMAGED, "attachment second"),
        Problem(ProblemKind.ROW_DAMAGED, f"application {visit.record_id}"),
    }
    with store.units() as work, pytest.raises(StorageDamaged):
        work.records.get(visit.record_id)


def test_a_visit_whose_acts_are_gone_is_not_given_out(store: OpenStore, visit: Visit):
    sql(store, "DELETE FROM acts WHERE number = 1")

    with store.units() as work, pytest.raises(StorageDamaged):
        work.journal.get(visit.id)


def test_pictures_without_their_database_are_not_taken_for_orphans(tmp_path: Path):
    store = open_store(tmp_path)
    store.pictures.put(b"first")
    store.close()
    (tmp_path / "station.sqlite3").unlink()

    with pytest.raises(StorageMissing) as told:
        open_store(tmp_path)
    assert told.value.context == {"what": "database", "detail": "pictures_without_database"}
