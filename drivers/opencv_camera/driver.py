"""The cameras of the settings: found while they are there, opened, and pulled for pictures."""

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import count

from drivers.opencv_camera.source import CameraSource, source_of, wrong
from drivers.opencv_camera.stream import Limits, Stream
from station.devices.cancel import CancelToken
from station.errors import Cancelled, DeviceNotFound
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo
from station.model.image import Frame


class OpenCvCameraDriver:
    """Opens the cameras that the settings name; nothing is searched for. Runs on the driver's lane.

    Its table of settings:
        sources: list of texts, or of tables with `source` and, if wanted, `name` and `serial`. A source is an
            address (http, https, rtsp, rtsps), `index:N`, a video file, or numbered pictures (`img_%03d.jpg`).
        open_timeout_s, read_timeout_s, return_timeout_s: see `Limits`. A cancel that comes while a picture is
            waited for is heard when that wait ends.

    User names, passwords and queries of addresses appear in no id, name, log or failure.
    """

    name = "opencv_camera"

    def __init__(self) -> None:
        """Know no source yet."""
        self._sources: dict[str, CameraSource] = {}
        self._limits = Limits()

    def configure(self, options: dict[str, object]) -> None:
        """Take the sources and the limits.

        Raises:
            SettingsError.
        """
        limits: dict[str, float] = {}
        sources: list[object] = []
        for key, value in options.items():
            if key == "sources" and isinstance(value, list):
                sources = value
            elif key in Limits.__dataclass_fields__ and isinstance(value, int | float) and value >= 0:
                limits[key] = float(value)
            elif key == "sources" or key in Limits.__dataclass_fields__:
                raise wrong(key, "wrong_type")
            else:
                raise wrong(key, "unknown_key", ", ".join(("sources", *Limits.__dataclass_fields__)))
        self._limits = Limits(**limits)
        self._sources = {}
        for number, entry in enumerate(sources):
            source = source_of(f"sources[{number}]", entry, self._sources.keys())
            self._sources[source.info.id] = source

    def find(self) -> Iterator[DeviceInfo]:
        """Name the configured cameras; files and local devices only while they are there."""
        return (source.info for source in self._sources.values() if source.is_there())

    def open(self, info: DeviceInfo) -> "OpenCvCamera":
        """Open a camera, look at its first picture and try what it lets be held.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceTimeout, DriverFault: its pictures are damaged.
        """
        source = self._sources.get(info.id)
        if source is None or not source.is_there():
            raise DeviceNotFound(device=info.id)
        with closing(Stream(source, self._limits, CameraSettings())) as stream:
            return OpenCvCamera(source, self._limits, stream.look())


class OpenCvCamera:
    """A camera of the settings. Every call runs on the camera's lane.

    Between two streams nothing is connected, so there is nothing to close.
    """

    def __init__(self, source: CameraSource, limits: Limits, able: CameraCapabilities) -> None:
        """Take a source that was seen to work."""
        self.info = source.info
        self._source = source
        self._limits = limits
        self._able = able
        self._live: Stream | None = None

    def capabilities(self) -> CameraCapabilities:
        """Say which size came when the camera was opened, and what could be held; no more can be asked."""
        return self._able

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield the live stream until cancelled; files start again at their end and keep their own pace.

        A stream that breaks is opened anew, and its frames are counted on. Their size may change. Damaged
        pictures are skipped. Locks of the settings hold once the automatics had a second to settle.

        Raises:
            DeviceLost: the camera did not come back in time; DeviceTimeout: it is there but sends nothing;
            DriverFault: it sends nothing but damaged pictures.
        """
        with closing(Stream(self._source, self._limits, settings)) as stream:
            self._live = stream
            try:
                for number in count(1):
                    due = time.monotonic() + stream.pace_s
                    pixels = stream.next(cancel)
                    if pixels is None:
                        return
                    yield Frame(pixels, number, time.monotonic())
                    cancel.wait(due - time.monotonic())
            finally:
                self._live = None

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        """Take the next picture that the camera sends; what lies in buffers is older and is skipped.

        Raises:
            Cancelled, DeviceLost, DeviceTimeout, DriverFault.
        """
        cancel.check()
        if self._live is not None:
            self._live.skip_stale()
            pixels = self._live.next(cancel)
        else:
            with closing(Stream(self._source, self._limits, settings)) as stream:
                pixels = stream.next(cancel)
        if pixels is None:
            raise Cancelled(device=self.info.id)
        return Frame(pixels, 1, time.monotonic())

    def close(self) -> None:
        """Do nothing: streams are closed by whoever pulls them."""
