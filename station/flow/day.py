"""A day at this place, and the records of it that the officer decided on against the measures."""

from datetime import date, datetime, time, timedelta

from station.flow.events import Listed
from station.flow.options import Options
from station.flow.ports import UnitsOfWork


def begins(day: date) -> datetime:
    """Return when a day begins by the clock on the wall."""
    return datetime.combine(day, time()).astimezone()


def ends(day: date) -> datetime:
    """Return when a day is over: when the next one begins, be it an hour longer or shorter."""
    return begins(day + timedelta(days=1))


def overridden(units: UnitsOfWork, options: Options) -> Listed:
    """Return the records of today, or still in progress, that have overrides."""
    with units() as work:
        found = work.overrides.listed(begins(options.now().astimezone().date()))
    return Listed("", found, overridden=True)
