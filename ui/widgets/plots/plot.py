"""A plot with its name, its legend, and one sentence that says the same as the picture."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from ui.theme import Measure, Tokens, as_role, colour, tokens
from ui.widgets.button import Button
from ui.widgets.plots.legend import Key, Legend
from ui.widgets.words import label

if TYPE_CHECKING:  # the canvas brings pyqtgraph, which nobody waits for before there is something to draw
    from ui.widgets.plots.canvas import Canvas

Draw = Callable[["Canvas"], None]
"""Draws everything anew, in the colours of now."""

_LEAST = QSize(360, 320)
_CLOSER = 1.25
_STEP = 0.1
_MOVES = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, _STEP),
    Qt.Key.Key_Down: (0.0, -_STEP),
}
_ZOOMS = {Qt.Key.Key_Plus: _CLOSER, Qt.Key.Key_Equal: _CLOSER, Qt.Key.Key_Minus: 1 / _CLOSER}


class Plot(QFrame):
    """A card: title, legend, picture, sentence; or, while there is nothing, what comes next.

    Keys: plus and minus look closer and further away, arrows move what is seen, Home shows all. The wheel does
    so only over a plot that has the focus: else it scrolls the page. A closer look can be dragged.
    """

    def __init__(self, title: str, empty_text: str, least_height: int = 160) -> None:
        """Show `empty_text` until there is something to draw, which needs `least_height` pixels."""
        super().__init__()
        as_role(self, "surface")
        self._title = label(title, "heading")
        self._legend = Legend()
        self._empty_text, self._least_height = empty_text, least_height
        self._empty = label(empty_text, "quiet", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = label("", "caption", wrap=True)
        self._all = Button(self.tr("Show all"), "icon", "fit")
        self._all.setParent(self)  # it floats: the picture stays where it is when it comes and goes
        self._all.setFixedSize(Measure.TOUCH, Measure.TOUCH)
        self._all.clicked.connect(self.show_all)
        self._draw: Draw | None = None
        self._canvas: Canvas | None = None
        self._worn: Tokens | None = None
        self._grip: QPointF | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addWidget(self._legend)
        self._column.addWidget(self._empty, 1)
        self._column.addWidget(self._sentence)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self._column.setStretchFactor(self._sentence, 0)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.show_nothing()

    @property
    def sentence(self) -> str:
        """What the plot says, in one sentence; without anything to draw what comes next."""
        return self.accessibleDescription()

    def name(self, title: str) -> None:
        """Give it another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    @property
    def canvas(self) -> "Canvas | None":
        """What is drawn on, None while nothing was drawn yet."""
        return self._canvas

    @property
    def keys(self) -> tuple[Key, ...]:
        """The legend."""
        return self._legend.keys

    def show_nothing(self) -> None:
        """Say what comes next instead of a picture."""
        self._draw = None
        self._say("", ())
        self.setAccessibleDescription(self._empty_text)

    def show_drawing(self, draw: Draw, sentence: str, keys: Sequence[Key] = ()) -> None:
        """Draw; `draw` is called again whenever the scheme changes."""
        self._draw = draw
        self._say(sentence, keys)
        self._draw_anew()

    def _say(self, sentence: str, keys: Sequence[Key]) -> None:
        there = self._draw is not None
        self._sentence.setText(sentence)
        self._sentence.setVisible(there)
        self._legend.show_keys(keys)
        self._empty.setVisible(not there)
        self._all.hide()
        if self._canvas is not None:
            self._canvas.widget.setVisible(there)
        self.setAccessibleDescription(sentence)
        self._ask_for_height()

    def _draw_anew(self) -> None:
        if self._draw is None:
            return
        if self._canvas is None:
            # Imported late: pyqtgraph takes a quarter of a second, and most days no plot is looked at.
            from ui.widgets.plots.canvas import Canvas

            self._canvas = Canvas(self, self._least_height)
            self._column.insertWidget(2, self._canvas.widget, 1)
            self._canvas.widget.show()
        self._canvas.clear()
        self._worn = tokens()
        self._draw(self._canvas)
        self._canvas.fit()
        self._all.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew when the scheme has changed."""
        super().changeEvent(event)
        # Qt says so while the card is being made, too.
        if event.type() == QEvent.Type.PaletteChange and getattr(self, "_worn", None) not in (None, tokens()):
            self._draw_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        super().resizeEvent(event)
        self._all.move(self.width() - Measure.TOUCH - 4, 2)
        self._ask_for_height()

    def _ask_for_height(self) -> None:
        """Ask for as much as the legend and the sentence take at this width: a layout does not do so itself."""
        margins = self._column.contentsMargins()
        parts = [self._title.sizeHint().height(), self._least_height]
        if self._draw is not None:
            parts.append(self._sentence.heightForWidth(self.width() - margins.left() - margins.right()))
            parts += [self._legend.height()] if self._legend.keys else []
        total = sum(parts) + self._column.spacing() * (len(parts) - 1) + margins.top() + margins.bottom()
        self.setMinimumHeight(max(total, _LEAST.height()))

    # -- looking closer ---------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show everything again."""
        if self._canvas is not None:
            for panel in self._canvas.panels:
                panel.show_all()
        if self._all.hasFocus():
            self.setFocus()
        self._all.hide()

    def _zoom(self, factor: float, at: QPointF | None = None) -> None:
        if self._canvas is None or self._draw is None:
            return
        under = self._canvas.at(at - self._canvas.widget.pos().toPointF()) if at is not None else None
        for panel in self._canvas.panels:
            panel.zoom(factor, under[1] if under and under[0] is panel else None)
        self._all.setVisible(any(panel.closer for panel in self._canvas.panels))
        self._all.raise_()

    def _move(self, across: float, up: float) -> None:
        if self._canvas is not None:
            for panel in self._canvas.panels:
                panel.move(across, up)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, move, or show all."""
        key = Qt.Key(event.key())
        if self._draw is None or event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key in _ZOOMS:
            self._zoom(_ZOOMS[key])
        elif key in _MOVES and self._all.isVisible():
            self._move(*_MOVES[key])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Look closer at what lies under the pointer, if the plot has the focus."""
        if self.hasFocus() and self._draw is not None and event.angleDelta().y():
            self._zoom(_CLOSER ** (event.angleDelta().y() / 120), event.position())
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a closer look."""
        self._grip = event.position() if self._all.isVisible() else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is seen with the hand."""
        if self._grip is not None and self._canvas is not None:
            moved, size = event.position() - self._grip, self._canvas.widget.size()
            self._grip = event.position()
            self._move(-moved.x() / size.width(), moved.y() / size.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, and the ring while it has the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent"), Measure.RING))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), Measure.CORNER, Measure.CORNER)
