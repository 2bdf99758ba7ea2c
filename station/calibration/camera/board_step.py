"""The first step: the board is shown all over the field, then upright where the face will be."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from station.calibration.camera.board import Board
from station.calibration.camera.focus import focus
from station.calibration.camera.focus_edges import PLACES, board_edges, lone_edges
from station.calibration.camera.intrinsics import Intrinsics, calibrate
from station.calibration.camera.look import NOT_MEASURED, Found, Look, Point, open_figures
from station.calibration.camera.pose import Camera, pose_of
from station.calibration.camera.scene import TILT_MOST, portrait_plane
from station.calibration.camera.views import (
    GRID,
    Unusable,
    View,
    corners_per_cell,
    find_view,
    missing,
)
from station.imaging.cv import cv
from station.model.calibration import Curve, Figure, Map
from station.model.image import Frame

VIEWS = 24
"""Kept before the camera is solved for: four may prove wrong and twenty remain. Ours."""

MOST_VIEWS = 60
"""A lens that sixty views do not tell will not be told by more."""

PLANE_VIEWS = 5
"""Of the board, upright where the face will be; the last one counts."""

FOCUS_LOOKS = 5
"""Answers of an edge at each place; their median counts."""

FOCUS_FRAMES = 180
"""Six seconds of most cameras, once the place is known: an edge that was not shown by then is left out."""

_MOVED = 0.012
"""Of the field's diagonal: a board that moved less since another view tells little new. Ours."""

_STALE = 15
"""Frames, half a second, with the same view before the officer is told."""

_SMALLEST = 0.25
"""Of a side of the frame, along which the board should reach at least so far; 30 to 80 % is good."""

_EDGES = ("turn_board", "edge_target")

_SHARPNESS = {
    "focus_sfr50": "cy/px", "focus_kept": "%", "focus_sfr50_centre": "cy/px", "focus_sfr50_eyes": "cy/px",
}  # fmt: skip
"""focus_sfr50: the lower of both places; focus_kept: in % of the baseline."""

_INTRINSIC = {
    "reprojection_rms": "px", "reprojection_worst": "px", "fx_fy_spread": "%", "principal_point_off": "%",
    "split_half": "%", "corner_displacement": "px",
}  # fmt: skip
_LENS = {
    "focal_length_x": "px", "focal_length_y": "px", "principal_point_x": "px", "principal_point_y": "px",
    "lens_k1": "", "lens_k2": "", "lens_p1": "", "lens_p2": "",
}  # fmt: skip
"""The values of `Camera`, for whoever wants to undo the lens in a derived picture."""

_PLANE = {"portrait_distance": "mm", "pixels_per_mm": "px/mm", "portrait_tilt": "degrees"}
_COVERAGE = {"field_coverage": "%"}
"""Share of the 4 x 4 cells of the field with enough corners."""


class BoardStep:
    """Collects views until the camera is known, then its place and its focus; one thread at a time.

    Reasons of its looks: those of `Unusable`; too_small, same_view; no_solution: show the board leaning more;
    then, once the field is covered: portrait_place: hold the board upright where the face will be; turn_board:
    turn it by some five degrees for the focus; edge_target: its squares are too small for the focus, hold up
    one black edge, some five degrees off upright, that runs through the middle of the frame and eye height.
    """

    def __init__(self, board: Board) -> None:
        """Begin without a view."""
        self.done = False
        self._board = board
        self._views: list[View] = []
        self._lacks = missing(())
        self._solved: Intrinsics | None = None
        self._covered = False
        self._stale = 0
        self._plane: View | None = None
        self._upright = 0
        self._sharp: dict[str, deque[float]] = {name: deque(maxlen=FOCUS_LOOKS) for name in PLACES}
        self._sharp_by = ""
        self._focus_frames = 0
        self._focus_reason = NOT_MEASURED

    def look(self, frame: Frame) -> Look:
        """Look at a frame."""
        seen = find_view(frame.pixels, self._board)
        outline: tuple[Point, ...] = ()
        if isinstance(seen, View):
            seen, outline = self._leaning(seen), _outline(seen, self._board)
        if self._covered:
            reason = self._look_at_the_place(frame, seen)
        else:
            reason = seen.reason if isinstance(seen, Unusable) else self._look_at_the_field(seen, outline)
        lacks = self._lacks
        return Look(
            *("board", reason, lacks.cells, lacks.tilts),
            *(min(len(self._views), VIEWS), VIEWS, outline),
        )

    def skip(self) -> None:
        """Leave out what is not measured yet."""
        self.done = True

    def found(self, baseline: Mapping[str, float]) -> Found:
        """Return the camera's figures; without full coverage none of them has a value."""
        solved = self._solved
        if solved is None or not self._covered:
            figures = open_figures(_COVERAGE | _INTRINSIC | _LENS | _PLANE)
            return Found((*figures, *self._focus(baseline)))
        covered = 100 * (1 - len(self._lacks.cells) / GRID**2)
        lacking = bool(solved.missing) or solved.camera is None
        figures = (
            Figure("field_coverage", "%", covered),
            *(open_figures(_INTRINSIC | _LENS, solved.reasons[0]) if lacking else solved.figures),
            *(() if lacking or solved.camera is None else _lens(solved.camera)),
            *self._place(solved),
            *self._focus(baseline),
        )
        counts = corners_per_cell(self._views).tolist()
        each = tuple((float(number), rms) for number, rms in enumerate(solved.view_rms, 1))
        curves = [Curve("reprojection_per_view", "view", "px", each)] if each else []
        if self._sharp_by:
            looks = max(self._sharp.values(), key=len)
            points = tuple((float(number), sharp) for number, sharp in enumerate(looks, 1))
            curves.append(Curve(f"focus_by_{self._sharp_by}", "look", "cy/px", points))
        rows = tuple(tuple(float(count) for count in row) for row in counts)
        return Found(figures, (Map("corner_coverage", "corners", rows),), tuple(curves))

    # -- the field --------------------------------------------------------------------------------------------

    def _leaning(self, view: View) -> View:
        """Return a view with its leans by the lens as it was solved, once it was."""
        camera = self._solved.camera if self._solved else None
        pose = None if camera is None else pose_of(self._board.corners[view.ids], view.corners, camera)
        return view if pose is None else replace(view, tilts=pose.tilts)

    def _look_at_the_field(self, view: View, outline: tuple[Point, ...]) -> str:
        spread = np.ptp(np.array(outline), axis=0) if outline else np.zeros(2)
        if spread.max() < _SMALLEST:
            return "too_small"
        if not _has_moved(view, self._views):
            self._stale += 1
            return "same_view" if self._stale > _STALE else ""
        self._stale = 0
        lacks = missing([*self._views, view])
        if len(self._views) >= VIEWS and lacks == self._lacks and not self._no_solution:
            return ""
        self._views.append(view)
        self._lacks = lacks
        last = len(self._views) >= MOST_VIEWS
        if last or (len(self._views) >= VIEWS and not lacks):
            self._solve()
        self._covered = self._covered or last
        return "no_solution" if self._no_solution else ""

    @property
    def _no_solution(self) -> bool:
        return self._solved is not None and "no_solution" in self._solved.reasons

    def _solve(self) -> None:
        """Solve for the camera; a view that proves wrong is let go, and what then lacks is asked again."""
        self._solved = solved = calibrate(self._views, self._board)
        wrong = set(solved.dropped)
        self._views = [self._leaning(view) for at, view in enumerate(self._views) if at not in wrong]
        self._lacks = missing(self._views)
        self._covered = solved.camera is not None and not solved.missing and not self._lacks

    # -- the place of the portrait ----------------------------------------------------------------------------

    def _look_at_the_place(self, frame: Frame, seen: View | Unusable) -> str:
        self._focus_frames += self._upright >= PLANE_VIEWS
        reason = self._upright_or_edge(frame, seen)
        measured = all(len(looks) >= FOCUS_LOOKS for looks in self._sharp.values())
        if reason in _EDGES and not measured:
            self._focus_reason = reason
        self.done = self._upright >= PLANE_VIEWS and (measured or self._focus_frames >= FOCUS_FRAMES)
        return "" if measured else reason

    def _upright_or_edge(self, frame: Frame, seen: View | Unusable) -> str:
        """Take an upright board and its edges, or an edge alone; say what is still to be shown."""
        if isinstance(seen, View):
            if np.hypot(*seen.tilts) > TILT_MOST:
                return "portrait_place"
            self._plane = seen
            self._upright += 1
            regions, straight = board_edges(frame.pixels, seen, self._board)
            by, reason = "board", "turn_board" if straight else "edge_target"
        elif self._upright < PLANE_VIEWS:
            return seen.reason if seen.reason != "no_board" else "portrait_place"
        else:
            regions, by, reason = lone_edges(frame.pixels), "edge_target", "edge_target"
        for name, region in regions.items():
            sharp, _ = focus(region)
            if sharp.value is not None:
                self._take(by, name, sharp.value)
        return reason

    def _take(self, by: str, place: str, sharp: float) -> None:
        """Take an answer; those of the board and of a target of its own are not mixed."""
        if by != self._sharp_by:
            self._sharp_by = by
            for looks in self._sharp.values():
                looks.clear()
        self._sharp[place].append(sharp)

    def _place(self, solved: Intrinsics) -> tuple[Figure, ...]:
        if self._plane is None or solved.camera is None:
            return open_figures(_PLANE)
        return portrait_plane(self._plane, self._board, solved.camera)

    def _focus(self, baseline: Mapping[str, float]) -> tuple[Figure, ...]:
        values = {name: median(looks) for name, looks in self._sharp.items() if len(looks) >= FOCUS_LOOKS}
        each = tuple(
            Figure(
                f"focus_sfr50_{name}", "cy/px", values.get(name), "" if name in values else self._focus_reason
            )
            for name in PLACES
        )
        if len(values) < len(PLACES):
            sharp = {name: unit for name, unit in _SHARPNESS.items() if not name.startswith("focus_sfr50_")}
            return (*open_figures(sharp, self._focus_reason), *each)
        lowest, reached = min(values.values()), baseline.get("focus_sfr50")
        kept = 100 * lowest / reached if reached else None
        return (
            Figure("focus_sfr50", "cy/px", lowest),
            Figure("focus_kept", "%", kept, "" if kept is not None else "no_baseline"),
            *each,
        )


def _has_moved(view: View, views: Sequence[View]) -> bool:
    """Tell whether the board lies elsewhere than in every other view."""
    least = _MOVED * np.hypot(*view.size)
    for other in views:
        _, here, there = np.intersect1d(view.ids, other.ids, return_indices=True)
        moved = view.corners[here] - other.corners[there]
        if len(here) and np.sqrt((moved**2).sum(axis=1).mean()) < least:
            return False
    return True


def _lens(camera: Camera) -> tuple[Figure, ...]:
    values = (camera.fx, camera.fy, camera.cx, camera.cy, *camera.distortion)
    spread = None if camera.focal_sd is None else 2 * camera.fx * camera.focal_sd / 100
    return tuple(
        Figure(name, unit, value, uncertainty=spread if name.startswith("focal") else None)
        for (name, unit), value in zip(_LENS.items(), values, strict=True)
    )


def _outline(view: View, board: Board) -> tuple[Point, ...]:
    """Return where the board's four corners lie, in shares of the frame, from its top left corner onwards."""
    plane, _ = cv().findHomography(board.corners[view.ids, :2], view.corners)
    if plane is None:
        return ()
    right, bottom = 2 * board.centre[0], 2 * board.centre[1]
    places = np.array([[(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)]])
    corners = (cv().perspectiveTransform(places, plane)[0] + 0.5) / view.size
    return tuple((x, y) for x, y in corners.tolist())
