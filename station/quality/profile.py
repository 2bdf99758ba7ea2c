"""The limits of one purpose, from a TOML file: which measures are asked and what is good."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from station.model.quality import Limit
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.portrait.scores import SCORES
from station.toml_file import Table, files_of, meant, read_table


class Subject(StrEnum):
    """What a profile judges; it decides which measures may be asked."""

    PAGE = "page"
    PORTRAIT = "portrait"


MEASURES: Mapping[Subject, tuple[str, ...]] = {Subject.PAGE: tuple(PAGE), Subject.PORTRAIT: tuple(PORTRAIT)}
"""The names that a profile of each subject may ask."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure's limit (none at all: for information) and whether the verdict hangs on it.

    `may_lack`: a picture with nothing to measure is to be looked at, it does not fail. `live`: it is asked of
    the frames of a live picture too, not of stills only.
    """

    limit: Limit
    required: bool
    may_lack: bool = False
    live: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """One purpose. `asked` has a measure's name for key, in the order in which the report shows them.

    With `second_person` a picture is kept against it only when a second person signs too.
    `digest` is the SHA-256 of all that decides a verdict: one limit more, less or other makes another.
    """

    name: str
    title: str
    version: str
    subject: Subject
    asked: Mapping[str, Asked]
    second_person: bool = False
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Work the digest out; comments and the layout of the file do not count."""
        asked = [(measure, asdict(entry)) for measure, entry in self.asked.items()]
        told = json.dumps([self.name, self.version, self.subject, asked])
        object.__setattr__(self, "digest", hashlib.sha256(told.encode()).hexdigest())


def load_profile(path: Path) -> Profile:
    """Read one profile.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing, wrong_type, wrong_value, unknown_key (or
            measure), wrong_order (a fail limit stricter than the limit of good). wrong_value stands for points
            asked of a measure without a score, too.
    """
    table = read_table(path)
    table.only("name", "title", "version", "subject", "second_person", "limits")
    subject = _subject(table)
    limits = table.table("limits")
    limits.only(*MEASURES[subject])
    if not limits.values:
        raise table.refusal("limits", "missing")
    return Profile(
        name=table.text("name"),
        title=table.text("title"),
        version=table.text("version"),
        subject=subject,
        asked=MappingProxyType({name: _asked(name, limits.table(name)) for name in limits.values}),
        second_person=table.flag("second_person", default=False),
    )


def load_profiles(folder: Path) -> Mapping[str, Profile]:
    """Read all profiles of a folder by name.

    Raises:
        SettingsError: as `load_profile`; or the folder holds none (missing), or a name twice (duplicate).
    """
    profiles: dict[str, Profile] = {}
    for path in files_of(folder):
        profile = load_profile(path)
        if profile.name in profiles:
            raise Table(path.name, {}).refusal("name", "duplicate")
        profiles[profile.name] = profile
    return MappingProxyType(profiles)


def _subject(table: Table) -> Subject:
    name = table.text("subject")
    if name not in tuple(Subject):
        raise table.refusal("subject", "wrong_value", meant(name, Subject))
    return Subject(name)


def _asked(name: str, table: Table) -> Asked:
    table.only("low", "high", "fail_low", "fail_high", "scored", "required", "may_lack", "live")
    low, high, fail_low, fail_high = (table.number(k) for k in ("low", "high", "fail_low", "fail_high"))
    limit = Limit(low, high, fail_low, fail_high, table.flag("scored", default=False))
    for key, fail, good in (
        ("fail_low", limit.fail_low, limit.low),
        ("fail_high", limit.high, limit.fail_high),
    ):
        if fail is not None and good is not None and fail > good:
            raise table.refusal(key, "wrong_order")
    if limit.low is not None and limit.high is not None and limit.low > limit.high:
        raise table.refusal("high", "wrong_order")
    if limit.scored and name not in SCORES:
        raise table.refusal("scored", "wrong_value")
    return Asked(
        limit,
        table.flag("required", default=True),
        table.flag("may_lack", default=False),
        table.flag("live", default=True),
    )
