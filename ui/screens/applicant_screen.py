"""The applicant's screen as the portrait's screen works it: opened by a switch, remembered, fed, made blank."""

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from ui.pictures import Picture
from ui.screens.applicant_view import ApplicantView
from ui.theme import Tone

_OPEN = "portrait/applicant_screen"


class ApplicantScreen(QObject):
    """Holds the applicant's window while its switch is on, and tells it what the portrait's screen says."""

    def __init__(self, screen: QWidget, switch: QAction) -> None:
        """Follow this switch; the window belongs to the window that the screen is in by then."""
        super().__init__(screen)
        self._screen, self._switch = screen, switch
        self._memory: QSettings | None = None
        self._last: tuple[tuple[str, ...], Tone, float] | None = None
        self._thanked = False
        self.view: ApplicantView | None = None
        switch.setCheckable(True)

    def remember(self, memory: QSettings) -> None:
        """Open the window where it was open the last time, and keep from now on whether it is."""
        self._memory = memory
        self._switch.setChecked(memory.value(_OPEN, False, bool) is True)
        self.follow_switch()

    def follow_switch(self) -> None:
        """Open or close the window as the switch stands."""
        if self._memory is not None:
            self._memory.setValue(_OPEN, self._switch.isChecked())
        if not self._switch.isChecked():
            if self.view is not None:
                self.view.close()
            return
        if self.view is None:
            self.view = ApplicantView(self._screen.window())
            self.view.closed.connect(self._closed)
        self.view.open()
        self._say_again()

    # -- what is shown ----------------------------------------------------------------------------------------

    def blank(self) -> None:
        """Show nothing, at once."""
        self._last, self._thanked = None, False
        self._say_again()

    def thank(self) -> None:
        """Say thank you: a portrait was taken."""
        self._last, self._thanked = None, True
        self._say_again()

    def guide(self, lines: tuple[str, ...], tone: Tone, held: float) -> None:
        """Show the mirror with this advice."""
        self._last, self._thanked = (lines, tone, held), False
        self._say_again()

    def mirror(self, picture: Picture | None) -> None:
        """Hand a frame on."""
        if self.view is not None and self.view.isVisible():
            self.view.mirror(picture)

    def _say_again(self) -> None:
        view = self.view
        if view is None or not view.isVisible():
            return
        if self._last is not None:
            view.guide(*self._last)
        elif self._thanked:
            view.thank()
        else:
            view.blank()

    def _closed(self) -> None:
        """The window was closed by its own button or with the officer's; only the former is remembered."""
        if self._screen.window().isVisible():
            self._switch.setChecked(False)
            if self._memory is not None:
                self._memory.setValue(_OPEN, False)
