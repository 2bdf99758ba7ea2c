"""A scan that its scanner stopped: the sentence stays in place until the officer goes on or leaves it so."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station.errors import StationError
from ui.screens.framed import banner
from ui.widgets.words import IconView, label
from ui.wording.errors import word


class StoppedPanel(QWidget):
    """What happened, why, what to do, and how many pages are safe. Hidden while no scan waits."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self._what = label("", "heading", wrap=True)
        self._why = label("", wrap=True)
        self._do = label("", "strong", wrap=True)
        self._safe = label("", wrap=True)
        self._code = label("", "caption")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconView("not_good", "not_good", 24), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._what, 1)
        column = banner(self, "not_good")
        column.addLayout(head)
        for part in (self._why, self._do, self._safe, self._code):
            column.addWidget(part)
        self.hide()

    @property
    def waiting(self) -> bool:
        """A scan waits to be continued."""
        return not self.isHidden()

    def say(self, error: StationError, safe: int, device: str) -> None:
        """Say what stopped a scan on this device, `safe` pages being on the record."""
        message = word(error)
        self._what.setText(message.what)
        self._why.setText(message.why)
        self._do.setText(message.do)
        kept = self.tr("Pages that are safe: {count}. Continue scanning puts the next ones behind them.")
        none = self.tr("No page has come in yet. Continue scanning begins with the first.")
        self._safe.setText((kept if safe else none).format(count=safe))
        self._code.setText("  ·  ".join(part for part in (device, message.code) if part))
        self.setAccessibleName(f"{message.text} {self._safe.text()}")
        self.show()
