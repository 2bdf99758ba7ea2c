"""The application object: how the program meets the desktop, and what it does about its own mistakes."""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from ui.theme import Scheme, apply_theme

_log = logging.getLogger(__name__)

_BREATH_MS = 250
"""Python sees Ctrl-C only between two of its own steps, so the event loop takes one this often."""

_SWEEP_MS = 250
_OLDEST = 2


def make_application(argv: Sequence[str], scheme: Scheme = "system") -> QApplication:
    """Return the application, dressed, ready to show a window and to report its own mistakes."""
    if not any(os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        os.environ["LC_CTYPE"] = "C.UTF-8"  # else Qt warns and does the same by itself
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(argv))
    app.setApplicationName("visa-station")
    app.setApplicationDisplayName("Visa Station")
    apply_theme(app, scheme)
    Mishaps(app).install()
    _heed_ctrl_c(app)
    return app


class Mishaps(QObject):
    """Mistakes of this program that nothing else caught: logged whole, told once in a plain dialog.

    While the dialog is open further mistakes are only logged, so a mistake that repeats cannot bury the screen.
    """

    _happened = Signal()

    def __init__(self, app: QApplication) -> None:
        """Belong to the application."""
        super().__init__(app)
        self.dialog: QMessageBox | None = None
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take uncaught exceptions of all threads."""
        sys.excepthook = self.report
        threading.excepthook = lambda told: self.report(
            told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback
        )

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an exception whole and tell the officer; from any thread. Ctrl-C ends the program instead."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _log.critical("a mistake of this program", exc_info=(kind, error, trace))
        self._happened.emit()

    @Slot()
    def _tell(self) -> None:
        if self.dialog is not None:
            return
        box = QMessageBox(QApplication.activeWindow())
        box.setWindowTitle(self.tr("A mistake of this program"))
        box.setText(self.tr("This program made a mistake. What was stored before is safe."))
        box.setInformativeText(
            self.tr(
                "Repeat your last step. If this happens again, start the station anew and tell the technician: "
                "the log holds what happened. Code ST-900."
            )
        )
        box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
        box.setWindowModality(Qt.WindowModality.NonModal)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._told)
        self.dialog = box
        box.show()

    @Slot()
    def _told(self) -> None:
        self.dialog = None


class Sweep(QObject):
    """Collects circular garbage on the window's thread and on no other, from now until `stop`.

    Python collects on whichever thread allocates next; a painter or widget that a device's lane destroys ends
    the process (seen as a segmentation fault within "Garbage-collecting").
    """

    def __init__(self, app: QApplication) -> None:
        """Belong to the application and begin."""
        super().__init__(app)
        self._settled = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        gc.disable()
        self._timer.start(_SWEEP_MS)

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _look(self) -> None:
        """Collect the oldest generation that is due, by Python's own measure.

        What survives the first full collection is there to stay: to look through it takes 85 ms each time.
        """
        counted, limits = gc.get_count(), gc.get_threshold()
        due = [age for age in range(len(counted)) if counted[age] > limits[age]]
        if due:
            gc.collect(due[-1])
            if due[-1] == _OLDEST and not self._settled:
                self._settled = True
                gc.freeze()


def _heed_ctrl_c(app: QApplication) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    breath = QTimer(app)
    breath.timeout.connect(lambda: None)
    breath.start(_BREATH_MS)
