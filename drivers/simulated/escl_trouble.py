"""What can go wrong with the simulated eSCL scanner, and what becomes of a page then."""

import io
from collections.abc import Iterator
from enum import StrEnum

from PIL import Image

from station.model.specimen import FaultKind

QUALITY = 90
"""Of a JPEG, as Pillow counts."""


class Trouble(StrEnum):
    """What can go wrong, at a page that is asked for; BUSY, at a job."""

    BUSY = "busy"
    NOT_READY = "not_ready"
    NOT_THERE_YET = "not_there_yet"
    JAM = "jam"
    COVER = "cover"
    ABORT = "abort"
    EMPTY_BODY = "empty_body"
    TRUNCATE = "truncate"
    DROP = "drop"
    HANG = "hang"
    SHORT_PAGE = "short_page"
    WRONG_SIZE = "wrong_size"
    HALF_DPI = "half_dpi"
    LYING_HEADER = "lying_header"
    ENDLESS = "endless"
    GARBAGE = "garbage"
    CANCEL_KEY = "cancel_key"


AT_PAGES = tuple(trouble for trouble in Trouble if trouble is not Trouble.BUSY)
CODES = {
    Trouble.NOT_READY: 503,
    Trouble.NOT_THERE_YET: 404,
    Trouble.JAM: 409,
    Trouble.COVER: 409,
    Trouble.ABORT: 500,
    Trouble.CANCEL_KEY: 410,
}
"""Troubles that are an answer without a page."""
STUCK = {Trouble.JAM: "ScannerAdfJam", Trouble.COVER: "ScannerAdfDoorOpen"}
"""AdfState from then on, until `mend`."""
PLAYED = {
    FaultKind.JAM: Trouble.JAM,
    FaultKind.COVER: Trouble.COVER,
    FaultKind.BUSY: Trouble.BUSY,
    FaultKind.TRUNCATE: Trouble.TRUNCATE,
    FaultKind.UNPLUG: Trouble.DROP,
    FaultKind.HANG: Trouble.HANG,
    FaultKind.RAISE: Trouble.ABORT,
}
"""How trouble that a rehearsal scripts shows itself on the network."""
ENDED = {
    Trouble.JAM: ("Aborted", "AbortedBySystem"),
    Trouble.COVER: ("Aborted", "AbortedBySystem"),
    Trouble.ABORT: ("Aborted", "AbortedBySystem"),
    Trouble.CANCEL_KEY: ("Canceled", "JobCanceledByUser"),
}


def coded(image: Image.Image, dpi: int, media_type: str) -> bytes:
    """Return a page as a job asked for it; JPEG makes grey of one bit a pixel."""
    file = io.BytesIO()
    if media_type == "image/png":
        image.save(file, "PNG", dpi=(dpi, dpi))
    else:
        image.convert("L" if image.mode == "1" else image.mode).save(
            file, "JPEG", quality=QUALITY, dpi=(dpi, dpi)
        )
    return file.getvalue()


def spoilt(body: bytes, trouble: Trouble) -> bytes:
    """Return what is left of a page after this trouble; a lie of the header takes a JPEG."""
    if trouble is Trouble.LYING_HEADER:
        at = next(_frames(body)) + 5
        return body[:at] + b"\xff\xdc\xff\xdc" + body[at + 4 :]
    if trouble in (Trouble.SHORT_PAGE, Trouble.WRONG_SIZE):
        with Image.open(io.BytesIO(body)) as image:
            width = image.width if trouble is Trouble.SHORT_PAGE else image.width // 2
            return coded(image.crop((0, 0, width, image.height // 2)), 75, Image.MIME[image.format or ""])
    if trouble is Trouble.HALF_DPI:
        with Image.open(io.BytesIO(body)) as image:
            return coded(image.reduce(2), 75, Image.MIME[image.format or ""])
    return {Trouble.EMPTY_BODY: b"", Trouble.TRUNCATE: body[: len(body) // 2]}.get(
        trouble, b"<html>busy</html>"
    )


def _frames(body: bytes) -> Iterator[int]:
    """Find the frame headers of a JPEG of ours: they stand behind whole segments."""
    at = 2
    while at < len(body):
        if body[at + 1] == 0xC0:
            yield at
        at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
