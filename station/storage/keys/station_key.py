"""The station key: 32 random bytes from which every other key of the data folder is derived."""

import hmac
import os
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

SECRET_BYTES = 32
ID_BYTES = 8


class Purpose(StrEnum):
    """What a derived key is for; no two purposes share one (RFC 5869, 3.2, `info`)."""

    ID = "id"
    DATABASE = "database"
    PICTURES = "pictures"
    SIGNING = "signing key"
    VAULT = "vault"
    ROTATION = "rotation"


@dataclass(frozen=True)
class StationKey:
    """The key of one data folder. Never shown: its repr is its id, which tells nothing of it."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no key: a programming mistake, since files are proved before."""
        if len(self.secret) != SECRET_BYTES:
            raise ValueError("a station key has 32 bytes")

    @staticmethod
    def made() -> "StationKey":
        """Return a new random key."""
        return StationKey(os.urandom(SECRET_BYTES))

    @cached_property
    def id(self) -> str:
        """By what data and key know each other: 16 lower-case hex digits, from which nobody finds the key."""
        return self.derived(Purpose.ID)[:ID_BYTES].hex()

    def derived(self, purpose: Purpose) -> bytes:
        """Return the key of 32 bytes for this purpose (HKDF-SHA256, RFC 5869)."""
        return _derived(self.secret, purpose)

    def proof(self, text: bytes) -> str:
        """Return what only an owner of the key can write about the text: HMAC-SHA256 in hex digits."""
        return hmac.digest(self.derived(Purpose.VAULT), text, "sha256").hex()

    def __repr__(self) -> str:
        return f"StationKey({self.id})"


@lru_cache(maxsize=32)
def _derived(secret: bytes, purpose: Purpose) -> bytes:
    # Late: the library takes 0.1 s of a start, and the window is to be there before.
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = f"visa-station/1/{purpose.value}".encode()
    return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(secret)
