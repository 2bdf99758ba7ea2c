"""What the lines and marks of a plot mean, each drawn as it is in the plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Measure, Tone, Type, colour

_SWATCH = 28
_GAP = 8
_APART = 20
_ROW = 22
_BAR = 8
"""A line so wide is a bar, and hatched instead of dashed."""


class Symbol(Enum):
    """Marks; the values are pyqtgraph's names."""

    DOT = "o"
    CROSS = "x"
    DIAMOND = "d"
    SQUARE = "s"


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend. A line of 8 pixels and more is a bar; `symbol` stands on the line, or alone."""

    text: str
    tone: Tone = "accent"
    line: float = 2.0
    dashed: bool = False
    symbol: Symbol | None = None
    hollow: bool = False


def pen_of(tone: Tone, width: float, *, dashed: bool = False) -> QPen:
    """Return the pen of a line; it keeps its width whatever the scale."""
    pen = QPen(colour(tone), width)
    pen.setCosmetic(True)
    if dashed:
        pen.setDashPattern([4, 3])
    return pen


class Legend(QWidget):
    """The keys in rows, as many to a row as fit."""

    def __init__(self) -> None:
        """Start empty and hidden."""
        super().__init__()
        self.keys: tuple[Key, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Show these, or nothing where there are none."""
        self.keys = tuple(keys)
        self.setVisible(bool(keys))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a small width: the rows follow from the width that there is."""
        return QSize(160, _ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many rows as the width asks for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        places = self._places()
        self.setFixedHeight(int(places[-1].bottom()) if places else 0)

    def _places(self) -> list[QRectF]:
        """Return where each key stands; one that does not fit begins a row."""
        font = self.font()
        font.setPixelSize(Type.SMALL)
        self.setFont(font)
        metrics = self.fontMetrics()
        places: list[QRectF] = []
        left = top = 0.0
        for key in self.keys:
            width = _SWATCH + _GAP + metrics.horizontalAdvance(key.text)
            if left and left + width > self.width():
                left, top = 0.0, top + _ROW
            places.append(QRectF(left, top, width, _ROW))
            left += width + _APART
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the swatches and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key, place in zip(self.keys, self._places(), strict=True):
            middle = QPointF(place.left() + _SWATCH / 2, place.center().y())
            if key.line >= _BAR:
                pattern = Qt.BrushStyle.BDiagPattern if key.dashed else Qt.BrushStyle.SolidPattern
                painter.setPen(pen_of(key.tone, 1))
                painter.setBrush(QBrush(colour(key.tone), pattern))
                painter.drawRect(QRectF(place.left(), middle.y() - key.line / 2, _SWATCH, key.line))
            elif key.line:
                painter.setPen(pen_of(key.tone, key.line, dashed=key.dashed))
                painter.drawLine(QPointF(place.left(), middle.y()), QPointF(place.left() + _SWATCH, middle.y()))
            if key.symbol is not None:
                painter.setPen(pen_of(key.tone, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush if key.hollow else colour(key.tone))
                painter.drawPath(_outline(key.symbol, middle, Measure.GRID / 2))
            painter.setPen(colour("quiet"))
            painter.drawText(place.adjusted(_SWATCH + _GAP, 0, 1, 0), Qt.AlignmentFlag.AlignVCenter, key.text)


def _outline(symbol: Symbol, at: QPointF, reach: float) -> QPainterPath:
    """Return a mark as pyqtgraph draws it."""
    path = QPainterPath()
    if symbol is Symbol.DOT:
        path.addEllipse(at, reach, reach)
    elif symbol is Symbol.SQUARE:
        path.addRect(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach))
    elif symbol is Symbol.CROSS:
        for sign in (1, -1):
            path.moveTo(at + QPointF(-reach, -sign * reach))
            path.lineTo(at + QPointF(reach, sign * reach))
    else:
        path.addPolygon(QPolygonF([at + QPointF(x, y) * reach for x, y in _DIAMOND]))
    return path


_DIAMOND = ((0, -1.2), (0.9, 0), (0, 1.2), (-0.9, 0), (0, -1.2))
