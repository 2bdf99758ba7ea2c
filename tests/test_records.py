"""Applications in the store, the same on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from station.errors import RecordChanged, RecordNotFound, StationError
from station.flow.ports import Imported
from station.model.document import (
    Barcode,
    Certainty,
    Identifier,
    Mrz,
    MrzFormat,
    MrzStatus,
    Reading,
    Symbology,
)
from station.model.quality import QualityReport
from station.model.record import (
    ApplicationRecord,
    Override,
    OverrideNote,
    Provenance,
    RecordState,
    TravelDocument,
)
from station.model.visit import ActKind
from station.storage.encode import encode
from station.storage.folding import number, words
from station.storage.open import OpenStore, open_store
from tests.stored import act, applicant, expected, picture, visit_of

pytest_plugins = ["tests.postgres"]

READING = Reading(
    barcodes=(Barcode(Symbology.QR, bytes(range(256)), Certainty.UNSURE, ((0.5, 1.0), (9.0, 1.0))),),
    identifiers=(Identifier("letter_number", "L-1", "letter", Certainty.ACCEPTED),),
    mrz=Mrz(MrzFormat.TD3, ("P<UTO", "L898"), MrzStatus.CHECK_FAILED, surname="VANDERMEER"),
)


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def other(store: OpenStore, tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    """A second kiosk on the same store."""
    opened = open_store(tmp_path, database_url)
    yield opened
    opened.close()


def put(store: OpenStore, record: ApplicationRecord) -> ApplicationRecord:
    with store.units() as work:
        stored = work.records.put(record)
        work.commit()
        return stored


def get(store: OpenStore, record_id: str) -> ApplicationRecord:
    with store.units() as work:
        return work.records.get(record_id)


def found(store: OpenStore, text: str) -> list[str]:
    with store.units() as work:
        return [listing.application_number for listing in work.records.search(text)]


def test_a_record_comes_back_with_its_attachments_in_their_order(store: OpenStore):
    (record,) = expected(store, applicant())
    wanted = replace(
        record,
        state=RecordState.IN_PROGRESS,
        document=None,
        attachments=(
            picture("b", reading=READING),
            picture("a", override=OverrideNote(Override.REFUSED, "eyes", "closed")),
            picture("c", report=None, item="bank", page=2),
        ),
    )

    stored = put(store, wanted)

    assert stored == replace(wanted, version=record.version + 1)
    assert get(store, record.id) == stored


def test_attachments_change_move_and_go(store: OpenStore):
    (record,) = expected(store, applicant())
    a, b, c = picture("a"), picture("b"), picture("c")
    record = put(store, replace(record, attachments=(a, b, c)))

    better = replace(a, override=OverrideNote(Override.OBVIOUS, "bandage"))
    record = put(store, record.attach(better).detach("b"))
    assert get(store, record.id).attachments == (c, better)

    record = put(store, replace(record, attachments=(better, b, c)))
    assert get(store, record.id).attachments == (better, b, c)


def test_only_attachments_that_changed_are_written(store: OpenStore, monkeypatch: pytest.MonkeyPatch):
    (record,) = expected(store, applicant())
    record = put(store, replace(record, attachments=tuple(picture(f"p{n}") for n in range(20))))
    written = []

    def encoded(value: object) -> str:
        written.append(type(value))
        return encode(value)

    monkeypatch.setattr("station.storage.rows.encode", encoded)

    put(store, record.attach(picture("new")).detach("p3"))

    assert written == [Provenance, QualityReport]


# -- two kiosks -----------------------------------------------------------------------------------------------


def test_of_two_kiosks_the_second_is_told_that_the_record_changed(store: OpenStore, other: OpenStore):
    (record,) = expected(store, applicant())
    with store.units() as mine, other.units() as theirs:
        read, same = mine.records.get(record.id), theirs.records.get(record.id)
        theirs.records.put(replace(same, sex="F"))
        theirs.commit()

        with pytest.raises(RecordChanged) as told:
            mine.records.put(read.attach(picture("late")))

    assert told.value.context == {"record": record.id}
    assert get(store, record.id) == replace(record, sex="F", version=record.version + 1)


def test_a_kiosk_that_comes_while_another_writes_waits_and_is_told(store: OpenStore, other: OpenStore):
    (record,) = expected(store, applicant())
    met: list[StationError] = []

    def come_late() -> None:
        try:
            put(other, replace(record, sex="M"))
        except StationError as error:
            met.append(error)

    late = threading.Thread(target=come_late)
    with store.units() as work:
        work.records.put(replace(record, sex="F"))
        late.start()
        late.join(0.1)
        work.commit()
    late.join()

    assert [type(error) for error in met] == [RecordChanged]
    assert get(store, record.id).sex == "F"


def test_without_a_commit_nothing_is_stored(store: OpenStore):
    (record,) = expected(store, applicant())
    with store.units() as work:
        work.records.put(replace(record, surname="Otherwise", attachments=(picture("a"),)))

    assert get(store, record.id) == record
    assert found(store, "otherwise") == []


def test_a_record_that_is_not_there_is_named(store: OpenStore):
    with store.units() as work:
        with pytest.raises(RecordNotFound):
            work.records.get("nobody")
        with pytest.raises(RecordNotFound):
            work.records.put(replace(applicant(), id="nobody"))


# -- expected applications ------------------------------------------------------------------------------------


def test_an_import_adds_updates_and_leaves_running_visits_alone(store: OpenStore):
    fresh, running, sealed = expected(store, applicant("A-1"), applicant("A-2"), applicant("A-3"))
    running = put(store, replace(running, state=RecordState.IN_PROGRESS))
    sealed = put(store, replace(sealed, state=RecordState.SEALED))
    lines = [replace(applicant(name), surname="Newname") for name in ("a 1", "A-2", "A-3", "A-4")]

    with store.units() as work:
        assert work.records.expect(lines) == Imported(added=1, updated=1, unchanged=2)
        work.commit()
    with store.units() as work:
        assert work.records.expect(lines) == Imported(added=0, updated=0, unchanged=4)

    assert get(store, fresh.id).surname == "Newname"
    assert get(store, fresh.id).id == fresh.id
    assert get(store, running.id) == running
    assert get(store, sealed.id) == sealed
    assert sorted(found(store, "newname")) == ["A-4", "a 1"]
    assert sorted(found(store, "vandermeer")) == ["A-2", "A-3"]


def test_an_import_that_meets_another_kiosk_changes_nothing(store: OpenStore, other: OpenStore):
    (record,) = expected(store, applicant())

    def come_between(*call: object) -> None:
        if str(call[2]).startswith("UPDATE applications"):
            put(other, replace(record, state=RecordState.IN_PROGRESS))

    event.listen(store.engine, "before_cursor_execute", come_between)
    with store.units() as work, pytest.raises(RecordChanged):
        work.records.expect([replace(applicant(), surname="Late")])

    assert get(store, record.id).surname == "Vandermeer"


def test_thousands_of_lines_are_taken_in_one_go(store: OpenStore):
    with store.units() as work:
        lines = (applicant(f"T-{n:05d}", document=TravelDocument(f"P{n}")) for n in range(2_000))
        assert work.records.expect(lines) == Imported(added=2_000, updated=0, unchanged=0)
        work.commit()

        assert [one.application_number for one in work.records.search("t-0199 9")] == ["T-01999"]
        assert len(work.records.search("van")) == 50


# -- finding --------------------------------------------------------------------------------------------------


@pytest.fixture
def people(store: OpenStore) -> OpenStore:
    expected(
        store,
        applicant(
            "GV-1001", surname="Müller-Åström", given_names="José", document=TravelDocument("AB 123 456")
        ),
        applicant("GV-1002", surname="O'Brien", given_names="Zoë Łucja", document=TravelDocument("CD999")),
        applicant("GV-2001", surname="SØRENSEN", given_names="Straße", document=None),
        applicant("KH-1", surname="សុខ", given_names="សុភា", document=None),
    )
    return store


FOUND = {
    "muller": ["GV-1001"],
    "MÜLL": ["GV-1001"],
    "astrom jose": ["GV-1001"],
    "jo  mul": ["GV-1001"],
    "muller-as": ["GV-1001"],
    "obrien": ["GV-1002"],
    "o\u2019brien zoe": ["GV-1002"],
    "lucja": ["GV-1002"],
    "sorensen strasse": ["GV-2001"],
    "gv10": ["GV-1001", "GV-1002"],
    "gv-1001": ["GV-1001"],
    "gv-1 obr": ["GV-1002"],
    "GV 10 01": ["GV-1001"],
    "ab123": ["GV-1001"],
    "ab 123-456": ["GV-1001"],
    "l-gv-2001": ["GV-2001"],
    "សុខ": ["KH-1"],
    "សុ": ["KH-1"],
    "uller": [],
    "muller zoe": [],
    "%": [],
    "_v": [],
    "": [],
    " - ": [],
    "\U0010ffff": [],
}


def test_search_finds_by_the_beginning_of_each_word(people: OpenStore):
    assert {text: sorted(found(people, text)) for text in FOUND} == FOUND


def test_a_record_that_changed_is_found_by_its_new_words_only(store: OpenStore):
    (record,) = expected(store, applicant())
    put(store, replace(record, surname="Quist", document=TravelDocument("NEW77")))

    assert found(store, "quist ilse") == found(store, "new77") == [record.application_number]
    assert found(store, "vandermeer") == found(store, "xk1234567") == []


def test_a_name_of_many_long_words_is_kept_and_found(store: OpenStore):
    long = " ".join(f"{chr(0x10400 + n)}{'x' * 200}{n}" for n in range(40))
    expected(store, applicant(surname=long, given_names="\U0002a6a5" * 500))

    assert found(store, "gv-2025-0001") == found(store, f"\U00010428{'x' * 90}") == ["GV-2025-0001"]
    assert found(store, "q " * 5000) == []


def test_words_that_begin_alike_do_not_crowd_others_out(store: OpenStore):
    alike = "Sa Sb Sc Sd Se Sf Sg Sh Si Sj"
    expected(store, *(applicant(f"S-{n}", surname=alike, given_names=alike.lower() + "x") for n in range(60)))

    assert len(set(found(store, "s"))) == 50
    assert len(set(found(store, "s s s-1"))) == 11


def test_an_identifier_names_exactly_its_records(people: OpenStore):
    def named(kind: str, value: str) -> list[str]:
        with people.units() as work:
            return [listing.application_number for listing in work.records.with_identifier(kind, value)]

    assert named("application_number", "gv 1001") == ["GV-1001"]
    assert named("letter_number", "L-GV-1002") == ["GV-1002"]
    assert named("document_number", "ab-123456") == ["GV-1001"]
    assert named("document_number", "AB12345") == []
    assert named("document_number", "") == []
    assert named("shelf_number", "GV-1001") == []


def test_today_shows_interrupted_visits_first_and_then_by_name(store: OpenStore):
    people = expected(
        store, *(applicant(f"N-{name}", surname=name) for name in ("Éva", "Zorn", "Abel", "Done"))
    )
    zorn = people[1]
    put(store, replace(people[3], state=RecordState.SEALED))
    with store.units() as work:
        visit = work.journal.begin(visit_of(zorn, "kiosk-7"), act(ActKind.OPENED))
        work.journal.write(visit, act(ActKind.ENTERED, step="portrait"))
        work.commit()

        listings = work.records.today()
        assert [listing.name for listing in listings] == [
            "ZORN, Ilse Maria",
            "ABEL, Ilse Maria",
            "ÉVA, Ilse Maria",
        ]
        assert [listing.name for listing in work.records.today(limit=2)] == [
            "ZORN, Ilse Maria",
            "ABEL, Ilse Maria",
        ]

    first, second, _ = listings
    assert (first.visit_id, first.visit_step, first.visit_station) == (visit.id, "portrait", "kiosk-7")
    assert (second.visit_id, second.visit_step, second.visit_station) == ("", None, "")
    assert (first.birth_date, first.document_number) == ("1990-05-00", "XK 123 4567")


@given(st.text())
def test_folding_is_whole_after_one_pass(text: str):
    folded = words(text)

    assert words(" ".join(folded)) == folded
    assert number(number(text)) == number(text)
