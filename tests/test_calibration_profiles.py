"""Profiles of a calibration: they say what their sources say, and a slip is named with its place."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from station.calibration.profile import MEASURES, Mark, Profile, load_file, load_profiles
from station.errors import SettingsError
from station.model.quality import Limit

SHIPPED = Path(__file__).parent.parent / "resources" / "calibration"
STARS = ("fadgi_2016_1_star", "fadgi_2016_2_star", "fadgi_2016_3_star", "fadgi_2016_4_star")
FAMILIES = (
    STARS,
    ("fadgi_2023_1_star", "fadgi_2023_2_star", "fadgi_2023_3_star", "fadgi_2023_4_star"),
    ("iso_19264_c", "iso_19264_b", "iso_19264_a"),
    ("metamorfoze_extra_light", "metamorfoze_light", "metamorfoze_full"),
)
"""Levels of one standard, the most lenient first."""

GOOD = """
name = "morning"
title = "Morning"
version = "2"
[limits.resolution_x]
low = 294
claimed_within = 2
source = "a source"
mark = "primary"
[limits.sfr50_x]
baseline_share = 90
required = false
source = "our own"
mark = "ours"
[limits.skew]
low = -1
high = 1
source = "our own"
mark = "ours"
needs_reference = true
"""

LEVELS = """
name = "stars"
title = "After something"
version = "1"
[levels]
b = "level B"
a = "level A"
[limits.noise]
high = [2, 1]
source = "a table"
mark = "secondary"
[limits.max_modulation]
high = ["none", 1.05]
source = "a table"
mark = "secondary"
"""


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, Profile]:
    return load_profiles(SHIPPED)


def write(folder: Path, text: str, name: str = "one.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> dict[str, object]:
    with pytest.raises(SettingsError) as caught:
        load_file(path)
    return caught.value.context


# -- the shipped ones -----------------------------------------------------------------------------------------


def test_the_shipped_profiles_are_the_standards_levels_and_the_stations_own(
    shipped: Mapping[str, Profile],
) -> None:
    ours = {"station_default", "self_printed", "camera", "measured_chart_colour", "measured_chart_grey"}
    assert set(shipped) == ours | {name for names in FAMILIES for name in names}
    assert len({profile.title for profile in shipped.values()}) == len(shipped)


FADGI_2016 = {
    "sampling_efficiency": ("low", 60, 70, 80, 90),
    "max_modulation": ("high", 1.3, 1.2, 1.1, 1.0),
    "channel_shift_rg": ("high", 1.2, 0.8, 0.5, 0.33),
    "channel_shift_bg": ("high", 1.2, 0.8, 0.5, 0.33),
    "delta_l_max": ("high", 8, 8, 5, 2),
    "white_balance": ("high", 8, 6, 4, 2),
    "delta_e_mean": ("high", 10, 8, 5, 4),
    "noise": ("high", 4, 3, 2, 1),
    "sfr_half_sampling": ("high", 0.4, 0.4, 0.4, 0.4),
    "resolution_x": ("claimed_within", 5, 3, 2, 1),
    "resolution_y": ("claimed_within", 5, 3, 2, 1),
}
"""The table of FADGI's edition of September 2016 for unbound documents, general collections."""


@pytest.mark.parametrize("measure", FADGI_2016)
def test_fadgi_2016_is_as_it_is_printed(shipped: Mapping[str, Profile], measure: str) -> None:
    end, *printed = FADGI_2016[measure]
    asked = [shipped[name].asked[measure] for name in STARS]
    assert [getattr(entry if end == "claimed_within" else entry.limit, end) for entry in asked] == printed
    assert {entry.mark for entry in asked} == {Mark.PRIMARY}


def test_limits_in_other_units_follow_from_the_printed_ones(shipped: Mapping[str, Profile]) -> None:
    percent_of_half_sampling = ((30, 85), (30, 85), (35, 75), (40, 65))
    least_ppi = ((150, 5), (300, 3), (300, 2), (400, 1))
    for name, (low, high), (ppi, tolerance) in zip(STARS, percent_of_half_sampling, least_ppi, strict=True):
        asked = shipped[name].asked
        for axis in "xy":
            sfr50 = asked[f"sfr50_{axis}"].limit
            assert (sfr50.low, sfr50.high) == pytest.approx((low / 200, high / 200))
            assert asked[f"sfr10_{axis}"].limit.low == pytest.approx(
                (asked["sampling_efficiency"].limit.low or 0) / 200
            )
            assert asked[f"resolution_{axis}"].limit.low == pytest.approx(ppi * (1 - tolerance / 100))

    ours = shipped["station_default"].asked
    percent = ours["uniformity_range"].limit.high or 0
    # CIE 1976: L* = 116 (Y/Yn)^(1/3) - 16
    fall = 100 - (116 * (1 - percent / 100) ** (1 / 3) - 16)
    assert ours["uniformity"].limit.high == pytest.approx(fall, abs=0.005)


def test_the_station_asks_the_three_stars_that_were_read_in_the_source(shipped: Mapping[str, Profile]) -> None:
    ours, stars = shipped["station_default"].asked, shipped["fadgi_2016_3_star"].asked
    for measure, entry in stars.items():
        assert (ours[measure].limit, ours[measure].required) == (entry.limit, entry.required), measure
        assert ours[measure].claimed_within == entry.claimed_within
    assert not {measure for measure in set(ours) - set(stars) if ours[measure].mark is not Mark.OURS}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda names: names[0].rpartition("_")[0])
def test_a_higher_level_is_never_more_lenient(shipped: Mapping[str, Profile], family: tuple[str, ...]) -> None:
    for lenient, strict in pairwise(family):
        for measure, entry in shipped[lenient].asked.items():
            higher = shipped[strict].asked.get(measure)
            if higher is None:  # a quotation with a gap
                assert entry.mark is Mark.SECONDARY
                continue
            assert (higher.limit.low or 0) >= (entry.limit.low or 0) or entry.limit.low is None
            assert entry.limit.high is None or (higher.limit.high or 0) <= entry.limit.high, measure
            assert entry.claimed_within is None or (higher.claimed_within or 9) <= entry.claimed_within


def test_what_was_not_read_in_its_source_is_said_to_be_unverified(shipped: Mapping[str, Profile]) -> None:
    for name, profile in shipped.items():
        quoted = [entry for entry in profile.asked.values() if entry.mark is Mark.SECONDARY]
        assert bool(quoted) == ("unverified" in profile.title), name
        assert all(re.search("quoted", entry.source) for entry in quoted), name
        assert "certified" not in profile.title


def test_a_self_printed_target_is_asked_nothing_absolute_but_geometry(
    shipped: Mapping[str, Profile],
) -> None:
    asked = shipped["self_printed"].asked
    absolute = {"delta_l_max", "white_balance", "delta_e_mean", "delta_e_p90", "delta_e_max", "noise"}
    assert not absolute & set(asked)
    assert not any(entry.needs_reference for entry in asked.values())
    sharpness = [entry for measure, entry in asked.items() if measure.startswith("sfr")]
    assert sharpness
    for entry in sharpness:
        assert entry.baseline_share is not None
        assert entry.limit == Limit()
    least = asked["sampling_efficiency"]
    assert least.required, "a target whose sharpness cannot be measured does not pass"
    assert (least.limit.low or 0) <= 25


def test_what_needs_measured_values_says_so_everywhere(shipped: Mapping[str, Profile]) -> None:
    needs = {"delta_l_max", "white_balance", "delta_e_mean", "delta_e_p90", "delta_e_max", "noise"}
    for name, profile in shipped.items():
        sharpness = set() if name == "self_printed" else {"sampling_efficiency"}
        for measure in (needs | sharpness) & set(profile.asked):
            assert profile.asked[measure].needs_reference, (profile.name, measure)


def test_every_measure_that_may_be_asked_is_asked(shipped: Mapping[str, Profile]) -> None:
    assert {measure for profile in shipped.values() for measure in profile.asked} == set(MEASURES)


# -- reading --------------------------------------------------------------------------------------------------


def test_a_profile_holds_what_its_file_says(tmp_path: Path) -> None:
    (profile,) = load_file(write(tmp_path, GOOD))
    assert (profile.name, profile.title, profile.version) == ("morning", "Morning", "2")
    assert list(profile.asked) == ["resolution_x", "sfr50_x", "skew"]
    scale, sharp, skew = profile.asked.values()
    assert (scale.limit, scale.claimed_within, scale.source) == (Limit(low=294), 2, "a source")
    assert (scale.required, scale.mark, scale.needs_reference) == (True, Mark.PRIMARY, False)
    assert (sharp.baseline_share, sharp.required, sharp.mark) == (90, False, Mark.OURS)
    assert (skew.limit, skew.needs_reference) == (Limit(low=-1, high=1), True)


def test_levels_stand_side_by_side_and_may_have_no_limit(tmp_path: Path) -> None:
    b, a = load_file(write(tmp_path, LEVELS))
    assert [(each.name, each.title) for each in (b, a)] == [
        ("stars_b", "After something, level B"),
        ("stars_a", "After something, level A"),
    ]
    assert {measure: entry.limit.high for measure, entry in b.asked.items()} == {"noise": 2}
    assert {measure: entry.limit.high for measure, entry in a.asked.items()} == {
        "noise": 1,
        "max_modulation": 1.05,
    }


SLIPS = [
    (GOOD, "claimed_within", "claimed_in", "limits.resolution_x.claimed_in", "unknown_key"),
    (GOOD, "title", "titles", "titles", "unknown_key"),
    (GOOD, "limits.skew", "limits.skews", "limits.skews", "unknown_key"),
    (GOOD, "low = 294", 'low = "294"', "limits.resolution_x.low", "wrong_type"),
    (GOOD, "low = 294", "low = nan", "limits.resolution_x.low", "wrong_type"),
    (GOOD, "low = 294", "low = [294, 300]", "limits.resolution_x.low", "wrong_value"),
    (GOOD, "high = 1", "high = -2", "limits.skew.high", "wrong_order"),
    (GOOD, "claimed_within = 2", "claimed_within = 0", "limits.resolution_x.claimed_within", "wrong_value"),
    (GOOD, "high = 1", "claimed_within = 1", "limits.skew.claimed_within", "wrong_value"),
    (GOOD, "high = 1", "baseline_share = 90", "limits.skew.baseline_share", "wrong_value"),
    (GOOD, "share = 90", "share = 101", "limits.sfr50_x.baseline_share", "wrong_value"),
    (GOOD, "baseline_share = 90", "", "limits.sfr50_x.high", "missing"),
    (GOOD, '"primary"', '"primery"', "limits.resolution_x.mark", "wrong_value"),
    (GOOD, 'source = "a source"', "", "limits.resolution_x.source", "missing"),
    (GOOD, 'source = "a source"', 'source = " "', "limits.resolution_x.source", "missing"),
    (GOOD, "required = false", "required = 0", "limits.sfr50_x.required", "wrong_type"),
    (GOOD, 'version = "2"', "", "version", "missing"),
    (GOOD, '"Morning"', '"Morning', "", "not_toml"),
    (LEVELS, "[2, 1]", "[2, 1, 1]", "limits.noise.high", "wrong_value"),
    (LEVELS, "[2, 1]", '[2, "?"]', "limits.noise.high", "wrong_type"),
    (LEVELS, "[2, 1]", "[2, true]", "limits.noise.high", "wrong_type"),
    (LEVELS, "[2, 1]", "[2, inf]", "limits.noise.high", "wrong_type"),
    (LEVELS, "[2, 1]", '["none", "none"]', "limits.noise.high", "missing"),
    (LEVELS, '"level B"', "2", "levels.b", "wrong_type"),
    (LEVELS, 'b = "level B"\na = "level A"', "", "levels", "missing"),
]


@pytest.mark.parametrize(("text", "old", "new", "key", "problem"), SLIPS)
def test_a_slip_is_named_with_its_place(
    tmp_path: Path, text: str, old: str, new: str, key: str, problem: str
) -> None:
    assert old in text
    context = refusal(write(tmp_path, text.replace(old, new, 1)))
    assert (context["where"], context["key"], context["problem"]) == ("one.toml", key, problem)


def test_a_word_that_was_probably_meant_is_offered(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, GOOD.replace("limits.skew", "limits.skev")))["suggestion"] == "skew"
    assert refusal(write(tmp_path, GOOD.replace('"ours"', '"our"')))["suggestion"] == "ours"


def test_a_profile_without_limits_is_refused(tmp_path: Path) -> None:
    head = GOOD.partition("[limits")[0]
    assert refusal(write(tmp_path, head))["problem"] == "missing"
    assert refusal(write(tmp_path, head + "[limits]\n"))["problem"] == "missing"


def test_two_profiles_of_one_name_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="problem=missing"):
        load_profiles(tmp_path)
    write(tmp_path, LEVELS, "a.toml")
    write(tmp_path, GOOD.replace('"morning"', '"stars_a"'), "b.toml")
    with pytest.raises(SettingsError, match=r"where=b\.toml, key=name, problem=duplicate"):
        load_profiles(tmp_path)
