"""The one button by which the officer speaks against the measures of the picture that is shown."""

from PySide6.QtWidgets import QStackedLayout, QWidget

from station.model.record import Attachment
from ui.actions import Actions, Command
from ui.screens.against_measures import measured_good
from ui.widgets.button import ActionButton

_COMMANDS = (Command.KEEP_PAGE, Command.SET_ASIDE)


class WordButtons(QWidget):
    """Keeps a picture that measured bad, or sets aside one that measured good: never both."""

    def __init__(self, actions: Actions) -> None:
        """Hide until there is a picture."""
        super().__init__()
        self._stack = QStackedLayout(self)
        for command in _COMMANDS:
            self._stack.addWidget(ActionButton(actions[command], "icon"))
        self.hide()

    def show_picture(self, picture: Attachment | None) -> None:
        """Offer what can be said of this picture; of none there is nothing to say."""
        self.setVisible(picture is not None)
        if picture is not None:
            self._stack.setCurrentIndex(_COMMANDS.index(command_on(picture)))


def command_on(picture: Attachment) -> Command:
    """Return the command that speaks against the measures of this picture."""
    return Command.SET_ASIDE if measured_good(picture) else Command.KEEP_PAGE
