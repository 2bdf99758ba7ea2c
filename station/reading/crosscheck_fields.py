"""One field each: what a zone or a bar code says, held against the application."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from station.model.document import Agreement, Certainty, FieldMatch, Identifier, Mrz, MrzFormat, PartialDate
from station.model.record import ApplicationRecord
from station.reading.likeness import misread_as
from station.reading.mrz_dates import first_day, last_day
from station.reading.mrz_states import is_code, same_state
from station.reading.names import WHOLE_NAME_RULES, Compared, names_agree, part_agrees
from station.reading.transliteration import words

AGE_FROM, AGE_TO = 14, 79
"""Who gives biometrics, in completed years, both included (IRCC biometrics instructions)."""

DIFFERS = "differs"
"""The rule of a difference that is no slip, until all fields are weighed together; no `Match` ends with it."""

GOOD = (Agreement.SAME, Agreement.SAME_BY_RULE)

_SAME: Compared = (Agreement.SAME, "")
_PLAINLY: Compared = (Agreement.DIFFERENT, DIFFERS)
_OF_THE_VISA = ("document_number", "expiry_date", "issuing_state")
"""What a visa says of itself and not of the passport that it lies in (9303-7, 4.2.2 and 7.2.2)."""
_RECORDED_SEXES = {"M": "M", "F": "F", "X": "X", "MALE": "M", "FEMALE": "F"}
_PRINTED_SEXES = {"M": "M", "F": "F", "X": "X", "": "X"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A zone and the record beside it; each method answers for the field of its name."""

    mrz: Mrz | None
    record: ApplicationRecord = field(repr=False)
    today: date

    def names(self) -> tuple[FieldMatch, FieldMatch]:
        """Compare surname and given names, together where a rule speaks of both."""
        mrz, record = self.mrz, self.record
        read = bool(mrz and mrz.surname)
        printed = (mrz.surname, mrz.given_names) if mrz else ("", "")
        recorded = record.surname, record.given_names
        if not read or not any(recorded):
            missing = Agreement.NOT_COMPARABLE, "not_recorded" if read else "not_read"
            surname = given = missing
        elif not words(" ".join(recorded)):
            surname = given = Agreement.NOT_COMPARABLE, "other_script"
        else:
            shortened = bool(mrz and mrz.names_truncated)
            whole = names_agree(*printed, *recorded, shortened)
            if whole[1] in WHOLE_NAME_RULES:
                surname = given = whole
            else:
                surname, given = (
                    _plain(part_agrees(p, r, shortened)) for p, r in zip(printed, recorded, strict=True)
                )
        return (
            FieldMatch("surname", surname[0], printed[0], recorded[0], surname[1]),
            FieldMatch("given_names", given[0], printed[1], recorded[1], given[1]),
        )

    def birth_date(self) -> FieldMatch:
        """Compare the dates of birth."""
        printed = self.mrz.birth_date if self.mrz else None
        recorded = self.record.birth_date
        return self._match("birth_date", _text(printed), _text(recorded), _dates(printed, recorded))

    def expiry_date(self, expiring_days: int) -> FieldMatch:
        """Judge whether the document is valid, then compare with the recorded date."""
        printed = self.mrz.expiry_date if self.mrz else None
        recorded = self.record.document.expiry_date if self.record.document else None
        match = self._match("expiry_date", _text(printed), _text(recorded), _dates(printed, recorded))
        if printed is None or match.rule == "visa" or self._said("expiry_date", "check_failed"):
            return match
        left = last_day(printed) - self.today
        if left < timedelta(0):
            return replace(match, agreement=Agreement.EXPIRED, rule="expired")
        if left < timedelta(days=expiring_days) and match.agreement in (*GOOD, Agreement.NOT_COMPARABLE):
            return replace(match, agreement=Agreement.EXPIRING, rule="expires_soon")
        return match

    def document_number(self, foreign: frozenset[str]) -> FieldMatch:
        """Compare the document numbers.

        A passport that only another application bears (`foreign`) stops the visit. One that this application
        bears too is a second record of the same person: the officer goes on with a reason.
        """
        printed = self.mrz.document_number if self.mrz else ""
        recorded = self.record.document.number if self.record.document else ""
        match = self._match("document_number", printed, recorded, _numbers(printed, recorded))
        if fold(printed) not in foreign or self._said("document_number", "check_failed"):
            return match
        if match.agreement in GOOD:
            return replace(match, agreement=Agreement.SECOND_RECORD, rule="document_on_other_record")
        return replace(match, agreement=Agreement.DIFFERENT, rule="other_record")

    def sex(self) -> FieldMatch:
        """Compare the sex; X and unstated are one."""
        printed = _PRINTED_SEXES.get(self.mrz.sex, "") if self.mrz else ""
        recorded = _RECORDED_SEXES.get(self.record.sex.strip().upper(), "")
        compared = _SAME if printed == recorded else _PLAINLY
        if "X" in (printed, recorded) and printed != recorded:
            # A filler in the zone only says that the issuer did not state it (9303-4, 4.2.2.2 note p).
            compared = Agreement.NOT_COMPARABLE, "sex_unspecified"
        return self._match("sex", printed, recorded, compared)

    def state(self, name: str, recorded: str) -> FieldMatch:
        """Compare the codes of a state; `name` is nationality or issuing_state."""
        printed = str(getattr(self.mrz, name)) if self.mrz else ""
        code = recorded.strip().upper()
        rule = same_state(printed, code)
        if printed == code:
            compared = _SAME
        elif rule:
            compared = Agreement.SAME_BY_RULE, rule
        elif code and not is_code(code):
            compared = Agreement.NOT_COMPARABLE, "recorded_code_unknown"
        else:
            slip = misread_as(printed, code)
            compared = (Agreement.MISREAD, slip) if slip else _PLAINLY
        return self._match(name, printed, code, compared)

    def age(self, birth: FieldMatch) -> FieldMatch:
        """Judge the age by the printed date of birth, by the recorded one where that is the better known."""
        sound = birth.rule not in ("check_digit_failed", "century", "date_partly_unknown")
        printed, recorded = self.mrz.birth_date if self.mrz else None, self.record.birth_date
        born = (printed or recorded) if sound else (recorded or printed)
        if born is None:
            return FieldMatch("age", Agreement.NOT_COMPARABLE, rule="not_read")
        youngest, oldest = _years(last_day(born), self.today), _years(first_day(born), self.today)
        age = str(youngest) if youngest == oldest else f"{youngest}-{oldest}"
        if oldest < AGE_FROM:
            return FieldMatch("age", Agreement.MISREAD, age, rule="age_below")
        if youngest > AGE_TO:
            return FieldMatch("age", Agreement.MISREAD, age, rule="age_above")
        if youngest < AGE_FROM or oldest > AGE_TO:
            return FieldMatch("age", Agreement.NOT_COMPARABLE, age, rule="date_partly_unknown")
        return FieldMatch("age", Agreement.SAME, age)

    def _match(self, name: str, printed: str, recorded: str, compared: Compared) -> FieldMatch:
        """Make the match of one field, with what the zone itself says against the reading."""
        if not printed or not recorded:
            missing = "not_recorded" if printed else "not_read"
            return FieldMatch(name, Agreement.NOT_COMPARABLE, printed, recorded, missing)
        visa = self.mrz is not None and self.mrz.format in (MrzFormat.MRVA, MrzFormat.MRVB)
        if visa and name in _OF_THE_VISA and compared[0] not in GOOD:
            compared = Agreement.NOT_COMPARABLE, "visa"
        elif self._said(name, "check_failed") and compared[0] not in GOOD:
            compared = Agreement.MISREAD, "check_digit_failed"
        elif self._said(name, "repaired") and compared[0] is Agreement.SAME:
            compared = Agreement.SAME_BY_RULE, "repaired"
        return FieldMatch(name, compared[0], printed, recorded, compared[1])

    def _said(self, name: str, code: str) -> bool:
        """Tell whether the zone bears this remark on this field."""
        return self.mrz is not None and any((r.field, r.code) == (name, code) for r in self.mrz.remarks)


def identifier_match(
    name: str, recorded: str, identifiers: Sequence[Identifier], foreign: frozenset[str]
) -> FieldMatch:
    """Compare the bar codes of one kind; a family's letter may bear several, one of them is enough."""
    read = [identifier for identifier in identifiers if identifier.kind == name]
    own = next((i for i in read if recorded and fold(i.value) == fold(recorded)), None)
    if own:
        agreement, rule = _numbers(own.value, recorded)
        return FieldMatch(name, agreement, own.value, recorded, rule)
    if not read:
        return FieldMatch(name, Agreement.NOT_COMPARABLE, "", recorded, "not_read")
    first = next((i for i in read if fold(i.value) in foreign), read[0])
    agreement, rule = _another_number(first, recorded, foreign)
    return FieldMatch(name, agreement, first.value, recorded, rule)


def _another_number(read: Identifier, recorded: str, foreign: frozenset[str]) -> Compared:
    accepted = read.certainty is Certainty.ACCEPTED
    if accepted and fold(read.value) in foreign:
        return Agreement.DIFFERENT, "other_record"
    if not recorded:
        return Agreement.NOT_COMPARABLE, "not_recorded"
    if not accepted:
        return Agreement.MISREAD, "unsure_reading"
    slip = misread_as(fold(read.value), fold(recorded))
    return (Agreement.MISREAD, slip) if slip else (Agreement.DIFFERENT, "other_number")


def _plain(compared: Compared) -> Compared:
    return _PLAINLY if compared[0] is Agreement.DIFFERENT else compared


def _dates(printed: PartialDate | None, recorded: PartialDate | None) -> Compared:
    if printed is None or recorded is None or printed == recorded:
        return _SAME
    day_and_month = (printed.month, printed.day), (recorded.month, recorded.day)
    if abs(printed.year - recorded.year) == 100 and day_and_month[0] == day_and_month[1]:
        return Agreement.SAME_BY_RULE, "century"
    if printed.year == recorded.year:
        if all(one == other or 0 in (one, other) for one, other in zip(*day_and_month, strict=True)):
            return Agreement.SAME_BY_RULE, "date_partly_unknown"
        if day_and_month[0] == day_and_month[1][::-1]:
            return Agreement.MISREAD, "day_month_swapped"
    slip = misread_as(str(printed), str(recorded))
    return (Agreement.MISREAD, slip) if slip else _PLAINLY


def _numbers(printed: str, recorded: str) -> Compared:
    if printed == recorded:
        return _SAME
    one, other = fold(printed), fold(recorded)
    if one == other:
        return Agreement.SAME_BY_RULE, "punctuation"
    slip = misread_as(one, other)
    return (Agreement.MISREAD, slip) if slip else _PLAINLY


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def fold(number: str) -> str:
    """Write a number without the marks and blanks that people put into it."""
    return "".join(c for c in number.upper() if c.isalnum())


def _text(when: PartialDate | None) -> str:
    return "" if when is None else str(when)
