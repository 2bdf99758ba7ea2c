"""The rules of each kind of photo, a TOML file each: the administrator's, the screen offers no way round."""

from collections.abc import Mapping
from hashlib import sha256
from math import isclose, isfinite
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from station.model.photo import PhotoProfile
from station.toml_file import Table, files_of, read_table

_Number = TypeVar("_Number", int, float)

_SHAPE = 0.01
"""By how much the shape of a print may differ from the shape of the pixels, relatively."""
_LONGEST_PX = 10_000
_QUALITY = range(1, 101)
_ROLL_MOST = 45.0


def load_photo_profiles(folder: Path) -> Mapping[str, PhotoProfile]:
    """Read all photo profiles of a folder by name.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (a key, any file), wrong_type, wrong_value,
            wrong_order (a range that ends before it begins), unknown_key, duplicate.
    """
    profiles: dict[str, PhotoProfile] = {}
    for path in files_of(folder):
        table = read_table(path)
        profile = _profile(table, sha256(path.read_bytes()).hexdigest())
        if profile.name in profiles:
            raise table.refusal("name", "duplicate")
        profiles[profile.name] = profile
    return MappingProxyType(profiles)


def _profile(table: Table, digest: str) -> PhotoProfile:
    table.only(
        "name", "title", "version", "sources", "size_px", "least_px", "print_mm", "head_height", "head_width",
        "eye_line", "centre", "margin", "inter_eye_px", "roll", "quality", "bytes_range", "compression",
    )  # fmt: skip
    size = _whole_pair(table, "size_px", 1, _LONGEST_PX)
    head_height = _shares(table, "head_height")
    return PhotoProfile(
        name=table.text("name"),
        title=table.text("title"),
        version=table.text("version"),
        sources=_sources(table),
        size_px=size,
        least_px=_least(table, size),
        head_height=head_height,
        eye_line=_shares(table, "eye_line"),
        centre=_shares(table, "centre"),
        head_width=_shares(table, "head_width") if "head_width" in table.values else None,
        inter_eye_px=_within(table, "inter_eye_px", 0.0, float(size[0])),
        roll=_within(table, "roll", 0.0, _ROLL_MOST),
        quality=_quality(table),
        bytes_range=_ordered(table, "bytes_range", _whole_pair(table, "bytes_range", 1)),
        print_mm=_print(table, size) if "print_mm" in table.values else None,
        digest=digest,
        compression=_compression(table) if "compression" in table.values else None,
        margin=_within(table, "margin", 0.0, (1 - head_height[1]) / 2),
    )


def _sources(table: Table) -> tuple[str, ...]:
    """Return where the figures come from: any texts, at least one."""
    found = table.values.get("sources")
    if not found:
        raise table.refusal("sources", "missing")
    if not isinstance(found, list) or not all(isinstance(source, str) for source in found):
        raise table.refusal("sources", "wrong_type")
    return tuple(found)


def _least(table: Table, size: tuple[int, int]) -> tuple[int, int]:
    """Return the least size: of the shape of the wanted one, and no larger."""
    across, down = _whole_pair(table, "least_px", 1, _LONGEST_PX)
    if across * size[1] != down * size[0]:
        raise table.refusal("least_px", "wrong_value", f"{size[0]} : {size[1]}")
    if down > size[1]:
        raise table.refusal("least_px", "wrong_order")
    return across, down


def _print(table: Table, size: tuple[int, int]) -> tuple[float, float]:
    across, down = _pair(table, "print_mm")
    if not (across > 0 < down and isclose(across / down, size[0] / size[1], rel_tol=_SHAPE)):
        raise table.refusal("print_mm", "wrong_value", f"{size[0]} : {size[1]}")
    return across, down


def _quality(table: Table) -> tuple[int, int]:
    """Return JPEG's quality: the best first."""
    best, least = _whole_pair(table, "quality", _QUALITY[0], _QUALITY[-1])
    _ordered(table, "quality", (least, best))
    return best, least


def _compression(table: Table) -> tuple[float, float]:
    aimed, most = _ordered(table, "compression", _pair(table, "compression"))
    if aimed < 1:
        raise table.refusal("compression", "wrong_value", ">= 1")
    return aimed, most


def _shares(table: Table, key: str) -> tuple[float, float]:
    low, high = _ordered(table, key, _pair(table, key))
    if not 0 <= low < high <= 1:
        raise table.refusal(key, "wrong_value", "0 to 1")
    return low, high


def _within(table: Table, key: str, least: float, most: float) -> float:
    value = table.number(key)
    if value is None:
        raise table.refusal(key, "missing")
    if not least <= value <= most:
        raise table.refusal(key, "wrong_value", f"{least:g} to {most:g}")
    return value


def _whole_pair(table: Table, key: str, least: int, most: int | None = None) -> tuple[int, int]:
    first, second = _pair(table, key)
    if not (first.is_integer() and second.is_integer()):
        raise table.refusal(key, "wrong_type")
    if min(first, second) < least or (most is not None and max(first, second) > most):
        raise table.refusal(key, "wrong_value", f">= {least}" if most is None else f"{least} to {most}")
    return int(first), int(second)


def _ordered(table: Table, key: str, pair: tuple[_Number, _Number]) -> tuple[_Number, _Number]:
    if pair[0] > pair[1]:
        raise table.refusal(key, "wrong_order")
    return pair


def _pair(table: Table, key: str) -> tuple[float, float]:
    if key not in table.values:
        raise table.refusal(key, "missing")
    found = table.values[key]
    if not isinstance(found, list) or len(found) != 2:
        raise table.refusal(key, "wrong_type")
    for value in found:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise table.refusal(key, "wrong_type")
    first, second = found
    return float(first), float(second)
