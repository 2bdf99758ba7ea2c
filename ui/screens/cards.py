"""The pieces of the review: an open point, a picture with its verdict, a line of the checklist."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.flow.views import ItemView, OpenPoint, PageView
from station.model.image import Pixels
from ui.pictures import to_pixmap
from ui.screens.checklist_row import standing_of
from ui.screens.verdict import standing
from ui.theme import Tone, as_role, colour
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording.names import mark, name
from ui.wording.remarks import open_point

PICTURE_PX = QSize(96, 216)
SMALL_PX = QSize(36, 48)


class Card(QFrame):
    """A titled surface; what it holds is put into `body`."""

    def __init__(self, title: str) -> None:
        """Start empty."""
        super().__init__()
        as_role(self, "surface")
        self.title = label(title, "heading", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addLayout(self.body)
        column.addStretch(1)

    def empty(self) -> None:
        """Take everything out of the body."""
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


class PointRow(RowButton):
    """One open point; a press goes to the step where it is mended."""

    def __init__(self, point: OpenPoint) -> None:
        """Show the point."""
        super().__init__("finding")
        shown, told = mark(point.kind), open_point(point)
        tone: Tone = "not_good" if point.blocks else "look"
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(seen_through(label(told, "strong" if point.blocks else "", wrap=True)))
        where = (
            self.tr("Needed before the seal, in {step}")
            if point.blocks
            else self.tr("For information, in {step}")
        )
        text.addWidget(seen_through(label(where.format(step=name(point.step)), "caption", wrap=True)))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(IconView("not_good" if point.blocks else shown.icon, tone))
        row.addLayout(text, 1)
        row.addWidget(IconView("next", "quiet", 16))
        self.setAccessibleName(f"{shown.word}. {told}")


class PictureCard(RowButton):
    """One picture with its name and verdict; a press goes to its step."""

    def __init__(self, title: str, page: PageView | None) -> None:
        """Show a page, or that there is none."""
        super().__init__("finding")
        icon, tone, told = standing(page)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(IconView(icon, tone, 16))
        state.addWidget(seen_through(label(told, "caption", tone, wrap=True)), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addWidget(Thumb(page.thumbnail if page else None, PICTURE_PX))
        column.addWidget(seen_through(label(title, "strong", wrap=True)))
        column.addLayout(state)
        column.addStretch(1)
        self.setAccessibleName(f"{title}. {told}")


class ItemLine(QWidget):
    """One item of the checklist with its pages as small pictures."""

    def __init__(self, view: ItemView, pages: tuple[PageView, ...]) -> None:
        """Show the item."""
        super().__init__()
        shown = standing_of(view)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label(view.item.title, wrap=True))
        text.addWidget(label(shown.word, "caption", shown.tone, wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(IconView(shown.icon, shown.tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        for page in pages[:_SHOWN]:
            small = Thumb(page.thumbnail, SMALL_PX)
            small.setFixedWidth(SMALL_PX.width())
            row.addWidget(small)
        if len(pages) > _SHOWN:
            row.addWidget(label(f"+{len(pages) - _SHOWN}", "quiet"))


class Thumb(QWidget):
    """A small picture, as large as its room; `least` is the least width and the height."""

    def __init__(self, pixels: Pixels | None, least: QSize) -> None:
        """Show a picture, or an empty place."""
        super().__init__()
        self._pixmap = to_pixmap(pixels) if pixels is not None else None
        self.setMinimumWidth(least.width())
        self.setFixedHeight(least.height())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture whole, in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour("picture"))
        if self._pixmap is not None:
            size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place, _smaller(self._pixmap, size * self.devicePixelRatioF()))


def _smaller(pixmap: QPixmap, size: QSize) -> QPixmap:
    """Return the picture in this size; drawing it smaller by more than half would leave gaps in thin lines."""
    return pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


_SHOWN = 5
"""Pages of an item that are shown small; the rest is counted."""


def seen_through(part: QLabel) -> QLabel:
    """Let presses go to the button beneath."""
    part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return part
