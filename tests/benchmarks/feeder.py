"""A duplex feeder at 120 images a minute, A4 in colour at 300 dpi, by eSCL from a process of its own.

Everything that the station does to an image is counted: fetch, decode, read bar codes, straighten, measure,
store, thumbnail. The scanner's own work, drawing and coding, is not. Then 1,000 pages without a pause, in
visits of 50, to see what stays in memory.
"""

import gc
import io
import os
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from drivers.escl.driver import EsclDriver
from drivers.simulated.escl_server import EsclServer, Job
from drivers.simulated.papers import drawn
from drivers.simulated.props import Stage
from station.flow.events import Event, JobEnded, Outcome, PageComing, VisitChanged
from station.model.capability import ColourMode, Source
from station.model.record import ApplicationRecord, AttachmentKind
from station.model.specimen import Flaw, Paper, PaperKind
from station.model.visit import Step
from tests.kiosk import Kiosk, kiosk
from tests.visits import applicants

NAME = "feeder"

DPI = 300
IMAGES = 120
PACE_S = 0.5
"""60 sheets a minute, both sides."""
VISITS, VISIT_IMAGES = 20, 50
SETTLED_VISITS = 3
QUALITY = 90

NOBODY = ApplicationRecord("", "5257 05 2026 PAGE 1 OF 5")
"""Whose forms are fed: their code names no application, so they may lie in every visit."""

Row = tuple[str, float, str, str, float | None]

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def measure() -> Iterator[Row]:
    """Yield what was measured: what, value, unit, target, the value to compare with."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        yield from apart.submit(_paced).result()
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        yield from apart.submit(_unpaced).result()


@dataclass(slots=True)
class Clock:
    """When each page came and when it was on the record, by this process's clock."""

    came: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Note the moment; on the thread that posts."""
        now = time.perf_counter()
        if isinstance(event, PageComing):
            self.came.append(now)
        elif isinstance(event, VisitChanged) and event.visit is not None:
            pages = len(event.visit.of_kind(AttachmentKind.DOCUMENT))
            self.kept += [now] * (pages - len(self.kept))


def _paced() -> list[Row]:
    clock = Clock()
    with _station(IMAGES, PACE_S, clock.hear, 1) as at:
        at.open(applicants(1)[0].letter_number)
        began, cpu = time.perf_counter(), time.process_time()
        _feed(at)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    waits = [kept - came for came, kept in zip(clock.came, clock.kept, strict=True)]
    half = len(waits) // 2
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return [
        ("CPU for one image, everything", 1000 * cpu / IMAGES, "ms", "<= 900 ms", None),
        (f"{IMAGES} images, one each {PACE_S} s", wall, "s", "as long as the feeder", IMAGES * PACE_S),
        (
            "from a page's last byte to its row, second half, peer first half",
            1000 * median(waits[half:]),
            "ms",
            "does not grow",
            1000 * median(waits[:half]),
        ),
        ("most memory", peak_mb, "MB", "<= 500 MB", None),
    ]


def _unpaced() -> list[Row]:
    people = applicants(VISITS)
    early = 0.0
    with _station(VISIT_IMAGES, 0.0, lambda _: None, VISITS) as at:
        for number, applicant in enumerate(people, 1):
            at.open(applicant.letter_number)
            _feed(at)
            at.do(at.station.leave, VisitChanged, lambda event: event.visit is None)
            at.events.clear()  # else this list would keep every thumbnail
            if number == SETTLED_VISITS:
                early = _resident_mb()
        late = _resident_mb()
    what = f"memory after {VISITS * VISIT_IMAGES} pages, peer after {SETTLED_VISITS * VISIT_IMAGES}"
    return [(what, late, "MB", "ratio <= 1.1", early)]


def _feed(at: Kiosk) -> None:
    at.do(lambda: at.station.enter(Step.DOCUMENTS), VisitChanged)
    scan = partial(at.station.scan, AttachmentKind.DOCUMENT, item="application_form", source=Source.DUPLEX)
    ended = at.do(scan, JobEnded)
    assert ended.outcome is Outcome.COMPLETED, ended


@contextmanager
def scanner_of(images: int, pace_s: float) -> Iterator[tuple[str, Callable[[], list[float]]]]:
    """Run a scanner with such a pile in a process of its own; its address, and when it gave each side away.

    The times are `time.monotonic()`, one clock for all processes.
    """
    context = get_context("spawn")
    here, there = context.Pipe()
    scanner = context.Process(target=_serve, args=(there, images, pace_s))
    scanner.start()

    def given() -> list[float]:
        here.send("given")
        return here.recv()  # type: ignore[no-any-return]

    try:
        yield here.recv(), given
    finally:
        here.send(None)
        scanner.join()


@contextmanager
def _station(images: int, pace_s: float, ear: object, people: int) -> Iterator[Kiosk]:
    with scanner_of(images, pace_s) as (url, _), TemporaryDirectory() as folder:
        driver = EsclDriver()
        driver.configure({"scanners": [{"url": url}]})
        facts = {"drivers": (driver,), "ear": ear, "scan_dpi": DPI, "poll_s": 3600.0}
        with kiosk(Path(folder), applicants(people), **facts) as at:  # type: ignore[arg-type]
            yield at.ready()


class PiledServer(EsclServer):
    """A scanner whose pile was drawn and coded before; each side comes when the rollers have it ready."""

    def __init__(self, sides: list[bytes], images: int, pace_s: float) -> None:
        """Hold `images` sides in each pile."""
        stage = Stage()
        stage.lay((Paper(PaperKind.BLANK),))
        super().__init__(stage)
        self._sides, self._images, self._pace_s = sides, images, pace_s
        self._due = 0.0
        self.given: list[float] = []

    def page(self, job: Job) -> bytes | None:
        """Return the next side when it is due."""
        if job.done >= self._images:
            job.end("Completed", "JobCompletedSuccessfully")
            return None
        now = time.monotonic()
        self._due = (self._due if job.done else now) + self._pace_s
        time.sleep(max(0.0, self._due - now))
        self.given.append(time.monotonic())
        return self._sides[job.done % len(self._sides)]


def _serve(pipe: Connection, images: int, pace_s: float) -> None:
    with PiledServer(list(_sides()), images, pace_s) as scanner:
        pipe.send(scanner.url)
        while pipe.recv() is not None:
            pipe.send(scanner.given)


def _sides() -> Iterator[bytes]:
    """Draw fronts and backs with the grain of a sensor: it costs the coding and the decoding most."""
    noise = np.random.default_rng(1)
    for number in range(4):
        flaws = (Flaw.TILTED,) if number % 2 else ()
        for paper in (Paper(PaperKind.FORM, NOBODY, flaws, title=f"Sheet {number}"), Paper(PaperKind.BLANK)):
            glass = drawn(paper, 1, DPI, ColourMode.COLOUR).astype(np.int16)
            grain = noise.normal(0, 2, glass.shape).round().astype(np.int16)
            coded = io.BytesIO()
            pixels = np.clip(glass + grain, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(coded, "JPEG", quality=QUALITY, dpi=(DPI, DPI))
            yield coded.getvalue()


def _resident_mb() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB  # proc(5): pages
