"""What is done to the station key without a window is told to the audit, after it is done, and once."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import main
from station.errors import StorageDamaged, StorageFull
from station.settings import read_settings
from station.storage import rotation, signing
from station.storage.key_acts import KeyActs
from station.storage.keys import sheet, vault
from station.storage.tables import audit
from station.storage.unlock import unlock
from tests.audited import worked
from tests.commands import ask, is_said, verified
from tests.test_station_key import quick as quick
from ui import console

UNTOLD = "the audit could not be told of it"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a station that did a visit; its key lies beside the data."""
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    with closing(main.open_storage(read_settings(os.environ))) as store:
        worked(store)
    return tmp_path / "station"


def key_id(folder: Path) -> str:
    found = vault.read_vault(folder / vault.NAME)
    assert found is not None
    return found.key_id


def told() -> list[Mapping[str, Any]]:
    """Return what the audit tells of keys: act, who, which, before and after."""
    columns = (audit.c.act, audit.c.officer, audit.c.record, audit.c.before, audit.c.after)
    query = sa.select(*columns).where(audit.c.act.like("key%")).order_by(audit.c.number)
    with closing(main.open_storage(read_settings(os.environ))) as store, store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def no_room(*_: object) -> None:
    raise StorageFull(what="database")


def test_a_rotation_is_told_with_both_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = key_id(folder)
    status, (row,) = ask(capsys, "rotate-key")
    assert (status, row["old"], row["new"], row["told"]) == (console.DONE, old, key_id(folder), True)
    assert told() == [("key_rotated", "", "", old, row["new"])]
    assert not rotation.is_unfinished(folder)
    assert verified(capsys) == (console.DONE, [])


def test_a_rotation_that_cannot_be_told_is_done_says_so_and_is_told_by_the_next_one(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    expected_logs: list[str],
) -> None:
    expected_logs.append("the audit could not be told that the key was changed")
    old = key_id(folder)
    with monkeypatch.context() as patch:
        patch.setattr(KeyActs, "_tell", no_room)
        assert main.main(["rotate-key"]) == console.FINDINGS
        said = capsys.readouterr().out
        assert UNTOLD in said and "main.py rotate-key tells it again" in said
        assert is_said(StorageFull(what="database"), said)
        new = key_id(folder)
        assert new != old and rotation.is_unfinished(folder)
        assert told() == [], "the station opens all the same"
    status, (row,) = ask(capsys, "rotate-key")
    assert (status, row["old"], row["new"], row["told"]) == (console.DONE, old, new, True)
    assert told() == [("key_rotated", "", "", old, new)]
    assert not rotation.is_unfinished(folder)


def test_a_rotation_that_a_start_finished_is_told_by_that_start_and_not_again(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_id(folder)
    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_commit", no_room)  # the power went when all was prepared
        assert ask(capsys, "rotate-key") == (console.COULD_NOT, [])
    assert key_id(folder) == old
    main.open_storage(read_settings(os.environ)).close()
    new = key_id(folder)
    assert new != old and rotation.is_unfinished(folder)
    assert told() == [("key_rotated", "", "", old, new)]
    assert ask(capsys, "rotate-key")[0] == console.DONE
    assert not rotation.is_unfinished(folder)
    assert told() == [("key_rotated", "", "", old, new)]
    assert verified(capsys)[0] == console.DONE


def test_a_rotation_that_ended_between_its_entry_and_its_end_is_told_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_id(folder)
    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_remove", no_room)
        assert main.main(["rotate-key"]) == console.COULD_NOT
    assert main.main(["rotate-key"]) == console.DONE
    assert told() == [("key_rotated", "", "", old, key_id(folder))]


def test_a_key_that_is_kept_otherwise_and_one_that_is_taken_back_are_told(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    quick: None,
) -> None:
    settings = read_settings(os.environ)
    key = unlock(folder, folder / "station.sqlite3", main.safekeeping(settings)).key
    (tmp_path / "phrase").write_text("seven grey herons wade")
    (tmp_path / "sheet").write_text("\n".join(sheet.lines(key)))
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    status, (row,) = ask(capsys, "key", "--keep", "passphrase")
    assert (status, row["kept"], row["told"]) == (console.DONE, "passphrase", True)
    (folder / vault.NAME).unlink()
    monkeypatch.delenv("STATION_PASSPHRASE_FILE")
    status, (row,) = ask(capsys, "key", "--restore", tmp_path / "sheet")
    assert (status, row["kept"]) == (console.FINDINGS, "beside"), "which protects nothing"
    assert told() == [
        ("key_kept", "", key.id, "beside", "passphrase"), ("key_restored", "", key.id, "", "beside"),
    ]  # fmt: skip
    assert verified(capsys) == (console.DONE, [])
    assert ask(capsys, "key")[1][0]["key"] == key.id
    assert len(told()) == 2, "only to look at the key is no act"


def test_what_a_station_without_its_signing_key_does_to_the_other_is_done_and_said_not_to_be_told(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    quick: None,
) -> None:
    (folder / signing.NAME).unlink()
    (tmp_path / "phrase").write_text("seven grey herons wade")
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    assert main.main(["key", "--keep", "passphrase"]) == console.FINDINGS
    said = capsys.readouterr().out
    assert UNTOLD in said and StorageDamaged.code in said
    assert ask(capsys, "key")[1][0]["kept"] == "passphrase"
