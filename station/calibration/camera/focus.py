"""How sharp a camera sees the plane of the portrait, by a slanted edge there."""

from station.calibration.edge_line import Refusal
from station.calibration.lab import LIGHT
from station.calibration.sfr import Response, measure
from station.imaging.cv import cv
from station.model.calibration import Figure
from station.model.image import Pixels


def focus(region: Pixels, baseline: float | None = None) -> tuple[Figure, Figure]:
    """Measure a part of a frame, grey or RGB, that holds one edge 2 to 10 degrees off upright or off level.

    focus_sfr50 (cycles/px, by ISO 12233:2023, as `sfr`): where half the contrast is left; focus_kept: in % of
    the `baseline` of the day of commissioning, good from 90 on. `reason` is that of `Refusal`, or no_baseline.
    """
    grey = region if region.ndim == 2 else cv().cvtColor(region, cv().COLOR_RGB2GRAY)
    light = LIGHT[grey]
    answers = [measure(light), measure(light.T)]
    found = next((answer for answer in answers if isinstance(answer, Response)), None)
    if found is None:
        # The edge is upright in one of the two; what is wrong with the other is only that it is not.
        reason = str(next((answer for answer in answers if answer is not Refusal.NO_EDGE), Refusal.NO_EDGE))
        return Figure("focus_sfr50", "cy/px", reason=reason), Figure("focus_kept", "%", reason=reason)
    kept = None if baseline is None else 100 * found.sfr50 / baseline
    return (
        Figure("focus_sfr50", "cy/px", found.sfr50),
        Figure("focus_kept", "%", kept, "" if kept is not None else "no_baseline"),
    )
