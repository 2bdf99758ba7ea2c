"""The words in which SANE backends name what a scanner has, and what they are in ours.

SANE fixes the names of a few options but not the words for sources, modes and keys (standard 1.06, well-known
options): each backend has its own. The tables hold those found in the backends; the first pattern that fits
decides, and None is of no use to us.
"""

import re
from typing import TypeVar

from drivers.sane.options import OptionTable
from station.model.capability import ColourMode, Source

Word = TypeVar("Word", Source, ColourMode)
Meanings = tuple[tuple[re.Pattern[str], Word | None], ...]

BOTH_SIDES = re.compile(r"duplex|both sides|(two|double|2)[- ]sided?\b|front\W+(and\W+)?back", re.I)

SOURCES: Meanings[Source] = (
    (re.compile(r"film|slide|negative|transparen|tpu|tma", re.I), None),
    (BOTH_SIDES, Source.DUPLEX),
    (re.compile(r"\bback\b|rear", re.I), None),
    (re.compile(r"\badf\b|feeder|front|simplex", re.I), Source.FEEDER),
    (re.compile(r"flat ?bed|\bfb\b|document table|platen|normal", re.I), Source.FLATBED),
)
"""What the words of option `source` mean."""

MODES: Meanings[ColourMode] = (
    (re.compile(r"halftone|dither|diffusion|48|infrared|colou?r ?line", re.I), None),
    (re.compile(r"line ?art|binary|black|monochrome|\bbw\b|\b1[ -]?bit", re.I), ColourMode.BINARY),
    (re.compile(r"colou?r|rgb", re.I), ColourMode.COLOUR),
    (re.compile(r"gr[ae]y", re.I), ColourMode.GREY),
)
"""What the words of option `mode` mean."""

DUPLEX_SWITCHES = ("duplex", "scan-both-sides", "adf-mode", "ScanMode")
"""Options that turn both sides on where `source` does not: Panasonic and others, Lexmark, Epson, Canon."""

PILE_SWITCHES = ("feeder-mode", "batch-scan")
"""Options without which a feeder stops after one sheet: Panasonic, Lexmark."""

ALL_SHEETS = re.compile(r"continuous|\ball\b", re.I)

BUTTONS = re.compile(
    r"button.*|(scan|copy|e-?mail|file|fax|pdf|ocr|web|send|start|extra|print|photo)([ _-]button)?", re.I
)
"""Names of read-only options that are keys. Their neighbours (lids, lamps, paper) are none, nor are the keys
that stop, switch off or choose."""


def words_of(options: OptionTable, name: str, table: Meanings[Word]) -> dict[Word, str] | None:
    """Return the device's word for each of ours; None when the device has no such choice."""
    option = options.settable(name)
    if option is None or not isinstance(option.allowed, tuple):
        return None
    words: dict[Word, str] = {}
    for word in map(str, option.allowed):
        meaning = next((meaning for pattern, meaning in table if pattern.search(word)), None)
        if meaning is not None:
            words.setdefault(meaning, word)
    return words
