"""The key that a station signs with: Ed25519 (RFC 8032), its private half in the data folder's `station.key`.

What it is worth: who changes a signed row without this file is found out. Not found out is who can read the
file, who removes the newest rows and counts them down, and on a shared database who changes what another
station signed together with that station's registered key: only that station itself notices. The clock's latest
moment, the count of pictures and what was noticed on ordinary pages are not signed.

A lost file comes back from a backup of the data folder, or the station gets a new name in the settings: under
that name it begins with a key and a past of its own.

The file holds a mark and the private half, wrapped by the station key: once, or twice while the keys are
rotated.
"""

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from station.errors import StorageDamaged
from station.storage.durable import named_trouble, write_file, write_new_file
from station.storage.keys.station_key import Purpose, StationKey
from station.storage.keys.wrapping import PLACE_BYTES, Unopened, owner, unwrapped, wrapped

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# cryptography is imported where it is used: it costs 0.1 s, which a start without a signature need not pay.

NAME = "station.key"

_WHAT = "station key"

_MARK = b"\x89VSK\r\n\x1a\n\1"
_SEED_BYTES = 32


class Signer:
    """Signs for one station. On the storage lane only."""

    def __init__(self, folder: Path, station: str, key: StationKey) -> None:
        """Sign as `station` with the key in this folder, which `key` unwraps; nothing is read or made yet."""
        self.station = station
        self._path = folder / NAME
        self._key = key
        self._private: Ed25519PrivateKey | None = None

    def key(self) -> bytes:
        """Return the public half, 32 bytes.

        Raises:
            StorageDamaged: there is no key, or its file is none.
            StorageMissing: the folder does not answer.
        """
        return self._read().public_key().public_bytes_raw()

    def made_key(self) -> bytes:
        """Return the public half of the key, which is made when there is none yet.

        Raises:
            StorageDamaged: its file is no key; it is never replaced.
            StorageFull, StorageMissing.
        """
        if self._private is None and not self._path.exists():
            with named_trouble(_WHAT):
                # Unless another process was first.
                write_new_file(self._path, _sealed(os.urandom(_SEED_BYTES), self._key))
        return self.key()

    def sign(self, text: str) -> bytes:
        """Return the signature, 64 bytes, over the text in UTF-8.

        Raises:
            StorageDamaged, StorageMissing: as `key`.
        """
        return self._read().sign(text.encode())

    def _read(self) -> "Ed25519PrivateKey":
        if self._private is None:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            with named_trouble(_WHAT):
                try:
                    seed = _seed(self._path.read_bytes(), self._key)
                except FileNotFoundError:
                    raise StorageDamaged(what=_WHAT, detail="missing") from None
            self._private = Ed25519PrivateKey.from_private_bytes(seed)
        return self._private


def is_good(key: bytes, signature: bytes, text: str) -> bool:
    """Tell whether the signature is of this text by the owner of the key; False also when either is none."""
    from cryptography.exceptions import InvalidSignature

    try:
        _public(key).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def _public(key: bytes) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(key)


# -- the file, when the keys change ----------------------------------------------------------------------------


def owners(folder: Path) -> tuple[str, ...]:
    """Return the ids of the station keys that unwrap the key in this folder; none when there is none sealed."""
    with named_trouble(_WHAT):
        try:
            data = (folder / NAME).read_bytes()
        except FileNotFoundError:
            return ()
    return tuple(map(owner, _places(data)))


def seal_plain(folder: Path, key: StationKey) -> None:
    """Wrap a key that lies there as it is; another file is left alone."""
    with named_trouble(_WHAT):
        path = folder / NAME
        if path.exists() and len(seed := path.read_bytes()) == _SEED_BYTES:
            write_file(path, _sealed(seed, key))


def wrap_for(folder: Path, key: StationKey, *keys: StationKey) -> None:
    """Wrap the key that `key` unwraps for these keys and no other; a file that it does not is left alone."""
    with named_trouble(_WHAT):
        path = folder / NAME
        if not path.exists():
            return
        data = path.read_bytes()
        if tuple(map(owner, _places(data))) == tuple(one.id for one in keys):
            return
        try:
            seed = _seed(data, key)
        except StorageDamaged:
            return
        write_file(path, _sealed(seed, *keys))


def _sealed(seed: bytes, *keys: StationKey) -> bytes:
    return _MARK + b"".join(wrapped(seed, _MARK, key, Purpose.SIGNING) for key in keys)


def _seed(data: bytes, key: StationKey) -> bytes:
    try:
        return unwrapped(_places(data), _MARK, key, Purpose.SIGNING)
    except Unopened:
        raise StorageDamaged(what=_WHAT, detail="not_ours") from None


def _places(data: bytes) -> tuple[bytes, ...]:
    """Return the places of a file; none when it is no sealed key."""
    places = data.removeprefix(_MARK)
    if not data.startswith(_MARK) or len(places) not in (PLACE_BYTES, 2 * PLACE_BYTES):
        return ()
    return tuple(places[at : at + PLACE_BYTES] for at in range(0, len(places), PLACE_BYTES))
