"""Mends a part of the printed lines in place: its picture large, what was read under it, and why it changes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from station.flow.views import ZonePartView
from station.model.document import ZonePart
from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.cell_field import CellField
from ui.widgets.cell_strip import CellStrip, StripView
from ui.widgets.words import label
from ui.wording.names import field_name
from ui.wording.remarks import LOOKED_REASON, MEND_REASONS, reason

WIDEST_CELL_PX = 28.0
"""A few cells are not drawn wider: the picture is no finer."""
_MARGIN_PX = 14


class CorrectionPanel(QFrame):
    """Hidden until `mend`; then the officer types over what was misread, picks a reason and saves.

    Enter goes from the text to the reasons and from a picked reason to the end; the figures 1 to 4 pick one
    (with Alt also while the text has the focus, where figures are typed), Escape gives up. The screen offers
    `take` as its primary action meanwhile. After `saved` the panel waits: `clear` when the lines have changed,
    `take_again` when they have not.
    """

    saved = Signal(object, str, str)
    """The `ZonePart`, its new text and the coded reason."""

    changed = Signal()
    """The panel opened, closed, or `take` changed."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        as_role(self, "banner")
        self.take = QAction(self.tr("Save the correction"), self)
        self.take.setProperty("icon_name", "good")
        self.take.triggered.connect(self._taken)
        self.part: ZonePart | None = None
        self.waiting = False
        self._advice = ""
        self._title = label("", "heading", wrap=True)
        self._told = label("", "quiet", wrap=True)
        self._picture = StripView()
        self.text = CellField()
        self.text.textChanged.connect(self._text_changed)
        self.text.refused.connect(self._refused)
        back = Button(self.tr("Back"), "icon", "close")
        back.clicked.connect(self.give_up)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._told)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(words, 1)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        cells = QVBoxLayout()
        cells.setSpacing(2)
        cells.addWidget(self._picture)
        cells.addWidget(self.text)
        grid = QGridLayout()
        grid.setSpacing(8)
        self._chips: dict[str, Button] = {}
        for number, code in enumerate((*MEND_REASONS, LOOKED_REASON)):
            grid.addWidget(self._chip(number + 1, code), *divmod(number, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(cells)
        column.addLayout(grid)
        self.hide()

    @property
    def mending(self) -> bool:
        """A part is being mended."""
        return not self.isHidden()

    @property
    def reason(self) -> str:
        """The code of the reason that is picked, or ""."""
        return next((code for code, chip in self._chips.items() if chip.isChecked()), "")

    @property
    def hint(self) -> str:
        """What a resting `take` waits for."""
        if self.waiting or self.reason:
            return ""
        return (
            self.tr("Say why it changes.")
            if self.text.changed
            else self.tr("Type over what was misread, or say that it is as printed.")
        )

    def mend(self, view: ZonePartView, at: int = 0) -> None:
        """Open with this part; the cell at `at` is typed over first."""
        part = self.part = view.part
        name = field_name(part.name)
        self._title.setText(self.tr("Correct what was read: {field}").format(field=name))
        self.setAccessibleName(self._title.text())
        self.text.setAccessibleName(self.tr("{field}, as printed").format(field=name))
        self.text.setMaxLength(len(part.text))
        strip = CellStrip(view.strip, len(part.text), view.doubtful) if view.strip is not None else None
        self._picture.show_strip(strip)
        self._advice = (
            self.tr("Type what the picture shows. Delete leaves <, Backspace takes back.")
            if strip
            else self.tr("There is no picture of these lines. Type what the passport shows.")
        )
        for chip in self._chips.values():
            chip.setChecked(False)
        self.text.show_text(part.text, view.doubtful[0] if view.doubtful else at)
        self.waiting = False
        self.show()
        self._fit()
        self._text_changed()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_up(self) -> None:
        """Close without a change."""
        if self.mending:
            self.clear()
            self.changed.emit()

    def clear(self) -> None:
        """Hide and forget part, picture, text and reason."""
        self.hide()
        self.part, self.waiting = None, False
        self._picture.show_strip(None)
        self.text.show_text("")
        self._title.clear()
        self._told.clear()
        self.setAccessibleName("")

    def take_again(self) -> None:
        """It was not taken: what was typed stays, and can be saved again."""
        if self.waiting:
            self.waiting = False
            self._show_take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick by figure, go on by Enter, give up by Escape."""
        figure = event.key() - Qt.Key.Key_0
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif 0 < figure <= len(self._chips):
            list(self._chips.values())[figure - 1].click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the characters stand under their picture at every width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        cells = len(self.part.text) if self.part else 1
        room = self.contentsRect().width() - 2 * 16 - 2 * _MARGIN_PX
        pitch = min(WIDEST_CELL_PX, room / (cells + 1))
        left = _MARGIN_PX + pitch / 2
        self._picture.set_pitch(left, pitch)
        self.text.set_pitch(left, pitch)

    def _go_on(self) -> None:
        """Save once there is a reason; else go to the reasons."""
        if self.reason:
            self.take.trigger()
            return
        possible = [chip for chip in self._chips.values() if chip.isEnabled()]
        if possible:
            possible[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _chip(self, number: int, code: str) -> Button:
        said = reason(code)
        chip = _Chip(f"{number}   {said}")
        chip.setAccessibleName(said)
        chip.setCheckable(True)
        as_role(chip, "reason")
        chip.clicked.connect(lambda: self._pick(code))
        self._chips[code] = chip
        return chip

    def _pick(self, code: str) -> None:
        for other, chip in self._chips.items():
            chip.setChecked(other == code)
        self._show_take()

    def _text_changed(self) -> None:
        """A change has another reason than a look; what was said of a wrong key is past."""
        self._told.setText(self._advice if self.part else "")
        as_role(self._told, "quiet")
        for code, chip in self._chips.items():
            chip.setEnabled(self.text.changed == (code != LOOKED_REASON))
            if not chip.isEnabled():
                chip.setChecked(False)
        self._show_take()

    def _refused(self, sign: str) -> None:
        told = self.tr("Printed lines have no {sign}: only A to Z without accents, 0 to 9 and <.")
        self._told.setText(told.format(sign=sign))
        as_role(self._told, "", "not_good")

    def _show_take(self) -> None:
        self.take.setText(
            self.tr("Save the correction") if self.text.changed else self.tr("Keep it as it is printed")
        )
        self.take.setEnabled(bool(self.reason) and not self.waiting)
        self.changed.emit()

    def _taken(self) -> None:
        if self.part is not None and self.reason and not self.waiting:
            self.waiting = True
            self._show_take()
            self.saved.emit(self.part, self.text.text(), self.reason)


class _Chip(Button):
    """A reason; once it is picked Enter is the panel's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick by Enter, and save by the next one."""
        if self.isChecked() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)
