"""Whether the whole of a located target can be seen: no hand and no other paper lies on it."""

from math import cos, radians, sin

import numpy as np

from station.calibration.located import Array, local_scale, mapped
from station.calibration.marks import Tones
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import Patch, PatchKind, SlantedSquare, TargetLayout

_WRONG_SIDE = 0.1
"""Share of the looks at a slanted square that specks may spoil."""

_INSIDE = np.linspace(-0.38, 0.38, 7)
"""Where to look within a square, in its sides."""

_OUTSIDE = 0.66
"""Where to look beside it: between its edge and the next thing drawn."""

_ACROSS = np.linspace(-0.3, 0.3, 4)
"""Where to look within a patch, in its sides."""

_OFF_DESIGN = 0.45
"""How far a patch may be from its design, in spans from black to white: no print and no tone curve is so far
off, but white paper on a dark patch is."""

_UNEVEN = 0.25
"""How far the quarters of a patch may be apart, in the same spans: more is an edge that crosses it."""

_LOOK_MM = 0.5


def all_visible(grey: Pixels, layout: TargetLayout, to_px: Array, tones: Tones) -> bool:
    """Tell whether each slanted square and each grey and colour patch looks as if nothing lay on it.

    Patches are held against their design only roughly: what they measure is not known here.
    """
    scale = float(np.sqrt(abs(np.linalg.det(local_scale(to_px, (layout.width / 2, layout.height / 2))))))
    side = max(1, round(_LOOK_MM * scale)) | 1
    drawn = [patch for patch in layout.patches if patch.kind is not PatchKind.BLANK]
    return all(_square_is_seen(grey, square, to_px, tones, side) for square in layout.squares) and all(
        _patch_is_seen(grey, patch, to_px, tones, side) for patch in drawn
    )


def _square_is_seen(grey: Pixels, square: SlantedSquare, to_px: Array, tones: Tones, side: int) -> bool:
    """Tell whether the square is dark (light where it lies in a field) and what is beside it is not."""
    turn = radians(square.degrees)
    turned = np.array(((cos(turn), -sin(turn)), (sin(turn), cos(turn)))) * square.size
    within = np.array([(x, y) for x in _INSIDE for y in _INSIDE])
    ends = np.full(len(_INSIDE), _OUTSIDE)
    beside = np.vstack(
        [np.column_stack(pair) for end in (ends, -ends) for pair in ((_INSIDE, end), (end, _INSIDE))]
    )
    middle = (tones.black + tones.white) / 2
    dark, light = (
        _looks(grey, places @ turned.T + square.centre, to_px, side) < middle for places in (within, beside)
    )
    if square.field:
        dark, light = ~dark, ~light
    return float(np.mean(~dark)) <= _WRONG_SIDE and float(np.mean(light)) <= _WRONG_SIDE


def _patch_is_seen(grey: Pixels, patch: Patch, to_px: Array, tones: Tones, side: int) -> bool:
    """Tell whether all quarters of a patch are alike and near what the design asks for."""
    places = [
        (patch.left + patch.width * (0.5 + x), patch.top + patch.height * (0.5 + y))
        for y in _ACROSS
        for x in _ACROSS
    ]
    share = ((_looks(grey, np.array(places), to_px, side) - tones.black) / tones.span).reshape(4, 4)
    quarters = np.array([np.median(share[top : top + 2, left : left + 2]) for top in (0, 2) for left in (0, 2)])
    red, green, blue = patch.design
    # The same weights as the grey picture's (ITU-R BT.601); black and white of the design are 0 and 255.
    design = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return bool(np.ptp(quarters) <= _UNEVEN and np.abs(quarters - design).max() <= _OFF_DESIGN)


def _looks(grey: Pixels, places: Array, to_px: Array, side: int) -> Array:
    """Return the mean of `side` x `side` pixels at each sheet point."""
    found = np.rint(mapped(to_px, places)).astype(np.intp)
    reach = side // 2
    height, width = grey.shape
    x, y = found[:, 0].clip(reach, width - 1 - reach), found[:, 1].clip(reach, height - 1 - reach)
    windows = [
        grey[top - reach : top + reach + 1, left - reach : left + reach + 1]
        for left, top in zip(x, y, strict=True)
    ]
    return np.array([cv().mean(window)[0] for window in windows])
