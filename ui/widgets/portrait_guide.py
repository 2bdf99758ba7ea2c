"""What is drawn over a live portrait: where the head belongs, where it is, and what disturbs behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from station.model.face import Head
from station.model.quality import Region
from ui.theme import over_picture

FRAME_HEIGHT = 0.90
"""Of the picture's height: room is left for a crop that has to move."""
FRAME_RATIO = 3 / 4
"""BSI TR-03121-3, 5.1 and 5.2: the portrait is taken 3 wide by 4 high."""
HEAD_HEIGHT = 0.75
"""Chin to crown in parts of the frame, the middle of BSI TR-03121-3, 5.4 (0.60 to 0.90)."""
HEAD_RATIO = 0.74
EYE_LINE = 0.45
"""From the frame's upper edge; BSI TR-03121-3, 5.5 allows 0.30 to 0.50."""
EYE_BAND = (0.30, 0.50)
EYES_IN_HEAD = 0.48
"""From the crown, in parts of chin to crown."""

_PACE = 0.35
"""How much of the way to where the face was judged last its corners go with every frame."""
_LEAP = 0.5
"""In parts of the face's width: a face that is so far from the one before is another, or moved at once."""
_MOST_SPOTS = 24
_HALO = QColor(0, 0, 0, 110)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a portrait's frame, head and eyes belong on a picture that lies somewhere on a widget."""

    frame: QRectF
    head: QRectF
    eyes: float


def target_on(place: QRectF) -> Target:
    """Return the target on a picture that covers `place`, also on one that is higher than wide."""
    height = min(place.height(), place.width() / FRAME_RATIO) * FRAME_HEIGHT
    frame = QRectF(0, 0, height * FRAME_RATIO, height)
    frame.moveCenter(place.center())
    head_height = height * HEAD_HEIGHT
    eyes = frame.top() + height * EYE_LINE
    head = QRectF(0, eyes - head_height * EYES_IN_HEAD, head_height * HEAD_RATIO, head_height)
    head.moveCenter(QPointF(frame.center().x(), head.center().y()))
    return Target(frame, head, eyes)


class PortraitGuide:
    """Draws the frame, the oval and the eye line, the corners of the face and marks on a troubled background.

    While a portrait is about to take itself, the oval's outline fills clockwise from the top. The corners glide
    from one judged place to the next: call `follow` with every frame.
    """

    def __init__(self) -> None:
        """Draw the target alone."""
        self._box: QRectF | None = None
        self._aim: QRectF | None = None
        self._spots: tuple[Region, ...] = ()
        self._held = 0.0

    @property
    def box(self) -> QRectF | None:
        """Where the face's corners are drawn, in parts of the picture; None while no face is seen."""
        return self._box

    def see(self, head: Head | None, spots: Sequence[Region] = (), held: float = 0.0) -> None:
        """Take what was judged last; `held` (0 to 1) is how full the outline is."""
        self._spots, self._held = tuple(spots[:_MOST_SPOTS]), min(1.0, max(0.0, held))
        self._aim = _rect(head.box) if head is not None else None
        if self._aim is None or self._box is None or _far(self._box, self._aim):
            self._box = self._aim

    def follow(self) -> None:
        """Go on towards where the face was judged last."""
        box, aim = self._box, self._aim
        if box is not None and aim is not None:
            self._box = QRectF(
                box.topLeft() + (aim.topLeft() - box.topLeft()) * _PACE,
                box.bottomRight() + (aim.bottomRight() - box.bottomRight()) * _PACE,
            )

    def clear(self) -> None:
        """Forget the face and its surroundings."""
        self.see(None)

    def __call__(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        """Draw over the picture, which covers `place`."""
        target = target_on(place)
        outside = QPainterPath()
        outside.addRect(place)
        outside.addRect(target.frame)
        painter.fillPath(outside, QColor(0, 0, 0, 72))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for spot in self._spots:
            _hatch(painter, _lying(_rect(spot), place), ink)
        for pen in (_pen(_HALO, 4), _pen(ink, 2)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(target.head)
            painter.drawLines(_eye_marks(target))
            if self._box is not None:
                painter.drawPath(_corners(_lying(self._box, place)))
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1.5, Qt.PenStyle.DashLine))
        inset = target.head.width() * 0.12
        painter.drawLine(
            QPointF(target.head.left() + inset, target.eyes), QPointF(target.head.right() - inset, target.eyes)
        )
        draw_held(painter, target.head, self._held, 7)


def draw_held(painter: QPainter, head: QRectF, held: float, width_px: float) -> None:
    """Draw how much of an oval's outline is full, clockwise from the top; nothing while it is empty."""
    if held <= 0:
        return
    arc = QPainterPath()
    arc.arcMoveTo(head, 90)
    arc.arcTo(head, 90, -360 * held)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (_pen(_HALO, width_px + 3), _pen(over_picture("good"), width_px)):
        painter.setPen(pen)
        painter.drawPath(arc)


def _pen(ink: QColor, width_px: float) -> QPen:
    return QPen(ink, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _hatch(painter: QPainter, spot: QRectF, ink: QColor) -> None:
    soft = QColor(ink)
    soft.setAlpha(170)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(soft, Qt.BrushStyle.BDiagPattern))
    painter.drawRect(spot)


def _eye_marks(target: Target) -> list[QLineF]:
    """Return brackets at both sides of the frame: the eyes may lie between their ends."""
    frame, arm = target.frame, target.frame.width() * 0.05
    high, low = (frame.top() + frame.height() * share for share in EYE_BAND)
    marks = []
    for x, inwards in ((frame.left(), arm), (frame.right(), -arm)):
        marks += [QLineF(x, high, x, low)]
        marks += [QLineF(x, y, x + inwards, y) for y in (high, low)]
    return marks


def _corners(box: QRectF) -> QPainterPath:
    """Return the four corners of a face's box."""
    arm = min(box.width(), box.height()) * 0.14
    path = QPainterPath()
    for corner, right, down in (
        (box.topLeft(), 1, 1),
        (box.topRight(), -1, 1),
        (box.bottomRight(), -1, -1),
        (box.bottomLeft(), 1, -1),
    ):
        path.moveTo(corner + QPointF(0, down * arm))
        path.lineTo(corner)
        path.lineTo(corner + QPointF(right * arm, 0))
    return path


def _rect(region: Region) -> QRectF:
    return QRectF(region.left, region.top, region.width, region.height)


def _lying(part: QRectF, place: QRectF) -> QRectF:
    return QRectF(
        place.x() + part.x() * place.width(),
        place.y() + part.y() * place.height(),
        part.width() * place.width(),
        part.height() * place.height(),
    )


def _far(before: QRectF, now: QRectF) -> bool:
    moved = now.center() - before.center()
    return max(abs(moved.x()), abs(moved.y())) > _LEAP * before.width()
