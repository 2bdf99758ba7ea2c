"""Maps of the field for a report: how even it is, and where the picture is bent."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import floor, hypot, isfinite, log10

from station.delivery import calibration_words as words
from station.delivery.calibration_axes import Axes, Axis, Box, Sample, Shape
from station.delivery.calibration_blocks import Block
from station.delivery.calibration_sheet import BLACK, BLUE, GREY, MM, PALE, Ink, Sheet
from station.model.calibration import Analysis, Map
from station.model.quality import Limit

_LOWEST, _HIGHEST = 34 * MM, 104 * MM
_LARGEST = 14 * MM
_DEEPEST: Ink = (0.55, 0.75, 0.93)
"""The ground of the cell with the lowest value; black figures on it keep a contrast of 4.5:1."""
_LEAST_SPAN = 1.0
"""A field more even than this is not painted as if it were uneven."""

_TITLES: Mapping[str, tuple[str, str]] = {
    "uniformity": ("Evenness of the light", "uniformity"),
    "flat_field": ("Evenness of the camera's field", ""),
    "corner_coverage": ("Where the board was seen: its corners in each part of the field", ""),
    "ambient_closed": ("Light from the room, lid closed", ""),
}
"""Titles of maps, and the measure that limits how far their values may lie apart."""

_COUNTED = "corners"

_ROUND = (1, 2, 5, 10)
_LONGEST = 2.5
"""Squares of the grid; the worst place may reach so far, or the others would be dots."""
_FINEST_PX = 0.02
"""Below it there is no distortion to see."""

_THIRDS = (
    ("top left", "top", "top right"),
    ("left", "middle", "right"),
    ("bottom left", "bottom", "bottom right"),
)

Rows = Sequence[Sequence[float]]


def map_blocks(now: Analysis, limits: Mapping[str, Limit]) -> Iterator[Block]:
    """Yield the maps of an analysis that have at least one value."""
    by_name = {drawn.name: drawn for drawn in now.maps}
    for name, (title, measure) in _TITLES.items():
        if name in by_name and _known(by_name[name].rows):
            yield _field(by_name[name], title, limits.get(measure, Limit()).high)
    across, along = by_name.get("distortion_x"), by_name.get("distortion_y")
    if across is not None and along is not None:
        yield from _distortion(across.rows, along.rows)


def _field(drawn: Map, title: str, limit: float | None) -> Block:
    known = _known(drawn.rows)
    low, high = min(known), max(known)
    unit = f" {drawn.unit}" if drawn.unit else ""
    places = 0 if drawn.unit == _COUNTED else 1
    told = f"From {low:.{places}f} to {high:.{places}f}{unit}, lowest at the {_place(drawn.rows, low)}"
    told += f"; the limit of the range is {limit:.1f}." if limit is not None else "."
    floor = high - limit if limit is not None else low
    down, columns = len(drawn.rows), max(map(len, drawn.rows))
    height = min(max(down * min(_LARGEST, 84 * MM / columns), _LOWEST), _HIGHEST)
    key = [Sample("further below the highest than the limit", BLACK, shape=Shape.SQUARE)] if low < floor else []
    span = max(high - low, limit or 0.0, _LEAST_SPAN)
    titled = f"{title}, {drawn.unit}" if drawn.unit and drawn.unit != _COUNTED else title
    return Block(
        titled,
        told,
        height + 4 * MM,
        partial(_draw_field, drawn.rows, (high - span, high), floor, places),
        key=tuple(key),
    )


def _draw_field(
    rows: Rows, scale: tuple[float, float], floor: float, places: int, sheet: Sheet, box: Box
) -> None:
    columns = max(map(len, rows))
    axes = Axes(sheet, box, Axis("", 0, columns), Axis("", 0, len(rows)), downwards=True)
    size = min(7.0, axes.height / len(rows) - 1, axes.width / columns / 3.2)
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if not isfinite(value):
                axes.text((x + 0.5, y + 0.5), "?", size, align=0.5, lift=-size / 3)
                continue
            deep = min(max((scale[1] - value) / (scale[1] - scale[0]), 0.0), 1.0)
            ink = tuple(1 - deep * (1 - part) for part in _DEEPEST)
            axes.bar((x, y), (x + 1, y + 1), (ink[0], ink[1], ink[2]))
            if value < floor:
                inner = [(x + a, y + b) for a, b in ((0.06, 0.08), (0.94, 0.08), (0.94, 0.92), (0.06, 0.92))]
                axes.line([*inner, inner[0]], BLACK, 1.0)
            axes.text((x + 0.5, y + 0.5), words.number(value, places), size, align=0.5, lift=-size / 3)
    _grid(axes, columns, len(rows))


def _distortion(across: Rows, along: Rows) -> Iterator[Block]:
    pairs = [list(zip(*both, strict=True)) for both in zip(across, along, strict=True)]
    lengths = [[hypot(*pair) for pair in row] for row in pairs]
    known = _known(lengths)
    if not known:
        return
    most, mean = max(known), (sum(length**2 for length in known) / len(known)) ** 0.5
    square = _round(max(most / _LONGEST, mean, _FINEST_PX))
    told = (
        f"Places lie {mean:.2f} px (rms) from where they belong, at most {most:.2f} px, at the "
        f"{_place(lengths, most)}; scale and slant are taken off."
    )
    down, columns = len(pairs), len(pairs[0])
    height = min(max((down + 1) * min(_LARGEST, 84 * MM / (columns + 1)), _LOWEST), _HIGHEST)
    key = (
        Sample("where a place belongs", GREY, shape=Shape.DOT),
        Sample(f"to where it lies; one square of the grid is {square:g} px", BLUE, 1.2),
    )
    yield Block("Distortion", told, height + 4 * MM, partial(_draw_distortion, pairs, square), key=key)


def _draw_distortion(
    pairs: Sequence[Sequence[tuple[float, float]]], square: float, sheet: Sheet, box: Box
) -> None:
    down, columns = len(pairs), len(pairs[0])
    # Squares, so that an arrow is as long across as along.
    side = min(box.width / (columns + 1), box.height / (down + 1))
    room = Box(box.left, box.bottom + box.height - side * (down + 1), side * (columns + 1), side * (down + 1))
    axes = Axes(sheet, room, Axis("", -0.5, columns + 0.5), Axis("", -0.5, down + 0.5), downwards=True)
    _grid(axes, columns, down)
    for y, row in enumerate(pairs):
        for x, (dx, dy) in enumerate(row):
            if isfinite(dx) and isfinite(dy):
                begin = (x + 0.5, y + 0.5)
                axes.mark(begin, Shape.DOT, GREY, 2)
                _arrow(axes, begin, (dx / square, dy / square))


def _arrow(axes: Axes, begin: tuple[float, float], way: tuple[float, float]) -> None:
    end = (begin[0] + way[0], begin[1] + way[1])
    axes.line([begin, end], BLUE, 1.0)
    length = hypot(*way)
    if length < 0.15:
        return
    barb = min(0.22, length / 2)
    x, y = way[0] / length * barb, way[1] / length * barb
    axes.line(
        [(end[0] - x - y / 2, end[1] - y + x / 2), end, (end[0] - x + y / 2, end[1] - y - x / 2)], BLUE, 1.0
    )


def _grid(axes: Axes, columns: int, down: int) -> None:
    for x in range(columns + 1):
        axes.line([(x, 0), (x, down)], PALE, 0.4)
    for y in range(down + 1):
        axes.line([(0, y), (columns, y)], PALE, 0.4)


def _known(rows: Rows) -> list[float]:
    return [value for row in rows for value in row if isfinite(value)]


def _place(rows: Rows, value: float) -> str:
    """Return in which third of the field a value stands first."""
    y, row = next((y, row) for y, row in enumerate(rows) if value in row)
    x = list(row).index(value)
    return _THIRDS[int(3 * (y + 0.5) / len(rows))][int(3 * (x + 0.5) / len(row))]


def _round(value: float) -> float:
    """Return the round number that is nearest to a value."""
    power: float = 10.0 ** floor(log10(value))
    return min((step * power for step in _ROUND), key=lambda near: abs(log10(near / value)))
