"""Memory over a long day: 500 whole visits in one process, on simulated devices and SQLite.

The scans are coarse so that a visit takes a third of a second; what stays behind does not depend on their size.
"""

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kiosk import kiosk
from tests.visits import applicants, whole_visit

NAME = "soak"

VISITS = 500
SETTLED = 50
"""Visits until all caches are filled and every library has been used."""

DPI = 75
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the value after the first visits."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        early, late = apart.submit(resident_mb, VISITS, SETTLED).result()
    yield f"memory after {VISITS} visits, peer after {SETTLED}", late, "MB", "ratio <= 1.1", early


def resident_mb(visits: int, settled: int) -> tuple[float, float]:
    """Return the resident memory in MB after the first `settled` of so many visits, and after all."""
    people = applicants(visits)
    early = 0.0
    with TemporaryDirectory() as folder, kiosk(Path(folder), people, scan_dpi=DPI) as at:
        at.ready()
        for number, applicant in enumerate(people, 1):
            whole_visit(at, applicant)
            if number == settled:
                early = _resident_mb()
        return early, _resident_mb()


def _resident_mb() -> float:
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1])  # proc(5): pages
    return resident * _PAGE_BYTES / 1e6
