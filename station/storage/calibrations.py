"""What devices measured. Fulfils `station.flow.calibration_ports.Calibrations`; on the storage lane only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from station.flow.calibration_ports import EmptyGlass, Leave, Past
from station.model.audit import Told
from station.model.calibration import Calibration, Extent, Kept, Override
from station.storage import calibration_rows, empty_glass_rows
from station.storage.audit import SqlAudit
from station.storage.audit_entry import digest as digest_of
from station.storage.calibration_past import Memory, read_past
from station.storage.calibration_rows import Cleared
from station.storage.conflict import insert_new
from station.storage.rows import Row, time_of, time_text
from station.storage.station_keys import StationKeys
from station.storage.tables import calibration_pictures, calibrations, clearances, devices, stations

_CLOCK_STEP = timedelta(minutes=1)
"""The clock is looked at often and written only when it went on by so much."""


class SqlCalibrations:
    """The calibrations on one connection; nothing is durable before its unit of work commits."""

    def __init__(self, connection: sa.Connection, keys: StationKeys, memory: Memory, audit: SqlAudit) -> None:
        """Work on a connection that the unit of work owns, with what earlier units have proved.

        `audit` is told of every calibration, leave and release.
        """
        self._connection = connection
        self._keys = keys
        self._memory = memory
        self._audit = audit

    def add(self, calibration: Calibration, account: str = "") -> Kept:
        """Store a calibration whole and sign it; its pictures are in the picture store already.

        `account` is whom the audit names here and below; without one it names whom the text names.

        Raises:
            StorageDamaged: the station's key is lost.
        """
        key = self._keys.to_sign(calibration.station)
        run = self._next(devices.c.runs, calibration.station, calibration.device)
        if self._connection.dialect.name == "postgresql":
            # Two stations that add at once would take the same number; SQLite has one writer anyway.
            self._connection.exec_driver_sql("LOCK TABLE calibrations IN SHARE ROW EXCLUSIVE MODE")
        newest = self._connection.execute(sa.select(sa.func.max(calibrations.c.number))).scalar()
        number = (newest or 0) + 1
        row = calibration_rows.calibration_row(number, run, calibration, key, self._keys)
        self._connection.execute(sa.insert(calibrations), row)
        for position, picture in enumerate(calibration.pictures):
            named = {"calibration": number, "position": position, "sha256": picture.sha256}
            self._connection.execute(sa.insert(calibration_pictures), named)
        (kept,) = self._kept(calibrations.c.number == number)
        before = sa.select(calibrations.c.digest).where(
            _of_device(calibrations, calibration.station, calibration.device), calibrations.c.run == run - 1
        )
        self._audit.tell(
            Told.CALIBRATED, officer=account or calibration.officer, at=calibration.at,
            record=calibration.device, before=self._connection.execute(before).scalar() or "",
            after=kept.digest,
        )  # fmt: skip
        return kept

    def past(self, station: str, device: str) -> Past:
        """Return what decides whether a device may be used; of one never seen, an empty past.

        Each run, leave and release is proved when this process first meets it.

        Raises:
            StorageDamaged: one is not as it was written or is missing, or the station's key is lost.
        """
        return read_past(self._connection, self._keys, self._memory, station, device)

    def of(self, station: str, device: str, last: int = 60) -> tuple[Kept, ...]:
        """Return the last calibrations of a device, the oldest first.

        Raises:
            StorageDamaged: one is not as it was written, or its signature is not good.
        """
        return self._kept(_of_device(calibrations, station, device), last)

    def qualification(self, station: str, device: str, target: str) -> Kept | None:
        """Return the first full calibration that passed with this kind of target, as the device is set up now.

        What was done before the newest calibration's setup was first seen, or before a release, does not count.

        Raises:
            StorageDamaged: a calibration is not as it was written.
        """
        past = self.past(station, device)
        fitting = {
            digest
            for run, digest in zip(past.runs[past.released :], past.digests[past.released :], strict=True)
            if run.passed and run.extent is Extent.FULL and run.setup == past.runs[-1].setup
        }
        with_target = (
            sa.select(calibrations.c.digest)
            .where(_of_device(calibrations, station, device), calibrations.c.target == target)
            .order_by(calibrations.c.run)
        )
        for digest in self._connection.execute(with_target).scalars().all():
            if digest in fitting:
                return self._kept(calibrations.c.digest == digest)[0]
        return None

    def noises(self, station: str, device: str, last: int = 40) -> tuple[tuple[str, bytes], ...]:
        """Return the SHA-256 of the target's picture and its noise, of the last calibrations, the oldest first.

        Raises:
            StorageDamaged: one is not as it was written.
        """
        columns = (*calibration_rows.SEALED, calibrations.c.noise)
        rows = self._rows(columns, _of_device(calibrations, station, device), last)
        heads = [calibration_rows.head_of(row, self._keys) for row in rows]
        return tuple(
            (head.picture, calibration_rows.noise_of(row, head)) for row, head in zip(rows, heads, strict=True)
        )

    def devices(self) -> tuple[tuple[str, str, str], ...]:
        """Return (station, device, name) of every device that was ever calibrated on this store."""
        newest = sa.select(sa.func.max(calibrations.c.number)).group_by(
            calibrations.c.station, calibrations.c.device
        )
        found = self._connection.execute(
            sa.select(calibrations.c.station, calibrations.c.device, calibrations.c.device_name)
            .where(calibrations.c.number.in_(newest))
            .order_by(calibrations.c.station, calibrations.c.device)
        )
        return tuple((row.station, row.device, row.device_name) for row in found)

    def allow(self, station: str, device: str, override: Override, account: str = "") -> Leave:
        """Store a supervisor's leave to use a locked device for a time.

        Raises:
            StorageDamaged: the station's key is lost.
        """
        leave = Leave(uuid4().hex, override)
        self._clear(Cleared(station, device, 0, override.by, id=leave.id, override=override), account)
        return leave

    def release(
        self, station: str, device: str, by: str, cause: str, action: str, at: datetime, account: str = ""
    ) -> None:
        """Store that a technician found the cause of failures and what was done; they count no longer.

        Raises:
            StorageDamaged: the station's key is lost.
        """
        self._clear(Cleared(station, device, 0, by, cause=cause, action=action, at=at), account)

    def count(self, station: str, device: str, pictures: int = 1) -> None:
        """Count pictures that a device delivered."""
        self._note(station, device, {"pictures": devices.c.pictures + pictures})

    def seen(self, station: str, at: datetime) -> datetime:
        """Note what the clock shows and return the latest that it ever showed, `at` included."""
        noted = self._connection.execute(
            sa.select(stations.c.latest).where(stations.c.name == station)
        ).scalar_one_or_none()
        latest = None if noted is None else time_of(noted, "clock")
        if latest is None or at - latest >= _CLOCK_STEP:
            now = time_text(at)
            insert_new(self._connection, [{"name": station}], [stations.c.name])
            earlier = stations.c.latest.is_(None) | (stations.c.latest < now)
            self._connection.execute(
                sa.update(stations).where((stations.c.name == station) & earlier).values(latest=now)
            )
        return at if latest is None else max(at, latest)

    def watched(self, station: str, device: str) -> str:
        """Return the text that `watch` stored for this device, "" without one."""
        found = self._connection.execute(
            sa.select(devices.c.watched).where(_of_device(devices, station, device))
        )
        return found.scalar_one_or_none() or ""

    def watch(self, station: str, device: str, text: str) -> None:
        """Store what the station noticed about this device on ordinary pages (JSON text, no personal data)."""
        self._note(station, device, {"watched": text})

    def empty_glass(self, station: str, device: str) -> EmptyGlass | None:
        """Return the scan of the empty glass that is kept of this device, None where there is none.

        Raises:
            StorageDamaged: it is not as it was written.
        """
        columns = (devices.c.device, *empty_glass_rows.COLUMNS)
        found = self._connection.execute(sa.select(*columns).where(_of_device(devices, station, device)))
        row = found.mappings().one_or_none()
        return None if row is None else empty_glass_rows.glass_of(row)

    def keep_empty_glass(self, station: str, device: str, glass: EmptyGlass | None) -> None:
        """Keep this scan of the empty glass in place of the one before, or (None) none.

        Its picture is in the picture store already.
        """
        self._note(station, device, empty_glass_rows.glass_row(glass))

    def _rows(
        self, columns: Sequence[sa.Column[Any]], which: sa.ColumnElement[bool], last: int
    ) -> Sequence[Row]:
        found = self._connection.execute(
            sa.select(*columns).where(which).order_by(calibrations.c.number.desc()).limit(last)
        )
        return found.mappings().all()[::-1]

    def _kept(self, which: sa.ColumnElement[bool], last: int = 1) -> tuple[Kept, ...]:
        rows = self._rows(calibration_rows.WHOLE, which, last)
        return tuple(calibration_rows.kept_of(row, self._keys) for row in rows)

    def _clear(self, cleared: Cleared, account: str) -> None:
        station, device = cleared.station, cleared.device
        key = self._keys.to_sign(station)
        number = self._next(devices.c.clearances, station, device)
        runs = self._connection.execute(
            sa.select(devices.c.runs).where(_of_device(devices, station, device))
        ).scalar_one()
        numbered = replace(cleared, number=number, runs=0 if cleared.override else runs)
        row = calibration_rows.cleared_row(numbered, key, self._keys)
        self._connection.execute(sa.insert(clearances), row)
        act, at = (
            (Told.LEAVE_GIVEN, cleared.override.begins) if cleared.override else (Told.RELEASED, cleared.at)
        )
        before = sa.select(clearances.c.text).where(
            _of_device(clearances, station, device), clearances.c.number == number - 1
        )
        last = self._connection.execute(before).scalar()
        self._audit.tell(
            act, officer=account or cleared.by, at=at, record=device,
            before="" if last is None else digest_of(last), after=digest_of(str(row["text"])),
        )  # fmt: skip

    def _next(self, counter: sa.Column[int], station: str, device: str) -> int:
        """Count one more run or clearance of a device and return its number; the row is held until the end."""
        # From here on this unit knows what may yet be undone: no other unit is to learn it.
        self._memory = dict(self._memory)
        self._note(station, device, {counter.name: counter + 1})
        found = self._connection.execute(sa.select(counter).where(_of_device(devices, station, device)))
        return found.scalar_one()

    def _note(self, station: str, device: str, change: dict[str, object]) -> None:
        note = sa.update(devices).where(_of_device(devices, station, device)).values(change)
        if self._connection.execute(note).rowcount == 0:
            first = {
                "station": station, "device": device, "runs": 0, "clearances": 0, "pictures": 0, "watched": "",
            }  # fmt: skip
            insert_new(self._connection, [first], [devices.c.device])
            self._connection.execute(note)


def _of_device(table: sa.Table, station: str, device: str) -> sa.ColumnElement[bool]:
    return (table.c.station == station) & (table.c.device == device)
