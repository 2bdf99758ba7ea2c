"""Papers held before the camera: read while the live picture runs, kept only when all looks agree."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.simulated.camera import SIZES
from drivers.simulated.driver import SimulatedDriver
from drivers.simulated.props import CAMERA_ID
from station.errors import AttachmentRefused, DeviceLost, StorageError, WrongApplicant
from station.flow import desk
from station.flow.events import LiveRead, Notice, PaperSight, Trouble, VisitChanged
from station.flow.glance import Sighting
from station.flow.live_reading import LiveReading
from station.flow.workshop import Prepared
from station.model.document import MrzStatus, PartialDate, Reading
from station.model.image import Frame, PictureRef
from station.model.quality import QualityReport, Verdict
from station.model.record import ApplicationRecord, AttachmentKind, TravelDocument
from station.model.specimen import Flaw, Paper, PaperKind
from station.reading.mrz import parse
from tests.kiosk import ANNA, BORIS, PATIENCE_S, TODAY, Kiosk, kiosk

# ICAO 9303-4, appendix: the specimen with a later expiry; the kiosk's Anna holds this passport.
LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<04")
NOBODY = replace(
    BORIS, surname="Sok", given_names="Dara", application_number="V000999999", letter_number="L000999999",
    birth_date=PartialDate(1988, 1, 9), document=TravelDocument("Z7654321B", "UTO", PartialDate(2031, 6, 2)),
)  # fmt: skip


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path) as opened:
        yield opened.ready()


def passport(record: ApplicationRecord, *flaws: Flaw) -> Paper:
    return Paper(PaperKind.PASSPORT, record, flaws)


def read(at: Kiosk, sight: PaperSight) -> LiveRead:
    """Start reading and wait for a frame that shows this."""
    return at.do(lambda: at.station.start_reading(320, 180), LiveRead, lambda e: e.sight is sight)


def test_a_passport_held_before_the_camera_lies_on_the_record_with_its_cells_and_strips(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.simulated.props.show(passport(ANNA))
    told = read(at, PaperSight.READ)
    assert told.visit_id == at.visit.visit_id
    (page,) = at.visit.of_kind(AttachmentKind.PASSPORT_PAGE)
    reading, picture = page.attachment.reading, page.attachment.picture
    assert reading is not None and reading.mrz is not None
    assert page.attachment.report is not None
    assert (page.attachment.report.profile, page.attachment.report.verdict) == ("held", Verdict.PASS)
    assert (reading.mrz.lines, reading.mrz.status) == (LINES, MrzStatus.ACCEPTED)
    assert [len(line) for line in reading.cells] == [44, 44]
    assert at.visit.zone and all(part.strip is not None for part in at.visit.zone)
    assert (picture.width_px, picture.height_px) == (SIZES[0].width_px, SIZES[0].height_px)
    assert page.attachment.provenance.device == CAMERA_ID
    once = next(e for e in at.events if isinstance(e, LiveRead) and e.sight is PaperSight.ONCE)
    assert len(once.outlines) == 2
    assert all(0 < x < 1 and 0 < y < 1 for line in once.outlines for x, y in line)
    assert not at.visit.stranger

    # Held on, it is not taken again; the letter that comes next is.
    since = len(at.events)
    at.until(LiveRead, lambda e: e.sight is PaperSight.READ and e.outlines, since)
    at.simulated.props.show(Paper(PaperKind.LETTER, ANNA))
    at.until(VisitChanged, lambda e: e.visit and e.visit.of_kind(AttachmentKind.LETTER), since)
    assert at.visit.of_kind(AttachmentKind.PASSPORT_PAGE)[0].attachment.id == page.attachment.id


def test_at_the_desk_a_passport_opens_its_record(at: Kiosk) -> None:
    at.simulated.props.show(passport(BORIS))
    at.do(
        lambda: at.station.start_reading(320, 180),
        VisitChanged,
        lambda e: e.visit and e.visit.of_kind(AttachmentKind.PASSPORT_PAGE),
    )
    assert at.visit.record.application_number == BORIS.application_number
    at.ready()
    assert at.station.mailbox.take() is None, "the reading ended with the desk"


def test_at_the_desk_a_passport_that_nobody_announced_opens_nothing(at: Kiosk) -> None:
    at.simulated.props.show(passport(NOBODY))
    notice = at.do(lambda: at.station.start_reading(320, 180), Notice)
    assert notice.code == "no_such_record"
    assert not [e for e in at.events if isinstance(e, VisitChanged)]


def test_another_persons_passport_is_refused_and_shown_as_a_strangers(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.simulated.props.show(passport(BORIS))
    since = len(at.events)
    read(at, PaperSight.REFUSED)
    trouble = at.until(Trouble, since=since)
    assert isinstance(trouble.error, WrongApplicant)
    assert at.visit.stranger
    assert at.visit.pages == ()


def test_a_reading_in_doubt_opens_nothing(at: Kiosk) -> None:
    # No state has this code: every check digit holds, and the reading is in doubt all the same.
    document = TravelDocument("X1234567A", "QQX", PartialDate(2030, 1, 1))
    at.simulated.props.show(passport(replace(BORIS, document=document)))
    read(at, PaperSight.DOUBTFUL)
    since = len(at.events)
    for _ in range(3):
        told = at.until(LiveRead, since=since)
        since = at.events.index(told, since) + 1
        assert told.sight is PaperSight.DOUBTFUL
    assert not [e for e in at.events if isinstance(e, VisitChanged | Notice | Trouble)]


def test_the_camera_unplugged_in_the_middle_ends_the_reading(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    read(at, PaperSight.NOTHING)
    trouble = at.do(lambda: at.simulated.props.plug(CAMERA_ID, connected=False), Trouble)
    assert isinstance(trouble.error, DeviceLost)
    assert at.station.mailbox.take() is None
    since = len(at.events)
    at.simulated.props.show(passport(ANNA))
    at.list_now()
    assert at.visit.pages == ()
    assert not [e for e in at.events[since:] if isinstance(e, LiveRead)]


def test_leaving_the_visit_ends_the_reading_and_the_next_visit_gets_nothing_of_it(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.simulated.props.show(passport(ANNA))
    read(at, PaperSight.ONCE)
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    since = len(at.events)
    at.open(BORIS.application_number)
    at.ready()
    at.list_now()
    assert at.visit.pages == ()
    assert not [e for e in at.events[since:] if isinstance(e, LiveRead | Trouble | Notice)]
    assert at.station.mailbox.take() is None


def test_nothing_to_read_changes_nothing(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    since = len(at.events)
    read(at, PaperSight.NOTHING)
    at.station.stop_preview()
    at.list_now()
    assert not [e for e in at.events[since:] if isinstance(e, VisitChanged | Notice | Trouble)]
    assert at.station.mailbox.take() is None


def test_practice_holds_the_own_passport_before_the_camera(tmp_path: Path) -> None:
    with kiosk(tmp_path, practice=True) as at:
        at.ready().open(BORIS.application_number)
        read(at, PaperSight.READ)
        assert len(at.visit.of_kind(AttachmentKind.PASSPORT_PAGE)) == 1
        at.station.start_preview(320, 180)
        at.list_now()
        assert at.simulated.props.held is None


def test_a_sealed_visit_is_read_no_more(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.station._change(lambda hand: setattr(hand, "visit", replace(hand.visit, sealed=True)))
    trouble = at.do(lambda: at.station.start_reading(320, 180), Trouble)
    assert isinstance(trouble.error, AttachmentRefused)


# -- what counts ----------------------------------------------------------------------------------------------


class Table:
    """A reading whose frames are told by the test; every piece of work is done at once."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.delivered: list[object] = []
        self.stills = 0
        self.shows = Sighting(PaperSight.NOTHING)
        self.prepared: tuple[object, ...] = ()
        self.full = True
        self.reading = LiveReading(
            "visit", self, lambda pixels: self.shows, self.post, self.told.append, self.deliver
        )  # fmt: skip
        self.reading.begin(SimulatedDriver().find()[1], None, self.still)

    def submit(self, work: Callable[..., object], *args: object, **named: object) -> "Future[object]":
        done: Future[object] = Future()
        done.set_result(work(*args, **named))
        return done

    def prepare(self, page: object, kind: AttachmentKind, *, held: bool) -> tuple[object, ...]:
        assert held
        return self.prepared

    def post(self, work: Callable[..., object], *args: object) -> None:
        with suppress(StorageError):  # the desk lane tells the window
            work(*args)

    def deliver(self, paper: object, pages: object) -> None:
        if self.full:
            raise StorageError
        self.delivered.append(paper)

    def sights(self) -> list[PaperSight]:
        return [event.sight for event in self.told if isinstance(event, LiveRead)]

    def still(self) -> "Future[tuple[Frame, ...]]":
        self.stills += 1
        done: Future[tuple[Frame, ...]] = Future()
        done.set_result((FRAME,))
        return done

    def show(self, *words: str) -> None:
        self.shows = Sighting(PaperSight.ONCE if words else PaperSight.DOUBTFUL, (), words)
        self.look()

    def look(self) -> None:
        self.reading._rests_until = 0.0
        self.reading.see(FRAME)


FRAME = Frame(np.zeros((4, 4, 3), np.uint8), 1, 1.0)
REPORT = QualityReport("passport", ())
PAGE = (
    Prepared(
        AttachmentKind.PASSPORT_PAGE, PictureRef("0" * 64, "image/png", 1, 4, 4), FRAME.pixels, REPORT,
        Reading(mrz=replace(parse(LINES, today=TODAY.date()), status=MrzStatus.ACCEPTED)),
    ),
)  # fmt: skip


@pytest.fixture
def table() -> Table:
    return Table()


def test_one_frame_is_not_enough_nor_two_that_differ_nor_one_with_doubt_between(table: Table) -> None:
    for words in (("mrz", "A"), ("mrz", "B"), ("mrz", "A"), (), ("mrz", "A")):
        table.show(*words)
    assert table.stills == 0
    table.show("mrz", "A")
    assert table.stills == 1


def test_a_still_that_says_something_else_is_not_kept(table: Table) -> None:
    for _ in range(2):
        table.show("mrz", *LINES)
    assert table.stills == 1
    assert table.delivered == []
    assert [e.code for e in table.told if isinstance(e, Notice)] == ["still_differs"]


def test_what_could_not_be_kept_is_tried_again_only_when_it_is_held_up_anew(table: Table) -> None:
    table.prepared = PAGE
    for _ in range(4):
        table.show("mrz", *LINES)
    assert table.stills == 1
    assert table.sights()[-1] is PaperSight.NOT_KEPT
    table.shows = Sighting(PaperSight.NOTHING)
    table.look()
    table.full = False
    for _ in range(3):
        table.show("mrz", *LINES)
    assert (table.stills, len(table.delivered)) == (2, 1)
    assert table.sights()[-1] is PaperSight.READ


def test_a_bug_of_the_reader_is_logged_once_and_the_live_picture_goes_on(
    at: Kiosk,
    monkeypatch: pytest.MonkeyPatch,
    expected_logs: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*args: object, **facts: object) -> Sighting:
        raise ZeroDivisionError

    monkeypatch.setattr(desk, "glance", broken)
    expected_logs.append("a fault of the program on lane desk")
    at.station.start_reading(320, 180)
    until = time.monotonic() + PATIENCE_S
    while not caplog.records:
        assert time.monotonic() < until, "nothing was logged"
        time.sleep(0.02)
    for _ in range(3):
        at.station.mailbox.take()
        while at.station.mailbox.take() is None:
            assert time.monotonic() < until, "no frame came"
            time.sleep(0.02)
    at.list_now()
    assert len(caplog.records) == 1
    assert not [e for e in at.events if isinstance(e, LiveRead | Trouble)]


def test_what_comes_after_the_end_is_nobodys(table: Table) -> None:
    table.show("mrz", "A")
    table.reading.end()
    table.show("mrz", "A")
    assert (table.stills, len(table.told)) == (0, 1)
    assert table.reading._newest is None
