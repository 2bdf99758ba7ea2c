"""Portraits: what a live judgement costs, how often it comes while the picture is shown, what a still takes.

The camera is the simulated one at 1280 x 720, 30 frames a second, before it a drawn person with fresh noise in
every frame; station, workshop and the window's live picture are the real ones. The peer of the report is
MediaPipe's landmarker, which finds the mesh and judges nothing; that of the live picture is the same without
judgement.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer

from drivers.simulated.people import seen
from station.flow.events import DevicesChanged, LiveJudged
from station.flow.options import FitOut
from station.flow.portraits import Look, Portraits
from station.model.capability import CameraSettings
from station.model.image import Frame, Page, PictureRef, Pixels
from station.model.specimen import Sitter
from tests.benchmarks._mesh_peer import landmarker
from tests.kiosk import ANNA, kiosk, rules
from ui.app import make_application
from ui.widgets.live_view import LiveView

NAME = "portrait"

LIVE, STILL = (1280, 720), (4000, 3000)
BURST = 5
RUNS = 15
SECONDS, WARM_UP_S = 8.0, 2.0


@dataclass(frozen=True, slots=True)
class _Run:
    painted: float
    judged: float
    age_95_ms: float
    processor: float


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    out = FitOut(None, "", (), {}, **rules())  # type: ignore[arg-type]
    portraits = Portraits(out, "temporary_resident_photo", _nowhere)
    frame = _person(*LIVE)
    with landmarker() as peer:
        others = [peer.find(frame).cpu_ms for _ in range(RUNS)] if peer else []
    name = f"peer mediapipe {peer.version}, mesh only" if peer else "no peer"
    report = _median(lambda: portraits.look(frame), RUNS, time.process_time)
    other = statistics.median(others) if others else None
    yield f"live report of 1280 x 720, {name}", report, "ms CPU", "at most 45", other
    judging, alone = _shown(judge=True), _shown(judge=False)
    yield "frames judged while the picture is shown", judging.judged, "1/s", "at least 10", None
    yield "  frames painted meanwhile", judging.painted, "1/s", "at least 28", alone.painted
    yield "  age when painted, 95 of 100", judging.age_95_ms, "ms", "at most 60", alone.age_95_ms
    yield "  processor, all of it", judging.processor, "% of a core", "at most 160", alone.processor
    stills = [Frame(_person(*STILL), number, 0.0) for number in range(1, BURST + 1)]
    shots: list[Look] = []
    wall = _median(lambda: shots.append(portraits.choose(stills).look), 5, time.perf_counter)
    assert all(shot.head is not None for shot in shots)
    yield "best of five of 12 megapixels, report and photo", wall, "ms", "at most 600", None
    one = _median(lambda: portraits.choose(stills[:1]), 5, time.perf_counter)
    yield "  of one", one, "ms", "at most 300", None


def _shown(*, judge: bool) -> _Run:
    """Show the live picture of a whole station for a while, judged or not."""
    app = make_application(["bench"], "light")
    settings = CameraSettings(*LIVE)
    with tempfile.TemporaryDirectory() as folder, kiosk(Path(folder), camera=settings) as at:
        visit = at.ready().open(ANNA.application_number)
        at.simulated.props.seat(Sitter(seed=3))
        view = LiveView()
        view.resize(*LIVE)
        view.show()
        view.watch(at.station.mailbox, visit.visit_id)
        with nullcontext() if judge else patch("station.flow.capturing.LiveJudging", _unjudged):
            at.do(lambda: at.station.start_preview(*LIVE), DevicesChanged)
        try:
            _wait(WARM_UP_S)
            before, since = view.painted, len(at.events)
            wall, processor = time.perf_counter(), time.process_time()
            _wait(SECONDS)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            painted, judged = view.painted - before, _judged(at.events[since:])
            ages = list(view.ages_ms)[-painted:]
        finally:
            view.watch(None)
            view.close()
            at.station.stop_preview()
            app.processEvents()
    return _Run(painted / wall, judged / wall, statistics.quantiles(ages, n=20)[-1], 100 * processor / wall)


def _unjudged(_: object) -> Callable[[Frame], None]:
    return lambda frame: None


def _judged(events: Sequence[object]) -> int:
    return sum(isinstance(event, LiveJudged) for event in events)


def _person(width_px: int, height_px: int) -> Pixels:
    """Draw somebody as a camera of this size sees them, the noise included."""
    drawn = np.ascontiguousarray(seen(Sitter(seed=3), width_px, height_px)[:height_px, :width_px])
    noise = np.random.default_rng(1).normal(0, 1.5, drawn.shape)
    return np.clip(drawn + noise, 0, 255).astype(np.uint8)


def _nowhere(page: Page) -> PictureRef:
    raise AssertionError("nothing is stored here")


def _median(work: Callable[[], object], runs: int, clock: Callable[[], float]) -> float:
    """Return how long a piece of work takes in ms, after a first one that loads what it needs."""
    times = []
    for _ in range(runs + 1):
        began = clock()
        work()
        times.append(1000 * (clock() - began))
    return statistics.median(times[1:])


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
