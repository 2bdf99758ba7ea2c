"""The degraded target: what its parameters say is what its pixels are."""

from math import cos, erf, radians, sin, tan

import numpy as np
import pytest

from drivers.simulated.degrade import degrade, sheet_of
from drivers.simulated.placement import Placement, truth
from drivers.simulated.sensor import decode, encode
from station.model.degradation import Degradation, Speck, Streak
from station.model.image import MM_PER_INCH, Pixels

DPI, FINE = 300, 900
GAUSS = np.vectorize(lambda z: 0.5 * (1 + erf(z / 2**0.5)))
IDEAL = Degradation(blur_px=(0.5, 0.5))


def coded(light: np.ndarray) -> Pixels:
    """Return sRGB of grey light."""
    return np.asarray(np.round(255 * encode(light)), np.uint8)


def half_plane(side_px: int, normal_degrees: float) -> np.ndarray:
    """Return the part of each pixel beyond a line through the middle: exact along x, 32 cuts along y."""
    y = (np.arange(side_px * 32) + 0.5) / 32 - side_px / 2
    crossing = side_px / 2 - y * tan(radians(normal_degrees))
    covered = np.clip(np.arange(side_px) + 1 - crossing[:, None], 0, 1)
    return np.asarray(covered.reshape(side_px, 32, side_px).mean(1))


def blurred_edge(
    wear: Degradation, at: Placement, normal_degrees: float, shift: tuple[float, float]
) -> np.ndarray:
    """Integrate the Gaussian edge over each pixel's square by Gauss and Legendre's rule."""
    normal = np.array([cos(radians(normal_degrees)), sin(radians(normal_degrees))])
    sd_mm = np.hypot(*(normal * wear.blur_px / np.linalg.norm(at.matrix, axis=0)))
    y, x = np.mgrid[: at.size_px[1], : at.size_px[0]].astype(float)
    places, weights = np.polynomial.legendre.leggauss(5)
    total = np.zeros(x.shape)
    for a, wa in zip(places / 2, weights / 2, strict=True):
        for b, wb in zip(places / 2, weights / 2, strict=True):
            x_mm, y_mm = at.to_sheet(x + a - shift[0], y + b - shift[1])
            away = (x_mm - at.sheet_mm[0] / 2) * normal[0] + (y_mm - at.sheet_mm[1] / 2) * normal[1]
            total += wa * wb * GAUSS(away / sd_mm)
    return total


@pytest.mark.parametrize(
    "wear",
    [
        Degradation(blur_px=(0.4, 0.4)),
        Degradation(blur_px=(0.7, 0.4), red_px=(0.3, -0.2), blue_px=(-0.25, 0.1)),
        Degradation(blur_px=(0.5, 0.6), scale=(0.004, -0.006), skew=1.3, shear=0.1, barrel_px=0.8),
    ],
    ids=["straight", "channels apart", "askew"],
)
def test_every_pixel_of_an_edge_is_the_gaussian_over_the_square_pixel(wear: Degradation) -> None:
    """Light within 1 % of full scale: OpenCV reads at 1/32 pixels of the drawing, and eight bits round."""
    side, angle = 64, 5.0
    drawing = coded(half_plane(side * FINE // DPI, angle))
    seen = decode(degrade(drawing, FINE, DPI, wear) / 255)
    at = Placement.of(wear, sheet_of(drawing, FINE), DPI)
    inner = slice(10, -10)
    for channel, shift in enumerate((wear.red_px, (0.0, 0.0), wear.blue_px)):
        wrong = (seen[..., channel] - blurred_edge(wear, at, angle, shift))[inner, inner]
        assert abs(wrong).max() < 0.01
        assert abs(wrong.mean()) < 0.0003


def test_a_dot_lies_where_the_placement_says() -> None:
    wear = Degradation(
        blur_px=(0.6, 0.6), scale=(-0.01, 0.008), skew=-1.7, shear=0.3, shift_px=(3.4, -2.2), barrel_px=-3.0
    )
    drawing = np.full((600, 900), 255, np.uint8)
    middles = np.array([[90, 75], [800, 80], [450, 300], [120, 510], [790, 520]])
    for x, y in middles:
        drawing[y - 6 : y + 7, x - 6 : x + 7] = 0
    ink = 1 - decode(degrade(drawing, FINE, DPI, wear)[..., 1] / 255)
    found = Placement.of(wear, sheet_of(drawing, FINE), DPI).to_picture((middles + 0.5) * MM_PER_INCH / FINE)
    for x, y in found:
        left, top = round(x) - 7, round(y) - 7
        spot = ink[top : top + 15, left : left + 15]
        down, across = np.mgrid[top : top + 15, left : left + 15]
        assert (across * spot).sum() / spot.sum() == pytest.approx(x, abs=0.01)
        assert (down * spot).sum() / spot.sum() == pytest.approx(y, abs=0.01)


def test_the_places_of_sheet_and_picture_answer_each_other() -> None:
    at = Placement.of(Degradation(skew=2, shear=0.4, barrel_px=9, shift_px=(5, 7)), (210, 297), 300)
    points = np.random.default_rng(1).uniform((0, 0), (210, 297), (50, 2))
    pixels = at.to_picture(points)
    assert np.stack(at.to_sheet(pixels[:, 0], pixels[:, 1]), 1) == pytest.approx(points, abs=1e-8)


def test_the_truth_of_a_straight_device_is_its_parameters() -> None:
    wear = Degradation(scale=(0.003, -0.002), skew=0.7, shear=-0.05, shift_px=(4, -9))
    grid = np.stack(np.meshgrid(np.arange(10, 201, 10), np.arange(10, 281, 10)), -1).reshape(-1, 2)
    found = truth(Placement.of(wear, (210, 297), 300), grid)
    assert (found.ppi_x, found.ppi_y) == pytest.approx((300.9, 299.4), abs=1e-6)
    assert (found.skew, found.orthogonality) == pytest.approx((0.7, -0.05), abs=1e-9)
    assert found.distortion_px == pytest.approx(0, abs=1e-6)


def test_a_barrel_draws_the_corners_in_by_what_it_says() -> None:
    at = Placement.of(Degradation(barrel_px=4), (210, 297), 300)
    straight = Placement.of(Degradation(), (210, 297), 300)
    (drawn_in,), (plain,) = at.to_picture([(0, 0)]), straight.to_picture([(0, 0)])
    # The pull is that of the place where the corner comes to lie: 4 px less 3 · 4² / 2170 px.
    assert np.linalg.norm(drawn_in - plain) == pytest.approx(4, abs=0.03)
    assert (drawn_in > plain).all()


@pytest.mark.parametrize(
    ("sd", "sfr50", "sfr10"), [(0.4, 0.377, 0.669), (0.6, 0.281, 0.508), (0.9, 0.198, 0.361)]
)
def test_the_response_crosses_where_the_formula_does(sd: float, sfr50: float, sfr10: float) -> None:
    """At 5 degrees; for 0.9 and 0.198: exp(-15.99 · 0.0392) · 0.937 · 0.99995 = 0.534 · 0.937 = 0.500."""
    wear = Degradation(blur_px=(sd, sd))
    assert wear.crossing(0.5, 5) == pytest.approx(sfr50, abs=6e-4)
    assert wear.crossing(0.1, 5) == pytest.approx(sfr10, abs=6e-4)


def test_channels_that_lie_apart_soften_the_grey() -> None:
    apart = Degradation(blur_px=(0.4, 0.4), red_px=(0.5, 0))
    # Red half a pixel away, at half a cycle a pixel a quarter turn: |0.787 + 0.213 i| = 0.815.
    assert apart.sfr(0.5, 0) / IDEAL.sfr(0.5, 0) * np.exp(
        -2 * (np.pi * 0.5) ** 2 * (0.25 - 0.16)
    ) == pytest.approx(0.8153, abs=1e-3)
    assert apart.sfr(0.5, 0, (0, 1, 0)) == pytest.approx(float(Degradation(blur_px=(0.4, 0.4)).sfr(0.5, 0)))


def test_the_noise_is_that_of_lightness() -> None:
    drawing = np.full((900, 900), 150, np.uint8)
    seen = degrade(drawing, FINE, DPI, Degradation(noise=1.5, seed=4))
    lightness = 116 * np.cbrt(decode(seen[10:-10, 10:-10, 1] / 255)) - 16
    assert (seen[..., 0] == seen[..., 2]).all()
    # 280² values: their standard deviation is known to 0.25 %.
    assert lightness.std() == pytest.approx(1.5, rel=0.01)
    assert (degrade(drawing, FINE, DPI, Degradation(noise=1.5, seed=4)) == seen).all()


def test_a_flat_colour_comes_out_as_its_light_says() -> None:
    wear = Degradation(black=0.01, white=0.9, cast=(1.02, 1, 0.95), gamma=1.06, gradient=(0.05, -0.03))
    colour = np.array([180, 120, 60])
    seen = degrade(np.full((900, 1200, 3), colour, np.uint8), FINE, DPI, wear)
    for x, y in ((40, 30), (200, 150), (370, 280)):
        place = 2 * x / (seen.shape[1] - 1) - 1, 2 * y / (seen.shape[0] - 1) - 1
        wanted = 255 * encode(wear.light(decode(colour / 255), *place))
        assert seen[y, x] == pytest.approx(wanted, abs=0.51)


def test_dirt_takes_the_light_that_it_covers() -> None:
    wear = Degradation(streaks=(Streak(50, 2, 0.2),), specks=(Speck(120.0, 140.0, 6.0, 0.5),))
    light = decode(degrade(np.full((600, 600), 188, np.uint8), FINE, DPI, wear)[..., 1] / 255)
    clean = light[20, 20]
    inner = light[10:-10]
    assert inner[:, 50:52] == pytest.approx(0.8 * clean, rel=0.01)
    assert inner[:, [48, 49, 52, 53]] == pytest.approx(clean)
    lost = (1 - light / clean)[130:151, 110:131]
    assert lost[10, 10] == pytest.approx(0.5, abs=0.01)
    assert lost.sum() == pytest.approx(0.5 * np.pi * 3**2, rel=0.02)


def test_what_lies_beside_the_sheet_is_the_backing() -> None:
    wear = Degradation(backing=0.2, white=0.9, shift_px=(0.0, 40.0))
    seen = degrade(np.full((300, 300), 255, np.uint8), FINE, DPI, wear, size_px=(140, 150))
    assert seen.shape == (150, 140, 3)
    dark, bright = (round(255 * float(encode(np.array(light)))) for light in (0.9 * 0.2, 0.9))
    assert set(np.unique(seen[:40])) == {dark} and set(np.unique(seen[:, :15])) == {dark}
    assert set(np.unique(seen[80:130, 30:110])) == {bright}
