"""A strip of pages on a desk of its own, and hands for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.flow.views import PageView
from station.model.image import PictureRef, Pixels
from station.model.quality import Finding, QualityReport, Status
from station.model.record import Attachment, AttachmentKind, Provenance
from ui.theme import apply_theme
from ui.widgets.page_card import SLOT
from ui.widgets.page_strip import PageStrip

PATIENCE_MS = 30_000
WIDTH = 600
IN_SIGHT = WIDTH // SLOT.width() + 2
"""Cards that are at least partly in sight."""

GOOD = QualityReport("page", (Finding("sharpness", Status.PASS, 1.0),))
BLURRED = QualityReport("page", (Finding("sharpness", Status.FAIL, 0.1),))
ORIGIN = Provenance("d", "d", None, "sim", "{}", "0", "officer", datetime(2025, 1, 1, tzinfo=UTC), True)
REF = PictureRef("0" * 64, "image/png", 1, 2480, 3508)


def picture(level: int = 128) -> Pixels:
    return np.full((80, 60, 3), level, np.uint8)


def page(attachment_id: str, report: QualityReport | None = GOOD, **facts: Any) -> PageView:
    attachment = Attachment(attachment_id, AttachmentKind.DOCUMENT, REF, ORIGIN, report=report, **facts)
    return PageView(attachment, picture())


def pages(count: int) -> list[PageView]:
    return [page(f"p{number}") for number in range(1, count + 1)]


def shown_strip(qtbot: Any, qapp: Any) -> Iterator[PageStrip]:
    """Show an empty strip with the focus."""
    apply_theme(qapp, "light")
    made = PageStrip("Pages")
    qtbot.addWidget(made)
    made.resize(WIDTH, made.height())
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=PATIENCE_MS)
    made.setFocus()
    yield made


def heard(signal: Any) -> list[tuple[Any, ...]]:
    """What a signal says from now on."""
    said: list[tuple[Any, ...]] = []
    signal.connect(lambda *args: said.append(args))
    return said


def words(strip: PageStrip, row: int) -> str:
    return str(strip.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def press(strip: PageStrip, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(strip, key, held)


def with_sheets(strip: PageStrip) -> PageStrip:
    """Lay one page, a sheet of two, one page, a sheet of two."""
    strip.set_pages(
        [
            page("one"),
            page("front", sheet="s1"),
            page("back", sheet="s1", back=True),
            page("two"),
            page("recto", sheet="s2"),
            page("verso", sheet="s2", back=True),
        ]
    )
    return strip
