"""The headless replay: stored verdicts are come to again from the stored bytes, or judged by other limits.

Nothing is written. What is compared is streamed: a few pictures are in memory at a time, whatever there is.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from station.errors import RecordNotFound, StationError
from station.flow.headless import Parts
from station.flow.lane import Lane
from station.flow.replay_recompute import NO_ENGINE, Recompute
from station.flow.replay_sources import Stored, in_folder, in_records
from station.imaging.heap import give_large_blocks_back
from station.model.quality import Finding, Limit, QualityReport, Verdict
from station.quality import versions
from station.quality.assess import judged_anew
from station.quality.profile import Profile, load_profile
from station.quality.tolerance import alike

_Answer = TypeVar("_Answer")

LANES = 2
IN_FLIGHT = 4
"""Pictures that are decoded or wait to be: an A4 page at 300 dpi holds 26 MB, at 600 dpi 105 MB."""
CLOSE_S = 60.0
"""How long the pictures in hand may take when nobody wants the answers any more."""


class Outcome(StrEnum):
    """What a replay says of one picture.

    ROUNDED: the same but for the last digits of another kind of processor; OTHER_MEASURES: judged by another
    version of the measures, which answers otherwise: no damage; DIFFERS: by the same version, and not the same;
    OTHER_LIMITS: the report names a profile and holds other limits than that; NO_PICTURE, NO_REPORT: one of
    both is missing, damaged or cannot be understood.
    """

    SAME = "same"
    ROUNDED = "rounded"
    OTHER_MEASURES = "other_measures"
    DIFFERS = "differs"
    OTHER_LIMITS = "other_limits"
    NO_PICTURE = "no_picture"
    NO_REPORT = "no_report"


SOUND = (Outcome.SAME, Outcome.ROUNDED, Outcome.OTHER_MEASURES)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure's finding as it was stored and as it is now; None where there is none."""

    measure: str
    was: Finding | None
    now: Finding | None


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A limit by which the picture was judged, and its profile's own today; None where there is none."""

    measure: str
    was: Limit | None
    now: Limit | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one picture.

    `other_profile`: the profile of this name is another today; `limits` says where its limits differ.
    """

    of: Stored
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    limits: tuple[LimitChange, ...] = ()
    error: StationError | None = None
    other_profile: bool = False

    @property
    def judged_by(self) -> str:
        """The version of the measures that the report names, "" when it names none."""
        return self.of.report.measures if self.of.report else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How one picture would fare by other limits. `by` are the measures that make the difference."""

    of: Stored
    was: Verdict | None = None
    now: Verdict | None = None
    by: tuple[str, ...] = ()
    error: StationError | None = None

    @property
    def flips(self) -> bool:
        """The verdict would be another."""
        return self.was is not self.now


@dataclass(frozen=True, slots=True)
class Flip:
    """How many pictures of a kind would get another verdict, by the same measures."""

    was: Verdict
    now: Verdict
    by: tuple[str, ...]
    count: int


@dataclass(slots=True)
class Tally:
    """How many pictures of each kind were judged, and how their verdicts would change."""

    pictures: Counter[str] = field(default_factory=Counter)
    _ways: Counter[tuple[str, Verdict, Verdict, tuple[str, ...]]] = field(default_factory=Counter)

    def count(self, judged: Judged) -> None:
        """Count one picture; one that could not be judged does not count."""
        if judged.was is None or judged.now is None:
            return
        self.pictures[judged.of.kind] += 1
        if judged.flips:
            self._ways[judged.of.kind, judged.was, judged.now, judged.by] += 1

    def of(self, kind: str) -> tuple[Flip, ...]:
        """Return the changes of one kind, the most frequent first."""
        found = [Flip(was, now, by, count) for (of, was, now, by), count in self._ways.items() if of == kind]
        return tuple(sorted(found, key=lambda flip: (-flip.count, flip.was, flip.now, flip.by)))


def measures_now() -> str:
    """Return the version of the measures of this program, as reports bear it."""
    return versions.stamp()


edition = versions.edition


def replay(parts: Parts, wanted: str | None) -> Iterator[Replayed]:
    """Come to every stored report again: of one record, of a folder, of all records (None).

    Raises:
        RecordNotFound, SettingsError, StorageError: nothing can be replayed.
    """
    recompute = Recompute.of(parts)

    def work(stored: Stored) -> Replayed:
        return _replayed(recompute, stored)

    yield from _in_lanes(stored_in(parts, wanted), work)


def rejudge(parts: Parts, wanted: str | None, profile: Profile) -> Iterator[Judged]:
    """Judge what was measured by other limits. Only what a report lacks is measured anew.

    Raises:
        RecordNotFound, SettingsError, StorageError: nothing can be judged.
    """
    recompute = Recompute.of(parts)
    named = profile.name in recompute.profiles

    def work(stored: Stored) -> Judged | None:
        if stored.report is None:
            return Judged(stored, error=stored.error)
        fits = stored.report.profile == profile.name if named else stored.subject is profile.subject
        return _judged(recompute, stored, stored.report, profile) if fits else None

    yield from (judged for judged in _in_lanes(stored_in(parts, wanted), work) if judged is not None)


def other_limits(path: Path) -> Profile:
    """Read the profile to judge by; SettingsError as by `load_profile`."""
    return load_profile(path)


def stored_in(parts: Parts, wanted: str | None) -> Iterator[Stored]:
    """Yield what is to be replayed: a folder by its path, a record by its id or application number, or all.

    Raises:
        RecordNotFound: it is neither.
    """
    if wanted is None:
        return in_records(parts)
    folder = Path(wanted)
    return in_folder(folder) if folder.is_dir() else in_records(parts, _record_id(parts, wanted))


def _record_id(parts: Parts, wanted: str) -> str:
    with parts.units() as work:
        try:
            return work.records.get(wanted).id
        except RecordNotFound:
            found = work.records.with_identifier("application_number", wanted)
    if len(found) != 1:
        raise RecordNotFound
    return found[0].record_id


# -- one picture -----------------------------------------------------------------------------------------------


def _replayed(recompute: Recompute, stored: Stored) -> Replayed:
    was = stored.report
    if was is None:
        return Replayed(stored, Outcome.NO_REPORT, error=stored.error)
    try:
        limits = _limit_changes(was, recompute.limits_today(was))
        now = recompute.report(stored, was)
    except StationError as error:
        return Replayed(stored, Outcome.NO_PICTURE, error=error)
    before, after = _by_measure(was), _by_measure(now)
    differences = tuple(
        Difference(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )
    digest = recompute.digest_today(was)
    forged = bool(limits) and was.digest == digest
    changed = bool(was.digest and digest) and was.digest != digest
    outcome = Outcome.OTHER_LIMITS if forged else _outcome(was, differences)
    return Replayed(stored, outcome, differences, limits, other_profile=changed)


def _outcome(was: QualityReport, differences: tuple[Difference, ...]) -> Outcome:
    if not differences:
        return Outcome.SAME
    if was.measures != versions.stamp() or all(_by_an_engine(difference) for difference in differences):
        return Outcome.OTHER_MEASURES
    return Outcome.ROUNDED if all(map(_rounded, differences)) else Outcome.DIFFERS


def _by_an_engine(difference: Difference) -> bool:
    """Tell whether it was measured by an engine that is not plugged in now."""
    return difference.now is not None and difference.now.reason == NO_ENGINE


def _rounded(difference: Difference) -> bool:
    was, now = difference.was, difference.now
    if was is None or now is None or was.raw is None or now.raw is None or was.status is not now.status:
        return False
    return alike(difference.measure, (was.raw, was.score), (now.raw, now.score))


def _by_measure(report: QualityReport) -> dict[str, Finding]:
    return {finding.measure: finding for finding in report.findings}


def _limit_changes(was: QualityReport, today: dict[str, Limit] | None) -> tuple[LimitChange, ...]:
    """Return the limits that are others in the profile of today; none when there is no such profile."""
    if today is None:
        return ()
    then = {f.measure: f.limit for f in was.findings if f.measure != versions.SHEET_LENGTH}
    return tuple(
        LimitChange(name, then.get(name), today.get(name))
        for name in dict.fromkeys((*then, *today))
        if then.get(name) != today.get(name)
    )


def _judged(recompute: Recompute, stored: Stored, was: QualityReport, profile: Profile) -> Judged:
    known = _by_measure(was)
    try:
        if not known.keys() >= profile.asked.keys():
            known = {**_by_measure(recompute.by_profile(stored, profile)), **known}
    except StationError as error:
        return Judged(stored, error=error)
    findings = [judged_anew(known[name], asked) for name, asked in profile.asked.items()]
    findings += [f for f in was.findings if f.measure == versions.SHEET_LENGTH]
    now = QualityReport(profile.name, tuple(findings), profile.version, profile.digest, was.measures)
    return Judged(stored, was.verdict, now.verdict, _makers(was, now))


_RANK = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.FAIL: 2}


def _makers(was: QualityReport, now: QualityReport) -> tuple[str, ...]:
    """Return the measures by which the worse of two reports is worse; none when both have one verdict."""
    if was.verdict is now.verdict:
        return ()
    worse, better = (was, now) if _RANK[was.verdict] > _RANK[now.verdict] else (now, was)
    others = _by_measure(better)
    return tuple(
        finding.measure
        for finding in worse.findings
        if _weight(finding) == worse.verdict and _weight(others.get(finding.measure)) != worse.verdict
    )


def _weight(finding: Finding | None) -> Verdict:
    """Return the verdict that this finding alone would bring about."""
    return Verdict.PASS if finding is None else QualityReport("", (finding,)).verdict


# -- many pictures ---------------------------------------------------------------------------------------------


def _in_lanes(source: Iterator[Stored], work: Callable[[Stored], _Answer]) -> Iterator[_Answer]:
    """Work on a few at a time, read on the caller's thread, and yield the answers in their order."""
    give_large_blocks_back()
    lanes = [Lane(f"replay-{number}") for number in range(1, LANES + 1)]
    waiting: deque[Future[_Answer]] = deque()
    try:
        for number, stored in enumerate(source):
            waiting.append(lanes[number % LANES].submit(work, stored))
            if len(waiting) >= IN_FLIGHT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for lane in lanes:
            lane.close(CLOSE_S)
