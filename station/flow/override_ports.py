"""What the flow needs to know of overrides over many records, as a protocol; `station.storage` fulfils it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from station.flow.listing import Listing
from station.model.record import AttachmentKind, OverrideNote


@dataclass(frozen=True, slots=True)
class Given:
    """One override that stands. `profile` is what the picture was judged by, `device` names what gave it."""

    record_id: str
    picture: AttachmentKind
    item: str
    page: int
    profile: str
    device: str
    note: OverrideNote = field(repr=False)
    on_record: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pictures of a device were judged by a profile, and of how many the officer thought otherwise."""

    device: str
    profile: str
    pictures: int
    overridden: int


class Overrides(Protocol):
    """The overrides of all records. A day is `first` up to, but not with, `until`."""

    def listed(self, since: datetime, limit: int = 200) -> tuple[Listing, ...]:
        """Return the records with overrides that are in progress, or were worked on since then, by name."""
        ...

    def given(self, first: datetime, until: datetime) -> tuple[Given, ...]:
        """Return the overrides that were given in this time and still stand, in their order."""
        ...

    def tallies(self, first: datetime, until: datetime) -> tuple[Tally, ...]:
        """Count the pictures of all records that were worked on in this time, by device and profile."""
        ...
