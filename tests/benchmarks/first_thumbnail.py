"""From the last byte of a fed page to its picture on the screen: the real window, offscreen, and eSCL.

The first page is seen large, before there is a row of thumbnails; each later one as its thumbnail.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent, QObject, QThread
from PySide6.QtWidgets import QApplication

from drivers.escl.driver import EsclDriver
from station.flow.options import Options
from station.model.capability import Source
from station.model.record import AttachmentKind
from station.model.visit import Step
from tests.benchmarks.feeder import DPI, scanner_of
from tests.kiosk import kiosk
from tests.visits import applicants
from ui.app import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.widgets.page_strip import PageStrip
from ui.widgets.picture_view import PictureView

NAME = "first_thumbnail"
PAGES = 12
PACE_S = 1.0
"""One page at a time, so that each finds the station at rest."""
PATIENCE_S = 120.0


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, nothing to compare with."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        waits = apart.submit(_waits_ms).result()
    yield "page's last byte to its thumbnail on the screen, median", median(waits), "ms", "<= 300 ms", None
    yield f"the same, the longest of {len(waits)}", max(waits), "ms", "<= 300 ms", None


class _Witness(QObject):
    """Sees when a page more than before is painted."""

    def __init__(self, strip: PageStrip, large: PictureView) -> None:
        super().__init__()
        self.painted: list[float] = []
        self._strip, self._large = strip, large
        strip.viewport().installEventFilter(self)
        large.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at an event and let it pass."""
        if event.type() is QEvent.Type.Paint:
            first = watched is self._large and self._large.holds_picture
            shown = self._strip.model().rowCount() if watched is not self._large else int(first)
            self.painted += [time.monotonic()] * (shown - len(self.painted))
        return False


def _waits_ms() -> list[float]:
    app = make_application([], "light")
    bridge = Bridge()
    with scanner_of(PAGES, PACE_S) as (url, given), TemporaryDirectory() as folder:
        driver = EsclDriver()
        driver.configure({"scanners": [{"url": url}]})
        people = applicants(1)
        facts = {"drivers": (driver,), "ear": bridge.post, "scan_dpi": DPI, "poll_s": 3600.0}
        with kiosk(Path(folder), people, **facts) as at:  # type: ignore[arg-type]
            window = MainWindow(at.station, bridge, Options())
            window.resize(1920, 1080)
            window.show()
            at.ready()
            at.station.submit(people[0].letter_number)
            at.station.enter(Step.DOCUMENTS)
            _live(app, lambda: window.screen_shown is not None and window.screen_shown.step is Step.DOCUMENTS)
            screen = window.screen_shown
            assert screen is not None
            witness = _Witness(screen.findChild(PageStrip), screen.findChild(PictureView))
            at.station.scan(AttachmentKind.DOCUMENT, item="application_form", source=Source.FEEDER)
            _live(app, lambda: len(witness.painted) >= PAGES)
            sent = given()
            window.close()
            _live(app, lambda: window.closed)
            window.deleteLater()
    return [1000 * (seen - left) for seen, left in zip(witness.painted, sent, strict=True)]


def _live(app: QApplication, holds: object) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "the window did not get there"
        app.processEvents()
        QThread.msleep(1)
