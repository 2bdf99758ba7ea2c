"""What differences that are no slips mean together: another person, or what happens in a life."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from station.model.document import Agreement, FieldMatch
from station.reading.names import Compared

GOOD = (Agreement.SAME, Agreement.SAME_BY_RULE)

DIFFERS = "differs"
"""The rule of a difference that is no slip, until all fields are weighed together; no `Match` ends with it."""

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

_ALONE: Mapping[str, Compared] = {
    "surname": (Agreement.CHANGED, "surname_changed"),
    "given_names": (Agreement.MISREAD, "name_differs"),
    "birth_date": (Agreement.MISREAD, "birth_date_differs"),
    "sex": (Agreement.MISREAD, "sex_differs"),
    "nationality": (Agreement.CHANGED, "nationality_changed"),
    "document_number": (Agreement.CHANGED, "document_changed"),
    "expiry_date": (Agreement.CHANGED, "document_changed"),
    "issuing_state": (Agreement.CHANGED, "document_changed"),
}
_SAME_DOCUMENT: Mapping[str, Compared] = {
    **_ALONE,
    "expiry_date": (Agreement.MISREAD, "expiry_date_differs"),
    "issuing_state": (Agreement.MISREAD, "state_differs"),
}
"""What a plain difference means when it does not add up to another person."""


def another_person(plain: Collection[str]) -> bool:
    """Tell whether plain differences in these fields add up to another person."""
    lasting = any(name in plain for name in _LASTING)
    return lasting and sum(_WEIGHTS.get(name, 0) for name in plain) >= _OTHER_PERSON


def weighed(fields: tuple[FieldMatch, ...], *, sure: bool) -> tuple[FieldMatch, ...]:
    """Decide what the plain differences mean together; only a reading that is `sure` stops a visit."""
    plain = {match.name for match in fields if match.rule == DIFFERS}
    good = {match.name for match in fields if match.agreement in GOOD}
    alone = _SAME_DOCUMENT if "document_number" in good else _ALONE
    meanings = {name: alone[name] for name in plain}
    if {"surname", "given_names"} <= plain:
        meanings["surname"] = Agreement.MISREAD, "name_differs"
    if another_person(plain) and not {"document_number", "birth_date"} <= good:
        other = (Agreement.DIFFERENT, "other_person") if sure else (Agreement.MISREAD, "perhaps_other_person")
        meanings |= {name: other for name in plain if name in _WEIGHTS}
    return tuple(
        replace(match, agreement=meanings[match.name][0], rule=meanings[match.name][1])
        if match.rule == DIFFERS
        else match
        for match in fields
    )
