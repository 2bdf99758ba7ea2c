"""The plots of one calibration for a report; what was not measured is not drawn."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf, isfinite

from station.delivery import calibration_words as words
from station.delivery.calibration_axes import Axes, Axis, Box, Sample, Shape, around, axis, numbers
from station.delivery.calibration_blocks import Block
from station.delivery.calibration_maps import map_blocks
from station.delivery.calibration_sheet import BLACK, BLUE, GREY, INKS, MM, RED, Point, Sheet
from station.model.calibration import Analysis, Calibration, Curve
from station.model.quality import Finding, Limit, Status

_HEIGHT = 58 * MM
_HALF_SAMPLING = 0.5
_SFR_END = 0.75
"""Cycles per pixel that are shown; beyond lies nothing that a picture could hold."""

_WAYS = {"sfr_x_": "across", "sfr_y_": "along"}
"""How the curves of edges begin that measure across the sheet and along it."""
_DASHES: Mapping[str, tuple[float, ...]] = {"sfr_x_": (), "sfr_y_": (5, 1.5)}
_INKS = {"sfr_x_": BLUE, "sfr_y_": BLACK}
_BEFORE = (1.5, 1.5)

_MOST_USED = 1.6
"""Of the tolerance; a longer bar is cut, its number says how much."""

_LINES: Mapping[str, tuple[str, str, str, str]] = {
    "white_balance": (
        "Tint of the grey steps", "L* of the reference", "ΔE(a*b*)",
        "Colour that each grey step has and should not have.",
    ),
    "transport_x": (
        "Departures across", "Place on the picture, mm", "px",
        "How far marks lie beside their places, as a mean over strips across the sheet.",
    ),
    "transport_y": (
        "Departures along", "Place on the picture, mm", "px",
        "How far marks lie beside their places, as a mean over strips along the sheet; rollers leave waves.",
    ),
    "reprojection_per_view": (
        "What the lens model leaves, view by view", "View", "px",
        "How far the corners of the board lie from where the lens model puts them, in each view.",
    ),
    "level_over_frames": (
        "Light over frames", "Frame", "%",
        "The level of an unmoving scene from frame to frame; flicker and drift show as waves and slopes.",
    ),
    "focus_by_centre": (
        "Focus, look by look", "Look", "cycles/px", "Sharpness of the middle, each time it was seen."
    ),
    "focus_by_eyes": (
        "Focus, look by look", "Look", "cycles/px", "Sharpness at eye height, each time it was seen."
    ),
}  # fmt: skip
"""Curves that are drawn as they are: title, name of both axes with the unit, caption."""


def plots(done: Calibration, before: Calibration | None) -> Iterator[Block]:
    """Yield the plots of a calibration; curves of the one `before` lie beside its own."""
    now = done.report.analysis
    then = before.report.analysis if before is not None else None
    limits = {finding.measure: finding.limit or Limit() for finding in done.report.findings}
    yield from _tolerances(done, before)
    yield from _sharpness(now, then)
    yield from _tone(now, then, limits.get("delta_l_max", Limit()).high)
    yield from _colour(now, limits)
    yield from map_blocks(now, limits)
    for curve in now.curves:
        if curve.name in _LINES and len(_finite(curve.points)) > 1:
            yield _line(curve, _curve(then, curve.name))


# -- tolerances -----------------------------------------------------------------------------------------------


def used(finding: Finding) -> float | None:
    """Return what part of its tolerance a figure uses, 1 at its end; None without a value or a limit.

    Between two ends it is the distance from their middle, below an upper end alone the value over it, above a
    lower end alone the end over the value.
    """
    limit, raw = finding.limit or Limit(), finding.raw
    if raw is None or not isfinite(raw):
        return None
    low, high = limit.low, limit.high
    if low is not None and high is not None:
        return abs(raw - (high + low) / 2) / ((high - low) / 2) if high > low else None
    if high is not None:
        return max(raw, 0.0) / high if high > 0 else None
    if low is not None and low > 0:
        return low / raw if raw > 0 else inf
    return None


def _tolerances(done: Calibration, before: Calibration | None) -> Iterator[Block]:
    shown = [
        (finding, share)
        for finding in done.report.findings
        if finding.status is not Status.NOT_ASSESSED and (share := used(finding)) is not None
    ]
    if not shown:
        return
    earlier = (
        {f.measure: share for f in before.report.findings if (share := used(f)) is not None} if before else {}
    )
    named, most = max(shown, key=lambda one: one[1])
    key = [Sample("this calibration; hatched: marginal or failed", BLUE, 5)]
    if earlier:
        key.append(Sample("the one before", BLACK, shape=Shape.DIAMOND))
    key.append(Sample("end of the tolerance", BLACK, 1.6))
    yield Block(
        "How much of its tolerance each figure uses",
        f"“{words.title(named.measure)}” uses most, {_percent(most)} of its tolerance.",
        (len(shown) * 4.6 + 16) * MM,
        partial(_draw_tolerances, shown, earlier),
        columns=1,
        key=tuple(key),
    )


def _draw_tolerances(
    shown: Sequence[tuple[Finding, float]], earlier: Mapping[str, float], sheet: Sheet, box: Box
) -> None:
    end = min(_MOST_USED, max(1.1, *(share for _, share in shown))) * 1.08
    percent = tuple((at / 100, text) for at, text in numbers(0, 100 * end, 8))
    names = tuple((row + 0.5, words.title(finding.measure)) for row, (finding, _) in enumerate(shown))
    up = Axis("", 0, len(shown), names)
    axes = Axes(sheet, box, Axis("Part of the tolerance that is used, %", 0, end, percent), up, downwards=True)
    for row, (finding, share) in enumerate(shown):
        passed = finding.status is Status.PASS
        ink = BLUE if passed else INKS[finding.status]
        axes.bar((0, row + 0.22), (min(share, end), row + 0.78), ink, hatched=not passed)
        if share > end:
            axes.label((0.995 * end, row + 0.5), _percent(share))
        if (then := earlier.get(finding.measure)) is not None and then <= end:
            axes.mark((then, row + 0.5), Shape.DIAMOND, BLACK, 5)
    axes.upright(1, BLACK, 1.6)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if isfinite(share) else "far more than all"


# -- sharpness ------------------------------------------------------------------------------------------------


def _sharpness(now: Analysis, then: Analysis | None) -> Iterator[Block]:
    for way, name in _WAYS.items():
        edges = _edges(now, way)
        if not edges:
            continue
        weakest = min(edges, key=_half)
        earlier = min(_edges(then, way), key=_half, default=())
        key = [Sample("weakest edge", _INKS[way], 1.8, _DASHES[way]), Sample("other edges", GREY, 0.5)]
        if earlier:
            key.append(Sample("weakest edge before", RED, 1.2, _BEFORE))
        half, tenth = (_read(weakest, level) for level in (0.5, 0.1))
        yield Block(
            f"Sharpness {name} (SFR)",
            f"On the weakest of {len(edges)} edges half of the contrast is left at {half} cycles/px, "
            f"a tenth at {tenth}.",
            _HEIGHT,
            partial(_draw_sharpness, way, edges, weakest, earlier),
            key=tuple(key),
        )


def _draw_sharpness(
    way: str,
    edges: Sequence[tuple[Point, ...]],
    weakest: tuple[Point, ...],
    earlier: tuple[Point, ...],
    sheet: Sheet,
    box: Box,
) -> None:
    top = 1.05 * max(1.0, *(y for points in edges for x, y in points if x <= _SFR_END))
    axes = Axes(sheet, box, axis("Spatial frequency, cycles/px", 0, _SFR_END), axis("SFR (1 = full)", 0, top))
    for level in (0.5, 0.1):
        axes.level(level, GREY, 0.5, (2, 2))
    axes.upright(_HALF_SAMPLING, GREY, 0.8)
    axes.text((_HALF_SAMPLING, 0.94 * top), " half-sampling")
    for points in edges:
        axes.line(points, GREY, 0.4)
    axes.line(earlier, RED, 1.2, _BEFORE)
    axes.line(weakest, _INKS[way], 1.8, _DASHES[way])
    for level in (0.5, 0.1):
        at = _crossing(weakest, level)
        if at is not None and at <= _SFR_END:
            axes.mark((at, level), Shape.DOT, BLACK, 4)
            axes.text((at, level), f"  {at:.3f}", lift=3)


def _edges(analysis: Analysis | None, way: str) -> list[tuple[Point, ...]]:
    found = [_finite(c.points) for c in analysis.curves if c.name.startswith(way)] if analysis else []
    return [points for points in found if len(points) > 1]


def _crossing(points: Sequence[Point], level: float) -> float | None:
    """Return where a curve first falls below a level."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 >= level > y1:
            return x0 + (y0 - level) / (y0 - y1) * (x1 - x0)
    return None


def _half(points: Sequence[Point]) -> float:
    at = _crossing(points, 0.5)
    return inf if at is None else at


def _read(points: Sequence[Point], level: float) -> str:
    at = _crossing(points, level)
    return f"more than {points[-1][0]:.2f}" if at is None else f"{at:.3f}"


# -- tone and colour ------------------------------------------------------------------------------------------


def _tone(now: Analysis, then: Analysis | None, limit: float | None) -> Iterator[Block]:
    steps, earlier = (tuple(sorted(_finite(curve.points))) if curve else () for curve in (
        _curve(now, "tone"), _curve(then, "tone")
    ))  # fmt: skip
    if not steps:
        return
    true, got = max(steps, key=lambda step: abs(step[1] - step[0]))
    way = "light" if got > true else "dark"
    key = [Sample("measured", BLUE, 1.4)]
    if earlier:
        key.append(Sample("before", RED, 1.2, _BEFORE))
    yield Block(
        "Tone",
        f"Lightness of {len(steps)} grey steps as they come out, against that of the reference.",
        _HEIGHT,
        partial(_draw_tone, steps, earlier),
        key=(*key, Sample("true to the reference", GREY, 0.7)),
    )
    if limit is not None:
        key.append(Sample("limit", BLACK, 1.6))
    yield Block(
        "Tone, error of each step",
        f"The worst step, at L* {true:.0f}, comes out {abs(got - true):.1f} L* too {way}.",
        _HEIGHT,
        partial(_draw_tone_error, [(x, y - x) for x, y in steps], [(x, y - x) for x, y in earlier], limit),
        key=tuple(key),
    )


def _draw_tone(steps: Sequence[Point], earlier: Sequence[Point], sheet: Sheet, box: Box) -> None:
    axes = Axes(sheet, box, axis("L* of the reference", 0, 100), axis("L* measured", 0, 105))
    axes.line([(0, 0), (100, 100)], GREY, 0.7)
    axes.line(earlier, RED, 1.2, _BEFORE)
    axes.line(steps, BLUE, 1.4)
    for step in steps:
        axes.mark(step, Shape.DOT, BLUE)


def _draw_tone_error(
    off: Sequence[Point], earlier: Sequence[Point], limit: float | None, sheet: Sheet, box: Box
) -> None:
    reach = 1.2 * max(1.0, limit or 0.0, *(abs(y) for _, y in (*off, *earlier)))
    axes = Axes(sheet, box, axis("L* of the reference", 0, 100), axis("ΔL*", -reach, reach))
    axes.level(0, GREY, 0.7)
    for x, y in off:
        beyond = limit is not None and abs(y) > limit
        axes.bar((x - 1.2, 0), (x + 1.2, y), RED if beyond else BLUE, hatched=beyond)
    axes.line(earlier, RED, 1.2, _BEFORE)
    for end in (limit, -limit) if limit is not None else ():
        axes.level(end, BLACK, 1.6)


def _colour(now: Analysis, limits: Mapping[str, Limit]) -> Iterator[Block]:
    curve = _curve(now, "delta_e")
    patches = _finite(curve.points) if curve else ()
    if not patches:
        return
    most, mean = limits.get("delta_e_max", Limit()).high, limits.get("delta_e_mean", Limit()).high
    at, worst = max(patches, key=lambda patch: patch[1])
    reached = sum(off for _, off in patches) / len(patches)
    key = [Sample("patch; hatched: beyond the limit", BLUE, 5), Sample("mean", BLACK, 0.8, (4, 2))]
    key += [Sample("limit of the worst", BLACK, 1.6)] if most is not None else []
    key += [Sample("limit of the mean", BLACK, 1.6, (6, 2))] if mean is not None else []
    yield Block(
        "Colour, error of each patch",
        f"The mean of {len(patches)} patches is {reached:.1f} ΔE00; number {at:.0f} is worst with {worst:.1f}.",
        _HEIGHT,
        partial(_draw_colour, patches, reached, (most, mean)),
        columns=1,
        key=tuple(key),
    )


def _draw_colour(
    patches: Sequence[Point], reached: float, limits: tuple[float | None, float | None], sheet: Sheet, box: Box
) -> None:
    most, mean = limits
    top = 1.15 * max(1.0, most or 0.0, mean or 0.0, *(off for _, off in patches))
    low, high = min(at for at, _ in patches) - 0.8, max(at for at, _ in patches) + 0.8
    axes = Axes(sheet, box, axis("Number of the patch", low, high, 24), axis("ΔE00", 0, top))
    for at, off in patches:
        beyond = most is not None and off > most
        axes.bar((at - 0.35, 0), (at + 0.35, off), RED if beyond else BLUE, hatched=beyond)
    axes.level(reached, BLACK, 0.8, (4, 2))
    for end, dash in ((most, ()), (mean, (6, 2))):
        if end is not None:
            axes.level(end, BLACK, 1.6, dash)


# -- the others -----------------------------------------------------------------------------------------------


def _line(curve: Curve, before: Curve | None) -> Block:
    title, across, up, caption = _LINES[curve.name]
    points, earlier = _finite(curve.points), _finite(before.points) if before is not None else ()
    key = (Sample("this calibration", BLUE, 1.2), Sample("before", RED, 1.0, _BEFORE)) if earlier else ()
    return Block(title, caption, 42 * MM, partial(_draw_line, points, earlier, (across, up)), key=key)


def _draw_line(
    points: Sequence[Point], earlier: Sequence[Point], names: tuple[str, str], sheet: Sheet, box: Box
) -> None:
    every = (*points, *earlier)
    low, high = around([x for x, _ in every], 1e-6)
    bottom, top = around([y for _, y in every], 1e-3)
    axes = Axes(sheet, box, axis(names[0], low, high), axis(names[1], bottom, top))
    axes.line(earlier, RED, 1.0, _BEFORE)
    axes.line(points, BLUE, 1.2)


def _curve(analysis: Analysis | None, name: str) -> Curve | None:
    return next((curve for curve in analysis.curves if curve.name == name), None) if analysis else None


def _finite(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(point for point in points if all(map(isfinite, point)))
