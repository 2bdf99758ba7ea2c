"""Machine-readable zones: how many drawn documents are read whole, how many wrongly, and what a page costs.

The documents are drawn and spoilt by computation (tests/mrz_pages.py): the figures compare readers and versions
and do not foretell the rates on paper. The peer is Tesseract with its English model, where it is installed, on
a few documents of each level. MRZ_DOCUMENTS sets how many our reader gets at each level.
"""

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from station.imaging.codec import encode_png
from station.model.document import MrzStatus
from station.model.image import Pixels
from station.reading.mrz_optical import read
from tests import mrz_pages
from tests.mrz_pages import TODAY, DrawnZone

NAME = "mrz"

DOCUMENTS = int(os.environ.get("MRZ_DOCUMENTS", "110"))
SEED = 9303
RUNS = 7
PEER_DOCUMENTS = 10
TARGETS = {
    "flatbed 300 dpi": 99.5,
    "flatbed 200 dpi": 99.5,
    "flatbed 150 dpi": 99.0,
    "camera mild": 99.0,
    "camera hard": 95.0,
}
PATIENT_S = 30.0  # the budget of a reading counts wall time, which other programs take away


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    accepted = wrong = 0
    for name, level in mrz_pages.LEVELS.items():
        seen: Counter[str] = Counter()
        of_peer: list[bool] = []
        for zone in mrz_pages.zones(level, DOCUMENTS, SEED):
            found = read(zone.pixels, today=TODAY, budget_s=PATIENT_S)
            right = found is not None and found.mrz.lines == zone.lines
            good = found is not None and found.mrz.status is MrzStatus.ACCEPTED
            seen.update(right=right, accepted=good, wrong=good and not right)
            if len(of_peer) < PEER_DOCUMENTS and shutil.which("tesseract"):
                of_peer.append(_by_tesseract(zone) == zone.lines)
        peer = 100 * float(np.mean(of_peer)) if of_peer else None
        yield f"{name}: whole of {DOCUMENTS}", _share(seen["right"]), "%", f"{TARGETS[name]} or more", peer
        yield f"{name}: accepted", _share(seen["accepted"]), "%", "as many as can be", None
        accepted, wrong = accepted + seen["accepted"], wrong + seen["wrong"]
    yield f"wrong among {accepted} accepted", wrong, "documents", "0", None
    a4 = next(mrz_pages.zones(mrz_pages.flatbed(300, a4=True), 3, SEED)).pixels
    yield "A4 with a document, 300 dpi", _cpu_ms(a4), "ms CPU", "under 70", None
    frame = next(mrz_pages.zones(mrz_pages.LEVELS["camera mild"], 3, SEED)).pixels
    yield "frame of 1920 x 1080", _cpu_ms(frame), "ms CPU", "under 50", None
    yield "A4 letter without a zone, 300 dpi", _cpu_ms(mrz_pages.letter(300, SEED)), "ms CPU", "under 500", None


def _share(count: int) -> float:
    return 100 * count / DOCUMENTS


def _cpu_ms(page: Pixels) -> float:
    """Return the median CPU time of several readings, in milliseconds of this thread."""
    times = []
    for _ in range(RUNS):
        before = time.thread_time()
        read(page, today=TODAY, budget_s=PATIENT_S)
        times.append(time.thread_time() - before)
    return 1000 * float(np.median(times))


def _by_tesseract(zone: DrawnZone) -> tuple[str, ...]:
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", "6"]
    done = subprocess.run(command, input=encode_png(zone.pixels), capture_output=True, check=True)
    lines = [re.sub(r"\s", "", line) for line in done.stdout.decode().splitlines()]
    return tuple(line for line in lines if len(line) == len(zone.lines[0]))[-len(zone.lines) :]
