"""Encrypts what lies in a data folder from before the encryption, once, when it is first opened with a key.

Each picture is written anew, synced and put in its place; then the signing key; the database comes last. The
vault says that it is under way until all is done, so whatever interrupts it, the next start goes on where it
stopped.
"""

from collections.abc import Callable
from pathlib import Path

from station.errors import StorageLocked
from station.storage import cipher, sealed, signing
from station.storage.durable import named_trouble, sync_folder
from station.storage.keys.station_key import StationKey
from station.storage.picture_store import FolderPictureStore, is_name

Progress = Callable[[int, int], None]
"""Is told how many pictures are done, and how many there are."""


def convert(
    folder: Path, database: Path | None, pictures: FolderPictureStore, key: StationKey, progress: Progress
) -> None:
    """Encrypt all that is plain; `database` is the SQLite file.

    Raises:
        StorageLocked: another station uses the folder.
        StorageFull, StorageMissing, StorageDamaged: the database is not sound; it is left as it is.
    """
    with pictures.alone() as alone:
        if not alone:
            raise StorageLocked(what="pictures", detail="in_use")
        pictures.discard_unfinished()
        paths = [*pictures.stored(), *pictures.set_aside()]
        for number, path in enumerate(paths, 1):
            _seal(pictures, path)
            progress(number, len(paths))
        signing.seal_plain(folder, key)
        if database is not None:
            _encrypt(database, key)


def _seal(pictures: FolderPictureStore, path: Path) -> None:
    if not is_name(path.name):
        return
    with named_trouble("pictures"):
        with path.open("rb") as file:
            if sealed.is_sealed(file):
                sync_folder(path.parent)  # whoever sealed it may have fallen before that
                return
        # Whatever the bytes are: a damaged picture is not to lie there readable either, and is found damaged
        # later.
        data = path.read_bytes()
    pictures.seal(path, data)


def _encrypt(database: Path, key: StationKey) -> None:
    anew = database.with_name(f"{database.name}.anew")
    if cipher.is_plain(database):
        cipher.write_anew(database, None, key, anew)
        with named_trouble("database"):
            cipher.put_in_place(anew, database)
    with named_trouble("database"):
        cipher.remove(anew)
        sync_folder(database.parent)
