"""A portrait with the photo that is cut from it: its frame, the eyes, the chin, and a crown line that moves."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
)

from station.flow.views import Candidate
from station.model.face import Head
from station.model.photo import PhotoCrop
from ui.theme import DARK, Measure, Type, over_picture
from ui.widgets.picture_view import PictureView

_STEP = 0.005
"""How far an arrow key moves the crown, in parts of the capture's height: 0.25 mm of 45."""
_PAUSE_MS = 250
"""So long the keys must rest before the photo is cut anew."""
_ROOM = 1.16
"""How much more than the photo's frame is seen at first, in parts of its height."""
_REACH = 0.25
"""How far beyond its likely range the crown can be drawn, in parts of the head's height."""
_HALO = QColor(0, 0, 0, 120)
_USUAL_RATIO = 35 / 45
_HANDLE_PX = 14
_BESIDE_PX = Measure.TOUCH + 2 * Measure.GRID + _HANDLE_PX
"""Free at each side of the frame, for the tools."""


class CropView(PictureView):
    """Shows a still around the photo's frame. The crown line is drawn by hand, or moved by Up and Down.

    Where the crown is likely to lie is shaded. `crown_moved` says where the officer saw it once the hand
    lets go. The picture is looked at closely as every picture is.
    """

    crown_moved = Signal(float)
    """The y of the crown, 0 to 1 of the capture's height."""

    def __init__(self, empty_text: str = "") -> None:
        """Show `empty_text` until a still comes."""
        super().__init__(empty_text)
        self._attempt = 0
        self._head: Head | None = None
        self._crop: PhotoCrop | None = None
        self._ratio = _USUAL_RATIO
        self._crown = 0.0
        self._drawn = self._whole = False
        self._rest = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._rest.timeout.connect(self._tell)
        self.setMouseTracking(True)

    @property
    def crown(self) -> float:
        """Where the crown line is drawn, y, 0 to 1 of the capture's height."""
        return self._crown

    def show_candidate(self, candidate: Candidate, name: str = "") -> None:
        """Show a still with its head and crop; the same one cut anew keeps what is seen of it."""
        if candidate.attempt != self._attempt or not self.holds_picture:
            self.forget()
            self._attempt = candidate.attempt
            self._head, self._crop = candidate.head, candidate.crop
            self.show_picture(candidate.pixels, name)
        self._head, self._crop = candidate.head, candidate.crop
        if candidate.photo is not None:
            self._ratio = candidate.photo.shape[1] / candidate.photo.shape[0]
        if not self._busy and candidate.crop is not None:
            self._crown = candidate.crop.crown
        self.update()

    def forget(self) -> None:
        """Let nothing of the still be seen again."""
        self._rest.stop()
        self._attempt, self._drawn = 0, False
        self._head = self._crop = None
        self.show_picture(None)

    def show_all(self) -> None:
        """Show the photo's frame and a little around it; a second time the whole capture."""
        crop = self._crop
        self._whole = not self._whole and self.zoom > 1 and crop is not None
        super().show_all()
        if crop is not None and not self._whole:
            self._come_close(crop)

    # -- where things lie -------------------------------------------------------------------------------------

    @property
    def _busy(self) -> bool:
        """The officer moves the crown right now."""
        return self._drawn or self._rest.isActive()

    def _come_close(self, crop: PhotoCrop) -> None:
        place = self._place()
        high = place.height() * crop.height * _ROOM
        frame = high * self._ratio / _ROOM
        free = max(1.0, self.width() - 2 * _BESIDE_PX)
        self._zoom_by(max(1.0, min(self.height() / max(high, 1), free / max(frame, 1))))
        self._centre = QPointF(*crop.centre)
        self._look_again()

    def _level(self, crop: PhotoCrop) -> QTransform:
        """Return the way from the photo's own directions, round its middle, to the widget."""
        place = self._place()
        way = QTransform.fromTranslate(
            place.x() + crop.centre[0] * place.width(), place.y() + crop.centre[1] * place.height()
        )
        return way.rotate(crop.roll)

    def _frame(self, crop: PhotoCrop) -> QRectF:
        """The photo's frame round its middle, in screen pixels along the photo's own directions."""
        high = self._place().height() * crop.height
        return QRectF(-high * self._ratio / 2, -high / 2, high * self._ratio, high)

    def _on_axis(self, crop: PhotoCrop, head: Head, y: float) -> QPointF:
        """Return where the face's axis has this y of the capture, in the photo's own directions."""
        place = self._place()
        across, down = head.on_axis(y, (round(place.width()), round(place.height())))
        point = QPointF(place.x() + across * place.width(), place.y() + down * place.height())
        return self._level(crop).inverted()[0].map(point)

    def _y_at(self, crop: PhotoCrop, head: Head, at: QPointF) -> float:
        """Return the y of the capture at which the axis is as high as this point of the widget."""
        place, back = self._place(), self._level(crop).inverted()[0]
        axis = QPointF(self._on_axis(crop, head, 0.5).x(), back.map(at).y())
        return (self._level(crop).map(axis).y() - place.y()) / place.height()

    def _line(self, crop: PhotoCrop, head: Head, y: float) -> float:
        return self._on_axis(crop, head, y).y()

    def _near_crown(self, at: QPointF) -> bool:
        crop, head = self._crop, self._head
        if crop is None or head is None:
            return False
        here = self._level(crop).inverted()[0].map(at)
        frame = self._frame(crop).adjusted(-48, 0, 48, 0)
        near = abs(here.y() - self._line(crop, head, self._crown)) <= Measure.TOUCH / 2
        return near and frame.left() <= here.x() <= frame.right()

    # -- hands ------------------------------------------------------------------------------------------------

    def _move_crown(self, y: float) -> None:
        head = self._head
        if head is None:
            return
        reach = _REACH * (head.chin[1] - head.crown_high)
        self._crown = min(head.crown_low + reach, max(0.0, head.crown_high - reach, y))
        self.update()

    def _tell(self) -> None:
        if self._crop is not None and self._crown != self._crop.crown:
            self.crown_moved.emit(self._crown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the crown line, or of the picture."""
        self._drawn = self._near_crown(event.position())
        if not self._drawn:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the crown line, or the picture."""
        crop, head = self._crop, self._head
        if self._drawn and crop is not None and head is not None:
            self._move_crown(self._y_at(crop, head, event.position()))
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            near = self._near_crown(event.position())
            self.setCursor(Qt.CursorShape.SizeVerCursor) if near else self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the photo is cut by where the line lies now."""
        if self._drawn:
            self._drawn = False
            self._tell()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crown by Up and Down; the other keys are those of every picture."""
        steps = {Qt.Key.Key_Up: -_STEP, Qt.Key.Key_Down: _STEP}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._crop is None or self._head is None:
            super().keyPressEvent(event)
            return
        self._move_crown(self._crown + step)
        self._rest.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes on does not wait for the keys' pause."""
        super().focusOutEvent(event)
        if self._rest.isActive():
            self._rest.stop()
            self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frame in sight, and the tools beside it, one above the other."""
        super().resizeEvent(event)
        side, gap = Measure.TOUCH, Measure.GRID
        for at, tool in enumerate(reversed(self._tools), 1):
            tool.move(self.width() - side - gap, self.height() - at * (side + gap))
        if self._crop is not None and not self._whole:
            super().show_all()
            self._come_close(self._crop)

    # -- drawing ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the still, and on it what is cut and by which lines."""
        super().paintEvent(event)
        crop, head = self._crop, self._head
        if crop is None or not self.holds_picture:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        level, frame = self._level(crop), self._frame(crop)
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(self._place())
        inside.addRect(frame)
        painter.fillPath(outside.subtracted(level.map(inside)), QColor(0, 0, 0, 120))
        painter.setTransform(level, combine=True)
        for pen in (QPen(_HALO, 4), QPen(QColor("white"), 2)):
            painter.setPen(pen)
            painter.drawRect(frame)
        if head is not None:
            self._paint_lines(painter, crop, head, frame)

    def _paint_lines(self, painter: QPainter, crop: PhotoCrop, head: Head, frame: QRectF) -> None:
        high, low = (self._line(crop, head, y) for y in (head.crown_high, head.crown_low))
        band = QColor(over_picture("accent"))
        band.setAlpha(60)
        painter.fillRect(QRectF(frame.left(), high, frame.width(), low - high), band)
        for y, word in ((head.eyes_middle[1], self.tr("Eyes")), (head.chin[1], self.tr("Chin"))):
            self._paint_line(painter, frame, self._line(crop, head, y), word, QColor("white"), 1.5)
        crown = self._line(crop, head, self._crown)
        self._paint_line(painter, frame, crown, self.tr("Crown"), over_picture("accent"), 3)
        for side in (frame.left(), frame.right()):
            knob = QRectF(0, 0, 2 * _HANDLE_PX, 2 * _HANDLE_PX)
            knob.moveCenter(QPointF(side, crown))
            painter.setPen(QPen(_HALO, 1))
            painter.setBrush(over_picture("accent"))
            painter.drawEllipse(knob)
            painter.setPen(QPen(QColor(DARK.on_accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for way in (-1, 1):
                tip = QPointF(side, crown + way * 8)
                painter.drawLine(tip, tip + QPointF(-4, -way * 4))
                painter.drawLine(tip, tip + QPointF(4, -way * 4))

    def _paint_line(
        self, painter: QPainter, frame: QRectF, y: float, word: str, ink: QColor, width_px: float
    ) -> None:
        left, right = QPointF(frame.left(), y), QPointF(frame.right(), y)
        for pen in (QPen(_HALO, width_px + 2), QPen(ink, width_px)):
            painter.setPen(pen)
            painter.drawLine(left, right)
        font = painter.font()
        font.setPixelSize(Type.SMALL)
        painter.setFont(font)
        room = painter.fontMetrics().size(0, word)
        tag = QRectF(0, 0, room.width() + 12, room.height() + 4)
        tag.moveBottomRight(right - QPointF(_HANDLE_PX + 6, 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 140))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(ink)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, word)
        painter.setBrush(Qt.BrushStyle.NoBrush)
