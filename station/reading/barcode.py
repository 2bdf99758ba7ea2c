"""Bar codes of a page: read by two readers, and accepted only beyond reasonable doubt."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from station.imaging.codec import grey
from station.imaging.cv import cv
from station.model.document import Barcode, Symbology
from station.model.image import Pixels
from station.reading.barcode_blocks import Block, Place, Survey, around, bars, rows, shrunk, survey
from station.reading.barcode_proof import CHECKED, LINEAR, MATRIX, Evidence, Sighting
from station.reading.barcode_readers import Seen, with_zbar, with_zxing
from station.reading.proof import ProofOf

SYMBOLOGIES = frozenset(Symbology)

_PIXELS_MAX = 9_000_000  # A4 at 300 dpi; a finer page is shrunk
_SIDE_MIN, _SIDE_MAX = 10, 16_000
_PURSE = 2_500_000  # pixels that are cut out and handed to readers for one page: this bounds the time
_BAND_PX = 10
_WHOLE = 0.9  # share of the row of bars that a reading must span
_ALL_BARS, _NO_BARS = 0.8, 0.45  # how barred a place must be that can be no matrix code, or no row of bars

Enough = Callable[[Sequence[Barcode]], bool]
"""Tells whether what was read so far is enough, so that no time is spent on more."""


def read(
    pixels: Pixels,
    *,
    expected: frozenset[Symbology] | None = None,
    proof: ProofOf | None = None,
    enough: Enough | None = None,
    budget_s: float | None = None,
) -> tuple[Barcode, ...]:
    """Return the codes of a page (RGB or grey), from top to bottom.

    Each place that looks like a code is cut out upright and read; when none is accepted, the whole page in a
    small copy; then the places that are still open, altered to make them readable. It ends when all places are
    settled, what was read is `enough`, the purse of pixels is empty, or `budget_s` seconds are over. Beside an
    accepted code, one of less than 4 mm (of an A4 page) is overlooked.

    ACCEPTED is a code that its error correction proves (QR, DataMatrix, Aztec, PDF417); a linear code that two
    readers agree on; a Code128 or EAN13, which have a check digit, that two looks agree on. What `proof`, the
    centre's patterns, says of the text is a witness, too: its check digit stands for the second reader, its
    length for the second look at a Code128 or EAN13; at a Code39 or ITF it needs a second look. These two must
    span all of their bars in any case.
    """
    page, times = _page(pixels)
    if min(page.shape) < _SIDE_MIN:
        return ()
    until = None if budget_s is None else time.monotonic() + budget_s
    evidence = Evidence(proof, times)
    for sightings in _looks(page, expected or SYMBOLOGIES, evidence):
        evidence.add(sightings)
        late = until is not None and time.monotonic() > until
        if late or (enough is not None and enough(evidence.codes)):
            break
    return evidence.codes


def _page(pixels: Pixels) -> tuple[Pixels, int]:
    """Return a page in grey, no larger than may be, and how many times it was shrunk."""
    if not pixels.size:
        return np.empty((0, 0), np.uint8), 1
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * np.uint8(255)
    if pixels.ndim == 3 and pixels.shape[2] < 3:  # grey, with or without alpha
        pixels = pixels[:, :, 0]
    page = np.ascontiguousarray(grey(pixels))
    times = max(1, ceil(sqrt(page.size / _PIXELS_MAX)), ceil(max(page.shape) / _SIDE_MAX))
    return shrunk(page, times), times


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a place is cut out: enlarged so many times at most, until it is so long."""

    longest_px: int
    enlarge: float
    barred: bool = False

    def suits(self, place: Place) -> bool:
        """Tell whether such a code may lie at this place."""
        return place.barred > _NO_BARS if self.barred else place.barred < _ALL_BARS


_BARS = _Shape(1700, 3, barred=True)


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to look at a place. `plain`: the picture is not altered to make it readable."""

    name: str
    alter: Callable[[Pixels], Pixels]
    shape: _Shape
    plain: bool
    zbar: bool = False


def _banded(pixels: Pixels, band_px: int) -> Pixels:
    """Average bars along their length, in bands of so many pixels of the page, which takes the grain away."""
    count = max(3, min(16, pixels.shape[0] // band_px))
    banded: Pixels = cv().resize(pixels, (pixels.shape[1], count), interpolation=cv().INTER_AREA)
    return banded.repeat(3, axis=0)


def _bands(pixels: Pixels) -> Pixels:
    smooth: Pixels = cv().GaussianBlur(_banded(pixels, 10), (5, 1), 1)  # smooths the enlarging, no more
    return smooth


def _coarse_bands(pixels: Pixels) -> Pixels:
    return _banded(pixels, 25)


def _soft_bands(pixels: Pixels) -> Pixels:
    softened: Pixels = cv().GaussianBlur(_banded(pixels, 10), (11, 1), 2)
    return softened


def _sharp_bands(pixels: Pixels) -> Pixels:
    banded = _banded(pixels, 10)
    sharpened: Pixels = cv().addWeighted(banded, 2.5, cv().GaussianBlur(banded, (25, 1), 4), -1.5, 0)
    return sharpened


def _as_it_is(pixels: Pixels) -> Pixels:
    return pixels


def _soft(pixels: Pixels) -> Pixels:
    softened: Pixels = cv().GaussianBlur(pixels, (0, 0), 1.5)
    return softened


def _sharp(pixels: Pixels) -> Pixels:
    sharpened: Pixels = cv().addWeighted(pixels, 2.5, cv().GaussianBlur(pixels, (0, 0), 4), -1.5, 0)
    return sharpened


_WITNESS = _Look("bands", _bands, _BARS, plain=True, zbar=True)
_FIRST = (_WITNESS, _Look("upright", _as_it_is, _Shape(450, 2), plain=True))
_LARGE = _Shape(800, 3)
_CLOSER = (
    _Look("coarse bands", _coarse_bands, _BARS, plain=True, zbar=True),
    _Look("soft bands", _soft_bands, _BARS, plain=False, zbar=True),
    _Look("sharp bands", _sharp_bands, _BARS, plain=False, zbar=True),
    _Look("native bands", _coarse_bands, _Shape(1700, 1, barred=True), plain=True, zbar=True),
    _Look("large", _as_it_is, _LARGE, plain=True),
    _Look("soft", _soft, _LARGE, plain=False),
    _Look("sharp", _sharp, _LARGE, plain=False),
)


def _looks(page: Pixels, wanted: Collection[Symbology], evidence: Evidence) -> Iterator[list[Sighting]]:
    """Look at the page ever closer, cheapest first; the evidence is complete up to the last look."""
    seen = survey(page)
    purse = _Purse(seen, wanted)
    first: list[Sighting] = []
    for number, place in enumerate(seen.places):
        first += next(filter(None, (purse.look(place, look, number) for look in _FIRST)), [])
    yield first
    if not evidence.accepted:
        yield list(_on_small(seen, wanted, purse))
    for look in _CLOSER:
        for number, place in enumerate(seen.places):
            if not evidence.settles(place.x, place.y):
                yield purse.look(place, look, number)


class _Purse:
    """Looks at places of a page until the pixels that may be read are spent."""

    def __init__(self, seen: Survey, wanted: Collection[Symbology]) -> None:
        self._left = _PURSE
        self._seen = seen
        self._blocks: dict[tuple[Place, _Shape], Block] = {}
        self._linear, self._matrix = sorted(LINEAR & set(wanted)), sorted(MATRIX & set(wanted))

    def look(self, place: Place, look: _Look, number: int) -> list[Sighting]:
        """Return what the readers see at a place; nothing when the look does not suit it or is too dear."""
        wanted = self._linear if look.shape.barred else self._matrix
        if not wanted or not look.shape.suits(place) or self._left <= 0:
            return []
        before = self._left
        block = self._block(place, look.shape)
        if block.shrunk and not look.plain:
            return []  # what was lost in shrinking does not come back
        pixels = look.alter(block.pixels)
        self._left -= pixels.size
        found = with_zxing(pixels, wanted, upright=look.shape.barred)
        if look.zbar:
            found += with_zbar(pixels, wanted)
        if found:
            self._left = before  # a code is worth its price: a page full of them is read to its end
        squeezed = (1.0, block.pixels.shape[0] / pixels.shape[0])
        return [
            _in_block(replace(seen, corners=seen.corners * squeezed), block, look, f"{look.name} {number}")
            for seen in found
        ]

    def _block(self, place: Place, shape: _Shape) -> Block:
        if (place, shape) not in self._blocks:
            block = self._seen.cut(place, shape.longest_px, shape.enlarge, barred=shape.barred)
            self._left -= block.pixels.size
            self._blocks[place, shape] = block
        return self._blocks[place, shape]


def _on_small(seen: Survey, wanted: Collection[Symbology], purse: _Purse) -> Iterator[Sighting]:
    """Read the page as a whole in a small copy, and where that shows bars, these upright."""
    small, times = seen.flat()
    for found in with_zxing(small, sorted(wanted), inverted=False):
        corners = found.corners * times
        yield Sighting(found, corners, "page", plain=True, whole=False)
        if found.symbology in LINEAR:
            yield from purse.look(around(seen.page, corners), _WITNESS, -1)


def _in_block(seen: Seen, block: Block, look: _Look, name: str) -> Sighting:
    """Set a reading into the page; a linear one gets all of its bars as outline."""
    corners, whole = seen.corners, True
    if seen.symbology in LINEAR:
        left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
        top, bottom = reach = rows(block, corners)
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        whole = seen.symbology in CHECKED or _is_whole(seen, block, reach, left, right)
    return Sighting(seen, block.on_page(corners), name, look.plain, whole)


def _is_whole(seen: Seen, block: Block, reach: tuple[float, float], left: float, right: float) -> bool:
    """Tell whether the reading spans the whole row of bars, not only a part of it."""
    # Modules of a character: ITF 8 a digit (ISO/IEC 16390), Code 39 up to 16 with its gap (ISO/IEC 16388).
    each, extra = (8, 1) if seen.symbology is Symbology.ITF else (16, 2)
    module = (right - left) / (each * (len(seen.payload) + extra))
    begin, end = bars(block, reach, 6 * module, (left + right) / 2)
    inside = begin > 2 * module and end < block.pixels.shape[1] - 2 * module
    return inside and right - left >= _WHOLE * (end - begin)
