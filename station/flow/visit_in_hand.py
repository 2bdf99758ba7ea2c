"""The one visit that this station has in hand: each change is durable before it is shown. Desk lane only."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce

import numpy as np

from station.errors import NotComplete, RecordNotFound, VisitOpenElsewhere, WrongApplicant
from station.flow import completeness, identify, zone
from station.flow.options import Options
from station.flow.overridden import keep, overrides_of
from station.flow.page_changes import PageChanges, detached
from station.flow.ports import UnitsOfWork
from station.flow.views import ItemView, PageView, VisitView, ZonePartView
from station.flow.workshop import Prepared, region_of
from station.model.capability import Source
from station.model.checklist import Checklist
from station.model.document import Identifier, Match, Mrz, MrzStatus, Reading, ZonePart
from station.model.image import Pixels
from station.model.record import (
    ApplicationRecord,
    Attachment,
    AttachmentKind,
    OverrideNote,
    Provenance,
    RecordState,
)
from station.model.visit import Act, ActKind, Step, Visit
from station.reading.crosscheck import compare
from station.reading.patterns import Patterns

SINGLE = (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE, AttachmentKind.PORTRAIT)
"""Kinds of which a new picture takes the place of the old one."""

NOT_YET: Pixels = np.full((64, 48), 208, np.uint8)
"""Shown for a page whose picture is still being fetched, or cannot be: the page itself is never left out."""


@dataclass(slots=True, eq=False)
class VisitInHand:
    """Record, visit and thumbnails, changed together and only through the store."""

    units: UnitsOfWork
    options: Options
    checklists: Mapping[str, Checklist]
    patterns: Patterns
    record: ApplicationRecord
    visit: Visit
    simulated: bool = False
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    """By the name of a scan profile, where its paper may be laid."""
    thumbnails: dict[str, Pixels] = field(default_factory=dict, repr=False)
    strips: dict[str, tuple[Pixels, ...]] = field(default_factory=dict, repr=False)
    stranger: Mrz | None = field(default=None, repr=False)
    """Lines of another person's paper: shown until something else is laid or typed, never on the record."""
    _borne: dict[str, bool] = field(default_factory=dict, repr=False)
    pages: PageChanges = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing to take back."""
        self.pages = PageChanges(self)

    # -- beginning and end ------------------------------------------------------------------------------------

    @classmethod
    def open(
        cls,
        units: UnitsOfWork,
        options: Options,
        checklists: Mapping[str, Checklist],
        patterns: Patterns,
        record_id: str,
        visit_id: str = "",
    ) -> "VisitInHand":
        """Begin a visit for a record, or go on with the one that `visit_id` names.

        Raises:
            RecordNotFound, VisitOpenElsewhere, RecordChanged, StorageError.
        """
        with units() as work:
            now = options.now()
            if visit_id:
                visit = work.journal.get(visit_id)
                if visit.station != options.station and not visit.left:
                    raise VisitOpenElsewhere(record=visit.record_id, station=visit.station)
                record = work.records.get(visit.record_id)
                act = Act(
                    ActKind.RESUMED, now, options.at_work, {"station": options.station, **options.account}
                )
                visit = work.journal.write(visit, act)
            else:
                record = work.records.get(record_id)
                act = Act(ActKind.OPENED, now, options.at_work, {"record": record.id, **options.account})
                begun = Visit(uuid.uuid4().hex, record.id, options.station, now, rehearsal=options.rehearsal)
                visit = work.journal.begin(begun, act)
                if record.state is RecordState.EXPECTED:
                    record = work.records.put(replace(record, state=RecordState.IN_PROGRESS))
            work.commit()
        return cls(units, options, checklists, patterns, record, visit)

    def reload(self) -> None:
        """Read record and visit anew after another kiosk changed them."""
        with self.units() as work:
            self.record = work.records.get(self.record.id)
            self.visit = work.journal.get(self.visit.id)
        self.pages.forget()

    def leave(self) -> None:
        """Put the visit down; it is offered again at the desk."""
        if not self.visit.sealed:
            self.store(self.record, self.act(ActKind.LEFT))

    def seal(self) -> None:
        """Close the visit and its record for good.

        Raises:
            NotComplete: something that forbids it is open.
        """
        missing = tuple(point.code for point in self.view().open_points if point.blocks)
        if missing:
            raise NotComplete(record=self.record.id, missing=missing)
        self.store(replace(self.record, state=RecordState.SEALED), self.act(ActKind.SEALED))

    # -- steps ------------------------------------------------------------------------------------------------

    def enter(self, step: Step) -> None:
        """Go to a step."""
        if step is not self.visit.step and not self.visit.sealed:
            self.store(self.record, self.act(ActKind.ENTERED, step=step.value))

    def type_mrz(self, lines: Sequence[str]) -> None:
        """Keep the MRZ as the officer typed it or a reader sent it, unless it is another person's."""
        act = self.act(ActKind.MRZ_TYPED, lines=list(lines))
        if not self._refuse(self.record, self.visit.after(act)):
            self.store(self.record, act)

    def correct_mrz(self, part: ZonePart, text: str, reason: str) -> None:
        """Mend a part of the printed lines, or confirm it by eye with the same text.

        Raises:
            CorrectionRefused: the part does not stand there, or the text cannot; NotComplete: no reason.
        """
        if not reason:
            raise NotComplete(record=self.record.id, missing=("correction_reason",))
        lines = zone.corrected(self.mrz(), part, text)
        now = lines[part.line][part.start : part.stop]
        act = self.act(
            ActKind.MRZ_CORRECTED, part=part.name, line=part.line, start=part.start, was=part.text, now=now,
            reason=reason, lines=list(lines),
        )  # fmt: skip
        self.store(self.record, act)

    def type_code(self, text: str) -> tuple[Identifier, ...]:
        """Keep a code that the officer typed or a wedge sent, when it is this record's.

        Raises:
            WrongApplicant: it names another application.
        """
        found = identify.identifiers_in(text, self.patterns)
        self.record.refuse_another_applicant(Reading(identifiers=found))
        if found:
            self.store(self.record, self.act(ActKind.CODE_TYPED, code=text.strip()))
        return found

    def confirm(self, reason: str) -> None:
        """Take the officer's word that papers, person and record belong together.

        Raises:
            WrongApplicant: the papers are another person's; NotComplete: a reason is needed.
        """
        match = self.match()
        if match.stops:
            raise WrongApplicant(record=self.record.id, kind="match")
        mrz = self.mrz()
        if (match.needs_eye or mrz is None or mrz.status is not MrzStatus.ACCEPTED) and not reason:
            raise NotComplete(record=self.record.id, missing=("match_reason",))
        self.store(self.record, self.act(ActKind.MATCHED, matched=True, reason=reason))

    def waive(self, item: str, reason: str) -> None:
        """Note that the applicant did not bring this item."""
        self.store(self.record, self.act(ActKind.ITEM_WAIVED, item=item, reason=reason))

    def claim(self, item: str) -> None:
        """Take back that an item was not brought."""
        self.store(self.record, self.act(ActKind.ITEM_CLAIMED, item=item))

    def answer(self, question: str, answer: bool | None) -> None:
        """Note the officer's answer to a condition of the checklist; None takes it back.

        Raises:
            RecordNotFound: the checklist asks no such question.
        """
        if self.checklist is None or question not in {asked.id for asked in self.checklist.questions}:
            raise RecordNotFound(question=question)
        self.store(self.record, self.act(ActKind.ANSWERED, question=question, answer=answer))

    # -- pictures ---------------------------------------------------------------------------------------------

    def attach(
        self,
        prepared: Prepared,
        provenance: Provenance,
        *,
        item: str = "",
        sheet: str = "",
        replacing: Sequence[str] = (),
    ) -> str:
        """Attach a stored picture in place of the ones named and return the attachment's id.

        A document page that takes the place of another one takes its item, number and sheet too.

        Raises:
            WrongApplicant: it is another person's; AttachmentRefused, RecordChanged, StorageError. Nothing was
            changed then.
        """
        kind = prepared.kind
        old = [a for a in self.record.attachments if a.id in replacing]
        siblings = [a.page for a in self.record.of_kind(kind) if a.item == item]
        attachment = Attachment(
            uuid.uuid4().hex, kind, prepared.ref, provenance, prepared.report, prepared.reading,
            item=item, page=max(siblings, default=0) + 1,
            adjustment=prepared.adjustment, sheet=sheet, back=bool(sheet) and prepared.back,
        )  # fmt: skip
        if old:
            place = {name: getattr(old[0], name) for name in ("item", "page", "sheet", "back")}
            attachment = replace(attachment, **place)
        record, acts = self.record.attach(attachment), []
        for gone in old:
            record = record.detach(gone.id)
            acts.append(detached(self, gone))
        facts = {"attachment": attachment.id, "kind": kind.value, "sha256": prepared.ref.sha256}
        acts.append(self.act(ActKind.ATTACHED, **facts))
        if self.visit.matched and kind in (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE):
            acts.append(self.act(ActKind.MATCHED, matched=False))
        if kind is AttachmentKind.PASSPORT_PAGE and self._refuse(record, reduce(Visit.after, acts, self.visit)):
            raise WrongApplicant(record=self.record.id, kind="passport", reason="passport")
        self.store(record, *acts)
        self.thumbnails[attachment.id] = prepared.thumbnail
        self.strips[attachment.id] = prepared.strips
        if old and kind is AttachmentKind.DOCUMENT:
            self.pages.replaced(old, attachment.id)
        return attachment.id

    def keep(self, attachment_id: str, override: OverrideNote) -> None:
        """Take the officer's word against the measures: keep a picture, or set aside one that measured good.

        Raises:
            RecordNotFound: there is no such picture; AttachmentRefused: the word cannot stand.
        """
        keep(self, attachment_id, override)

    # -- what it looks like -----------------------------------------------------------------------------------

    def mrz(self) -> Mrz | None:
        """Return the printed lines that count: mended, typed, swiped or seen on the passport page."""
        return self._zones(self.record, self.visit)[0]

    def match(self) -> Match:
        """Hold papers against the record; what was refused last speaks first."""
        if self.stranger is not None:
            return self._compare(self.stranger, None)
        return self._compare(*self._zones(self.record, self.visit))

    def _compare(self, mrz: Mrz | None, second: Mrz | None) -> Match:
        codes = tuple(i for code in self.visit.codes for i in identify.identifiers_in(code, self.patterns))
        letter = self._reading(AttachmentKind.LETTER)
        found = (letter.identifiers if letter else ()) + codes
        others = self._others_with(mrz)
        today = self._today()
        return compare(self.record, mrz=mrz, second=second, identifiers=found, today=today, others=others)

    def _zones(self, record: ApplicationRecord, visit: Visit) -> tuple[Mrz | None, Mrz | None]:
        pages = record.of_kind(AttachmentKind.PASSPORT_PAGE)
        return zone.counting(visit, pages[-1].reading if pages else None, self._today())

    def _refuse(self, record: ApplicationRecord, visit: Visit) -> bool:
        """Note, and show from now on, that the papers would be another person's; False when they are not."""
        mrz, second = self._zones(record, visit)
        refused = mrz is not None and self._compare(mrz, second).stops
        if refused:
            self.store(self.record, self.act(ActKind.REFUSED, reason="another_person"))
            self.stranger = mrz
        return refused

    def view(self) -> VisitView:
        """Return the visit as the screens show it."""
        asked = (self.checklist, self.record, self.visit, self._today())
        items = tuple(
            replace(view, sources=tuple(self.sources.get(view.item.scan, ())))
            for view in completeness.items_of(*asked)
        )
        match = self.match()
        points = completeness.open_points(self.record, self.visit, items, match, self._today())
        passport = self.record.of_kind(AttachmentKind.PASSPORT_PAGE)
        reading = passport[-1].reading if passport and passport[-1].reading else Reading()
        mrz = self.stranger or self.mrz()
        return VisitView(
            visit_id=self.visit.id,
            record=self.record,
            steps=completeness.rail(self.visit, points),
            step=self.visit.step,
            pages=self._pages(items),
            items=items,
            checklist_unverified=self.checklist is not None and self.checklist.unverified,
            letter=self._reading(AttachmentKind.LETTER),
            passport=replace(reading, mrz=mrz) if mrz or passport else None,
            match=match,
            matched=self.visit.matched,
            open_points=points,
            sealed=self.visit.sealed,
            rehearsal=self.visit.rehearsal,
            simulated=self.simulated,
            zone=self._parts(mrz, passport[-1].id if passport else "", reading),
            stranger=self.stranger is not None,
            questions=completeness.questions_of(*asked),
            undoable=self.pages.undoable,
            checklist=self.checklist,
            overrides=overrides_of(self.record, self.visit, self.thumbnails),
        )

    def _parts(self, mrz: Mrz | None, page: str, reading: Reading) -> tuple[ZonePartView, ...]:
        """Return the printed lines with their picture, where the page shows lines of the same size."""
        seen = reading.mrz
        alike = seen is not None and mrz is not None and self.stranger is None and seen.format is mrz.format
        return zone.part_views(mrz, self.strips.get(page, ()) if alike else (), self.visit)

    @property
    def checklist(self) -> Checklist | None:
        """The checklist of the record's category."""
        return self.checklists.get(self.record.category)

    def _pages(self, items: Sequence[ItemView]) -> tuple[PageView, ...]:
        order = {view.item.id: number for number, view in enumerate(items)}
        shown = sorted(self.record.attachments, key=lambda a: (order.get(a.item, -1), a.page))
        return tuple(PageView(a, self.thumbnails.get(a.id, NOT_YET), region_of(a)) for a in shown)

    def _reading(self, kind: AttachmentKind) -> Reading | None:
        pages = self.record.of_kind(kind)
        return pages[-1].reading if pages else None

    def _today(self) -> date:
        return self.options.now().date()

    def _others_with(self, mrz: Mrz | None) -> tuple[str, ...]:
        """Return the number on these lines when another application bears it."""
        number = mrz.document_number if mrz else ""
        if not number:
            return ()
        if number not in self._borne:
            with self.units() as work:
                found = work.records.with_identifier("document_number", number)
            self._borne[number] = any(x.record_id != self.record.id for x in found)
        return (number,) if self._borne[number] else ()

    def act(self, done: ActKind, /, **facts: object) -> Act:
        """Make an act of this officer, done now."""
        return Act(done, self.options.now(), self.options.at_work, {**facts, **self.options.account})

    def store(self, record: ApplicationRecord, *acts: Act) -> None:
        """Make record and acts durable, all or nothing; what was refused before is then forgotten.

        Raises:
            RecordChanged, StorageError: nothing was changed.
        """
        visit = self.visit
        with self.units() as work:
            if record is not self.record:
                record = work.records.put(record)
            for act in acts:
                visit = work.journal.write(visit, act)
            work.commit()
        self.record, self.visit, self.stranger = record, visit, None
