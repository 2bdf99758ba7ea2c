"""The papers of an application: the instruction letter and the forms. Nobody's real letterhead."""

import zxingcpp

from drivers.simulated.brush import Colour
from drivers.simulated.sheet import QUIET, Sheet
from station.model.record import ApplicationRecord, TravelDocument
from station.model.specimen import Flaw, Paper

A4_MM = (210.0, 297.0)
LEFT_MM = 22.0
TEXT_MM = 166.0
MODULE_MM = 25.4 / 75
"""The narrow bar: 0.34 mm, a whole number of pixels at 75, 150, 300 and 600 dpi."""

ACCENT: Colour = (36, 74, 118)
SOFT: Colour = (226, 233, 241)

LETTER_BODY = (
    "You have asked for a visa. This letter is needed to give your biometrics, that is your photograph",
    "and your fingerprints, at a visa application centre. Please read it to the end and bring it with you.",
    "",
    "What to bring to the centre:",
    "   1.   this letter, printed on paper, all pages;",
    "   2.   your passport or travel document, the one that is named above;",
    "   3.   the papers of your application that are named on your checklist.",
    "",
    "The officer scans the bar code at the top of this letter. Please do not fold, staple or write on it.",
    "Your photograph is taken at the centre. Please wear nothing on your head except for religious or",
    "medical reasons, and take off your glasses.",
    "",
    "The centre only collects your papers. It does not decide on your application and cannot tell you",
    "anything about the decision.",
)

FORM_QUESTIONS = (
    "Have you stayed in this country before?",
    "Have you applied for a visa within the last ten years?",
    "Do you travel together with members of your family?",
    "Does somebody pay for your journey?",
    "Will you study or work during your stay?",
)
FORM_ANSWERS = (False, True, False, False, True)


def letter(paper: Paper, record: ApplicationRecord, dpi: int) -> Sheet:
    """Draw the instruction letter: its number as Code 128, the application's number as QR."""
    sheet = Sheet(*A4_MM, dpi)
    spoilt = Flaw.UNREADABLE_CODE in paper.flaws
    _head(sheet, "Visa Application Centre", "BIOMETRIC INSTRUCTION LETTER")
    if record.letter_number:
        sheet.text(118, 49, "Letter number", 8, colour=QUIET)
        sheet.code(zxingcpp.BarcodeFormat.Code128, record.letter_number, 118, 51, MODULE_MM, 14, spoilt=spoilt)
        sheet.text(118, 70, record.letter_number, 10.5)
    sheet.text(LEFT_MM, 49, "To", 8, colour=QUIET)
    sheet.text(LEFT_MM, 55, f"{record.given_names} {record.surname.upper()}".strip(), 13, bold=True)
    document = record.document or TravelDocument(number="")
    facts = (
        ("Application number", record.application_number),
        ("Date of birth", str(record.birth_date or "")),
        ("Passport number", document.number),
        ("Category", record.category.replace("_", " ")),
    )
    for place, (label, value) in enumerate(facts):
        y = 64 + 6.2 * place
        sheet.text(LEFT_MM, y, label, 9, colour=QUIET)
        sheet.text(LEFT_MM + 38, y, value, 10.5)
    sheet.rule(LEFT_MM, 91, TEXT_MM)
    sheet.text(LEFT_MM, 102, "Please come to the visa application centre", 14, bold=True)
    below = sheet.paragraph(LEFT_MM, 112, LETTER_BODY)
    sheet.block(LEFT_MM, below + 6, TEXT_MM, 26, SOFT)
    sheet.text(LEFT_MM + 5, below + 15, "Come within 30 days of the date of this letter.", 11, bold=True)
    sheet.text(LEFT_MM + 5, below + 23, "Opening hours and appointments: see the centre's notice board.", 10)
    if record.application_number:
        sheet.code(
            zxingcpp.BarcodeFormat.QRCode, record.application_number, 164, 244, MODULE_MM * 3, spoilt=spoilt
        )
    sheet.specimen(LEFT_MM, 262, 30)
    _foot(sheet, "Page 1 of 1")
    return sheet


def form(paper: Paper, record: ApplicationRecord, dpi: int) -> Sheet:
    """Draw a filled form under the paper's own title."""
    sheet = Sheet(*A4_MM, dpi)
    title = paper.title or "Application form"
    _head(sheet, "Form S-12 (specimen)", title.upper())
    document = record.document or TravelDocument(number="")
    fields = (
        ("Surname", record.surname.upper()),
        ("Given names", record.given_names),
        ("Date of birth", str(record.birth_date or "")),
        ("Nationality", record.nationality),
        ("Passport number", document.number),
        ("Application number", record.application_number),
    )
    for place, (label, value) in enumerate(fields):
        x, y = LEFT_MM + place % 2 * 85, 48 + place // 2 * 16
        sheet.text(x, y, f"{place + 1}.  {label}", 8, colour=QUIET)
        sheet.box(x, y + 2, 81, 9)
        sheet.text(x + 3, y + 8.4, value, 11)
    sheet.text(LEFT_MM, 107, "Please tick yes or no", 12, bold=True)
    for place, (question, answer) in enumerate(zip(FORM_QUESTIONS, FORM_ANSWERS, strict=True)):
        y = 117 + place * 10
        sheet.text(LEFT_MM, y, f"{place + 7}.  {question}", 10.5)
        for x, word, ticked in ((146, "Yes", answer), (168, "No", not answer)):
            sheet.tick(x, y - 3.6, ticked=ticked)
            sheet.text(x + 6, y, word, 10)
        sheet.rule(LEFT_MM, y + 3.4, TEXT_MM, 0.1)
    sheet.text(LEFT_MM, 177, "12.  More about your answers", 8, colour=QUIET)
    sheet.box(LEFT_MM, 179, TEXT_MM, 40)
    sheet.paragraph(
        LEFT_MM + 4,
        187,
        (
            "I attend a course of four weeks at a college and pay for it from my own savings.",
            "I go back home after it.",
        ),
    )
    sheet.text(LEFT_MM, 229, "13.  Date and signature", 8, colour=QUIET)
    sheet.box(LEFT_MM, 231, 100, 16)
    sheet.signature(LEFT_MM + 12, 242)
    if record.application_number:
        spoilt = Flaw.UNREADABLE_CODE in paper.flaws
        sheet.code(
            zxingcpp.BarcodeFormat.QRCode, record.application_number, 166, 228, MODULE_MM * 2, spoilt=spoilt
        )
    sheet.specimen(LEFT_MM, 266, 26)
    _foot(sheet, "Form S-12, page 1 of 1")
    return sheet


def blank(paper: Paper, record: ApplicationRecord, dpi: int) -> Sheet:
    """Draw nothing: an empty sheet."""
    return Sheet(*A4_MM, dpi)


def _head(sheet: Sheet, sender: str, title: str) -> None:
    sheet.block(0, 0, A4_MM[0], 6, ACCENT)
    sheet.text(LEFT_MM, 19, sender, 10, colour=QUIET)
    sheet.text(LEFT_MM, 30, title, 17, colour=ACCENT, bold=True)
    sheet.text(LEFT_MM + TEXT_MM, 19, "SPECIMEN - simulated paper", 9, colour=QUIET, anchor="rs")
    sheet.rule(LEFT_MM, 36, TEXT_MM, 0.4)


def _foot(sheet: Sheet, page: str) -> None:
    sheet.rule(LEFT_MM, 278, TEXT_MM)
    sheet.text(
        LEFT_MM, 284, "Drawn by a simulated scanner. Invented person, no real document.", 8, colour=QUIET
    )
    sheet.text(LEFT_MM + TEXT_MM, 284, page, 8, colour=QUIET, anchor="rs")
