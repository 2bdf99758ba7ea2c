"""Records, pictures and acts of invented people, for tests of the storage."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlcipher3 import dbapi2

from station.model.document import PartialDate
from station.model.image import PictureRef
from station.model.quality import Finding, Limit, QualityReport, Region, Status
from station.model.record import (
    ApplicationRecord,
    Attachment,
    AttachmentKind,
    Provenance,
    TravelDocument,
)
from station.model.visit import Act, ActKind, Visit
from station.storage import cipher
from station.storage.keys.keeper import Safekeeping
from station.storage.open import OpenStore
from station.storage.unlock import unlock

NOON = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)


def applicant(number: str = "GV-2025-0001", **change: Any) -> ApplicationRecord:
    """Draw up an expected application."""
    fields = {
        "letter_number": f"L-{number}",
        "surname": "Vandermeer",
        "given_names": "Ilse Maria",
        "birth_date": PartialDate(1990, 5, 0),
        "document": TravelDocument("XK 123 4567", "UTO", PartialDate(2031, 1, 31)),
        **change,
    }
    return ApplicationRecord(id="", application_number=number, **fields)


def picture(name: str, data: bytes = b"picture", **change: Any) -> Attachment:
    """Describe a stored picture as an attachment of this id, with a report of forty findings."""
    finding = Finding(
        "sharpness",
        Status.WARN,
        raw=0.1 + 0.2,
        unit="px",
        score=61,
        limit=Limit(low=0.5, fail_low=0.25),
        region=Region(0.0, 0.25, 0.5, 1.0),
    )
    fields = {
        "kind": AttachmentKind.DOCUMENT,
        "picture": PictureRef(sha256(data).hexdigest(), "image/jpeg", len(data), 2480, 3508, (300.0, 300.0)),
        "provenance": Provenance(
            "simulated:glass",
            "Simulated scanner",
            None,
            "simulated",
            "{}",
            "station 0.1",
            "officer-1",
            NOON,
            True,
        ),
        "report": QualityReport("page", (finding,) * 40),
        **change,
    }
    return Attachment(id=name, **fields)


def visit_of(record: ApplicationRecord, station: str = "kiosk-1", **change: Any) -> Visit:
    """Draw up a visit that is about to begin."""
    return Visit(uuid4().hex, record.id, station, NOON, **change)


def act(kind: ActKind = ActKind.LEFT, **facts: object) -> Act:
    """Note that an officer did this."""
    return Act(kind, NOON, "officer-1", facts)


def expected(store: OpenStore, *records: ApplicationRecord) -> tuple[ApplicationRecord, ...]:
    """Let a store expect these applications; returns them as it holds them."""
    with store.units() as work:
        work.records.expect(records)
        work.commit()
        listed = [work.records.with_identifier("application_number", r.application_number) for r in records]
        return tuple(work.records.get(found[0].record_id) for found in listed)


def raw_database(folder: Path) -> Any:
    """Open a folder's SQLite file by its driver, with the folder's own key; statements commit by themselves."""
    path = folder / "station.sqlite3"
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(cipher.SILENCE)
    connection.execute(cipher.key_pragma(unlock(folder, path, Safekeeping()).key))
    return connection
