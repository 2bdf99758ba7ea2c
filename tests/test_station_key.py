"""The key of the stored data: found, refused, never made anew over data, brought back from paper."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import keyring
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from station.errors import (
    PassphraseRefused,
    StationKeyDamaged,
    StationKeyMissing,
    StationKeyOther,
    StorageDamaged,
    StorageMissing,
)
from station.storage.key_desk import KeyDesk
from station.storage.keys import key_store, vault
from station.storage.keys.keeper import Safekeeping
from station.storage.keys.passphrase import read_passphrase
from station.storage.keys.station_key import Purpose, StationKey
from station.storage.open import OpenStore, key_acts, open_store
from tests.stored import applicant, expected

KEY = StationKey(bytes(range(32)))
PHRASE = Safekeeping(passphrase=lambda: "seven grey herons wade")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases a little only; what is asked of Argon2id stands in the vault in any case."""
    wrapping = vault.Wrapping
    monkeypatch.setattr(vault, "Wrapping", lambda *a, **k: wrapping(*a, **{"memory_kib": 64, "passes": 1, **k}))


class Store(KeyringBackend):
    """A key store as an operating system has one."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Put a key store into the operating system."""
    before, store = keyring.get_keyring(), Store()
    monkeypatch.setattr(key_store, "REAL", (Store.__module__,))
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


def filled(folder: Path, safekeeping: Safekeeping | None = None) -> str:
    """Leave a store with a record and a picture behind; returns the picture's name."""
    with closing(open_store(folder, safekeeping=safekeeping)) as store:
        expected(store, applicant())
        return store.pictures.put(b"a picture")


def opened(folder: Path, safekeeping: Safekeeping | None = None) -> OpenStore:
    store = open_store(folder, safekeeping=safekeeping)
    with store.units() as work:
        assert len(work.records.today()) == 1
    return store


def desk(folder: Path, safekeeping: Safekeeping | None = None) -> KeyDesk:
    acts = partial(key_acts, folder, None, "")
    return KeyDesk(folder, folder / "station.sqlite3", safekeeping or Safekeeping(), acts)


def the_vault(folder: Path) -> vault.Vault:
    found = vault.read_vault(folder / vault.NAME)
    assert found is not None
    return found


# -- derivation -----------------------------------------------------------------------------------------------


def test_every_purpose_has_a_key_of_its_own_by_hkdf():
    keys = {purpose: KEY.derived(purpose) for purpose in Purpose}
    assert len(set(keys.values())) == len(Purpose)
    # RFC 5869 by the library directly: SHA-256, no salt, the purpose as `info`.
    by_hand = HKDF(SHA256(), 32, None, b"visa-station/1/database").derive(bytes(range(32)))
    assert keys[Purpose.DATABASE] == by_hand


def test_nothing_of_a_key_is_shown():
    kept = vault.kept_beside(KEY)
    assert KEY.secret.hex() not in f"{KEY!r}{KEY}{kept!r}"
    assert KEY.id in repr(KEY)


# -- the passphrase -------------------------------------------------------------------------------------------


def test_a_passphrase_is_stretched_by_argon2id_as_rfc_9106_recommends_where_memory_is_short():
    wrapping = vault.kept_by_passphrase(KEY, "seven grey herons wade").wrapping
    assert wrapping is not None
    # RFC 9106, section 4, second recommended option: t=3, p=4, m=2^16 KiB, 128 bits of salt.
    assert (wrapping.passes, wrapping.lanes, wrapping.memory_kib, len(wrapping.salt)) == (3, 4, 2**16, 32)


def test_a_passphrase_opens_what_it_wrapped_and_no_other_does(quick: None, tmp_path: Path):
    name = filled(tmp_path, PHRASE)
    held = (tmp_path / vault.NAME).read_bytes()
    assert stat.S_IMODE((tmp_path / vault.NAME).stat().st_mode) == 0o600
    with closing(opened(tmp_path, PHRASE)) as store:
        assert store.pictures.get(name) == b"a picture"
        assert store.notices == ()
    for other in ("seven grey herons wave", "seven grey herons wade ", "x" * 20):
        with pytest.raises(PassphraseRefused) as told:
            open_store(tmp_path, safekeeping=Safekeeping(passphrase=lambda other=other: other))
        assert told.value.context == {"reason": "wrong"}
        assert other not in repr(told.value)
    with pytest.raises(StationKeyMissing) as missing:
        open_store(tmp_path)
    assert missing.value.context["reason"] == "no_passphrase"
    assert (tmp_path / vault.NAME).read_bytes() == held


def test_the_same_letters_from_another_keyboard_are_the_same_passphrase(quick: None, tmp_path: Path):
    filled(tmp_path, Safekeeping(passphrase=lambda: "\N{LATIN SMALL LETTER E WITH ACUTE}lan du matin gris"))
    decomposed = "e\N{COMBINING ACUTE ACCENT}lan du matin gris"
    opened(tmp_path, Safekeeping(passphrase=lambda: decomposed)).close()


def test_a_passphrase_that_is_asked_for_opens_but_is_not_asked_for_where_none_is_needed(
    quick: None, tmp_path: Path
):
    def never() -> str:
        raise AssertionError("asked")

    filled(tmp_path / "beside", Safekeeping(ask=never))
    opened(tmp_path / "beside", Safekeeping(ask=never)).close()
    filled(tmp_path / "wrapped", PHRASE)
    opened(tmp_path / "wrapped", Safekeeping(ask=PHRASE.passphrase)).close()


def test_a_short_passphrase_is_refused_before_anything_is_stored(tmp_path: Path):
    with pytest.raises(PassphraseRefused) as told:
        open_store(tmp_path, safekeeping=Safekeeping(passphrase=lambda: "elevenchars"))
    assert told.value.context["reason"] == "short"
    assert not (tmp_path / vault.NAME).exists()


@pytest.mark.parametrize(("content", "phrase"), [(b"one line\n", "one line"), (b"dos\r\nmore", "dos")])
def test_the_first_line_of_a_file_is_the_passphrase(tmp_path: Path, content: bytes, phrase: str):
    (tmp_path / "phrase").write_bytes(content)
    assert read_passphrase(tmp_path / "phrase") == phrase


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_file_without_a_passphrase_is_refused(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "phrase").write_bytes(content)
    with pytest.raises(PassphraseRefused) as told:
        read_passphrase(tmp_path / "phrase")
    assert told.value.context == {"reason": "unreadable"}


# -- the operating system's key store -------------------------------------------------------------------------


def test_a_key_in_the_key_store_lies_nowhere_in_the_data_folder(system: Store, tmp_path: Path):
    name = filled(tmp_path, Safekeeping(key_store=True))
    ((place, secret),) = system.held.items()
    assert place == ("visa-station", the_vault(tmp_path).key_id)
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in files and bytes.fromhex(secret) not in files
    with closing(opened(tmp_path, Safekeeping(key_store=True))) as store:
        assert store.pictures.get(name) == b"a picture"
        assert store.notices == ()
    system.held.clear()
    with pytest.raises(StationKeyMissing) as told:
        open_store(tmp_path, safekeeping=Safekeeping(key_store=True))
    assert told.value.context["reason"] == "not_in_key_store"


class FileStore(Store):
    """Writes what it holds to a file, as those of keyrings.alt do."""


FileStore.__module__ = "keyrings.alt.file"


@pytest.mark.parametrize(
    "store", [null.Keyring(), fail.Keyring(), FileStore()], ids=lambda it: type(it).__module__
)
def test_a_key_store_that_protects_nothing_is_none(store: KeyringBackend, tmp_path: Path):
    before = keyring.get_keyring()
    keyring.set_keyring(store)
    try:
        with closing(open_store(tmp_path / "any", safekeeping=Safekeeping(key_store=True))) as told:
            assert told.notices == ("key_beside",)
        with pytest.raises(StationKeyMissing) as refused:
            open_store(tmp_path / "strict", safekeeping=Safekeeping(key_store=True, beside=False))
        assert refused.value.context["reason"] == "no_protection"
        assert not (tmp_path / "strict" / vault.NAME).exists()
    finally:
        keyring.set_keyring(before)


def test_a_chain_of_key_stores_is_asked_for_the_one_that_protects(
    system: Store, monkeypatch: pytest.MonkeyPatch
):
    real = Store()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", (FileStore(), null.Keyring(), real))
    keyring.set_keyring(chainer.ChainerBackend())
    assert key_store.put(KEY)
    assert real.held


# -- missing, other, damaged ----------------------------------------------------------------------------------


def test_a_key_is_never_made_over_sealed_data(tmp_path: Path):
    filled(tmp_path)
    (tmp_path / vault.NAME).unlink()
    for gone in ((), ("station.sqlite3",)):
        for name in gone:
            (tmp_path / name).unlink()
        with pytest.raises(StationKeyMissing) as told:
            open_store(tmp_path)
        assert told.value.context["reason"] == "no_vault"
        assert not (tmp_path / vault.NAME).exists()


def test_the_vault_of_another_station_opens_nothing_and_says_whose_it_is(tmp_path: Path):
    filled(tmp_path / "own")
    filled(tmp_path / "other")
    own, other = the_vault(tmp_path / "own"), the_vault(tmp_path / "other")
    (tmp_path / "own" / vault.NAME).write_bytes(other.to_bytes())
    with pytest.raises(StationKeyOther) as told:
        open_store(tmp_path / "own")
    assert told.value.context == {"what": "database", "expected": other.key_id, "found": own.key_id}


def test_a_database_of_another_station_is_told_from_a_damaged_one(tmp_path: Path):
    filled(tmp_path / "own")
    filled(tmp_path / "other")
    database = tmp_path / "own" / "station.sqlite3"
    database.write_bytes((tmp_path / "other" / "station.sqlite3").read_bytes())
    with pytest.raises(StationKeyOther):
        open_store(tmp_path / "own")
    database.write_bytes(os.urandom(8192))
    with pytest.raises(StorageDamaged):
        open_store(tmp_path / "own")


def test_a_right_mark_with_a_wrong_key_is_told_without_a_word_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    filled(tmp_path / "own")
    filled(tmp_path / "other")
    own, other = (tmp_path / name / "station.sqlite3" for name in ("own", "other"))
    own.write_bytes(own.read_bytes()[:16] + other.read_bytes()[16:])
    with pytest.raises(StorageDamaged) as told:
        open_store(tmp_path / "own")
    assert told.value.context == {"what": "database", "detail": "SQLITE_NOTADB"}
    assert capfd.readouterr() == ("", "")


@given(st.data())
def test_a_vault_with_any_byte_changed_is_damaged_or_the_same(data: st.DataObject):
    text = bytearray(vault.kept_beside(KEY).proved(KEY).to_bytes())
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] ^= data.draw(st.integers(1, 255))
    path = Path(os.environ["STATION_DATA_DIR"])
    path.mkdir(exist_ok=True)
    (path / vault.NAME).write_bytes(text)
    try:
        assert vault.read_vault(path / vault.NAME) == vault.kept_beside(KEY).proved(KEY)
    except StationKeyDamaged as damage:
        assert damage.context == {"what": vault.NAME}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'{"sum": 1}', b"\xff", b"{" * 5000])
def test_what_is_no_vault_is_damaged_and_left_alone(tmp_path: Path, content: bytes):
    filled(tmp_path)
    (tmp_path / vault.NAME).write_bytes(content)
    with pytest.raises(StationKeyDamaged):
        open_store(tmp_path)
    assert (tmp_path / vault.NAME).read_bytes() == content


def test_who_writes_a_vault_without_the_key_is_found_out(quick: None, tmp_path: Path):
    """The digest can be made by anybody; what the key itself says cannot."""
    filled(tmp_path, PHRASE)
    forged = replace(the_vault(tmp_path), converting=True)
    (tmp_path / vault.NAME).write_bytes(forged.to_bytes())
    with pytest.raises(StationKeyDamaged):
        open_store(tmp_path, safekeeping=PHRASE)


@pytest.mark.parametrize(
    ("name", "value"), [("memory_kib", 1 << 24), ("passes", 10**9), ("lanes", 0), ("memory_kib", 31)]
)
def test_a_vault_that_asks_for_the_whole_machine_is_refused(quick: None, tmp_path: Path, name: str, value: int):
    filled(tmp_path, PHRASE)
    held = the_vault(tmp_path)
    assert held.wrapping is not None
    forged = replace(held, wrapping=replace(held.wrapping, **{name: value}))
    (tmp_path / vault.NAME).write_bytes(forged.to_bytes())
    with pytest.raises(StationKeyDamaged):
        open_store(tmp_path, safekeeping=PHRASE)


def test_a_vault_of_a_newer_program_is_not_guessed_at(tmp_path: Path):
    table = json.loads(vault.kept_beside(KEY).proved(KEY).to_bytes())
    table |= {"format": 2}
    table["sum"] = vault._sum({name: value for name, value in table.items() if name != "sum"})
    (tmp_path / vault.NAME).write_text(json.dumps(table))
    with pytest.raises(StationKeyDamaged):
        vault.read_vault(tmp_path / vault.NAME)


def test_a_folder_that_cannot_be_read_is_missing(tmp_path: Path):
    (tmp_path / vault.NAME).mkdir()
    with pytest.raises(StorageMissing):
        vault.read_vault(tmp_path / vault.NAME)


# -- the technician's door -------------------------------------------------------------------------------------


def test_a_lost_key_comes_back_from_paper_and_from_no_other_paper(tmp_path: Path):
    name = filled(tmp_path / "own")
    filled(tmp_path / "other")
    paper = "\n".join(desk(tmp_path / "own").sheet())
    others = "\n".join(desk(tmp_path / "other").sheet())
    for lost in (lambda path: path.unlink(), lambda path: path.write_bytes(b"damaged")):
        lost(tmp_path / "own" / vault.NAME)
        with pytest.raises(StationKeyOther):
            desk(tmp_path / "own").restore(others)
        desk(tmp_path / "own").restore(paper)
        with closing(opened(tmp_path / "own")) as store:
            assert store.pictures.get(name) == b"a picture"


def test_a_key_is_kept_otherwise_without_touching_the_data(quick: None, system: Store, tmp_path: Path):
    name = filled(tmp_path)
    (stored,) = (tmp_path / "pictures").glob("?/??/*")
    before = stored.read_bytes()
    safekeeping = replace(PHRASE, key_store=True)
    for kept in ("passphrase", "system", "passphrase", "beside"):
        told = desk(tmp_path, safekeeping).keep(kept)
        assert (told.kept, bool(system.held)) == (kept, kept == "system")
        with closing(opened(tmp_path, safekeeping)) as store:
            assert store.pictures.get(name) == b"a picture"
            assert store.notices == (("key_beside",) if kept == "beside" else ())
    assert stored.read_bytes() == before
    with pytest.raises(StationKeyMissing):
        desk(tmp_path).keep("passphrase")


def test_a_key_that_may_not_lie_unprotected_is_moved_to_where_it_may(quick: None, tmp_path: Path):
    filled(tmp_path)
    strict = replace(PHRASE, beside=False)
    with pytest.raises(StationKeyMissing) as told:
        open_store(tmp_path, safekeeping=strict)
    assert told.value.context["reason"] == "no_protection"
    assert desk(tmp_path, strict).keep("passphrase").kept == "passphrase"
    opened(tmp_path, strict).close()
    with pytest.raises(StationKeyMissing):
        desk(tmp_path, strict).keep("beside")


def test_to_look_at_the_key_makes_none(tmp_path: Path):
    for ask in (desk(tmp_path).told, desk(tmp_path).sheet, lambda: desk(tmp_path).rotate(lambda *_: None)):
        with pytest.raises(StationKeyMissing) as told:
            ask()
        assert told.value.context == {"reason": "none_yet"}
    assert not (tmp_path / vault.NAME).exists()
