"""A stored picture as an image of a PDF file, its own bytes wherever PDF knows their coding.

JPEG streams are embedded byte for byte and of PNG the compressed rows as they are (ISO 32000-1:2008, 7.4.4 and
7.4.8). What PDF/A or its readers would show otherwise than the station does (other codings, transparency, CMYK,
colours that the file's marks contradict) is decoded as the station decodes it and coded anew without loss.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from station.errors import PictureError
from station.imaging import codec
from station.model.image import Pixels

_WHITE = 255
_PNG_BEGIN = 8
_PNG_COLOURS = {0: 1, 2: 3, 3: 1}  # ISO/IEC 15948, 11.2.2: grey, RGB, palette, and their samples a pixel
_PNG_DEPTHS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Embedded:
    """An image XObject: `entries` of its dictionary but the length, and its data in `parts`.

    `size` is (width, height) of the coded picture, `orientation` how it lies in the upright one (EXIF 2.32).
    """

    entries: bytes
    parts: tuple[bytes, ...] = field(repr=False)
    size: tuple[int, int]
    orientation: int = 1


def embed(data: bytes, media_type: str, size: tuple[int, int]) -> Embedded:
    """Return the stored bytes as an image; `size` is the (width, height) that the record tells.

    Raises:
        PictureError: damaged, or not the picture that the record describes.
    """
    as_it_is = _KINDS.get(media_type)
    orientation = codec.orientation(data) if as_it_is else 1
    image = (as_it_is(data, orientation) if as_it_is else None) or _anew(data)
    across, down = image.size
    if size != ((down, across) if image.orientation in codec.QUARTER_TURNED else (across, down)):
        raise PictureError(reason="damaged", width=across, height=down)
    return image


# -- JPEG (ITU-T T.81) ----------------------------------------------------------------------------------------

_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended and progressive, Huffman: what DCTDecode must know
_OTHER_FRAMES = {*range(0xC3, 0xD0)} - {0xC4, 0xC8, 0xCC}  # C4 and CC are tables, C8 is kept for extensions
_APP0, _APP14, _SCAN = 0xE0, 0xEE, 0xDA
_RGB_LETTERS = b"RGB"


def _jpeg(data: bytes, orientation: int) -> Embedded | None:
    """Return a JPEG stream as it is; None when PDF readers might show it otherwise than the station."""
    frame, jfif, adobe = b"", False, None
    for code, body in _segments(data):
        if code in _OTHER_FRAMES or (code in _FRAMES and frame):
            return None
        if code in _FRAMES:
            frame = body
        jfif = jfif or (code == _APP0 and body.startswith(b"JFIF\0"))
        if code == _APP14 and body.startswith(b"Adobe") and len(body) > 11:
            adobe = body[11]
    if len(frame) < 6:
        return None
    depth, height, width, samples = struct.unpack_from(">BHHB", frame)
    colours = _jpeg_colours(samples, bytes(frame[6 : 6 + 3 * samples : 3]), jfif, adobe)
    if colours is None or depth != 8 or not width or not height:
        return None
    return Embedded(
        _entries((width, height), 8) + b" /Filter /DCTDecode " + colours, (data,), (width, height), orientation
    )


def _jpeg_colours(samples: int, names: bytes, jfif: bool, adobe: int | None) -> bytes | None:
    """Return the entries for the colours when libjpeg and DCTDecode (7.4.8, table 13) understand them alike."""
    if samples == 1:
        return b"/ColorSpace /DeviceGray"
    if samples != 3 or adobe not in (None, 0, 1) or (jfif and adobe == 0):
        return None
    if adobe is None and not jfif and names == _RGB_LETTERS:
        return b"/ColorSpace /DeviceRGB /DecodeParms << /ColorTransform 0 >>"
    return b"/ColorSpace /DeviceRGB"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield code and content of each marker segment before the first scan; stops where there is none."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        code = data[at + 1]
        if code == 0xFF:  # fill (B.1.1.2)
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if code == _SCAN or end < at + 4 or end > len(data):
            return
        yield code, data[at + 4 : end]
        at = end


# -- PNG (ISO/IEC 15948) --------------------------------------------------------------------------------------


def _png(data: bytes, orientation: int) -> Embedded | None:
    """Return the compressed rows of a PNG as they are; None when they are interlaced or partly transparent."""
    header, palette, rows, clear = b"", b"", list[bytes](), False
    for name, body in _chunks(data):
        if name == b"IHDR":
            header = body
        elif name == b"PLTE":
            palette = body
        elif name == b"IDAT":
            rows.append(body)
        clear = clear or name == b"tRNS"
    if len(header) < 13:
        return None
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", header)
    samples = _PNG_COLOURS.get(colour)
    if samples is None or clear or interlaced or depth not in _PNG_DEPTHS or (colour == 3) > bool(palette):
        return None
    space = b"/DeviceRGB" if samples == 3 else b"/DeviceGray"
    if colour == 3:
        space = b"[/Indexed /DeviceRGB %d <%s>]" % (len(palette) // 3 - 1, palette.hex().encode())
    coded = _flate(width, depth, samples)
    entries = b"%s /ColorSpace %s %s" % (_entries((width, height), depth), space, coded)
    return Embedded(entries, tuple(rows), (width, height), orientation)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _PNG_BEGIN
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += 12 + length


def _flate(width: int, depth: int, samples: int) -> bytes:
    """Say that every row begins with its PNG filter (7.4.4.4)."""
    rows = b"/Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d" % (samples, depth, width)
    return b"/Filter /FlateDecode /DecodeParms << %s >>" % rows


# -- everything else ------------------------------------------------------------------------------------------


def _anew(data: bytes) -> Embedded:
    """Decode a picture and code what the station shows of it without loss, black and white in one bit.

    Raises:
        PictureError: it is damaged.
    """
    pixels = codec.decode(data).pixels
    if pixels.ndim == 2 and bool(((pixels == 0) | (pixels == _WHITE)).all()):
        return _binary(pixels)
    image = _png(codec.encode_png(pixels), 1)
    if image is None:
        raise PictureError(reason="damaged")
    return image


def _binary(pixels: Pixels) -> Embedded:
    height, width = pixels.shape
    entries = _entries((width, height), 1) + b" /ColorSpace /DeviceGray /Filter /FlateDecode"
    return Embedded(entries, (zlib.compress(np.packbits(pixels > 0, axis=1).tobytes()),), (width, height))


def _entries(size: tuple[int, int], depth: int) -> bytes:
    return b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d" % (*size, depth)


_KINDS: Mapping[str, Callable[[bytes, int], Embedded | None]] = {"image/jpeg": _jpeg, "image/png": _png}
