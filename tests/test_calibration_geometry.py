"""Resolution, skew, squareness and distortion against grids whose truth is arithmetic."""

from collections.abc import Callable

import numpy as np
import pytest

from station.calibration.geometry import Geometry, measure_geometry
from station.calibration.label import text_of
from station.calibration.locate import locate
from station.calibration.located import Feature, Located
from station.model.calibration import Figure
from station.model.target import TargetKind
from tests.laid_targets import LABELS, LAYOUTS, Array, drawn, laid, steps

A4, CARD = TargetKind.A4, TargetKind.CARD


def seen(
    grid: Array,
    shift: Callable[[Array], Array] = lambda pixels: np.zeros_like(pixels),
    turned: int = 0,
    kind: TargetKind = A4,
) -> Located:
    """Return what was found of a sheet on a device's grid; `shift` moves each mark from where it should lie."""
    layout = LAYOUTS[kind]
    marks = [*layout.fiducials, *layout.dots]
    sheet = np.array([mark.centre for mark in marks])
    pixels = (sheet - (layout.width / 2, layout.height / 2)) @ np.linalg.inv(grid).T + (1300, 1800)
    pixels = pixels + shift(pixels)
    features = [
        Feature(mark.id, mark.centre, (float(x), float(y))) for mark, (x, y) in zip(marks, pixels, strict=True)
    ]
    return Located(layout, LABELS[kind], np.eye(3), turned, 0.0, tuple(features))


def figures(geometry: Geometry) -> dict[str, Figure]:
    return {figure.measure: figure for figure in geometry.figures}


def values(geometry: Geometry) -> dict[str, float | None]:
    return {figure.measure: figure.value for figure in geometry.figures}


def left_by_an_affine_fit(located: Located) -> Array:
    """Return what is left of each mark's place, in px, by numpy alone."""
    sheet = np.array([(*mark.sheet, 1.0) for mark in located.features])
    pixels = np.array([mark.pixel for mark in located.features])
    return np.asarray(pixels - sheet @ np.linalg.lstsq(sheet, pixels, rcond=None)[0])


@pytest.mark.parametrize("skew", [-5, -0.4, 0, 2.5, 5])
@pytest.mark.parametrize(("ppi", "out_of_square"), [((300, 300), 0), ((294, 306), 0.3), ((606, 594), -0.2)])
def test_the_grid_of_a_device_is_recovered_however_the_sheet_lies(
    ppi: tuple[float, float], out_of_square: float, skew: float
) -> None:
    measured = values(measure_geometry(seen(steps(ppi, skew, out_of_square)), claimed=(300, 300)))
    assert measured["resolution_x"] == pytest.approx(ppi[0], rel=1e-9)
    assert measured["resolution_y"] == pytest.approx(ppi[1], rel=1e-9)
    assert measured["resolution_error_x"] == pytest.approx(100 * (ppi[0] / 300 - 1), abs=1e-6)
    assert measured["resolution_error_y"] == pytest.approx(100 * (ppi[1] / 300 - 1), abs=1e-6)
    assert measured["anisotropy"] == pytest.approx(100 * (ppi[0] / ppi[1] - 1), abs=1e-6)
    assert measured["skew"] == pytest.approx(skew, abs=1e-9)
    assert measured["orthogonality"] == pytest.approx(out_of_square, abs=1e-9)
    assert measured["distortion"] == pytest.approx(0, abs=1e-9)


def test_a_card_that_lies_across_is_measured_along_the_picture_and_is_not_skewed() -> None:
    measured = values(measure_geometry(seen(steps((300, 310), 91), turned=90, kind=CARD)))
    assert measured["resolution_x"] == pytest.approx(300, rel=1e-9)
    assert measured["resolution_y"] == pytest.approx(310, rel=1e-9)
    assert measured["skew"] == pytest.approx(1, abs=1e-9)


def test_a_device_that_claims_no_resolution_has_no_error_of_it() -> None:
    error = figures(measure_geometry(seen(steps((300, 300), 0))))["resolution_error_x"]
    assert (error.value, error.reason) == (None, "no_claim")


def test_a_wave_of_the_transport_is_distortion_of_its_own_size() -> None:
    """A sine of 3 px has an rms of 3 / sqrt(2) px; over ten waves the affine fit takes nothing away."""
    length = 267 * 300 / 25.4 / 10
    wave = lambda pixels: np.column_stack((0 * pixels[:, 0], 3 * np.sin(2 * np.pi * pixels[:, 1] / length)))  # noqa: E731
    located = seen(steps((300, 300), 0.5), wave)
    geometry = measure_geometry(located)
    measured = values(geometry)
    assert measured["distortion"] == pytest.approx(3 / 2**0.5, rel=0.06)
    assert measured["distortion_max"] == pytest.approx(np.hypot(*left_by_an_affine_fit(located).T).max())
    across, down = geometry.curves
    assert (
        max(abs(value) for _, value in across.points) < 0.1 < 1.5 < max(abs(value) for _, value in down.points)
    )
    assert abs(measured["local_scale_y"] or 0) > 0.1 > 0.02 > abs(measured["local_scale_x"] or 0)


def test_a_barrel_is_measured_to_a_tenth_of_a_pixel() -> None:
    def barrel(pixels: Array) -> Array:
        away = pixels - (1300, 1800)
        return np.asarray(-4e-9 * away * (away**2).sum(axis=1, keepdims=True))

    located = seen(steps((300, 300), 0), barrel)
    left = left_by_an_affine_fit(located)
    truth = np.sqrt((left**2).sum(axis=1).mean())
    geometry = measure_geometry(located)
    assert truth > 3
    assert values(geometry)["distortion"] == pytest.approx(truth, abs=1e-6)
    for drawing, at in zip(geometry.maps, (0, 1), strict=True):
        assert {len(row) for row in drawing.rows} == {9} and len(
            drawing.rows
        ) == 13  # 180 x 267 mm in cells of 20
        assert abs(np.array(drawing.rows)).max() == pytest.approx(abs(left[:, at]).max(), rel=0.4)


def test_dust_on_two_dots_changes_nothing() -> None:
    def dust(pixels: Array) -> Array:
        off = np.zeros_like(pixels)
        off[[40, 90]] = (2.0, -1.5)
        return off

    measured = values(measure_geometry(seen(steps((300, 300), 1), dust)))
    assert measured["distortion"] == pytest.approx(0, abs=1e-6)


def test_noise_of_the_centres_is_within_the_stated_uncertainty() -> None:
    """0.05 px of noise: resolution to 0.01 %; skew and squareness within their own k = 2 nine times in ten."""
    within = 0
    for seed in range(40):
        noise = np.random.default_rng(seed).normal(0, 0.05, (len(LAYOUTS[A4].dots) + 4, 2))
        measured = figures(measure_geometry(seen(steps((300, 300), 2), lambda _, noise=noise: noise)))
        assert measured["resolution_x"].value == pytest.approx(300, rel=1e-4)
        assert measured["resolution_y"].value == pytest.approx(300, rel=1e-4)
        assert (measured["resolution_x"].uncertainty or 0) >= 0.0015 * 300 * 0.999
        skew, square = measured["skew"], measured["orthogonality"]
        within += abs((skew.value or 0) - 2) <= (skew.uncertainty or 0)
        within += abs(square.value or 0) <= (square.uncertainty or 0)
    assert within >= 0.9 * 80


@pytest.mark.parametrize(
    ("kind", "ppi", "skew", "noise", "size"),
    [
        (A4, (150.9, 149.4), -4.2, 4, (1420, 1890)),
        (A4, (200, 201), 1.7, 2, (1760, 2420)),
        (CARD, (151, 150), 3.1, 2, (560, 380)),
        (CARD, (298, 301), -2.2, 4, (1080, 720)),
    ],
)
def test_scanned_targets_give_resolution_skew_and_no_distortion(
    kind: TargetKind, ppi: tuple[float, float], skew: float, noise: float, size: tuple[int, int]
) -> None:
    """The accuracy that is asked for: 0.1 %, 0.02 degrees, 0.1 px rms."""
    pixels, _ = laid(kind, steps(ppi, skew, 0.1), size, noise=noise)
    measured = values(measure_geometry(locate(pixels, LAYOUTS, payloads=[text_of(LABELS[kind])])))
    assert measured["resolution_x"] == pytest.approx(ppi[0], rel=0.001)
    assert measured["resolution_y"] == pytest.approx(ppi[1], rel=0.001)
    assert measured["skew"] == pytest.approx(skew, abs=0.02)
    assert measured["orthogonality"] == pytest.approx(0.1, abs=0.02)
    assert measured["distortion"] == pytest.approx(0, abs=0.1)


def test_a_wrong_claim_of_the_scanner_is_seen() -> None:
    """A picture of 200 ppi whose header says 300 is a third short."""
    located = locate(drawn(CARD, 200), LAYOUTS, payloads=[])
    error = values(measure_geometry(located, claimed=(300, 300)))["resolution_error_x"]
    assert error == pytest.approx(-100 / 3, abs=0.1)
