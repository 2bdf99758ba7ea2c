"""A calibration at work: what is being done now, large and calm."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.flow.calibration_views import Stage
from ui.widgets.words import IconView, label
from ui.wording import calibration_states


class RunningPage(QWidget):
    """What a calibration that runs is doing, large and calm; progress and its end stand in the bar below."""

    def __init__(self) -> None:
        """Start without words."""
        super().__init__()
        self.title, self._told = label("", "title", wrap=True), label("", "quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(IconView("target", "accent", 72), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for part in (self.title, self._told):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        column.addStretch(1)

    def say_stage(self, stage: Stage) -> None:
        """Say what is being done."""
        title, told = calibration_states.stage(stage)
        self.title.setText(title)
        self._told.setText(told)
