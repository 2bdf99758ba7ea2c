"""What the flow needs of the storage, as protocols; `station.storage` fulfils them, tests bring fakes."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from station.devices.cancel import CancelToken
from station.flow.audit_ports import Audit
from station.flow.calibration_ports import Calibrations
from station.flow.listing import Listing
from station.flow.override_ports import Overrides
from station.model.calibration import Kept
from station.model.calibration_chart import DriftChart
from station.model.officer import Officer
from station.model.record import ApplicationRecord, Attachment
from station.model.target import TargetKind
from station.model.visit import Act, Visit


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records an import changed."""

    added: int
    updated: int
    unchanged: int


class Records(Protocol):
    """The applications."""

    def get(self, record_id: str) -> ApplicationRecord:
        """Return one record with its attachments.

        Raises:
            RecordNotFound: there is none.
        """
        ...

    def put(self, record: ApplicationRecord) -> ApplicationRecord:
        """Store a record that was read with `get`; returns it with its new version.

        Raises:
            RecordChanged: another kiosk stored it since.
        """
        ...

    def expect(self, records: Iterable[ApplicationRecord]) -> Imported:
        """Add expected applications by application number; update those that no visit has touched yet.

        An empty `id` is given a new one. A record in progress or sealed is left as it is (counts unchanged).
        """
        ...

    def with_pictures(self, after: str = "", limit: int = 200) -> tuple[str, ...]:
        """Return the next ids, in their own order, of records that have pictures; `after` the last one seen."""
        ...

    def manifests(self, record_id: str) -> dict[str, str]:
        """Return the signed manifests of a record's pictures, by attachment, each as the text of a file.

        Pictures that are older than manifests have none.
        """
        ...

    def with_identifier(self, kind: str, value: str) -> tuple[Listing, ...]:
        """Return the records of exactly this number.

        `kind` is letter_number, application_number or document_number; case, spaces and hyphens do not count.
        """
        ...

    def search(self, text: str, limit: int = 50) -> tuple[Listing, ...]:
        """Return records whose number, passport number or name begins with each word (case, accents folded)."""
        ...

    def today(self, limit: int = 200) -> tuple[Listing, ...]:
        """Return the expected and running applications, by name; interrupted visits first."""
        ...


class Journal(Protocol):
    """The acts of the visits, durable when `UnitOfWork.commit` returns."""

    def begin(self, visit: Visit, act: Act) -> Visit:
        """Store a new visit and its first act.

        Raises:
            VisitOpenElsewhere: the application has an open visit.
        """
        ...

    def write(self, visit: Visit, act: Act) -> Visit:
        """Store the next act; returns the visit after it.

        Raises:
            RecordChanged: another kiosk wrote to this visit since it was read.
        """
        ...

    def get(self, visit_id: str) -> Visit:
        """Return the visit that its acts add up to.

        Raises:
            RecordNotFound: there is none.
        """
        ...

    def acts(self, visit_id: str) -> tuple[Act, ...]:
        """Return all acts in their order."""
        ...

    def interrupted(self, station: str) -> tuple[Visit, ...]:
        """Return the open visits of this station, the latest first."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """An officer with the hashes of password and PIN ("" for none), in the encoding of `Hashing`."""

    officer: Officer
    password: str = field(repr=False)
    pin: str = field(default="", repr=False)


class Accounts(Protocol):
    """Who may work here. A name is found, and unique, without case, accents and punctuation."""

    def all(self) -> tuple[Officer, ...]:
        """Return all accounts by name."""
        ...

    def named(self, name: str) -> Account | None:
        """Return the account of this name, None when there is none."""
        ...

    def get(self, officer_id: str) -> Account:
        """Return one account.

        Raises:
            AccountRefused: there is none (`unknown`).
        """
        ...

    def add(self, officer: Officer, password: str, at: datetime) -> None:
        """Add an account with the hash of its password.

        Raises:
            AccountRefused: `name_taken`, or `no_name`.
        """
        ...

    def change(self, officer: Officer) -> None:
        """Store roles, `enabled`, `one_time`, `failures` and `waits_until`; the name stays."""
        ...

    def give_password(self, officer_id: str, password: str) -> None:
        """Store the hash of a password."""
        ...

    def give_pin(self, officer_id: str, pin: str) -> None:
        """Store the hash of a PIN, "" for none."""
        ...

    def count_failure(self, officer_id: str) -> int:
        """Count an attempt to sign in before it is looked at, and return how many there were in a row."""
        ...


class Hashing(Protocol):
    """Makes of passwords and PINs what may be stored; slow by intent. Safe to call from any thread."""

    def hashed(self, secret: str) -> str:
        """Return what is stored."""
        ...

    def proved(self, secret: str, stored: str) -> str:
        """Return `stored`, or made anew where it was made with other parameters; "" when it is not the secret.

        With `stored` "" (nobody has this name) it takes as long, and is never the secret.
        """
        ...


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One use case: all of it is stored by `commit`, or nothing. Used on the storage lane only.

    Raises (any call): StorageFull, StorageLocked, StorageMissing, StorageDamaged.
    """

    records: Records
    journal: Journal
    calibrations: Calibrations
    audit: Audit
    accounts: Accounts
    overrides: Overrides

    def commit(self) -> None:
        """Make it durable: after this returns a power cut loses nothing of it."""
        ...


class PictureStore(Protocol):
    """Bytes under their SHA-256. Safe to call from any thread."""

    def put(self, data: bytes) -> str:
        """Store bytes durably and return their SHA-256 in 64 lower-case hex digits; twice is once.

        Raises:
            StorageFull, StorageMissing.
        """
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, proved against their name.

        Raises:
            StorageDamaged: missing, or not what was written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pages that belong together, in their order; `id` is short, `title` stands in the list of chapters."""

    id: str
    title: str
    pages: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """What becomes one file; `name` is the file's without its ending. Nothing but the pages is personal."""

    name: str
    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was proved and put in place; `without_text` are its pages, from 1, that got no text."""

    path: Path
    pages: int
    size_bytes: int
    without_text: tuple[int, ...] = ()


class Exporter(Protocol):
    """Writes pages to files for the archive; `station.delivery` fulfils it. Safe to call from any thread."""

    def export(
        self,
        volumes: Sequence[Volume],
        folder: Path,
        progress: Callable[[int, int], None],
        cancel: CancelToken,
    ) -> tuple[Exported, ...]:
        """Write one file for each volume, all of them or none; a file of the same name is replaced.

        `progress` is told pages done and pages in all.

        Raises:
            ExportRefused, StorageFull, StorageMissing, Cancelled: nothing was put into the folder.
        """
        ...


class Reporter(Protocol):
    """Writes what calibrations found to files; `station.delivery` fulfils it. Safe to call from any thread."""

    def report(
        self, kept: Kept, before: Kept | None, charts: Sequence[DriftChart], folder: Path
    ) -> tuple[Path, ...]:
        """Write a calibration with its plots as PDF, and all its figures as JSON, in place of an older one.

        `before` is the one that it is compared with, `charts` are those of its device.

        Raises:
            StorageFull, StorageMissing: the folder does not take them.
        """
        ...

    def target(self, kind: TargetKind | None, path: Path) -> None:
        """Draw a fresh target, or (None) the board for cameras, to a PDF.

        Raises:
            StorageFull, StorageMissing: the folder does not take it.
        """
        ...


UnitsOfWork = Callable[[], UnitOfWork]
"""Makes one unit of work: `with units() as work: ...; work.commit()`."""
