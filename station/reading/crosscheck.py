"""Hold what was read on paper against one application, field by field, and tell a slip from another person.

One difference alone never says "another person": a letter is misread, a name changes at a wedding, a passport
is renewed. Differences that cannot be slips are weighed together; an accepted bar code of another record is
enough by itself.

What a reading is worth decides what it may do. Doubts come in company (glare, a shifted line), so a zone that
is not accepted vouches for none of its fields:

    zone           number, birth, expiry   names, states, sex   bar code        may stop the visit
    ACCEPTED       vouched for             by eye               vouched for     yes
    UNSURE         by eye                  by eye               by eye          no: "perhaps", read it again
    CHECK_FAILED   by eye                  by eye               -               no: "perhaps", read it again
    NOT_FOUND      not compared            not compared         -               no

A field that the officer has compared with the picture (remark "corrected") is not asked for again. A field in
doubt itself is never plainly the same: it agrees by the rule "unsure_reading", "repaired" or
"check_digit_failed", and where it differs it is suspected to be misread.
"""

from collections.abc import Sequence
from datetime import date

from station.model.document import Identifier, Match, Mrz
from station.model.record import ApplicationRecord
from station.reading.crosscheck_fields import Paper, fold, identifier_match
from station.reading.crosscheck_second import better_first, held_apart
from station.reading.crosscheck_together import weighed

RULES: tuple[str, ...] = (
    # Somebody else's paper.
    "two_documents",
    "other_record",
    "other_number",
    "other_person",
    "perhaps_other_record",
    "perhaps_other_person",
    "document_on_other_record",
    "expired",
    # Doubts about the reading come before what a wrong reading would seem to say.
    "readings_differ",
    "check_digit_failed",
    "unsure_reading",
    "repaired",
    # Differences.
    "age_below",
    "age_above",
    "birth_date_differs",
    "day_month_swapped",
    "name_differs",
    "names_swapped",
    "surname_changed",
    "name_cut_off",
    "spelling_differs",
    "one_character",
    "look_alike",
    "sex_differs",
    "state_differs",
    "expiry_date_differs",
    "document_changed",
    "nationality_changed",
    "expires_soon",
    # What could not be compared.
    "visa",
    "not_read",
    "other_script",
    "date_partly_unknown",
    "recorded_code_unknown",
    "sex_unspecified",
    "not_recorded",
    # The same by rule.
    "names_divided",
    "name_shortened",
    "name_order",
    "century",
    "transliteration",
    "spacing",
    "punctuation",
    "germany_code",
    "british_code",
    "kosovo_code",
    "former_code",
)
"""Every word that `FieldMatch.rule` may hold besides "", the most urgent first."""

EXPIRING_DAYS = 183


def compare(
    record: ApplicationRecord,
    *,
    mrz: Mrz | None,
    identifiers: Sequence[Identifier],
    today: date,
    others: Sequence[str] = (),
    expiring_days: int = EXPIRING_DAYS,
    second: Mrz | None = None,
) -> Match:
    """Hold paper against a record.

    `others` are numbers read on this paper (letter, application, document) that other records bear: the caller
    looks them up. A document expires soon when fewer than `expiring_days` days are left. `second` is another
    reading of the passport in this visit: the better of the two counts, and two accepted ones of different
    documents stop the visit.
    """
    foreign = frozenset(map(fold, others)) - {""}
    zone, other = better_first(mrz, second)
    paper = Paper(zone, record, today)
    birth = paper.birth_date()
    fields = (
        identifier_match("letter_number", record.letter_number, identifiers, foreign),
        identifier_match("application_number", record.application_number, identifiers, foreign),
        *paper.names(),
        birth,
        paper.sex(),
        paper.state("nationality", record.nationality),
        paper.document_number(foreign),
        paper.validity(paper.expiry_date(), expiring_days),
        paper.state("issuing_state", record.document.issuing_state if record.document else ""),
        paper.age(birth),
    )
    return Match(held_apart(weighed(fields, sure=paper.sure), zone, other, today))
