"""The view of papers before the camera: says what to do, and ends when it must."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from drivers.simulated.props import CAMERA_ID
from station.flow.events import LiveRead, PaperSight, VisitChanged
from station.model.record import ApplicationRecord
from station.model.specimen import Paper, PaperKind
from tests.kiosk import ANNA, BORIS, Kiosk, kiosk
from tests.window import PATIENCE_MS
from ui.app import make_application
from ui.bridge import Bridge
from ui.screens.camera_reading import CameraReading


def passport(record: ApplicationRecord) -> Paper:
    return Paper(PaperKind.PASSPORT, record)


@contextmanager
def before_the_camera(qtbot: Any, folder: Path) -> Iterator[tuple[CameraReading, Kiosk, list[str]]]:
    """Show the widget on a whole station; the list notes what it signalled."""
    make_application(["test"], "light")
    bridge, told = Bridge(), []
    with kiosk(folder, ear=bridge.post) as at:
        at.ready()
        widget = CameraReading(at.station)
        bridge.happened.connect(widget.hear)
        widget.ended.connect(lambda: told.append("ended"))
        widget.resize(1280, 808)
        widget.show()
        try:
            yield widget, at, told
        finally:
            widget.stop()
            widget.close()
            widget.deleteLater()


def test_the_officer_sees_what_to_do_and_that_it_was_read(qtbot: Any, tmp_path: Path) -> None:
    with before_the_camera(qtbot, tmp_path) as (widget, at, told):
        at.open(ANNA.application_number)
        widget.start(at.visit.visit_id)
        assert widget.guidance.text == "Hold the page with the photograph flat inside the frame."
        at.simulated.props.show(passport(ANNA), 9.0)
        qtbot.waitUntil(lambda: "nearer" in widget.guidance.text, timeout=PATIENCE_MS)
        at.simulated.props.show(passport(ANNA))
        qtbot.waitUntil(lambda: widget.guidance.text == "Read.", timeout=PATIENCE_MS)
        assert widget.view.frame_number > 0
        qtbot.keyClick(widget, Qt.Key.Key_Escape)
        assert told == ["ended"]
        assert widget.view.frame_number == 0


def test_a_lost_camera_and_another_visit_end_it(qtbot: Any, tmp_path: Path) -> None:
    with before_the_camera(qtbot, tmp_path) as (widget, at, told):
        widget.start()
        at.simulated.props.show(passport(BORIS))
        qtbot.waitUntil(lambda: told == ["ended"], timeout=PATIENCE_MS)  # the desk opened his record
        at.until(VisitChanged, lambda e: e.visit and e.visit.pages)
        widget.start(at.visit.visit_id)
        qtbot.waitUntil(lambda: widget.view.frame_number > 0, timeout=PATIENCE_MS)
        at.simulated.props.plug(CAMERA_ID, connected=False)
        qtbot.waitUntil(lambda: told[-1] == "ended" and len(told) > 1, timeout=PATIENCE_MS)
        widget.hear(LiveRead(at.visit.visit_id, PaperSight.TOO_DARK))
        assert "dark" not in widget.guidance.text
