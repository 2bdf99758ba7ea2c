"""Papers held before the camera: the live picture, a frame where the page belongs, and what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.errors import DeviceError
from station.flow.events import Event, LiveRead, Outline, PaperSight, Trouble, VisitChanged
from station.flow.station import Station
from ui.screens.guidance import Guidance
from ui.theme import Tone, as_role
from ui.widgets.button import Button
from ui.widgets.live_view import LiveView

PAGE_RATIO = 125 / 88
"""The data page of a passport (ICAO 9303-4, TD3), in mm."""
PAGE_HEIGHT = 0.78
"""Of the picture's height; a character then takes 24 px of 1920 x 1080, twice what is needed."""
ZONE_HEIGHT = 23.2 / 88
"""The machine-readable zone at the lower edge, in parts of the page (ICAO 9303-4, 3)."""

_CLEAR = 0.35
"""Space between print and its outline, in parts of the height of a line."""

_AT_ONCE = frozenset({PaperSight.READ, PaperSight.REFUSED, PaperSight.NOT_KEPT})
"""Shown with the first frame that says so; anything else when two frames in a row do, so words stand still."""


@dataclass(frozen=True, slots=True)
class _Saying:
    icon: str
    tone: Tone
    text: str


class PageGuide:
    """Draws the frame for a page, its zone, and what was found on it."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.outlines: tuple[Outline, ...] = ()

    def __call__(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Draw over the picture."""
        height = place.height() * PAGE_HEIGHT
        page = QRectF(0, 0, height * PAGE_RATIO, height)
        page.moveCenter(place.center())
        outside = QPainterPath()
        outside.addRect(place)
        outside.addRect(page)
        painter.fillPath(outside, QColor(0, 0, 0, 80))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in (QPen(QColor(0, 0, 0, 110), 5), QPen(ink, 3)):
            painter.setPen(pen)
            painter.drawRoundedRect(page, 8, 8)
        painter.setPen(QPen(ink, 2))
        for outline in self.outlines:
            painter.drawPolygon(_around([_on(place, *corner) for corner in outline]))
        if not self.outlines:
            zone = page.bottom() - height * ZONE_HEIGHT
            painter.setPen(QPen(ink, 2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(page.left() + 12, zone), QPointF(page.right() - 12, zone))


class CameraReading(QWidget):
    """Reads papers that are held before the camera while it is started; Escape or the button stops it.

    `ended` comes once for each start: stopped by hand, by a lost camera, or because another visit is in hand.
    What was read comes as `VisitChanged`, as of a scan; it goes on with the next paper.
    """

    ended = Signal()

    def __init__(self, station: Station) -> None:
        """Build the widgets; the camera rests."""
        super().__init__()
        self._station = station
        self._visit_id = ""
        self._running = False
        self._shown = self._last = PaperSight.NOTHING
        self._guide = PageGuide()
        self.guidance = Guidance()
        self.view = LiveView(self.tr("The camera is getting ready."), self._guide)
        self.view.size_wanted.connect(self._ask_frames)
        self.stop_button = Button(self.tr("Stop"), "", "close")
        self.stop_button.clicked.connect(self._finish)
        self._sayings = self._words()
        above = as_role(QFrame(), "plain")
        head = QHBoxLayout(above)
        head.setContentsMargins(0, 0, 16, 0)
        head.addWidget(self.guidance, 1)
        head.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(above)
        column.addWidget(self.view, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Papers before the camera"))

    def _words(self) -> dict[PaperSight, _Saying]:
        page = self.tr("Hold the page with the photograph flat inside the frame.")
        still = self.tr("Hold still.")
        shine = self.tr("Hold still. If the page shines, tilt it a little.")
        dark = self.tr("It is too dark. Turn towards a light.")
        far = self.tr("The page is too far away. Hold it nearer.")
        other = self.tr("This paper is another person's.")
        not_kept = self.tr("It was read but could not be kept. Take it away and hold it up again.")
        letter = self.tr("Printed lines cannot be read here. Hold up the letter with its bar code.")
        return {
            PaperSight.NOTHING: _Saying("passport", "quiet", page),
            PaperSight.TOO_DARK: _Saying("look", "look", dark),
            PaperSight.TOO_FAR: _Saying("look", "look", far),
            PaperSight.DOUBTFUL: _Saying("look", "look", shine),
            PaperSight.ONCE: _Saying("busy", "accent", still),
            PaperSight.READ: _Saying("good", "good", self.tr("Read.")),
            PaperSight.REFUSED: _Saying("not_good", "not_good", other),
            PaperSight.NOT_KEPT: _Saying("not_good", "not_good", not_kept),
            PaperSight.NO_READER: _Saying("look", "look", letter),
        }

    # -- called from outside ----------------------------------------------------------------------------------

    def start(self, visit_id: str = "") -> None:
        """Show the live picture and read, for the visit in hand or ("") for whoever steps up to the desk."""
        self.stop()
        self._visit_id, self._running = visit_id, True
        self._guide.outlines = ()
        self._show(PaperSight.NOTHING)
        self.view.watch(self._station.mailbox, visit_id)  # asks for frames of its size
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Let the camera rest; nothing of its picture stays."""
        if self._running:
            self._running = False
            self._guide.outlines = ()
            self.view.watch(None)
            self._station.stop_preview()

    def hear(self, event: Event) -> None:
        """Follow the reading."""
        if not self._running:
            return
        if isinstance(event, LiveRead) and event.visit_id == self._visit_id:
            self._take(event)
        elif self._ends(event):
            self._finish()

    # -- inside -----------------------------------------------------------------------------------------------

    def _ends(self, event: Event) -> bool:
        if isinstance(event, VisitChanged):
            return (event.visit.visit_id if event.visit else "") != self._visit_id
        return isinstance(event, Trouble) and isinstance(event.error, DeviceError)

    def _take(self, event: LiveRead) -> None:
        if event.outlines or event.sight not in _AT_ONCE:
            self._guide.outlines = event.outlines
        before, self._last = self._last, event.sight
        if event.sight in _AT_ONCE or event.sight is before or self._shown is PaperSight.NOTHING:
            self._show(event.sight)

    def _show(self, sight: PaperSight) -> None:
        self._shown = sight
        saying = self._sayings[sight]
        self.guidance.tell(saying.icon, saying.tone, saying.text)
        self.view.show_guide(True, "text" if saying.tone in ("quiet", "accent") else saying.tone)

    def _ask_frames(self, width_px: int, height_px: int) -> None:
        if self._running:
            self._station.start_reading(width_px, height_px)

    def _finish(self) -> None:
        self.stop()
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop by Escape."""
        if event.key() == Qt.Key.Key_Escape and self._running:
            self._finish()
            return
        super().keyPressEvent(event)


def _around(corners: Sequence[QPointF]) -> QPolygonF:
    """Return a shape somewhat higher than this one (clockwise from the top left), so that it hides no print."""
    top_left, top_right, low_right, low_left = corners
    left, right = (top_left - low_left) * _CLEAR, (top_right - low_right) * _CLEAR
    return QPolygonF([top_left + left, top_right + right, low_right - right, low_left - left])


def _on(place: QRectF, x: float, y: float) -> QPointF:
    return QPointF(place.left() + x * place.width(), place.top() + y * place.height())
