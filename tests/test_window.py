"""The window as a whole, the desk and Identify: worked by keys, on simulated devices and a real store."""

import gc
import subprocess
import sys
import threading
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from drivers.simulated.driver import SimulatedDriver
from station.errors import DriverNotLoaded, StorageLocked
from station.flow.events import Event, JobStarted, Trouble
from station.flow.options import FitOut, Options
from station.model.document import MrzFormat, PartialDate
from station.model.record import AttachmentKind
from station.model.specimen import Paper, PaperKind
from station.model.visit import Step
from station.reading.mrz_build import Holder, build
from station.storage.open import open_store
from tests.kiosk import ANNA, BORIS, rules
from tests.window import PATIENCE_MS, Seat, swept_here, window_on
from ui.actions import LOOKS, Command
from ui.app import Sweep, make_application
from ui.main_window import make_window
from ui.screens.desk import DeskScreen
from ui.screens.identify import IdentifyScreen
from ui.theme import RESOURCES
from ui.widgets.button import Button

ANNAS_LINES = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3204153<<<<<<<<<<<<<<04\n"
"""Her passport as printed, ICAO 9303-4 check digits; a reader ends each line with Enter."""


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path) as seat:
        seat.until(lambda: desk(seat).table.model().rowCount() > 1)
        yield seat


def test_a_window_that_is_gone_keeps_no_screen_and_no_station_in_memory(qtbot: Any, tmp_path: Path) -> None:
    def work() -> list[weakref.ref[object]]:
        with window_on(qtbot, tmp_path) as at:
            at.open(ANNA.application_number)
            return [weakref.ref(thing) for thing in (at.window, *at.window._screens, at.kiosk.station)]

    left = work()
    gc.collect()
    assert [thing() for thing in left] == [None] * len(left)


def desk(at: Seat) -> DeskScreen:
    assert isinstance(at.screen, DeskScreen)
    return at.screen


def identify(at: Seat) -> IdentifyScreen:
    assert isinstance(at.screen, IdentifyScreen)
    return at.screen


def heard(at: Seat, kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in list(at.kiosk.events))


def rows(at: Seat) -> list[tuple[str, ...]]:
    """What the list of the desk shows, row by row."""
    model = desk(at).table.model()
    return [
        tuple(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def scan_papers(at: Seat) -> None:
    """Scan letter and passport of the applicant in hand in one gesture, with nothing but Space."""
    at.until_offered(Command.SCAN_PAPERS)
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.CONFIRM_MATCH)


# -- the desk --------------------------------------------------------------------------------------------------


def test_typing_narrows_the_list_and_return_goes_by_the_text_not_by_an_older_answer(at: Seat) -> None:
    at.type("boris")
    at.until(lambda: len(rows(at)) == 2)
    assert rows(at)[1][:3] == ("IVANOV, Boris", "V000654321", "3 Feb 2001")
    desk(at).search.selectAll()
    at.type("eriksson\n")
    at.until_step(Step.IDENTIFY)
    assert at.kiosk.visit.record.application_number == ANNA.application_number
    assert "ERIKSSON, Anna Maria" in at.texts()


def test_the_lines_of_a_passport_that_a_reader_types_open_its_record(at: Seat) -> None:
    at.type(ANNAS_LINES)
    at.until_step(Step.IDENTIFY)
    assert at.kiosk.visit.record.application_number == ANNA.application_number


def test_an_interrupted_visit_stands_first_and_goes_on(at: Seat) -> None:
    at.open(BORIS.application_number)
    visit_id = at.kiosk.visit.visit_id
    at.do(Command.STEP_DOCUMENTS)
    at.until_step(Step.DOCUMENTS)
    at.do(Command.LEAVE)
    at.until_step(None)
    at.until(lambda: len(rows(at)) == 4)
    assert rows(at)[0][0] == "Interrupted visits"
    assert rows(at)[1][0] == "IVANOV, Boris"
    assert rows(at)[1][-1] == "Resume at Documents"
    at.press(Qt.Key.Key_Down)
    assert at.offered(Command.OPEN_RECORD)
    at.press(Qt.Key.Key_Return)
    at.until_step(Step.DOCUMENTS)
    assert at.kiosk.visit.visit_id == visit_id


def test_space_writes_a_space_in_a_search_and_scans_the_letter_from_an_empty_one(at: Seat) -> None:
    at.type("anna maria")
    assert desk(at).search.text() == "anna maria"
    assert heard(at, JobStarted) == 0
    desk(at).search.clear()
    at.until_offered(Command.SCAN_PAPERS)
    at.press(Qt.Key.Key_Space)
    at.until_step(Step.IDENTIFY)
    at.until(lambda: at.kiosk.visit.of_kind(AttachmentKind.LETTER))


def test_pressing_buttons_leaves_the_focus_where_a_hand_scanner_types(at: Seat) -> None:
    button = next(one for one in at.window.findChildren(Button) if one.accessibleName() == "Light or dark")
    at.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk(at).search.hasFocus()
    at.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_lines_that_cannot_be_taken_are_shown_and_the_good_ones_can_be_taken(at: Seat, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text(
        "application_number,category,surname,birth_date\n"
        "V1,visitor,Okonjo,1990-01-01\n"
        "V2,tourist,Okonjo,1990-01-01\n"
        "V3,visitor,Okonjo,1990-13-01\n"
    )
    desk(at).take_list(file)
    at.until_offered(Command.TAKE_GOOD_LINES)
    lines = desk(at).outcome.lines
    assert [line.partition(":")[0] for line in lines] == ["Line 3, Category", "Line 4, Date of birth"]
    at.press(Qt.Key.Key_Space)
    at.until(lambda: any(row[1] == "V1" for row in rows(at)))
    assert "New: 1" in at.texts()
    at.press(Qt.Key.Key_Escape)
    assert desk(at).outcome.isHidden()


# -- Identify --------------------------------------------------------------------------------------------------


def test_a_visit_goes_to_the_portrait_by_space_alone_and_leaves_no_trace(at: Seat) -> None:
    at.open(ANNA.application_number)
    scan_papers(at)
    at.type(ANNAS_LINES)
    at.until(lambda: at.kiosk.visit.match and at.kiosk.visit.passport and at.kiosk.visit.passport.mrz)
    at.until(lambda: "Papers and record agree" in at.texts())
    at.press(Qt.Key.Key_Space)
    at.until_step(Step.PORTRAIT)
    at.do(Command.LEAVE)
    at.until_step(None)
    traces = ("ERIKSSON", "Eriksson", "V000123456", "L898902C3", "12 Aug 1974")
    at.until(lambda: not any(trace in at.texts() + at.entries() for trace in traces))
    at.until(lambda: at.pictures() == [])


def test_a_second_press_of_space_does_nothing(at: Seat) -> None:
    at.open(ANNA.application_number)
    at.until_offered(Command.SCAN_PAPERS)
    at.press(Qt.Key.Key_Space)
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.CONFIRM_MATCH)
    assert heard(at, JobStarted) == 1
    assert heard(at, Trouble) == 0


def test_another_persons_letter_is_told_and_not_kept(qtbot: Any, tmp_path: Path) -> None:
    with window_on(qtbot, tmp_path, practice=False) as at:
        at.open(ANNA.application_number)
        at.until_offered(Command.SCAN_PAPERS)
        at.kiosk.simulated.props.lay((Paper(PaperKind.LETTER, BORIS),))
        at.press(Qt.Key.Key_Space)
        at.until(lambda: "This paper belongs to another application. It was not kept." in at.told())
        at.until_offered(Command.SCAN_PAPERS)
        assert at.kiosk.visit.pages == ()


def test_without_printed_lines_the_officers_word_needs_a_reason(at: Seat) -> None:
    at.open(ANNA.application_number)
    at.until_offered(Command.SCAN_PAPERS)
    at.press(Qt.Key.Key_F4)
    reasons = identify(at).reasons
    assert reasons.asking and not reasons.take.isEnabled()
    at.press(Qt.Key.Key_Escape)
    assert not reasons.asking
    at.press(Qt.Key.Key_F4)
    at.press(Qt.Key.Key_1)
    assert reasons.reason == "zone_unreadable"
    at.press(Qt.Key.Key_Space)
    at.until_step(Step.PORTRAIT)
    assert at.kiosk.visit.matched


def test_another_persons_passport_stops_the_visit(at: Seat) -> None:
    at.open(ANNA.application_number)
    other = Holder("Okonjo", "Chidera", "B50713982", PartialDate(1992, 12, 8), PartialDate(2029, 8, 5), "M")
    at.type("".join(f"{line}\n" for line in build(other, MrzFormat.TD3)))
    at.until(lambda: "These papers are another person's" in at.texts() and "Nothing was kept." in at.texts())
    at.until_offered(Command.SCAN_PAPERS)
    assert at.kiosk.visit.stranger
    at.press(Qt.Key.Key_F4)
    at.do(Command.LEAVE)
    at.until_step(None)
    assert heard(at, Trouble) == 0


# -- the window ------------------------------------------------------------------------------------------------


def test_on_every_screen_all_that_takes_keys_has_a_name_and_no_two_keys_clash(at: Seat) -> None:
    assert all(look.key for look in LOOKS.values())
    assert all((RESOURCES / "icons" / f"{look.icon}.svg").is_file() for look in LOOKS.values() if look.icon)
    check_keys(at)
    at.open(ANNA.application_number)
    for step in Step:
        at.kiosk.station.enter(step)
        at.until_step(step)
        check_keys(at)
    at.do(Command.HELP)
    check_keys(at)
    assert "Seal the record" in at.texts()
    at.press(Qt.Key.Key_Escape)


def check_keys(at: Seat) -> None:
    nameless = [type(widget).__name__ for widget in at.focusable() if not widget.accessibleName()]
    assert nameless == [], at.screen
    active = {
        action
        for holder in (at.window, at.window.centralWidget(), at.screen, *at.window.findChildren(QWidget))
        if holder is not None and holder.isVisible()
        for action in holder.actions()
        if action.isEnabled() and not action.shortcut().isEmpty()
    }
    keys = Counter(action.shortcut().toString() for action in active)
    assert [key for key, times in keys.items() if times > 1] == [], at.screen
    assert "Space" not in keys


def test_a_device_that_goes_and_comes_back_is_told(at: Seat) -> None:
    camera = "simulated:camera"
    at.kiosk.simulated.props.plug(camera, connected=False)
    at.until(lambda: "Not connected" in at.texts())
    at.kiosk.simulated.props.plug(camera, connected=True)
    at.until(lambda: "Not connected" not in at.texts())


def test_trouble_at_the_start_fills_the_page_and_can_be_tried_again(qtbot: Any, tmp_path: Path) -> None:
    make_application([], "light")
    with swept_here():
        try_to_start(qtbot, tmp_path)


def try_to_start(qtbot: Any, tmp_path: Path) -> None:
    tries: list[int] = []

    def fit_out() -> FitOut:
        tries.append(1)
        if len(tries) == 1:
            raise StorageLocked(what="database")
        simulated = SimulatedDriver()
        failed = {"sane": DriverNotLoaded(driver="sane", detail="libsane")}
        return FitOut(open_store(tmp_path, None), "SQLite", (simulated,), failed, **rules())

    window = make_window(fit_out, Options(poll_s=0.2))
    window.resize(1280, 720)
    window.show()
    try:
        with qtbot.waitActive(window, timeout=PATIENCE_MS):
            window.activateWindow()
        again = window.actions_by_command[Command.TRY_AGAIN]
        window.start()
        qtbot.waitUntil(lambda: window.primary_now is again, timeout=PATIENCE_MS)
        shown = "\n".join(label.text() for label in window.findChildren(QLabel))
        assert "The database is in use by another program." in shown and "SG-002" in shown
        qtbot.keyClick(window, Qt.Key.Key_Space)
        take_in = window.actions_by_command[Command.IMPORT]
        qtbot.waitUntil(lambda: window.primary_now is take_in, timeout=PATIENCE_MS)
        example = window.actions_by_command[Command.EXAMPLE_LIST]
        qtbot.waitUntil(lambda: example.isEnabled() and example.isVisible(), timeout=PATIENCE_MS)
        shown = "\n".join(label.text() for label in window.findChildren(QLabel))
        assert "Does not work" in shown, "the driver that could not be loaded"
        example.trigger()
        letter = window.actions_by_command[Command.SCAN_PAPERS]
        qtbot.waitUntil(lambda: window.primary_now is letter, timeout=PATIENCE_MS)
    finally:
        window.close()
        qtbot.waitUntil(lambda: window.closed, timeout=PATIENCE_MS)
        window.deleteLater()


def test_circular_garbage_goes_on_the_windows_thread_only(qapp: QApplication, qtbot: Any) -> None:
    class Circle:
        def __init__(self) -> None:
            self.self = self

        def __del__(self) -> None:
            went_on.append(threading.current_thread())

    went_on: list[threading.Thread] = []
    sweep = Sweep(qapp)
    try:
        lane = threading.Thread(target=lambda: [Circle() for _ in range(5000)])
        lane.start()
        lane.join(60)
        assert went_on == []
        qtbot.waitUntil(lambda: len(went_on) == 5000, timeout=PATIENCE_MS)
    finally:
        sweep.stop()
        gc.unfreeze()
    assert set(went_on) == {threading.main_thread()}


def test_nothing_heavy_is_imported_on_the_way_to_the_window() -> None:
    heavy = ("cv2", "sqlalchemy", "alembic", "pydantic", "zxingcpp", "psycopg")
    asked = f"import sys, ui.main_window; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
