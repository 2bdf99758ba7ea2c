"""What a plot shows beside lines and bars: cells with numbers, arrows, the grid behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui.theme import Measure, Type

_LEAST_TYPE = 10
"""Smaller numbers cannot be read; the cells then speak by their colour alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its colour, its number, and whether it is marked by a frame."""

    ground: QColor
    text: str
    marked: bool = False


class Cells(QGraphicsItem):
    """A field of cells, each one unit wide and high, the first at the origin; rows go down."""

    def __init__(
        self, rows: Sequence[Sequence[Cell]], ink: QColor, mark: QColor, line: QColor, font: QFont
    ) -> None:
        """Draw the numbers in `ink`, the frames in `mark`, and what parts the cells in `line`."""
        super().__init__()
        self.rows = tuple(map(tuple, rows))
        self._ink, self._mark, self._line, self._font = ink, mark, line, QFont(font)

    def boundingRect(self) -> QRectF:
        """The field."""
        return QRectF(0, 0, len(self.rows[0]), len(self.rows))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in pixels of the screen: the type is as large as the cells allow."""
        turn = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        size = turn.mapRect(QRectF(0, 0, 1, 1)).size()
        longest = max((cell.text for row in self.rows for cell in row), key=len)
        self._font.setPixelSize(Type.SMALL)
        painter.setFont(self._font)
        wanted = painter.fontMetrics().horizontalAdvance(longest) + Measure.GRID
        pixels = int(Type.SMALL * min(1.3, size.width() / wanted, size.height() / (Type.SMALL * 1.5)))
        self._font.setPixelSize(max(pixels, 1))
        painter.setFont(self._font)
        for y, row in enumerate(self.rows):
            for x, cell in enumerate(row):
                place = turn.mapRect(QRectF(x, y, 1, 1)).adjusted(1, 1, -1, -1)
                painter.setPen(self._line)
                painter.setBrush(cell.ground)
                painter.drawRect(place)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if pixels >= _LEAST_TYPE:
                    painter.setPen(self._ink)
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, cell.text)
                if cell.marked:
                    painter.setPen(QPen(self._mark, 2))
                    painter.drawRect(place.adjusted(1, 1, -1, -1))
        painter.restore()


class Arrows(QGraphicsItem):
    """Arrows from one place to another, with a dot where each begins."""

    def __init__(
        self, lines: Sequence[tuple[QPointF, QPointF]], field: QRectF, ink: QColor, dot: QColor
    ) -> None:
        """Draw the arrows in `ink` and the dots in `dot`; `field` holds them all."""
        super().__init__()
        self.lines = tuple(lines)
        self._field, self._ink, self._dot = field, ink, dot

    def boundingRect(self) -> QRectF:
        """The field."""
        return self._field

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in pixels of the screen: heads keep their shape where the axes have two scales."""
        turn = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for begin, end in self.lines:
            tail, tip = turn.map(begin), turn.map(end)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._dot)
            painter.drawEllipse(tail, 2.5, 2.5)
            way = tip - tail
            length = (way.x() ** 2 + way.y() ** 2) ** 0.5
            if length < 1:
                continue
            along = way / length
            across, head = QPointF(-along.y(), along.x()), min(8.0, length)
            painter.setPen(QPen(self._ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(tail, tip - along * head * 0.6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ink)
            back = tip - along * head
            painter.drawPolygon(QPolygonF([tip, back + across * head * 0.45, back - across * head * 0.45]))
        painter.restore()


class Grid(QGraphicsItem):
    """Fine lines at the marks of both axes, over all that is seen."""

    def __init__(self, ink: QColor) -> None:
        """Start without a line."""
        super().__init__()
        self._ink, self._seen = ink, QRectF()
        self._xs: tuple[float, ...] = ()
        self._ys: tuple[float, ...] = ()
        self.setZValue(-90)

    def show_lines(self, xs: Sequence[float], ys: Sequence[float], seen: QRectF) -> None:
        """Draw these, from end to end of what is seen."""
        self.prepareGeometryChange()
        self._xs, self._ys, self._seen = tuple(xs), tuple(ys), seen

    def boundingRect(self) -> QRectF:
        """All that is seen."""
        return self._seen

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw lines that are one pixel wide whatever the scale."""
        pen, seen = QPen(self._ink, 1), self._seen
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLines([QLineF(x, seen.top(), x, seen.bottom()) for x in self._xs])
        painter.drawLines([QLineF(seen.left(), y, seen.right(), y) for y in self._ys])
