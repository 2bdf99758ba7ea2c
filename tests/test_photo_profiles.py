"""Photo profiles: the shipped ones hold what their sources say, and a slip of the hand is named."""

import hashlib
from pathlib import Path

import pytest

from station.errors import SettingsError
from station.flow.photo_profiles import load_photo_profiles
from station.model.photo import PhotoProfile
from station.settings import resources_dir

SHIPPED = resources_dir() / "photo_profiles"

GOOD = """
name = "card"
title = "Card, 3 to 4"
version = "7"
sources = ["A rule, clause 2"]
size_px = [600, 800]
least_px = [300, 400]
print_mm = [30, 40]
head_height = [0.6, 0.9]
head_width = [0.5, 0.75]
eye_line = [0.3, 0.5]
centre = [0.45, 0.55]
margin = 0.02
inter_eye_px = 60
roll = 8
quality = [98, 75]
bytes_range = [20000, 400000]
compression = [5, 15]
"""


def loaded(folder: Path, text: str) -> PhotoProfile:
    (folder / "card.toml").write_text(text, encoding="utf-8")
    (profile,) = load_photo_profiles(folder).values()
    return profile


def test_a_profile_holds_what_its_file_says_and_the_digest_of_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, GOOD) == PhotoProfile(
        name="card",
        title="Card, 3 to 4",
        version="7",
        sources=("A rule, clause 2",),
        size_px=(600, 800),
        least_px=(300, 400),
        head_height=(0.6, 0.9),
        eye_line=(0.3, 0.5),
        centre=(0.45, 0.55),
        head_width=(0.5, 0.75),
        inter_eye_px=60.0,
        roll=8.0,
        quality=(98, 75),
        bytes_range=(20000, 400000),
        print_mm=(30.0, 40.0),
        digest=hashlib.sha256(GOOD.encode()).hexdigest(),
        compression=(5.0, 15.0),
        margin=0.02,
    )


def test_what_a_rule_does_not_ask_may_be_left_out(tmp_path: Path) -> None:
    left_out = ("print_mm", "head_width", "compression")
    profile = loaded(tmp_path, "\n".join(line for line in GOOD.splitlines() if not line.startswith(left_out)))
    assert (profile.print_mm, profile.head_width, profile.compression) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "key", "problem", "suggestion"),
    [
        (("eye_line", "eyeline"), "eyeline", "unknown_key", "eye_line"),
        (('version = "7"', ""), "version", "missing", ""),
        (('["A rule, clause 2"]', "[]"), "sources", "missing", ""),
        (('["A rule, clause 2"]', '["A rule", 2]'), "sources", "wrong_type", ""),
        (("size_px = [600, 800]", ""), "size_px", "missing", ""),
        (("[600, 800]", "[600, 800, 3]"), "size_px", "wrong_type", ""),
        (("[600, 800]", "[600.5, 800]"), "size_px", "wrong_type", ""),
        (("[600, 800]", "[60000, 80000]"), "size_px", "wrong_value", "1 to 10000"),
        (("[300, 400]", "[300, 500]"), "least_px", "wrong_value", "600 : 800"),
        (("[300, 400]", "[900, 1200]"), "least_px", "wrong_order", ""),
        (("[30, 40]", "[35, 45]"), "print_mm", "wrong_value", "600 : 800"),
        (("[30, 40]", "[30, 0]"), "print_mm", "wrong_value", "600 : 800"),
        (("[0.6, 0.9]", "[0.9, 0.6]"), "head_height", "wrong_order", ""),
        (("[0.6, 0.9]", "[60, 90]"), "head_height", "wrong_value", "0 to 1"),
        (("[0.6, 0.9]", "[0.6, nan]"), "head_height", "wrong_type", ""),
        (("[0.3, 0.5]", "[0.3, true]"), "eye_line", "wrong_type", ""),
        (("centre = [0.45, 0.55]", "centre = 0.5"), "centre", "wrong_type", ""),
        (("margin = 0.02", "margin = 0.06"), "margin", "wrong_value", "0 to 0.05"),
        (("inter_eye_px = 60", ""), "inter_eye_px", "missing", ""),
        (("inter_eye_px = 60", "inter_eye_px = 700"), "inter_eye_px", "wrong_value", "0 to 600"),
        (("roll = 8", "roll = 60"), "roll", "wrong_value", "0 to 45"),
        (("[98, 75]", "[75, 98]"), "quality", "wrong_order", ""),
        (("[98, 75]", "[101, 75]"), "quality", "wrong_value", "1 to 100"),
        (("[20000, 400000]", "[400000, 20000]"), "bytes_range", "wrong_order", ""),
        (("[5, 15]", "[15, 5]"), "compression", "wrong_order", ""),
        (("[5, 15]", "[0.5, 15]"), "compression", "wrong_value", ">= 1"),
    ],
)
def test_a_slip_is_named_with_what_was_probably_meant(
    tmp_path: Path, change: tuple[str, str], key: str, problem: str, suggestion: str
) -> None:
    old, new = change
    assert GOOD.count(old) == 1
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, GOOD.replace(old, new))
    assert caught.value.context == {
        "where": "card.toml", "key": key, "problem": problem, "suggestion": suggestion,
    }  # fmt: skip


def test_a_name_in_two_files_and_a_folder_without_any_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="problem=missing"):
        load_photo_profiles(tmp_path)
    (tmp_path / "also.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(SettingsError, match="key=name, problem=duplicate"):
        loaded(tmp_path, GOOD)


# -- what is shipped ------------------------------------------------------------------------------------------


def test_the_temporary_resident_photo_is_35_by_45_mm_with_a_head_of_31_to_36() -> None:
    profile = load_photo_profiles(SHIPPED)["temporary_resident_photo"]
    assert profile.print_mm == (35, 45)
    assert profile.head_height == pytest.approx((31 / 45, 36 / 45), abs=5e-5)
    assert profile.least_px == (420, 540)
    # The same shape in pixels as on paper, exactly: 7 to 9; and 600 dots per inch or more.
    assert 45 * profile.size_px[0] == 35 * profile.size_px[1]
    assert profile.size_px[0] >= 35 / 25.4 * 600


def test_the_enrolment_photo_keeps_the_tables_of_tr_03121() -> None:
    profile = load_photo_profiles(SHIPPED)["enrolment"]
    assert (profile.size_px, profile.least_px) == ((1200, 1600), (600, 800))
    assert (profile.head_width, profile.head_height) == ((0.5, 0.75), (0.6, 0.9))
    assert (profile.eye_line, profile.centre) == ((0.3, 0.5), (0.45, 0.55))
    assert (profile.inter_eye_px, profile.roll) == (120, 8)
    assert (profile.compression, profile.bytes_range[0]) == ((5, 15), 35 * 1024)


def test_no_profile_is_called_the_rule_of_a_country() -> None:
    profiles = load_photo_profiles(SHIPPED)
    assert not [p.title for p in profiles.values() if "anada" in p.title or "IRCC" in p.title]
    assert all(profile.name == path.stem for profile, path in zip(
        profiles.values(), sorted(SHIPPED.glob("*.toml")), strict=True
    ))  # fmt: skip
