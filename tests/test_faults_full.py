"""No room on the disk, at every single write: it is said, nothing is half kept, with room the work goes on."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest

from station.errors import StationError, StorageFull
from station.flow import headless, standings
from station.flow.events import Event
from station.model.audit import AnchorReason
from station.model.visit import ActKind
from station.storage import rotation
from station.storage.keys.keeper import Safekeeping
from station.storage.open import OpenStore, open_store
from tests import faults
from tests.disk import Full, watched
from tests.faults import MarkedDriver, Shown, go_through, proved, said
from tests.kiosk import Kiosk, kiosk
from tests.pdf_records import coded, desk, drawn
from tests.rogue import says
from tests.stored import act, applicant, expected, picture, visit_of
from tests.visits import applicants

NO_ANCHOR = "the anchors of the audit could not be written"


def problems(store: OpenStore) -> list[str]:
    """Return what is wrong but pictures that no record names yet: the next start puts them aside."""
    return [f"{found.kind} {found.what}" for found in store.verify() if found.kind != "picture_extra"]


def each_write(
    folder: Path, work: Callable[[int], object], step: int = 1, *, own: bool = False
) -> Iterator[tuple[int, StorageFull | None]]:
    """Do the work with no room from its first write on, then from a later one, until it needs no more."""
    for point in count(1, step):
        full, met = Full(point, own=own), None
        with watched(folder, full):
            try:
                work(point)
            except StationError as error:
                assert type(error) is StorageFull, error
                met = error
        yield point, met
        if not full.met:
            assert met is None
            return


def test_a_picture_and_its_act_are_kept_both_or_neither_whatever_write_finds_no_room(
    tmp_path: Path, expected_logs: list[str]
) -> None:
    expected_logs.append(NO_ANCHOR)
    with closing(open_store(tmp_path)) as store:
        (record,) = expected(store, applicant())
        with store.units() as work:
            visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
            work.commit()

        def keep(number: int) -> None:
            data = f"page {number} ".encode() * 3000
            store.pictures.put(data)
            with store.units() as work:
                work.records.put(work.records.get(record.id).attach(picture(f"page-{number}", data)))
                attached = act(ActKind.ATTACHED, attachment=f"page-{number}")
                work.journal.write(work.journal.get(visit.id), attached)
                work.audit.anchor(AnchorReason.SIGN_OUT)
                work.commit()

        where = set()
        kept: list[str] = []
        for number, met in each_write(tmp_path, keep):
            if met is None:
                kept.append(f"page-{number}")
            else:
                where.add(met.context["what"])
            with store.units() as work:
                attached = work.records.get(record.id).attachments
                assert [one.id for one in attached] == kept
                assert len(work.journal.acts(visit.id)) == 1 + len(kept)
            assert list((tmp_path / "pictures" / "incoming").iterdir()) == []
        # What only the file of anchors found no room for was kept, and the last anchor brought the others.
        assert where == {"pictures", "database"}
        assert len(kept) > 1
        assert problems(store) == []
        with store.pictures.alone() as alone:
            assert alone
        store.sweep()
        assert list(store.verify()) == []


def test_a_new_data_folder_without_room_is_told_and_is_made_when_there_is_some(tmp_path: Path) -> None:
    folders = [tmp_path / "first"]

    def open_one(_: int) -> None:
        open_store(folders[-1]).close()

    whats = set()
    for _, met in chain(each_write(tmp_path, open_one, own=True), each_write(tmp_path, open_one, 25)):
        whats.add(met and met.context["what"])
        with closing(open_store(folders[-1])) as store:
            expected(store, applicant())
            assert list(store.verify()) == []
        folders.append(tmp_path / str(len(folders)))
    assert whats == {"station key", "pictures", "database", None}


def test_a_store_on_a_disk_that_is_full_already_is_said_to_be_full(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with watched(tmp_path, Full(1)), pytest.raises(StorageFull):
        open_store(tmp_path)
    with closing(open_store(tmp_path)) as store:
        assert list(store.verify()) == []


def test_a_change_of_the_key_without_room_can_be_done_later_and_the_work_goes_on_meanwhile(
    tmp_path: Path,
) -> None:
    data = b"a page of Ilse Vandermeer" * 200
    with closing(open_store(tmp_path)) as store:
        (record,) = expected(store, applicant())
        store.pictures.put(data)
        with store.units() as work:
            work.records.put(record.attach(picture("page", data)))
            work.commit()

    def rotate(_: int) -> None:
        rotation.rotate(tmp_path, tmp_path / "station.sqlite3", Safekeeping(), lambda *_: None)

    unfinished = set()
    points = 0
    for point, met in chain(each_write(tmp_path, rotate, own=True), each_write(tmp_path, rotate, 60)):
        points += met is not None
        unfinished.add(rotation.is_unfinished(tmp_path))
        if point % 3 == 0 or met is None:
            with closing(open_store(tmp_path)) as store:
                assert list(store.verify()) == []
                assert store.pictures.get(picture("page", data).picture.sha256) == data
                with store.units() as work:
                    work.records.put(work.records.get(record.id))
                    work.commit()
    assert points > 20
    assert unfinished == {True, False}
    rotate(0)
    with closing(open_store(tmp_path)) as store:
        assert store.notices == ("key_beside",)


# -- files that leave -----------------------------------------------------------------------------------------


def test_an_export_without_room_leaves_no_file_and_the_next_one_is_whole(tmp_path: Path) -> None:
    made = desk(tmp_path)
    made.add(coded(drawn(), "JPEG"))
    made.folder.mkdir()
    older = made.export()[0].path.read_bytes()
    for _, met in each_write(made.folder, lambda _: made.export()):
        (name,) = made.files
        assert met is None or (made.folder / name).read_bytes() == older


def test_a_file_of_the_console_without_room_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"older")
    for _, met in each_write(tmp_path, lambda _: headless.keep(path, b"newer" * 1000)):
        assert [one.name for one in tmp_path.iterdir()] == [path.name]
        assert path.read_bytes() == (b"newer" * 1000 if met is None else b"older")


# -- a visit --------------------------------------------------------------------------------------------------


def test_a_visit_in_which_the_disk_fills_up_at_every_step_changes_nothing_then_and_is_sealed_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, refused = random.Random(5), list[StationError]()
    monkeypatch.setattr(standings, "LOOK_S", 1e9)  # what is stored now and then would be told amid another act

    def at_last(what: Callable[..., Any]) -> Callable[..., Any]:
        def twice(at: Kiosk, *args: Any, **how: Any) -> Any:
            since, before = len(at.events), told[-1:]
            try:
                with watched(tmp_path, Full(chance.randrange(1, 4))):
                    return what(at, *args, **how)
            except StorageFull as error:
                refused.append(says(error, StorageFull))
                assert [one for one in map(said, at.events[since:]) if one and one not in before] == []
                return what(at, *args, **how)

        return twice

    for name in ("shown", "scan"):
        monkeypatch.setattr(faults, name, at_last(getattr(faults, name)))
    driver, (person,) = MarkedDriver(), applicants(1)
    told: list[Shown] = []

    def ear(event: Event) -> None:
        if (one := said(event)) is not None:
            told.append(one)

    with kiosk(tmp_path, (person,), drivers=(driver,), scan_dpi=75, ear=ear) as at:
        assert go_through(at.ready(), driver, person).sealed
    assert len(refused) > 15
    assert proved(tmp_path, told) == 5
