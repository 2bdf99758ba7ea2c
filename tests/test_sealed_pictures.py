"""The format of a stored picture under attack: flipped, cut, swapped, moved, wrapped by another key."""

import errno
import fcntl
import os
import random
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from station.errors import StorageDamaged, StorageLocked, StorageMissing
from station.storage import picture_store, sealed
from station.storage.keys.station_key import Purpose, StationKey
from station.storage.picture_store import FolderPictureStore

KEY, NEW, OTHER = (StationKey(bytes([n]) * 32) for n in (1, 2, 3))
PLAIN = b"\xff\xd8\xff\xe0 a picture of invented things " * 100
NAME = sha256(PLAIN).hexdigest()
PART = sealed.PART_BYTES


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderPictureStore]:
    opened = FolderPictureStore(tmp_path / "pictures", KEY)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "sealed"
    path.write_bytes(written())
    with path.open("r+b", buffering=0) as opened:
        yield opened


def written() -> bytes:
    file = BytesIO()
    sealed.seal(file, PLAIN, NAME, KEY)
    return file.getvalue()


def read(file: BinaryIO, key: StationKey = KEY, name: str = NAME) -> bytes:
    return b"".join(map(bytes, sealed.opened(file, name, key)))


def contents(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 7])
def test_a_picture_of_any_size_comes_back_and_shows_nothing(store: FolderPictureStore, size: int):
    plain = (PLAIN * (size // len(PLAIN) + 1))[:size]
    name = store.put(plain)
    assert name == sha256(plain).hexdigest()
    assert store.get(name) == plain
    data = store.path(name).read_bytes()
    # 160 bytes of head, 16 of tag for each part, of which there is always one.
    assert len(data) == 160 + size + 16 * max(1, -(-size // PART))
    assert b"invented" not in data and b"\xff\xd8\xff" not in data[:64]


def test_the_format_is_what_its_description_says(file: BinaryIO):
    data = contents(file)
    assert data[:8] == b"\x89VSP\r\n\x1a\n" and data[8:12] == b"\1\0\0\0"
    assert int.from_bytes(data[12:16], "big") == 2**20
    assert int.from_bytes(data[16:24], "big") == len(PLAIN)
    bound = data[:24] + bytes.fromhex(NAME)
    assert data[24:32].hex() == KEY.id
    own = AESGCM(KEY.derived(Purpose.PICTURES)).decrypt(data[32:44], data[44:92], bound)
    assert data[92:160] == bytes(68)
    assert AESGCM(own).decrypt(bytes(11) + b"\1", data[160:], bound) == PLAIN


def test_the_same_picture_is_never_sealed_alike():
    one, two = written(), written()
    assert one[160:] != two[160:] and one[32:92] != two[32:92]


def test_no_key_is_used_twice_and_no_number_under_one(
    store: FolderPictureStore, monkeypatch: pytest.MonkeyPatch
):
    used: list[tuple[bytes, bytes]] = []

    class Watched:
        def __init__(self, key: bytes) -> None:
            self._key, self._real = key, AESGCM(key)

        def encrypt_into(self, nonce: bytes, *rest: Any) -> int:
            used.append((self._key, nonce))
            return self._real.encrypt_into(nonce, *rest)

    monkeypatch.setattr(sealed, "_cipher", Watched)
    for path in (store.path(store.put(bytes([n]) * (2 * PART + 1 + n))) for n in range(3)):
        store.seal(path, bytes(PART + 1))
    # Three pictures in three parts each, and each once more in two.
    assert len(set(used)) == len(used) == 3 * 3 + 3 * 2
    assert len({key for key, _ in used}) == 6
    assert all(len(key) == 32 and len(nonce) == 12 for key, nonce in used)


def test_a_picture_that_is_cut_off_while_it_is_read_is_found(store: FolderPictureStore):
    path = store.path(store.put(bytes(3 * PART)))
    with path.open("r+b") as file:
        parts = sealed.opened(file, path.name, KEY)
        assert bytes(next(parts)) == bytes(PART)
        os.truncate(path, 160 + PART + 16 + 5)
        with pytest.raises(sealed.Unsealable):
            next(parts)


def test_what_is_given_out_of_a_picture_cannot_be_written_over(file: BinaryIO):
    (part,) = sealed.opened(file, NAME, KEY)
    assert part.readonly


def test_any_bit_that_was_flipped_is_found(store: FolderPictureStore):
    chance = random.Random(7)
    store.put(PLAIN)
    path = store.path(NAME)
    whole = path.read_bytes()
    places = [*range(92), *(chance.randrange(160, len(whole)) for _ in range(60)), len(whole) - 1]
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        with pytest.raises(StorageDamaged) as told:
            store.get(NAME)
        assert told.value.context == {"what": f"picture {NAME}"}
        assert not store.proves(path)
    path.write_bytes(whole)
    assert store.get(NAME) == PLAIN


@pytest.mark.parametrize("length", [0, 7, 24, 159, 160, 161, -17, -16, -1])
def test_a_picture_that_was_cut_off_or_grew_is_found(store: FolderPictureStore, length: int):
    store.put(PLAIN)
    path = store.path(NAME)
    whole = path.read_bytes()
    for data in (whole[:length], whole + b"\0"):
        path.write_bytes(data)
        with pytest.raises(StorageDamaged):
            store.get(NAME)


def test_parts_cannot_be_left_out_swapped_or_repeated(store: FolderPictureStore):
    plain = b"".join(bytes([n]) * PART for n in range(3))
    name = store.put(plain)
    path = store.path(name)
    whole = path.read_bytes()
    head, step = whole[:160], PART + 16
    one, two, three = (whole[160 + n * step :][:step] for n in range(3))
    for parts in ((two, one, three), (one, one, three), (one, three), (one, two), (one, two, two)):
        shorter = head[:16] + (PART * len(parts)).to_bytes(8, "big") + head[24:]
        for begin in (head, shorter):
            path.write_bytes(begin + b"".join(parts))
            with pytest.raises(StorageDamaged):
                store.get(name)


def test_a_picture_under_the_name_of_another_is_found(store: FolderPictureStore):
    store.put(PLAIN)
    other = store.put(b"another applicant")
    store.path(NAME).write_bytes(store.path(other).read_bytes())
    with pytest.raises(StorageDamaged):
        store.get(NAME)
    assert store.get(other) == b"another applicant"


def test_a_plain_picture_is_not_taken_for_one_of_ours(store: FolderPictureStore):
    store.put(PLAIN)
    store.path(NAME).write_bytes(PLAIN)
    with pytest.raises(StorageDamaged):
        store.get(NAME)


def test_another_key_opens_nothing(store: FolderPictureStore, file: BinaryIO):
    with pytest.raises(sealed.Unsealable):
        read(file, OTHER)
    assert sealed.key_ids(file) == (KEY.id,)


def test_a_picture_of_fifty_megabytes_is_in_memory_once(store: FolderPictureStore):
    plain = bytes(50_000_000)
    tracemalloc.start()
    try:
        name = store.put(plain)
        assert tracemalloc.get_traced_memory()[1] < 8 * PART
        tracemalloc.reset_peak()
        got = store.get(name)
        # What grows by and by keeps an eighth in reserve (CPython, bytesio.c).
        assert tracemalloc.get_traced_memory()[1] < len(plain) * 1.2 + 8 * PART
    finally:
        tracemalloc.stop()
    assert got == plain


# -- the two places of the key --------------------------------------------------------------------------------


def test_a_new_key_is_added_and_the_old_one_taken_away_without_touching_the_picture(file: BinaryIO):
    before = contents(file)
    for _ in range(2):
        sealed.add_key(file, NAME, KEY, NEW)
        assert (read(file, KEY), read(file, NEW)) == (PLAIN, PLAIN)
    for _ in range(2):
        sealed.keep_only(file, NAME, NEW)
    assert read(file, NEW) == PLAIN
    with pytest.raises(sealed.Unsealable):
        read(file, KEY)
    assert bytes.fromhex(KEY.id) not in contents(file)
    assert contents(file)[160:] == before[160:]


def test_what_an_abandoned_rotation_left_makes_room_for_the_next(file: BinaryIO):
    sealed.add_key(file, NAME, KEY, OTHER)
    sealed.add_key(file, NAME, KEY, NEW)
    assert sealed.key_ids(file) == (KEY.id, NEW.id)
    assert read(file, NEW) == PLAIN


def test_a_place_that_was_half_written_leaves_the_other_one_good(file: BinaryIO):
    sealed.add_key(file, NAME, KEY, NEW)
    for torn in (5, 20, 40, 67):
        file.seek(92 + torn)
        file.write(bytes(68 - torn))
        file.flush()
        assert read(file, KEY) == PLAIN
        sealed.add_key(file, NAME, KEY, NEW)
        assert read(file, NEW) == PLAIN


def test_the_last_key_that_opens_a_picture_is_never_taken_away(file: BinaryIO):
    with pytest.raises(sealed.Unsealable):
        sealed.keep_only(file, NAME, NEW)
    with pytest.raises(sealed.Unsealable):
        sealed.add_key(file, NAME, OTHER, NEW)
    assert read(file, KEY) == PLAIN


def test_what_is_no_sealed_picture_has_no_key(tmp_path: Path):
    for data in (b"", b"\x89PNG\r\n\x1a\n" + bytes(500), sealed.MAGIC, sealed.MAGIC + bytes(500)):
        path = tmp_path / "file"
        path.write_bytes(data)
        with path.open("rb") as file:
            assert sealed.key_ids(file) == ()
            assert sealed.is_sealed(file) == data.startswith(sealed.MAGIC)


# -- the folder -----------------------------------------------------------------------------------------------


def test_a_start_waits_for_who_holds_the_folder_alone_and_then_says_so(
    store: FolderPictureStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(picture_store, "_HOLD_MS", 50)
    with store.alone() as alone:
        assert alone
        with pytest.raises(StorageLocked) as told:
            FolderPictureStore(store.folder, KEY)
        assert told.value.context == {"what": "pictures", "detail": "held_alone"}
    FolderPictureStore(store.folder, KEY).close()


def test_a_folder_that_cannot_be_held_is_missing_and_is_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    before = os.listdir("/proc/self/fd")
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refuse)
        with pytest.raises(StorageMissing) as told:
            FolderPictureStore(tmp_path / "pictures", KEY)
    assert told.value.context == {"what": "pictures", "detail": "ENOLCK"}
    (tmp_path / "pictures" / "incoming").write_bytes(b"no folder")
    with pytest.raises(StorageMissing):
        FolderPictureStore(tmp_path / "pictures", KEY)
    assert os.listdir("/proc/self/fd") == before
