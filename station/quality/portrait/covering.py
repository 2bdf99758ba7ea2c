"""Which parts of a face something lies over: a mask, a scarf, sunglasses, an eye patch.

The mesh cannot tell: it guesses what is behind and is as confident as on a bare face. So two questions are put
to the pixels of each part. Does it have the person's own colour, which the brow tells (not the cheeks, a mask
covers them)? Does it have its structure: dark nostrils, the line between the lips, iris against white? Cloth in
the colour of skin fails the second, a pattern fails the first. Colours are ratios to the person's own skin in
linear light, so that they mean the same for dark and light skin and in any exposure.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.lightness import LINEAR
from station.quality.portrait.aligned import Aligned

_SHRINK: Final = 4
"""One pixel here is 4 x 4 of the aligned face, a 28th of the distance between the eyes: no sensor noise."""
_TOP, _BOTTOM = 144, 544
_LEFT, _RIGHT = 128, 488
"""Forehead to below the chin. The columns lie evenly about 307.5, where the aligned face has its middle."""

_BROW: Final = (151, 9, 8, 168, 6, 108, 337)
_AROUND_EYES: Final = (230, 229, 231, 450, 449, 451, 193, 417)
_AROUND_NOSE: Final = (4, 5, 195, 205, 425, 36, 266)
_NOSE: Final = (195, 51, 45, 1, 275, 281)
_NOSTRILS: Final = (48, 98, 97, 2, 326, 327, 278, 1)
_CHEEKS: Final = ((50, 101, 36, 205), (280, 330, 266, 425))
_LIPS: Final = (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91)
_ABOVE_LIP, _CHIN = 164, (199, 200, 175)
_LID_SKIN: Final = (
    (226, 30, 29, 27, 28, 56, 190, 243, 112, 232, 231, 230, 229, 228, 31),
    (446, 260, 259, 257, 258, 286, 414, 463, 341, 452, 451, 450, 449, 448, 261),
)
_EYES: Final = ((33, 160, 159, 158, 133, 153, 145, 144), (362, 385, 386, 387, 263, 373, 374, 380))
_MOUTH_CORNERS: Final = (61, 291)

_BURNT: Final = 250
"""A pixel with a channel at this code value or above has lost its colour."""
_SEEN: Final = 0.2
"""The brow tells the colour of the skin when at least this part of it is not burnt out."""
_LIFT, _FLOOR = 0.06, 0.0015
"""Added to linear light before its logarithm, parts of the skin's own and at least: no colour in the dark."""

_DARK, _HAZE = 1.0, 0.7
"""So many per cent of a face are dark: pupils, nostrils. This part of their light is taken for glare."""

_Light = NDArray[np.float32]
_Points = NDArray[np.float32]
_Bounds = NDArray[np.float32]
_Where = NDArray[np.bool_]


def _bounds(redness: tuple[float, float], blueness: tuple[float, float], light: tuple[float, float]) -> _Bounds:
    """How far (less, more) R/G, B/G and G may be from the skin's, in natural logarithms."""
    return np.array([redness, blueness, light], np.float32)[..., np.newaxis]


_SKIN: Final = _bounds((0.35, 0.45), (0.4, 0.4), (1.6, 1.0))
_LID: Final = _bounds((0.4, 0.5), (0.4, 0.5), (1.5, 1.0))
_LIP: Final = _bounds((0.35, 0.8), (0.4, 0.7), (2.2, 0.7))
"""Of 15 bare faces, dark and light, in ten kinds of light, no nose or cheek is more than 9 % outside."""
_ONE_SIDED: Final = 2.0
"""Side by side both halves of a face may differ this much more, by lamps of two colours."""

_EYE_RELIEF: Final = (0.45, 0.9)
_NOSE_RELIEF: Final = (0.35, 0.7)
_MOUTH_RELIEF: Final = (0.4, 0.7)
"""Logarithms of light against dark: flat below the first, all there above the second. The least that bare faces
had: eyes 1.0, nostrils 0.94, mouths 0.71; the most behind plain masks and dark lenses: 0.47, 0.25, 0.34."""


@dataclass(frozen=True, slots=True)
class Covering:
    """How much of each part is covered, 0 to 1: the worse eye, the nose, the worse cheek, the mouth."""

    eyes: float
    nose: float
    cheeks: float
    mouth: float

    @property
    def lower_face(self) -> float:
        """The worst of nose, cheeks and mouth: one covered part is enough."""
        return max(self.nose, self.cheeks, self.mouth)

    @property
    def face(self) -> float:
        """The mean of all four."""
        return (self.eyes + self.nose + self.cheeks + self.mouth) / 4


def covering(face: Aligned) -> Covering:
    """Return what is covered of an aligned face, grey or RGB."""
    view = _view(face)
    nose = view.within(_NOSE)
    nostrils = view.middle(nose) - view.dark(view.within(_NOSTRILS))
    return Covering(
        eyes=max(_eye(view, eye, skin) for eye, skin in zip(_EYES, _LID_SKIN, strict=True)),
        nose=max(view.foreign(nose, _SKIN), _flat(nostrils, _NOSE_RELIEF)),
        cheeks=max(view.foreign(view.within(cheek), _SKIN) for cheek in _CHEEKS),
        mouth=max(_mouth_hidden(view), _flat(_mouth_relief(view), _MOUTH_RELIEF)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """The small face: `planes` (3, h, w) are log R/G, log B/G and log G, less the skin's own.

    `even` is the same with both halves averaged, in which light from one side cancels out. `telling` is where
    colours count. `points` (478, 2) is the mesh.
    """

    planes: _Light = field(repr=False)
    even: _Light = field(repr=False)
    telling: _Where = field(repr=False)
    points: _Points = field(repr=False)

    def within(self, outline: tuple[int, ...]) -> _Where:
        """Where the hull of these points is."""
        return _hull(self.points[list(outline)], self.telling.shape)

    def around(self, *spots: int, radius: int) -> _Where:
        """Where discs around these points are."""
        return _discs(self.points[list(spots)], radius, self.telling.shape)

    def foreign(self, zone: _Where, bounds: _Bounds) -> float:
        """Return the share of a zone that has not the colour of the skin."""
        telling = self.telling[zone]
        if not telling.size:
            return 0.0
        both = _beyond(self.even[:, zone], bounds) & telling
        one = _beyond(self.planes[:, zone], bounds * _ONE_SIDED) & telling
        return float(max(both.mean(), one.mean()))

    def middle(self, zone: _Where) -> float:
        """Return the median light of a zone."""
        light = self.even[2][zone]
        return float(np.median(light)) if light.size else 0.0

    def dark(self, zone: _Where) -> float:
        """Return the light that a twentieth of a zone stays below."""
        light = self.even[2][zone]
        return float(np.percentile(light, 5)) if light.size else 0.0


def _view(face: Aligned) -> _View:
    part = face.pixels[_TOP:_BOTTOM, _LEFT:_RIGHT]
    size = ((_RIGHT - _LEFT) // _SHRINK, (_BOTTOM - _TOP) // _SHRINK)
    small: Pixels = cv().resize(part, size, interpolation=cv().INTER_AREA)
    if small.ndim == 2:
        small = np.repeat(small[..., np.newaxis], 3, axis=2)
    points = ((face.points - (_LEFT, _TOP) + 0.5) / _SHRINK - 0.5).astype(np.float32)
    light = LINEAR[small].astype(np.float32)
    light = np.maximum(light - np.float32(_HAZE * np.percentile(light[..., 1], _DARK)), 0)
    clear = small.max(2) < _BURNT
    skin, known = _skin(light, clear, points)
    lift = _FLOOR + _LIFT * float(skin[1])
    planes = _offsets(light + np.float32(lift), skin + np.float32(lift))
    even: _Light = (planes + planes[:, :, ::-1]) / np.float32(2)
    return _View(planes, even, clear & known, points)


def _skin(light: _Light, clear: _Where, points: _Points) -> tuple[_Light, bool]:
    """Return the colour of the skin, and whether enough of it is not burnt out to tell.

    It is the brow's: masks and lenses leave that free. Hair may lie over it; then what is around the eyes and
    what is around the nose are of one colour, and the brow is of another.
    """
    where = [_discs(points[list(spots)], 3, clear.shape) for spots in (_BROW, _AROUND_EYES, _AROUND_NOSE)]
    known = [bool((spots & clear).sum() > _SEEN * spots.sum()) for spots in where]
    brow, eyes, nose = (
        np.median(light[spots & clear if told else spots], axis=0) if spots.any() else np.zeros(3, np.float32)
        for spots, told in zip(where, known, strict=True)
    )
    hidden = all(known) and _alike(eyes, nose) and not _alike(brow, nose)
    return (nose, known[2]) if hidden else (brow, known[0])


def _alike(one: _Light, other: _Light) -> bool:
    lift = _FLOOR + _LIFT * float(other[1])
    return not _beyond(_offsets(one + lift, other + lift), _LID[..., 0])


def _offsets(light: _Light, skin: _Light) -> _Light:
    """Return log R/G, log B/G and log G (3, ...) of light (..., 3), less the skin's own."""
    red, green, blue = np.moveaxis(np.log(light / skin), -1, 0)
    return np.stack([red - green, blue - green, green])


def _eye(view: _View, outline: tuple[int, ...], skin: tuple[int, ...]) -> float:
    """How much an eye is covered: the skin around it is foreign, or no iris stands out against the white."""
    opening = view.within(outline)
    wide = cv().dilate(opening.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)
    light = view.planes[2][opening]
    if not light.size:
        return 0.0
    dark, bright = np.percentile(light, (10, 95))
    return max(view.foreign(view.within(skin) & ~wide, _LID), _flat(float(bright - dark), _EYE_RELIEF))


def _mouth_hidden(view: _View) -> float:
    """How much the mouth is covered: lips and what is around them. Lipstick changes one, a beard the other."""
    rim = view.around(*_CHIN, radius=3) | view.around(_ABOVE_LIP, radius=2)
    return min(view.foreign(view.within(_LIPS), _LIP), view.foreign(rim, _SKIN))


def _mouth_relief(view: _View) -> float:
    """How much darker the line between the lips is than lips or skin, down the middle fifth of the mouth."""
    left, right = view.points[list(_MOUTH_CORNERS), 0]
    middle, reach = (left + right) / 2, max(1.0, (right - left) / 10)
    columns = slice(max(0, round(middle - reach)), max(1, round(middle + reach) + 1))
    rows = slice(max(0, int(view.points[_ABOVE_LIP, 1])), max(1, int(view.points[_CHIN[1], 1]) + 1))
    strip = view.even[2][rows, columns]
    if not strip.size:
        return 0.0
    profile = strip.mean(axis=1)
    return float(np.percentile(profile, 90) - profile.min())


def _flat(relief: float, bounds: tuple[float, float]) -> float:
    """Return 1 for a relief at the first bound or below, 0 at the second or above."""
    low, high = bounds
    return min(1.0, max(0.0, (high - relief) / (high - low)))


def _beyond(offsets: _Light, bounds: _Bounds) -> _Where:
    """Tell which of (3, ...) offsets lie outside the ellipsoid with these half axes (less, more)."""
    parts = offsets / np.where(offsets < 0, bounds[:, 0], bounds[:, 1])
    far: _Where = np.square(parts).sum(axis=0) > 1
    return far


def _hull(points: _Points, shape: tuple[int, ...]) -> _Where:
    drawn = np.zeros(shape, np.uint8)
    cv().fillConvexPoly(drawn, cv().convexHull(np.rint(points).astype(np.int32)), 1)
    return drawn.astype(np.bool_)


def _discs(points: _Points, radius: int, shape: tuple[int, ...]) -> _Where:
    drawn = np.zeros(shape, np.uint8)
    for x, y in np.rint(points).astype(int).tolist():
        cv().circle(drawn, (x, y), radius, 1, -1)
    return drawn.astype(np.bool_)
