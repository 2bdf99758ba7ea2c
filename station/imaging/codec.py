"""Bytes to pixels and back: PNG written fast, foreign pictures read with suspicion, copies in other sizes."""

import io
import re
import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
from isal import isal_zlib
from PIL import ExifTags, Image, ImageOps

from station.errors import PictureError
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels

PIXELS_MAX = 200_000_000
"""Pictures above this are refused by their header; A4 at 1200 dpi has 139 million pixels."""

SCANS_MAX = 100
"""Of one JPEG. Ten are usual; each goes over all blocks again, and thousands fit into a small file."""

THUMBNAIL_PX = 512

_INCH_M = MM_PER_INCH / 1000
_PNG = b"\x89PNG\r\n\x1a\n"
_UP_FILTER = 2
_FASTEST_THAT_SHRINKS = 1
_BAND = 256

# Pillow would print a warning above its own limit; `decode` refuses by ours before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

_FORMATS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(_PNG), "PNG", "image/png"),
    (re.compile(b"\xff\xd8\xff"), "JPEG", "image/jpeg"),
    (re.compile(rb"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+"), "TIFF", "image/tiff"),
    (re.compile(rb"P[1-6][\s#]"), "PPM", "image/x-portable-anymap"),
)
QUARTER_TURNED = (5, 6, 7, 8)  # EXIF 2.32, tag Orientation: width and height change places

# Everything that Pillow was seen to raise on damaged files. UserWarning: where warnings are errors.
_REFUSALS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    UserWarning,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture from foreign bytes, upright by its EXIF orientation; `dpi` is (x, y), None when not told."""

    pixels: Pixels = field(repr=False)
    media_type: str
    dpi: tuple[float, float] | None = None


def encode_png(pixels: Pixels, dpi: tuple[float, float] | None = None) -> bytes:
    """Return the pixels as PNG (ISO/IEC 15948), the same bytes for the same pixels on one machine.

    Every row is coded as its difference to the row above, the best single filter for scanned paper.
    `dpi` is written as pHYs, whole dots per metre.
    """
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, -1)
    coded = np.empty((height, rows.shape[1] + 1), np.uint8)
    coded[:, 0] = _UP_FILTER
    coded[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=coded[1:, 1:])
    colour_type = 0 if pixels.ndim == 2 else 2
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0))]
    if dpi is not None:
        chunks.append(_chunk(b"pHYs", struct.pack(">IIB", *(round(axis / _INCH_M) for axis in dpi), 1)))
    chunks += [_chunk(b"IDAT", isal_zlib.compress(coded, _FASTEST_THAT_SHRINKS)), _chunk(b"IEND", b"")]
    return b"".join((_PNG, *chunks))


def decode(data: bytes) -> Decoded:
    """Read PNG, JPEG, TIFF (one page) or PNM, whole or not at all.

    Raises:
        PictureError: `reason` is empty, unknown, damaged, truncated or too_large.
    """
    if not data:
        raise PictureError(reason="empty")
    known = next((names for magic, *names in _FORMATS if magic.match(data)), None)
    if known is None:
        raise PictureError(reason="unknown", size=len(data))
    kind, media_type = known
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            if image.width * image.height > PIXELS_MAX:
                raise PictureError(reason="too_large", width=image.width, height=image.height)
            if _goes_on(image):
                raise PictureError(reason="unknown", pages="several")
            _prove_whole(kind, data)
            dpi = _dpi(image)
            if image.getexif().get(ExifTags.Base.Orientation) in QUARTER_TURNED and dpi:
                dpi = (dpi[1], dpi[0])
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return Decoded(_pixels(image), media_type, dpi)
    except MemoryError:
        raise PictureError(reason="too_large", size=len(data)) from None
    except _REFUSALS as error:
        _prove_whole(kind, data)
        short = isinstance(error, EOFError) or "truncated" in str(error).lower()
        raise PictureError(reason="truncated" if short else "damaged", size=len(data)) from error


def orientation(data: bytes) -> int:
    """Return how the coded rows lie in the upright picture (EXIF 2.32, Orientation, 1 to 8; 1 when not told).

    The file is proved whole by its header and marks; no pixel is decoded.

    Raises:
        PictureError: `reason` is unknown, damaged or truncated.
    """
    kind = next((names[0] for magic, *names in _FORMATS if magic.match(data)), None)
    if kind is None:
        raise PictureError(reason="unknown", size=len(data))
    _prove_whole(kind, data)
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            told = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _REFUSALS as error:
        raise PictureError(reason="damaged", size=len(data)) from error
    return told if told in range(1, 9) else 1


def grey(pixels: Pixels) -> Pixels:
    """Return the luminance (ITU-R BT.601 weights); grey pixels are returned as they are."""
    if pixels.ndim == 2:
        return pixels
    result: Pixels = cv().cvtColor(pixels, cv().COLOR_RGB2GRAY)
    return result


def fit(pixels: Pixels, width: int, height: int, fast: bool = False) -> Pixels:
    """Return the largest copy of the same shape that fits into `width` x `height`, enlarged if need be.

    Shrinking averages all pixels; `fast` takes the nearest four, which is enough for a live view.
    """
    own_height, own_width = pixels.shape[:2]
    scale = min(width / own_width, height / own_height)
    size = (max(1, round(own_width * scale)), max(1, round(own_height * scale)))
    method = cv().INTER_LINEAR if fast or scale > 1 else cv().INTER_AREA
    result: Pixels = cv().resize(pixels, size, interpolation=method)
    return result


def thumbnail(pixels: Pixels, longest: int = THUMBNAIL_PX) -> Pixels:
    """Return a copy whose longer side is at most `longest` pixels; never enlarged."""
    return pixels.copy() if max(pixels.shape[:2]) <= longest else fit(pixels, longest, longest)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = isal_zlib.crc32(body, isal_zlib.crc32(name))
    return b"".join((struct.pack(">I", len(body)), name, body, struct.pack(">I", checksum)))


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    """Dots per inch as the file tells them; PNG rounds to whole dots per metre, 150 dpi come as 150.012."""
    told = image.info.get("dpi")
    if not isinstance(told, tuple) or len(told) != 2:
        return None
    across, down = float(told[0]), float(told[1])
    return (_whole(across), _whole(down)) if 0 < across < 1e6 and 0 < down < 1e6 else None


def _whole(dpi: float) -> float:
    return float(round(dpi)) if abs(dpi - round(dpi)) <= _INCH_M / 2 + 1e-6 else round(dpi, 2)


def _goes_on(image: Image.Image) -> bool:
    """Tell whether there is a second page; to count them all would take as long as a file likes."""
    try:
        image.seek(1)
    except EOFError:
        return False
    return True


def _pixels(image: Image.Image) -> Pixels:
    """Grey or RGB of any of Pillow's modes; what is transparent becomes white as paper."""
    mode = image.mode
    if mode.startswith(("I", "F")):
        deep = np.asarray(image)
        shallow = np.empty(deep.shape, np.uint8)
        for at in range(0, len(deep), _BAND):  # in bands: as a whole it would be in memory eight times over
            band = deep[at : at + _BAND].astype(np.float64)
            shallow[at : at + _BAND] = np.clip(np.rint(band / 257), 0, 255)  # 65535 = 255 * 257
        return shallow
    if "A" in mode or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return np.array(paper.convert("L" if mode == "LA" else "RGB"))
    wanted = "L" if mode in ("1", "L") else "RGB"
    return np.array(image if mode == wanted else image.convert(wanted))


def _prove_whole(kind: str, data: bytes) -> None:
    """Walk the file to its end mark. Decoders draw what is missing in grey and do not say so.

    Raises:
        PictureError: truncated, or damaged by a checksum.
    """
    if kind == "PNG":
        _prove_png(data)
    elif kind == "JPEG":
        _prove_jpeg(data)


def _prove_png(data: bytes) -> None:
    at, view = len(_PNG), memoryview(data)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        if isal_zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise PictureError(reason="damaged", size=len(data))
        if name == b"IEND":
            return
        at = end
    raise PictureError(reason="truncated", size=len(data))


# ITU-T T.81, B.1.1: in coded data FF is followed by 00 (stuffing) or by a restart mark; FF FF is fill.
_JPEG_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_END, _JPEG_SCAN = 0xD9, 0xDA


def _prove_jpeg(data: bytes) -> None:
    at, scans = 2, 0
    while mark := _JPEG_MARK.search(data, at):
        code = data[mark.end() - 1]
        if code == _JPEG_END:
            return
        scans += code == _JPEG_SCAN
        if scans > SCANS_MAX:
            raise PictureError(reason="damaged", size=len(data))
        # A scan's coded data follow its header; the search runs over them to the next mark.
        at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2], "big")
    raise PictureError(reason="truncated", size=len(data))
