"""The guided calibration of one camera, from its first live frame to its figures."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from station.calibration.camera.board import Board
from station.calibration.camera.board_step import BoardStep
from station.calibration.camera.card_step import CardStep
from station.calibration.camera.look import Look, Step
from station.calibration.camera.still_step import StillStep
from station.model.calibration import Analysis
from station.model.image import Frame, Pixels

_NO_BASELINE: Mapping[str, float] = MappingProxyType({})

_FROZEN = 5
"""Frames alike to the last bit: noise makes no two the same. Fewer a camera may repeat in poor light."""

_LINES = 4
"""Of so many lines one is compared."""


class CameraSession:
    """Asks for the board, then an even card, then an unmoving scene; one thread at a time.

    It keeps views, sums and times, never frames. Reasons that any step may give: other_size (the frame is not
    of the session's first size), frozen (the same frame again and again), bad_stamps (the frame is not later
    than the one before it); for the others see the steps.
    """

    def __init__(self, board: Board) -> None:
        """Begin with the board as it was measured."""
        self._still = StillStep()
        self._steps: dict[str, Step] = {"board": BoardStep(board), "card": CardStep(), "still": self._still}
        self._last = Look("board")
        self._size: tuple[int, int] | None = None
        self._stamp = -np.inf
        self._print = 0
        self._alike = 0

    @property
    def complete(self) -> bool:
        """Whether all steps are done or were skipped."""
        return all(step.done for step in self._steps.values())

    @property
    def step(self) -> str:
        """The step that is under way; the last one when all are done."""
        return next((name for name, step in self._steps.items() if not step.done), "still")

    def look(self, frame: Frame) -> Look:
        """Look at a live frame, which may end a step: the answer is that of the step it was looked at for."""
        if self.complete:
            return replace(self._last, complete=True)
        name = self.step
        reason = self._useless(frame)
        if not reason:
            self._last = self._steps[name].look(frame)
        elif self._last.step == name:
            self._last = replace(self._last, reason=reason, outline=())
        else:
            self._last = Look(name, reason)
        self._last = replace(self._last, complete=self.complete)
        return self._last

    def lit(self, at: float) -> None:
        """Take the time (seconds, of the clock of `Frame.taken_at`) at which the window made the screen bright.

        Asked for by `Look.flash`; at any other time it is of no account.
        """
        self._still.lit(at)

    def skip(self) -> None:
        """Leave the step that is under way: what it has not measured yet stays `not_measured`."""
        if not self.complete:
            self._steps[self.step].skip()

    def finish(self, baseline: Mapping[str, float] = _NO_BASELINE) -> Analysis:
        """Return all figures, those of steps that were not ended with their reason.

        `baseline` is what this camera reached on the day of commissioning, by measure: focus_sfr50 is asked.
        """
        found = [step.found(baseline) for step in self._steps.values()]
        return Analysis(
            None,
            tuple(figure for one in found for figure in one.figures),
            tuple(drawn for one in found for drawn in one.maps),
            tuple(curve for one in found for curve in one.curves),
        )

    def _useless(self, frame: Frame) -> str:
        """Return why a frame says nothing, whatever the step; "" for a good one."""
        height, width = frame.pixels.shape[:2]
        self._size = self._size or (width, height)
        if self._size != (width, height):
            return "other_size"
        if frame.taken_at <= self._stamp:
            return "bad_stamps"
        self._stamp = frame.taken_at
        seen = zlib.crc32(frame.pixels[::_LINES].tobytes())
        self._alike = self._alike + 1 if seen == self._print else 0
        self._print = seen
        return "frozen" if self._alike >= _FROZEN and not _is_flat(frame.pixels) else ""


def _is_flat(pixels: Pixels) -> bool:
    """Tell whether all pixels are one level: a covered lens and one in full light may well give that twice."""
    return int(pixels.max()) == int(pixels.min())
