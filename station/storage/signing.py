"""The key that a station signs with: Ed25519 (RFC 8032), its private half in the data folder's `station.key`.

What it is worth: who changes a signed row without this file is found out. Not found out is who can read the
file, who removes the newest rows and counts them down, and on a shared database who changes what another
station signed together with that station's registered key: only that station itself notices. The clock's latest
moment, the count of pictures and what was noticed on ordinary pages are not signed.

A lost file comes back from a backup of the data folder, or the station gets a new name in the settings: under
that name it begins with a key and a past of its own.
"""

import errno
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from station.errors import StorageDamaged, StorageError, StorageFull, StorageMissing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# cryptography is imported where it is used: it costs 0.1 s, which a start without a signature need not pay.

_WHAT = "station key"

_SEED_BYTES = 32


class Signer:
    """Signs for one station. On the storage lane only."""

    def __init__(self, folder: Path, station: str) -> None:
        """Sign as `station` with the key in this folder; nothing is read or made yet."""
        self.station = station
        self._path = folder / "station.key"
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
            try:
                _make(self._path)
            except OSError as error:
                raise _named(error) from error
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

            try:
                seed = self._path.read_bytes()
            except FileNotFoundError:
                raise StorageDamaged(what=_WHAT, detail="missing") from None
            except OSError as error:
                raise _named(error) from error
            if len(seed) != _SEED_BYTES:
                raise StorageDamaged(what=_WHAT, detail="size")
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


def _make(path: Path) -> None:
    """Make the key, unless another process was first: its name appears only once the bytes are on the disk."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".station.key.")
    try:
        with open(handle, "wb") as file:
            file.write(os.urandom(_SEED_BYTES))
            file.flush()
            os.fsync(handle)
        try:
            os.link(unfinished, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        os.unlink(unfinished)


def _named(error: OSError) -> StorageError:
    kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageMissing
    return kind(what=_WHAT, detail=errno.errorcode.get(error.errno or 0, ""))
