"""The wear of a scanner as a rehearsal's script says it: what is not said is that of a sound scanner."""

from dataclasses import fields, replace
from math import isfinite

from station.model.degradation import SOUND, Degradation, Speck, Streak
from station.toml_file import Table

RANGES = {
    "scale": (-0.6, 0.6),
    "blur_px": (0.3, 5.0),
    "black": (0.0, 2.0),
    "white": (0.0, 2.0),
    "cast": (0.0, 2.0),
    "gradient": (-1.0, 1.0),
    "gamma": (0.2, 5.0),
    "noise": (0.0, 20.0),
    "backing": (0.0, 2.0),
    "depth": (0.0, 1.0),
    "diameter_px": (0.0, 1000.0),
    "width_px": (0.0, 1000.0),
}
"""What can be drawn. Angles and places may be any that the glass has."""
ELSEWHERE = (-100_000.0, 100_000.0)
SPOTS = {"streaks": Streak, "specks": Speck}
"""Dirt: lists of tables, each with every word of one."""


def wear_of(table: Table) -> Degradation | None:
    """Return what a table of a script says; None for an empty one: the scanner is sound.

    Its words are those of `Degradation` but the seed. What has two parts is a list of both ([x, y]), the cast
    one of three (red, green, blue).

    Raises:
        SettingsError: unknown_key, wrong_type, missing or wrong_value.
    """
    table.only(*(field.name for field in fields(Degradation) if field.name != "seed"))
    said: dict[str, object] = {
        name: _value(table, name, getattr(SOUND, name)) for name in table.values if name not in SPOTS
    }
    for name, kind in SPOTS.items():
        if name in table.values:
            said[name] = tuple(_spot(each, kind) for each in table.tables(name))
    return replace(SOUND, **said) if said else None  # type: ignore[arg-type]


def _spot(table: Table, kind: type[Streak] | type[Speck]) -> Streak | Speck:
    names = [field.name for field in fields(kind)]
    table.only(*names)
    return kind(**{name: _number(table, name, table.values.get(name)) for name in names})


def _value(table: Table, name: str, default: float | tuple[float, ...]) -> float | tuple[float, ...]:
    if not isinstance(default, tuple):
        return _number(table, name, table.values[name])
    parts = table.values[name]
    if not isinstance(parts, list) or len(parts) != len(default):
        raise table.refusal(name, "wrong_type")
    return tuple(_number(table, name, part) for part in parts)


def _number(table: Table, name: str, value: object) -> float:
    if value is None:
        raise table.refusal(name, "missing")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise table.refusal(name, "wrong_type")
    least, most = RANGES.get(name, ELSEWHERE)
    if not least <= value <= most:
        raise table.refusal(name, "wrong_value", f"{least:g} to {most:g}")
    return float(value)
