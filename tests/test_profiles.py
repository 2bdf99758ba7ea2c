"""Profiles: the shipped ones ask for what exists, and a slip of the hand is named with its place."""

from pathlib import Path

import pytest

from station.errors import SettingsError
from station.model.quality import Limit
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.profile import Subject, load_profile, load_profiles

SHIPPED = Path(__file__).parent.parent / "resources" / "profiles"

GOOD = """
name = "page"
title = "Page"
version = "3"
subject = "page"
[limits.resolution]
low = 250
fail_low = 190
[limits.text_contrast]
required = false
"""


def write(folder: Path, text: str, name: str = "page.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> dict[str, object]:
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    return caught.value.context


def test_the_shipped_profiles_are_those_that_the_station_uses() -> None:
    profiles = load_profiles(SHIPPED)
    assert {name: profile.subject for name, profile in profiles.items()} == {
        "page": Subject.PAGE,
        "held": Subject.PAGE,
        "passport": Subject.PAGE,
        "photograph": Subject.PAGE,
        "portrait": Subject.PORTRAIT,
    }
    asked = {name for profile in profiles.values() for name in profile.asked}
    assert asked == {*PAGE, *PORTRAIT}, "a measure that nobody asks is dead"


def test_a_passport_is_asked_for_more_than_a_page() -> None:
    page, passport = (load_profiles(SHIPPED)[name].asked for name in ("page", "passport"))
    assert (passport["resolution"].limit.low or 0) > (page["resolution"].limit.low or 0)
    assert passport["clipped_highlights"].required and not page["clipped_highlights"].required


def test_a_profile_holds_what_its_file_says(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, GOOD))
    assert (profile.name, profile.title, profile.version) == ("page", "Page", "3")
    assert list(profile.asked) == ["resolution", "text_contrast"]
    assert profile.asked["resolution"].limit == Limit(low=250, fail_low=190)
    assert profile.asked["resolution"].required
    assert not profile.asked["text_contrast"].required


@pytest.mark.parametrize(
    ("change", "key", "problem", "suggestion"),
    [
        (("fail_low", "fail_lo"), "limits.resolution.fail_lo", "unknown_key", "fail_low"),
        (("title", "titles"), "titles", "unknown_key", "title"),
        (("text_contrast", "text_contrasts"), "limits.text_contrasts", "unknown_key", "text_contrast"),
        (("text_contrast", "sharpness_substitute"), "limits.sharpness_substitute", "unknown_key", ""),
        (('"page"\n[', '"paje"\n['), "subject", "wrong_value", "page"),
        (("250", '"250"'), "limits.resolution.low", "wrong_type", ""),
        (("250", "true"), "limits.resolution.low", "wrong_type", ""),
        (("250", "nan"), "limits.resolution.low", "wrong_type", ""),
        (("false", "0"), "limits.text_contrast.required", "wrong_type", ""),
        (('"3"', "3"), "version", "wrong_type", ""),
        (('version = "3"', ""), "version", "missing", ""),
        (('"Page"', '" "'), "title", "missing", ""),
        (("190", "290"), "limits.resolution.fail_low", "wrong_order", ""),
        (("fail_low = 190", "high = 200"), "limits.resolution.high", "wrong_order", ""),
        (("fail_low = 190", "high = 300\nfail_high = 299"), "limits.resolution.fail_high", "wrong_order", ""),
        (('title = "Page"', 'title = "Page'), "", "not_toml", ""),
    ],
)
def test_a_slip_is_named_with_what_was_probably_meant(
    tmp_path: Path, change: tuple[str, str], key: str, problem: str, suggestion: str
) -> None:
    old, new = change
    assert old in GOOD
    context = refusal(write(tmp_path, GOOD.replace(old, new)))
    assert context == {"where": "page.toml", "key": key, "problem": problem, "suggestion": suggestion}


def test_a_profile_without_limits_is_refused(tmp_path: Path) -> None:
    head, _ = GOOD.split("[limits.resolution]")
    assert refusal(write(tmp_path, head))["problem"] == "missing"
    assert refusal(write(tmp_path, head + "[limits]\n"))["problem"] == "missing"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.toml"
    path.write_bytes(b"name = \xff")
    assert refusal(path)["problem"] == "not_toml"
    assert refusal(tmp_path / "absent.toml")["problem"] == "unreadable"


def test_two_profiles_of_one_name_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="problem=missing"):
        load_profiles(tmp_path)
    write(tmp_path, GOOD, "a.toml")
    write(tmp_path, GOOD, "b.toml")
    with pytest.raises(SettingsError, match=r"where=b\.toml, key=name, problem=duplicate"):
        load_profiles(tmp_path)
