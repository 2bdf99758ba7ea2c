"""What the layout files of all targets share: one file a kind, and lengths in millimetres."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from station.errors import SettingsError
from station.toml_file import Table, files_of, read_table


class _OfKind(Protocol):
    @property
    def kind(self) -> StrEnum:
        """Which target it is."""


_Kind = TypeVar("_Kind", bound=StrEnum)
_Layout = TypeVar("_Layout", bound=_OfKind)


def one_a_kind(
    folder: Path, kinds: type[_Kind], layout_of: Callable[[Table], _Layout]
) -> Mapping[_Kind, _Layout]:
    """Read the TOML files of a folder, which must hold one layout for every kind.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (the layout of a kind), duplicate, or what
            `layout_of` refuses.
    """
    layouts: dict[_Kind, _Layout] = {}
    for path in files_of(folder):
        table = read_table(path)
        layout = layout_of(table)
        kind = kinds(layout.kind)
        if kind in layouts:
            raise table.refusal("kind", "duplicate")
        layouts[kind] = layout
    for kind in kinds:
        if kind not in layouts:
            raise SettingsError(where=folder.name, key=kind.value, problem="missing", suggestion="")
    return MappingProxyType(layouts)


def numbers(table: Table, key: str, found: object, count: int) -> list[float]:
    """Return exactly so many numbers, which stand alone or in a list.

    Raises:
        SettingsError: missing, wrong_type.
    """
    if found is None:
        raise table.refusal(key, "missing")
    values = found if isinstance(found, list) else [found]
    answers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(answers) != count or len(values) != count or not all(map(isfinite, answers)):
        raise table.refusal(key, "wrong_type")
    return answers


def point(table: Table, key: str) -> tuple[float, float]:
    """Return a place or a pair of lengths, in mm.

    Raises:
        SettingsError: missing, wrong_type.
    """
    x, y = numbers(table, key, table.values.get(key), 2)
    return x, y
