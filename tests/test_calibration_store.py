"""Calibrations that are kept: whole, signed, in their order, with their pictures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.calibration.schedule import Run
from station.errors import StorageDamaged
from station.flow.calibration_ports import EmptyGlass, Past
from station.model.calibration import (
    Extent,
)
from station.model.image import PictureRef
from station.storage.encode import encode
from station.storage.open import OpenStore, open_store
from station.storage.picture_store import Swept
from station.storage.verify import Problem, ProblemKind
from tests.stored import applicant, expected
from tests.stored_calibrations import (
    DAY,
    GLASS,
    HERE,
    MORNING,
    OTHER_SETUP,
    SETUP,
    add,
    calibration,
    leave,
    past,
    problems,
    sql,
)

pytest_plugins = ["tests.postgres"]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url, HERE)
    yield opened
    opened.close()


# -- kept whole -----------------------------------------------------------------------------------------------


def test_a_calibration_comes_back_whole_and_signed(store: OpenStore):
    (kept,) = add(store, calibration())
    with store.units() as work:
        (again,) = work.calibrations.of(HERE, GLASS)

    assert again == kept
    assert (again.number, again.calibration) == (1, calibration())
    assert again.calibration.at.utcoffset() == timedelta(hours=7)
    text = encode(calibration())
    assert again.digest == sha256(text.encode()).hexdigest()
    Ed25519PublicKey.from_public_bytes(again.key).verify(again.signature, text.encode())
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(again.key).verify(again.signature, text.encode() + b" ")


def test_the_past_of_a_device_is_what_was_done_in_the_order_done(store: OpenStore):
    # The clock was set back between the two: the order is that in which they were stored.
    first, second = calibration(), calibration(MORNING - DAY, passed=False, extent=Extent.SHORT, scans=130)
    kept = add(store, first, second)
    with store.units() as work:
        given = work.calibrations.allow(HERE, GLASS, leave())
        work.calibrations.count(HERE, GLASS)
        work.calibrations.count(HERE, GLASS, 4)
        work.commit()

    expires = datetime(2026, 3, 4, tzinfo=UTC)
    assert past(store) == Past(
        runs=(
            Run(MORNING, Extent.FULL, True, SETUP, 120, expires),
            Run(MORNING - DAY, Extent.SHORT, False, SETUP, 130, expires),
        ),
        digests=(kept[0].digest, kept[1].digest),
        leaves=(given,),
        scans=5,
    )
    assert past(store).runs[0].at.utcoffset() == timedelta(hours=7)
    assert past(store, device="escl:feeder") == Past()


def test_a_past_grows_with_what_was_added_and_not_with_what_was_undone(store: OpenStore):
    add(store, calibration())
    assert len(past(store).runs) == 1
    with store.units() as work:
        work.calibrations.add(calibration(MORNING + DAY))
        work.calibrations.allow(HERE, GLASS, leave())
        seen = work.calibrations.past(HERE, GLASS)
        assert (len(seen.runs), len(seen.leaves)) == (2, 1)

    assert (len(past(store).runs), len(past(store).leaves)) == (1, 0)
    (kept,) = add(store, calibration(MORNING + 2 * DAY, passed=False))
    assert kept.number == 2
    assert [run.passed for run in past(store).runs] == [True, False]


def test_a_release_counts_the_runs_before_it(store: OpenStore):
    add(store, calibration(passed=False), calibration(MORNING + DAY, passed=False))
    with store.units() as work:
        work.calibrations.release(HERE, GLASS, "technician-1", "dirty glass", "cleaned", MORNING)
        work.commit()
    add(store, calibration(MORNING + 2 * DAY))

    assert past(store).released == 2
    assert problems(store) == set()


def test_two_stations_with_one_device_id_keep_apart(tmp_path: Path, database_url: str | None, store: OpenStore):
    # On one database each station has its folder and so its key; without one they share the file.
    elsewhere = tmp_path / "other" if database_url else tmp_path
    with closing(open_store(elsewhere, database_url, "kiosk-2")) as other:
        (here,) = add(store, calibration())
        (there,) = add(other, calibration(station="kiosk-2", device_name="Scanner on the right"))
        (again,) = add(store, calibration(MORNING + DAY, device_name="Scanner by the door"))
        assert [kept.number for kept in (here, there, again)] == [1, 2, 3]
        assert (here.key == there.key) is (database_url is None)
        with store.units() as work:
            assert work.calibrations.of(HERE, GLASS) == (here, again)
            assert work.calibrations.of("kiosk-2", GLASS) == (there,)
            assert work.calibrations.devices() == (
                (HERE, GLASS, "Scanner by the door"),
                ("kiosk-2", GLASS, "Scanner on the right"),
            )
        assert len(past(store, "kiosk-2").runs) == 1
        assert problems(store) == problems(other) == set()


def test_the_last_calibrations_and_noises_come_oldest_first(store: OpenStore):
    mornings = [MORNING + number * DAY for number in range(4)]
    add(store, *(calibration(at) for at in mornings))
    with store.units() as work:
        kept = work.calibrations.of(HERE, GLASS, last=2)
        noises = work.calibrations.noises(HERE, GLASS, last=3)

    assert [one.number for one in kept] == [3, 4]
    assert noises == tuple(
        (sha256(at.isoformat().encode()).hexdigest(), at.isoformat().encode()) for at in mornings[1:]
    )


def test_a_calibration_without_pictures_and_noise_is_kept_too(store: OpenStore):
    add(store, calibration(pictures=(), noise=b"", claimed=None, target_expires=None))
    with store.units() as work:
        assert work.calibrations.noises(HERE, GLASS) == (("", b""),)
        assert work.calibrations.of(HERE, GLASS)[0].calibration.target_expires is None
    assert past(store).runs[0].target_expires is None
    assert problems(store) == set()


def test_the_baseline_is_the_first_that_passed_as_the_device_is_set_up_now(store: OpenStore):
    def baseline(target: str = "a4") -> int | None:
        with store.units() as work:
            kept = work.calibrations.qualification(HERE, GLASS, target)
            return kept.number if kept else None

    assert baseline() is None
    days = iter(range(1, 20))

    def done(**change: Any) -> int:
        (kept,) = add(store, calibration(MORNING + next(days) * DAY, **change))
        return kept.number

    done(setup=OTHER_SETUP)
    done(passed=False)
    assert baseline() is None
    done(extent=Extent.SHORT)
    done(target="card")
    first = done()
    done()
    assert (baseline(), baseline("card")) == (first, first - 1)
    with store.units() as work:
        work.calibrations.release(HERE, GLASS, "technician-1", "new lamp", "replaced", MORNING)
        work.commit()
    assert baseline() is None
    later = done()
    assert (baseline(), baseline("card")) == (later, None)
    done(setup=OTHER_SETUP, passed=False)
    assert baseline() is None


# -- notes that nobody signs ----------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_is_still_known_by_the_latest_it_showed(store: OpenStore):
    def seen(at: datetime) -> datetime:
        with store.units() as work:
            latest = work.calibrations.seen(HERE, at)
            work.commit()
            return latest

    def noted() -> datetime:
        with store.engine.connect() as connection:
            return datetime.fromisoformat(
                connection.exec_driver_sql("SELECT latest FROM stations").scalar_one()
            )

    assert seen(MORNING) == noted() == MORNING
    almost = MORNING + timedelta(seconds=59)
    assert (seen(almost), noted()) == (almost, MORNING)
    later = MORNING + timedelta(seconds=60)
    assert seen(later) == noted() == later
    assert seen(MORNING - DAY) == noted() == later
    with store.units() as work:
        assert work.calibrations.seen("kiosk-2", MORNING - DAY) == MORNING - DAY


def test_what_was_noticed_is_kept_for_each_device(store: OpenStore):
    with store.units() as work:
        assert work.calibrations.watched(HERE, GLASS) == ""
        work.calibrations.watch(HERE, GLASS, '{"specks": 2}')
        work.calibrations.watch(HERE, GLASS, '{"specks": 3}')
        work.calibrations.count(HERE, GLASS, 7)
        work.commit()
    with store.units() as work:
        assert work.calibrations.watched(HERE, GLASS) == '{"specks": 3}'
        assert work.calibrations.watched("kiosk-2", GLASS) == ""
    assert past(store).scans == 7


# -- the empty glass ------------------------------------------------------------------------------------------


def empty_glass(store: OpenStore, device: str = GLASS) -> EmptyGlass | None:
    with store.units() as work:
        return work.calibrations.empty_glass(HERE, device)


def keep(store: OpenStore, glass: EmptyGlass | None) -> None:
    with store.units() as work:
        work.calibrations.keep_empty_glass(HERE, GLASS, glass)
        work.commit()


@pytest.mark.parametrize("dpi", [(300.0, 299.5), None])
def test_the_empty_glass_is_kept_for_its_device_and_forgotten(
    store: OpenStore, dpi: tuple[float, float] | None
):
    assert empty_glass(store) is None
    first = EmptyGlass(PictureRef("ab" * 32, "image/png", 9, 2480, 3508, dpi), MORNING, 3)
    keep(store, first)
    assert empty_glass(store) == first
    assert empty_glass(store, "escl:feeder") is None
    cleaner = replace(first, at=MORNING + DAY, marks=0)
    keep(store, cleaner)
    assert empty_glass(store) == cleaner
    keep(store, None)
    assert empty_glass(store) is None


def test_the_picture_of_the_empty_glass_is_swept_only_when_another_takes_its_place(store: OpenStore):
    shas = [store.pictures.put(data) for data in (b"the empty glass", b"the empty glass, cleaner")]
    first, cleaner = (
        EmptyGlass(PictureRef(sha, "image/png", 9, 10, 10), MORNING, 3 - at) for at, sha in enumerate(shas)
    )
    keep(store, first)
    assert store.sweep() == Swept(quarantined=(shas[1],))
    assert list(store.verify()) == []
    store.pictures.put(b"the empty glass, cleaner")
    keep(store, cleaner)
    assert store.sweep() == Swept(quarantined=(shas[0],))
    store.pictures.path(shas[1]).write_bytes(b"another glass")
    assert list(store.verify()) == [Problem(ProblemKind.PICTURE_CHANGED, shas[1])]


@pytest.mark.parametrize("damage", ["glass_marks = NULL", "glass_at = 'this morning'"])
def test_a_damaged_row_of_the_empty_glass_is_named(store: OpenStore, damage: str):
    sha = store.pictures.put(b"the empty glass")
    keep(store, EmptyGlass(PictureRef(sha, "image/png", 9, 10, 10), MORNING, 0))
    sql(store, f"UPDATE devices SET {damage}")
    with pytest.raises(StorageDamaged):
        empty_glass(store)
    assert list(store.verify()) == [Problem(ProblemKind.ROW_DAMAGED, f"empty glass of {GLASS}")]


# -- pictures -------------------------------------------------------------------------------------------------


def test_a_sweep_keeps_the_pictures_of_calibrations_and_no_other(store: OpenStore):
    data = b"the target as it was scanned", b"the empty glass"
    refs = tuple(PictureRef(store.pictures.put(one), "image/png", len(one), 10, 10) for one in data)
    add(store, calibration(pictures=refs))
    # A power cut between the picture and its row.
    stray = store.pictures.put(b"a calibration that was never stored")

    assert store.sweep() == Swept(quarantined=(stray,))
    assert list(store.verify()) == []
    store.pictures.path(refs[1].sha256).unlink()
    assert list(store.verify()) == [Problem(ProblemKind.PICTURE_MISSING, refs[1].sha256)]
    sql(store, "DELETE FROM calibration_pictures WHERE position = 1")
    assert list(store.verify()) == [Problem(ProblemKind.CALIBRATION_DAMAGED, "pictures of calibration 1")]


# -- stores from before ---------------------------------------------------------------------------------------


def test_a_store_from_before_keeps_its_records_and_takes_calibrations(
    tmp_path: Path, database_url: str | None, store: OpenStore
):
    with closing(open_store(tmp_path, database_url, HERE)) as old:
        (record,) = expected(old, applicant())
        calibrated = ("calibration_pictures", "calibrations", "clearances", "devices", "stations")
        for table in (*calibrated, "audit", "audit_heads", "audit_anchors", "audit_began", "officers"):
            with old.engine.begin() as connection:
                connection.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("visits_set_aside", "attachments_overridden", "acts_decisive"):
            with old.engine.begin() as connection:
                connection.exec_driver_sql(f"DROP INDEX {index}")
        later = ("attachments", "manifest"), ("attachments", "manifest_signature"), ("visits", "set_aside")
        for table, column in later:
            with old.engine.begin() as connection:
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        sql(old, "UPDATE alembic_version SET version_num = '0003'")

    with closing(open_store(tmp_path, database_url, HERE)) as new:
        with new.units() as work:
            assert work.records.get(record.id) == record
        add(new, calibration())
        assert problems(new) == {Problem(ProblemKind.OLDER_THAN_AUDIT, "1 applications")}


def test_stations_that_add_at_once_get_one_number_each(
    tmp_path: Path, database_url: str | None, store: OpenStore
):
    start = Barrier(4)

    def added(number: int) -> list[int]:
        station = f"kiosk-{number}"
        with closing(open_store(tmp_path, database_url, station)) as own:
            start.wait(60)
            some = [add(own, calibration(MORNING + day * DAY, station=station)) for day in range(3)]
        return [kept.number for (kept,) in some]

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(added, range(1, 5)))

    assert sorted(chain.from_iterable(numbers)) == list(range(1, 13))
    assert all(own == sorted(own) for own in numbers)
    assert problems(store) == set()
