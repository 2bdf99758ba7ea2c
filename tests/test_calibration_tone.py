"""Lightness and white balance against a reference, and the evenness of a field, on pictures of known truth."""

import numpy as np
import pytest

from station.calibration.tone import tone
from station.calibration.uniformity import A4_GRID, cells_of, uniformity
from station.calibration.white_balance import white_balance
from station.model.calibration import Figure

STEPS = (95.0, 80.0, 65.0, 50.0, 35.0, 20.0, 15.0)
GREYS = {f"g{number}": (lightness, 0.0, 0.0) for number, lightness in enumerate(STEPS)}


def codes_of(lightness):
    """Return sRGB values (not rounded) of greys: CIE 15 and IEC 61966-2-1, backwards."""
    lightness = np.asarray(lightness, np.float64)
    y = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness * 27 / 24389)
    return 255 * np.where(y <= 0.0031308, 12.92 * y, 1.055 * np.maximum(y, 0) ** (1 / 2.4) - 0.055)


def patch(codes, random=None, grain: float = 0.0, side: int = 64):
    """A flat patch of one value, dithered by half a level so that its mean is the value, with grain."""
    random = random or np.random.default_rng(5)
    spread = random.uniform(-0.5, 0.5, (side, side, 3)) + random.normal(0, grain, (side, side, 3))
    return np.clip(np.rint(np.asarray(codes) + spread), 0, 255).astype(np.uint8)


def values(figures: tuple[Figure, ...]) -> dict[str, float | None]:
    return {figure.measure: figure.value for figure in figures}


def test_the_tone_error_of_a_bent_scan_is_found_to_0_3():
    random = np.random.default_rng(2)
    for _ in range(50):
        gamma, grain = random.uniform(0.8, 1.25), random.uniform(0, 3)
        black, white = random.uniform(0, 0.02), random.uniform(0.85, 1.0)
        y = black + (white - black) * ((np.array(STEPS) + 16) / 116) ** 3
        seen = 116 * np.cbrt(y**gamma) - 16
        greys = {f"g{n}": patch([code] * 3, random, grain) for n, code in enumerate(codes_of(seen))}
        found = values(tone(greys, GREYS)[0])
        assert found["delta_l_max"] == pytest.approx(np.abs(seen - STEPS).max(), abs=0.3)
        light = np.array(STEPS) >= 20
        assert found["delta_l_max_above_20"] == pytest.approx(np.abs(seen - STEPS)[light].max(), abs=0.3)
        gains = np.diff(seen) / np.diff(STEPS)
        assert found["gain_highlights_max"] == pytest.approx(gains[0], abs=0.05)
        assert found["gain_other_min"] == pytest.approx(gains[1:].min(), abs=0.05)
        assert found["tone_reversals"] == 0


def test_the_tone_curve_goes_from_dark_to_light_and_takes_both_rows_together():
    twice = GREYS | {f"h{name}": lab for name, lab in GREYS.items()}
    greys = {
        name: patch([float(codes_of(lab[0] - 2 * name.startswith("h")))] * 3) for name, lab in twice.items()
    }
    figures, (curve,) = tone(greys, twice)
    assert [x for x, _ in curve.points] == sorted(STEPS)
    assert [y for _, y in curve.points] == pytest.approx([step - 1 for step in sorted(STEPS)], abs=0.1)
    assert values(figures)["delta_l_max"] == pytest.approx(2, abs=0.1)
    assert values(figures)["gain_highlights_min"] == pytest.approx(1, abs=0.02)


def test_steps_in_the_wrong_order_are_counted():
    greys = {name: patch([float(codes_of(lab[0]))] * 3) for name, lab in GREYS.items()}
    greys["g2"], greys["g3"] = greys["g3"], greys["g2"]
    found = values(tone(greys, GREYS)[0])
    assert found["tone_reversals"] == 1
    assert found["gain_other_min"] == pytest.approx(-1, abs=0.02)


def test_a_target_without_light_steps_has_no_gain_there():
    dark = {name: lab for name, lab in GREYS.items() if lab[0] < 60}
    figures, _ = tone({name: patch([float(codes_of(lab[0]))] * 3) for name, lab in dark.items()}, dark)
    reasons = {figure.measure: figure.reason for figure in figures if figure.value is None}
    assert reasons == {"gain_highlights_min": "not_measured", "gain_highlights_max": "not_measured"}


def test_the_cast_of_a_tinted_scan_is_found_to_0_3_with_its_direction():
    random = np.random.default_rng(4)
    for _ in range(50):
        gains, grain = random.uniform(0.9, 1.0, 3), random.uniform(0, 3)
        light = ((np.array(STEPS)[:, None] + 16) / 116) ** 3 * gains
        codes = 255 * (1.055 * light ** (1 / 2.4) - 0.055)
        # XYZ under D50 of linear sRGB: the primaries adapted by Bradford (B. Lindbloom), over their sum.
        rows = np.array([[0.43607, 0.38507, 0.14308], [0.22250, 0.71688, 0.06062], [0.01393, 0.09710, 0.71417]])
        f = np.cbrt(light @ (rows / rows.sum(axis=1, keepdims=True)).T)
        a, b = 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])
        worst = int(np.argmax(np.hypot(a, b)))
        found = values(
            white_balance({f"g{n}": patch(rgb, random, grain) for n, rgb in enumerate(codes)}, GREYS)[0]
        )
        assert found["white_balance"] == pytest.approx(np.hypot(a, b)[worst], abs=0.3)
        assert found["cast_a"] == pytest.approx(a[worst], abs=0.5)
        assert found["cast_b"] == pytest.approx(b[worst], abs=0.5)


def test_the_colour_of_the_patch_itself_is_no_cast():
    grey = {"g": patch((128, 124, 118))}
    neutral = white_balance(grey, {"g": (52.0, 0.0, 0.0)})[0][0]
    assert neutral.value is not None and neutral.value > 3
    own = values(white_balance(grey, {"g": (52.0, *a_and_b((128, 124, 118)))})[0])
    assert own["white_balance"] == pytest.approx(0, abs=0.1)


def a_and_b(rgb):
    light = ((np.array(rgb) / 255 + 0.055) / 1.055) ** 2.4
    rows = np.array([[0.43607, 0.38507, 0.14308], [0.22250, 0.71688, 0.06062], [0.01393, 0.09710, 0.71417]])
    x, y, z = np.cbrt(rows @ light / rows.sum(axis=1))
    return 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("measure", [tone, white_balance])
@pytest.mark.parametrize(
    ("change", "reference", "reason"),
    [
        ({}, {}, "no_reference"),
        ({}, {"g1": GREYS["g1"]}, "incomplete_reference"),
        ({"g0": patch((255, 255, 255))}, GREYS, "clipped"),
        ({"g5": patch((200, 0, 200))}, GREYS, "clipped"),
        ({"g0": patch((240, 240, 240), side=31)}, GREYS, "too_small"),
    ],
)
def test_without_what_it_needs_there_is_no_value(measure, change, reference, reason: str):
    greys = {name: patch([float(codes_of(lab[0]))] * 3) for name, lab in GREYS.items()} | change
    figures, curves = measure(greys, reference)
    assert {(figure.value, figure.reason) for figure in figures} == {(None, reason)}
    assert all(figure.needs_reference for figure in figures)
    assert not curves


def test_a_grey_scanner_has_a_tone_and_no_white_balance():
    greys = {name: patch([float(codes_of(lab[0]))] * 3)[..., 0] for name, lab in GREYS.items()}
    assert values(tone(greys, GREYS)[0])["delta_l_max"] == pytest.approx(0, abs=0.1)
    assert {figure.reason for figure in white_balance(greys, GREYS)[0]} == {"grey_picture"}
    equal = {name: np.repeat(pixels[..., None], 3, axis=2) for name, pixels in greys.items()}
    assert {figure.reason for figure in white_balance(equal, GREYS)[0]} == {"grey_picture"}


def field(across: float, down: float, *, size=(420, 300)):
    """A sheet whose light falls linearly, by these parts from the left to the right and from the top down."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]]
    light = 0.8 * (1 - across * (x + 0.5) / size[1]) * (1 - down * (y + 0.5) / size[0])
    codes = 255 * (1.055 * light ** (1 / 2.4) - 0.055)
    noise = np.random.default_rng(6).uniform(-0.5, 0.5, (*size, 3))
    return np.rint(codes[..., None] + noise).astype(np.uint8), light


@pytest.mark.parametrize(("across", "down"), [(0.0, 0.0), (0.08, 0.0), (0.0, 0.1), (0.05, 0.2)])
def test_a_known_ramp_comes_back_in_all_its_numbers(across: float, down: float):
    pixels, light = field(across, down)
    figures, (chart,) = uniformity(cells_of(pixels, A4_GRID))
    # The middle of the outermost cells: 2 % and half of a cell of the remaining 96 % from each border.
    first_x, first_y = 0.02 + 0.48 / A4_GRID[1], 0.02 + 0.48 / A4_GRID[0]
    most = 0.8 * (1 - across * first_x) * (1 - down * first_y)
    least = 0.8 * (1 - across * (1 - first_x)) * (1 - down * (1 - first_y))
    found = values(figures)
    assert found["uniformity"] == pytest.approx(116 * (np.cbrt(most) - np.cbrt(least)), abs=0.1)
    assert found["uniformity_range"] == pytest.approx(100 * (1 - least / most), abs=0.2)
    inner = light[8:-8, 6:-6]
    assert found["uniformity_sd"] == pytest.approx(100 * inner.std() / inner.mean(), abs=0.25)
    assert found["uniformity_chroma"] == pytest.approx(0, abs=0.15)
    assert (len(chart.rows), len(chart.rows[0])) == A4_GRID
    assert chart.rows[0][0] == pytest.approx(116 * np.cbrt(most) - 16, abs=0.1)
    assert not any(figure.needs_reference for figure in figures)


def test_a_cast_on_one_side_of_the_field_is_chroma_and_not_lightness():
    pixels = np.full((200, 200, 3), (200, 200, 200), np.uint8)
    pixels[:, 100:, 2] = 190
    found = values(uniformity(cells_of(pixels, (4, 4)))[0])
    assert found["uniformity_chroma"] == pytest.approx(
        np.hypot(*np.subtract(*map(a_and_b, ((200, 200, 200), (200, 200, 190))))), abs=1e-3
    )
    assert found["uniformity"] < 1


def test_light_beyond_the_scale_is_not_even_light():
    burnt, dark = np.full((100, 100, 3), 255, np.uint8), np.full((100, 100), 0, np.uint8)
    for pixels in (burnt, dark):
        figures, charts = uniformity(cells_of(pixels, (4, 4)))
        assert {(figure.value, figure.reason) for figure in figures} == {(None, "clipped")}
        assert not charts


def test_a_field_needs_two_cells_with_pixels():
    grey = np.full((50, 50), 200, np.uint8)
    assert uniformity([[grey]])[0][0].reason == "not_measured"
    assert uniformity([[grey, grey[:0]]])[0][0].reason == "too_small"
    assert uniformity([[grey, grey]])[0][0].value == 0
