"""The format of a stored picture: sealed with a key of its own, which the station key wraps.

    0    magic (8 bytes), version (1), three zero bytes, bytes of a full part (4), bytes of the picture (8)
    24   two places of 68 bytes for the picture's key: id of the station key (8), nonce (12), wrapped key (48)
    160  the picture in parts, each AES-256-GCM with a tag of 16 bytes behind it

Numbers are big-endian. A place of zeros is empty; the second one lets a rotation add the new wrapping before it
takes the old one away. The nonce of a part is its number and whether it is the last one (STREAM, Hoang et al.
2015), so parts cannot be left out, reordered or cut off; name and head are bound into every part and wrapping,
so a file under another name opens for nobody. The key of a picture is used for this one picture only.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from station.storage.keys.station_key import Purpose, StationKey
from station.storage.keys.wrapping import EMPTY, PLACE_BYTES, Unopened, owner, unwrapped, wrapped

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"\x89VSP\r\n\x1a\n"
PART_BYTES = 1 << 20

_VERSION = 1
_TAG = 16
_HEAD = struct.Struct(">8sB3xIQ")
_PLACES = 2
_START = _HEAD.size + _PLACES * PLACE_BYTES


class Unsealable(Exception):
    """These bytes are not the picture of this name, sealed with this key."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """The beginning of a sealed file."""

    head: bytes
    part: int
    size: int
    places: tuple[bytes, ...]

    @property
    def parts(self) -> int:
        return max(1, -(-self.size // self.part))


def seal(file: BinaryIO, data: bytes, name: str, key: StationKey) -> None:
    """Write the sealed file of a picture; `name` is its SHA-256 in hex digits. The caller syncs it."""
    head = _HEAD.pack(MAGIC, _VERSION, PART_BYTES, len(data))
    bound = head + bytes.fromhex(name)
    own = os.urandom(32)
    file.write(head + wrapped(own, bound, key, Purpose.PICTURES) + EMPTY)
    cipher, plain = _cipher(own), memoryview(data)
    # One room for all parts: the system takes four times as long to clear a new one as AES to fill it.
    room = _room(min(PART_BYTES, len(data)) + _TAG)
    starts = range(0, max(1, len(data)), PART_BYTES)
    for number, start in enumerate(starts):
        part = plain[start : start + PART_BYTES]
        nonce = _nonce(number, last=number == len(starts) - 1)
        file.write(room[: cipher.encrypt_into(nonce, part, bound, room[: len(part) + _TAG])])


def opened(file: BinaryIO, name: str, key: StationKey) -> Iterator[memoryview]:
    """Yield the picture part by part, each proved before it is given out and there until the next is asked for.

    Raises:
        Unsealable: it was changed, cut off, moved from another name or sealed with another key.
    """
    from cryptography.exceptions import InvalidTag

    begin = _begin(file)
    bound = begin.head + bytes.fromhex(name)
    cipher = _cipher(_own_key(begin, name, key))
    largest = min(begin.part, begin.size)
    part, plain = _room(largest + _TAG), _room(largest)
    for number in range(begin.parts):
        last = number == begin.parts - 1
        size = begin.size - number * begin.part if last else begin.part
        read, proved = part[: size + _TAG], plain[:size]
        if os.preadv(file.fileno(), [read], _START + number * (begin.part + _TAG)) != len(read):
            raise Unsealable  # cut off meanwhile
        try:
            cipher.decrypt_into(_nonce(number, last=last), read, bound, proved)
        except InvalidTag:
            raise Unsealable from None
        yield proved.toreadonly()


def is_sealed(file: BinaryIO) -> bool:
    """Tell whether a file begins as a sealed picture does; it is read from its start."""
    return os.pread(file.fileno(), len(MAGIC), 0) == MAGIC


def key_ids(file: BinaryIO) -> tuple[str, ...]:
    """Return the ids of the station keys that open this file; none when it is no sealed picture."""
    try:
        return tuple(filter(None, map(owner, _begin(file).places)))
    except Unsealable:
        return ()


def add_key(file: BinaryIO, name: str, old: StationKey, new: StationKey) -> None:
    """Let `new` open the picture too, in the place that is not `old`'s.

    The file is open for reading and writing; the caller syncs it. It is written also when `new` opens it: what
    an interrupted rotation wrote may have been read from memory and never have reached the disk.

    Raises:
        Unsealable: the old key does not open it.
    """
    begin = _begin(file)
    own = _own_key(begin, name, old)
    mine = [owner(place) for place in begin.places].index(old.id)
    bound = begin.head + bytes.fromhex(name)
    _write_place(file, 1 - mine, wrapped(own, bound, new, Purpose.PICTURES))


def keep_only(file: BinaryIO, name: str, key: StationKey) -> None:
    """Take every other key's place away, written as `add_key` does. The caller syncs the file.

    Raises:
        Unsealable: the key itself does not open it; then nothing is taken away.
    """
    begin = _begin(file)
    _own_key(begin, name, key)
    mine = [owner(place) for place in begin.places].index(key.id)
    _write_place(file, 1 - mine, EMPTY)


def _write_place(file: BinaryIO, number: int, place: bytes) -> None:
    os.pwrite(file.fileno(), place, _HEAD.size + number * PLACE_BYTES)


def _begin(file: BinaryIO) -> _Opened:
    # Past the buffer of the file, which does not know what was written in its place.
    start = os.pread(file.fileno(), _START, 0)
    if len(start) != _START:
        raise Unsealable
    magic, version, part, size = _HEAD.unpack_from(start)
    places = tuple(start[at : at + PLACE_BYTES] for at in range(_HEAD.size, _START, PLACE_BYTES))
    begin = _Opened(start[: _HEAD.size], part, size, places)
    # Before anything is made of these numbers: a file is as long as they say, or they are not ours.
    if (magic, version) != (MAGIC, _VERSION) or not 0 < part <= 1 << 30:
        raise Unsealable
    if os.fstat(file.fileno()).st_size != _START + size + begin.parts * _TAG:
        raise Unsealable
    return begin


def _own_key(begin: _Opened, name: str, key: StationKey) -> bytes:
    try:
        return unwrapped(begin.places, begin.head + bytes.fromhex(name), key, Purpose.PICTURES)
    except Unopened:
        raise Unsealable from None


def _room(size: int) -> memoryview:
    return memoryview(bytearray(size))


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
