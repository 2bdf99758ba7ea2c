"""The command `replay`: stored verdicts come to again, or judged by other limits, in lines."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from station.errors import StationError
from station.flow import headless_replay
from station.flow.headless import Parts, Row, finding_row, plain
from station.flow.headless_replay import SOUND, Outcome, Replayed, Tally, edition
from station.flow.replay_sources import Stored
from station.model.quality import Finding, Limit
from ui.wording.errors import word

_T = TypeVar("_T")

ABOUT = "Come to stored verdicts again, or judge by other limits; nothing is written."

PROGRESS_S = 5.0
"""So often a long run says on standard error how far it is."""

SAID = {
    Outcome.SAME: "same",
    Outcome.ROUNDED: "same but for the last digits of another processor",
    Outcome.OTHER_MEASURES: "judged by measures {then}, now {now}: the answer is another, nothing is damaged",
    Outcome.DIFFERS: "not the same, although by the same measures",
    Outcome.OTHER_LIMITS: "the report names today's profile and holds other limits",
    Outcome.NO_PICTURE: "the picture cannot be judged",
    Outcome.NO_REPORT: "the report cannot be read",
}


class Print(Protocol):
    """How a command prints: a row for scripts, lines for people."""

    def __call__(self, arguments: argparse.Namespace, row: Row, *lines: str) -> None:
        """Print one of both."""
        ...


def add_to(command: argparse.ArgumentParser) -> None:
    """Add what the command line takes."""
    command.add_argument("wanted", nargs="?", metavar="RECORD|APPLICATION_NUMBER|DIR")
    command.add_argument("--all", action="store_true", help="every record")
    command.add_argument("--profile", type=Path, metavar="FILE", help="judge by these limits instead")
    command.set_defaults(refuse=command.error)


def run(arguments: argparse.Namespace, parts: Parts, show: Print) -> bool:
    """Replay what is named; tell whether all of it is sound. Trouble with one picture keeps no other back."""
    if (arguments.wanted is None) is not arguments.all:
        arguments.refuse("name a record, an application number or a folder, or say --all")
    if arguments.profile is not None:
        return _judge(arguments, parts, show)
    told: Counter[Outcome] = Counter()
    for replayed in _counted(headless_replay.replay(parts, arguments.wanted)):
        told[replayed.outcome] += 1
        if arguments.json or replayed.outcome is not Outcome.SAME or replayed.other_profile:
            show(arguments, _row(replayed), *_lines(replayed))
    counts = {outcome.value: told[outcome] for outcome in Outcome if told[outcome]}
    said = "".join(f", {name.replace('_', ' ')}: {count}" for name, count in counts.items())
    stamp, pictures = headless_replay.measures_now(), told.total()
    row: Row = {"pictures": pictures, **counts, "measures": stamp}
    show(arguments, row, f"Pictures replayed by measures {edition(stamp)}: {pictures}{said}.")
    return all(outcome in SOUND for outcome in told)


def _judge(arguments: argparse.Namespace, parts: Parts, show: Print) -> bool:
    profile, tally, good = headless_replay.other_limits(arguments.profile), Tally(), True
    for judged in _counted(headless_replay.rejudge(parts, arguments.wanted, profile)):
        tally.count(judged)
        if judged.error is not None:
            good = False
            trouble = f"{_name(judged.of)}: {word(judged.error).text}"
            show(arguments, {**_named(judged.of), **_trouble(judged.error)}, trouble)
        elif judged.flips and arguments.json:
            change = {"was": judged.was, "now": judged.now, "by": list(judged.by)}
            show(arguments, {**_named(judged.of), **change})
    for kind, pictures in tally.pictures.items():
        flips = tally.of(kind)
        count = sum(flip.count for flip in flips)
        changes = [{"was": f.was, "now": f.now, "by": list(f.by), "count": f.count} for f in flips]
        row: Row = {"kind": kind, "profile": profile.name, "pictures": pictures, "flips": count}
        ways = [f"{f.count} {f.was.value} -> {f.now.value} by {' and '.join(f.by)}" for f in flips]
        said = f": {', '.join(ways)}" if ways else ""
        name = kind.replace("_", " ")
        show(arguments, {**row, "changes": changes}, f"{name}: {count} of {pictures} would flip{said}.")
    if not tally.pictures:
        none: Row = {"kind": "", "profile": profile.name, "pictures": 0, "flips": 0, "changes": []}
        show(arguments, none, f"No picture was judged by a profile like {profile.name}.")
    return good


def _counted(found: Iterator[_T]) -> Iterator[_T]:
    """Hand on what is found, and say now and then on standard error how many that were."""
    said = time.monotonic()
    for number, each in enumerate(found, 1):
        yield each
        if time.monotonic() - said >= PROGRESS_S:
            said = time.monotonic()
            print(f"{number} pictures so far.", file=sys.stderr, flush=True)


def _row(replayed: Replayed) -> Row:
    row: Row = {
        **_named(replayed.of),
        "outcome": replayed.outcome.value,
        "judged_by": replayed.judged_by,
        "differences": [
            {"measure": d.measure, "was": _value(d.was), "now": _value(d.now)} for d in replayed.differences
        ],
        "limits": [{"measure": c.measure, "was": plain(c.was), "now": plain(c.now)} for c in replayed.limits],
        "other_profile": replayed.other_profile,
    }
    return row if replayed.error is None else {**row, **_trouble(replayed.error)}


def _value(finding: Finding | None) -> Row | None:
    return None if finding is None else {**finding_row(finding), "region": plain(finding.region)}


def _lines(replayed: Replayed) -> Iterator[str]:
    then, now = edition(replayed.judged_by) or "unknown", edition(headless_replay.measures_now())
    yield f"{_name(replayed.of)}: {SAID[replayed.outcome].format(then=then, now=now)}."
    if replayed.error is not None:
        yield f"  {word(replayed.error).text}"
    for difference in replayed.differences:
        yield f"  {difference.measure}: was {_shown(difference.was)}, is {_shown(difference.now)}"
    if replayed.other_profile and replayed.of.report is not None:
        yield f"  The profile {replayed.of.report.profile} was changed since."
    for change in replayed.limits:
        yield f"  limit of {change.measure}: was {_limit(change.was)}, is {_limit(change.now)}"


def _shown(finding: Finding | None) -> str:
    if finding is None:
        return "not asked"
    value = finding.reason if finding.raw is None else f"{finding.raw!r} {finding.unit}".strip()
    points = "" if finding.score is None else f", {finding.score} points"
    return f"{value}{points}, {finding.status.value}"


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return "none"
    parts = {name: getattr(limit, name) for name in ("low", "high", "fail_low", "fail_high")}
    said = ", ".join(f"{name} {value:g}" for name, value in parts.items() if value is not None)
    return said or "for information"


def _named(of: Stored) -> Row:
    return {"record": of.record, "picture": of.picture, "kind": of.kind}


def _name(of: Stored) -> str:
    return " ".join(filter(None, (of.kind.replace("_", " "), of.picture, of.record and f"of {of.record}")))


def _trouble(error: StationError) -> Row:
    return {"code": error.code, "message": word(error).text}
