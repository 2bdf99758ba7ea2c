"""A new station key for a data folder, safe against a power cut at any moment.

`rotation.json` says how far it got; each change of it is one file put in place of another.

    preparing   every picture and the signing key open with either key; database and vault are written anew
                beside the old ones. The old key counts, and the station works on if it must.
    committing  the new database and the new vault take their places: two renames, finished by the next start
    cleaning    the new key counts; the old one's wrappings are taken away, and the audit is told

The new key is kept as the old one is, before anything depends on it. Only the database is encrypted anew.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from station.errors import StationKeyDamaged, StorageDamaged, StorageLocked
from station.storage import cipher, sealed, signing
from station.storage.convert import Progress
from station.storage.durable import named_trouble, sweep_aside, sync_folder, write_file
from station.storage.keys import vault as vaults
from station.storage.keys.keeper import Safekeeping, forget, make_vault, open_vault, write_vault
from station.storage.keys.station_key import StationKey
from station.storage.keys.vault import Vault, read_vault
from station.storage.picture_store import FolderPictureStore, alone, hold, is_name
from station.storage.unlock import unlock

_JOURNAL = "rotation.json"
_NEXT = f"{vaults.NAME}.next"
_WHAT = "rotation"


class Stage(StrEnum):
    """How far a rotation got."""

    PREPARING = "preparing"
    COMMITTING = "committing"
    CLEANING = "cleaning"


@dataclass(frozen=True, slots=True)
class _Journal:
    """A rotation under way, by the ids of its keys."""

    old: str
    new: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did; `left` are pictures that were damaged or another key's before, and stay so."""

    old: str
    new: str
    left: tuple[str, ...]


Tell = Callable[[StationKey, Rotated], bool]
"""Tells that a rotation is done but for its journal; False when it could not."""


def is_unfinished(folder: Path) -> bool:
    """Tell whether a rotation waits to be finished."""
    return (folder / _JOURNAL).exists()


def recover(folder: Path, database: Path | None, lock: int) -> None:
    """Finish the renames that an interrupted rotation left; needs no key, and mostly does nothing.

    `lock` is the caller's hold of the folder.

    Raises:
        StationKeyDamaged: the journal of the rotation is not as it was written.
        StorageLocked: another process uses the folder, so nothing can be renamed.
        StorageFull, StorageMissing.
    """
    if _committing(folder) is None:
        return
    with alone(lock) as is_alone:
        if not is_alone:
            raise StorageLocked(what="pictures", detail="in_use")
        # Asked again: another process may have done it before this one was alone.
        if (journal := _committing(folder)) is not None:
            _commit(folder, database, journal)


def sweep(folder: Path) -> None:
    """Remove what was never finished of the files about the key; for a process that holds the folder alone.

    Raises:
        StorageMissing: the folder does not answer.
    """
    with named_trouble(_WHAT):
        sweep_aside(folder, _JOURNAL, _NEXT, vaults.NAME, signing.NAME)


def counting(folder: Path, key: StationKey) -> tuple[str, str] | None:
    """Return the ids of the old key and of this one, when it counts by a rotation that is not finished.

    Raises:
        StationKeyDamaged: the journal of the rotation is not as it was written. StorageMissing.
    """
    journal = _under_way(folder, key)
    return (journal.old, journal.new) if journal is not None and journal.new == key.id else None


def rotate(
    folder: Path,
    database: Path | None,
    safekeeping: Safekeeping,
    progress: Progress,
    tell: Tell = lambda key, done: True,
) -> Rotated:
    """Give the folder a new key, or finish what was begun; `database` is its SQLite file.

    `tell` is told what is done, with the new key; a rotation of which it could not tell (False) stays
    unfinished, so that the next one tells.

    Raises:
        StorageLocked: a station uses the folder.
        StationKeyMissing, StationKeyOther, StationKeyDamaged, PassphraseRefused: as `unlock`.
        StorageDamaged: something from before the encryption is left, or the database is not sound.
        StorageFull, StorageMissing: what was done stays; the old key counts until the last step.
    """
    lock = hold(folder / "pictures")
    try:
        recover(folder, database, lock)
        unlocked = unlock(folder, database, safekeeping)
    finally:
        os.close(lock)
    if unlocked.vault.converting:
        raise StorageDamaged(what="data folder", detail="not_encrypted")
    pictures = FolderPictureStore(folder / "pictures", unlocked.key)
    try:
        with pictures.alone() as is_alone:
            if not is_alone:
                raise StorageLocked(what="pictures", detail="in_use")
            journal = _under_way(folder, unlocked.key) or _begin(folder, unlocked.vault, safekeeping)
            left: tuple[str, ...] = ()
            if journal.stage is Stage.PREPARING:
                new = _next_key(folder, journal, safekeeping)
                left = _prepare(folder, database, pictures, (unlocked.key, new), progress)
                journal = _write(folder, replace(journal, stage=Stage.COMMITTING))
                journal = _commit(folder, database, journal)
                key = new
            else:
                key = unlocked.key
            _clean(folder, pictures, key, progress)
            forget(replace(unlocked.vault, key_id=journal.old))
            done = Rotated(journal.old, journal.new, left)
            if tell(key, done):
                _remove(folder / _JOURNAL)
            sweep(folder)
            return done
    finally:
        pictures.close()


# -- the stages ------------------------------------------------------------------------------------------------


def _under_way(folder: Path, key: StationKey) -> _Journal | None:
    """Return the rotation that this key is part of; one from a restored backup counts for nothing."""
    journal = _read(folder)
    counting = journal and (journal.old if journal.stage is Stage.PREPARING else journal.new)
    return journal if counting == key.id else None


def _begin(folder: Path, vault: Vault, safekeeping: Safekeeping) -> _Journal:
    stray = read_vault(folder / _NEXT)
    if stray is not None:  # made by a rotation that never got as far as its journal
        forget(stray)
    new = StationKey.made()
    write_vault(folder, make_vault(new, safekeeping, vault.kept), new, _NEXT)
    return _write(folder, _Journal(vault.key_id, new.id, Stage.PREPARING))


def _next_key(folder: Path, journal: _Journal, safekeeping: Safekeeping) -> StationKey:
    vault = read_vault(folder / _NEXT)
    if vault is None or vault.key_id != journal.new:
        raise StationKeyDamaged(what=_NEXT)
    return open_vault(vault, safekeeping)


def _prepare(
    folder: Path,
    database: Path | None,
    pictures: FolderPictureStore,
    keys: tuple[StationKey, StationKey],
    progress: Progress,
) -> tuple[str, ...]:
    old, new = keys
    left = _each(pictures, lambda file, name: sealed.add_key(file, name, old, new), progress)
    signing.wrap_for(folder, old, old, new)
    if database is not None and database.exists():
        cipher.write_anew(database, old, new, _anew(database))
    return left


def _commit(folder: Path, database: Path | None, journal: _Journal) -> _Journal:
    with named_trouble(_WHAT):
        if database is not None:
            cipher.put_in_place(_anew(database), database)
        if (folder / _NEXT).exists():
            (folder / _NEXT).replace(folder / vaults.NAME)
            sync_folder(folder)
    return _write(folder, replace(journal, stage=Stage.CLEANING))


def _clean(folder: Path, pictures: FolderPictureStore, key: StationKey, progress: Progress) -> None:
    _each(pictures, lambda file, name: sealed.keep_only(file, name, key), progress)
    signing.wrap_for(folder, key, key)


def _each(
    pictures: FolderPictureStore, change: Callable[[BinaryIO, str], None], progress: Progress
) -> tuple[str, ...]:
    """Change the head of each picture in its place; returns the names of those that the key does not open."""
    left = []
    paths = [path for path in _all(pictures) if is_name(path.name)]
    for number, path in enumerate(paths, 1):
        with named_trouble("pictures"), path.open("r+b") as file:
            try:
                change(file, path.name)
            except sealed.Unsealable:
                left.append(path.name)
            else:
                os.fsync(file.fileno())
        progress(number, len(paths))
    return tuple(left)


def _all(pictures: FolderPictureStore) -> Iterator[Path]:
    yield from pictures.stored()
    yield from pictures.set_aside()


def _anew(database: Path) -> Path:
    return database.with_name(f"{database.name}.next")


def _committing(folder: Path) -> _Journal | None:
    journal = _read(folder)
    return journal if journal is not None and journal.stage is Stage.COMMITTING else None


# -- the journal -----------------------------------------------------------------------------------------------


def _read(folder: Path) -> _Journal | None:
    with named_trouble(_WHAT):
        try:
            data = (folder / _JOURNAL).read_bytes()
        except FileNotFoundError:
            return None
    try:
        table = json.loads(data)
        return _Journal(str(table["old"]), str(table["new"]), Stage(table["stage"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StationKeyDamaged(what=_JOURNAL) from None


def _write(folder: Path, journal: _Journal) -> _Journal:
    with named_trouble(_WHAT):
        write_file(folder / _JOURNAL, json.dumps(asdict(journal)).encode())
    return journal


def _remove(path: Path) -> None:
    with named_trouble(_WHAT):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
