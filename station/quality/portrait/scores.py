"""From native values to scores: the mappings of ISO/IEC 29794-5:2025 as its reference implementation has them.

All 28 components of OFIQ 1.0 (BSI), by our names for them, those that need its closed models too: equal to the
784 pairs that it publishes. A score is 0 to 100, more is better. "Left" and "right" are as seen in the picture.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import cos, exp, floor, pi, radians, sin
from types import MappingProxyType

_STEEPEST = 700.0
"""exp() of more than 709 leaves the range of a double."""


def sigmoid(native: float, centre: float, width: float) -> float:
    """Return 1 / (1 + exp((centre - native) / width)), 0 to 1."""
    steep = (centre - native) / width
    return 0.0 if steep > _STEEPEST else 1 / (1 + exp(steep))


def points(share: float) -> int:
    """Return a value as points: rounded half up (nothing below 0 is left then), cut to 0 to 100."""
    return max(0, min(100, floor(share + 0.5)))


def _curve(
    native: float, *, centre: float, width: float, height: float = 100, offset: float = 0, sign: float = 1
) -> int:
    """The standard's mapping: height * (offset + sign * sigmoid)."""
    return points(height * (offset + sign * sigmoid(native, centre, width)))


def _falling(native: float, *, centre: float, width: float, height: float = 100, offset: float = 1) -> int:
    return _curve(native, centre=centre, width=width, height=height, offset=offset, sign=-1)


def _rest(native: float) -> int:
    return points(100 * (1 - native))


def _facing(degrees: float) -> int:
    return points(100 * max(0.0, cos(radians(degrees))) ** 2)


def _luminance_mean(native: float) -> int:
    return points(100 * sigmoid(native, 0.2, 0.05) * (1 - sigmoid(native, 0.8, 0.05)))


def _luminance_variance(native: float) -> int:
    return points(100 * sin(60 * native / (60 * native + 1) * pi))


def _head_size(native: float) -> int:
    return _falling(abs(native - 0.45), centre=0, width=0.05, height=200)


_BARE, _COVERED = 0.0, 0.95


def _no_head_coverings(native: float) -> int:
    if native <= _BARE:
        return 100
    if native >= _COVERED:
        return 0
    at, bare, covered = (sigmoid(share, 0.02, 0.1) for share in (native, _BARE, _COVERED))
    return points(100 * (covered - at) / (covered - bare))


SCORES: Mapping[str, Callable[[float], int]] = MappingProxyType(
    {
        "unified_quality_score": partial(_curve, centre=23, width=2.6),
        "background_uniformity": partial(_falling, centre=10, width=100, height=190),
        "illumination_uniformity": lambda native: points(100 * native**0.3),
        "luminance_mean": _luminance_mean,
        "luminance_variance": _luminance_variance,
        "under_exposure_prevention": partial(_falling, centre=0.92, width=0.05, height=120, offset=0.832),
        "over_exposure_prevention": lambda native: points(1 / (native + 0.01)),
        "dynamic_range": lambda native: points(12.5 * native),
        "sharpness": partial(_curve, centre=-20, width=15, height=1, offset=-14, sign=115),
        "compression_artifacts": partial(
            _curve, centre=0.3308, width=0.092, height=1, offset=-0.0278, sign=103
        ),
        "natural_colour": partial(_falling, centre=0, width=10, height=200),
        "single_face_present": _rest,
        "eyes_open": partial(_curve, centre=0.02, width=0.01),
        "mouth_closed": partial(_falling, centre=0.2, width=0.06),
        "eyes_visible": _rest,
        "mouth_occlusion_prevention": _rest,
        "face_occlusion_prevention": _rest,
        "inter_eye_distance": partial(_curve, centre=70, width=20),
        "head_size": _head_size,
        "leftward_crop_of_the_face_image": partial(_curve, centre=0.9, width=0.1),
        "rightward_crop_of_the_face_image": partial(_curve, centre=0.9, width=0.1),
        "margin_above_of_the_face_image": partial(_curve, centre=1.4, width=0.1),
        "margin_below_of_the_face_image": partial(_curve, centre=1.8, width=0.1),
        "expression_neutrality": partial(_curve, centre=-5000, width=5000),
        "no_head_coverings": _no_head_coverings,
        "head_pose_yaw": _facing,
        "head_pose_pitch": _facing,
        "head_pose_roll": _facing,
    }
)
"""Each component's mapping, by our name for the component."""
