"""Documents at a whole station: fed in piles, parted by sheets of ours, arranged by hand, taken back again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.simulated.props import SCANNER_ID
from station.flow.events import JobEnded, Notice, Opened, Outcome, PageComing, Trouble, VisitChanged
from station.flow.views import PageView, Undoable, VisitView
from station.model.adjustment import AS_IT_CAME
from station.model.capability import Source
from station.model.record import AttachmentKind
from station.model.specimen import Fault, FaultKind, Flaw, Paper, PaperKind
from station.model.visit import ActKind, Step
from station.storage.open import open_store
from tests.kiosk import ANNA, Kiosk, kiosk

DOCUMENT = AttachmentKind.DOCUMENT
FORM, BANK = "application_form", "financial_support"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Kiosk]:
    with kiosk(tmp_path, scan_dpi=75) as opened:
        opened.ready().open(ANNA.letter_number)
        opened.do(lambda: opened.station.enter(Step.DOCUMENTS), VisitChanged)
        yield opened


def feed(at: Kiosk, *papers: Paper, item: str = FORM, source: Source = Source.FEEDER) -> JobEnded:
    at.simulated.props.lay(papers)
    return at.do(lambda: at.station.scan(DOCUMENT, item=item, source=source), JobEnded)


def forms(count: int) -> tuple[Paper, ...]:
    return tuple(Paper(PaperKind.FORM, ANNA, title=f"Sheet {number}") for number in range(1, count + 1))


def pages(visit: VisitView, item: str) -> tuple[PageView, ...]:
    return tuple(page for page in visit.of_kind(DOCUMENT) if page.attachment.item == item)


def ids(at: Kiosk, item: str) -> list[str]:
    return [page.attachment.id for page in pages(at.visit, item)]


def acts(at: Kiosk) -> list[ActKind]:
    store = open_store(at.folder)
    with store.units() as work:
        kinds = [act.kind for act in work.journal.acts(at.visit.visit_id)]
    store.close()
    return kinds


def change(at: Kiosk, command: Any) -> VisitView:
    told = at.do(command, VisitChanged)
    assert told.visit is not None
    return told.visit


def test_each_page_is_seen_before_it_is_stored(at: Kiosk):
    since = len(at.events)
    feed(at, *forms(3))
    heard = at.events[since:]
    coming = [e for e in heard if isinstance(e, PageComing)]

    assert len(coming) == 3
    assert all(e.visit_id == at.visit.visit_id and e.item == FORM for e in coming)
    assert all(max(e.thumbnail.shape[:2]) <= 512 for e in coming)
    first = heard.index(coming[0])
    assert not any(isinstance(e, VisitChanged) for e in heard[:first])


def test_pages_are_moved_to_another_item_and_taken_back(at: Kiosk):
    feed(at, *forms(3))
    a, b, c = ids(at, FORM)

    change(at, lambda: at.station.move([b], BANK, 0))
    assert (ids(at, FORM), ids(at, BANK)) == ([a, c], [b])
    assert at.visit.undoable is Undoable.MOVED

    change(at, at.station.undo)
    assert (ids(at, FORM), ids(at, BANK)) == ([a, b, c], [])
    assert at.visit.undoable is Undoable.NOTHING
    assert acts(at)[-2:] == [ActKind.PAGES_MOVED, ActKind.UNDONE]


def test_removed_pages_come_back_where_they_were(at: Kiosk):
    feed(at, *forms(3))
    a, b, c = ids(at, FORM)
    change(at, lambda: at.station.drop([a, b]))
    assert ids(at, FORM) == [c]

    change(at, at.station.undo)
    assert ids(at, FORM) == [a, b, c]


def test_several_changes_are_taken_back_one_by_one_the_last_first(at: Kiosk):
    feed(at, *forms(2))
    a, b = ids(at, FORM)
    change(at, lambda: at.station.move([b], FORM, 0))
    change(at, lambda: at.station.drop([b]))
    change(at, lambda: at.station.move([a], BANK, 0))

    told = [change(at, at.station.undo).undoable for _ in range(3)]
    assert told == [Undoable.DROPPED, Undoable.MOVED, Undoable.NOTHING]
    assert ids(at, FORM) == [a, b]


def test_a_page_scanned_again_takes_the_place_of_the_old_one_which_can_come_back(at: Kiosk):
    feed(at, *forms(3))
    a, b, c = ids(at, FORM)
    at.simulated.props.lay(forms(1))
    at.do(lambda: at.station.scan(DOCUMENT, item=FORM, replacing=b), JobEnded)
    now = ids(at, FORM)
    assert (now[0], now[2]) == (a, c)
    assert now[1] not in (a, b, c)

    change(at, at.station.undo)
    assert ids(at, FORM) == [a, b, c]


def test_a_turned_page_keeps_its_bytes_and_is_shown_turned(at: Kiosk):
    feed(at, *forms(1))
    before = pages(at.visit, FORM)[0]
    at.do(
        lambda: at.station.turn([before.attachment.id], 90),
        VisitChanged,
        lambda e: e.visit and e.visit.undoable is Undoable.TURNED,
    )
    after = pages(at.visit, FORM)[0]

    assert after.attachment.picture == before.attachment.picture
    assert after.attachment.adjustment == before.attachment.adjustment.turned(90)
    assert np.array_equal(after.thumbnail, np.rot90(before.thumbnail, -1))
    shown = at.station.picture(after.attachment.id, 200).result(60)
    assert shown.shape[1] > shown.shape[0]

    change(at, at.station.undo)
    back = pages(at.visit, FORM)[0]
    assert back.attachment == before.attachment
    assert np.array_equal(back.thumbnail, before.thumbnail)


def test_turning_twice_at_once_turns_twice(at: Kiosk):
    feed(at, *forms(1))
    (page,) = pages(at.visit, FORM)
    wanted = page.attachment.adjustment.turned(180)

    def turn() -> None:
        at.station.turn([page.attachment.id], 90)
        at.station.turn([page.attachment.id], 90)

    at.do(turn, VisitChanged, lambda e: e.visit and pages(e.visit, FORM)[0].attachment.adjustment == wanted)


def test_all_that_the_station_did_to_a_page_can_be_taken_off_and_put_back(at: Kiosk):
    feed(at, Paper(PaperKind.FORM, ANNA, (Flaw.TILTED,), title="Askew"))
    (page,) = pages(at.visit, FORM)
    proposed = page.attachment.adjustment
    assert abs(proposed.skew) > 1

    def until(fits: Any) -> Any:
        return lambda e: e.visit and fits(pages(e.visit, FORM)[0].attachment.adjustment)

    this = page.attachment.id
    at.do(lambda: at.station.straighten(this, on=False), VisitChanged, until(lambda a: a.skew == 0))
    at.do(lambda: at.station.crop(this, on=False), VisitChanged, until(lambda a: not a.cuts))
    at.do(lambda: at.station.turn([this], -proposed.turn), VisitChanged, until(lambda a: a == AS_IT_CAME))
    at.do(lambda: at.station.straighten(this, on=True), VisitChanged, until(lambda a: a.skew == proposed.skew))


def test_what_changes_nothing_leaves_nothing_to_take_back(at: Kiosk):
    feed(at, *forms(1))
    (page,) = pages(at.visit, FORM)
    this = page.attachment.id
    change(at, lambda: at.station.crop(this, on=page.attachment.adjustment.cuts))
    assert at.visit.undoable is Undoable.NOTHING
    assert ActKind.PAGE_ADJUSTED not in acts(at)


def test_two_pages_are_paired_and_parted(at: Kiosk):
    feed(at, *forms(2))
    both = ids(at, FORM)
    shown = change(at, lambda: at.station.pair(both))
    front, back = pages(shown, FORM)
    assert front.attachment.sheet == back.attachment.sheet != ""
    assert back.attachment.back

    shown = change(at, lambda: at.station.part(both[0]))
    assert {page.attachment.sheet for page in pages(shown, FORM)} == {""}


def test_both_sides_of_each_sheet_come_paired_from_a_duplex_feeder(at: Kiosk):
    ended = feed(at, *forms(2), source=Source.DUPLEX)
    assert ended.outcome is Outcome.COMPLETED
    found = [page.attachment for page in pages(at.visit, FORM)]
    assert [page.back for page in found] == [False, True, False, True]
    assert found[0].sheet == found[1].sheet != found[2].sheet == found[3].sheet


def test_what_was_arranged_is_still_so_after_the_visit_was_put_aside(at: Kiosk):
    feed(at, *forms(3))
    a, b, c = ids(at, FORM)
    change(at, lambda: at.station.pair([a, b]))
    change(at, lambda: at.station.move([c], FORM, 0))
    arranged = [page.attachment for page in pages(at.visit, FORM)]
    at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
    at.open(ANNA.letter_number)

    assert [page.attachment for page in pages(at.visit, FORM)] == arranged
    assert at.visit.undoable is Undoable.NOTHING


def test_a_page_that_is_not_there_is_refused_and_nothing_changes(at: Kiosk):
    feed(at, *forms(1))
    before = at.visit
    for command in (
        lambda: at.station.move(["nobody"], BANK, 0),
        lambda: at.station.move(ids(at, FORM), "no such item", 0),
        lambda: at.station.turn(["nobody"], 90),
        lambda: at.station.drop(["nobody"]),
        at.station.go_on,
    ):
        assert at.do(command, Trouble).error.code
    assert [p.attachment for p in at.visit.pages] == [p.attachment for p in before.pages]


def test_a_jam_keeps_the_pages_before_it_and_the_scan_goes_on_behind_them(at: Kiosk):
    at.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.JAM, at=3))
    ended = feed(at, *forms(4))
    assert (ended.outcome, ended.done, ended.can_go_on) == (Outcome.FAILED, 2, True)
    kept = ids(at, FORM)
    at.simulated.props.lay(forms(2))

    more = at.do(at.station.go_on, JobEnded)
    assert (more.outcome, more.done) == (Outcome.COMPLETED, 2)
    assert ids(at, FORM)[:2] == kept
    assert [page.attachment.page for page in pages(at.visit, FORM)] == [1, 2, 3, 4]


def test_a_slow_page_is_told_once(at: Kiosk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("station.flow.scanning.SLOW_S", 0.0)
    at.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.HANG))
    at.simulated.props.lay(forms(1))
    since = len(at.events)
    at.station.scan(DOCUMENT, item=FORM)
    at.until(Notice, lambda told: told.code == "scanner_slow", since)
    at.until(Opened)
    at.do(at.station.cancel_job, JobEnded)

    assert [e.code for e in at.events[since:] if isinstance(e, Notice)] == ["scanner_slow"]
