"""How far the colour of each patch is from what it should be."""

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

from station.model.calibration import Curve
from ui.widgets.plots.legend import Key
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Point, finite
from ui.widgets.plots.ticks import Tick, numbers
from ui.wording.translate import number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

_HALF_BAR = 0.36
_LEAST = 0.5
"""The axis goes on to this at least: colours that are all but right make no mountains."""


class PatchBars(Plot):
    """A bar for each patch with the limit of the worst and that of the mean."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Colour of the patches"),
            self.tr("No colours measured yet. They need a target with its reference file."),
        )

    def show_patches(
        self, curve: Curve | None, limit: float | None = None, mean_limit: float | None = None
    ) -> None:
        """Show an analysis' curve `delta_e`; `limit` is that of the worst patch, in the same unit."""
        patches = finite(curve.points) if curve is not None else ()
        if not patches:
            self.show_nothing()
            return
        values = [value for _, value in patches]
        mean = sum(values) / len(values)
        number_of_worst, worst = max(patches, key=lambda patch: patch[1])
        told = self.tr(
            "{count} patches are {mean} ΔE00 off on average, nine in ten at most {p90}, "
            "the worst {worst} (patch {number})"
        ).format(
            count=len(values),
            mean=number(mean, 1),
            p90=number(float(np.percentile(values, 90)), 1),
            worst=number(worst, 1),
            number=round(number_of_worst),
        )
        if limit is not None:
            told += self.tr("; the limit of the worst is {limit}").format(limit=number(limit, 1))
        lines = [Key(self.tr("Mean"), "text", 2)]
        if mean_limit is not None:
            lines.append(Key(self.tr("Limit of the mean"), "not_good", 2, dashed=True))
        if limit is not None:
            lines.append(Key(self.tr("Limit of each"), "not_good", 2))
        labels = self.tr("Patch"), self.tr("ΔE00")
        self.show_drawing(partial(_draw, patches, mean, limit, mean_limit, labels), f"{told}.", lines)


def _whole(low: float, high: float, most: int) -> list[Tick]:
    """Mark whole numbers only: there is no half patch."""
    return [tick for tick in numbers(low, high, most) if tick[0] == round(tick[0]) and tick[0] > 0]


def _draw(
    patches: Sequence[Point],
    mean: float,
    limit: float | None,
    mean_limit: float | None,
    labels: tuple[str, str],
    canvas: "Canvas",
) -> None:
    from ui.widgets.plots.canvas import Axis

    ends = [
        value
        for value in (*(y for _, y in patches), limit, mean_limit)
        if value is not None and isfinite(value)
    ]
    last = max(x for x, _ in patches)
    panel = canvas.panel(
        Axis(labels[0], 0.3, last + 0.7, _whole), Axis(labels[1], 0, 1.18 * max(_LEAST, *ends))
    )
    for x, value in patches:
        beyond = limit is not None and value > limit
        bar = QRectF(x - _HALF_BAR, 0, 2 * _HALF_BAR, value)
        panel.bar(bar, "not_good" if beyond else "accent", hatched=beyond)
    x, worst = max(patches, key=lambda patch: patch[1])
    side = 0.0 if x < last / 10 else 1.0 if x > 0.9 * last else 0.5
    panel.text((x, worst), number(worst, 1), "text", (side, 1))
    panel.level(mean, "text", 2)
    if mean_limit is not None:
        panel.level(mean_limit, "not_good", 2, dashed=True)
    if limit is not None:
        panel.level(limit, "not_good", 2)
