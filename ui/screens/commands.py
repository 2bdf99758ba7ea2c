"""The commands of one screen. Screens share commands and keys: each hears them only while it is in front."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from ui.actions import Actions, Command


class Commands:
    """Connects commands to a screen when it comes to the front, and lets go of them when it leaves."""

    def __init__(self, screen: QWidget, actions: Actions, does: Mapping[Command, Callable[[], object]]) -> None:
        """Hold the commands and what they do; nothing is connected yet."""
        self._actions = actions
        self._does = {command: _without_checked(act) for command, act in does.items()}
        self._on = False
        for command in does:
            screen.addAction(actions[command])

    def __getitem__(self, command: Command) -> QAction:
        """Return the action of a command."""
        return self._actions[command]

    def take(self) -> None:
        """Listen to the commands; a second time changes nothing."""
        if not self._on:
            self._on = True
            for command, act in self._does.items():
                self._actions[command].triggered.connect(act)

    def release(self) -> None:
        """Listen no more."""
        if self._on:
            self._on = False
            for command, act in self._does.items():
                self._actions[command].triggered.disconnect(act)

    def allow(self, *commands: Command) -> None:
        """Let these be had now, and none of the screen's others."""
        for command in self._does:
            self._actions[command].setEnabled(command in commands)


def _without_checked(act: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool) -> None:
        act()

    return call
