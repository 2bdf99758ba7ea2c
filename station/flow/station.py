"""The one door for the window and the console: commands return at once, answers are events."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from station.errors import Cancelled, NotAllowed, StationError, StorageMissing
from station.flow import day
from station.flow.events import Event, Opened, Trouble
from station.flow.gate import Gate
from station.flow.lane import Lane
from station.flow.latest import Latest
from station.flow.options import FitOut, Options
from station.flow.people import People
from station.model.capability import Source
from station.model.document import ZonePart
from station.model.image import Pixels
from station.model.officer import Right
from station.model.quality import Region
from station.model.record import AttachmentKind, OverrideNote
from station.model.target import TargetKind
from station.model.visit import Step

if TYPE_CHECKING:
    from station.flow.desk import Desk
    from station.flow.visit_in_hand import VisitInHand

TICK_S = 0.25


class Station:
    """One kiosk. Any thread may call; all state lives on the desk lane, so no method needs a lock.

    A command that cannot be done posts `Trouble`; one that changes the visit posts `VisitChanged` after the
    change is durable.
    """

    def __init__(
        self, fit_out: Callable[[], FitOut], options: Options, notify: Callable[[Event], None]
    ) -> None:
        """Hold the parts; `start` opens them. `notify` is called from any thread."""
        self.mailbox = Latest()
        self.people = People(self._do)
        self._fit = fit_out
        self._options = options
        self._gate = Gate(notify)
        self._notify = self._gate.post
        self._lane = Lane("desk", self._trouble)
        self._stop = threading.Event()
        self._clock: threading.Thread | None = None
        self._desk: Desk | None = None
        self._query = 0

    # -- life -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the store and look for devices; posts Opened, DevicesChanged, Listed. Again after trouble."""
        self._lane.post(self._start)

    def close(self, timeout_s: float = 8.0) -> None:
        """Put the visit down and give everything back; a wedged driver is left behind after the time-out."""
        self._stop.set()
        if self._clock is not None:
            self._clock.join(timeout_s)
        self._lane.post(self._shut, time.monotonic() + timeout_s)
        self._lane.close(timeout_s + 1.0)

    def _start(self) -> None:
        if self._desk is None:
            # Here, because the window is to be there before the readers and all that prepares pages.
            from station.flow.desk import Desk
            from station.flow.self_test import begin as begin_self_test

            out = self._fit()
            with ExitStack() as undo:
                undo.callback(out.store.close)
                out.store.sweep()
                self._desk = Desk(out, self._options, self._gate, self._lane.post, self.mailbox)
                undo.pop_all()
            self._clock = threading.Thread(target=self._tick, name="lane-clock", daemon=True)
            self._clock.start()
            self._notify(Opened(out.store_name, self._options.rehearsal, out.notices))
            self._desk.devices_changed(self._desk.board.views())
            self._desk.board.look()
            if self._options.self_test:
                begin_self_test(self._desk.post, self._notify, self._desk.board, self._desk.workshop)
        self._desk.presence.begin()

    def _shut(self, until: float) -> None:
        if self._desk is not None:
            self._desk.close(until)

    def _tick(self) -> None:
        looked = time.monotonic()
        while not self._stop.wait(TICK_S):
            self._do(lambda desk: desk.watch(), None)
            if time.monotonic() - looked >= self._options.poll_s:
                looked = time.monotonic()
                self._do(lambda desk: desk.board.look(), None)

    # -- desk -------------------------------------------------------------------------------------------------

    def list_today(self) -> None:
        """Ask for today's list: `Listed("")`."""
        self._do(lambda desk: desk.list_records(""))

    def list_overridden(self) -> None:
        """Ask for the records of the day that have overrides: `Listed("", overridden=True)`."""
        self._do(lambda desk: desk.notify(day.overridden(desk.out.store.units, desk.options)))

    def search(self, text: str) -> None:
        """Search as the officer types; only the newest question is answered: `Listed(text)`."""
        self._query += 1
        query = self._query
        self._do(lambda desk: desk.list_records(text) if query == self._query else None)

    def submit(self, text: str) -> None:
        """Take a finished text (Return, or a keyboard wedge): opens the record it names, or feeds Identify.

        With several hits or none the list answers; nothing is ever guessed.
        """
        self._query += 1
        self._do(lambda desk: desk.submit(text))

    def take_keys(self, text: str, *, whole: bool) -> None:
        """Take what a reader typed, as if it had come over a line of its own; half a document is only told."""
        self._do(lambda desk: desk.listening.take_keys(text, whole=whole))

    def open_record(self, record_id: str) -> None:
        """Begin a visit, or resume this station's own open one."""
        self._do(lambda desk: desk.open(record_id, ""))

    def resume(self, visit_id: str) -> None:
        """Go on with an interrupted visit where it stood."""
        self._do(lambda desk: desk.open("", visit_id))

    def import_file(self, path: Path, *, keep_good: bool = False) -> None:
        """Take a file of expected applications: `ImportEnded`, and the list anew."""
        self._do(lambda desk: desk.take_expected(path, keep_good))

    # -- the visit --------------------------------------------------------------------------------------------

    def enter(self, step: Step) -> None:
        """Go to a step of the visit."""
        self._change(lambda hand: hand.enter(step))

    def leave(self) -> None:
        """Put the visit down and go to the desk; a running scan is cancelled first, its pages stay."""
        self._do(lambda desk: desk.leave())

    def seal(self) -> None:
        """Close the visit for good."""
        self._change(lambda hand: hand.seal())

    def confirm_match(self, reason: str = "") -> None:
        """Take the officer's word that papers, person and record belong together."""
        self._change(lambda hand: hand.confirm(reason))

    def correct_mrz(self, part: ZonePart, text: str, reason: str) -> None:
        """Mend a part of the printed lines, or confirm it by eye with the same text."""
        self._change(lambda hand: hand.correct_mrz(part, text, reason))

    def waive_item(self, item: str, reason: str) -> None:
        """Note that an item was not brought."""
        self._change(lambda hand: hand.waive(item, reason))

    def claim_item(self, item: str) -> None:
        """Take back that an item was not brought."""
        self._change(lambda hand: hand.claim(item))

    def answer(self, question: str, answer: bool | None) -> None:
        """Note the officer's answer to a condition of the checklist; None takes it back."""
        self._change(lambda hand: hand.answer(question, answer))

    def drop(self, ids: Sequence[str]) -> None:
        """Take pictures off the record; `undo` brings them back."""
        self._change(lambda hand: hand.pages.drop(ids))

    def move(self, ids: Sequence[str], item: str, place: int) -> None:
        """Put document pages at a place of a checklist item; `place` counts its other pages from 0."""
        self._change(lambda hand: hand.pages.move(ids, item, place))

    def pair(self, ids: Sequence[str]) -> None:
        """Make two pages the front and the back of one sheet or card."""
        self._change(lambda hand: hand.pages.pair(ids))

    def part(self, attachment_id: str) -> None:
        """Make the two sides of a sheet two pages of their own."""
        self._change(lambda hand: hand.pages.part(attachment_id))

    def turn(self, ids: Sequence[str], degrees: int) -> None:
        """Turn document pages clockwise by a multiple of 90 degrees; they are judged anew."""
        self._do(lambda desk: desk.adjusting.turn(desk.need_hand(), ids, degrees))

    def straighten(self, attachment_id: str, *, on: bool) -> None:
        """Straighten a document page as the station proposes, or show it as it lay."""
        self._do(lambda desk: desk.adjusting.straighten(desk.need_hand(), attachment_id, on=on))

    def crop(self, attachment_id: str, *, on: bool) -> None:
        """Cut a document page out as the station proposes, or show all of its picture."""
        self._do(lambda desk: desk.adjusting.crop(desk.need_hand(), attachment_id, on=on))

    def undo(self) -> None:
        """Take back what was done last to the document pages."""
        self._change(lambda hand: hand.pages.undo())

    def keep(self, attachment_id: str, override: OverrideNote) -> None:
        """Keep a picture against its measures, with a reason."""
        self._do(lambda desk: desk.overriding.keep(attachment_id, override), Right.OVERRIDE)

    # -- pictures ---------------------------------------------------------------------------------------------

    def scan(
        self, kind: AttachmentKind, *, item: str = "", source: Source | None = None, replacing: str = ""
    ) -> None:
        """Scan pages of one kind onto the record; without a visit a letter that opens its own record."""
        self._do(lambda desk: desk.scan(kind, item, source, replacing))

    def go_on(self) -> None:
        """Go on with the scan that its scanner stopped: its next pages come behind those that are safe."""
        self._do(lambda desk: desk.go_on())

    def cancel_job(self) -> None:
        """Cancel the scans and the export that run."""
        self._do(lambda desk: desk.cancel(), Right.WORK)

    def export(self, folder: Path, items: Sequence[str] = ()) -> None:
        """Write the pages of each item, or the whole record, as PDF/A: `FilesWritten`."""
        self._do(lambda desk: desk.exporting.begin(desk.need_hand(), folder, items))

    def picture(self, attachment_id: str, longest_px: int, region: Region | None = None) -> Future[Pixels]:
        """Bring a picture of the visit in hand as it is shown, or a part of that, no larger than asked."""
        answer: Future[Pixels] = Future()
        self._do(lambda desk: desk.bringing.picture(desk.hand, attachment_id, longest_px, region, answer), None)
        return answer

    def start_preview(self, width_px: int, height_px: int) -> None:
        """Show the live picture in `mailbox`, at most this large; a running one takes the new size."""
        self._do(lambda desk: desk.start_preview((width_px, height_px)))

    def start_reading(self, width_px: int, height_px: int) -> None:
        """Show the live picture and read papers held before the camera: `LiveRead`, then as a scan would.

        Without a visit the paper opens the record that it names beyond doubt. `stop_preview` ends it.
        """
        self._do(lambda desk: desk.start_reading((width_px, height_px)))

    def stop_preview(self) -> None:
        """End the live picture, and a calibration of the camera that it guides."""
        self._do(lambda desk: desk.stop_preview(), None)

    def take_still(self) -> None:
        """Take a portrait and judge it: `PortraitJudged`."""
        self._do(lambda desk: desk.capturing.take_still(desk.need_hand().visit.id))

    def accept_still(self, override: OverrideNote | None = None) -> None:
        """Put the judged portrait on the record; below its limits only with a reason."""
        self._do(lambda desk: desk.overriding.accept_still(override))

    def auto_capture(self, *, on: bool) -> None:
        """Let the portrait take itself when all has been well for a while, or not."""
        self._do(lambda desk: desk.capturing.auto_capture(on=on))

    def choose_attempt(self, number: int) -> None:
        """Let another attempt wait for the officer's word: `PortraitJudged`."""
        self._do(lambda desk: desk.capturing.stills.choose(desk.need_hand().visit.id, number))

    def crop_still(self, crown: float | None) -> None:
        """Cut the photo by the crown that the officer saw (y, 0 to 1 of the capture), None as proposed."""
        self._do(lambda desk: desk.capturing.stills.recut(desk.need_hand().visit.id, crown))

    def discard_still(self) -> None:
        """Give the judged portrait up."""
        self._do(lambda desk: desk.capturing.stills.discard(desk.need_hand().visit.id))

    # -- calibrations -----------------------------------------------------------------------------------------

    def show_calibrations(self) -> None:
        """Ask how all devices stand: `CalibrationsChanged`."""
        self._do(lambda desk: desk.calibrating.show(), Right.CALIBRATE)

    def calibrate(
        self, device_id: str, target: TargetKind, reference: Path | None = None, profile: str = ""
    ) -> None:
        """Scan the target that lies on a scanner and measure it: `CalibrationDone`. No visit may be in hand."""
        self._do(
            lambda desk: desk.without_visit(
                lambda: desk.calibrating.begin(device_id, target, reference, profile)
            ),
            Right.CALIBRATE,
        )

    def check_glass(self, device_id: str, *, anew: bool = False) -> None:
        """Scan a scanner's empty glass and tell what is new on it: `GlassChecked`. No visit may be in hand.

        `anew`: compare with no earlier scan, for when that is lost.
        """
        self._do(
            lambda desk: desk.without_visit(lambda: desk.calibrating.glass.begin(device_id, anew=anew)),
            Right.CALIBRATE,
        )

    def calibrate_camera(self, device_id: str, width_px: int, height_px: int, square_mm: float = 30.0) -> None:
        """Guide a camera's calibration in the live picture: `BoardSeen`, at last `CalibrationDone`.

        `square_mm` is the side of the board's squares as measured; a running one takes the new size.
        """
        size = (width_px, height_px)
        self._do(
            lambda desk: desk.without_visit(lambda: desk.camera_calibrating.begin(device_id, size, square_mm)),
            Right.CALIBRATE,
        )

    def skip_calibration_step(self) -> None:
        """Leave out the step of a camera's calibration that is under way: its figures stay open."""
        self._do(lambda desk: desk.camera_calibrating.skip(), Right.CALIBRATE)

    def flashed(self) -> None:
        """Say that the window has just become bright, as `BoardSeen.flash` asked."""
        self._do(lambda desk: desk.camera_calibrating.lit(), Right.CALIBRATE)

    def calibration_history(self, device_id: str) -> None:
        """Ask for a device's calibrations and their charts: `CalibrationHistory`."""
        self._do(lambda desk: desk.calibrating.history(device_id), Right.CALIBRATE)

    def compare_devices(self) -> None:
        """Ask for the newest calibration of every device: `DevicesCompared`."""
        self._do(lambda desk: desk.calibrating.compare(), Right.CALIBRATE)

    def allow_device(self, device_id: str, by: str, reason: str, hours: float) -> None:
        """Let a locked device be used for up to 24 hours, by a supervisor's word: `CalibrationsChanged`.

        `by` counts only where nobody signs in. Else the supervisor who is at work signs, or `SecondPerson` asks
        for one. This holds for a release and its technician, too.
        """
        self._do(lambda desk: desk.clearing.allow(device_id, by, reason, hours), Right.CALIBRATE)

    def release_device(self, device_id: str, by: str, cause: str, action: str) -> None:
        """Let a device that failed twice be calibrated again, by a technician's word."""
        self._do(lambda desk: desk.clearing.release(device_id, by, cause, action), Right.CALIBRATE)

    def write_calibration_report(self, digest: str, folder: Path) -> None:
        """Write a calibration's report: `CalibrationWritten`."""
        self._do(lambda desk: desk.calibrating.report(digest, folder), Right.CALIBRATE)

    def write_target(self, kind: TargetKind | None, path: Path) -> None:
        """Draw a fresh target, or (None) the board for cameras, for the printer: `CalibrationWritten`."""
        self._do(lambda desk: desk.calibrating.write_target(kind, path), Right.CALIBRATE)

    # -- devices ----------------------------------------------------------------------------------------------

    def choose(self, device_id: str) -> None:
        """Send scans or stills to this device from now on."""
        self._do(lambda desk: desk.board.choose(device_id), Right.WORK)

    def find_devices(self) -> None:
        """Look for devices now."""
        self._do(lambda desk: desk.board.look(), Right.WORK)

    # -- the lane ---------------------------------------------------------------------------------------------

    def _do(self, work: "Callable[[Desk], object]", right: Right | None = Right.VISIT) -> None:
        """Do work that needs this right; None is for what belongs to nobody, or asks by itself."""
        self._lane.post(self._on_desk, work, right)

    def _on_desk(self, work: "Callable[[Desk], object]", right: Right | None) -> None:
        if self._desk is None:
            raise StorageMissing(what="not_open")
        if right is not None:
            self._desk.presence.session.need(right)
        work(self._desk)

    def _change(self, change: "Callable[[VisitInHand], object]") -> None:
        self._do(lambda desk: desk.change(change))

    def _trouble(self, error: StationError) -> None:
        if not isinstance(error, Cancelled):
            hand = self._desk.hand if self._desk and not isinstance(error, NotAllowed) else None
            self._notify(Trouble(error, hand.visit.id if hand else ""))
