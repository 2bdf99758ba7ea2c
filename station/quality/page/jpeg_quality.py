"""How strongly the stored file was compressed, by its own quantisation tables."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_LUMINANCE = np.array(
    [
        (16, 11, 10, 16, 24, 40, 51, 61),
        (12, 12, 14, 19, 26, 58, 60, 55),
        (14, 13, 16, 24, 40, 57, 69, 56),
        (14, 17, 22, 29, 51, 87, 80, 62),
        (18, 22, 37, 56, 68, 109, 103, 77),
        (24, 35, 55, 64, 81, 104, 113, 92),
        (49, 64, 78, 87, 103, 121, 120, 101),
        (72, 92, 95, 98, 112, 100, 103, 99),
    ]
)
"""ITU-T T.81, table K.1."""


def _sum_of(quality: int) -> int:
    """Return the sum of the luminance table that libjpeg (IJG) writes at this quality, 1 to 100."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return int(np.clip((_LUMINANCE * scale + 50) // 100, 1, 255).sum())


_SUMS: NDArray[np.intp] = np.array([_sum_of(quality) for quality in range(1, 101)])

_JPEG = b"\xff\xd8\xff"
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_DQT, _START_OF_SCAN = 0xDB, 0xDA
_COEFFICIENTS = 64


class JpegQuality:
    """Quality on libjpeg's scale (IJG) that gives luminance steps as large as the file's.

    By the sum of the first luminance table, so that tables of other makers have their place on the scale too.
    raw: 1 to 100; 100 where the file keeps every pixel (PNG, TIFF), or where there is no file yet. NOT_ASSESSED
    (`no_tables`) for a JPEG whose tables cannot be found.
    """

    name = "jpeg_quality"
    unit = ""

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the quality."""
        if sample.encoded is None or not sample.encoded.startswith(_JPEG):
            return Measured(100.0)
        quality = quality_of(sample.encoded)
        return Unmeasured("no_tables") if quality is None else Measured(float(quality))


def quality_of(data: bytes) -> int | None:
    """Return the quality on libjpeg's scale of a JPEG file, 1 to 100; None where its tables cannot be found."""
    table = next(_tables(data), None)
    return None if table is None else 1 + int(np.argmin(np.abs(_SUMS - sum(table))))


def _tables(data: bytes) -> Iterator[list[int]]:
    """Yield the quantisation tables before the first scan, in the file's order (ITU-T T.81, B.2.4.1)."""
    at = 2
    while mark := _MARKER.match(data, at):
        kind = mark.group(1)[0]
        body = data[mark.end() + 2 : mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2], "big")]
        if kind == _START_OF_SCAN:
            return
        if kind == _DQT:
            yield from _of_segment(body)
        at = mark.end() + 2 + len(body)


def _of_segment(body: bytes) -> Iterator[list[int]]:
    at = 0
    while at < len(body):
        size = 2 if body[at] >> 4 else 1
        values = body[at + 1 : at + 1 + _COEFFICIENTS * size]
        if len(values) < _COEFFICIENTS * size:
            return
        yield [int.from_bytes(values[n : n + size], "big") for n in range(0, len(values), size)]
        at += 1 + len(values)
