"""Pictures that arrive from devices: each finds its visit, or is refused. Lives on the desk lane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station.errors import Cancelled
from station.flow import identify
from station.flow.events import Event, Notice
from station.flow.live_reading import Arrival
from station.flow.options import Options
from station.flow.portrait_kept import attach_portrait
from station.flow.ports import UnitsOfWork
from station.flow.scan_job import ScanJob
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Pages, Prepared
from station.model.document import MrzStatus, Reading, Separator
from station.model.record import AttachmentKind, OverrideNote, Provenance


class Desk(Protocol):
    """What arriving pictures need of the desk."""

    hand: VisitInHand | None

    def open(self, record_id: str, visit_id: str) -> None:
        """Take a visit in hand."""
        ...

    def show(self) -> None:
        """Post the visit as it is now."""
        ...


@dataclass(slots=True, eq=False)
class Arriving:
    """The one way by which a picture comes onto a record. `count` counts what each device delivered."""

    desk: Desk
    notify: Callable[[Event], None]
    options: Options
    units: UnitsOfWork
    count: Callable[[str], None]

    def deliver(self, job: Arrival, pages: Pages) -> None:
        """Take a page of a scan, or a paper held before the camera, as all that it shows; on the desk lane.

        A separator sheet moves the scan on to the item of the pages behind it.

        Raises:
            Cancelled: its visit is no longer in hand; WrongApplicant and others: it was not attached.
        """
        if isinstance(pages, Separator):
            self._separate(job, pages)
            return
        if not job.visit_id and self.desk.hand is None:
            opened = self._open_by_paper(pages)
            if opened is None:
                return
            job.visit_id = opened.visit.id
        hand = self.desk.hand
        if hand is None or hand.visit.id != job.visit_id:
            raise Cancelled
        replacing, job.replacing = job.replacing, ""
        try:
            for page in pages:
                self._attach(hand, job, page, replacing)
        finally:
            self.desk.show()
        shown = {page.kind for page in pages}
        if job.kind is AttachmentKind.PASSPORT_PAGE and job.kind not in shown:
            self.notify(Notice("letter_instead"))
        elif shown == {AttachmentKind.LETTER} and not identify.names_a_record(pages[0].reading):
            self.notify(Notice("letter_unreadable"))

    def _attach(self, hand: VisitInHand, job: Arrival, page: Prepared, replacing: str) -> None:
        old = [replacing] if replacing else []
        if page.kind is not AttachmentKind.DOCUMENT and job.done == 0:
            old = [a.id for a in hand.record.of_kind(page.kind)]
        scan = job if isinstance(job, ScanJob) else None
        provenance = self.options.provenance(
            job.device, job.settings, scan.profile if scan else None, job.proof
        )
        sheet = scan.sheet_of(back=page.back) if scan else ""
        self.count(job.device.id)
        hand.attach(page, provenance, item=job.item, sheet=sheet, replacing=old)

    def _separate(self, job: Arrival, sheet: Separator) -> None:
        """Let the pages behind a separator sheet belong to the item that it names.

        Raises:
            Cancelled: the visit is no longer in hand; WrongApplicant: it is another applicant's.
        """
        hand = self.desk.hand
        if hand is None or hand.visit.id != job.visit_id or not isinstance(job, ScanJob):
            raise Cancelled
        hand.record.refuse_another_number(sheet.application_number)
        items = [entry.id for entry in hand.checklist.items] if hand.checklist else []
        if not job.separate(sheet, items):
            self.notify(Notice("separator_not_known"))

    def take_portrait(
        self, visit_id: str, pictures: Sequence[Prepared], provenance: Provenance, override: OverrideNote | None
    ) -> None:
        """Put an accepted portrait, and the photo that was cut from it, on the record; on the desk lane.

        Raises:
            Cancelled: its visit is no longer in hand; AttachmentRefused, StorageError: nothing was attached.
        """
        hand = self.desk.hand
        if hand is None or hand.visit.id != visit_id:
            raise Cancelled
        self.count(provenance.device)
        attach_portrait(hand, pictures, provenance, override)
        self.desk.show()

    def _open_by_paper(self, pages: Sequence[Prepared]) -> VisitInHand | None:
        """Open the record that letter or passport name beyond doubt; when they name two, none."""
        with self.units() as work:
            found = identify.by_readings(work.records, [page.reading for page in pages if page.reading])
        if len(found) == 1:
            self.desk.open(found[0].record_id, found[0].visit_id)
        else:
            named = any(_is_named(page.reading) for page in pages)
            none = "no_such_record" if named else "letter_unreadable"
            self.notify(Notice("letter_names_several" if found else none))
        return self.desk.hand


def _is_named(reading: Reading | None) -> bool:
    """Tell whether a page says beyond doubt whose it is, be it of somebody unknown here."""
    mrz = reading.mrz if reading else None
    return identify.names_a_record(reading) or (mrz is not None and mrz.status is MrzStatus.ACCEPTED)
