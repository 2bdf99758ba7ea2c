"""Targets laid on a glass in a known way: pictures whose truth is the arithmetic that made them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.calibration.draw import draw
from station.calibration.layouts import load_layouts
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import TargetKind, TargetLabel

LAYOUTS = load_layouts(Path(__file__).parent.parent / "resources" / "targets")
LABELS = {kind: TargetLabel(kind, "1", "TEST-1") for kind in TargetKind}

Array = NDArray[np.float64]
Bend = Callable[[Array, Array], tuple[Array, Array]]

_FINE_DPI = 600
_LOOKS = 3
"""Each pixel is the mean of 3 x 3 looks at the drawing: a box as wide as the pixel."""


@cache
def drawn(kind: TargetKind, dpi: float, colour: bool = False) -> Pixels:
    """Return the target as it is drawn, read-only."""
    pixels = draw(LAYOUTS[kind], LABELS[kind], dpi, colour=colour)
    pixels.setflags(write=False)
    return pixels


def laid(
    kind: TargetKind, steps_mm: Array, size: tuple[int, int], bend: Bend | None = None, noise: float = 0.0
) -> tuple[Pixels, Callable[[Array], Array]]:
    """Scan the grey target with a device whose pixel grid advances by the columns of `steps_mm` on the sheet.

    The sheet's middle lies in the middle of the picture, `size` (width, height). `bend` says for sheet
    millimetres, from the middle, where on the drawing they look. Returns the picture and, without a bend, the
    map from sheet millimetres (n, 2) to pixels. `noise` is a standard deviation in coded values.
    """
    layout, fine = LAYOUTS[kind], drawn(kind, _FINE_DPI)
    middle = np.array((layout.width, layout.height)) / 2
    width, height = size
    centre = np.array((width - 1, height - 1)) / 2
    total = np.zeros((height, width))
    offsets = (np.arange(_LOOKS) + 0.5) / _LOOKS - 0.5
    x, y = np.meshgrid(np.arange(width) - centre[0], np.arange(height) - centre[1])
    for down in offsets:
        for across in offsets:
            (a, b), (c, d) = steps_mm
            at_x, at_y = a * (x + across) + b * (y + down), c * (x + across) + d * (y + down)
            if bend is not None:
                at_x, at_y = bend(at_x, at_y)
            maps = [
                ((at + half) * _FINE_DPI / 25.4 - 0.5).astype(np.float32)
                for at, half in zip((at_x, at_y), middle, strict=True)
            ]
            total += cv().remap(
                fine, *maps, cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT, borderValue=200
            )
    total /= _LOOKS**2
    if noise:
        total += np.random.default_rng(7).normal(0, noise, total.shape)
    back = np.linalg.inv(steps_mm)
    return np.rint(total.clip(0, 255)).astype(np.uint8), lambda points: (points - middle) @ back.T + centre


def steps(ppi: tuple[float, float], skew: float, out_of_square: float = 0.0) -> Array:
    """Return the grid of a device on a sheet that lies turned clockwise by `skew` degrees: mm a pixel."""
    line, transport = np.radians((-skew, 90 - skew + out_of_square))
    x, y = 25.4 / ppi[0], 25.4 / ppi[1]
    return np.array(((x * np.cos(line), y * np.cos(transport)), (x * np.sin(line), y * np.sin(transport))))
