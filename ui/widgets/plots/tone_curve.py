"""How light the grey steps come out against how light they are, and how far each step is off."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from station.model.calibration import Curve
from ui.widgets.plots.legend import Key, Symbol
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Point, finite
from ui.wording.translate import number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

_LEAST_HEIGHT = 260
_HALF_BAR = 1.2
"""L*; steps of a target lie 5 and more apart."""


class ToneCurve(Plot):
    """Measured L* over that of the reference, with the line of a true device; below it the error of each."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Tone"),
            self.tr("No grey steps measured yet. They need a target with its reference file."),
            _LEAST_HEIGHT,
        )

    def show_curve(self, curve: Curve | None, before: Curve | None = None, limit: float | None = None) -> None:
        """Show an analysis' curve `tone`; `limit` is how many L* a step may be off."""
        now, then = (tuple(sorted(finite(of.points))) if of is not None else () for of in (curve, before))
        if not now:
            self.show_nothing()
            return
        keys = [Key(self.tr("Measured"), "accent", 2, symbol=Symbol.DOT)]
        if then:
            keys.append(Key(self.tr("Before"), "accent", 2, dashed=True))
        keys.append(Key(self.tr("True to the reference"), "quiet", 1))
        if limit is not None:
            keys.append(Key(self.tr("Limit"), "not_good", 2))
        labels = (self.tr("L* of the reference"), self.tr("L* measured"), self.tr("ΔL*"))
        self.show_drawing(partial(_draw, now, then, limit, labels), self._told(now, then, limit), keys)

    def _told(self, now: tuple[Point, ...], then: tuple[Point, ...], limit: float | None) -> str:
        true, got = _worst(now)
        sentence = (
            self.tr("The worst of {count} grey steps, at L* {at}, comes out {off} L* too light")
            if got > true
            else self.tr("The worst of {count} grey steps, at L* {at}, comes out {off} L* too dark")
        )
        told = sentence.format(count=len(now), at=number(true), off=number(abs(got - true), 1))
        if then:
            was, came = _worst(then)
            told += self.tr(" (worst before: {off})").format(off=number(abs(came - was), 1))
        if limit is not None:
            told += self.tr("; the limit is {limit}").format(limit=number(limit, 1))
        return f"{told}."


def _worst(steps: tuple[Point, ...]) -> Point:
    return max(steps, key=lambda step: abs(step[1] - step[0]))


def _draw(
    now: tuple[Point, ...],
    then: tuple[Point, ...],
    limit: float | None,
    labels: tuple[str, str, str],
    canvas: "Canvas",
) -> None:
    from ui.widgets.plots.canvas import Axis

    upper = canvas.panel(Axis("", 0, 100), Axis(labels[1], 0, 102), share=3)
    upper.line([(0, 0), (100, 100)], "quiet", 1)
    upper.line(then, "accent", 2, dashed=True)
    upper.line(now, "accent", 2)
    upper.marks(now, Symbol.DOT, "accent", 7)
    off, was = ([(true, got - true) for true, got in steps] for steps in (now, then))
    reach = 1.25 * max(1.0, limit or 0, *(abs(by) for _, by in (*off, *was)))
    lower = canvas.panel(Axis(labels[0], 0, 100), Axis(labels[2], -reach, reach), share=2)
    lower.level(0, "quiet")
    for true, by in off:
        beyond = limit is not None and abs(by) > limit
        bar = QRectF(true - _HALF_BAR, min(by, 0), 2 * _HALF_BAR, abs(by))
        lower.bar(bar, "not_good" if beyond else "accent", hatched=beyond)
    lower.line(was, "accent", 2, dashed=True)
    if limit is not None:
        lower.level(limit, "not_good", 2)
        lower.level(-limit, "not_good", 2)
