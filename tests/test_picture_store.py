"""Pictures on the disk: named by their bytes, durable in the right order, private, proved when read."""

import errno
import os
import resource
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.errors import StorageDamaged, StorageFull, StorageMissing
from station.storage import sealed
from station.storage.keys.station_key import StationKey
from station.storage.picture_store import FolderPictureStore, Swept

KEY = StationKey(bytes(range(32)))

# FIPS 180-2, appendix B.1: the message "abc".
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderPictureStore]:
    opened = FolderPictureStore(tmp_path / "pictures", KEY)
    yield opened
    opened.close()


def files(store: FolderPictureStore) -> list[str]:
    return sorted(str(p.relative_to(store.folder)) for p in store.folder.rglob("*") if p.is_file())


def test_a_picture_lies_under_its_sha256(store: FolderPictureStore):
    assert store.put(b"abc") == ABC
    assert store.get(ABC) == b"abc"
    assert files(store) == [".lock", f"b/a7/{ABC}"]


def test_twice_is_once(store: FolderPictureStore):
    store.put(b"abc")
    before = store.path(ABC).stat()

    assert store.put(b"abc") == ABC
    assert store.path(ABC).stat().st_ino == before.st_ino
    assert files(store) == [".lock", f"b/a7/{ABC}"]


def test_a_picture_is_private(store: FolderPictureStore):
    store.put(b"abc")

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (store.folder, *store.folder.rglob("*"))}
    assert modes == {0o700, 0o600}


@pytest.fixture
def calls(store: FolderPictureStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the disk, in order, with paths relative to the store."""
    log: list[str] = []

    def name(path: object) -> str:
        relative = os.path.relpath(str(path), store.folder)
        return "incoming/*" if relative.startswith("incoming") else relative.replace(ABC, "PICTURE")

    fsync, replace, mkdir = os.fsync, os.replace, os.mkdir

    def logged_fsync(handle: int) -> None:
        log.append(f"sync {name(os.readlink(f'/proc/self/fd/{handle}'))}")
        fsync(handle)

    def logged_replace(source: str, target: Path) -> None:
        log.append(f"rename {name(source)} {name(target)}")
        replace(source, target)

    def logged_mkdir(path: Path, mode: int) -> None:
        log.append(f"mkdir {name(path)}")
        mkdir(path, mode)

    monkeypatch.setattr(os, "fsync", logged_fsync)
    monkeypatch.setattr(os, "replace", logged_replace)
    monkeypatch.setattr(os, "mkdir", logged_mkdir)
    return log


def test_bytes_are_durable_before_their_name_and_the_name_before_the_answer(
    store: FolderPictureStore, calls: list[str]
):
    store.put(b"abc")

    assert calls == [
        "mkdir b",
        "sync .",
        "mkdir b/a7",
        "sync b",
        "sync incoming/*",
        "rename incoming/* b/a7/PICTURE",
        "sync b/a7",
    ]


def test_a_picture_that_is_there_is_made_sure_of(store: FolderPictureStore, calls: list[str]):
    store.put(b"abc")
    calls.clear()
    again = FolderPictureStore(store.folder, KEY)
    calls.clear()
    again.put(b"abc")
    again.close()

    # Its writer may have fallen between the rename and the sync.
    assert calls == ["mkdir b", "sync .", "mkdir b/a7", "sync b", "sync b/a7"]


def test_many_threads_may_store_the_same_picture(store: FolderPictureStore):
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(store.put(b"abc" * 10_000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(names)) == 1
    assert store.get(names[0]) == b"abc" * 10_000
    assert len(files(store)) == 2


def test_a_changed_or_missing_picture_is_not_given_out(store: FolderPictureStore):
    store.put(b"abc")
    store.path(ABC).write_bytes(b"abd")
    with pytest.raises(StorageDamaged) as changed:
        store.get(ABC)
    assert changed.value.context == {"what": f"picture {ABC}"}

    store.path(ABC).unlink()
    with pytest.raises(StorageDamaged):
        store.get(ABC)
    for name in ("", "../../etc/passwd", ABC.upper(), ABC + "\n"):
        with pytest.raises(StorageDamaged):
            store.get(name)


def test_a_damaged_copy_is_replaced_when_the_picture_comes_again(store: FolderPictureStore):
    store.put(b"abc")
    store.path(ABC).write_bytes(b"abd")

    store.put(b"abc")

    assert store.get(ABC) == b"abc"


def test_a_full_disk_leaves_nothing_half(store: FolderPictureStore):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StorageFull):
            store.put(bytes(200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert files(store) == [".lock"]
    assert store.get(store.put(bytes(200_000))) == bytes(200_000)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EIO, StorageMissing),
        (errno.EROFS, StorageMissing),
    ],
)
def test_what_the_disk_reports_has_a_name(
    store: FolderPictureStore, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
):
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(kind) as told:
        store.put(b"abc")

    assert told.value.context == {"what": "pictures", "detail": errno.errorcode[number]}
    assert files(store) == [".lock"]


def test_a_folder_that_cannot_be_made_is_missing(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageMissing):
        FolderPictureStore(tmp_path / "file" / "pictures", KEY)


def test_a_sweep_moves_what_nobody_knows_and_keeps_it(store: FolderPictureStore):
    store.put(b"abc")
    orphan = store.put(b"nobody's")
    (store.folder / "incoming" / "tmp123").write_bytes(b"half")

    assert store.sweep({ABC}) == Swept(quarantined=(orphan,), unfinished=1)

    assert files(store) == [".lock", f"b/a7/{ABC}", f"quarantine/{orphan}"]
    with (store.folder / "quarantine" / orphan).open("rb") as file:
        assert b"".join(map(bytes, sealed.opened(file, orphan, KEY))) == b"nobody's"
    assert store.sweep({ABC}) == Swept()


def test_a_store_that_another_process_uses_is_not_held_alone(store: FolderPictureStore):
    other = FolderPictureStore(store.folder, KEY)
    with store.alone() as alone:
        assert not alone
    other.close()
    with store.alone() as alone:
        assert alone
