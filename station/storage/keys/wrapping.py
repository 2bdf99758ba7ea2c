"""A key of 32 bytes wrapped by the station key: AES-256-GCM, in a place of 68 bytes.

A place is the id of the station key (8 bytes), a nonce (12) and the wrapped key with its tag (48).
"""

import os
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from station.storage.keys.station_key import ID_BYTES, SECRET_BYTES, Purpose, StationKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_PLACE = struct.Struct(f">{ID_BYTES}s{_NONCE}s{SECRET_BYTES + 16}s")

PLACE_BYTES = _PLACE.size
EMPTY = bytes(PLACE_BYTES)


class Unopened(Exception):
    """No place opens with this key, or what was bound is not what was wrapped."""


def wrapped(secret: bytes, bound: bytes, key: StationKey, purpose: Purpose) -> bytes:
    """Return the place that gives the secret back to the owner of the key, together with what is bound."""
    nonce = os.urandom(_NONCE)
    return _PLACE.pack(bytes.fromhex(key.id), nonce, _cipher(key, purpose).encrypt(nonce, secret, bound))


def unwrapped(places: Sequence[bytes], bound: bytes, key: StationKey, purpose: Purpose) -> bytes:
    """Return the secret from the place of this key.

    Raises:
        Unopened: there is none, or it was changed.
    """
    from cryptography.exceptions import InvalidTag

    for place in places:
        key_id, nonce, secret = _PLACE.unpack(place)
        if key_id.hex() == key.id:
            try:
                return _cipher(key, purpose).decrypt(nonce, secret, bound)
            except InvalidTag:
                raise Unopened from None
    raise Unopened


def owner(place: bytes) -> str:
    """Return the id of the key whose place this is, "" of an empty one."""
    return "" if place == EMPTY else place[:ID_BYTES].hex()


@lru_cache(maxsize=8)
def _cipher(key: StationKey, purpose: Purpose) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.derived(purpose))
