"""The portrait's screen on a station that only notes what it is told, and candidates for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from station.flow.latest import Latest
from station.flow.views import Candidate, StepState, StepView, VisitView
from station.model.face import Head
from station.model.photo import PhotoCrop
from station.model.quality import Finding, Limit, QualityReport, Region, Status
from station.model.record import ApplicationRecord
from station.model.visit import Step
from ui.actions import Actions
from ui.app import make_application
from ui.screens.portrait import PortraitScreen

PATIENCE_MS = 60_000
CAPTURE = np.full((720, 1280, 3), 180, np.uint8)
PHOTO = np.full((540, 420, 3), 180, np.uint8)
HEAD = Head(
    box=Region(0.40, 0.30, 0.20, 0.40),
    eyes=((0.45, 0.45), (0.55, 0.45)),
    ears=((0.40, 0.5), (0.60, 0.5)),
    chin=(0.5, 0.72),
    crown_high=0.10,
    crown=0.14,
    crown_low=0.20,
)
"""Upright: eyes level, 0.27 of the height above the chin."""
CROP = PhotoCrop("photo", (0.5, 0.46), 0.80, 0.0, 0.14)


def finding(measure: str, status: Status, **facts: Any) -> Finding:
    raw = None if status is Status.NOT_ASSESSED else 1.0
    return Finding(measure, status, raw, limit=Limit(low=2.0), **facts)


def report(*statuses: Status, profile: str = "portrait") -> QualityReport:
    return QualityReport(profile, tuple(finding(f"m{n}", status) for n, status in enumerate(statuses)))


GOOD, BAD = report(Status.PASS, Status.PASS), report(Status.FAIL, Status.PASS)


def still(number: int = 1, of: QualityReport = GOOD, **facts: Any) -> Candidate:
    whole = {"crop": CROP, "photo_report": GOOD, "photo": PHOTO, "head": HEAD, **facts}
    return Candidate(CAPTURE, of, number, 3, **whole)


def visit(visit_id: str) -> VisitView:
    steps = tuple(StepView(step, StepState.TO_DO, step is Step.PORTRAIT) for step in Step)
    return VisitView(
        visit_id, ApplicationRecord("r-" + visit_id, "V000123456"), steps, Step.PORTRAIT, (), (), False,
        None, None, None, True, (), sealed=False, rehearsal=False, simulated=False,
    )  # fmt: skip


class Told:
    """Stands in for the station: notes what it is told, and has a mailbox."""

    def __init__(self) -> None:
        self.mailbox = Latest()
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **facts: self.calls.append((name, *args, *facts.values()))

    def last(self, name: str) -> tuple[Any, ...]:
        return [call[1:] for call in self.calls if call[0] == name][-1]


@contextmanager
def portrait_screen(qtbot: Any) -> Iterator[PortraitScreen]:
    """Show the portrait's screen in a window of its own, at a visit, in front."""
    make_application([], "light")
    window = QWidget()
    made = PortraitScreen(Told(), Actions())  # type: ignore[arg-type]
    made.setParent(window)
    window.resize(1100, 700)
    made.resize(1100, 700)
    window.addActions(made.actions())
    with qtbot.waitExposed(window, timeout=PATIENCE_MS):
        window.show()
    made.show()
    made.show_visit(visit("v1"))
    made.enter()
    made.offer()
    yield made
    made.leave()
    window.close()
    window.deleteLater()


def told(screen: PortraitScreen) -> Told:
    station = screen.station
    assert isinstance(station, Told)
    return station
