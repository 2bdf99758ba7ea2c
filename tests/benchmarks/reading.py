"""Bar codes: how many of 280 spoilt ones are read, how many wrongly, and what a clean page costs.

The pages are drawn and spoilt by computation (tests/codes.py): the figures compare readers, they do not
foretell the rates on paper. The peers are zxing-cpp and pyzbar by themselves, asked for the same symbologies.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import zxingcpp
from pyzbar.pyzbar import ZBarSymbol, decode

from station.model.document import Certainty, Symbology
from station.model.image import Pixels
from station.reading.barcode import read
from tests import codes

NAME = "reading"

EACH = 5  # of 8 symbologies spoilt in 7 ways: 280 pages
SEED = 2026
RUNS = 7
ZBAR_READS = (Symbology.CODE128, Symbology.CODE39, Symbology.ITF, Symbology.EAN13, Symbology.QR)
ZBAR = (ZBarSymbol.CODE128, ZBarSymbol.CODE39, ZBarSymbol.I25, ZBarSymbol.EAN13, ZBarSymbol.QRCODE)

Reader = Callable[[Pixels], list[bytes]]


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    pages = list(codes.spoilt_codes(EACH, SEED))
    for_zbar = [page for page in pages if page.symbology in ZBAR_READS]
    right, wrong = _count(pages, _accepted)
    right_z, wrong_z = _count(pages, _zxing)
    right_here, wrong_here = _count(for_zbar, _accepted)
    right_p, wrong_p = _count(for_zbar, _pyzbar)
    yield f"accepted right of {len(pages)}, peer zxing-cpp", right, "codes", "more than the peer", right_z
    yield f"accepted wrong of {len(pages)}, peer zxing-cpp", wrong, "pages", "0", wrong_z
    yield f"accepted right of {len(for_zbar)}, peer pyzbar", right_here, "codes", "more than the peer", right_p
    yield f"accepted wrong of {len(for_zbar)}, peer pyzbar", wrong_here, "pages", "0", wrong_p
    found, _ = _count(pages, lambda page: [code.payload for code in read(page)])
    yield f"right of {len(pages)}, also unsure", found, "codes", "as many as can be", right_z
    letter = _letter()
    peer_ms = _cpu_ms(lambda: _zxing(letter))
    first_ms = _cpu_ms(lambda: read(letter, enough=lambda found: True))
    yield "clean A4 letter, 300 dpi, first look", first_ms, "ms CPU", "under 120", peer_ms
    yield (
        "clean A4 letter, 300 dpi, whole search",
        _cpu_ms(lambda: read(letter)),
        "ms CPU",
        "under 250",
        peer_ms,
    )
    two = frozenset({Symbology.CODE128, Symbology.QR})
    expected_ms = _cpu_ms(lambda: read(letter, expected=two, enough=lambda found: True))
    yield "the same, two symbologies expected", expected_ms, "ms CPU", "under 60", peer_ms


def _count(pages: list[codes.SpoiltCode], reader: Reader) -> tuple[int, int]:
    """Return on how many pages the reader told the right text, and on how many a wrong one."""
    right = wrong = 0
    for page in pages:
        texts = reader(page.page)
        right += page.payload in texts
        wrong += any(text != page.payload for text in texts)
    return right, wrong


def _accepted(page: Pixels) -> list[bytes]:
    return [code.payload for code in read(page) if code.certainty is Certainty.ACCEPTED]


def _zxing(page: Pixels) -> list[bytes]:
    formats = zxingcpp.BarcodeFormats(list(codes.WRITER.values()))
    return [code.bytes for code in zxingcpp.read_barcodes(page, formats=formats)]


def _pyzbar(page: Pixels) -> list[bytes]:
    return [code.data for code in decode(page, symbols=ZBAR)]


def _letter() -> Pixels:
    """Draw an A4 letter at 300 dpi with a Code128 at the top, a QR code at the bottom and some grain."""
    rng = np.random.default_rng(SEED)
    page = codes.text_page(2480, 3508, 300, rng)
    page[100:500, 1200:] = codes.PAPER
    page[2900:, 1600:] = codes.PAPER
    codes.place(page, codes.draw_code(Symbology.CODE128, "L000123456", 4, 165), 1400, 220)
    codes.place(page, codes.draw_code(Symbology.QR, "V000123456", 6), 1800, 3000)
    return codes.noise(page, 2.5, rng)


def _cpu_ms(work: Callable[[], object]) -> float:
    """Return the least CPU time of several runs, in milliseconds of this thread."""
    least = float("inf")
    for _ in range(RUNS):
        before = time.thread_time()
        work()
        least = min(least, time.thread_time() - before)
    return 1000 * least
