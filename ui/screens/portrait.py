"""Portrait: the live picture, the still that waits for the officer's word, and the portrait on the record."""

from enum import Enum, auto

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from station.errors import AttachmentRefused, StationError
from station.flow.events import DevicesChanged, Event, Job, JobEnded, LiveJudged, PortraitJudged, Trouble
from station.flow.station import Station
from station.flow.views import Candidate, PageView, VisitView
from station.model.record import Attachment, AttachmentKind
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.applicant_screen import ApplicantScreen
from ui.screens.commands import Commands
from ui.screens.guidance import Guidance
from ui.screens.portrait_camera import CameraWatch
from ui.screens.portrait_choice import choice_of, note_on, question_on, said_of
from ui.screens.portrait_live import LivePane
from ui.screens.portrait_still import StillPane
from ui.screens.screen import Offer, Screen
from ui.screens.verdict import VerdictColumn
from ui.widgets.attempts import Attempts, verdict_on
from ui.widgets.empty_state import EmptyState
from ui.wording.names import mark
from ui.wording.remarks import reason

_TAKES_ITSELF = "portrait/takes_itself"
_SWITCHES = (Command.TAKES_ITSELF, Command.APPLICANT_SCREEN)
"""Commands that can be had whatever is shown."""


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
    works_beside = frozenset({Job.SCAN, Job.EXPORT})

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; the camera rests."""
        super().__init__(station, actions)
        self._candidate: Candidate | None = None
        self._attempts: tuple[Candidate, ...] = ()
        self._again = False
        self._in_front = False
        self._live = False
        self._waiting = False
        self._camera = CameraWatch()
        self._memory: QSettings | None = None
        self._retry = QAction(self.tr("Try again"), self)
        self._retry.setProperty("icon_name", "retry")
        self._retry.triggered.connect(self._try_again)
        self._takes_itself = actions[Command.TAKES_ITSELF]
        self._takes_itself.setCheckable(True)
        self._takes_itself.setChecked(True)
        self.applicant = ApplicantScreen(self, actions[Command.APPLICANT_SCREEN])
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
                Command.TAKES_ITSELF: self._switch_itself,
                Command.APPLICANT_SCREEN: self.applicant.follow_switch,
            },
        )

    def _build(self) -> None:
        self.guidance = Guidance()
        self.live = LivePane(
            self.guidance, self._takes_itself, self.actions_of_window[Command.APPLICANT_SCREEN]
        )
        self.view = self.live.view
        self.view.size_wanted.connect(self._ask_frames)
        self.view.frame_shown.connect(self.applicant.mirror)
        self.live.told.connect(self.applicant.guide)
        self.live.report_changed.connect(self._show_live_report)
        self.still = StillPane(self.station)
        self.still.crown_wanted.connect(self._crop_still)
        self._empty = EmptyState("camera", "", "")
        self._stack = QStackedWidget()
        for page in (self.live, self.still, self._empty):
            self._stack.addWidget(page)
        self.attempts = Attempts()
        self.attempts.chosen.connect(self._choose_attempt)
        self.addActions(self.attempts.keys)
        self.verdict = VerdictColumn(
            self.tr("The checks appear as soon as the camera sees somebody."), folds=True
        )
        self.verdict.quality.region_asked.connect(self.still.point_at)
        self.verdict.reasons.changed.connect(self._reasons_changed)
        self.verdict.reasons.chosen.connect(self._keep_it)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.guidance)
        centre.addWidget(self._stack, 1)
        centre.addWidget(self.attempts)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addLayout(centre, 1)
        columns.addWidget(self.verdict)

    def remember(self, memory: QSettings) -> None:
        """Take the officer's choices up again, and keep them from now on."""
        self._memory = memory
        self._takes_itself.setChecked(memory.value(_TAKES_ITSELF, True, bool) is True)
        self.applicant.remember(memory)

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the portrait of this visit; nothing of another visit stays."""
        before, old = self.visit, self._attached()
        super().show_visit(visit)
        same = before is not None and visit is not None and before.visit_id == visit.visit_id
        if not same:
            self._forget()
        elif (now := self._attached()) is not None and (old is None or old.id != now.id):
            self._candidate, self._attempts, self._again, self._waiting = None, (), False, False
        self._render()

    def hear(self, event: Event) -> None:
        """Follow the camera and the stills."""
        if isinstance(event, LiveJudged | PortraitJudged) and not self._is_mine(event.visit_id):
            return
        if isinstance(event, LiveJudged):
            if self._live and self._mode() is _Mode.LIVE:
                self.live.hear(event)
            return
        if isinstance(event, PortraitJudged):
            self._take(event)
        elif isinstance(event, Trouble) or (isinstance(event, JobEnded) and event.job is Job.STILL):
            self._waiting = False
            self._heed(event.error)
        elif isinstance(event, DevicesChanged):
            self._camera.follow(event.devices)
            self.live.expect_picture(self._camera.live)
        self._render()

    def enter(self) -> None:
        """Start the camera where a portrait is to be taken."""
        self._commands.take()
        self._in_front = True
        self._camera.forgive()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._render()

    def leave(self) -> None:
        """Let the camera rest. A still that waits for the officer's word goes on waiting."""
        self._commands.release()
        self._in_front = self._waiting = False
        self.verdict.reasons.give_up()
        self._render()

    def _is_mine(self, visit_id: str) -> bool:
        return self.visit is not None and self.visit.visit_id == visit_id

    def _take(self, event: PortraitJudged) -> None:
        before, now = self._candidate, event.candidate
        self._candidate, self._attempts, self._waiting = now, event.attempts, False
        if before is None or now is None or before.attempt != now.attempt:
            self.verdict.reasons.give_up()

    def _heed(self, error: StationError | None) -> None:
        self._camera.heed(error)
        if isinstance(error, AttachmentRefused) and error.context.get("reason") == "no_still":
            self._candidate = None

    # -- what is shown ----------------------------------------------------------------------------------------

    def _attached(self) -> Attachment | None:
        attached = self.visit.record.of_kind(AttachmentKind.PORTRAIT) if self.visit else ()
        return attached[-1] if attached else None

    @property
    def _made(self) -> int:
        return max((one.attempt for one in (*self._attempts, self._candidate) if one is not None), default=0)

    def _page(self, kind: AttachmentKind) -> PageView | None:
        pages = self.visit.of_kind(kind) if self.visit else ()
        return pages[-1] if pages else None

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
        return _Mode.NO_CAMERA if self._camera.trouble else _Mode.LIVE

    def _forget(self) -> None:
        self._candidate, self._attempts = None, ()
        self._again = self._waiting = False
        self._camera.forgive()
        self._stop()
        self.still.clear()
        self.attempts.show_attempts(())
        self.verdict.clear()

    def _render(self) -> None:
        mode = self._mode()
        wanted = self._in_front and mode in (_Mode.LIVE, _Mode.STILL)
        if wanted and not self._live and self.visit is not None:
            self._live = True
            self.station.auto_capture(on=self._takes_itself.isChecked())
            self.live.watch(self.station.mailbox, self.visit.visit_id)
        elif not wanted:
            self._stop()
        show = {
            _Mode.LIVE: self._show_live,
            _Mode.STILL: self._show_still,
            _Mode.ON_RECORD: self._show_on_record,
            _Mode.NOT_ASKED_FOR: self._show_not_asked_for,
            _Mode.NO_CAMERA: self._show_no_camera,
            _Mode.NOTHING: self._show_empty,
        }
        show[mode]()
        chosen = self._candidate.attempt if self._candidate is not None else 0
        choosable = self._attempts if mode in (_Mode.LIVE, _Mode.STILL) else ()
        self.attempts.show_attempts(choosable, chosen, least=1 if mode is _Mode.LIVE else 2)
        self._tell_applicant(mode)

    def _tell_applicant(self, mode: _Mode) -> None:
        """The live picture tells by itself; what follows a portrait is neutral, everything else is blank."""
        if self._in_front and mode in (_Mode.STILL, _Mode.ON_RECORD):
            self.applicant.thank()
        elif not (self._in_front and mode is _Mode.LIVE):
            self.applicant.blank()

    def _stop(self) -> None:
        if self._live:
            self._live = False
            self.live.watch(None)
            self.station.stop_preview()

    def _show_live(self) -> None:
        self._stack.setCurrentWidget(self.live)
        self._show_live_report()
        if self._in_front:
            self.live.say()

    def _show_live_report(self) -> None:
        if self._mode() is _Mode.LIVE:
            self.verdict.quality.show_report(self.live.report)

    def _show_still(self) -> None:
        candidate = self._candidate
        if candidate is None:
            return
        self._stack.setCurrentWidget(self.still)
        self.still.show_still(candidate)
        allowed = max(self._made, candidate.attempts_allowed)
        note = self.tr("Attempt {number} of {all}").format(number=candidate.attempt, all=allowed)
        self.verdict.quality.show_report(candidate.report, note)
        shown = mark(verdict_on(candidate))
        self.guidance.tell(shown.icon, shown.tone, said_of(candidate, self._made))

    def _show_on_record(self) -> None:
        attached = self._attached()
        if attached is None or self.visit is None:
            return
        self._stack.setCurrentWidget(self.still)
        self.still.show_record(self._page(AttachmentKind.PORTRAIT), self._page(AttachmentKind.PHOTO))
        self.verdict.quality.show_report(attached.report)
        if (override := attached.override) is not None:
            told = self.tr("The portrait is on the record, kept with a reason: {reason}")
            self.guidance.tell("overridden", "look", told.format(reason=reason(override.reason)))
        else:
            self.guidance.tell("good", "good", self.tr("The portrait is on the record."))

    def _show_not_asked_for(self) -> None:
        title = self.tr("No portrait is asked for at this age")
        self._show_empty(title, self.tr("Go on to the documents. A portrait can be taken all the same."))

    def _show_no_camera(self) -> None:
        self._show_empty(self.tr("No live picture"), self._camera.what_to_do)

    def _show_empty(self, title: str = "", text: str = "") -> None:
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self._empty)
        self.verdict.quality.show_report(None)
        self.guidance.hide()

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer the one right thing for what is shown."""
        reasons = self.verdict.reasons
        self.attempts.allow_keys(not reasons.asking and not self._waiting)
        if reasons.asking:
            self._commands.allow(*_SWITCHES)
            return Offer(reasons.take, reasons.hint)
        if self._mode() is _Mode.NO_CAMERA:
            self._commands.allow(*_SWITCHES)
            return Offer(self._retry)
        primary, side = self._choice()
        now = () if self._waiting or primary is None else (primary, *side)
        self._commands.allow(*now, *_SWITCHES)
        actions = self.actions_of_window
        return Offer(actions[primary] if primary else None, "", tuple(actions[command] for command in side))

    def _choice(self) -> tuple[Command | None, tuple[Command, ...]]:
        """Return the primary command and the smaller ones."""
        if self.visit is None or self.visit.sealed:
            return None, ()
        if self._candidate is not None:
            return choice_of(self._candidate, self._made)
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
        self._camera.trouble = None
        self.station.find_devices()
        self._changed()

    def _choose_attempt(self, number: int) -> None:
        if self._candidate is None or number != self._candidate.attempt:
            self.station.choose_attempt(number)

    def _crop_still(self, crown: float | None) -> None:
        self.station.crop_still(crown)

    def _switch_itself(self) -> None:
        on = self._takes_itself.isChecked()
        if self._memory is not None:
            self._memory.setValue(_TAKES_ITSELF, on)
        self.station.auto_capture(on=on)
        if self._mode() is _Mode.LIVE:
            self.live.say()

    def _ask_why(self) -> None:
        if self._candidate is not None:
            title, codes = question_on(self._candidate)
            self.verdict.reasons.ask(title, self.tr("Keep this portrait"), codes)

    def _keep_it(self, code: str, note: str) -> None:
        if self._candidate is not None:
            self._waiting = True
            self.station.accept_still(note_on(self._candidate, code, note))
            self._changed()

    def _reasons_changed(self) -> None:
        if self._in_front and not self.verdict.reasons.asking:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.offer_changed.emit()

    def _changed(self) -> None:
        self._render()
        self.offer_changed.emit()
