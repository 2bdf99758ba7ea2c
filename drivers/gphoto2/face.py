"""Still cameras in the child process of `outboard`: find and open."""

import os
from collections import Counter
from collections.abc import Iterator

from drivers.gphoto2.camera import Gphoto2Camera
from drivers.gphoto2.handle import Gphoto2Library, Setting
from drivers.gphoto2.status import ERRORS_ON_OPENING, named
from station.errors import DeviceNotFound
from station.model.capability import DeviceInfo, DeviceKind

VIRTUAL = "VCAMERADIR"
"""Where libgphoto2's virtual camera has its pictures. Without it there is none; with it there is no other."""


class Gphoto2Face:
    """The driver in the child. Options: `virtual_dir` (folder), `settings` (a camera's own options by name)."""

    name = "gphoto2"

    def __init__(self) -> None:
        """Load nothing yet."""
        self._library: Gphoto2Library | None = None
        self._own_settings: dict[str, Setting] = {}

    def configure(self, options: dict[str, object]) -> None:
        """Take the options, which `Gphoto2Driver` has checked, before libgphoto2 reads its environment."""
        if "virtual_dir" in options:
            os.environ[VIRTUAL] = str(options["virtual_dir"])
        self._own_settings = dict(options.get("settings", {}))  # type: ignore[call-overload]

    def find(self) -> list[DeviceInfo]:
        """Name the cameras that are there now.

        The port changes with every plug, and only who opens a camera is told its serial number: cameras are
        told apart by their model, two of one model by the order of their ports.

        Raises:
            DriverNotLoaded, DeviceBusy, DriverFault.
        """
        with named(self.name, ERRORS_ON_OPENING):
            return list(self._found())

    def open(self, info: DeviceInfo) -> Gphoto2Camera:
        """Open a camera at the port where it is now.

        Raises:
            DriverNotLoaded, DeviceNotFound, DeviceBusy, DeviceOffline, DriverFault;
            Unsupported: it does not have an option of the settings.
        """
        with named(info.id, ERRORS_ON_OPENING):
            here = next((found for found in self._found() if found.id == info.id), None)
            if here is None:
                raise DeviceNotFound(device=info.id)
            handle = self._loaded().open(here.name, here.address)
        return Gphoto2Camera(info, handle, self._own_settings)

    def _found(self) -> Iterator[DeviceInfo]:
        seen: Counter[str] = Counter()
        for model, port in sorted(self._loaded().cameras(), key=lambda found: found[1]):
            seen[model] += 1
            suffix = f"#{seen[model]}" if seen[model] > 1 else ""
            yield DeviceInfo(
                id=f"{self.name}:{model}{suffix}",
                kind=DeviceKind.CAMERA,
                driver=self.name,
                name=model,
                address=port,
                simulated=VIRTUAL in os.environ,
            )

    def _loaded(self) -> Gphoto2Library:
        if self._library is None:
            self._library = Gphoto2Library()
        return self._library
