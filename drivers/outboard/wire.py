"""What travels between the station and a child process: a small JSON header, then raw bytes.

A message is: length of the header (4 bytes, big-endian), length of the bytes (8), header, bytes. No pickle: a
child that was taken over cannot make the station run code.
"""

import json
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from station.errors import DriverFault, StationError
from station.model.capability import (
    Area,
    CameraCapabilities,
    CameraSettings,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    FrameSize,
    Lock,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import Frame, Page

HEAD = struct.Struct(">IQ")
HEADER_MOST, CONTENT_MOST = 1 << 20, 2 << 30
"""Bytes of a message at most. The largest page, A4 at 1200 dpi in colour, has 0.4 GB beside its own file."""

Header = dict[str, Any]
Parts = tuple[bytes | memoryview, ...]


def pack(header: Header, parts: Parts = ()) -> Parts:
    """Return the pieces of one message, in the order in which they are written; pixels are not copied."""
    text = json.dumps(header).encode()
    return (HEAD.pack(len(text), sum(len(part) for part in parts)) + text, *parts)


def info_from(fields: Header) -> DeviceInfo:
    """Rebuild what names a device."""
    return DeviceInfo(**fields | {"kind": DeviceKind(fields["kind"])})


def settings_from(fields: Header) -> ScanSettings:
    """Rebuild what a scanner is asked for."""
    return ScanSettings(
        Source(fields["source"]),
        ColourMode(fields["mode"]),
        fields["resolution_dpi"],
        fields["area"] and Area(**fields["area"]),
    )


def capabilities_from(fields: Header) -> ScannerCapabilities:
    """Rebuild what a scanner can do; a range of resolutions travels as a table, a choice as a list."""
    sources, modes, dpi, area, buttons = (
        fields[name] for name in ("sources", "modes", "resolutions_dpi", "area_mm", "buttons")
    )
    return ScannerCapabilities(
        sources=None if sources is None else tuple(map(Source, sources)),
        modes=None if modes is None else tuple(map(ColourMode, modes)),
        resolutions_dpi=ResolutionRange(**dpi) if isinstance(dpi, dict) else dpi and tuple(dpi),
        area_mm=area and tuple(area),
        buttons=None if buttons is None else tuple(buttons),
    )


def camera_settings_from(fields: Header) -> CameraSettings:
    """Rebuild what a camera is asked for."""
    return CameraSettings(**fields | {"locks": tuple(map(Lock, fields["locks"]))})


def camera_capabilities_from(fields: Header) -> CameraCapabilities:
    """Rebuild what a camera can do."""
    sizes, still, locks = (fields[name] for name in ("sizes", "still_size", "locks"))
    return CameraCapabilities(
        sizes=None if sizes is None else tuple(FrameSize(**size) for size in sizes),
        still_size=still and tuple(still),
        locks=None if locks is None else tuple(map(Lock, locks)),
        live=fields["live"],
    )


def header_of(
    value: DeviceInfo | ScanSettings | ScannerCapabilities | CameraSettings | CameraCapabilities,
) -> Header:
    """Turn a value into a table that JSON can write."""
    return asdict(value)


def pack_page(page: Page) -> Parts:
    """Return the message of one page: its pixels, then the device's own bytes if it coded the page itself."""
    header = {
        "is": "page",
        "shape": page.pixels.shape,
        "number": page.number,
        "dpi": page.dpi,
        "media_type": page.media_type,
        "back": page.back,
        "encoded": page.encoded is not None,
    }
    pixels = np.ascontiguousarray(page.pixels).data.cast("B")
    return pack(header, (pixels, page.encoded or b""))


def page_from(header: Header, content: memoryview) -> Page:
    """Rebuild a page on the bytes that came, without a copy of the pixels."""
    size = int(np.prod(header["shape"]))
    return Page(
        pixels=np.frombuffer(content[:size], np.uint8).reshape(header["shape"]),
        number=header["number"],
        dpi=tuple(header["dpi"]),
        encoded=bytes(content[size:]) if header["encoded"] else None,
        media_type=header["media_type"],
        back=header["back"],
    )


def pack_frame(frame: Frame) -> Parts:
    """Return the message of one frame. When it was taken stays behind: clocks of processes may differ."""
    header = {
        "is": "frame",
        "shape": frame.pixels.shape,
        "number": frame.number,
        "media_type": frame.media_type,
        "encoded": frame.encoded is not None,
    }
    return pack(header, (np.ascontiguousarray(frame.pixels).data.cast("B"), frame.encoded or b""))


def frame_from(header: Header, content: memoryview) -> Frame:
    """Rebuild a frame on the bytes that came, without a copy of the pixels; it was taken now."""
    size = int(np.prod(header["shape"]))
    pixels = np.frombuffer(content[:size], np.uint8).reshape(header["shape"])
    encoded = bytes(content[size:]) if header["encoded"] else None
    return Frame(pixels, header["number"], time.monotonic(), encoded, header["media_type"])


def failure_of(error: BaseException) -> Header:
    """Turn a failure into a header.

    Of a failure that has no code only the type travels: its text may quote what was scanned.
    """
    if isinstance(error, StationError):
        facts = {name: _plain(value) for name, value in error.context.items()}
        return {"is": "failure", "code": error.code, "facts": facts}
    return {"is": "failure", "code": DriverFault.code, "facts": {"detail": type(error).__name__}}


def failure_from(header: Header, device: str) -> StationError:
    """Rebuild a failure; `device` is its fact when the child named none."""
    kind = {kind.code: kind for kind in _kinds(StationError)}.get(header["code"], DriverFault)
    return kind(**{"device": device} | header["facts"])


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else type(value).__name__


def _kinds(kind: type[StationError]) -> Iterator[type[StationError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)
