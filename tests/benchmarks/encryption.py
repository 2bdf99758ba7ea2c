"""What encryption costs: the whole way of a page, a picture, opening a record and the store, each beside plain.

Plain is the same code with the sealing taken out: pictures are written as they are and SQLCipher gets no key,
which makes it SQLite. Both take turns, and turns in being first, so that neither a machine that slows down nor
what the other one left in the cache counts for one of them. The papers are two of `pipeline`, one that costs
little to store and one that costs most; the record has thirty pages and lies among 20,000.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from unittest.mock import patch

from station.flow.options import FitOut, Options
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Workshop
from station.model.image import Page
from station.model.visit import ActKind
from station.storage import cipher, sealed
from station.storage.keys import vault
from station.storage.keys.station_key import StationKey
from station.storage.open import OpenStore, open_store
from tests.benchmarks.pipeline import DPI, Road, Sheet, _other, _sheets
from tests.kiosk import ANNA, rules
from tests.stored import act, applicant, expected, picture, visit_of

NAME = "encryption"

RUNS = 16
WARM = 2
RECORDS = 20_000
PAGES = 30
OPENINGS = 200
MEGABYTES = 10

Row = tuple[str, float, str, str, float | None]


def measure() -> Iterator[Row]:
    """Yield what was measured: what, value, unit, target, the value without encryption."""
    core = {min(os.sched_getaffinity(0))}
    with ProcessPoolExecutor(1, get_context("spawn"), os.sched_setaffinity, (0, core)) as one_core:
        yield from one_core.submit(_rows).result()


def _rows() -> list[Row]:
    return [*_whole_way(), *_pictures(), *_records(), *_keys()]


# -- with and without -----------------------------------------------------------------------------------------


def _as_it_is(file: BinaryIO, data: bytes, _name: str, _key: StationKey) -> None:
    file.write(data)


def _parts(file: BinaryIO, _name: str, _key: StationKey) -> Iterator[memoryview]:
    room = memoryview(bytearray(sealed.PART_BYTES))
    while length := os.readv(file.fileno(), [room]):
        yield room[:length]


def _without() -> ExitStack:
    undo = ExitStack()
    for where, name, instead in (
        (sealed, "seal", _as_it_is),
        (sealed, "opened", _parts),
        (cipher, "key_pragma", lambda _key: "SELECT 1"),
        (cipher, "prove_owner", lambda _path, _key: None),
        (cipher, "owner", lambda _path: ""),
    ):
        undo.enter_context(patch.object(where, name, instead))
    return undo


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stores that differ in nothing but the encryption."""

    sealed: OpenStore
    plain: OpenStore

    def each(self, work: Callable[[OpenStore, int], None], runs: int) -> tuple[tuple[float, float], ...]:
        """Work on either store in turn, after `WARM` turns; returns medians of (wall, CPU) in ms, sealed first.

        The numbers that `work` gets are below `runs` + `WARM`.
        """
        took: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for number in range(runs + WARM):
            for is_sealed in (True, False) if number % 2 else (False, True):
                with ExitStack() if is_sealed else _without():
                    wall, processor = time.perf_counter(), time.process_time()
                    work(self.sealed if is_sealed else self.plain, number)
                    took[is_sealed].append(
                        ((time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000)
                    )
        return tuple(
            (
                statistics.median(w for w, _ in took[one][WARM:]),
                statistics.median(c for _, c in took[one][WARM:]),
            )
            for one in (True, False)
        )


def _stores(folder: Path, undo: ExitStack) -> Pair:
    with_encryption = undo.enter_context(closing(open_store(folder / "sealed")))
    with _without():
        plain = undo.enter_context(closing(open_store(folder / "plain")))
        plain.engine.connect().close()  # its only connection is made while no key is given
    return Pair(with_encryption, plain)


# -- figures --------------------------------------------------------------------------------------------------


def _whole_way() -> Iterator[Row]:
    with TemporaryDirectory() as folder, ExitStack() as undo:
        pair = _stores(Path(folder), undo)
        roads = {store.pictures.folder: _road(store, undo) for store in (pair.sealed, pair.plain)}
        for sheet in _sheets():
            if sheet.name not in ("letter", "photographs"):
                continue
            pages = [Page(_other(sheet.pixels, number), 1, DPI) for number in range(RUNS + WARM)]

            def go(store: OpenStore, number: int, sheet: Sheet = sheet, pages: list[Page] = pages) -> None:
                road = roads[store.pictures.folder]
                for prepared in road.workshop.prepare(pages[number], sheet.kind):
                    road._attach(prepared)

            ours, plain = pair.each(go, RUNS)
            for at, unit in enumerate(("wall", "CPU")):
                yield f"{sheet.name}, whole way, {unit}", ours[at], "ms", "<= 10 % more", plain[at]


def _road(store: OpenStore, undo: ExitStack) -> Road:
    with ExitStack() if store.pictures.folder.parent.name == "sealed" else _without():
        with store.units() as work:
            work.records.expect((ANNA,))
            (listed,) = work.records.today()
            work.commit()
        out = FitOut(store, "SQLite", (), {}, **rules())
        hand = VisitInHand.open(store.units, Options(), out.checklists, out.patterns, listed.record_id)
    workshop = Workshop(out, 1, date.today)
    undo.callback(workshop.close, 1.0)
    return Road(hand, workshop, out)


def _pictures() -> Iterator[Row]:
    data = [os.urandom(MEGABYTES * 1_000_000) for _ in range(RUNS + WARM)]
    names: list[str] = []
    with TemporaryDirectory() as folder, ExitStack() as undo:
        pair = _stores(Path(folder), undo)
        ours, plain = pair.each(lambda store, n: names.append(store.pictures.put(data[n])), RUNS)
        yield f"put {MEGABYTES} MB, wall", ours[0], "ms", "", plain[0]
        yield f"put {MEGABYTES} MB, CPU", ours[1], "ms", "", plain[1]

        def get(store: OpenStore, number: int) -> None:
            store.pictures.get(names[2 * number])

        ours, plain = pair.each(get, RUNS)
        yield f"get {MEGABYTES} MB, CPU", ours[1], "ms", "", plain[1]


def _records() -> Iterator[Row]:
    with TemporaryDirectory() as folder, ExitStack() as undo:
        pair = _stores(Path(folder), undo)
        for store in (pair.sealed, pair.plain):
            with ExitStack() if store is pair.sealed else _without():
                _fill(store)

        def open_one(store: OpenStore, _: int) -> None:
            with store.units() as work:
                (listed,) = work.records.with_identifier("application_number", "BENCH-1")
                work.records.get(listed.record_id)

        def after_a_start(store: OpenStore, number: int) -> None:
            store.engine.dispose()
            open_one(store, number)

        for title, work, runs in (("", open_one, OPENINGS), (" on a new connection", after_a_start, 50)):
            ours, plain = pair.each(work, runs)
            yield f"open a record of {PAGES} pages{title}, wall", ours[0], "ms", "", plain[0]
            yield f"open a record{title}, more by", ours[0] - plain[0], "ms", "<= 2 ms", None


def _fill(store: OpenStore) -> None:
    for start in range(0, RECORDS, 1_000):
        with store.units() as work:
            work.records.expect(
                [applicant(f"GV-{n:08d}", surname=f"Vandermeer{n}") for n in range(start, start + 1_000)]
            )
            work.commit()
    (record,) = expected(store, applicant("BENCH-1"))
    with store.units() as work:
        work.journal.begin(visit_of(record), act(ActKind.OPENED))
        for number in range(PAGES):
            record = record.attach(picture(f"page-{number}", os.urandom(8)))
        work.records.put(record)
        work.commit()


def _keys() -> Iterator[Row]:
    key = StationKey.made()
    wrapped = vault.kept_by_passphrase(key, "seven grey herons wade")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        vault.unwrapped(wrapped, "seven grey herons wade")
        took.append((time.perf_counter() - start) * 1000)
    yield "open a vault by its passphrase", statistics.median(took), "ms", "<= 400 ms, once a start", None
