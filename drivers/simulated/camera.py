"""A camera before which an invented person stands, holds up a paper, or moves a calibration target about."""

import math
import time
from collections.abc import Generator

from drivers.simulated.board import Lens, MovedBoard
from drivers.simulated.faults import Cable
from drivers.simulated.held import held
from drivers.simulated.people import SWAY_PX, grainy, seen
from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.errors import Cancelled
from station.model.capability import CameraCapabilities, CameraSettings, DeviceInfo, FrameSize
from station.model.image import Frame, Pixels
from station.model.specimen import MOMENT_S, POSE_S, FaultKind, Paper, Sitter

SIZES = (FrameSize(1920, 1080, 30.0), FrameSize(1280, 720, 30.0))
CAPABILITIES = CameraCapabilities(sizes=SIZES, still_size=(SIZES[0].width_px, SIZES[0].height_px))
SWAY_PERIOD_FRAMES = 90


class SimulatedCamera:
    """Fulfils `station.devices.device.Camera`; used on one lane.

    A frame is a window that sways by a few pixels over a picture drawn once, and new noise: little work, and no
    frame like another.
    """

    def __init__(self, info: DeviceInfo, stage: Stage) -> None:
        """Open the camera."""
        self.info = info
        self._stage = stage
        self._cable = Cable(stage, info.id)
        self._act: tuple[Sitter, ...] = ()
        self._began_s = 0.0
        self._moved: tuple[Paper, float] | None = None
        self._boards: dict[FrameSize, MovedBoard] = {}
        self._moved_frames = 0
        self._pose_frames = 1

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
        self._pose_frames = max(1, round(POSE_S / pause_s))
        number = 0
        frozen: Pixels | None = None
        try:
            while True:
                number += 1
                due = time.monotonic() + pause_s
                cancel.check()
                self._cable.check()
                pixels = self._look(size, number) if frozen is None else frozen
                if self._stage.strike(self.info.id, number, {FaultKind.FREEZE}):
                    frozen = pixels
                self._cable.suffer(number, cancel)
                yield Frame(pixels, number, time.monotonic())
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
        target = self._stage.held
        if target is not None and target[0].drawing is not None:
            return grainy(self._board(target, size, number), self._stage.sitter.noise, number)
        sitter = self._sitter(size)
        scene = self._scene(sitter, size)
        turn = 2 * math.pi * number / SWAY_PERIOD_FRAMES
        left = SWAY_PX + round(SWAY_PX * math.sin(turn))
        top = SWAY_PX + round(SWAY_PX / 2 * math.sin(2 * turn))
        window = scene[top : top + size.height_px, left : left + size.width_px]
        return grainy(window, sitter.noise, number)

    def _board(self, held: tuple[Paper, float], size: FrameSize, number: int) -> Pixels:
        """Return the target in its present pose: frames of the stream move it on, a still does not.

        Counted by frames, so that each pose is seen by a slow station too.
        """
        if held is not self._moved:
            self._moved, self._moved_frames = held, 0
            self._boards.clear()
        if size not in self._boards:
            self._boards[size] = MovedBoard(held[0], Lens.at(size.width_px, size.height_px))
        pose = self._moved_frames // self._pose_frames
        self._moved_frames += number > 0
        return self._boards[size].picture(pose)

    def _sitter(self, size: FrameSize) -> Sitter:
        """Return who sits there in this moment; all moments are drawn before the first is shown."""
        act = self._stage.sitters
        if act is not self._act:
            for sitter in act:
                self._scene(sitter, size)
            self._act, self._began_s = act, time.monotonic()
        passed = int((time.monotonic() - self._began_s) / MOMENT_S)
        return act[min(passed, len(act) - 1)]

    def _scene(self, sitter: Sitter, size: FrameSize) -> Pixels:
        paper = self._stage.held
        if paper is None:
            return seen(sitter, size.width_px, size.height_px)
        return held(*paper, sitter, size.width_px, size.height_px)
