"""Model files that come with the program: each is proved before it is used."""

import hashlib
import tomllib
from pathlib import Path

MANIFEST = "manifest.toml"


def model_bytes(folder: Path, name: str) -> bytes:
    """Return a model file of a folder, proved by the exact size and SHA-256 that the folder's manifest names.

    A manifest describes its one file with `file`, `bytes` and `sha256`, or several in `[[model]]` tables.

    Raises:
        LookupError: with the reason as one word: `no_manifest`, `unlisted`, `missing`, `wrong_size`, `changed`.
    """
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LookupError("no_manifest") from error
    tables = manifest.get("model", [manifest])
    listed = (entry for entry in tables if isinstance(entry, dict) and entry.get("file") == name)
    entry = next(listed, None) if isinstance(tables, list) else None
    if entry is None:
        raise LookupError("unlisted")
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise LookupError("missing") from error
    if len(data) != entry.get("bytes"):
        raise LookupError("wrong_size")
    if hashlib.sha256(data).hexdigest() != entry.get("sha256"):
        raise LookupError("changed")
    return data
