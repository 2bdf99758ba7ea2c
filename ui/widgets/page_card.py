"""How a page looks in the strip: a sheet of paper, its number, its verdict; two sides stand in one frame."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.pictures import Picture
from ui.theme import Measure, Type, colour, paint_icon
from ui.widgets.page_list import CARD, Card, Index, PageList, verdict

SLOT = QSize(92, 144)
"""The room of one page, the gap to the next included."""

_GAP = 3
_PAD = 8
_FOOT = 30
_ICON = 18
_STORING = 0.45
"""How strongly a page is drawn that is not stored yet."""

_JOIN = 24
"""How far a frame reaches beyond its slot where it is joined; what is beyond is cut off."""


class CardPainter(QStyledItemDelegate):
    """Draws cards. A pixmap is made when its card is first painted, at the size in which it is painted."""

    def __init__(self, pages: PageList, parent: QObject) -> None:
        """Draw the cards of these pages."""
        super().__init__(parent)
        self.made = 0
        """How many pixmaps were made."""
        self._pages = pages
        self._pixmaps: dict[object, tuple[Card, QPixmap]] = {}

    def keep_only_what_is_shown(self) -> None:
        """Forget the pixmaps of cards that are gone."""
        keys = {card.key for card in self._pages.cards}
        self._pixmaps = {key: made for key, made in self._pixmaps.items() if key in keys}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every card has the same size."""
        return SLOT

    def pixmap(self, card: Card, ratio: float) -> QPixmap:
        """Return a card's picture, `ratio` device pixels to one of the window's; small pictures stay small."""
        known, made = self._pixmaps.get(card.key, (None, QPixmap()))
        if known is None or known.thumbnail is not card.thumbnail or made.devicePixelRatio() != ratio:
            image = Picture(card.thumbnail).image
            room = _paper(QRect(0, 0, SLOT.width(), SLOT.height())).size() * ratio
            size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            made = QPixmap.fromImage(
                image.scaled(
                    size.expandedTo(QSize(1, 1)),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
            made.setDevicePixelRatio(ratio)
            self._pixmaps[card.key] = (card, made)
            self.made += 1
        return made

    def bundle(self, rows: Sequence[int], ratio: float) -> QPixmap:
        """Return what hangs at the pointer while these pages are dragged: the first, and how many they are."""
        made = QPixmap(self.pixmap(self._pages.cards[rows[0]], ratio))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = made.deviceIndependentSize().toSize()
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawRect(QRect(QPoint(1, 1), size - QSize(2, 2)))
        if len(rows) > 1:
            badge = QRect(0, 0, 32, 24)
            badge.moveBottomRight(QPoint(size.width() - 4, size.height() - 4))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawRoundedRect(badge, 6, 6)
            painter.setPen(colour("on_accent"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(len(rows)))
        painter.end()
        return made

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a card."""
        card: Card = index.data(CARD)
        slot = QRect(option.rect.topLeft(), SLOT)  # the view makes it higher where no scroll bar is needed
        view = option.widget
        looked_at = isinstance(view, QAbstractItemView) and view.currentIndex() == index
        painter.save()
        painter.setClipRect(slot, Qt.ClipOperation.IntersectClip)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_frame(painter, slot, index.row(), card, option.state)
        paper = self._paint_paper(painter, slot, card, painter.device().devicePixelRatio())
        if card.back:
            _paint_word(painter, paper, self.tr("back"))
        foot = QRect(slot.left() + _GAP, slot.bottom() - _GAP - _FOOT, slot.width() - 2 * _GAP, _FOOT)
        _paint_number(painter, foot, str(index.data()), card, looked_at=looked_at)
        _paint_mark(painter, foot, card)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, slot: QRect, row: int, card: Card, state: QStyle.StateFlag
    ) -> None:
        picked = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        before, after = self._pages.joined(row - 1), self._pages.joined(row)
        edge = QRectF(slot).adjusted(
            -_JOIN if before else _GAP, _GAP, _JOIN if after else -_GAP, -_GAP
        )  # fmt: skip
        pen = QPen(colour("accent" if picked else "edge" if hovered else "line"), 2 if picked else 1)
        if card.page is None:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(colour("accent_soft" if picked else "surface"))
        painter.drawRoundedRect(edge, Measure.CORNER, Measure.CORNER)
        if after:
            painter.setPen(QPen(colour("line"), 2, Qt.PenStyle.DotLine))
            painter.drawLine(slot.right(), slot.top() + 12, slot.right(), slot.bottom() - 12)

    def _paint_paper(self, painter: QPainter, slot: QRect, card: Card, ratio: float) -> QRect:
        """Draw the sheet of paper and return where it lies."""
        made = self.pixmap(card, ratio)
        place = QRect(slot.topLeft(), made.deviceIndependentSize().toSize())
        place.moveCenter(_paper(slot).center())
        painter.setOpacity(_STORING if card.page is None else 1.0)
        painter.drawPixmap(place, made)
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        painter.setOpacity(1.0)
        return place


def _paper(slot: QRect) -> QRect:
    """The room for the sheet of paper."""
    inset = _GAP + _PAD
    return slot.adjusted(inset, inset, -inset, -_FOOT - _GAP)


def _paint_number(painter: QPainter, foot: QRect, number: str, card: Card, *, looked_at: bool) -> None:
    font = painter.font()
    font.setPixelSize(Type.BODY)
    painter.setFont(font)
    wide = max(painter.fontMetrics().horizontalAdvance(number) + 12, 22)
    place = QRect(foot.left() + 5, foot.center().y() - 10, wide, 22)
    if looked_at:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawRoundedRect(place, 6, 6)
    ink = "on_accent" if looked_at else "text" if card.page else "quiet"
    painter.setPen(colour(ink))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)


def _paint_mark(painter: QPainter, foot: QRect, card: Card) -> None:
    place = QRectF(foot.right() - _ICON - 6, foot.center().y() - _ICON / 2 + 1, _ICON, _ICON)
    shown = verdict(card)
    if card.page is None:
        paint_icon(painter, "busy", place, colour("quiet"))
    elif shown is not None:
        paint_icon(painter, shown.icon, place, colour(shown.tone))


def _paint_word(painter: QPainter, paper: QRect, word: str) -> None:
    """Write a word over the lower edge of the paper."""
    font = painter.font()
    font.setPixelSize(Type.SMALL)
    painter.setFont(font)
    wide = min(painter.fontMetrics().horizontalAdvance(word) + 12, SLOT.width() - 2 * _GAP)
    place = QRect(0, 0, wide, 18)
    place.moveCenter(paper.center())
    place.moveBottom(paper.bottom() - 3)
    painter.setPen(QPen(colour("line"), 1))
    painter.setBrush(colour("surface"))
    painter.drawRoundedRect(place, 6, 6)
    painter.setPen(colour("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)
