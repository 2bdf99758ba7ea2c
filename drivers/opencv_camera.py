"""The driver `opencv_camera`: cameras on the network or on this machine, and files played as cameras."""

import os
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from station.devices.cancel import CancelToken
from station.errors import (
    Cancelled,
    DeviceError,
    DeviceLost,
    DeviceNotFound,
    DeviceOffline,
    DeviceTimeout,
    SettingsError,
)
from station.imaging.cv import cv
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, DeviceKind, FrameSize
from station.model.image import Frame, Pixels

NETWORK_SCHEMES = frozenset({"http", "https", "rtsp", "rtsps"})
INDEX = "index:"

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
"""Pauses between attempts to reach a camera again: each twice the last."""

WAITED_S = 0.005
"""A picture that took longer was waited for; one that came faster had lain in a buffer."""

MOST_STALE = 250
"""How many pictures a buffer may hold (10 s at 25 a second): no stream is skipped for ever."""

JPEG_BEGIN, JPEG_END = b"\xff\xd8", b"\xff\xd9"
JPEG_PADDING = b"\0\r\n"
TAIL_BYTES = 16


class Reach(Enum):
    """How a source is reached."""

    NETWORK = auto()
    DEVICE = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A source that the settings name. `target` is what OpenCV opens; it may hold a password."""

    reach: Reach
    info: DeviceInfo
    target: str | int = field(repr=False)

    def is_there(self) -> bool:
        """Tell whether the source exists, as far as that can be seen without opening it."""
        if self.reach is Reach.FILE:
            return "%" in str(self.target) or Path(str(self.target)).is_file()
        if self.reach is Reach.DEVICE and sys.platform == "linux":
            return Path(f"/dev/video{self.target}").exists()
        return True


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds: to open, for a picture, for a lost camera to come back."""

    open_timeout_s: float = 10.0
    read_timeout_s: float = 5.0
    return_timeout_s: float = 20.0


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
                raise _wrong(key, "wrong_type")
            else:
                raise _wrong(key, "unknown_key", ", ".join(("sources", *Limits.__dataclass_fields__)))
        self._limits = Limits(**limits)
        self._sources = {}
        for number, entry in enumerate(sources):
            source = _source(f"sources[{number}]", entry, self._sources.keys())
            self._sources[source.info.id] = source

    def find(self) -> Iterator[DeviceInfo]:
        """Name the configured cameras; files and local devices only while they are there."""
        return (source.info for source in self._sources.values() if source.is_there())

    def open(self, info: DeviceInfo) -> "OpenCvCamera":
        """Open a camera and look at its first picture.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceTimeout.
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

    def __init__(self, source: CameraSource, limits: Limits, size: FrameSize) -> None:
        """Take a source that was seen to work at `size`."""
        self.info = source.info
        self._source = source
        self._limits = limits
        self._size = size
        self._live: Stream | None = None

    def capabilities(self) -> CameraCapabilities:
        """Say which size came when the camera was opened; what else it has cannot be asked."""
        return CameraCapabilities(sizes=(self._size,))

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield the live stream until cancelled; files start again at their end and keep their own pace.

        A stream that breaks is opened anew, and its frames are counted on. Their size may change.

        Raises:
            DeviceLost: the camera did not come back in time; DeviceTimeout: it is there but sends nothing.
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
            Cancelled, DeviceLost, DeviceTimeout.
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


class Stream:
    """Pictures of one source, over as many connections as it takes."""

    def __init__(self, source: CameraSource, limits: Limits, settings: CameraSettings) -> None:
        """Connect at the first picture."""
        self._source = source
        self._limits = limits
        self._settings = settings
        self._patience_s = min(limits.open_timeout_s, limits.read_timeout_s)
        self._capture: Any = None
        self._raw = False
        self._seen = 0
        self.pace_s = 0.0

    def look(self) -> FrameSize:
        """Connect once, without patience, and say what comes.

        Raises:
            DeviceOffline, DeviceTimeout.
        """
        began = time.monotonic()
        pixels = self._attempt()
        while pixels is None and self._capture is not None and not self._is_late(began):
            pixels = self._attempt()  # the one before was damaged
        if pixels is None:
            raise self._failure(began, DeviceOffline)
        fps = float(self._capture.get(cv().CAP_PROP_FPS))
        return FrameSize(pixels.shape[1], pixels.shape[0], fps if fps > 0 else self._settings.fps)

    def next(self, cancel: CancelToken) -> Pixels | None:
        """Wait for the next whole picture; None when cancelled."""
        lost_at: float | None = None
        pause_s = FIRST_PAUSE_S
        while not cancel.cancelled:
            began = time.monotonic()
            pixels = self._attempt()
            if pixels is not None:
                return pixels
            if self._restarts():
                continue
            lost_at = began if lost_at is None else lost_at
            if time.monotonic() - lost_at >= self._limits.return_timeout_s:
                raise self._failure(began, DeviceLost)
            if self._capture is None:
                cancel.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return None

    def skip_stale(self) -> None:
        """Take pictures out of the buffer until one had to be waited for; files have no buffer."""
        if self._source.reach is Reach.FILE or self._capture is None:
            return
        for _ in range(MOST_STALE):
            began = time.monotonic()
            if not self._capture.grab() or time.monotonic() - began > WAITED_S:
                return

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _attempt(self) -> Pixels | None:
        """Read one picture, after connecting if need be; None when it is damaged or the connection is gone."""
        if self._capture is None:
            self._connect()
        there, picture = self._capture.read()
        if not there:
            # A capture that failed once never works again, even when the camera is back.
            self.close()
            return None
        pixels: Pixels | None = _decoded(picture) if self._raw else cv().cvtColor(picture, cv().COLOR_BGR2RGB)
        self._seen += pixels is not None
        return pixels

    def _restarts(self) -> bool:
        """Tell whether a file has come to its end, so that it starts again."""
        ended = self._source.reach is Reach.FILE and self._seen > 0
        self._seen = 0
        return ended

    def _connect(self) -> None:
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # it would write addresses to standard error
        self._capture = _OPENERS[self._source.reach](self._source.target, self._limits, self._settings)
        if self._source.reach is Reach.FILE:
            fps = float(self._capture.get(cv().CAP_PROP_FPS))
            self.pace_s = 1 / min(fps if fps > 0 else self._settings.fps, self._settings.fps)
        if self._source.reach is Reach.NETWORK:
            # FFmpeg fills what is missing of a damaged JPEG with the picture before it, which may show another
            # person: we take the coded pictures and decode whole ones only.
            motion_jpeg = cv().VideoWriter.fourcc(*"MJPG") == int(self._capture.get(cv().CAP_PROP_FOURCC))
            self._raw = motion_jpeg and self._capture.set(cv().CAP_PROP_FORMAT, -1)

    def _failure(self, began: float, otherwise: type[DeviceError]) -> DeviceError:
        """Tell a camera that hangs from one that is gone, by how long the last attempt took."""
        if self._is_late(began):
            return DeviceTimeout(device=self._source.info.id, seconds=self._patience_s)
        return otherwise(device=self._source.info.id)

    def _is_late(self, began: float) -> bool:
        return time.monotonic() - began >= self._patience_s


def _open_network(target: str, limits: Limits, _: CameraSettings) -> Any:
    limits_ms = [
        cv().CAP_PROP_OPEN_TIMEOUT_MSEC,
        round(limits.open_timeout_s * 1000),
        cv().CAP_PROP_READ_TIMEOUT_MSEC,
        round(limits.read_timeout_s * 1000),
    ]
    return cv().VideoCapture(target, cv().CAP_FFMPEG, limits_ms)


def _open_device(target: int, _: Limits, settings: CameraSettings) -> Any:
    # Without a name OpenCV tries all its ways and complains on standard error.
    capture = cv().VideoCapture(target, cv().CAP_V4L2 if sys.platform == "linux" else cv().CAP_ANY)
    # Uncompressed, USB cameras give 5 frames a second at full size.
    capture.set(cv().CAP_PROP_FOURCC, cv().VideoWriter.fourcc(*"MJPG"))
    capture.set(cv().CAP_PROP_FRAME_WIDTH, settings.width_px)
    capture.set(cv().CAP_PROP_FRAME_HEIGHT, settings.height_px)
    capture.set(cv().CAP_PROP_FPS, settings.fps)
    capture.set(cv().CAP_PROP_BUFFERSIZE, 1)
    return capture


def _open_file(target: str, _: Limits, __: CameraSettings) -> Any:
    return cv().VideoCapture(target, cv().CAP_FFMPEG)


_OPENERS: dict[Reach, Any] = {
    Reach.NETWORK: _open_network,
    Reach.DEVICE: _open_device,
    Reach.FILE: _open_file,
}


def _decoded(coded: Any) -> Pixels | None:
    """Decode a JPEG to RGB; None when it is not whole."""
    coded = coded.reshape(-1)
    tail = coded[-TAIL_BYTES:].tobytes().rstrip(JPEG_PADDING)
    if coded[:2].tobytes() != JPEG_BEGIN or not tail.endswith(JPEG_END):
        return None
    pixels: Pixels | None = cv().imdecode(coded, cv().IMREAD_COLOR_RGB)
    return pixels


def _source(key: str, entry: object, taken: Any) -> CameraSource:
    """Understand one source; its failures name the place in the settings, never the text."""
    fields: dict[str, Any] = entry if isinstance(entry, dict) else {"source": entry}
    if unknown := fields.keys() - {"source", "name", "serial"}:
        raise _wrong(f"{key}.{min(unknown)}", "unknown_key", "source, name, serial")
    if "source" not in fields or not all(isinstance(text, str) and text for text in fields.values()):
        raise _wrong(key, "wrong_type")
    reach, target, address, name = _understood(key, fields["source"])
    if f"opencv_camera:{address}" in taken:
        # Two cameras behind one address differ in the query, which may hold a password.
        address += next(f"#{number}" for number in count(2) if f"opencv_camera:{address}#{number}" not in taken)
    info = DeviceInfo(
        id=f"opencv_camera:{address}",
        kind=DeviceKind.CAMERA,
        driver="opencv_camera",
        name=fields.get("name", name),
        address=address,
        serial=fields.get("serial"),
        simulated=reach is Reach.FILE,
    )
    return CameraSource(reach, info, target)


def _understood(key: str, text: str) -> tuple[Reach, str | int, str, str]:
    """Return how it is reached, what OpenCV opens, the address without secrets, and a name."""
    scheme = text.partition("://")[0].lower()
    if scheme in NETWORK_SCHEMES:
        try:
            parts = urlsplit(text)
        except ValueError:
            raise _wrong(key, "not_an_address") from None
        host = parts.netloc.rpartition("@")[2]
        if not host or "@" in parts.path:  # then a password holds signs that must be coded
            raise _wrong(key, "not_an_address", "%2F %40 %3A")
        return Reach.NETWORK, text, f"{scheme}://{host}{parts.path}", host
    if text.startswith(INDEX):
        number = text.removeprefix(INDEX)
        if not number.isdecimal():
            raise _wrong(key, "not_a_number", f"{INDEX}0")
        return Reach.DEVICE, int(number), text, f"Camera {number}"
    return Reach.FILE, text, text, Path(text).name


def _wrong(key: str, problem: str, suggestion: str = "") -> SettingsError:
    return SettingsError(where="opencv_camera", key=key, problem=problem, suggestion=suggestion)
