"""Streaks, banding, specks and ambient light, on blank sheets that are drawn with known faults.

A sheet is L* 90 with normal noise, 300 ppi unless said; a pixel is 25.4 / 300 = 0.08467 mm wide.
"""

from math import pi, sqrt

import numpy as np
import pytest

from station.calibration.ambient import ambient_closed
from station.calibration.banding import banding
from station.calibration.blank_zone import BlankZone, Floats
from station.calibration.specks import specks
from station.calibration.streaks import streaks
from station.model.calibration import Figure

PPI = 300
PIXEL = 25.4 / PPI
PAPER = 90.0


def sheet(
    width_mm: float = 60, height_mm: float = 50, *, noise: float = 1.0, seed: int = 1, ppi: float = PPI
) -> Floats:
    """Draw a blank piece of paper."""
    shape = round(height_mm * ppi / 25.4), round(width_mm * ppi / 25.4)
    return PAPER + noise * np.random.default_rng(seed).standard_normal(shape)


def zone(lightness: Floats, *, ppi: float = PPI, corner: tuple[float, float] = (0.0, 0.0)) -> BlankZone:
    return BlankZone(lightness, (ppi, ppi), corner)


def values(figures: tuple[Figure, ...]) -> dict[str, float | None]:
    return {figure.measure: figure.value for figure in figures}


def coded(lightness: Floats) -> Floats:
    """Round L* as eight bits do: near white a code is about 0.36 L*."""
    return np.rint(lightness / 0.36) * 0.36


def with_disc(lightness: Floats, x_mm: float, y_mm: float, diameter_mm: float, depth: float) -> None:
    """Darken a disc, by the share of each pixel that it covers (on 16 by 16 points)."""
    rows, columns = lightness.shape
    fine = (np.arange(16) + 0.5) / 16
    reach = diameter_mm / 2 + PIXEL
    top, bottom = (round((y_mm + side * reach) / PIXEL) for side in (-1, 1))
    left, right = (round((x_mm + side * reach) / PIXEL) for side in (-1, 1))
    ys = (np.arange(top, bottom)[:, None] + fine).ravel() * PIXEL - y_mm
    xs = (np.arange(left, right)[:, None] + fine).ravel() * PIXEL - x_mm
    inside = ys[:, None] ** 2 + xs**2 <= (diameter_mm / 2) ** 2
    cover = inside.reshape(bottom - top, 16, right - left, 16).mean(axis=(1, 3))
    assert 0 < top < bottom < rows and 0 < left < right < columns
    lightness[top:bottom, left:right] -= depth * cover


# -- streaks --------------------------------------------------------------------------------------------------


def test_a_streak_is_found_where_it_was_drawn_as_wide_and_as_deep() -> None:
    lightness = sheet()
    lightness[:, 200:204] -= 1.5  # 4 columns, their middle on the border of 201 and 202
    lightness[:, 500] += 1.0
    found = streaks(zone(lightness, corner=(10.0, 20.0))).upright
    assert [streak.at_mm for streak in found] == pytest.approx([10 + 202 * PIXEL, 10 + 500.5 * PIXEL], abs=0.02)
    assert [streak.width_mm for streak in found] == pytest.approx([4 * PIXEL, PIXEL], rel=0.1)
    # The mean of 591 rows with noise of 1 L* is sure to 1 / sqrt(591) = 0.04, four times that is allowed.
    assert [streak.depth for streak in found] == pytest.approx([-1.5, 1.0], abs=0.16)


def test_a_row_that_the_transport_lost_is_a_level_streak() -> None:
    lightness = sheet()
    lightness[300] -= 2.0
    result = streaks(zone(lightness))
    assert result.upright == ()
    figures = values(result.figures)
    assert figures["streaks"] == figures["streaks_y"] == 1
    assert figures["streak_depth_y"] == pytest.approx(2.0, abs=0.16)
    assert figures["streak_place_y"] == pytest.approx(300.5 * PIXEL, abs=0.01)
    assert figures["streak_place_x"] is None


@pytest.mark.parametrize("rim", [0, 1, -1])
def test_a_streak_at_the_rim_of_the_zone_counts(rim: int) -> None:
    lightness = sheet()
    lightness[:, rim] -= 1.5
    assert len(streaks(zone(lightness)).upright) == 1


def test_noise_makes_no_streaks() -> None:
    # 20 sheets of 709 columns and 591 rows: 26000 · 5.7e-7 = 0.015 streaks are expected by chance.
    found = [streaks(zone(coded(sheet(seed=seed, noise=2.0)))) for seed in range(20)]
    assert sum(len(each.upright) + len(each.level) for each in found) == 0


def test_a_lamp_that_falls_off_makes_no_streaks_on_a_sheet_without_noise() -> None:
    lightness = sheet(noise=0)
    lightness -= 6 * np.linspace(-1, 1, lightness.shape[1]) ** 2
    assert streaks(zone(coded(lightness))).upright == ()


# -- banding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [0.7, 3.14, 12.0])
def test_a_sine_gives_its_period_and_its_amplitude(period: float) -> None:
    lightness = sheet()
    places = (np.arange(len(lightness)) + 0.5) * PIXEL
    lightness += 0.5 * np.sin(2 * pi * places / period + 1)[:, None]
    result = banding(zone(coded(lightness)))
    assert result.x.peak is None
    peak = result.y.peak
    assert peak is not None
    assert peak.period_mm == pytest.approx(period, rel=0.01)
    assert peak.amplitude == pytest.approx(0.5, rel=0.05)
    # The rms of a sine is its amplitude over the root of 2; the noise adds 1 / sqrt(709) = 0.04 in squares.
    assert values(result.figures)["banding"] == pytest.approx(0.5 / sqrt(2), rel=0.06)


def test_noise_makes_no_banding() -> None:
    # 30 sheets, two axes, 0.001 false peaks each: 0.06 are expected by chance.
    results = [banding(zone(coded(sheet(seed=seed, noise=3.0)))) for seed in range(30)]
    assert [axis.peak for each in results for axis in (each.x, each.y) if axis.peak] == []


def test_the_rms_of_noise_is_what_averaging_leaves_of_it() -> None:
    # The mean of 591 rows has a sigma of 3 / sqrt(591) = 0.1234; of its spectrum up to 5.906 cycles/mm the band
    # holds from 0.05 to 2: the root of 1.95 / 5.906 of it.
    rms = [banding(zone(sheet(seed=seed, noise=3.0))).x.rms for seed in range(10)]
    assert None not in rms
    assert np.mean(np.asarray(rms, float)) == pytest.approx(0.1234 * sqrt(1.95 / 5.906), rel=0.05)


def test_a_period_that_does_not_fit_three_times_is_not_claimed() -> None:
    lightness = sheet(height_mm=30)
    places = (np.arange(len(lightness)) + 0.5) * PIXEL
    lightness += 0.5 * np.sin(2 * pi * places / 25)[:, None]
    peak = banding(zone(lightness)).y.peak
    assert peak is None or peak.period_mm <= 10


# -- specks ---------------------------------------------------------------------------------------------------


def test_specks_are_found_where_they_were_drawn_and_as_large() -> None:
    lightness = sheet()
    drawn = [(12.03, 9.51, 0.3), (40.2, 31.77, 0.6), (20.5, 40.1, 2.5)]
    for x, y, diameter in drawn:
        with_disc(lightness, x, y, diameter, 30)
    found = sorted(specks(zone(lightness)).found, key=lambda speck: speck.area_mm2)
    assert len(found) == 3
    for speck, (x, y, diameter) in zip(found, drawn, strict=True):
        assert (speck.x_mm, speck.y_mm) == pytest.approx((x, y), abs=0.02)
        assert speck.area_mm2 == pytest.approx(pi * diameter**2 / 4, rel=0.12)
        assert speck.diameter_mm == pytest.approx(diameter, abs=PIXEL)
        assert speck.depth == pytest.approx(-30, abs=4)


def test_a_fibre_is_measured_from_end_to_end() -> None:
    lightness = sheet()
    lightness[200:202, 100:160] -= 20
    (fibre,) = specks(zone(lightness)).found
    assert fibre.diameter_mm == pytest.approx(60 * PIXEL, abs=2 * PIXEL)
    assert fibre.area_mm2 == pytest.approx(120 * PIXEL**2, rel=0.2)


def test_specks_are_counted_for_a_hundred_square_centimetres() -> None:
    lightness = sheet()
    for x in (10, 20, 30):
        with_disc(lightness, x, 25, 0.4, 25)
    result = specks(zone(lightness))
    # The sheet measures 709 by 591 pixels, 30.03 cm².
    assert values(result.figures)["specks"] == pytest.approx(3 * 100 / 30.03, rel=1e-3)
    assert result.curve.points == tuple((speck.x_mm, speck.y_mm) for speck in result.found)


@pytest.mark.parametrize("noise", [0.0, 1.0, 2.5])
def test_noise_makes_no_specks(noise: float) -> None:
    # An A4 sheet of 300 ppi at once; at most 0.00001 pairs of neighbours are expected beyond 5 sigmas.
    lightness = sheet(210, 297, noise=noise)
    assert specks(zone(coded(lightness))).found == ()


def test_a_dark_pixel_alone_and_a_faint_stain_are_no_specks() -> None:
    lightness = sheet()
    lightness[100, 100] -= 40
    with_disc(lightness, 30, 30, 1.0, 3)
    assert specks(zone(lightness)).found == ()


def test_a_light_speck_counts_too() -> None:
    lightness = sheet() - 30
    with_disc(lightness, 30, 30, 0.5, -20)
    (speck,) = specks(zone(lightness)).found
    assert speck.depth == pytest.approx(20, abs=4)


# -- zones ----------------------------------------------------------------------------------------------------


def test_codes_become_lightness() -> None:
    # IEC 61966-2-1 and CIE 15: code 119 is ((0.46667 + 0.055) / 1.055)^2.4 = 0.18447 of white, L* 50.03.
    grey = np.array([[0, 119, 255]], np.uint8)
    assert BlankZone.of(grey, (PPI, PPI)).lightness[0] == pytest.approx((0, 50.03, 100), abs=0.01)
    colour = np.repeat(grey[..., None], 3, axis=2)
    assert BlankZone.of(colour, (PPI, PPI)).lightness[0] == pytest.approx((0, 50.03, 100), abs=0.01)


def test_each_axis_has_its_own_resolution() -> None:
    lightness = sheet()
    lightness[:, 100] -= 3
    lightness[200] -= 3
    result = streaks(BlankZone(lightness, (300, 150), (5.0, 7.0)))
    assert result.upright[0].at_mm == pytest.approx(5 + 100.5 * 25.4 / 300, abs=0.01)
    assert result.level[0].at_mm == pytest.approx(7 + 200.5 * 25.4 / 150, abs=0.02)


# -- zones that say nothing -----------------------------------------------------------------------------------


def refused() -> list[tuple[BlankZone, str]]:
    return [(zone(sheet(60, 4)), "too_small"), (zone(np.full((600, 600), 100.0)), "clipped")]


@pytest.mark.parametrize(("blank", "reason"), refused())
def test_a_zone_that_cannot_be_judged_gives_a_reason_and_no_value(blank: BlankZone, reason: str) -> None:
    figures = (*streaks(blank).figures, *banding(blank).figures, *specks(blank).figures)
    assert {(figure.value, figure.reason) for figure in figures} == {(None, reason)}
    assert {figure.measure for figure in figures} >= {"streaks", "banding", "specks"}


def test_a_clean_zone_gives_zeros_and_no_place() -> None:
    blank = zone(sheet())
    figures = (*streaks(blank).figures, *banding(blank).figures, *specks(blank).figures)
    known = values(figures)
    assert (known["streaks"], known["specks"], known["banding_amplitude_y"]) == (0, 0, 0)
    empty = {figure.measure for figure in figures if figure.reason == "none_found"}
    assert empty == {
        *("streak_width_x", "streak_width_y", "streak_place_x", "streak_place_y"),
        *("banding_period_x", "banding_period_y", "speck_x", "speck_y"),
    }


# -- ambient light --------------------------------------------------------------------------------------------


def test_light_through_a_lid_is_its_share_of_white_and_shows_the_side() -> None:
    dark = np.full((480, 660), 0.001)
    dark[:, 550:] = 0.02  # one column of six cells lets light in
    result = ambient_closed(dark)
    # (5 · 0.1 % + 2 %) / 6 = 0.41667 %
    assert result.mean == pytest.approx(0.41667, abs=1e-4)
    assert result.worst == pytest.approx(2.0)
    assert result.map is not None
    assert result.map.rows[0] == pytest.approx((0.1, 0.1, 0.1, 0.1, 0.1, 2.0))
    assert len(result.map.rows) == 8


@pytest.mark.parametrize(
    ("dark", "reason"), [(np.zeros((60, 480)), "too_small"), (np.ones((480, 480)), "clipped")]
)
def test_a_frame_that_says_nothing_about_ambient_light_says_why(dark: Floats, reason: str) -> None:
    assert {(figure.value, figure.reason) for figure in ambient_closed(dark).figures} == {(None, reason)}
