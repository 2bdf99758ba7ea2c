"""What a device is: blocking, pull-based, owned by one thread.

The caller runs every call on the device's lane and closes each generator (`contextlib.closing`), so a driver
needs no lock and no thread. Resources die in `finally`. No callback, no state getter, no bag of settings.
"""

from collections.abc import Generator
from typing import Protocol

from station.devices.cancel import CancelToken
from station.model.capability import (
    CameraCapabilities,
    CameraSettings,
    DeviceInfo,
    ReaderCapabilities,
    ScannerCapabilities,
    ScanSettings,
)
from station.model.image import Frame, Page
from station.model.swipe import Swipe


class Scanner(Protocol):
    """A document scanner that was opened."""

    info: DeviceInfo

    def capabilities(self) -> ScannerCapabilities:
        """Say what the scanner can do; asked once after opening, may take seconds."""
        ...

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield pages as they come: one from the flatbed, all that lie in the feeder.

        Pages already yielded stay good whatever comes after. A cancel between or in pages raises `Cancelled`.

        Raises:
            Cancelled, FeederEmpty, PaperJam, CoverOpen, DeviceBusy, DeviceLost, DeviceTimeout, PageTruncated,
            Unsupported: before the first page when settings are not offered; DriverFault: anything else.
        """
        ...

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        ...


class Pressable(Protocol):
    """A device with keys that a person presses: one whose capabilities name `buttons`."""

    def pressed(self) -> tuple[str, ...]:
        """Return the buttons that are down now, or were pressed since they were last asked for.

        Asked twice a second between two scans, on the device's lane; returns within a second.

        Raises:
            DeviceBusy, DeviceLost, DeviceTimeout, DriverFault.
        """
        ...


class Camera(Protocol):
    """A camera that was opened."""

    info: DeviceInfo

    def capabilities(self) -> CameraCapabilities:
        """Say what the camera can do."""
        ...

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield the live stream until cancelled (the generator then ends) or closed.

        Damaged pictures are skipped. Frames are RGB whatever the camera sees, and their size may change.

        Raises:
            DeviceLost, DeviceTimeout, DeviceBusy, DriverFault: also when nothing but damaged pictures comes;
            Unsupported: before the first frame, of a camera whose capabilities say that `live` is False.
        """
        ...

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        """Take one picture at the camera's best; also between two frames of `frames`, on the same thread.

        Raises:
            Cancelled, DeviceLost, DeviceTimeout, DeviceBusy, DriverFault; CameraFull: no room for the picture;
            PictureError: the camera coded this one wrongly. It was not kept, and the next may be whole.
        """
        ...

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        ...


class Reader(Protocol):
    """A reader of documents, codes or cards that was opened. How it wraps its frames is the driver's own."""

    info: DeviceInfo

    def capabilities(self) -> ReaderCapabilities:
        """Say what the reader can send."""
        ...

    def read(self, cancel: CancelToken) -> Generator[Swipe]:
        """Yield what is swiped until cancelled (the generator then ends) or closed.

        What was swiped before it was opened is lost: it was another person's.

        Raises:
            DeviceLost, DeviceOffline, DeviceBusy, DriverFault.
        """
        ...

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        ...


Device = Scanner | Camera | Reader
"""Whatever a driver opens."""
