"""How much contrast is left as detail becomes finer: the curves of all slanted edges (ISO 12233)."""

from collections.abc import Sequence
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from station.model.calibration import Curve
from ui.theme import Tone
from ui.widgets.plots.legend import Key, Symbol
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Point, crossing, finite
from ui.wording.translate import number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

HALF_SAMPLING = 0.5
"""Cycles per pixel; what is finer comes out as something else."""

_WAYS: dict[str, Tone] = {"sfr_x_": "accent", "sfr_y_": "text"}
"""How the curves of an edge that measures across or along begin; blue and ink differ for every eye."""
_LEVELS = (0.5, Symbol.DOT), (0.1, Symbol.DIAMOND)
_END = 0.75
"""Cycles per pixel that are shown; beyond lies nothing that a picture could hold."""

Weakest = dict[str, tuple[Point, ...]]


class SfrCurves(Plot):
    """All edges thin, the weakest of each direction strong with its SFR50 and SFR10; dashed what was before."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Sharpness (SFR)"),
            self.tr("No edges measured yet. Scan the target to see how sharp they are."),
        )

    def show_curves(self, curves: Sequence[Curve], before: Sequence[Curve] = ()) -> None:
        """Show those of an analysis' curves that are responses (`sfr_x_...`, `sfr_y_...`)."""
        every = {way: _of(way, curves) for way in _WAYS}
        now, then = _weakest(every), _weakest({way: _of(way, before) for way in _WAYS})
        if not now:
            self.show_nothing()
            return
        names = {"sfr_x_": self.tr("Across, weakest edge"), "sfr_y_": self.tr("Along, weakest edge")}
        keys = [Key(names[way], _WAYS[way], 3) for way in now]
        if then:
            keys.append(Key(self.tr("before"), "quiet", 2, dashed=True))
        keys += [
            Key(self.tr("half left (SFR50)"), "quiet", 0, symbol=_LEVELS[0][1]),
            Key(self.tr("a tenth left (SFR10)"), "quiet", 0, symbol=_LEVELS[1][1]),
        ]
        labels = (
            self.tr("Fineness of the detail, cycles/px"),
            self.tr("Contrast left"),
            self.tr("half-sampling"),
        )
        self.show_drawing(partial(_draw, every, now, then, labels), self._told(now, then), keys)

    def _told(self, now: Weakest, then: Weakest) -> str:
        words = {
            "sfr_x_": self.tr(
                "across, half of the contrast is left at {half} and a tenth at {tenth} cycles/px"
            ),
            "sfr_y_": self.tr("along, half of the contrast is left at {half} and a tenth at {tenth} cycles/px"),
        }
        parts = [
            words[way].format(half=_written(points, 0.5), tenth=_written(points, 0.1))
            + (
                self.tr(" (before: {half} and {tenth})").format(
                    half=_written(then[way], 0.5), tenth=_written(then[way], 0.1)
                )
                if way in then
                else ""
            )
            for way, points in now.items()
        ]
        return self.tr("On the weakest edge {parts}.").format(parts="; ".join(parts))


def _of(way: str, curves: Sequence[Curve]) -> tuple[tuple[Point, ...], ...]:
    found = (finite(curve.points) for curve in curves if curve.name.startswith(way))
    return tuple(points for points in found if len(points) > 1)


def _weakest(every: dict[str, tuple[tuple[Point, ...], ...]]) -> Weakest:
    return {way: min(edges, key=_half) for way, edges in every.items() if edges}


def _half(points: tuple[Point, ...]) -> float:
    at = crossing(points, 0.5)
    return inf if at is None else at


def _written(points: tuple[Point, ...], level: float) -> str:
    at = crossing(points, level)
    return f"> {number(points[-1][0], 2)}" if at is None else number(at, 2)


def _draw(
    every: dict[str, tuple[tuple[Point, ...], ...]],
    now: Weakest,
    then: Weakest,
    labels: tuple[str, str, str],
    canvas: "Canvas",
) -> None:
    from ui.widgets.plots.canvas import Axis

    every_y = [y for edges in every.values() for points in edges for x, y in points if x <= _END]
    panel = canvas.panel(Axis(labels[0], 0, _END), Axis(labels[1], 0, 1.05 * max(1.0, *every_y)))
    for level, _ in _LEVELS:
        panel.level(level, "quiet", dashed=True)
    panel.upright(HALF_SAMPLING, "quiet", text=labels[2])
    for way, edges in every.items():
        for points in edges:
            panel.line(points, _WAYS[way], 1, alpha=0.3)
    for way, points in then.items():
        panel.line(points, _WAYS[way], 2, dashed=True)
    for way, points in now.items():
        panel.line(points, _WAYS[way], 3)
        for level, symbol in _LEVELS:
            if (at := crossing(points, level)) is not None and at <= _END:
                panel.marks([(at, level)], symbol, _WAYS[way], 11)
                panel.text(
                    (at, level), number(at, 2), _WAYS[way], (-0.2, 1.1) if way == "sfr_y_" else (1.2, -0.1)
                )
