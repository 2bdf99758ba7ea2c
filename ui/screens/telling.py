"""What the window says across the screen, and when that is taken away again."""

from PySide6.QtCore import QObject

from station.flow.calibration_views import CalibrationWritten
from station.flow.events import FilesWritten, Listed, Notice
from ui.screens.show_files import ShowFiles
from ui.screens.stage import Stage
from ui.wording.names import MarkTone
from ui.wording.remarks import notice
from ui.wording.translate import Message


class Telling(QObject):
    """Says one thing at a time in the stage's banner."""

    def __init__(self, stage: Stage) -> None:
        """Speak on this stage; nothing was said yet."""
        super().__init__(stage)
        self._stage = stage
        self._show_files = ShowFiles(self)
        self._just_said = False

    def say(self, message: Message, tone: MarkTone) -> None:
        """Say this."""
        self._just_said = True
        self._stage.say(message, tone)

    def notice(self, event: Notice) -> None:
        """Say what the officer should know."""
        self.say(notice(event), "look")

    def files_written(self, event: FilesWritten | CalibrationWritten) -> None:
        """Say what was written, with the way to where it lies."""
        self._just_said = True
        self._stage.say(self._show_files.told(event), "good", self._show_files.action)

    def listed(self, _event: Listed) -> None:
        """Take away what was said before; the first list after a message belongs to it."""
        if not self._just_said:
            self._stage.hush()
        self._just_said = False
