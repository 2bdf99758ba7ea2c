"""Remarks on what was read, the officer's reasons, refused lines of a list, notices and open points."""

from collections.abc import Mapping

from station.flow.events import Notice, RefusedLine
from station.flow.views import OpenPoint
from station.model.document import MrzRemark
from station.model.record import AttachmentKind
from ui.wording.names import field_name, name
from ui.wording.translate import QT_TRANSLATE_NOOP, Message, filled, translated

_CONTEXT = "Remarks"

MRZ_REMARKS: dict[str, str] = {
    "cleaned": QT_TRANSLATE_NOOP("Remarks", "Blanks or small letters were tidied up."),
    "corrected": QT_TRANSLATE_NOOP("Remarks", "The officer compared this by eye."),
    "document_type_unknown": QT_TRANSLATE_NOOP(
        "Remarks", "The second letter of the kind of document is not known."
    ),
    "name_shortened": QT_TRANSLATE_NOOP("Remarks", "The name fills its line and may be shortened."),
    "name_without_given": QT_TRANSLATE_NOOP("Remarks", "The document bears no given names."),
    "number_long": QT_TRANSLATE_NOOP("Remarks", "The number is long and goes on in the optional data."),
    "sex_x": QT_TRANSLATE_NOOP("Remarks", "The letter X stands where the standard has a filler."),
    "birth_date_unknown": QT_TRANSLATE_NOOP("Remarks", "The document does not state the date of birth."),
    "birth_date_partial": QT_TRANSLATE_NOOP("Remarks", "The document states the date of birth in part only."),
    "expiry_date_unknown": QT_TRANSLATE_NOOP("Remarks", "The document does not state when it expires."),
    "expiry_date_partial": QT_TRANSLATE_NOOP("Remarks", "The document states in part only when it expires."),
    "birth_date_zeros": QT_TRANSLATE_NOOP("Remarks", "Zeros stand where the date of birth is not known."),
    "expiry_date_zeros": QT_TRANSLATE_NOOP("Remarks", "Zeros stand where the date of expiry is not known."),
    "expiry_date_far": QT_TRANSLATE_NOOP("Remarks", "The date of expiry lies unusually far away."),
    "french_layout": QT_TRANSLATE_NOOP("Remarks", "This is the layout of French identity cards before 2021."),
    "repaired": QT_TRANSLATE_NOOP(
        "Remarks", "One character was corrected so that the check digit fits. Compare it."
    ),
    "size_doubtful": QT_TRANSLATE_NOOP(
        "Remarks", "The size of the document is not certain. Compare all fields."
    ),
    "document_code_impossible": QT_TRANSLATE_NOOP(
        "Remarks", "The kind of document cannot be as read. Compare it."
    ),
    "issuing_state_unknown": QT_TRANSLATE_NOOP(
        "Remarks", "The code of the issuing state is not known. Compare it."
    ),
    "nationality_unknown": QT_TRANSLATE_NOOP(
        "Remarks", "The code of the nationality is not known. Compare it."
    ),
    "name_missing": QT_TRANSLATE_NOOP("Remarks", "No name was read. Type it from the page."),
    "name_malformed": QT_TRANSLATE_NOOP("Remarks", "The name is not built as names are. Compare it."),
    "name_digit": QT_TRANSLATE_NOOP("Remarks", "A digit was read in the name. Compare it."),
    "number_missing": QT_TRANSLATE_NOOP("Remarks", "No number was read. Type it from the page."),
    "number_not_checked": QT_TRANSLATE_NOOP("Remarks", "The number has no check digit. Compare it."),
    "cell_doubtful": QT_TRANSLATE_NOOP("Remarks", "A character was hard to read. Compare it with the page."),
    "two_zones": QT_TRANSLATE_NOOP("Remarks", "Two documents lie on the page. Scan one of them alone."),
    "sex_impossible": QT_TRANSLATE_NOOP("Remarks", "The sex cannot be as read. Compare it."),
    "check_failed": QT_TRANSLATE_NOOP(
        "Remarks", "The check digit does not fit. Compare each character with the page."
    ),
    "repair_suggested": QT_TRANSLATE_NOOP(
        "Remarks", "One other character would make the check digit fit. Compare it."
    ),
    "birth_date_impossible": QT_TRANSLATE_NOOP(
        "Remarks", "No such date of birth exists. Compare it with the page."
    ),
    "expiry_date_impossible": QT_TRANSLATE_NOOP(
        "Remarks", "No such date of expiry exists. Compare it with the page."
    ),
    "line_count": QT_TRANSLATE_NOOP(
        "Remarks", "The zone has another number of lines. Lay the whole page on the glass."
    ),
    "line_length": QT_TRANSLATE_NOOP(
        "Remarks", "A line is too short or too long. Lay the whole page on the glass."
    ),
    "foreign_character": QT_TRANSLATE_NOOP(
        "Remarks", "A character was read that no such zone has. Scan the page again."
    ),
    "no_filler": QT_TRANSLATE_NOOP("Remarks", "These lines do not look like a machine-readable zone."),
    "not_a_zone": QT_TRANSLATE_NOOP("Remarks", "These lines do not look like a machine-readable zone."),
    "reader_missing": QT_TRANSLATE_NOOP(
        "Remarks", "The reader of printed lines is not installed. Type the lines, and tell support."
    ),
}

NOTICES: dict[str, tuple[str, str]] = {
    "no_such_record": (
        QT_TRANSLATE_NOOP("Remarks", "No application was found."),
        QT_TRANSLATE_NOOP("Remarks", "Check the number, or search by the beginning of the name."),
    ),
    "code_not_known": (
        QT_TRANSLATE_NOOP("Remarks", "This code belongs to nothing that the visit needs."),
        QT_TRANSLATE_NOOP(
            "Remarks", "Scan the code of the letter, or the lines at the foot of the passport page."
        ),
    ),
    "visit_in_hand": (
        QT_TRANSLATE_NOOP("Remarks", "A visit is running."),
        QT_TRANSLATE_NOOP("Remarks", "Finish it or leave it before the next application is opened."),
    ),
    "letter_unreadable": (
        QT_TRANSLATE_NOOP("Remarks", "No application number could be read on this letter."),
        QT_TRANSLATE_NOOP(
            "Remarks", "Lay it straight and scan it again, or type the number below its bar code."
        ),
    ),
    "letter_instead": (
        QT_TRANSLATE_NOOP("Remarks", "No printed lines were found; this looks like the letter."),
        QT_TRANSLATE_NOOP("Remarks", "Lay the passport's page with the photograph on the glass."),
    ),
    "swipe_incomplete": (
        QT_TRANSLATE_NOOP("Remarks", "The reader sent half a document."),
        QT_TRANSLATE_NOOP("Remarks", "Swipe again, slowly and to the end."),
    ),
    "swipe_garbage": (
        QT_TRANSLATE_NOOP("Remarks", "What the reader sent cannot be understood."),
        QT_TRANSLATE_NOOP(
            "Remarks", "Swipe again. If it stays so, ask the technician to compare speed and framing."
        ),
    ),
    "swipe_check_failed": (
        QT_TRANSLATE_NOOP("Remarks", "The printed lines were read, but a check digit does not fit: {fields}."),
        QT_TRANSLATE_NOOP("Remarks", "Swipe again, or open the record by its number and scan the page."),
    ),
    "swipe_not_wanted": (
        QT_TRANSLATE_NOOP("Remarks", "The reader sent something that this step does not take."),
        QT_TRANSLATE_NOOP("Remarks", "Go to Identify to hold a passport or a letter against the record."),
    ),
    "swipe_after_seal": (
        QT_TRANSLATE_NOOP("Remarks", "This visit is sealed; nothing is added to it."),
        QT_TRANSLATE_NOOP("Remarks", "Go on to the next applicant, then swipe again."),
    ),
    "swipe_names_several": (
        QT_TRANSLATE_NOOP("Remarks", "Several applications bear this number."),
        QT_TRANSLATE_NOOP("Remarks", "Choose the person who stands here from the list."),
    ),
    "keyboard_layout": (
        QT_TRANSLATE_NOOP("Remarks", "The reader types for another keyboard than this station has ({layout})."),
        QT_TRANSLATE_NOOP(
            "Remarks",
            "Nothing was taken. Scan the page, and ask the technician to set the keyboard to United States.",
        ),
    ),
    "still_differs": (
        QT_TRANSLATE_NOOP("Remarks", "The picture that was taken does not say what the live picture said."),
        QT_TRANSLATE_NOOP("Remarks", "Hold the page still; it is read again."),
    ),
    "letter_names_several": (
        QT_TRANSLATE_NOOP("Remarks", "This letter names several applications."),
        QT_TRANSLATE_NOOP("Remarks", "Choose the person who stands here from the list."),
    ),
    "half_sheet": (
        QT_TRANSLATE_NOOP("Remarks", "Of the last sheet only the front is safe."),
        QT_TRANSLATE_NOOP("Remarks", "Scan its back alone, or remove its front and feed the sheet again."),
    ),
    "separators_used": (
        QT_TRANSLATE_NOOP("Remarks", "Separator sheets used: {sheets}. They are not kept."),
        QT_TRANSLATE_NOOP("Remarks", "Take them out of the pile; they can be used again."),
    ),
    "separator_not_known": (
        QT_TRANSLATE_NOOP("Remarks", "A separator sheet names an item that this checklist does not have."),
        QT_TRANSLATE_NOOP(
            "Remarks", "The pages behind it stay with the item before. Move them where they belong."
        ),
    ),
    "scanner_slow": (
        QT_TRANSLATE_NOOP("Remarks", "{device} takes long over a page. It is still at work."),
        QT_TRANSLATE_NOOP("Remarks", "Wait, or look at the scanner. Cancel keeps the pages that are safe."),
    ),
    "password_changed": (
        QT_TRANSLATE_NOOP("Remarks", "Your password was changed. Your PIN is gone."),
        QT_TRANSLATE_NOOP("Remarks", "Give yourself a new PIN if you want to return by one."),
    ),
    "pin_changed": (
        QT_TRANSLATE_NOOP("Remarks", "Your PIN opens the locked screen for the rest of this shift."),
        QT_TRANSLATE_NOOP("Remarks", "It holds after each sign-in by password at this station."),
    ),
}

POINTS: dict[str, str] = {
    "letter_missing": QT_TRANSLATE_NOOP("Remarks", "The letter has not been scanned."),
    "passport_missing": QT_TRANSLATE_NOOP("Remarks", "The passport page has not been scanned."),
    "not_matched": QT_TRANSLATE_NOOP("Remarks", "Papers, person and record have not been confirmed as one."),
    "matched_with_reason": QT_TRANSLATE_NOOP("Remarks", "Confirmed although fields differ: {reason}"),
    "another_person": QT_TRANSLATE_NOOP("Remarks", "The passport seems to be another person's."),
    "portrait_missing": QT_TRANSLATE_NOOP("Remarks", "No portrait has been taken."),
    "photo_missing": QT_TRANSLATE_NOOP(
        "Remarks", "The portrait is there, but no photo could be cut from it. Take it again if you can."
    ),
    "portrait_not_required": QT_TRANSLATE_NOOP("Remarks", "No portrait: at this age none is asked for."),
    "question_open": QT_TRANSLATE_NOOP("Remarks", "Not answered: {question}"),
    "item_missing": QT_TRANSLATE_NOOP("Remarks", "Missing: {item}"),
    "item_too_few": QT_TRANSLATE_NOOP("Remarks", "Too few pages, {pages} of {wanted}: {item}"),
    "waiver_missing": QT_TRANSLATE_NOOP("Remarks", "To be signed, because something was not brought: {item}"),
    "item_not_brought": QT_TRANSLATE_NOOP("Remarks", "Not brought: {item}. {reason}"),
    "mrz_corrected": QT_TRANSLATE_NOOP("Remarks", "{field}, corrected by hand: {reason}"),
    "mrz_compared": QT_TRANSLATE_NOOP("Remarks", "{field}, compared by eye: {reason}"),
    "picture_overridden": QT_TRANSLATE_NOOP("Remarks", "{kind}, kept with a reason: {reason}"),
    "picture_below_limit": QT_TRANSLATE_NOOP("Remarks", "{kind} is below its limits."),
}

PROBLEMS: dict[str, str] = {
    "missing": QT_TRANSLATE_NOOP("Remarks", "nothing stands here; this is needed."),
    "too_long": QT_TRANSLATE_NOOP("Remarks", "the text is too long."),
    "control_character": QT_TRANSLATE_NOOP("Remarks", "it holds signs that cannot be seen."),
    "bad_number": QT_TRANSLATE_NOOP("Remarks", "a number has letters, digits and single hyphens only."),
    "unknown_category": QT_TRANSLATE_NOOP("Remarks", "this centre has no such category."),
    "bad_date": QT_TRANSLATE_NOOP("Remarks", "a date is written as year-month-day, such as 1990-08-04."),
    "bad_sex": QT_TRANSLATE_NOOP("Remarks", "F, M or X is expected."),
    "bad_code": QT_TRANSLATE_NOOP("Remarks", "a state is written as a code of three letters."),
    "duplicate": QT_TRANSLATE_NOOP("Remarks", "the same number stands in another line."),
    "not_text": QT_TRANSLATE_NOOP("Remarks", "a text in quotation marks is expected."),
    "not_an_object": QT_TRANSLATE_NOOP("Remarks", "an application is written as names and values in braces."),
    "unknown_column": QT_TRANSLATE_NOOP("Remarks", "it has a field whose name is not known."),
    "wrong_cells": QT_TRANSLATE_NOOP("Remarks", "it has more or fewer cells than the heading."),
    "bad_quotes": QT_TRANSLATE_NOOP("Remarks", "a quotation mark is not closed."),
}

OFFICER_REASONS: dict[str, str] = {
    "renewed_passport": QT_TRANSLATE_NOOP("Remarks", "The passport was renewed."),
    "changed_name": QT_TRANSLATE_NOOP("Remarks", "The name has changed."),
    "spelling": QT_TRANSLATE_NOOP("Remarks", "The same person, spelt otherwise."),
    "record_mistyped": QT_TRANSLATE_NOOP("Remarks", "The record was mistyped; passport and person agree."),
    "zone_unreadable": QT_TRANSLATE_NOOP("Remarks", "The lines cannot be read; compared by eye."),
    "misspelt_name": QT_TRANSLATE_NOOP("Remarks", "The name is misspelt in the record."),
    "names_swapped": QT_TRANSLATE_NOOP("Remarks", "Surname and given names are swapped in the record."),
    "wrong_birth_date": QT_TRANSLATE_NOOP("Remarks", "The date of birth in the record is wrong."),
    "name_cut_off": QT_TRANSLATE_NOOP("Remarks", "The name is cut off, and the rest of it agrees."),
    "misread_zone": QT_TRANSLATE_NOOP("Remarks", "The lines were misread; the page itself agrees."),
    "other_nationality": QT_TRANSLATE_NOOP("Remarks", "The nationality has changed, or there are two."),
    "second_application": QT_TRANSLATE_NOOP("Remarks", "The person has handed in two applications."),
    "no_newer_passport": QT_TRANSLATE_NOOP("Remarks", "The person has no newer passport."),
    "age_confirmed": QT_TRANSLATE_NOOP("Remarks", "The age is right, compared with the page."),
    "original_is_so": QT_TRANSLATE_NOOP("Remarks", "The original itself looks so."),
    "cannot_do_otherwise": QT_TRANSLATE_NOOP("Remarks", "The person cannot do otherwise."),
    "best_of_several": QT_TRANSLATE_NOOP("Remarks", "It is the best of several tries."),
    "not_needed": QT_TRANSLATE_NOOP("Remarks", "It does not apply to this person."),
    "will_be_sent": QT_TRANSLATE_NOOP("Remarks", "The person will send it later."),
    "refused_to_give": QT_TRANSLATE_NOOP("Remarks", "The person does not want to hand it over."),
    "waiver_signed": QT_TRANSLATE_NOOP("Remarks", "The person signed the waiver for it."),
    "medical": QT_TRANSLATE_NOOP("Remarks", "A medical reason."),
    "disability": QT_TRANSLATE_NOOP(
        "Remarks", "A disability: the person cannot hold the pose, or cannot open or close mouth or eyes."
    ),
    "head_covering": QT_TRANSLATE_NOOP("Remarks", "A head covering worn for religion."),
    "small_child": QT_TRANSLATE_NOOP("Remarks", "An infant or small child who cannot hold still."),
    "device_limit": QT_TRANSLATE_NOOP("Remarks", "The device or the light is at its limit."),
    "face_hidden": QT_TRANSLATE_NOOP("Remarks", "Hair, glasses or a cover hides part of the face."),
    "not_neutral": QT_TRANSLATE_NOOP("Remarks", "Expression, gaze or pose is not as it should be."),
    "picture_fault": QT_TRANSLATE_NOOP("Remarks", "Shadow, glare or blur that can be seen."),
    "looks_good": QT_TRANSLATE_NOOP("Remarks", "It looks good to the eye."),
    "another_paper": QT_TRANSLATE_NOOP("Remarks", "It is another paper than the one asked for."),
    "part_hidden": QT_TRANSLATE_NOOP("Remarks", "A part is folded over, covered or cut off."),
    "cannot_be_read": QT_TRANSLATE_NOOP("Remarks", "The eye cannot read it."),
    "other": QT_TRANSLATE_NOOP("Remarks", "Another reason, as noted."),
    "misread_character": QT_TRANSLATE_NOOP("Remarks", "A character was misread."),
    "worn_print": QT_TRANSLATE_NOOP("Remarks", "The print is worn or damaged."),
    "covered_print": QT_TRANSLATE_NOOP("Remarks", "Glare or a stamp lies over it."),
    "as_printed": QT_TRANSLATE_NOOP("Remarks", "Compared: it is as printed."),
}
"""Reasons that an officer can pick; a reason in the officer's own words is shown as written."""

MEND_REASONS = ("misread_character", "worn_print", "covered_print")
LOOKED_REASON = "as_printed"
"""Why the officer changed what was read, and that it was compared and left as it is."""
WAIVE_REASONS = ("waiver_signed", "will_be_sent", "not_needed", "refused_to_give")


def reason(word: str) -> str:
    """Return an officer's reason as a sentence."""
    return translated(_CONTEXT, OFFICER_REASONS.get(word, word))


def mrz_remark(remark: MrzRemark) -> str:
    """Return a remark on the machine-readable zone, with the field that it is about."""
    said = _said(MRZ_REMARKS, remark.code, {})
    return f"{field_name(remark.field)}: {said}" if remark.field else said


def notice(event: Notice) -> Message:
    """Return what the officer should know, and what to do."""
    what, do = NOTICES.get(event.code, (event.code.replace("_", " ").capitalize(), ""))
    facts = dict(event.facts)
    if isinstance(failing := facts.get("fields"), tuple):
        facts["fields"] = ", ".join(field_name(field) for field in failing)
    return Message(filled(_CONTEXT, what, facts), do=filled(_CONTEXT, do, facts))


def open_point(point: OpenPoint) -> str:
    """Return one line of the review."""
    facts = dict(point.facts)
    if "kind" in facts:
        kind = AttachmentKind(str(facts["kind"]))
        facts["kind"] = name(kind)
        if kind is AttachmentKind.DOCUMENT:
            facts["kind"] = filled(_CONTEXT, QT_TRANSLATE_NOOP("Remarks", "{kind}, page {page}"), facts)
    if "field" in facts:
        facts["field"] = field_name(str(facts["field"]))
    if "reason" in facts:
        facts["reason"] = reason(str(facts["reason"]))
    return _said(POINTS, point.code, facts)


def problem(line: RefusedLine) -> str:
    """Return why a line of a list was not taken, with the line and the column."""
    said = _said(PROBLEMS, line.problem, {})
    place = filled(_CONTEXT, QT_TRANSLATE_NOOP("Remarks", "Line {line}"), {"line": line.line})
    return f"{place}, {field_name(line.column)}: {said}" if line.column else f"{place}: {said}"


def _said(table: Mapping[str, str], code: str, facts: Mapping[str, object]) -> str:
    """Return the text of a code; a code that nobody worded speaks for itself."""
    return filled(_CONTEXT, table[code], facts) if code in table else code.replace("_", " ").capitalize()
