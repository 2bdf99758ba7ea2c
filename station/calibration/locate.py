"""Finding a calibration target in a picture, or saying in one word why it cannot be measured."""

from collections.abc import Iterator, Mapping, Sequence
from math import atan2, degrees, dist, hypot

import numpy as np

from station.calibration.label import label_in
from station.calibration.located import Array, Feature, Located, local_scale, mapped, moved
from station.calibration.marks import Tones, bow_tie, corners_of, dot, markers_in, tones_around
from station.calibration.visible import all_visible
from station.errors import TargetRefused
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import Point, TargetKind, TargetLabel, TargetLayout

_LEAST_MARKERS = 2
"""One marker alone may be chance in any print, and says too little about the far end of the sheet."""

_ALL_ROUND = 16
"""Corners of four markers: they hold a homography at all its ends."""

_MARKER_OFF_MM = 3.0
"""How far a marker's corner may lie from its place: more than any sheet is bent, less than chance."""

_LEAST_SPAN = 40.0
"""Coded values from black to white below which nothing can be measured."""

_HIDDEN_DOTS = 0.03
"""Share of the dots that dust may spoil; more are covered."""

_BENT = 0.005
"""rms residual, in half diagonals of the sheet. A lens whose corners are off by 2 % (the limit of Metamorfoze
Light) comes near to it; a flat sheet on a glass is a hundred times better."""

_UPSIDE_DOWN = 180


def locate(pixels: Pixels, layouts: Mapping[TargetKind, TargetLayout], *, payloads: Sequence[str]) -> Located:
    """Find one of these targets in a picture, by its corner markers, and each of its bow-ties and dots.

    `payloads` are the texts of the DataMatrix symbols that were read in the picture. Neither the resolution nor
    how the sheet lies need be known; a sheet that lies across (turned by 90 or 270 degrees) is measured as it
    is, for a device may take it so, but upside down every place would answer for another one.
    Safe from any thread; the pixels are not changed.

    Raises:
        TargetRefused: `reason` is no_target, wrong_target (another kind or revision), cut_off (part of it lies
            outside the picture), covered (a part of it cannot be seen), upside_down, or bent (its marks do not
            lie as the design has them).
    """
    grey = pixels if pixels.ndim == 2 else cv().cvtColor(pixels, cv().COLOR_RGB2GRAY)
    label = _label(layouts, payloads)
    wanted = layouts if label is None else {label.kind: layouts[label.kind]}
    layout, markers = _markers(grey, wanted)
    to_px = _placed(layout, markers)
    tones = tones_around(grey, layout.fiducials, to_px)
    if not _within(layout, to_px, grey):
        raise TargetRefused(reason="cut_off")
    if tones is None or tones.span < _LEAST_SPAN:
        raise TargetRefused(reason="covered")
    turned = _quarter_turn(to_px, layout)
    if turned == _UPSIDE_DOWN:
        raise TargetRefused(reason="upside_down")
    features = _features(grey, layout, _corners(layout, markers), tones)
    to_px = _homography([(feature.sheet, feature.pixel) for feature in features])
    off = mapped(to_px, [feature.sheet for feature in features]) - [feature.pixel for feature in features]
    residual = float(np.sqrt(np.mean((off**2).sum(axis=1))))
    if residual > _BENT * _half_diagonal(layout, to_px):
        raise TargetRefused(reason="bent")
    if not all_visible(grey, layout, to_px, tones):
        raise TargetRefused(reason="covered")
    return Located(layout, label, to_px, turned, residual, features)


def _label(layouts: Mapping[TargetKind, TargetLayout], payloads: Sequence[str]) -> TargetLabel | None:
    """Return what the symbol says, None where none was read; symbols of other makers are passed over."""
    labels = [label for label in map(label_in, payloads) if label is not None]
    for label in labels:
        if label.kind in layouts and layouts[label.kind].revision == label.revision:
            return label
    if labels:
        raise TargetRefused(reason="wrong_target")
    return None


def _markers(grey: Pixels, layouts: Mapping[TargetKind, TargetLayout]) -> tuple[TargetLayout, dict[int, Array]]:
    """Return the layout of which most corner markers are seen, and these; a finer look only where needed."""
    seen: dict[int, Array] = {}
    for found in markers_in(grey):
        seen = {**found, **seen}
        layout = max(layouts.values(), key=lambda each: len(_own(each, seen)))
        if len(_own(layout, seen)) == len(layout.markers):
            break
    own = _own(layout, seen)
    if len(own) >= _LEAST_MARKERS:
        return layout, own
    raise TargetRefused(reason="wrong_target" if len(seen) - len(own) >= _LEAST_MARKERS else "no_target")


def _own(layout: TargetLayout, seen: Mapping[int, Array]) -> dict[int, Array]:
    return {marker.id: seen[marker.id] for marker in layout.markers if marker.id in seen}


def _placed(layout: TargetLayout, markers: Mapping[int, Array]) -> Array:
    """Return the map through the seen markers.

    Raises:
        TargetRefused: no_target: what was seen does not lie like the markers of this sheet, so it was chance.
    """
    pairs = _corners(layout, markers)
    to_px = _coarse(pairs)
    off = np.hypot(*(mapped(to_px, [sheet for sheet, _ in pairs]) - [pixel for _, pixel in pairs]).T)
    if off.max() > _MARKER_OFF_MM * np.sqrt(abs(np.linalg.det(local_scale(to_px, layout.markers[0].centre)))):
        raise TargetRefused(reason="no_target")
    return to_px


def _corners(layout: TargetLayout, markers: Mapping[int, Array]) -> list[tuple[Point, Point]]:
    """Return the corners of the seen markers, on the sheet and in the picture."""
    return [
        ((float(on_sheet[0]), float(on_sheet[1])), (float(in_picture[0]), float(in_picture[1])))
        for marker in layout.markers
        if marker.id in markers
        for on_sheet, in_picture in zip(corners_of(marker.centre, marker.size), markers[marker.id], strict=True)
    ]


def _coarse(pairs: Sequence[tuple[Point, Point]]) -> Array:
    """Return the map through points that may lie on one side of the sheet only.

    There a homography would say nothing about the other side; a scan is affine to a few pixels.
    """
    if len(pairs) >= _ALL_ROUND:
        return _homography(pairs)
    sheet, picture = (np.array(points, np.float64) for points in zip(*pairs, strict=True))
    factors, *_ = np.linalg.lstsq(np.column_stack((sheet, np.ones(len(sheet)))), picture, rcond=None)
    return np.vstack((factors.T, (0.0, 0.0, 1.0)))


def _homography(pairs: Sequence[tuple[Point, Point]]) -> Array:
    """Return the homography from millimetres to pixels by least squares."""
    sheet, picture = (np.array(points, np.float64) for points in zip(*pairs, strict=True))
    found, _ = cv().findHomography(sheet, picture, 0)
    if found is None:
        raise TargetRefused(reason="bent")
    return np.asarray(found, np.float64)


def _within(layout: TargetLayout, to_px: Array, grey: Pixels) -> bool:
    """Tell whether all that is measured lies within the picture; rulers and the sheet's rim may lie outside."""
    x, y = mapped(to_px, list(_outline(layout))).T
    height, width = grey.shape
    return bool(x.min() >= 0 and y.min() >= 0 and x.max() <= width - 1 and y.max() <= height - 1)


def _outline(layout: TargetLayout) -> Iterator[Array]:
    squares = [(mark.centre, mark.size) for mark in layout.fiducials]
    squares += [(mark.centre, mark.size) for mark in layout.markers]
    squares += [(mark.centre, mark.diameter) for mark in layout.dots]
    for centre, size in squares:
        yield from corners_of(centre, size)


def _quarter_turn(to_px: Array, layout: TargetLayout) -> int:
    """Return the quarter turn next to how the sheet's x axis points in the picture, clockwise in degrees."""
    along = local_scale(to_px, (layout.width / 2, layout.height / 2))[:, 0]
    return round(degrees(atan2(along[1], along[0])) / 90) % 4 * 90


def _features(
    grey: Pixels, layout: TargetLayout, corners: Sequence[tuple[Point, Point]], tones: Tones
) -> tuple[Feature, ...]:
    """Return every bow-tie, and every dot that no dust spoils.

    Raises:
        TargetRefused: covered: a bow-tie or too many dots are not to be seen.
    """
    ties: list[Feature] = []
    # Beside a marker that was seen first: each one found says better where the next, further off, must be.
    for mark in sorted(
        layout.fiducials, key=lambda mark: min(dist(mark.centre, sheet) for sheet, _ in corners)
    ):
        known = _coarse([*corners, *((tie.sheet, tie.pixel) for tie in ties)])
        if (place := bow_tie(grey, mark, known, tones)) is None:
            raise TargetRefused(reason="covered")
        ties.append(Feature(mark.id, mark.centre, place))
    nearer = _homography([(tie.sheet, tie.pixel) for tie in ties])
    found = list(ties)
    # From the corners inwards, each off its place as the nearest mark is: a bent sheet is followed, not lost.
    for spot in sorted(layout.dots, key=lambda spot: min(dist(spot.centre, tie.sheet) for tie in ties)):
        near = min(found, key=lambda feature: dist(feature.sheet, spot.centre))
        off = near.pixel - mapped(nearer, near.sheet)[0]
        if (place := dot(grey, spot, moved(nearer, off), tones)) is not None:
            found.append(Feature(spot.id, spot.centre, place))
    if len(ties) + len(layout.dots) - len(found) > max(1, _HIDDEN_DOTS * len(layout.dots)):
        raise TargetRefused(reason="covered")
    return tuple(found)


def _half_diagonal(layout: TargetLayout, to_px: Array) -> float:
    scale = np.sqrt(abs(np.linalg.det(local_scale(to_px, (layout.width / 2, layout.height / 2)))))
    return float(hypot(layout.width, layout.height) / 2 * scale)
