"""Pictures as they come off a stream, coded or not, to RGB; a damaged one is told apart, not shown."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.codec import PIXELS_MAX, SCANS_MAX
from station.imaging.cv import cv
from station.model.image import Pixels

_BEGIN = b"\xff\xd8"
_PADDING = b"\0\r\n"

# ITU-T T.81, table B.1 and B.1.1.5: within coded data FF is followed by 00 (stuffing), by a restart mark or by
# more FF (fill).
_FF, _STUFFING = 0xFF, 0x00
_RESTARTS = range(0xD0, 0xD8)
_END, _SCAN, _INTERVAL = 0xD9, 0xDA, 0xDD
_BETWEEN_SCANS = frozenset({0xC4, _SCAN, 0xDB, _INTERVAL})
"""Tables and the next scan (B.2.1); all else after a scan is coded data that was changed."""
_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2})
_SIZE = struct.Struct(">xxxHH")
"""What follows the mark of a frame header: its length, the bits of a sample, rows, columns (T.81, B.2.2)."""


def decoded(coded: Any) -> Pixels | None:
    """Decode one JPEG of a stream to RGB; None when it is damaged.

    JPEG has no checksum. What is seen: a beginning or an end that is missing, a mark where none may stand,
    restart marks out of order, an impossible size, and what the decoder refuses. What leaves all of that in
    order goes unseen: single changed bytes mostly, and bytes that were lost without a trace.
    """
    data = coded.reshape(-1)
    if not is_whole(data):
        return None
    try:
        pixels: Pixels | None = cv().imdecode(data, cv().IMREAD_COLOR_RGB)
    except cv().error:
        return None
    return pixels


def rgb(picture: Any) -> Pixels:
    """Return a decoded picture of OpenCV (grey, BGR or BGR with a mask) as RGB."""
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    codes = {1: cv().COLOR_GRAY2RGB, 3: cv().COLOR_BGR2RGB, 4: cv().COLOR_BGRA2RGB}
    pixels: Pixels = cv().cvtColor(picture, codes[channels])
    return pixels


def is_whole(data: NDArray[np.uint8]) -> bool:
    """Tell whether the marks of a JPEG stand as they must, from its beginning to its end."""
    at, scans, restarts, restarting = len(_BEGIN), 0, 0, False
    if data[:at].tobytes() != _BEGIN:
        return False
    marked = (data[:-1] == _FF) & (data[1:] != _STUFFING) & (data[1:] != _FF)
    for mark in np.flatnonzero(marked).tolist():
        if mark < at:  # within the header of a segment
            continue
        code, at = int(data[mark + 1]), mark + 2
        if code == _END:
            return scans > 0 and not data[at:].tobytes().strip(_PADDING)
        if code in _RESTARTS:
            if not (scans and restarting and code == _RESTARTS[restarts % len(_RESTARTS)]):
                return False
            restarts += 1
            continue
        if (scans and code not in _BETWEEN_SCANS) or len(data) < at + _SIZE.size:
            return False
        if code in _FRAME_HEADERS and not _is_possible(*_SIZE.unpack(data[at : at + _SIZE.size].tobytes())):
            return False
        scans, restarting = scans + (code == _SCAN), restarting or code == _INTERVAL
        if scans > SCANS_MAX:
            return False
        restarts = 0
        at += int(data[at]) << 8 | int(data[at + 1])  # a scan's coded data follow its header
    return False


def _is_possible(rows: int, columns: int) -> bool:
    return 0 < rows * columns <= PIXELS_MAX
