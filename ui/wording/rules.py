"""Rules of the cross-check: what stands there, and what the officer does about it."""

from dataclasses import dataclass

from station.flow.confirming import NextAction
from ui.wording.names import field_name
from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_CONTEXT = "Rules"


@dataclass(frozen=True, slots=True)
class RuleWording:
    """One rule in two sentences: what it says of a field, and the next action."""

    says: str
    do: str

    @property
    def text(self) -> str:
        """Both sentences as one paragraph."""
        return f"{self.says} {self.do}".strip()


_GO_ON = QT_TRANSLATE_NOOP("Rules", "Nothing to do: go on.")

RULES: dict[str, RuleWording] = {
    "two_documents": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Two different passports were read in this visit."),
        QT_TRANSLATE_NOOP("Rules", "Put the other passport away, then scan this person's alone."),
    ),
    "other_record": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "This number belongs to another application."),
        QT_TRANSLATE_NOOP("Rules", "Give the paper back to its owner, or open the application that it names."),
    ),
    "other_number": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The paper bears another number than the record."),
        QT_TRANSLATE_NOOP("Rules", "Ask for this person's letter, or open the application that it names."),
    ),
    "other_person": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Several fields differ together: perhaps another person's passport."),
        QT_TRANSLATE_NOOP("Rules", "Ask for this person's passport, or put the visit aside."),
    ),
    "perhaps_other_record": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "This may be the number of another application; it was not read for sure."),
        QT_TRANSLATE_NOOP("Rules", "Scan the paper again."),
    ),
    "perhaps_other_person": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Several fields differ together, but the lines were not read for sure."),
        QT_TRANSLATE_NOOP("Rules", "Scan the passport page again, or compare every field with it."),
    ),
    "document_on_other_record": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Another application has the same passport."),
        QT_TRANSLATE_NOOP("Rules", "Look for the other application, and ask whether the person handed in two."),
    ),
    "expired": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The passport has expired."),
        QT_TRANSLATE_NOOP("Rules", "Ask for a newer passport."),
    ),
    "readings_differ": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Two readings of the passport differ here."),
        QT_TRANSLATE_NOOP("Rules", "Compare this with the page, and mend what was misread."),
    ),
    "check_digit_failed": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The check digit does not fit what was read."),
        QT_TRANSLATE_NOOP("Rules", "Compare each character with the page, and mend what was misread."),
    ),
    "unsure_reading": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "This was read, but not beyond doubt."),
        QT_TRANSLATE_NOOP("Rules", "Compare it with the paper, or scan it again."),
    ),
    "repaired": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "One character was corrected by the check digit."),
        QT_TRANSLATE_NOOP("Rules", "Compare this character with the page."),
    ),
    "age_below": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Younger than those who give biometrics."),
        QT_TRANSLATE_NOOP("Rules", "Compare the date of birth with the page; if it holds, none are asked for."),
    ),
    "age_above": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Older than those who give biometrics."),
        QT_TRANSLATE_NOOP("Rules", "Compare the date of birth with the page; if it holds, follow the letter."),
    ),
    "birth_date_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The dates of birth differ."),
        QT_TRANSLATE_NOOP("Rules", "Read the date on the page, and ask the person for it."),
    ),
    "day_month_swapped": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Day and month have changed places."),
        QT_TRANSLATE_NOOP("Rules", "Ask the person for the month of birth, and look at the page."),
    ),
    "name_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The names differ."),
        QT_TRANSLATE_NOOP("Rules", "Compare the name with the page, and ask the person for it."),
    ),
    "names_swapped": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Surname and given names have changed places in the record."),
        QT_TRANSLATE_NOOP("Rules", "Look on the page which is the surname."),
    ),
    "surname_changed": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Another surname than in the record."),
        QT_TRANSLATE_NOOP("Rules", "Ask whether the name has changed."),
    ),
    "name_cut_off": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "A part of the name is missing on one side."),
        QT_TRANSLATE_NOOP("Rules", "Compare the whole name with the page."),
    ),
    "spelling_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Perhaps another spelling of the same name."),
        QT_TRANSLATE_NOOP("Rules", "Compare the name letter by letter with the page."),
    ),
    "one_character": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "One character differs."),
        QT_TRANSLATE_NOOP("Rules", "Look at this character on the page."),
    ),
    "look_alike": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Only characters that look alike differ, such as 0 and O."),
        QT_TRANSLATE_NOOP("Rules", "Look closely at these characters on the page."),
    ),
    "sex_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The entries differ."),
        QT_TRANSLATE_NOOP("Rules", "Compare the entry with the page."),
    ),
    "state_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The states differ."),
        QT_TRANSLATE_NOOP("Rules", "Compare the state with the page."),
    ),
    "expiry_date_differs": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The dates of expiry differ."),
        QT_TRANSLATE_NOOP("Rules", "Look at the date on the page, and ask whether the passport was renewed."),
    ),
    "document_changed": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Another passport than in the record."),
        QT_TRANSLATE_NOOP("Rules", "Ask whether the passport was renewed."),
    ),
    "nationality_changed": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Another nationality than in the record."),
        QT_TRANSLATE_NOOP("Rules", "Ask whether it has changed, or whether the person has two."),
    ),
    "expires_soon": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The passport expires soon."),
        QT_TRANSLATE_NOOP("Rules", "Tell the person the date, then go on."),
    ),
    "visa": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "This is a visa: number and validity are those of the visa."),
        QT_TRANSLATE_NOOP("Rules", "Scan the passport page with the photograph."),
    ),
    "not_read": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Not read on the paper."),
        QT_TRANSLATE_NOOP("Rules", "Scan the paper, or compare it by eye."),
    ),
    "other_script": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The record writes the name in another script."),
        QT_TRANSLATE_NOOP("Rules", "Compare it with the page by eye, or ask the person to read it out."),
    ),
    "date_partly_unknown": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The date is known in part only."),
        QT_TRANSLATE_NOOP("Rules", "Ask the person for the whole date."),
    ),
    "recorded_code_unknown": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The record holds a code that is not known."),
        QT_TRANSLATE_NOOP("Rules", "Look at the state on the page, and ask the person."),
    ),
    "sex_unspecified": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "One side does not state it."),
        QT_TRANSLATE_NOOP("Rules", "Look at the entry on the page."),
    ),
    "not_recorded": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Not in the record."),
        QT_TRANSLATE_NOOP("Rules", "Look at the paper: the station has nothing to compare it with."),
    ),
    "names_divided": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The same names, divided otherwise into surname and given names."),
        QT_TRANSLATE_NOOP("Rules", "Look on the page where the surname ends."),
    ),
    "name_shortened": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The printed lines had no room for the whole name."),
        QT_TRANSLATE_NOOP("Rules", "Look at the whole name on the page."),
    ),
    "name_order": RuleWording(QT_TRANSLATE_NOOP("Rules", "The same names in another order."), _GO_ON),
    "century": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "The printed lines do not name the century."),
        QT_TRANSLATE_NOOP("Rules", "Look at the year on the page."),
    ),
    "transliteration": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Another spelling of the same letters, as the standard allows."), _GO_ON
    ),
    "spacing": RuleWording(QT_TRANSLATE_NOOP("Rules", "Only the blanks differ."), _GO_ON),
    "punctuation": RuleWording(QT_TRANSLATE_NOOP("Rules", "Only hyphens, dots or apostrophes differ."), _GO_ON),
    "germany_code": RuleWording(QT_TRANSLATE_NOOP("Rules", "German passports write D."), _GO_ON),
    "british_code": RuleWording(QT_TRANSLATE_NOOP("Rules", "A British code of its own."), _GO_ON),
    "kosovo_code": RuleWording(QT_TRANSLATE_NOOP("Rules", "Two codes for Kosovo."), _GO_ON),
    "former_code": RuleWording(QT_TRANSLATE_NOOP("Rules", "A former code of the same state."), _GO_ON),
}

AGREED: dict[str, RuleWording] = {
    "by_eye": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "No check digit vouches for the marked fields."),
        QT_TRANSLATE_NOOP("Rules", "Compare them with the page, then confirm."),
    ),
    "confirm": RuleWording(
        QT_TRANSLATE_NOOP("Rules", "Papers and record agree."),
        QT_TRANSLATE_NOOP("Rules", "Compare the person with the photograph, then confirm."),
    ),
}
"""What is left to do where no rule asks for more."""


def rule(code: str) -> RuleWording:
    """Return the rule by which two fields agree or differ; both sentences are empty for the code ""."""
    return _translated(RULES[code]) if code else RuleWording("", "")


def next_action(action: NextAction) -> RuleWording:
    """Return the one thing to do now, with the field that it is about."""
    if not action.field:
        return _translated(AGREED[action.code])
    worded = rule(action.code)
    return RuleWording(f"{field_name(action.field)}: {worded.says}", worded.do)


def _translated(wording: RuleWording) -> RuleWording:
    return RuleWording(translated(_CONTEXT, wording.says), translated(_CONTEXT, wording.do))
