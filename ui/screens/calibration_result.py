"""The result of a calibration: one large verdict with its reason, the figures, and their plots."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from station.flow.calibration_views import CalibrationDone, CalibrationHistory
from station.model.calibration import Kept
from ui.screens.calibration_figures import FigureList
from ui.screens.calibration_plots import PlotTabs
from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.words import IconView, Pill, label
from ui.wording import calibration_states, calibration_verdict
from ui.wording.names import Mark


class ResultPage(QWidget):
    """Shows one calibration; the run before it can be laid beside it."""

    back_wanted = Signal()

    def __init__(self) -> None:
        """Start without a calibration."""
        super().__init__()
        self._done: CalibrationDone | None = None
        self._with_before = False
        self._icon = IconView("good", "good", 48)
        self._verdict = label("", "figure")
        self._which = label("", "quiet", wrap=True)
        self._why = label("", "heading", wrap=True)
        self._simulated = Pill(Mark("look", self.tr("Simulated device"), "look"))
        self._spoken = label("", wrap=True)
        self._aloud = as_role(QFrame(), "banner", "look")
        self.figures, self.plots = FigureList(), PlotTabs()
        self.figures.asked.connect(self.plots.turn_to)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for part, share in ((self.figures, 6), (self.plots, 5)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([600, 500])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(split, 1)

    def _head(self) -> QWidget:
        back = Button(self.tr("All devices"), "icon", "back")
        back.clicked.connect(self.back_wanted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._why)
        words.addWidget(self._which)
        top = QHBoxLayout()
        top.setSpacing(16)
        for part in (back, self._icon, self._verdict):
            top.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addSpacing(8)
        top.addLayout(words, 1)
        top.addWidget(self._simulated, 0, Qt.AlignmentFlag.AlignVCenter)
        aloud = QHBoxLayout(self._aloud)
        aloud.setContentsMargins(12, 8, 12, 8)
        aloud.setSpacing(12)
        aloud.addWidget(IconView("info", "look"), 0, Qt.AlignmentFlag.AlignTop)
        aloud.addWidget(self._spoken, 1)
        made = as_role(QFrame(), "bottom_edge")
        column = QVBoxLayout(made)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._aloud)
        return made

    @property
    def kept(self) -> Kept | None:
        """The calibration that is shown."""
        return self._done.kept if self._done is not None else None

    @property
    def has_before(self) -> bool:
        """There is a run before this one with the same target."""
        return self._done is not None and self._done.before is not None

    @property
    def verdict(self) -> str:
        """The verdict, its reason, and what is said aloud."""
        texts = (self._verdict.text(), self._why.text(), self._spoken.text())
        return " ".join(text for text in texts if text)

    def show_done(self, done: CalibrationDone) -> None:
        """Show this calibration."""
        self._done = done
        kept = done.kept
        shown = calibration_verdict.verdict(kept)
        self._icon.show_icon(shown.icon, shown.tone)
        self._verdict.setText(shown.word)
        as_role(self._verdict, "figure", shown.tone)
        self._why.setText(calibration_verdict.because(kept, baseline=done.baseline))
        self._which.setText(f"{kept.calibration.device_name}  ·  {calibration_states.done(kept)}")
        self._simulated.setVisible(kept.calibration.simulated)
        spoken = calibration_verdict.spoken(kept.calibration)
        self._spoken.setText(spoken)
        self._aloud.setVisible(bool(spoken))
        self.plots.drift.show_charts(())
        self._show_figures()

    def show_history(self, history: CalibrationHistory) -> None:
        """Take the runs before this one, and the charts."""
        if self._done is None or self._done.kept.calibration.device != history.device:
            return
        if self._done.before is None:
            before = run_before(self._done.kept, history.kept)
            if before is not None:
                done = self._done
                self._done = CalibrationDone(done.kept, before, done.baseline, done.unverified, done.uncertain)
        self.plots.drift.show_charts(history.charts)

    def show_before(self, *, on: bool) -> None:
        """Lay the run before beside this one, or take it away."""
        if on != self._with_before:
            self._with_before = on
            self._show_figures()

    def _show_figures(self) -> None:
        if self._done is not None:
            before = self._done.before if self._with_before else None
            self.figures.show_done(self._done, before)
            self.plots.show_done(self._done, before)


def run_before(kept: Kept, runs: tuple[Kept, ...]) -> Kept | None:
    """Return the run before this one with the same target, of runs in their order."""
    target = kept.calibration.target
    earlier = [run for run in runs if run.number < kept.number and run.calibration.target == target]
    return earlier[-1] if earlier else None
