"""Which printed lines count in a visit, and what the officer makes of them. Pure functions of values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from station.errors import CorrectionRefused
from station.flow.views import ZonePartView
from station.model.document import Mrz, MrzRemark, MrzStatus, Reading, ZonePart
from station.model.image import Pixels
from station.model.visit import Visit
from station.reading import mrz as mrz_reading
from station.reading.crosscheck_second import better_first
from station.reading.mrz_parts import PartRefused, parts, with_part
from station.reading.mrz_remarks import status_of

_FROM_THE_PICTURE = ("cell_doubtful", "two_zones")
"""Remarks that only the picture knows: typed or mended lines inherit them."""

_DOUBTS = ("cell_doubtful", "repaired", "repair_suggested", "name_digit")
"""Remarks that point at one cell."""


def counting(visit: Visit, page: Reading | None, today: date) -> tuple[Mrz | None, Mrz | None]:
    """Return the zone that counts, and another reading to be held against it when there is one.

    Mended lines take the place of what they were mended from. Of lines that were typed or swiped and a scanned
    page the better known counts, typed ones where both are equal.
    """
    seen = page.mrz if page and page.mrz and page.mrz.status is not MrzStatus.NOT_FOUND else None
    if not visit.mrz_lines:
        return seen, None
    typed = mrz_reading.parse(visit.mrz_lines, today=today)
    if visit.corrections:
        return _mended(typed, visit, seen), None
    return better_first(typed, seen)


def _mended(mrz: Mrz, visit: Visit, seen: Mrz | None) -> Mrz:
    """Add what the picture left in doubt where nobody has looked yet, and say what was mended by hand."""
    kept = [
        remark
        for remark in (seen.remarks if seen else ())
        if remark.code in _FROM_THE_PICTURE and not _looked_at(visit, remark.line, remark.column)
    ]
    mended = [
        MrzRemark("corrected", part.name, part.line, part.start)
        for part in parts(mrz)
        if _looked_at(visit, part.line, part.start)
    ]
    remarks = (*mrz.remarks, *kept, *mended)
    return replace(mrz, status=status_of(remarks), remarks=remarks)


def corrected(mrz: Mrz | None, part: ZonePart, text: str) -> tuple[str, ...]:
    """Return the lines with another text in this part.

    Raises:
        CorrectionRefused: the part does not stand there (any more), or the text cannot stand in it.
    """
    if mrz is None or part not in parts(mrz):
        raise CorrectionRefused(reason="no_zone", part=part.name)
    try:
        return with_part(mrz.lines, part, text)
    except PartRefused as refused:
        raise CorrectionRefused(reason=refused.problem, part=part.name) from None


def part_views(mrz: Mrz | None, strips: Sequence[Pixels], visit: Visit) -> tuple[ZonePartView, ...]:
    """Return the parts as the screen shows them; `strips` belong to them in their order, or there are none."""
    if mrz is None:
        return ()
    found = parts(mrz)
    pictures = strips if len(strips) == len(found) else [None] * len(found)
    return tuple(
        ZonePartView(
            part,
            picture,
            _doubtful(mrz, part),
            _looked_at(visit, part.line, part.start),
            _was(visit, part),
        )
        for part, picture in zip(found, pictures, strict=True)
    )


def _looked_at(visit: Visit, line: int, column: int) -> bool:
    return any(correction.covers(line, column) for correction in visit.corrections)


def _was(visit: Visit, part: ZonePart) -> str:
    """Return what stood in the part before the officer first looked at it, "" when nobody has."""
    found = (correction.was for correction in visit.corrections if correction.covers(part.line, part.start))
    return next(found, "")


def _doubtful(mrz: Mrz, part: ZonePart) -> tuple[int, ...]:
    """Return the places in the part, from 0, that a remark points at."""
    cells = {
        remark.column - part.start
        for remark in mrz.remarks
        if remark.code in _DOUBTS and remark.line == part.line and part.start <= remark.column < part.stop
    }
    return tuple(sorted(cells))
