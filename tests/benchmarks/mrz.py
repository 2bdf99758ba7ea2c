"""Machine-readable zones: how many drawn documents are read whole, how many wrongly, and what a page costs.

The documents are drawn and spoilt by computation (tests/mrz_pages.py), the troubles beyond them too
(tests/mrz_stress.py): the figures compare readers and versions and do not foretell the rates on paper.
MRZ_DOCUMENTS sets how many our reader gets at each level, MRZ_PEER_DOCUMENTS how many of these its peers get
(tests/benchmarks/_mrz_peers.py), MRZ_STRESSES how many pictures of each trouble there are.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from station.model.document import MrzStatus
from station.model.image import Pixels
from station.reading.mrz_optical import OpticalMrz, read
from tests import mrz_pages, mrz_stress
from tests.benchmarks._mrz_peers import Peer, peers, png_of, whole
from tests.mrz_pages import Level
from tests.mrz_papers import TODAY

NAME = "mrz"

DOCUMENTS = int(os.environ.get("MRZ_DOCUMENTS", "110"))
PEER_DOCUMENTS = int(os.environ.get("MRZ_PEER_DOCUMENTS", "10"))
STRESSES = int(os.environ.get("MRZ_STRESSES", "10"))
SEED = 9303
RUNS = 7
TARGETS = {
    "flatbed 300 dpi": 99.5,
    "flatbed 200 dpi": 99.5,
    "flatbed 150 dpi": 99.0,
    "camera mild": 99.0,
    "camera hard": 95.0,
}
PATIENT_S = 30.0  # the budget of a reading counts wall time, which other programs take away

_MEMORY = """
import datetime, os, sys
from pathlib import Path
import numpy

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

today = datetime.date.fromisoformat(sys.argv[2])
pages = list(numpy.load(sys.argv[1]).values())
before = resident_mb()
from station.reading.mrz_optical import read
for number in range(101):
    read(pages[number % len(pages)], today=today)
    if number in (0, 100):
        print(resident_mb() - before)
"""

Row = tuple[str, float, str, str, float | None]


def measure() -> Iterator[Row]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    with peers() as others:
        for name, level in mrz_pages.LEVELS.items():
            yield from _level(name, level, others)
    yield from _troubles()
    for name, more_mb in zip(("first reading", "next 100"), _memory_mb(), strict=True):
        yield f"memory after the {name}, with OpenCV", more_mb, "MB", "under 150", None
    a4 = next(mrz_pages.zones(mrz_pages.flatbed(300, a4=True), 3, SEED)).pixels
    yield "A4 with a document, 300 dpi", _cpu_ms(a4), "ms CPU", "under 70", None
    frame = next(mrz_pages.zones(mrz_pages.LEVELS["camera mild"], 3, SEED)).pixels
    yield "frame of 1920 x 1080", _cpu_ms(frame), "ms CPU", "under 50", None
    for name, draw in mrz_stress.EMPTY_PAGES.items():
        target = "under 80" if name == "letter" else "under 300"
        yield f"no zone: {name}, 300 dpi", _cpu_ms(draw(300, SEED)), "ms CPU", target, None


def _level(name: str, level: Level, others: Sequence[Peer]) -> Iterator[Row]:
    ours: Counter[str] = Counter()
    times: list[float] = []
    theirs: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
    among = 0
    for number, zone in enumerate(mrz_pages.zones(level, DOCUMENTS, SEED)):
        found, spent_ms = _timed(zone.pixels)
        right = found is not None and found.mrz.lines == zone.lines
        ours.update(_verdict(found, right))
        times.append(spent_ms)
        if number < PEER_DOCUMENTS:
            among += right
            png = png_of(zone.pixels) if others else b""
            for peer in others:
                seen, peer_ms = peer.read(png)
                theirs[peer.name].append((whole(seen, zone.lines), peer_ms))
    yield (
        f"{name}: whole of {DOCUMENTS}",
        _share(ours["right"], DOCUMENTS),
        "%",
        f"{TARGETS[name]} or more",
        None,
    )
    yield f"{name}: accepted", _share(ours["accepted"], DOCUMENTS), "%", "as many as can be", None
    yield f"{name}: left to the officer", _share(ours["unsure"], DOCUMENTS), "%", "the rest", None
    yield f"{name}: accepted and wrong", ours["wrong"], "documents", "0", None
    yield f"{name}: a document, median", float(np.median(times)), "ms CPU", "under 50", None
    for peer, results in theirs.items():
        count = len(results)
        right = _share(sum(good for good, _ in results), count)
        yield f"{name}: whole of {count}, peer {peer}", _share(among, count), "%", "more than the peer", right
        peer_ms = float(np.median([spent for _, spent in results]))
        yield (
            f"{name}: a document, peer {peer}",
            float(np.median(times)),
            "ms CPU",
            "less than the peer",
            peer_ms,
        )


def _troubles() -> Iterator[Row]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for stress in mrz_stress.stresses(STRESSES, SEED):
        found, _ = _timed(stress.pixels)
        right = found is not None and found.mrz.lines in stress.right
        counts[stress.trouble].update((*_verdict(found, right), "readable" if stress.right else "no zone"))
    for trouble, count in counts.items():
        if count["readable"]:
            yield f"{trouble}: whole of {STRESSES}", _share(count["right"], STRESSES), "%", "as may be", None
    total = sum(counts.values(), Counter())
    wrong = total["wrong"]
    yield f"troubles: accepted of {STRESSES * len(counts)}", total["accepted"], "pictures", "as may be", None
    yield f"troubles: accepted and wrong of {STRESSES * len(counts)}", wrong, "pictures", "0", None


def _verdict(found: OpticalMrz | None, right: bool) -> Sequence[str]:
    """Name what became of one picture."""
    accepted = found is not None and found.mrz.status is MrzStatus.ACCEPTED
    unsure = found is not None and found.mrz.status is MrzStatus.UNSURE
    names = {"right": right, "accepted": accepted, "unsure": unsure, "wrong": accepted and not right}
    return [name for name, holds in names.items() if holds]


def _timed(pixels: Pixels) -> tuple[OpticalMrz | None, float]:
    """Return the reading and the CPU time of this thread, in milliseconds."""
    before = time.thread_time()
    found = read(pixels, today=TODAY, budget_s=PATIENT_S)
    return found, 1000 * (time.thread_time() - before)


def _share(count: int, of: int) -> float:
    return 100 * count / of


def _cpu_ms(page: Pixels) -> float:
    """Return the median CPU time of several readings, in milliseconds of this thread."""
    return float(np.median([_timed(page)[1] for _ in range(RUNS)]))


def _memory_mb() -> list[float]:
    """Return by how much a process of its own grows: by OpenCV and its first reading, and by a hundred more."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pages.npz"
        zones = (zone for level in mrz_pages.LEVELS.values() for zone in mrz_pages.zones(level, 2, SEED))
        np.savez(file, *(zone.pixels for zone in zones))
        command = [sys.executable, "-c", _MEMORY, str(file), TODAY.isoformat()]
        done = subprocess.run(command, capture_output=True, check=True)
    return [float(word) for word in done.stdout.split()]
