"""The second step: an even light card fills the frame, out of focus, for the lens's fall-off and for white."""

from collections import deque
from collections.abc import Mapping
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.flat_field import LEAST_FRAMES, Field, cells_of, measure_field
from station.calibration.camera.light import level_of
from station.calibration.camera.look import Found, Look, open_figures
from station.calibration.camera.scene import white_gains
from station.calibration.lab import lab_of_light
from station.calibration.patches import CLIPPED_MOST, LEAST_SIDE_PX
from station.model.calibration import Figure, Map
from station.model.image import Frame, Pixels

Floats = NDArray[np.float64]

_COVERED = 0.005
"""Of full scale, in light: no card is so dark, a lens that is covered leaves its noise."""

_DARKEST = 0.05
"""Of full scale, in light: below, the card is not lit."""

_STEP = 0.1
"""Of its light, by which a cell may differ from the next one: a lens that loses half to the corners has 0.06
there, an edge of anything more. Ours."""

_LEAST_CELL = 0.02
"""Of full scale: keeps noise of dark cells from looking like edges."""

_PATCH = 8
"""A patch of white is so many parts of each side, at the middle and at a quarter to both sides of it."""

_FACE = 3
"""The face is expected in the middle one of so many parts of each side."""

_FULL = 255

_WHITE = {"white_gain_red": "", "white_gain_blue": "", "white_evenness": "dE_ab"}
"""white_evenness: the largest difference of a* and b* between the middle and either side, 0 and up."""


class CardStep:
    """Adds frames of the card up; one thread at a time.

    Frames of a covered lens are taken as they come, for the darkness, before or between those of the card;
    without them dark_level is not measured and none is taken off. Reasons of its looks: covered (sixteen of
    those are enough), too_dark, clipped, not_even: something else than an even card is seen.
    """

    def __init__(self) -> None:
        """Begin without a frame."""
        self.done = False
        self._lit, self._unlit = Field(), Field()
        self._clipped: deque[float] = deque(maxlen=LEAST_FRAMES)
        self._gains: list[tuple[Figure, ...]] = []
        self._whites = np.zeros((3, 3))

    def look(self, frame: Frame) -> Look:
        """Look at a frame."""
        reason = self._reason(frame.pixels)
        if not reason:
            self._add(frame.pixels)
        return Look("card", reason, views=self._lit.frames, views_needed=LEAST_FRAMES)

    def skip(self) -> None:
        """Leave out what is not measured yet."""
        self.done = True

    def found(self, _: Mapping[str, float]) -> Found:
        """Return what the card told; nothing where it was shown too shortly."""
        if self._lit.frames < LEAST_FRAMES:
            return Found(
                open_figures({"corner_fall_off": "%", "dark_level": "%", "card_clipped": "%"} | _WHITE)
            )
        unlit = self._unlit if self._unlit.frames >= LEAST_FRAMES else None
        field = measure_field(self._lit, unlit)
        dark = None if unlit is None else 100 * float(unlit.mean.mean())
        maps = [field.map] if field.map else []
        if field.gains is not None:
            rows = tuple(tuple(row) for row in field.gains.tolist())
            maps.append(Map("flat_field_gain", "ratio", rows))
        return Found(
            (
                *field.figures,
                Figure("dark_level", "%", dark, "" if unlit else "not_measured"),
                Figure("card_clipped", "%", 100 * max(self._clipped)),
                *self._white(),
            ),
            tuple(maps),
        )

    def _reason(self, pixels: Pixels) -> str:
        cells = cells_of(pixels)
        if cells.max() < _COVERED:
            if self._unlit.frames < LEAST_FRAMES:
                self._unlit.add(pixels)
            return "covered"
        self._clipped.append(float((_middle(pixels, _FACE) == _FULL).mean()))
        if (pixels == _FULL).mean() > CLIPPED_MOST:
            return "clipped"
        if cells.mean() < _DARKEST:
            return "too_dark"
        return "" if _is_even(cells) else "not_even"

    def _add(self, pixels: Pixels) -> None:
        self._lit.add(pixels)
        middle, *sides = (_middle(pixels, _PATCH, across) for across in (0.5, 0.25, 0.75))
        self._gains.append(white_gains(middle))
        levels = [level_of(patch) for patch in (middle, *sides)]
        self._whites += [(level.red, level.green, level.blue) for level in levels]
        self.done = self._lit.frames >= LEAST_FRAMES

    def _white(self) -> tuple[Figure, ...]:
        """Return the mean gains, and how far white departs from the middle to the sides."""
        lab = lab_of_light(self._whites / self._lit.frames)
        apart = float(np.hypot(*(lab[1:] - lab[0])[:, 1:].T).max())
        return (
            *(_mean(figures) for figures in zip(*self._gains, strict=True)),
            Figure("white_evenness", "dE_ab", apart),
        )


def _mean(figures: tuple[Figure, ...]) -> Figure:
    first, values = figures[0], [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(figures):
        return next(figure for figure in figures if figure.value is None)
    return Figure(first.measure, first.unit, fmean(values))


def _is_even(cells: Floats) -> bool:
    floor = np.maximum(cells, _LEAST_CELL)
    steps = [np.abs(np.diff(np.log(floor), axis=axis)).max() for axis in (0, 1)]
    return bool(max(steps) < _STEP)


def _middle(pixels: Pixels, parts: int, across: float = 0.5) -> Pixels:
    """Return a part of a frame about a place half way down, of 32 px a side or more."""
    height, width = pixels.shape[:2]
    down, side = (max(length // parts, LEAST_SIDE_PX) for length in (height, width))
    top, left = max((height - down) // 2, 0), max(round(across * width) - side // 2, 0)
    return pixels[top : top + down, left : left + side]
