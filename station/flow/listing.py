"""The lines of the desk's lists."""

from dataclasses import dataclass, field

from station.model.record import RecordState
from station.model.visit import Step


@dataclass(frozen=True, slots=True)
class Listing:
    """A record in a list: what an officer needs to tell people apart, without its pictures.

    `overrides` is how many of its pictures were decided on against their measures, those set aside among them.
    """

    record_id: str
    application_number: str = field(repr=False)
    letter_number: str = field(repr=False)
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    document_number: str = field(repr=False)
    category: str
    state: RecordState
    visit_id: str = ""
    visit_step: Step | None = None
    visit_station: str = ""
    overrides: int = 0
