"""Bar codes: how many damaged ones are read and accepted, how many wrongly, and what an A4 page costs.

The pages are drawn and spoilt by computation (tests/codes_cells.py, codes_empty.py): the figures compare
readers and do not foretell the rates on paper. Read is what the officer is shown, accepted or unsure; accepted
may choose a record, by the patterns of a centre that prints such codes. The peer is what zxing-cpp (all eight
symbologies) and zbar, called plainly on the same pages, read together. READING_EACH sets the pages of each of
the 152 cells, READING_EMPTY those without a code.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import zxingcpp
from pyzbar.pyzbar import ZBarSymbol, decode

from station.model.document import Barcode, Certainty, Symbology
from station.model.image import Pixels
from station.reading.barcode import read
from station.reading.patterns import Patterns, load_patterns
from tests import codes
from tests.codes_cells import DAMAGES, PATTERNS, cells
from tests.codes_empty import KINDS, empty_pages

NAME = "reading"

EACH = int(os.environ.get("READING_EACH", "14"))
EMPTY = int(os.environ.get("READING_EMPTY", "500"))
SEED = 2026
LETTERS = 9
A4_200_DPI = (1654, 2339)
ZBAR = (ZBarSymbol.CODE128, ZBarSymbol.CODE39, ZBarSymbol.I25, ZBarSymbol.EAN13, ZBarSymbol.QRCODE)

Row = tuple[str, float, str, str, float | None]


def measure() -> Iterator[Row]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    patterns = _patterns()
    yield from _cells(patterns)
    yield from _empty(patterns)
    yield from _times(patterns)


def _patterns() -> Patterns:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.toml"
        file.write_text(PATTERNS, encoding="utf-8")
        return load_patterns(file)


def _cells(patterns: Patterns) -> Iterator[Row]:
    seen: Counter[tuple[str, str]] = Counter()
    for cell in cells(EACH, SEED):
        key = f"{cell.symbology} {cell.damage}"
        found = read(cell.page, proof=patterns.proof)
        by_readers = _accepted(read(cell.page)) if cell.symbology in codes.LINEAR else _accepted(found)
        ours, sure, peers = {_text(code) for code in found}, _accepted(found), _union(cell.page)
        right = (cell.symbology, cell.payload)
        seen.update(
            {
                (key, "read"): right in ours,
                (key, "accepted"): right in sure,
                (key, "peer"): cell.payload in peers,
                ("", "by readers"): right in by_readers,
                ("", "wrong"): bool((sure | by_readers) - {right}),
                ("", "wrong unsure"): bool(ours - sure - {right}),
                ("", "wrong peer"): bool(peers - {cell.payload}),
            }
        )
    keys = [f"{symbology} {damage}" for symbology in Symbology for damage in DAMAGES]
    for key in keys:
        unit = f"of {EACH}, {seen[key, 'accepted']} accepted"
        yield f"{key}: read", seen[key, "read"], unit, "the peer or more", seen[key, "peer"]
    total, peers_total = EACH * len(keys), sum(seen[key, "peer"] for key in keys)
    below = {what: sum(seen[key, what] < seen[key, "peer"] for key in keys) for what in ("read", "accepted")}
    for what in ("read", "accepted"):
        value = sum(seen[key, what] for key in keys)
        yield f"all cells: {what}", value, f"of {total}", "the peer or more", peers_total
        yield f"cells where less is {what} than the peer reads", below[what], f"of {len(keys)}", "0", None
    by_readers_alone = seen["", "by readers"]
    yield "all cells: accepted without patterns", by_readers_alone, f"of {total}", "", peers_total
    yield "pages with a wrong code accepted", seen["", "wrong"], f"of {total}", "0", seen["", "wrong peer"]
    yield "pages with a wrong code shown as unsure", seen["", "wrong unsure"], f"of {total}", "", None


def _empty(patterns: Patterns) -> Iterator[Row]:
    found = [read(page, proof=patterns.proof) for _, page in empty_pages(EMPTY, SEED)]
    yield "pages without a code, one accepted", sum(bool(_accepted(f)) for f in found), f"of {EMPTY}", "0", None
    yield "pages without a code, one shown as unsure", sum(bool(f) for f in found), f"of {EMPTY}", "", None


def _times(patterns: Patterns) -> Iterator[Row]:
    """Time whole readings as the station asks for them: with patterns, until a number is certain."""

    def enough(found: Sequence[Barcode]) -> bool:
        return any(i.certainty is Certainty.ACCEPTED for i in patterns.identify(found))

    def as_the_flow(page: Pixels) -> None:
        read(page, proof=patterns.proof, enough=enough)

    for dpi, target in ((200, "20 or less"), (300, "")):
        letters = [np.dstack([letter(dpi, seed)] * 3) for seed in range(LETTERS)]
        ours = np.median([_ms(as_the_flow, page) for page in letters], axis=0)
        whole = np.median(
            [_ms(lambda page: read(page, proof=patterns.proof), page) for page in letters], axis=0
        )
        peer = np.median([_ms(_zxing, np.ascontiguousarray(page[..., 0])) for page in letters], axis=0)
        what = f"clean A4 letter, {dpi} dpi, RGB, median"
        yield f"{what}, peer zxing-cpp alone", ours[0], "ms CPU", target, peer[0]
        yield f"{what}, on the wall", ours[1], "ms", "", peer[1]
        yield f"{what}, every code on it", whole[0], "ms CPU", target, peer[0]
    rng = np.random.default_rng(SEED)
    damaged = {name: spoil(letter(200, SEED), rng) for name, (dpi, spoil) in DAMAGES.items() if dpi == 200}
    empty = {
        f"{name} {at}": page for at, (name, page) in enumerate(empty_pages(6 * len(KINDS), SEED, *A4_200_DPI))
    }
    for what, pages in (("damaged", damaged), ("empty", empty)):
        times = {name: _ms(lambda page: read(page, proof=patterns.proof), page) for name, page in pages.items()}
        worst = max(times, key=lambda name: times[name][0])
        yield f"worst {what} A4 page at 200 dpi ({worst})", times[worst][0], "ms CPU", "150 or less", None
        yield f"worst {what} A4 page, on the wall", max(wall for _, wall in times.values()), "ms", "", None


def letter(dpi: int, seed: int) -> Pixels:
    """Draw a grey A4 letter with a Code128 at the top, a QR code at the bottom and some grain."""
    rng = np.random.default_rng(seed)
    share = dpi / 300
    number = f"{rng.integers(10**7):07d}"
    page = codes.text_page(round(2480 * share), round(3508 * share), dpi, rng)
    page[round(100 * share) : round(500 * share), round(1100 * share) :] = codes.PAPER
    page[round(2900 * share) :, round(1600 * share) :] = codes.PAPER
    bars = codes.draw_code(Symbology.CODE128, f"GBR-2026-{number}", 4 * share, round(165 * share))
    codes.place(page, bars, round(1300 * share), round(220 * share))
    square = codes.draw_code(Symbology.QR, f"https://vac.example/a/{number}", 6 * share)
    codes.place(page, square, round(1800 * share), round(3000 * share))
    return codes.noise(page, 2.5, rng)


def _text(code: Barcode) -> tuple[Symbology, bytes]:
    return code.symbology, code.payload


def _accepted(found: Sequence[Barcode]) -> set[tuple[Symbology, bytes]]:
    return {_text(code) for code in found if code.certainty is Certainty.ACCEPTED}


def _union(page: Pixels) -> set[bytes]:
    return {code.bytes for code in _zxing(page)} | {code.data for code in decode(page, symbols=ZBAR)}


def _zxing(page: Pixels) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(list(codes.WRITER.values())))


def _ms(work: Callable[[Pixels], object], page: Pixels) -> tuple[float, float]:
    """Return the least CPU time of this thread and the least wall time of three runs, in milliseconds."""
    runs = []
    for _ in range(3):
        cpu, wall = time.thread_time(), time.perf_counter()
        work(page)
        runs.append((time.thread_time() - cpu, time.perf_counter() - wall))
    cpu_ms, wall_ms = 1000 * np.min(runs, axis=0)
    return float(cpu_ms), float(wall_ms)
