"""Bar codes to be printed: their bars and modules as plain values, no picture of a size."""

from typing import Any

import numpy as np

from station.model.image import Pixels


def bars(text: str) -> tuple[int, ...]:
    """Return a text as Code 128 (ISO/IEC 15417).

    The widths in modules of bar, space, bar, ... to the last bar; the quiet zones, 10 modules on each side, are
    the printer's to leave.
    """
    row = _modules(text, "Code128")[0] == 0
    edges = np.flatnonzero(np.diff(row)) + 1
    return tuple(int(width) for width in np.diff(edges, prepend=0, append=len(row)))


def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return a text as a square Data Matrix with ECC 200 (ISO/IEC 16022).

    Rows of modules, True for ink; the quiet zone, 1 module all around, is the printer's to leave.
    """
    drawn = _modules(text, "DataMatrix", force_square=True)
    return tuple(tuple(bool(ink) for ink in row == 0) for row in drawn)


def _modules(text: str, symbology: str, **how: Any) -> Pixels:
    import zxingcpp  # late: the window, which prints seldom, starts without the reader

    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology), **how)
    drawn: Pixels = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
    return drawn
