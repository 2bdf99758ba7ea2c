"""A reader that types like a keyboard: no key of a frame reaches a widget, and every typed key does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QDialog,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from station.model.swipe import Framing
from station.model.visit import Step
from tests.kiosk import ANNA
from tests.reader_contract import ANNAS, BORIS
from tests.window import PATIENCE_MS, Seat, window_on
from ui.actions import Command
from ui.wedge import PAUSE_MS, Wedge

FRAME = f"~{ANNAS[0]}\r{ANNAS[1]}\r"
DOCUMENT = "\r".join(ANNAS), True


class Witness(QObject):
    """Counts the key presses that reach a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:  # noqa: N802 (the name is Qt's)
        if isinstance(event, QKeyEvent) and event.type() != QEvent.Type.ShortcutOverride:
            self.seen.append(event.text())
        return False


class Room:
    """A window with a field, a button and a list, and a wedge that watches."""

    def __init__(self, qtbot: Any, keys: Framing) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.field, self.button, self.list = QLineEdit(), QPushButton("Press"), QListWidget()
        self.list.addItems(["L one", "P two", "K three"])
        column = QVBoxLayout(self.window)
        self.fired: list[str] = []
        self.button.clicked.connect(lambda: self.fired.append("button"))
        for part in (self.field, self.button, self.list):
            column.addWidget(part)
        for key in ("Space", "Alt+S", "Shift+P", "L"):
            action = QAction(self.window)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _=False, key=key: self.fired.append(key))
            self.window.addAction(action)
        self.frames: list[tuple[str, bool]] = []
        self.wedge = Wedge(keys, self.window)
        self.wedge.taken.connect(lambda text, whole: self.frames.append((text, whole)))
        QApplication.instance().installEventFilter(self.wedge)
        self.witness = Witness()
        for part in (self.field, self.button, self.list):
            part.installEventFilter(self.witness)
        with qtbot.waitActive(self.window, timeout=PATIENCE_MS):
            self.window.show()
            self.window.activateWindow()

    def type(self, text: str) -> None:
        """Type as a reader does, key by key, where the focus is."""
        for sign in text:
            target = QApplication.focusWidget() or QApplication.activeWindow() or self.window
            key = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_Enter}.get(sign)
            if key is not None:
                QTest.keyClick(target, key)
            else:
                QTest.keyClicks(target, sign)

    def pause(self) -> None:
        """Wait until the wedge has let go of everything."""
        self.qtbot.waitUntil(lambda: not self.wedge.holds, timeout=PATIENCE_MS)


@pytest.fixture
def room(qtbot: Any) -> Iterator[Room]:
    made = Room(qtbot, Framing(b"~", b"\r"))
    yield made
    QApplication.instance().removeEventFilter(made.wedge)


@pytest.mark.parametrize("focus", ["field", "button", "list", None])
def test_a_frame_is_taken_whole_and_reaches_nothing(room: Room, focus: str | None) -> None:
    if focus is None:
        for part in (room.field, room.button, room.list):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            part.clearFocus()
        assert QApplication.focusWidget() is None
    else:
        getattr(room, focus).setFocus()
    row = room.list.currentRow()
    room.type(FRAME)
    room.pause()
    assert room.frames == [DOCUMENT]
    assert room.field.text() == "" and room.fired == [] and room.list.currentRow() == row
    assert [sign for sign in room.witness.seen if sign] == []


def test_what_is_typed_before_and_after_a_frame_stays(room: Room) -> None:
    room.field.setFocus()
    room.type("before")
    room.type(FRAME)
    room.pause()
    room.type("after")
    assert room.field.text() == "beforeafter"


def test_a_frame_during_a_modal_dialog_reaches_nothing_of_it(room: Room) -> None:
    dialog = QDialog(room.window)
    field = QLineEdit(dialog)
    dialog.setModal(True)
    with room.qtbot.waitActive(dialog, timeout=PATIENCE_MS):
        dialog.show()
        dialog.activateWindow()
    field.setFocus()
    room.type(FRAME)
    room.pause()
    assert room.frames == [DOCUMENT]
    assert field.text() == "" and dialog.isVisible()
    dialog.close()


def test_a_prefix_that_a_person_types_is_given_back_in_its_place(room: Room) -> None:
    room.field.setFocus()
    room.type("a~b")
    room.pause()
    room.type("c")
    assert (room.field.text(), room.frames) == ("a~bc", [])


def test_keys_that_come_after_a_pause_by_the_keyboards_clock_are_not_held(room: Room) -> None:
    room.field.setFocus()

    def press(sign: str, stamp: int) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, ord(sign.upper()), Qt.KeyboardModifier.NoModifier, sign)
            event.setTimestamp(stamp)
            QApplication.sendEvent(room.field, event)

    press("~", 1000)
    press("x", 1000 + PAUSE_MS + 1)
    assert (room.field.text(), room.wedge.holds) == ("~x", False)


def test_half_a_document_is_handed_on_and_put_into_no_field(room: Room) -> None:
    room.field.setFocus()
    room.type(FRAME[:60])
    room.pause()
    assert (room.field.text(), room.frames) == ("", [(FRAME[1:60], False)])


def test_a_frame_without_end_is_held_to_its_last_key_and_not_kept(room: Room) -> None:
    room.field.setFocus()
    room.type("~" + "A" * 900)
    room.pause()
    assert room.field.text() == ""
    assert [(len(text), whole) for text, whole in room.frames] == [(599, False)]


def test_a_prefix_key_that_is_held_down_repeats_as_ever(room: Room) -> None:
    room.field.setFocus()
    for repeats in (False, True, True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_AsciiTilde, Qt.KeyboardModifier.NoModifier, "~", repeats
        )
        QApplication.sendEvent(room.field, event)
        room.pause()
    assert (room.field.text(), room.frames) == ("~~~", [])


def test_keys_with_a_shortcut_fire_it_unless_a_frame_holds_them(room: Room) -> None:
    room.field.setFocus()
    room.type("~L 1 P\r")
    room.pause()
    assert (room.fired, room.frames, room.field.text()) == ([], [("L 1 P", True)], "")
    room.button.setFocus()
    QTest.keyClick(room.button, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert room.fired == ["Alt+S"]


def test_a_button_is_pressed_by_space_again_after_a_frame(room: Room) -> None:
    room.button.setFocus()
    for action in room.window.actions():
        room.window.removeAction(action)
    room.type("~L1 \r")
    room.pause()
    assert room.fired == []
    QTest.keyClick(room.button, Qt.Key.Key_Space)
    assert room.fired == ["button"]


def test_marks_may_be_control_characters_that_are_shortcuts_too(qtbot: Any) -> None:
    room = Room(qtbot, Framing(b"\x02", b"\x03"))
    stop = QAction(room.window)
    stop.setShortcut(QKeySequence("Ctrl+B"))
    stop.triggered.connect(lambda: room.fired.append("Ctrl+B"))
    room.window.addAction(stop)
    room.field.setFocus()
    for key, text in ((Qt.Key.Key_B, "\x02"), (Qt.Key.Key_L, "L"), (Qt.Key.Key_1, "1"), (Qt.Key.Key_C, "\x03")):
        control = text < " "
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(room.field, QKeyEvent(kind, key, held, text))
    room.pause()
    assert (room.frames, room.fired, room.field.text()) == ([("L1", True)], [], "")
    QApplication.instance().removeEventFilter(room.wedge)


def test_nothing_of_a_frame_stands_in_a_repr(room: Room) -> None:
    room.type(FRAME[:40])
    assert "ERIKSSON" not in repr(room.wedge)
    room.pause()
    assert "ERIKSSON" not in str(vars(room.wedge))


def typed_into(at: Seat) -> list[str]:
    """What stands in the fields of the window, without those that hold a number from the start."""
    fields = at.window.findChildren(QLineEdit)
    return [
        field.text() for field in fields if field.text() and not isinstance(field.parent(), QAbstractSpinBox)
    ]


# -- in the real window ----------------------------------------------------------------------------------------


def test_a_swiped_passport_opens_its_record_from_the_desk_and_another_persons_stops_the_visit(
    qtbot: Any, tmp_path: Path
) -> None:
    with window_on(qtbot, tmp_path, keys=Framing(b"~", b"\r")) as at:
        at.type(FRAME.replace("\r", "\n"))
        at.until_step(Step.IDENTIFY)
        at.until(lambda: at.kiosk.visit.passport and at.kiosk.visit.passport.mrz)
        assert at.kiosk.visit.record.application_number == ANNA.application_number
        assert not typed_into(at)
        at.type(f"~{BORIS[0]}\n{BORIS[1]}\n")
        at.until(lambda: at.kiosk.visit.match and at.kiosk.visit.match.stops)
        assert at.kiosk.visit.record.application_number == ANNA.application_number
        assert not typed_into(at)
        at.do(Command.LEAVE)
        at.until_step(None)
        assert not {"ERIKSSON", "IVANOV"} & set(at.entries().split())
