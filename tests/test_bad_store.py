"""The store fails under a running station: full, locked, missing, damaged. What was safe stays."""

import resource
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from station.errors import (
    RecordNotFound,
    SettingsError,
    StationError,
    StationKeyDamaged,
    StationKeyMissing,
    StorageDamaged,
    StorageFull,
    StorageLocked,
    StorageMissing,
)
from station.flow.events import JobEnded, Opened, Outcome, PortraitJudged, Trouble, VisitChanged
from station.flow.options import FitOut, Options
from station.flow.station import Station
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import PaperKind
from station.model.visit import Step
from station.storage import open as storage
from station.storage.open import OpenStore, open_store
from tests.kiosk import ANNA, BORIS, PATIENCE_S, Kiosk, kiosk, rules
from tests.rogue import CAMERA, SCANNER, RogueDriver, says
from tests.stored import raw_database

REASON = OverrideNote(Override.OBVIOUS, "medical")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    monkeypatch.setattr(storage, "_LOCK_MS", 50)
    with kiosk(tmp_path / "data", scan_dpi=75) as opened:
        yield opened.ready()


def scan_passport(at: Kiosk) -> JobEnded:
    return at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)


def problems(folder: Path) -> set[str]:
    """Prove the store by a look of its own."""
    store = open_store(folder)
    try:
        return {problem.kind.value for problem in store.verify()}
    finally:
        store.close()


# -- full -----------------------------------------------------------------------------------------------------


@contextmanager
def no_room_for_pictures() -> Iterator[None]:
    """Let the system refuse what a full disk refuses: no file grows beyond 20 kB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_room_for_rows(at: Kiosk) -> Iterator[None]:
    """Let the database have no page more than it has."""

    def limit(spare: int) -> None:
        done: Future[None] = Future()

        def work(_: object) -> None:  # on the desk lane, which uses one connection only
            with the_store(at).engine.connect() as connection:
                count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                connection.exec_driver_sql(f"PRAGMA max_page_count={count + spare}")
            done.set_result(None)

        at.station._do(work)
        done.result(PATIENCE_S)

    limit(0)
    try:
        yield
    finally:
        limit(100_000)


def the_store(at: Kiosk) -> OpenStore:
    desk = at.station._desk
    assert desk is not None
    store = desk.out.store
    assert isinstance(store, OpenStore)
    return store


def test_a_full_disk_in_a_scan_attaches_nothing_and_the_next_scan_after_it_works(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    before = at.visit.record
    with no_room_for_pictures():
        ended = scan_passport(at)
    assert ended.outcome is Outcome.FAILED
    says(ended, StorageFull)
    assert at.visit.record == before
    assert scan_passport(at).outcome is Outcome.COMPLETED
    assert len(at.visit.pages) == 1
    assert problems(at.folder) == set()


def test_a_full_database_attaches_nothing_and_keeps_the_old_page(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    scan_passport(at)
    before = at.visit.record
    with no_room_for_rows(at):
        ended = None
        for _ in range(100):  # a page of the database may hold some acts more
            ended = scan_passport(at)
            if ended.error is not None:
                break
            before = at.visit.record
    assert ended is not None
    says(ended, StorageFull)
    assert at.visit.record == before
    assert len(at.visit.pages) == 1
    at.do(lambda: at.station.enter(Step.REVIEW), VisitChanged)
    assert scan_passport(at).outcome is Outcome.COMPLETED
    assert problems(at.folder) <= {"picture_extra"}


def test_a_portrait_that_found_no_room_waits_to_be_accepted_again(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    at.do(at.station.take_still, PortraitJudged)
    with no_room_for_pictures():
        says(at.do(lambda: at.station.accept_still(REASON), Trouble), StorageFull)
    assert at.visit.of_kind(AttachmentKind.PORTRAIT) == ()
    at.do(lambda: at.station.accept_still(REASON), VisitChanged)
    assert len(at.visit.of_kind(AttachmentKind.PORTRAIT)) == 1


# -- locked ---------------------------------------------------------------------------------------------------


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the database as a backup or a second program does."""
    other = raw_database(folder)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database_loses_nothing_and_is_told_at_each_step(at: Kiosk) -> None:
    with locked(at.folder):
        says(at.do(lambda: at.station.submit(ANNA.application_number), Trouble), StorageLocked)
        assert at.list_now().listings  # what is there can still be seen
    at.open(ANNA.application_number)
    with locked(at.folder):
        says(scan_passport(at), StorageLocked)
        assert at.visit.pages == ()
        says(at.do(lambda: at.station.enter(Step.PORTRAIT), Trouble), StorageLocked)
        assert at.visit.step is Step.IDENTIFY
    assert scan_passport(at).outcome is Outcome.COMPLETED
    at.do(lambda: at.station.enter(Step.PORTRAIT), VisitChanged)
    assert at.visit.step is Step.PORTRAIT
    assert problems(at.folder) <= {"picture_extra"}


def test_a_visit_is_put_down_although_the_database_is_locked(at: Kiosk) -> None:
    at.open(ANNA.application_number)
    with locked(at.folder):
        since = len(at.events)
        at.station.leave()
        at.until(VisitChanged, lambda e: e.visit is None, since)
        says(at.until(Trouble, since=since), StorageLocked)
    assert at.open(BORIS.application_number).record.surname == BORIS.surname
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    assert at.open(ANNA.application_number).record.surname == ANNA.surname


def test_a_station_that_cannot_put_its_visit_down_still_gives_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_LOCK_MS", 50)
    rogue = RogueDriver()
    with ExitStack() as held:
        with kiosk(tmp_path, drivers=(rogue,)) as at:
            at.ready().open(ANNA.application_number)
            held.enter_context(locked(tmp_path))
        says(at.until(Trouble), StorageLocked)
    assert sorted(rogue.closed) == [CAMERA, SCANNER]
    store = open_store(tmp_path)
    with store.pictures.alone() as alone:
        assert alone  # nothing of the closed station holds the pictures
    store.close()
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        assert at.ready().open(ANNA.application_number).record.surname == ANNA.surname


# -- missing and damaged --------------------------------------------------------------------------------------


def lose_the_database(folder: Path) -> None:
    (folder / "station.sqlite3").unlink()


def write_nonsense(folder: Path) -> None:
    (folder / "station.sqlite3").write_bytes(b"This is no database. " * 500)


def overwrite_pages(folder: Path) -> None:
    path = folder / "station.sqlite3"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xa5" * (size - 2 * 4096))


def lose_the_key(folder: Path) -> None:
    (folder / "station.vault").unlink()


def damage_the_key(folder: Path) -> None:
    path = folder / "station.vault"
    path.write_bytes(path.read_bytes()[:-20])


def lose_the_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file in its place")


@pytest.fixture
def copied(tmp_path: Path) -> tuple[Path, Path]:
    """Leave a store with a visit and a picture behind, and a copy of it."""
    folder, backup = tmp_path / "data", tmp_path / "backup"
    with kiosk(folder, scan_dpi=75) as at:
        at.ready().open(ANNA.application_number)
        scan_passport(at)
    shutil.copytree(folder, backup)
    return folder, backup


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (lose_the_database, StorageMissing),
        (write_nonsense, StorageDamaged),
        (overwrite_pages, StorageDamaged),
        (lose_the_key, StationKeyMissing),
        (damage_the_key, StationKeyDamaged),
        (lose_the_folder, StorageMissing),
    ],
)
def test_a_start_that_failed_is_told_and_can_be_tried_again(
    copied: tuple[Path, Path], harm: Callable[[Path], None], error: type[StationError]
) -> None:
    folder, backup = copied
    harm(folder)
    with kiosk(folder, records=(), scan_dpi=75) as at:
        says(at.until(Trouble), error)
        says(at.do(at.station.list_today, Trouble), StorageMissing)  # alive, and says that nothing is open
        says(at.do(at.station.start, Trouble), error)
        shutil.rmtree(folder, ignore_errors=True)
        folder.unlink(missing_ok=True)
        shutil.copytree(backup, folder)
        at.do(at.station.start, Opened)
        at.ready().open(ANNA.application_number)
        at.until(VisitChanged, lambda e: e.visit is not None and len(e.visit.pages) == 1)
        assert at.visit.simulated
        # The failed starts hold nothing: this station has the store alone and may sweep it.
        with the_store(at).pictures.alone() as alone:
            assert alone
    assert problems(folder) == set()


def test_a_picture_that_was_changed_on_the_disk_is_not_shown(copied: tuple[Path, Path]) -> None:
    folder, _ = copied
    with kiosk(folder, scan_dpi=75) as at:
        at.ready().open(ANNA.application_number)
        at.until(VisitChanged, lambda e: e.visit is not None and e.visit.pages)
        (page,) = at.visit.pages
        path = the_store(at).pictures.path(page.attachment.picture.sha256)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        with pytest.raises(StorageDamaged) as told:
            at.station.picture(page.attachment.id, 500).result(PATIENCE_S)
        says(told.value, StorageDamaged)
        with pytest.raises(RecordNotFound):
            at.station.picture("nothing", 500).result(PATIENCE_S)
        # The page can be scanned again in its place.
        assert scan_passport(at).outcome is Outcome.COMPLETED
        (again,) = at.visit.pages
        assert at.station.picture(again.attachment.id, 500).result(PATIENCE_S).size


def test_a_station_without_one_of_its_profiles_says_so_at_the_start(tmp_path: Path) -> None:
    shipped = rules()
    few = {**shipped, "profiles": {"page": shipped["profiles"]["page"]}}
    told: list[object] = []
    station = Station(lambda: FitOut(open_store(tmp_path), "SQLite", (), {}, **few), Options(), told.append)
    station.start()
    station.close(PATIENCE_S)
    (trouble,) = told
    assert isinstance(trouble, Trouble)
    assert says(trouble, SettingsError).context["key"] == "passport"
