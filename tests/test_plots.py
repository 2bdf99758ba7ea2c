"""What all plots of a calibration share: no data yet, the scheme, what is no number, looking closer, axes."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from math import inf, nan

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from station.model.calibration import Map
from station.model.calibration_chart import DriftPoint
from station.model.quality import Finding, Status
from tests.plotted import (
    ACROSS,
    ALONG,
    CHART,
    COLOURS,
    CORRECTED,
    DOWN,
    FIELD,
    NOISE,
    RIGHT,
    SHARPER,
    SKEW,
    TONE,
    bars,
    day,
    dressed,
    lines,
    marks,
    shown,
    window_of,
)
from ui.theme import DARK, LIGHT, apply_theme
from ui.widgets.plots import ticks
from ui.widgets.plots.bars import PatchBars
from ui.widgets.plots.drift import Drift
from ui.widgets.plots.heat_map import HeatMap
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.sfr_curves import SfrCurves
from ui.widgets.plots.tolerance_bars import ToleranceBars
from ui.widgets.plots.tone_curve import ToneCurve
from ui.widgets.plots.vectors import Vectors


@pytest.fixture(autouse=True)
def _dressed(qapp):
    yield from dressed(qapp)


# -- all of them ----------------------------------------------------------------------------------------------


def made() -> list[tuple[Plot, str]]:
    return [
        (SfrCurves(), "edges"),
        (ToneCurve(), "grey steps"),
        (HeatMap(), "even field"),
        (Vectors(), "marks"),
        (PatchBars(), "colours"),
        (ToleranceBars(), "figures"),
        (Drift(), "calibrations"),
    ]


def fill(plot: Plot) -> None:
    match plot:
        case SfrCurves():
            plot.show_curves([ACROSS, ALONG], [SHARPER])
        case ToneCurve():
            plot.show_curve(TONE, TONE, 5.0)
        case HeatMap():
            plot.show_map(FIELD, 3.0)
        case Vectors():
            plot.show_maps(RIGHT, DOWN)
        case PatchBars():
            plot.show_patches(COLOURS, 5.0, 4.0)
        case ToleranceBars():
            plot.show_findings([SKEW, NOISE])
        case Drift():
            plot.show_chart(CHART)


def empty(plot: Plot) -> None:
    match plot:
        case SfrCurves():
            plot.show_curves([CORRECTED])
        case ToneCurve():
            plot.show_curve(None)
        case HeatMap() | PatchBars() | Drift():
            {HeatMap: HeatMap.show_map, PatchBars: PatchBars.show_patches, Drift: Drift.show_chart}[type(plot)](
                plot, None
            )
        case Vectors():
            plot.show_maps(None, DOWN)
        case ToleranceBars():
            plot.show_findings([Finding("noise", Status.NOT_ASSESSED, reason="no_reference")])


@pytest.mark.parametrize("number", range(7))
def test_without_data_it_says_what_comes_next_and_again_after_data(qtbot, number: int):
    plot, of = made()[number]
    shown(qtbot, plot)
    assert f"No {of} " in plot.sentence and " yet. " in plot.sentence
    assert plot.canvas is None
    nothing = plot.sentence
    fill(plot)
    assert plot.canvas is not None and plot.canvas.widget.isVisible()
    assert plot.sentence != nothing
    empty(plot)
    assert plot.sentence == nothing
    assert not plot.canvas.widget.isVisible()


@pytest.mark.parametrize("number", range(7))
def test_a_change_of_scheme_draws_it_anew_in_other_colours(qtbot, qapp, number: int):
    plot, _ = made()[number]
    fill(shown(qtbot, plot))

    def colours() -> set[str]:
        picture = plot.grab().toImage()
        return {
            picture.pixelColor(x, y).name().upper()
            for x in range(0, picture.width(), 2)
            for y in range(0, picture.height(), 2)
        }

    light = colours()
    assert LIGHT.surface in light and DARK.surface not in light
    apply_theme(qapp, "dark")
    QApplication.processEvents()
    dark = colours()
    assert DARK.surface in dark and LIGHT.surface not in dark
    assert DARK.accent in dark or isinstance(plot, HeatMap)


def test_nothing_is_imported_for_plots_before_one_is_drawn():
    asked = """
import sys
from PySide6.QtWidgets import QApplication
from station.model.calibration import Map
from ui.widgets.plots import bars, drift, heat_map, sfr_curves, tolerance_bars, tone_curve, vectors
app = QApplication([])
plots = [bars.PatchBars(), drift.Drift(), heat_map.HeatMap(), sfr_curves.SfrCurves(),
         tolerance_bars.ToleranceBars(), tone_curve.ToneCurve(), vectors.Vectors()]
assert "pyqtgraph" not in sys.modules
plots[2].show_map(Map("uniformity", "L*", ((1.0,),)))
print("pyqtgraph" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


@pytest.mark.parametrize("wrong", [nan, inf, -inf])
def test_what_is_no_number_is_left_out(qtbot, wrong: float):
    sfr, tone, heat, vectors, patches, figures, drift = (plot for plot, _ in made())
    for plot in (sfr, tone, heat, vectors, patches, figures, drift):
        shown(qtbot, plot)
    sfr.show_curves(
        [replace(ACROSS, points=(*ACROSS.points, (0.6, wrong))), replace(ALONG, points=((0.1, wrong),))]
    )
    assert lines(sfr)[0][0] == list(ACROSS.points)
    assert len(sfr.keys) == 3
    tone.show_curve(replace(TONE, points=(*TONE.points, (wrong, 3.0))), replace(TONE, points=((1.0, wrong),)))
    assert marks(tone)["o"] == list(TONE.points)
    heat.show_map(replace(FIELD, rows=((wrong, 92.0), (94.0, 95.0))))
    assert "From 92.0 to 95.0" in heat.sentence
    vectors.show_maps(replace(RIGHT, rows=((wrong, 0.0), (0.0, 0.3))), DOWN)
    assert "at most 0.32 px, at the bottom right" in vectors.sentence
    patches.show_patches(replace(COLOURS, points=(*COLOURS.points, (4.0, wrong))))
    assert len(bars(patches)) == 3
    figures.show_findings([SKEW, replace(NOISE, raw=wrong), replace(NOISE, raw=None)])
    assert len(bars(figures)) == 1
    drift.show_chart(replace(CHART, points=(*CHART.points[:-1], DriftPoint(day(9), wrong, False))))
    assert "300.8 ppi" in drift.sentence
    for plot in (sfr, tone, heat, vectors, patches, figures, drift):
        assert not plot.grab().isNull()


@pytest.mark.parametrize("plot", [0, 2, 3, 6])
def test_data_of_which_nothing_is_a_number_are_no_data(qtbot, plot: int):
    made_one, of = made()[plot]
    shown(qtbot, made_one)
    none = Map("x", "px", ((nan, nan),))
    match made_one:
        case SfrCurves():
            made_one.show_curves([replace(ACROSS, points=((nan, nan), (1.0, nan)))])
        case HeatMap():
            made_one.show_map(none)
        case Vectors():
            made_one.show_maps(none, none)
        case Drift():
            made_one.show_chart(replace(CHART, points=(DriftPoint(day(0), nan, False),)))
    assert f"No {of} " in made_one.sentence


# -- looking closer -------------------------------------------------------------------------------------------


def turn_wheel(plot: Plot, steps: int) -> bool:
    at = QPointF(plot.width() / 2, plot.height() / 2)
    event = QWheelEvent(
        at,
        plot.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.ignore()
    QApplication.sendEvent(plot, event)
    return event.isAccepted()


def test_the_wheel_looks_closer_only_over_a_plot_that_has_the_focus(qtbot):
    plot = shown(qtbot, SfrCurves())
    fill(plot)
    plot.clearFocus()
    whole = window_of(plot)
    assert not turn_wheel(plot, 1)
    assert window_of(plot) == whole
    plot.setFocus()
    assert turn_wheel(plot, 1)
    (low, high), _ = window_of(plot)
    assert high - low == pytest.approx(0.75 / 1.25)
    turn_wheel(plot, -9)
    assert window_of(plot)[0] == pytest.approx(whole[0])


def test_keys_look_closer_move_and_show_all_again(qtbot):
    plot = shown(qtbot, SfrCurves())
    fill(plot)
    plot.setFocus()
    back = next(button for button in plot.findChildren(QPushButton) if button.accessibleName() == "Show all")
    whole = window_of(plot)
    assert not back.isVisible()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    (low, high), _ = window_of(plot)
    assert (low, high) == pytest.approx((0.075, 0.675))  # 0.75 / 1.25 about the middle
    assert back.isVisible()
    assert plot.rect().contains(back.geometry()) and back.geometry().bottom() <= 48
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert window_of(plot)[0] == pytest.approx([0.015, 0.615])
    for _ in range(5):
        QTest.keyClick(plot, Qt.Key.Key_Left)
    assert window_of(plot)[0] == pytest.approx([0.0, 0.6])  # no further than there is something
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert window_of(plot)[0] == pytest.approx(whole[0])
    assert not back.isVisible()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    back.click()
    assert window_of(plot)[0] == pytest.approx(whole[0])


def test_a_drag_moves_a_closer_look_and_nothing_else(qtbot):
    plot = shown(qtbot, SfrCurves())
    fill(plot)
    whole, middle = window_of(plot), QPoint(320, 240)

    def drag() -> None:
        QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(plot, middle + QPoint(40, 0))
        QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))

    drag()
    assert window_of(plot) == whole
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    before = window_of(plot)[0][0]
    drag()
    assert window_of(plot)[0][0] < before


# -- axes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0, 100, 6, ["0", "20", "40", "60", "80", "100"]),
        (-0.3, 0.3, 4, ["-0.2", "0.0", "0.2"]),
        (299.98, 300.11, 3, ["300.0", "300.1"]),
        (5, 5, 4, []),
    ],
)
def test_marks_of_an_axis_are_round_numbers(low, high, most, texts):
    assert [text for _, text in ticks.numbers(low, high, most)] == texts


def test_marks_of_days_are_midnights_with_the_year_where_it_changes():
    first = (datetime(2026, 3, 1) - datetime(1970, 1, 1)).days
    assert ticks.days(first, first + 1.5, 4) == [(first, "1 Mar"), (first + 1, "2 Mar")]
    assert all(text[-4:] in ("2025", "2026") for _, text in ticks.days(first - 100, first, 4))
