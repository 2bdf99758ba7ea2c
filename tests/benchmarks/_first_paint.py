"""Show a window and tell when it was painted first: `python -m tests.benchmarks._first_paint station|bare`.

Prints `time.monotonic()` of that moment (one clock for all processes) and what was imported by then, and ends.
"""

import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class _Witness(QObject):
    """Sees the first paint of a window; the timer comes when the painting is done."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at an event and let it pass."""
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
            QApplication.instance().removeEventFilter(self)
            QTimer.singleShot(0, _tell)
        return False


def _tell() -> None:
    print(time.monotonic(), *sys.modules, flush=True)
    os._exit(0)


def _station() -> None:
    import main

    main.main([])


def _bare() -> None:
    window = QMainWindow()
    window.show()
    QApplication.exec()


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    app.installEventFilter(witness := _Witness(app))
    {"station": _station, "bare": _bare}[sys.argv[1]]()
