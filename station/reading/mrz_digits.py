"""Check digits (ICAO 9303-3, 4.9) and the document number that they prove."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from string import ascii_uppercase, digits

from station.reading.mrz_layout import FILLER, Layout

_WEIGHTS = (7, 3, 1)
_VALUES = {character: value for value, character in enumerate(digits + ascii_uppercase)} | {FILLER: 0}


def check_digit(text: str) -> str:
    """Return the check digit of these cells: weights 7 3 1 repeating, A = 10 to Z = 35, filler = 0, mod 10."""
    return str(sum(_VALUES[c] * weight for c, weight in zip(text, cycle(_WEIGHTS), strict=False)) % 10)


def holds(text: str, digit: str) -> bool:
    """Tell whether the digit proves the cells; an unused field may have a filler for it (9303-4, 4.2.2.2)."""
    return digit == check_digit(text) or (digit == FILLER and not text.strip(FILLER))


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number with the optional data that it takes up.

    `text` is without fillers; `overflow` is how many cells of the first optional field belong to it (its check
    digit and the filler after it included); `checked` is None when the zone has no check digit for it.
    """

    text: str = field(repr=False)
    overflow: int
    checked: bool | None


def document_number(lines: Sequence[str], layout: Layout) -> DocumentNumber:
    """Read the number with its check digit, also one that runs on into the optional data.

    A long number has a filler in place of the check digit; the rest stands at the head of the optional data,
    then its check digit, then a filler (9303-5, 4.2.2.2 note j; 9303-6 likewise). A filler there may also mean
    a number that has no check digit at all, which cards in the field show.
    """
    head = layout.named("document_number")[0].span.cut(lines)
    check = layout.check("document_number")
    digit = check.at.cut(lines) if check else FILLER
    text = head.replace(FILLER, "")
    if digit != FILLER:
        return DocumentNumber(text, 0, holds(head, digit))
    if layout.overflows and FILLER not in head:
        rest, end, _ = layout.named("optional_data")[0].span.cut(lines).partition(FILLER)
        if end and len(rest) > 1:
            return DocumentNumber(head + rest[:-1], len(rest) + 1, holds(head + rest[:-1], rest[-1]))
    return DocumentNumber(text, 0, None)


def failing(lines: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """Return the names of the check digits that do not hold."""
    return tuple(
        check.name
        for check in layout.checks
        if (
            document_number(lines, layout).checked is False
            if check.name == "document_number"
            else not holds("".join(span.cut(lines) for span in check.over), check.at.cut(lines))
        )
    )
