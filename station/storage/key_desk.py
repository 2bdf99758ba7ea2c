"""The technician's door to the station key of a data folder. Fulfils `station.flow.headless_keys.Keys`."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from station.errors import StationError, StationKeyDamaged, StationKeyMissing, StationKeyOther
from station.flow.headless_keys import KeyChanged, KeyTold
from station.storage import cipher, rotation
from station.storage.convert import Progress
from station.storage.key_acts import KeyActs
from station.storage.keys import key_store, sheet
from station.storage.keys.keeper import Safekeeping, forget, make_vault, write_vault
from station.storage.keys.station_key import StationKey
from station.storage.keys.vault import NAME, Kept, Vault, read_vault
from station.storage.picture_store import hold
from station.storage.unlock import Unlocked, owners, unlock

OpenActs = Callable[[StationKey], AbstractContextManager[KeyActs]]
"""Opens the audit with this key."""


class KeyDesk:
    """The key of one data folder. No station needs to be closed, but for a rotation."""

    def __init__(self, folder: Path, database: Path | None, safekeeping: Safekeeping, acts: OpenActs) -> None:
        """Serve this folder; `database` is its SQLite file, None when it lies on a server; `acts` opens it."""
        self._folder = folder
        self._database = database
        self._safekeeping = safekeeping
        self._acts = acts

    def told(self) -> KeyTold:
        """Tell about the key; one that there is not yet is not made."""
        with self._held():
            return self._told(read_vault(self._folder / NAME) or self._refuse_new())

    def sheet(self) -> tuple[str, ...]:
        """Return the lines of the recovery sheet: the key itself."""
        with self._held():
            return sheet.lines(self._unlocked().key)

    def restore(self, typed: str) -> KeyTold:
        """Take the key of a recovery sheet back, if what is stored here belongs to it."""
        key = sheet.parse(typed)
        with self._held():
            self._prove(key)
            vault = make_vault(key, self._safekeeping)
            # The database is what a conversion comes to last: while it is plain, pictures may be plain too.
            unfinished = self._database is not None and cipher.is_plain(self._database)
            write_vault(self._folder, replace(vault, converting=unfinished), key)
            untold = self._untold(key, lambda acts: acts.restored(key.id, vault.kept))
            return replace(self._told(vault), untold=untold)

    def keep(self, kept: str) -> KeyTold:
        """Keep the same key otherwise."""
        with self._held():
            now = self._unlocked()
            vault = make_vault(now.key, self._safekeeping, Kept(kept))
            write_vault(self._folder, replace(vault, converting=now.vault.converting), now.key)
            if vault.kept is not now.vault.kept:
                forget(now.vault)
            untold = self._untold(now.key, lambda acts: acts.kept(now.key.id, now.vault.kept, vault.kept))
            return replace(self._told(vault), untold=untold)

    def rotate(self, progress: Progress) -> KeyChanged:
        """Give the folder a new key, or finish what was begun."""
        if read_vault(self._folder / NAME) is None:
            self._refuse_new()
        untold: list[StationError] = []

        def tell(key: StationKey, done: rotation.Rotated) -> bool:
            error = self._untold(key, lambda acts: acts.rotated(done.old, done.new))
            untold.extend([error] if error is not None else [])
            return error is None

        done = rotation.rotate(self._folder, self._database, self._safekeeping, progress, tell)
        return KeyChanged(done.old, done.new, done.left, next(iter(untold), None))

    def _untold(self, key: StationKey, tell: Callable[[KeyActs], None]) -> StationError | None:
        """Tell the audit what is done; return what hindered it. Without a database there is no audit yet."""
        if self._database is not None and not self._database.exists():
            return None
        try:
            with self._acts(key) as acts:
                tell(acts)
        except StationError as error:
            return error
        return None

    @contextmanager
    def _held(self) -> Iterator[None]:
        held = hold(self._folder / "pictures")
        try:
            rotation.recover(self._folder, self._database, held)
            yield
        finally:
            os.close(held)

    def _unlocked(self) -> Unlocked:
        if read_vault(self._folder / NAME) is None:
            self._refuse_new()
        # Here a key may lie unprotected although the settings forbid it: this is where that is mended.
        return unlock(self._folder, self._database, replace(self._safekeeping, beside=True))

    def _refuse_new(self) -> NoReturn:
        for _, ids in owners(self._folder, self._database):
            raise StationKeyMissing(reason="no_vault", key=min(ids))
        raise StationKeyMissing(reason="none_yet")

    def _prove(self, key: StationKey) -> None:
        """Prove that what is stored belongs to the key; where nothing is, that the vault does."""
        for _, ids in owners(self._folder, self._database):
            if key.id not in ids:
                raise StationKeyOther(what="sheet", expected=min(ids), found=key.id)
            return
        try:
            vault = read_vault(self._folder / NAME)
        except StationKeyDamaged:
            return
        if vault is not None and vault.key_id != key.id:
            raise StationKeyOther(what="sheet", expected=vault.key_id, found=key.id)

    def _told(self, vault: Vault) -> KeyTold:
        place = key_store.store_name() if vault.kept is Kept.SYSTEM else str(self._folder / NAME)
        return KeyTold(vault.key_id, vault.kept.value, place, rotation.is_unfinished(self._folder))
