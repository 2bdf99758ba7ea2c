"""The live picture: how often it is painted, what it costs, how old it is when it reaches the screen.

A source makes 1920 x 1080 at 30 a second; the view is 1280 x 720. The peer is what most programs do: a label
with a pixmap that is scaled smoothly on the window's thread. Where papers are read in the background from the
same frames, the peer is the same live picture without the reader.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from drivers.simulated.held import held
from drivers.simulated.people import seen as person
from station.flow.events import LiveRead
from station.flow.glance import glance
from station.flow.lane import Lane
from station.flow.live_reading import LiveReading
from station.flow.options import FitOut
from station.flow.workshop import Workshop
from station.model.image import Frame
from station.model.specimen import HELD_CELL_PX, Paper, PaperKind, Sitter
from tests.kiosk import ANNA, TODAY, rules

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from station.flow.latest import Latest, LiveFrame
from station.imaging import codec
from station.model.image import Pixels
from ui.app import make_application
from ui.pictures import Picture
from ui.widgets.live_view import LiveView

NAME = "preview"

FPS = 30
SIZE = (1920, 1080)
VIEW = (1280, 720)
SECONDS = 6.0
WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """One way of showing: frames a second, per cent of one core (source included; the window's thread), age."""

    fps: float
    cpu: float
    window_cpu: float
    age_ms: float
    age_95_ms: float
    readings: float = 0.0


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    app = make_application(["bench"], "light")
    ours, peer = _live_view(app), _label(app)
    yield "live picture, frames painted", ours.fps, "1/s", "at least 29", peer.fps
    yield "live picture, processor (source included)", ours.cpu, "% of a core", "at most 30", peer.cpu
    yield "live picture, age when painted, median", ours.age_ms, "ms", "at most 40", peer.age_ms
    views = {
        "a passport in view": held(Paper(PaperKind.PASSPORT, ANNA), HELD_CELL_PX, Sitter(), *SIZE),
        "nobody's paper in view": person(Sitter(), *SIZE),
    }
    for what, scene in views.items():
        still = np.ascontiguousarray(scene[: SIZE[1], : SIZE[0]])
        alone, read = _live_view(app, still), _reading(app, still)
        yield f"read in the background, {what}: painted", read.fps, "1/s", "at least 25", alone.fps
        yield f"  age when painted, median, {what}", read.age_ms, "ms", "at most 40", alone.age_ms
        yield f"  age when painted, 95 of 100, {what}", read.age_95_ms, "ms", "at most 60", alone.age_95_ms
        yield f"  window's thread, {what}", read.window_cpu, "% of a core", "at most 20", alone.window_cpu
        yield f"  readings, {what}", read.readings, "1/s", "at least 2", None


def _reading(app: QApplication, still: Pixels) -> Run:
    """Show and read at once, by the station's own reader and workshop."""
    desk, said = Lane("bench-desk"), []
    out = FitOut(None, "", (), {}, **rules())  # type: ignore[arg-type]
    workshop = Workshop(out, 2, TODAY.date)
    reading = LiveReading(
        "bench", workshop, lambda pixels: glance(pixels, out.patterns, TODAY.date()), desk.post, said.append,
        lambda job, pages: None,
    )  # fmt: skip
    try:
        run = _live_view(app, still, lambda number, taken, pixels: reading.see(Frame(pixels, number, taken)))
    finally:
        reading.end()
        workshop.close(10.0)
        desk.close(10.0)
    count = sum(isinstance(event, LiveRead) for event in said)
    return replace(run, readings=count / (SECONDS + WARM_UP_S))


def _live_view(
    app: QApplication, still: Pixels | None = None, watch: Callable[[int, float, Pixels], None] | None = None
) -> Run:
    view, box = LiveView(), Latest()
    view.resize(*VIEW)
    view.show()
    view.watch(box, "bench")

    def give(number: int, pixels: Pixels) -> None:
        taken = time.monotonic()
        box.put(LiveFrame("bench", number, taken, codec.fit(pixels, *VIEW, fast=True)))
        if watch is not None:
            watch(number, taken, pixels)

    try:
        return _run(app, give, lambda: (view.painted, list(view.ages_ms)), still)
    finally:
        view.watch(None)
        view.close()


class _Wire(QObject):
    frame = Signal(object)


class _Label(QLabel):
    def __init__(self) -> None:
        super().__init__()
        self.painted = 0
        self.ages_ms: list[float] = []
        self._taken = 0.0

    def show_frame(self, frame: LiveFrame) -> None:
        self._taken = frame.taken_at
        whole = QPixmap.fromImage(Picture(frame.pixels).image)
        ways = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self.setPixmap(whole.scaled(self.size(), *ways))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._taken:
            self.painted += 1
            self.ages_ms.append((time.monotonic() - self._taken) * 1000)
            self._taken = 0.0


def _label(app: QApplication) -> Run:
    label, wire = _Label(), _Wire()
    label.resize(*VIEW)
    label.show()
    wire.frame.connect(label.show_frame, Qt.ConnectionType.QueuedConnection)

    def give(number: int, pixels: Pixels) -> None:
        wire.frame.emit(LiveFrame("bench", number, time.monotonic(), pixels))

    try:
        return _run(app, give, lambda: (label.painted, label.ages_ms))
    finally:
        label.close()


def _run(
    app: QApplication,
    give: Callable[[int, Pixels], None],
    seen: Callable[[], tuple[int, list[float]]],
    still: Pixels | None = None,
) -> Run:
    stop = threading.Event()
    source = threading.Thread(target=_source, args=(give, stop, still), name="bench-source")
    source.start()
    try:
        _wait(WARM_UP_S)
        painted, _ = seen()
        wall, processor, window = time.perf_counter(), time.process_time(), time.thread_time()
        _wait(SECONDS)
        wall = time.perf_counter() - wall
        processor, window = time.process_time() - processor, time.thread_time() - window
        total, ages = seen()
    finally:
        stop.set()
        source.join()
        app.processEvents()
    new = ages[painted - total :]
    per_cent = 100 / wall
    return Run(
        (total - painted) / wall, processor * per_cent, window * per_cent, statistics.median(new),
        statistics.quantiles(new, n=20)[-1],
    )  # fmt: skip


def _source(give: Callable[[int, Pixels], None], stop: threading.Event, still: Pixels | None) -> None:
    """Make frames as a camera does: each in a buffer of its own, with something that moves."""
    width, height = SIZE
    if still is None:
        coarse = np.random.default_rng(1).integers(0, 255, (9, 16, 3), dtype=np.uint8)
        still = codec.fit(coarse, width, height)
    due = time.perf_counter()
    number = 0
    while not stop.is_set():
        number += 1
        frame = still.copy()
        left = number * 16 % (width - 200)
        frame[10:60, left : left + 200] = (255, 0, 0)
        give(number, frame)
        due = max(due + 1 / FPS, time.perf_counter())
        stop.wait(due - time.perf_counter())


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
