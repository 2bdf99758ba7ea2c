"""The check of the empty glass: one sentence, a drawing of the glass, and the place of each mark."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.calibration_views import GlassChecked
from station.model.capability import DeviceInfo
from ui.screens.calibration_head import CalibrationHead
from ui.screens.calibration_marks import LISTED, GlassMarks
from ui.widgets.side_panel import side_panel
from ui.widgets.words import IconView, label, rule
from ui.wording import calibration_glass
from ui.wording.names import Mark


class GlassCheckPage(QWidget):
    """The drawing in the middle, sentence and places at the right. `lost`: there is nothing to compare with."""

    def __init__(self) -> None:
        """Start without a device."""
        super().__init__()
        self.device = ""
        self.lost = self.checked = False
        self.head = CalibrationHead("scanner", "", back=self.tr("All devices"))
        self.drawing = GlassMarks()
        self._icon = IconView("scanner", "accent", 48)
        self._sentence = label("", "title", wrap=True)
        self._more = label("", wrap=True)
        self._places = QGridLayout()
        self._rule = rule()
        self._known = label("", "caption", wrap=True)
        self._sides = label(calibration_glass.sides(), "caption", wrap=True)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.head)
        left.addWidget(self.drawing, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._panel())

    def _panel(self) -> QWidget:
        self._places.setHorizontalSpacing(12)
        self._places.setVerticalSpacing(8)
        self._places.setColumnStretch(1, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 24, 20, 20)
        column.setSpacing(12)
        column.addWidget(self._icon)
        column.addWidget(self._sentence)
        column.addWidget(self._more)
        column.addSpacing(4)
        column.addLayout(self._places)
        column.addWidget(self._rule)
        column.addWidget(self._known)
        column.addWidget(self._sides)
        column.addStretch(1)
        return side_panel(inner)

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence.text()

    @property
    def places(self) -> list[str]:
        """Where each mark lies, in the order of their numbers."""
        texts = (self._places.itemAtPosition(row, 1) for row in range(self._places.rowCount()))
        shown = (item.widget() for item in texts if item is not None)
        return [widget.accessibleName() for widget in shown if widget is not None]

    def show_device(self, device: DeviceInfo) -> None:
        """Begin with this scanner: nothing is known of its glass."""
        self.device, self.lost, self.checked = device.id, False, False
        self.head.name(self.tr("Check the glass: {name}").format(name=device.name))
        self.drawing.show_marks(())
        self._say(*calibration_glass.ready())

    def show_checked(self, checked: GlassChecked) -> None:
        """Show what a check found."""
        self.lost, self.checked = False, True
        self.drawing.show_marks(checked.marks, checked.known, checked.size_mm)
        self._say(calibration_glass.sentence(checked), "", checked)

    def show_lost(self) -> None:
        """Say that the earlier picture cannot be had: the officer decides whether to begin anew."""
        self.lost, self.checked = True, False
        self.drawing.show_marks(())
        self._say(*calibration_glass.lost())

    def _say(self, told: Mark, more: str, checked: GlassChecked | None = None) -> None:
        self._icon.show_icon(told.icon, told.tone)
        self._sentence.setText(told.word)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._list(checked)
        known = calibration_glass.known(checked) if checked is not None else ""
        self._known.setText(known)
        self._known.setVisible(bool(known))
        drawn = checked is not None and bool(checked.marks or checked.known)
        self._rule.setVisible(drawn)
        self._sides.setVisible(drawn)
        self.drawing.setAccessibleName(calibration_glass.drawn(". ".join((told.word, *self.places))))

    def _list(self, checked: GlassChecked | None) -> None:
        while (item := self._places.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        marks = checked.marks if checked is not None else ()
        for row, mark in enumerate(marks[:LISTED]):
            number = label(str(row + 1), "strong", "look")
            number.setMinimumWidth(20)
            self._places.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
            text = label(calibration_glass.place(mark), wrap=True)
            text.setAccessibleName(f"{row + 1}: {text.text()}")
            self._places.addWidget(text, row, 1)
        if len(marks) > LISTED:
            text = label(calibration_glass.more(len(marks) - LISTED), "quiet", wrap=True)
            text.setAccessibleName(text.text())
            self._places.addWidget(text, LISTED, 1)
