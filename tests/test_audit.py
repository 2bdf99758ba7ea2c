"""The audit tells every act in the transaction that did it; who changes it without the key is found out."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.errors import StorageDamaged
from station.model.visit import ActKind
from station.storage.audit_entry import FIELDS, Entry, Head
from station.storage.open import OpenStore, open_store
from station.storage.tables import audit, audit_heads
from tests.audited import acted, attack, entries, problems, worked
from tests.stored import NOON, act, applicant, expected, visit_of
from tests.stored_calibrations import DAY, GLASS, HERE, MORNING, add, calibration, leave

pytest_plugins = ["tests.postgres"]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path / "data", database_url, HERE)
    yield opened
    opened.close()


# -- what is told ---------------------------------------------------------------------------------------------


def test_every_act_and_every_change_is_told_with_who_when_and_where(store: OpenStore):
    record, visit = worked(store)
    told = entries(store)

    assert [(row["number"], row["act"], row["officer"]) for row in told] == [
        (1, "began", ""),
        (2, "record_changed", ""),
        (3, "opened", "officer-1"),
        (4, "record_changed", "officer-1"),
        (5, "attached", "officer-1"),
        (6, "record_changed", "officer-1"),
        (7, "attached", "officer-1"),
    ]
    assert {row["station"] for row in told} == {HERE}
    assert {row["record"] for row in told[1:]} == {record.id}
    assert {row["visit"] for row in told[2:]} == {visit.id}
    assert {row["at"] for row in told[2:]} == {NOON.isoformat(timespec="microseconds")}
    changes = [row for row in told if row["act"] == "record_changed"]
    assert [row["before"] for row in changes] == ["", *(row["after"] for row in changes[:-1])]
    assert len({row["after"] for row in changes}) == 3
    assert problems(store) == set()


def test_calibrations_leaves_and_releases_are_told(store: OpenStore):
    (kept,) = add(store, calibration(pictures=()))
    with store.units() as work:
        work.calibrations.allow(HERE, GLASS, leave())
        work.calibrations.release(HERE, GLASS, "technician-1", "dust", "cleaned", MORNING)
        work.commit()
    told = entries(store)[1:]
    with store.units() as work:
        again = work.calibrations.add(calibration(MORNING + DAY, pictures=()), "account-1")
        work.commit()
    last = entries(store)[-1]

    assert [(row["act"], row["officer"]) for row in told] == [
        ("calibrated", "officer-1"),
        ("leave_given", "supervisor-1"),
        ("released", "technician-1"),
    ]
    assert {row["record"] for row in told} == {GLASS}
    assert [row["before"] for row in told] == ["", "", told[1]["after"]]
    assert told[0]["after"] == kept.digest
    assert (last["officer"], last["before"], last["after"]) == ("account-1", kept.digest, again.digest)
    assert problems(store) == set()


def test_nothing_of_a_person_is_in_the_audit(store: OpenStore):
    record, _ = worked(store)
    text = json.dumps([dict(row) for row in entries(store)])

    for person in (record.surname, "Ilse", "XK", "1234567", record.application_number, "1990-"):
        assert person not in text
    with store.units() as work, pytest.raises(ValueError, match="word"):
        work.audit.tell("Ilse Vandermeer came")


def test_what_is_undone_was_never_told(store: OpenStore):
    _, visit = worked(store)
    before = len(entries(store))
    with store.units() as work:
        work.journal.write(visit, act())
    assert len(entries(store)) == before
    assert problems(store) == set()


def test_an_entry_hangs_on_the_one_before_it(store: OpenStore):
    worked(store)
    told = entries(store)
    fields = [{name: row[name] for name in FIELDS} for row in told]
    texts = [json.dumps(one, sort_keys=True, separators=(",", ":")) for one in fields]

    assert [row["hash"] for row in told] == [sha256(text.encode()).hexdigest() for text in texts]
    assert [row["previous"] for row in told] == ["", *(row["hash"] for row in told[:-1])]


def test_the_database_itself_refuses_to_change_the_audit(store: OpenStore):
    worked(store)
    for statement in ("UPDATE audit SET officer = 'x'", "DELETE FROM audit WHERE number = 7"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert problems(store) == set()


@pytest.mark.parametrize(
    "database_server", [pytest.param("postgresql", marks=pytest.mark.system("postgresql"))], indirect=True
)
def test_two_stations_keep_a_chain_each(store: OpenStore, tmp_path: Path, database_url: str | None):
    with closing(open_store(tmp_path / "other", database_url, "kiosk-2")) as other:
        (record,) = expected(other, applicant())
        with other.units() as work:
            visit = work.journal.begin(visit_of(record), act(ActKind.OPENED))
            work.commit()
        acted(store, 2, visit)
        assert [(row["station"], row["number"]) for row in entries(store)] == [
            *((HERE, number) for number in (1, 2, 3)), *(("kiosk-2", number) for number in (1, 2, 3)),
        ]  # fmt: skip
        assert problems(store) == problems(other) == set()
        attack(store, "UPDATE audit SET officer = 'x' WHERE station = 'kiosk-2' AND number = 3")
        assert ("audit_changed", "entry 3 of kiosk-2") in problems(store)


# -- attacks on the chain -------------------------------------------------------------------------------------

CHANGED = {
    "at": "'2031-01-01T00:00:00.000000+00:00'",
    "officer": "'somebody'",
    "act": "'left'",
    "record": "'another'",
    "visit": "'another'",
    "before": f"'{'0' * 64}'",
    "after": f"'{'0' * 64}'",
    "previous": f"'{'0' * 64}'",
    "hash": f"'{'0' * 64}'",
}


@pytest.mark.parametrize("number", [1, 4, 7])
@pytest.mark.parametrize("column", CHANGED)
def test_a_changed_entry_is_named(store: OpenStore, column: str, number: int):
    worked(store)
    attack(store, f"UPDATE audit SET {column} = {CHANGED[column]} WHERE number = {number}")

    assert ("audit_changed", f"entry {number} of kiosk-1") in problems(store)


@pytest.mark.parametrize(
    ("gone", "kind", "what"),
    [
        ("= 1", "audit_missing", "entry 1 of kiosk-1"),
        ("= 4", "audit_missing", "entry 4 of kiosk-1"),
        ("BETWEEN 10 AND 20", "audit_missing", "entries 10 to 20 of kiosk-1"),
        ("= 157", "audit_truncated", "entry 157 of kiosk-1"),
        ("> 57", "audit_truncated", "entries 58 to 157 of kiosk-1"),
        ("> 0", "audit_truncated", "entries 1 to 157 of kiosk-1"),
    ],
)
def test_removed_entries_are_named(store: OpenStore, gone: str, kind: str, what: str):
    _, visit = worked(store)
    acted(store, 150, visit)
    assert problems(store) == set()
    attack(store, f"DELETE FROM audit WHERE number {gone}")

    assert (kind, what) in problems(store)


def test_two_entries_that_changed_places_are_named(store: OpenStore):
    worked(store)
    attack(
        store,
        "UPDATE audit SET number = 99 WHERE number = 3",
        "UPDATE audit SET number = 3 WHERE number = 5",
        "UPDATE audit SET number = 5 WHERE number = 99",
    )

    assert {("audit_changed", f"entry {number} of kiosk-1") for number in (3, 5)} <= problems(store)


def forged(last: sa.RowMapping, **change: object) -> Entry:
    """Make an entry with good hashes, as anybody can."""
    fields = {name: last[name] for name in FIELDS}
    return Entry(**{**fields, "number": last["number"] + 1, "previous": last["hash"], **change})


def test_an_entry_that_was_added_without_the_key_is_named(store: OpenStore):
    worked(store)
    new = forged(entries(store)[-1], officer="somebody")
    with store.engine.begin() as connection:
        connection.execute(sa.insert(audit), new.row)

    assert ("audit_changed", "entry 8 of kiosk-1") in problems(store)


@pytest.mark.parametrize("signature", ["", "0" * 128, "no digits", "other_key"])
def test_a_head_that_the_station_did_not_sign_is_named_and_never_built_on(store: OpenStore, signature: str):
    _, visit = worked(store)
    new = forged(entries(store)[-1], officer="somebody")
    head = Head(HERE, new.number, new.hash, new.at)
    if signature == "other_key":
        signature = Ed25519PrivateKey.generate().sign(head.text.encode()).hex()
    with store.engine.begin() as connection:
        connection.execute(sa.insert(audit), new.row)
        values = {"number": head.number, "hash": head.hash, "signature": signature}
        connection.execute(sa.update(audit_heads).values(values))

    assert ("audit_changed", "head of kiosk-1") in problems(store)
    with pytest.raises(StorageDamaged) as told:
        acted(store, 1, visit)
    assert told.value.context == {"what": "audit", "detail": "head"}


def test_a_head_that_is_gone_is_named_and_not_begun_anew(store: OpenStore):
    _, visit = worked(store)
    attack(store, "DELETE FROM audit_heads")

    assert ("audit_missing", "head of kiosk-1") in problems(store)
    with pytest.raises(StorageDamaged):
        acted(store, 1, visit)


def test_a_chain_that_was_written_anew_from_an_entry_on_is_named_at_its_head_and_at_an_anchor(store: OpenStore):
    _, visit = worked(store)
    acted(store, 15, acted(store, 45, visit))  # anchored at entry 52
    told, rows = entries(store), []
    previous = told[2]["previous"]
    for row in told[2:]:
        fields = {name: row[name] for name in FIELDS} | {"previous": previous, "officer": "somebody"}
        rows.append(Entry(**fields).row)
        previous = rows[-1]["hash"]
    attack(store, "DELETE FROM audit WHERE number > 2")
    with store.engine.begin() as connection:
        connection.execute(sa.insert(audit), rows)

    assert {("audit_changed", f"entry {number} of kiosk-1") for number in (52, 67)} <= problems(store)


# -- attacks past the audit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE applications SET surname = 'Other'", "application {record}"),
        ("UPDATE applications SET state = 'sealed'", "application {record}"),
        ("DELETE FROM attachments WHERE id = 'GV-2025-0001-first'", "application {record}"),
        ("UPDATE acts SET officer = 'somebody' WHERE number = 1", "visit {visit}"),
        ("UPDATE acts SET facts = '{\"attachment\": 1}' WHERE number = 2", "visit {visit}"),
    ],
)
def test_what_was_changed_past_the_program_is_named(store: OpenStore, change: str, what: str):
    record, visit = worked(store)
    attack(store, change)

    assert ("not_as_audited", what.format(record=record.id, visit=visit.id)) in problems(store)


def test_a_change_past_the_program_stays_known_after_the_next_act(store: OpenStore):
    record, _ = worked(store)
    attack(store, "UPDATE applications SET surname = 'Other'")
    with store.units() as work:
        work.records.put(replace(work.records.get(record.id), sex="F"))
        work.commit()

    assert problems(store) == {("not_as_audited", f"application {record.id}")}


def test_a_record_and_a_visit_that_were_removed_or_slipped_in_are_named(store: OpenStore):
    record, visit = worked(store)
    (slipped,) = expected(store, applicant("GV-3"))
    attack(
        store,
        "DELETE FROM acts",
        "DELETE FROM visits",
        "DELETE FROM attachments",
        f"UPDATE applications SET id = 'slipped-in' WHERE id = '{slipped.id}'",
    )

    found = problems(store)
    assert {
        ("not_as_audited", f"application {record.id}"),
        ("not_as_audited", f"visit {visit.id}"),
        ("not_as_audited", "application slipped-in"),
        ("not_as_audited", f"application {slipped.id}"),
    } <= found
