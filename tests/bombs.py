"""Pictures that are small files and ask for much: memory, time, or a decoder that believes what they say."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from station.imaging import codec

SIDE = int(codec.PIXELS_MAX**0.5)
"""The largest square picture that is taken: 14,142 pixels."""


def chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, rows: bytes, *others: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG of these dimensions; `rows` are compressed already."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), *others, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


def zeros(size: int) -> bytes:
    """Return so many zeros, compressed without ever having been there."""
    packer, done, block = zlib.compressobj(9), b"", bytes(1 << 20)
    for _ in range(size // len(block)):
        done += packer.compress(block)
    return done + packer.compress(bytes(size % len(block))) + packer.flush()


def small(kind: str, mode: str = "RGB", **how: object) -> bytes:
    """Return a small picture without tricks."""
    out = io.BytesIO()
    Image.fromarray(np.arange(48 * 64 * 3, dtype=np.uint32).astype(np.uint8).reshape(48, 64, 3)).convert(
        mode
    ).save(out, kind, **how)
    return out.getvalue()


def large_png(depth: int, colour: int, samples: int, side: int = SIDE) -> bytes:
    """Return a black PNG of the largest size that is taken."""
    row = (side * samples * depth + 7) // 8 + 1
    return png(side, side, zeros(row * side), depth=depth, colour=colour)


def progressive(scans: int, side: int = 2000) -> bytes:
    """Return a JPEG that goes over all its blocks in each of so many scans, a few bytes each."""
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    # Spectral selection 1 to 1, high 0, low 0; end-of-band runs say that nothing follows in 32,767 blocks.
    at = data.rindex(b"\xff\xda")
    last, end = data[at:-2], data[-2:]
    return data[:at] + last * scans + end


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose frame header says another size."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def tiff(entries: dict[int, tuple[int, int, int]], *rest: bytes, next_at: int = 0) -> bytes:
    """Return a little-endian TIFF of one directory: {tag: (type, count, value)}, and what follows it."""
    body = b"".join(struct.pack("<HHII", tag, *entry) for tag, entry in sorted(entries.items()))
    return (
        struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + body + struct.pack("<I", next_at) + b"".join(rest)
    )


def grey_tiff(width: int, height: int, compression: int, data: bytes, next_at: int = 0, **more: int) -> bytes:
    """Return a TIFF of one strip of eight-bit grey."""
    entries = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, compression), 262: (3, 1, 1),
        273: (4, 1, 8 + 2 + 9 * 12 + 4), 277: (3, 1, 1), 278: (4, 1, more.get("strip", height)),
        279: (4, 1, len(data)),
    }  # fmt: skip
    return tiff(entries, data, next_at=next_at)


def exif(directory: bytes) -> bytes:
    """Return a JPEG with this EXIF."""
    return small("JPEG", exif=b"Exif\0\0" + directory)


def apng() -> bytes:
    """Return a PNG that moves."""
    frames = [Image.new("L", (8, 8), shade) for shade in (0, 99, 200)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def many_directories(count: int) -> bytes:
    """Return a TIFF of so many pages of one pixel."""
    first = grey_tiff(1, 1, 1, b"\0\0")
    size = len(first) - 8
    return first[:8] + b"".join(
        first[8:-6] + struct.pack("<I", 8 + (n + 1) * size if n + 1 < count else 0) + first[-2:]
        for n in range(count)
    )


_LOOP = tiff({0x8769: (4, 1, 8), 0x8825: (4, 1, 8), 0x014A: (4, 1, 8)}, next_at=8)
_COUNTS = tiff(
    {0x010F: (2, 2**32 - 1, 8), 0x0112: (3, 2**31, 6), 0x927C: (7, 2**31, 26), 0x011A: (5, 2**30, 8)}
)

BOMBS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    # As large as is taken: a picture, or too large where there is no room for it.
    "grey, 200 megapixels": (lambda: large_png(8, 0, 1), ("", "too_large")),
    "one bit, 200 megapixels": (lambda: large_png(1, 0, 1), ("", "too_large")),
    "palette, 200 megapixels": (
        lambda: png(SIDE, SIDE, zeros((SIDE // 8 + 1 + 1) * SIDE), chunk(b"PLTE", bytes(6)), depth=1, colour=3),
        ("", "too_large"),
    ),
    "sixteen bits, 100 megapixels": (lambda: large_png(16, 0, 1, 10_000), ("", "too_large")),
    "transparent, 64 megapixels": (lambda: large_png(8, 4, 2, 8000), ("", "too_large")),
    # Beyond: by the header, before a pixel is made.
    "PNG of 2^31 by 2^31": (lambda: png(2**31 - 1, 2**31 - 1, zeros(1000)), ("too_large",)),
    "PNG of one long line": (lambda: png(2**31 - 1, 1, zeros(1000)), ("too_large",)),
    "PNG of no width": (lambda: png(0, 5, zeros(1000)), ("damaged", "empty")),
    "JPEG of 65,535 by 65,535": (lambda: with_size(small("JPEG"), 65535, 65535), ("too_large",)),
    "TIFF of 2^32 by 2^32": (lambda: grey_tiff(2**32 - 1, 2**32 - 1, 1, b"\0"), ("too_large", "damaged")),
    "PNM of a million digits": (lambda: b"P5\n" + b"9" * 1_000_000 + b"\n1\n255\n\0", ("damaged", "truncated")),
    "PNM of 10^9 by 10^9": (lambda: b"P5 1000000000 1000000000 255\n\0", ("too_large", "damaged")),
    # Less than is said.
    "PNG that ends early": (lambda: png(5000, 5000, zeros(1000)), ("damaged", "truncated")),
    "JPEG that is nearly all missing": (
        lambda: with_size(small("JPEG"), 4000, 4000), ("", "damaged", "truncated"),
    ),
    "TIFF whose strip is elsewhere": (lambda: grey_tiff(3000, 3000, 1, b"\0" * 9), ("damaged", "truncated")),
    "TIFF with a strip for each row": (
        lambda: grey_tiff(3000, 3000, 1, b"\0" * 9, strip=1), ("damaged", "truncated"),
    ),
    "PNM in words": (lambda: b"P3 3000 3000 255\n" + b"1 " * 1000, ("damaged", "truncated")),
    # More than is said.
    "PNG with a tail of 200 MB": (lambda: png(8, 8, zeros(200 << 20)), ("", "damaged", "truncated")),
    "TIFF with a tail of 200 MB": (lambda: grey_tiff(8, 8, 8, zeros(200 << 20)), ("", "damaged", "truncated")),
    "PNG with a colour profile of 200 MB": (
        lambda: png(8, 8, zeros(72), chunk(b"iCCP", b"a\0\0" + zeros(200 << 20))), ("", "damaged"),
    ),
    "PNG with texts of 500 MB": (
        lambda: png(8, 8, zeros(72), *[chunk(b"zTXt", b"a\0\0" + zeros(100 << 20))] * 5), ("", "damaged"),
    ),
    "PNG with 100,000 texts": (
        lambda: png(8, 8, zeros(72), *[chunk(b"tEXt", b"a\0" + b"b" * 90)] * 100_000), ("",),
    ),
    # Nested, endless, moving.
    "EXIF whose directories lead back": (lambda: exif(_LOOP), ("", "damaged")),
    "EXIF that counts to 2^32": (lambda: exif(_COUNTS), ("", "damaged")),
    "TIFF whose directories lead back": (
        lambda: grey_tiff(8, 8, 1, bytes(64), next_at=8), ("", "unknown", "damaged"),
    ),
    "TIFF of 20,000 pages": (lambda: many_directories(20_000), ("unknown",)),
    "JPEG of 100,000 scans": (lambda: progressive(100_000), ("damaged",)),
    "PNG that moves": (apng, ("unknown",)),
    "JPEG within a JPEG": (lambda: exif(b"II*\0\x08\0\0\0\0\0" + small("JPEG") * 20), ("", "damaged")),
    # Of other kinds: not even looked at.
    "WebP": (lambda: small("WEBP"), ("unknown",)),
    "WebP that moves": (
        lambda: small("WEBP", save_all=True, append_images=[Image.new("RGB", (64, 48))]), ("unknown",)
    ),
    "BMP": (lambda: small("BMP"), ("unknown",)),
    "BMP of 2^31 by 2^31": (
        lambda: b"BM" + struct.pack("<IIIIiiHH", 99, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24) + bytes(24),
        ("unknown",),
    ),
    "GIF": (lambda: small("GIF", "P"), ("unknown",)),
    "JPEG 2000": (lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), ("unknown",)),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', ("unknown",)),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", ("unknown",)),
    # Not bombs: what scanners and cameras send.
    "CMYK JPEG": (lambda: small("JPEG", "CMYK"), ("",)),
    "palette PNG": (lambda: small("PNG", "P"), ("",)),
    "sixteen-bit PNG": (lambda: small("PNG", "I;16"), ("",)),
    "CMYK TIFF": (lambda: small("TIFF", "CMYK"), ("",)),
}  # fmt: skip
"""By name: how it is made, and what may come of it ("" is a picture, else the reason of the refusal)."""
