"""Events cross from the station's threads to the window."""

import threading

from PySide6.QtCore import QThread

from station.errors import PaperJam
from station.flow.events import (
    Event,
    Job,
    JobEnded,
    JobProgress,
    JobStarted,
    Notice,
    Outcome,
    Trouble,
    VisitChanged,
)
from station.flow.views import VisitView
from station.model.record import ApplicationRecord
from station.model.visit import Step
from ui.bridge import Bridge


def visit(visit_id: str) -> VisitView:
    record = ApplicationRecord("r1", "V-1")
    return VisitView(
        visit_id, record, (), Step.IDENTIFY, (), (), False, None, None, None, False, (), False, False, False
    )


def carried(qtbot, *events: Event) -> list[Event]:
    bridge, got = Bridge(), []
    bridge.happened.connect(got.append)
    end = Notice("end")
    for event in (*events, end):
        bridge.post(event)
    assert not got, "nothing arrives within the call"
    qtbot.waitUntil(lambda: bool(got) and got[-1] is end, timeout=30_000)
    return got[:-1]


def test_events_of_another_visit_are_dropped(qtbot):
    of_a = JobProgress(Job.SCAN, "a", 1)
    of_b = JobProgress(Job.SCAN, "b", 1)
    got = carried(qtbot, VisitChanged(visit("a")), of_a, of_b)
    assert got[1:] == [of_a]


def test_what_was_posted_before_the_change_arrives_and_what_comes_after_does_not(qtbot):
    early, late = JobStarted(Job.SCAN, "a"), JobEnded(Job.SCAN, "a", Outcome.COMPLETED)
    opened, closed = VisitChanged(visit("a")), VisitChanged(None)
    assert carried(qtbot, opened, early, closed, late) == [opened, early, closed]


def test_events_outside_a_visit_always_arrive(qtbot):
    events = (
        Trouble(PaperJam(kept=1)),
        Notice("visit_in_hand"),
        VisitChanged(None),
        JobStarted(Job.IMPORT, ""),
    )
    assert carried(qtbot, *events) == list(events)


def test_events_arrive_in_order_on_the_windows_thread(qtbot):
    bridge = Bridge()
    got: list[tuple[int, QThread]] = []
    bridge.happened.connect(lambda event: got.append((event.facts["n"], QThread.currentThread())))

    def post() -> None:
        for n in range(500):
            bridge.post(Notice("n", {"n": n}))

    thread = threading.Thread(target=post)
    thread.start()
    thread.join(30)
    qtbot.waitUntil(lambda: len(got) == 500, timeout=30_000)
    assert [n for n, _ in got] == list(range(500))
    assert {thread for _, thread in got} == {bridge.thread()}
