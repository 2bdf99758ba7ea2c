"""The officer's word that papers, person and record are one: what to do before it, and reasons that fit it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from station.model.document import Agreement, FieldMatch, Match
from station.reading.crosscheck import RULES

REASONS: tuple[str, ...] = (
    "renewed_passport",
    "changed_name",
    "spelling",
    "record_mistyped",
    "zone_unreadable",
    "misspelt_name",
    "names_swapped",
    "wrong_birth_date",
    "name_cut_off",
    "misread_zone",
    "other_nationality",
    "second_application",
    "no_newer_passport",
    "age_confirmed",
)
"""Reasons for confirming a match that differs.

Among them the error classes of IRCC's biometrics instructions: misspelt name, names swapped, wrong date of
birth, name cut off, misread of the machine-readable zone.
"""

_ALWAYS = ("record_mistyped", "misread_zone", "zone_unreadable")

_BY_RULE: Mapping[str, tuple[str, ...]] = {
    "document_on_other_record": ("second_application",),
    "expired": ("no_newer_passport",),
    "perhaps_other_record": ("misread_zone",),
    "perhaps_other_person": ("misread_zone",),
    "readings_differ": ("misread_zone",),
    "check_digit_failed": ("misread_zone",),
    "unsure_reading": ("misread_zone",),
    "repaired": ("misread_zone",),
    "age_below": ("age_confirmed", "wrong_birth_date"),
    "age_above": ("age_confirmed", "wrong_birth_date"),
    "birth_date_differs": ("wrong_birth_date",),
    "day_month_swapped": ("wrong_birth_date",),
    "name_differs": ("changed_name", "misspelt_name"),
    "names_swapped": ("names_swapped",),
    "surname_changed": ("changed_name", "misspelt_name"),
    "name_cut_off": ("name_cut_off", "misspelt_name"),
    "spelling_differs": ("spelling", "misspelt_name"),
    "sex_differs": ("record_mistyped",),
    "state_differs": ("record_mistyped", "renewed_passport"),
    "expiry_date_differs": ("renewed_passport", "record_mistyped"),
    "document_changed": ("renewed_passport",),
    "nationality_changed": ("other_nationality",),
}
_BY_FIELD: Mapping[str, tuple[str, ...]] = {
    "surname": ("misspelt_name", "misread_zone", "spelling"),
    "given_names": ("misspelt_name", "misread_zone", "spelling"),
    "birth_date": ("wrong_birth_date", "misread_zone"),
    "document_number": ("misread_zone", "record_mistyped", "renewed_passport"),
    "expiry_date": ("misread_zone", "record_mistyped", "renewed_passport"),
}
"""Reasons for a slip of a character, which says nothing by itself."""

_AGREES = (Agreement.SAME, Agreement.SAME_BY_RULE)
_NUMBERS = ("letter_number", "application_number")
_DOUBTS = ("check_digit_failed", "unsure_reading", "repaired")


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do now: `code` is a rule of the cross-check about `field`, "by_eye" or "confirm"."""

    code: str
    field: str = ""


def worst_first(match: Match) -> tuple[FieldMatch, ...]:
    """Return the fields with what is most urgent first, and last those of which nothing is to be known."""
    return tuple(sorted(match.fields, key=lambda field: (_band(field, match), _rank(field))))


def next_action(match: Match) -> NextAction:
    """Return the most urgent thing to do about a comparison."""
    for field in worst_first(match):
        if _band(field, match) is _Band.DIFFERS or field.rule in _DOUBTS:
            return NextAction(field.rule, field.name)
    return NextAction("by_eye" if any(field.by_eye for field in match.fields) else "confirm")


def reasons_for(match: Match) -> tuple[str, ...]:
    """Return the reasons to offer: those that explain what differs first, the most urgent of them in front."""
    unread = any(field.name == "surname" and field.rule == "not_read" for field in match.fields)
    fitting = ["zone_unreadable"] if unread else []
    for field in worst_first(match):
        if field.agreement not in _AGREES:
            slip = _BY_FIELD.get(field.name, ()) if field.rule in ("one_character", "look_alike") else ()
            fitting.extend(_BY_RULE.get(field.rule, slip))
    return tuple(dict.fromkeys((*fitting, *_ALWAYS)))


class _Band(IntEnum):
    DIFFERS = 0
    AGREES = 1
    NOTHING_KNOWN = 2


def _band(field: FieldMatch, match: Match) -> _Band:
    if field.agreement in _AGREES:
        return _Band.AGREES
    unread = field.rule == "not_read" and (not field.recorded or _needless(field, match))
    return _Band.NOTHING_KNOWN if unread or field.rule == "not_recorded" else _Band.DIFFERS


def _needless(field: FieldMatch, match: Match) -> bool:
    """Tell whether a number that was not read is not missed: one is enough, and not every letter bears both."""
    read = any(other.name in _NUMBERS and other.printed for other in match.fields)
    return field.name == "application_number" or (field.name == "letter_number" and read)


def _rank(field: FieldMatch) -> int:
    return RULES.index(field.rule) if field.rule else len(RULES)
