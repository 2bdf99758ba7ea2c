"""The intrinsics of a camera from views of a board, and whether they may be believed.

The values are stored beside the pictures; no portrait is ever undistorted by them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.board import Board
from station.calibration.camera.pose import Camera, tilts_of
from station.calibration.camera.views import LEAST_VIEWS, Missing, View, distinct, missing
from station.imaging.cv import cv
from station.model.calibration import Figure
from station.model.quality import Status

Floats = NDArray[np.float64]

RMS_MOST_PX = 0.5
RMS_WARN_PX = 0.3
VIEW_MOST_PX = 1.0
FOCAL_SD_MOST = 0.3
"""Standard deviation of fx and of fy, %."""

PRINCIPAL_MOST = 5.0
"""Of the principal point from the picture's centre, in % of its side."""

HALVES_MOST = 0.5
"""Of fx between the odd and the even views, %."""

_OUTLIER = 2.0
"""Medians of the views' rms: a view beyond is left out, once."""

_UNITS = {
    "reprojection_rms": "px",
    "reprojection_worst": "px",
    "fx_fy_spread": "%",
    "principal_point_off": "%",
    "split_half": "%",
    "corner_displacement": "px",
}
"""reprojection_rms, over all corners, and reprojection_worst, of one view: what the model leaves, 0 and up.
fx_fy_spread: the larger standard deviation of fx and fy; principal_point_off: from the centre, of the picture's
side, the larger of both; split_half: how far fx of odd and of even views differ; corner_displacement: how far
the lens moves the picture's corners."""

_TOO_MUCH: Mapping[str, tuple[float, str]] = {
    "reprojection_rms": (RMS_MOST_PX, "high_rms"),
    "reprojection_worst": (VIEW_MOST_PX, "high_view_rms"),
    "fx_fy_spread": (FOCAL_SD_MOST, "uncertain_focal_length"),
    "principal_point_off": (PRINCIPAL_MOST, "principal_point_off"),
    "split_half": (HALVES_MOST, "halves_differ"),
}


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """What the views say of the camera.

    `status` FAIL: not to be used; `reasons` say why: mixed_sizes, few_views, poor_coverage, poor_tilts (then
    `missing` says what), no_solution, high_rms, high_view_rms, uncertain_focal_length,
    principal_point_off, halves_differ. WARN: an rms (`reprojection_rms`) above 0.3 px, reason elevated_rms.
    `camera` is None where nothing was solved; `dropped` are the indexes of the views that were left out;
    `view_rms` (px) is that of each view kept.
    """

    status: Status
    reasons: tuple[str, ...]
    figures: tuple[Figure, ...]
    camera: Camera | None = None
    missing: Missing = field(default_factory=Missing)
    dropped: tuple[int, ...] = ()
    view_rms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """One solution: `views` with their leans as solved, `view_rms` (px) one a view."""

    camera: Camera
    rms: float
    views: tuple[View, ...]
    view_rms: Floats


def calibrate(views: Sequence[View], board: Board) -> Intrinsics:
    """Find the intrinsics from views of one camera with its focus and zoom left alone.

    Left out are views that repeat an earlier one and, once, those whose rms is above twice the median; what is
    left must have the coverage.
    """
    kept = distinct(views)
    solved = _solved_or_refused([views[at] for at in kept], board)
    if isinstance(solved, _Solved):
        sound = solved.view_rms <= _OUTLIER * np.median(solved.view_rms)
        if not sound.all():
            kept = tuple(at for at, stays in zip(kept, sound.tolist(), strict=True) if stays)
            solved = _solved_or_refused([views[at] for at in kept], board)
    found = _judged(solved, board) if isinstance(solved, _Solved) else solved
    return replace(found, dropped=tuple(sorted(set(range(len(views))) - set(kept))))


def _solved_or_refused(views: Sequence[View], board: Board) -> _Solved | Intrinsics:
    """Solve for the camera where the views cover the field."""
    lacks = missing(views)
    if reasons := _lacking(views, lacks, asks_tilts=False):
        return _refused(reasons, lacks)
    return _solved(views, board) or _refused(("no_solution",), lacks)


def _judged(solved: _Solved, board: Board) -> Intrinsics:
    """Hold a solution against the rules."""
    camera = solved.camera
    lacks = missing(solved.views)
    halves = [_solved(solved.views[begin::2], board) for begin in (0, 1)]
    values: dict[str, float | None] = {
        "reprojection_rms": solved.rms,
        "reprojection_worst": float(solved.view_rms.max()),
        "fx_fy_spread": camera.focal_sd,
        "principal_point_off": 100
        * max(
            abs(camera.cx - (camera.width - 1) / 2) / camera.width,
            abs(camera.cy - (camera.height - 1) / 2) / camera.height,
        ),
        "split_half": _apart([half.camera.fx for half in halves if half is not None], camera.fx),
        "corner_displacement": camera.corner_displacement,
    }
    figures = tuple(
        Figure(name, _UNITS[name], value, "" if value is not None else "no_solution")
        for name, value in values.items()
    )
    reasons = _lacking(solved.views, lacks, asks_tilts=True) + tuple(
        word
        for name, (most, word) in _TOO_MUCH.items()
        if (value := values[name]) is None or not value <= most  # "not <=" takes nan along
    )
    status = Status.FAIL if reasons else Status.PASS
    if not reasons and solved.rms > RMS_WARN_PX:
        status, reasons = Status.WARN, ("elevated_rms",)
    return Intrinsics(status, reasons, figures, camera, lacks, view_rms=tuple(solved.view_rms.tolist()))


def _lacking(views: Sequence[View], lacks: Missing, *, asks_tilts: bool) -> tuple[str, ...]:
    """Return the words for what the views lack. Leans count only once the lens is known."""
    checks: dict[str, Callable[[], bool]] = {
        "mixed_sizes": lambda: len({view.size for view in views}) > 1,
        "few_views": lambda: len(views) < LEAST_VIEWS,
        "poor_coverage": lambda: bool(lacks.cells),
        "poor_tilts": lambda: asks_tilts and any(lacks.tilts),
    }
    return tuple(word for word, holds in checks.items() if holds())


def _refused(reasons: tuple[str, ...], lacks: Missing) -> Intrinsics:
    figures = tuple(Figure(name, unit, reason=reasons[0]) for name, unit in _UNITS.items())
    return Intrinsics(Status.FAIL, reasons, figures, missing=lacks)


def _apart(focal_lengths: Sequence[float], whole: float) -> float | None:
    """Return how far two halves differ in % of the whole; None where one has no solution."""
    if len(focal_lengths) < 2:
        return None
    return 100 * abs(focal_lengths[0] - focal_lengths[1]) / whole


def _solved(views: Sequence[View], board: Board) -> _Solved | None:
    """Solve for the camera; None where the views do not tell it, as when all lie square to the axis.

    k3 stays 0: with corners seldom at the field's very ends it only takes from k1 and k2 what it gives.
    """
    width, height = views[0].size
    seen = [view.corners.astype(np.float32)[:, None] for view in views]
    places = [board.corners[view.ids].astype(np.float32)[:, None] for view in views]
    try:
        rms, matrix, lens, turns, _, sds, _, view_rms = cv().calibrateCameraExtended(
            places, seen, (width, height), None, None, flags=cv().CALIB_FIX_K3
        )
    except cv().error:
        return None
    known = np.concatenate([np.ravel(matrix), np.ravel(lens), np.ravel(sds), np.ravel(view_rms)])
    fx, fy = float(matrix[0, 0]), float(matrix[1, 1])
    if not (np.isfinite(known).all() and fx > 0 and fy > 0):
        return None
    sd = np.ravel(sds)[:2]
    k1, k2, p1, p2 = np.ravel(lens)[:4].tolist()
    focal_sd = 100 * max(float(sd[0]) / fx, float(sd[1]) / fy)
    camera = Camera(width, height, fx, fy, float(matrix[0, 2]), float(matrix[1, 2]), (k1, k2, p1, p2), focal_sd)
    leaning = [
        replace(view, tilts=tilts_of(cv().Rodrigues(turn)[0])) for view, turn in zip(views, turns, strict=True)
    ]
    return _Solved(camera, float(rms), tuple(leaning), np.ravel(view_rms).astype(np.float64))
