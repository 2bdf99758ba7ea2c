"""From the start of the program to the first picture of its window, with a warm cache and compiled bytecode.

The peer is a script that shows an empty QMainWindow: what Python and Qt take by themselves.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from tempfile import TemporaryDirectory

NAME = "startup"

RUNS = 7
HEAVY = ("cv2", "sqlalchemy", "alembic", "psycopg", "zxingcpp", "pyzbar")
"""What the window does not need to be seen."""


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    ours, peers, imported = [], [], set[str]()
    for _ in range(RUNS + 1):
        took, modules = _first_paint("station")
        ours.append(took)
        imported |= modules
        peers.append(_first_paint("bare")[0])
    ours_s, peer_s = (statistics.median(took[1:]) for took in (ours, peers))
    yield "from exec to the first paint, median", ours_s, "s", "<= 1.5 s", peer_s
    heavy = [name for name in HEAVY if name in imported]
    yield f"heavy modules before it: {', '.join(heavy) or 'none'}", len(heavy), "modules", "0", None


def _first_paint(which: str) -> tuple[float, set[str]]:
    """Return the seconds until the first paint and the modules that were imported by then."""
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks._first_paint", which],
            env={"QT_QPA_PLATFORM": "offscreen"} | os.environ | {"STATION_DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    painted, *modules = ended.stdout.split()
    return float(painted) - began, set(modules)
