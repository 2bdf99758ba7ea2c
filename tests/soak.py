"""Work long and hard: `python -m tests.soak [SEED]` kills stores and stations, works a long day, and tells.

Exit status 1 when something was lost, when the memory grew by more than a tenth, or when a store was damaged.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from tests import test_journal, test_station_life
from tests.benchmarks import soak

KILLS = 50
GROWTH = 1.1


def main(arguments: list[str]) -> int:
    """Run all parts and return the exit status."""
    seed = int(arguments[0]) if arguments else SystemRandom().randrange(10**6)
    print(f"seed {seed} (an argument repeats it)", flush=True)
    killed(f"{KILLS} kills of a process that writes to the store", test_journal.kill_and_prove, seed)
    killed(f"{KILLS} kills of a whole station in a visit", test_station_life.kill_and_prove, seed)
    grown = 0.0
    for what, late, unit, target, early in soak.measure():
        grown = max(grown, late / early) if early else grown
        print(f"{what}: {late:.0f} {unit}, {early:.0f} {unit}; {grown:.3f} times, {target}", flush=True)
    return 0 if grown <= GROWTH else 1


def killed(what: str, kill_and_prove: Callable[[Path, int, int], int], seed: int) -> None:
    """Kill, prove that nothing was lost (else this raises), and print how much had been promised."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        kept = kill_and_prove(Path(folder), KILLS, seed)
    print(f"{what}: {kept} acknowledged, 0 lost; {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
