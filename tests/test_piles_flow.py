"""Piles of documents at a whole station: parted by our sheets, on two scanners at once, by a scanner's key."""

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from station.devices.cancel import CancelToken
from station.errors import DeviceBusy, PaperJam, Unsupported, WrongApplicant
from station.flow import sheets
from station.flow.events import (
    ButtonPressed,
    JobEnded,
    JobStarted,
    Notice,
    Outcome,
    Trouble,
    VisitChanged,
)
from station.model.capability import (
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import Page, Pixels
from station.model.record import AttachmentKind
from station.model.visit import Step
from tests.kiosk import ANNA, BORIS, Kiosk, kiosk, rules
from tests.printed import a_visit
from tests.sheet_pages import painted
from ui.printing.canvas import Paper
from ui.printing.checklists import checklist_pages
from ui.printing.separators import separator_pages

DOCUMENT = AttachmentKind.DOCUMENT
FORM, BANK, TRAVEL = "application_form", "financial_support", "travel_plan"
DPI = 150
PATIENCE_S = 120.0


class PileScanner:
    """A feeder with a pile of pictures; waits before each sheet when a test holds it."""

    def __init__(self, info: DeviceInfo, sources: tuple[Source, ...]) -> None:
        self.info = info
        self.pile: list[Pixels] = []
        self.sources = sources
        self.down: tuple[str, ...] = ()
        self.trouble: Exception | None = None
        self.gate, self.asked = threading.Event(), threading.Event()
        self.gate.set()

    def capabilities(self) -> ScannerCapabilities:
        return ScannerCapabilities(self.sources, tuple(ColourMode), (DPI,), (210, 300), ("scan",))

    def pressed(self) -> tuple[str, ...]:
        down = self.down
        self.asked.set()
        return down

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        for number, pixels in enumerate(self.pile, 1):
            assert self.gate.wait(PATIENCE_S)
            cancel.check()
            back = settings.source is Source.DUPLEX and number % 2 == 0
            yield Page(pixels, number, (DPI, DPI), back=back)
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None:
        return


class PileDriver:
    """Finds the scanners that a test made."""

    name = "pile"

    def __init__(self, *sources: tuple[Source, ...]) -> None:
        infos = [DeviceInfo(f"pile:{n}", DeviceKind.SCANNER, "pile", f"Feeder {n}", str(n)) for n in (1, 2)]
        self.scanners = [PileScanner(info, has) for info, has in zip(infos, sources, strict=False)]

    def configure(self, options: dict[str, object]) -> None:
        return

    def find(self) -> Iterator[DeviceInfo]:
        return (scanner.info for scanner in self.scanners)

    def open(self, info: DeviceInfo) -> PileScanner:
        return next(scanner for scanner in self.scanners if scanner.info == info)


@contextmanager
def station(folder: Path, *sources: tuple[Source, ...]) -> Iterator[tuple[Kiosk, list[PileScanner]]]:
    driver = PileDriver(*sources)
    with kiosk(folder, drivers=(driver,), scan_dpi=DPI) as at:
        at.ready().open(ANNA.letter_number)
        at.do(lambda: at.station.enter(Step.DOCUMENTS), VisitChanged)
        yield at, driver.scanners


FEEDER, GLASS = (Source.FEEDER,), (Source.FLATBED,)


def sheet(tone: int) -> Pixels:
    """Draw a small page of lines, unlike every other tone."""
    pixels = np.full((900, 600), 250 - tone, np.uint8)
    pixels[60:840:30, 60:540] = 40
    return pixels


def separator(item: str | None, category: str = "visitor") -> Pixels:
    views = sheets.separators(rules()["checklists"][category])
    (view,) = [v for v in views if (v.item.id if v.item else None) == item]
    (page,) = separator_pages((view,))
    return painted(page, DPI)


def fed(at: Kiosk, scanner: PileScanner, *pile: Pixels, item: str = FORM) -> JobEnded:
    scanner.pile = list(pile)
    return at.do(lambda: at.station.scan(DOCUMENT, item=item, source=Source.FEEDER), JobEnded)


def found(at: Kiosk) -> dict[str, int]:
    items = [page.attachment.item for page in at.visit.of_kind(DOCUMENT)]
    return {item: items.count(item) for item in items}


@pytest.fixture
def one(tmp_path: Path, qapp: object) -> Iterator[tuple[Kiosk, PileScanner]]:
    with station(tmp_path, FEEDER) as (at, scanners):
        yield at, scanners[0]


def test_a_pile_is_parted_by_the_items_on_its_separator_sheets(one: tuple[Kiosk, PileScanner]):
    at, scanner = one
    ended = fed(at, scanner, sheet(1), separator(BANK), sheet(2), sheet(3), separator(TRAVEL), sheet(4))

    assert (ended.outcome, ended.done) == (Outcome.COMPLETED, 4)
    assert found(at) == {FORM: 1, BANK: 2, TRAVEL: 1}
    used = at.until(Notice, lambda told: told.code == "separators_used")
    assert used.facts == {"sheets": 2}


def test_a_patch_sheet_means_the_next_item_of_the_list(one: tuple[Kiosk, PileScanner]):
    at, scanner = one
    order = [view.item.id for view in at.visit.items]
    fed(at, scanner, sheet(1), separator(None), sheet(2), item=order[0])

    assert found(at) == {order[0]: 1, order[1]: 1}


def test_a_sheet_of_another_category_leaves_the_pages_where_they_are_and_says_so(
    one: tuple[Kiosk, PileScanner],
):
    at, scanner = one
    fed(at, scanner, separator("custodianship", "study"), sheet(1))

    assert found(at) == {FORM: 1}
    at.until(Notice, lambda told: told.code == "separator_not_known")


def test_the_printed_list_of_another_applicant_stops_the_pile_and_keeps_what_came_before(
    one: tuple[Kiosk, PileScanner],
):
    at, scanner = one
    checklist = rules()["checklists"]["visitor"]
    visit = a_visit(checklist)
    theirs = replace(visit, record=replace(BORIS, id="record"))
    view = sheets.checklist_sheet(checklist, date(2026, 11, 22), theirs)
    printed = painted(checklist_pages(view, Paper.A4)[0], DPI)
    ended = fed(at, scanner, sheet(1), printed, sheet(2))

    assert isinstance(ended.error, WrongApplicant)
    assert not ended.can_go_on
    assert found(at) == {FORM: 1}


def test_a_sheet_that_is_longer_than_one_is_pointed_out(one: tuple[Kiosk, PileScanner]):
    at, scanner = one
    a4, two = (np.full((round(mm / 25.4 * DPI), 600), 250, np.uint8) for mm in (297, 340))
    fed(at, scanner, a4, two)
    lengths = [
        next(f for f in page.attachment.report.findings if f.measure == "sheet_length")
        for page in at.visit.of_kind(DOCUMENT)
        if page.attachment.report
    ]
    assert [(finding.status.value, round(finding.raw or 0)) for finding in lengths] == [
        ("PASS", 297),
        ("WARN", 340),
    ]


def test_a_jam_between_the_sides_of_a_sheet_keeps_the_front_and_says_so(tmp_path: Path, qapp: object):
    with station(tmp_path, (Source.DUPLEX,)) as (at, (scanner,)):
        scanner.pile, scanner.trouble = [sheet(1), sheet(2), sheet(3)], PaperJam(kept=3)
        since = len(at.events)
        ended = at.do(lambda: at.station.scan(DOCUMENT, item=FORM, source=Source.DUPLEX), JobEnded)
        at.until(Notice, lambda told: told.code == "half_sheet", since)

        assert (ended.outcome, ended.done, ended.can_go_on) == (Outcome.FAILED, 3, True)
        kept = [page.attachment for page in at.visit.of_kind(DOCUMENT)]
        assert [bool(page.sheet) for page in kept] == [True, True, True]
        assert kept[0].sheet == kept[1].sheet != kept[2].sheet


def test_a_scan_on_one_scanner_leaves_what_the_other_can_go_on_with(tmp_path: Path, qapp: object):
    with station(tmp_path, FEEDER, FEEDER) as (at, (first, second)):
        at.station.choose(first.info.id)
        first.trouble = PaperJam()
        assert fed(at, first, sheet(1)).can_go_on
        at.station.choose(second.info.id)
        assert fed(at, second, sheet(2), item=BANK).device == second.info.id

        first.pile, first.trouble = [sheet(3)], None
        more = at.do(at.station.go_on, JobEnded)
        assert (more.outcome, more.device) == (Outcome.COMPLETED, first.info.id)
        assert found(at) == {FORM: 2, BANK: 1}


def test_two_scanners_scan_at_once_and_no_page_goes_astray(tmp_path: Path, qapp: object):
    with station(tmp_path, FEEDER, FEEDER) as (at, (first, second)):
        first.pile, second.pile = [sheet(n) for n in range(3)], [sheet(n) for n in range(10, 14)]
        first.gate.clear()
        second.gate.clear()
        since = len(at.events)
        at.station.scan(DOCUMENT, item=FORM, source=Source.FEEDER)
        at.station.scan(DOCUMENT, item=BANK, source=Source.FEEDER)
        started = [at.until(JobStarted, lambda e, d=d: e.device == d.info.id, since) for d in (first, second)]
        assert len(started) == 2
        assert (
            at.do(lambda: at.station.scan(DOCUMENT, item=TRAVEL, source=Source.FEEDER), Trouble).error.code
            == DeviceBusy.code
        )

        first.gate.set()
        second.gate.set()
        for scanner in (first, second):
            ended = at.until(JobEnded, lambda e, s=scanner: e.device == s.info.id, since)
            assert ended.outcome is Outcome.COMPLETED
        assert found(at) == {FORM: 3, BANK: 4}
        by = {p.attachment.item: p.attachment.provenance.device for p in at.visit.of_kind(DOCUMENT)}
        assert set(by.values()) == {first.info.id, second.info.id}


def test_what_the_chosen_scanner_lacks_is_done_by_the_other(tmp_path: Path, qapp: object):
    with station(tmp_path, GLASS, FEEDER) as (at, (glass, feeder)):
        at.station.choose(glass.info.id)
        ended = fed(at, feeder, sheet(1))
        assert (ended.outcome, ended.device) == (Outcome.COMPLETED, feeder.info.id)


def test_what_no_scanner_has_is_refused_at_the_door(tmp_path: Path, qapp: object):
    with station(tmp_path, GLASS) as (at, _):
        error = at.do(lambda: at.station.scan(DOCUMENT, item=FORM, source=Source.DUPLEX), Trouble).error
        assert isinstance(error, Unsupported)
        assert (error.context["setting"], error.context["value"]) == ("source", Source.DUPLEX)


def test_what_the_profile_forbids_is_refused_whatever_the_scanner_has(tmp_path: Path, qapp: object):
    with station(tmp_path, FEEDER) as (at, _):
        error = at.do(
            lambda: at.station.scan(AttachmentKind.PASSPORT_PAGE, source=Source.FEEDER), Trouble
        ).error
        assert isinstance(error, Unsupported)
        assert error.context["setting"] == "profile"


def test_the_key_on_the_scanner_is_told_once(one: tuple[Kiosk, PileScanner]):
    at, scanner = one
    assert scanner.asked.wait(PATIENCE_S)
    scanner.down = ("scan",)
    told = at.until(ButtonPressed)
    scanner.asked.clear()
    assert scanner.asked.wait(PATIENCE_S)

    assert (told.device.id, told.button) == (scanner.info.id, "scan")
    assert sum(isinstance(event, ButtonPressed) for event in at.events) == 1
