"""Asks for the passphrase that opens the stored data, where no file gives it."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout

from ui.widgets.words import label


class PassphraseQuestion(QObject):
    """Carries the question from the lane that opens the store to the window, and the answer back.

    Made on the main thread; `ask` is called on any other one.
    """

    _wanted = Signal(object)

    def __init__(self) -> None:
        """Wait for the question."""
        super().__init__()
        self._wanted.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> str | None:
        """Ask, and wait for the answer; None when the officer gives none."""
        answer: Future[str | None] = Future()
        self._wanted.emit(answer)
        return answer.result()

    @Slot(object)
    def _show(self, answer: "Future[str | None]") -> None:
        given = ""
        try:
            dialog = PassphraseDialog()
            if dialog.exec() == QDialog.DialogCode.Accepted:
                given = dialog.passphrase
            dialog.deleteLater()
        finally:
            answer.set_result(given or None)


class PassphraseDialog(QDialog):
    """One line for the passphrase, which is never shown and never kept."""

    def __init__(self) -> None:
        """Stand before the window."""
        super().__init__(QApplication.activeWindow())
        self.setWindowTitle(self.tr("Passphrase"))
        self._line = QLineEdit()
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setAccessibleName(self.tr("Passphrase of the stored data"))
        self._line.setMinimumSize(420, 44)
        buttons = QDialogButtonBox()
        self._open = buttons.addButton(self.tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._open.setEnabled(False)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(label(self.tr("The stored data are encrypted. Type the passphrase of this station.")))
        column.addWidget(self._line)
        column.addWidget(buttons)
        self._line.textChanged.connect(lambda text: self._open.setEnabled(bool(text)))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self._line.text()
