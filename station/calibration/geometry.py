"""Sampling frequency in both directions, skew, squareness and distortion, from where a target's marks lie.

The device's own grid is measured on the sheet: how far apart its pixels are along the sensor line and along the
transport, and how these two lie to each other. The other way round, the sheet's axes measured in the picture, a
device with two scales would seem out of square as soon as a sheet lies askew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import degrees, hypot, radians

import numpy as np

from station.calibration.located import Array, Feature, Located
from station.model.calibration import Curve, Figure, Map
from station.model.image import MM_PER_INCH

_PAPER_PERCENT = 0.15
"""Expanded uncertainty (k = 2) of distances on paper that nobody measured that day: it swells with damp."""

_OUTLIER = 4.0
"""Standard deviations from a smooth map beyond which a mark is spoilt (dust on a dot)."""

_LEAST_OFF_PX = 0.1
"""No mark is thrown out for less."""

_MAD = 1.4826
"""Makes the median absolute deviation a standard deviation."""

_TERMS = tuple((x, y) for x in range(4) for y in range(4 - x))
"""Powers of a cubic in x and y: what lenses and transports do, and dust does not."""

_CELL_MM = 20.0
_CELLS = (4, 16)
"""Fewest and most cells of a map along a side."""

_STRIP_MM = 10.0
"""Of a transport curve."""

_WINDOW_MM = 25.0
"""Over which the worst local scale is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """What the marks say: `figures`, the distortion as `maps` of its components, `curves` over the field."""

    figures: tuple[Figure, ...]
    maps: tuple[Map, ...]
    curves: tuple[Curve, ...]


def measure_geometry(located: Located, claimed: tuple[float, float] | None = None) -> Geometry:
    """Measure the device's grid on a located target; `claimed` is the resolution (x, y) in ppi that it states.

    Figures: `resolution_x`, `resolution_y` (ppi along the picture's axes); `resolution_error_x`, `_y` (percent
    of the claimed one, reason `no_claim` without); `anisotropy` (percent, x over y); `skew` (degrees, positive
    where the sheet is turned clockwise against the sensor line); `orthogonality` (degrees, the angle
    from the sensor line to the transport less 90); `distortion` and `distortion_max` (px, what an affine map
    leaves, rms and largest); `distortion_percent` (the largest, of half the diagonal of the marks' field);
    `local_scale_x`, `local_scale_y` (percent, largest departure from the mean scale over 25 mm).

    Maps: `distortion_x`, `distortion_y` (px) on a grid over the marks, in the sheet's rows. Curves:
    `transport_x`, `transport_y`: the mean departure (px) of the marks over their place (mm) in the picture.
    """
    marks = _unspoilt(located.features)
    sheet, picture = _arrays(marks)
    affine = _fitted(sheet, picture, 1)
    off = picture - affine(sheet)
    grid = _Grid.of(affine, located.turned)
    noise = float(np.sqrt((off**2).sum() / max(1, 2 * len(off) - 6)))
    spread = np.sqrt(((sheet - sheet.mean(axis=0)) ** 2).sum(axis=0)).min()
    doubt = 2 * noise / (float(np.sqrt(abs(np.linalg.det(grid.to_px)))) * float(spread))
    lengths = np.hypot(*off.T)
    diagonal = hypot(*np.ptp(picture, axis=0)) / 2
    curves = tuple(_transport(picture, off, grid, at) for at in (0, 1))
    figures = (
        *_resolution(grid, claimed, doubt),
        Figure("skew", "degrees", grid.skew, uncertainty=degrees(doubt)),
        Figure("orthogonality", "degrees", grid.orthogonality, uncertainty=degrees(2**0.5 * doubt)),
        Figure("distortion", "px", float(np.sqrt(np.mean(lengths**2)))),
        Figure("distortion_max", "px", float(lengths.max())),
        Figure("distortion_percent", "%", 100 * float(lengths.max()) / diagonal),
        *(_local_scale(picture, off, grid, at) for at in (0, 1)),
    )
    return Geometry(figures, tuple(_maps(sheet, off)), curves)


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The picture's axes on the sheet. `to_px` is the affine part, sheet turned as it lies, px per mm."""

    to_px: Array
    x: Array
    y: Array

    @classmethod
    def of(cls, affine: "_Polynomial", turned: int) -> "_Grid":
        """Take the sheet's quarter turn out: a card that lies across is not skewed."""
        to_px = affine.slopes @ _turn(-turned)
        back = np.linalg.inv(to_px)
        return cls(to_px, back[:, 0].astype(np.float64), back[:, 1].astype(np.float64))

    @property
    def ppi(self) -> tuple[float, float]:
        """Pixels in 25.4 mm along the picture's x and y."""
        return MM_PER_INCH / float(np.hypot(*self.x)), MM_PER_INCH / float(np.hypot(*self.y))

    @property
    def skew(self) -> float:
        """How far the sheet is turned clockwise against the sensor line, in degrees."""
        return -degrees(float(np.arctan2(self.x[1], self.x[0])))

    @property
    def orthogonality(self) -> float:
        """The angle from the sensor line to the transport, less 90 degrees."""
        return degrees(float(np.arctan2(self.y[1], self.y[0]) - np.arctan2(self.x[1], self.x[0]))) - 90


@dataclass(frozen=True, slots=True, eq=False)
class _Polynomial:
    """A map from the sheet to the picture in powers of x and y, which are scaled to keep the fit well posed."""

    centre: Array
    scale: float
    terms: tuple[tuple[int, int], ...]
    factors: Array

    def __call__(self, sheet: Array) -> Array:
        """Return the pixels of sheet points (n, 2)."""
        return np.asarray(_powers((sheet - self.centre) / self.scale, self.terms) @ self.factors)

    @property
    def slopes(self) -> Array:
        """The derivative at the centre: 2 x 2, px per mm, columns for the sheet's x and y."""
        rows = [self.factors[self.terms.index(power)] for power in ((1, 0), (0, 1))]
        return np.asarray(np.array(rows).T / self.scale)


def _powers(points: Array, terms: Sequence[tuple[int, int]]) -> Array:
    return np.column_stack([points[:, 0] ** x * points[:, 1] ** y for x, y in terms])


def _fitted(sheet: Array, picture: Array, order: int) -> _Polynomial:
    terms = tuple(term for term in _TERMS if sum(term) <= order)
    centre, scale = sheet.mean(axis=0), float(np.ptp(sheet, axis=0).max() / 2)
    factors, *_ = np.linalg.lstsq(_powers((sheet - centre) / scale, terms), picture, rcond=None)
    return _Polynomial(centre, scale, terms, np.asarray(factors))


def _arrays(features: Sequence[Feature]) -> tuple[Array, Array]:
    return np.array([mark.sheet for mark in features]), np.array([mark.pixel for mark in features])


def _unspoilt(features: Sequence[Feature]) -> list[Feature]:
    """Leave out the marks that lie off a smooth map, once: the map is not affine, for a lens is no dust."""
    sheet, picture = _arrays(features)
    order = 3 if len(features) > 2 * len(_TERMS) else 1
    off = np.hypot(*(picture - _fitted(sheet, picture, order)(sheet)).T)
    limit = max(_LEAST_OFF_PX, _OUTLIER * _MAD * float(np.median(off)))
    return [mark for mark, away in zip(features, off, strict=True) if away <= limit]


def _turn(by: float) -> Array:
    """Return the rotation by degrees, clockwise in a picture whose y points down."""
    cos, sin = np.cos(radians(by)), np.sin(radians(by))
    return np.array(((cos, -sin), (sin, cos)))


def _resolution(grid: _Grid, claimed: tuple[float, float] | None, doubt: float) -> Iterator[Figure]:
    percent = hypot(_PAPER_PERCENT, 100 * doubt)
    for axis, ppi in zip("xy", grid.ppi, strict=True):
        yield Figure(f"resolution_{axis}", "ppi", ppi, uncertainty=ppi * percent / 100)
    for at, axis in enumerate("xy"):
        name = f"resolution_error_{axis}"
        if claimed is None:
            yield Figure(name, "%", reason="no_claim")
        else:
            yield Figure(name, "%", 100 * (grid.ppi[at] / claimed[at] - 1), uncertainty=percent)
    x, y = grid.ppi
    yield Figure("anisotropy", "%", 100 * (x / y - 1), uncertainty=2**0.5 * percent)


def _transport(picture: Array, off: Array, grid: _Grid, at: int) -> Curve:
    """Return the mean departure (px) along one axis of the picture, in strips over the place (mm) on it."""
    place = picture[:, at] * MM_PER_INCH / grid.ppi[at]
    strips = np.floor(place / _STRIP_MM).astype(np.intp)
    points = tuple(
        (float(place[strips == strip].mean()), float(off[strips == strip, at].mean()))
        for strip in np.unique(strips)
    )
    return Curve(f"transport_{'xy'[at]}", "mm", "px", points)


def _local_scale(picture: Array, off: Array, grid: _Grid, at: int) -> Figure:
    """Return the steepest line through the departures within any stretch of 25 mm, in percent of the scale."""
    worst = 0.0
    length = _WINDOW_MM * grid.ppi[at] / MM_PER_INCH
    place = picture[:, at]
    for begin in np.arange(place.min(), max(place.max() - length, place.min()) + 1, length / 5):
        within = (place >= begin) & (place <= begin + length)
        away = place[within] - place[within].mean()
        if np.ptp(away) > length / 2:
            slope = float((away * off[within, at]).sum() / (away**2).sum())
            worst = max(worst, slope, key=abs)
    return Figure(f"local_scale_{'xy'[at]}", "%", 100 * worst)


def _maps(sheet: Array, off: Array) -> Iterator[Map]:
    """Yield the departures on an even grid, each cell the mean of the marks round it by their nearness."""
    low, size = sheet.min(axis=0), np.ptp(sheet, axis=0)
    columns, rows = np.clip(np.rint(size / _CELL_MM), *_CELLS).astype(int)
    x = low[0] + (np.arange(columns) + 0.5) * size[0] / columns
    y = low[1] + (np.arange(rows) + 0.5) * size[1] / rows
    cells = np.array([(across, down) for down in y for across in x])
    reach = max(size[0] / columns, size[1] / rows) / 2
    squared = ((cells[:, None] - sheet[None]) ** 2).sum(axis=2)
    # The nearest mark counts in full, however far it is: a cell without a mark of its own borrows.
    near = np.exp(-(squared - squared.min(axis=1, keepdims=True)) / (2 * reach**2))
    values = (near @ off / near.sum(axis=1, keepdims=True)).reshape(rows, columns, 2)
    for at, axis in enumerate("xy"):
        yield Map(f"distortion_{axis}", "px", tuple(tuple(map(float, row)) for row in values[..., at]))
