"""Finding a commercial target in a picture by nothing but its patches, or by four corners that a person gave.

The grid of patches is found by its form; which way round it lies is decided by the neutral scale, which must go
from light to dark, and where that leaves a choice by the reference values or by how neutral the scale is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees

import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.calibration.chart_lattice import Areas, Index, flat_areas, lattices
from station.calibration.lab import Lab, in_colour, lab_of_light, linear
from station.calibration.located import Array, LocatedChart, local_scale, mapped
from station.errors import TargetRefused
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import ChartLayout, Grid, Point

_LONGEST_PX = (1600, 3200)
"""Sizes at which patches are looked for: the second when a small chart lies on a large glass."""

_FLAT_LEVELS = (3, 6, 12)
"""How far neighbouring pixels of one patch may differ: the first that finds the chart serves."""

_QUIET = 5
"""Pixels of the median that takes noise and dust away."""

_SEEN = 0.6
"""Share of the grid's patches that must be seen as such; neighbours of one colour merge."""

_LEAST_LATTICE = 8
"""Patches of one lattice that are a target at all, if not the one that is asked for."""

_EVEN_LEVELS = 14
"""How far the levels within a patch may differ, noise and dust apart: more is an edge that crosses it."""

_BROKEN = 0.25
"""Share of the patches that something may cover for it to be still this target."""

_BORDER_LEVELS = 6
"""Levels between the outermost patches and what is beside them."""

_AS_GOOD = 0.03
_BORDERED = 0.7
"""Share of the outline that can be told from what is beside it: what counts as equal, and the least."""

_FALLING = 0.9
"""Spearman's rank correlation of the neutral scale with its order; two neighbouring steps may be swapped."""

_LEAST_SPAN = 40.0
"""Coded values from the scale's lightest to its darkest step below which nothing can be measured."""

_REASONS = ("covered", "cut_off", "wrong_target", "no_target")
"""What says most first."""

_LOOKS = np.linspace(-0.25, 0.25, 5)
"""Where to look within a patch, in its sides."""

_BESIDE = 0.08
"""How far outside of the outline to look, in pitches: a frame may be narrow."""

_RANSAC_PITCHES = 0.15
"""How far an area's corner may lie from the lattice, in pitches."""


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    """One way in which the chart may lie: its map, and what each patch looks like there.

    `colours` (n, 3) are the levels of the patches, `border` is the share of the outline that is one; `whole`
    whether all of it is in the picture; `uneven` the share of the patches that are not of one colour.
    """

    to_px: Array
    colours: Array
    border: float
    whole: bool
    uneven: float


def locate_chart(
    pixels: Pixels,
    layout: ChartLayout,
    *,
    reference: Mapping[str, Lab] | None = None,
    corners: Sequence[Point] | None = None,
) -> LocatedChart:
    """Find this target in a picture, grey or RGB, on a background of any lightness, however it is turned.

    `corners` are the four outer corners (px) of the field of patches (of most of them, where there are two
    fields), in any order: then nothing is searched. `reference` has L*a*b* by the patch's id.
    Safe from any thread; the pixels are not changed.

    Raises:
        TargetRefused: `reason` is no_target, wrong_target (the patches are others), cut_off or covered.
    """
    reasons = []
    for calm, to_full in _reduced(pixels):
        given = None
        if corners is not None:
            from_full = np.asarray(np.linalg.inv(to_full), np.float64)
            given = [_by_corners(calm, layout, mapped(from_full, corners))]
        for guesses in given or (_by_patches(calm, layout, step) for step in _FLAT_LEVELS):
            chosen = guesses if isinstance(guesses, str) else _chosen(guesses, layout, reference or {})
            if isinstance(chosen, _Guess):
                to_px = to_full @ chosen.to_px
                return LocatedChart(layout, to_px, _quarter_turn(to_px, layout))
            reasons.append(chosen)
    raise TargetRefused(reason=min(reasons, key=_REASONS.index))


def _reduced(pixels: Pixels) -> Iterator[tuple[Pixels, Array]]:
    """Yield the picture at each size at which it is looked at, in colour and calm, with the map back."""
    longest = max(pixels.shape[:2])
    for size in dict.fromkeys(min(longest, size) for size in _LONGEST_PX):
        width, height = (max(1, round(side * size / longest)) for side in pixels.shape[1::-1])
        small = (
            pixels if size == longest else cv().resize(pixels, (width, height), interpolation=cv().INTER_AREA)
        )
        calm = cv().medianBlur(np.ascontiguousarray(in_colour(small)), _QUIET)
        yield calm, _to_full(np.array(pixels.shape[1::-1]) / (width, height))


def _to_full(stretch: ArrayLike) -> Array:
    """Return the map from the reduced picture to the picture; pixel centres are at integers in both."""
    across, down = np.asarray(stretch, np.float64).tolist()
    return np.array(((across, 0, (across - 1) / 2), (0, down, (down - 1) / 2), (0, 0, 1)), np.float64)


def _by_corners(calm: Pixels, layout: ChartLayout, corners: Array) -> list[_Guess] | str:
    """Return the four ways to lay the field of patches into the corners."""
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        return "no_target"
    round_middle = corners - corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(round_middle[:, 1], round_middle[:, 0]))]
    outline = clockwise.astype(np.float32).reshape(-1, 1, 2)
    if cv().contourArea(outline) < 1 or not cv().isContourConvex(outline):
        return "no_target"
    field = _box(0, 0, layout.grid, layout.grid.columns, layout.grid.rows)
    maps = [_fitted(np.roll(field, turn, axis=0), clockwise) for turn in range(4)]
    # A person says where the outline is, so that it need not be told from what is beside it.
    guesses = [replace(_guess(calm, layout, to_px), border=1.0) for to_px in maps if to_px is not None]
    return guesses or "no_target"


def _by_patches(calm: Pixels, layout: ChartLayout, step: int) -> list[_Guess] | str:
    """Return the ways in which the layout fits a lattice of flat areas, or why none does."""
    grid, areas = layout.grid, flat_areas(calm, step)
    ratio = (grid.pitch_x / grid.width + grid.pitch_y / grid.height) / 2
    largest = 0
    for lattice in lattices(areas, ratio):
        largest = max(largest, len(lattice))
        if len(lattice) < _SEEN * grid.columns * grid.rows:
            continue
        guesses = [_guess(calm, layout, to_px) for to_px in _fits(grid, areas, lattice) if to_px is not None]
        if guesses:
            return guesses
    return "wrong_target" if largest >= _LEAST_LATTICE else "no_target"


def _fits(grid: Grid, areas: Areas, lattice: Mapping[Index, int]) -> Iterator[Array | None]:
    """Yield a map for each turn and each place of a lattice within the grid."""
    places = np.array(list(lattice))
    seen = areas.corners[list(lattice.values())]
    pitch = float(np.median(areas.sides[list(lattice.values())].min(axis=1)))
    for turn in range(4):
        # As many quarter turns back: what lay along x and y of the picture lies along those of the chart.
        turned = [places, places[:, ::-1] * (1, -1), -places, places[:, ::-1] * (-1, 1)][turn]
        turned = turned - turned.min(axis=0)
        columns, rows = turned.max(axis=0) + 1
        for right in range(grid.columns - columns + 1):
            for below in range(grid.rows - rows + 1):
                cells = [
                    np.roll(_box(column + right, row + below, grid), turn, axis=0)
                    for column, row in turned.tolist()
                ]
                yield _fitted(np.concatenate(cells), seen.reshape(-1, 2), _RANSAC_PITCHES * pitch)


def _box(column: int, row: int, grid: Grid, columns: int = 1, rows: int = 1) -> Array:
    """Return the corners (4, 2) of patches that lie together, clockwise from the upper left, in the layout."""
    left, top = grid.left + column * grid.pitch_x, grid.top + row * grid.pitch_y
    right = left + (columns - 1) * grid.pitch_x + grid.width
    bottom = top + (rows - 1) * grid.pitch_y + grid.height
    return np.array(((left, top), (right, top), (right, bottom), (left, bottom)), np.float64)


def _fitted(layout: Array, picture: Array, most_px: float = 0.0) -> Array | None:
    """Return the homography from layout to picture, None where there is none; outliers are left out."""
    method = cv().RANSAC if most_px else 0
    found, _ = cv().findHomography(layout, np.asarray(picture, np.float64), method, most_px or 3.0)
    return None if found is None else np.asarray(found, np.float64)


def _guess(calm: Pixels, layout: ChartLayout, to_px: Array) -> _Guess:
    """Look at every patch, and at both sides of the outline."""
    middles = np.array([(p.left + p.width / 2, p.top + p.height / 2) for p in layout.patches])
    sides = np.array([(p.width, p.height) for p in layout.patches])
    looks = np.array([(x, y) for y in _LOOKS for x in _LOOKS])
    places = middles[:, None] + looks[None] * sides[:, None]
    seen, inside = _seen(calm, to_px, places.reshape(-1, 2))
    levels = seen.reshape(len(middles), len(looks), -1)
    # A tenth at each end may be dust.
    low, high = np.percentile(levels, (10, 90), axis=1)
    uneven = float(np.mean((high - low).max(axis=1) > _EVEN_LEVELS))
    (within, _), (beside, known) = (_seen(calm, to_px, each) for each in _outline(layout.grid))
    # What lies outside of the picture may be a border: then the chart is cut off, and no other place is better.
    border = float(np.mean((np.abs(within - beside).max(axis=1) > _BORDER_LEVELS) | ~known))
    return _Guess(to_px, np.median(levels, axis=1), border, bool(inside.all()), uneven)


def _seen(calm: Pixels, to_px: Array, places: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the levels (n, 3) at or next to places of the layout, and whether each is in the picture."""
    found = np.rint(mapped(to_px, places))
    height, width = calm.shape[:2]
    found = np.where(np.isfinite(found), found, -1)
    inside = ((found >= 0) & (found < (width, height))).all(axis=1)
    x, y = found.clip((0, 0), (width - 1, height - 1)).astype(np.intp).T
    return calm[y, x].astype(np.float64), np.asarray(inside)


def _outline(grid: Grid) -> tuple[Array, Array]:
    """Return places just within and just outside of every outer side of the grid, in the layout."""
    within, beside = [], []
    for column in range(grid.columns):
        x = grid.left + column * grid.pitch_x + grid.width / 2
        for row, away in ((0, -1), (grid.rows - 1, 1)):
            y = grid.top + row * grid.pitch_y + grid.height / 2
            within.append((x, y + away * 0.25 * grid.height))
            beside.append((x, y + away * (0.5 * grid.height + _BESIDE * grid.pitch_x)))
    for row in range(grid.rows):
        y = grid.top + row * grid.pitch_y + grid.height / 2
        for column, away in ((0, -1), (grid.columns - 1, 1)):
            x = grid.left + column * grid.pitch_x + grid.width / 2
            within.append((x + away * 0.25 * grid.width, y))
            beside.append((x + away * (0.5 * grid.width + _BESIDE * grid.pitch_x), y))
    return np.array(within), np.array(beside)


def _chosen(guesses: Sequence[_Guess], layout: ChartLayout, reference: Mapping[str, Lab]) -> _Guess | str:
    """Return the guess that is right, or why none is."""
    best = max(guess.border for guess in guesses)
    if best < _BORDERED:
        return "wrong_target"
    bordered = [guess for guess in guesses if guess.border >= best - _AS_GOOD]
    whole = [guess for guess in bordered if guess.whole]
    if not whole:
        return "cut_off"
    falling = [guess for guess in whole if _falls(guess.colours[_greys(layout)])]
    least = min(guess.uneven for guess in falling or whole)
    if least > 0:
        return "covered" if least <= _BROKEN else "wrong_target"
    even = [guess for guess in falling if guess.uneven == 0]
    if not even:
        return "wrong_target"
    return min(even, key=lambda guess: _strangeness(guess, layout, reference))


def _greys(layout: ChartLayout) -> list[int]:
    at = {patch.id: number for number, patch in enumerate(layout.patches)}
    return [at[name] for name in layout.greys]


def _falls(scale: Array) -> bool:
    """Tell whether the colours (n, 3) of the neutral scale go from light to dark; equal ones are no fault."""
    levels = scale.mean(axis=1)
    if levels[0] - levels[-1] < _LEAST_SPAN:
        return False
    # Among equals the order stays: clipped steps keep their place.
    order = np.lexsort((np.arange(len(levels)), -levels))
    off = np.empty(len(levels))
    off[order] = np.arange(len(levels))
    off -= np.arange(len(levels))
    count = len(levels)
    return bool(1 - 6 * (off**2).sum() / (count * (count**2 - 1)) >= _FALLING)


def _strangeness(guess: _Guess, layout: ChartLayout, reference: Mapping[str, Lab]) -> float:
    """Return how far the patches are from their values, or without values how coloured the neutral scale is."""
    known = [number for number, patch in enumerate(layout.patches) if patch.id in reference]
    measured = lab_of_light(linear(guess.colours))
    if not known:
        return float(np.hypot(*measured[_greys(layout), 1:].T).mean())
    wanted = np.array([reference[layout.patches[number].id] for number in known])
    return float(np.sqrt(((measured[known] - wanted) ** 2).sum(axis=1)).mean())


def _quarter_turn(to_px: Array, layout: ChartLayout) -> int:
    """Return the quarter turn next to how the chart's x axis points in the picture, clockwise in degrees."""
    grid = layout.grid
    middle = (grid.left + grid.columns * grid.pitch_x / 2, grid.top + grid.rows * grid.pitch_y / 2)
    along = local_scale(to_px, middle)[:, 0]
    return round(degrees(atan2(along[1], along[0])) / 90) % 4 * 90
