"""Full, locked, missing, damaged, too new: each has its name, and what was stored before stays."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from station.errors import (
    SettingsError,
    StationError,
    StorageDamaged,
    StorageFull,
    StorageLocked,
    StorageMissing,
    StorageTooNew,
)
from station.model.record import ApplicationRecord
from station.model.visit import ActKind, Visit
from station.storage import schema, trouble
from station.storage.open import OpenStore, open_store
from station.storage.tables import metadata
from tests.postgres import Server
from tests.stored import act, applicant, expected, picture, visit_of

pytest_plugins = ["tests.postgres"]

only_on_postgresql = pytest.mark.parametrize(
    "database_server", [pytest.param("postgresql", marks=pytest.mark.system("postgresql"))], indirect=True
)


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


def begun(store: OpenStore, record: ApplicationRecord) -> Visit:
    with store.units() as work:
        visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
        work.commit()
        return visit


def sql(store: OpenStore, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


# -- full -----------------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_every_act_that_was_acknowledged(tmp_path: Path):
    store = open_store(tmp_path)
    visit = begun(store, expected(store, applicant())[0])
    limit_pages(store, spare=3)

    with pytest.raises(StorageFull) as told:
        for _ in count():
            with store.units() as work:
                written = work.journal.write(visit, act(ActKind.LEFT, why="x" * 500))
                work.commit()
            visit = written

    assert told.value.context == {"what": "database", "detail": "SQLITE_FULL"}
    limit_pages(store, spare=1_000)
    with store.units() as work:
        assert work.journal.get(visit.id) == visit
    assert visit.number > 1
    assert list(store.verify()) == []
    store.close()


def limit_pages(store: OpenStore, spare: int) -> None:
    """Leave room for so many pages more: the pool hands out its one connection again."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + spare}")


def test_a_unit_that_met_trouble_cannot_be_committed_in_part(tmp_path: Path):
    store = open_store(tmp_path)
    record, other = expected(store, applicant(), applicant("GV-2"))
    limit_pages(store, spare=0)

    with store.units() as work:
        work.records.put(replace(other, sex="F"))
        with pytest.raises(StorageFull):
            work.records.put(record.attach(picture("large", item="x" * 100_000)))
        with pytest.raises(StorageFull):
            work.commit()

    with store.units() as work:
        assert work.records.get(other.id) == other
        work.records.put(replace(other, sex="M"))
        work.commit()
    store.close()


# -- locked ---------------------------------------------------------------------------------------------------


def test_another_program_that_holds_the_record_is_named(
    tmp_path: Path, database_url: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("station.storage.open._LOCK_MS", 50)
    store = open_store(tmp_path, database_url)
    other = open_store(tmp_path, database_url)
    (record,) = expected(store, applicant())
    with other.units() as holder:
        holder.records.put(replace(record, sex="F"))
        with store.units() as work, pytest.raises(StorageLocked):
            work.records.put(replace(record, sex="M"))
    # The holder went without a commit: the other's turn.
    with store.units() as work:
        work.records.put(replace(record, sex="M"))
        work.commit()
    store.close()
    other.close()


# -- missing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://station@/station?host=/nowhere",
        "postgresql://station:secret@127.0.0.1:1/station",
        "sqlite:////nowhere/station.sqlite3",
    ],
)
def test_a_database_that_does_not_answer_is_missing(tmp_path: Path, address: str):
    with pytest.raises(StorageMissing) as told:
        open_store(tmp_path, address)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("address", ["", "station.sqlite3", "mysql://station:secret@server/station"])
def test_an_address_that_is_none_is_a_matter_of_settings(tmp_path: Path, address: str):
    with pytest.raises(SettingsError) as told:
        open_store(tmp_path, address)
    assert told.value.context["key"] == "database_url"
    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_folder_that_cannot_be_made_is_missing(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageMissing):
        open_store(tmp_path / "file")


@only_on_postgresql
def test_a_server_that_drops_us_is_missing_and_then_there_again(store: OpenStore, database_server: Server):
    (record,) = expected(store, applicant())
    with store.units() as work:
        work.records.get(record.id)
        database_server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'visa-station'"
        )
        with pytest.raises(StorageMissing):
            work.records.get(record.id)
    with store.units() as work:
        assert work.records.get(record.id) == record


# -- damaged --------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path):
    (tmp_path / "station.sqlite3").write_bytes(b"This is no database. " * 100)
    with pytest.raises(StorageDamaged) as told:
        open_store(tmp_path)
    assert told.value.context == {"what": "database", "detail": "SQLITE_NOTADB"}


def test_a_database_with_overwritten_pages_is_damaged(tmp_path: Path):
    store = open_store(tmp_path)
    (record,) = expected(store, applicant())
    with store.engine.connect() as connection:
        page = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'applications'"
        ).scalar_one()
    store.close()
    with (tmp_path / "station.sqlite3").open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"\xa5" * 4096)

    store = open_store(tmp_path)
    with store.units() as work, pytest.raises(StorageDamaged):
        work.records.get(record.id)
    store.close()


def test_a_store_of_a_newer_program_is_left_alone(store: OpenStore, tmp_path: Path, database_url: str | None):
    sql(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageTooNew) as told:
        open_store(tmp_path, database_url)
    assert told.value.context == {"revision": "9999"}


# -- what databases report ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53100", StorageFull),
        ("55P03", StorageLocked),
        ("40P01", StorageLocked),
        ("57P01", StorageMissing),
        ("57014", StorageLocked),
        ("XX001", StorageDamaged),
    ],
)
@only_on_postgresql
def test_what_the_server_reports_has_a_name(store: OpenStore, state: str, kind: type[StationError]):
    (record,) = expected(store, applicant())
    refusal = f"BEGIN RAISE USING ERRCODE = '{state}'; END"
    sql(store, f"CREATE FUNCTION refuse() RETURNS trigger AS $$ {refusal} $$ LANGUAGE plpgsql")
    sql(store, "CREATE TRIGGER refusing BEFORE UPDATE ON applications EXECUTE FUNCTION refuse()")

    with store.units() as work:
        with pytest.raises(kind) as told:
            work.records.put(replace(record, sex="F"))
        with pytest.raises(kind):
            work.commit()
    assert told.value.context == {"what": "database", "detail": state}


def test_our_own_mistakes_are_no_storage_trouble(store: OpenStore):
    with store.units() as work, pytest.raises(sa.exc.IntegrityError) as told:
        (record,) = expected(store, applicant())
        twice = picture("twice")
        work.records.put(replace(record, attachments=(twice, twice)))
    assert "GV-2025-0001" not in str(told.value)
    assert trouble.named(ValueError(), operational=False) is None


# -- tables ---------------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_program_knows(tmp_path: Path, database_server: Server | None):
    migrated, made = (fresh_engine(tmp_path / name, database_server) for name in ("migrated", "made"))
    with migrated.begin() as connection:
        schema.migrate(connection)
    metadata.create_all(made)

    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        sql_of_migrated = described(connection)
    with made.connect() as connection:
        assert sql_of_migrated == described(connection)
    migrated.dispose()
    made.dispose()


def fresh_engine(path: Path, server: Server | None) -> sa.Engine:
    return sa.create_engine(
        f"sqlite:///{path}" if server is None else server.url(server.create()).replace(":", "+psycopg:", 1)
    )


def described(connection: sa.Connection) -> list[tuple[Any, ...]]:
    """Return the definitions of all tables and indexes but Alembic's own, as the database tells them."""
    questions = {
        "sqlite": ["SELECT tbl_name, name, sql FROM sqlite_master WHERE type <> 'trigger'"],
        "postgresql": [
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name"
            " FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace",
        ],
    }
    lines = [
        # A column that was added later stands on the line of the one before it.
        tuple(" ".join(part.split()) if isinstance(part, str) else part for part in line)
        for question in questions[connection.dialect.name]
        for line in connection.exec_driver_sql(question)
        if line[0] != "alembic_version"
    ]
    return sorted(lines, key=repr)


def test_all_versions_of_the_tables_are_known():
    scripts = ScriptDirectory(str(Path(schema.__file__).with_name("migrations")))

    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == schema.REVISIONS


def test_a_store_whose_tables_were_never_finished_is_brought_up_to_date(tmp_path: Path):
    store = open_store(tmp_path)
    sql(store, "DELETE FROM alembic_version")
    for table in reversed(metadata.sorted_tables):
        sql(store, f"DROP TABLE {table.name}")
    store.close()

    again = open_store(tmp_path)
    assert list(again.verify()) == []
    again.close()


def test_two_stations_that_open_a_new_store_at_once_both_get_it(tmp_path: Path):
    start = Barrier(2)

    def opened(number: int) -> OpenStore:
        start.wait(30)
        return open_store(tmp_path / str(number))

    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            for store in pool.map(opened, [number, number]):
                with store.units() as work:
                    assert work.records.today() == ()
                store.close()


def test_a_store_is_durable_and_private(tmp_path: Path):
    store = open_store(tmp_path / "data")
    expected(store, applicant())
    with store.engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    store.close()
