"""Gives the key of a data folder, after a look at whose its contents are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from station.errors import StationKeyMissing, StationKeyOther
from station.storage import cipher, sealed, signing
from station.storage.durable import named_trouble
from station.storage.keys.keeper import Safekeeping, first_vault, open_vault
from station.storage.keys.station_key import StationKey
from station.storage.keys.vault import NAME, Vault, read_vault

_SOME = 16
"""Pictures that are asked whose they are."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The key of a data folder and the vault that keeps it."""

    key: StationKey
    vault: Vault


def unlock(folder: Path, database: Path | None, safekeeping: Safekeeping) -> Unlocked:
    """Return the key of this folder, made when nothing in it is sealed yet; `database` is its SQLite file.

    Raises:
        StationKeyMissing: the key, or what opens it, is not there, and there is something sealed.
        StationKeyOther: the vault and what is stored belong to different keys.
        PassphraseRefused, StationKeyDamaged, StorageDamaged, StorageFull, StorageMissing.
    """
    vault = read_vault(folder / NAME)
    if vault is None:
        for _, ids in owners(folder, database):
            raise StationKeyMissing(reason="no_vault", key=min(ids))
        vault = first_vault(folder, safekeeping, converting=_holds_plain(folder, database))
    key = open_vault(vault, safekeeping)
    for what, ids in owners(folder, database, at_a_glance=True):
        if key.id not in ids:
            raise StationKeyOther(what=what, expected=key.id, found=min(ids))
    return Unlocked(key, vault)


def owners(
    folder: Path, database: Path | None, *, at_a_glance: bool = False
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield which keys open the parts of a folder that are sealed, the pictures by some of them.

    At a glance: not the signing key, which proves itself when it is used, and pictures only without a database
    here, which tells for all. One picture whose head was damaged is not to speak for the others.
    """
    of_database = cipher.owner(database) if database is not None else ""
    if of_database:
        yield "database", frozenset([of_database])
    if not at_a_glance and (of_signing := signing.owners(folder)):
        yield "signing key", frozenset(of_signing)
    if not (at_a_glance and of_database):
        with named_trouble("pictures"):
            known = (_key_ids(path) for path in _pictures(folder))
            some = frozenset().union(*islice(filter(None, known), _SOME))
        if some:
            yield "pictures", some


def _key_ids(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        return sealed.key_ids(file)


def _holds_plain(folder: Path, database: Path | None) -> bool:
    """Tell whether there is anything from before the encryption."""
    plain_database = database is not None and cipher.is_plain(database)
    return plain_database or any(_pictures(folder)) or (folder / signing.NAME).exists()


def _pictures(folder: Path) -> Iterator[Path]:
    for pattern in ("?/??/*", "quarantine/*"):
        yield from (folder / "pictures").glob(pattern)
