"""Finds the station key of a data folder, and makes one where there is nothing yet to lose."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from station.errors import StationKeyDamaged, StationKeyMissing
from station.storage.durable import named_trouble, write_file, write_new_file
from station.storage.keys import key_store
from station.storage.keys.station_key import StationKey
from station.storage.keys.vault import (
    NAME,
    Kept,
    Vault,
    kept_beside,
    kept_by_passphrase,
    kept_by_system,
    read_vault,
    unwrapped,
)


@dataclass(frozen=True, slots=True)
class Safekeeping:
    """How a station keeps its key: by the passphrase if there is one, in the key store, else beside the data.

    `passphrase` gives the one that was set, or None; `ask` asks somebody for one that is needed and was not
    set. `key_store` lets the operating system's key store be used where it is a real one. `beside` allows a key
    that lies unprotected beside the data; without it such a station does not start.
    """

    passphrase: Callable[[], str | None] = lambda: None
    ask: Callable[[], str | None] = lambda: None
    key_store: bool = False
    beside: bool = True


def make_vault(key: StationKey, safekeeping: Safekeeping, kept: Kept | None = None) -> Vault:
    """Return the vault of this key as it is wanted, or as the safest way that there is. Nothing is written yet.

    Raises:
        PassphraseRefused: the passphrase is too short.
        StationKeyMissing: there is no such way on this station.
    """
    passphrase = safekeeping.passphrase() if kept in (None, Kept.PASSPHRASE) else None
    if kept is Kept.PASSPHRASE and passphrase is None:
        passphrase = safekeeping.ask()
    if passphrase is not None:
        return kept_by_passphrase(key, passphrase)
    if kept is Kept.PASSPHRASE:
        raise StationKeyMissing(reason="no_passphrase", key=key.id)
    if kept is Kept.SYSTEM or (kept is None and safekeeping.key_store):
        if key_store.put(key):
            return kept_by_system(key)
        if kept is Kept.SYSTEM:
            raise StationKeyMissing(reason="no_key_store", key=key.id)
    if not safekeeping.beside:
        raise StationKeyMissing(reason="no_protection", key=key.id)
    return kept_beside(key)


def open_vault(vault: Vault, safekeeping: Safekeeping) -> StationKey:
    """Return the key that this vault keeps.

    Raises:
        StationKeyMissing: what opens it is not there, or it lies beside the data, where that is not allowed.
        PassphraseRefused: the passphrase is not the one.
        StationKeyDamaged: somebody without the key wrote it.
    """
    key = StationKey(_OPENERS[vault.kept](vault, safekeeping))
    if not vault.is_by(key):
        raise StationKeyDamaged(what=NAME)
    return key


def write_vault(folder: Path, vault: Vault, key: StationKey, name: str = NAME) -> None:
    """Write the vault, proved by its key, in the place of the one that is there.

    Raises:
        StorageFull, StorageMissing.
    """
    with named_trouble("station key"):
        write_file(folder / name, vault.proved(key).to_bytes())


def first_vault(folder: Path, safekeeping: Safekeeping, *, converting: bool) -> Vault:
    """Make a key for a folder that has none; of two stations that do so at once the first one's counts.

    Raises:
        PassphraseRefused, StationKeyMissing, StorageFull, StorageMissing.
    """
    key = StationKey.made()
    vault = replace(make_vault(key, safekeeping), converting=converting).proved(key)
    with named_trouble("station key"):
        was_first = write_new_file(folder / NAME, vault.to_bytes())
    if was_first:
        return vault
    forget(vault)
    found = read_vault(folder / NAME)
    if found is None:
        raise StationKeyMissing(reason="no_vault", key="")
    return found


def forget(vault: Vault) -> None:
    """Let go of what a vault that counts no more left outside of itself."""
    if vault.kept is Kept.SYSTEM:
        key_store.remove(vault.key_id)


def _by_passphrase(vault: Vault, safekeeping: Safekeeping) -> bytes:
    passphrase = safekeeping.passphrase()
    if passphrase is None:
        passphrase = safekeeping.ask()
    if passphrase is None:
        raise StationKeyMissing(reason="no_passphrase", key=vault.key_id)
    return unwrapped(vault, passphrase)


def _by_system(vault: Vault, _: Safekeeping) -> bytes:
    return key_store.get(vault.key_id)


def _beside(vault: Vault, safekeeping: Safekeeping) -> bytes:
    if not safekeeping.beside:
        raise StationKeyMissing(reason="no_protection", key=vault.key_id)
    return bytes.fromhex(vault.secret)


_OPENERS: dict[Kept, Callable[[Vault, Safekeeping], bytes]] = {
    Kept.PASSPHRASE: _by_passphrase,
    Kept.SYSTEM: _by_system,
    Kept.BESIDE: _beside,
}
