"""Two readings of the passport in one visit: slips of a reader, or two documents on one desk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from station.model.document import Agreement, FieldMatch, Mrz, MrzStatus
from station.model.record import ApplicationRecord, TravelDocument
from station.reading.crosscheck_fields import Paper, is_visa
from station.reading.crosscheck_together import DIFFERS, another_person
from station.reading.names import Compared

_STATUSES = tuple(MrzStatus)
_OF_A_DOCUMENT = frozenset({"document_number", "birth_date", "surname", "given_names"})
"""Fields that tell two documents apart; a slip in them does not, nor a difference in the others."""

_TWO_DOCUMENTS: Compared = (Agreement.DIFFERENT, "two_documents")
_READINGS_DIFFER: Compared = (Agreement.MISREAD, "readings_differ")


def better_first(mrz: Mrz | None, second: Mrz | None) -> tuple[Mrz | None, Mrz | None]:
    """Return the reading that counts and the other one; None for what was not found.

    A passport counts before a visa, then the better status, then `mrz`.
    """
    read = [one for one in (mrz, second) if one is not None and one.status is not MrzStatus.NOT_FOUND]
    read.sort(key=lambda one: (is_visa(one), _STATUSES.index(one.status)))
    return (read[0] if read else None), (read[1] if len(read) > 1 else None)


def held_apart(
    fields: tuple[FieldMatch, ...], zone: Mrz | None, other: Mrz | None, today: date
) -> tuple[FieldMatch, ...]:
    """Put what the two readings tell differently on the fields concerned; what the record says worse stays."""
    if zone is None or other is None:
        return fields
    apart = _differences(zone, other, today)
    return tuple(_told(match, apart[match.name]) if match.name in apart else match for match in fields)


def _told(match: FieldMatch, said: Compared) -> FieldMatch:
    settled = (Agreement.SAME, Agreement.SAME_BY_RULE, Agreement.EXPIRING, Agreement.NOT_COMPARABLE)
    if said is _TWO_DOCUMENTS or match.agreement in settled:
        return replace(match, agreement=said[0], rule=said[1], by_eye=True)
    return replace(match, by_eye=True)


def _differences(zone: Mrz, other: Mrz, today: date) -> Mapping[str, Compared]:
    """Return the fields on which the readings differ, and what that means.

    Both accepted: plain differences are two documents, slips stay slips (a typed name, two swapped digits that
    no check digit notices). Else the better reading is believed, unless the other is so far from it that it may
    be of another person's passport.
    """
    held = Paper(zone, _as_record(other), today)
    fields = (
        *held.names(),
        held.birth_date(),
        held.sex(),
        held.state("nationality", held.record.nationality),
        held.document_number(frozenset()),
        held.expiry_date(),
        held.state("issuing_state", held.record.document.issuing_state if held.record.document else ""),
    )
    plain = {match.name for match in fields if match.rule == DIFFERS}
    slips = {match.name for match in fields if match.agreement is Agreement.MISREAD}
    if zone.status is other.status is MrzStatus.ACCEPTED:
        documents = dict.fromkeys(plain & _OF_A_DOCUMENT, _TWO_DOCUMENTS)
        return dict.fromkeys(plain | slips, _READINGS_DIFFER) | documents
    doubted = plain | slips if zone.status is other.status else plain if another_person(plain) else set()
    return dict.fromkeys(doubted, _READINGS_DIFFER)


def _as_record(mrz: Mrz) -> ApplicationRecord:
    """Return what a reading tells as if it were recorded; a visa tells nothing of the passport's number."""
    document = None if is_visa(mrz) else TravelDocument(mrz.document_number, mrz.issuing_state, mrz.expiry_date)
    return ApplicationRecord(
        id="",
        application_number="",
        surname=mrz.surname,
        given_names=mrz.given_names,
        birth_date=mrz.birth_date,
        sex=mrz.sex,
        nationality=mrz.nationality,
        document=document,
    )
