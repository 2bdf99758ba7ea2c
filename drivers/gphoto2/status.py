"""The result codes of libgphoto2 (gphoto2-result.h, gphoto2-port-result.h) and what they are in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from station.errors import (
    CameraFull,
    Cancelled,
    DeviceBusy,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    StationError,
)


class Result(IntEnum):
    """What a call of libgphoto2 says about itself."""

    ERROR = -1
    BAD_PARAMETERS = -2
    NO_MEMORY = -3
    LIBRARY = -4
    UNKNOWN_PORT = -5
    NOT_SUPPORTED = -6
    IO = -7
    TIMEOUT = -10
    IO_INIT = -31
    IO_READ = -34
    IO_WRITE = -35
    IO_USB_CLEAR_HALT = -51
    IO_USB_FIND = -52
    IO_USB_CLAIM = -53
    IO_LOCK = -60
    CORRUPTED_DATA = -102
    MODEL_NOT_FOUND = -105
    DIRECTORY_NOT_FOUND = -107
    FILE_NOT_FOUND = -108
    CAMERA_BUSY = -110
    CANCEL = -112
    CAMERA_ERROR = -113
    OS_FAILURE = -114
    NO_SPACE = -115


BUSY = frozenset({Result.CAMERA_BUSY, Result.IO_LOCK, Result.IO_USB_CLAIM})
GONE = frozenset({Result.FILE_NOT_FOUND, Result.DIRECTORY_NOT_FOUND})
"""A file that is not there any more; many cameras drop a picture from their memory once it was fetched."""

ERRORS: dict[int, type[StationError]] = dict.fromkeys(BUSY, DeviceBusy) | {
    Result.UNKNOWN_PORT: DeviceLost,
    Result.IO: DeviceLost,
    Result.IO_INIT: DeviceLost,
    Result.IO_READ: DeviceLost,
    Result.IO_WRITE: DeviceLost,
    Result.IO_USB_CLEAR_HALT: DeviceLost,
    Result.IO_USB_FIND: DeviceLost,
    Result.MODEL_NOT_FOUND: DeviceLost,
    Result.TIMEOUT: DeviceTimeout,
    Result.CANCEL: Cancelled,
    Result.NO_SPACE: CameraFull,
}
"""Once a camera is open. What is missing here is a `DriverFault` with the name of the code."""

ERRORS_ON_OPENING = (
    ERRORS
    | {code: DeviceOffline for code, kind in ERRORS.items() if kind is DeviceLost}
    | dict.fromkeys((Result.UNKNOWN_PORT, Result.IO_USB_FIND, Result.MODEL_NOT_FOUND), DeviceNotFound)
)


class Gphoto2Refusal(Exception):
    """A call of libgphoto2 that did not end well."""

    def __init__(self, code: int) -> None:
        """Keep the code, which may be one that is not in our table."""
        super().__init__(code)
        self.code = code


@contextmanager
def named(device: str, table: dict[int, type[StationError]]) -> Iterator[None]:
    """Turn a refusal into the error that an operator can act on."""
    try:
        yield
    except Gphoto2Refusal as refusal:
        kind = table.get(refusal.code)
        if kind is not None:
            raise kind(device=device) from refusal
        known = refusal.code in Result.__members__.values()
        name = Result(refusal.code).name if known else f"code {refusal.code}"
        raise DriverFault(device=device, detail=name) from refusal
