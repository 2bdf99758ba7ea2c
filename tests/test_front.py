"""What stands before the window while nobody is at work, worked as people work it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from station.flow.events import AccountsListed, SecondPerson, Standing
from station.flow.options import Options
from station.model.officer import Role
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import PaperKind
from station.model.swipe import Framing
from station.model.visit import Step
from tests.kiosk import kiosk
from tests.peopled import ODA, QUICK, ROSA, SECRETS, TOM, Clock, account, employ
from tests.window import PATIENCE_MS, Seat, swept_here
from ui.actions import Command
from ui.app import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.screens.applicant_view import ApplicantView
from ui.screens.front import Front


class Chair(Seat):
    """The chair before a station where people sign in."""

    @property
    def front(self) -> Front:
        """What may stand before the stage."""
        return self.window.front

    def write(self, line: QLineEdit, text: str) -> None:
        """Type into a field, key by key."""
        line.setFocus()
        self.qtbot.keyClicks(line, text)

    def sign_in(self, name: str, password: str = "") -> None:
        """Sign in at the empty station."""
        page = self.front.sign_in
        self.until(lambda: self.front.currentWidget() is page)
        page.clear()
        self.write(page.name.line, name)
        self.press(Qt.Key.Key_Return)
        self.qtbot.keyClicks(page.password.line, password or SECRETS[name])
        self.qtbot.keyClick(page.password.line, Qt.Key.Key_Return)

    def until_at_work(self) -> None:
        """Wait until nothing stands before the stage."""
        self.until(lambda: not self.front.covers)

    def lock(self) -> None:
        """Lock by the key and wait until the station knows."""
        self.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert self.front.covers, "hidden at once"
        self.until(lambda: self.window.front._session.standing is Standing.LOCKED)


@contextmanager
def chair(qtbot: Any, folder: Path, *names: str, **facts: Any) -> Iterator[Chair]:
    """Open the window on a station where these people have accounts."""
    if names:
        employ(folder, *names)
    make_application([], "light")
    bridge, clock = Bridge(), Clock()
    people = {
        "sign_in": True,
        "now": lambda: clock.now,
        "ticks": lambda: clock.ticks,
        "practice": True,
        **facts,
    }
    with swept_here(), kiosk(folder, ear=bridge.post, hashing=QUICK, **people) as at:
        window = MainWindow(at.station, bridge, Options(sign_in=True, keys=facts.get("keys", Framing())))
        window.resize(1366, 768)
        window.show()
        seat = Chair(window, at, qtbot)
        try:
            with qtbot.waitActive(window, timeout=PATIENCE_MS):
                window.activateWindow()
            at.ready()
            seat.until(lambda: seat.front.covers)
            yield seat
        finally:
            window.close()
            qtbot.waitUntil(lambda: window.closed, timeout=PATIENCE_MS)
            window.deleteLater()


def test_the_first_start_leads_to_the_desk(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path) as seat:
        page = seat.front.first_run
        assert seat.front.currentWidget() is page
        for newcomer, name in ((page.supervisor, ROSA), (page.officer, ODA)):
            assert not page.take.isEnabled()
            seat.write(newcomer.name.line, name)
            seat.write(newcomer.password.line, "plain")
            assert newcomer.password.hint == "5 of 12 characters, or 4 words."
            newcomer.password.clear()
            seat.write(newcomer.password.line, SECRETS[name])
            assert newcomer.password.hint == "Long enough."
            seat.write(newcomer.again.line, "something else")
            assert newcomer.again.hint == "This is another password."
            newcomer.again.clear()
            seat.write(newcomer.again.line, SECRETS[name])
        seat.qtbot.keyClick(page.officer.again.line, Qt.Key.Key_Return)
        seat.until_at_work()
        seat.open("V000123456")
        assert ODA in seat.texts()
        assert SECRETS[ODA] not in seat.entries()


def test_a_name_that_is_taken_is_said_where_it_was_typed(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path) as seat:
        page = seat.front.first_run
        for newcomer, secret in ((page.supervisor, SECRETS[ROSA]), (page.officer, SECRETS[ODA])):
            newcomer.name.line.setText(ROSA)
            newcomer.password.line.setText(secret)
            newcomer.again.line.setText(secret)
        page.take.click()
        seat.until(lambda: page.refusal.text)
        assert "has this name already" in page.refusal.text
        assert page.take.isEnabled()


def test_signing_in_by_keys_alone(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        page = seat.front.sign_in
        assert "Eriksson" not in seat.texts()
        seat.sign_in(ODA, "not her password")
        seat.until(lambda: page.card.refusal.text)
        assert page.card.refusal.text == "Name and password do not belong together."
        assert page.password.text == ""
        assert page.name.text == ODA
        seat.sign_in(ODA)
        seat.until_at_work()
        assert seat.window.windowTitle()
        seat.until(lambda: "ERIKSSON" in _rows(seat))


def _rows(seat: Chair) -> str:
    table = seat.window._desk.table
    return " ".join(str(table.model().index(row, 0).data()) for row in range(table.model().rowCount()))


def test_a_wait_counts_down_and_then_lets_go(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        page = seat.front.sign_in
        for _ in range(2):
            seat.sign_in(ODA, "not her password")
            seat.until(lambda: page.card.refusal.text)
        seat.sign_in(ODA, "not her password")
        seat.until(lambda: page.card.refusal.waits)
        page.password.line.setText(SECRETS[ODA])
        assert not page.card.take.isEnabled()
        assert "The next one is taken in 5 seconds." in page.card.refusal.text
        for _ in range(5):
            page.card.refusal._count()
        assert page.card.refusal.text == ""
        assert page.card.take.isEnabled()


def test_caps_lock_is_noticed_by_what_it_does(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        field = seat.front.sign_in.password
        field.line.setFocus()
        none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
        for text, modifier, on in (
            ("A", shift, False),
            ("A", none, True),
            ("a", none, False),
            ("a", shift, True),
        ):
            key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text)
            QApplication.sendEvent(field.line, key)
            assert (field.hint == "Caps Lock is on.") is on, (text, modifier)
        seat.front.sign_in.name.line.setFocus()
        assert field.hint == ""


def test_a_password_can_be_looked_at_and_is_hidden_again(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        field = seat.front.sign_in.password
        assert field.line.echoMode() is QLineEdit.EchoMode.Password
        field.eye.click()
        assert field.line.echoMode() is QLineEdit.EchoMode.Normal
        field.clear()
        assert field.line.echoMode() is QLineEdit.EchoMode.Password


def test_a_password_for_once_is_replaced_at_the_sign_in(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ROSA) as seat:
        seat.sign_in(ROSA)
        seat.until_at_work()
        seat.do(Command.ACCOUNT)
        page = seat.front.accounts
        seat.until(lambda: page.list.count() == 2)
        detail = page.detail
        detail.roles[Role.OFFICER].setChecked(False)
        detail.roles[Role.TECHNICIAN].setChecked(True)
        seat.write(detail.name.line, TOM)
        seat.write(detail.password.line, "for this once only")
        detail.add.click()
        seat.until(lambda: page.list.count() == 3)
        assert "Technician" in page.list.item(2).text()
        seat.do(Command.SIGN_OUT)
        door = seat.front.sign_in
        seat.until(lambda: seat.front.currentWidget() is door)
        assert TOM not in seat.entries()
        seat.sign_in(TOM, "for this once only")
        seat.until(lambda: not door.new.isHidden())
        assert door.password.text == "for this once only"
        seat.write(door.new.line, SECRETS[TOM])
        qtbot.keyClick(door.new.line, Qt.Key.Key_Return)
        seat.until_at_work()
        seat.until(lambda: seat.screen is seat.window._calibration)


def test_the_lock_covers_everything_at_once_and_the_visit_is_there_again(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ROSA, ODA) as seat:
        seat.sign_in(ODA)
        seat.until_at_work()
        seat.open("V000123456")
        seat.kiosk.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
        seat.until(seat.pictures)
        seat.kiosk.station.enter(Step.PORTRAIT)
        seat.until_step(Step.PORTRAIT)
        switch = seat.window.actions_by_command[Command.APPLICANT_SCREEN]
        switch.trigger()
        (view,) = seat.window.findChildren(ApplicantView)
        seat.until(view.isVisible)
        dialog = QDialog(seat.window)
        dialog.show()

        seat.lock()
        assert not view.isVisible()
        assert not dialog.isVisible()
        assert not seat.window._stage.isVisible()
        seat.until(lambda: not seat.pictures())
        assert "ERIKSSON" not in seat.texts().upper()
        assert not view.holds_picture
        for command in (Command.LEAVE, Command.STEP_REVIEW, Command.CALIBRATE, Command.LOCK, Command.ACCOUNT):
            assert not seat.window.actions_by_command[command].isEnabled()

        page = seat.front.lock_screen
        page.other.click()
        seat.write(page.name.line, ROSA)
        seat.write(page.secret.line, SECRETS[ROSA])
        qtbot.keyClick(page.secret.line, Qt.Key.Key_Return)
        seat.until_at_work()
        seat.until_step(Step.PORTRAIT)
        seat.until(lambda: "ERIKSSON" in seat.texts().upper())
        assert ROSA in seat.texts()
        assert view.isVisible()
        seat.until(lambda: seat.window.actions_by_command[Command.STEP_REVIEW].isEnabled())
        switch.trigger()


def test_a_pin_that_was_given_on_the_page_of_accounts_opens_the_lock(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        seat.sign_in(ODA)
        seat.until_at_work()
        seat.do(Command.ACCOUNT)
        page, lock = seat.front.accounts, seat.front.lock_screen
        own = page.own
        own.password.line.setText(SECRETS[ODA])
        own.pin.line.setText("1234")
        own.change_pin.click()
        seat.until(lambda: "guessed first" in page.refusal.text)
        own.password.line.setText(SECRETS[ODA])
        own.pin.line.setText("2580")
        own.change_pin.click()
        seat.until(lambda: "Your PIN opens" in page.refusal.text)
        page.close_button.click()
        assert not seat.front.covers
        seat.lock()
        assert lock.secret.line.accessibleName() == "PIN or password"
        for pin, said in (("8520", "This is not the PIN."), ("2580", "")):
            seat.write(lock.secret.line, pin)
            qtbot.keyClick(lock.secret.line, Qt.Key.Key_Return)
            seat.until(lambda said=said: lock.card.refusal.text if said else not seat.front.covers)
            assert lock.card.refusal.text == said


def test_a_supervisor_signs_in_the_officers_window(qtbot: Any, tmp_path: Path):
    asks = frozenset({Override.OBVIOUS})
    with chair(qtbot, tmp_path, ROSA, ODA, second_person=asks) as seat:
        seat.sign_in(ODA)
        seat.until_at_work()
        seat.open("V000123456")
        at = seat.kiosk
        at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
        page = at.visit.pages[0].attachment.id
        note = OverrideNote(Override.OBVIOUS, "original_is_so")
        at.station.keep(page, note)
        seat.until(lambda: seat.front._dialog)
        seat.front._dialog.reject()  # as Escape does
        seat.until(lambda: not seat.front._dialog)
        at.station.keep(page, note)
        seat.until(lambda: seat.front._dialog)
        dialog = seat.front._dialog
        assert dialog is not None
        dialog.name.line.setText(ROSA)
        dialog.reason.line.setText("the original is torn")
        for secret in ("not hers", SECRETS[ROSA]):
            dialog.password.line.setText(secret)
            qtbot.keyClick(dialog.password.line, Qt.Key.Key_Return)
            seat.until(lambda s=secret: dialog.card.refusal.text if s == "not hers" else not seat.front._dialog)
        seat.until(lambda: at.visit.pages[0].attachment.override)
        assert at.visit.pages[0].attachment.override.second == ROSA
        assert seat.front._session.officer.name == ODA
        assert at.until(SecondPerson)


def test_accounts_are_closed_and_their_roles_changed(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ROSA, ODA) as seat:
        seat.sign_in(ROSA)
        seat.until_at_work()
        seat.do(Command.ACCOUNT)
        page = seat.front.accounts
        seat.until(lambda: page.list.count() == 3)
        page.list.setCurrentRow(1)
        assert not page.detail.save.isEnabled()
        page.detail.enabled.setChecked(False)
        page.detail.save.click()
        seat.until(lambda: page.list.item(1).text().endswith("closed"))
        assert page.list.currentRow() == 1
        page.list.setCurrentRow(2)
        page.detail.enabled.setChecked(False)
        page.detail.save.click()
        seat.until(lambda: "keeps the accounts" in page.refusal.text)
        (last,) = [e for e in seat.kiosk.events if isinstance(e, AccountsListed)][-1:]
        assert [one.enabled for one in last.officers] == [False, True]


def test_an_officer_sees_only_the_own_secrets(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ODA) as seat:
        seat.sign_in(ODA)
        seat.until_at_work()
        seat.do(Command.ACCOUNT)
        assert seat.front.accounts.own.isVisible()
        assert not seat.front.accounts.list.isVisible()


@pytest.mark.parametrize("page", ["first_run", "sign_in", "lock_screen", "accounts"])
def test_every_field_and_button_has_a_name_and_room_for_a_finger(qtbot: Any, tmp_path: Path, page: str):
    names: Callable[[], tuple[str, ...]] = lambda: () if page == "first_run" else (ROSA,)  # noqa: E731
    with chair(qtbot, tmp_path, *names()) as seat:
        if page != "first_run":
            seat.sign_in(ROSA)
            seat.until_at_work()
            if page == "accounts":
                seat.do(Command.ACCOUNT)
                seat.until(lambda: seat.front.accounts.list.count())
            else:
                seat.lock()
                if page == "sign_in":
                    seat.kiosk.station.people.sign_out()
                    seat.until(lambda: seat.front.currentWidget() is seat.front.sign_in)
        assert seat.front.currentWidget() is getattr(seat.front, page)
        QApplication.processEvents()
        for widget in seat.focusable():
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
            assert widget.height() >= 44 or "indicator" in str(widget), (widget, widget.height())


def test_a_station_without_sign_in_shows_nothing_of_it(qtbot: Any, tmp_path: Path):
    from tests.window import window_on

    with window_on(qtbot, tmp_path) as seat:
        assert not seat.window.front.covers
        for command in (Command.LOCK, Command.ACCOUNT, Command.SIGN_OUT):
            assert not seat.window.actions_by_command[command].isVisible()
        assert account(TOM).name not in seat.texts()
