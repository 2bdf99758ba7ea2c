"""Visits on devices whose every picture says whose it is, and the proof that nothing was lost or mixed."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from drivers.simulated.travel_document import td3_lines
from station.devices.cancel import CancelToken
from station.flow.events import Event, JobEnded, JobStarted, PortraitJudged, Trouble, VisitChanged
from station.flow.views import VisitView
from station.imaging import codec
from station.model.capability import (
    CameraCapabilities,
    CameraSettings,
    ColourMode,
    DeviceInfo,
    DeviceKind,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.checklist import ItemState
from station.model.image import Frame, Page, Pixels
from station.model.record import ApplicationRecord, AttachmentKind
from station.model.visit import Act, ActKind, Step, Visit
from station.storage.open import OpenStore, open_store
from station.storage.tables import applications
from tests.kiosk import Kiosk
from tests.visits import NO_GLANCE

BITS, CELL = 32, 4
DEVICES = {
    kind: DeviceInfo(f"marked:{kind}", kind, "marked", f"A marking {kind}", kind)
    for kind in (DeviceKind.SCANNER, DeviceKind.CAMERA)
}


# -- pictures that say whose they are -------------------------------------------------------------------------


def marked(number: int, serial: int, shape: tuple[int, int]) -> Pixels:
    """Draw a page whose corner holds the applicant's number, and a serial so that no page is like another."""
    pixels = np.full((*shape, 3), 236, np.uint8)
    pixels[24 : shape[0] - 16 : 12, 12 : shape[1] - 12] = 40
    for row, value in enumerate((number, serial)):
        cells = np.array([255 * (value >> bit & 1) for bit in range(BITS)], np.uint8)
        pixels[row * CELL : (row + 1) * CELL, : BITS * CELL] = np.repeat(cells, CELL)[None, :, None]
    return pixels


def whose(data: bytes) -> int:
    """Return the number of the applicant before whom this picture was taken."""
    cells = codec.decode(data).pixels[CELL // 2, CELL // 2 : BITS * CELL : CELL, 0] > 127
    return sum(1 << bit for bit, cell in enumerate(cells.tolist()) if cell)


class MarkedDriver:
    """One scanner and one camera; what they take is of whoever stands before them (`person`)."""

    name = "marked"

    def __init__(self) -> None:
        self.person = 0
        self._serial = count(1)

    def configure(self, options: dict[str, object]) -> None:
        """Take no options."""

    def find(self) -> Iterator[DeviceInfo]:
        yield from DEVICES.values()

    def open(self, info: DeviceInfo) -> "MarkedDevice":
        return MarkedDevice(self, info)

    def draw(self, *shape: int) -> Pixels:
        return marked(self.person, next(self._serial), (shape[0], shape[1]))


class MarkedDevice:
    """Scanner or camera, by its info."""

    def __init__(self, driver: MarkedDriver, info: DeviceInfo) -> None:
        self.info = info
        self._driver = driver

    def capabilities(self) -> ScannerCapabilities | CameraCapabilities:
        if self.info.kind is DeviceKind.CAMERA:
            return CameraCapabilities(None)
        return ScannerCapabilities(tuple(Source), (ColourMode.COLOUR,), (75,), None)

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        for number in range(1, 3 if settings.source is Source.FEEDER else 2):
            cancel.check()
            yield Page(self._driver.draw(220, 160), number, (75.0, 75.0))

    def frames(self, settings: CameraSettings, cancel: CancelToken) -> Generator[Frame]:
        for number in count(1):
            if cancel.wait(0.02):
                return
            yield Frame(self._driver.draw(120, 160), number, number * 0.02)

    def still(self, settings: CameraSettings, cancel: CancelToken) -> Frame:
        cancel.check()
        return Frame(self._driver.draw(120, 160), 1, 0.0)

    def close(self) -> None:
        """Nothing is held."""


# -- a visit --------------------------------------------------------------------------------------------------


def number_of(record: ApplicationRecord) -> int:
    """Return the number that the pictures of this applicant bear."""
    return int(record.application_number.removeprefix("V"))


def shown(at: Kiosk, command: Callable[[], object], fits: Callable[[VisitView], object]) -> VisitView:
    """Give a command and wait until the visit is shown as it should be then.

    Raises:
        StationError: the officer was told so instead.
    """

    def answers(event: Event) -> object:
        if isinstance(event, VisitChanged):
            return event.visit is not None and fits(event.visit)
        return isinstance(event, Trouble)

    event = at.do(command, object, answers)  # type: ignore[arg-type]
    if isinstance(event, Trouble):
        raise event.error
    assert isinstance(event, VisitChanged) and event.visit is not None
    return event.visit


def scan(at: Kiosk, kind: AttachmentKind, **how: object) -> None:
    """Scan what lies there.

    Raises:
        StationError: the scan ended so.
    """
    since = len(at.events)

    def ended(event: Event) -> bool:
        began = any(isinstance(one, JobStarted) for one in at.events[since:])
        return isinstance(event, JobEnded) or (isinstance(event, Trouble) and not began)

    at.station.scan(kind, **how)  # type: ignore[arg-type]
    event = at.until(object, ended, since)  # type: ignore[arg-type]
    if isinstance(event, Trouble | JobEnded) and event.error is not None:
        raise event.error


def begin(at: Kiosk, person: ApplicationRecord) -> VisitView:
    """Begin or resume the visit of an applicant, unless it is in hand already."""
    number = person.application_number
    last = [event.visit for event in list(at.events) if isinstance(event, VisitChanged)][-1:]
    if last and last[0] is not None and last[0].record.application_number == number:
        return last[0]
    return shown(at, lambda: at.station.submit(number), lambda v: v.record.application_number == number)


def go_through(
    at: Kiosk, driver: MarkedDriver, person: ApplicationRecord, until: Step | None = None
) -> VisitView:
    """Begin a visit, or go on with it where it stands, and seal it; or stop in the step `until`."""
    view = begin(at, person)
    driver.person = number_of(view.record)
    for step, work in WORK.items():
        if view.step is not step and list(WORK).index(view.step) < list(WORK).index(step):
            view = shown(at, lambda step=step: at.station.enter(step), lambda v, step=step: v.step is step)
        if step is until:
            return view
        work(at, view)
        view = at.visit
    sealed = shown(at, at.station.seal, lambda v: v.sealed)
    put_down(at)
    return sealed


def put_down(at: Kiosk) -> None:
    """Put the visit down and forget what was said of it."""
    at.do(at.station.leave, VisitChanged, lambda event: event.visit is None)
    with at.arrived:
        at.events.clear()


def _identify(at: Kiosk, view: VisitView) -> None:
    for kind in (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE):
        if not view.of_kind(kind):
            scan(at, kind)
    if not view.matched:
        lines = "\n".join(td3_lines(view.record))
        shown(at, lambda: at.station.submit(lines), lambda v: v.passport and v.passport.mrz)
        shown(at, at.station.confirm_match, lambda v: v.matched)


def _portrait(at: Kiosk, view: VisitView) -> None:
    if not view.of_kind(AttachmentKind.PORTRAIT):
        at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate)
        kept = AttachmentKind.PORTRAIT
        shown(at, lambda: at.station.accept_still(NO_GLANCE), lambda v: v.of_kind(kept))


def _documents(at: Kiosk, view: VisitView) -> None:
    first, *others = [one.item.id for one in view.items if one.needed]
    others += [one.item.id for one in view.items if one.item.waiver]  # needed as soon as one is not brought
    if not view.of_kind(AttachmentKind.DOCUMENT):
        scan(at, AttachmentKind.DOCUMENT, item=first, source=Source.FEEDER)
        last = at.visit.of_kind(AttachmentKind.DOCUMENT)[-1].attachment.id
        ids = {page.attachment.id for page in at.visit.pages}
        shown(at, lambda: at.station.drop([last]), lambda v: last not in {p.attachment.id for p in v.pages})
        shown(at, at.station.undo, lambda v: ids == {p.attachment.id for p in v.pages})
    for item in others:
        shown(
            at,
            lambda item=item: at.station.waive_item(item, "not_brought"),
            lambda v, item=item: (item, ItemState.NOT_BROUGHT) in [(one.item.id, one.state) for one in v.items],
        )


def _review(at: Kiosk, view: VisitView) -> None:
    for page in view.pages:
        if page.attachment.override is None:
            name = page.attachment.id
            shown(
                at,
                lambda name=name: at.station.keep(name, NO_GLANCE),
                lambda v, name=name: any(p.attachment.id == name and p.attachment.override for p in v.pages),
            )


WORK: dict[Step, Callable[[Kiosk, VisitView], None]] = {
    Step.IDENTIFY: _identify,
    Step.PORTRAIT: _portrait,
    Step.DOCUMENTS: _documents,
    Step.REVIEW: _review,
}


# -- what was accepted ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen said of a visit, or what its acts add up to: each change of it was accepted."""

    visit_id: str
    number: int
    step: Step
    matched: bool
    sealed: bool
    waived: int
    attachments: frozenset[str]


def said(event: Event) -> Shown | None:
    """Return what an event says of the visit in hand; None when it is another event."""
    if not isinstance(event, VisitChanged) or event.visit is None:
        return None
    view = event.visit
    attached = frozenset(attachment.id for attachment in view.record.attachments)
    waived = sum(one.state is ItemState.NOT_BROUGHT for one in view.items)
    return Shown(view.visit_id, number_of(view.record), view.step, view.matched, view.sealed, waived, attached)


def _replayed(visit: Visit, number: int, acts: Sequence[Act]) -> Iterator[Shown]:
    """Yield how the visit stood after each of its acts, beginning with the first."""
    standing = Visit(visit.id, visit.record_id, visit.station, visit.opened_at)
    attached: set[str] = set()
    for act in acts:
        standing = standing.after(act)
        if act.kind is ActKind.ATTACHED:
            attached.add(str(act.facts["attachment"]))
        elif act.kind is ActKind.DETACHED:
            attached.discard(str(act.facts["attachment"]))
        yield Shown(
            visit.id, number, standing.step, standing.matched, standing.sealed, len(standing.waived),
            frozenset(attached),
        )  # fmt: skip


def nothing_lost(store: OpenStore, told: Sequence[Shown]) -> None:
    """Prove that all that was shown is stored, in its order, and that each picture lies with its applicant."""
    for visit_id in dict.fromkeys(one.visit_id for one in told):
        with store.units() as work:
            visit = work.journal.get(visit_id)
            acts = work.journal.acts(visit_id)
            record = work.records.get(visit.record_id)
        number = number_of(record)
        later = _replayed(visit, number, acts)
        now = next(later)
        standings = [now]
        for one in told:
            while one.visit_id == visit_id and one != now:
                found = next(later, None)
                assert found is not None, f"was shown and is not stored: {one}"
                standings.append(now := found)
        standings += later
        assert standings[-1].attachments == {attachment.id for attachment in record.attachments}
        nothing_mixed(store, [record])


def nothing_mixed(store: OpenStore, records: Iterable[ApplicationRecord]) -> int:
    """Prove by their bytes that the pictures of these records are of their applicants; returns how many."""
    pictures = 0
    for record in records:
        for attachment in record.attachments:
            assert whose(store.pictures.get(attachment.picture.sha256)) == number_of(record)
            pictures += 1
    return pictures


def all_records(store: OpenStore) -> list[ApplicationRecord]:
    """Return every application that is stored."""
    with store.engine.connect() as connection:
        ids = connection.execute(sa.select(applications.c.id)).scalars().all()
    with store.units() as work:
        return [work.records.get(name) for name in ids]


def proved(folder: Path, told: Sequence[Shown] = (), url: str | None = None) -> int:
    """Open what a station left: it is sound, nothing that was shown is missing, nothing is mixed.

    Returns how many pictures there are.
    """
    store = open_store(folder, url)
    try:
        store.sweep()
        assert list(store.verify()) == []
        nothing_lost(store, told)
        return nothing_mixed(store, all_records(store))
    finally:
        store.close()
