"""Letter and passport page as large as they can be, one at a time, with what is wrong with the picture."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.flow.station import Station
from station.flow.views import PageView, VisitView
from station.model.quality import QualityReport, Region, Status
from station.model.record import Attachment, AttachmentKind
from ui.screens.sheet import Sheet
from ui.widgets.button import Button
from ui.widgets.quality_panel import FindingRow
from ui.widgets.words import Pill
from ui.wording.names import Mark, mark, name

_KINDS = (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE)
_FINDINGS_PX = 184
"""Room for two findings; more are scrolled to."""


class PaperTabs(QWidget):
    """Shows the paper that came last; the officer turns to the other one."""

    turned = Signal()
    """Another paper is shown, or the same one anew."""

    def __init__(self, station: Station) -> None:
        """Start without papers."""
        super().__init__()
        self._pages: dict[AttachmentKind, PageView] = {}
        self._shown = AttachmentKind.LETTER
        self.sheet = Sheet(station, self.tr("Letter and passport page appear here."))
        self._pill = Pill(mark(Status.NOT_ASSESSED))
        self._tabs: dict[AttachmentKind, Button] = {}
        tabs = QHBoxLayout()
        tabs.setContentsMargins(12, 12, 8, 12)
        tabs.setSpacing(4)
        for kind in _KINDS:
            tab = self._tabs[kind] = Button(name(kind))
            tab.setCheckable(True)
            tab.clicked.connect(lambda _=False, kind=kind: self._turn(kind))
            tabs.addWidget(tab)
        tabs.addStretch(1)
        tabs.addWidget(self._pill)
        self.tools = QHBoxLayout()
        tabs.addLayout(self.tools)
        self._rows: list[FindingRow] = []
        holder = QWidget()
        self._lines = QVBoxLayout(holder)
        self._lines.setContentsMargins(8, 4, 8, 4)
        self._lines.setSpacing(0)
        self._lines.addStretch(1)
        self._findings = QScrollArea()
        self._findings.setWidgetResizable(True)
        self._findings.setWidget(holder)
        self._findings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._findings.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tabs)
        column.addWidget(self.sheet, 1)
        column.addWidget(self._findings)
        self.show_visit(None)

    @property
    def shown(self) -> Attachment | None:
        """The paper that is looked at."""
        page = self._pages.get(self._shown)
        return page.attachment if page is not None else None

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the papers of this visit; a new one comes to the front."""
        before = {kind: page.attachment.id for kind, page in self._pages.items()}
        pages = {kind: visit.of_kind(kind) if visit else () for kind in _KINDS}
        self._pages = {kind: found[-1] for kind, found in pages.items() if found}
        fresh = [kind for kind, page in self._pages.items() if before.get(kind) != page.attachment.id]
        if fresh:
            self._shown = fresh[-1]
        elif self._shown not in self._pages and self._pages:
            self._shown = next(iter(self._pages))
        self._show()

    def point_at(self, region: Region | None, *, turn: bool = False) -> None:
        """Let a place of the passport page stand out; `turn` brings the page to the front first."""
        if turn and region is not None and self._shown is not AttachmentKind.PASSPORT_PAGE:
            self._turn(AttachmentKind.PASSPORT_PAGE)
        if self._shown is AttachmentKind.PASSPORT_PAGE:
            self.sheet.point_at(region)

    def _turn(self, kind: AttachmentKind) -> None:
        self._shown = kind
        self._show()

    def _show(self) -> None:
        page = self._pages.get(self._shown)
        for kind, tab in self._tabs.items():
            tab.setEnabled(kind in self._pages)
            tab.setChecked(page is not None and kind is self._shown)
        self.sheet.show_page(page, name(self._shown) if page else "")
        report = page.attachment.report if page else None
        self._pill.setVisible(report is not None)
        if report is not None:
            kept = page is not None and page.attachment.override is not None
            self._pill.show_mark(Mark("overridden", self.tr("Kept"), "look") if kept else mark(report.verdict))
        self._show_findings(report)
        self.turned.emit()

    def _show_findings(self, report: QualityReport | None) -> None:
        wrong = [one for one in report.worst_first if one.status is not Status.PASS] if report else []
        while len(self._rows) < len(wrong):
            row = FindingRow()
            row.clicked.connect(lambda _=False, row=row: self._point(row))
            self._lines.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for row, finding in zip(self._rows, wrong, strict=False):
            row.show_finding(finding)
        for row in self._rows[len(wrong) :]:
            row.hide()
        self._findings.setVisible(bool(wrong))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the findings the room that their words need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = [row for row in self._rows if not row.isHidden()]
        width = self.width() - 24
        needed = sum(max(row.heightForWidth(width), row.sizeHint().height()) for row in shown)
        self._findings.setFixedHeight(min(needed + 8, _FINDINGS_PX))

    def _point(self, row: FindingRow) -> None:
        for other in self._rows:
            other.setChecked(other is row)
        self.sheet.point_at(row.finding.region if row.finding else None)
