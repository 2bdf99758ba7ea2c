"""The store is held by another program, goes away, comes back; its server falls in the middle of two visits."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drivers.simulated.props import SCANNER_ID
from station.errors import (
    CalibrationLocked,
    RecordChanged,
    StationError,
    StorageError,
    StorageLocked,
    StorageMissing,
)
from station.flow import calibration_work, standings
from station.flow.calibration_views import CalibrationDone
from station.flow.events import DevicesChanged, Event
from station.model.calibration import Reason
from station.model.record import ApplicationRecord, AttachmentKind
from station.model.target import TargetKind
from station.model.visit import ActKind, Step
from station.storage import open as storage
from station.storage.open import open_store
from tests.faults import MarkedDriver, Shown, go_through, proved, put_down, said, scan, shown
from tests.kiosk import ANNA, TODAY, Kiosk, kiosk
from tests.postgres import Server, running_server
from tests.rogue import says
from tests.visits import applicants

PATIENCE_S = 120.0
"""Waits end as soon as what they wait for happens; this only bounds a test that fails."""

HOLD = """
import sys
from pathlib import Path
from tests.stored import raw_database
held = raw_database(Path(sys.argv[1]))
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


Working = tuple[Kiosk, MarkedDriver, list[Shown]]


@contextmanager
def working(folder: Path, *people: ApplicationRecord, **facts: Any) -> Iterator[Working]:
    """Open a station with these applicants that notes what it shows."""
    told: list[Shown] = []

    def ear(event: Event) -> None:
        if (one := said(event)) is not None:
            told.append(one)

    driver = MarkedDriver()
    with kiosk(folder, people, drivers=(driver,), scan_dpi=75, ear=ear, **facts) as at:
        yield at.ready(), driver, told


def test_a_program_that_holds_the_database_and_is_killed_is_told_and_the_visit_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_LOCK_MS", 50)
    (person,) = applicants(1)
    with working(tmp_path, person) as (at, driver, told):
        go_through(at, driver, person, until=Step.DOCUMENTS)
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        try:
            assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
            with pytest.raises(StorageLocked) as met:
                shown(at, lambda: at.station.enter(Step.REVIEW), lambda view: view.step is Step.REVIEW)
            says(met.value, StorageLocked)
            assert at.visit.step is Step.DOCUMENTS
        finally:
            holder.kill()
            holder.communicate()
        assert go_through(at, driver, person).sealed
    assert proved(tmp_path, told) == 5


def test_a_data_folder_that_goes_away_and_comes_back_has_all_that_was_accepted(
    tmp_path: Path, expected_logs: list[str]
) -> None:
    expected_logs.append("the anchors of the audit could not be written")
    (person,) = applicants(1)
    folder, away = tmp_path / "data", tmp_path / "elsewhere"
    with working(folder, person) as (at, driver, told):
        view = go_through(at, driver, person, until=Step.DOCUMENTS)
        folder.rename(away)
        with pytest.raises(StorageMissing) as met:
            scan(at, AttachmentKind.DOCUMENT, item=view.items[0].item.id)
        says(met.value, StorageMissing)
        assert at.visit.record == view.record
        assert not folder.exists(), "nothing is begun anew in its place"
        away.rename(folder)
        assert go_through(at, driver, person).sealed
    assert proved(folder, told) == 5


def test_a_clock_that_is_set_back_in_a_visit_keeps_the_order_of_its_acts_and_opens_no_scanner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_work, "DPI", 150)
    monkeypatch.setattr(standings, "LOOK_S", 0.0)
    clock = [TODAY]

    def turn(at: Kiosk, by: timedelta, *, locked: bool) -> None:
        since = len(at.events)
        clock[0] += by
        at.until(DevicesChanged, lambda event: any(view.locked for view in event.devices) is locked, since)

    locks = frozenset({"scanner", "simulated"})
    with kiosk(tmp_path, now=lambda: clock[0], locks=locks, practice=True, scan_dpi=75) as at:
        station = at.ready().station
        at.do(lambda: station.calibrate(SCANNER_ID, TargetKind.A4), CalibrationDone)
        visit_id = at.open(ANNA.application_number).visit_id
        scan(at, AttachmentKind.LETTER)
        turn(at, -timedelta(hours=3), locked=True)
        shown(at, lambda: station.enter(Step.PORTRAIT), lambda view: view.step is Step.PORTRAIT)
        with pytest.raises(CalibrationLocked) as met:
            scan(at, AttachmentKind.PASSPORT_PAGE)
        assert says(met.value, CalibrationLocked).context["reason"] == Reason.CLOCK
        shown(at, lambda: station.enter(Step.DOCUMENTS), lambda view: view.step is Step.DOCUMENTS)
        turn(at, timedelta(hours=3, minutes=1), locked=False)
        scan(at, AttachmentKind.PASSPORT_PAGE)
        put_down(at)
    with closing(open_store(tmp_path)) as store:
        assert list(store.verify()) == []
        with store.units() as work:
            acts = work.journal.acts(visit_id)
            visit = work.journal.get(visit_id)
    kinds = [act.kind for act in acts if act.kind not in (ActKind.ATTACHED, ActKind.DETACHED)]
    assert kinds == [ActKind.OPENED, ActKind.ENTERED, ActKind.ENTERED, ActKind.LEFT]
    times = [act.at for act in acts]
    assert times != sorted(times)
    assert (visit.step, visit.number) == (Step.DOCUMENTS, len(acts))


# -- PostgreSQL -----------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server(durable=True) as running:
        yield running


def seal(at: Kiosk, driver: MarkedDriver, person: ApplicationRecord, met: list[StationError]) -> None:
    """Work as an officer does who is told that the server does not answer: try again until it does."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            assert go_through(at, driver, person).sealed
            return
        except (StorageError, RecordChanged) as error:
            met.append(says(error, type(error)))
            assert time.monotonic() < until, "the server is there and was not found again"
            time.sleep(0.05)


def more(count: int, *lists: Sequence[object]) -> None:
    """Wait until each of these lists has grown by so much."""
    until = time.monotonic() + PATIENCE_S
    wanted = [len(one) + count for one in lists]
    while any(len(one) < size for one, size in zip(lists, wanted, strict=True)):
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.system("postgresql")
def test_a_server_that_stops_in_a_visit_is_told_and_the_visit_goes_on(tmp_path: Path, server: Server) -> None:
    url = server.url(server.create())
    (person,) = applicants(1)
    with working(tmp_path, person, url=url) as (at, driver, told):
        view = go_through(at, driver, person, until=Step.DOCUMENTS)
        server.stop()
        with pytest.raises(StorageMissing) as met:
            scan(at, AttachmentKind.DOCUMENT, item=view.items[0].item.id)
        says(met.value, StorageMissing)
        with pytest.raises(StorageMissing):
            shown(at, lambda: at.station.enter(Step.REVIEW), lambda view: view.step is Step.REVIEW)
        assert (at.visit.record, at.visit.step) == (view.record, Step.DOCUMENTS)
        server.start()
        assert go_through(at, driver, person).sealed
    assert proved(tmp_path, told, url) == 5


@pytest.mark.system("postgresql")
def test_two_stations_go_on_when_their_server_falls_in_the_middle_of_both_visits(
    tmp_path: Path, server: Server, expected_logs: list[str]
) -> None:
    expected_logs.append("error ignored terminating <psycopg.Pipeline")  # psycopg, of a lost server
    url = server.url(server.create())
    people = applicants(4)
    met: tuple[list[StationError], ...] = ([], [])
    with ExitStack() as stack:
        open_store(tmp_path, url).close()
        desks = [
            stack.enter_context(working(tmp_path, *people, url=url, station=f"kiosk-{number}"))
            for number in (1, 2)
        ]
        pool = stack.enter_context(ThreadPoolExecutor(2))
        done = [
            pool.submit(lambda at, driver, mine, met: [seal(at, driver, one, met) for one in mine], *facts)
            for facts in (
                (desk[0], desk[1], people[number::2], met[number]) for number, desk in enumerate(desks)
            )
        ]
        for how in (signal.SIGINT, signal.SIGQUIT):
            more(4, *(told for _, _, told in desks))
            server.stop(how)
            more(1, *met)
            server.start()
        for future in done:
            future.result(PATIENCE_S)
    shown_by_both = [one for desk in desks for one in desk[2]]
    # A feeder that was stopped between its two sheets may have given one.
    assert 4 * len(people) <= proved(tmp_path, shown_by_both, url) <= 5 * len(people)
    assert {type(error) for troubles in met for error in troubles} <= {StorageMissing, RecordChanged}
