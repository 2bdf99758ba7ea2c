"""Proves the chains of the audit: every entry by its hash and by the one after it, the last by the signed head.

Each chain is walked from its head down. An entry that was changed breaks its own hash or the link from above;
one that was removed leaves a gap, at the end of the chain a distance to the head; a chain that was written anew
breaks at the head and at every anchor. A database that was put back from an older copy is whole in itself: the
anchors in the file beside it, which it does not know, give it away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import sqlalchemy as sa

from station.model.audit import Told
from station.storage.audit import began_digest
from station.storage.audit_entry import FIELDS, Anchor, Entry, Head, anchor_of
from station.storage.audit_file import AnchorFile
from station.storage.rows import Row
from station.storage.station_keys import StationKeys
from station.storage.tables import audit, audit_anchors, audit_heads


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "audit_changed"
    MISSING = "audit_missing"
    TRUNCATED = "audit_truncated"
    ROLLED_BACK = "audit_rolled_back"


Found = tuple[Fault, str]
"""What is wrong, and with which entry, by its number and station."""

Place = tuple[str, int]
"""Station and number of an entry."""

_BOTTOM = 1


def prove(connection: sa.Connection, keys: StationKeys, files: Sequence[AnchorFile]) -> Iterator[Found]:
    """Yield what is wrong with the chains of all stations, and with the own files of anchors.

    The files are read first and the database after them: it is never behind them.
    """
    written = [(file, file.read()) for file in files]
    stored: dict[Place, Anchor] = {}
    for row in connection.execute(sa.select(audit_anchors)).mappings():
        anchor = Anchor(**row)
        if keys.is_signed(anchor.station, anchor.signature, anchor.text):
            stored[anchor.station, anchor.number] = anchor
        else:
            yield Fault.CHANGED, f"anchor {anchor.number} of {anchor.station}"
    filed = [_Filed(file, lines, stored, keys) for file, lines in written]
    met: dict[Place, str] = {place: "" for one in filed for place in one.anchors}
    yield from _chains(connection, keys, stored, met)
    for one in filed:
        yield from one.faults(stored, met, keys.station)


@dataclass(slots=True)
class _Chain:
    """The chain of one station on the way down from its head; `below` is the number above the next one."""

    head: Head
    below: int
    expected: str | None
    stored: Mapping[Place, Anchor]

    def faults(self, row: Row) -> Iterator[Found]:
        """Yield what is wrong with the next entry and above it."""
        entry = Entry(**{name: row[name] for name in FIELDS})
        station, number = entry.station, entry.number
        if number > self.head.number:
            yield Fault.CHANGED, f"entry {number} of {station}"
            return
        if number < self.below - 1:
            yield self._gap(number)
            self.expected = None
        try:
            found = entry.hash
        except TypeError:
            found = ""  # SQLite takes values of any type
        anchor = self.stored.get((station, number))
        good = found == row["hash"] and self.expected in (None, found)
        good = good and (anchor is None or anchor.hash == found) and (number > _BOTTOM or not entry.previous)
        if not good:
            yield Fault.CHANGED, f"entry {number} of {station}"
        self.expected = entry.previous if good else None
        self.below = number

    def rest(self) -> Iterator[Found]:
        """Yield what is missing at the beginning."""
        if self.below > _BOTTOM:
            yield self._gap(_BOTTOM - 1)

    def _gap(self, number: int) -> Found:
        first, last = number + 1, self.below - 1
        what = f"entry {first}" if first == last else f"entries {first} to {last}"
        kind = Fault.TRUNCATED if last == self.head.number else Fault.MISSING
        return kind, f"{what} of {self.head.station}"


def _chains(
    connection: sa.Connection, keys: StationKeys, stored: Mapping[Place, Anchor], met: dict[Place, str]
) -> Iterator[Found]:
    """Walk down every chain; `met` is told the hashes at the places that it names."""
    mark = began_digest(connection)
    heads = {row["station"]: row for row in connection.execute(sa.select(audit_heads)).mappings()}
    # One statement, so that no entry is added between an entry and the head that counts it.
    query = (
        sa.select(*audit.c, *(column.label(f"head_{column.name}") for column in audit_heads.c))
        .outerjoin_from(audit, audit_heads, audit.c.station == audit_heads.c.station)
        .order_by(audit.c.station.desc(), audit.c.number.desc())
    )
    with connection.execute(query, execution_options={"yield_per": 1000}) as found:
        for station, lines in groupby(found.mappings(), key=lambda row: str(row["station"])):
            heads.pop(station, None)
            chain: _Chain | None = None
            for row in lines:
                if chain is None:
                    head = {name: row[f"head_{name}"] for name in (*Head.__dataclass_fields__, "signature")}
                    chain, wrong = _begun(station, row["number"], head, keys, stored)
                    yield from wrong
                yield from chain.faults(row)
                place = (station, row["number"])
                if place in met:
                    met[place] = row["hash"]
                if row["number"] == _BOTTOM and (row["act"], row["after"]) != (Told.BEGAN, mark):
                    yield Fault.CHANGED, f"beginning of {station}"
            if chain is not None:
                yield from chain.rest()
    for station, row in heads.items():
        chain, wrong = _begun(station, 0, row, keys, stored)
        yield from wrong
        yield from chain.rest()


def _begun(
    station: str, top: int, row: Row, keys: StationKeys, stored: Mapping[Place, Anchor]
) -> tuple[_Chain, list[Found]]:
    """Return the chain from its head; without a good head from its `top` entry, which nothing vouches for."""
    if row["station"] is None:
        head = Head(station, top, "", "")
        return _Chain(head, top + 1, None, stored), [(Fault.MISSING, f"head of {station}")]
    head = Head(row["station"], row["number"], row["hash"], row["at"])
    if keys.is_signed(station, str(row["signature"]), head.text):
        return _Chain(head, head.number + 1, head.hash, stored), []
    head = Head(station, top, "", "")
    return _Chain(head, top + 1, None, stored), [(Fault.CHANGED, f"head of {station}")]


class _Filed:
    """What one file of anchors holds; None for `lines` when it is not there."""

    def __init__(
        self, file: AnchorFile, lines: list[str] | None, stored: Mapping[Place, Anchor], keys: StationKeys
    ) -> None:
        """Prove each line that the database does not hold as it stands."""
        self._name = file.name
        self._there = lines is not None
        self._bad: list[int] = []
        self.anchors: dict[Place, Anchor] = {}
        for number, line in enumerate(lines or (), 1):
            anchor = anchor_of(line)
            place = None if anchor is None else (anchor.station, anchor.number)
            known = place is not None and stored.get(place) == anchor
            if anchor is None or place is None:
                self._bad.append(number)
            elif known or keys.is_signed(anchor.station, anchor.signature, anchor.text):
                # Of two at one place the one that the database does not know tells that it was put back.
                if place not in self.anchors or not known:
                    self.anchors[place] = anchor
            else:
                self._bad.append(number)

    def faults(self, stored: Mapping[Place, Anchor], met: Mapping[Place, str], own: str) -> Iterator[Found]:
        """Yield what is wrong with the file, and what it shows of the database."""
        for number in self._bad:
            yield Fault.CHANGED, f"line {number} of {self._name}"
        signed_here = sorted(number for station, number in stored if station == own)
        if not self._there:
            if signed_here:
                yield Fault.MISSING, self._name
            return
        lost: dict[str, int] = {}
        for (station, number), anchor in self.anchors.items():
            known = stored.get((station, number))
            if known is not None and known.hash == anchor.hash:
                continue
            if known is None and met[station, number] == anchor.hash:
                yield Fault.MISSING, f"anchor {number} of {station}"
            else:
                lost[station] = max(number, lost.get(station, 0))
        for station, number in lost.items():
            yield Fault.ROLLED_BACK, f"anchor {number} of {station}"
        # The newest may not have been written down when the power failed.
        for number in signed_here[:-1]:
            if (own, number) not in self.anchors:
                yield Fault.MISSING, f"anchor {number} of {own} in {self._name}"
