"""The picture of a few printed characters, cell by cell, with those marked that were hard to read."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from station.model.image import Pixels
from ui.pictures import to_pixmap
from ui.theme import Tone, colour

UNDERLINE_PX = 3
_GAP_PX = 2
_CORNER_PX = 4.0
_VEIL = (255, 255, 255, 190)


@dataclass(slots=True, eq=False)
class CellStrip:
    """A run of `cells` characters side by side with `margin` cells more at either end, which are veiled.

    `doubtful` are places from 0. Drawn from a pixmap that is made once.
    """

    pixels: Pixels = field(repr=False)
    cells: int
    doubtful: tuple[int, ...] = ()
    margin: float = 0.5
    _pixmap: QPixmap | None = field(default=None, init=False, repr=False)
    _drawn: QPixmap | None = field(default=None, init=False, repr=False)

    def part(self, start: int, stop: int) -> "CellStrip":
        """Return these cells alone: what stands beside them would be read with them."""
        pitch = self.pixels.shape[1] / self.across
        left, right = (round((at + self.margin) * pitch) for at in (start, stop))
        doubtful = tuple(at - start for at in self.doubtful if start <= at < stop)
        return CellStrip(self.pixels[:, left:right], stop - start, doubtful, margin=0.0)

    @property
    def across(self) -> float:
        """Its width in cells."""
        return self.cells + 2 * self.margin

    def size(self, height_px: float, most_px: float) -> tuple[float, float]:
        """Return width and height in which it is drawn: this high, lower where it would be too wide."""
        high, wide = self.pixels.shape[:2]
        scale = min(height_px / high, most_px / wide)
        return wide * scale, high * scale

    def paint(self, painter: QPainter, into: QRectF, tone: Tone) -> None:
        """Draw the picture, and a line in this tone below each doubtful character."""
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform, on=True
        )
        shape = QPainterPath()
        shape.addRoundedRect(into, _CORNER_PX, _CORNER_PX)
        painter.setClipPath(shape)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(into.topLeft(), self._sized((into.size() * ratio).toSize(), ratio))
        pitch, below = into.width() / self.across, into.bottom() + _GAP_PX + UNDERLINE_PX / 2
        beside = self.margin * pitch
        for left in (into.left(), into.right() - beside) if beside else ():
            painter.fillRect(QRectF(left, into.top(), beside, into.height()), QColor(*_VEIL))
        painter.setClipping(False)
        pen = QPen(colour(tone), UNDERLINE_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for at in self.doubtful:
            left = into.left() + beside + at * pitch + UNDERLINE_PX / 2
            painter.drawLine(QPointF(left, below), QPointF(left + pitch - UNDERLINE_PX, below))
        painter.restore()

    def _sized(self, size: QSize, ratio: float) -> QPixmap:
        """Return the picture in this size; thin strokes need the smooth way, and once is enough."""
        if self._pixmap is None:
            self._pixmap = to_pixmap(self.pixels)
        if self._drawn is None or self._drawn.size() != size:
            ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._drawn = self._pixmap.scaled(size, ignore, smooth)
            self._drawn.setDevicePixelRatio(ratio)
        return self._drawn


class StripView(QWidget):
    """A strip at a given pitch, so that a field beneath can stand under its characters."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._strip: CellStrip | None = None
        self._place = QRectF()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_strip(self, strip: CellStrip | None) -> None:
        """Show a strip, or none."""
        self._strip = strip
        self.update()

    def set_pitch(self, left_px: float, pitch_px: float) -> None:
        """Let the first character's cell begin at `left_px`, each so wide."""
        strip = self._strip
        if strip is None:
            self.setFixedHeight(0)
            return
        width, height = strip.size(self.maximumWidth(), pitch_px * strip.across)
        self._place = QRectF(left_px - strip.margin * pitch_px, 0, width, height)
        self.setFixedHeight(round(self._place.height()) + _GAP_PX + UNDERLINE_PX + 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the strip."""
        if self._strip is not None:
            self._strip.paint(QPainter(self), self._place, "look")
