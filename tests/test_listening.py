"""Readers in a whole station: what is swiped opens its record, feeds Identify, or is said to be of no use."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from drivers.simulated.props import READER_ID
from station.devices.framing import FrameParser
from station.errors import WrongApplicant
from station.flow.board import Board
from station.flow.events import DevicesChanged, Listed, Notice, Trouble, VisitChanged
from station.flow.listening import Listening
from station.flow.views import DeviceState
from station.model.swipe import Framing, Swipe, SwipeKind
from station.model.visit import Step
from station.reading import keyboard_layouts
from tests.kiosk import ANNA, BORIS, TODAY, Kiosk, kiosk
from tests.reader_contract import ANNAS
from tests.reader_contract import BORIS as BORISS
from tests.serial_line import SerialLine, serial_driver, serial_line
from tests.test_privacy import Ear, personal
from ui.wording import remarks


@pytest.fixture
def line() -> Iterator[SerialLine]:
    with serial_line() as opened:
        yield opened


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    """A station with a reader that types; what a reader on a line sends takes the same road."""
    with kiosk(tmp_path) as opened:
        yield opened.ready()


def type_(at: Kiosk, *lines: str) -> None:
    at.station.take_keys("\r".join(lines), whole=True)


def framed(*lines: str) -> bytes:
    return b"\x02" + "\r".join(lines).encode() + b"\r\x03"


def notice(at: Kiosk, command: Any) -> str:
    return at.do(command, Notice).code


def with_mrz(event: VisitChanged) -> bool:
    return bool(event.visit and event.visit.passport and event.visit.passport.mrz)


def test_a_swipe_on_a_line_opens_the_record_and_feeds_identify_and_another_persons_stops_the_visit(
    tmp_path: Path, line: SerialLine
) -> None:
    with kiosk(tmp_path, drivers=[serial_driver(line, framing="stx")]) as at:
        at.ready()
        shown = at.do(lambda: line.send(framed(*ANNAS)), VisitChanged, with_mrz).visit
        assert shown is not None and shown.record.application_number == ANNA.application_number
        assert shown.passport and shown.passport.mrz and shown.passport.mrz.check_ok
        shown = at.do(
            lambda: line.send(framed(*BORISS)),
            VisitChanged,
            lambda e: e.visit and e.visit.match and e.visit.match.stops,
        ).visit
        assert shown is not None and "another_person" in [point.code for point in shown.open_points]
        assert isinstance(at.do(at.station.confirm_match, Trouble).error, WrongApplicant)
        assert at.visit.record.application_number == ANNA.application_number and not at.visit.matched


def test_a_code_that_a_reader_sends_opens_its_record_by_the_symbology_that_it_tells(at: Kiosk) -> None:
    assert notice(at, lambda: type_(at, f"]I1{ANNA.letter_number}")) == "no_such_record"
    shown = at.do(lambda: type_(at, f"]C1{ANNA.letter_number}"), VisitChanged, lambda e: e.visit)
    assert shown.visit and shown.visit.record.letter_number == ANNA.letter_number


def test_the_same_swipe_twice_is_one_and_a_step_that_does_not_want_it_says_so(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.do(lambda: at.station.enter(Step.PORTRAIT), VisitChanged)
    since = len(at.events)
    at.station.take_keys("\r".join(ANNAS + ANNAS), whole=True)
    at.until(Notice, since=since)
    assert notice(at, lambda: type_(at, "L000123456")) == "swipe_not_wanted"
    codes = [event.code for event in at.events[since:] if isinstance(event, Notice)]
    assert codes == ["swipe_not_wanted", "swipe_not_wanted"]
    assert not at.visit.passport


@pytest.mark.parametrize("clock", [0.3, 5.0, 1000.1, 33513.03, 2_345_678.9, 98_765_432.1])
def test_what_was_typed_whole_is_taken_at_once_however_long_the_computer_runs(
    clock: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Swipe] = []
    monkeypatch.setattr("station.flow.listening.time.monotonic", lambda: clock)
    listening = Listening(lambda *_: None, cast(Board, None), taken.append)
    for text in ("L000000001", "L000000002", "\r".join(ANNAS)):
        listening.take_keys(text, whole=True)
    assert [swipe.kind for swipe in taken] == [SwipeKind.CODE, SwipeKind.CODE, SwipeKind.DOCUMENT]


AZERTY = str.maketrans("QAWZM<1234567890", "AQZW?.&é\"'(-è_çà")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (f"{ANNAS[0]}\r{ANNAS[1][:20]}", "swipe_incomplete"),
        (ANNAS[0], "swipe_incomplete"),
        ("\x90\x91\x92\x93", "swipe_garbage"),
        ("L999999999", "no_such_record"),
        (f"{ANNAS[0]}\r{ANNAS[1].replace('7408122', '7408123')}", "swipe_check_failed"),
        ("\r".join(ANNAS).translate(AZERTY), "keyboard_layout"),
    ],
)
def test_what_opens_nothing_is_said_and_nothing_is_guessed(at: Kiosk, keys: str, code: str) -> None:
    since = len(at.events)
    told = at.do(lambda: at.station.take_keys(keys, whole=True), Notice)
    assert told.code == code
    if code == "swipe_check_failed":
        assert told.facts == {"fields": ("birth_date", "composite")}
    at.list_now()
    assert not any(isinstance(event, VisitChanged) for event in at.events[since:])


def test_a_number_that_several_applications_bear_leaves_the_choice_to_the_officer(tmp_path: Path) -> None:
    twin = replace(BORIS, document=ANNA.document)
    with kiosk(tmp_path, (ANNA, twin)) as at:
        at.ready()
        assert notice(at, lambda: type_(at, *ANNAS)) == "swipe_names_several"
        assert len(at.until(Listed, lambda e: len(e.listings) == 2).listings) == 2


def test_a_failing_check_digit_is_told_with_its_field() -> None:
    told = remarks.notice(Notice("swipe_check_failed", {"fields": ("birth_date", "composite")}))
    assert told.what.endswith("does not fit: Date of birth, All fields together.")
    worded = {"swipe_incomplete", "swipe_garbage", "swipe_after_seal", "keyboard_layout"}
    assert worded <= set(remarks.NOTICES)


def test_a_reader_whose_plug_was_pulled_is_listened_to_again_when_it_is_back(tmp_path: Path) -> None:
    def state(event: DevicesChanged) -> DeviceState | None:
        return next((view.state for view in event.devices if view.info.id == READER_ID), None)

    with kiosk(tmp_path) as at:
        props = at.ready().simulated.props
        for _ in range(2):
            since = len(at.events)
            props.plug(READER_ID, connected=True)
            at.until(DevicesChanged, lambda e: state(e) is DeviceState.READY, since)
            props.plug(READER_ID, connected=False)
            at.until(DevicesChanged, lambda e: state(e) is DeviceState.LOST, since)
        since = len(at.events)
        props.plug(READER_ID, connected=True)
        at.until(DevicesChanged, lambda e: state(e) is DeviceState.READY, since)
        at.do(lambda: props.swipe(Swipe(SwipeKind.DOCUMENT, ANNAS)), VisitChanged, with_mrz)
        assert at.visit.simulated


def test_nothing_that_is_swiped_reaches_a_log_or_a_repr(tmp_path: Path, line: SerialLine) -> None:
    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        with kiosk(tmp_path, drivers=[serial_driver(line, framing="stx")]) as at:
            at.ready()
            at.do(lambda: line.send(framed(*ANNAS)[:60] + framed(*BORISS)), VisitChanged, with_mrz)
            at.do(lambda: type_(at, *ANNAS), VisitChanged)
            since = len(at.events)
            line.send(framed(*ANNAS)[:50])
            line.unplug()
            at.until(DevicesChanged, lambda e: any(v.state is not DeviceState.READY for v in e.devices), since)
            told = [f"{event!r}" for event in at.events]
    finally:
        root.setLevel(level)
        root.removeHandler(ear)
    assert [line for line in [*ear.lines, *told] if personal(line)] == []
    parser = FrameParser(Framing())
    parser.feed(f"{ANNAS[0]}".encode(), 0.0)
    assert personal(repr(parser)) == []


@pytest.mark.parametrize(
    ("layout", "keys"),
    [
        ("AZERTY", AZERTY),
        ("AZERTY (be)", str.maketrans("QAWZM<1234567890", "AQZW?.&é\"'(§è!çà")),
        ("QWERTZ", str.maketrans("YZ<", "ZY;")),
        ("QWERTY (fr-CA)", str.maketrans("<", "'")),
        ("", str.maketrans("<", "<")),
        ("", str.maketrans("<", "*")),
    ],
)
def test_a_layout_is_named_when_its_keys_make_a_valid_zone(layout: str, keys: dict[int, int]) -> None:
    zone = ("P<UTOZYLINSKY<<QUIM<<<<<<<<<<<<<<<<<<<<<<<<<", ANNAS[1])
    assert keyboard_layouts.fault("\n".join(zone).translate(keys), TODAY.date()) == layout
