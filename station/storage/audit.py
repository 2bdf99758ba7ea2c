"""The audit of one unit of work: who did what to which record, written in the transaction that it tells of.

Each station has a chain of its own, so two stations on one database never wait for each other. With every
commit the station signs how far its chain goes; a head that it did not sign is never built on. Now and then a
head is signed to stay (`Anchor`): at sign-out, when the first act of a new day finds the day before open, and
with every `ANCHOR_EVERY` entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa

from station.errors import StorageDamaged
from station.model.audit import AnchorReason, Told
from station.storage.audit_entry import WORD, Anchor, Entry, Head, canonical, digest
from station.storage.audit_file import AnchorFile
from station.storage.conflict import insert_new
from station.storage.rows import time_of, time_text
from station.storage.station_keys import StationKeys
from station.storage.tables import audit, audit_anchors, audit_began, audit_heads

ANCHOR_EVERY = 50
"""Entries; about one visit. What lies behind the last anchor is what a restored copy could hide."""


@dataclass(frozen=True, slots=True)
class _Note:
    """What was told and is not yet an entry."""

    act: str
    officer: str = ""
    at: str = ""
    record: str = ""
    visit: str = ""
    before: str = ""
    after: str = ""


Row = tuple[str, int, str, str, str]
"""The columns of `audit_heads`."""


@dataclass(slots=True)
class Book:
    """What is kept from unit to unit: the files of anchors, and the head that this process signed last."""

    files: tuple[AnchorFile, ...] = ()
    signed: Row | None = None


class SqlAudit:
    """The audit on one connection. Fulfils `station.flow.audit_ports.Audit`.

    Its entries are made by `write`, just before the unit of work commits.
    """

    def __init__(self, connection: sa.Connection, keys: StationKeys, book: Book) -> None:
        """Work on a connection that the unit of work owns; `book` is one for all units of a store."""
        self._connection = connection
        self._keys = keys
        self._station = keys.station
        self._book = book
        self._signed = book.signed
        self._notes: list[_Note] = []
        self._reasons: list[AnchorReason] = []
        self._to_files: list[tuple[AnchorFile, tuple[Anchor, ...]]] = []

    def tell(
        self,
        act: str,
        *,
        officer: str = "",
        at: datetime | None = None,
        record: str = "",
        visit: str = "",
        before: str = "",
        after: str = "",
    ) -> None:
        """Note one thing that was done, in the order done; it becomes durable with the unit of work.

        `act` is a word; ids and digests only, no personal data. Who changed a record, and when, is taken from
        an act on the same record in this unit, unless it is said.

        Raises:
            ValueError: the act is no word.
        """
        if not WORD.fullmatch(act):
            raise ValueError("an act is a word")
        self._notes.append(
            _Note(act, officer, time_text(at) if at else "", record, visit, before, after),
        )

    def anchor(self, reason: AnchorReason) -> None:
        """Have the head signed to stay, together with what was told before."""
        self._reasons.append(reason)

    def write(self) -> None:
        """Write what was told to the chain, in the transaction of the unit.

        Raises:
            StorageDamaged: the station's key is lost, or somebody else wrote to this chain.
        """
        if not self._notes and not self._reasons:
            return
        now = time_text(datetime.now(UTC))
        old = self._locked_head()
        entries = self._entries(old, now)
        new = self._extended(old, entries) if entries else old
        anchors: dict[int, tuple[Head, AnchorReason]] = {}
        if old.number and entries and _day(entries[0].at) != _day(old.at):
            anchors[old.number] = (old, AnchorReason.DAY_END)
        if new.number // ANCHOR_EVERY > old.number // ANCHOR_EVERY:
            anchors[new.number] = (new, AnchorReason.COUNT)
        if new.number and self._reasons:
            anchors[new.number] = (new, self._reasons[0])
        if anchors:
            key = self._keys.of(self._station)
            self._store(_signed(head, reason, now, key, self._keys) for head, reason in anchors.values())
        self._notes, self._reasons = [], []

    def committed(self) -> None:
        """Write new anchors to the files: what was told is durable now. Raises nothing."""
        self._book.signed = self._signed
        for file, anchors in self._to_files:
            file.add(anchors)
        self._to_files = []

    def _locked_head(self) -> Head:
        """Return the head, proved, and hold it until the end of the transaction."""
        mine = audit_heads.c.station == self._station
        # An update that changes nothing takes the lock, on either database.
        lock = sa.update(audit_heads).where(mine).values(number=audit_heads.c.number).returning(*audit_heads.c)
        row = self._connection.execute(lock).one_or_none()
        if row is not None and tuple(row) == self._book.signed:
            return Head(row.station, row.number, row.hash, row.at)
        self._keys.to_sign(self._station)
        if row is None:
            some = sa.select(audit.c.number).where(audit.c.station == self._station).limit(1)
            if self._connection.execute(some).first():
                raise StorageDamaged(what="audit", detail="no_head")
            first = {"station": self._station, "number": 0, "hash": "", "at": "", "signature": ""}
            insert_new(self._connection, [first], [audit_heads.c.station])
            row = self._connection.execute(lock).one()
        head = Head(row.station, row.number, row.hash, row.at)
        empty = (head.number, row.signature) == (0, "")
        if not empty and not self._keys.is_signed(self._station, row.signature, head.text):
            raise StorageDamaged(what="audit", detail="head")
        return head

    def _entries(self, head: Head, now: str) -> list[Entry]:
        """Return what was told as entries that follow this head, the chain's beginning before the first."""
        notes = self._notes
        if notes and not head.number:
            notes = [_Note(Told.BEGAN, after=began_digest(self._connection)), *notes]
        doers = {note.record: note for note in notes if note.record and note.officer}
        entries, number, previous = [], head.number, head.hash
        for note in notes:
            if note.record in doers and not note.officer:
                doer = doers[note.record]
                note = replace(note, officer=doer.officer, visit=note.visit or doer.visit, at=doer.at)
            number += 1
            told = {**asdict(note), "at": note.at or now}
            entries.append(Entry(station=self._station, number=number, previous=previous, **told))
            previous = entries[-1].hash
        return entries

    def _extended(self, old: Head, entries: Sequence[Entry]) -> Head:
        """Store the entries and the signed head that follows them."""
        rows = [entry.row for entry in entries]
        # A list of one takes the drivers' slower way.
        self._connection.execute(sa.insert(audit), rows if len(rows) > 1 else rows[0])
        last = entries[-1]
        new = replace(old, number=last.number, hash=last.hash, at=last.at)
        signature = self._keys.sign(new.text)
        self._connection.execute(
            sa.update(audit_heads)
            .where(audit_heads.c.station == self._station)
            .values(number=new.number, hash=new.hash, at=new.at, signature=signature)
        )
        self._signed = (new.station, new.number, new.hash, new.at, signature)
        return new

    def _store(self, anchors: Iterable[Anchor]) -> None:
        """Store anchors, and find out what the files lack with them."""
        mine = sa.select(audit_anchors).where(audit_anchors.c.station == self._station)
        first = self._connection.execute(mine.limit(1)).first() is None
        # A head that is anchored already is not anchored again.
        insert_new(self._connection, [asdict(anchor) for anchor in anchors], [audit_anchors.c.station])
        stored = mine.order_by(audit_anchors.c.number)
        for file in self._book.files:
            if first:
                file.add(())  # from now on a file that is not there was taken away
            last = file.last(self._station)
            newer = stored if last is None else stored.where(audit_anchors.c.number > last.number)
            lacking = [Anchor(**row) for row in self._connection.execute(newer).mappings()]
            # A file that was taken away is not made good in silence: the older ones stay missing.
            self._to_files.append((file, tuple(lacking if file.path.exists() else lacking[-1:])))


def began_digest(connection: sa.Connection) -> str:
    """Return the digest of the mark that says which rows are older than the audit."""
    return digest(canonical([list(row) for row in connection.execute(sa.select(audit_began))]))


def _signed(head: Head, reason: AnchorReason, now: str, key: str, keys: StationKeys) -> Anchor:
    anchor = Anchor(head.station, head.number, head.hash, now, reason.value, key)
    return replace(anchor, signature=keys.sign(anchor.text))


def _day(at: str) -> object:
    """Return the day at this place."""
    return time_of(at, "audit").astimezone().date()
