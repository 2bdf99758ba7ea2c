"""The colour space of all our pictures as an ICC profile of our own: sRGB, drawn from its definition.

IEC 61966-2-1 gives the tone curve and the primaries; ICC.1:2001-04 (version 2.4) gives the form. The same bytes
every time: a profile from a library would carry the moment at which it was made.
"""

from functools import cache
from struct import pack

_SIZE_OF_HEADER = 128
_POINTS = 1024
"""Of the tone curve, in 16 bits each; between them the curve is a line to within half a step of eight bits."""

_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    # Adapted from D65 to D50 by the Bradford matrix, as every v2 profile needs them (ICC.1:2001-04, 6.3.4.3).
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}
NAME = "sRGB IEC61966-2.1"
_COPYRIGHT = b"The Visa Station authors, Apache-2.0"
_MADE = (2026, 1, 1, 0, 0, 0)
"""When the profile was drawn up: a part of its content, not of the moment."""


@cache
def profile() -> bytes:
    """Return the profile: for displays, RGB to XYZ, version 2.4."""
    curve = b"curv" + bytes(4) + pack(f">I{_POINTS}H", _POINTS, *map(_light, range(_POINTS)))
    tags = {
        b"desc": _description(NAME.encode()),
        b"cprt": b"text" + bytes(4) + _COPYRIGHT + b"\0",
        b"wtpt": _xyz(*_D50),
        **{name: _xyz(*primary) for name, primary in _PRIMARIES.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body = pack(">I", len(tags)), b""
    begin = _SIZE_OF_HEADER + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    for name, tag in tags.items():
        if tag not in places:
            places[tag] = begin + len(body)
            body += tag + bytes(-len(tag) % 4)
        table += pack(">4sII", name, places[tag], len(tag))
    return _header(begin + len(body)) + table + body


def _header(size: int) -> bytes:
    """Write the header (ICC.1:2001-04, 6.1); rendering intent 0 is perceptual."""
    begin = pack(">II4s4s4s", size, 0, b"\x02\x40\x00\x00", b"mntr", b"RGB ") + b"XYZ "
    begin += pack(">6H", *_MADE) + b"acsp" + bytes(28) + _fixed(*_D50)
    return begin.ljust(_SIZE_OF_HEADER, b"\0")


def _light(point: int) -> int:
    """Return the light of one point of the curve in 16 bits (IEC 61966-2-1, 5.2)."""
    value = point / (_POINTS - 1)
    light = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return round(65535 * light)


def _description(name: bytes) -> bytes:
    """Write a textDescriptionType (6.5.17): ASCII, no Unicode, no ScriptCode."""
    return b"desc" + pack(">II", 0, len(name) + 1) + name + b"\0" + bytes(4 + 4 + 2 + 1 + 67)


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    """Write s15Fixed16Numbers."""
    return pack(f">{len(values)}i", *(round(value * 65536) for value in values))
