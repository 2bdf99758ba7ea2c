"""The camera is calibrated: its live picture, the parts of it that are still empty, and what to do now."""

from PySide6.QtCore import QPointF, QRectF, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from station.flow.calibration_views import BoardSeen
from station.flow.station import Station
from ui.screens.calibration_asking import save_target
from ui.screens.guidance import Guidance
from ui.theme import Measure, as_role
from ui.widgets.button import Button
from ui.widgets.live_view import LiveView
from ui.widgets.words import IconView, label
from ui.wording import calibration_board

_GRID = 4

USUAL_SQUARE_MM = 30.0
_SQUARES_MM = 5.0, 100.0
_SQUARE = "calibration/square_mm"


class BoardGuide:
    """Shades the parts of the picture that the board has not reached, and draws where it lies."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.seen = BoardSeen("")

    def __call__(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Draw over the picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = place.width() / _GRID, place.height() / _GRID
        if self.seen.step == "board":
            for row, column in self.seen.cells:
                cell = QRectF(place.left() + column * wide, place.top() + row * high, wide, high)
                painter.fillRect(cell, QColor(0, 0, 0, 110))
                inner = cell.adjusted(6, 6, -6, -6)
                for pen in (QPen(QColor(0, 0, 0, 120), 4), QPen(ink, 2, Qt.PenStyle.DashLine)):
                    painter.setPen(pen)
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(inner, 6, 6)
        if self.seen.outline:
            corners = [
                QPointF(place.left() + x * place.width(), place.top() + y * place.height())
                for x, y in self.seen.outline
            ]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(QColor(0, 0, 0, 140), 6), QPen(ink, 3)):
                painter.setPen(pen)
                painter.drawPolygon(QPolygonF(corners))


class CameraPage(QWidget):
    """The live picture with one sentence above it; at the right the three steps and what is still to come."""

    back_wanted = Signal()
    changed = Signal()
    """The camera was stopped."""

    def __init__(self, station: Station) -> None:
        """Build the widgets; the camera rests."""
        super().__init__()
        self._station = station
        self._device, self._name = "", ""
        self.running = False
        """The camera is at work here."""
        self._guide = BoardGuide()
        self.guidance = Guidance()
        self.view = LiveView("", self._guide)
        self.view.size_wanted.connect(self._ask_frames)
        self._flash = FlashPane(self)
        self._flash.lit.connect(station.flashed)
        self._stop = Button(self.tr("Stop"), "", "close")
        self._stop.clicked.connect(self.stop)
        back = Button(self.tr("All devices"), "icon", "back")
        back.clicked.connect(self.back_wanted)
        above = as_role(QFrame(), "plain")
        head = QHBoxLayout(above)
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(back)
        head.addWidget(self.guidance, 1)
        head.addWidget(self._stop)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(above)
        left.addWidget(self.view, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._panel())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Board before the camera"))

    def _panel(self) -> QWidget:
        panel = as_role(QFrame(), "right")
        panel.setFixedWidth(Measure.PANEL)
        column = QVBoxLayout(panel)
        column.setContentsMargins(20, 24, 20, 20)
        column.setSpacing(12)
        self._steps = {step: _StepLine(number, step) for number, step in enumerate(calibration_board.STEPS, 1)}
        for line in self._steps.values():
            column.addWidget(line)
        self._skip = Button(self.tr("Leave this step out"), "", "next")
        self._skip.clicked.connect(lambda: self._station.skip_calibration_step())
        column.addWidget(self._skip)
        column.addSpacing(12)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addWidget(self._bar)
        self._lines = [label("", wrap=True) for _ in range(3)]
        for text in self._lines:
            column.addWidget(text)
        self._square = QDoubleSpinBox()
        self._square.setRange(*_SQUARES_MM)
        self._square.setDecimals(2)
        self._square.setValue(USUAL_SQUARE_MM)
        self._square.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._square.setAccessibleName(self.tr("Side of a square of the board in mm, as measured"))
        self._asked = QWidget()
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.addWidget(label(self._square.accessibleName(), "strong", wrap=True))
        asked.addWidget(self._square)
        told = self.tr(
            "Measure ten squares on the mounted board and divide by ten: the printer may have scaled."
        )
        asked.addWidget(label(told, "caption", wrap=True))
        printed = Button(self.tr("Print the board"), "", "print")
        printed.clicked.connect(lambda: save_target(self, self._station, None))
        asked.addWidget(printed)
        column.addWidget(self._asked)
        column.addStretch(1)
        self._told = label("", "caption", wrap=True)
        column.addWidget(self._told)
        return panel

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said to be still to come."""
        return tuple(text.text() for text in self._lines if not text.isHidden())

    @property
    def square_mm(self) -> float:
        """The side of the board's squares, as measured."""
        return self._square.value()

    def remember(self, memory: QSettings) -> None:
        """Take up the board that was used last, and keep it from now on."""
        side = str(memory.value(_SQUARE, ""))
        self._square.setValue(float(side) if side.replace(".", "", 1).isdecimal() else USUAL_SQUARE_MM)
        self._square.valueChanged.connect(lambda side: memory.setValue(_SQUARE, side))

    def prepare(self, device_id: str, name: str) -> None:
        """Say what is needed; the camera rests until `start`."""
        self._device, self._name = device_id, name
        self._rest()

    def start(self) -> None:
        """Show the live picture and look for the board."""
        self.running = True
        self.view.set_empty_text(self.tr("The camera is getting ready."))
        for part in (self._stop, self._bar, *self._lines):
            part.show()
        self._asked.hide()
        self._told.setText(self.tr("A view counts by itself when the board is seen sharp and in a new place."))
        self.show_seen(BoardSeen(self._device, reason="no_board"))
        self.view.watch(self._station.mailbox, "")  # asks for frames of its size
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Let the camera rest; nothing of its picture stays."""
        if self.running:
            self._rest()
            self._station.stop_preview()
            self.changed.emit()

    def ended(self) -> None:
        """The calibration has ended by itself."""
        if self.running:
            self._rest()

    def _rest(self) -> None:
        self.running = False
        self.view.watch(None)
        self.view.set_empty_text(self.tr("The live picture appears here."))
        self._flash.show_light(None)
        self.guidance.tell("camera", "text", self.tr("Calibrate: {name}").format(name=self._name))
        for line in self._steps.values():
            line.show_state(False, False)
        for part in (self._stop, self._skip, self._bar, *self._lines):
            part.hide()
        self._asked.show()
        self._told.setText(
            self.tr("Have the board and an even, matt card at hand. It takes about two minutes.")
        )

    def show_seen(self, seen: BoardSeen) -> None:
        """Show what a frame gave."""
        if seen.device != self._device or not self.running:
            return
        self._flash.show_light(seen.flash)
        do = calibration_board.do_now(seen)
        self.guidance.tell(do.icon, do.tone, do.word)
        self._guide.seen = seen
        self.view.show_guide(True, do.tone if do.tone != "quiet" else "text")
        self.view.update()
        at = calibration_board.STEPS.index(seen.step)
        for number, line in enumerate(self._steps.values()):
            line.show_state(at > number, at == number)
        self._skip.setVisible(seen.step != "board" or seen.views >= seen.views_needed > 0)
        self._bar.setRange(0, seen.views_needed)
        self._bar.setValue(seen.views)
        lines = calibration_board.still_to_come(seen)
        self._bar.setAccessibleName(lines[0])
        counted = bool(seen.views_needed)
        self._bar.setVisible(counted)
        for text, told in zip(self._lines, (*lines, "", ""), strict=False):
            text.setText(told)
            text.setVisible(counted and bool(told))

    def _ask_frames(self, width_px: int, height_px: int) -> None:
        if self.running:
            self._station.calibrate_camera(self._device, width_px, height_px, self.square_mm)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the light over all of it."""
        super().resizeEvent(event)
        self._flash.setGeometry(self.rect())


class FlashPane(QWidget):
    """Lights the scene by the screen: white all over, or black. `lit` comes when white has been painted."""

    lit = Signal()

    def __init__(self, over: QWidget) -> None:
        """Lie over this widget, hidden."""
        super().__init__(over)
        self._bright: bool | None = None
        self._to_tell = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_light(self, bright: bool | None) -> None:
        """Be white, black, or (None) not there."""
        if bright is self._bright:
            return
        self._bright, self._to_tell = bright, bool(bright)
        self.setVisible(bright is not None)
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill all of it."""
        QPainter(self).fillRect(self.rect(), QColor("white" if self._bright else "black"))
        if self._to_tell:
            self._to_tell = False
            QTimer.singleShot(0, self.lit.emit)  # after the frame went to the screen


class _StepLine(QWidget):
    """One step of the three, with its state."""

    def __init__(self, number: int, step: str) -> None:
        super().__init__()
        self._icon = IconView("to_do", "quiet", 24)
        self._text: QLabel = label(f"{number}  {calibration_board.step_name(step)}", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def show_state(self, done: bool, current: bool) -> None:
        self._icon.show_icon("good" if done else "next" if current else "to_do",
                             "good" if done else "accent" if current else "quiet")  # fmt: skip
        as_role(self._text, "strong" if current else "", "" if current or done else "quiet")
