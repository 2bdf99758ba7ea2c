"""The cross-check: what holding one passport and letter against a record costs."""

import datetime
import statistics
import time
from collections.abc import Iterator

from station.model.document import Certainty, Identifier, MrzFormat, PartialDate
from station.model.record import ApplicationRecord, TravelDocument
from station.reading.crosscheck import compare
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build

NAME = "crosscheck"
RUNS = 500

_TODAY = datetime.date(2026, 11, 22)
_LONG = "Bennelong Wooloomooloo Warrandyte Warnambool"
_LETTER = Identifier("letter_number", "BIL0042", "letter", Certainty.ACCEPTED)


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Measure an agreeing pair, one that differs everywhere, and one with two readings."""
    document = TravelDocument("N04512398", "KHM", PartialDate(2031, 4, 15))
    born = PartialDate(1990, 8, 12)
    record = ApplicationRecord(
        "r", "V123456789", "BIL0042", surname=_LONG, given_names="Dingo Potoroo", birth_date=born, sex="F",
        nationality="KHM", document=document,
    )  # fmt: skip
    holder = Holder(_LONG, "Dingo Potoroo", document.number, born, document.expiry_date, "F", "KHM", "KHM")
    other = Holder("Papandropoulous", "Jonathon Alec", "P77120034", PartialDate(1961, 2, 27), None, "M")
    own, strange = (parse(build(one, MrzFormat.TD3), today=_TODAY) for one in (holder, other))
    for what, mrz, second in (
        ("the same person", own, None),
        ("another person", strange, None),
        ("two readings", own, strange),
    ):
        took = []
        for _ in range(RUNS):
            start = time.perf_counter()
            compare(record, mrz=mrz, identifiers=[_LETTER], today=_TODAY, second=second)
            took.append(time.perf_counter() - start)
        yield f"{what}, median", statistics.median(took) * 1000, "ms", "< 1", None
