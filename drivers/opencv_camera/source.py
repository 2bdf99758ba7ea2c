"""Where pictures come from: sources as the settings name them, and their names without secrets."""

import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from station.errors import SettingsError
from station.model.capability import DeviceInfo, DeviceKind

NETWORK_SCHEMES = frozenset({"http", "https", "rtsp", "rtsps"})
INDEX = "index:"


class Reach(Enum):
    """How a source is reached."""

    NETWORK = auto()
    DEVICE = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A source that the settings name. `target` is what OpenCV opens; it may hold a password."""

    reach: Reach
    info: DeviceInfo
    target: str | int = field(repr=False)

    def is_there(self) -> bool:
        """Tell whether the source exists, as far as that can be seen without opening it."""
        if self.reach is Reach.FILE:
            return "%" in str(self.target) or Path(str(self.target)).is_file()
        if self.reach is Reach.DEVICE and sys.platform == "linux":
            return Path(f"/dev/video{self.target}").exists()
        return True


def source_of(key: str, entry: object, taken: Collection[str]) -> CameraSource:
    """Understand one source of the settings; `taken` are the ids of those before it.

    Raises:
        SettingsError: it names the place in the settings, never the text.
    """
    fields: dict[str, Any] = entry if isinstance(entry, dict) else {"source": entry}
    if unknown := fields.keys() - {"source", "name", "serial"}:
        raise wrong(f"{key}.{min(unknown)}", "unknown_key", "source, name, serial")
    if "source" not in fields or not all(isinstance(text, str) and text for text in fields.values()):
        raise wrong(key, "wrong_type")
    reach, target, address, name = _understood(key, fields["source"])
    if f"opencv_camera:{address}" in taken:
        # Two cameras behind one address differ in the query, which may hold a password.
        address += next(f"#{number}" for number in count(2) if f"opencv_camera:{address}#{number}" not in taken)
    info = DeviceInfo(
        id=f"opencv_camera:{address}",
        kind=DeviceKind.CAMERA,
        driver="opencv_camera",
        name=fields.get("name", name),
        address=address,
        serial=fields.get("serial"),
        simulated=reach is Reach.FILE,
    )
    return CameraSource(reach, info, target)


def wrong(key: str, problem: str, suggestion: str = "") -> SettingsError:
    """Return the failure of one setting of this driver."""
    return SettingsError(where="opencv_camera", key=key, problem=problem, suggestion=suggestion)


def _understood(key: str, text: str) -> tuple[Reach, str | int, str, str]:
    """Return how it is reached, what OpenCV opens, the address without secrets, and a name."""
    scheme = text.partition("://")[0].lower()
    if scheme in NETWORK_SCHEMES:
        try:
            parts = urlsplit(text)
        except ValueError:
            raise wrong(key, "not_an_address") from None
        host = parts.netloc.rpartition("@")[2]
        if not host or "@" in parts.path:  # then a password holds signs that must be coded
            raise wrong(key, "not_an_address", "%2F %40 %3A")
        return Reach.NETWORK, text, f"{scheme}://{host}{parts.path}", host
    if text.startswith(INDEX):
        number = text.removeprefix(INDEX)
        if not number.isdecimal():
            raise wrong(key, "not_a_number", f"{INDEX}0")
        return Reach.DEVICE, int(number), text, f"Camera {number}"
    return Reach.FILE, text, text, Path(text).name
