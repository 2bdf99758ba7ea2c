"""A new key for everything that is stored, killed on the way; and data from before the encryption."""

import errno
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.errors import StationKeyOther, StorageDamaged, StorageFull, StorageLocked, StorageMissing
from station.storage import cipher, durable, picture_store, rotation, sealed, signing
from station.storage.keys import vault
from station.storage.keys.keeper import Safekeeping
from station.storage.open import OpenStore, open_store
from station.storage.unlock import unlock
from tests.stored import applicant, expected, picture, raw_database

PICTURES = tuple(f"picture {n} of Ilse Vandermeer".encode() * 50 for n in range(5))
SURNAME = b"Vandermeer"
POINTS = 20

STEPS = ("fsync", "replace", "pwrite", "unlink", "link")
"""What changes the disk; a process is killed before one of these."""


def fill(store: OpenStore) -> None:
    """Put a record with pictures into a store, sign something, and let the sweep set one picture aside."""
    (record,) = expected(store, applicant())
    for number, data in enumerate(PICTURES[:-1]):
        store.pictures.put(data)
        record = record.attach(picture(f"page-{number}", data))
    with store.units() as work:
        work.records.put(record)
        work.commit()
    store.pictures.put(PICTURES[-1])
    store.sweep()
    store.signer.made_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    with closing(open_store(made)) as store:
        fill(store)
    return made


def key_id(folder: Path) -> str:
    found = vault.read_vault(folder / vault.NAME)
    assert found is not None
    return found.key_id


def whole(folder: Path) -> bytes:
    """Prove that everything is there and sound; returns the public key that the station signs with."""
    with closing(open_store(folder)) as store:
        assert list(store.verify()) == []
        with store.units() as work:
            (listed,) = work.records.today()
            attached = work.records.get(listed.record_id).attachments
        assert [store.pictures.get(one.picture.sha256) for one in attached] == list(PICTURES[:-1])
        (aside,) = store.pictures.set_aside()
        assert aside.name == sha256(PICTURES[-1]).hexdigest()
        assert b"".join(map(bytes, store.pictures._parts(aside, aside.name))) == PICTURES[-1]
        return store.signer.key()


def rotate(folder: Path) -> rotation.Rotated:
    return rotation.rotate(folder, folder / "station.sqlite3", Safekeeping(), lambda done, total: None)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_rotation_changes_every_key_and_no_byte_of_a_picture(folder: Path):
    before, signs_with = files(folder), whole(folder)
    old = unlock(folder, folder / "station.sqlite3", Safekeeping()).key
    done = rotate(folder)
    after = files(folder)
    assert (done.old, done.new, done.left) == (old.id, key_id(folder), ())
    assert done.new != done.old
    assert after.keys() == before.keys()
    for name in before:
        if name.startswith("pictures/") and name != "pictures/.lock":
            assert after[name][160:] == before[name][160:]
            assert after[name][24:160] != before[name][24:160]
    # Nothing that is left knows the old key.
    assert [
        name for name, data in after.items() if bytes.fromhex(old.id) in data or old.id.encode() in data
    ] == []
    assert whole(folder) == signs_with
    with pytest.raises(StationKeyOther):
        cipher.prove_owner(folder / "station.sqlite3", old)


def test_a_rotation_while_a_station_is_open_is_refused(folder: Path):
    with closing(open_store(folder)), pytest.raises(StorageLocked):
        rotate(folder)
    assert not rotation.is_unfinished(folder)


def test_a_damaged_picture_does_not_hold_a_rotation_up_and_is_named(folder: Path):
    path = next(iter((folder / "pictures").glob("?/??/*")))
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.write_bytes(data)
    assert rotate(folder).left == (path.name,)
    assert path.read_bytes() == bytes(data)
    with closing(open_store(folder)) as store:
        assert [(one.kind.value, one.what) for one in store.verify()] == [("picture_changed", path.name)]


def test_a_rotation_that_found_no_room_changed_nothing_that_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    before = key_id(folder)

    def full(*_: object) -> None:
        raise StorageFull(what="database")

    with monkeypatch.context() as patch:
        patch.setattr(cipher, "write_anew", full)
        with pytest.raises(StorageFull):
            rotate(folder)
    assert key_id(folder) == before
    whole(folder)
    with closing(open_store(folder)) as store:
        assert "rotation_unfinished" in store.notices
        later = store.pictures.put(b"taken between")
    done = rotate(folder)
    assert key_id(folder) == done.new
    with closing(open_store(folder)) as store:
        assert store.pictures.get(later) == b"taken between"
        assert "rotation_unfinished" not in store.notices


def test_what_an_interrupted_rotation_may_not_have_synced_is_written_and_synced_before_the_old_key_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    log: list[tuple[str, str]] = []

    def logged(name: str, *, fails: bool) -> Callable[..., object]:
        real = getattr(os, name)

        def call(target: object, *rest: object) -> object:
            path = os.readlink(f"/proc/self/fd/{target}") if isinstance(target, int) else str(target)
            log.append((name, Path(path).name))
            if fails and picture_store.is_name(Path(path).name):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(target, *rest)

        return call

    whole(folder)
    old = key_id(folder)
    for fails in (True, False):
        log.clear()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", logged("fsync", fails=fails))
            patch.setattr(os, "pwrite", logged("pwrite", fails=False))
            patch.setattr(Path, "replace", _logged_replace(log))
            if fails:
                with pytest.raises(StorageMissing):
                    rotate(folder)
                assert key_id(folder) == old
            else:
                rotate(folder)
    vault_changed = log.index(("replace", "station.vault.next"))
    for name in (sha256(data).hexdigest() for data in PICTURES):
        for steps in (log[:vault_changed], log[vault_changed:]):
            assert [step for step, what in steps if what == name] == ["pwrite", "fsync"]
    whole(folder)


def _logged_replace(log: list[tuple[str, str]]) -> Callable[[Path, Path], Path]:
    real = Path.replace

    def call(path: Path, target: Path) -> Path:
        log.append(("replace", path.name))
        return real(path, target)

    return call


# -- killed ---------------------------------------------------------------------------------------------------


def doomed(work: Callable[[Path], object], folder: Path, point: int) -> None:
    """Do the work in a process of its own and die by SIGKILL before the disk is changed for the n-th time."""
    count = 0

    def watch(name: str) -> None:
        real = getattr(os, name)

        def step(*args: object, **named: object) -> object:
            nonlocal count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        setattr(os, name, step)

    for name in STEPS:
        watch(name)
    work(folder)
    os._exit(min(count, 255))


def killed(work: Callable[[Path], object], folder: Path, point: int) -> int:
    """Run the doomed process; returns its exit status, the count of changes when it came to the end."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "cryptography.hazmat.primitives.ciphers.aead", "sqlcipher3"])
    process = context.Process(target=doomed, args=(work, folder, point))
    process.start()
    process.join(120)
    assert process.exitcode is not None
    return process.exitcode


def points(count: int) -> Iterator[int]:
    """Choose where to kill, the first and the last change among them."""
    chance = random.Random(24)
    yield from sorted({1, 2, count - 1, count, *chance.sample(range(1, count + 1), POINTS - 4)})


def test_a_rotation_that_is_killed_anywhere_loses_nothing_and_goes_on(folder: Path, tmp_path: Path):
    signs_with = whole(folder)
    old = key_id(folder)
    shutil.copytree(folder, tmp_path / "counted")
    count = killed(rotate, tmp_path / "counted", 0)
    assert POINTS < count < 255
    ended = set()
    for point in points(count):
        at = tmp_path / str(point)
        shutil.copytree(folder, at)
        assert killed(rotate, at, point) == -signal.SIGKILL
        assert whole(at) == signs_with
        unfinished = rotation.is_unfinished(at)
        ended.add((key_id(at) == old, unfinished))
        done = rotate(at)
        assert (done.new == key_id(at)) and not rotation.is_unfinished(at)
        assert whole(at) == signs_with
        left = {name for name in files(at) if not name.startswith("pictures/")}
        assert left == {"station.key", "station.sqlite3", "station.vault"}
        assert all(old.encode() not in data and bytes.fromhex(old) not in data for data in files(at).values())
    # Killed before it began, on either side of the change, and after it was done in all but name.
    assert ended >= {(True, False), (True, True), (False, True)}


# -- from before the encryption -------------------------------------------------------------------------------


def lay_plain(folder: Path, source: Path) -> bytes:
    """Lay down what a program without encryption left: the same store, readable; returns the signing key."""
    key = unlock(source, source / "station.sqlite3", Safekeeping()).key
    folder.mkdir()
    with closing(raw_database(source)) as connection:
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(folder / "station.sqlite3"),))
        connection.execute("SELECT sqlcipher_export('plain')")
    for path in (source / "pictures").rglob("*"):
        if picture_store.is_name(path.name):
            with path.open("rb") as file:
                data = b"".join(map(bytes, sealed.opened(file, path.name, key)))
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    (folder / "pictures" / "incoming").mkdir()
    (folder / "pictures" / "incoming" / "half").write_bytes(PICTURES[0][:30])
    seed = signing._seed((source / "station.key").read_bytes(), key)
    (folder / "station.key").write_bytes(seed)
    # A log that was not yet written into the database, as a power cut leaves it.
    with closing(sqlite3.connect(folder / "station.sqlite3")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE late AS SELECT surname FROM applications")
        database.commit()
        for side in ("", "-wal"):
            shutil.copy(folder / f"station.sqlite3{side}", folder / f"kept{side}")
    for side in ("", "-wal"):
        (folder / f"kept{side}").replace(folder / f"station.sqlite3{side}")
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def readable(folder: Path) -> list[str]:
    return [name for name, data in files(folder).items() if SURNAME in data or b"Ilse" in data]


def convert(folder: Path) -> None:
    open_store(folder).close()


def test_what_was_stored_plainly_is_encrypted_when_it_is_opened(folder: Path, tmp_path: Path):
    plain = tmp_path / "plain"
    signs_with = lay_plain(plain, folder)
    assert len(readable(plain)) == len(PICTURES) + 3  # pictures, one half, database and its log
    told: list[tuple[int, int]] = []
    with closing(open_store(plain, progress=lambda *of: told.append(of))) as store:
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT surname FROM late").scalar_one() == SURNAME.decode()
        assert readable(plain) == []
    assert told == [(n, len(PICTURES)) for n in range(1, len(PICTURES) + 1)]
    assert readable(plain) == []
    assert whole(plain) == signs_with
    told.clear()
    open_store(plain, progress=lambda *of: told.append(of)).close()
    assert told == []


def test_a_conversion_that_is_killed_anywhere_goes_on_where_it_stopped(folder: Path, tmp_path: Path):
    plain = tmp_path / "plain"
    signs_with = lay_plain(plain, folder)
    shutil.copytree(plain, tmp_path / "counted")
    count = killed(convert, tmp_path / "counted", 0)
    for point in sorted(random.Random(7).sample(range(1, count + 1), 5)):
        at = tmp_path / str(point)
        shutil.copytree(plain, at)
        assert killed(convert, at, point) == -signal.SIGKILL
        with closing(open_store(at)) as store:
            store.sweep()
        assert whole(at) == signs_with
        assert readable(at) == []


def test_a_conversion_beside_another_station_waits(folder: Path, tmp_path: Path):
    plain = tmp_path / "plain"
    lay_plain(plain, folder)
    held = picture_store.hold(plain / "pictures")
    try:
        with pytest.raises(StorageLocked):
            open_store(plain)
    finally:
        os.close(held)
    with closing(open_store(plain)) as store:
        store.sweep()
    assert readable(plain) == []


def test_a_plain_database_that_is_slipped_in_later_is_refused(folder: Path, tmp_path: Path):
    """A restored backup from before, or a forgery: neither is taken over silently."""
    lay_plain(tmp_path / "plain", folder)
    for side in ("", "-wal"):
        shutil.copy(tmp_path / "plain" / f"station.sqlite3{side}", folder / f"station.sqlite3{side}")
    with pytest.raises(StorageDamaged) as told:
        open_store(folder)
    assert told.value.context == {"what": "database", "detail": "not_encrypted"}


def test_a_damaged_plain_database_is_left_as_it_is(folder: Path, tmp_path: Path):
    plain = tmp_path / "plain"
    lay_plain(plain, folder)
    (plain / "station.sqlite3-wal").unlink()
    data = bytearray((plain / "station.sqlite3").read_bytes())
    data[4096 * 2 :] = b"\xa5" * (len(data) - 4096 * 2)
    (plain / "station.sqlite3").write_bytes(data)
    with pytest.raises(StorageDamaged):
        open_store(plain)
    assert (plain / "station.sqlite3").read_bytes()[4096 * 2 :] == bytes(data[4096 * 2 :])
    assert not list(plain.glob("*.anew"))


# -- small files ----------------------------------------------------------------------------------------------


def test_a_small_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "file"
    durable.write_file(path, b"first")
    assert not durable.write_new_file(path, b"second")

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageFull), durable.named_trouble("file"):
        durable.write_file(path, b"third")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"first", ["file"])
