"""The headless list of overrides: what officers decided against the measures; of applicants only record ids."""

from datetime import date, datetime

from station.flow.day import begins, ends
from station.flow.headless import Parts, Row
from station.flow.override_ports import Given, Tally


def overrides(
    parts: Parts, first: date | None, last: date | None
) -> tuple[tuple[Given, ...], tuple[Tally, ...]]:
    """Return the overrides of these days and the pictures that they are among; None is today, or the same day.

    Raises:
        StorageError: the store cannot be read.
    """
    day = first or last or datetime.now().astimezone().date()
    since, until = begins(day), ends(last or day)
    with parts.units() as work:
        given = work.overrides.given(since, until)
        return tuple(sorted(given, key=_place)), work.overrides.tallies(since, until)


def _place(given: Given) -> tuple[str, str, str, str]:
    return (given.note.kind.value, given.note.reason, given.note.by, str(given.note.at))


def override_row(given: Given) -> Row:
    """Write an override for scripts: ids and codes. Notes stay on the record, for they may name people."""
    note = given.note
    return {
        "kind": note.kind.value,
        "reason": note.reason,
        "officer": note.by,
        "second": note.second,
        "at": note.at.isoformat() if note.at is not None else None,
        "record": given.record_id,
        "picture": given.picture.value,
        "item": given.item,
        "page": given.page,
        "on_record": given.on_record,
        "profile": given.profile,
        "device": given.device,
    }


def tally_row(tally: Tally) -> Row:
    """Write for scripts of how many pictures the officer thought otherwise; `share` is 0 to 1."""
    return {
        "device": tally.device,
        "profile": tally.profile,
        "pictures": tally.pictures,
        "overridden": tally.overridden,
        "share": round(tally.overridden / tally.pictures, 4),
    }
