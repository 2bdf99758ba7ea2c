"""The life of a station: killed at any moment, closed while a device hangs, worked all day."""

import gc
import multiprocessing
import random
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from drivers.simulated.props import SCANNER_ID
from station.devices.cancel import CancelToken
from station.flow.events import (
    Event,
    JobStarted,
    Listed,
    Opened,
    VisitChanged,
)
from station.flow.preview import Preview
from station.flow.scan_job import ScanJob
from station.flow.views import Candidate, VisitView
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Prepared
from station.model.capability import DeviceInfo, DeviceKind, ScannerCapabilities, ScanSettings
from station.model.image import Frame, Page
from station.model.record import AttachmentKind
from station.model.specimen import Fault, FaultKind, PaperKind
from station.model.visit import Act, ActKind, Step, Visit
from station.storage.open import open_store
from tests.kiosk import ANNA, PATIENCE_S, Kiosk, kiosk
from tests.visits import applicants, whole_visit

KILLS = 5
VISITS = 6
COARSE_DPI = 75


# -- a kill at any moment -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen said of a visit, or what its acts add up to."""

    visit_id: str
    step: Step
    matched: bool
    sealed: bool
    attachments: frozenset[str]


def work_until_killed(folder: Path, first: int, tell: Connection) -> None:
    """Go through one visit after the other and tell of each picture of them that the window was given."""

    def ear(event: Event) -> None:
        if isinstance(event, VisitChanged) and event.visit is not None:
            view = event.visit
            attached = frozenset(attachment.id for attachment in view.record.attachments)
            tell.send(Shown(view.visit_id, view.step, view.matched, view.sealed, attached))

    people = applicants(first + 2)[first:]
    with kiosk(folder, people, scan_dpi=COARSE_DPI, ear=ear) as at:
        at.ready()
        for applicant in people:
            whole_visit(at, applicant, plain=True)


def killed_station(folder: Path, first: int, chance: random.Random) -> list[Shown]:
    """Run a station, kill it at a random moment of a visit, return what it had shown."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.test_station_life", "alembic.command"])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=work_until_killed, args=(folder, first, theirs))
    child.start()
    theirs.close()
    shown: list[Shown] = []
    try:
        for _ in range(chance.randrange(1, 32)):
            shown.append(ours.recv())
        child.join(chance.random() * 0.05)
    finally:
        child.kill()
        child.join()
    try:
        while True:
            shown.append(ours.recv())
    except EOFError:
        ours.close()
        child.close()
        return shown


def replayed(visit: Visit, acts: Sequence[Act]) -> Iterator[Shown]:
    """Yield how the visit stood after each of its acts, beginning with the first."""
    standing = Visit(visit.id, visit.record_id, visit.station, visit.opened_at)
    attached: set[str] = set()
    for act in acts:
        standing = standing.after(act)
        if act.kind is ActKind.ATTACHED:
            attached.add(str(act.facts["attachment"]))
        elif act.kind is ActKind.DETACHED:
            attached.discard(str(act.facts["attachment"]))
        yield Shown(visit.id, standing.step, standing.matched, standing.sealed, frozenset(attached))


def prove(folder: Path, shown: Sequence[Shown]) -> Shown:
    """Prove that all that was shown is stored, in its order; return how the last visit stands."""
    store = open_store(folder)
    try:
        store.sweep()
        assert list(store.verify()) == []
        for visit_id in dict.fromkeys(one.visit_id for one in shown):
            with store.units() as work:
                visit = work.journal.get(visit_id)
                standings = list(replayed(visit, work.journal.acts(visit_id)))
                record = work.records.get(visit.record_id)
            later = iter(standings)
            now = next(later)
            for one in shown:
                while one.visit_id == visit_id and one != now:
                    now = next(later, None)
                    assert now is not None, f"was shown and is not stored: {one}"
            assert standings[-1].attachments == {attachment.id for attachment in record.attachments}
        return standings[-1]
    finally:
        store.close()


def prove_resumed(folder: Path, stood: Shown) -> None:
    """Prove that a new station offers the visit where it stood and goes on with it; a sealed one is done."""
    with kiosk(folder, ()) as at:
        at.until(Opened)
        listings = at.until(Listed).listings
        offered = [listing for listing in listings if listing.visit_id]
        assert list(listings[: len(offered)]) == offered
        mine = [listing for listing in offered if listing.visit_id == stood.visit_id]
        assert [listing.visit_step for listing in mine] == ([] if stood.sealed else [stood.step])
        for listing in mine:
            shown = at.do(lambda: at.station.resume(listing.visit_id), VisitChanged).visit  # noqa: B023
            assert shown is not None
            assert {attachment.id for attachment in shown.record.attachments} == stood.attachments
            assert (shown.step, shown.matched) == (stood.step, stood.matched)


def kill_and_prove(folder: Path, kills: int, seed: int) -> int:
    """Kill so many stations, prove the store after each, and return how much had been shown in all."""
    chance = random.Random(seed)
    told = 0
    for kill in range(kills):
        shown = killed_station(folder, 2 * kill, chance)
        prove_resumed(folder, prove(folder, shown))
        told += len(shown)
    return told


def test_what_was_shown_survives_a_kill_at_any_moment_of_a_visit(tmp_path: Path) -> None:
    assert kill_and_prove(tmp_path, KILLS, 20261122) >= 4 * KILLS


def test_a_picture_that_no_record_names_is_put_aside_at_the_start(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    orphan = store.pictures.put(b"stored just before the power went")
    store.close()
    with kiosk(tmp_path) as at:
        at.until(Opened)
    store = open_store(tmp_path)
    assert (tmp_path / "pictures" / "quarantine" / orphan).is_file()
    assert not store.pictures.path(orphan).exists()
    assert list(store.verify()) == []
    store.close()


# -- closing --------------------------------------------------------------------------------------------------


def test_a_station_that_closes_in_a_visit_goes_on_with_it_the_next_day(tmp_path: Path) -> None:
    with kiosk(tmp_path) as at:
        at.ready().open(ANNA.application_number)
        at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
        item = at.visit.items[0].item.id
        at.do(lambda: at.station.waive_item(item, "not_brought"), VisitChanged)
        at.do(lambda: at.station.enter(Step.DOCUMENTS), VisitChanged)
        yesterday = at.visit
    with kiosk(tmp_path) as at:
        first = at.ready().list_now().listings[0]
        assert (first.visit_id, first.visit_step) == (yesterday.visit_id, Step.DOCUMENTS)
        today = at.do(
            lambda: at.station.resume(first.visit_id),
            VisitChanged,
            lambda event: event.visit and event.visit.pages,
        ).visit
        assert today is not None
        assert [p.attachment for p in today.pages] == [p.attachment for p in yesterday.pages]
        assert today.items == yesterday.items


def test_closing_cancels_a_scan_that_hangs(tmp_path: Path) -> None:
    with kiosk(tmp_path) as at:
        at.ready().open(ANNA.application_number)
        at.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.HANG))
        at.do(lambda: at.station.scan(AttachmentKind.LETTER), JobStarted)
    assert_put_down(tmp_path, at.visit.visit_id)


def test_closing_leaves_a_driver_behind_that_heeds_no_cancel(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("lane ")
    driver = WedgedDriver()
    with kiosk(tmp_path, drivers=(driver,)) as at:
        at.ready().open(ANNA.application_number)
        at.do(lambda: at.station.scan(AttachmentKind.LETTER), JobStarted)
        try:
            assert driver.scanning.wait(60)
            at.station.close(1.0)
            assert_put_down(tmp_path, at.visit.visit_id)
        finally:
            driver.released.set()


def assert_put_down(folder: Path, visit_id: str) -> None:
    """The visit waits to be resumed, without a picture, and the store is whole."""
    store = open_store(folder)
    with store.units() as work:
        visit = work.journal.get(visit_id)
        record = work.records.get(visit.record_id)
    assert (visit.open, visit.left, record.attachments) == (True, True, ())
    assert list(store.verify()) == []
    store.close()


class WedgedDriver:
    """One scanner whose scan waits for `released`, whatever the station asks for."""

    name = "wedged"

    def __init__(self) -> None:
        self.scanning = threading.Event()
        self.released = threading.Event()
        self.info = DeviceInfo("wedged:scanner", DeviceKind.SCANNER, "wedged", "Wedged scanner", "")

    def configure(self, options: dict[str, object]) -> None:
        """Take no options."""

    def find(self) -> Iterator[DeviceInfo]:
        yield self.info

    def open(self, info: DeviceInfo) -> "WedgedDriver":
        return self

    def capabilities(self) -> ScannerCapabilities:
        return ScannerCapabilities(None, None, None, None)

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Iterator[Page]:
        self.scanning.set()
        self.released.wait()
        yield from ()

    def close(self) -> None:
        """Nothing is held."""


# -- all day --------------------------------------------------------------------------------------------------

OF_A_VISIT = (VisitInHand, VisitView, ScanJob, Preview, Prepared, Page, Frame, Candidate)
SLACK_BYTES = 1_000_000
"""Less than two thumbnails; two visits have ten."""


def settled(at: Kiosk) -> Kiosk:
    """Wait until every lane has done its work."""
    desk = at.station._desk
    assert desk is not None
    for lane in [*(bay.lane for bay in desk.board._bays.values()), *desk.workshop._lanes]:
        lane.submit(int).result(PATIENCE_S)
    at.list_now()
    with at.arrived:
        at.events.clear()
    gc.collect()
    return at


def alive() -> Counter[str]:
    """Count the values of visits that are still held, by anything in this process."""
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, OF_A_VISIT))


def test_nothing_of_a_visit_stays_in_memory(tmp_path: Path) -> None:
    people = applicants(VISITS)
    before = alive()  # an earlier test that failed may hold its station
    with kiosk(tmp_path, people, scan_dpi=COARSE_DPI) as at:
        at.ready()
        visits = (whole_visit(at, applicant, plain=True) and settled(at) for applicant in people)
        held_bytes, threads = [], []
        try:
            for number, _ in enumerate(visits, 1):
                if number == VISITS // 3:
                    tracemalloc.start()
                held_bytes.append(tracemalloc.get_traced_memory()[0])
                threads.append(threading.active_count())
        finally:
            tracemalloc.stop()
        left = alive() - before
    assert left == {}
    assert threads[-1] == threads[0]
    assert held_bytes[-1] - held_bytes[2 * VISITS // 3] < SLACK_BYTES
