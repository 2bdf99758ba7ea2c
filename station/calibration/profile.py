"""The tolerances of one purpose, from TOML: which figures of a calibration are asked and what is good enough.

A file holds one profile, or the levels of one standard side by side as its table prints them: `[levels]` names
them, and a limit may then be a list with one entry a level ("none" where the source has none).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from station.model.quality import Limit
from station.toml_file import Table, files_of, meant, read_table

CLAIMED = ("resolution_x", "resolution_y")
"""What the scanner claims itself, so that a tolerance may be a percentage of its claim."""

_SHARPNESS = ("sfr50_x", "sfr50_y", "sfr10_x", "sfr10_y")

RELATIVE = (*_SHARPNESS, "focus_sfr50")
"""Sharpness: a tolerance may be a share of what the device reached when it was qualified."""

SCANNER_MEASURES = (
    *CLAIMED, "skew", "orthogonality", "distortion",
    *_SHARPNESS, "sampling_efficiency", "sfr_half_sampling", "max_modulation",
    "channel_shift_rg", "channel_shift_bg", "channel_shift_rg_y", "channel_shift_bg_y",
    "delta_l_max",
    *("gain_highlights_min", "gain_highlights_max", "gain_other_min", "gain_other_max"),
    *("white_balance", "delta_e_mean", "delta_e_p90", "delta_e_max", "delta_e_mean_sl1", "delta_e_max_sl1"),
    *("noise", "uniformity", "uniformity_range", "uniformity_sd"),
    "streak_depth_x", "streak_depth_y", "specks", "speck_diameter",
    "banding_amplitude_x", "banding_amplitude_y", "ambient_closed",
)  # fmt: skip
"""The figures that a profile of a scanner may ask."""

CAMERA_MEASURES = (
    *("field_coverage", "reprojection_rms", "reprojection_worst", "fx_fy_spread", "principal_point_off"),
    *("split_half", "portrait_distance", "pixels_per_mm", "portrait_tilt", "focus_sfr50"),
    *("corner_fall_off", "card_clipped", "white_gain_red", "white_gain_blue", "white_evenness"),
    *("exposure_steadiness", "frame_rate", "frame_jitter", "frames_late", "latency"),
)
"""The figures that a profile of a camera may ask."""

MEASURES = SCANNER_MEASURES + CAMERA_MEASURES
"""The figures that a profile may ask; no profile asks both a scanner's and a camera's."""

NONE = "none"
"""Stands in a list of levels where the source sets no limit."""


class Mark(StrEnum):
    """How well a limit is founded: read in its source, quoted by others, or set by us."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure's tolerance, with where it comes from, and whether the verdict hangs on it.

    Good lies within `limit` (both ends belong to it), in the figure's unit. `claimed_within` is a tolerance in
    percent either side of what the scanner claims; `baseline_share` the percentage of the device's own baseline
    that must be reached. Where several are given all hold. `needs_reference`: it is judged only where the
    target's reference values took part, because a print of nobody knows what proves nothing absolute.
    """

    limit: Limit
    required: bool
    source: str
    mark: Mark
    needs_reference: bool = False
    claimed_within: float | None = None
    baseline_share: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One purpose, or one level of a standard. `asked` is by measure, in the order of a report."""

    name: str
    title: str
    version: str
    asked: Mapping[str, Asked]


def load_profiles(folder: Path) -> Mapping[str, Profile]:
    """Read all calibration profiles of a folder by name.

    Raises:
        SettingsError: as `load_file`; or the folder holds none (missing), or a name twice (duplicate).
    """
    profiles: dict[str, Profile] = {}
    for path in files_of(folder):
        for profile in load_file(path):
            if profile.name in profiles:
                raise Table(path.name, {}).refusal("name", "duplicate")
            profiles[profile.name] = profile
    return MappingProxyType(profiles)


def load_file(path: Path) -> tuple[Profile, ...]:
    """Read one file: one profile, or one for each of its levels, named `name_level`.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (a limit that limits nothing, too),
            wrong_type, wrong_value (a percentage out of range or of what has none; a list that does not fit
            the levels; limits of both scanners and cameras), unknown_key (or measure), wrong_order (low above
            high).
    """
    table = read_table(path)
    table.only("name", "title", "version", "levels", "limits")
    name, title, version = (table.text(key) for key in ("name", "title", "version"))
    limits = table.table("limits")
    limits.only(*MEASURES)
    if not limits.values:
        raise table.refusal("limits", "missing")
    if 0 < len(limits.values.keys() & set(CAMERA_MEASURES)) < len(limits.values):
        raise table.refusal("limits", "wrong_value")
    if "levels" not in table.values:
        asked = {measure: _asked(measure, limits.table(measure), 1)[0] for measure in limits.values}
        return (Profile(name, title, version, _held(asked)),)
    levels = table.table("levels")
    if not levels.values:
        raise table.refusal("levels", "missing")
    rows = {m: _asked(m, limits.table(m), len(levels.values)) for m in limits.values}
    return tuple(
        Profile(
            f"{name}_{level}",
            f"{title}, {levels.text(level)}",
            version,
            _held({measure: row[number] for measure, row in rows.items()}),
        )
        for number, level in enumerate(levels.values)
    )


def _held(asked: Mapping[str, Asked | None]) -> Mapping[str, Asked]:
    """Leave out what this level does not limit."""
    return MappingProxyType({measure: entry for measure, entry in asked.items() if entry is not None})


def _asked(measure: str, table: Table, levels: int) -> tuple[Asked | None, ...]:
    """Read one figure's table: one entry a level, None where the level has no limit."""
    table.only(
        *("low", "high", "claimed_within", "baseline_share"),
        *("required", "source", "mark", "needs_reference"),
    )
    lows, highs, withins, shares = (
        _numbers(table, key, levels) for key in ("low", "high", "claimed_within", "baseline_share")
    )
    _allowed(table, "claimed_within", withins, measure in CLAIMED)
    _allowed(table, "baseline_share", shares, measure in RELATIVE)
    required = table.flag("required", default=True)
    source, mark = table.text("source"), _mark(table)
    needs_reference = table.flag("needs_reference", default=False)
    entries: list[Asked | None] = []
    for low, high, within, share in zip(lows, highs, withins, shares, strict=True):
        if low is not None and high is not None and low > high:
            raise table.refusal("high", "wrong_order")
        limited = any(end is not None for end in (low, high, within, share))
        entry = Asked(Limit(low, high), required, source, mark, needs_reference, within, share)
        entries.append(entry if limited else None)
    if not any(entries):
        raise table.refusal("high", "missing")
    return tuple(entries)


def _numbers(table: Table, key: str, levels: int) -> tuple[float | None, ...]:
    """Read a number, which holds for all levels, or a list with one entry a level."""
    value = table.values.get(key)
    if not isinstance(value, list):
        return (table.number(key),) * levels
    if len(value) != levels:
        raise table.refusal(key, "wrong_value", f"{levels} entries")
    return tuple(_entry(table, key, entry) for entry in value)


def _entry(table: Table, key: str, entry: object) -> float | None:
    if entry == NONE:
        return None
    if isinstance(entry, bool) or not isinstance(entry, int | float) or not isfinite(entry):
        raise table.refusal(key, "wrong_type")
    return float(entry)


def _allowed(table: Table, key: str, percentages: tuple[float | None, ...], has_one: bool) -> None:
    """Refuse a percentage of what does not exist, and one that is none."""
    given = [percentage for percentage in percentages if percentage is not None]
    if given and (not has_one or not all(0 < percentage <= 100 for percentage in given)):
        raise table.refusal(key, "wrong_value")


def _mark(table: Table) -> Mark:
    word = table.text("mark")
    if word not in tuple(Mark):
        raise table.refusal("mark", "wrong_value", meant(word, Mark) or ", ".join(Mark))
    return Mark(word)
