"""libsane.so.1 through ctypes: only the calls that we make (SANE standard 1.06, chapter 4, and `sane/sane.h`).

Runs in the child process of `outboard` only. One thread at a time; `cancel` may be called from any.
ctypes gives up the interpreter lock during each call.
"""

import ctypes
from collections.abc import Iterator
from ctypes import POINTER, byref, c_char_p, c_int, c_void_p
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from drivers.sane.status import SaneRefusal, Status
from station.errors import DriverNotLoaded

LIBRARY = "libsane.so.1"
FIXED_ONE = 1 << 16
"""How many steps of a SANE_Fixed make 1."""

Value = bool | int | float | str


class Kind(IntEnum):
    """Type of an option's value."""

    BOOL = 0
    INT = 1
    FIXED = 2
    STRING = 3
    BUTTON = 4
    GROUP = 5


class Unit(IntEnum):
    """Unit of an option's value."""

    NONE = 0
    PIXEL = 1
    BIT = 2
    MM = 3
    DPI = 4
    PERCENT = 5
    MICROSECOND = 6


class FrameFormat(IntEnum):
    """What a frame holds."""

    GREY = 0
    RGB = 1
    RED = 2
    GREEN = 3
    BLUE = 4


CAN_SET = 1
CAN_READ = 4
INACTIVE = 32
INEXACT = 1
RELOAD_OPTIONS = 2
_GET, _SET = 0, 1
_RANGE_OF, _LIST_OF_WORDS, _LIST_OF_STRINGS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high` in steps of `step` (0: any)."""

    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a device as it is now. `allowed` None means that the device names no limits."""

    index: int
    name: str
    kind: Kind
    unit: Unit
    size: int
    can_set: bool
    can_read: bool
    allowed: Range | tuple[float, ...] | tuple[str, ...] | None

    def allows(self, value: Value) -> bool:
        """Tell whether the device offers this value, to the nearest step of a SANE_Fixed."""
        match self.allowed:
            case None:
                return True
            case Range(low, high):
                return isinstance(value, int | float) and low - 1 / FIXED_ONE <= value <= high + 1 / FIXED_ONE
            case offered:
                return value in offered


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the next frame is; `lines` is -1 when the device cannot tell."""

    format: int
    last: bool
    row_bytes: int
    width: int
    lines: int
    depth: int

    @property
    def samples(self) -> int:
        """How many samples make a pixel."""
        return 3 if self.format == FrameFormat.RGB else 1


@dataclass(frozen=True, slots=True)
class Found:
    """A device that libsane names."""

    name: str
    vendor: str
    model: str
    type: str


class _Device(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("vendor", c_char_p), ("model", c_char_p), ("type", c_char_p)]


class _Constraint(ctypes.Union):
    _fields_ = [("strings", POINTER(c_char_p)), ("words", POINTER(c_int))]


class _Descriptor(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("title", c_char_p),
        ("desc", c_char_p),
        ("type", c_int),
        ("unit", c_int),
        ("size", c_int),
        ("cap", c_int),
        ("constraint_type", c_int),
        ("constraint", _Constraint),
    ]


class _Parameters(ctypes.Structure):
    _fields_ = [
        ("format", c_int),
        ("last_frame", c_int),
        ("bytes_per_line", c_int),
        ("pixels_per_line", c_int),
        ("lines", c_int),
        ("depth", c_int),
    ]


_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "sane_init": (c_int, (POINTER(c_int), c_void_p)),
    "sane_get_devices": (c_int, (POINTER(POINTER(POINTER(_Device))), c_int)),
    "sane_open": (c_int, (c_char_p, POINTER(c_void_p))),
    "sane_close": (None, (c_void_p,)),
    "sane_get_option_descriptor": (POINTER(_Descriptor), (c_void_p, c_int)),
    "sane_control_option": (c_int, (c_void_p, c_int, c_int, c_void_p, POINTER(c_int))),
    "sane_get_parameters": (c_int, (c_void_p, POINTER(_Parameters))),
    "sane_start": (c_int, (c_void_p,)),
    "sane_read": (c_int, (c_void_p, c_void_p, c_int, POINTER(c_int))),
    "sane_cancel": (None, (c_void_p,)),
}


class SaneLibrary:
    """The loaded library. A handle is what `open` returns."""

    def __init__(self) -> None:
        """Load and start libsane; it reads SANE_CONFIG_DIR now and never again.

        Raises:
            DriverNotLoaded: libsane is not installed; SaneRefusal.
        """
        try:
            self._lib = ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise DriverNotLoaded(driver="sane", detail=LIBRARY) from error
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._lib, name)
            function.restype, function.argtypes = result, arguments
        _check(self._lib.sane_init(None, None))

    def devices(self) -> list[Found]:
        """Name the devices, on the network too; takes seconds."""
        table: Any = POINTER(POINTER(_Device))()
        _check(self._lib.sane_get_devices(byref(table), 0))
        found = []
        for entry in table:
            if not entry:
                break
            device = entry.contents
            found.append(Found(*map(_text, (device.name, device.vendor, device.model, device.type))))
        return found

    def open(self, name: str) -> int:
        """Open a device and return its handle."""
        handle = c_void_p()
        _check(self._lib.sane_open(name.encode("latin-1"), byref(handle)))
        return handle.value or 0

    def close(self, handle: int) -> None:
        """Close a device; no other thread may be in a call on it."""
        self._lib.sane_close(handle)

    def options(self, handle: int) -> dict[str, Option]:
        """Name the options that are active now and hold one value."""
        # The backend `net` refuses to read any option until a descriptor was asked for after a reload.
        self._lib.sane_get_option_descriptor(handle, 0)
        count = int(self._get(handle, 0, Kind.INT, 4))
        return {option.name: option for index in range(1, count) for option in self._option(handle, index)}

    def value(self, handle: int, option: Option) -> Value:
        """Read an option."""
        return self._get(handle, option.index, option.kind, option.size)

    def set(self, handle: int, option: Option, value: Value) -> int:
        """Set an option; returns the flags INEXACT and RELOAD_OPTIONS."""
        buffer = _coded(option.kind, option.size, value)
        flags = c_int()
        _check(self._lib.sane_control_option(handle, option.index, _SET, buffer, byref(flags)))
        return flags.value

    def start(self, handle: int) -> None:
        """Begin a frame."""
        _check(self._lib.sane_start(handle))

    def parameters(self, handle: int) -> Parameters:
        """Say what the frame is that was begun."""
        raw = _Parameters()
        _check(self._lib.sane_get_parameters(handle, byref(raw)))
        return Parameters(
            raw.format, bool(raw.last_frame), raw.bytes_per_line, raw.pixels_per_line, raw.lines, raw.depth
        )

    def read(self, handle: int, address: int, size: int) -> int | None:
        """Read at most `size` bytes to `address`; returns how many came, None at the end of the frame."""
        count = c_int()
        status = self._lib.sane_read(handle, address, size, byref(count))
        if status == Status.EOF:
            return None
        _check(status)
        return count.value

    def cancel(self, handle: int) -> None:
        """End what `start` began; the one call that may come while another thread is in a call."""
        self._lib.sane_cancel(handle)

    def _option(self, handle: int, index: int) -> Iterator[Option]:
        pointer = self._lib.sane_get_option_descriptor(handle, index)
        if not pointer or pointer.contents.cap & INACTIVE or not pointer.contents.name:
            return
        raw = pointer.contents
        kind = Kind(raw.type)
        single = raw.size == 4 if kind in (Kind.BOOL, Kind.INT, Kind.FIXED) else kind is Kind.STRING
        if single:
            yield Option(
                index,
                _text(raw.name),
                kind,
                Unit(raw.unit),
                raw.size,
                bool(raw.cap & CAN_SET),
                bool(raw.cap & CAN_READ),
                _allowed(raw, FIXED_ONE if kind is Kind.FIXED else 1),
            )

    def _get(self, handle: int, index: int, kind: Kind, size: int) -> Value:
        buffer = ctypes.create_string_buffer(size)
        _check(self._lib.sane_control_option(handle, index, _GET, buffer, None))
        if kind is Kind.STRING:
            return _text(buffer.value)
        word = c_int.from_buffer(buffer).value
        return {Kind.BOOL: bool(word), Kind.FIXED: word / FIXED_ONE}.get(kind, word)


def _check(status: int) -> None:
    if status != Status.GOOD:
        raise SaneRefusal(status)


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("latin-1")


def _coded(kind: Kind, size: int, value: Value) -> Any:
    """Lay a value out as libsane takes it; the library may write into the buffer."""
    if kind is Kind.STRING:
        return ctypes.create_string_buffer(str(value).encode("latin-1")[: size - 1], size)
    return byref(c_int(round(float(value) * (FIXED_ONE if kind is Kind.FIXED else 1))))


def _allowed(raw: Any, scale: int) -> Range | tuple[float, ...] | tuple[str, ...] | None:
    words = raw.constraint.words
    if raw.constraint_type == _RANGE_OF:
        return Range(words[0] / scale, words[1] / scale, words[2] / scale)
    if raw.constraint_type == _LIST_OF_WORDS:
        return tuple(words[1 + at] / scale for at in range(words[0]))
    if raw.constraint_type == _LIST_OF_STRINGS:
        return tuple(_strings(raw.constraint.strings))
    return None


def _strings(table: Any) -> Iterator[str]:
    for entry in table:
        if entry is None:
            return
        yield _text(entry)
