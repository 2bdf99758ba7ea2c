"""Reads and measures all pages: `python -m scripts.page_study.gather SHARD SHARDS`, resumed where it was left.

Each shard writes its own rows to build/page_study; `python -m scripts.page_study.gather` joins them to READINGS
and measures clean pages of many kinds, which nobody reads, for CLEAN_PAGES.
"""

import csv
import sys
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path

from scripts.page_study.defects import DEFECTS, Defect, Spoilt
from scripts.page_study.pages import DPI, KEYS, Key, draw
from scripts.page_study.reading import error_rate, read
from station.quality.catalogue import PAGE
from station.quality.measure import Measured
from station.quality.sample import PageSample
from tests.page_faults import CLEAN

HERE = Path(__file__).parent
READINGS = HERE / "readings.csv"
CLEAN_PAGES = HERE / "clean_pages.csv"
WORK = HERE.parents[1] / "build" / "page_study"
COLUMNS = ("defect", "amount", "part", "face", "size_pt", "raw", "cer")
"""`amount` is empty on the clean page, `raw` where the measure did not assess; `cer` is 0 to 1."""
CLEAN_SEEDS = range(500, 520)
_DECIMALS = 3

Row = tuple[str, ...]


def row(defect: Defect, key: Key, amount: float | None) -> Row:
    """Return one page's row: spoil it, measure it, read it."""
    drawn = draw(key, full=defect.full)
    if amount is None:
        spoilt, cer = Spoilt(drawn.pixels), _clean_error(key, full=defect.full)
    else:
        spoilt = defect.spoilt(key, amount)
        seen = spoilt.pixels if spoilt.read is None else spoilt.read
        cer = error_rate(drawn.text, read(seen, spoilt.dpi))
    return (*_name(defect, key, amount), _raw(defect.measure, spoilt.sample), f"{cer:.4f}")


@cache
def _clean_error(key: Key, *, full: bool) -> float:
    drawn = draw(key, full=full)
    return error_rate(drawn.text, read(drawn.pixels, DPI))


def _name(defect: Defect, key: Key, amount: float | None) -> Row:
    return (defect.name, "" if amount is None else f"{amount:g}", key.part, key.face, str(key.size_pt))


def _raw(measure: str, sample: PageSample) -> str:
    answer = PAGE[measure].assess(sample)
    return f"{round(answer.raw, _DECIMALS):g}" if isinstance(answer, Measured) else ""


def gather(shard: int, shards: int) -> None:
    """Write the rows of one shard of the pages, but those that are there already."""
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"readings_{shard}_of_{shards}.csv"
    done = {tuple(line[:5]) for line in read_rows(path)} if path.exists() else set()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, (defect, key) in enumerate(product(DEFECTS, KEYS)):
            if number % shards != shard:
                continue
            for amount in (None, *defect.amounts):
                if _name(defect, key, amount) not in done:
                    writer.writerow(row(defect, key, amount))
                    file.flush()


def join() -> None:
    """Write READINGS from all shards, and CLEAN_PAGES."""
    found = [line for path in sorted(WORK.glob("readings_*.csv")) for line in read_rows(path)]
    _write(READINGS, COLUMNS, sorted(found, key=_order))
    _write(CLEAN_PAGES, ("kind", "seed", *PAGE), (_clean_row(*which) for which in product(CLEAN, CLEAN_SEEDS)))


def _order(line: Row) -> tuple[int, float, Row]:
    names = [defect.name for defect in DEFECTS]
    return names.index(line[0]), float(line[1] or "-inf"), line[2:]


def _clean_row(kind: str, seed: int) -> Row:
    sample = PageSample(CLEAN[kind](seed).scanned(), (float(DPI),) * 2)
    return (kind, str(seed), *(_raw(measure, sample) for measure in PAGE))


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file of ours, with its heading where it has one."""
    with path.open(newline="", encoding="utf-8") as file:
        return [tuple(line) for line in csv.reader(file)]


def _write(path: Path, heading: Row, lines: Iterable[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *lines])


if __name__ == "__main__":
    gather(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else join()
