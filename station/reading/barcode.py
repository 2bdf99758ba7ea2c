"""Bar codes of a page: read by two readers, and accepted only beyond reasonable doubt."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from station.imaging.codec import grey
from station.imaging.cv import cv
from station.model.document import Barcode, Certainty, Symbology
from station.model.image import Pixels
from station.reading.barcode_blocks import Block, Place, around, bars, cut, flatten, locate, rows
from station.reading.barcode_readers import READERS, Points, Seen, with_zxing

SYMBOLOGIES = frozenset(Symbology)

_CHECKED = frozenset({Symbology.CODE128, Symbology.EAN13})  # a check digit each, and firm start and stop
_UNCHECKED = frozenset({Symbology.CODE39, Symbology.ITF})  # a part of the bars reads as a shorter code
_LINEAR = _CHECKED | _UNCHECKED
_SHORTEST = {Symbology.CODE39: 3, Symbology.ITF: 6}
_WHOLE = 0.9  # share of the row of bars that a reading must span

Enough = Callable[[Sequence[Barcode]], bool]
"""Tells whether what was read so far is enough, so that no time is spent on more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sighting:
    """One reading on the page. `plain`: not of a picture altered to make it readable."""

    seen: Seen
    corners: Points = field(repr=False)
    look: str
    plain: bool
    whole: bool


def read(
    pixels: Pixels,
    *,
    expected: frozenset[Symbology] | None = None,
    budget_s: float | None = None,
    enough: Enough | None = None,
) -> tuple[Barcode, ...]:
    """Return the codes of a page (RGB or grey), from top to bottom.

    Naming the `expected` symbologies saves two thirds of the time and keeps wrong readings away.
    The whole page is read first. Then each place that looks like a code and gave none is cut out, set upright
    and read again and again, until it is read, what was read is `enough`, or `budget_s` seconds are over.

    ACCEPTED is a code that its error correction proves (QR, DataMatrix, Aztec, PDF417); a Code128 that two
    readers or two looks agree on; another linear code that two readers agree on, and for Code39 and ITF, which
    have no check, whose reading spans all of its bars. Without zbar no EAN13, Code39 and ITF is accepted.
    """
    wanted = sorted(expected or SYMBOLOGIES)
    until = None if budget_s is None else time.monotonic() + budget_s
    page = np.ascontiguousarray(grey(pixels))
    evidence = _Evidence()
    for sightings in _looks(page, wanted, evidence):
        evidence.add(sightings)
        late = until is not None and time.monotonic() > until
        if late or (enough is not None and enough(evidence.codes)):
            break
    return evidence.codes


class _Evidence:
    """What the looks at one page have shown so far."""

    def __init__(self) -> None:
        self._sightings: list[_Sighting] = []
        self.codes: tuple[Barcode, ...] = ()

    def add(self, sightings: Iterable[_Sighting]) -> None:
        """Weigh all evidence anew with these sightings."""
        self._sightings += sightings
        self.codes = _judged(self._sightings)

    def settles(self, place: Place) -> bool:
        """Tell whether an accepted code lies at this place."""
        middle = np.array([[place.x, place.y]])
        return any(
            code.certainty is Certainty.ACCEPTED and _holds(np.array(code.corners), middle)
            for code in self.codes
        )


def _looks(page: Pixels, wanted: Collection[Symbology], evidence: _Evidence) -> Iterator[list[_Sighting]]:
    """Look at the page ever closer, cheapest first; the evidence is complete up to the last look."""
    first = [_on_page(seen, "page") for seen in with_zxing(page, wanted, patient=False)]
    for sighting in tuple(first):
        if sighting.seen.symbology in _LINEAR:
            block = cut(page, around(page, sighting.corners))
            first += _read_block(block, (sighting.seen.symbology,), _WITNESS, "witness")
    yield first
    places = [place for place in locate(page) if not evidence.settles(place)]
    if not places:
        return
    flat = flatten(page)
    for number, place in enumerate(places):
        block = cut(flat, place)
        for change in _CHANGES:
            if evidence.settles(place):
                break
            yield _read_block(block, wanted, change, f"{change.name} {number}")
    if not evidence.codes:
        yield [_on_page(seen, "flat") for reader in READERS for seen in reader(flat, wanted)]


def _on_page(seen: Seen, look: str) -> _Sighting:
    return _Sighting(seen, seen.corners, look, plain=True, whole=False)


def _as_it_is(pixels: Pixels) -> Pixels:
    return pixels


def _soft(pixels: Pixels) -> Pixels:
    softened: Pixels = cv().GaussianBlur(pixels, (0, 0), 1.5)
    return softened


def _sharp(pixels: Pixels) -> Pixels:
    sharpened: Pixels = cv().addWeighted(pixels, 2.5, cv().GaussianBlur(pixels, (0, 0), 4), -1.5, 0)
    return sharpened


@dataclass(frozen=True, slots=True)
class _Change:
    """How a cut-out is altered before it is read; wrong readings came from altered pictures only."""

    name: str
    apply: Callable[[Pixels], Pixels]
    plain: bool


_WITNESS = _Change("upright", _as_it_is, plain=True)
_CHANGES = (_WITNESS, _Change("soft", _soft, plain=False), _Change("sharp", _sharp, plain=False))


def _read_block(block: Block, wanted: Collection[Symbology], change: _Change, look: str) -> list[_Sighting]:
    pixels = change.apply(block.pixels)
    found = [seen for reader in READERS for seen in reader(pixels, wanted)]
    return [_in_block(seen, block, change, look) for seen in found]


def _in_block(seen: Seen, block: Block, change: _Change, look: str) -> _Sighting:
    """Set a reading into the page; a linear one gets all of its bars as outline."""
    corners, whole = seen.corners, True
    if seen.symbology in _LINEAR:
        left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
        top, bottom = reach = rows(block, corners)
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        whole = seen.symbology in _CHECKED or _is_whole(seen, block, reach, left, right)
    return _Sighting(seen, block.on_page(corners), look, change.plain, whole)


def _is_whole(seen: Seen, block: Block, reach: tuple[float, float], left: float, right: float) -> bool:
    """Tell whether the reading spans the whole row of bars, not only a part of it."""
    # Modules of a character: ITF 8 a digit (ISO/IEC 16390), Code 39 up to 16 with its gap (ISO/IEC 16388).
    each, extra = (8, 1) if seen.symbology is Symbology.ITF else (16, 2)
    module = (right - left) / (each * (len(seen.payload) + extra))
    begin, end = bars(block, reach, 6 * module, (left + right) / 2)
    inside = begin > 2 * module and end < block.pixels.shape[1] - 2 * module
    return inside and right - left >= _WHOLE * (end - begin)


def _judged(sightings: Iterable[_Sighting]) -> tuple[Barcode, ...]:
    """Merge what was seen by place and payload, and weigh the witnesses."""
    groups: list[list[_Sighting]] = []
    for sighting in sorted(sightings, key=_inexactness):
        for group in groups:
            if _same_text(group[0], sighting) and _same_place(group[0], sighting):
                group.append(sighting)
                break
        else:
            groups.append([sighting])
    groups.sort(key=lambda group: (not _is_certain(group), -len(group), -len(group[0].seen.payload)))
    kept: list[list[_Sighting]] = []
    for group in groups:
        if _is_certain(group) or not any(_same_place(other[0], group[0]) for other in kept):
            kept.append(group)
    codes = [_code(group, _is_certain(group) and not _is_disputed(group, groups)) for group in kept]
    return tuple(sorted(codes, key=lambda code: (code.corners[0][1], code.corners[0][0])))


def _inexactness(sighting: _Sighting) -> tuple[bool, ...]:
    """Order by how well the corners are known: where all bars were traced, by the exacter zxing."""
    return (not sighting.whole, sighting.seen.reader != "zxing", not sighting.plain)


def _is_certain(group: Sequence[_Sighting]) -> bool:
    symbology, payload = group[0].seen.symbology, group[0].seen.payload
    readers = {sighting.seen.reader for sighting in group}
    looks = {(sighting.seen.reader, sighting.look) for sighting in group}
    plain = any(sighting.plain for sighting in group)
    if symbology is Symbology.CODE128:
        return len(readers) > 1 or (plain and len(looks) > 1)
    if symbology in _LINEAR:
        whole = any(sighting.whole for sighting in group)
        return len(readers) > 1 and whole and len(payload) >= _SHORTEST.get(symbology, 0)
    return len(looks) > 1 or any(sighting.plain and sighting.seen.proven for sighting in group)


def _is_disputed(group: Sequence[_Sighting], groups: Iterable[Sequence[_Sighting]]) -> bool:
    """Tell whether the same bars also gave another text; a part of a code without check is no other text."""
    own = group[0]
    for other in groups:
        rival = other[0]
        if (
            rival.seen.symbology is not own.seen.symbology
            or _same_text(own, rival)
            or not _same_place(own, rival)
        ):
            continue
        if own.seen.symbology not in _UNCHECKED or rival.seen.payload not in own.seen.payload:
            return True
    return False


def _same_text(one: _Sighting, other: _Sighting) -> bool:
    return one.seen.symbology is other.seen.symbology and one.seen.payload == other.seen.payload


def _same_place(one: _Sighting, other: _Sighting) -> bool:
    return _holds(one.corners, other.corners) or _holds(other.corners, one.corners)


def _holds(corners: Points, points: Points) -> bool:
    """Tell whether the middle of the points lies within the corners, or next to a line of no height."""
    x, y = points.min(axis=0) / 2 + points.max(axis=0) / 2
    outline = cv().convexHull(corners.astype(np.float32))
    tolerance = max(3.0, 0.03 * float(np.ptp(corners, axis=0).max()))
    return bool(cv().pointPolygonTest(outline, (float(x), float(y)), True) >= -tolerance)


def _code(group: Sequence[_Sighting], certain: bool) -> Barcode:
    seen = group[0].seen
    certainty = Certainty.ACCEPTED if certain else Certainty.UNSURE
    return Barcode(seen.symbology, seen.payload, certainty, _clockwise(group[0].corners))


def _clockwise(corners: Points) -> tuple[tuple[float, float], ...]:
    """Four corners, clockwise as seen, from the one that is nearest to the page's top left."""
    if len(corners) != 4:
        corners = np.array(cv().boxPoints(cv().minAreaRect(corners.astype(np.float32))), np.float64)
    offsets = corners - corners.mean(axis=0)
    ring = corners[np.argsort(np.arctan2(offsets[:, 1], offsets[:, 0]))]
    ring = np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in ring)
