"""Pieces of the window: what they show, what they ask, and that the keyboard alone suffices."""

import logging
import signal
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from station.errors import PaperJam
from station.flow.views import DeviceState, DeviceView, StepState, StepView
from station.model.capability import DeviceInfo, DeviceKind
from station.model.document import Agreement, FieldMatch
from station.model.quality import Finding, Limit, QualityReport, Region, Status
from station.model.record import ApplicationRecord
from station.model.visit import Step
from ui.app import Mishaps, make_application
from ui.theme import apply_theme
from ui.widgets.button import Button
from ui.widgets.device_chip import DeviceChip
from ui.widgets.empty_state import EmptyState
from ui.widgets.field_table import FieldRow, FieldTable
from ui.widgets.live_view import LiveView
from ui.widgets.notice import NoticeBanner
from ui.widgets.page_strip import PageStrip
from ui.widgets.picture_view import PictureView
from ui.widgets.primary_bar import PrimaryBar
from ui.widgets.quality_panel import FindingRow, QualityPanel
from ui.widgets.rail import Rail
from ui.widgets.search_box import SearchBox
from ui.widgets.who_bar import WhoBar
from ui.widgets.words import ElidedLabel
from ui.wording.errors import word
from ui.wording.names import mark

GLARE = Region(0.2, 0.7, 0.5, 0.1)
REPORT = QualityReport(
    "page",
    (
        Finding("resolution", Status.PASS, 300.0, "dpi", limit=Limit(low=300)),
        Finding("clipped_highlights", Status.FAIL, 3.1, "%", limit=Limit(high=0.5), region=GLARE),
        Finding("text_contrast", Status.WARN, 42.0, "L*", limit=Limit(low=45)),
    ),
)
RECORD = ApplicationRecord("r1", "V-2025-004711", surname="Eriksson", given_names="Anna Maria")
CAMERA = DeviceView(DeviceInfo("sim:1", DeviceKind.CAMERA, "sim", "Camera 1", "1"), DeviceState.READY)
PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def _dressed(qapp):
    apply_theme(qapp, "light")


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget, timeout=PATIENCE_MS):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow, timeout=PATIENCE_MS)
    return widget


# -- quality panel -------------------------------------------------------------------------------------------


def rows_of(panel: QualityPanel) -> list[FindingRow]:
    return [row for row in panel.findChildren(FindingRow) if not row.isHidden()]


def test_what_needs_a_hand_stands_first_with_what_to_do(qtbot):
    panel = QualityPanel("Nothing yet")
    shown(qtbot, panel)
    panel.show_report(REPORT, "Attempt 2 of 3")
    names = [row.accessibleName() for row in rows_of(panel)]
    assert names[0].startswith("Glare. Not good. 3.1 %. Limit: at most 0.5 %. Glare covers")
    assert names[1].startswith("Contrast of the print. Look")
    assert names[2] == "Resolution. Good. 300 dpi. Limit: at least 300 dpi"


def test_enter_on_a_finding_asks_for_its_region(qtbot):
    panel = QualityPanel()
    shown(qtbot, panel)
    panel.show_report(REPORT)
    row = rows_of(panel)[0]
    with qtbot.waitSignal(panel.region_asked, timeout=PATIENCE_MS) as asked:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert asked.args == [GLARE]
    assert row.isChecked()


def test_a_shorter_report_leaves_no_old_finding_behind(qtbot):
    panel = QualityPanel("Nothing yet")
    shown(qtbot, panel)
    panel.show_report(REPORT)
    panel.show_report(replace(REPORT, findings=REPORT.findings[:1]))
    assert len(rows_of(panel)) == 1
    panel.show_report(None)
    assert not rows_of(panel)


# -- primary bar ---------------------------------------------------------------------------------------------


@pytest.fixture
def bar(qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    made = PrimaryBar()
    made.action = QAction("Scan", window)
    made.done = []
    made.action.triggered.connect(lambda: made.done.append(1))
    made.field = QLineEdit()
    column.addWidget(made.field)
    column.addWidget(made)
    window.resize(1200, 200)
    shown(qtbot, window)
    yield made
    window.close()


def test_a_double_press_does_it_once(bar, qtbot):
    bar.offer(bar.action)
    QTest.mouseDClick(bar.primary, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.primary, Qt.MouseButton.LeftButton)
    assert bar.done == [1]
    bar.offer(bar.action)
    QTest.mouseClick(bar.primary, Qt.MouseButton.LeftButton)
    assert bar.done == [1]
    qtbot.waitUntil(lambda: bar.armed is not None, timeout=60_000)
    QTest.mouseClick(bar.primary, Qt.MouseButton.LeftButton)
    assert bar.done == [1, 1]


def test_space_does_it_from_anywhere_but_not_while_a_text_is_typed(bar):
    bar.offer(bar.action)
    bar.field.setFocus()
    QTest.keyClick(bar.field, Qt.Key.Key_Space)
    assert bar.field.text() == " "
    assert not bar.done
    bar.primary.setFocus()
    QTest.keyClick(bar.window(), Qt.Key.Key_Space)
    QTest.keyClick(bar.window(), Qt.Key.Key_Space)
    assert bar.done == [1]


def test_an_action_that_cannot_be_had_is_not_done(bar):
    bar.action.setEnabled(False)
    bar.offer(bar.action, "Lay the passport on the glass first.")
    QTest.keyClick(bar.window(), Qt.Key.Key_Space)
    assert not bar.done
    bar.action.setEnabled(True)
    assert bar.primary.isEnabled()
    bar.offer(None)
    QTest.keyClick(bar.window(), Qt.Key.Key_Space)
    assert not bar.done


def test_the_primary_action_never_changes_its_place(bar, qtbot):
    bar.offer(bar.action)
    qtbot.waitUntil(bar.primary.isVisible, timeout=PATIENCE_MS)
    before = bar.primary.geometry().right()
    again = QAction("Scan again", bar.window())
    bar.set_secondary([again])
    bar.show_progress("Scanning page 2", 2)
    assert bar.primary.geometry().right() == before
    with qtbot.waitSignal(bar.cancel_wanted, timeout=PATIENCE_MS):
        cancel = next(b for b in bar.findChildren(Button) if b.text() == "Cancel")
        QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    bar.hide_progress()


def test_enter_presses_a_smaller_action_and_the_button_follows_it(bar):
    again = QAction("Scan &again", bar.window())
    pressed: list[int] = []
    again.triggered.connect(lambda: pressed.append(1))
    bar.set_secondary([again])
    button = next(b for b in bar.findChildren(Button) if b.text() == "Scan &again")
    assert button.accessibleName() == "Scan again"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [1]
    again.setEnabled(False)
    assert not button.isEnabled()
    again.setVisible(False)
    assert button.isHidden()


# -- rail, who, notice, table, search ------------------------------------------------------------------------


def test_the_rail_says_the_state_of_each_step_and_asks_for_one(qtbot):
    rail = Rail()
    shown(qtbot, rail)
    states = (StepState.DONE, StepState.ATTENTION, StepState.OVERRIDDEN, StepState.TO_DO)
    rail.set_steps(tuple(StepView(s, state, s is Step.PORTRAIT) for s, state in zip(Step, states, strict=True)))
    buttons = rail.findChildren(QAbstractButton)
    assert [b.accessibleName() for b in buttons][:2] == ["Identify, Done", "Portrait, Needs a look"]
    assert [b.isChecked() for b in buttons] == [False, True, False, False]
    with qtbot.waitSignal(rail.step_chosen, timeout=PATIENCE_MS) as asked:
        QTest.keyClick(buttons[2], Qt.Key.Key_Return)
    assert asked.args == [Step.DOCUMENTS]
    assert not buttons[2].isChecked(), "the visit decides where it stands"
    rail.set_steps(())
    assert not rail.isEnabled()


def test_the_next_applicant_does_not_see_the_last_ones_photograph(qtbot):
    who = WhoBar()
    shown(qtbot, who)
    who.show_record(RECORD)
    who.show_photo(np.full((45, 35, 3), 128, np.uint8))
    assert not who._photo.isHidden()
    assert who._name.text() == "ERIKSSON, Anna Maria"
    who.show_record(None, "No visit")
    assert who._photo.isHidden()
    assert who._photo.pixmap().isNull()


def test_a_lost_device_says_so_and_can_be_asked(qtbot):
    who = WhoBar()
    shown(qtbot, who)
    who.show_devices((CAMERA,))
    chip = who._chips["sim:1"]
    who.show_devices((replace(CAMERA, state=DeviceState.LOST, error="DV-004"),))
    assert who._chips["sim:1"] is chip
    assert "Not connected" in chip.accessibleName()
    assert "DV-004" in chip.toolTip()
    with qtbot.waitSignal(who.device_asked, timeout=PATIENCE_MS) as asked:
        QTest.keyClick(chip, Qt.Key.Key_Return)
    assert asked.args == ["sim:1"]
    who.show_devices(())
    assert not who._chips


def test_a_name_is_never_taken_for_markup(qtbot):
    who = WhoBar()
    qtbot.addWidget(who)
    who.show_record(replace(RECORD, surname="<b>x</b>", given_names=""))
    assert who._name.textFormat() is Qt.TextFormat.PlainText
    assert who._name.text() == "<B>X</B>"


def test_a_notice_says_everything_and_goes_when_told(qtbot):
    banner = NoticeBanner()
    shown(qtbot, banner)
    banner.say(word(PaperJam(kept=2)), "not_good")
    assert banner.accessibleName().endswith("Pages that are already safe: 2. DV-006")
    with qtbot.waitSignal(banner.dismissed, timeout=PATIENCE_MS):
        (close,) = (button for button in banner.findChildren(Button) if button.isVisible())
        QTest.keyClick(close, Qt.Key.Key_Return)
    assert banner.isHidden()


def test_a_notice_offers_what_can_be_done_and_does_it(qtbot):
    banner = NoticeBanner()
    shown(qtbot, banner)
    done = []
    action = QAction("Continue scanning", banner)
    action.triggered.connect(lambda: done.append(True))
    banner.say(word(PaperJam(kept=2)), "not_good", action)
    offered, _ = (button for button in banner.findChildren(Button) if button.isVisible())
    assert offered.accessibleName() == "Continue scanning"
    QTest.keyClick(offered, Qt.Key.Key_Return)
    assert done == [True]


def test_the_table_words_each_comparison(qtbot):
    table = FieldTable()
    shown(qtbot, table)
    fields = (
        FieldMatch("surname", Agreement.SAME, "ERIKSSON", "ERIKSSON"),
        FieldMatch("birth_date", Agreement.MISREAD, "1974-08-12", "1974-12-08"),
        FieldMatch("sex", Agreement.NOT_COMPARABLE, "", "F"),
    )
    said = ("", "Day and month have changed places.", "Not read on the paper.")
    table.show_rows(
        tuple(FieldRow(one, mark(one.agreement), told) for one, told in zip(fields, said, strict=True))
    )
    texts = [[table.item(row, column).text() for column in range(4)] for row in (0, 1, 3)]
    assert texts[0] == ["Surname", "ERIKSSON", "ERIKSSON", "Same"]
    assert texts[1][3] == "Perhaps misread"
    assert texts[1][1] != texts[1][2]
    assert table.item(2, 1).text() == "Day and month have changed places."
    assert texts[2][1] == "\N{EN DASH}"
    table.show_rows(())
    assert table.rowCount() == 0


def test_the_search_asks_once_for_a_burst_and_enter_does_not_ask_again(qtbot):
    box = SearchBox("Name or number")
    shown(qtbot, box)
    asked: list[str] = []
    box.asked.connect(asked.append)
    with qtbot.waitSignal(box.asked, timeout=PATIENCE_MS):
        QTest.keyClicks(box, "erik")
    assert asked[-1] == "erik"
    with qtbot.waitSignal(box.entered, timeout=PATIENCE_MS) as entered:
        QTest.keyClicks(box, "sson")
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert entered.args == ["eriksson"]
    assert not box._pause.isActive()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


# -- all of them ---------------------------------------------------------------------------------------------


def test_everything_that_takes_the_focus_has_a_name(qtbot):
    strip, panel, who = PageStrip("Pages"), QualityPanel(), WhoBar()
    panel.show_report(REPORT)
    who.show_devices((CAMERA,))
    bar = PrimaryBar()
    bar.offer(QAction("Scan", bar))
    widgets = [strip, panel, who, bar, Rail(), FieldTable(), SearchBox("Name"), NoticeBanner(), PictureView()]
    widgets += [LiveView(), EmptyState("documents", "Nothing", "Scan.", QAction("Scan", bar))]
    nameless = []
    for widget in widgets:
        qtbot.addWidget(widget)
        for part in (widget, *widget.findChildren(QWidget)):
            inner = part.objectName().startswith("qt_")
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not inner and not part.accessibleName():
                nameless.append(f"{type(widget).__name__}: {type(part).__name__}")
    assert not nameless


# -- the application -----------------------------------------------------------------------------------------


def test_our_own_mistakes_are_logged_whole_and_told_once(qapp, qtbot, expected_logs, caplog):
    expected_logs.append("a mistake of this program")
    mishaps = Mishaps(qapp)
    with caplog.at_level(logging.CRITICAL):
        for _ in range(3):
            error = ZeroDivisionError("division")
            mishaps.report(type(error), error, None)
        qtbot.waitUntil(lambda: mishaps.dialog is not None, timeout=PATIENCE_MS)
    assert sum("a mistake of this program" in r.message for r in caplog.records) == 3
    assert all(r.exc_info for r in caplog.records)
    boxes = [w for w in qapp.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
    assert len(boxes) == 1
    assert not boxes[0].isModal()
    boxes[0].close()
    qtbot.waitUntil(lambda: mishaps.dialog is None, timeout=PATIENCE_MS)


def test_the_application_is_made_once(qapp, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = signal.getsignal(signal.SIGINT)
    try:
        assert make_application(["station"], "light") is qapp
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_long_name_becomes_smaller_before_it_is_cut(qtbot):
    told = ElidedLabel("WICKRAMASURIYARATNE, Nilakshi", "name", least=0.6)
    qtbot.addWidget(told)
    told.show()
    whole = told.fontMetrics().horizontalAdvance(told.text())
    told.resize(round(whole * 0.7), told.sizeHint().height())
    told.grab()
    assert told.toolTip() == ""
    told.resize(round(whole * 0.5), told.sizeHint().height())
    told.grab()
    assert told.toolTip() == told.text()


def test_a_device_that_is_well_leaves_its_word_out_where_room_is_short(qtbot):
    info = DeviceInfo("simulated:scanner", DeviceKind.SCANNER, "simulated", "Scanner", "")
    chip = DeviceChip(DeviceView(info, DeviceState.READY))
    qtbot.addWidget(chip)
    wide = chip.sizeHint().width()
    chip.set_close(True)
    assert chip.sizeHint().width() < wide - 30
    assert "Ready" in chip.accessibleName()
    chip.show_device(DeviceView(info, DeviceState.LOST))
    assert not chip.findChildren(QLabel)[-1].isHidden()
