"""Plots with small made-up data, and what lies where on them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from station.model.calibration import Curve, Map
from station.model.calibration_chart import DriftChart, DriftPoint, DriftSignal, SmoothedPoint
from station.model.quality import Finding, Limit, Status
from ui.theme import apply_theme
from ui.widgets.plots.plot import Plot

PATIENCE_MS = 30_000

ACROSS = Curve("sfr_x_top_left_left", "cy/px", "ratio", ((0.0, 1.0), (0.5, 0.0)))
"""Falls by 0.1 in 0.05: half of it is left at 0.25, a tenth at 0.45."""
SHARPER = Curve("sfr_x_centre_left", "cy/px", "ratio", ((0.0, 1.0), (0.75, 0.0)))
ALONG = Curve("sfr_y_top_left_top", "cy/px", "ratio", ((0.0, 1.0), (0.6, 0.4)))
CORRECTED = Curve("sfr_bin_corrected_x_centre_left", "cy/px", "ratio", ((0.0, 1.0), (0.1, 0.0)))
TONE = Curve("tone", "L* of the reference", "L*", ((20.0, 21.0), (50.0, 44.0), (90.0, 90.5)))
FIELD = Map("uniformity", "L*", ((90.0, 92.0, 93.0), (94.0, 95.0, 96.0)))
RIGHT = Map("distortion_x", "px", ((0.3, 0.0), (0.0, 0.0)))
DOWN = Map("distortion_y", "px", ((0.4, 0.0), (0.0, -0.1)))
COLOURS = Curve("delta_e", "patch", "dE00", ((1.0, 1.0), (2.0, 2.0), (3.0, 6.0)))
SKEW = Finding("skew", Status.PASS, 0.25, "degrees", limit=Limit(-1, 1))
NOISE = Finding("noise", Status.FAIL, 3.0, "L*", limit=Limit(high=2))
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def day(number: float) -> datetime:
    """Return a moment so many days after the first."""
    return BEGIN + timedelta(days=number)


CHART = DriftChart(
    "resolution_x",
    "ppi",
    tuple(DriftPoint(day(n), 300.0 + 0.1 * n, n < 9) for n in range(10)),
    *(300.2, 0.1, 299.9, 300.5),
    tuple(SmoothedPoint(300.1, 300.0, 300.3) for _ in range(10)),
    *(299.0, 301.0),
    (
        DriftSignal(7, "eight_on_one_side"),
        DriftSignal(8, "eight_on_one_side"),
        DriftSignal(9, "beyond_3_sigma"),
    ),
    *(day(12), day(11), day(14)),
    baseline_known=True,
)


def dressed(app: QApplication) -> Iterator[None]:
    """Be light and English for a test."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    apply_theme(app, "light")
    yield
    QLocale.setDefault(before)


def shown(qtbot, plot: Plot) -> Plot:
    """Show a plot in a window that has the focus."""
    qtbot.addWidget(plot)
    plot.resize(640, 480)
    with qtbot.waitExposed(plot, timeout=PATIENCE_MS):
        plot.show()
    plot.activateWindow()
    qtbot.waitUntil(plot.isActiveWindow, timeout=PATIENCE_MS)
    return plot


def items(plot: Plot, kind: str, panel: int = 0) -> list:
    """Return the things of a kind that are drawn, by the name of their class."""
    assert plot.canvas is not None
    return [
        item for item in plot.canvas.panels[panel].view.childGroup.childItems() if type(item).__name__ == kind
    ]


def lines(plot: Plot, panel: int = 0) -> list[tuple[list[tuple[float, float]], Qt.PenStyle]]:
    """Return the points and the pen of each line."""
    return [
        (list(zip(*(values.tolist() for values in item.getData()), strict=True)), item.opts["pen"].style())
        for item in items(plot, "PlotCurveItem", panel)
    ]


def marks(plot: Plot, panel: int = 0) -> dict[str, list[tuple[float, float]]]:
    """Return the places of marks by their symbol."""
    found: dict[str, list[tuple[float, float]]] = {}
    for item in items(plot, "ScatterPlotItem", panel):
        places = zip(*(values.tolist() for values in item.getData()), strict=True)
        found.setdefault(item.opts["symbol"], []).extend(places)
    return found


def levels(plot: Plot, panel: int = 0, angle: int = 0) -> list[float]:
    """Return where the lines lie that go from end to end, level or upright."""
    return [item.value() for item in items(plot, "InfiniteLine", panel) if item.angle == angle]


def bars(plot: Plot, panel: int = 0) -> list[tuple[float, float, float, float, bool]]:
    """Return left, right, bottom, top of each bar, and whether it is hatched."""
    return [
        (
            *(item.opts[key][0] for key in ("x0", "x1", "y0", "y1")),
            item.opts["brush"].style() is Qt.BrushStyle.BDiagPattern,
        )
        for item in items(plot, "BarGraphItem", panel)
    ]


def window_of(plot: Plot) -> list[list[float]]:
    """Return what is seen of x and y."""
    assert plot.canvas is not None
    return plot.canvas.panels[0].view.viewRange()
