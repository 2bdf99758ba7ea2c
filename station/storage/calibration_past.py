"""What decides whether a device may be used, proved once in the life of a process."""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.flow.calibration_ports import Leave, Past
from station.storage.calibration_rows import SEALED, cleared_of, head_of, run_of
from station.storage.station_keys import StationKeys
from station.storage.tables import calibrations, clearances, devices


@dataclass(frozen=True, slots=True)
class Known:
    """The past of a device as far as it was proved; `clearances` counts its leaves and releases."""

    past: Past
    clearances: int


Memory = dict[tuple[str, str], Known]
"""What is known, by station and device. Rows are only ever added: what was proved is not read again."""


def read_past(connection: sa.Connection, keys: StationKeys, memory: Memory, station: str, device: str) -> Past:
    """Return the past of a device; what `memory` does not know yet is read, proved and added to it.

    Raises:
        StorageDamaged: a run, a leave or a release is missing or not as it was written, or the key is lost.
    """
    this = (devices.c.station == station, devices.c.device == device)
    found = connection.execute(
        sa.select(devices.c.runs, devices.c.clearances, devices.c.pictures).where(*this)
    ).one_or_none()
    if found is None:
        _prove_unseen(connection, station, device)
        return Past()
    known = memory.get((station, device), Known(Past(), 0))
    if (len(known.past.runs), known.clearances) != (found.runs, found.clearances):
        past = _ran(connection, keys, known.past, (station, device, found.runs))
        past = _cleared(connection, keys, replace(known, past=past), (station, device, found.clearances))
        known = memory[station, device] = Known(past, found.clearances)
    return replace(known.past, scans=found.pictures)


def _prove_unseen(connection: sa.Connection, station: str, device: str) -> None:
    for table in (calibrations, clearances):
        some = sa.select(sa.literal(1)).where(table.c.station == station, table.c.device == device).limit(1)
        if connection.execute(some).first():
            raise StorageDamaged(what=f"count of {device}")


def _ran(connection: sa.Connection, keys: StationKeys, past: Past, asked: tuple[str, str, int]) -> Past:
    """Return the past with all runs, of which there are to be so many."""
    station, device, count = asked
    runs, digests = list(past.runs), list(past.digests)
    found = connection.execute(
        sa.select(*SEALED)
        .where(calibrations.c.station == station, calibrations.c.device == device)
        .where(calibrations.c.run > len(runs), calibrations.c.run <= count)
        .order_by(calibrations.c.run)
    ).mappings()
    for row in found.all():
        head = head_of(row, keys)
        if head.run != len(runs) + 1:
            break
        runs.append(run_of(head))
        digests.append(head.digest)
    if len(runs) != count:
        raise StorageDamaged(what=f"run {len(runs) + 1} of {device}")
    return replace(past, runs=tuple(runs), digests=tuple(digests))


def _cleared(connection: sa.Connection, keys: StationKeys, known: Known, asked: tuple[str, str, int]) -> Past:
    """Return the past with all leaves and releases, of which there are to be so many."""
    station, device, count = asked
    leaves, released, done = list(known.past.leaves), known.past.released, known.clearances
    found = connection.execute(
        sa.select(clearances)
        .where(clearances.c.station == station, clearances.c.device == device)
        .where(clearances.c.number > done, clearances.c.number <= count)
        .order_by(clearances.c.number)
    ).mappings()
    for row in found.all():
        one = cleared_of(row, keys)
        if one.number != done + 1:
            break
        done = one.number
        if one.override is None:
            released = one.runs
        else:
            leaves.append(Leave(one.id, one.override))
    if done != count:
        raise StorageDamaged(what=f"clearance {done + 1} of {device}")
    return replace(known.past, leaves=tuple(leaves), released=released)
