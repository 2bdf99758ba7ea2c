"""A value over the field: each cell with its number, the darker the less light."""

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from station.model.calibration import Map
from ui.theme import DARK, colour, tokens
from ui.widgets.plots.items import Cell, Cells
from ui.widgets.plots.legend import Key, Symbol
from ui.widgets.plots.places import place_name
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Rows
from ui.widgets.plots.ticks import none
from ui.wording.translate import UNKNOWN, number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

_DEEPEST = {False: 0.6, True: 0.5}
"""How far the ground of a cell goes from the surface to the accent, by day and in the dark: the numbers on it
keep 4.5:1. One hue from light to dark is read alike by every eye."""
_LEAST_SPAN = 1.0
"""A field more even than this is not painted as if it were uneven."""


class HeatMap(Plot):
    """The evenness of a field, seen from above as the picture shows it."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Evenness of the light"),
            self.tr("No even field measured yet. Scan the target to see where the light falls off."),
        )

    def show_map(self, field: Map | None, limit: float | None = None) -> None:
        """Show a map; `limit` is how far its lowest value may lie below its highest, in its unit."""
        known = [value for row in field.rows for value in row if isfinite(value)] if field else []
        if field is None or not known:
            self.show_nothing()
            return
        low, high = min(known), max(known)
        span = max(high - low, limit or 0, _LEAST_SPAN)
        floor = high - limit if limit is not None else low
        keys = []
        if low < floor:
            keys.append(
                Key(
                    self.tr("further below the highest than the limit"),
                    "not_good",
                    0,
                    symbol=Symbol.SQUARE,
                    hollow=True,
                )
            )
        facts = {
            "high": number(high, 1),
            "low": number(low, 1),
            "range": number(high - low, 1),
            "unit": field.unit,
        }
        where = place_name(field.rows, low)
        told = self.tr("From {low} to {high} {unit}, a range of {range}; lowest at the {place}").format(
            place=where, **facts
        )
        if limit is not None:
            told += self.tr("; the limit is {limit}").format(limit=number(limit, 1))
        self.show_drawing(partial(_draw, field.rows, (high - span, high), floor), f"{told}.", keys)


def _draw(rows: Rows, scale: tuple[float, float], floor: float, canvas: "Canvas") -> None:
    from ui.widgets.plots.canvas import Axis

    across, down = max(map(len, rows)), len(rows)
    panel = canvas.panel(Axis("", 0, across, none), Axis("", 0, down, none), downwards=True)
    cells = [[_cell(value, scale, floor) for value in row] for row in rows]
    panel.add(Cells(cells, colour("text"), colour("not_good"), colour("line"), canvas.widget.font()))


def _cell(value: float, scale: tuple[float, float], floor: float) -> Cell:
    if not isfinite(value):
        return Cell(colour("quiet_soft"), UNKNOWN)
    share = (value - scale[0]) / (scale[1] - scale[0])
    dark = tokens() is DARK
    towards = (share if dark else 1 - share) * _DEEPEST[dark]
    return Cell(_mixed(colour("surface"), colour("accent"), towards), number(value, 1), value < floor)


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    share = min(max(share, 0.0), 1.0)
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
