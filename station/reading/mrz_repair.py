"""Mend single misread cells of a zone, and only where alphabet and check digits leave no other reading.

Never in names, states or nationality: no check digit covers them. Every mended cell is named, so that the
officer looks at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from station.reading.likeness import TO_DIGIT, TO_LETTER
from station.reading.mrz_dates import possible
from station.reading.mrz_digits import document_number, failing
from station.reading.mrz_layout import Layout, Span

Lines = tuple[str, ...]

_DATES = ("birth_date", "expiry_date")
_NUMBERS = ("document_number", "optional_data")
_SWAPS = TO_DIGIT | TO_LETTER


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the field `name`; `line` and `column` count from 0."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Repair:
    """What came of it: the lines, the cells that were changed, or cells that only an eye can decide about."""

    lines: Lines = field(repr=False)
    changed: tuple[Cell, ...] = ()
    suggested: tuple[Cell, ...] = ()


def sound(lines: Lines, layout: Layout) -> bool:
    """Tell whether every check digit holds and every date exists."""
    dates = (found.span.cut(lines) for name in _DATES for found in layout.named(name))
    return not failing(lines, layout) and all(map(possible, dates))


def repair(lines: Lines, layout: Layout) -> Repair:
    """Mend the lines when there is exactly one way; otherwise leave them and say which cells to look at.

    First letters where only digits can stand (O for 0 in a date). Then one look-alike in a number that has its
    own check digit and a composite digit to confirm it; visas have no composite (9303-7), there and where more
    than one cell would do it stays a suggestion.
    """
    forced = tuple(_forced(lines, layout))
    mended = lines
    for cell in forced:
        mended = _swap(mended, cell)
    if sound(mended, layout):
        return Repair(mended, changed=forced)
    ways = [cell for cell in _swappable(mended, layout) if sound(_swap(mended, cell), layout)]
    if len(ways) == 1 and layout.check("composite") and _proved(mended, layout, ways[0]):
        return Repair(_swap(mended, ways[0]), changed=(*forced, ways[0]))
    return Repair(lines, suggested=(*forced, *ways))


def _forced(lines: Lines, layout: Layout) -> Iterator[Cell]:
    for name, span in _digit_spans(layout):
        for column, character in enumerate(span.cut(lines), start=span.start):
            if character in TO_DIGIT:
                yield Cell(name, span.line, column)


def _digit_spans(layout: Layout) -> Iterator[tuple[str, Span]]:
    yield from ((name, found.span) for name in _DATES for found in layout.named(name))
    yield from ((check.name, check.at) for check in layout.checks)


def _swappable(lines: Lines, layout: Layout) -> Iterator[Cell]:
    for name in _NUMBERS:
        for found in layout.named(name):
            for column, character in enumerate(found.span.cut(lines), start=found.span.start):
                if character in _SWAPS:
                    yield Cell(name, found.span.line, column)


def _swap(lines: Lines, cell: Cell) -> Lines:
    line = lines[cell.line]
    mended = f"{line[: cell.column]}{_SWAPS[line[cell.column]]}{line[cell.column + 1 :]}"
    return (*lines[: cell.line], mended, *lines[cell.line + 1 :])


def _proved(lines: Lines, layout: Layout, cell: Cell) -> bool:
    """Tell whether a check digit of its own covers the cell, besides the composite."""
    if cell.name == "document_number" or layout.check(cell.name):
        return True
    start = layout.named(cell.name)[0].span
    return cell.line == start.line and cell.column < start.start + document_number(lines, layout).overflow
