"""One field each: what a zone or a bar code says, held against the application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from station.model.document import (
    Agreement,
    Certainty,
    FieldMatch,
    Identifier,
    Mrz,
    MrzFormat,
    MrzStatus,
    PartialDate,
)
from station.model.record import ApplicationRecord
from station.reading.crosscheck_together import DIFFERS, GOOD
from station.reading.likeness import misread_as
from station.reading.mrz_dates import first_day, last_day
from station.reading.mrz_states import is_code, same_state
from station.reading.names import Compared, names_agree

AGE_FROM, AGE_TO = 14, 79
"""Who gives biometrics, in completed years, both included (IRCC biometrics instructions)."""

CHECKED = frozenset({"document_number", "birth_date", "expiry_date"})
"""Fields with a check digit of their own (9303-4 to -7, 4.2.2); it says nothing of all others."""

_SAME: Compared = (Agreement.SAME, "")
_PLAINLY: Compared = (Agreement.DIFFERENT, DIFFERS)
_OF_THE_VISA = ("document_number", "expiry_date", "issuing_state")
"""What a visa says of itself and not of the passport that it lies in (9303-7, 4.2.2 and 7.2.2)."""
_DOUBTS: Mapping[str, str] = {
    "check_failed": "check_digit_failed",
    "cell_doubtful": "unsure_reading",
    "repaired": "repaired",
}
"""Remarks that put a field in doubt, the worst first, and the rule under which it still agrees."""

_ZONE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "surname": ("surname", "name"),
    "given_names": ("given_names", "name"),
}
"""Fields of a match by the fields of a zone that they come from, where these have other names."""

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
        else:
            shortened = bool(mrz and mrz.names_truncated)
            surname, given = map(_plain, names_agree(*printed, *recorded, shortened))
        return (
            self._field("surname", printed[0], recorded[0], surname),
            self._field("given_names", printed[1], recorded[1], given),
        )

    def birth_date(self) -> FieldMatch:
        """Compare the dates of birth."""
        printed = self.mrz.birth_date if self.mrz else None
        recorded = self.record.birth_date
        return self._match("birth_date", _text(printed), _text(recorded), _dates(printed, recorded))

    def expiry_date(self) -> FieldMatch:
        """Compare the dates of expiry."""
        printed = self.mrz.expiry_date if self.mrz else None
        recorded = self.record.document.expiry_date if self.record.document else None
        return self._match("expiry_date", _text(printed), _text(recorded), _dates(printed, recorded))

    def validity(self, match: FieldMatch, expiring_days: int) -> FieldMatch:
        """Judge whether the document is valid, beyond what the comparison of `expiry_date` says."""
        printed = self.mrz.expiry_date if self.mrz else None
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
        bears too is a second record of the same person: the officer goes on with a reason. A number from a zone
        that is not accepted stops nothing.
        """
        printed = self.mrz.document_number if self.mrz else ""
        recorded = self.record.document.number if self.record.document else ""
        match = self._match("document_number", printed, recorded, _numbers(printed, recorded))
        if fold(printed) not in foreign or self._said("document_number", "check_failed"):
            return match
        if match.agreement in GOOD:
            return replace(match, agreement=Agreement.SECOND_RECORD, rule="document_on_other_record")
        if self.sure:
            return replace(match, agreement=Agreement.DIFFERENT, rule="other_record")
        return replace(match, agreement=Agreement.MISREAD, rule="perhaps_other_record")

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
        by_eye = birth.by_eye and born is printed
        youngest, oldest = _years(last_day(born), self.today), _years(first_day(born), self.today)
        age = str(youngest) if youngest == oldest else f"{youngest}-{oldest}"
        if oldest < AGE_FROM:
            return FieldMatch("age", Agreement.MISREAD, age, rule="age_below", by_eye=by_eye)
        if youngest > AGE_TO:
            return FieldMatch("age", Agreement.MISREAD, age, rule="age_above", by_eye=by_eye)
        if youngest < AGE_FROM or oldest > AGE_TO:
            return FieldMatch("age", Agreement.NOT_COMPARABLE, age, rule="date_partly_unknown", by_eye=by_eye)
        return FieldMatch("age", Agreement.SAME, age, by_eye=by_eye)

    @property
    def sure(self) -> bool:
        """The zone is accepted: only then does it vouch for a field, and may it stop a visit."""
        return self.mrz is not None and self.mrz.status is MrzStatus.ACCEPTED

    def _match(self, name: str, printed: str, recorded: str, compared: Compared) -> FieldMatch:
        """Make the match of one field that may be missing on either side or speak of a visa."""
        if not printed or not recorded:
            compared = Agreement.NOT_COMPARABLE, "not_recorded" if printed else "not_read"
        elif self.mrz is not None and is_visa(self.mrz) and name in _OF_THE_VISA and compared[0] not in GOOD:
            compared = Agreement.NOT_COMPARABLE, "visa"
        return self._field(name, printed, recorded, compared)

    def _field(self, name: str, printed: str, recorded: str, compared: Compared) -> FieldMatch:
        """Make the match of one field, with what the zone itself says against the reading."""
        doubt = next((rule for code, rule in _DOUBTS.items() if self._said(name, code)), "")
        if doubt and compared[0] in GOOD:
            compared = Agreement.SAME_BY_RULE, doubt
        elif (doubt == "check_digit_failed" and compared[0] is Agreement.MISREAD) or (
            doubt in ("check_digit_failed", "unsure_reading") and compared[1] == DIFFERS
        ):
            compared = Agreement.MISREAD, doubt
        return FieldMatch(name, compared[0], printed, recorded, compared[1], self._by_eye(name, printed))

    def _by_eye(self, name: str, printed: str) -> bool:
        """Tell whether the officer is to look: nobody has yet, and no check digit of a sound zone vouches."""
        looked_at = self._said(name, "corrected")
        return self.mrz is not None and not looked_at and not (self.sure and printed and name in CHECKED)

    def _said(self, name: str, code: str) -> bool:
        """Tell whether the zone bears this remark on this field."""
        meant = _ZONE_FIELDS.get(name, (name,))
        return self.mrz is not None and any(r.code == code and r.field in meant for r in self.mrz.remarks)


def is_visa(mrz: Mrz) -> bool:
    """Tell whether the zone is a visa's: its number and validity are not the passport's."""
    return mrz.format in (MrzFormat.MRVA, MrzFormat.MRVB)


def identifier_match(
    name: str, recorded: str, identifiers: Sequence[Identifier], foreign: frozenset[str]
) -> FieldMatch:
    """Compare the bar codes of one kind; a family's letter may bear several, one of them is enough.

    Codes that are not beyond doubt are heard only where no other is.
    """
    read = [identifier for identifier in identifiers if identifier.kind == name]
    read = [identifier for identifier in read if identifier.certainty is Certainty.ACCEPTED] or read
    if not read:
        return FieldMatch(name, Agreement.NOT_COMPARABLE, "", recorded, "not_read")
    own = next((i for i in read if recorded and fold(i.value) == fold(recorded)), None)
    told = own or next((i for i in read if fold(i.value) in foreign), read[0])
    accepted = told.certainty is Certainty.ACCEPTED
    if own:
        compared = _numbers(told.value, recorded) if accepted else (Agreement.SAME_BY_RULE, "unsure_reading")
    else:
        compared = _another_number(told, recorded, foreign)
    return FieldMatch(name, compared[0], told.value, recorded, compared[1], by_eye=not accepted)


def _another_number(read: Identifier, recorded: str, foreign: frozenset[str]) -> Compared:
    accepted = read.certainty is Certainty.ACCEPTED
    if fold(read.value) in foreign:
        if accepted:
            return Agreement.DIFFERENT, "other_record"
        return Agreement.MISREAD, "perhaps_other_record"
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
