"""Who changes what a station signed, or takes its key away, is found out."""

import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from station.errors import StorageDamaged, StorageMissing
from station.flow.calibration_ports import Past
from station.storage.keys.station_key import StationKey
from station.storage.open import OpenStore, open_store
from station.storage.signing import Signer
from station.storage.verify import Problem, ProblemKind
from tests.stored import applicant, expected
from tests.stored_calibrations import DAY, GLASS, HERE, MORNING, add, calibration, leave, past, problems, sql

pytest_plugins = ["tests.postgres"]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url, HERE)
    yield opened
    opened.close()


# -- changed by somebody --------------------------------------------------------------------------------------

CHANGES = {
    "number": "9",
    "device_name": "'Another'",
    "digest": f"'{'0' * 64}'",
    "at": "'2030-01-01T07:30:00+07:00'",
    "extent": "'short'",
    "target": "'card'",
    "passed": "(1 = 1)",
    "serial": "'SN-9'",
    "driver": "'escl 2'",
    "settings": "'60'",
    "scans": "5",
    "target_expires": "NULL",
    "picture": f"'{'0' * 64}'",
    "noise_sha256": f"'{'0' * 64}'",
    "key": f"'{'0' * 64}'",
    "seal": "'no hex digits'",
    "signature": f"'{'0' * 128}'",
    "noise": "'AAAA'",
    "text": "replace(text, 'officer-1', 'officer-2')",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_calibration_is_not_given_out_and_named(store: OpenStore, column: str):
    add(store, calibration(pictures=(), passed=False))
    assert problems(store) == set()
    sql(store, f"UPDATE calibrations SET {column} = {CHANGES[column]}")

    with store.units() as work, pytest.raises(StorageDamaged):
        work.calibrations.of(HERE, GLASS)
    number = 9 if column == "number" else 1
    assert problems(store) == {Problem(ProblemKind.CALIBRATION_DAMAGED, f"calibration {number}")}


@pytest.mark.parametrize("column", ["number", "passed", "serial", "scans", "target_expires", "at", "seal"])
def test_a_changed_calibration_opens_no_device(store: OpenStore, column: str):
    add(store, calibration(pictures=(), passed=False))
    sql(store, f"UPDATE calibrations SET {column} = {CHANGES[column]}")

    with pytest.raises(StorageDamaged):
        past(store)


def test_a_calibration_of_another_device_or_run_is_not_taken(store: OpenStore):
    add(store, calibration(), calibration(MORNING + DAY, device="escl:feeder"))
    sql(store, "UPDATE calibrations SET device = 'escl:glass', run = 2 WHERE number = 2")
    sql(store, "UPDATE devices SET runs = 2 WHERE device = 'escl:glass'")

    with pytest.raises(StorageDamaged):
        past(store)
    assert problems(store) == {
        Problem(ProblemKind.CALIBRATION_DAMAGED, "calibration 2"),
        Problem(ProblemKind.CALIBRATION_MISSING, "run 1 of escl:feeder at kiosk-1"),
    }


@pytest.mark.parametrize("run", [1, 2, 3])
def test_a_removed_run_is_missed(store: OpenStore, run: int):
    add(store, *(calibration(MORNING + day * DAY, pictures=(), passed=day != 2) for day in (1, 2, 3)))
    sql(store, f"DELETE FROM calibrations WHERE run = {run}")

    assert problems(store) == {Problem(ProblemKind.CALIBRATION_MISSING, f"run {run} of escl:glass at kiosk-1")}
    with pytest.raises(StorageDamaged) as told:
        past(store)
    assert told.value.context == {"what": f"run {run} of escl:glass"}


def test_runs_whose_count_is_gone_are_not_forgotten(store: OpenStore):
    add(store, calibration())
    sql(store, "DELETE FROM devices")

    with pytest.raises(StorageDamaged):
        past(store)
    assert {problem.kind for problem in problems(store)} == {ProblemKind.CALIBRATION_MISSING}


@pytest.mark.parametrize(
    "change",
    [
        "text = replace(text, 'the technician comes', 'nobody knows he comes')",
        "text = replace(text, '11:30', '23:30')",
        "text = '{}'",
        "signature = ''",
        "number = 2",
        "device = 'escl:feeder'",
    ],
)
def test_a_changed_leave_opens_no_device(store: OpenStore, change: str):
    with store.units() as work:
        work.calibrations.allow(HERE, GLASS, leave())
        work.commit()
    assert problems(store) == set()
    sql(store, f"UPDATE clearances SET {change}")

    with pytest.raises(StorageDamaged):
        past(store)
    assert ProblemKind.CLEARANCE_DAMAGED in {problem.kind for problem in problems(store)}


def test_a_changed_and_a_removed_release_are_named(store: OpenStore):
    with store.units() as work:
        for cause in ("dirt", "dust"):
            work.calibrations.release(HERE, GLASS, "technician-1", cause, "cleaned", MORNING)
        work.commit()
    sql(store, "UPDATE clearances SET text = replace(text, 'dirt', 'dent') WHERE number = 1")
    sql(store, "DELETE FROM clearances WHERE number = 2")

    assert problems(store) == {
        Problem(ProblemKind.CLEARANCE_DAMAGED, "clearance 1 of escl:glass"),
        Problem(ProblemKind.CLEARANCE_MISSING, "clearance 2 of escl:glass at kiosk-1"),
    }


def test_a_row_signed_anew_by_somebody_else_is_noticed_with_all_its_keys(store: OpenStore, tmp_path: Path):
    forger = Signer(tmp_path / "pictures", HERE, StationKey(bytes(32)))
    add(store, calibration(pictures=(), noise=b"", target_expires=None, passed=False))
    with store.engine.connect() as connection:
        row = dict(connection.exec_driver_sql("SELECT * FROM calibrations").mappings().one())
    key = forger.made_key().hex()
    text = row["text"].replace('"passed":false', '"passed":true')
    digest = sha256(text.encode()).hexdigest()
    names = (
        "number", "station", "device", "run", "digest", "device_name", "at", "extent", "target", "passed",
        "serial", "driver", "settings", "scans", "target_expires", "picture", "noise_sha256",
    )  # fmt: skip
    head = {**row, "digest": digest, "passed": True}
    written = ",".join(f'"{name}":{_json(head[name])}' for name in names)
    seal, signature = forger.sign("{" + written + "}").hex(), forger.sign(text).hex()
    sql(
        store,
        "UPDATE calibrations SET text = ?, digest = ?, passed = (1 = 1), key = ?, seal = ?, signature = ?",
        *(text, digest, key, seal, signature),
    )
    sql(store, "UPDATE stations SET key = ?", key)

    with pytest.raises(StorageDamaged):
        past(store)
    assert Problem(ProblemKind.STATION_KEY_DAMAGED, "station key") in problems(store)
    # The forgery itself is faultless: without the key in the data folder nothing would tell.
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "station.vault", tmp_path / "other")
    with closing(open_store(tmp_path / "other", str(store.engine.url), "kiosk-2")) as other:
        assert past(other).runs[0].passed


def _json(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f'"{value}"' if isinstance(value, str) else str(value)


# -- the key --------------------------------------------------------------------------------------------------


def test_the_key_is_made_when_first_used_for_its_owner_alone(tmp_path: Path):
    with closing(open_store(tmp_path, station=HERE)) as store:
        path = tmp_path / "station.key"
        assert past(store) == Past()
        assert list(store.verify()) == []
        assert not path.exists()
        (kept,) = add(store, calibration())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        seed = path.read_bytes()
        assert store.signer.key() == kept.key
        assert not list(tmp_path.glob(".station.key*"))
    with closing(open_store(tmp_path, station=HERE)) as store:
        assert add(store, calibration(MORNING + DAY))[0].key == kept.key
        assert path.read_bytes() == seed


@pytest.mark.parametrize("content", [None, b"", b"k" * 31, b"k" * 33, b"k" * 32])
def test_a_key_that_is_lost_or_damaged_is_told_and_never_replaced(tmp_path: Path, content: bytes | None):
    with closing(open_store(tmp_path, station=HERE)) as store:
        add(store, calibration(pictures=()))
    path = tmp_path / "station.key"
    seed = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with closing(open_store(tmp_path, station=HERE)) as store:
        with pytest.raises(StorageDamaged):
            past(store)
        for change in (
            lambda it: it.add(calibration(MORNING + DAY)),
            lambda it: it.allow(HERE, GLASS, leave()),
        ):
            with store.units() as work, pytest.raises(StorageDamaged) as told:
                change(work.calibrations)
            assert told.value.context["what"] == "station key"
        assert list(store.verify()) == [Problem(ProblemKind.STATION_KEY_DAMAGED, "station key")]
        assert (path.read_bytes() if path.exists() else None) == content
        with pytest.raises(StorageDamaged):
            expected(store, applicant())  # nothing is stored that the audit cannot tell
    path.write_bytes(seed)
    with closing(open_store(tmp_path, station=HERE)) as store:
        assert len(past(store).runs) == 1


def test_a_station_with_a_new_name_begins_anew_when_its_key_is_lost(tmp_path: Path):
    with closing(open_store(tmp_path, station=HERE)) as store:
        add(store, calibration(pictures=()))
    (tmp_path / "station.key").unlink()

    with closing(open_store(tmp_path, station="kiosk-1b")) as store:
        add(store, calibration(station="kiosk-1b", pictures=()))
        assert len(past(store, "kiosk-1b").runs) == len(past(store).runs) == 1
        assert list(store.verify()) == []


def test_a_folder_that_takes_no_key_is_missing(tmp_path: Path):
    with pytest.raises(StorageMissing) as told:
        Signer(tmp_path / "nowhere", HERE, StationKey(bytes(32))).made_key()
    assert told.value.context == {"what": "station key", "detail": "ENOENT"}


def made(folder: str, start: Any) -> bytes:
    start.wait(60)
    return Signer(Path(folder), HERE, StationKey(bytes(32))).made_key()


def test_many_that_open_a_new_store_at_once_agree_on_the_key(tmp_path: Path):
    start = Barrier(8)
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _: made(str(folder), start), range(8)))) == 1  # noqa: B023
        assert [path.name for path in folder.iterdir()] == ["station.key"]
