"""The verdict on a picture: every finding, what needs a hand first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.model.quality import Finding, QualityReport, Status
from ui.theme import Measure, as_role, set_icon
from ui.widgets.button import Button, RowButton
from ui.widgets.words import IconView, label, rule
from ui.wording import measures
from ui.wording.names import mark


class QualityPanel(QFrame):
    """Shows a report. Rows are used again, so a report may come several times a second."""

    region_asked = Signal(object)
    """The `Region` of the finding that was pressed, or None when it has no place."""

    def __init__(self, empty_text: str = "", *, folds: bool = False) -> None:
        """Show `empty_text` until a report comes; `folds` puts the lines that need no hand away behind one."""
        super().__init__()
        as_role(self, "right")
        self._folds = folds
        self._report: tuple[QualityReport, str] | None = None
        self.setFixedWidth(Measure.PANEL)
        self._rows: list[FindingRow] = []
        self._icon = IconView("not_assessed", "quiet", 32)
        self._word = label("", "title")
        self._count = label("", "quiet", wrap=True)
        head = QGridLayout()
        head.setHorizontalSpacing(12)
        head.setVerticalSpacing(0)
        head.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._word, 0, 1)
        head.addWidget(self._count, 1, 1)
        head.setColumnStretch(1, 1)
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(20, 20, 20, 16)
        self._list = QWidget()
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(8, 8, 8, 8)
        self._lines.setSpacing(2)
        self._fold = Button("", "quiet", "unfold")
        self._fold.setCheckable(True)
        self._fold.clicked.connect(self._turn_fold)
        self._lines.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        self._lines.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._list)
        self._rule = rule()
        self._empty = label(empty_text, "quiet", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(32, 32, 32, 32)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._rule)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
        self.show_report(None)

    def show_report(self, report: QualityReport | None, note: str = "") -> None:
        """Show a report, or none; `note` stands beside the count ("Attempt 2 of 3")."""
        for part in (self._head, self._rule, self._scroll):
            part.setVisible(report is not None)
        self._empty.setVisible(report is None)
        self._report = (report, note) if report is not None else None
        first, rest = _parted(report) if report and self._folds else (report.worst_first if report else (), ())
        self._show_fold(rest)
        findings = (*first, *(rest if self._fold.isChecked() else ()))
        while len(self._rows) < len(findings):
            self._add_row()
        for row, finding in zip(self._rows, findings, strict=False):
            row.show_finding(finding)
        for row in self._rows[len(findings) :]:
            row.hide()
        if self._lines.indexOf(self._fold) != len(first):
            self._lines.removeWidget(self._fold)
            self._lines.insertWidget(len(first), self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        if report is not None:
            self._show_verdict(report, note)

    def set_empty_text(self, text: str) -> None:
        """Say what comes next while there is no report."""
        self._empty.setText(text)

    def _add_row(self) -> None:
        row = FindingRow()
        row.clicked.connect(lambda: self._pressed(row))
        self._rows.append(row)
        self._lines.insertWidget(self._lines.count() - 1, row)

    def _show_fold(self, rest: "Sequence[Finding]") -> None:
        good = sum(finding.status is Status.PASS for finding in rest)
        told = (
            self.tr("{count} good").format(count=good) if good else "",
            self.tr("{count} not assessed").format(count=len(rest) - good) if len(rest) > good else "",
        )
        text = ", ".join(part for part in told if part) or self.tr("Further checks")
        self._fold.setVisible(bool(rest))
        self._fold.setText(text)
        self._fold.setAccessibleName(text)

    def _turn_fold(self) -> None:
        set_icon(self._fold, "fold" if self._fold.isChecked() else "unfold", "accent")
        if self._report is not None:
            self.show_report(*self._report)

    def _pressed(self, row: "FindingRow") -> None:
        for other in self._rows:
            other.setChecked(other is row)
        self.region_asked.emit(row.finding.region if row.finding else None)

    def _show_verdict(self, report: QualityReport, note: str) -> None:
        shown = mark(report.verdict)
        self._icon.show_icon(shown.icon, shown.tone)
        self._word.setText(shown.word)
        as_role(self._word, "title", shown.tone)
        good = sum(finding.status is Status.PASS for finding in report.findings)
        told = self.tr("{good} of {all} checks are good").format(good=good, all=len(report.findings))
        self._count.setText(f"{told}\n{note}" if note else told)


def _parted(report: QualityReport) -> tuple[list[Finding], list[Finding]]:
    """Return what needs a hand, and the rest; of what one reason kept from being assessed one line."""
    first: list[Finding] = []
    rest: list[Finding] = []
    reasons: set[str] = set()
    for finding in report.worst_first:
        open_one = finding.status is Status.NOT_ASSESSED
        if finding.status is Status.PASS or (open_one and (not finding.required or finding.reason in reasons)):
            rest.append(finding)
        else:
            first.append(finding)
        if open_one:
            reasons.add(finding.reason)
    return first, sorted(rest, key=lambda finding: finding.status is Status.NOT_ASSESSED)


class FindingRow(RowButton):
    """One finding: icon, name, value and limit, and what to do when it is not good."""

    def __init__(self) -> None:
        """Start empty and hidden."""
        super().__init__("finding")
        self.finding: Finding | None = None
        self.setCheckable(True)
        self._icon = IconView("good")
        self._name = label("", wrap=True)
        self._value = label("")
        self._limit = label("", "caption", wrap=True)
        self._do = label("", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name, 1)
        top.addWidget(self._value)
        self._text = QVBoxLayout()
        self._text.setSpacing(4)
        self._text.addLayout(top)
        self._text.addWidget(self._limit)
        self._text.addWidget(self._do)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._text, 1)
        for part in (self._name, self._value, self._limit, self._do):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(Measure.TOUCH)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)  # wrapped words may grow

    def show_finding(self, finding: Finding) -> None:
        """Show this finding."""
        self.show()
        if finding == self.finding:
            return
        if self.finding is None or self.finding.measure != finding.measure:
            self.setChecked(False)
        self.finding = finding
        shown, good = mark(finding.status), finding.status is Status.PASS
        value, limit = measures.value(finding), measures.limit(finding)
        do = "" if good else measures.instruction(finding)
        self._icon.show_icon(shown.icon, shown.tone)
        self._name.setText(measures.title(finding.measure))
        as_role(self._name, "" if good else "strong")
        self._value.setText(value)
        as_role(self._value, "" if good else "strong", "quiet" if good else shown.tone)
        self._limit.setText(limit)
        self._limit.setVisible(bool(limit) and not good)
        self._do.setText(do)
        self._do.setVisible(bool(do))
        parts = (measures.title(finding.measure), shown.word, value, limit, do)
        self.setAccessibleName(". ".join(part for part in parts if part))
        self.updateGeometry()
