"""The newest calibration of every device side by side; what differs is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from station.flow.calibration_views import DevicesCompared
from station.model.calibration import Kept
from station.model.quality import Finding, Status
from ui.screens.calibration_head import CalibrationHead
from ui.theme import icon
from ui.widgets.empty_state import EmptyState
from ui.wording import calibration
from ui.wording.calibration_verdict import verdict
from ui.wording.names import mark
from ui.wording.translate import UNKNOWN, moment

_SHARE = 0.1
"""Figures whose uncertainty nobody knows differ when one is so much larger than the other. Ours."""


@dataclass(frozen=True, slots=True)
class _Value:
    finding: Finding
    spread: float | None


class ComparePage(QWidget):
    """One row a figure, one column a device."""

    back_wanted = Signal()

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.head = CalibrationHead("pair", self.tr("Compare devices"), back=self.tr("All devices"))
        self.head.back_wanted.connect(self.back_wanted)
        self.table = QTableWidget()
        self.table.setAccessibleName(self.tr("Figures of all devices"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(True)
        self._empty = EmptyState(
            "pair",
            self.tr("Nothing to compare yet"),
            self.tr("Calibrate two devices with the same target. Their newest results stand here then."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(0)
        column.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 0, 24, 0)
        inner.addWidget(self.table)
        column.addLayout(inner, 1)
        column.addWidget(self._empty, 1)
        self.show_rows(DevicesCompared(()))

    def show_rows(self, event: DevicesCompared) -> None:
        """Show the devices of all stations on this store; figures that differ stand first."""
        runs = [kept for _, kept in event.rows]
        self.table.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        values = [_values(kept) for kept in runs]
        measures = list(dict.fromkeys(name for of_one in values for name in of_one))
        apart = {name: differ([of_one[name] for of_one in values if name in of_one]) for name in measures}
        measures.sort(key=lambda name: not apart[name])
        self.table.setColumnCount(1 + len(runs))
        titles = [_column(station, kept) for station, kept in event.rows]
        self.table.setHorizontalHeaderLabels([self.tr("Figure"), *titles])
        self.table.setRowCount(len(measures))
        for row, name in enumerate(measures):
            self.table.setItem(row, 0, _title(name, self.tr("differs") if apart[name] else ""))
            for column, of_one in enumerate(values, 1):
                self.table.setItem(row, column, _cell(of_one.get(name)))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.resizeRowsToContents()
        count = sum(apart.values())
        told = self.tr("Figures that differ by more than their uncertainty: {count}. They stand first.")
        self.head.say(told.format(count=count) if len(runs) > 1 else "")


def differ(values: "Sequence[_Value]") -> bool:
    """Tell whether figures of devices lie further apart than their uncertainties, or were judged unlike."""
    judged = {value.finding.status for value in values if value.finding.status is not Status.NOT_ASSESSED}
    known = sorted(
        (value.finding.raw, value.spread) for value in values if value.finding.raw is not None and value.spread
    )
    if len(judged) > 1:
        return True
    if len(known) > 1:
        (low, low_spread), (high, high_spread) = known[0], known[-1]
        return high - low > hypot(low_spread or 0.0, high_spread or 0.0)
    bare = sorted(abs(value.finding.raw) for value in values if value.finding.raw is not None)
    return len(bare) > 1 and bare[-1] - bare[0] > _SHARE * bare[-1]


def _column(station: str, kept: Kept) -> str:
    done = kept.calibration
    return f"{done.device_name}\n{station}\n{verdict(kept).word}, {moment(done.at)}"


def _values(kept: Kept) -> dict[str, _Value]:
    """Return what a profile judged or could have judged, by measure."""
    report = kept.calibration.report
    spread = {figure.measure: figure.uncertainty for figure in report.analysis.figures}
    return {
        finding.measure: _Value(finding, spread.get(finding.measure))
        for finding in report.findings
        if finding.reason != "no_limit"
    }


def _title(measure: str, told: str) -> QTableWidgetItem:
    name = calibration.title(measure)
    made = QTableWidgetItem(f"{name}\n{told}" if told else name)
    if told:
        made.setIcon(icon("look", "look"))
        font = made.font()
        font.setBold(True)
        made.setFont(font)
    made.setToolTip(calibration.explanation(measure))
    return made


def _cell(value: _Value | None) -> QTableWidgetItem:
    if value is None:
        return QTableWidgetItem(UNKNOWN)
    finding, shown = value.finding, mark(value.finding.status)
    text = calibration.value_with(finding, value.spread) or calibration.shortly(finding)
    made = QTableWidgetItem(icon(shown.icon, shown.tone), text)
    made.setToolTip(" ".join(part for part in (shown.word, calibration.limit(finding)) if part))
    made.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}. {shown.word}")
    return made
