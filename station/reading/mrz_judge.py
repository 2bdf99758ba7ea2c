"""What a reading by picture is worth: accepted only when no cell leaves a doubt that no check digit settles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from station.model.document import Mrz, MrzFormat, MrzRemark, MrzStatus
from station.reading.mrz import parse
from station.reading.mrz_decode import CLEAR, Decoded, Place, decode
from station.reading.mrz_layout import FRENCH_CARD, LAYOUTS, Layout
from station.reading.mrz_recognise import CLASSES
from station.reading.mrz_remarks import status_of

Floats = NDArray[np.float64]

SURE = 0.99
"""Posterior, within its alphabet, of a cell that no check digit covers (a half hidden V was a J at 0.978)."""
LEGIBLE = 0.97
"""Posterior of a cell that does not count towards `MOST_DOUBTS`."""
PRINTED = 0.5
"""How likely it must be that a cell holds a glyph at all."""
NAMED = 0.8
"""Posterior from which something beside the line is a glyph of it that was left out."""
POSSIBLE = 0.02
"""Share of the likelihood that must lie within the alphabet: a clear digit in a name is no letter."""
GRID = -0.45
"""Nats a cell: how much the worst line must look like glyphs."""
MARGIN: Mapping[MrzFormat, float] = {
    MrzFormat.TD1: 3.5, MrzFormat.TD2: 3.5, MrzFormat.TD3: 3.5, MrzFormat.MRVA: 4.5, MrzFormat.MRVB: 4.5,
}  # fmt: skip
"""Nats to the next lines with right check digits; visas have no composite digit (9303-7)."""
GAP: Mapping[MrzFormat, float] = {
    MrzFormat.TD1: 5.0, MrzFormat.TD2: 5.0, MrzFormat.TD3: 5.0, MrzFormat.MRVA: 3.0, MrzFormat.MRVB: 3.0,
}  # fmt: skip
"""Nats that the check digits may cost; beyond that the lines stay as they were seen."""
MOST_CHANGED = 2
MOST_DOUBTS = 0.4
"""Share of the cells in doubt above which this is no reading at all."""
FIRST_LETTERS = "ACIPV"
"""What a zone of some size may begin with (9303-4 to -7)."""
IN_PLACE = 0.85
"""Share of the characters as seen that must be possible where they stand."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the network saw of one line.

    `cells` are log-posteriors (columns x 37), `printed` posteriors that a cell holds a glyph at all; `score` is
    that of the grid; `alone` tells that no glyph stands before the first cell or behind the last.
    """

    cells: Floats = field(repr=False)
    printed: Floats = field(repr=False)
    score: float
    alone: bool

    @property
    def posteriors(self) -> Floats:
        """How likely the likeliest character of each cell is, 0 to 1."""
        result: Floats = np.exp(self.cells.max(1)) * self.printed
        return result

    @property
    def clear(self) -> bool:
        """Tell whether nothing on this line leaves a doubt about what is printed."""
        return bool(self.cells.max(1).min() > np.log(CLEAR) and self.printed.min() > PRINTED and self.alone)


def seen(log_posteriors: NDArray[np.floating], steps: NDArray[np.int64], score: float) -> Seen:
    """Take the cells of one line out of the network's answer at these steps."""
    at = log_posteriors[:, steps]
    glyphs = at[1:] - at[1:].max(0)
    glyphs = glyphs - np.log(np.exp(glyphs).sum(0))
    beside = np.array([steps[0] - 4, steps[0] - 3, steps[-1] + 3, steps[-1] + 4])
    beside = beside[(beside >= 0) & (beside < log_posteriors.shape[1])]
    # On bare paper the network guesses; only what it can name is a glyph.
    named = np.exp(log_posteriors[1:, beside].max(0))
    return Seen(glyphs.T.astype(float), 1 - np.exp(at[0]), score, bool((named < NAMED).all()))


def as_seen(lines: Sequence[Seen]) -> tuple[str, ...]:
    """Return the likeliest character of each cell, whatever may stand there."""
    return tuple("".join(CLASSES[best] for best in line.cells.argmax(1)) for line in lines)


def judge(lines: Sequence[Seen], today: date) -> Mrz | None:
    """Read the lines by the layout of their size that suits them best and say how far they can be trusted.

    None: this is print of another kind, too much of it stands where it cannot stand in a zone.
    """
    unclear = sum(int(np.count_nonzero(line.posteriors < LEGIBLE)) for line in lines)
    if unclear > MOST_DOUBTS * sum(line.printed.size for line in lines):
        return None
    cells = [line.cells for line in lines]
    raw = as_seen(lines)
    layouts = [layout for layout in _layouts(lines, raw) if _share_in_place(raw, layout) >= IN_PLACE]
    if not layouts:
        return None
    readings = [(layout, decode(cells, layout)) for layout in layouts]
    layout, decoded = max(readings, key=lambda pair: -pair[1].gap if pair[1] else -np.inf)
    taken = decoded is not None and decoded.gap <= GAP[layout.format] and len(decoded.changed) <= MOST_CHANGED
    if decoded is not None and taken:
        mrz = parse(decoded.lines, today=today)
        doubts = tuple(_doubts(lines, layout, decoded))
    else:
        mrz = parse(raw, today=today)
        doubts = tuple(_unclear(lines, layout))
    if mrz.status is MrzStatus.NOT_FOUND:
        return None
    remarks = (*mrz.remarks, *doubts)
    return replace(mrz, status=status_of(remarks), remarks=remarks)


def _share_in_place(raw: Sequence[str], layout: Layout) -> float:
    fits = [
        character in alphabet
        for line, alphabets in zip(raw, layout.alphabets(), strict=True)
        for character, alphabet in zip(line, alphabets, strict=True)
    ]
    return sum(fits) / len(fits)


def _unclear(lines: Sequence[Seen], layout: Layout) -> Iterator[MrzRemark]:
    """Name the cells to look at in lines that were left as they were seen: the least clear one at least."""
    names = _names(layout)
    least = min(float(line.posteriors.min()) for line in lines)
    for line, of_line in enumerate(lines):
        for column in np.flatnonzero(of_line.posteriors <= max(least, SURE)).tolist():
            yield MrzRemark("cell_doubtful", names[line, column], line, column)


def _layouts(lines: Sequence[Seen], raw: Sequence[str]) -> Iterator[Layout]:
    """Yield the layouts of this size; the likeliest first letter decides on the visa."""
    found = [layout for layout in LAYOUTS.values() if (layout.rows, layout.width) == (len(raw), len(raw[0]))]
    first = {
        letter: lines[0].cells[0, CLASSES.index(letter)] for layout in found for letter in layout.first_letters
    }
    likeliest = max(first, key=lambda letter: first[letter])
    for layout in found:
        if likeliest in layout.first_letters:
            yield layout
    if raw[0].startswith("IDFRA") and len(raw[0]) == FRENCH_CARD.width:
        yield FRENCH_CARD


def _doubts(lines: Sequence[Seen], layout: Layout, decoded: Decoded) -> Iterator[MrzRemark]:
    names = _names(layout)
    for line, column in decoded.changed:
        yield MrzRemark("repaired", names[line, column], line, column)
    doubtful = set(decoded.rivals) if decoded.margin < MARGIN[layout.format] else set()
    for line, alphabets in enumerate(layout.alphabets()):
        for column, allowed in enumerate(alphabets):
            alphabet = allowed if (line, column) != (0, 0) else FIRST_LETTERS
            if _doubtful(lines[line], column, alphabet, decoded.covers((line, column))):
                doubtful.add((line, column))
        if lines[line].score < GRID:
            doubtful.add((line, int(lines[line].printed.argmin())))
        if not lines[line].alone:
            doubtful |= {(line, 0), (line, layout.width - 1)}
    for line, column in sorted(doubtful - set(decoded.changed)):
        yield MrzRemark("cell_doubtful", names[line, column], line, column)


def _doubtful(line: Seen, column: int, alphabet: str, covered: bool) -> bool:
    best = CLASSES[int(line.cells[column].argmax())]
    if line.posteriors[column] >= SURE and best in alphabet:
        return False
    within = np.exp([line.cells[column, CLASSES.index(character)] for character in alphabet])
    clear = covered or within.max() >= SURE * within.sum()
    return bool(line.printed[column] < PRINTED or within.sum() < POSSIBLE or not clear)


def _names(layout: Layout) -> Mapping[Place, str]:
    """Return the field that each place belongs to; a check digit to the field that it proves."""
    spans = [(found.name, found.span) for found in layout.fields]
    spans += [(check.name, check.at) for check in layout.checks]
    return {(span.line, column): name for name, span in spans for column in range(span.start, span.stop)}
