"""Files that were written: one quiet line, and a way to where they lie."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QAction, QDesktopServices

from station.flow.calibration_views import CalibrationWritten
from station.flow.events import FilesWritten
from ui.wording.translate import Message


class ShowFiles(QObject):
    """Words what was written last; `action` opens its folder in the platform's own way."""

    def __init__(self, parent: QObject) -> None:
        """Nothing was written yet."""
        super().__init__(parent)
        self.action = QAction(self.tr("Show the folder"), self)
        self.action.triggered.connect(self._open)
        self._folder: Path | None = None

    def told(self, event: FilesWritten | CalibrationWritten) -> Message:
        """Return the line that says what was written, and remember where."""
        if isinstance(event, CalibrationWritten):
            self._folder = event.paths[0].parent if event.paths else None
            names = ", ".join(path.name for path in event.paths)
            return Message(
                self.tr("Files written: {names}.").format(names=names), detail=str(self._folder or "")
            )
        self._folder = event.files[0].path.parent if event.files else None
        pages = sum(file.pages for file in event.files)
        what = self.tr("PDF files written: {files}. Pages: {pages}.").format(
            files=len(event.files), pages=pages
        )
        return Message(what, detail=str(self._folder or ""))

    def _open(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
