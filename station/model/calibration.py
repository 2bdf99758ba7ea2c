"""What a calibration found: figures with their limits, and what they come from."""

from dataclasses import dataclass

from station.model.quality import Finding, QualityReport
from station.model.target import TargetLabel

Mm = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `measure` is its stable name (`resolution_x`, `sfr50_x`, ...), `unit` its unit.

    `value` None when it could not be evaluated, then `reason` is a word (`no_reference`, `clipped`).
    `uncertainty` is the expanded one (k = 2) in the same unit, None where nobody assessed it. `needs_reference`
    marks what means nothing without a measured target.
    """

    measure: str
    unit: str
    value: float | None = None
    reason: str = ""
    uncertainty: float | None = None
    needs_reference: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """Values over the field for a drawing: `rows` from the top, each with one value a cell, in `unit`."""

    name: str
    unit: str
    rows: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve for a drawing: points (x, y), with the units of both."""

    name: str
    x_unit: str
    y_unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was measured on one picture of a target, before any limit."""

    label: TargetLabel | None
    figures: tuple[Figure, ...]
    maps: tuple[Map, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """An analysis with its verdict. `report` holds one finding a figure, in the profile's order."""

    analysis: Analysis
    report: QualityReport

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings."""
        return self.report.findings
