"""The place of the portrait before the camera: how far it is, how large it is seen, and its white."""

from math import hypot

from station.calibration.camera.board import Board
from station.calibration.camera.light import level_of
from station.calibration.camera.pose import Camera, pose_of
from station.calibration.camera.views import View
from station.calibration.patches import is_large_enough
from station.model.calibration import Figure
from station.model.image import Pixels

TILT_MOST = 10.0
"""Degrees: a board that leans more says little of the plane in which a face will be. Ours."""

POSE_MOST_PX = 1.0
"""A pose that leaves more rms is not of this lens: its zoom or focus was moved. Ours."""

_DARKEST = 0.05
"""Of full scale, in light."""

_PLANE = {"portrait_distance": "mm", "pixels_per_mm": "px/mm", "portrait_tilt": "degrees"}


def portrait_plane(view: View, board: Board, camera: Camera) -> tuple[Figure, ...]:
    """Measure the plane of the portrait from one view of the board that stands where the face will be.

    portrait_distance: from the lens to the board's middle along the axis, mm; pixels_per_mm: how large a
    millimetre of that plane is seen; portrait_tilt: how far the board leans, degrees. `reason` is other_size
    (the camera was calibrated for another picture size), no_pose, other_lens or tilted (then the tilt alone has
    its value). The uncertainty (k = 2) is that of the focal length alone: the board's side comes on top.
    """
    if view.size != (camera.width, camera.height):
        return _refused("other_size")
    pose = pose_of(board.corners[view.ids], view.corners, camera)
    if pose is None:
        return _refused("no_pose")
    if pose.residual_px > POSE_MOST_PX:
        return _refused("other_lens")
    tilt = Figure("portrait_tilt", "degrees", hypot(*pose.tilts))
    if hypot(*pose.tilts) > TILT_MOST:
        return (*_refused("tilted")[:2], tilt)
    depth = pose.depth_at(board.centre)
    scale = (camera.fx + camera.fy) / 2 / depth
    # The focal length is found together with the distance: what one is off the other is off as well, so that
    # their ratio, the scale, is known far better than either.
    apart = None if camera.focal_sd is None else 2 * depth * camera.focal_sd / 100
    return (
        Figure("portrait_distance", "mm", depth, uncertainty=apart),
        Figure("pixels_per_mm", "px/mm", scale),
        tilt,
    )


def white_gains(patch: Pixels) -> tuple[Figure, ...]:
    """Return the gains that make a neutral patch in the plane of the portrait neutral: red and blue, green = 1.

    They act on linear light. Whether the patch is then neutral at the centre and both sides is asked of
    `station.calibration.white_balance`. `reason` is too_small, clipped, too_dark or grey_picture.
    """
    names = ("white_gain_red", "white_gain_blue")
    reason = "grey_picture" if patch.ndim == 2 else "" if is_large_enough(patch) else "too_small"
    if not reason:
        level = level_of(patch)
        reason = "clipped" if level.clipped else ""
        if min(level.red, level.green, level.blue) < _DARKEST:
            reason = "too_dark"
    if reason:
        return tuple(Figure(name, "", reason=reason) for name in names)
    gains = (level.green / level.red, level.green / level.blue)
    return tuple(Figure(name, "", gain) for name, gain in zip(names, gains, strict=True))


def _refused(reason: str) -> tuple[Figure, ...]:
    return tuple(Figure(name, unit, reason=reason) for name, unit in _PLANE.items())
