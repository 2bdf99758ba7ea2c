"""Whole visits of invented applicants, as an officer goes through them one after another."""

from drivers.simulated.travel_document import td3_lines
from station.flow.events import PortraitJudged, VisitChanged
from station.flow.views import VisitView
from station.model.document import PartialDate
from station.model.record import (
    ApplicationRecord,
    AttachmentKind,
    Override,
    OverrideNote,
    TravelDocument,
)
from station.model.specimen import PaperKind, Sitter
from station.model.visit import Step
from tests.kiosk import Kiosk

NO_GLANCE = OverrideNote(Override.OBVIOUS, "medical")


def applicants(count: int) -> tuple[ApplicationRecord, ...]:
    """Return so many expected applications."""
    return tuple(
        ApplicationRecord(
            id="",
            application_number=f"V{number:09d}",
            letter_number=f"L{number:09d}",
            surname="Eriksson",
            given_names=f"Anna {'Maria ' * (number % 3)}".strip(),
            birth_date=PartialDate(1950 + number % 50, 1 + number % 12, 1 + number % 28),
            sex="F",
            nationality="UTO",
            document=TravelDocument(f"A{number:08d}", "UTO", PartialDate(2032, 4, 15)),
        )
        for number in range(1, count + 1)
    )


def whole_visit(at: Kiosk, applicant: ApplicationRecord, *, plain: bool = False) -> VisitView:
    """Carry one applicant from the desk to the seal, live picture included, and forget what was said.

    `plain` lays blank paper for the passport and leaves the chair empty: to draw a person takes a second.
    """
    station = at.station
    record = at.open(applicant.letter_number).record
    at.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.BLANK if plain else PaperKind.PASSPORT)
    at.do(lambda: station.submit("\n".join(td3_lines(record))), VisitChanged)
    at.do(station.confirm_match, VisitChanged, lambda event: event.visit and event.visit.matched)
    at.do(lambda: station.enter(Step.PORTRAIT), VisitChanged)
    face = int(applicant.letter_number[1:]) % 2  # the simulated camera keeps only the last few it drew
    at.simulated.props.seat(Sitter(seed=face, present=not plain))
    station.start_preview(320, 240)
    at.do(station.take_still, PortraitJudged, lambda event: event.candidate)
    at.do(
        lambda: station.accept_still(NO_GLANCE),
        VisitChanged,
        lambda event: event.visit and event.visit.of_kind(AttachmentKind.PORTRAIT),
    )
    station.stop_preview()
    at.do(lambda: station.enter(Step.DOCUMENTS), VisitChanged)
    first, *others = [view.item for view in at.visit.items if view.needed]
    others += [view.item for view in at.visit.items if view.item.waiver]  # needed as soon as one is not brought
    at.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=first.id, title=first.title)
    for item in others:
        at.do(lambda item=item: station.waive_item(item.id, "not_brought"), VisitChanged)
    (page,) = at.visit.of_kind(AttachmentKind.DOCUMENT)
    at.do(lambda: station.drop([page.attachment.id]), VisitChanged)
    at.do(station.undo, VisitChanged)
    at.do(station.leave, VisitChanged, lambda event: event.visit is None)
    at.do(
        lambda: station.submit(applicant.application_number),
        VisitChanged,
        lambda event: event.visit and len(event.visit.pages) == len(event.visit.record.attachments),
    )
    at.do(lambda: station.enter(Step.REVIEW), VisitChanged)
    for page in at.visit.pages:
        if page.attachment.override is None:  # coarse scans fail
            at.do(lambda page=page: station.keep(page.attachment.id, NO_GLANCE), VisitChanged)
    sealed = at.do(station.seal, VisitChanged, lambda event: event.visit and event.visit.sealed).visit
    assert sealed is not None
    at.do(station.leave, VisitChanged, lambda event: event.visit is None)
    with at.arrived:
        at.events.clear()
    return sealed
