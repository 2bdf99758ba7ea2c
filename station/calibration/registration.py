"""How far red and blue lie from green (colour misregistration), from the slanted edges."""

from collections.abc import Iterable, Sequence

import numpy as np

from station.calibration.edge_line import EdgeLine, Floats, Refusal, find_line
from station.calibration.edges import Edge, by_square
from station.model.calibration import Figure

GREY_ONLY = "grey_only"

_CHANNELS = (("rg", 0), ("bg", 2))
_GREEN = 1


def registration(edges: Iterable[Edge]) -> tuple[Figure, ...]:
    """Return `channel_shift_rg`, `channel_shift_bg` (px, along x) and the same along y, named with `_y`.

    Each is red or blue less green at the square where it is farthest from 0, positive to the right or down.
    Without colour the reason is `grey_only`; an edge that is lost refuses all: every zone must be seen.
    """
    shifts: dict[str, list[Floats]] = {channel: [] for channel, _ in _CHANNELS}
    reason = ""
    for sides in by_square(edges).values():
        if any(not side.channels for side in sides):
            return _figures(shifts, GREY_ONLY)
        lines = _lines(sides)
        if isinstance(lines, Refusal):
            reason = reason if lines is Refusal.TOO_SMALL else reason or lines.value
            continue
        for channel, index in _CHANNELS:
            shifts[channel].append(_shift(sides, lines, index))
    return _figures(shifts, reason)


def apart(line: EdgeLine, green: EdgeLine) -> float:
    """Return how far one channel's edge lies from green's along its normal, in px, positive to the right.

    The mean over the rows of the fitted positions, a third as noisy as the position in the middle row.
    """
    return float(np.mean(line.positions - green.positions)) * green.cosine


def _lines(sides: Sequence[Edge]) -> list[list[EdgeLine]] | Refusal:
    """Return the edges' lines, for each side those of red, green and blue."""
    if not all(side.whole for side in sides):
        return Refusal.CUT_OFF
    lines = [[find_line(channel) for channel in side.channels] for side in sides]
    refusals = [line for side in lines for line in side if isinstance(line, Refusal)]
    return (
        refusals[0] if refusals else [[line for line in side if isinstance(line, EdgeLine)] for side in lines]
    )


def _shift(sides: Sequence[Edge], lines: Sequence[Sequence[EdgeLine]], channel: int) -> Floats:
    """Return a channel's shift (x, y) in px at one square.

    Each side sees the shift along its own normal only, and a channel that bleeds more than green moves opposite
    sides opposite ways: the least squares over the four sides are free of both.
    """
    normals = [_normal(side, line[_GREEN]) for side, line in zip(sides, lines, strict=True)]
    seen = [apart(line[channel], line[_GREEN]) for line in lines]
    shift: Floats = np.linalg.lstsq(np.array(normals), np.array(seen), rcond=None)[0]
    return shift


def _normal(side: Edge, line: EdgeLine) -> tuple[float, float]:
    """Return the edge's unit normal in the picture, towards growing positions."""
    across, along = line.cosine, -line.slope * line.cosine
    return (across, along) if side.direction == "x" else (along, across)


def _figures(shifts: dict[str, list[Floats]], reason: str) -> tuple[Figure, ...]:
    figures = []
    for axis, suffix in enumerate(("", "_y")):
        for channel, found in shifts.items():
            name = f"channel_shift_{channel}{suffix}"
            if reason or not found:
                figures.append(Figure(name, "px", reason=reason or Refusal.TOO_SMALL.value))
            else:
                worst = max((shift[axis] for shift in found), key=abs)
                figures.append(Figure(name, "px", float(worst)))
    return tuple(figures)
