"""Identify: one gesture, fields with their pictures, a misread mended in place by keys alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from station.flow.views import VisitView
from station.flow.zone import part_views
from station.model.document import MrzFormat, MrzRemark, MrzStatus, PartialDate
from station.model.record import ApplicationRecord, AttachmentKind, TravelDocument
from station.model.specimen import Paper, PaperKind
from station.model.visit import ActKind, Step, Visit
from station.reading.crosscheck import compare
from station.reading.mrz import parse
from station.reading.mrz_build import Holder, build
from station.storage.open import open_store
from tests.kiosk import ANNA, BORIS, TODAY
from tests.test_theme import contrast
from tests.window import Seat, window_on
from ui.actions import Command
from ui.screens.compared import cells_of, place_of, rows_of
from ui.screens.identify import IdentifyScreen
from ui.theme import DARK, LIGHT
from ui.widgets.cell_field import CellField
from ui.widgets.field_table import FieldTable

LONG = replace(
    ANNA,
    application_number="V000777777",
    letter_number="L000777777",
    surname="Wickramasuriyaratne Bandaranaike",
    given_names="Nilakshi",
    document=TravelDocument("M11111111", "UTO", PartialDate(2032, 4, 15)),
)
NOTHING_DONE = Visit("v", "r", "kiosk", TODAY)


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, practice=False, scan_dpi=300, records=(ANNA, BORIS, LONG)) as seat:
        yield seat


def identify(at: Seat) -> IdentifyScreen:
    assert isinstance(at.screen, IdentifyScreen)
    return at.screen


def scan(at: Seat, record: ApplicationRecord = ANNA) -> IdentifyScreen:
    """Open the record's visit and lay both papers on the glass: one press of Space."""
    at.open(record.application_number)
    at.until_offered(Command.SCAN_PAPERS)
    at.kiosk.simulated.props.lay((Paper(PaperKind.LETTER_AND_PASSPORT, record),))
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.CONFIRM_MATCH)
    return identify(at)


def names(table: FieldTable) -> list[str]:
    return [row.name for row in table.rows]


def go_to(at: Seat, screen: IdentifyScreen, field: str) -> None:
    """Go to a field with the arrow keys."""
    at.until(screen.table.hasFocus)
    for key in [Qt.Key.Key_Up] * len(screen.table.rows) + [Qt.Key.Key_Down] * names(screen.table).index(field):
        at.press(key)
    assert screen.table.chosen is not None
    assert screen.table.chosen.name == field


def acts(at: Seat, kind: ActKind) -> list[tuple[str, dict[str, object]]]:
    """What the journal holds of one kind: who, and the facts."""
    visit_id = at.kiosk.visit.visit_id
    store = open_store(at.kiosk.folder)
    try:
        with store.units() as work:
            return [(act.officer, act.facts) for act in work.journal.acts(visit_id) if act.kind is kind]
    finally:
        store.close()


def as_read(at: Seat, status: MrzStatus, *remarks: MrzRemark, **printed: Any) -> VisitView:
    """Return the visit as it would look had the passport been read so."""
    visit = at.kiosk.visit
    assert visit.passport is not None and visit.passport.mrz is not None and visit.letter is not None
    mrz = replace(visit.passport.mrz, status=status, remarks=remarks, **printed)
    return replace(
        visit,
        passport=replace(visit.passport, mrz=mrz),
        zone=part_views(mrz, [view.strip for view in visit.zone if view.strip is not None], NOTHING_DONE),
        match=compare(visit.record, mrz=mrz, identifiers=visit.letter.identifiers, today=TODAY.date()),
    )


# -- a misread, mended by keys ---------------------------------------------------------------------------------


def test_a_misread_is_mended_by_keys_alone_and_stored_with_who_from_to_and_why(at: Seat) -> None:
    screen = scan(at)
    go_to(at, screen, "surname")
    at.press(Qt.Key.Key_Return)
    panel = screen.correction
    assert panel.mending and panel.text.hasFocus() and not screen.table.rows[0].stands_out
    assert panel.text.text() == "ERIKSSON<<ANNA<MARIA".ljust(39, "<")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        at.press(key)
    at.type("C")
    assert panel.text.text().startswith("ERICSSON<<")
    assert not panel.take.isEnabled(), "it has no reason yet"
    at.press(Qt.Key.Key_Return)
    at.press(Qt.Key.Key_1)
    assert panel.reason == "misread_character"
    at.press(Qt.Key.Key_Return)
    at.until(lambda: any(view.part.text.startswith("ERICSSON") for view in at.kiosk.visit.zone))
    at.until(lambda: not panel.mending and screen.table.hasFocus())
    assert screen.table.chosen is not None and screen.table.chosen.name == "surname"
    assert screen.table.chosen.said.startswith("Corrected: was ERIKSSON, now ERICSSON. ")
    assert screen.table.chosen.mark.word == "Perhaps misread", "the record says otherwise: that stays said"
    officer, facts = acts(at, ActKind.MRZ_CORRECTED)[0]
    assert officer == "officer"
    assert facts["was"] == "ERIKSSON<<ANNA<MARIA".ljust(39, "<")
    assert facts["now"] == "ERICSSON<<ANNA<MARIA".ljust(39, "<")
    assert (facts["part"], facts["reason"]) == ("name", "misread_character")
    assert [p.facts for p in at.kiosk.visit.open_points if p.code == "mrz_corrected"] == [
        {"field": "name", "reason": "misread_character"}
    ]
    at.do(Command.STEP_REVIEW)
    at.until_step(Step.REVIEW)
    at.until(lambda: "Name, corrected by hand: A character was misread." in at.texts())


def test_a_look_without_a_change_is_stored_too_and_escape_changes_nothing(at: Seat) -> None:
    screen = scan(at)
    go_to(at, screen, "sex")
    at.press(Qt.Key.Key_F6)
    assert screen.correction.mending
    at.type("X")
    at.press(Qt.Key.Key_Escape)
    assert not screen.correction.mending and screen.table.hasFocus()
    assert acts(at, ActKind.MRZ_CORRECTED) == []
    at.press(Qt.Key.Key_F6)
    assert screen.correction.text.text() == "F"
    at.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget().accessibleName() == "Compared: it is as printed."
    at.press(Qt.Key.Key_4)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: any(view.corrected for view in at.kiosk.visit.zone))
    at.until(lambda: not screen.correction.mending)
    assert next(row.mark.word for row in screen.table.rows if row.name == "sex") == "Compared by eye"
    assert acts(at, ActKind.MRZ_CORRECTED)[0][1]["reason"] == "as_printed"
    at.until_offered(Command.CONFIRM_MATCH)


def test_what_no_zone_has_is_not_taken_and_told(at: Seat) -> None:
    screen = scan(at)
    go_to(at, screen, "nationality")
    at.press(Qt.Key.Key_Return)
    at.type("-")
    assert screen.correction.text.text() == "UTO"
    assert "Printed lines have no -: only A to Z without accents, 0 to 9 and <." in at.texts()
    at.type("D")
    assert screen.correction.text.text() == "DTO"
    assert "Printed lines have no" not in at.texts()
    at.press(Qt.Key.Key_Backspace)
    at.press(Qt.Key.Key_Delete)
    assert screen.correction.text.text() == "<TO"
    assert check_names(at) == []


def test_a_fields_picture_and_place_are_those_of_its_cells(at: Seat) -> None:
    scan(at)
    visit = at.kiosk.visit
    given = cells_of(visit, "given_names")
    assert given is not None and given.strip is not None
    assert (given.start, given.stop, given.now) == (10, 20, "ANNA<MARIA")
    assert given.strip.cells == 10
    number, born = cells_of(visit, "document_number"), cells_of(visit, "birth_date")
    assert number is not None and born is not None
    assert (number.now, born.now) == ("L898902C3", "740812"), "without the check digit"
    assert cells_of(visit, "letter_number") is None
    name, sex = (next(view for view in visit.zone if view.part.name == one) for one in ("name", "sex"))
    above, below = place_of(visit, name), place_of(visit, sex)
    assert above is not None and below is not None
    # A name is 39 cells wide, the sex one; the second line lies below the first.
    assert above.width == pytest.approx(39 * below.width, rel=0.2)
    assert below.top > above.top + above.height / 2


# -- what stands first -----------------------------------------------------------------------------------------


def test_what_was_read_in_doubt_stands_first_with_its_cell_marked(at: Seat) -> None:
    screen = scan(at)
    doubt = MrzRemark("cell_doubtful", "name", 0, 8)  # the fourth letter of the surname
    failed = MrzRemark("check_failed", "document_number", 1, 9)
    visit = as_read(at, MrzStatus.CHECK_FAILED, doubt, failed, MrzRemark("check_failed", "composite", 1, 43))
    screen.show_visit(visit)
    first, second, third = rows_of(visit)[:3]
    assert first.stands_out and second.stands_out
    assert {first.name, second.name} == {"document_number", "surname"}
    surname = first if first.name == "surname" else second
    assert surname.strip is not None and surname.strip.doubtful == (3,)
    assert surname.mark.word == "Read, not sure"
    assert third.mark.word == "Compare by eye"
    assert "composite" not in names(screen.table), "it fails with any other and says nothing more"
    at.press(Qt.Key.Key_F4)
    assert screen.reasons.asking, "lines that are not sure are confirmed with a reason only"


def test_a_last_check_digit_that_fails_alone_can_be_looked_at(at: Seat) -> None:
    screen = scan(at)
    visit = as_read(at, MrzStatus.CHECK_FAILED, MrzRemark("check_failed", "composite", 1, 43))
    screen.show_visit(visit)
    assert names(screen.table)[0] == "composite"
    assert screen.table.rows[0].can_mend


def test_an_expired_passport_says_what_to_do_at_the_head(at: Seat) -> None:
    screen = scan(at)
    screen.show_visit(as_read(at, MrzStatus.ACCEPTED, expiry_date=PartialDate(2024, 4, 15)))
    assert "The passport has expired." in at.texts()
    assert names(screen.table)[0] == "expiry_date"


def test_another_persons_passport_is_a_stop_and_the_next_scan_goes_on(at: Seat) -> None:
    screen = scan(at)
    at.kiosk.simulated.props.lay((Paper(PaperKind.PASSPORT, BORIS),))
    at.press(Qt.Key.Key_F3)
    at.until(lambda: at.kiosk.visit.stranger)
    at.until_offered(Command.SCAN_PASSPORT)
    assert "These papers are another person's" in at.texts()
    assert not any(row.can_mend for row in screen.table.rows)
    said = [row.said for row in screen.table.rows if row.said]
    assert len(said) == len(set(said)) < len(screen.table.rows) / 2, "each thing is said once"
    assert not at.window.actions_by_command[Command.CONFIRM_MATCH].isEnabled()
    at.kiosk.simulated.props.lay((Paper(PaperKind.PASSPORT, ANNA),))
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.CONFIRM_MATCH)
    assert not at.kiosk.visit.stranger
    assert "These papers are another person's" not in at.texts()
    assert at.told() == ""


# -- typed lines -----------------------------------------------------------------------------------------------


def test_a_reader_types_into_the_lines_wherever_the_focus_is(at: Seat) -> None:
    screen = scan(at)
    at.until(screen.table.hasFocus)
    assert screen.lines.isHidden(), "the table has the room"
    at.do(Command.TYPE_MRZ)
    assert screen.entry.hasFocus()
    at.press(Qt.Key.Key_Escape)
    assert screen.lines.isHidden() and screen.table.hasFocus()
    lines = build(holder(ANNA), MrzFormat.TD3)
    assert parse(lines, today=TODAY.date()).check_ok
    at.type("".join(f"{line}\n" for line in lines))
    at.until(lambda: screen.lines.isHidden() and screen.table.hasFocus())


def holder(record: ApplicationRecord) -> Holder:
    assert record.document is not None
    return Holder(
        record.surname,
        record.given_names,
        record.document.number,
        record.birth_date,
        record.document.expiry_date,
        record.sex,
        record.nationality,
        record.document.issuing_state,
    )


# -- how it looks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_nothing_is_cut_off_in_either_size(qtbot: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    facts: dict[str, Any] = {"practice": False, "scan_dpi": 300, "records": (LONG,)}
    with window_on(qtbot, tmp_path, size=size, **facts) as at:
        screen = scan(at, LONG)
        table = screen.table
        assert table.horizontalScrollBar().maximum() == 0
        for line in range(table.rowCount()):
            row = table.row_at(line)
            assert row is not None
            if row.strip is not None:
                wide, _ = row.strip.size(24, sum(table.columnWidth(one) for one in (1, 2, 3)) - 30)
                assert wide <= table.viewport().width() - table.columnWidth(0)
        go_to(at, screen, "given_names")
        at.press(Qt.Key.Key_Return)
        at.until(lambda: screen.correction.isVisible() and screen.correction.width() > 0)
        assert cut_off(screen) == []
        field = screen.correction.text
        assert field._left + 39 * field._pitch <= field.width()


def cut_off(screen: QWidget) -> list[str]:
    """Labels whose words do not fit into the room that they have."""
    shown = [label for label in screen.findChildren(QLabel) if label.isVisible() and label.text()]
    return [label.text() for label in shown if not fits(label)]


def fits(label: QLabel) -> bool:
    flags = Qt.TextFlag.TextWordWrap.value if label.wordWrap() else 0
    room = label.contentsRect().adjusted(0, 0, 1, 1)
    needed = QFontMetrics(label.font()).boundingRect(room.adjusted(0, 0, 0, 4000), flags, label.text())
    return needed.width() <= room.width() and needed.height() <= room.height() + 2


def test_what_marks_a_field_can_be_read_in_both_schemes() -> None:
    for tokens in (LIGHT, DARK):
        for behind in (tokens.surface, tokens.accent_soft):
            assert min(contrast(ink, behind) for ink in (tokens.accent, tokens.quiet, tokens.look)) >= 4.5
        assert contrast(tokens.on_accent, tokens.accent) >= 4.5


def check_names(at: Seat) -> list[str]:
    """Widgets that take keys and have no name."""
    return [type(widget).__name__ for widget in at.focusable() if not widget.accessibleName()]


def test_a_screen_reader_hears_how_a_field_stands_and_what_to_do(at: Seat) -> None:
    screen = scan(at)
    screen.show_visit(as_read(at, MrzStatus.ACCEPTED, expiry_date=PartialDate(2024, 4, 15)))
    told = screen.table.model().index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Expired. The passport has expired. Ask for a newer passport."
    assert check_names(at) == []
    assert at.kiosk.visit.of_kind(AttachmentKind.PASSPORT_PAGE)


def test_a_field_of_cells_keeps_its_length_whatever_is_typed_or_pasted(qtbot: Any) -> None:
    field = CellField()
    qtbot.addWidget(field)
    field.show_text("L898902C36", 3)
    assert field.place == 3
    qtbot.keyClicks(field, "b")
    assert field.text() == "L89B902C36"
    qtbot.keyClick(field, Qt.Key.Key_End)
    QApplication.clipboard().setText("7 8 9")
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "L89B902C39"
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "L89B902C36"
    assert field.changed
