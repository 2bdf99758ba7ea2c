"""Hold what was read on paper against one application, field by field, and tell a slip from another person.

One difference alone never says "another person": a letter is misread, a name changes at a wedding, a passport
is renewed. Differences that cannot be slips are weighed together; an accepted bar code of another record is
enough by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from station.model.document import Agreement, FieldMatch, Identifier, Match, Mrz, MrzStatus
from station.model.record import ApplicationRecord
from station.reading.crosscheck_fields import DIFFERS, GOOD, Paper, fold, identifier_match
from station.reading.mrz_states import STATE_RULES
from station.reading.names import NAME_RULES, Compared

RULES: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *NAME_RULES,
            *STATE_RULES,
            "not_read",
            "not_recorded",
            "visa",
            "other_script",
            "check_digit_failed",
            "repaired",
            "unsure_reading",
            "other_record",
            "other_number",
            "document_on_other_record",
            "other_person",
            "surname_changed",
            "nationality_changed",
            "document_changed",
            "century",
            "date_partly_unknown",
            "day_month_swapped",
            "birth_date_differs",
            "expiry_date_differs",
            "state_differs",
            "sex_differs",
            "sex_unspecified",
            "recorded_code_unknown",
            "expired",
            "expires_soon",
            "age_below",
            "age_above",
        )
    )
)
"""Every word that `FieldMatch.rule` may hold besides "", for the wording."""

EXPIRING_DAYS = 183

_WEIGHTS: Mapping[str, int] = {
    "surname": 2,
    "given_names": 3,
    "birth_date": 3,
    "sex": 1,
    "nationality": 1,
    "document_number": 1,
}
_OTHER_PERSON = 4
"""Weight of differences from which on another person is suspected.

No field reaches it alone. Surname, nationality and number change together at a wedding abroad, so given names
or birth date must be among them. Twins: given names and number.
"""
_LASTING = ("given_names", "birth_date")

_ALONE: dict[str, Compared] = {
    "surname": (Agreement.CHANGED, "surname_changed"),
    "given_names": (Agreement.MISREAD, "name_differs"),
    "birth_date": (Agreement.MISREAD, "birth_date_differs"),
    "sex": (Agreement.MISREAD, "sex_differs"),
    "nationality": (Agreement.CHANGED, "nationality_changed"),
    "document_number": (Agreement.CHANGED, "document_changed"),
    "expiry_date": (Agreement.CHANGED, "document_changed"),
    "issuing_state": (Agreement.CHANGED, "document_changed"),
}
_SAME_DOCUMENT: dict[str, Compared] = _ALONE | {
    "expiry_date": (Agreement.MISREAD, "expiry_date_differs"),
    "issuing_state": (Agreement.MISREAD, "state_differs"),
}
"""What a plain difference means when it does not add up to another person."""


def compare(
    record: ApplicationRecord,
    *,
    mrz: Mrz | None,
    identifiers: Sequence[Identifier],
    today: date,
    others: Sequence[str] = (),
    expiring_days: int = EXPIRING_DAYS,
) -> Match:
    """Hold paper against a record.

    `others` are numbers read on this paper (letter, application, document) that other records bear: the caller
    looks them up. A document expires soon when fewer than `expiring_days` days are left.
    """
    foreign = frozenset(map(fold, others)) - {""}
    paper = Paper(mrz if mrz and mrz.status is not MrzStatus.NOT_FOUND else None, record, today)
    birth = paper.birth_date()
    fields = (
        identifier_match("letter_number", record.letter_number, identifiers, foreign),
        identifier_match("application_number", record.application_number, identifiers, foreign),
        *paper.names(),
        birth,
        paper.sex(),
        paper.state("nationality", record.nationality),
        paper.document_number(foreign),
        paper.expiry_date(expiring_days),
        paper.state("issuing_state", record.document.issuing_state if record.document else ""),
        paper.age(birth),
    )
    return Match(_weighed(fields))


def _weighed(fields: tuple[FieldMatch, ...]) -> tuple[FieldMatch, ...]:
    """Decide what the plain differences mean together."""
    plain = {match.name for match in fields if match.rule == DIFFERS}
    good = {match.name for match in fields if match.agreement in GOOD}
    same_document = {"document_number", "birth_date"} <= good
    another = (
        sum(_WEIGHTS.get(name, 0) for name in plain) >= _OTHER_PERSON
        and any(name in plain for name in _LASTING)
        and not same_document
    )
    alone = _SAME_DOCUMENT if "document_number" in good else _ALONE
    meanings = {name: alone[name] for name in plain}
    if {"surname", "given_names"} <= plain:
        meanings["surname"] = Agreement.MISREAD, "name_differs"
    if another:
        meanings |= {name: (Agreement.DIFFERENT, "other_person") for name in plain if name in _WEIGHTS}
    return tuple(
        replace(match, agreement=meanings[match.name][0], rule=meanings[match.name][1])
        if match.rule == DIFFERS
        else match
        for match in fields
    )
