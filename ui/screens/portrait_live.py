"""The live portrait: the camera's picture with its guide, what to do now, and whether it takes itself."""

import time

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.events import LiveJudged
from station.model.quality import QualityReport, Status, Verdict
from ui.screens.guidance import Guidance
from ui.screens.steady import Steady
from ui.theme import Tone, as_role
from ui.widgets.button import ActionButton
from ui.widgets.live_view import LiveView, Mailbox
from ui.widgets.portrait_guide import PortraitGuide
from ui.widgets.words import label
from ui.wording.advice import Moment, to_applicant, to_officer
from ui.wording.names import mark

_PACE_S = 0.25
"""Figures that change more often cannot be read; a verdict that changes is shown at once."""


class LivePane(QWidget):
    """Shows one visit's live picture and what its judgements say; it decides nothing.

    `told` comes when there is something new for the applicant: lines, tone and how full the oval's outline is.
    """

    told = Signal(tuple, str, float)
    report_changed = Signal()

    def __init__(self, guidance: Guidance, takes_itself: QAction, applicants: QAction) -> None:
        """Speak through this guidance; the two actions are switches that the officer sets below the picture."""
        super().__init__()
        self.report: QualityReport | None = None
        """The report as it is shown: verdicts that hold for one judgement only are left out."""
        self._guidance, self._takes_itself = guidance, takes_itself
        self._steady, self._shown_at = Steady(), 0.0
        self._said: LiveJudged | None = None
        self._guide = PortraitGuide()
        self.view = LiveView(self.tr("The camera is getting ready."), self._guide)
        self.view.frame_shown.connect(lambda _picture: self._guide.follow())
        bar = as_role(QFrame(), "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(12)
        row.addWidget(_Switch(takes_itself))
        row.addWidget(label(self.tr("when all has been well for a moment"), "quiet", wrap=True), 1)
        row.addWidget(ActionButton(applicants))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(bar)

    def watch(self, mailbox: Mailbox | None, visit_id: str = "") -> None:
        """Show the frames of this visit, or none; what was said of those before is forgotten."""
        self._steady, self._said, self.report = Steady(), None, None
        self._guide.clear()
        self.view.watch(mailbox, visit_id)

    def expect_picture(self, live: bool) -> None:
        """Say what stands in place of the picture until it comes; a still camera shows none."""
        none = self.tr("This camera shows no live picture. Take the portrait when the person is ready.")
        self.view.set_empty_text(self.tr("The camera is getting ready.") if live else none)

    def hear(self, event: LiveJudged) -> None:
        """Take a judgement of the picture that is shown."""
        before, now = self.report, time.monotonic()
        self._said = event
        report = self._steady.settle(event.candidate.report)
        self._guide.see(event.candidate.head, event.candidate.spots, event.held)
        if before is None or _verdicts(before) != _verdicts(report) or now - self._shown_at >= _PACE_S:
            self.report, self._shown_at = report, now
            self.report_changed.emit()
        self.say()

    def say(self) -> None:
        """Say what is to be done, above the picture and to the applicant."""
        said, report = self._said, self.report
        blind = said is not None and said.advice is not None and said.advice.status is Status.NOT_ASSESSED
        tone: Tone = mark(report.verdict).tone if report is not None and not blind else "text"
        self.view.show_guide(True, tone)
        held = said.held if said is not None else 0.0
        if said is None or report is None:
            self._tell("info", "quiet", to_officer(Moment.GREETING), to_applicant(Moment.GREETING))
        elif said.advice is not None:
            shown = mark(said.advice.status)
            icon, colour = (shown.icon, shown.tone) if shown.tone != "good" else ("look", "look")
            self._tell(icon, colour, to_officer(said.advice), to_applicant(said.advice), held)
        elif report.verdict is not Verdict.FAIL:
            officer = self.tr("All is well. The portrait takes itself.")
            if not self._takes_itself.isChecked():
                officer = to_officer(Moment.WELL)
            self._tell("good", "good", officer, to_applicant(Moment.WELL), held)

    def _tell(self, icon: str, tone: Tone, officer: str, applicant: tuple[str, ...], held: float = 0.0) -> None:
        self._guidance.tell(icon, tone, officer)
        self.told.emit(applicant, "good" if tone == "good" else "text", held)


class _Switch(QCheckBox):
    """A box to tick that follows an action."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.text())
        self.setAccessibleName(action.text())
        self.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
        self.setChecked(action.isChecked())
        self.clicked.connect(action.trigger)
        action.toggled.connect(self.setChecked)


def _verdicts(report: QualityReport) -> tuple[tuple[str, str], ...]:
    return tuple((finding.measure, finding.status.value) for finding in report.findings)
