"""One page from the scanner's memory to its durable row and its thumbnail, on one core.

A4 at 300 dpi in colour, 26 MB: judge, read bar codes, make the thumbnail, code as PNG, store, attach. The peer
of the coding is OpenCV's PNG writer as it comes. The papers are drawn; two have the noise of a sensor, which
costs the coding most.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from drivers.simulated.papers import drawn
from drivers.simulated.people import seen
from station.flow.options import FitOut, Options
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import PROFILES, THUMBNAIL_PX, Prepared, Workshop
from station.imaging import codec
from station.imaging.cv import cv
from station.model.capability import ColourMode
from station.model.image import Page, PictureRef, Pixels
from station.model.record import AttachmentKind, Provenance
from station.model.specimen import Flaw, Paper, PaperKind, Sitter
from station.quality.assess import assess
from station.quality.sample import PageSample
from station.storage.open import open_store
from tests.kiosk import ANNA, TODAY, rules

NAME = "pipeline"

DPI = (300.0, 300.0)
RUNS = 7
TARGET = "<= 400 ms"
PROVENANCE = Provenance("bench", "bench", None, "bench", "{}", "bench", "bench", TODAY, True)

_T = TypeVar("_T")

Row = tuple[str, float, str, str, float | None]
Took = tuple[float, float]
"""Medians of wall and CPU time in milliseconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One paper under the lamp."""

    name: str
    kind: AttachmentKind
    pixels: Pixels


def measure() -> Iterator[Row]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    core = {min(os.sched_getaffinity(0))}
    with ProcessPoolExecutor(1, get_context("spawn"), os.sched_setaffinity, (0, core)) as one_core:
        yield from one_core.submit(_rows).result()


def _rows() -> list[Row]:
    with TemporaryDirectory() as folder, closing(open_store(Path(folder))) as store:
        with store.units() as work:
            work.records.expect((ANNA,))
            (listed,) = work.records.today()
            work.commit()
        out = FitOut(store, "SQLite", (), {}, **rules())
        hand = VisitInHand.open(store.units, Options(), out.checklists, out.patterns, listed.record_id)
        workshop = Workshop(out, 1, date.today)
        try:
            return list(_roads(Road(hand, workshop, out)))
        finally:
            workshop.close(1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """The way of a page, whole and stage by stage. Each run is given a page of other bytes, as in life."""

    hand: VisitInHand
    workshop: Workshop
    out: FitOut

    def whole(self, sheet: Sheet) -> Took:
        """Measure the whole way, as the station goes it."""

        def go(page: Page) -> None:
            for prepared in self.workshop.prepare(page, sheet.kind):
                self._attach(prepared)

        return _timed(go, [Page(_other(sheet.pixels, n), 1, DPI) for n in range(RUNS + 1)])

    def stages(self, sheet: Sheet) -> dict[str, Took]:
        """Measure each stage by itself."""
        pixels, kind = sheet.pixels, sheet.kind
        profile = self.out.profiles[PROFILES[kind]]
        report = assess(profile, PageSample(pixels, DPI))
        (reading,) = self.workshop._read(pixels, kind).values()
        coded = codec.encode_png(pixels, DPI)
        shas = [f"{n:064x}" for n in range(RUNS + 1)]
        thumbnail = codec.thumbnail(pixels, THUMBNAIL_PX)
        height, width = pixels.shape[:2]
        prepared = [
            Prepared(
                kind, PictureRef(sha, "image/png", len(coded), width, height, DPI), thumbnail, report, reading
            )
            for sha in shas
        ]
        again = [pixels] * (RUNS + 1)
        return {
            "judge": _timed(lambda page: assess(profile, PageSample(page, DPI)), again),
            "read": _timed(lambda page: self.workshop._read(page, kind), again),
            "thumbnail": _timed(lambda page: codec.thumbnail(page, THUMBNAIL_PX), again),
            "code": _timed(lambda page: codec.encode_png(page, DPI), again),
            "store": _timed(self.out.store.pictures.put, [coded + bytes([n]) for n in range(RUNS + 1)]),
            "attach": _timed(self._attach, prepared),
        }

    def _attach(self, prepared: Prepared) -> None:
        old = [attachment.id for attachment in self.hand.record.of_kind(prepared.kind)]
        self.hand.attach(prepared, PROVENANCE, replacing=old)


def _roads(road: Road) -> Iterator[Row]:
    sheets = _sheets()
    slowest: dict[str, tuple[float, str]] = {}
    for sheet in sheets:
        wall, processor = road.whole(sheet)
        yield f"{sheet.name}, whole way, wall", wall, "ms", TARGET, None
        yield f"{sheet.name}, whole way, CPU", processor, "ms", TARGET, None
        for stage, (_, cpu) in road.stages(sheet).items():
            slowest[stage] = max(slowest.get(stage, (0.0, "")), (cpu, sheet.name))
    for stage, (cpu, name) in slowest.items():
        yield f"slowest {stage} ({name}), CPU", cpu, "ms", "", None
    for sheet in sheets:
        ours, peer = (_timed(write, [sheet.pixels] * (RUNS + 1))[1] for write in (_our_png, _cv_png))
        yield f"{sheet.name}, code as PNG, CPU", ours, "ms", "less than the peer", peer
    ours, peer = (sum(len(write(sheet.pixels)) / 1e6 for sheet in sheets) for write in (_our_png, _cv_png))
    yield "all of them as PNG", ours, "MB", "", peer
    unread = Sheet("unreadable", AttachmentKind.LETTER, _drawn(PaperKind.LETTER, Flaw.UNREADABLE_CODE))
    yield "letter whose code must be searched, CPU", road.whole(unread)[1], "ms", "seldom, told apart", None


def _sheets() -> tuple[Sheet, ...]:
    noise = partial(_noisy, np.random.default_rng(2026))
    return (
        Sheet("letter", AttachmentKind.LETTER, _drawn(PaperKind.LETTER)),
        Sheet("passport", AttachmentKind.PASSPORT_PAGE, _drawn(PaperKind.PASSPORT)),
        Sheet("form", AttachmentKind.DOCUMENT, _drawn(PaperKind.FORM)),
        Sheet("noisy form", AttachmentKind.DOCUMENT, noise(_drawn(PaperKind.FORM, Flaw.TILTED), 3.0)),
        Sheet("photographs", AttachmentKind.DOCUMENT, noise(_photographs(), 4.0)),
    )


def _drawn(kind: PaperKind, *flaws: Flaw) -> Pixels:
    paper = Paper(kind, replace(ANNA, id="bench"), flaws, title="Bank statement")
    return drawn(paper, 1, round(DPI[0]), ColourMode.COLOUR)


def _photographs() -> Pixels:
    """Lay prints of invented people edge to edge over the whole glass."""
    height, width = _drawn(PaperKind.BLANK).shape[:2]
    prints = [seen(Sitter(seed), 1920, 1080) for seed in range(1, 4)]
    column = np.concatenate([codec.fit(one, width, height) for one in prints])
    return np.ascontiguousarray(column[:height])


def _noisy(chance: np.random.Generator, pixels: Pixels, sigma: float) -> Pixels:
    """Add the noise of a sensor."""
    noise = chance.normal(0, sigma, pixels.shape).astype(np.float32)
    result: Pixels = np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)
    return result


def _other(pixels: Pixels, number: int) -> Pixels:
    """Return a copy with one other pixel, so that the store has not got it yet."""
    copy: Pixels = pixels.copy()
    copy[0, 0] = number
    return copy


def _our_png(pixels: Pixels) -> bytes:
    return codec.encode_png(pixels, DPI)


def _cv_png(pixels: Pixels) -> bytes:
    return bytes(cv().imencode(".png", pixels)[1])


def _timed(work: Callable[[_T], object], given: list[_T]) -> Took:
    """Do the work on each of these, the first to warm up, and return the medians."""
    walls, cpus = [], []
    for one in given:
        wall, processor = time.perf_counter(), time.process_time()
        work(one)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - processor) * 1000)
    return statistics.median(walls[1:]), statistics.median(cpus[1:])
