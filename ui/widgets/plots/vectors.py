"""How far places of the sheet lie from where they belong, as arrows that are drawn far too long."""

from functools import partial
from math import hypot, isfinite, log10
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from station.model.calibration import Map
from ui.theme import colour
from ui.widgets.plots.items import Arrows
from ui.widgets.plots.legend import Key, Symbol
from ui.widgets.plots.places import place_name
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Point
from ui.widgets.plots.ticks import none
from ui.wording.translate import number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

_STEPS = (1, 2, 5, 10)
_LONGEST = 2.5
"""Squares of the grid; the worst place may reach so far, or the others would be dots."""
_FINEST_PX = 0.02
"""Below it there is no distortion to see."""


class Vectors(Plot):
    """The distortion of a field. The scale of the arrows is said as what one square of the grid stands for."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Distortion"),
            self.tr("No marks measured yet. Scan the target to see where the picture is bent."),
        )

    def show_maps(self, across: Map | None, along: Map | None) -> None:
        """Show an analysis' maps `distortion_x` and `distortion_y`, of one size, in px."""
        vectors = _vectors(across, along)
        if across is None or not vectors:
            self.show_nothing()
            return
        lengths = [
            [hypot(*pair) for pair in zip(*rows, strict=True)]
            for rows in zip(across.rows, along.rows if along else (), strict=True)
        ]
        known = [length for row in lengths for length in row if isfinite(length)]
        most, mean = max(known), (sum(length**2 for length in known) / len(known)) ** 0.5
        square = _round(max(most / _LONGEST, mean, _FINEST_PX))
        size = number(square, max(0, -_power(square)))
        told = self.tr(
            "Places lie {mean} px off (rms), at most {most} px, at the {place}; "
            "arrows are drawn so that one square of the grid is {square} px."
        ).format(mean=number(mean, 2), most=number(most, 2), place=place_name(lengths, most), square=size)
        keys = (
            Key(self.tr("where it belongs"), "quiet", 0, symbol=Symbol.DOT),
            Key(
                self.tr("to where it lies; a square of the grid is {square} px").format(square=size),
                "accent",
                2,
            ),
        )
        shape = len(across.rows[0]), len(across.rows)
        self.show_drawing(partial(_draw, vectors, shape, square), told, keys)


def _vectors(across: Map | None, along: Map | None) -> tuple[tuple[Point, Point], ...]:
    """Return each cell's middle and its departure."""
    if across is None or along is None:
        return ()
    return tuple(
        ((x + 0.5, y + 0.5), pair)
        for y, rows in enumerate(zip(across.rows, along.rows, strict=True))
        for x, pair in enumerate(zip(*rows, strict=True))
        if all(map(isfinite, pair))
    )


def _power(value: float) -> int:
    return int(log10(value) // 1)


def _round(value: float) -> float:
    """Return the round number that is nearest to a value."""
    power = 10.0 ** _power(value)
    return min((step * power for step in _STEPS), key=lambda near: abs(log10(near / value)))


def _draw(
    vectors: tuple[tuple[Point, Point], ...], shape: tuple[int, int], square: float, canvas: "Canvas"
) -> None:
    from ui.widgets.plots.canvas import Axis

    across, down = shape
    panel = canvas.panel(
        Axis("", -0.5, across + 0.5, none), Axis("", -0.5, down + 0.5, none), downwards=True, square=True
    )
    for x in range(across + 1):
        panel.line([(x, 0), (x, down)], "quiet", 1, alpha=0.25)
    for y in range(down + 1):
        panel.line([(0, y), (across, y)], "quiet", 1, alpha=0.25)
    lines = [(QPointF(x, y), QPointF(x + dx / square, y + dy / square)) for (x, y), (dx, dy) in vectors]
    panel.add(Arrows(lines, QRectF(-1, -1, across + 2, down + 2), colour("accent"), colour("quiet")))
