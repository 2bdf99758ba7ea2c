"""A thin face of python-gphoto2: only what the driver uses. Runs in the child process of `outboard` alone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from drivers.gphoto2.status import Gphoto2Refusal, Result
from station.errors import DriverNotLoaded

PACKAGE = "gphoto2"

EVENT_PAUSE_MS = 100
EVENTS_S = 3.0
"""A camera that codes a picture twice (raw and JPEG) tells of the second one after the first. Who stays silent
for a pause has no more; after three seconds nobody is asked again."""

Setting = str | int | float
"""What an option of a camera holds: a choice, a switch (0, 1) or a number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture lies in a camera."""

    folder: str
    name: str


class Gphoto2Library:
    """The package, loaded at the first use: it reads its environment then and never again."""

    def __init__(self) -> None:
        """Load it.

        Raises:
            DriverNotLoaded: the package is not installed.
        """
        try:
            import gphoto2
        except ImportError as error:
            raise DriverNotLoaded(driver="gphoto2", detail=PACKAGE) from error
        self._gp: Any = gphoto2

    def cameras(self) -> list[tuple[str, str]]:
        """Name model and port of each camera that can be told to take a picture; card readers cannot."""
        with _calls(self._gp):
            abilities = self._gp.CameraAbilitiesList()
            abilities.load()
            found = self._gp.Camera.autodetect()
            named = [(found.get_name(at), found.get_value(at)) for at in range(found.count())]
            able = self._gp.GP_OPERATION_CAPTURE_IMAGE
            return [
                (model, port)
                for model, port in named
                if abilities[abilities.lookup_model(model)].operations & able
            ]

    def open(self, model: str, port: str) -> "Gphoto2Handle":
        """Open one camera."""
        with _calls(self._gp):
            abilities, ports = self._gp.CameraAbilitiesList(), self._gp.PortInfoList()
            abilities.load()
            ports.load()
            camera = self._gp.Camera()
            camera.set_abilities(abilities[abilities.lookup_model(model)])
            camera.set_port_info(ports[ports.lookup_path(port)])
            camera.init()
        return Gphoto2Handle(self._gp, camera)


class Gphoto2Handle:
    """One open camera. Every call may raise `Gphoto2Refusal`."""

    def __init__(self, gp: Any, camera: Any) -> None:
        """Speak to `camera` through the package."""
        self._gp = gp
        self._camera = camera

    def capture(self) -> Place:
        """Take a picture and say where it lies."""
        with _calls(self._gp):
            place = self._camera.capture(self._gp.GP_CAPTURE_IMAGE)
            return Place(place.folder, place.name)

    def added(self) -> Iterator[Place]:
        """Yield where more pictures lie that the camera has made since it was last asked."""
        end = time.monotonic() + EVENTS_S
        while time.monotonic() < end:
            with _calls(self._gp):
                kind, told = self._camera.wait_for_event(EVENT_PAUSE_MS)
                if kind == self._gp.GP_EVENT_TIMEOUT:
                    return
                place = Place(told.folder, told.name) if kind == self._gp.GP_EVENT_FILE_ADDED else None
            if place is not None:
                yield place

    def fetch(self, place: Place) -> bytes:
        """Return the bytes of a picture."""
        with _calls(self._gp):
            file = self._camera.file_get(place.folder, place.name, self._gp.GP_FILE_TYPE_NORMAL)
            return bytes(memoryview(file.get_data_and_size()))

    def delete(self, place: Place) -> None:
        """Delete a picture from the camera."""
        with _calls(self._gp):
            self._camera.file_delete(place.folder, place.name)

    def preview(self) -> bytes:
        """Return one coded picture of the live view."""
        with _calls(self._gp):
            return bytes(memoryview(self._camera.capture_preview().get_data_and_size()))

    def read(self, name: str) -> Setting:
        """Return what an option holds."""
        with _calls(self._gp):
            value: Setting = self._camera.get_single_config(name).get_value()
            return value

    def write(self, name: str, value: Setting) -> None:
        """Set an option. What it does not offer never reaches the library: that was seen to crash on it."""
        gp = self._gp
        with _calls(gp):
            option = self._camera.get_single_config(name)
            kind = option.get_type()
            if kind in (gp.GP_WIDGET_RADIO, gp.GP_WIDGET_MENU):
                offered = value in [option.get_choice(at) for at in range(option.count_choices())]
            else:
                offered = isinstance(value, str) == (kind == gp.GP_WIDGET_TEXT)
            if not offered or option.get_readonly():
                raise Gphoto2Refusal(Result.BAD_PARAMETERS)
            option.set_value(float(value) if kind == gp.GP_WIDGET_RANGE else value)
            self._camera.set_single_config(name, option)

    def close(self) -> None:
        """Give the camera back."""
        with _calls(self._gp):
            self._camera.exit()


@contextmanager
def _calls(gp: Any) -> Iterator[None]:
    try:
        yield
    except gp.GPhoto2Error as error:
        raise Gphoto2Refusal(error.code) from error
