"""The layouts of known commercial targets, read from TOML: grids of equal patches and what files call them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import ascii_uppercase

from station.calibration.layout_files import one_a_kind, point
from station.model.target import ChartKind, ChartLayout, Grid, Patch, PatchKind
from station.toml_file import Table

FOLDER = "targets/charts"
"""Of the layouts that come with the program, among its resources."""


def load_charts(folder: Path) -> Mapping[ChartKind, ChartLayout]:
    """Read the layout of every known commercial target from the TOML files of a folder.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (a key, or the layout of a kind), wrong_type,
            wrong_value, unknown_key, duplicate.
    """
    return one_a_kind(folder, ChartKind, _layout)


def _layout(table: Table) -> ChartLayout:
    table.only("kind", "title", "grids")
    kind = table.text("kind")
    if kind not in tuple(ChartKind):
        raise table.refusal("kind", "wrong_value", ", ".join(ChartKind))
    tables = list(table.tables("grids"))
    if not tables:
        raise table.refusal("grids", "missing")
    grids = [_grid(each) for each in tables]
    templates = [_templates(each) for each in tables]
    if len({len(each) for each in templates}) > 1:
        raise table.refusal("grids", "wrong_value", "as many names in each")
    namings = tuple(
        tuple(name for grid, template in zip(grids, ways, strict=True) for name in _names(grid, template))
        for ways in zip(*templates, strict=True)
    )
    if any(len(set(names)) < len(names) for names in namings):
        raise table.refusal("grids", "duplicate")
    grey_rows = [_grey_row(each, grid) for each, grid in zip(tables, grids, strict=True)]
    patches = tuple(_patches(zip(grids, grey_rows, strict=True), namings[0]))
    greys = tuple(patch.id for patch in patches if patch.kind is PatchKind.GREY)
    if not greys:
        raise table.refusal("grids", "missing", "grey_row")
    main = max(grids, key=lambda grid: grid.columns * grid.rows)
    return ChartLayout(ChartKind(kind), table.text("title"), main, patches, greys, namings)


def _grid(table: Table) -> Grid:
    table.only("at", "size", "pitch", "columns", "rows", "names", "grey_row")
    pairs = {key: point(table, key) for key in ("at", "size", "pitch")}
    counts = [table.whole(key, least=1) for key in ("columns", "rows")]
    columns, rows = (count or 0 for count in counts)
    if not (columns and rows):
        raise table.refusal("columns", "missing")
    if rows > len(ascii_uppercase) or columns > 99:
        raise table.refusal("rows", "wrong_value")
    if min(*pairs["size"], *pairs["pitch"]) <= 0:
        raise table.refusal("size", "wrong_value", "> 0")
    return Grid(*pairs["at"], *pairs["size"], *pairs["pitch"], columns, rows)


def _templates(table: Table) -> list[str]:
    found = table.values.get("names")
    if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
        raise table.refusal("names", "missing" if found is None else "wrong_type")
    return found


def _grey_row(table: Table, grid: Grid) -> int:
    """Return the row (from 1) that holds the neutral scale from light to dark, 0 where none does."""
    row = table.whole("grey_row", least=1) or 0
    if row > grid.rows:
        raise table.refusal("grey_row", "wrong_value", f"<= {grid.rows}")
    return row


def _names(grid: Grid, template: str) -> Iterator[str]:
    for at in range(grid.columns * grid.rows):
        row, column = divmod(at, grid.columns)
        facts = {
            "{X}": ascii_uppercase[column % len(ascii_uppercase)], "{x}": column + 1,
            "{Y}": ascii_uppercase[row], "{y}": row + 1, "{n}": at + 1, "{i}": at,
        }  # fmt: skip
        name = template
        for word, fact in facts.items():
            name = name.replace(word, str(fact))
        yield name


def _patches(grids: Iterator[tuple[Grid, int]], ids: tuple[str, ...]) -> Iterator[Patch]:
    names = iter(ids)
    for grid, grey_row in grids:
        for row in range(grid.rows):
            kind = PatchKind.GREY if row + 1 == grey_row else PatchKind.COLOUR
            top = grid.top + row * grid.pitch_y
            for column in range(grid.columns):
                left = grid.left + column * grid.pitch_x
                yield Patch(next(names), kind, left, top, grid.width, grid.height)
