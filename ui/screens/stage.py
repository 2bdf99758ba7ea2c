"""How the window is divided: who stands opposite above, steps left, the screen, what can be done below."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.screens.keys import KeysSheet
from ui.screens.screen import Screen
from ui.widgets.empty_state import EmptyState
from ui.widgets.notice import NoticeBanner
from ui.widgets.primary_bar import PrimaryBar
from ui.widgets.rail import Rail
from ui.widgets.who_bar import WhoBar
from ui.wording.names import MarkTone
from ui.wording.translate import Message


class Stage(QWidget):
    """The parts around the screens, and the one screen in front. A curtain hangs before them at first."""

    def __init__(self, screens: Sequence[Screen], actions: Actions) -> None:
        """Set everything up; no screen is in front."""
        super().__init__()
        self.who, self.rail, self.bar, self.banner = WhoBar(), Rail(), PrimaryBar(), NoticeBanner()
        self.shown: Screen | None = None
        self._curtain = EmptyState("busy", "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._curtain)
        for screen in screens:
            self._stack.addWidget(screen)
        self._room = QWidget()
        room = QVBoxLayout(self._room)
        room.setContentsMargins(16, 8, 16, 8)
        room.addWidget(self.banner)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._room)
        right.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.who)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)
        self.keys = KeysSheet(self, actions)
        self.banner.dismissed.connect(self.hush)
        self.rail.hide()
        self.hush()

    def show_screen(self, screen: Screen) -> None:
        """Bring a screen to the front; the stage holds its actions too, so a key acts wherever the focus is."""
        if screen is self.shown:
            return
        self._clear()
        self.shown = screen
        self.addActions(screen.actions())
        self._stack.setCurrentWidget(screen)
        screen.enter()

    def draw_curtain(self, title: str, text: str) -> None:
        """Hide every screen behind a sentence."""
        self._clear()
        self.rail.hide()
        self._curtain.say(title, text)
        self._stack.setCurrentWidget(self._curtain)

    def say(self, message: Message, tone: MarkTone, action: QAction | None = None) -> None:
        """Say something across the screen; `action` is what can be done about it there."""
        self.banner.say(message, tone, action)
        self._room.show()

    def hush(self) -> None:
        """Take away what was said."""
        self.banner.quiet()
        self._room.hide()

    def _clear(self) -> None:
        if self.shown is not None:
            self.shown.leave()
            for action in self.shown.actions():
                self.removeAction(action)
        self.shown = None
