"""The parts of a zone as people look at them: each field with the check digit that stands behind it."""

from collections.abc import Iterator, Sequence

from station.model.document import Mrz, ZonePart
from station.reading.mrz_layout import ALPHABET, FILLER, FRENCH_CARD, LAYOUTS, Layout

WHOLE = "composite"
"""The name of the last check digit, which proves several fields together."""


class PartRefused(ValueError):
    """A text does not fit into a part: `problem` is too_long or foreign_character."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parts(mrz: Mrz) -> tuple[ZonePart, ...]:
    """Return the parts of a zone in the order of its lines; none when it was not understood."""
    layout = _layout(mrz)
    fits = len(mrz.lines) == layout.rows and all(len(line) == layout.width for line in mrz.lines)
    found = _parts(mrz.lines, layout) if fits else ()
    return tuple(sorted(found, key=lambda part: (part.line, part.start)))


def with_part(lines: Sequence[str], part: ZonePart, text: str) -> tuple[str, ...]:
    """Return the lines with another text in this part; what is short is filled up.

    Raises:
        PartRefused: the text is longer than the part, or holds what no zone has (9303-3, 4.3).
    """
    cells = text.strip().upper().replace(" ", FILLER)
    room = part.stop - part.start
    if len(cells) > room:
        raise PartRefused("too_long")
    if not set(cells) <= set(ALPHABET):
        raise PartRefused("foreign_character")
    line = lines[part.line]
    mended = line[: part.start] + cells.ljust(room, FILLER) + line[part.stop :]
    return (*lines[: part.line], mended, *lines[part.line + 1 :])


def _layout(mrz: Mrz) -> Layout:
    french = any(remark.code == "french_layout" for remark in mrz.remarks)
    return FRENCH_CARD if french else LAYOUTS[mrz.format]


def _parts(lines: Sequence[str], layout: Layout) -> Iterator[ZonePart]:
    whole = layout.check(WHOLE)
    digits = {(check.at.line, check.at.start) for check in layout.checks if check is not whole}
    for field in layout.fields:
        line, start, stop = field.span.line, field.span.start, field.span.stop
        stop += (line, stop) in digits
        yield ZonePart(field.name, line, start, stop, lines[line][start:stop])
    if whole:
        yield ZonePart(WHOLE, whole.at.line, whole.at.start, whole.at.stop, whole.at.cut(lines))
