"""The wall behind the person as small pixels of colour, and where it is not like the rest of itself."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.quality.lightness import lab
from station.quality.portrait.aligned import Backdrop

_SHRINK: Final = 4
"""A small pixel is this many of the backdrop's each way: no sensor noise, no fabric."""
_FAR: Final = 12.0
"""CIE76 to the wall's own colour: light that falls off over a plain wall stays below, a shadow does not."""
_WHOLE: Final = 0.999
_SPOTS_MOST: Final = 4
_SPOT_LEAST: Final = 0.01
"""The least part of the wall that is worth pointing at."""


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """`colours` (h, w, 3) in CIELAB; `seen` where it is wall; `far` where that is unlike the rest.

    `colour` is the wall's own: the median of each of L*, a* and b*. `matrix` (2, 3) takes the pixels of the
    picture to those of `colours`.
    """

    colours: NDArray[np.floating] = field(repr=False)
    seen: NDArray[np.bool_] = field(repr=False)
    far: NDArray[np.bool_] = field(repr=False)
    colour: tuple[float, float, float]
    matrix: NDArray[np.float64] = field(repr=False)

    @property
    def trouble(self) -> float:
        """The share of the wall that is unlike the rest, 0 to 1."""
        return float(self.far.sum() / max(1, self.seen.sum()))

    def spots(self) -> tuple[NDArray[np.float64], ...]:
        """Return the largest pieces unlike the rest: boxes ((x, y), (x, y)) on the picture, in pixels."""
        joined = cv().morphologyEx(self.far.astype(np.uint8), cv().MORPH_CLOSE, np.ones((3, 3), np.uint8))
        _, _, pieces, _ = cv().connectedComponentsWithStats(joined)
        least = _SPOT_LEAST * self.seen.sum()
        large = [piece for piece in pieces[1:].tolist() if piece[4] >= least]
        large.sort(key=lambda piece: -piece[4])
        back = cv().invertAffineTransform(self.matrix)
        return tuple(_box(back, *piece[:4]) for piece in large[:_SPOTS_MOST])


def wall(behind: Backdrop) -> Wall | None:
    """Return the wall of a backdrop; None where the person fills the picture."""
    height, width = behind.mask.shape
    size = (width // _SHRINK, height // _SHRINK)
    # Only small pixels that are wall throughout: one at the rim of the head has some of its colour.
    share = cv().resize(behind.mask.astype(np.float32), size, interpolation=cv().INTER_AREA)
    seen: NDArray[np.bool_] = share > _WHOLE
    if not seen.any():
        return None
    colours = np.zeros((*seen.shape, 3))
    small = cv().resize(behind.pixels, size, interpolation=cv().INTER_AREA)
    colours[seen] = lab(small[seen][np.newaxis])[0]
    light, redness, yellowness = np.median(colours[seen], axis=0).tolist()
    far = seen & (np.linalg.norm(colours - [light, redness, yellowness], axis=2) > _FAR)
    across, down = size[0] / width, size[1] / height
    shrink = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
    matrix = shrink @ np.vstack([behind.matrix, [0, 0, 1]])
    return Wall(colours, seen, far, (light, redness, yellowness), matrix)


def _box(
    back: NDArray[np.float64], left: float, top: float, width: float, height: float
) -> NDArray[np.float64]:
    """Return the upright box on the picture around a box of small pixels, rim to rim."""
    xs, ys = (left - 0.5, left + width - 0.5), (top - 0.5, top + height - 0.5)
    corners = np.array([(x, y, 1) for x in xs for y in ys]) @ back.T
    return np.stack([corners.min(0), corners.max(0)])
