"""The layouts of our own targets, read from TOML: rows of patches and the grid of dots are spelled out here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from station.calibration.layout_files import numbers, one_a_kind, point
from station.calibration.shapes import Design, Element, extent
from station.model.target import (
    Dot,
    Fiducial,
    Marker,
    Patch,
    PatchKind,
    Ruler,
    SlantedSquare,
    Symbol,
    TargetKind,
    TargetLayout,
)
from station.toml_file import Table

FOLDER = "targets"
"""Of the layouts that come with the program, among its resources."""

_KEYS = (
    "kind", "revision", "title", "width", "height", "fiducials", "markers", "symbol", "squares", "rows",
    "blanks", "grid", "rulers",
)  # fmt: skip


def load_layouts(folder: Path) -> Mapping[TargetKind, TargetLayout]:
    """Read the layout of every kind of target from the TOML files of a folder.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (a key, or the layout of a kind), wrong_type,
            wrong_value, unknown_key, duplicate.
    """
    return one_a_kind(folder, TargetKind, _layout)


def _layout(table: Table) -> TargetLayout:
    table.only(*_KEYS)
    layout = TargetLayout(
        kind=TargetKind(_word(table, "kind", tuple(kind.value for kind in TargetKind))),
        revision=table.text("revision"),
        title=table.text("title"),
        width=_size(table, "width"),
        height=_size(table, "height"),
        fiducials=tuple(map(_fiducial, table.tables("fiducials"))),
        markers=tuple(map(_marker, table.tables("markers"))),
        squares=tuple(map(_square, table.tables("squares"))),
        patches=tuple(_patches(table)),
        dots=(),
        rulers=tuple(map(_ruler, table.tables("rulers"))),
        symbol=_symbol(table.table("symbol")),
    )
    for key in ("fiducials", "markers", "squares", "patches"):
        ids = [element.id for element in getattr(layout, key)]
        if len(set(ids)) < len(ids):
            raise table.refusal(key, "duplicate")
    return replace(layout, dots=tuple(_dots(table.table("grid"), layout)))


def _fiducial(table: Table) -> Fiducial:
    table.only("id", "at", "size")
    return Fiducial(table.text("id"), point(table, "at"), _size(table, "size"))


def _marker(table: Table) -> Marker:
    table.only("id", "at", "size")
    number = table.whole("id")
    if number is None:
        raise table.refusal("id", "missing")
    if number >= 50:
        raise table.refusal("id", "wrong_value", "0 to 49")
    return Marker(number, point(table, "at"), _size(table, "size"))


def _square(table: Table) -> SlantedSquare:
    table.only("id", "at", "size", "degrees", "field")
    field = _size(table, "field") if "field" in table.values else 0.0
    turned = numbers(table, "degrees", table.values.get("degrees"), 1)[0]
    return SlantedSquare(table.text("id"), point(table, "at"), _size(table, "size"), turned, field)


def _ruler(table: Table) -> Ruler:
    table.only("at", "length", "vertical", "tick")
    return Ruler(
        point(table, "at"), _size(table, "length"), table.flag("vertical", False), _size(table, "tick")
    )


def _symbol(table: Table) -> Symbol:
    table.only("at", "size")
    return Symbol(point(table, "at"), _size(table, "size"))


def _patches(table: Table) -> Iterator[Patch]:
    """Return the patches row by row, numbered from 01 in each, then the blank fields.

    The pitch of a row is negative when it runs to the left.
    """
    for row in table.tables("rows"):
        row.only("id", "kind", "at", "size", "pitch", "designs")
        name, size = row.text("id"), _size(row, "size")
        kind = PatchKind(_word(row, "kind", (PatchKind.GREY.value, PatchKind.COLOUR.value)))
        left, top = point(row, "at")
        pitch = numbers(row, "pitch", row.values.get("pitch"), 1)[0]
        for at, design in enumerate(_designs(row, kind)):
            yield Patch(f"{name}_{at + 1:02d}", kind, left + at * pitch, top, size, size, design)
    blanks = table.table("blanks")
    for name, box in blanks.values.items():
        left, top, width, height = numbers(blanks, name, box, 4)
        yield Patch(name, PatchKind.BLANK, left, top, width, height)


def _designs(row: Table, kind: PatchKind) -> Iterator[Design]:
    """Return the colours of one row: a number each for greys, three each for colours."""
    found = row.values.get("designs")
    if not isinstance(found, list) or not found:
        raise row.refusal("designs", "missing")
    for value in found:
        levels = numbers(row, "designs", value, 1 if kind is PatchKind.GREY else 3)
        if not all(0 <= level <= 255 and level == int(level) for level in levels):
            raise row.refusal("designs", "wrong_value", "0 to 255")
        red, green, blue = (int(level) for level in (levels * 3 if kind is PatchKind.GREY else levels))
        yield red, green, blue


def _dots(grid: Table, layout: TargetLayout) -> Iterator[Dot]:
    """Return the dots of the grid that keep clear of everything else; the first one is the ring."""
    grid.only("at", "diameter", "pitch", "columns", "rows", "clear", "blank_clear", "square_clear")
    left, top = point(grid, "at")
    diameter, pitch = _size(grid, "diameter"), _size(grid, "pitch")
    clear, from_blank, from_square = (_size(grid, f"{what}clear") for what in ("", "blank_", "square_"))
    drawn: tuple[Element, ...] = (layout.symbol, *layout.fiducials, *layout.markers, *layout.rulers)
    apart = [
        *((element, clear) for element in drawn),
        *((patch, from_blank if patch.kind is PatchKind.BLANK else clear) for patch in layout.patches),
        *((square, clear if square.field else from_square) for square in layout.squares),
    ]
    rooms = [(extent(element), keep + diameter / 2) for element, keep in apart]
    first = True
    for row in range(grid.whole("rows", least=1) or 0):
        for column in range(grid.whole("columns", least=1) or 0):
            x, y = left + column * pitch, top + row * pitch
            if all(
                x <= box[0] - keep or x >= box[2] + keep or y <= box[1] - keep or y >= box[3] + keep
                for box, keep in rooms
            ):
                yield Dot(f"dot_{row + 1:02d}_{column + 1:02d}", (x, y), diameter, ring=first)
                first = False


def _word(table: Table, key: str, known: Sequence[str]) -> str:
    word = table.text(key)
    if word not in known:
        raise table.refusal(key, "wrong_value", ", ".join(known))
    return word


def _size(table: Table, key: str) -> float:
    size = numbers(table, key, table.values.get(key), 1)[0]
    if size <= 0:
        raise table.refusal(key, "wrong_value", "> 0")
    return size
