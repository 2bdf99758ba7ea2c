"""One analysis of an A4 target in a process of its own: `python -m tests.benchmarks._analysis DPI`.

Prints seconds (median of three, after one that loads everything) and the most memory in MB.
"""

import resource
import statistics
import sys
import time
from datetime import date

from station.calibration.analyse import analyse
from station.calibration.draw import draw
from station.calibration.label import text_of
from station.model.target import TargetKind, TargetLabel
from tests.degraded_targets import LAYOUTS


def main(dpi: int) -> None:
    """Analyse the drawn target at this resolution."""
    layout = LAYOUTS[TargetKind.A4]
    label = TargetLabel(TargetKind.A4, layout.revision, "B1")
    pixels = draw(layout, label, dpi)
    seconds = []
    for _ in range(4):
        began = time.perf_counter()
        analyse(pixels, TargetKind.A4, LAYOUTS, [text_of(label)], claimed=(dpi, dpi), today=date(2026, 3, 1))
        seconds.append(time.perf_counter() - began)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(statistics.median(seconds[1:]), most)


if __name__ == "__main__":
    main(int(sys.argv[1]))
