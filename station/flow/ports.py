"""What the flow needs of the storage, as protocols; `station.storage` fulfils them, tests bring fakes."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from station.calibration.schedule import Run
from station.devices.cancel import CancelToken
from station.model.calibration import Calibration, Kept, Override
from station.model.calibration_chart import DriftChart
from station.model.image import PictureRef
from station.model.record import ApplicationRecord, Attachment, RecordState
from station.model.target import TargetKind
from station.model.visit import Act, Step, Visit


@dataclass(frozen=True, slots=True)
class Listing:
    """A record in a list: what an officer needs to tell people apart, without its pictures."""

    record_id: str
    application_number: str = field(repr=False)
    letter_number: str = field(repr=False)
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    document_number: str = field(repr=False)
    category: str
    state: RecordState
    visit_id: str = ""
    visit_step: Step | None = None
    visit_station: str = ""


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
class Leave:
    """A stored leave of a supervisor."""

    id: str
    override: Override


@dataclass(frozen=True, slots=True)
class Past:
    """All that decides whether a device may be used, without its reports.

    `runs` stand in the order done; `digests` are theirs. `released` is how many had been done when a technician
    last released the device with cause and action. `scans` are the pictures that it delivered so far.
    """

    runs: tuple[Run, ...] = ()
    digests: tuple[str, ...] = ()
    released: int = 0
    leaves: tuple[Leave, ...] = ()
    scans: int = 0


@dataclass(frozen=True, slots=True)
class EmptyGlass:
    """A scan of the empty glass: when it was taken, and how many marks it shows."""

    picture: PictureRef
    at: datetime
    marks: int


class Calibrations(Protocol):
    """What devices measured, and who let them be used. A device is named by its station and its id."""

    def add(self, calibration: Calibration) -> Kept:
        """Store a calibration whole and sign it; its pictures are in the picture store already."""
        ...

    def past(self, station: str, device: str) -> Past:
        """Return what decides whether a device may be used; of one never seen, an empty past."""
        ...

    def of(self, station: str, device: str, last: int = 60) -> tuple[Kept, ...]:
        """Return the last calibrations of a device, the oldest first.

        Raises:
            StorageDamaged: one is not as it was written, or its signature is not good.
        """
        ...

    def qualification(self, station: str, device: str, target: str) -> Kept | None:
        """Return the first full calibration that passed with this kind of target, as the device is set up now.

        What was done before the newest calibration's setup was first seen, or before a release, does not count.
        """
        ...

    def noises(self, station: str, device: str, last: int = 40) -> tuple[tuple[str, bytes], ...]:
        """Return the SHA-256 of the target's picture and its noise, of the last calibrations."""
        ...

    def devices(self) -> tuple[tuple[str, str, str], ...]:
        """Return (station, device, name) of every device that was ever calibrated on this store."""
        ...

    def allow(self, station: str, device: str, override: Override) -> Leave:
        """Store a supervisor's leave to use a locked device for a time."""
        ...

    def release(self, station: str, device: str, by: str, cause: str, action: str, at: datetime) -> None:
        """Store that a technician found the cause of failures and what was done; they count no longer."""
        ...

    def count(self, station: str, device: str, pictures: int = 1) -> None:
        """Count pictures that a device delivered."""
        ...

    def seen(self, station: str, at: datetime) -> datetime:
        """Note what the clock shows and return the latest that it ever showed, `at` included."""
        ...

    def watched(self, station: str, device: str) -> str:
        """Return the text that `watch` stored for this device, "" without one."""
        ...

    def watch(self, station: str, device: str, text: str) -> None:
        """Store what the station noticed about this device on ordinary pages (JSON text, no personal data)."""
        ...

    def empty_glass(self, station: str, device: str) -> EmptyGlass | None:
        """Return the scan of the empty glass that is kept of this device, None where there is none.

        Raises:
            StorageDamaged: it is not as it was written.
        """
        ...

    def keep_empty_glass(self, station: str, device: str, glass: EmptyGlass | None) -> None:
        """Keep this scan of the empty glass in place of the one before, or (None) none.

        Its picture is in the picture store already.
        """
        ...


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One use case: all of it is stored by `commit`, or nothing. Used on the storage lane only.

    Raises (any call): StorageFull, StorageLocked, StorageMissing, StorageDamaged.
    """

    records: Records
    journal: Journal
    calibrations: Calibrations

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
