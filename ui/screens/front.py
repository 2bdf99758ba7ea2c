"""What stands before the stage: sign-in, lock and first start while nobody is at work; accounts."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTime, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget

from station.errors import NotAllowed
from station.flow.events import (
    AccountsListed,
    Event,
    Notice,
    SecondPerson,
    SessionChanged,
    SignInRefused,
    Standing,
    Trouble,
)
from station.flow.options import Options
from station.flow.people import People
from station.model.officer import Officer, Right
from ui.actions import Actions, Command
from ui.bridge import Bridge
from ui.screens.accounts import AccountsScreen
from ui.screens.applicant_view import ApplicantView
from ui.screens.first_run import FirstRunScreen
from ui.screens.lock import LockScreen
from ui.screens.second_person import SecondPersonDialog
from ui.screens.sign_in import SignInScreen
from ui.screens.stage import Stage
from ui.wording.errors import word
from ui.wording.remarks import notice

_SIGNS = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
     QEvent.Type.TouchBegin}
)  # fmt: skip
"""What shows that somebody is there."""

_TOUCH_MS = 1000
"""The station is told no more often than this."""


class Front(QStackedWidget):
    """The stage, or what stands before it. What is covered is told nothing and can do nothing.

    Without `Options.sign_in` it is the stage alone.
    """

    def __init__(
        self, stage: Stage, people: People, bridge: Bridge, actions: Actions, options: Options
    ) -> None:
        """Show the stage until the station says who is there."""
        super().__init__()
        self._stage, self._people, self._actions = stage, people, actions
        self._session = SessionChanged(Standing.NOBODY)
        self._dialog: SecondPersonDialog | None = None
        self._blanked: list[ApplicantView] = []
        self._resting: list[QAction] = []
        self._touched = QTime.currentTime()
        self.first_run = FirstRunScreen(people, options.station)
        self.sign_in = SignInScreen(people, options.station)
        self.lock_screen = LockScreen(people)
        self.accounts = AccountsScreen(people, actions)
        self.accounts.closed.connect(self._uncover)
        self._handlers: dict[type[object], Callable[[Any], None]] = {
            SessionChanged: self._session_changed,
            SignInRefused: self._refused,
            SecondPerson: self._second_person,
            AccountsListed: lambda event: self.accounts.show_accounts(event.officers),
            Notice: self._notice,
            Trouble: self._trouble,
        }
        for page in (stage, self.first_run, self.sign_in, self.lock_screen, self.accounts):
            self.addWidget(page)
        commands: dict[Command, Callable[[], None]] = {
            Command.LOCK: self.lock,
            Command.ACCOUNT: self._show_accounts,
            Command.SIGN_OUT: self._sign_out,
        }
        for command, do in commands.items():
            action = actions[command]
            action.setVisible(options.sign_in)
            action.setEnabled(False)
            action.triggered.connect(lambda _=False, do=do: do())
            self.addAction(action)
        bridge.happened.connect(self._hear)
        if options.sign_in:
            stage.who.show_officer("")
            stage.who.add_tool(actions[Command.ACCOUNT])
            stage.who.add_tool(actions[Command.LOCK])
            app = QApplication.instance()
            if app is not None:
                app.installEventFilter(self)

    @property
    def covers(self) -> bool:
        """Something stands before the stage."""
        return self.currentWidget() is not self._stage

    def swallows(self, event: Event) -> bool:
        """Tell whether an event is said here and nowhere else."""
        return self.covers and isinstance(event, Trouble | Notice)

    def lock(self) -> None:
        """Hide everything now, and tell the station."""
        if self._session.standing is Standing.AT_WORK:
            self.lock_screen.lock(self._session)
            self._cover(self.lock_screen)
            self._people.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that somebody is there."""
        if event.type() in _SIGNS and self._touched.msecsTo(QTime.currentTime()) not in range(_TOUCH_MS):
            self._touched = QTime.currentTime()
            self._people.touch()
        return False

    # -- what the station says --------------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, event: Event) -> None:
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _session_changed(self, event: SessionChanged) -> None:
        at_work = event.standing is Standing.AT_WORK
        before, self._session = self._session.officer, event
        for command in (Command.LOCK, Command.ACCOUNT, Command.SIGN_OUT):
            self._actions[command].setEnabled(at_work)
        self._stage.who.show_officer(event.officer.name if event.officer is not None else "")
        if event.standing is Standing.LOCKED:
            self.lock_screen.lock(event)
            if self.currentWidget() is not self.sign_in:  # there whoever locked is signing out
                self._cover(self.lock_screen)
        elif not at_work:
            self._cover(self.first_run if event.standing is Standing.SET_UP else self.sign_in)
        elif self.currentWidget() is not self.accounts:
            self._uncover()
            self._lead(event.officer, before)

    def _lead(self, officer: Officer | None, before: Officer | None) -> None:
        """Take those who see no applicants to what they are here for."""
        if officer is not None and officer != before and Right.VISIT not in officer.rights:
            to = Command.CALIBRATE if Right.CALIBRATE in officer.rights else Command.ACCOUNT
            self._actions[to].setEnabled(True)
            self._actions[to].trigger()

    def _refused(self, event: SignInRefused) -> None:
        page = self.currentWidget()
        if self._dialog is not None:
            self._dialog.refuse(event)
        elif page is self.sign_in or page is self.lock_screen:
            page.refuse(event)
        elif page is self.accounts:
            self.accounts.refusal.show_refusal(event)

    def _second_person(self, event: SecondPerson) -> None:
        self._close_dialogs()
        if event.asked:
            self._dialog = SecondPersonDialog(self.window(), self._people, event)
            self._dialog.declined.connect(self._people.decline_second)
            self._dialog.open()
        else:
            self.window().activateWindow()  # without a window manager nobody gives the keyboard back

    def _notice(self, event: Notice) -> None:
        if self.currentWidget() is self.accounts:
            self.accounts.say(notice(event).text, "good")

    def _trouble(self, event: Trouble) -> None:
        page = self.currentWidget()
        if isinstance(event.error, NotAllowed) and page is not self.accounts:
            return  # a command that was on its way when all was covered
        if page is self.first_run:
            self.first_run.say(event.error)
        elif page is self.sign_in or page is self.lock_screen:
            page.card.answered()
            page.card.refusal.say(word(event.error).text)
        elif page is self.accounts:
            self.accounts.say(word(event.error).text)

    # -- covering ---------------------------------------------------------------------------------------------

    def _cover(self, page: QWidget) -> None:
        """Put a page before everything: dialogs and the applicant's window are gone with the stage."""
        if self.currentWidget() is page:
            return
        self._close_dialogs()
        if not self.covers:
            self._resting = [action for action in self.window().actions() if action.isEnabled()]
            for action in self._resting:
                action.setEnabled(False)
        for view in self.window().findChildren(ApplicantView):
            if view.isVisible():
                self._blanked.append(view)
                view.hide()
        self._forget()
        self.setCurrentWidget(page)
        if isinstance(page, FirstRunScreen | SignInScreen | LockScreen):
            page.begin()

    def _uncover(self) -> None:
        self._forget()
        self.setCurrentWidget(self._stage)
        for action in self._resting:
            action.setEnabled(True)
        blanked, self._blanked = self._blanked, []
        for view in blanked:
            view.open()

    def _forget(self) -> None:
        for page in (self.first_run, self.sign_in, self.lock_screen, self.accounts):
            page.clear()

    def _close_dialogs(self) -> None:
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None
        for dialog in self.window().findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()

    def _show_accounts(self) -> None:
        if self._session.officer is not None:
            self._cover(self.accounts)
            self.accounts.show_person(self._session.officer)

    def _sign_out(self) -> None:
        self._cover(self.sign_in)
        self._people.sign_out()
