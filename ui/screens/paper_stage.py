"""Where papers are looked at in Identify: their scanned pictures, or the camera before which they are held."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from station.flow.events import Event
from station.flow.station import Station
from station.flow.views import VisitView
from station.model.record import AttachmentKind
from ui.screens.camera_reading import CameraReading
from ui.screens.paper_tabs import PaperTabs


class PaperStage(QWidget):
    """Shows the papers of a visit; on demand the live camera takes their place until both papers are read."""

    changed = Signal()
    """The camera began or ended its work."""

    def __init__(self, station: Station) -> None:
        """Show papers first."""
        super().__init__()
        self.tabs = PaperTabs(station)
        self.camera = CameraReading(station)
        self._visit: VisitView | None = None
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self.camera)
        self.camera.ended.connect(self.rest)

    @property
    def reading(self) -> bool:
        """The camera is at work."""
        return self._stack.currentWidget() is self.camera

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the papers of this visit; another visit ends the camera's work, and so does the last paper."""
        before, self._visit = self._visit, visit
        self.tabs.show_visit(visit)
        another = visit is None or before is None or visit.visit_id != before.visit_id
        complete = visit is not None and _complete(visit) and _ids(visit) != _ids(before)
        if self.reading and (another or complete):
            self.rest()

    def turn_camera(self) -> None:
        """Let papers be held before the camera, or go back to the pictures."""
        if self.reading:
            self.rest()
        elif self._visit is not None:
            self._stack.setCurrentWidget(self.camera)
            self.camera.start(self._visit.visit_id)
            self.changed.emit()

    def rest(self) -> None:
        """Let the camera rest and show the papers."""
        self.camera.stop()
        if self.reading:
            self._stack.setCurrentWidget(self.tabs)
            self.changed.emit()

    def hear(self, event: Event) -> None:
        """Follow what the camera reads."""
        self.camera.hear(event)


def _ids(visit: VisitView | None) -> set[str]:
    return {page.attachment.id for page in visit.pages} if visit else set()


def _complete(visit: VisitView) -> bool:
    """Tell whether letter and passport are both there."""
    return all(visit.of_kind(kind) for kind in (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE))
