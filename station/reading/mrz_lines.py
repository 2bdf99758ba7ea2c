"""From what a keyboard wedge sends or an officer types to the lines of a zone."""

import re

from station.reading.mrz_layout import ALPHABET, FILLER, SIZES

_LONGEST = 512
"""Characters of the longest frame that a reader sends."""

_FILLERS = str.maketrans(dict.fromkeys("\u2039\u2329\u27e8\u3008_", FILLER))
_FRAMING = dict.fromkeys(range(32))
"""STX, ETX and the like; line ends are taken out before."""

_LINE_END = re.compile(r"[\r\n\t\v\f]+")
_BLANKS = re.compile(r"[ \u00a0]")


def split(text: str) -> tuple[str, ...] | None:
    """Return the lines of the zone that the text holds, None when it holds none.

    Takes lower case, blanks, angle quotes and low lines for fillers, lines ended by CR, LF, both or a tab,
    empty lines, and lines run together. A double angle quote is two fillers or one, a blank is nothing or a
    filler: whatever gives 2 x 44, 2 x 36 or 3 x 30 cells.
    """
    if len(text) > _LONGEST:
        return None
    chunks = [chunk.strip(" \u00a0").translate(_FRAMING) for chunk in _LINE_END.split(text)]
    for quote in (FILLER * 2, FILLER):
        for blank in ("", FILLER):
            lines = _shaped(
                [tidy(_BLANKS.sub(blank, chunk).replace("\u00ab", quote)) for chunk in chunks if chunk]
            )
            if lines and readable(lines):
                return lines
    return None


def tidy(line: str) -> str:
    """Write a line in capitals and fillers."""
    return "".join(c.upper() if c.isascii() else c for c in line).translate(_FILLERS)


def readable(lines: tuple[str, ...]) -> bool:
    """Tell whether the lines hold nothing but cells of a zone, a filler among them: no zone is without one."""
    text = "".join(lines)
    return FILLER in text and set(text) <= set(ALPHABET)


def _shaped(chunks: list[str]) -> tuple[str, ...] | None:
    if (len(chunks), len(chunks[0]) if chunks else 0) in SIZES and len({len(chunk) for chunk in chunks}) == 1:
        return tuple(chunks)
    text = "".join(chunks)
    for rows, width in SIZES:
        if len(text) == rows * width:
            return tuple(text[start : start + width] for start in range(0, len(text), width))
    return None
