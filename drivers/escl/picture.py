"""From the bytes that a scanner sends to a page, which counts only when it is whole and as large as asked."""

import struct

from drivers.escl.documents import Order
from station.errors import DriverFault, PageTruncated, PictureError, Unsupported
from station.imaging import codec
from station.model.capability import Source
from station.model.image import Page

TOLERANCE_PX = 16
"""Scanners round to whole blocks of their JPEG, 16 pixels with halved colour."""

USUAL_DPI = (75, 100, 150, 200, 240, 300, 400, 600, 1200)

HEADERS_BYTES = 1 << 20
"""What a file may hold beside its pixels: colour profiles, a preview, text."""

_PNG_HEADER = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
# ITU-T T.81, table B.1: SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
_FRAME_MARKS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def most_bytes(order: Order) -> int:
    """Return how many bytes a page can have: coding never makes it larger than its pixels."""
    width, height = order.size_px
    return (width + TOLERANCE_PX) * (height + TOLERANCE_PX) * 3 + HEADERS_BYTES


def page_of(body: bytes, order: Order, number: int, device: str) -> Page:
    """Return the page that these bytes are; they stay with it as they came.

    Raises:
        PageTruncated: the file, or the picture in it, ends too early.
        Unsupported: it comes at another resolution than the one that was offered and asked for.
        DriverFault: no picture, a damaged one, or one of another size.
    """
    facts = {"device": device, "kept": number - 1}
    declared = _declared(body)
    _prove_size(declared, order, facts)  # before anything of that size is made
    try:
        decoded = codec.decode(body)
    except PictureError as error:
        if error.context["reason"] == "truncated":
            raise PageTruncated(rows=0, expected=order.size_px[1], **facts) from error
        raise DriverFault(detail=f"picture {error.context['reason']}", **facts) from error
    if sorted(decoded.pixels.shape[:2]) != sorted(declared or ()):  # a file may turn its picture
        raise DriverFault(detail="two sizes in one file", **facts)
    return Page(
        decoded.pixels,
        number,
        (order.dpi, order.dpi),
        encoded=body,
        media_type=decoded.media_type,
        back=order.source is Source.DUPLEX and number % 2 == 0,
    )


def _prove_size(size: tuple[int, int] | None, order: Order, facts: dict[str, object]) -> None:
    if size is None:
        raise DriverFault(detail="neither JPEG nor PNG", **facts)
    (width, height), (asked_width, asked_height) = size, order.size_px
    if abs(width - asked_width) <= TOLERANCE_PX:
        if abs(height - asked_height) <= TOLERANCE_PX:
            return
        if 0 < height < asked_height:
            if order.open_end:
                return
            raise PageTruncated(rows=height, expected=asked_height, **facts)
    if (sent := _other_dpi(width, height, order)) is not None:
        # Canon iR2625 and iR2630 offer 600 dpi and send 300: nobody may take one for the other.
        raise Unsupported(setting="resolution_dpi", value=f"{order.dpi} (sent: {sent})", **facts)
    raise DriverFault(detail=f"{width}x{height} px, not {asked_width}x{asked_height}", **facts)


def _other_dpi(width: int, height: int, order: Order) -> int | None:
    """Return the usual resolution, not the one asked for, at which the page has the asked size."""
    for dpi in USUAL_DPI:
        across, down = (asked * dpi / order.dpi for asked in order.size_px)
        as_high = abs(height - down) <= TOLERANCE_PX or (order.open_end and 0 < height < down)
        if dpi != order.dpi and abs(width - across) <= TOLERANCE_PX and as_high:
            return dpi
    return None


def _declared(body: bytes) -> tuple[int, int] | None:
    """Return width and height as the header of a JPEG or PNG has them; None when there is no such header."""
    if body.startswith(_PNG_HEADER) and len(body) >= len(_PNG_HEADER) + 8:
        width, height = struct.unpack_from(">II", body, len(_PNG_HEADER))
        return (width, height)
    at = 2 if body.startswith(b"\xff\xd8") else len(body)
    while at + 9 <= len(body) and body[at] == 0xFF:
        mark = body[at + 1]
        if mark == 0xFF:  # fill
            at += 1
        elif mark in _FRAME_MARKS:
            height, width = struct.unpack_from(">HH", body, at + 5)
            return (width, height)
        else:
            at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
    return None
