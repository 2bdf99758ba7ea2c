"""The two bar-code readers behind one face: zxing-cpp for all symbologies, zbar as second for bars."""

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from station.model.document import Symbology
from station.model.image import Pixels

log = logging.getLogger(__name__)

Points = NDArray[np.float64]
"""(n, 2), each row x and y in pixels."""

# Exact variants: the families would also give Micro QR (no error correction worth the name) and
# Code 39 Extended (which rewrites pairs of characters; the payload is to stay as printed).
_ZXING = {
    Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
    Symbology.CODE39: zxingcpp.BarcodeFormat.Code39Std,
    Symbology.ITF: zxingcpp.BarcodeFormat.ITF,
    Symbology.EAN13: zxingcpp.BarcodeFormat.EAN13,
    Symbology.QR: zxingcpp.BarcodeFormat.QRCodeModel2,
    Symbology.PDF417: zxingcpp.BarcodeFormat.PDF417,
    Symbology.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbology.AZTEC: zxingcpp.BarcodeFormat.AztecCode,
}
_FROM_ZXING = {
    "Code 128": Symbology.CODE128,
    "Code 39": Symbology.CODE39,
    "Code 39 Standard": Symbology.CODE39,
    "ITF": Symbology.ITF,
    "ITF-14": Symbology.ITF,
    "EAN-13": Symbology.EAN13,
    "QR Code": Symbology.QR,
    "QR Code Model 2": Symbology.QR,
    "PDF417": Symbology.PDF417,
    "Compact PDF417": Symbology.PDF417,
    "Data Matrix": Symbology.DATAMATRIX,
    "Aztec": Symbology.AZTEC,
    "Aztec Code": Symbology.AZTEC,
}
# Named one by one: with all on, zbar's DataBar decoder prints assertions to stderr; its PDF417 reads nothing.
# Its QR code is left out: it guesses the character set and rewrites the bytes, and zxing reads more.
_ZBAR = {
    Symbology.CODE128: "CODE128",
    Symbology.CODE39: "CODE39",
    Symbology.ITF: "I25",
    Symbology.EAN13: "EAN13",
}
_FROM_ZBAR = {name: symbology for symbology, name in _ZBAR.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one reader saw on one picture. `reader` names it; `corners` lie on that picture.

    `proven` holds when the symbology's own error correction leaves no reasonable doubt.
    """

    reader: str
    symbology: Symbology
    payload: bytes = field(repr=False)
    corners: Points = field(repr=False)
    proven: bool


def with_zxing(
    pixels: Pixels, wanted: Iterable[Symbology], *, inverted: bool = True, upright: bool = False
) -> list[Seen]:
    """Read grey pixels with zxing-cpp.

    `inverted` also looks for light codes on dark ground, at half again the time; `upright` only for bars that
    stand, in half the time.
    """
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(pixels),
        formats=zxingcpp.BarcodeFormats([_ZXING[symbology] for symbology in wanted]),
        try_invert=inverted,
        try_rotate=not upright,
        text_mode=zxingcpp.TextMode.Plain,
    )
    seen = []
    for code in found:
        symbology = _FROM_ZXING.get(str(code.format))
        if symbology is None or not code.bytes:
            continue
        at = code.position
        corners = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        seen.append(
            Seen("zxing", symbology, code.bytes, np.array(corners, np.float64), _is_proven(symbology, code))
        )
    return seen


def with_zbar(pixels: Pixels, wanted: Iterable[Symbology]) -> list[Seen]:
    """Read grey pixels with zbar: nothing where it is not installed, or can read none of what is wanted."""
    zbar = _zbar()
    names = [_ZBAR[symbology] for symbology in wanted if symbology in _ZBAR]
    if zbar is None or not names:
        return []
    decode, symbols = zbar
    seen = []
    for code in decode(np.ascontiguousarray(pixels), symbols=[symbols[name] for name in names]):
        symbology = _FROM_ZBAR.get(code.type)
        if symbology is None or not code.data:
            continue
        corners = np.array(code.polygon, np.float64).reshape(-1, 2)
        if len(corners) >= 2:
            seen.append(Seen("zbar", symbology, code.data, corners, proven=False))
    return seen


def _is_proven(symbology: Symbology, code: Any) -> bool:
    """Reed-Solomon proves a matrix code. PDF417 below level 2 (6 code words) corrects by chance too often."""
    if symbology is Symbology.PDF417:
        return _percent(code.ec_level) >= 10
    return symbology in (Symbology.QR, Symbology.DATAMATRIX, Symbology.AZTEC)


def _percent(text: str) -> int:
    digits = text.rstrip("%")
    return int(digits) if digits.isdigit() else 0


@functools.cache
def _zbar() -> tuple[Callable[..., Any], Any] | None:
    """Load zbar at its first use: finding the library runs other programs, too slow for the start."""
    try:
        from pyzbar.pyzbar import ZBarSymbol, decode
    except (ImportError, OSError) as error:
        log.warning("zbar is missing, bar codes have one reader only: %s", type(error).__name__)
        return None
    return decode, ZBarSymbol
