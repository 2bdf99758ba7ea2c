"""The measures of a calibration against known truth: how far they lie off, and how well they repeat.

The largest error of many combinations of everything that a device can do to a target, the spread over ten noisy
scans of one placement, and what it costs to make such a picture.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from station.model.target import TargetKind
from tests.degraded_targets import LIMITS, Sheet, drawing, errors, found_in, measured, picture, wears

NAME = "calibration"

COMBINATIONS = 50
SCANS = 10
NOISE = 0.8
CARD, A4 = Sheet(TargetKind.CARD, 400), Sheet(TargetKind.A4, 300)
REPEATED = {
    "resolution_x": "ppi",
    "resolution_y": "ppi",
    "skew": "degrees",
    "distortion": "px rms",
    "sfr50_x": "cy/px",
    "sfr50_y": "cy/px",
    "sfr10_x": "cy/px",
    "sfr10_y": "cy/px",
    "channel_shift_rg": "px",
    "channel_shift_bg": "px",
    "noise": "L*",
}


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, and no peer: the truth is known."""
    for dpi, most_s in ((300, 4), (600, 12)):
        told = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks._analysis", str(dpi)],
            capture_output=True,
            check=True,
            text=True,
        )
        seconds, megabytes = map(float, told.stdout.split())
        yield f"analysis of A4 at {dpi} dpi", seconds, "s", f"at most {most_s}", None
        yield f"most memory in it, drawing included, {dpi} dpi", megabytes, "MB", "at most 1000", None
    for sheet in (CARD, A4):
        found = [errors(sheet, wear) for wear in wears(sheet, COMBINATIONS, seed=7)]
        for name, (limit, unit) in LIMITS.items():
            worst = max(one[name] for one in found)
            yield (
                f"{sheet.kind} at {sheet.dpi} dpi, {name}, largest of {COMBINATIONS}",
                worst,
                unit,
                f"at most {limit:g}",
                None,
            )
        for name in ("sfr50", "sfr10"):
            worst = max(one[f"{name}_edge"] for one in found)
            yield f"{sheet.kind} at {sheet.dpi} dpi, {name} of a single edge", worst, "%", "printed", None
    wear = replace(next(wears(A4, 1, seed=8)), noise=NOISE)
    scans = [picture(A4, replace(wear, seed=seed)) for seed in range(SCANS)]
    repeated = [measured(scan, found_in(A4, scan)) for scan in scans]
    for name, unit in REPEATED.items():
        spread = statistics.stdev(one[name] for one in repeated)
        yield f"{name}, spread of {SCANS} scans, noise {NOISE} L*", spread, unit, "printed", None
    drawing(A4)
    began = time.perf_counter()
    picture(A4, wear)
    yield "degrading A4 at 300 dpi", time.perf_counter() - began, "s", "at most 4", None
