"""The plots of a calibration, one tab each; only the one that is looked at is drawn."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from station.flow.calibration_views import CalibrationDone
from station.model.calibration import CalibrationReport, Curve, Kept, Map
from station.model.calibration_chart import DriftChart
from station.model.target import TargetKind
from ui.widgets.plots.bars import PatchBars
from ui.widgets.plots.drift import Drift
from ui.widgets.plots.heat_map import HeatMap
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.sfr_curves import SfrCurves
from ui.widgets.plots.tolerance_bars import ToleranceBars
from ui.widgets.plots.tone_curve import ToneCurve
from ui.widgets.plots.vectors import Vectors
from ui.widgets.words import label
from ui.wording import calibration
from ui.wording.calibration_drift import forecast
from ui.wording.translate import moment

OVERVIEW, SHARPNESS, DISTORTION, LIGHT, TONE, COLOUR, DRIFT = range(7)

_TAB_OF = {
    "resolution": DISTORTION, "skew": DISTORTION, "orthogonality": DISTORTION, "distortion": DISTORTION,
    "anisotropy": DISTORTION, "local_scale": DISTORTION,
    "sfr": SHARPNESS, "sampling": SHARPNESS, "max_modulation": SHARPNESS, "overshoot": SHARPNESS,
    "uniformity": LIGHT,
    "delta_l": TONE, "gain": TONE, "tone": TONE, "white_balance": TONE, "cast": TONE,
    "delta_e": COLOUR,
}  # fmt: skip
"""Where a figure is drawn, by the beginning of its name; the others have their drift alone."""


class PlotTabs(QTabWidget):
    """Overview, sharpness, distortion, light, tone, colour and drift."""

    turned = Signal(int)
    """The officer turned to another tab."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._done: CalibrationDone | None = None
        self._before: Kept | None = None
        self._drawn: set[int] = set()
        self.sharpness, self.tone, self.drift = SfrCurves(), ToneCurve(), DriftTab()
        self.overview, self.distortion = Beside(ToleranceBars), Beside(Vectors)
        self.light, self.colour = Beside(HeatMap), Beside(PatchBars)
        tabs: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Overview"), self.overview),
            (self.tr("Sharpness"), self.sharpness),
            (self.tr("Distortion"), self.distortion),
            (self.tr("Light"), self.light),
            (self.tr("Tone"), self.tone),
            (self.tr("Colour"), self.colour),
            (self.tr("Drift"), self.drift),
        )
        for title, widget in tabs:
            self.addTab(_scrolled(widget, title), title)
        self._draws: tuple[Callable[[CalibrationReport, Kept | None], None], ...] = (
            partial(self.overview.show_both, _overview),
            self._draw_sharpness,
            partial(self.distortion.show_both, _distortion),
            partial(self.light.show_both, _light),
            self._draw_tone,
            partial(self.colour.show_both, _colour),
        )
        self.setDocumentMode(True)
        for widget in (self, self.tabBar()):
            widget.setAccessibleName(self.tr("Plots"))
        self.tabBar().setExpanding(False)
        self.tabBar().setUsesScrollButtons(True)
        self.currentChanged.connect(self._turned)

    def show_done(self, done: CalibrationDone, before: Kept | None = None) -> None:
        """Show a calibration beside the run `before`, if given; a camera has no plots of a target."""
        self._done, self._before = done, before
        self._drawn.clear()
        of_target = done.kept.calibration.target in tuple(TargetKind)
        for tab in range(SHARPNESS, DRIFT):
            self.setTabVisible(tab, of_target)
        self._draw(self.currentIndex())

    def turn_to(self, measure: str) -> None:
        """Turn to the plot on which a figure is drawn."""
        self.drift.choose(measure)
        tab = next((tab for name, tab in _TAB_OF.items() if measure.startswith(name)), DRIFT)
        self.setCurrentIndex(tab if self.isTabVisible(tab) else DRIFT)

    def _turned(self, tab: int) -> None:
        self._draw(tab)
        self.turned.emit(tab)

    def _draw(self, tab: int) -> None:
        if self._done is None or tab in self._drawn or tab >= len(self._draws):
            return
        self._drawn.add(tab)
        self._draws[tab](self._done.kept.calibration.report, self._before)

    def _draw_sharpness(self, now: CalibrationReport, before: Kept | None) -> None:
        earlier = before.calibration.report.analysis.curves if before is not None else ()
        self.sharpness.show_curves(now.analysis.curves, earlier)

    def _draw_tone(self, now: CalibrationReport, before: Kept | None) -> None:
        earlier = _curve(before.calibration.report, "tone") if before is not None else None
        self.tone.show_curve(_curve(now, "tone"), earlier, _limit(now, "delta_l_max"))


_P = TypeVar("_P", bound=Plot)


class Beside(QWidget, Generic[_P]):
    """A plot whose run before cannot lie in the same picture: it stands below, under its date."""

    def __init__(self, make: Callable[[], _P]) -> None:
        """Make the plot; that of the run before is made when it is wanted."""
        super().__init__()
        self._make = make
        self.now = make()
        self.before: _P | None = None
        self._heading = label("", "heading")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.now, 1)
        self._column.addWidget(self._heading)
        self._heading.hide()

    def show_both(
        self, draw: Callable[[_P, CalibrationReport], None], now: CalibrationReport, before: Kept | None
    ) -> None:
        """Draw a run, and the run before below it where one is given."""
        draw(self.now, now)
        if before is not None:
            if self.before is None:
                self.before = self._make()
                self._column.addWidget(self.before, 1)
            draw(self.before, before.calibration.report)
            when = moment(before.calibration.at)
            self._heading.setText(self.tr("The run before, {when}").format(when=when))
        self._heading.setVisible(before is not None)
        if self.before is not None:
            self.before.setVisible(before is not None)


def _overview(plot: ToleranceBars, report: CalibrationReport) -> None:
    plot.show_findings(report.findings)


def _distortion(plot: Vectors, report: CalibrationReport) -> None:
    plot.show_maps(_map(report, "distortion_x"), _map(report, "distortion_y"))


def _light(plot: HeatMap, report: CalibrationReport) -> None:
    plot.show_map(_map(report, "uniformity"), _limit(report, "uniformity"))


def _colour(plot: PatchBars, report: CalibrationReport) -> None:
    limits = _limit(report, "delta_e_max"), _limit(report, "delta_e_mean")
    plot.show_patches(_curve(report, "delta_e"), *limits)


def _curve(report: CalibrationReport, name: str) -> Curve | None:
    return next((drawn for drawn in report.analysis.curves if drawn.name == name), None)


def _map(report: CalibrationReport, name: str) -> Map | None:
    return next((drawn for drawn in report.analysis.maps if drawn.name == name), None)


def _limit(report: CalibrationReport, measure: str) -> float | None:
    found = next((finding for finding in report.findings if finding.measure == measure), None)
    return found.limit.high if found is not None and found.limit is not None else None


class DriftTab(QWidget):
    """The control chart of one measure, and when it will leave its tolerance."""

    def __init__(self) -> None:
        """Start without charts."""
        super().__init__()
        self._charts: dict[str, DriftChart] = {}
        self._wanted = ""
        self._which = QComboBox()
        self._which.setAccessibleName(self.tr("Figure whose drift is shown"))
        self._which.currentIndexChanged.connect(lambda _: self._show())
        self._forecast = label("", "strong", wrap=True)
        self.plot = Drift()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._which)
        column.addWidget(self._forecast)
        column.addWidget(self.plot, 1)
        self.show_charts(())

    @property
    def forecast(self) -> str:
        """What is said of the days to come."""
        return self._forecast.text()

    def show_charts(self, charts: Sequence[DriftChart]) -> None:
        """Offer these charts; what was looked at stays."""
        self._charts = {chart.measure: chart for chart in charts}
        wanted = self._wanted or str(self._which.currentData() or "")
        self._which.blockSignals(True)
        self._which.clear()
        for measure in self._charts:
            self._which.addItem(calibration.title(measure), measure)
        self._which.setCurrentIndex(max(0, self._which.findData(wanted)))
        self._which.blockSignals(False)
        self._which.setVisible(bool(self._charts))
        self._show()

    def choose(self, measure: str) -> None:
        """Look at this measure, as soon as there is a chart of it."""
        self._wanted = measure
        at = self._which.findData(measure)
        if at >= 0:
            self._which.setCurrentIndex(at)

    def _show(self) -> None:
        chart = self._charts.get(str(self._which.currentData() or ""))
        self.plot.show_chart(chart)
        self._forecast.setText(forecast(chart, datetime.now().astimezone()) if chart is not None else "")
        self._forecast.setVisible(chart is not None)


def _scrolled(widget: QWidget, title: str) -> QScrollArea:
    """Return a plot with room around it; where the window is low it is scrolled to."""
    holder = QWidget()
    room = QVBoxLayout(holder)
    room.setContentsMargins(12, 12, 16, 12)
    room.addWidget(widget)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setAccessibleName(title)
    scroll.setWidget(holder)
    return scroll
