"""Colour against a reference: CIEDE2000 by the published pairs, both forms, and what can be no result."""

import subprocess
import sys
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np
import pytest

from station.calibration import colour
from station.calibration.lab import LIGHT, lab, lightness_of_y, linear, mean_lab

SHARMA = (
    # G. Sharma, W. Wu, E. N. Dalal: The CIEDE2000 color-difference formula (2005), table 1.
    (50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425),
    (50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615),
    (50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412),
    (50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669),
    (50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461),
    (50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065),
    (50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492),
    (50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977),
    (50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030),
    (50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000),
    (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
    (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
    (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
    (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
    (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
    (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
    (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
    (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
    (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
    (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
)
OPPOSED, OTHER_SIDE = 13, 4.7461
"""Two hues exactly opposed, on the jump of the formula: the last bit of an arc tangent chooses the side."""

ONE = np.array([row[:3] for row in SHARMA])
OTHER = np.array([row[3:6] for row in SHARMA])


def by_the_paper(one, other, *, weigh_lightness: bool) -> float:
    """CIEDE2000 as the paper writes it, step by step, with or without S_L."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    apart, sum_h = h2 - h1, h1 + h2
    near = abs(apart) <= 180 + 1e-9
    step_h = 0.0 if c1 * c2 == 0 else apart if near else apart - 360 if apart > 180 else apart + 360
    if c1 * c2 == 0:
        h = sum_h
    else:
        h = sum_h / 2 if near else (sum_h + 360) / 2 if sum_h < 360 else (sum_h - 360) / 2
    big_h = 2 * sqrt(c1 * c2) * sin(radians(step_h / 2))
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) + 0.32 * cos(radians(3 * h + 6))
    t -= 0.20 * cos(radians(4 * h - 63))
    s_l = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2) if weigh_lightness else 1.0
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    r_c = 2 * sqrt(c**7 / (c**7 + 25**7))
    r_t = -sin(radians(60 * exp(-(((h - 275) / 25) ** 2)))) * r_c
    x, y, z = (l2 - l1) / s_l, (c2 - c1) / s_c, big_h / s_h
    return sqrt(x * x + y * y + z * z + r_t * y * z)


def flat(rgb, side: int = 40):
    return np.full((side, side, 3), rgb, np.uint8)


def values(figures) -> dict[str, float | None]:
    return {figure.measure: figure.value for figure in figures}


@pytest.mark.parametrize("swapped", [False, True])
def test_all_pairs_of_sharma_come_out_to_four_places(swapped: bool):
    found = colour.delta_e_2000(*((OTHER, ONE) if swapped else (ONE, OTHER)))
    published = np.array([row[6] for row in SHARMA])
    on_the_jump = found[OPPOSED]
    assert min(abs(on_the_jump - published[OPPOSED]), abs(on_the_jump - OTHER_SIDE)) < 1e-4
    rest = np.arange(len(SHARMA)) != OPPOSED
    assert len(SHARMA) == 34
    assert np.abs(found - published)[rest].max() < 1e-4


@pytest.mark.parametrize("swapped", [False, True])
def test_without_the_weight_of_lightness_the_pairs_come_out_as_the_paper_counts(swapped: bool):
    one, other = (OTHER, ONE) if swapped else (ONE, OTHER)
    proof = [by_the_paper(a, b, weigh_lightness=True) for a, b in zip(one, other, strict=True)]
    assert np.abs(np.array(proof) - [row[6] for row in SHARMA]).max() < 1e-4
    wanted = np.array([by_the_paper(a, b, weigh_lightness=False) for a, b in zip(one, other, strict=True)])
    rest = np.arange(len(SHARMA)) != OPPOSED
    assert np.abs(colour.delta_e_2000_sl1(one, other) - wanted)[rest].max() < 1e-4


def test_a_step_of_lightness_alone_counts_as_it_is_without_its_weight():
    assert colour.delta_e_2000_sl1([[90, 0, 0], [10, 3, 4]], [[95, 0, 0], [10, 3, 4]]) == pytest.approx([5, 0])


def test_the_white_of_the_scale_is_a_perfect_white():
    assert mean_lab(flat((255, 255, 255))) == pytest.approx((100, 0, 0), abs=1e-9)
    assert mean_lab(flat((0, 0, 0))) == pytest.approx((0, 0, 0), abs=1e-9)


def test_a_grey_of_18_percent_has_lightness_49_5():
    # 116 * cbrt(0.18) - 16 = 49.496; and Y of a grey is its linear light.
    assert lightness_of_y(0.18) == pytest.approx(49.496, abs=1e-3)
    assert linear(118) == pytest.approx(((118 / 255 + 0.055) / 1.055) ** 2.4)


def test_lab_is_that_of_colour_science_with_all_its_traps_avoided():
    package = colour._colour_science()
    d50 = package.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D50"]
    rgb = np.random.default_rng(3).integers(0, 256, (500, 3), np.uint8)
    both = np.vstack((rgb, [[255, 255, 255]])) / 255
    xyz = package.RGB_to_XYZ(
        both, "sRGB", illuminant=d50, chromatic_adaptation_transform="Bradford", apply_cctf_decoding=True
    )
    theirs = package.XYZ_to_Lab(xyz / xyz[-1] * package.xy_to_XYZ(d50), d50)[:-1]
    # sRGB's matrix is rounded to four places in one of the two.
    assert np.abs(lab(rgb[None])[0] - theirs).max() < 0.05


def test_mean_ninetieth_and_largest_are_those_of_the_patches():
    patches = {f"p{number}": flat((60 + 14 * number, 90, 130)) for number in range(11)}
    moved = {name: mean_lab(pixels) for name, pixels in patches.items()}
    # Only lightness moves: dE00 = step / S_L, and without the weight it is the step: 0, 1, ... 10.
    moved = {name: (found[0] + step, *found[1:]) for step, (name, found) in enumerate(moved.items())}
    figures, (curve,) = colour.colour_error(patches, moved)
    found = values(figures)
    assert found["delta_e_mean_sl1"] == pytest.approx(5)
    assert found["delta_e_p90_sl1"] == pytest.approx(9)
    assert found["delta_e_max_sl1"] == pytest.approx(10)
    assert found["delta_e_max"] == pytest.approx(max(y for _, y in curve.points))
    assert [x for x, _ in curve.points] == list(range(1, 12))
    assert all(figure.needs_reference for figure in figures)


def test_a_bent_and_tinted_scan_shows_its_error_to_0_3():
    random = np.random.default_rng(11)
    for _ in range(50):
        gamma, gains, grain = random.uniform(0.85, 1.2), random.uniform(0.85, 1.0, 3), random.uniform(0, 3)
        design = random.uniform(40, 215, (12, 3))
        seen = np.clip(255 * (design / 255) ** gamma * gains, 20, 235)
        patches = {
            f"p{number}": np.clip(np.rint(random.normal(rgb, grain, (48, 48, 3))), 1, 254).astype(np.uint8)
            for number, rgb in enumerate(seen)
        }
        truth = lab_by_definition(design)
        reference = {f"p{number}": tuple(row) for number, row in enumerate(truth.tolist())}
        wanted = [
            by_the_paper(one, other, weigh_lightness=True)
            for one, other in zip(lab_by_definition(seen), truth, strict=True)
        ]
        found = values(colour.colour_error(patches, reference)[0])
        assert found["delta_e_mean"] == pytest.approx(np.mean(wanted), abs=0.3)
        assert found["delta_e_p90"] == pytest.approx(np.percentile(wanted, 90), abs=0.3)
        assert found["delta_e_max"] == pytest.approx(np.max(wanted), abs=0.3)


def lab_by_definition(codes):
    """Lab under D50 from sRGB values, by the XYZ of the primaries (B. Lindbloom, Bradford) and CIE 15."""
    value = np.asarray(codes) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    columns = [[0.4360747, 0.2225045, 0.0139322], [0.3850649, 0.7168786, 0.0971045]]
    xyz = light @ np.array([*columns, [0.1430804, 0.0606169, 0.7141733]])
    f = np.cbrt(xyz / [0.96422, 1.0, 0.82521])
    return np.stack((116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])), axis=1)


RED = {"red": flat((180, 40, 50)), "blue": flat((40, 60, 160))}
KNOWN = {"red": (41.0, 55.0, 32.0), "blue": (29.0, 20.0, -52.0)}


@pytest.mark.parametrize(
    ("patches", "reference", "reason"),
    [
        (RED, {}, "no_reference"),
        (RED, {"red": KNOWN["red"]}, "incomplete_reference"),
        ({}, KNOWN, "no_reference"),
        ({**RED, "red": flat((180, 40, 50), side=31)}, KNOWN, "too_small"),
        ({**RED, "red": np.empty((0, 9, 3), np.uint8)}, KNOWN, "too_small"),
        ({**RED, "red": flat((255, 255, 255))}, KNOWN, "clipped"),
        ({name: pixels[..., 0] for name, pixels in RED.items()}, KNOWN, "grey_picture"),
        ({"red": flat((90, 90, 90)), "blue": flat((60, 60, 60))}, KNOWN, "grey_picture"),
    ],
)
def test_what_cannot_be_compared_says_why_and_has_no_value(patches, reference, reason: str):
    figures, curves = colour.colour_error(patches, reference)
    assert {figure.reason for figure in figures} == {reason}
    assert not any(value is not None for value in values(figures).values())
    assert not curves


def test_a_colour_out_of_reach_of_one_channel_is_an_error_and_not_a_refusal():
    figures, _ = colour.colour_error({"cyan": flat((0, 140, 170))}, {"cyan": (51.0, -32.0, -28.0)})
    assert all(figure.value for figure in figures)


def test_the_table_of_light_is_the_curve_of_srgb():
    assert LIGHT[[0, 10, 255]].tolist() == pytest.approx([0, 10 / 255 / 12.92, 1])


def test_colour_science_is_loaded_late_and_leaves_the_process_as_it_was():
    script = (
        "import sys, warnings; warnings.simplefilter('error'); import numpy as np\n"
        "from station.calibration import colour as ours\n"
        "assert 'colour' not in sys.modules\n"
        "before = np.get_printoptions(), list(warnings.filters)\n"
        "assert ours.delta_e_2000([50, 0, 0], [50, 0, 0]) == 0\n"
        "assert 'colour' in sys.modules\n"
        "assert before == (np.get_printoptions(), list(warnings.filters))\n"
        "stand_ins = [m for n, m in sys.modules.items() if n.startswith(('matplotlib', 'mpl_', 'cycler'))]\n"
        "assert {type(module).__name__ for module in stand_ins} <= {'module'}\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
