"""What the audit costs an act, and how long the proof of a store takes.

The peer of an act is one without audit. The store has 10,000 entries and 1,000 pictures of 1 MB with their
manifests.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest import mock

from station.model.record import ApplicationRecord
from station.model.visit import ActKind, Visit
from station.storage.audit import SqlAudit
from station.storage.audit_proof import prove
from station.storage.audit_told import untold
from station.storage.manifests import unproved
from station.storage.open import OpenStore, open_store
from station.storage.station_keys import StationKeys
from tests.benchmarks.storage import report
from tests.postgres import running_server
from tests.stored import act, applicant, expected, picture, visit_of

NAME = "audit"

ENTRIES = 10_000
PICTURES = 1_000
ACTS = 300
MEGABYTE = 1_000_000


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    with tempfile.TemporaryDirectory() as folder, running_server(durable=True) as server:
        for name, address in {"SQLite": None, "PostgreSQL": server.url(server.create())}.items():
            with closing(open_store(Path(folder) / name, address, "kiosk-1")) as store:
                audited, bare = acts(store)
                yield f"an act, {name}, p50", audited, "ms", "", bare
                yield f"what the audit adds, {name}", audited - bare, "ms", "<= 1 ms", None
        with closing(open_store(Path(folder) / "full", None, "kiosk-1")) as store:
            fill(store)
            start = time.perf_counter()
            assert list(store.verify()) == []
            yield "verify, all", time.perf_counter() - start, "s", "<= 10 s", None
            start = time.perf_counter()
            with store.engine.connect() as connection:
                keys = StationKeys(connection, store.signer)
                assert not [*prove(connection, keys, store.anchors), *untold(connection, ())]
                assert not [*unproved(connection, keys)]
            yield "verify, audit and manifests alone", time.perf_counter() - start, "s", "", None


def acts(store: OpenStore) -> tuple[float, float]:
    """Return the median of one act in ms, with the audit and without, taken in turns."""
    (record,) = expected(store, applicant())
    with store.units() as work:
        visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
        work.commit()
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * ACTS):
        audited = bool(number % 2)
        with mock.patch.object(SqlAudit, "write", SqlAudit.write if audited else lambda _: None):
            start = time.perf_counter()
            with store.units() as work:
                visit = work.journal.write(visit, act(note=number))
                work.commit()
            took[audited].append((time.perf_counter() - start) * 1000)
    return statistics.median(took[True]), statistics.median(took[False])


def fill(store: OpenStore) -> None:
    """Make records of ten pictures each, and acts until there are enough entries."""
    told = 0
    for number in range(PICTURES // 10):
        (record,) = expected(store, applicant(f"BENCH-{number}"))
        with store.units() as work:
            visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
            work.commit()
        record, visit = with_pictures(store, record, visit, number)
        told += 2 + 2 * 10
        with store.units() as work:
            for _ in range((ENTRIES * (number + 1)) // (PICTURES // 10) - told):
                visit = work.journal.write(visit, act())
                told += 1
            work.commit()


def with_pictures(
    store: OpenStore, record: ApplicationRecord, visit: Visit, number: int
) -> tuple[ApplicationRecord, Visit]:
    """Attach ten pictures of one megabyte."""
    for page in range(10):
        data = os.urandom(MEGABYTE)
        store.pictures.put(data)
        with store.units() as work:
            of = picture(f"page-{number}-{page}", data, report=report(number * 10 + page))
            record = work.records.put(work.records.get(record.id).attach(of))
            visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=of.id))
            work.commit()
    return record, visit
