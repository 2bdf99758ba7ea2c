"""Fifty A4 pages at 300 dpi in colour become one proved PDF/A, against img2pdf alone on the same files.

Both run in a process of their own, which tells the time of the work and the most memory that it held. img2pdf
writes no PDF/A here, knows no straightening and checks nothing; its memory grows with the pages.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from drivers.simulated.papers import drawn
from station.model.capability import ColourMode
from station.model.specimen import Paper, PaperKind
from tests.kiosk import ANNA

NAME = "pdf"
RUNS = 5
PAGES = 50
QUALITY = 85
MEGABYTE = 1_000_000


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        size = sum(_pages(folder))
        ours, peer = ([_run(which, folder) for _ in range(RUNS)] for which in ("station", "img2pdf"))
        what = f"{PAGES} A4 pages, 300 dpi, colour, {size / MEGABYTE:.0f} MB of JPEG"
        for at, unit, target in ((0, "s", "<= 2 s"), (1, "MB", "<= 150 MB")):
            yield (
                f"{what}: {unit}",
                *(median(run[at] for run in ours), unit, target),
                median(r[at] for r in peer),
            )


def _pages(folder: Path) -> Iterator[int]:
    """Write scanned letters with the noise of a scanner, no two alike; yields their sizes."""
    import numpy as np
    from PIL import Image

    paper = drawn(Paper(PaperKind.LETTER, ANNA), 1, 300, ColourMode.COLOUR)
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 3, paper.shape).astype(np.int16)
    for number in range(PAGES):
        pixels = np.clip(paper + np.roll(noise, 97 * number, axis=0), 0, 255).astype(np.uint8)
        path = folder / f"{number:03d}.jpg"
        Image.fromarray(pixels).save(path, quality=QUALITY, dpi=(300, 300))
        yield path.stat().st_size


def _run(which: str, folder: Path) -> tuple[float, float]:
    """Return seconds and the most megabytes of one export."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks._pdf_export", which, folder],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    took, peak = map(float, told.split())
    return took, peak
