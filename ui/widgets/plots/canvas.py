"""The surface that plots are drawn on: pyqtgraph, dressed by the theme.

The one module that imports pyqtgraph (a quarter of a second), and imported by `plot.py` at the first drawing.
It takes no part in mouse and keys: those are the plot's own. pyqtgraph's plot items are left alone, they bring
menus; a panel is a view box with two axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from ui.theme import Tone, Type, colour
from ui.widgets.plots.items import Grid
from ui.widgets.plots.legend import Symbol, pen_of
from ui.widgets.plots.points import Point, finite
from ui.widgets.plots.ticks import Ticks, none, numbers

_DEEPEST = 20
"""How much closer than whole one can look."""
_TICK_WIDTH, _TICK_HEIGHT = 84, 44
"""Room in pixels that a mark of an axis asks for."""
_LEAST_TICKS = 3
_LEFT_AXIS = 64
_OVER_THE_END = 40
"""Pixels that the words at the first and last mark may reach beyond the axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its name with the unit, and the range that is shown at first."""

    label: str
    low: float
    high: float
    ticks: Ticks = numbers


class Panel:
    """One pair of axes and what is drawn between them, in their units."""

    def __init__(
        self,
        x: Axis,
        y: Axis,
        font: QFont,
        *,
        downwards: bool = False,
        square: bool = False,
        names: bool = False,
    ) -> None:
        """Make the axes.

        `downwards`: y grows down the screen; `square`: both have one scale;
        `names`: the marks of y are words, each of which is shown.
        """
        self.x, self.y = x, y
        self._names = names
        self._font = QFont(font)
        self._font.setPixelSize(Type.SMALL)
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0, invertY=downwards)
        self.view.setAspectLocked(square)
        self.view.setZValue(-100)
        self.left, self.bottom = (self._axis(side, axis) for side, axis in (("left", y), ("bottom", x)))
        self._grid = Grid(colour("line"))
        self.add(self._grid)
        self.view.sigRangeChanged.connect(self._mark)
        self.view.sigResized.connect(self._mark)
        self.show_all()

    def _axis(self, side: str, axis: Axis) -> pg.AxisItem:
        made = pg.AxisItem(
            side, pen=pen_of("quiet", 0), textPen=colour("quiet"), tickPen=pg.mkPen(colour("line"))
        )
        made.setZValue(-1000)
        made.enableAutoSIPrefix(False)
        made.setTickFont(self._font)
        made.setStyle(tickAlpha=0, tickLength=0, tickTextOffset=8, hideOverlappingLabels=_OVER_THE_END)
        made.label.setFont(self._font)
        made.setPen(pg.mkPen(colour("line")))
        made.setLabel(axis.label, color=colour("quiet").name())  # after the pen, which would colour it too
        named = side == "left" and self._names
        if axis.ticks is none or not (axis.label or named):
            made.setStyle(showValues=False)
        elif side == "left" and not named:
            made.setWidth(_LEFT_AXIS)
        made.linkToView(self.view)
        return made

    def _mark(self) -> None:
        (x0, x1), (y0, y1) = self.view.viewRange()
        across = self.x.ticks(x0, x1, max(_LEAST_TICKS, round(self.view.width() / _TICK_WIDTH)))
        down = self.y.ticks(y0, y1, max(_LEAST_TICKS, round(self.view.height() / _TICK_HEIGHT)))
        self.bottom.setTicks([across])
        self.left.setTicks([down])
        level = [] if self._names else [y for y, _ in down]
        self._grid.show_lines([x for x, _ in across], level, QRectF(x0, y0, x1 - x0, y1 - y0))

    def show_all(self) -> None:
        """Show the whole range."""
        x, y = self.x, self.y
        self.view.setLimits(xMin=None, xMax=None, yMin=None, yMax=None)
        self.view.setRange(xRange=(x.low, x.high), yRange=(y.low, y.high), padding=0, disableAutoRange=True)

    @property
    def closer(self) -> bool:
        """Less than the whole is seen."""
        (low, high), _ = self.view.viewRange()
        return bool(high - low < (self.x.high - self.x.low) * 0.999)

    def zoom(self, factor: float, at: Point | None = None) -> None:
        """Look closer, so that the place `at` (in units of the axes) stays where it is."""
        (x0, x1), (y0, y1) = self.view.viewRange()
        centre = at or ((x0 + x1) / 2, (y0 + y1) / 2)
        ends = []
        for low, high, middle, axis in ((x0, x1, centre[0], self.x), (y0, y1, centre[1], self.y)):
            span = min(max((high - low) / factor, (axis.high - axis.low) / _DEEPEST), axis.high - axis.low)
            begin = middle - (middle - low) * span / (high - low)
            begin = min(max(begin, axis.low), axis.high - span)
            ends.append((begin, begin + span))
        self.view.setRange(xRange=ends[0], yRange=ends[1], padding=0, disableAutoRange=True)

    def move(self, across: float, up: float) -> None:
        """Move what is seen by parts of its width and height; it stays within the whole."""
        ends = []
        for (low, high), share, axis in zip(self.view.viewRange(), (across, up), (self.x, self.y), strict=True):
            by = (high - low) * share
            by = min(max(by, min(axis.low - low, 0)), max(axis.high - high, 0))
            ends.append((low + by, high + by))
        self.view.setRange(xRange=ends[0], yRange=ends[1], padding=0, disableAutoRange=True)

    # -- what is drawn ----------------------------------------------------------------------------------------

    def line(
        self, points: Sequence[Point], tone: Tone, width: float = 2, *, dashed: bool = False, alpha: float = 1
    ) -> None:
        """Draw a line through the points; those without a place are passed over."""
        known = finite(points)
        pen = pen_of(tone, width, dashed=dashed)
        pen.setColor(_faint(pen.color(), alpha))
        if len(known) > 1:
            xs, ys = ([point[at] for point in known] for at in (0, 1))
            self.add(pg.PlotCurveItem(xs, ys, pen=pen, antialias=True))

    def marks(
        self, points: Sequence[Point], symbol: Symbol, tone: Tone, size: int = 9, *, hollow: bool = False
    ) -> None:
        """Draw a mark at each point."""
        if known := finite(points):
            xs, ys = ([point[at] for point in known] for at in (0, 1))
            brush = QBrush(Qt.BrushStyle.NoBrush) if hollow else QBrush(colour(tone))
            pen = pen_of(tone, 2)
            self.add(
                pg.ScatterPlotItem(xs, ys, symbol=symbol.value, size=size, pen=pen, brush=brush, antialias=True)
            )

    def level(self, value: float, tone: Tone, width: float = 1, *, dashed: bool = False) -> None:
        """Draw a line over the whole width."""
        self.add(pg.InfiniteLine(value, 0, pen=pen_of(tone, width, dashed=dashed), movable=False))

    def upright(
        self, value: float, tone: Tone, width: float = 1, *, text: str = "", dashed: bool = False
    ) -> None:
        """Draw a line over the whole height, with its words right of its upper end."""
        made = pg.InfiniteLine(value, 90, pen=pen_of(tone, width, dashed=dashed), movable=False)
        if text:
            ends = [(0, 0), (0, 0)]
            words = pg.InfLineLabel(made, text, position=0.995, color=colour(tone), anchors=ends)
            words.setFont(self._font)
        self.add(made)

    def band(self, low: float, high: float, tone: Tone, *, upright: bool = False, alpha: float = 0.14) -> None:
        """Tint what lies between two values of y, or of x where it is `upright`."""
        made = pg.LinearRegionItem(
            (low, high),
            "vertical" if upright else "horizontal",
            brush=_faint(colour(tone), alpha),
            pen=QPen(Qt.PenStyle.NoPen),
            movable=False,
        )
        made.setZValue(-50)
        self.add(made)

    def bar(self, rect: QRectF, tone: Tone, *, hatched: bool = False) -> None:
        """Draw a bar; a hatched one is told from the others without its colour."""
        pattern = Qt.BrushStyle.BDiagPattern if hatched else Qt.BrushStyle.SolidPattern
        self.add(
            pg.BarGraphItem(
                x0=[rect.left()],
                x1=[rect.right()],
                y0=[rect.top()],
                y1=[rect.bottom()],
                brush=QBrush(colour(tone), pattern),
                pen=pen_of(tone, 1) if hatched else QPen(Qt.PenStyle.NoPen),
            )
        )

    def text(self, at: Point, text: str, tone: Tone, anchor: Point = (0.5, 0.5)) -> None:
        """Write at a place; `anchor` is the part of the text (0 to 1 from its top left) that lies there."""
        made = pg.TextItem(text, color=colour(tone), anchor=anchor, fill=_faint(colour("surface"), 0.85))
        made.setFont(self._font)
        made.setPos(*at)
        made.setZValue(10)
        self.add(made)

    def add(self, item: QGraphicsItem) -> None:
        """Add anything else."""
        self.view.addItem(item, ignoreBounds=True)


class Canvas:
    """Panels above each other in one widget."""

    def __init__(self, parent: QWidget, least_height: int) -> None:
        """Make an empty one."""
        self.widget: QWidget = pg.GraphicsLayoutWidget(parent)
        self.widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.widget.setMinimumSize(200, least_height)
        self.panels: list[Panel] = []
        self.clear()

    def clear(self) -> None:
        """Take everything away, and wear the colours of now."""
        self.panels.clear()
        self.widget.ci.clear()  # type: ignore[attr-defined]  # pyqtgraph has no types
        self.widget.setBackground(colour("surface"))  # type: ignore[attr-defined]
        self.widget.ci.layout.setContentsMargins(0, 8, 24, 0)  # type: ignore[attr-defined]
        self.widget.ci.layout.setSpacing(0)  # type: ignore[attr-defined]

    def panel(
        self,
        x: Axis,
        y: Axis,
        *,
        downwards: bool = False,
        square: bool = False,
        names: bool = False,
        share: int = 1,
    ) -> Panel:
        """Add a panel below the others; `share` is its part of the height. Panels share the range of x."""
        made = Panel(x, y, self.widget.font(), downwards=downwards, square=square, names=names)
        row = 2 * len(self.panels)
        grid = self.widget.ci  # type: ignore[attr-defined]
        grid.addItem(made.left, row, 0)
        grid.addItem(made.view, row, 1)
        grid.addItem(made.bottom, row + 1, 1)
        grid.layout.setRowStretchFactor(row, share)
        grid.layout.setColumnStretchFactor(1, 1)
        if self.panels:
            made.view.setXLink(self.panels[0].view)
        self.panels.append(made)
        return made

    def fit(self) -> None:
        """Fill the widget: what is added to an empty scene shrinks it, and no resize need follow."""
        self.widget.ci.setGeometry(self.widget.range)  # type: ignore[attr-defined]

    def at(self, place: QPointF) -> tuple[Panel, Point] | None:
        """Return the panel under a place of the widget, and what it means in its units."""
        for panel in self.panels:
            if panel.view.sceneBoundingRect().contains(place):
                found = panel.view.mapSceneToView(place)
                return panel, (found.x(), found.y())
        return None


def _faint(ink: QColor, alpha: float) -> QColor:
    made = QColor(ink)
    made.setAlphaF(alpha)
    return made
