"""What every screen is: it shows the visit as it was posted last, and offers what can be done now."""

from dataclasses import dataclass

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from station.flow.events import DevicesChanged, Event, Job, JobEnded
from station.flow.station import Station
from station.flow.views import VisitView
from station.model.visit import Step
from ui.actions import Actions, Command


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bottom bar shows: one primary action (or none, with the reason why), smaller ones beside it."""

    primary: QAction | None
    hint: str = ""
    secondary: tuple[QAction, ...] = ()


class Screen(QWidget):
    """A page in the middle of the window. The window calls; a screen never reaches for the window.

    A screen gives commands to the station and keeps nothing that a `VisitView` holds. `offer_changed` asks the
    window to call `offer` again; the window also does so after every event.
    """

    step: Step | None = None
    offer_changed = Signal()

    hears_always: tuple[type[object], ...] = (DevicesChanged,)
    """Events that the screen follows also while another one is in front."""

    works_beside: frozenset[Job] = frozenset({Job.EXPORT})
    """Long work that leaves the screen to the officer."""

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; nothing of a visit is there yet."""
        super().__init__()
        self.station = station
        self.actions_of_window = actions
        self.visit: VisitView | None = None

    def show_visit(self, visit: VisitView | None) -> None:
        """Show this visit in place of whatever was shown; None clears every trace of the one before."""
        self.visit = visit

    def hear(self, event: Event) -> None:
        """Take an event other than `VisitChanged` while this screen is shown."""

    def enter(self) -> None:
        """The screen comes to the front."""

    def leave(self) -> None:
        """The screen goes to the back: live work ends here."""

    def remember(self, memory: QSettings) -> None:
        """Take up again what the officer chose on this screen before, and keep it from now on."""

    def offer(self) -> Offer:
        """Say what can be done now."""
        return Offer(None)

    def tells(self, event: JobEnded) -> bool:
        """Tell whether the screen itself says what went wrong; else the window does."""
        return False

    def scanning_action(self) -> QAction | None:
        """Return what a key on a scanner sets off now, None when nothing is to be scanned."""
        mine = [self.actions_of_window[command] for command in _SCANS]
        return next((action for action in mine if action in self.actions() and action.isEnabled()), None)


_SCANS = (Command.SCAN_PAPERS, Command.SCAN_PASSPORT, Command.SCAN_LETTER, Command.SCAN_TARGET)
"""The first of these that can be had is what a key on a scanner means."""
