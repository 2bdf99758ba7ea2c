"""How much of its tolerance each figure uses up: one line for all, whatever their units."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from station.model.quality import Finding, Status
from ui.theme import Tone
from ui.widgets.plots.legend import Key
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.ticks import Tick, numbers
from ui.wording import calibration
from ui.wording.names import mark
from ui.wording.translate import number

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas

_MOST = 1.6
"""Of the tolerance; a bar that is longer is cut, its number says how much."""
_WITH_VALUES = 1.35
"""The axis goes on for the column of the values."""
_HALF_BAR = 0.28
_ROW, _AXIS = 24, 56
"""Pixels: one bar with its name; the axis below all."""
_LONGEST_NAME = 220
_TONES: dict[Status, Tone] = {Status.PASS: "accent", Status.WARN: "look", Status.FAIL: "not_good"}


@dataclass(frozen=True, slots=True)
class Used:
    """What a figure uses of its tolerance: 0 in the middle of it, 1 at its end."""

    title: str
    share: float
    status: Status
    value: str


def used(finding: Finding) -> float | None:
    """Return what part of its tolerance a figure uses, from 0 up; None without a value or a limit.

    Between two ends it is the distance from their middle, below an upper end alone the value over it, above a
    lower end alone the end over the value.
    """
    limit, raw = finding.limit, finding.raw
    if limit is None or raw is None or not isfinite(raw):
        return None
    if limit.low is not None and limit.high is not None:
        half = (limit.high - limit.low) / 2
        return abs(raw - (limit.high + limit.low) / 2) / half if half > 0 else None
    if limit.high is not None:
        return max(raw, 0.0) / limit.high if limit.high > 0 else None
    if limit.low is not None and limit.low > 0:
        return limit.low / raw if raw > 0 else _MOST
    return None


class ToleranceBars(Plot):
    """Figures against their tolerances, the one that uses most of it first."""

    def __init__(self, most: int = 10) -> None:
        """Start empty; of more than `most` figures those that use little are left out."""
        super().__init__(
            self.tr("Figures against their tolerance"),
            self.tr("No figures judged yet. Scan the target to see how much room is left."),
            _AXIS + most * _ROW,
        )
        self._most = most

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show those findings that have a value and a limit."""
        found = [
            Used(calibration.title(finding.measure), share, finding.status, calibration.value(finding))
            for finding in findings
            if finding.status in _TONES and (share := used(finding)) is not None
        ]
        found.sort(key=lambda one: one.share, reverse=True)
        if not found:
            self.show_nothing()
            return
        broken = sum(one.status is Status.FAIL for one in found)
        facts = {
            "count": len(found),
            "broken": broken,
            "title": found[0].title,
            "share": number(100 * found[0].share),
        }
        told = (
            self.tr("{broken} of {count} figures break their tolerance; “{title}” is at {share} % of it.")
            if broken
            else self.tr("All {count} figures keep their tolerance; “{title}” uses most of it, {share} %.")
        ).format(**facts)
        shown = tuple(found[: self._most])
        statuses = sorted({one.status for one in shown}, key=list(_TONES).index)
        keys = [
            Key(mark(status).word, _TONES[status], 8, dashed=status is not Status.PASS) for status in statuses
        ]
        keys.append(Key(self.tr("End of the tolerance"), "text", 2))
        self.show_drawing(partial(_draw, shown, self.tr("Part of the tolerance that is used, %")), told, keys)


def _draw(shown: Sequence[Used], axis: str, canvas: "Canvas") -> None:
    from ui.widgets.plots.canvas import Axis

    top = min(_MOST, max(1.1, shown[0].share))
    whole = top * _WITH_VALUES

    metrics = canvas.widget.fontMetrics()

    def names(low: float, high: float, most: int) -> list[Tick]:
        return [
            (row + 0.5, metrics.elidedText(one.title, Qt.TextElideMode.ElideMiddle, _LONGEST_NAME))
            for row, one in enumerate(shown)
        ]

    def percent(low: float, high: float, most: int) -> list[Tick]:
        return [(at / 100, text) for at, text in numbers(100 * low, min(100 * high, 100 * top), most)]

    panel = canvas.panel(
        Axis(axis, 0, whole, percent), Axis("", 0, len(shown), names), downwards=True, names=True
    )
    for row, one in enumerate(shown):
        end, middle = min(one.share, top), row + 0.5
        bar = QRectF(0, middle - _HALF_BAR, end, 2 * _HALF_BAR)
        panel.bar(bar, _TONES[one.status], hatched=one.status is not Status.PASS)
        panel.text((whole, middle), one.value, "text", (1, 0.5))
    panel.upright(1, "text", 2)
