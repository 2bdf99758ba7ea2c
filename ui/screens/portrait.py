"""Portrait: the live picture, the still that waits for the officer's word, and the portrait on the record."""

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from station.errors import AttachmentRefused, DeviceError, StationError
from station.flow.events import DevicesChanged, Event, Job, JobEnded, LiveJudged, PortraitJudged, Trouble
from station.flow.station import Station
from station.flow.views import Candidate, DeviceState, DeviceView, VisitView
from station.model.capability import DeviceKind
from station.model.quality import QualityReport, Verdict
from station.model.record import Attachment, AttachmentKind, Override, OverrideNote
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.commands import Commands
from ui.screens.guidance import Guidance, what_to_do
from ui.screens.screen import Offer, Screen
from ui.screens.sheet import Sheet
from ui.screens.steady import Steady
from ui.screens.verdict import VerdictColumn
from ui.theme import Tone
from ui.widgets.empty_state import EmptyState
from ui.widgets.live_view import LiveView
from ui.wording.errors import word, word_code
from ui.wording.names import mark
from ui.wording.remarks import PORTRAIT_REASONS, reason
from ui.wording.translate import Message

_WITHOUT_REASON = "looks_good"
"""The one reason of `PORTRAIT_REASONS` that says that nothing can be seen; all others can be seen."""


class _Mode(Enum):
    NOTHING = auto()
    LIVE = auto()
    STILL = auto()
    ON_RECORD = auto()
    NOT_ASKED_FOR = auto()
    NO_CAMERA = auto()


class PortraitScreen(Screen):
    """The live picture until a still is taken, the still until it is used, then the one on the record."""

    step = Step.PORTRAIT

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; the camera rests."""
        super().__init__(station, actions)
        self._candidate: Candidate | None = None
        self._again = False
        self._in_front = False
        self._live = False
        self._waiting = False
        self._usable = True
        self._trouble: Message | None = None
        self._steady = Steady()
        self._report: QualityReport | None = None
        self._retry = QAction(self.tr("Try again"), self)
        self._retry.setProperty("icon_name", "retry")
        self._retry.triggered.connect(self._try_again)
        self._build()
        self._commands = Commands(
            self,
            actions,
            {
                Command.TAKE_STILL: self._take_still,
                Command.ACCEPT_STILL: self._accept_still,
                Command.RETAKE: self._start_again,
                Command.KEEP_PAGE: self._ask_why,
                Command.NEXT_STEP: lambda: station.enter(Step.DOCUMENTS),
            },
        )

    def _build(self) -> None:
        self.guidance = Guidance()
        self.view = LiveView(self.tr("The camera is getting ready."))
        self.view.size_wanted.connect(self._ask_frames)
        self.still = Sheet(self.station)
        self._empty = EmptyState("camera", "", "")
        self._stack = QStackedWidget()
        for page in (self.view, self.still, self._empty):
            self._stack.addWidget(page)
        self.verdict = VerdictColumn(self.tr("The checks appear as soon as the camera sees somebody."))
        self.verdict.quality.region_asked.connect(self.still.point_at)
        self.verdict.reasons.changed.connect(self._reasons_changed)
        self.verdict.reasons.chosen.connect(self._keep_it)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.guidance)
        centre.addWidget(self._stack, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addLayout(centre, 1)
        columns.addWidget(self.verdict)

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the portrait of this visit; nothing of another visit stays."""
        before, old = self.visit, self._attached()
        super().show_visit(visit)
        same = before is not None and visit is not None and before.visit_id == visit.visit_id
        if not same:
            self._forget()
        elif (now := self._attached()) is not None and (old is None or old.id != now.id):
            self._candidate, self._again, self._waiting = None, False, False
        self._render()

    def hear(self, event: Event) -> None:
        """Follow the camera and the stills."""
        if isinstance(event, LiveJudged):
            if self._mode() is _Mode.LIVE and self._steady.lets_through(event.candidate.report):
                self._report = event.candidate.report
                self._render()
            return
        if isinstance(event, PortraitJudged):
            self._candidate, self._waiting = event.candidate, False
            self.verdict.reasons.clear()
        elif isinstance(event, Trouble) or (isinstance(event, JobEnded) and event.job is Job.STILL):
            self._waiting = False
            self._heed(event.error)
        elif isinstance(event, DevicesChanged):
            self._follow_camera(event.devices)
        self._render()

    def enter(self) -> None:
        """Start the camera where a portrait is to be taken."""
        self._commands.take()
        self._in_front = True
        if self._usable:
            self._trouble = None
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._render()

    def leave(self) -> None:
        """Let the camera rest. A still that waits for the officer's word goes on waiting."""
        self._commands.release()
        self._in_front = self._waiting = False
        self.verdict.reasons.give_up()
        self._render()

    def _heed(self, error: StationError | None) -> None:
        if isinstance(error, DeviceError):
            self._trouble = word(error)
        elif isinstance(error, AttachmentRefused) and error.context.get("reason") == "no_still":
            self._candidate = None

    def _follow_camera(self, devices: tuple[DeviceView, ...]) -> None:
        """Say when the camera goes away, and take the live picture up again when it is back."""
        cameras = [view for view in devices if view.info.kind is DeviceKind.CAMERA and not view.detail]
        camera = next((view for view in cameras if view.chosen), None)
        self._usable = camera is not None and camera.state in (DeviceState.READY, DeviceState.BUSY)
        if camera is None:
            self._trouble = word_code("DV-001")
        elif camera.state in (DeviceState.LOST, DeviceState.FAILED):
            self._trouble = word_code(camera.error or "DV-004")
        elif camera.state is DeviceState.READY:
            self._trouble = None

    # -- what is shown ----------------------------------------------------------------------------------------

    def _attached(self) -> Attachment | None:
        attached = self.visit.record.of_kind(AttachmentKind.PORTRAIT) if self.visit else ()
        return attached[-1] if attached else None

    def _mode(self) -> _Mode:
        if self.visit is None:
            return _Mode.NOTHING
        if self._candidate is not None:
            return _Mode.STILL
        if not self._again and self._attached() is not None:
            return _Mode.ON_RECORD
        if self.visit.sealed:
            return _Mode.NOTHING
        exempt = any(point.code == "portrait_not_required" for point in self.visit.open_points)
        if exempt and not self._again:
            return _Mode.NOT_ASKED_FOR
        return _Mode.NO_CAMERA if self._trouble else _Mode.LIVE

    def _forget(self) -> None:
        self._candidate = None
        self._again = self._waiting = False
        self._trouble = self._trouble if not self._usable else None
        self._report = None
        self._stop()
        self.still.show_page(None)
        self.verdict.clear()

    def _render(self) -> None:
        mode = self._mode()
        wanted = self._in_front and mode in (_Mode.LIVE, _Mode.STILL)
        if wanted and not self._live and self.visit is not None:
            self._live, self._steady, self._report = True, Steady(), None
            self.view.watch(self.station.mailbox, self.visit.visit_id)
        elif not wanted:
            self._stop()
        show = {
            _Mode.LIVE: self._show_live,
            _Mode.STILL: self._show_still,
            _Mode.ON_RECORD: self._show_on_record,
            _Mode.NOT_ASKED_FOR: self._show_not_asked_for,
            _Mode.NO_CAMERA: self._show_no_camera,
            _Mode.NOTHING: self._show_nothing,
        }
        show[mode]()

    def _stop(self) -> None:
        if self._live:
            self._live = False
            self.view.watch(None)
            self.station.stop_preview()

    def _show_live(self) -> None:
        report = self._report
        self._stack.setCurrentWidget(self.view)
        self.verdict.quality.show_report(report)
        tone: Tone = mark(report.verdict).tone if report else "text"
        self.view.show_guide(True, tone)
        if report is None:
            self.guidance.tell("info", "quiet", self.tr("Ask the person to look straight into the camera."))
        elif told := what_to_do(report):
            shown = mark(report.verdict)
            self.guidance.tell(shown.icon, shown.tone, told)
        else:
            self.guidance.tell("good", "good", self.tr("All is well. Take the portrait."))

    def _show_still(self) -> None:
        candidate = self._candidate
        if candidate is None:
            return
        report = candidate.report
        self._stack.setCurrentWidget(self.still)
        self.still.show_still(candidate.pixels, self.tr("The portrait just taken"))
        note = self.tr("Attempt {number} of {all}").format(
            number=candidate.attempt, all=max(candidate.attempt, candidate.attempts_allowed)
        )
        self.verdict.quality.show_report(report, note)
        shown = mark(report.verdict)
        told = {
            Verdict.PASS: self.tr("This portrait is good."),
            Verdict.WARN: self.tr("This portrait can be used. Look at what is marked."),
            Verdict.FAIL: self.tr("This portrait is below its limits. {do}").format(do=what_to_do(report)),
        }
        self.guidance.tell(shown.icon, shown.tone, told[report.verdict])

    def _show_on_record(self) -> None:
        attached = self._attached()
        if attached is None or self.visit is None:
            return
        page = next((page for page in self.visit.pages if page.attachment.id == attached.id), None)
        self._stack.setCurrentWidget(self.still)
        self.still.show_page(page, self.tr("The portrait on the record"))
        self.verdict.quality.show_report(attached.report)
        if (override := attached.override) is not None:
            told = self.tr("The portrait is on the record, kept with a reason: {reason}")
            self.guidance.tell("overridden", "look", told.format(reason=reason(override.reason)))
        else:
            self.guidance.tell("good", "good", self.tr("The portrait is on the record."))

    def _show_nothing(self) -> None:
        self._show_empty("", "")

    def _show_not_asked_for(self) -> None:
        title = self.tr("No portrait is asked for at this age")
        self._show_empty(title, self.tr("Go on to the documents. A portrait can be taken all the same."))

    def _show_no_camera(self) -> None:
        """Say what to do; what happened stands in the banner when it happened just now."""
        told = self._trouble or word_code("DV-001")
        text = told.do if self._trouble else f"{told.what} {told.do} {told.code}"
        self._show_empty(self.tr("No live picture"), text)

    def _show_empty(self, title: str, text: str) -> None:
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self._empty)
        self.verdict.quality.show_report(None)
        self.guidance.hide()

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer the one right thing for what is shown."""
        reasons = self.verdict.reasons
        if reasons.asking:
            self._commands.allow()
            return Offer(reasons.take, reasons.hint)
        if self._mode() is _Mode.NO_CAMERA:
            self._commands.allow()
            return Offer(self._retry)
        primary, side = self._choice()
        self._commands.allow(*(() if self._waiting or primary is None else (primary, *side)))
        actions = self.actions_of_window
        return Offer(actions[primary] if primary else None, "", tuple(actions[command] for command in side))

    def _choice(self) -> tuple[Command | None, tuple[Command, ...]]:
        """Return the primary command and the smaller ones."""
        if self.visit is None or self.visit.sealed:
            return None, ()
        if self._candidate is not None:
            return _choice_of(self._candidate)
        kept = self._attached() is not None
        return {
            _Mode.LIVE: (Command.TAKE_STILL, (Command.NEXT_STEP,) if kept else ()),
            _Mode.ON_RECORD: (Command.NEXT_STEP, (Command.RETAKE,)),
        }.get(self._mode(), (Command.NEXT_STEP, (Command.TAKE_STILL,)))

    def _ask_frames(self, width_px: int, height_px: int) -> None:
        if self._live:
            self.station.start_preview(width_px, height_px)

    def _take_still(self) -> None:
        if self._mode() is _Mode.LIVE:
            self._waiting = True
            self.station.take_still()
        else:
            self._again = True
        self._changed()

    def _accept_still(self) -> None:
        self._waiting = True
        self.station.accept_still()
        self._changed()

    def _start_again(self) -> None:
        if self._mode() is _Mode.STILL:
            self._waiting = True
            self.station.discard_still()
        else:
            self._again = True
        self._changed()

    def _try_again(self) -> None:
        self._trouble = None
        self.station.find_devices()
        self._changed()

    def _ask_why(self) -> None:
        candidate = self._candidate
        if candidate is None:
            return
        if candidate.report.verdict is Verdict.FAIL:
            title, codes = self.tr("Why is this portrait kept?"), list(PORTRAIT_REASONS)
        else:
            title = self.tr("It measured well. What is the matter with it?")
            codes = [code for code in PORTRAIT_REASONS if code != _WITHOUT_REASON]
        self.verdict.reasons.ask(title, self.tr("Keep this portrait"), codes)

    def _keep_it(self, code: str, note: str) -> None:
        candidate = self._candidate
        if candidate is None:
            return
        kind = Override.WITHOUT_REASON if code == _WITHOUT_REASON else Override.OBVIOUS
        if candidate.report.verdict is not Verdict.FAIL:
            kind = Override.REFUSED
        self._waiting = True
        self.station.accept_still(OverrideNote(kind, code, note))
        self._changed()

    def _reasons_changed(self) -> None:
        if self._in_front and not self.verdict.reasons.asking:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.offer_changed.emit()

    def _changed(self) -> None:
        self._render()
        self.offer_changed.emit()


def _choice_of(candidate: Candidate) -> tuple[Command, tuple[Command, ...]]:
    """Return what can be done with a still: good ones are used, others taken again while attempts are left."""
    if candidate.report.verdict is not Verdict.FAIL:
        return Command.ACCEPT_STILL, (Command.RETAKE, Command.KEEP_PAGE)
    if candidate.attempt < candidate.attempts_allowed:
        return Command.RETAKE, (Command.KEEP_PAGE,)
    return Command.KEEP_PAGE, (Command.RETAKE,)
