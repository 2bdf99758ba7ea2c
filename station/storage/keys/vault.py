"""The file `station.vault`: which key the data folder has, how it is kept, and where no key store is, itself.

JSON with a version. A digest over all of it tells a damaged file from a wrong passphrase; the key's own proof
over it tells whether somebody without the key wrote it. `kept` is one of:

    system      the key lies in the operating system's key store, under its id
    passphrase  wrapped here by AES-256-GCM with Argon2id of a passphrase (RFC 9106, second recommendation)
    beside      here as it is: who takes the disk can read everything; said on every screen
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from station.errors import PassphraseRefused, StationKeyDamaged
from station.storage.durable import named_trouble
from station.storage.keys.station_key import SECRET_BYTES, StationKey

NAME = "station.vault"
LEAST_PASSPHRASE = 12
"""Characters: what a passphrase has at least, so that Argon2id has something to protect."""

_FORMAT = 1
_SALT = 16
_NONCE = 12
_TAG = 16
_MOST = {"memory_kib": 1 << 20, "passes": 64, "lanes": 64}
"""What a vault may ask of this machine; a changed file is not to exhaust it."""


class Kept(StrEnum):
    """How the station key is kept."""

    SYSTEM = "system"
    PASSPHRASE = "passphrase"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a passphrase wraps the key; hex digits where it is bytes."""

    salt: str
    nonce: str
    wrapped: str = field(repr=False)
    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Vault:
    """What `station.vault` says. `converting`: data from before the encryption may still lie there plainly."""

    key_id: str
    kept: Kept
    converting: bool = False
    wrapping: Wrapping | None = None
    secret: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)

    def said(self) -> bytes:
        """Return what `proof` is over."""
        return _canonical({name: value for name, value in _table(self).items() if name != "proof"})

    def proved(self, key: StationKey) -> "Vault":
        """Return it with the key's proof."""
        return replace(self, proof=key.proof(self.said()))

    def is_by(self, key: StationKey) -> bool:
        """Tell whether an owner of this key wrote it."""
        return self.key_id == key.id and self.proof == key.proof(self.said())

    def to_bytes(self) -> bytes:
        """Return the file."""
        table = _table(self)
        return json.dumps({**table, "sum": _sum(table)}, indent=1).encode() + b"\n"


def kept_beside(key: StationKey) -> Vault:
    """Return the vault that holds the key as it is."""
    return Vault(key.id, Kept.BESIDE, secret=key.secret.hex())


def kept_by_system(key: StationKey) -> Vault:
    """Return the vault of a key that the operating system's key store holds."""
    return Vault(key.id, Kept.SYSTEM)


def kept_by_passphrase(key: StationKey, passphrase: str) -> Vault:
    """Return the vault that a passphrase opens. Takes a tenth of a second and 64 MiB.

    Raises:
        PassphraseRefused: it is too short.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(passphrase) < LEAST_PASSPHRASE:
        raise PassphraseRefused(reason="short", least=LEAST_PASSPHRASE)
    wrapping = Wrapping(os.urandom(_SALT).hex(), os.urandom(_NONCE).hex(), "")
    cipher = AESGCM(_stretched(passphrase, wrapping))
    wrapped = cipher.encrypt(bytes.fromhex(wrapping.nonce), key.secret, _bound(key.id))
    return Vault(key.id, Kept.PASSPHRASE, wrapping=replace(wrapping, wrapped=wrapped.hex()))


def unwrapped(vault: Vault, passphrase: str) -> bytes:
    """Return the secret that a passphrase wraps.

    Raises:
        PassphraseRefused: it is not the one.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    wrapping = vault.wrapping
    if wrapping is None:
        raise StationKeyDamaged(what=NAME)
    cipher = AESGCM(_stretched(passphrase, wrapping))
    try:
        return cipher.decrypt(
            bytes.fromhex(wrapping.nonce), bytes.fromhex(wrapping.wrapped), _bound(vault.key_id)
        )
    except InvalidTag:
        raise PassphraseRefused(reason="wrong") from None


def read_vault(path: Path) -> Vault | None:
    """Return what the file says, None when there is none.

    Raises:
        StationKeyDamaged: it is not as it was written.
        StorageMissing: the folder does not answer.
    """
    with named_trouble("station key"):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
    try:
        return _vault_of(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StationKeyDamaged(what=path.name) from None


def _vault_of(table: dict[str, Any]) -> Vault:
    if table.pop("sum") != _sum(table) or table.pop("format") != _FORMAT:
        raise ValueError("sum")
    wrapping = Wrapping(**table["wrapping"]) if table["wrapping"] is not None else None
    vault = Vault(**{**table, "kept": Kept(table["kept"]), "wrapping": wrapping})
    lengths = [(vault.key_id, 8)]
    if wrapping is not None:
        lengths += [(wrapping.salt, _SALT), (wrapping.nonce, _NONCE), (wrapping.wrapped, SECRET_BYTES + _TAG)]
        if any(not 0 < getattr(wrapping, name) <= most for name, most in _MOST.items()):
            raise ValueError("parameters")
        if wrapping.memory_kib < 8 * wrapping.lanes:  # RFC 9106, 3.1: no such function
            raise ValueError("parameters")
    if vault.kept is Kept.BESIDE:
        lengths.append((vault.secret, SECRET_BYTES))
    if any(len(bytes.fromhex(text)) != length for text, length in lengths):
        raise ValueError("length")
    if (vault.kept is Kept.PASSPHRASE) != (wrapping is not None):
        raise ValueError("kept")
    return vault


def _stretched(passphrase: str, wrapping: Wrapping) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # NFC, so that the same characters typed on another keyboard are the same passphrase (RFC 8265, 4.2.1).
    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode(),
        bytes.fromhex(wrapping.salt),
        time_cost=wrapping.passes,
        memory_cost=wrapping.memory_kib,
        parallelism=wrapping.lanes,
        hash_len=32,
        type=Type.ID,
    )


def _bound(key_id: str) -> bytes:
    return f"visa-station vault {_FORMAT} {key_id}".encode()


def _table(vault: Vault) -> dict[str, Any]:
    return {"format": _FORMAT, **asdict(vault)}


def _canonical(table: Mapping[str, Any]) -> bytes:
    return json.dumps(table, sort_keys=True, separators=(",", ":")).encode()


def _sum(table: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(table)).hexdigest()
