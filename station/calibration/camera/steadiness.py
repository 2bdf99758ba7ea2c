"""How steady a camera is: its exposure over frames, its true frame rate and its latency from time stamps."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from station.calibration.camera.light import Level
from station.model.calibration import Figure

STEADY_FRAMES = 60
"""For the exposure."""

TIMED_FRAMES = 30
"""For the frame rate: a second of most cameras."""

_LATE = 1.5
"""Intervals: a frame that comes later than so many after the last has lost its place, or one was lost."""

_DARKEST = 0.01
"""Of full scale: below, the coding's own steps are larger than the flicker that is asked."""

_LEAST_RISE = 0.02
"""Of full scale, in light: a smaller change may be anything."""


def exposure_steadiness(levels: Sequence[Level]) -> Figure:
    """Measure the flicker: the standard deviation of the mean light in % of its mean, over the last 60 frames.

    With exposure, gain and white balance locked before an unmoving scene. Good is below 1 %. `reason` is
    few_frames, clipped or too_dark.
    """
    last = levels[-STEADY_FRAMES:]
    light = np.array([level.y for level in last])
    if len(last) < STEADY_FRAMES:
        reason = "few_frames"
    elif any(level.clipped for level in last):
        reason = "clipped"
    elif light.mean() < _DARKEST:
        reason = "too_dark"
    else:
        return Figure("exposure_steadiness", "%", float(100 * light.std(ddof=1) / light.mean()))
    return Figure("exposure_steadiness", "%", reason=reason)


def frame_rate(taken_at: Sequence[float]) -> tuple[Figure, ...]:
    """Measure the true frame rate from the times (seconds, `Frame.taken_at`) of 30 frames or more.

    frame_rate: frames per second over the whole; frame_jitter: the standard deviation of the intervals, ms;
    frames_late: how many frames in a hundred came more than half an interval late. `reason` is few_frames or
    bad_stamps (a time that does not grow).
    """
    units = {"frame_rate": "1/s", "frame_jitter": "ms", "frames_late": "%"}
    steps = np.diff(np.asarray(taken_at, np.float64))
    if len(taken_at) < TIMED_FRAMES:
        return tuple(Figure(name, unit, reason="few_frames") for name, unit in units.items())
    if not (steps > 0).all():
        return tuple(Figure(name, unit, reason="bad_stamps") for name, unit in units.items())
    values = (
        1 / float(steps.mean()),
        1000 * float(steps.std(ddof=1)),
        100 * float((steps > _LATE * np.median(steps)).mean()),
    )
    return tuple(Figure(name, units[name], value) for name, value in zip(units, values, strict=True))


def latency(lit_at: Sequence[float], taken_at: Sequence[float], light: Sequence[float]) -> Figure:
    """Measure how long light takes from the scene to the program: the median over flashes, ms.

    `lit_at` are the times (seconds, of the same clock as `Frame.taken_at`) when a dark scene was made bright,
    `taken_at` and `light` (linear, 0 to 1) those of every frame. A flash is seen by the first frame that is
    beyond halfway from the last frame before it to the brightest until the next flash. A frame cannot say when
    within its interval the light came, hence the uncertainty (k = 2, of an even spread over an interval).
    `reason` is few_frames, or not_seen where some flash left no mark.
    """
    if not lit_at or len(taken_at) < 2:
        return Figure("latency", "ms", reason="few_frames")
    waits = []
    for begin, end in pairwise((*lit_at, float("inf"))):
        first, last = bisect_right(taken_at, begin), bisect_left(taken_at, end)
        if not 0 < first < last:
            return Figure("latency", "ms", reason="not_seen")
        dark, bright = light[first - 1], max(light[first:last])
        if bright - dark < _LEAST_RISE:
            return Figure("latency", "ms", reason="not_seen")
        seen = next(at for at in range(first, last) if light[at] > (dark + bright) / 2)
        waits.append(taken_at[seen] - begin)
    interval = float(np.median(np.diff(taken_at)))
    # Twice the standard deviation of an even spread, T / sqrt(12), of the mean of so many flashes.
    uncertainty = 1000 * interval / sqrt(3 * len(waits))
    return Figure("latency", "ms", 1000 * float(np.median(waits)), uncertainty=uncertainty)
