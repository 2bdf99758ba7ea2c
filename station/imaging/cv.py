"""The one door to OpenCV: imported at its first use, and made to leave Qt's environment alone."""

import functools
import os
import threading
from typing import Any

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_first_use = threading.Lock()


@functools.cache
def cv() -> Any:
    """Return the module cv2. Safe from any thread.

    OpenCV stays out of the way to the first window (a fifth of a second), runs one thread for each caller
    (the lanes share the cores out), and logs nothing of its own: its errors reach us as `cv2.error`.
    The type is Any: OpenCV's stubs demand its own array type at every call and give it back in place of ours.
    """
    with _first_use:
        # The wheel points Qt at its own Qt 5 plugins; our Qt and every child process would inherit that.
        before = {name: os.environ.get(name) for name in _QT_VARIABLES}
        import cv2

        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        cv2.setNumThreads(1)
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
