"""Whose papers are these: from a scanned, typed or wedged text to one record."""

from collections.abc import Iterable, Mapping
from datetime import date

from station.flow.listing import Listing
from station.flow.ports import Records
from station.model.document import Barcode, Certainty, Identifier, Mrz, MrzStatus, Reading, Symbology
from station.reading import mrz as mrz_reading
from station.reading.patterns import Patterns

KINDS = ("letter_number", "application_number", "document_number")
"""Identifiers that name a record, in the order in which they are asked."""


def identifiers_in(text: str, patterns: Patterns, told: Symbology | None = None) -> tuple[Identifier, ...]:
    """Say what a text means by the centre's patterns; of a symbology that was told, or of any."""
    payload = text.strip().encode()
    found = {}
    for symbology in (told,) if told else Symbology:
        for identifier in patterns.identify((Barcode(symbology, payload, Certainty.ACCEPTED),)):
            found[(identifier.kind, identifier.value)] = identifier
    return tuple(found.values())


def mrz_in(text: str, today: date) -> Mrz | None:
    """Return the MRZ that the text is, or None."""
    lines = mrz_reading.split(text)
    if lines is None:
        return None
    mrz = mrz_reading.parse(lines, today=today)
    return None if mrz.status is MrzStatus.NOT_FOUND else mrz


def by_identifiers(records: Records, identifiers: Iterable[Identifier]) -> tuple[Listing, ...]:
    """Return the records that identifiers beyond doubt name; several only when they contradict each other."""
    found: dict[str, Listing] = {}
    for identifier in identifiers:
        if identifier.certainty is Certainty.ACCEPTED and identifier.kind in KINDS:
            for listing in records.with_identifier(identifier.kind, identifier.value):
                found[listing.record_id] = listing
    return tuple(found.values())


def by_readings(records: Records, readings: Iterable[Reading]) -> tuple[Listing, ...]:
    """Return the records that codes and printed lines beyond doubt name; several when they contradict."""
    found: dict[str, Listing] = {}
    for reading in readings:
        for listing in by_identifiers(records, reading.identifiers):
            found[listing.record_id] = listing
        if reading.mrz is not None and reading.mrz.status is MrzStatus.ACCEPTED:
            for listing in records.with_identifier("document_number", reading.mrz.document_number):
                found[listing.record_id] = listing
    return tuple(found.values())


def by_text(
    records: Records, text: str, patterns: Patterns, today: date, told: Symbology | None = None
) -> tuple[Listing, ...]:
    """Return the records that a text names exactly: MRZ, code pattern or, typed, a plain number."""
    mrz = mrz_in(text, today)
    if mrz is not None:
        return records.with_identifier("document_number", mrz.document_number) if mrz.check_ok else ()
    found = by_identifiers(records, identifiers_in(text, patterns, told))
    if found or told:
        return found
    plain: Mapping[str, Listing] = {
        listing.record_id: listing for kind in KINDS for listing in records.with_identifier(kind, text)
    }
    return tuple(plain.values())


def names_a_record(reading: Reading | None) -> bool:
    """Tell whether the page carries a number that may choose a record."""
    identifiers = reading.identifiers if reading else ()
    return any(i.certainty is Certainty.ACCEPTED and i.kind in KINDS for i in identifiers)
