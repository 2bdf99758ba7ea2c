"""The mappings from native values to scores, held against the reference implementation's published figures."""

import csv
import re
from pathlib import Path

import pytest

from station.quality.portrait.scores import SCORES, points

REFERENCE = Path(__file__).parent / "data" / "ofiq_expected_results.csv"


def snake(name: str) -> str:
    """`HeadPoseYaw` is our `head_pose_yaw`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def pairs() -> list[tuple[str, float, float]]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = [name for name in rows[0] if f"{name}.scalar" in rows[0]]
    return [(snake(name), float(row[name]), float(row[f"{name}.scalar"])) for row in rows for name in names]


def test_every_published_score_is_reproduced() -> None:
    found = pairs()
    assert len(found) == 784  # 28 pictures, 28 components
    assert {name for name, _, _ in found} == set(SCORES)
    assert [(name, native) for name, native, score in found if SCORES[name](native) != score] == []


@pytest.mark.parametrize("name", sorted(SCORES))
def test_no_native_value_leaves_the_scale(name: str) -> None:
    for native in (0.0, 1e-9, 0.5, 1.0, 7.9, 90.0, 1e4, 1e6):
        assert SCORES[name](native) in range(101)


@pytest.mark.parametrize(("share", "score"), [(0.49, 0), (0.5, 1), (62.5, 63), (-3, 0), (100.6, 100)])
def test_halves_are_rounded_up_and_the_ends_are_cut(share: float, score: int) -> None:
    assert points(share) == score


@pytest.mark.parametrize(
    ("name", "native", "score"),
    [
        ("inter_eye_distance", 70, 50),  # the standard's centre
        ("head_size", 0.45, 100),  # the ideal
        ("mouth_closed", 0, 97),  # 100 * (1 - 1 / (1 + exp(0.2 / 0.06))) = 96.6: a shut mouth has no more
        ("head_pose_yaw", -60, 25),  # cos squared
        ("head_pose_yaw", 120, 0),  # the back of the head is not a face again
        ("dynamic_range", 8, 100),  # a flat histogram of 256 levels has 8 bits
        ("over_exposure_prevention", 0.01, 50),
        ("over_exposure_prevention", 0.04, 20),
    ],
)
def test_a_known_value_has_its_known_score(name: str, native: float, score: int) -> None:
    assert SCORES[name](native) == score
