"""The store at one million applications: search as one types, and a picture made safe and attached.

Names are drawn unevenly, as real ones are: the n-th most frequent with weight 1 / (n + 5), so that one in fifty
bears the first surname. The peer of the search is what most programs do: LIKE on the columns, without an index
that could help.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from station.model.quality import Finding, Limit, QualityReport, Status
from station.model.record import ApplicationRecord, TravelDocument
from station.model.visit import ActKind
from station.storage import rows, search
from station.storage.open import OpenStore, open_store
from station.storage.tables import applications
from tests.postgres import running_server
from tests.stored import act, applicant, expected, picture, raw_database, visit_of

NAME = "storage"

APPLICATIONS = 1_000_000
QUERIES = 3_000
PEER_QUERIES = 60
PICTURES = 100
MEGABYTE = 1_000_000

SYLLABLES = tuple(
    f"{first}{vowel}{last}"
    for first in ("", *"bdfghjklmnprstvwz", "sh", "br", "kr", "st")
    for vowel in "aeiou"
    for last in ("", "n", "r", "l", "s")
)
COLUMNS = tuple(column.name for column in applications.columns)


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    with tempfile.TemporaryDirectory() as folder, running_server(durable=True) as server:
        addresses = {"SQLite": None, "PostgreSQL": server.url(server.create())}
        for name, address in addresses.items():
            store = open_store(Path(folder) / name, address)
            fill(store, Path(folder) / name, address)
            ours, peer = searches(store), peers(store)
            for rank, title in ((50, "p50"), (99, "p99")):
                target = "<= 10 ms" if rank == 99 else ""
                yield f"search, {name}, {title}", ours[rank - 1], "ms", target, peer[rank - 1]
            yield f"attach 1 MB, {name}, p50", statistics.median(attaches(store)), "ms", "<= 15 ms", None
            store.close()


def drawn() -> Iterator[ApplicationRecord]:
    """Draw the applications, the same ones each time."""
    chance = random.Random(1)
    surnames, given = names(chance, 20_000, 3), names(chance, 4_000, 2)
    of_surnames, of_given = (
        [*accumulate(1 / (n + 5) for n in range(1, len(all_) + 1))] for all_ in (surnames, given)
    )
    for number in range(APPLICATIONS):
        (surname,) = chance.choices(surnames, cum_weights=of_surnames)
        first, second = chance.choices(given, cum_weights=of_given, k=2)
        yield ApplicationRecord(
            id=f"{number:032x}",
            application_number=f"GV-{number // 250_000 + 2022}-{number * 48_271 % 10**8:08d}",
            letter_number=f"L{number:08d}",
            surname=surname,
            given_names=f"{first} {second}" if number % 3 else first,
            document=TravelDocument(f"{chance.choice('ABCDEFGHKLMNP')}{chance.randrange(10**8):08d}", "UTO"),
        )


def names(chance: random.Random, count: int, syllables: int) -> list[str]:
    """Make up names of one to so many syllables and a letter."""
    made = (
        "".join(chance.choices(SYLLABLES, k=chance.randint(1, syllables))) + chance.choice("aeionsty")
        for _ in range(count)
    )
    return [name.capitalize() for name in made]


def fill(store: OpenStore, folder: Path, address: str | None) -> None:
    """Put the applications into an empty store in bulk: rows as the store makes them, by the driver itself."""
    made = ((key, record) for key, record in enumerate(drawn(), 1))
    if address is None:
        with closing(raw_database(folder)) as connection:
            connection.execute("BEGIN")
            fill_sqlite(connection, made)
    else:
        with psycopg.connect(address, autocommit=True) as connection:
            fill_postgresql(connection, made)


def fill_sqlite(connection: Any, made: Iterator[tuple[int, ApplicationRecord]]) -> None:
    """Fill a SQLite file; the words go through a sorter, which fills their index in its own order."""
    connection.execute("CREATE TEMP TABLE unsorted (term, application, words)")
    places = ", ".join("?" * len(COLUMNS))
    for key, record in made:
        row = {"key": key, **rows.application_row(record)}
        connection.execute(f"INSERT INTO applications VALUES ({places})", [row[name] for name in COLUMNS])
        words = search.rows_of(key, record)
        connection.executemany("INSERT INTO unsorted VALUES (:term, :application, :words)", words)
    connection.execute("INSERT INTO terms SELECT * FROM unsorted ORDER BY term, application")
    connection.execute("COMMIT")


def fill_postgresql(connection: psycopg.Connection, made: Iterator[tuple[int, ApplicationRecord]]) -> None:
    """Fill a PostgreSQL database by COPY; the index of words is taken off and made anew."""
    connection.execute("ALTER TABLE terms DROP CONSTRAINT terms_pkey")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as aside, connection.cursor() as cursor:
        with cursor.copy(f"COPY applications ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for key, record in made:
                row = {"key": key, **rows.application_row(record)}
                copy.write_row([row[name] for name in COLUMNS])
                aside.writelines(
                    "{term}\t{application}\t{words}\n".format(**row) for row in search.rows_of(key, record)
                )
        aside.seek(0)
        with cursor.copy("COPY terms (term, application, words) FROM STDIN") as copy:
            while block := aside.read(1 << 20):
                copy.write(block)
    connection.execute("ALTER TABLE terms ADD PRIMARY KEY (term, application) INCLUDE (words)")
    connection.execute("SELECT setval('applications_key_seq', %s)", [APPLICATIONS])
    connection.execute("VACUUM ANALYZE")


def typed(chance: random.Random, record: ApplicationRecord) -> str:
    """Return what an officer has typed so far who looks for this record; often a single letter."""
    texts = (
        f"{record.surname} {record.given_names}",
        f"{record.given_names} {record.surname}",
        f"{record.surname[:2]} {record.given_names}",
        record.application_number,
        record.document.number if record.document else "",
    )
    text = chance.choice(texts).lower()
    return text[: chance.randint(1, len(text))]


def queries(store: OpenStore, count: int) -> list[str]:
    """Return what is typed for records drawn by chance, and what finds most: letters, alone and paired."""
    chance = random.Random(2)
    with store.engine.connect() as connection:
        keys = [chance.randint(1, APPLICATIONS) for _ in range(count)]
        found = [
            rows.record_of(
                connection.execute(sa.select(applications).where(applications.c.key == key)).mappings().one()
            )
            for key in keys
        ]
    return [typed(chance, record) for record in found] + [
        f"{a}{b}" for a in "skmgl" for b in ("", " a", " s", " k")
    ]


def searches(store: OpenStore) -> list[float]:
    """Return percentiles 1 to 99 of the whole search, in milliseconds."""
    took = []
    for text in queries(store, QUERIES):
        start = time.perf_counter()
        with store.units() as work:
            work.records.search(text)
        took.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(took, n=100)


def peers(store: OpenStore) -> list[float]:
    """Return percentiles 1 to 99 of the same by LIKE, in milliseconds."""
    took = []
    column = applications.c
    texts = (column.application_number, column.document_number, column.surname, column.given_names)
    for text in queries(store, PEER_QUERIES):
        start = time.perf_counter()
        wanted = [
            sa.or_(*(one.ilike(pattern) for one in texts for pattern in (f"{word}%", f"% {word}%")))
            for word in text.split()
        ]
        with store.engine.connect() as connection:
            connection.execute(sa.select(applications).where(*wanted).limit(50)).all()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(took, n=100)


def attaches(store: OpenStore) -> Iterator[float]:
    """Yield how long a page of one megabyte takes from its bytes until it is durable on its record, in ms."""
    for number in range(PICTURES // 10):
        (record,) = expected(store, applicant(f"BENCH-{number}"))
        with store.units() as work:
            visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
            work.commit()
        for page in range(10):
            data = os.urandom(MEGABYTE)
            page_of = picture(f"page-{page}", data, report=report(number * 10 + page))
            start = time.perf_counter()
            store.pictures.put(data)
            with store.units() as work:
                work.records.put(work.records.get(record.id).attach(page_of))
                visit = work.journal.write(visit, act(ActKind.ATTACHED, attachment=f"page-{page}"))
                work.commit()
            yield (time.perf_counter() - start) * 1000


def report(seed: int) -> QualityReport:
    """Make up a report of thirty findings, no two reports alike."""
    return QualityReport(
        "page",
        tuple(
            Finding(f"measure_{n}", Status.PASS, raw=seed + n / 7, unit="px", score=n, limit=Limit(low=0.1 * n))
            for n in range(30)
        ),
    )
