"""A reader that types like a keyboard: from its prefix to its pause no key reaches a field or a button."""

import time
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from station.model.swipe import Framing

PAUSE_MS = 60
"""Readers send a key every 1 to 10 ms; a person who types is slower than this."""

FEW = 20
"""So many characters without an end may have been typed; more at a reader's speed are half a document."""

HALF_MS = 500
"""The pause once it is clear that a reader types: better to wait than to let half a name into a field."""

_LATE = 1.25
"""A timer that comes this much later was held up, and so were the keys behind it."""

_MOST = 600
"""Characters that are kept: longer than any frame, so that a longer one is seen to be too long."""

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)


class Wedge(QObject):
    """Watches the keys of the whole application. All on the GUI thread.

    The prefix begins to hold keys back, a pause ends it. A few keys without the suffix were typed: they are
    given back in their order. Of everything else no widget sees a key: `taken` tells it.
    """

    taken = Signal(str, bool)
    """What a reader typed, without its marks, and whether it is whole."""

    def __init__(self, keys: Framing, parent: QObject | None = None) -> None:
        """Expect frames that begin and end so; as an event filter of the application it begins to watch."""
        super().__init__(parent)
        self._prefix, self._suffix = keys.begin.decode(), _plain(keys.end.decode())
        self._held: list[QKeyEvent] = []
        self._text = ""
        self._stamp, self._pause_ms = 0, PAUSE_MS
        self._given_back = False
        self._down: set[int] = set()
        self._waited_from = 0.0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._paused)

    @property
    def holds(self) -> bool:
        """Whether keys are held back now."""
        return bool(self._held)

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """Hold a key back, or let it pass. Qt sends each key to the window first; that is not acted on."""
        if event.type() not in _KEYS or self._given_back or not isinstance(receiver, QWidget):
            return False
        key = cast(QKeyEvent, event)
        if self._held and self._after_a_pause(key):
            self._let_go()
        presses = key.type() != QEvent.Type.KeyRelease
        begins = presses and not key.isAutoRepeat() and key.text() == self._prefix
        lingers = key.key() in self._down and (key.isAutoRepeat() or not presses)
        if not (self._held or begins or lingers):
            self._down.discard(key.key())
            return False
        if key.type() == QEvent.Type.ShortcutOverride:
            key.accept()  # a held key must fire no shortcut
        elif self._held or begins:
            self._hold(key)
        if not presses and not key.isAutoRepeat():
            self._down.discard(key.key())  # the last key of a frame goes up when all is over
        return True

    def _hold(self, key: QKeyEvent) -> None:
        if key.type() == QEvent.Type.KeyPress:
            self._down.add(key.key())
            if not key.isAutoRepeat() and len(self._text) < _MOST:
                self._text += _plain(key.text())
        if len(self._text) <= FEW:
            self._held.append(key.clone())
        self._stamp = key.timestamp()
        self._wait()

    def _wait(self) -> None:
        half = len(self._text) > FEW and not self._is_whole()
        self._pause_ms = HALF_MS if half else PAUSE_MS
        self._waited_from = time.monotonic()
        self._pause.start(self._pause_ms)

    def _after_a_pause(self, key: QKeyEvent) -> bool:
        """Tell whether this key was pressed so late that it is another one's; by the clock of the keyboard."""
        return self._stamp > 0 and key.timestamp() - self._stamp > self._pause_ms

    @Slot()
    def _paused(self) -> None:
        """End the frame, unless the window was busy: its keys may wait behind this very moment."""
        if (time.monotonic() - self._waited_from) * 1000 > _LATE * self._pause_ms:
            self._wait()
        else:
            self._let_go()

    def _let_go(self) -> None:
        """Hand the frame on, or give back what was typed."""
        self._pause.stop()
        held, text, whole = self._held, self._text, self._is_whole()
        self._held, self._text, self._stamp = [], "", 0
        if whole or len(text) > FEW:
            self.taken.emit(self._without_marks(text), whole)
        else:
            self._give_back(held)

    def _without_marks(self, text: str) -> str:
        """Take the marks off; some readers wrap each row of a document by itself."""
        text = text.removeprefix(self._prefix).removesuffix(self._suffix)
        return text.replace(self._suffix + self._prefix, "\r")

    def _is_whole(self) -> bool:
        """Tell whether what is held ends with the suffix; some readers send another end of line behind it."""
        body, suffix = self._text.removeprefix(self._prefix), self._suffix.rstrip("\r")
        ended = body.rstrip("\r").endswith(suffix) if suffix else body.endswith("\r")
        return ended and body.strip("\r") != suffix

    def _give_back(self, held: list[QKeyEvent]) -> None:
        self._down.clear()
        self._given_back = True
        try:
            for key in held:
                target = QApplication.focusWidget() or QApplication.activeWindow()
                if target is not None:
                    QApplication.sendEvent(target, key)
        finally:
            self._given_back = False


def _plain(text: str) -> str:
    return text.replace("\n", "\r")
