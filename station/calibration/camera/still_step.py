"""The third step: an unmoving scene for exposure and frame rate, then flashes of the screen for the latency."""

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.flat_field import cells_of
from station.calibration.camera.light import Level, level_of
from station.calibration.camera.look import NOT_MEASURED, Found, Look, open_figures
from station.calibration.camera.steadiness import (
    STEADY_FRAMES,
    TIMED_FRAMES,
    exposure_steadiness,
    frame_rate,
    latency,
)
from station.model.calibration import Curve, Figure
from station.model.image import Frame

Floats = NDArray[np.float64]

FLASHES = 3
HOLD_FRAMES = 20
"""For which the screen stays dark, and bright once it was lit: two thirds of a second of most cameras."""

WAIT_FRAMES = 90
"""For the window to say that it lit the screen; then nobody does."""

_MOST_STAMPS = 600
_MOVED = 0.15
"""Of a cell's light beside the whole frame's: more is a movement, a flicker changes all cells alike. Ours."""

_LEAST_CELL = 0.02
"""Of full scale: keeps noise of dark cells from looking like movement."""

_DARKEST = 0.01

_RATE = {"frame_rate": "1/s", "frame_jitter": "ms", "frames_late": "%"}


class StillStep:
    """Follows light and time stamps; one thread at a time.

    Reasons of its looks: moving (the count begins again), clipped, too_dark; then flash: the scene is to be lit
    by the screen, `Look.flash` says how.
    """

    def __init__(self) -> None:
        """Begin without a frame."""
        self.done = False
        self._levels: deque[Level] = deque(maxlen=STEADY_FRAMES)
        self._stamps: deque[float] = deque(maxlen=_MOST_STAMPS)
        self._before: Floats | None = None
        self._flashing = False
        self._bright = False
        self._held = 0
        self._lit_at: list[float] = []
        self._light: list[tuple[float, float]] = []
        self._confirmed = False
        self._silent = False

    def look(self, frame: Frame) -> Look:
        """Look at a frame."""
        level = level_of(frame.pixels)
        reason = self._flash(frame, level) if self._flashing else self._steady(frame, level)
        return Look(
            *("still", reason),
            views=len(self._levels),
            views_needed=STEADY_FRAMES,
            flash=self._bright if self._flashing and not self.done else None,
        )

    def lit(self, at: float) -> None:
        """Take the time (seconds, of the clock of `Frame.taken_at`) at which the screen became bright."""
        if self._bright and len(self._lit_at) < FLASHES and not self._confirmed:
            self._lit_at.append(at)
            self._confirmed = True
            self._held = 0

    def skip(self) -> None:
        """Leave out what is not measured yet."""
        self.done = True

    def found(self, _: Mapping[str, float]) -> Found:
        """Return what light and stamps told."""
        if len(self._levels) < STEADY_FRAMES:
            steadiness = Figure("exposure_steadiness", "%", reason=NOT_MEASURED)
        else:
            steadiness = exposure_steadiness(tuple(self._levels))
        rate = frame_rate(tuple(self._stamps)) if len(self._stamps) >= TIMED_FRAMES else open_figures(_RATE)
        mean = np.mean([level.y for level in self._levels]) if self._levels else 1.0
        points = tuple((float(n), float(100 * level.y / mean)) for n, level in enumerate(self._levels, 1))
        curves = (Curve("level_over_frames", "frame", "%", points),) if points else ()
        return Found((steadiness, *rate, self._latency()), curves=curves)

    def _steady(self, frame: Frame, level: Level) -> str:
        self._stamps.append(frame.taken_at)
        cells = cells_of(frame.pixels)
        share = cells / max(float(cells.mean()), _DARKEST)
        before, self._before = self._before, share
        reason = "clipped" if level.clipped else "too_dark" if level.y < _DARKEST else ""
        if before is not None and (np.abs(share - before) / np.maximum(before, _LEAST_CELL)).max() > _MOVED:
            reason = "moving"
            self._levels.clear()
        if not reason:
            self._levels.append(level)
            self._flashing = len(self._levels) >= STEADY_FRAMES
        return reason

    def _flash(self, frame: Frame, level: Level) -> str:
        """Let the screen be dark for a while, then bright until it was confirmed and for a while more."""
        self._light.append((frame.taken_at, level.y))
        self._held += 1
        if self._bright and not self._confirmed:
            self._silent = self.done = self._held > WAIT_FRAMES
        elif self._held >= HOLD_FRAMES:
            self.done = self._bright and len(self._lit_at) >= FLASHES
            self._bright, self._confirmed, self._held = not self._bright, False, 0
        return "flash"

    def _latency(self) -> Figure:
        if self._silent:
            return Figure("latency", "ms", reason="not_confirmed")
        if len(self._lit_at) < FLASHES:
            return Figure("latency", "ms", reason=NOT_MEASURED)
        times, light = zip(*self._light, strict=True)
        return latency(self._lit_at, times, light)
