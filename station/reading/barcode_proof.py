"""What makes a bar code certain: the witnesses weighed, so that no wrong text is ever accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from station.imaging.cv import cv
from station.model.document import Barcode, Certainty, Symbology
from station.reading.barcode_readers import Points, Seen
from station.reading.proof import Proof, ProofOf

CHECKED = frozenset({Symbology.CODE128, Symbology.EAN13})  # a check digit each, and firm start and stop
UNCHECKED = frozenset({Symbology.CODE39, Symbology.ITF})  # a part of the bars reads as a shorter code
LINEAR = CHECKED | UNCHECKED
MATRIX = frozenset(Symbology) - LINEAR

_SHORTEST = {Symbology.CODE39: 3, Symbology.ITF: 6}


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One reading on the page. `plain`: not of a picture altered to make it readable.

    `whole`: it spans all of its bars.
    """

    seen: Seen
    corners: Points = field(repr=False)
    look: str
    plain: bool
    whole: bool


class Evidence:
    """What the looks at one page have shown so far."""

    def __init__(self, proof: ProofOf | None, times: int = 1) -> None:
        """Weigh with this proof; the page was shrunk so many `times`."""
        self._proof = proof or _nothing
        self._times = times
        self._sightings: list[Sighting] = []
        self._accepted: list[Points] = []
        self.codes: tuple[Barcode, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether any code is certain."""
        return bool(self._accepted)

    def add(self, sightings: Sequence[Sighting]) -> None:
        """Weigh all evidence anew with these sightings."""
        if not sightings:
            return
        self._sightings += sightings
        groups = _grouped(self._sightings)
        certain = {id(group): self._is_certain(group) for group in groups}
        groups.sort(key=lambda group: (not certain[id(group)], -len(group), -len(group[0].seen.payload)))
        kept: list[list[Sighting]] = []
        for group in groups:
            if certain[id(group)] or not any(_same_place(other[0], group[0]) for other in kept):
                kept.append(group)
        self._accepted, codes = [], []
        for group in kept:
            sure = certain[id(group)] and not _is_disputed(group, groups)
            if sure:
                self._accepted.append(group[0].corners)
            corners = _clockwise(group[0].corners * self._times)
            seen = group[0].seen
            certainty = Certainty.ACCEPTED if sure else Certainty.UNSURE
            codes.append(Barcode(seen.symbology, seen.payload, certainty, corners))
        self.codes = tuple(sorted(codes, key=lambda code: (code.corners[0][1], code.corners[0][0])))

    def settles(self, x: float, y: float) -> bool:
        """Tell whether an accepted code lies at this point of the page that was read."""
        point = np.array([[x, y]])
        return any(_holds(corners, point) for corners in self._accepted)

    def _is_certain(self, group: Sequence[Sighting]) -> bool:
        symbology, payload = group[0].seen.symbology, group[0].seen.payload
        readers = {sighting.seen.reader for sighting in group}
        looks = {(sighting.seen.reader, sighting.look) for sighting in group}
        plain = any(sighting.plain for sighting in group)
        if symbology in MATRIX:
            return len(looks) > 1 or any(sighting.plain and sighting.seen.proven for sighting in group)
        proof = self._proof(symbology, payload)
        whole = any(sighting.whole for sighting in group)
        if symbology in CHECKED:
            return len(readers) > 1 or (plain and (len(looks) > 1 or proof > Proof.NONE))
        if not whole or len(payload) < _SHORTEST[symbology]:
            return False
        return len(readers) > 1 or (
            plain and (proof is Proof.CHECK or (proof is Proof.LENGTH and len(looks) > 1))
        )


def _nothing(symbology: Symbology, payload: bytes) -> Proof:
    return Proof.NONE


def _grouped(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """Merge what was seen by place and payload."""
    groups: list[list[Sighting]] = []
    for sighting in sorted(sightings, key=_inexactness):
        for group in groups:
            if _same_text(group[0], sighting) and _same_place(group[0], sighting):
                group.append(sighting)
                break
        else:
            groups.append([sighting])
    return groups


def _inexactness(sighting: Sighting) -> tuple[bool, ...]:
    """Order by how well the corners are known: where all bars were traced, by the exacter zxing."""
    return (not sighting.whole, sighting.seen.reader != "zxing", not sighting.plain)


def _is_disputed(group: Sequence[Sighting], groups: Iterable[Sequence[Sighting]]) -> bool:
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
        if own.seen.symbology not in UNCHECKED or rival.seen.payload not in own.seen.payload:
            return True
    return False


def _same_text(one: Sighting, other: Sighting) -> bool:
    return one.seen.symbology is other.seen.symbology and one.seen.payload == other.seen.payload


def _same_place(one: Sighting, other: Sighting) -> bool:
    return _holds(one.corners, other.corners) or _holds(other.corners, one.corners)


def _holds(corners: Points, points: Points) -> bool:
    """Tell whether the middle of the points lies within the corners, or next to a line of no height."""
    x, y = points.min(axis=0) / 2 + points.max(axis=0) / 2
    outline = cv().convexHull(corners.astype(np.float32))
    tolerance = max(3.0, 0.03 * float(np.ptp(corners, axis=0).max()))
    return bool(cv().pointPolygonTest(outline, (float(x), float(y)), True) >= -tolerance)


def _clockwise(corners: Points) -> tuple[tuple[float, float], ...]:
    """Four corners, clockwise as seen, from the one that is nearest to the page's top left."""
    if len(corners) != 4:
        corners = np.array(cv().boxPoints(cv().minAreaRect(corners.astype(np.float32))), np.float64)
    offsets = corners - corners.mean(axis=0)
    ring = corners[np.argsort(np.arctan2(offsets[:, 1], offsets[:, 0]))]
    ring = np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in ring)
