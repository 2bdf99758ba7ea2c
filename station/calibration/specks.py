"""Specks: dust, fibres and scratches on a blank zone, told apart from the noise."""

from dataclasses import dataclass
from math import isqrt, pi

import numpy as np

from station.calibration.blank_zone import BlankZone, Floats, figure
from station.imaging.cv import cv
from station.model.calibration import Curve, Figure

_DEPTH = 6.0
"""L*."""
_SIGMAS = 5.0
_SIGMA_OF_MAD = 1.4826
_LEAST_MM2 = 0.01
_LEAST_PX = 2
"""One pixel alone may be noise: of 8.7 million (A4, 300 ppi) 5 lie beyond 5 sigmas, but no two side by side."""
_REDUCED_MM = 0.25
_AROUND_PX = 21
"""Of the reduced picture: a window of 5.2 mm, whose median a speck of up to 3.7 mm does not move.

A window of 15 px at 300 ppi would take every speck above 1 mm for paper.
"""
_CODES = 255 / 100
_AREA_OF_REPORT_MM2 = 100 * 100
_ENOUGH_PX = 100_000
"""To know the noise to half a per cent."""


@dataclass(frozen=True, slots=True)
class Speck:
    """One mark. `x_mm`, `y_mm` its middle on the glass; `diameter_mm` from end to end, as of a fibre.

    `area_mm2` is that of a spot of its full depth and equal weight; `depth` in L*, below 0 when it is darker.
    """

    x_mm: float
    y_mm: float
    area_mm2: float
    diameter_mm: float
    depth: float


@dataclass(frozen=True, slots=True)
class Specks:
    """What was found on `area_mm2` of blank sheet, the largest first. `refusal` says why it was not judged."""

    found: tuple[Speck, ...] = ()
    area_mm2: float = 0.0
    refusal: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """`specks` (per 100 cm²) and `speck_diameter`, `speck_x`, `speck_y` (mm) of the largest."""
        largest = self.found[0] if self.found else None
        count = None if self.refusal else len(self.found) * _AREA_OF_REPORT_MM2 / self.area_mm2
        diameter = None if self.refusal else largest.diameter_mm if largest else 0.0
        values = (largest.x_mm, largest.y_mm) if largest else (None, None)
        return (
            figure("specks", "1/100 cm²", count, self.refusal),
            figure("speck_diameter", "mm", diameter, self.refusal),
            figure("speck_x", "mm", values[0], self.refusal),
            figure("speck_y", "mm", values[1], self.refusal),
        )

    @property
    def curve(self) -> Curve:
        """The places of all specks, as points to be drawn."""
        return Curve("specks", "mm", "mm", tuple((speck.x_mm, speck.y_mm) for speck in self.found))


def specks(zone: BlankZone) -> Specks:
    """Find the marks that depart from the paper around by more than 6 L* and by 5 sigmas of the noise.

    They have an area of at least 0.01 mm² and two pixels. On 8.7 million pixels with noise of 5.7e-7 beyond the
    threshold, 8.7e6 · 4 · (5.7e-7)², or 0.00001, pairs of neighbours are expected by chance.
    """
    if zone.refusal:
        return Specks(refusal=zone.refusal)
    departure = _departure(zone)
    step = max(1, isqrt(departure.size // _ENOUGH_PX))
    sigma = _SIGMA_OF_MAD * float(np.median(np.abs(departure[::step, ::step])))
    threshold = max(_DEPTH, _SIGMAS * sigma)
    width, height = zone.size_mm
    found = []
    for sign, apart in ((-1.0, departure < -threshold), (1.0, departure > threshold)):
        beyond = apart.astype(np.uint8)
        count, labels, boxes, _ = cv().connectedComponentsWithStats(beyond, connectivity=8, ltype=cv().CV_32S)
        across, down = zone.pixel_mm
        least = max(_LEAST_PX, _LEAST_MM2 / (across * down))
        for number in range(1, count):
            if boxes[number, cv().CC_STAT_AREA] >= least:
                found.append(_speck(zone, departure, labels, number, boxes[number], sign))
    found.sort(key=lambda speck: -speck.diameter_mm)
    return Specks(tuple(found), width * height)


def _departure(zone: BlankZone) -> Floats:
    """Return how far each pixel is from the paper: a median far wider than a speck, of a reduced picture."""
    height, width = zone.lightness.shape
    small = tuple(max(1, round(side / _REDUCED_MM)) for side in zone.size_mm)
    lightness = zone.lightness.astype(np.float32, copy=False)
    reduced = cv().resize(lightness, small, interpolation=cv().INTER_AREA)
    codes = np.clip(np.rint(reduced * _CODES), 0, 255).astype(np.uint8)
    middle = cv().medianBlur(codes, _AROUND_PX).astype(np.float32) / _CODES
    paper = cv().resize(middle, (width, height), interpolation=cv().INTER_LINEAR)
    result: Floats = cv().subtract(lightness, paper, dst=paper)
    return result


def _speck(zone: BlankZone, departure: Floats, labels: Floats, number: int, box: Floats, sign: float) -> Speck:
    """Measure one component with the rim of two pixels that it fades out in."""
    left, top, width, height = (int(value) for value in box[:4])
    rows = slice(max(0, top - 2), top + height + 2)
    columns = slice(max(0, left - 2), left + width + 2)
    core = (labels[rows, columns] == number).astype(np.uint8)
    own = cv().dilate(core, np.ones((5, 5), np.uint8)) > 0
    apart = sign * departure[rows, columns]
    weights = np.where(own, apart, 0)
    kernel = np.where(core, apart, 0)
    if 2 * weights.sum() < kernel.sum():  # the rim lies on a mark of the other sign, as beside print
        weights = kernel
    peak, total = float(weights.max()), float(weights.sum())
    across, down = zone.pixel_mm
    ys, xs = np.mgrid[rows.start : rows.start + core.shape[0], columns.start : columns.start + core.shape[1]]
    x, y = float((weights * xs).sum()) / total, float((weights * ys).sum()) / total
    area = total / peak * across * down
    reach = np.argwhere((weights > peak / 2) & own) * (down, across)
    (_, sides, _) = cv().minAreaRect(reach.astype(np.float32))
    # From centre to centre, and half a pixel more at either end; never less than a disc of its area.
    diameter = max(float(max(sides)) + (across + down) / 2, 2 * (area / pi) ** 0.5)
    place = zone.place(x, y)
    return Speck(*place, area, diameter, sign * peak)
