"""The check of the empty glass on the screen: the way to it, its sentence, its drawing, a lost picture."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt

from drivers.simulated.props import SCANNER_ID
from station.errors import GlassRefused, StorageDamaged
from station.flow import calibration_work
from station.flow.calibration_views import CalibrationAt, DeviceCalibration, GlassChecked, Stage
from station.flow.events import Job, JobEnded, JobStarted, Outcome, Trouble
from station.model.calibration import State
from station.model.calibration_sign import Place
from station.model.degradation import SOUND, Speck
from station.model.image import MM_PER_INCH
from tests import calibrated
from tests.calibrated import CAMERA, SCANNER
from tests.calibrated_screen import Mode, mode_on
from tests.window import PATIENCE_MS, window_on
from ui.actions import Command
from ui.screens.calibration import CalibrationScreen
from ui.theme import colour
from ui.wording import calibration_glass
from ui.wording.errors import word

SIZE_MM = (216.0, 297.0)
THEN = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SPECK, STREAK = Place(84.3, 120.2), Place(31.0)


@pytest.fixture
def at(qtbot: Any) -> Iterator[Mode]:
    with mode_on(qtbot) as made:
        yield made


@pytest.fixture
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


def flatbed(**facts: Any) -> DeviceCalibration:
    return replace(calibrated.device(state=State.VALID, reason=None, **facts), has_glass=True)


def begin(at: Mode) -> CalibrationScreen:
    """Open the page of the flatbed's glass by keys alone."""
    screen = at.go(flatbed())
    at.press(Qt.Key.Key_F9)
    assert at.shows(screen.glass)
    return screen


def scan(at: Mode, primary: str) -> None:
    """Press Space on what the page offers and let the station begin."""
    assert at.primary == primary
    at.qtbot.waitUntil(lambda: at.window.primary_now is not None, timeout=PATIENCE_MS)
    at.press(Qt.Key.Key_Space)
    at.say(JobStarted(Job.CALIBRATION, "", SCANNER.id), CalibrationAt(SCANNER.id, Stage.LOOKING))
    assert at.shows(at.screen.running)


def end(at: Mode, *events: Any) -> None:
    at.say(*events, JobEnded(Job.CALIBRATION, "", Outcome.COMPLETED, device=SCANNER.id))


def test_the_glass_is_checked_and_checked_again_by_keys_alone(at: Mode) -> None:
    screen = begin(at)
    assert screen.glass.sentence == "Take everything off the glass and close the lid."
    scan(at, "Scan the empty glass")
    assert at.station.last("check_glass") == (SCANNER.id, False)
    assert at.screen.running.title.text() == "Looking for marks"
    end(at, GlassChecked(SCANNER.id, (SPECK, STREAK), THEN, SIZE_MM))
    assert at.shows(screen.glass)
    assert screen.glass.sentence.startswith("2 new marks on the glass.")
    assert screen.glass.places == [
        "1: 84 mm from left, 120 mm from top",
        "2: A line, 31 mm from left",
    ]
    assert "84 mm from left, 120 mm from top" in screen.glass.drawing.accessibleName()
    scan(at, "Check again")
    end(at, GlassChecked(SCANNER.id, (), THEN, SIZE_MM))
    assert (screen.glass.sentence, screen.glass.places) == (
        "Nothing new on the glass since 3 November 2026.",
        [],
    )
    at.press(Qt.Key.Key_Escape)
    assert at.shows(screen.devices)


def test_a_speck_is_ringed_where_it_lies_and_a_streak_is_a_line_from_top_to_bottom(at: Mode) -> None:
    drawing = begin(at).glass.drawing

    def inked() -> set[tuple[int, int]]:
        picture = drawing.grab().toImage()
        ink = colour("look").rgb()
        return {
            (x, y)
            for x in range(picture.width())
            for y in range(picture.height())
            if picture.pixel(x, y) == ink
        }

    assert inked() == set()
    scale = min((drawing.width() - 128) / SIZE_MM[0], (drawing.height() - 128) / SIZE_MM[1])
    left = (drawing.width() - SIZE_MM[0] * scale) / 2
    top = (drawing.height() - SIZE_MM[1] * scale) / 2
    drawing.show_marks([SPECK] * 13, (), SIZE_MM)  # the thirteenth lies on top and bears no number
    ring = [(x - left - 84.3 * scale, y - top - 120.2 * scale) for x, y in inked()]
    near = [point for point in ring if point[0] < 16]
    assert max(abs(x) for x, _ in near) == pytest.approx(13, abs=2)
    assert max(abs(y) for _, y in near) == pytest.approx(13, abs=2)
    drawing.show_marks([Place(100.0)], (), SIZE_MM)
    rows = {y for x, y in inked() if abs(x - left - 100 * scale) < 3}
    assert max(rows) - min(rows) == pytest.approx(297 * scale, abs=4)


def test_an_earlier_picture_that_is_lost_is_named_and_only_a_further_press_begins_anew(at: Mode) -> None:
    screen = begin(at)
    scan(at, "Scan the empty glass")
    error = StorageDamaged(what="picture ab")
    at.say(JobEnded(Job.CALIBRATION, "", Outcome.FAILED, error=error, device=SCANNER.id))
    assert at.shows(screen.glass) and StorageDamaged.code in at.told
    assert screen.glass.sentence == "The earlier picture of the empty glass is damaged or gone."
    scan(at, "Begin anew")
    assert at.station.last("check_glass") == (SCANNER.id, True)
    end(at, GlassChecked(SCANNER.id, (), None, SIZE_MM))
    assert screen.glass.sentence == "The glass is clean. Later checks compare with this picture."
    scan(at, "Check again")
    assert at.station.last("check_glass") == (SCANNER.id, False)


def test_a_damaged_row_of_the_earlier_picture_asks_the_same(at: Mode) -> None:
    screen = begin(at)
    at.press(Qt.Key.Key_Space)
    at.say(Trouble(StorageDamaged(what="empty glass of sane:one")))
    assert at.shows(screen.glass) and at.primary == "Begin anew"


def test_a_glass_that_is_not_empty_is_refused_in_words_and_the_page_stays_ready(at: Mode) -> None:
    screen = begin(at)
    scan(at, "Scan the empty glass")
    error = GlassRefused(reason="not_empty")
    at.say(JobEnded(Job.CALIBRATION, "", Outcome.FAILED, error=error, device=SCANNER.id))
    assert at.shows(screen.glass) and at.primary == "Scan the empty glass"
    assert "The glass is not empty" in at.told and "CA-004" in at.told


@pytest.mark.parametrize(
    "device",
    [calibrated.device(), calibrated.device(CAMERA), flatbed(ready=False)],
    ids=["feeder", "camera", "off"],
)
def test_what_has_no_glass_or_is_not_there_is_not_checked(at: Mode, device: DeviceCalibration) -> None:
    at.go(device)
    assert not at.window.actions_by_command[Command.CHECK_GLASS].isEnabled()


@pytest.mark.parametrize(
    ("marks", "since", "said"),
    [
        (0, None, "The glass is clean. Later checks compare with this picture."),
        (1, None, "1 mark on the glass. Clean where the picture shows it, then check again."),
        (3, None, "3 marks on the glass. Clean where the picture shows them, then check again."),
        (0, THEN, "Nothing new on the glass since 3 November 2026."),
        (1, THEN, "1 new mark on the glass. Clean where the picture shows it, then check again."),
        (2, THEN, "2 new marks on the glass. Clean where the picture shows them, then check again."),
    ],
)
def test_one_sentence_says_what_the_check_found(
    at: Mode, marks: int, since: datetime | None, said: str
) -> None:
    shown = calibration_glass.sentence(GlassChecked("x", (SPECK,) * marks, since, SIZE_MM))
    assert shown.word == said and shown.icon == ("look" if marks else "good")


def test_many_marks_are_drawn_all_and_listed_in_part(at: Mode) -> None:
    page = begin(at).glass
    known = tuple(Place(20.0 + at, 30.0) for at in range(5))
    page.show_checked(GlassChecked(SCANNER.id, (SPECK,) * 40, THEN, SIZE_MM, known))
    assert len(page.places) == 13 and page.places[-1] == "And 28 more, as the picture shows."
    page.show_checked(GlassChecked(SCANNER.id, (), THEN + timedelta(days=1), SIZE_MM, known))
    assert page.places == []


@pytest.mark.parametrize("reason", ["not_empty", "clipped", "too_small"])
def test_every_reason_for_a_refused_glass_has_its_own_sentence(reason: str) -> None:
    assert word(GlassRefused(reason=reason)).why != word(GlassRefused()).why


def test_a_speck_on_the_simulated_glass_is_shown_at_its_place(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_work, "DPI", 150)
    with window_on(qtbot, tmp_path, scan_dpi=75) as at:
        at.do(Command.CALIBRATE)
        at.until_offered(Command.CHOOSE_DEVICE)
        screen = at.screen
        assert isinstance(screen, CalibrationScreen)
        screen.devices.choose(SCANNER_ID)
        px = 150 / MM_PER_INCH
        dust = replace(SOUND, specks=(Speck(84 * px, 120 * px, 5.0, 0.5),))
        at.kiosk.simulated.props.wear(SCANNER_ID, dust)
        at.do(Command.CHECK_GLASS)
        at.until(lambda: at.window.primary_now is screen.offers.glass)
        at.press(Qt.Key.Key_Space)
        at.until(lambda: bool(screen.glass.places))
        assert screen.glass.places == ["1: 84 mm from left, 120 mm from top"]
        assert screen.glass.sentence.startswith("1 mark on the glass.")
