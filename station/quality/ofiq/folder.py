"""The customer's folder of OFIQ files: complete, and the very files that the published scores come from."""

import hashlib
from pathlib import Path
from typing import Final

from station.errors import OfiqFault
from station.settings import resources_dir
from station.toml_file import Table, read_table

FILES: Final = resources_dir() / "ofiq" / "files.toml"


def prove(folder: Path, files: Path = FILES) -> None:
    """Compare each file that OFIQ needs with the list; the models have 454 MB, which takes a second or two.

    Raises:
        OfiqFault: `reason` is no_folder, no_file, changed or unreadable, `file` names the first such file.
    """
    if not folder.is_dir():
        raise OfiqFault(reason="no_folder")
    for entry in read_table(files).tables("file"):
        _prove(folder, entry)


def _prove(folder: Path, entry: Table) -> None:
    name = entry.text("path")
    path = folder / name
    if not path.is_file():
        raise OfiqFault(reason="no_file", file=name)
    try:
        size = entry.whole("bytes")
        if size is not None and path.stat().st_size != size:
            raise OfiqFault(reason="changed", file=name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OfiqFault(reason="unreadable", file=name) from error
    if digest != entry.text("sha256"):
        raise OfiqFault(reason="changed", file=name)
