"""A drawing of the glass from above: where the target is laid, and which corner comes first."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.model.target import TargetKind
from ui.theme import Type, colour

GLASS_MM = (216.0, 297.0)
_SHEETS_MM = {TargetKind.A4: (210.0, 297.0), TargetKind.CARD: (85.6, 54.0)}
_RIM_MM = 22.0
"""Of the device round its glass."""

_LID_MM = 70.0
"""What is seen of the open lid behind it."""

_LIFT_MM = 7.0
"""The sheet is drawn this far from its corner, with the arrow that brings it there."""


class GlassDrawing(QWidget):
    """Shows the open scanner with the target face down at the marked corner."""

    def __init__(self) -> None:
        """Show the A4 target."""
        super().__init__()
        self._kind = TargetKind.A4
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_target(TargetKind.A4)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(560, 640)

    def show_target(self, kind: TargetKind) -> None:
        """Show how this target is laid down."""
        self._kind = kind
        sheet = self.tr("the A4 target") if kind is TargetKind.A4 else self.tr("the card")
        told = self.tr("Drawing: {sheet} lies face down on the glass, its top at the arrow mark of the corner.")
        self.setAccessibleName(told.format(sheet=sheet))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all of it as large as it fits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = GLASS_MM[0] + 2 * _RIM_MM, GLASS_MM[1] + 2 * _RIM_MM + _LID_MM
        scale = min((self.width() - 48) / wide, (self.height() - 48) / high)
        if scale <= 0:
            return
        left, top = (self.width() - wide * scale) / 2, (self.height() - high * scale) / 2
        body = QRectF(left, top + _LID_MM * scale, wide * scale, (high - _LID_MM) * scale)
        rim = _RIM_MM * scale
        glass = body.adjusted(rim, rim, -rim, -rim)
        self._draw_lid(painter, body, _LID_MM * scale)
        self._draw_box(painter, body, glass)
        self._draw_sheet(painter, glass, scale)
        self._draw_corner(painter, glass, rim)

    def _draw_lid(self, painter: QPainter, body: QRectF, height: float) -> None:
        slant = body.width() * 0.06
        lid = QPolygonF(
            [
                QPointF(body.left() + slant, body.top() - height),
                QPointF(body.right() - slant, body.top() - height),
                body.topRight(),
                body.topLeft(),
            ]
        )
        painter.setPen(QPen(colour("edge"), 2))
        painter.setBrush(colour("quiet_soft"))
        painter.drawPolygon(lid)

    def _draw_box(self, painter: QPainter, body: QRectF, glass: QRectF) -> None:
        painter.setPen(QPen(colour("edge"), 2))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(body, 12, 12)
        painter.setPen(QPen(colour("edge"), 1))
        painter.setBrush(colour("picture"))
        painter.drawRect(glass)

    def _draw_sheet(self, painter: QPainter, glass: QRectF, scale: float) -> None:
        wide, high = (length * scale for length in _SHEETS_MM[self._kind])
        lift = _LIFT_MM * scale
        sheet = QRectF(glass.left() + lift, glass.top() + lift, wide, high)
        sheet.setRight(min(sheet.right(), glass.right() - 1))
        sheet.setBottom(min(sheet.bottom(), glass.bottom() - 1))
        painter.setPen(QPen(colour("text"), 2))
        painter.setBrush(colour("surface"))
        painter.drawRect(sheet)
        _draw_through(painter, sheet, colour("line"), card=self._kind is TargetKind.CARD)
        painter.setPen(colour("text"))
        font = painter.font()
        font.setPixelSize(Type.BODY)
        font.setBold(True)
        painter.setFont(font)
        place, lies = sheet, Qt.AlignmentFlag.AlignCenter
        if self._kind is TargetKind.CARD:  # too small for the arrow and the words
            place, lies = (
                QRectF(sheet.left(), sheet.bottom() + 48, glass.width(), 24),
                Qt.AlignmentFlag.AlignLeft,
            )
        painter.drawText(place, lies, self.tr("Face down"))

    def _draw_corner(self, painter: QPainter, glass: QRectF, rim: float) -> None:
        """Draw the mark on the rim and the arrow along which the sheet goes into its corner."""
        ink = colour("accent")
        corner = glass.topLeft()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        mark = min(rim * 0.62, 26.0)
        away = corner - QPointF(3, 3)
        painter.drawPolygon(
            QPolygonF([away, away - QPointF(mark, mark * 0.35), away - QPointF(mark * 0.35, mark)])
        )
        tail, tip = corner + QPointF(96, 96), corner + QPointF(14, 14)
        painter.setPen(QPen(ink, 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(tail, tip + QPointF(10, 10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(30, 8), tip + QPointF(8, 30)]))


def _draw_through(painter: QPainter, sheet: QRectF, ink: QColor, *, card: bool) -> None:
    """Draw what shines through of the print: marks in the corners and a row of patches."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    size = sheet.height() * (0.12 if card else 0.05)
    room = sheet.adjusted(size, size, -size, -size)
    for spot in (room.topLeft(), room.topRight(), room.bottomLeft(), room.bottomRight()):
        painter.drawRect(QRectF(spot.x() - size / 2, spot.y() - size / 2, size, size))
    patches = 8
    step = room.width() / patches
    for at in range(patches):
        shade = QColor(ink)
        shade.setAlphaF(1 - at / (patches + 2))
        painter.setBrush(shade)
        painter.drawRect(QRectF(room.left() + at * step, room.bottom() - 3 * size, step * 0.86, size))
