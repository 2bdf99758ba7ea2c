"""Work long and hard: `python -m tests.soak [SEED]` kills stores and stations, works long days, and tells.

`python -m tests.soak fuzz [SECONDS [SEED [TARGET …]]]` spoils what comes from outside instead, so many seconds
for each target. Exit status 1 when something was lost, when the memory grew by more than a tenth, when a store
was damaged, or when a spoilt sample broke something.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from tests import test_faults_day, test_faults_killed, test_journal, test_station_life
from tests.benchmarks import soak
from tests.fuzz import work

KILLS = 50
POINTS = 200
"""Kills of stations that go on on one data folder, and of changes of its key."""

CROWD = 300
"""Applicants for them: a child seldom ends more than one visit."""

DAY = 120
"""Visits of a busy day at one station."""

GROWTH = 1.1


def main(arguments: list[str]) -> int:
    """Run all parts and return the exit status."""
    if arguments[:1] == ["fuzz"]:
        return fuzzed(*arguments[1:])
    seed = int(arguments[0]) if arguments else SystemRandom().randrange(10**6)
    print(f"seed {seed} (an argument repeats it)", flush=True)
    killed("a process that writes to the store", test_journal.kill_and_prove, KILLS, seed)
    killed("a whole station in a visit", test_station_life.kill_and_prove, KILLS, seed)
    again = partial(test_faults_killed.kill_and_prove, crowd=CROWD)
    killed("stations on one data folder and changes of its key", again, POINTS, seed)
    worked()
    grown = 0.0
    for what, late, unit, target, early in soak.measure():
        grown = max(grown, late / early) if early else grown
        print(f"{what}: {late:.0f} {unit}, {early:.0f} {unit}; {grown:.3f} times, {target}", flush=True)
    return 0 if grown <= GROWTH else 1


def fuzzed(seconds: str = "60", seed: str = "", *targets: str) -> int:
    """Spoil the samples of all targets, or of these, for so long each; return the exit status."""
    seed = seed or str(SystemRandom().randrange(10**6))
    print(f"seed {seed} (a second argument repeats it)", flush=True)
    return min(1, work.soak(float(seconds), int(seed), targets))


def killed(what: str, kill_and_prove: Callable[[Path, int, int], int], kills: int, seed: int) -> None:
    """Kill, prove that nothing was lost (else this raises), and print how much had been promised."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        kept = kill_and_prove(Path(folder), kills, seed)
    took = time.monotonic() - began
    print(f"{kills} kills of {what}: {kept} acknowledged, 0 lost; {took:.0f} s", flush=True)


def worked() -> None:
    """Work through a day in fast time; prove that nothing was lost or mixed, else this raises."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        pictures = test_faults_day.work_a_day(Path(folder), DAY)
    took = time.monotonic() - began
    print(f"a day of {DAY} visits: {pictures} pictures, 0 lost or mixed; {took:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
