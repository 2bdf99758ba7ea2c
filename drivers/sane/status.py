"""The status codes of SANE (standard 1.06, "Status Type") and what they are in our words."""

from enum import IntEnum

from station.errors import (
    AccessDenied,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DriverFault,
    FeederEmpty,
    PaperJam,
    StationError,
)


class Status(IntEnum):
    """What a call of libsane says about itself."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11


ERRORS: dict[int, type[StationError]] = {
    Status.CANCELLED: Cancelled,
    Status.DEVICE_BUSY: DeviceBusy,
    Status.JAMMED: PaperJam,
    Status.NO_DOCS: FeederEmpty,
    Status.COVER_OPEN: CoverOpen,
    Status.IO_ERROR: DeviceLost,
    Status.ACCESS_DENIED: AccessDenied,
}
"""Once a device is open. What is missing here is a `DriverFault` with the name of the status."""

ERRORS_ON_OPENING = ERRORS | {Status.INVAL: DeviceNotFound, Status.IO_ERROR: DeviceOffline}
"""While it is being opened: libsane calls an unknown name an invalid argument."""


_PLAUSIBLE = range(256)


class SaneRefusal(Exception):
    """A call of libsane that did not end well."""

    def __init__(self, status: int) -> None:
        """Keep the status, which may be one that the standard does not know."""
        super().__init__(status)
        self.status = status


def failure(status: int, table: dict[int, type[StationError]], **facts: object) -> StationError:
    """Turn a status into the error that an operator can act on.

    A number that no backend would choose is none: libsane's net backend hands over what lay in memory when its
    server dies in the middle of an answer. Then the line is broken.
    """
    kind = table.get(status if status in _PLAUSIBLE else Status.IO_ERROR)
    if kind is not None:
        return kind(**facts)
    known = status in Status.__members__.values()
    return DriverFault(detail=Status(status).name if known else f"status {status}", **facts)
