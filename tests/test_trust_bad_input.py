"""What nobody should find in the data folder: it is noticed, said plainly, and never mended in secret.

The parts are tested where they are made: keys in test_station_key and test_key_rotation, the audit in
test_audit and test_audit_anchors, manifests in test_manifests, limits in test_replay. Here whole folders are
opened by the program itself, as they would lie on the disk.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import main
from station.errors import (
    PassphraseRefused,
    StationError,
    StationKeyDamaged,
    StationKeyMissing,
    StationKeyOther,
    StorageDamaged,
    StorageMissing,
    StorageTooNew,
)
from station.imaging import codec
from station.settings import read_settings
from station.storage import schema
from station.storage.keys import vault
from station.storage.open import open_store
from tests.audited import acted, worked
from tests.commands import ROOT, ask, is_said, verified
from tests.stored import raw_database
from tests.test_replay import DPI, PAGE, PROFILES
from tests.test_station_key import Store
from tests.test_station_key import quick as quick
from tests.test_station_key import system as system
from ui import console
from ui.wording import store_notices

HERE = "kiosk-1"
DATABASE = "station.sqlite3"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a station that did a visit with two pictures, told in the audit."""
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    return filled(tmp_path / "station")


def filled(folder: Path) -> Path:
    """Work as the program does, by its own settings but in this folder."""
    settings = read_settings(os.environ).model_copy(update={"data_dir": folder})
    with closing(main.open_storage(settings)) as store:
        _, visit = worked(store)
        acted(store, 60, visit)  # enough for anchors
    assert not list(folder.glob(f"{DATABASE}-*"))  # a station that was closed leaves all in its one file
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Return the digest of every file that says anything."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def refused(folder: Path, capsys: pytest.CaptureFixture[str], kind: type[StationError]) -> StationError:
    """See the program refuse a folder, in words, twice, and leave it as it is; return the error."""
    before = contents(folder)
    with pytest.raises(kind) as told:
        main.open_storage(read_settings(os.environ))
    capsys.readouterr()
    for command in (["verify"], ["verify"], ["audit", "--public-key", str(folder.parent / "key.pem")]):
        assert main.main(command) == console.COULD_NOT
        said = capsys.readouterr()
        assert is_said(told.value, said.out + said.err)
        assert "Traceback" not in said.err
    assert contents(folder) == before
    return told.value


def found(capsys: pytest.CaptureFixture[str]) -> set[tuple[str, str]]:
    """Return what `verify` finds, the same when it is asked again."""
    answers = [verified(capsys) for _ in range(2)]
    assert answers[0] == answers[1]
    status, rows = answers[0]
    assert status == (console.FINDINGS if rows else console.DONE)
    return {(row["kind"], row["what"]) for row in rows}


def test_the_folder_is_sound_before_anything_is_done_to_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(capsys) == set()


# -- another station's ----------------------------------------------------------------------------------------

PARTS: dict[str, tuple[str, ...]] = {
    "database": (DATABASE,),
    "vault": (vault.NAME,),
    "all but the vault": (DATABASE, "station.key", "audit.anchors", "pictures"),
}


@pytest.mark.parametrize("parts", PARTS)
def test_data_of_another_station_are_told_from_damage_and_both_keys_are_named(
    parts: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = filled(tmp_path / "other")
    for name in PARTS[parts]:
        taken, place = other / name, folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        shutil.copytree(taken, place) if taken.is_dir() else shutil.copy(taken, place)
    error = refused(folder, capsys, StationKeyOther)
    assert error.context["what"] == "database"
    assert error.context["expected"] != error.context["found"]


def test_a_whole_folder_of_another_station_is_said_as_long_as_nothing_was_done_in_it(folder: Path) -> None:
    with closing(open_store(folder, station=HERE)) as store:
        assert "other_station" not in store.notices
    with closing(open_store(folder, station="kiosk-2")) as store:
        assert "other_station" in store.notices
        assert set(store.verify()) == set()
    with closing(open_store(folder, station="kiosk-2")) as store:
        assert "other_station" in store.notices  # to look is not to take over
        worked(store, "GV-2025-0002")
    with closing(open_store(folder, station="kiosk-2")) as store:
        assert "other_station" not in store.notices  # two that share a folder, and the audit has both
    with closing(open_store(folder.parent / "new", station="kiosk-2")) as store:
        assert "other_station" not in store.notices
    assert store_notices.short("other_station") and store_notices.whole("other_station")


def test_the_signing_key_of_another_station_signs_nothing_here(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = filled(tmp_path / "other")
    shutil.copy(other / "station.key", folder / "station.key")
    assert "station_key_damaged" in {kind for kind, _ in found(capsys)}
    with closing(open_store(folder, station=HERE)) as store, pytest.raises(StorageDamaged):
        worked(store, "GV-2025-0002")
    shutil.copy(other / vault.NAME, folder / vault.NAME)
    refused(folder, capsys, StationKeyOther)


# -- keys -----------------------------------------------------------------------------------------------------


def scribbled(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30] + b"x" * 30)


@pytest.mark.parametrize(
    ("harm", "error"),
    [(lambda path: path.unlink(), StationKeyMissing), (scribbled, StationKeyDamaged)],
    ids=["missing", "scribbled on"],
)
def test_a_missing_key_is_not_made_anew_and_a_damaged_one_not_mended(
    harm: Callable[[Path], None], error: type[StationError], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(folder / vault.NAME)
    refused(folder, capsys, error)
    (folder / DATABASE).unlink()  # also with nothing but pictures left
    refused(folder, capsys, error)


def test_a_wrong_passphrase_and_none_are_two_things(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("seven grey herons wade\n")
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", str(phrase))
    folder = filled(tmp_path / "station")
    phrase.write_text("seven grey herons wave\n")
    assert refused(folder, capsys, PassphraseRefused).context["reason"] == "wrong"
    monkeypatch.delenv("STATION_PASSPHRASE_FILE")
    assert refused(folder, capsys, StationKeyMissing).context["reason"] == "no_passphrase"
    phrase.write_text("seven grey herons wade\n")
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", str(phrase))
    assert found(capsys) == set()


def test_a_stolen_disk_has_no_key_and_says_where_it_is_kept(
    system: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    folder = filled(tmp_path / "station")
    stolen = tmp_path / "stolen"
    shutil.copytree(folder, stolen)
    monkeypatch.setenv("STATION_DATA_DIR", str(stolen))
    (secret,) = system.held.values()
    files = {path: path.read_bytes() for path in stolen.rglob("*") if path.is_file()}
    for data in files.values():
        assert secret.encode() not in data and bytes.fromhex(secret) not in data
        for word in (b"Vandermeer", b"Ilse", b"GV-2025-0001", b"XK 123 4567", b"SQLite format 3"):
            assert word not in data
    system.held.clear()  # the thief's computer
    error = refused(stolen, capsys, StationKeyMissing)
    assert (error.context["reason"], error.context["key"]) == ("not_in_key_store", key_of(stolen))


def key_of(folder: Path) -> str:
    read = vault.read_vault(folder / vault.NAME)
    assert read is not None
    return read.key_id


# -- other versions of the tables -----------------------------------------------------------------------------


def sql(folder: Path, *statements: str) -> None:
    """Change a folder's database past the program."""
    database = raw_database(folder)
    for statement in statements:
        database.execute(statement)
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql(folder, "UPDATE alembic_version SET version_num = '9999'")
    assert refused(folder, capsys, StorageTooNew).context["revision"] == "9999"


HALF_WAY: dict[str, tuple[str, ...]] = {
    "tables of the new version, named as the old one": ("UPDATE alembic_version SET version_num = '0006'",),
    "named as the new version, a table missing": ("DROP TABLE officers",),
    "named as the new version, a column missing": (
        "CREATE TABLE half AS SELECT id, name FROM officers", "DROP TABLE officers",
        "ALTER TABLE half RENAME TO officers",
    ),
    "no version": ("DELETE FROM alembic_version",),
}  # fmt: skip


@pytest.mark.parametrize("how", HALF_WAY)
def test_a_migration_that_somebody_else_left_half_done_is_said_and_not_gone_on_with(
    how: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql(folder, *HALF_WAY[how])
    assert refused(folder, capsys, StorageDamaged).context["what"] == "database"


KILLED = """
import os, signal, sys
from pathlib import Path
from station.storage import schema
from station.storage.open import open_store
migrate = schema.migrate
def half(connection):
    migrate(connection)
    os.kill(os.getpid(), signal.SIGKILL)
schema.migrate = half
open_store(Path(sys.argv[1]), station="kiosk-1")
"""


def test_our_own_migration_is_done_whole_or_not_at_all(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    new = tmp_path / "new"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(new)], cwd=ROOT, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL
    database = raw_database(new)
    assert database.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0] == 0
    database.close()
    with closing(open_store(new, station=HERE)) as store:
        assert set(store.verify()) == set()
        with store.engine.connect() as connection:
            assert schema.revision(connection) == schema.REVISIONS[-1]


# -- what was written by hand, and what was put back ----------------------------------------------------------


def test_an_audit_file_edited_by_hand_is_named_by_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "audit.anchors"
    good = file.read_text()
    lines = good.splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines, 1) if "count" in line)
    file.write_text(good.replace("count", "day_end", 1))
    edited = contents(folder)
    assert ("audit_changed", f"line {number} of audit.anchors") in found(capsys)
    assert contents(folder)["audit.anchors"] == edited["audit.anchors"]
    file.write_text("".join(lines[1:]))
    assert "audit_missing" in {kind for kind, _ in found(capsys)}
    file.write_text(good)
    assert found(capsys) == set()


@pytest.mark.parametrize("elsewhere", [True, False], ids=["anchors elsewhere", "anchors here"])
def test_an_old_backup_that_was_put_back_is_said_for_ever(
    elsewhere: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path / "station"))
    if elsewhere:
        (tmp_path / "usb").mkdir()
        monkeypatch.setenv("STATION_AUDIT_ANCHORS", str(tmp_path / "usb"))
    folder = filled(tmp_path / "station")
    backup = tmp_path / "backup"
    shutil.copytree(folder, backup)
    with closing(main.open_storage(read_settings(os.environ))) as store:
        _, visit = worked(store, "GV-2025-0002")
        acted(store, 60, visit)
    put_back = ("station.sqlite3", "audit.anchors") if elsewhere else ("station.sqlite3",)
    for name in put_back:
        shutil.copy(backup / name, folder / name)
    assert "audit_rolled_back" in {kind for kind, _ in found(capsys)}
    with closing(main.open_storage(read_settings(os.environ))) as store:
        acted(store, 60, worked(store, "GV-2025-0003")[1])  # the work goes on
    assert "audit_rolled_back" in {kind for kind, _ in found(capsys)}


def test_a_backup_from_before_a_change_of_the_key_belongs_to_another_key(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(folder / DATABASE, tmp_path / "backup")
    old = key_of(folder)
    assert main.main(["rotate-key"]) == console.DONE
    shutil.copy(tmp_path / "backup", folder / DATABASE)
    assert refused(folder, capsys, StationKeyOther).context == {
        "what": "database", "expected": key_of(folder), "found": old,
    }  # fmt: skip


def test_pictures_without_their_database_do_not_get_a_new_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / DATABASE).unlink()
    refused(folder, capsys, StorageMissing)
    assert not (folder / DATABASE).exists()


# -- limits ---------------------------------------------------------------------------------------------------


def test_a_profile_with_one_limit_changed_judges_by_another_digest_and_the_limit_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "page.png").write_bytes(codec.encode_png(PAGE, DPI))
    main.main(["assess", "--profile", "page", "--json", str(pages / "page.png")])
    (pages / "answers.jsonl").write_text(capsys.readouterr().out)
    _, (before, _) = ask(capsys, "replay", pages)
    assert (before["outcome"], before["limits"], before["other_profile"]) == ("same", [], False)

    changed = tmp_path / "profiles"
    shutil.copytree(PROFILES, changed)
    text = (changed / "page.toml").read_text("utf-8")
    assert text.count("\nlow = 75 ") == 1  # of paper_white
    (changed / "page.toml").write_text(text.replace("\nlow = 75 ", "\nlow = 74 "), "utf-8")
    monkeypatch.setenv("STATION_PROFILES", str(changed))
    _, (after, _) = ask(capsys, "replay", pages)
    assert (after["outcome"], after["other_profile"]) == ("same", True)  # by the limits of its own time
    ((measure, was, now),) = [(one["measure"], one["was"]["low"], one["now"]["low"]) for one in after["limits"]]
    assert (measure, was, now) == ("paper_white", 75.0, 74.0)

    (changed / "page.toml").write_text(text.replace("\nlow = 75 ", "\nlowest = 75 "), "utf-8")
    assert main.main(["assess", "--profile", "page", str(pages / "page.png")]) == console.COULD_NOT
    said = capsys.readouterr()
    assert "SE-001" in said.out + said.err and "lowest" in said.out + said.err
