"""Scan profiles: the shipped ones fit together and the devices, and a slip of the hand is named."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.scanner import CAPABILITIES
from station.devices.door import refuse
from station.errors import SettingsError, Unsupported
from station.flow.checklists import load_checklists
from station.flow.scan_profiles import DEFAULT_OF, load_scan_profiles, prove
from station.model.capability import Area, ColourMode, DeviceInfo, DeviceKind, ScanSettings, Source
from station.model.checklist import Checklist, Item
from station.model.record import AttachmentKind
from station.model.scan_profile import ScanProfile
from station.quality.profile import load_profiles

RESOURCES = Path(__file__).parent.parent / "resources"
SCANNER = DeviceInfo("simulated:scanner", DeviceKind.SCANNER, "simulated", "A scanner", "0")

GOOD = """
name = "passport_page"
title = "Passport page"
version = "3"
sources = ["flatbed", "feeder"]
mode = "grey"
dpi = 300
length_mm = 300
quality = "passport"
[area]
left_mm = 5
width_mm = 139
height_mm = 102.5
"""


@pytest.fixture(scope="module")
def shipped() -> dict[str, ScanProfile]:
    return dict(load_scan_profiles(RESOURCES / "scan_profiles"))


def folder_with(folder: Path, text: str, name: str = "passport_page.toml") -> Path:
    """Return a folder with all profiles that the station falls back on and this one among them."""
    for default in DEFAULT_OF.values():
        other = GOOD.replace("passport_page", default)
        (folder / f"{default}.toml").write_text(other, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_profile_holds_what_its_file_says_and_the_digest_of_the_file(tmp_path: Path) -> None:
    profile = load_scan_profiles(folder_with(tmp_path, GOOD))["passport_page"]
    assert profile == ScanProfile(
        name="passport_page",
        title="Passport page",
        version="3",
        sources=(Source.FLATBED, Source.FEEDER),
        quality="passport",
        mode=ColourMode.GREY,
        resolution_dpi=300,
        area=Area(5, 0, 139, 102.5),
        length_mm=300,
        digest=hashlib.sha256(GOOD.encode()).hexdigest(),
    )


def test_a_change_of_the_file_changes_the_digest_even_when_nobody_counts_the_version_up(tmp_path: Path) -> None:
    before = load_scan_profiles(folder_with(tmp_path, GOOD))["passport_page"]
    after = load_scan_profiles(folder_with(tmp_path, GOOD.replace("300", "400")))["passport_page"]
    assert before.version == after.version
    assert before.digest != after.digest


def test_a_feeder_is_not_asked_for_an_area_of_the_glass(tmp_path: Path) -> None:
    profile = load_scan_profiles(folder_with(tmp_path, GOOD))["passport_page"]
    assert profile.settings(Source.FEEDER) == ScanSettings(Source.FEEDER, ColourMode.GREY, 300, None)
    assert profile.settings(Source.FLATBED).area == profile.area


@pytest.mark.parametrize(
    ("change", "key", "problem", "suggestion"),
    [
        (("dpi", "resolution"), "resolution", "unknown_key", ""),
        (("quality", "qualty"), "qualty", "unknown_key", "quality"),
        (("left_mm", "left"), "area.left", "unknown_key", "left_mm"),
        (('version = "3"', ""), "version", "missing", ""),
        (('version = "3"', "version = 3"), "version", "wrong_type", ""),
        (("dpi = 300", ""), "dpi", "missing", ""),
        (("dpi = 300", "dpi = 300.0"), "dpi", "wrong_type", ""),
        (("dpi = 300", "dpi = 30"), "dpi", "wrong_value", "75 to 1200"),
        (("dpi = 300", "dpi = 9600"), "dpi", "wrong_value", "75 to 1200"),
        (('"grey"', '"gray"'), "mode", "wrong_value", "grey"),
        (('"grey"', '"xyz"'), "mode", "wrong_value", "binary, colour, grey"),
        (('"feeder"]', '"feeders"]'), "sources", "wrong_value", "feeder"),
        (('"feeder"]', '"flatbed"]'), "sources", "duplicate", ""),
        (('["flatbed", "feeder"]', "[]"), "sources", "missing", ""),
        (('["flatbed", "feeder"]', '"flatbed"'), "sources", "wrong_type", ""),
        (('"feeder"]', "2]"), "sources", "wrong_type", ""),
        (("width_mm = 139", ""), "area.width_mm", "missing", ""),
        (("width_mm = 139", "width_mm = 0"), "area.width_mm", "wrong_value", "> 0"),
        (("left_mm = 5", "left_mm = -5"), "area.left_mm", "wrong_value", ">= 0"),
        (("height_mm = 102.5", "height_mm = inf"), "area.height_mm", "wrong_type", ""),
        (("length_mm = 300", "length_mm = -1"), "length_mm", "wrong_value", "> 0"),
    ],
)
def test_a_slip_is_named_with_what_was_probably_meant(
    tmp_path: Path, change: tuple[str, str], key: str, problem: str, suggestion: str
) -> None:
    old, new = change
    assert old in GOOD
    with pytest.raises(SettingsError) as caught:
        load_scan_profiles(folder_with(tmp_path, GOOD.replace(old, new)))
    assert caught.value.context == {
        "where": "passport_page.toml", "key": key, "problem": problem, "suggestion": suggestion,
    }  # fmt: skip


def test_a_profile_that_the_station_falls_back_on_is_missed_at_the_start(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, GOOD)
    (folder / "letter.toml").unlink()
    with pytest.raises(SettingsError, match=r"key=letter, problem=missing"):
        load_scan_profiles(folder)


def test_a_name_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"where=z\.toml, key=name, problem=duplicate"):
        load_scan_profiles(folder_with(tmp_path, GOOD, "z.toml"))


# -- lists, scan profiles and limits together ------------------------------------------------------------------


def test_what_is_shipped_fits_together(shipped: dict[str, ScanProfile]) -> None:
    checklists = load_checklists(RESOURCES / "checklists")
    prove(checklists, shipped, load_profiles(RESOURCES / "profiles"))
    used = {item.scan for checklist in checklists.values() for item in checklist.items}
    assert used | set(DEFAULT_OF.values()) == set(shipped), "a profile that nothing is scanned by is dead"
    assert set(DEFAULT_OF) == set(AttachmentKind) - {AttachmentKind.PHOTO}  # it is cut, never scanned


def test_an_item_that_names_no_profile_and_a_profile_that_names_no_limits_are_refused(
    shipped: dict[str, ScanProfile],
) -> None:
    profiles = load_profiles(RESOURCES / "profiles")
    slip = Checklist("visitor", "Visitor", (Item("proof", "Proof", scan="certifikate"),))
    with pytest.raises(SettingsError) as caught:
        prove({"visitor": slip}, shipped, profiles)
    assert caught.value.context == {
        "where": "visitor", "key": "proof.scan", "problem": "unknown_name", "suggestion": "certificate",
    }  # fmt: skip
    for quality in ("pages", "portrait"):  # no such file, and one that does not judge pages
        wrong = {**shipped, "form": replace(shipped["form"], quality=quality)}
        with pytest.raises(SettingsError, match=r"where=form, key=quality, problem=unknown_name"):
            prove({}, wrong, profiles)


def test_the_shipped_profiles_ask_for_what_their_paper_needs(shipped: dict[str, ScanProfile]) -> None:
    assert {name: profile.resolution_dpi for name, profile in shipped.items()} == {
        "letter": 300, "form": 300, "passport_page": 300, "certificate": 600, "photograph": 600,
    }  # fmt: skip
    passport = shipped["passport_page"]
    assert (passport.sources, passport.area) == ((Source.FLATBED,), Area(0, 0, 190, 190))
    assert all(profile.area is None for profile in shipped.values() if Source.FEEDER in profile.sources)
    assert all(len(profile.digest) == 64 for profile in shipped.values())


def test_a_profile_that_asks_for_what_the_device_lacks_is_stopped_at_the_door(
    shipped: dict[str, ScanProfile],
) -> None:
    slow = replace(CAPABILITIES, resolutions_dpi=(75, 150, 300))
    for name, profile in shipped.items():
        settings = profile.settings(profile.sources[0])
        refuse(SCANNER, CAPABILITIES, settings)
        if name in ("certificate", "photograph"):
            with pytest.raises(Unsupported) as caught:
                refuse(SCANNER, slow, settings)
            assert caught.value.context["offered"] == (75, 150, 300)
        else:
            refuse(SCANNER, slow, settings)
