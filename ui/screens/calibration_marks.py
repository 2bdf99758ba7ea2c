"""A drawing of the glass as the scanner sees it, with the marks that were found on it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.model.calibration_sign import Place
from ui.theme import Type, colour

_GLASS_MM = (216.0, 297.0)
"""Before the first scan nobody knows how large the glass is."""

_RIM_PX = 40.0
_RULED_MM = 50
"""From one figure of the rulers to the next."""

_RING_PX = 13.0
_DOT_PX = 2.5
_EDGE_PX = 24
LISTED = 12
"""So many marks bear the number that they have in the list."""


class GlassMarks(QWidget):
    """Rings round specks, lines along streaks, rulers in mm; what was there before is a dot or a thin line."""

    def __init__(self) -> None:
        """Show an empty glass."""
        super().__init__()
        self._marks: tuple[Place, ...] = ()
        self._known: tuple[Place, ...] = ()
        self._size_mm = _GLASS_MM
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(560, 640)

    def show_marks(
        self, marks: Sequence[Place], known: Sequence[Place] = (), size_mm: tuple[float, float] = _GLASS_MM
    ) -> None:
        """Show these marks on a glass of this width and height."""
        self._marks, self._known, self._size_mm = tuple(marks), tuple(known), size_mm
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all of it as large as it fits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        (wide, high), around = self._size_mm, 2 * (_EDGE_PX + _RIM_PX)
        scale = min((self.width() - around) / wide, (self.height() - around) / high)
        if scale <= 0:
            return
        glass = QRectF(0, 0, wide * scale, high * scale)
        glass.moveCenter(QRectF(self.rect()).center())
        body = glass.adjusted(-_RIM_PX, -_RIM_PX, _RIM_PX, _RIM_PX)
        painter.setPen(QPen(colour("edge"), 2))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(body, 12, 12)
        painter.setPen(QPen(colour("edge"), 1))
        painter.setBrush(colour("picture"))
        painter.drawRect(glass)
        self._draw_rulers(painter, glass, scale)
        self._draw_known(painter, glass, scale)
        self._draw_marks(painter, glass, scale)

    def _draw_rulers(self, painter: QPainter, glass: QRectF, scale: float) -> None:
        """Draw the corner from which places count, and figures along both edges."""
        mark, away = 22.0, glass.topLeft() - QPointF(4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawPolygon(
            QPolygonF([away, away - QPointF(mark, mark * 0.35), away - QPointF(mark * 0.35, mark)])
        )
        self._write(painter, Type.SMALL, bold=False)
        painter.setPen(QPen(colour("quiet"), 1))
        across, down = (int(side) for side in self._size_mm)
        for at in range(_RULED_MM, across, _RULED_MM):
            x = glass.left() + at * scale
            painter.drawLine(QPointF(x, glass.top() - 5), QPointF(x, glass.top()))
            box = QRectF(x - 24, glass.top() - _RIM_PX, 48, _RIM_PX - 9)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, str(at))
        for at in range(_RULED_MM, down, _RULED_MM):
            y = glass.top() + at * scale
            painter.drawLine(QPointF(glass.left() - 5, y), QPointF(glass.left(), y))
            box = QRectF(glass.left() - _RIM_PX, y - 12, _RIM_PX - 9, 24)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(at))

    def _draw_known(self, painter: QPainter, glass: QRectF, scale: float) -> None:
        for mark in self._known:
            at = glass.topLeft() + QPointF(mark.x_mm, mark.y_mm or 0) * scale
            painter.setPen(QPen(colour("quiet"), 1))
            painter.setBrush(colour("quiet"))
            if mark.y_mm is None:
                painter.drawLine(at, QPointF(at.x(), glass.bottom()))
            else:
                painter.drawEllipse(at, _DOT_PX, _DOT_PX)

    def _draw_marks(self, painter: QPainter, glass: QRectF, scale: float) -> None:
        ink = colour("look")
        self._write(painter, Type.BODY, bold=True)
        for number, mark in enumerate(self._marks, 1):
            at = glass.topLeft() + QPointF(mark.x_mm, mark.y_mm or 0) * scale
            painter.setPen(QPen(ink, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if mark.y_mm is None:
                foot = QPointF(at.x(), glass.bottom())
                painter.drawLine(at, foot)
                beside, gap = foot - QPointF(0, 16), 8.0
            else:
                painter.drawEllipse(at, _RING_PX, _RING_PX)
                painter.setBrush(ink)
                painter.drawEllipse(at, 1.0, 1.0)
                beside, gap = at, _RING_PX + 6
            if number <= LISTED:
                is_roomy = glass.right() - at.x() > 56
                left = beside.x() + gap if is_roomy else beside.x() - gap - 32
                lies = Qt.AlignmentFlag.AlignLeft if is_roomy else Qt.AlignmentFlag.AlignRight
                box = QRectF(left, beside.y() - 12, 32, 24)
                painter.drawText(box, lies | Qt.AlignmentFlag.AlignVCenter, str(number))

    def _write(self, painter: QPainter, size: int, *, bold: bool) -> None:
        font = painter.font()
        font.setPixelSize(size)
        font.setBold(bold)
        painter.setFont(font)
