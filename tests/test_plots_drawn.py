"""Each plot of a calibration: what is drawn lies where its values say, and one sentence says the same."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from station.model.calibration import Map
from station.model.calibration_chart import DriftChart, DriftPoint
from station.model.quality import Finding, Limit, Status
from tests.plotted import (
    ACROSS,
    ALONG,
    BEGIN,
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
    items,
    levels,
    lines,
    marks,
    shown,
    window_of,
)
from ui.theme import apply_theme
from ui.widgets.plots import ticks
from ui.widgets.plots.bars import PatchBars
from ui.widgets.plots.drift import Drift
from ui.widgets.plots.heat_map import HeatMap
from ui.widgets.plots.items import Arrows, Cells
from ui.widgets.plots.legend import Symbol
from ui.widgets.plots.points import crossing
from ui.widgets.plots.sfr_curves import SfrCurves
from ui.widgets.plots.tolerance_bars import ToleranceBars, used
from ui.widgets.plots.tone_curve import ToneCurve
from ui.widgets.plots.vectors import Vectors


@pytest.fixture(autouse=True)
def _dressed(qapp):
    yield from dressed(qapp)


# -- sharpness ------------------------------------------------------------------------------------------------


def test_a_curve_falls_to_a_level_between_its_points():
    assert crossing(ACROSS.points, 0.5) == pytest.approx(0.25)
    assert crossing(ALONG.points, 0.1) is None
    assert crossing((), 0.5) is None


def test_the_weakest_edge_stands_out_with_its_two_marks_and_what_was_before(qtbot):
    plot = shown(qtbot, SfrCurves())
    plot.show_curves([SHARPER, ACROSS, ALONG, CORRECTED], [SHARPER])
    found = marks(plot)
    assert found["o"] == [pytest.approx((0.25, 0.5)), pytest.approx((0.5, 0.5))]
    assert found["d"] == [pytest.approx((0.45, 0.1))]
    assert levels(plot, angle=90) == [0.5]
    drawn = lines(plot)
    assert [points for points, style in drawn if style is Qt.PenStyle.CustomDashLine] == [list(SHARPER.points)]
    assert list(CORRECTED.points) not in [points for points, _ in drawn]
    assert plot.sentence == (
        "On the weakest edge across, half of the contrast is left at 0.25 and a tenth at 0.45 cycles/px "
        "(before: 0.38 and 0.68); along, half of the contrast is left at 0.50 and a tenth at > 0.60 cycles/px."
    )


# -- tone -----------------------------------------------------------------------------------------------------


def test_each_grey_step_has_its_point_and_its_error(qtbot):
    plot = shown(qtbot, ToneCurve())
    plot.show_curve(TONE, replace(TONE, points=((20.0, 18.0), (50.0, 50.0))), limit=5.0)
    assert marks(plot)["o"] == list(TONE.points)
    errors = [(pytest.approx((x0 + x1) / 2), y0, y1, beyond) for x0, x1, y0, y1, beyond in bars(plot, 1)]
    assert errors == [(20.0, 0, 1.0, False), (50.0, -6.0, 0, True), (90.0, 0, 0.5, False)]
    assert set(levels(plot, 1)) == {0, 5.0, -5.0}
    assert lines(plot, 1) == [([(20.0, -2.0), (50.0, 0.0)], Qt.PenStyle.CustomDashLine)]
    assert plot.sentence == (
        "The worst of 3 grey steps, at L* 50, comes out 6.0 L* too dark (worst before: 2.0); the limit is 5.0."
    )


# -- fields ---------------------------------------------------------------------------------------------------


def contrast(one, other) -> float:
    """The ratio of WCAG 2.2."""

    def light(colour) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cell_with_less_light_is_darker_and_its_number_can_be_read(qtbot, qapp, scheme):
    apply_theme(qapp, scheme)
    plot = shown(qtbot, HeatMap())
    plot.show_map(FIELD)
    (cells,) = items(plot, "Cells")
    assert isinstance(cells, Cells)
    row = [cell for row in cells.rows for cell in row]
    assert [cell.text for cell in row] == ["90.0", "92.0", "93.0", "94.0", "95.0", "96.0"]
    lightness = [cell.ground.lightness() for cell in row]
    assert lightness == sorted(lightness) and len(set(lightness)) == 6
    ink = qapp.palette().windowText().color()
    assert all(contrast(cell.ground, ink) >= 4.5 for cell in row)


def test_cells_beyond_the_limit_are_framed(qtbot):
    plot = shown(qtbot, HeatMap())
    plot.show_map(FIELD, limit=3.0)
    (cells,) = items(plot, "Cells")
    assert [[cell.marked for cell in row] for row in cells.rows] == [[True, True, False], [False] * 3]
    assert [key.symbol for key in plot.keys] == [Symbol.SQUARE]
    assert plot.sentence == "From 90.0 to 96.0 L*, a range of 6.0; lowest at the top left; the limit is 3.0."


def test_an_even_field_is_not_painted_as_uneven(qtbot):
    plot = shown(qtbot, HeatMap())
    plot.show_map(Map("uniformity", "L*", ((95.0, 95.02),)), limit=3.0)
    (cells,) = items(plot, "Cells")
    one, other = (cell.ground for cell in cells.rows[0])
    assert abs(one.lightness() - other.lightness()) <= 2
    assert plot.keys == ()


def test_an_arrow_goes_from_where_a_place_belongs_to_where_it_lies(qtbot):
    plot = shown(qtbot, Vectors())
    plot.show_maps(RIGHT, DOWN)
    # Lengths 0.5, 0, 0, 0.1: rms 0.255; the nearest round number to it is 0.2.
    (arrows,) = items(plot, "Arrows")
    assert isinstance(arrows, Arrows)
    begin, end = arrows.lines[0]
    assert (begin.x(), begin.y()) == (0.5, 0.5)
    assert (end.x(), end.y()) == pytest.approx((0.5 + 0.3 / 0.2, 0.5 + 0.4 / 0.2))
    assert arrows.lines[1][0] == arrows.lines[1][1]
    assert plot.sentence == (
        "Places lie 0.25 px off (rms), at most 0.50 px, at the top left; "
        "arrows are drawn so that one square of the grid is 0.2 px."
    )


def test_no_distortion_at_all_has_arrows_of_no_length(qtbot):
    plot = shown(qtbot, Vectors())
    flat = Map("distortion_x", "px", ((0.0, 0.0),))
    plot.show_maps(flat, flat)
    assert "at most 0.00 px" in plot.sentence
    assert not plot.grab().isNull()


# -- bars -----------------------------------------------------------------------------------------------------


def test_a_patch_beyond_the_limit_is_hatched(qtbot):
    plot = shown(qtbot, PatchBars())
    plot.show_patches(COLOURS, 5.0, 4.0)
    drawn = [(pytest.approx((x0 + x1) / 2), y0, y1, beyond) for x0, x1, y0, y1, beyond in bars(plot)]
    assert drawn == [(1.0, 0, 1.0, False), (2.0, 0, 2.0, False), (3.0, 0, 6.0, True)]
    assert levels(plot) == [3.0, 4.0, 5.0]
    # 90 % between order statistics: 2 + 0.8 * (6 - 2).
    assert plot.sentence == (
        "3 patches are 3.0 ΔE00 off on average, nine in ten at most 5.2, the worst 6.0 (patch 3); "
        "the limit of the worst is 5.0."
    )


@pytest.mark.parametrize(
    ("raw", "limit", "share"),
    [
        (0.25, Limit(-1, 1), 0.25),
        (297.0, Limit(294, 306), 0.5),
        (3.0, Limit(high=2), 1.5),
        (80.0, Limit(low=60), 0.75),
        (-1.0, Limit(high=2), 0.0),
        (1.0, Limit(), None),
        (None, Limit(high=2), None),
        (1.0, Limit(1, 1), None),
        (1.0, Limit(high=0), None),
    ],
)
def test_how_much_of_a_tolerance_is_used(raw, limit, share):
    assert used(Finding("noise", Status.PASS, raw, limit=limit)) == share


def test_the_figure_that_uses_most_stands_first_and_one_line_ends_them_all(qtbot):
    plot = shown(qtbot, ToleranceBars())
    plot.show_findings([SKEW, NOISE])
    assert [(x1, beyond) for _, x1, _, _, beyond in bars(plot)] == [(1.5, True), (0.25, False)]
    assert levels(plot, angle=90) == [1]
    assert plot.sentence == "1 of 2 figures break their tolerance; “Noise” is at 150 % of it."
    plot.show_findings([SKEW])
    assert plot.sentence == "All 1 figures keep their tolerance; “Slant of the target” uses most of it, 25 %."


# -- drift ----------------------------------------------------------------------------------------------------


def test_runs_lie_at_their_days_and_signals_are_told_by_shape(qtbot):
    plot = shown(qtbot, Drift())
    plot.show_chart(CHART)
    found = marks(plot)
    days = [x for x, _ in found["o"]]
    assert days == pytest.approx([ticks.day_of(BEGIN) + n for n in range(9)])
    assert [y for _, y in found["o"]] == pytest.approx([300.0 + 0.1 * n for n in range(9)])
    assert found["x"] == [pytest.approx((ticks.day_of(day(9)), 300.9))]
    assert found["d"] == [pytest.approx((ticks.day_of(day(9)), 300.9))]
    assert found["s"] == [pytest.approx((ticks.day_of(day(7)), 300.7))]  # where the pattern begins to hold
    assert {300.2, 299.9, 300.5, 299.0, 301.0} == set(levels(plot))
    assert levels(plot, angle=90) == [pytest.approx(ticks.day_of(day(12)))]
    upright = [i.getRegion() for i in items(plot, "LinearRegionItem") if i.orientation == "vertical"]
    assert upright == [pytest.approx((ticks.day_of(day(11)), ticks.day_of(day(14))))]


def test_the_sentence_says_value_control_and_forecast(qtbot):
    plot = shown(qtbot, Drift())
    plot.show_chart(CHART)
    assert plot.sentence == (
        "Resolution across was 300.9 ppi on 11 Mar 2026, the last of 10 calibrations; it signals a change "
        "(beyond the control limits); it leaves its tolerance between 13 Mar 2026 and 16 Mar 2026."
    )
    assert plot.accessibleName() == "Drift: Resolution across"
    plot.show_chart(replace(CHART, signals=(), latest=None, leaves=None))
    assert plot.sentence.endswith("it is in control; it may leave its tolerance from 13 Mar 2026 on.")
    plot.show_chart(replace(CHART, signals=CHART.signals[:1], soonest=None, leaves=None, latest=None))
    assert plot.sentence.endswith("it is in control now, signals before: 1.")


def test_without_a_baseline_there_are_points_and_no_promises(qtbot):
    plot = shown(qtbot, Drift())
    plot.show_chart(DriftChart("noise", "L*", (DriftPoint(day(0), 0.5, True),)))
    assert marks(plot) == {"o": [pytest.approx((ticks.day_of(BEGIN), 0.5))]}
    assert levels(plot) == []
    assert plot.sentence.endswith("too few for control limits that can be trusted.")


def test_a_tolerance_far_away_does_not_flatten_the_points(qtbot):
    plot = shown(qtbot, Drift())
    plot.show_chart(replace(CHART, tolerance_low=200.0, tolerance_high=400.0))
    _, (low, high) = window_of(plot)
    assert 299 < low < 300 and 300.9 < high < 302
    assert "Tolerance 200.0 to 400.0 (beyond the picture)" in [key.text for key in plot.keys]


def test_a_forecast_far_ahead_is_told_in_words_alone(qtbot):
    plot = shown(qtbot, Drift())
    plot.show_chart(replace(CHART, soonest=day(100), leaves=day(200), latest=None))
    (_, last), _ = window_of(plot)
    assert last < ticks.day_of(day(30))
    assert [i for i in items(plot, "LinearRegionItem") if i.orientation == "vertical"] == []
    assert "from 10 Jun 2026 on" in plot.sentence
