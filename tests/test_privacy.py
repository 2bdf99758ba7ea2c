"""Nothing of a person leaves the record, by log, error, repr, file name or network, nor for the next visit."""

import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from station.errors import WrongApplicant
from station.flow.events import (
    ImportEnded,
    JobEnded,
    Listed,
    LiveJudged,
    Notice,
    Outcome,
    PortraitJudged,
    Trouble,
    VisitChanged,
)
from station.flow.listing import Listing
from station.model.document import Reading
from station.model.record import AttachmentKind, Override, OverrideNote, RecordState
from station.model.specimen import Paper, PaperKind
from station.model.visit import Visit
from station.reading.mrz import parse
from station.storage.picture_store import FolderPictureStore
from tests.kiosk import ANNA, BORIS, PATIENCE_S, TODAY, Kiosk, kiosk
from tests.rogue import Hang, RogueDriver

MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"
REASON = OverrideNote(Override.OBVIOUS, "medical")

PERSONAL = (
    "eriksson", "anna", "ivanov", "boris", "l898902c3", "x1234567a", "v000123456", "v000654321", "l000123456",
    "l000654321", "p<uto", "7408122", "1974-08-12", "2001-02-03",
)  # fmt: skip
"""What the two invented applicants are known by, in small letters."""


def personal(text: str) -> list[str]:
    """Name what a text gives away of either applicant."""
    return [word for word in PERSONAL if word in text.lower()]


class Ear(logging.Handler):
    """Keeps every record of every thread, as a log file would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(threadName)s %(pathname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.args!r}")


@pytest.fixture
def ear() -> Iterator[Ear]:
    root, hearing = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(hearing)
    root.setLevel(logging.DEBUG)
    yield hearing
    root.setLevel(level)
    root.removeHandler(hearing)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every way out over the network, and note who tried; swallowing the refusal does not help."""
    tried: list[str] = []

    def refuse(name: str) -> Any:
        def refused(*_: object, **__: object) -> None:
            tried.append(f"{name} on {threading.current_thread().name}")
            raise OSError("the network is out of bounds")

        return refused

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse(name), raising=True)
    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse(name))
    return tried


def work_through_a_visit(at: Kiosk) -> None:
    """Do all that an officer does with one applicant, with some trouble on the way."""
    station = at.station
    at.list_now()
    at.do(lambda: station.submit("eriks"), VisitChanged)
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER, record=replace(BORIS, id="x"))
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
    at.do(lambda: station.submit(BORIS.letter_number), Trouble)
    at.do(lambda: station.submit("V999-nobody"), Notice)
    at.do(lambda: station.submit(MRZ), VisitChanged)
    at.do(station.confirm_match, VisitChanged)
    at.do(lambda: station.start_preview(160, 120), LiveJudged)
    at.do(station.take_still, PortraitJudged)
    at.do(lambda: station.accept_still(REASON), VisitChanged)
    station.stop_preview()
    at.do(station.seal, Trouble)
    for view in at.visit.items:
        if view.item.mandatory:
            at.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=view.item.id, title=view.item.title)
    sealed = at.do(station.seal, VisitChanged)
    assert sealed.visit is not None and sealed.visit.record.state is RecordState.SEALED
    at.do(station.leave, VisitChanged, lambda e: e.visit is None)


def test_a_whole_visit_calls_nobody_and_says_nothing_of_the_applicant(
    tmp_path: Path, ear: Ear, calls: list[str]
) -> None:
    with kiosk(tmp_path, scan_dpi=300) as at:
        at.ready()
        day = tmp_path / "day.csv"
        day.write_text(
            "application_number,category,surname,birth_date\n"
            f"{BORIS.application_number},study,Ivanov,02.03.2001\n{ANNA.application_number},spy,Eriksson,1974-08-12\n"
        )
        at.do(lambda: at.station.import_file(day), ImportEnded)
        day.unlink()
        work_through_a_visit(at)
    assert calls == []
    assert ear.lines  # it heard something, so it would have heard more
    assert [line for line in ear.lines if personal(line)] == []
    errors = [e.error for e in at.events if isinstance(e, Trouble | JobEnded) and e.error is not None]
    assert {type(error) for error in errors} >= {WrongApplicant}
    assert [error for error in errors if personal(f"{error} {error!r} {error.context}")] == []
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert [name for name in names if personal(name)] == []
    pictures = list((tmp_path / "pictures").glob("?/??/*"))
    assert len(pictures) >= 5
    assert all(len(path.name) == 64 and set(path.name) <= set("0123456789abcdef") for path in pictures)
    # Whatever is printed while looking for a fault, the events themselves give nothing away.
    assert [type(event).__name__ for event in at.events if personal(repr(event))] == []
    assert not personal(repr(at.station._desk))


def test_no_value_shows_a_person_in_its_repr() -> None:
    mrz = parse(MRZ.split("\n"), today=TODAY.date())
    values = (
        ANNA,
        ANNA.document,
        mrz,
        Reading(mrz=mrz),
        Listing("1", "V000123456", "L000123456", "ERIKSSON, Anna", "1974-08-12", "L898902C3", "visitor",
                RecordState.EXPECTED),
        Visit("1", "2", "kiosk-1", TODAY, mrz_lines=tuple(MRZ.split("\n")), codes=("L000123456",)),
        Paper(PaperKind.LETTER, ANNA),
        OverrideNote(Override.OBVIOUS, "other", note="Anna Eriksson has a scar"),
    )  # fmt: skip
    assert [type(value).__name__ for value in values if personal(repr(value))] == []
    assert personal(ANNA.name)  # the list of words is one that would be found


# -- one applicant after another ------------------------------------------------------------------------------


class Gate:
    """Holds what is written to the picture store back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._reached, self._open = threading.Event(), threading.Event()
        put = FolderPictureStore.put

        def slow(store: FolderPictureStore, data: bytes) -> str:
            self._reached.set()
            assert self._open.wait(PATIENCE_S)
            return put(store, data)

        monkeypatch.setattr(FolderPictureStore, "put", slow)

    def until_reached(self) -> None:
        """Wait until a picture waits at the gate."""
        assert self._reached.wait(PATIENCE_S)

    def open(self) -> None:
        """Let everything through from now on."""
        self._open.set()


def test_an_accepted_portrait_stays_with_its_applicant_however_fast_the_officer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kiosk(tmp_path) as at:
        boris = at.ready().do(lambda: at.station.search("ivanov"), Listed).listings[0].record_id
        at.open(ANNA.application_number)
        at.do(at.station.take_still, PortraitJudged)
        gate = Gate(monkeypatch)
        at.station.accept_still(REASON)
        gate.until_reached()
        at.station.leave()
        told = at.do(lambda: at.station.open_record(boris), Notice)
        assert told.code == "visit_in_hand"
        at.do(gate.open, VisitChanged, lambda e: e.visit is None)
        assert at.open(BORIS.application_number).pages == ()
        at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
        at.do(
            lambda: at.station.submit(ANNA.application_number),
            VisitChanged,
            lambda e: e.visit and e.visit.pages,
        )
        assert len(at.visit.of_kind(AttachmentKind.PORTRAIT)) == 1


def test_a_still_that_comes_after_its_applicant_left_is_nobodys(tmp_path: Path) -> None:
    rogue, hang = RogueDriver(), Hang()
    with kiosk(tmp_path, drivers=(rogue,)) as at:
        at.ready().open(ANNA.application_number)
        rogue.misdeeds["still"] = hang
        at.station.take_still()
        hang.until_entered()
        try:
            at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
            assert at.until(JobEnded).outcome is Outcome.CANCELLED
            at.open(BORIS.application_number)
        finally:
            hang.let_go()
        judged = at.do(at.station.take_still, PortraitJudged)
        assert judged.visit_id == at.visit.visit_id
        at.do(at.station.leave, VisitChanged, lambda e: e.visit is None)
        assert [e for e in at.events if isinstance(e, PortraitJudged)] == [judged]
        desk = at.station._desk
        assert desk is not None
        stills = desk.capturing.stills
        assert (desk.hand, stills.taking, stills._chosen, stills._attempts) == (None, None, None, [])


def test_a_letter_from_the_desk_is_not_put_on_a_record_that_was_opened_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kiosk(tmp_path, scan_dpi=300) as at:
        at.ready().simulated.props.lay((Paper(PaperKind.LETTER, replace(BORIS, id="x")),))
        gate = Gate(monkeypatch)
        at.station.scan(AttachmentKind.LETTER)
        gate.until_reached()
        at.open(ANNA.application_number)
        ended = at.do(gate.open, JobEnded)
        assert (ended.outcome, ended.error, ended.done) == (Outcome.CANCELLED, None, 0)
        assert at.visit.pages == ()
        assert at.visit.record.application_number == ANNA.application_number
