"""The response of slanted edges against edges whose response is known."""

from collections.abc import Mapping

import numpy as np
import pytest

from station.calibration.draw import draw
from station.calibration.edge_line import Refusal
from station.calibration.edges import cut_edges
from station.calibration.layouts import load_layouts
from station.calibration.located import Located
from station.calibration.sfr import Response, mean_of, measure
from station.calibration.sharpness import sharpness
from station.model.calibration import Figure
from station.model.image import Pixels
from station.model.target import TargetKind, TargetLabel, TargetLayout
from station.settings import resources_dir
from tests.slanted import coded, crossing, edge, response

GOLDEN = ((3, 0.4), (3, 0.6), (5, 0.4), (5, 0.6), (5, 0.9), (8, 0.6), (8, 0.9), (-5, 0.6))
ACCEPTED = 0.01
"""Of modulation, up to half-sampling: what an implementation must keep."""


def measured(light: np.ndarray) -> Response:
    answer = measure(light)
    assert isinstance(answer, Response)
    return answer


@pytest.mark.parametrize(("degrees", "sd"), GOLDEN)
def test_the_response_is_that_of_the_drawn_edge(degrees: float, sd: float) -> None:
    found = measured(edge(degrees, sd, at=0.3))
    kept = found.frequencies <= 0.5
    truth = response(found.frequencies, degrees, sd)
    assert np.abs(found.values - truth)[kept].max() < ACCEPTED
    assert np.abs(found.corrected - truth)[kept].max() < ACCEPTED
    assert found.sfr50 == pytest.approx(crossing(0.5, degrees, sd), rel=0.03)
    assert found.sfr10 == pytest.approx(crossing(0.1, degrees, sd), rel=0.05)
    assert found.max_modulation < 1
    assert found.overshoot < 0.01
    assert not found.saturated


def test_the_correction_for_bins_takes_most_of_the_remaining_error_away() -> None:
    found = measured(edge(5, 0.4))
    at_half = response(np.array([0.5]), 5, 0.4)[0]
    assert found.at_half_sampling < at_half
    corrected = float(np.interp(0.5, found.frequencies, found.corrected))
    # The mean over a quarter pixel takes 1 - sinc(0.5 cos 5 / 4) = 2.5 % off.
    assert corrected / found.at_half_sampling == pytest.approx(1.026, abs=0.002)


def test_an_edge_that_falls_to_the_right_reads_like_its_mirror_image() -> None:
    rising = edge(5, 0.6)
    falling = measured(rising[:, ::-1])
    assert falling.sfr50 == pytest.approx(measured(rising).sfr50, rel=0.003)
    assert measured(1 - rising).sfr50 == pytest.approx(measured(rising).sfr50, rel=0.003)


def test_a_bent_edge_is_followed() -> None:
    straight = edge(5, 0.6, size=(140, 160))
    rows = np.arange(160)
    bow = np.rint(3 * ((rows - 80) / 80) ** 2).astype(int)  # whole pixels: nothing is resampled
    bent = np.stack([np.roll(row, by) for row, by in zip(straight, bow, strict=True)])[:, 5:-5]
    assert measured(bent).sfr50 == pytest.approx(crossing(0.5, 5, 0.6), rel=0.08)


# Standard deviation over 30 runs that the facts give for these noises, in cycles/px.
@pytest.mark.parametrize(("noise", "sfr50", "sfr10"), [(0.005, 0.0023, 0.008), (0.02, 0.0086, 0.031)])
def test_noise_moves_the_figures_no_more_than_it_must(noise: float, sfr50: float, sfr10: float) -> None:
    light, random = edge(5, 0.6), np.random.default_rng(7)
    runs = [measured(light + random.normal(0, noise, light.shape)) for _ in range(30)]
    # The spread of 30 runs is itself uncertain by 13 %.
    assert np.std([run.sfr50 for run in runs], ddof=1) < 1.3 * sfr50
    assert np.std([run.sfr10 for run in runs], ddof=1) < 1.3 * sfr10
    assert np.mean([run.sfr50 for run in runs]) == pytest.approx(crossing(0.5, 5, 0.6), rel=0.02)
    assert mean_of(runs).sfr10 == pytest.approx(crossing(0.1, 5, 0.6), rel=0.02)


def test_sharpening_shows_in_modulation_and_overshoot() -> None:
    light = edge(5, 0.9)
    blurred = (np.roll(light, 2, axis=1) + np.roll(light, -2, axis=1)) / 2
    found = measured((light + 0.8 * (light - blurred))[:, 4:-4])
    # Half of each neighbour two pixels away: the mask passes cos 4 pi f, and what it lacks is added 0.8 times.
    factor = 1 + 0.8 * (1 - np.cos(4 * np.pi * found.frequencies * np.cos(np.radians(5))))
    truth = (factor * response(found.frequencies, 5, 0.9))[found.frequencies <= 0.5]
    assert found.max_modulation == pytest.approx(truth.max(), abs=0.03)
    assert found.max_modulation > 1.02
    assert found.overshoot > 3


NO_EDGE_AT_ALL = np.full((80, 120), 0.5)
REFUSED = {
    "too_small": edge(5, 0.6, size=(120, 59)),
    "no_edge": NO_EDGE_AT_ALL,
    "low_contrast": edge(5, 0.6, levels=(0.5, 0.58)),
    "angle": edge(0.001, 0.6),
    "clipped": np.clip(edge(5, 0.9, levels=(0.02, 1.3)), 0, 1),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_measured_is_refused_with_its_reason(reason: str) -> None:
    assert measure(REFUSED[reason]) == reason


def test_more_that_cannot_be_measured() -> None:
    assert measure(edge(5, 0.6, size=(49, 80))) is Refusal.TOO_SMALL
    assert measure(np.zeros((0, 0))) is Refusal.TOO_SMALL
    assert measure(np.zeros((80, 120))) is Refusal.NO_EDGE
    assert measure(edge(20, 0.6, size=(140, 80))) is Refusal.ANGLE
    assert measure(edge(5, 0.6, at=40)) is Refusal.NO_EDGE
    assert measure(np.random.default_rng(1).uniform(0, 1, (80, 120))) is Refusal.NO_EDGE
    covered = edge(5, 0.6)
    covered[20:60] = 0.5
    assert isinstance(measure(covered), Refusal)


@pytest.mark.parametrize("sd", [0.05, 0.2, 0.5, 1.5])
def test_pure_black_and_white_is_measured_but_said_to_be_saturated(sd: float) -> None:
    found = measured(linear(edge(5, sd, size=(156, 160), levels=(0, 1))))
    assert found.saturated
    assert found.sfr50 == pytest.approx(crossing(0.5, 5, sd), rel=0.03)


@pytest.mark.parametrize("levels", [(0.0, 1.2), (-0.2, 1.0), (-0.2, 1.2)])
def test_an_edge_cut_at_either_end_or_both_is_clipped_and_not_sharper(levels: tuple[float, float]) -> None:
    assert measure(linear(edge(5, 0.9, size=(156, 160), levels=levels))) is Refusal.CLIPPED


def linear(light: np.ndarray) -> np.ndarray:
    """Send light through eight bits of sRGB and back."""
    code = coded(light) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


# -- the target ------------------------------------------------------------------------------------------------

LAYOUT = load_layouts(resources_dir() / "targets")[TargetKind.CARD]
DPI = 300
DRAWN_50, DRAWN_10 = 0.5905, 0.9029
"""The drawing has no blur but the pixel and the bins: sinc(f cos 5) sinc(f sin 5) sinc(f cos 5 / 4)."""


@pytest.fixture(scope="module")
def card() -> Pixels:
    return draw(LAYOUT, TargetLabel(LAYOUT.kind, LAYOUT.revision, "S1"), DPI)


def located(*, dpi: float = DPI, layout: TargetLayout = LAYOUT, quarter: bool = False) -> Located:
    """Say where the drawing lies: as drawn, or turned a quarter clockwise."""
    scale = dpi / 25.4
    upright = np.array([[scale, 0, -0.5], [0, scale, -0.5], [0, 0, 1]])
    height = round(layout.height * scale)
    turned = np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]]) @ upright
    return Located(layout, None, turned if quarter else upright, 90 if quarter else 0, 0.0, ())


def named(figures: tuple[Figure, ...]) -> Mapping[str, Figure]:
    return {figure.measure: figure for figure in figures}


def test_every_side_of_every_square_is_cut_out_and_measures_its_direction(card: Pixels) -> None:
    edges = cut_edges(card, located())
    assert len(edges) == 4 * len(LAYOUT.squares)
    assert {(edge.side, edge.direction) for edge in edges} == {
        ("left", "x"), ("right", "x"), ("top", "y"), ("bottom", "y"),
    }  # fmt: skip
    figures = named(sharpness(edges)[0])
    for name in ("sfr50_x", "sfr50_y", "sfr50_x_centre_left", "sfr50_y_top_right_bottom"):
        assert figures[name].value == pytest.approx(DRAWN_50, rel=0.03)
    assert figures["sfr10_x"].value == pytest.approx(DRAWN_10, rel=0.03)
    assert figures["sampling_efficiency"].value == 100
    assert figures["saturated_edges"].value == len(edges)
    assert not [figure for figure in figures.values() if figure.reason]


def test_a_turned_sheet_keeps_its_names_and_measures_the_other_direction(card: Pixels) -> None:
    turned = np.ascontiguousarray(np.rot90(card, -1))
    edges = cut_edges(turned, located(quarter=True))
    assert {(edge.side, edge.direction) for edge in edges} == {
        ("left", "y"), ("right", "y"), ("top", "x"), ("bottom", "x"),
    }  # fmt: skip
    assert named(sharpness(edges)[0])["sfr50_y_centre_left"].value == pytest.approx(DRAWN_50, rel=0.03)


def test_blur_along_one_direction_shows_in_that_direction_only(card: Pixels) -> None:
    light = np.array([linear_of(code) for code in range(256)])[card]
    smeared = (np.roll(light, 1, axis=1) + 2 * light + np.roll(light, -1, axis=1)) / 4
    figures, curves = sharpness(cut_edges(coded(smeared), located()))
    values = named(figures)
    assert values["sfr50_x"].value == pytest.approx(half_of_smeared(), rel=0.03)
    assert values["sfr50_y"].value == pytest.approx(DRAWN_50, rel=0.03)
    assert len(curves) == 2 * 4 * len(LAYOUT.squares)
    assert curves[0].points[0] == (0.0, 1.0)


def linear_of(code: int) -> float:
    value = code / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def half_of_smeared() -> float:
    f = np.linspace(0, 0.5, 50_001)
    smear = (1 + np.cos(2 * np.pi * f * np.cos(np.radians(5)))) / 2
    pixel = np.sinc(f * np.cos(np.radians(5))) * np.sinc(f * np.sin(np.radians(5)))
    return float(f[np.argmax(smear * pixel < 0.5)])


def test_a_covered_edge_takes_the_worst_figures_of_its_direction_away(card: Pixels) -> None:
    covered = card.copy()
    x, y = (round(at * DPI / 25.4) for at in LAYOUT.squares[0].centre)
    covered[y - 20 : y + 20, : x + 10] = 128
    figures = named(sharpness(cut_edges(covered, located()))[0])
    assert figures["sfr50_x"].value is None
    assert figures["sfr50_x"].reason in {"no_edge", "low_contrast", "angle"}
    assert figures["sfr50_y"].value is not None
    assert figures["sampling_efficiency"].value is None


def test_a_square_half_outside_the_picture_is_cut_off(card: Pixels) -> None:
    x = round(LAYOUT.squares[1].centre[0] * DPI / 25.4)
    figures = named(sharpness(cut_edges(np.ascontiguousarray(card[:, :x]), located()))[0])
    assert figures["sfr50_x"].reason == "cut_off"
    assert figures["sfr50_x_top_right_right"].reason == "cut_off"
    assert figures["sfr50_x_top_left_right"].value is not None


def test_too_coarse_a_scan_is_too_small() -> None:
    coarse = draw(LAYOUT, TargetLabel(LAYOUT.kind, LAYOUT.revision, "S1"), 150, colour=False)
    figures = named(sharpness(cut_edges(coarse, located(dpi=150)))[0])
    assert figures["sfr10_y"].reason == "too_small"


def test_one_clipped_channel_is_enough_to_refuse(card: Pixels) -> None:
    light = np.array([linear_of(code) for code in range(256)])[card]
    for _ in range(2):
        light = (np.roll(light, 1, axis=1) + 2 * light + np.roll(light, -1, axis=1)) / 4
    light = 0.02 + 0.8 * light
    light[:, :, 0] = np.clip(light[:, :, 0] * 1.6, 0, 1)
    figures = named(sharpness(cut_edges(coded(light), located()))[0])
    assert figures["sfr50_x"].reason == "clipped"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("degrees", [3, 5, 8])
@pytest.mark.parametrize("sd", [0.4, 0.6, 0.9, 1.2])
def test_another_open_implementation_agrees_within_three_percent(degrees: float, sd: float) -> None:
    other = pytest.importorskip("quickMTF.SFR_MTF", reason="pip install quickMTF for the independent check")

    class Wide(other.sfr_mtfcal):  # type: ignore[misc, name-defined]
        """Its own settings: a narrow window sharpens blurred edges by 5 %, wide bins blur sharp ones by 2 %."""

        def filter_window(self, lsf: np.ndarray, oversampling: int) -> object:
            return super().filter_window(lsf, oversampling, win_width_factor=3)

    light = edge(degrees, sd, size=(200, 120))
    table, _ = Wide().calc_sfr(light, oversampling=8)

    def theirs(level: float) -> float:
        after = int(np.argmax(table[:, 1] < level))
        return float(np.interp(level, table[[after, after - 1], 1], table[[after, after - 1], 0]))

    ours = measured(light)
    assert ours.sfr50 == pytest.approx(theirs(0.5), rel=0.03)
    assert ours.sfr10 == pytest.approx(theirs(0.1), rel=0.03)
