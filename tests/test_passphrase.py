"""The question for the passphrase: asked on the window's thread, answered on the store's."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ui.screens.passphrase import PassphraseDialog, PassphraseQuestion
from ui.widgets.who_bar import WhoBar

PATIENCE_MS = 60_000


def answered(qtbot: QtBot, act: Callable[[PassphraseDialog], None]) -> str | None:
    """Ask on a thread of its own, act on the dialog that appears, and return what the thread was told."""
    question, told = PassphraseQuestion(), list[str | None]()
    asking = threading.Thread(target=lambda: told.append(question.ask()))

    def look() -> None:
        dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, PassphraseDialog)]
        if any(one.isVisible() for one in dialogs):
            act(next(one for one in dialogs if one.isVisible()))
        else:
            QTimer.singleShot(5, look)

    look()
    asking.start()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    asking.join()
    return told[0]


def button(dialog: PassphraseDialog, role: QDialogButtonBox.ButtonRole) -> QPushButton:
    box = dialog.findChild(QDialogButtonBox)
    return next(one for one in box.buttons() if box.buttonRole(one) is role)  # type: ignore[return-value]


def test_what_is_typed_reaches_the_store_and_is_shown_to_nobody(qtbot: QtBot) -> None:
    def type_it(dialog: PassphraseDialog) -> None:
        line = dialog.findChild(QLineEdit)
        assert line.echoMode() is QLineEdit.EchoMode.Password
        assert line.accessibleName()
        go = button(dialog, QDialogButtonBox.ButtonRole.AcceptRole)
        assert not go.isEnabled()
        line.setText("seven grey herons wade")
        go.click()

    assert answered(qtbot, type_it) == "seven grey herons wade"


@pytest.mark.parametrize("how", ["button", "escape"])
def test_who_gives_none_leaves_the_store_closed(qtbot: QtBot, how: str) -> None:
    def leave(dialog: PassphraseDialog) -> None:
        if how == "button":
            button(dialog, QDialogButtonBox.ButtonRole.RejectRole).click()
        else:
            dialog.reject()

    assert answered(qtbot, leave) is None


def test_a_key_that_protects_nothing_is_said_at_the_top_of_the_window(qtbot: QtBot) -> None:
    bar = WhoBar()
    qtbot.addWidget(bar)
    bar.show_notices(())
    assert not bar._exposed.isVisibleTo(bar)
    bar.show_notices(("key_beside", "rotation_unfinished"))
    assert bar._exposed.isVisibleTo(bar)
    assert bar._exposed.findChildren(QLabel)[-1].text() == "Key unprotected"
    assert "not protected against theft" in bar._exposed.toolTip()
    assert "rotate-key" in bar._exposed.toolTip()
