"""One bit of a stored file turns over: it is noticed on opening or by verify, named, not mended in silence."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from station.errors import StationError, StationKeyDamaged, StorageDamaged
from station.model.audit import AnchorReason
from station.model.visit import ActKind
from station.storage.audit_proof import prove
from station.storage.keys.keeper import Safekeeping
from station.storage.keys.vault import NAME as VAULT
from station.storage.keys.vault import read_vault
from station.storage.open import NAME, open_store
from station.storage.signing import NAME as KEY
from station.storage.signing import Signer
from station.storage.station_keys import StationKeys
from station.storage.unlock import unlock
from tests.stored import act, applicant, expected, picture, visit_of

SEED = 31
PAGE_BYTES = 4096


def page(number: int) -> bytes:
    return random.Random(number).randbytes(20_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with visits, pictures, and anchors of its audit."""
    made = tmp_path_factory.mktemp("flipped") / "data"
    with closing(open_store(made)) as store:
        for number, record in enumerate(expected(store, *(applicant(f"F-{n}") for n in range(3)))):
            data = page(number)
            store.pictures.put(data)
            with store.units() as work:
                visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
                visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=f"page-{number}"))
                work.records.put(record.attach(picture(f"page-{number}", data)))
                work.audit.anchor(AnchorReason.SIGN_OUT)
                work.commit()
    return made


@contextmanager
def flipped(path: Path, byte: int, bit: int) -> Iterator[None]:
    """Turn one bit of a file over; at the end it still lies there so, and is turned back."""
    data = bytearray(path.read_bytes())
    good = bytes(data)
    data[byte] ^= 1 << bit
    path.write_bytes(data)
    try:
        yield
        assert path.read_bytes() == bytes(data), "was mended or changed in silence"
    finally:
        path.write_bytes(good)


def told(folder: Path) -> set[tuple[str, str]]:
    """Return what a start or a proof says."""
    try:
        with closing(open_store(folder)) as store:
            return {(problem.kind.value, problem.what) for problem in store.verify()}
    except StationError as error:
        return {(error.code, str(error.context.get("what")))}


def some(path: Path, count: int) -> list[tuple[int, int]]:
    """Choose bits of a file, of its first and last byte too."""
    chance, size = random.Random(SEED), path.stat().st_size
    places = [0, size - 1, *(chance.randrange(size) for _ in range(count - 2))]
    return [(place, chance.randrange(8)) for place in places]


def test_nothing_is_wrong_before(folder: Path) -> None:
    assert told(folder) == set()


def test_a_bit_of_a_picture_is_noticed_by_its_name(folder: Path) -> None:
    for path in (folder / "pictures").glob("?/??/*"):
        for place in (*some(path, 4), (8, 0), (20, 3), (24, 1), (91, 7)):
            with flipped(path, *place):
                assert told(folder) == {("picture_changed", path.name)}, place
        # The place for a second key is empty: what stands there opens nothing, as after a change was killed.
        with flipped(path, 100, 7):
            assert told(folder) == set()


def test_a_bit_of_any_page_of_the_database_is_noticed(folder: Path) -> None:
    path = folder / NAME
    chance = random.Random(SEED)
    unnoticed = []
    for start in range(0, path.stat().st_size, PAGE_BYTES):
        place = (start + chance.randrange(PAGE_BYTES), chance.randrange(8))
        with flipped(path, *place):
            if not told(folder):
                unnoticed.append(place)
    assert unnoticed == []
    assert told(folder) == set()


def test_a_bit_of_any_byte_of_the_vault_is_noticed(folder: Path) -> None:
    path = folder / VAULT
    for byte in range(path.stat().st_size):
        for bit in (byte % 8, 5):
            with flipped(path, byte, bit), pytest.raises(StationKeyDamaged):
                read_vault(path)
    with flipped(path, 100, 3):
        assert told(folder) == {(StationKeyDamaged.code, VAULT)}


def test_every_bit_of_the_signing_key_is_noticed(folder: Path) -> None:
    path = folder / KEY
    key = unlock(folder, folder / NAME, Safekeeping()).key
    for byte in range(path.stat().st_size):
        for bit in range(8):
            with flipped(path, byte, bit), pytest.raises(StorageDamaged):
                Signer(folder, "", key).key()
    for place in some(path, 4):
        with flipped(path, *place):
            assert ("station_key_damaged", "station key") in told(folder)


def test_a_bit_of_the_anchors_is_noticed(folder: Path) -> None:
    path = folder / "audit.anchors"
    end = path.stat().st_size - 1  # a last line without its end is one that a power cut left unfinished
    with closing(open_store(folder)) as store, store.engine.connect() as connection:
        keys = StationKeys(connection, store.signer)
        for byte in range(0, end, 29):
            for bit in range(8):
                with flipped(path, byte, bit):
                    found = prove(connection, keys, store.anchors)
                    assert any("audit.anchors" in what for _, what in found), byte
    with flipped(path, 200, 5):
        assert told(folder) >= {("audit_changed", "line 1 of audit.anchors")}
