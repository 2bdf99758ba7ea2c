"""Streaks: thin lines that dirt on the glass draws over every sheet, and lines of a stumbling transport."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from station.calibration.blank_zone import BlankZone, Floats, figure
from station.model.calibration import Curve, Figure

_AROUND_MM = 2.6
"""The running median's window: 31 px at 300 ppi. A streak is at most half as wide."""
_SIGMAS = 5.0
_SIGMA_OF_MAD = 1.4826
_FAINTEST = 0.4
"""L*: a little more than one code of eight bits near white, by which a sheet without noise may step."""


@dataclass(frozen=True, slots=True)
class Streak:
    """One line from end to end of the zone.

    `at_mm` is where its middle crosses the axis; `width_mm` that of a bar of its full depth and equal weight;
    `depth` in L* is how far its middle departs from the paper, below 0 when it is darker.
    """

    at_mm: float
    width_mm: float
    depth: float


@dataclass(frozen=True, slots=True)
class Streaks:
    """What was found: `upright` streaks from the left (dirt on a feeder's glass), `level` ones from the top.

    The curves are the residual L* of columns and rows over their place in mm. `refusal` says why the zone could
    not be judged.
    """

    upright: tuple[Streak, ...] = ()
    level: tuple[Streak, ...] = ()
    curves: tuple[Curve, ...] = ()
    refusal: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """`streaks` (count of both), then for x and y count, depth (L*, as an amount), width and place (mm).

        The last three are of the deepest. `_x`: streaks that stand upright and so have a place along x. Width
        and place are `none_found` without a streak.
        """
        count = None if self.refusal else float(len(self.upright) + len(self.level))
        return (
            figure("streaks", "count", count, self.refusal),
            *_figures("x", self.upright, self.refusal),
            *_figures("y", self.level, self.refusal),
        )


def streaks(zone: BlankZone) -> Streaks:
    """Find the columns and the rows that depart from their neighbourhood.

    Means of every column less their running median; beyond 5 sigmas (1.4826 MAD) and 0.4 L* lies a streak. Of
    6000 columns and rows without one, noise takes 6000 · 5.7e-7, or 0.003, for a streak.
    """
    if zone.refusal:
        return Streaks(refusal=zone.refusal)
    upright, across = _along(zone, along_x=True)
    level, down = _along(zone, along_x=False)
    return Streaks(upright, level, (across, down))


def _along(zone: BlankZone, *, along_x: bool) -> tuple[tuple[Streak, ...], Curve]:
    """Return the streaks that one axis meets, and its residual."""
    pixel_mm, start = (each[0 if along_x else 1] for each in (zone.pixel_mm, zone.corner))
    residual = _residual(zone.means(along_x=along_x), pixel_mm)
    sigma = _SIGMA_OF_MAD * float(np.median(np.abs(residual - np.median(residual))))
    limit = max(_SIGMAS * sigma, _FAINTEST)
    places = start + (np.arange(len(residual)) + 0.5) * pixel_mm
    found = tuple(_streak(residual[run], places[run], pixel_mm) for run in _runs(residual, limit))
    points = tuple(zip(places.tolist(), residual.tolist(), strict=True))
    return found, Curve(f"streaks_{'x' if along_x else 'y'}", "mm", "L*", points)


def _residual(means: Floats, pixel_mm: float) -> Floats:
    """Return the means less the running median of those around."""
    half = max(1, round(_AROUND_MM / pixel_mm / 2))
    # Mirrored: a repeated end value would itself be the median of the rim.
    windows = sliding_window_view(np.pad(means, half, mode="reflect"), 2 * half + 1)
    result: Floats = means - np.median(windows, axis=1)
    return result


def _runs(residual: Floats, limit: float) -> list[slice]:
    """Return the stretches of one sign that reach beyond the limit, as far as they keep above half of it."""
    side = np.sign(residual) * (np.abs(residual) > limit / 2)
    borders = [0, *(np.flatnonzero(np.diff(side)) + 1).tolist(), len(side)]
    stretches = [slice(a, b) for a, b in pairwise(borders)]
    return [run for run in stretches if np.abs(residual[run]).max() > limit]


def _streak(residual: Floats, places: Floats, pixel_mm: float) -> Streak:
    """Return the streak of one stretch."""
    depth = float(residual[np.argmax(np.abs(residual))])
    weight = float(residual.sum())
    return Streak(float(residual @ places) / weight, weight / depth * pixel_mm, depth)


def _figures(axis: str, found: tuple[Streak, ...], refusal: str) -> tuple[Figure, ...]:
    """Return the figures of one axis."""
    worst = max(found, key=lambda streak: abs(streak.depth), default=None)
    depth = abs(worst.depth) if worst else 0.0
    return (
        figure(f"streaks_{axis}", "count", None if refusal else float(len(found)), refusal),
        figure(f"streak_depth_{axis}", "L*", None if refusal else depth, refusal),
        figure(f"streak_width_{axis}", "mm", worst.width_mm if worst else None, refusal),
        figure(f"streak_place_{axis}", "mm", worst.at_mm if worst else None, refusal),
    )
