"""The figures of a calibration: what needs a hand first, each with its value, its limit and one sentence."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from station.flow.calibration_views import CalibrationDone
from station.model.calibration import Kept
from station.model.quality import Finding, Status
from ui.theme import Measure, as_role, set_icon
from ui.widgets.button import Button, RowButton
from ui.widgets.words import IconView, label
from ui.wording import calibration, calibration_verdict
from ui.wording.names import mark

_RIGHT_PX = 216
"""Of value and limit: they stand below each other in all rows."""

_FOLDED_REASONS = ("no_limit", "none_found")
"""What has no verdict because none was asked for: it informs."""


class FigureList(QScrollArea):
    """All figures in four parts; the last two are folded. A press on a figure asks for its plot."""

    asked = Signal(str)
    """The measure that was pressed."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._done: CalibrationDone | None = None
        self._before: Mapping[str, Finding] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 8, 12, 16)
        column.setSpacing(2)
        self._parts = (
            _Part(self.tr("Needs a hand")),
            _Part(self.tr("Good")),
            _Part(self.tr("Could not be judged"), folds=True),
            _Part(self.tr("For information, without a limit"), folds=True),
        )
        for part in self._parts:
            part.asked.connect(self.asked)
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(holder)

    @property
    def rows(self) -> "list[FigureRow]":
        """The rows that are made, from top to bottom; those of a folded part are not."""
        return [row for part in self._parts for row in part.rows]

    def show_done(self, done: CalibrationDone, before: Kept | None = None) -> None:
        """Show a calibration, beside it the figures of the run `before` where one is given."""
        self._done = done
        findings = done.kept.calibration.report.report.worst_first
        earlier = before.calibration.report.findings if before is not None else ()
        self._before = {finding.measure: finding for finding in earlier}
        told = _Told(done, self._before)
        for part, which in zip(self._parts, _parted(findings), strict=True):
            part.show_findings(which, told)


def _parted(findings: Sequence[Finding]) -> tuple[list[Finding], ...]:
    """Return what needs a hand, what is good, what could not be judged, and what only informs."""
    parts: tuple[list[Finding], ...] = ([], [], [], [])
    for finding in findings:
        if finding.status is Status.PASS:
            parts[1].append(finding)
        elif finding.status is not Status.NOT_ASSESSED:
            parts[0].append(finding)
        elif finding.reason in _FOLDED_REASONS:
            parts[3].append(finding)
        else:
            parts[0 if finding.required else 2].append(finding)
    return parts


class _Told:
    """What is told of a figure beside its finding."""

    def __init__(self, done: CalibrationDone, before: Mapping[str, Finding]) -> None:
        figures = done.kept.calibration.report.analysis.figures
        self._spread = {figure.measure: figure.uncertainty for figure in figures}
        self._done, self._before = done, before

    def value(self, finding: Finding) -> str:
        return calibration.value_with(finding, self._spread.get(finding.measure))

    def doubts(self, finding: Finding) -> str:
        judged = finding.status is not Status.NOT_ASSESSED
        return calibration_verdict.doubts(
            unverified=finding.measure in self._done.unverified,
            uncertain=judged and finding.measure in self._done.uncertain,
        )

    def before(self, finding: Finding) -> str:
        earlier = self._before.get(finding.measure)
        return calibration.value(earlier) if earlier is not None else ""


class _Part(QWidget):
    """Figures under one heading; one that folds makes its rows when it is unfolded."""

    asked = Signal(str)

    def __init__(self, title: str, *, folds: bool = False) -> None:
        super().__init__()
        self._title, self._folds = title, folds
        self._shown: tuple[Sequence[Finding], _Told] | None = None
        self.rows: list[FigureRow] = []
        self._heading: QLabel | Button
        if folds:
            self._heading = Button("", "quiet", "unfold")
            self._heading.setCheckable(True)
            self._heading.clicked.connect(self._turn)
        else:
            self._heading = label("", "caption")
            self._heading.setContentsMargins(12, 12, 0, 4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignLeft)

    def show_findings(self, findings: Sequence[Finding], told: _Told) -> None:
        self._shown = findings, told
        text = f"{self._title}: {len(findings)}"
        self._heading.setText(text)
        self._heading.setAccessibleName(text)
        self.setVisible(bool(findings))
        open_now = not self._folds or (isinstance(self._heading, Button) and self._heading.isChecked())
        wanted = findings if open_now else ()
        while len(self.rows) < len(wanted):
            row = FigureRow()
            row.clicked.connect(lambda _=False, row=row: self.asked.emit(row.measure))
            self.rows.append(row)
            self._column.addWidget(row)
        for row, finding in zip(self.rows, wanted, strict=False):
            row.show_finding(finding, told)
            row.show()
        for row in self.rows[len(wanted) :]:
            row.hide()
            row.deleteLater()
        del self.rows[len(wanted) :]

    def _turn(self) -> None:
        if isinstance(self._heading, Button):
            set_icon(self._heading, "fold" if self._heading.isChecked() else "unfold", "accent")
        if self._shown is not None:
            self.show_findings(*self._shown)


class FigureRow(RowButton):
    """One figure: its name and what it says at the left, value and limit at the right."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__("finding")
        self.measure = ""
        self._icon = IconView("good")
        self._name = label("", wrap=True)
        self._says = label("", "caption", wrap=True)
        self._do = label("", "strong", wrap=True)
        self._doubts = label("", "caption", wrap=True)
        self._value, self._limit, self._before = (
            label("", wrap=True),
            label("", "caption", wrap=True),
            label("", "caption", wrap=True),
        )
        left = QVBoxLayout()
        left.setSpacing(3)
        for part in (self._name, self._says, self._do, self._doubts):
            left.addWidget(part)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(3)
        for part in (self._value, self._limit, self._before):
            part.setFixedWidth(_RIGHT_PX)
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            right.addWidget(part)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(left, 1)
        row.addLayout(right)
        for text in (self._name, self._says, self._do, self._doubts, self._value, self._limit, self._before):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(Measure.TOUCH)

    def show_finding(self, finding: Finding, told: _Told) -> None:
        """Show this finding."""
        self.measure = finding.measure
        shown, good = mark(finding.status), finding.status is Status.PASS
        informs = finding.reason in _FOLDED_REASONS
        name, says = calibration.title(finding.measure), calibration.explanation(finding.measure)
        value = told.value(finding) or calibration.shortly(finding)
        do = "" if good or informs else calibration.instruction(finding)
        limit, before = calibration.limit(finding), told.before(finding)
        self._icon.show_icon("info" if informs else shown.icon, shown.tone)
        self._name.setText(name)
        as_role(self._name, "" if good or informs else "strong")
        self._says.setText(says)
        self._do.setText(do)
        as_role(self._do, "strong" if finding.status is not Status.NOT_ASSESSED else "")
        self._doubts.setText(told.doubts(finding))
        self._value.setText(value)
        as_role(self._value, "strong", "" if good or informs else shown.tone)
        self._limit.setText(limit)
        self._before.setText(self.tr("Before: {value}").format(value=before) if before else "")
        for text in (self._says, self._do, self._doubts, self._limit, self._before):
            text.setVisible(bool(text.text()))
        parts = (name, shown.word, value, limit, says, do, self._doubts.text(), self._before.text())
        self.setAccessibleName(". ".join(part.rstrip(".") for part in parts if part))
        self.updateGeometry()
