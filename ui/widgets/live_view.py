"""The live picture with its guides."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.flow.latest import LiveFrame
from ui.pictures import Picture
from ui.theme import Tone, colour, over_picture
from ui.widgets.portrait_guide import PortraitGuide

REFRESH_MS = 8
"""How long a frame may lie in the mailbox; a look into an empty one costs microseconds."""


Guide = Callable[[QPainter, QRectF, QColor], None]
"""Draws over the picture, which covers this rectangle, with this ink."""


class Mailbox(Protocol):
    """Where the newest frame lies (`station.flow.latest.Latest`)."""

    def take(self) -> LiveFrame | None:
        """Take the newest frame, or None when nothing new came."""
        ...


class LiveView(QWidget):
    """Paints the newest frame of one visit, pixel for pixel, in the middle of the widget.

    The frames come fitted: `size_wanted` says to what, in device pixels, whenever the widget's size changes.
    A frame of another visit is never painted.
    """

    size_wanted = Signal(int, int)

    frame_shown = Signal(object)
    """The `Picture` on the screen, with every frame, for who mirrors it; None at once when it is forgotten."""

    def __init__(self, empty_text: str = "", guide: Guide | None = None) -> None:
        """Show `empty_text` until frames come; `guide` is for a portrait unless another is given."""
        super().__init__()
        self.painted = 0
        self.ages_ms: deque[float] = deque(maxlen=600)
        """From the driver's time stamp to the paint, of the newest frames."""
        self._mailbox: Mailbox | None = None
        self._visit_id = ""
        self._frame: LiveFrame | None = None
        self._picture: Picture | None = None
        self._fresh = False
        self._empty_text = empty_text
        self._guide = guide or PortraitGuide()
        self._guide_shown = False
        self._tone: Tone = "text"
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Live picture"))

    @property
    def frame_number(self) -> int:
        """The number of the frame on the screen, 0 when none is."""
        return self._frame.number if self._frame else 0

    def watch(self, mailbox: Mailbox | None, visit_id: str = "") -> None:
        """Show the frames of this visit from this mailbox, or none; what was shown is forgotten at once."""
        self._mailbox, self._visit_id = mailbox, visit_id
        self.clear()
        self._run()
        if mailbox is not None:
            self._ask_size()

    def show_guide(self, on: bool, tone: Tone = "text") -> None:
        """Draw the guide over the picture; the tone is that of the live verdict."""
        if (on, tone) != (self._guide_shown, self._tone):
            self._guide_shown, self._tone = on, tone
            self.update()

    def set_empty_text(self, text: str) -> None:
        """Say what comes next while no frame is there."""
        self._empty_text = text
        self.update()

    @Slot()
    def clear(self) -> None:
        """Forget the frame on the screen."""
        self._frame = self._picture = None
        self._fresh = False
        self.frame_shown.emit(None)
        self.update()

    @Slot()
    def refresh(self) -> None:
        """Take the newest frame, if there is one, and paint it."""
        frame = self._mailbox.take() if self._mailbox is not None else None
        if frame is None or frame.visit_id != self._visit_id:
            return
        self._frame, self._picture, self._fresh = frame, Picture(frame.pixels), True
        self.frame_shown.emit(self._picture)
        self.update()

    def sizeHint(self) -> QSize:
        """As a 16:9 picture."""
        return QSize(960, 540)

    def showEvent(self, event: QShowEvent) -> None:
        """Run while seen."""
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while unseen."""
        super().hideEvent(event)
        self._run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for frames of the new size."""
        super().resizeEvent(event)
        self._ask_size()

    def _run(self) -> None:
        if self._mailbox is not None and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _ask_size(self) -> None:
        size = self.size() * self.devicePixelRatioF()
        self.size_wanted.emit(max(1, size.width()), max(1, size.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, or what to expect."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("picture"))
        if self._picture is None or self._frame is None:
            painter.setPen(colour("quiet"))
            inner = self.rect().adjusted(32, 32, -32, -32)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap.value, self._empty_text
            )
            return
        image = self._picture.image
        ratio = self.devicePixelRatioF()
        image.setDevicePixelRatio(ratio)
        width, height = image.width() / ratio, image.height() / ratio
        place = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.drawImage(QPointF(round(place.x()), round(place.y())), image)
        if self._guide_shown:
            self._guide(painter, place, over_picture(self._tone))
        if self._fresh:
            self._fresh = False
            self.painted += 1
            self.ages_ms.append((time.monotonic() - self._frame.taken_at) * 1000)
