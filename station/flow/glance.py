"""What one frame of the live camera shows of a paper, read within a small budget. Pure; any thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import dist

import numpy as np

from station.flow.events import Outline, PaperSight
from station.flow.identify import KINDS
from station.imaging import codec
from station.model.document import Certainty, Identifier, MrzCell, MrzStatus, Reading
from station.model.image import Pixels
from station.model.record import AttachmentKind
from station.reading import barcode, mrz_optical
from station.reading.patterns import Patterns

NEAR_PX = 12.0
"""Pixels that a character must have: below, a still shows the printed lines too small for the record."""

ZONE_BUDGET_S = 0.12
CODES_BUDGET_S = 0.1
DARK = 70
"""Code value that the brightest tenth of a frame stays below when a paper in it cannot be read for the dark."""

_THIN = 16

Words = tuple[str, ...]
"""What must be the same in two frames and in the still: `mrz` and its lines, or `codes` and what they name."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a frame shows. `words` only when it was read beyond doubt and near enough, else ()."""

    sight: PaperSight
    outlines: tuple[Outline, ...] = ()
    words: Words = field(default=(), repr=False)


def glance(pixels: Pixels, patterns: Patterns, today: date) -> Sighting:
    """Read a frame (RGB): printed lines first, codes where there are none that hold."""
    found = mrz_optical.read(pixels, today=today, budget_s=ZONE_BUDGET_S)
    missing = found is not None and found.mrz.status is MrzStatus.NOT_FOUND
    size = (pixels.shape[1], pixels.shape[0])
    if found is not None and found.cells and found.mrz.status is not MrzStatus.CHECK_FAILED:
        lines = tuple(_around(line, size) for line in found.cells)
        if pitch(found.cells[0]) < NEAR_PX:
            return Sighting(PaperSight.TOO_FAR, lines)
        if found.mrz.status is MrzStatus.ACCEPTED:
            return Sighting(PaperSight.ONCE, lines, ("mrz", *found.mrz.lines))
        return Sighting(PaperSight.DOUBTFUL, lines)
    codes = barcode.read(
        pixels,
        proof=patterns.proof,
        enough=lambda seen: bool(_names(patterns.identify(tuple(seen)))),
        budget_s=CODES_BUDGET_S,
    )
    names = _names(patterns.identify(codes))
    if names:
        outlines = tuple(_relative(code.corners, size) for code in codes if len(code.corners) == 4)
        return Sighting(PaperSight.ONCE, outlines, ("codes", *names))
    if found is not None and found.cells:
        return Sighting(PaperSight.DOUBTFUL, tuple(_around(line, size) for line in found.cells))
    if missing:
        return Sighting(PaperSight.NO_READER)
    return Sighting(PaperSight.TOO_DARK if _dark(pixels) else PaperSight.NOTHING)


def agrees(words: Words, shown: Iterable[tuple[AttachmentKind, Reading | None]]) -> bool:
    """Tell whether a still says exactly what the frames before it said, and beyond doubt."""
    pages = {kind: reading or Reading() for kind, reading in shown}
    passport = pages.get(AttachmentKind.PASSPORT_PAGE)
    if words[0] == "codes":
        identifiers = [i for reading in pages.values() for i in reading.identifiers]
        return passport is None and words[1:] == _names(identifiers)
    mrz = passport.mrz if passport else None
    return mrz is not None and mrz.status is MrzStatus.ACCEPTED and words[1:] == mrz.lines


def pitch(cells: Sequence[MrzCell]) -> float:
    """Return the pixels from one character of a line to the next."""
    first, last = (np.mean(cell.corners, axis=0) for cell in (cells[0], cells[-1]))
    return dist(first, last) / max(len(cells) - 1, 1)


def _names(identifiers: Iterable[Identifier]) -> Words:
    """Return what may choose a record, in an order of its own."""
    sure = (i for i in identifiers if i.certainty is Certainty.ACCEPTED and i.kind in KINDS)
    return tuple(sorted({f"{i.kind} {i.value}" for i in sure}))


def _around(cells: Sequence[MrzCell], size: tuple[int, int]) -> Outline:
    first, last = cells[0].corners, cells[-1].corners
    return _relative((first[0], last[1], last[2], first[3]), size)


def _relative(corners: Iterable[tuple[float, float]], size: tuple[int, int]) -> Outline:
    return tuple((x / size[0], y / size[1]) for x, y in corners)


def _dark(pixels: Pixels) -> bool:
    return float(np.percentile(codec.grey(np.ascontiguousarray(pixels[::_THIN, ::_THIN])), 90)) < DARK
