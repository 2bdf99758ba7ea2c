"""A camera before which an invented person stands, or holds up a paper."""

import math
import time
from collections.abc import Generator

import numpy as np

from drivers.simulated.faults import Cable
from drivers.simulated.held import held
from drivers.simulated.people import SWAY_PX, seen
from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.errors import Cancelled
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, FrameSize
from station.model.image import Frame, Pixels

SIZES = (FrameSize(1920, 1080, 30.0), FrameSize(1280, 720, 30.0))
CAPABILITIES = CameraCapabilities(sizes=SIZES, still_size=(SIZES[0].width_px, SIZES[0].height_px))
SWAY_PERIOD_FRAMES = 90


class SimulatedCamera:
    """Fulfils `station.devices.device.Camera`; used on one lane.

    A frame is a window that sways by a few pixels over a picture drawn once, so it costs one copy.
    """

    def __init__(self, info: DeviceInfo, stage: Stage) -> None:
        """Open the camera."""
        self.info = info
        self._stage = stage
        self._cable = Cable(stage, info.id)

    def capabilities(self) -> CameraCapabilities:
        """Say what the camera can do."""
        return CAPABILITIES

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        """Yield the live stream at the nearest size and at most 30 frames a second, until cancelled.

        Raises:
            DeviceLost, DeviceOffline, DeviceBusy: and every scripted trouble.
        """
        size = min(SIZES, key=lambda offered: abs(offered.width_px - settings.width_px))
        pause_s = 1 / min(max(settings.fps, 1.0), size.fps)
        number = 0
        try:
            while True:
                number += 1
                due = time.monotonic() + pause_s
                cancel.check()
                self._cable.check()
                self._cable.suffer(number, cancel)
                yield Frame(self._look(size, number), number, time.monotonic())
                self._cable.wait(due - time.monotonic(), cancel)
        except Cancelled:
            return

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        """Take one picture at 1920 x 1080, whatever the size of the stream.

        Raises:
            Cancelled, DeviceLost, DeviceOffline.
        """
        cancel.check()
        self._cable.check()
        return Frame(self._look(SIZES[0], 0), 1, time.monotonic())

    def close(self) -> None:
        """Give the device back; a second time does nothing."""
        self._cable.close()

    def _look(self, size: FrameSize, number: int) -> Pixels:
        scene = self._scene(size)
        turn = 2 * math.pi * number / SWAY_PERIOD_FRAMES
        left = SWAY_PX + round(SWAY_PX * math.sin(turn))
        top = SWAY_PX + round(SWAY_PX / 2 * math.sin(2 * turn))
        window: Pixels = np.ascontiguousarray(scene[top : top + size.height_px, left : left + size.width_px])
        return window

    def _scene(self, size: FrameSize) -> Pixels:
        sitter, paper = self._stage.sitter, self._stage.held
        if paper is None:
            return seen(sitter, size.width_px, size.height_px)
        return held(*paper, sitter, size.width_px, size.height_px)
