"""The one way from the station's threads to the window."""

from PySide6.QtCore import QObject, Qt, Signal, Slot

from station.flow.events import Event, VisitChanged


class Bridge(QObject):
    """Carries events to the thread that made the bridge, in the order in which they were posted.

    An event that names a visit is dropped when another visit, or none, is in hand by then: what belongs to the
    last applicant cannot reach the next one's screen.
    """

    happened = Signal(object)
    """An `Event`, on the bridge's own thread."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Open the bridge; no visit is in hand."""
        super().__init__(parent)
        self._visit_id = ""
        self._posted.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def post(self, event: Event) -> None:
        """Hand an event over; from any thread, never waits."""
        self._posted.emit(event)

    @Slot(object)
    def _arrived(self, event: Event) -> None:
        if isinstance(event, VisitChanged):
            self._visit_id = event.visit.visit_id if event.visit else ""
        elif getattr(event, "visit_id", "") not in ("", self._visit_id):
            return
        self.happened.emit(event)
