"""What the operator does, one thing after another: every method runs on the desk lane."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from station.errors import AttachmentRefused, ImportRefused, RecordChanged, RecordNotFound
from station.flow import expected, identify
from station.flow.adjusting import Adjusting
from station.flow.arriving import Arriving
from station.flow.board import Board
from station.flow.bringing import Bringing
from station.flow.calibrating import Calibrating
from station.flow.camera_calibrating import CameraCalibrating
from station.flow.capturing import Capturing
from station.flow.clearing import Clearing
from station.flow.events import ButtonPressed, DevicesChanged, Event, ImportEnded, Listed, Notice, VisitChanged
from station.flow.exporting import Exporting
from station.flow.gate import Gate
from station.flow.glance import glance
from station.flow.latest import Latest
from station.flow.listening import Listening
from station.flow.live_reading import LiveReading
from station.flow.options import FitOut, Options
from station.flow.overriding import Overriding
from station.flow.portraits import Portraits
from station.flow.practice import Practice
from station.flow.presence import Presence
from station.flow.scan_job import ScanJob
from station.flow.scan_profiles import DEFAULT_OF
from station.flow.standings import Standings
from station.flow.views import DeviceView
from station.flow.visit_in_hand import VisitInHand
from station.flow.workshop import Workshop
from station.imaging.cv import cv
from station.model.capability import DeviceKind, Source
from station.model.image import Pixels
from station.model.record import AttachmentKind
from station.model.scan_profile import ScanProfile
from station.model.swipe import Swipe, SwipeKind
from station.model.visit import Step
from station.reading import keyboard_layouts

_BROKEN = {SwipeKind.INCOMPLETE: "swipe_incomplete", SwipeKind.GARBAGE: "swipe_garbage"}


@dataclass(slots=True, eq=False)
class Desk:
    """The open store, the devices and the visit in hand. No lock: one lane owns it all."""

    out: FitOut
    options: Options
    gate: Gate
    post: Callable[..., None]
    mailbox: Latest
    hand: VisitInHand | None = None
    notify: Callable[[Event], None] = field(init=False)
    presence: Presence = field(init=False)
    overriding: Overriding = field(init=False)
    bringing: Bringing = field(init=False)
    workshop: Workshop = field(init=False)
    board: Board = field(init=False)
    arriving: Arriving = field(init=False)
    capturing: Capturing = field(init=False)
    practice: Practice = field(init=False)
    listening: Listening = field(init=False)
    adjusting: Adjusting = field(init=False)
    exporting: Exporting = field(init=False)
    standings: Standings = field(init=False)
    calibrating: Calibrating = field(init=False)
    camera_calibrating: CameraCalibrating = field(init=False)
    clearing: Clearing = field(init=False)

    def __post_init__(self) -> None:
        """Set the devices and the workshop up."""
        self.notify = self.gate.post
        self.presence = Presence(self, self.out, self.options, self.post, self.gate)
        self.options = replace(self.options, signed=lambda: self.presence.session.officer)
        self.workshop = Workshop(self.out, self.options.cores, lambda: self.options.now().date())
        self.board = Board(
            self.post, self.devices_changed, self.out.drivers, self.out.failures,
            lambda info, button: self.notify(ButtonPressed(info, button)),
        )  # fmt: skip
        self.practice = Practice(self.out, self.options.practice)
        self.standings = Standings(self.out, self.options, self.board, self.notify)
        self.calibrating = Calibrating(
            self.out, self.options, self.post, self.notify, self.board, self.workshop, self.practice,
            self.standings,
        )  # fmt: skip
        self.camera_calibrating = CameraCalibrating(
            self.post, self.notify, self.options, self.board, self.workshop, self.practice, self.mailbox,
            self.calibrating,
        )  # fmt: skip
        self.clearing = Clearing(self.options, self.presence.session, self.standings, self.calibrating.show)
        self.arriving = Arriving(self, self.notify, self.options, self.out.store.units, self.standings.count)
        self.capturing = Capturing(
            self.arriving, self.post, self.notify, self.options, self.board, self.workshop,
            Portraits(self.out, self.options.photo, self.workshop.store), self.mailbox, self.standings.noticed,
        )  # fmt: skip
        self.listening = Listening(self.post, self.board, self.take_swipe)
        self.adjusting = Adjusting(self.post, self.notify, self.workshop, self.change)
        self.overriding = Overriding(self, self.out, self.options, self.presence.session, self.capturing.stills)
        self.bringing = Bringing(self.post, self.workshop, self.presence.session)
        self.exporting = Exporting(self.out.exporter, self.post, self.notify, self.workshop)

    def close(self, until: float) -> None:
        """Put the visit down and give devices and store back, by `until` (time.monotonic)."""
        self._forget()
        self.cancel()
        self.listening.stop()
        hand, self.hand = self.hand, None
        try:
            if hand is not None:
                hand.leave()
            self.standings.flush()
            self.presence.session.sign_off()
        finally:
            self.board.close(until - time.monotonic())
            self.workshop.close(max(until - time.monotonic(), 1.0))
            self.presence.session.close(max(until - time.monotonic(), 1.0))
            if self.out.second_opinion is not None:
                self.out.second_opinion.close()
            self.out.store.close()

    def devices_changed(self, devices: tuple[DeviceView, ...]) -> None:
        """Tell the window how the devices stand, and listen to the readers among them."""
        self.notify(DevicesChanged(devices))
        self.listening.attend()
        self.standings.attend()

    def watch(self) -> None:
        """Leave wedged drivers and rows without a partner behind; called a few times a second."""
        for part in (self.capturing, self.listening, self.calibrating, self.camera_calibrating):
            part.watch()
        self.presence.session.watch()

    # -- lists and the way into a visit ---------------------------------------------------------------------

    def list_records(self, text: str) -> None:
        """Post the answer to a search, or today's list."""
        with self.out.store.units() as work:
            found = work.records.search(text) if text.strip() else work.records.today()
        self.notify(Listed(text, found))

    def submit(self, text: str) -> None:
        """Open the record that a finished text names exactly, or feed Identify.

        A name opens the only record that it fits; a number must be whole, a cut-off scan opens nothing.
        """
        if not text.strip():
            return self.list_records("")
        if self.hand is not None:
            return self.change(lambda hand: self._identify_by_text(hand, text))
        out = self.out
        with out.store.units() as work:
            found = identify.by_text(work.records, text, out.patterns, self.options.now().date())
            exact = bool(found)
            if not exact:
                found = work.records.search(text)
        if len(found) == 1 and (exact or not any(c.isdigit() for c in text)):
            return self.open(found[0].record_id, found[0].visit_id)
        if not found:
            self.notify(Notice("no_such_record"))
        return self.notify(Listed(text, found))

    def _identify_by_text(self, hand: VisitInHand, text: str) -> None:
        mrz = identify.mrz_in(text, self.options.now().date())
        if mrz is not None:
            hand.type_mrz(mrz.lines)
        elif not hand.type_code(text):
            self.notify(Notice("code_not_known"))

    def take_swipe(self, swipe: Swipe) -> None:
        """Open the record that a reader's frame names exactly, and feed Identify with it."""
        text, today = "\n".join(swipe.lines) or swipe.text, self.options.now().date()
        layout = keyboard_layouts.fault(text, today) if swipe.kind is SwipeKind.CODE else ""
        if swipe.kind in _BROKEN:
            return self.notify(Notice(_BROKEN[swipe.kind]))
        if layout:
            return self.notify(Notice("keyboard_layout", {"layout": layout}))
        if self.hand is None and not self._open_by_swipe(swipe, text):
            return None
        visit = self.need_hand().visit
        if visit.sealed or visit.step is not Step.IDENTIFY:
            return self.notify(Notice("swipe_after_seal" if visit.sealed else "swipe_not_wanted"))
        if swipe.symbology and not identify.identifiers_in(text, self.out.patterns, swipe.symbology):
            return self.notify(Notice("code_not_known"))
        return self.change(lambda hand: self._identify_by_text(hand, text))

    def _open_by_swipe(self, swipe: Swipe, text: str) -> bool:
        """Open the one record that a frame names; False when there is nothing more to do."""
        today = self.options.now().date()
        mrz = identify.mrz_in(text, today) if swipe.lines else None
        if mrz is not None and not mrz.check_ok:
            failing = tuple(r.field for r in mrz.remarks if r.code == "check_failed")
            self.notify(Notice("swipe_check_failed", {"fields": failing}))
            return False
        with self.out.store.units() as work:
            found = identify.by_text(work.records, text, self.out.patterns, today, swipe.symbology)
        if len(found) != 1:
            self.notify(Notice("swipe_names_several" if found else "no_such_record"))
            if found:
                self.notify(Listed("", found))
            return False
        self.open(found[0].record_id, found[0].visit_id)
        hand = self.need_hand()
        return hand.visit.step is Step.IDENTIFY and not hand.visit.sealed and not hand.visit.matched

    def open(self, record_id: str, visit_id: str) -> None:
        """Take a visit in hand: a new one for a record, or the open one that `visit_id` names."""
        out = self.out
        if self.hand is not None:
            if visit_id != self.hand.visit.id and record_id != self.hand.record.id:
                self.notify(Notice("visit_in_hand"))
            return
        if not visit_id:
            with out.store.units() as work:
                mine = [v for v in work.journal.interrupted(self.options.station) if v.record_id == record_id]
            visit_id = mine[0].id if mine else ""
        self._forget()
        self.workshop.submit(cv)  # loads OpenCV now, not while the first page waits to be seen
        self.hand = VisitInHand.open(
            out.store.units, self.options, out.checklists, out.patterns, record_id, visit_id
        )
        self.hand.sources = {name: profile.sources for name, profile in out.scan_profiles.items()}
        for attachment in self.hand.record.attachments:
            future = self.workshop.submit(self.workshop.thumbnail, attachment)
            future.add_done_callback(partial(self.post, self._thumbnail, attachment.id))
            if attachment.reading and attachment.reading.cells:
                strips = self.workshop.submit(
                    self.workshop.strips, attachment.picture.sha256, attachment.reading
                )
                strips.add_done_callback(partial(self.post, self._strips, attachment.id))
        self.practice.seat(self.hand)
        self.show()

    def _strips(self, attachment_id: str, done: "Future[tuple[Pixels, ...]]") -> None:
        hand = self.hand
        if hand is None or done.cancelled() or attachment_id not in {a.id for a in hand.record.attachments}:
            return
        hand.strips[attachment_id] = done.result()
        self.show()

    def _thumbnail(self, attachment_id: str, done: "Future[Pixels]") -> None:
        hand = self.hand
        if hand is None or done.cancelled() or attachment_id not in {a.id for a in hand.record.attachments}:
            return
        hand.thumbnails[attachment_id] = done.result()
        self.show()

    def take_expected(self, path: Path, keep_good: bool) -> None:
        """Import expected applications; one refused line keeps all out unless told to keep the good ones."""
        read = expected.read_expected(path)
        imported = None
        if not read.refused or keep_good:
            if not read.records:
                raise ImportRefused(reason="empty")
            with self.out.store.units() as work:
                imported = work.records.expect(read.records)
                work.commit()
        self.notify(ImportEnded(imported, read.refused))
        self.list_records("")

    # -- the visit in hand ------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Put the visit down once nothing runs any more."""
        if self.hand is not None:
            self.capturing.when_idle(self._left)

    def _left(self) -> None:
        self.put_down()
        self.list_records("")

    def put_down(self) -> None:
        """Put the visit down now."""
        hand, self.hand = self.hand, None
        self._forget()
        try:
            if hand is not None:
                hand.leave()
        finally:
            self.notify(VisitChanged(None))

    def _forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        self.presence.session.drop_question()
        self.camera_calibrating.stop()
        self.capturing.forget()
        self.adjusting.forget()
        self.workshop.forget()

    def change(self, change: Callable[[VisitInHand], object]) -> None:
        """Do something to the visit in hand and show it; what another kiosk changed is read anew first."""
        hand = self.need_hand()
        try:
            change(hand)
        except RecordChanged:
            hand.reload()
            self.show()
            raise
        if hand.visit.sealed:
            self.capturing.forget()
        self.show()

    def show(self) -> None:
        """Post the visit as it is now."""
        if self.hand is not None:
            chosen = [self.board.chosen(kind) for kind in DeviceKind]
            self.hand.simulated = any(bay is not None and bay.view.info.simulated for bay in chosen)
            self.notify(VisitChanged(self.hand.view()))

    # -- pictures ---------------------------------------------------------------------------------------------

    def scan(self, kind: AttachmentKind, item: str, source: Source | None, replacing: str) -> None:
        """Start a scan for the visit in hand, or of a letter that opens its own record."""
        hand = self.hand
        profile = self._profile(kind, item, replacing)
        bay, settings = self.capturing.scanning.scanner_for(profile, source)
        if bay.view.info.simulated:
            self.practice.lay(hand, kind, item, settings.source)
        visit_id, info = hand.visit.id if hand else "", bay.view.info
        job = ScanJob(visit_id, kind, item, info, settings, profile, replacing=replacing)
        self.capturing.scanning.scan(job)

    def go_on(self) -> None:
        """Go on with the scan that its scanner stopped, behind the last page that is safe.

        Raises:
            RecordNotFound: no scan of the visit in hand was stopped; DeviceBusy, DeviceOffline.
        """
        stopped = self.capturing.scanning.stopped
        if stopped is None or self.hand is None or stopped.visit_id != self.hand.visit.id:
            raise RecordNotFound(record="")
        self.capturing.scanning.scan(stopped.again())

    def without_visit(self, do: Callable[[], object]) -> None:
        """Do what no visit may be in hand for."""
        if self.hand is None:
            do()
        else:
            self.notify(Notice("visit_in_hand"))

    def stop_preview(self) -> None:
        """End the live picture, whatever it is for."""
        self.camera_calibrating.stop()
        self.capturing.stop_preview()

    def cancel(self) -> None:
        """Cancel the scans and the export that run."""
        self.capturing.scanning.cancel()
        self.exporting.cancel()
        self.calibrating.scan.cancel()
        self.camera_calibrating.stop()

    def _profile(self, kind: AttachmentKind, item: str, replacing: str) -> ScanProfile:
        """Return how this kind of paper is scanned: as its checklist item says, a page anew as it was."""
        hand = self.hand
        if replacing and hand is not None:
            item = next((a.item for a in hand.record.attachments if a.id == replacing), item)
        checklist = hand.checklist if hand else None
        listed = next((entry for entry in checklist.items if entry.id == item), None) if checklist else None
        name = listed.scan if listed and kind is AttachmentKind.DOCUMENT else DEFAULT_OF[kind]
        return self.out.scan_profiles[name]

    def start_preview(self, size: tuple[int, int]) -> None:
        """Show the live picture of the person in hand."""
        hand = self.need_hand()
        if not self.capturing.guides(hand.visit.id):
            self.practice.seat(hand)
        self.capturing.start_preview(hand.visit.id, size)

    def start_reading(self, size: tuple[int, int]) -> None:
        """Show the live picture and read what is held before the camera, with a visit in hand or without.

        Raises:
            AttachmentRefused: the visit is sealed; DeviceNotFound, DeviceOffline, DeviceBusy.
        """
        hand = self.hand
        if hand is not None and hand.visit.sealed:
            raise AttachmentRefused(record=hand.record.id, reason="sealed")
        self.practice.hold(hand)
        look = partial(glance, patterns=self.out.patterns, today=self.options.now().date())
        reading = LiveReading(
            hand.visit.id if hand else "", self.workshop, look, self.post, self.notify, self.arriving.deliver
        )
        self.capturing.start_reading(reading, size)

    def need_hand(self) -> VisitInHand:
        """Return the visit in hand.

        Raises:
            RecordNotFound: there is none.
        """
        if self.hand is None:
            raise RecordNotFound(record="")
        return self.hand
