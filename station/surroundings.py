"""The environment of a program that the station starts: what such a program needs, and nothing of ours.

Settings (`STATION_*`), addresses and passwords of databases (`PG*`) and whatever else the station was started
with stay behind: a driver or a reader of text that was taken over by a picture finds none of it.
"""

import os

_NAMES = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH",
    "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT", "XDG_RUNTIME_DIR", "TESSDATA_PREFIX",
    "VCAMERADIR", "CAMLIBS", "IOLIBS",
})  # fmt: skip
_BEGINNINGS = ("LC_", "SANE_", "OMP_", "OPENBLAS_")


def of_child(**more: str) -> dict[str, str]:
    """Return the environment of a child, with these variables beside or in the place of our own."""
    kept = {name: value for name, value in os.environ.items() if name in _NAMES or name.startswith(_BEGINNINGS)}
    return kept | more
