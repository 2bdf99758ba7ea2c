"""Whether a device may be used: the state of its calibration, and why it is locked.

Pure rules over what happened and what is now. Capture is locked for one device and one profile; reading old
records never is. A clock that was set back neither makes a calibration valid for longer nor keeps an override
open. All moments carry their time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from station.model.calibration import Extent, Override, Reason, Setup, Standing, State


@dataclass(frozen=True, slots=True)
class Run:
    """One calibration that was done. `scans` is the device's count at that moment.

    `target_expires` is when the target or its reference file does, whichever is sooner; None without a date.
    """

    at: datetime
    extent: Extent
    passed: bool
    setup: Setup
    scans: int
    target_expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """When a calibration is due: a full one after `full_every` or so many `scans`, a `daily` short check.

    `warn_before` and `warn_scans` are how far ahead the station warns.
    """

    full_every: timedelta = timedelta(days=7)
    scans: int | None = None
    daily: bool = True
    warn_before: timedelta = timedelta(days=1)
    warn_scans: int = 100


CLOCK_SLACK = timedelta(minutes=5)
"""A time server may set the clock back by so much; the latest moment seen counts meanwhile."""


@dataclass(frozen=True, slots=True)
class Present:
    """What is now. `latest_seen`: the latest that the clock showed since the last run, through restarts."""

    at: datetime
    setup: Setup
    scans: int
    latest_seen: datetime


def standing(
    plan: Plan, runs: Sequence[Run], present: Present, *, released: int = 0, overrides: Sequence[Override] = ()
) -> Standing:
    """Judge one device and profile.

    `runs` stand in the order in which they were done, whatever their clocks said. `released` is how many of
    them had been done when a technician last released the profile with cause and action: two failures in a row
    lock it until then, and to pass the third time does not help. An override counts only under a right clock.
    """
    now = max(present.at, present.latest_seen)
    backwards = _set_back(runs, present)
    leave = None if backwards else _leave(overrides, present.setup.serial, now)
    failures = _failures(runs, released)
    if failures:
        reason = Reason.FAILED if failures == 1 else Reason.FAILED_TWICE
        return Standing(State.FAILED, reason, override=leave)
    full = next((run for run in reversed(runs) if run.passed and run.extent is Extent.FULL), None)
    if full is None:
        return Standing(State.NEVER, Reason.NEVER, override=leave)
    if backwards:
        return Standing(State.EXPIRED, Reason.CLOCK)
    ends = _ends(plan, full, runs[-1])
    changed = _changed(plan, full, runs[-1], present)
    over = changed or next((reason for reason, end in ends.items() if end <= now), None)
    if over:
        return Standing(State.EXPIRED, over, ends.get(over), override=leave)
    left = None if plan.scans is None else full.scans + plan.scans - present.scans
    # The day's check is due every day: there is no warning in it.
    soon = [
        reason for reason, end in ends.items() if reason is not Reason.DAY and end - now <= plan.warn_before
    ]
    if left is not None and left <= plan.warn_scans:
        soon.append(Reason.SCANS)
    if soon:
        return Standing(State.DUE_SOON, soon[0], ends.get(soon[0]), left)
    return Standing(State.VALID, None, min(ends.values()), left)


def _failures(runs: Sequence[Run], released: int) -> int:
    """Return how many failures stand open. A short check does not make good what a full calibration failed."""
    failures, in_full = 0, False
    for done, run in enumerate(runs, 1):
        if not run.passed:
            failures, in_full = failures + 1, in_full or run.extent is Extent.FULL
        elif failures < 2 and (run.extent is Extent.FULL or not in_full):
            failures, in_full = 0, False
        if done == released:
            failures = min(failures, 1)
    return failures


def _set_back(runs: Sequence[Run], present: Present) -> bool:
    """Tell whether the clock shows less than it did: at the runs that count, or at any time since."""
    full = [run.at for run in runs if run.passed and run.extent is Extent.FULL]
    latest = max([present.latest_seen, *full[-1:], *(run.at for run in runs[-1:])])
    return present.at + CLOCK_SLACK < latest


def _changed(plan: Plan, full: Run, newest: Run, present: Present) -> Reason | None:
    """Return what about the device is no longer as it was calibrated."""
    for run in (full, newest):
        for reason, was, now in (
            (Reason.SERIAL, run.setup.serial, present.setup.serial),
            (Reason.DRIVER, run.setup.driver, present.setup.driver),
            (Reason.SETTINGS, run.setup.settings, present.setup.settings),
        ):
            if was != now:
                return reason
    since = present.scans - full.scans
    # A count that runs backwards was reset, and nobody knows how many there were.
    return Reason.SCANS if plan.scans is not None and not 0 <= since < plan.scans else None


def _ends(plan: Plan, full: Run, newest: Run) -> dict[Reason, datetime]:
    """Return until when each limit of time holds, the one that asks for most first."""
    ends = {Reason.TARGET: full.target_expires} if full.target_expires else {}
    ends[Reason.TIME] = full.at + plan.full_every
    if plan.daily:
        # Midnight where the check was done: another time zone of the computer does not make the day longer.
        ends[Reason.DAY] = datetime.combine(newest.at.date() + timedelta(days=1), time(), newest.at.tzinfo)
    return ends


def _leave(overrides: Sequence[Override], serial: str, now: datetime) -> Override | None:
    """Return the leave that holds for the device now."""
    holding = (leave for leave in overrides if leave.serial == serial and leave.begins <= now < leave.ends)
    return next(holding, None)
