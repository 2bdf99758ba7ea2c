"""The live picture: how often it is painted, what it costs, how old it is when it reaches the screen.

A source makes 1920 x 1080 at 30 a second; the view is 1280 x 720. The peer is what most programs do: a label
with a pixmap that is scaled smoothly on the window's thread.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

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
    """One way of showing: frames a second, per cent of one core (source included), median age in ms."""

    fps: float
    cpu: float
    age_ms: float


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    app = make_application(["bench"], "light")
    ours, peer = _live_view(app), _label(app)
    yield "live picture, frames painted", ours.fps, "1/s", "at least 29", peer.fps
    yield "live picture, processor (source included)", ours.cpu, "% of a core", "at most 30", peer.cpu
    yield "live picture, age when painted, median", ours.age_ms, "ms", "at most 40", peer.age_ms


def _live_view(app: QApplication) -> Run:
    view, box = LiveView(), Latest()
    view.resize(*VIEW)
    view.show()
    view.watch(box, "bench")

    def give(number: int, pixels: Pixels) -> None:
        taken = time.monotonic()
        box.put(LiveFrame("bench", number, taken, codec.fit(pixels, *VIEW, fast=True)))

    try:
        return _run(app, give, lambda: (view.painted, list(view.ages_ms)))
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
    app: QApplication, give: Callable[[int, Pixels], None], seen: Callable[[], tuple[int, list[float]]]
) -> Run:
    stop = threading.Event()
    source = threading.Thread(target=_source, args=(give, stop), name="bench-source")
    source.start()
    try:
        _wait(WARM_UP_S)
        painted, _ = seen()
        wall, processor = time.perf_counter(), time.process_time()
        _wait(SECONDS)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        total, ages = seen()
    finally:
        stop.set()
        source.join()
        app.processEvents()
    return Run((total - painted) / wall, 100 * processor / wall, statistics.median(ages[painted - total :]))


def _source(give: Callable[[int, Pixels], None], stop: threading.Event) -> None:
    """Make frames as a camera does: each in a buffer of its own, with something that moves."""
    width, height = SIZE
    coarse = np.random.default_rng(1).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    still = codec.fit(coarse, width, height)
    due = time.perf_counter()
    number = 0
    while not stop.is_set():
        number += 1
        frame = still.copy()
        left = number * 16 % (width - 200)
        frame[40:140, left : left + 200] = (255, 0, 0)
        give(number, frame)
        due = max(due + 1 / FPS, time.perf_counter())
        stop.wait(due - time.perf_counter())


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
