"""The operating system's key store (Secret Service, KWallet, Keychain, Credential Locker) through `keyring`.

Only stores that protect what they hold: those of `keyrings.alt` write plain or home-made files, `null` forgets
and `fail` is none at all.
"""

from typing import TYPE_CHECKING, cast

from station.errors import StationKeyMissing
from station.storage.keys.station_key import SECRET_BYTES, StationKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "visa-station"

REAL = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Modules of stores that the operating system protects; whatever else is installed counts as none."""


def store_name() -> str:
    """Return the name of the key store of this computer, "" when there is none that protects."""
    store = _real()
    return store.name if store is not None else ""


def put(key: StationKey) -> bool:
    """Keep a key under its id and prove that it can be read again; False when there is no such store."""
    from keyring.errors import KeyringError

    store = _real()
    if store is None:
        return False
    try:
        store.set_password(SERVICE, key.id, key.secret.hex())
        return store.get_password(SERVICE, key.id) == key.secret.hex()
    except KeyringError:
        return False


def get(key_id: str) -> bytes:
    """Return the secret of this key.

    Raises:
        StationKeyMissing: the store is not there, stays locked, or does not hold it.
    """
    from keyring.errors import KeyringError

    store = _real()
    if store is None:
        raise StationKeyMissing(reason="no_key_store", key=key_id)
    try:
        found = store.get_password(SERVICE, key_id)
    except KeyringError as error:
        raise StationKeyMissing(reason="no_key_store", key=key_id, detail=type(error).__name__) from error
    try:
        secret = bytes.fromhex(found or "")
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise StationKeyMissing(reason="not_in_key_store", key=key_id)
    return secret


def remove(key_id: str) -> None:
    """Forget a key; what is not there is forgotten already."""
    from keyring.errors import KeyringError

    store = _real()
    if store is not None:
        try:
            store.delete_password(SERVICE, key_id)
        except KeyringError:
            return


def _real() -> "KeyringBackend | None":
    import keyring

    store = keyring.get_keyring()
    chained = getattr(store, "backends", None)  # a chain asks one after the other: take the first that protects
    for one in (store,) if chained is None else tuple(chained):
        if type(one).__module__ in REAL:
            return cast("KeyringBackend", one)
    return None
