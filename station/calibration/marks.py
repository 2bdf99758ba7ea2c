"""Finding one mark at a time to a hundredth of a pixel: corner markers, bow-ties and dots.

Bow-ties and dots look the same when they are turned by half, so no tone curve and no symmetric blur moves their
centre. They are still measured in light, not in coded values: a pixel is the light that falls on all of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import pi
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from station.calibration.located import Array, local_scale, mapped, moved
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import Dot, Fiducial, Point

_LONGEST_PX = (1600, 3200)
"""Sizes at which corner markers are looked for: the second when a card lies on a large glass."""

_DETECTION: Mapping[str, float] = MappingProxyType(
    {
        # Black ink on white: windows wider than a marker's cells and a high step, so that noise draws nothing.
        "adaptiveThreshConstant": 20.0,
        "adaptiveThreshWinSizeMin": 23,
        "adaptiveThreshWinSizeMax": 63,
        "adaptiveThreshWinSizeStep": 20,
        # Cells of four pixels, blurred: read their middles only, and let the whole distance between two codes
        # count. What is read by chance then fails where the markers must lie as the design has them.
        "perspectiveRemovePixelPerCell": 8,
        "perspectiveRemoveIgnoredMarginPerCell": 0.3,
        "errorCorrectionRate": 1.0,
    }
)
"""Settings of OpenCV's detector, found on drawn targets at 150 to 600 dpi with blur and noise."""

_CODED = np.arange(256) / 255
_LIGHT = np.where(_CODED <= 0.04045, _CODED / 12.92, ((_CODED + 0.055) / 1.055) ** 2.4)
"""Light (0 to 1) of each coded value (IEC 61966-2-1)."""
_LIGHT.setflags(write=False)

_LIGHT_CODED: Pixels = np.rint(255 * _LIGHT).astype(np.uint8)
_LIGHT_CODED.setflags(write=False)

_CORNERS = np.array(((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)))

_LEAST_CONTRAST = 0.25
"""A mark must span this share of the sheet's black to white, else it is not there."""

_DOT_RADIUS = 0.85
"""What is looked at around a dot, in diameters. The designs keep half a diameter free around each."""

_RIM = 0.7
"""From here outwards (in diameters) lies paper."""

_FLOOR = 0.2
"""Darkness below this share of the dot's own is noise of the paper."""

_AREA = (0.3, 2.0)
"""Shares of the designed area within which a blot is this dot: blur at 150 dpi spreads half of a small one."""

_ROUNDS = 6
_SETTLED_PX = 0.002
"""Most looks at a dot, and the step between two of them below which it is settled."""

_LEAST_REACH_PX = 4
"""What cornerSubPix looks at on each side of the centre, at the least."""

_CALM = 0.2
"""Standard deviation of the blur against noise, in what is looked at around a bow-tie's centre."""

_STEPS = (60, 0.0005)
"""cornerSubPix: most rounds, and the step (px) below which it is settled."""


@dataclass(frozen=True, slots=True)
class Tones:
    """The sheet's own black and white as coded values (0 to 255)."""

    black: float
    white: float

    @property
    def span(self) -> float:
        """How far white lies above black."""
        return self.white - self.black


def markers_in(grey: Pixels) -> Iterator[dict[int, Array]]:
    """Yield the ArUco markers (DICT_4X4_50) in a picture, id -> corners (4, 2) in px, at each size looked at.

    Corners go clockwise from the marker's own top left and are good to about a pixel of the reduced picture.
    An id that is seen twice is left out: it says nothing about where the sheet lies.
    """
    settings = cv().aruco.DetectorParameters()
    for name, value in _DETECTION.items():
        setattr(settings, name, value)
    detector = cv().aruco.ArucoDetector(cv().aruco.getPredefinedDictionary(cv().aruco.DICT_4X4_50), settings)
    longest = max(grey.shape)
    for size in dict.fromkeys(min(longest, size) for size in _LONGEST_PX):
        factor = longest / size
        shape = (max(1, round(grey.shape[1] / factor)), max(1, round(grey.shape[0] / factor)))
        small = grey if size == longest else cv().resize(grey, shape, interpolation=cv().INTER_AREA)
        corners, ids, _ = detector.detectMarkers(cv().LUT(small, _LIGHT_CODED))
        seen = [] if ids is None else [int(number) for number in ids.flat]
        stretch = np.array(grey.shape[::-1]) / np.array(small.shape[::-1])
        yield {
            number: (np.asarray(found, np.float64).reshape(4, 2) + 0.5) * stretch - 0.5
            for number, found in zip(seen, corners, strict=True)
            if seen.count(number) == 1
        }


def corners_of(centre: Point, size: float) -> Array:
    """Return the corners (4, 2) of an upright square on the sheet, clockwise from the top left, in mm."""
    return np.asarray(np.array(centre) + _CORNERS * size)


def tones_around(grey: Pixels, fiducials: Iterable[Fiducial], to_px: Array) -> Tones | None:
    """Return black and white as the bow-ties show them, None where nothing of them is in the picture."""
    seen = [_quarters(grey, fiducial, to_px) for fiducial in fiducials]
    seen = [quarters for quarters in seen if quarters is not None]
    if not seen:
        return None
    ordered = np.sort(np.array(seen), axis=1)
    return Tones(float(np.median(ordered[:, :2])), float(np.median(ordered[:, 2:])))


def bow_tie(grey: Pixels, fiducial: Fiducial, to_px: Array, tones: Tones) -> Point | None:
    """Return the centre of a bow-tie in pixels, None where there is none near its place."""
    guess = mapped(to_px, fiducial.centre)[0]
    scale = float(np.sqrt(abs(np.linalg.det(local_scale(to_px, fiducial.centre)))))
    reach = max(_LEAST_REACH_PX, round(0.3 * fiducial.size * scale))
    left, top, cut = _window(grey, guess, 3 * reach)
    if cut is None:
        return None
    corner = np.array([[guess - (left, top)]], np.float32)
    stop = (cv().TERM_CRITERIA_COUNT + cv().TERM_CRITERIA_EPS, *_STEPS)
    # The blur takes the noise and not the place: it is as even as the bow-tie.
    calm = cv().GaussianBlur(_LIGHT[cut].astype(np.float32), (0, 0), _CALM * reach)
    found = cv().cornerSubPix(calm, corner, (reach, reach), (-1, -1), stop).reshape(2)
    if np.hypot(*(found - corner.reshape(2))) > reach:
        return None
    place = np.asarray(found, np.float64) + np.array((left, top))
    quarters = _quarters(grey, fiducial, moved(to_px, place - guess))
    if quarters is None or not _crossed(quarters, tones):
        return None
    return float(place[0]), float(place[1])


def dot(grey: Pixels, mark: Dot, to_px: Array, tones: Tones) -> Point | None:
    """Return the grey-weighted centroid of a dot in pixels, None where no blot of its size is near."""
    place = mapped(to_px, mark.centre)[0]
    area_per_mm = abs(float(np.linalg.det(local_scale(to_px, mark.centre))))
    diameter = mark.diameter * np.sqrt(area_per_mm)
    left, top, cut = _window(grey, place, round(2 * diameter))
    if cut is None:
        return None
    x, y = np.meshgrid(np.arange(cut.shape[1], dtype=np.float64), np.arange(cut.shape[0], dtype=np.float64))
    values, place = _LIGHT[cut], place - (left, top)
    darkness, span = np.zeros(1), float(_LIGHT[round(tones.white)] - _LIGHT[round(tones.black)])
    for _ in range(_ROUNDS):
        squared = (x - place[0]) ** 2 + (y - place[1]) ** 2
        rim = (squared > (_RIM * diameter) ** 2) & (squared < (_DOT_RADIUS * diameter) ** 2)
        paper = float(np.median(values[rim])) if rim.any() else float(_LIGHT[round(tones.white)])
        # The edge of what is looked at fades over one pixel: the centroid must not jump with single pixels.
        inside = np.clip(_DOT_RADIUS * diameter - np.sqrt(squared) + 0.5, 0.0, 1.0)
        darkness = inside * (paper - values) / span
        weight = np.clip(darkness - _FLOOR, 0.0, None)
        total = float(weight.sum())
        if total <= 0:
            return None
        before, place = place, np.array(((weight * x).sum(), (weight * y).sum())) / total
        if np.hypot(*(place - before)) < _SETTLED_PX:
            break
    designed = pi / 4 * diameter**2 * (0.75 if mark.ring else 1.0)
    if darkness.max() < _LEAST_CONTRAST or not _AREA[0] <= float(darkness.sum()) / designed <= _AREA[1]:
        return None
    return float(place[0] + left), float(place[1] + top)


def _quarters(grey: Pixels, fiducial: Fiducial, to_px: Array) -> NDArray[np.float64] | None:
    """Return the mean of the four quarters, clockwise from the top left; None where one lies outside."""
    centres = mapped(to_px, corners_of(fiducial.centre, 0.4 * fiducial.size))
    scale = np.sqrt(abs(np.linalg.det(local_scale(to_px, fiducial.centre))))
    windows = [_window(grey, centre, max(1, round(0.05 * fiducial.size * scale)))[2] for centre in centres]
    means = [float(np.mean(window)) for window in windows if window is not None]
    return np.array(means) if len(means) == len(centres) else None


def _crossed(quarters: NDArray[np.float64], tones: Tones) -> bool:
    """Tell whether two opposite quarters are dark and the others light."""
    one, other = quarters[::2], quarters[1::2]
    gap = max(one.min() - other.max(), other.min() - one.max())
    return bool(gap > _LEAST_CONTRAST * tones.span)


def _window(grey: Pixels, centre: Array, reach: int) -> tuple[int, int, Pixels | None]:
    """Return left, top and the part of the picture within `reach` px; no part where the centre lies outside."""
    x, y = round(float(centre[0])), round(float(centre[1]))
    if not (0 <= x < grey.shape[1] and 0 <= y < grey.shape[0]):
        return 0, 0, None
    left, top = max(0, x - reach), max(0, y - reach)
    return left, top, grey[top : y + reach + 1, left : x + reach + 1]
