"""A serial line without hardware: a pseudo-terminal, one end for the driver, the other for the test."""

import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from drivers.serial_reader import SerialReaderDriver


@dataclass
class SerialLine:
    """The reader's end of the line. `name` is the port that the driver opens."""

    master: int
    slave: int
    name: str
    plugged: bool = True
    threads: list[threading.Thread] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        while data:
            data = data[os.write(self.master, data) :]

    def send_slowly(self, data: bytes, pause_s: float = 0.001) -> None:
        """Send byte after byte from another thread, as a line of low speed does."""

        def pace() -> None:
            rest = threading.Event()
            for byte in data:
                self.send(bytes([byte]))
                rest.wait(pause_s)

        self.threads.append(threading.Thread(target=pace))
        self.threads[-1].start()

    def unplug(self) -> None:
        """Pull the plug: the port goes away."""
        for thread in self.threads:
            thread.join()
        if self.plugged:
            self.plugged = False
            os.close(self.master)
            os.close(self.slave)


@contextmanager
def serial_line() -> Iterator[SerialLine]:
    """Open a line; its port is there until the end."""
    master, slave = os.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    line = SerialLine(master, slave, os.ttyname(slave))
    try:
        yield line
    finally:
        line.unplug()


def serial_driver(line: SerialLine, **settings: Any) -> SerialReaderDriver:
    """Return the driver with this line as its one reader, by its name: no port of the machine is looked at."""
    driver = SerialReaderDriver(ports=lambda: ())
    driver.configure({"ports": [{"port": line.name, "name": "Reader", **settings}]})
    return driver


def port(device: str, vid: int | None = None, pid: int | None = None, serial: str | None = None) -> Any:
    """Return a port as pyserial lists it."""
    return SimpleNamespace(device=device, vid=vid, pid=pid, serial_number=serial)
