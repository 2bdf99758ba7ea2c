"""Proves all calibrations, leaves and releases of a store; each function yields what is wrong."""

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.storage.calibration_rows import WHOLE, cleared_of, kept_of
from station.storage.station_keys import StationKeys
from station.storage.tables import calibration_pictures, calibrations, clearances, devices


def damaged_calibrations(connection: sa.Connection, keys: StationKeys) -> Iterator[str]:
    """Yield the calibrations that are not as they were written, or whose pictures are not named any more."""
    pictures: dict[int, list[str]] = defaultdict(list)
    placed = calibration_pictures.c
    for number, sha256 in connection.execute(
        sa.select(placed.calibration, placed.sha256).order_by(placed.calibration, placed.position)
    ):
        pictures[number].append(sha256)
    query = sa.select(*WHOLE).order_by(calibrations.c.number)
    with connection.execute(query, execution_options={"yield_per": 50}) as found:
        for row in found.mappings():
            try:
                kept = kept_of(row, keys)
            except StorageDamaged as damage:
                yield str(damage.context["what"])
                continue
            if pictures[kept.number] != [picture.sha256 for picture in kept.calibration.pictures]:
                yield f"pictures of calibration {kept.number}"


def damaged_clearances(connection: sa.Connection, keys: StationKeys) -> Iterator[str]:
    """Yield the leaves and releases that are not as they were written."""
    for row in connection.execute(sa.select(clearances)).mappings().all():
        try:
            cleared_of(row, keys)
        except StorageDamaged as damage:
            yield str(damage.context["what"])


def missing_calibrations(connection: sa.Connection) -> Iterator[str]:
    """Yield the runs of devices that were removed."""
    return _missing(connection, "run", calibrations.c.run, devices.c.runs)


def missing_clearances(connection: sa.Connection) -> Iterator[str]:
    """Yield the leaves and releases of devices that were removed."""
    return _missing(connection, "clearance", clearances.c.number, devices.c.clearances)


def _missing(
    connection: sa.Connection, word: str, number: sa.Column[int], count: sa.Column[int]
) -> Iterator[str]:
    table = number.table
    there: dict[tuple[str, str], set[int]] = defaultdict(set)
    for station, device, one in connection.execute(sa.select(table.c.station, table.c.device, number)):
        there[station, device].add(one)
    counted = {
        (station, device): many
        for station, device, many in connection.execute(sa.select(devices.c.station, devices.c.device, count))
    }
    for station, device in sorted(there.keys() | counted.keys()):
        numbers, many = there[station, device], counted.get((station, device), 0)
        for one in sorted(set(range(1, many + 1)) ^ numbers):
            yield f"{word} {one} of {device} at {station}"
