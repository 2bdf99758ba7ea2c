"""The driver `serial_reader`: readers of passports, codes and cards on serial lines and USB virtual ports."""

import errno
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from station.devices.cancel import CancelToken
from station.devices.framing import FrameParser
from station.errors import (
    AccessDenied,
    DeviceBusy,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DriverNotLoaded,
)
from station.model.capability import DeviceInfo, DeviceKind, ReaderCapabilities
from station.model.swipe import ETX, SOH, STX, BlockCheck, Framing, Swipe
from station.toml_file import Table, meant

READ_S = 0.2
"""How long a read waits: a cancel is heard and a silence is seen after this time."""

SPEEDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES = {"none": "N", "even": "E", "odd": "O"}
FRAMINGS = {
    "lines": Framing(),
    "stx": Framing(STX, ETX),
    "rte": Framing(SOH, ETX, BlockCheck.UNPROVED, header=6),
    "marks": Framing(),
}
"""Framings by the names of the settings; those of `marks` stand in `prefix` and `suffix`."""

_KEYS = ("port", "usb", "name", "speed", "data_bits", "parity", "framing", "prefix", "suffix", "check")
_LONGEST_MARK = 8

ERRORS: dict[int, type[DeviceError]] = {
    errno.ENOENT: DeviceNotFound,
    errno.EACCES: AccessDenied,
    errno.EPERM: AccessDenied,
    errno.EBUSY: DeviceBusy,
    errno.EAGAIN: DeviceBusy,  # somebody else holds the lock of the port
}
"""What opening says; anything else means that nothing answers there."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reader of the settings: `port` by name, or `usb` as VID:PID or VID:PID:SERIAL in small letters."""

    port: str
    usb: str
    name: str
    speed: int
    data_bits: int
    parity: str
    framing: Framing


class SerialReaderDriver:
    """Opens the readers that the settings name; nothing is searched for. Runs on the driver's lane.

    Its table of settings holds `ports`, a list of tables:
        port: "/dev/ttyUSB0", "COM12"; or usb: "0c2e:0206", "0c2e:0206:SERIAL", the same in every socket.
        name: what the window calls it. speed: 9600; data_bits: 8; parity: none, even, odd.
        framing: lines (ended by CR, LF or silence), stx (STX ... ETX), rte (3M RTE native), or marks with
            `prefix` and `suffix` (1 to 8 bytes). check: none, unproved or xor, the byte behind the end mark.
    """

    name = "serial_reader"

    def __init__(self, ports: Callable[[], Iterable[Any]] | None = None) -> None:
        """Know no reader yet; `ports` lists the ports of this machine as pyserial does."""
        self._ports = ports or _comports
        self._lines: dict[str, Line] = {}

    def configure(self, options: dict[str, object]) -> None:
        """Take the readers.

        Raises:
            SettingsError.
        """
        table = Table("serial_reader", options)
        table.only("ports")
        self._lines = {}
        for entry in table.tables("ports") if options else ():
            line = _line(entry)
            place = f"{self.name}:{line.usb or line.port}"
            if place in self._lines:
                raise entry.refusal("port", "duplicate")
            self._lines[place] = line

    def find(self) -> Iterator[DeviceInfo]:
        """Name the readers whose port is there.

        Raises:
            DriverNotLoaded: pyserial is missing.
        """
        if not self._lines:
            return
        there = tuple(self._ports())
        for place, line in self._lines.items():
            port = next((port for port in there if _is(line, port)), None)
            address = port.device if port else line.port
            if port or (address and Path(address).exists()):
                serial = port.serial_number if port else None
                yield DeviceInfo(place, DeviceKind.READER, self.name, line.name, address, serial)

    def open(self, info: DeviceInfo) -> "SerialReader":
        """Open a port for this program alone.

        Raises:
            DeviceNotFound, DeviceBusy, AccessDenied, DeviceOffline, DriverNotLoaded.
        """
        line = self._lines.get(info.id)
        if line is None:
            raise DeviceNotFound(device=info.id)
        serial = _pyserial()
        try:
            port = serial.Serial(
                info.address,
                line.speed,
                bytesize=line.data_bits,
                parity=PARITIES[line.parity],
                timeout=READ_S,
                exclusive=True,
            )
        except (OSError, ValueError) as cause:
            kind = ERRORS.get(getattr(cause, "errno", None) or 0, DeviceOffline)
            raise kind(device=info.id) from cause
        return SerialReader(info, port, line.framing)


class SerialReader:
    """A reader on a port. Every call runs on the reader's lane.

    Modem lines are never asked: virtual ports have none and say so with an error.
    """

    def __init__(self, info: DeviceInfo, port: Any, framing: Framing) -> None:
        """Take an open pyserial port."""
        self.info = info
        self._port = port
        self._framing = framing

    def capabilities(self) -> ReaderCapabilities:
        """Say that a line does not tell what sits at its other end."""
        return ReaderCapabilities(kinds=None)

    def read(self, cancel: CancelToken) -> Generator[Swipe]:
        """Yield what is swiped until cancelled; opening the port threw away what lay in it.

        Raises:
            DeviceOffline: it was closed; DeviceLost: the port went away, and half a frame with it.
        """
        if not self._port.is_open:
            raise DeviceOffline(device=self.info.id)
        parser = FrameParser(self._framing)
        while not cancel.cancelled:
            yield from parser.feed(self._take(), time.monotonic())

    def close(self) -> None:
        """Give the port back; a second time does nothing."""
        self._port.close()

    def _take(self) -> bytes:
        """Wait a little for the first byte and return all that came."""
        try:
            first: bytes = self._port.read(1)
            return first + bytes(self._port.read(self._port.in_waiting)) if first else b""
        except OSError as cause:  # pyserial's own errors are OSErrors too
            raise DeviceLost(device=self.info.id) from cause


def _line(table: Table) -> Line:
    table.only(*_KEYS)
    port = table.text("port") if "port" in table.values else ""
    usb = table.text("usb").lower() if "usb" in table.values else ""
    if bool(port) is bool(usb):
        raise table.refusal("port", "missing" if not port else "wrong_value", "port | usb")
    framing = _choice(table, "framing", FRAMINGS, "lines")
    marks = {"begin": b"", "end": b""}
    for key, place in (("prefix", "begin"), ("suffix", "end")):
        if (key in table.values) is not (framing == "marks"):
            raise table.refusal(key, "missing" if framing == "marks" else "unknown_key", "framing = marks")
        if key in table.values:
            marks[place] = _mark(table, key)
    known = FRAMINGS[framing]
    check = BlockCheck(_choice(table, "check", tuple(BlockCheck), known.check))
    return Line(
        port, usb, table.text("name") if "name" in table.values else port or usb,
        _number(table, "speed", SPEEDS, 9600), _number(table, "data_bits", (7, 8), 8),
        _choice(table, "parity", PARITIES, "none"),
        Framing(marks["begin"] or known.begin, marks["end"] or known.end, check, known.header),
    )  # fmt: skip


def _mark(table: Table, key: str) -> bytes:
    value = table.values[key]  # not `text`: a mark may be a control character
    if not isinstance(value, str):
        raise table.refusal(key, "wrong_type")
    if not 1 <= len(value.encode()) <= _LONGEST_MARK:
        raise table.refusal(key, "wrong_value", f"1 to {_LONGEST_MARK} characters")
    return value.encode()


def _choice(table: Table, key: str, known: Iterable[str], default: str) -> str:
    if key not in table.values:
        return default
    word = table.text(key)
    if word not in known:
        raise table.refusal(key, "wrong_value", meant(word, known) or " | ".join(known))
    return word


def _number(table: Table, key: str, known: tuple[int, ...], default: int) -> int:
    number = table.number(key)
    if number is None:
        return default
    if number not in known:
        raise table.refusal(key, "wrong_value", " | ".join(map(str, known)))
    return int(number)


def _is(line: Line, port: Any) -> bool:
    """Tell whether a port of this machine is the one of the settings."""
    if not line.usb:
        return bool(port.device == line.port)
    if port.vid is None or port.pid is None:
        return False
    vendor, _, serial = line.usb.partition(":")
    product, _, serial = serial.partition(":")
    same = f"{port.vid:04x}:{port.pid:04x}" == f"{vendor}:{product}"
    return same and serial in ("", (port.serial_number or "").lower())


def _pyserial() -> Any:
    """Import pyserial when a port is first asked for.

    Raises:
        DriverNotLoaded: it is missing.
    """
    try:
        import serial
        import serial.tools.list_ports
    except ImportError as cause:
        raise DriverNotLoaded(driver="serial_reader", detail=str(cause)) from cause
    return serial


def _comports() -> Iterable[Any]:
    ports: Iterable[Any] = _pyserial().tools.list_ports.comports()
    return ports
