"""A still picture that can be looked at closely."""

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from station.model.image import Pixels
from station.model.quality import Region
from ui.pictures import Picture
from ui.theme import Measure, colour
from ui.widgets.button import Button
from ui.widgets.tiles import AskTile, Tiles

ZOOM_MAX = 16.0
_STEP = 1.25
_PAN_PX = 64
_PAUSE_MS = 80
"""So long the hand must rest before a sharper part is asked for."""

_MARGIN = 0.25
"""In parts of what is seen, on each side: a small move then needs no other tile."""

_TILE_PX = 4096
"""No tile is longer: 50 MB at most."""

_COARSE = 0.7
"""Below this scale a picture is made smaller by averaging; Qt's own way drops dots of small print."""


class PictureView(QWidget):
    """Shows one picture as large as it fits, or closer.

    Wheel, pinch, + and - zoom, 0 shows all, a double click goes to the picture's own size and back; dragging
    and the arrow keys move what is seen. A region can be pointed at. Where the picture is too coarse for the
    screen, the part that is seen is asked for anew (`set_source`).
    """

    def __init__(self, empty_text: str = "") -> None:
        """Show `empty_text` until a picture comes."""
        super().__init__()
        self._picture: Picture | None = None
        self._region: Region | None = None
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._drag_from: QPointF | None = None
        self._empty_text = empty_text
        self._small: QImage | None = None
        self._full_px = 0
        self._tiles = Tiles(self)
        self._tiles.came.connect(self.update)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask_closer)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._tools = [
            Button(self.tr("Closer"), "tool", "zoom_in"),
            Button(self.tr("Further away"), "tool", "zoom_out"),
            Button(self.tr("Show all"), "tool", "fit"),
        ]
        actions = (lambda: self._zoom_by(_STEP), lambda: self._zoom_by(1 / _STEP), self.show_all)
        for tool, act in zip(self._tools, actions, strict=True):
            tool.setParent(self)
            tool.setFixedSize(Measure.TOUCH, Measure.TOUCH)
            tool.clicked.connect(act)
            tool.hide()

    @property
    def zoom(self) -> float:
        """How much closer than whole: 1 to `ZOOM_MAX`."""
        return self._zoom

    @property
    def holds_picture(self) -> bool:
        """A picture is shown, or would be if the view were."""
        return self._picture is not None

    def show_picture(self, pixels: Pixels | None, name: str = "") -> None:
        """Show a picture whole, or none; `name` is what screen readers call it.

        Nothing of the former picture is seen again; its source is forgotten with it.
        """
        self._hold(pixels)
        self._region = None
        self.setAccessibleName(name or self.tr("Picture"))
        for tool in self._tools:
            tool.setVisible(pixels is not None)
        self.show_all()

    def sharpen(self, pixels: Pixels) -> None:
        """Put a larger picture of the same thing in its place; what is seen and pointed at stays."""
        self._hold(pixels)
        self._look_again()

    def set_source(self, ask: AskTile | None, longest_px: int = 0) -> None:
        """Say where sharper parts of this picture come from; it has `longest_px` on its longest side there."""
        self._tiles.take_from(ask)
        self._full_px = longest_px
        self._look_again()

    def _hold(self, pixels: Pixels | None) -> None:
        self._picture = Picture(pixels) if pixels is not None else None
        self._small = None
        self._full_px = 0
        self._tiles.take_from(None)

    def point_at(self, region: Region | None) -> None:
        """Let this part stand out; it is brought into sight."""
        self._region = region
        if region is not None and self._zoom > 1:
            self._centre = QPointF(region.left + region.width / 2, region.top + region.height / 2)
        self._look_again()

    def set_empty_text(self, text: str) -> None:
        """Say what comes next while no picture is there."""
        self._empty_text = text
        self.update()

    def show_all(self) -> None:
        """Show the whole picture."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self._look_again()

    def sizeHint(self) -> QSize:
        """A page of middle size."""
        return QSize(640, 720)

    def _place(self) -> QRectF:
        """Where the whole picture lies, in the widget's coordinates."""
        if self._picture is None:
            return QRectF()
        image = self._picture.image
        margin = 16
        room_width, room_height = max(1, self.width() - 2 * margin), max(1, self.height() - 2 * margin)
        scale = min(room_width / image.width(), room_height / image.height()) * self._zoom
        width, height = image.width() * scale, image.height() * scale
        self._centre = QPointF(
            _kept_inside(self._centre.x(), room_width / width),
            _kept_inside(self._centre.y(), room_height / height),
        )
        left = self.width() / 2 - self._centre.x() * width
        top = self.height() / 2 - self._centre.y() * height
        return QRectF(left, top, width, height)

    def _zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom so that the point of the picture under `at` stays where it is."""
        if self._picture is None:
            return
        at = at or QPointF(self.width() / 2, self.height() / 2)
        before = self._place()
        spot = QPointF((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height())
        self._zoom = min(ZOOM_MAX, max(1.0, self._zoom * factor))
        after = self._place()
        self._centre = QPointF(
            spot.x() + (self.width() / 2 - at.x()) / after.width(),
            spot.y() + (self.height() / 2 - at.y()) / after.height(),
        )
        self._look_again()

    def _move_by(self, right: float, down: float) -> None:
        place = self._place()
        if place.isEmpty():
            return
        self._centre += QPointF(right / place.width(), down / place.height())
        self._look_again()

    # -- sharper parts ----------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        """Draw what is seen now; when the hand rests, ask for it sharper."""
        self.update()
        if self._tiles.can_be_had:
            self._pause.start()

    def _own_size(self, picture: Picture) -> float:
        """How many pixels of its source one pixel of the shown picture stands for, at least 1."""
        return max(1.0, self._full_px / max(picture.image.width(), picture.image.height()))

    def _ask_closer(self) -> None:
        """Ask for what is seen, with a margin, when the screen can show more than the picture holds."""
        picture, place = self._picture, self._place()
        seen = place.intersected(QRectF(self.rect()))
        if picture is None or seen.isEmpty() or not self.isVisible():
            return
        width = picture.image.width()
        wanted = min(place.width() * self.devicePixelRatioF(), width * self._own_size(picture))
        tile = self._tiles.tile
        if wanted <= width * 1.01 or (tile is not None and tile.covers(_part(seen, place), wanted)):
            return
        beside, above = seen.width() * _MARGIN, seen.height() * _MARGIN
        with_margin = seen.adjusted(-beside, -above, beside, above).intersected(place)
        longest = max(with_margin.width(), with_margin.height()) * wanted / place.width()
        self._tiles.want(_part(with_margin, place), min(_TILE_PX, ceil(longest)))

    def event(self, event: QEvent) -> bool:
        """Take the pinch of two fingers."""
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._zoom_by(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the picture's own size, one of its dots to one of the screen's, and back to all of it."""
        if self._zoom > 1:
            self.show_all()
        elif self._picture is not None:
            dots = self._picture.image.width() * self._own_size(self._picture)
            self._zoom_by(dots / self.devicePixelRatioF() / self._place().width(), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        self._drag_from = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move with the hand."""
        if self._drag_from is not None:
            moved = self._drag_from - event.position()
            self._drag_from = event.position()
            self._move_by(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._drag_from = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and move by keys; other keys go on to the window."""
        moves = {
            Qt.Key.Key_Left: (-_PAN_PX, 0),
            Qt.Key.Key_Right: (_PAN_PX, 0),
            Qt.Key.Key_Up: (0, -_PAN_PX),
            Qt.Key.Key_Down: (0, _PAN_PX),
        }
        zooms = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: 1 / _STEP}
        key = Qt.Key(event.key())
        if key in moves and self._zoom > 1:
            self._move_by(*moves[key])
        elif key in zooms:
            self._zoom_by(zooms[key])
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tools in their corner."""
        super().resizeEvent(event)
        self._look_again()
        side, gap = Measure.TOUCH, Measure.GRID
        for at, tool in enumerate(self._tools):
            tool.move(
                self.width() - (len(self._tools) - at) * (side + gap) - gap, self.height() - side - 2 * gap
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the region and the focus ring."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("picture"))
        if self._picture is None:
            painter.setPen(colour("quiet"))
            inner = self.rect().adjusted(32, 32, -32, -32)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap.value, self._empty_text
            )
        else:
            self._paint_picture(painter, self._picture)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), Measure.RING))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        place, image = self._place(), picture.image
        ratio = self.devicePixelRatioF()
        scale = place.width() / image.width() * ratio
        # Above 4 screen dots a dot the officer wants to see the dots.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 4)
        if scale < _COARSE:
            painter.drawImage(place, self._made_smaller(image, place.size() * ratio))
        else:
            painter.drawImage(place, image)
        if (tile := self._tiles.tile) is not None and scale > 1:
            magnified = place.width() * ratio / tile.density
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, magnified < 4)
            painter.drawImage(_lying(tile.region, place), tile.picture.image)
        if self._region is None:
            return
        region = _lying(self._region, place).adjusted(-4, -4, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in (QPen(QColor(255, 255, 255, 200), 6), QPen(colour("accent"), 3)):
            painter.setPen(pen)
            painter.drawRoundedRect(region, 6, 6)

    def _made_smaller(self, image: QImage, size: QSizeF) -> QImage:
        """Return the picture at this size; made once for each."""
        if self._small is None or self._small.size() != size.toSize():
            self._small = image.scaled(
                size.toSize(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return self._small


def _part(seen: QRectF, place: QRectF) -> Region:
    """Return which part of a picture that lies at `place` is seen."""
    return Region(
        (seen.x() - place.x()) / place.width(),
        (seen.y() - place.y()) / place.height(),
        seen.width() / place.width(),
        seen.height() / place.height(),
    )


def _lying(region: Region, place: QRectF) -> QRectF:
    """Return where a part lies of a picture that lies at `place`."""
    return QRectF(
        place.x() + region.left * place.width(),
        place.y() + region.top * place.height(),
        region.width * place.width(),
        region.height * place.height(),
    )


def _kept_inside(centre: float, seen: float) -> float:
    """Return the centre, held so that no empty room shows where picture could; `seen` is the visible part."""
    half = min(0.5, seen / 2)
    return min(1 - half, max(half, centre))
