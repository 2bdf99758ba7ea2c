"""What our own printed sheets carry in their bar codes, and which scanned page is a separator sheet.

A sheet's text is `VSS1*item*number*check`, that of a line of a printed checklist `VSL1*item*number*check`: the
item of the checklist ("" for the next one, or for the list as a whole), the application number ("" when it
serves everybody), both with percent signs for what is no plain character (RFC 3986, 2.1), and four hexadecimal
digits of CRC-16 (ITU-T V.41, start FFFF) over all that stands before them. Code 128 and Data Matrix carry it as
it is. It needs no proof of the centre's patterns: a Data Matrix proves itself, and a Code 128 is looked at
twice.
"""

import binascii
import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from station.model.document import Barcode, Certainty, Separator, SeparatorKind
from station.model.image import Pixels
from station.reading import patch
from station.reading.patch import Patch

SEPARATING = frozenset({Patch.T, Patch.TWO})
"""The patch codes after which the next item of the checklist begins; any other is not ours to heed."""

_SHEET, _LINE = "VSS1", "VSL1"
_OURS = re.compile(r"VS[SL]\d\*")
_TEXT = re.compile(r"(VS[SL]1)\*([\w.~%-]*)\*([\w.~%-]*)\*([0-9A-F]{4})", re.ASCII)


def payload(item: str, application_number: str = "") -> str:
    """Return the text for the bar code of a separator sheet; without an item the list's next one is meant."""
    return _written(_SHEET, item, application_number)


def line_payload(item: str, application_number: str = "") -> str:
    """Return the text for the bar code of a line of a printed checklist; without an item that of its head."""
    return _written(_LINE, item, application_number)


def parse(text: str) -> Separator | None:
    """Say what a text of ours names, on a separator sheet or a printed checklist; None when it is not whole."""
    read = _TEXT.fullmatch(text)
    if read is None:
        return None
    form, item, number = read[1], unquote(read[2]), unquote(read[3])
    if text != _written(form, item, number):
        return None
    return Separator(SeparatorKind.ITEM if item else SeparatorKind.NEXT, item, number)


def find(pixels: Pixels, dpi: tuple[float, float], codes: Sequence[Barcode]) -> Separator | None:
    """Say what a scanned page separates, or None when it is a page like any other.

    `codes` are the page's bar codes as read; `dpi` is (x, y). One text of ours, ACCEPTED, says it. A page with
    two different ones, or with a line of a printed checklist, is no separator. Nor is one with a text of ours
    that is damaged or in doubt: it names an item, and a patch code beside it would name another. Without any
    text of ours a patch code of `SEPARATING` says "next".
    """
    ours = {code.text for code in codes if _OURS.match(code.text)}
    if not ours:
        seen = patch.find(pixels, dpi)
        return Separator(SeparatorKind.NEXT) if seen & SEPARATING else None
    whole = {text: told for text in ours if (told := parse(text)) is not None}
    sure = {code.text for code in codes if code.certainty is Certainty.ACCEPTED}
    if len(whole) != 1:
        return None
    ((text, told),) = whole.items()
    return told if text.startswith(_SHEET) and text in sure else None


def application_numbers(codes: Sequence[Barcode]) -> frozenset[str]:
    """Return whose sheets of ours a page shows: the application numbers in ACCEPTED texts of ours."""
    read = (parse(code.text) for code in codes if code.certainty is Certainty.ACCEPTED)
    return frozenset(told.application_number for told in read if told is not None and told.application_number)


def _written(form: str, item: str, application_number: str) -> str:
    text = f"{form}*{quote(item, safe='')}*{quote(application_number, safe='')}*"
    return f"{text}{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"
