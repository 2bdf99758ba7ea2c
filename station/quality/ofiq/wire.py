"""What travels between the station and the child that runs OFIQ: a small JSON header, then raw pixels.

A message is: length of the header (4 bytes, big-endian), length of the pixels (8), header, pixels. No pickle: a
child that was taken over cannot make the station run code.
"""

import json
import struct
from typing import Any, Final

HEAD: Final = struct.Struct(">IQ")
HEADER_MOST: Final = 1 << 20
"""Bytes of a header at most; what OFIQ says of one picture takes 2 kB."""

Header = dict[str, Any]


def pack(header: Header, pixels: int = 0) -> bytes:
    """Return the beginning of a message that is followed by so many bytes of pixels."""
    text = json.dumps(header).encode()
    return HEAD.pack(len(text), pixels) + text
