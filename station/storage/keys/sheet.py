"""The recovery sheet: the station key on paper, in blocks that can be read out and typed, each line checked.

    1  A1B2 C3D4 E5F6 0718  9A3C

Four lines of eight bytes, each with two bytes of a SHA-256 over its number and its bytes behind them.
"""

import hashlib
import re

from station.errors import RecoveryRefused
from station.storage.keys.station_key import SECRET_BYTES, StationKey

LINES = 4

_EACH = SECRET_BYTES // LINES
_CHECK = 2
_LINE = re.compile(r"\s*([1-4])[\s.:)]+((?:[0-9A-F]{4}\s*){5})")
_ALIKE = str.maketrans("OIL", "011")
"""Letters that no block has, for the digits that they look like."""


def lines(key: StationKey) -> tuple[str, ...]:
    """Return the lines that hold the key; whoever has them has everything that is stored."""
    parts = (key.secret[at : at + _EACH] for at in range(0, SECRET_BYTES, _EACH))
    return tuple(_line(number, part) for number, part in enumerate(parts, 1))


def parse(text: str) -> StationKey:
    """Return the key of a sheet as it was typed, in any order, with whatever stands around the lines.

    Raises:
        RecoveryRefused: a line is missing, or was mistyped (`line`, from 1).
    """
    found: dict[int, bytes] = {}
    for line in text.upper().splitlines():
        if match := _LINE.fullmatch(line.translate(_ALIKE).rstrip()):
            number, part = int(match[1]), bytes.fromhex("".join(match[2].split()))
            if _check(number, part[:_EACH]) != part[_EACH:]:
                raise RecoveryRefused(reason="mistyped", line=number)
            found[number] = part[:_EACH]
    if len(found) != LINES:
        raise RecoveryRefused(reason="incomplete", line=min({*range(1, LINES + 1)} - found.keys()))
    return StationKey(b"".join(found[number] for number in sorted(found)))


def _line(number: int, part: bytes) -> str:
    blocks = part.hex(" ", -2).upper()
    return f"{number}  {blocks}  {_check(number, part).hex().upper()}"


def _check(number: int, part: bytes) -> bytes:
    return hashlib.sha256(bytes([number]) + part).digest()[:_CHECK]
