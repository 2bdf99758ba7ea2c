"""The scans of the visit in hand as the documents screen follows them: who works, what comes, what stopped."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from station.flow.events import (
    DevicesChanged,
    Event,
    Job,
    JobEnded,
    JobProgress,
    JobStarted,
    PageComing,
    Trouble,
)
from station.flow.station import Station
from station.flow.views import DeviceView
from station.model.capability import Source
from station.model.image import Pixels
from station.model.record import Attachment, AttachmentKind
from ui.screens.coming import Coming
from ui.screens.scanners import Scanners
from ui.screens.stopped import StoppedPanel

FOLLOWED = (DevicesChanged, JobStarted, PageComing, JobProgress, JobEnded, Trouble)
"""What is to be heard also while another screen is in front: a feeder goes on meanwhile."""


class ScanWatch(QObject):
    """Starts scans and follows them to their ends. The officer's eye follows one scanner, or none."""

    came = Signal()
    """A page arrived, or left the row of those that are on their way."""

    ended = Signal()
    """The scan that was followed ended."""

    def __init__(self, station: Station, stopped: StoppedPanel) -> None:
        """Follow nothing yet; `stopped` says what a scanner stopped at."""
        super().__init__()
        self.scanners, self.coming, self.stopped = Scanners(), Coming(), stopped
        self.source: Source | None = None
        """Where the officer took paper from last; None for the usual place of its kind."""
        self._station = station
        self._visit_id = ""
        self._followed = ""
        self._away = False
        self._ours: set[str] = set()
        self._newest: Pixels | None = None
        self._devices: tuple[DeviceView, ...] = ()
        self._heard: dict[type[object], Callable[[Any], None]] = {
            JobStarted: self._started,
            PageComing: self._coming,
            JobProgress: self._progressed,
            JobEnded: self._ended,
        }

    @property
    def follows(self) -> bool:
        """The newest page of a running scan is to be looked at."""
        return self._followed in self.scanners.running

    @property
    def newest(self) -> Pixels | None:
        """The picture of the newest page of the scan that is followed, while it is not on the record."""
        return self._newest if self.follows else None

    def begin(self, visit_id: str) -> None:
        """Another visit, or none: nothing of the former is followed any more."""
        self._visit_id = visit_id
        self.source = None
        self._followed, self._newest, self._away = "", None, False
        self._ours.clear()
        self.scanners.clear()
        self.coming.clear()
        self.stopped.hide()

    # -- commands ---------------------------------------------------------------------------------------------

    def scan(self, item: str, source: Source | None, replacing: str = "") -> None:
        """Scan pages of an item, or one anew in its place."""
        if not self.scanners.asked:
            self._away = False
            self.scanners.ask(item)
            self._station.scan(AttachmentKind.DOCUMENT, item=item, source=source, replacing=replacing)

    def go_on(self, item: str) -> None:
        """Continue the scan that was stopped."""
        if not self.scanners.asked:
            self._away = False
            self.scanners.ask(item)
            self._station.go_on()

    def says(self, event: JobEnded) -> bool:
        """Tell whether it is said in place how this scan ended: it was begun here, and can go on."""
        began_here = event.job is Job.SCAN and event.device in self._ours
        return began_here and event.can_go_on and event.error is not None

    def look_away(self) -> None:
        """The officer looks at something else: pages that come in take the eye no more."""
        self._followed, self._away = "", True

    # -- what happens -----------------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        """Take an event; those of another visit are nobody's."""
        if isinstance(event, DevicesChanged):
            self._devices = event.devices
            self.scanners.changed(event.devices)
        elif isinstance(event, Trouble):
            self.scanners.refused()
        elif getattr(event, "visit_id", None) == self._visit_id and (do := self._heard.get(type(event))):
            do(event)

    def took(self, pages: Iterable[Attachment]) -> list[Attachment]:
        """Pages came onto the record; return those that the officer's eye follows."""
        came = list(pages)
        self.coming.stored(page.provenance.device for page in came)
        mine = [page for page in came if page.provenance.device == self._followed and self.follows]
        if mine and not self.coming.of_device(self._followed):
            self._newest = None
        return mine

    def _started(self, event: JobStarted) -> None:
        if event.job is Job.SCAN:
            if not self._away and (self.scanners.asked or not self.follows):
                self._followed, self._newest = event.device, None
            if self.scanners.asked:
                self._ours.add(event.device)
            else:
                self._ours.discard(event.device)
            self.scanners.started(event.device)
            self.stopped.hide()

    def _coming(self, event: PageComing) -> None:
        self.coming.arrived(event)
        if event.device == self._followed:
            self._newest = event.thumbnail
        self.came.emit()

    def _progressed(self, event: JobProgress) -> None:
        if event.job is Job.SCAN:
            self.coming.delivered(event.device)
            if event.device == self._followed and not self.coming.of_device(event.device):
                self._newest = None
            self.came.emit()

    def _ended(self, event: JobEnded) -> None:
        if event.job is not Job.SCAN:
            return
        followed = event.device == self._followed
        self.scanners.ended(event.device)
        self.coming.ended(event.device)
        if event.error is not None and self.says(event):
            self.stopped.say(event.error, event.done, self._name_of(event.device))
        if followed:
            self._followed, self._newest = "", None
            self.ended.emit()
        else:
            self.came.emit()

    def _name_of(self, device: str) -> str:
        return next((view.info.name for view in self._devices if view.info.id == device), "")
