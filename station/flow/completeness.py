"""What is still open before a visit may be sealed, worst first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from station.flow.views import ItemView, OpenPoint, PointKind, QuestionView, StepState, StepView
from station.model.checklist import Checklist, Item, ItemState, Question
from station.model.document import Match, PartialDate
from station.model.quality import Verdict
from station.model.record import ApplicationRecord, Attachment, AttachmentKind
from station.model.visit import Correction, Step, Visit

BIOMETRIC_AGES = range(14, 80)
"""Who gives biometrics: 14 to 79 years (IRCC biometrics instructions)."""

STEP_OF = {
    AttachmentKind.LETTER: Step.IDENTIFY,
    AttachmentKind.PASSPORT_PAGE: Step.IDENTIFY,
    AttachmentKind.PORTRAIT: Step.PORTRAIT,
    AttachmentKind.PHOTO: Step.PORTRAIT,
    AttachmentKind.DOCUMENT: Step.DOCUMENTS,
}
"""Where each kind of picture is taken, and mended."""


def age_on(birth: PartialDate | None, today: date) -> int | None:
    """Return full years, or None when the year is all that is missing; unknown month or day count as passed."""
    if birth is None:
        return None
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def questions_of(
    checklist: Checklist | None, record: ApplicationRecord, visit: Visit, today: date
) -> tuple[QuestionView, ...]:
    """Return the conditions that are asked of this applicant, open and answered, in the order of the list."""
    return tuple(view for view in _questions(checklist, record, visit, today).values() if _asked(view))


def items_of(
    checklist: Checklist | None, record: ApplicationRecord, visit: Visit, today: date
) -> tuple[ItemView, ...]:
    """Return each checklist item with its pages and state.

    Pages on an item that is not needed are shown like any others. What was not brought although it is needed
    makes the waiver form needed.
    """
    if checklist is None:
        return ()
    questions = _questions(checklist, record, visit, today)
    plain = {
        item.id: _item(item, _applies(questions.get(item.when)), record, visit, questions.get(item.when))
        for item in checklist.items
        if not item.waiver
    }
    owed = any(view.needed and view.state is ItemState.NOT_BROUGHT for view in plain.values())
    return tuple(plain.get(item.id) or _item(item, owed, record, visit) for item in checklist.items)


def _item(
    item: Item,
    applies: bool | None,
    record: ApplicationRecord,
    visit: Visit,
    question: QuestionView | None = None,
) -> ItemView:
    """Return one item; `applies` is None while nobody said whether its condition holds."""
    pages = [a for a in record.of_kind(AttachmentKind.DOCUMENT) if a.item == item.id]
    waived = dict(visit.waived)
    if any(_needs_hand(page) for page in pages):
        state = ItemState.ATTENTION
    elif len(pages) >= item.pages_min or (pages and applies is False):
        state = ItemState.PRESENT
    elif applies is False:
        state = ItemState.NOT_NEEDED
    elif item.id in waived:
        state = ItemState.NOT_BROUGHT
    elif pages:
        state = ItemState.TOO_FEW
    else:
        state = ItemState.UNDECIDED if applies is None else ItemState.MISSING
    needed = bool(applies) and (item.mandatory or item.waiver or question is not None)
    return ItemView(item, state, len(pages), waived.get(item.id, ""), needed, question)


def _questions(
    checklist: Checklist | None, record: ApplicationRecord, visit: Visit, today: date
) -> dict[str, QuestionView]:
    answers, birth = dict(visit.answers), record.birth_date
    views = {}
    for question in checklist.questions if checklist else ():
        suggested = _suggested(question, birth, today)
        age = None if suggested is None else age_on(birth, today)
        views[question.id] = QuestionView(question, answers.get(question.id), suggested, age)
    return views


def _suggested(question: Question, birth: PartialDate | None, today: date) -> bool | None:
    """Return what the age suggests; None when it is unknown, or the unknown part of the date decides."""
    if birth is None or (question.age_from is None and question.age_below is None):
        return None
    oldest = age_on(birth, today)
    youngest = age_on(replace(birth, month=birth.month or 12, day=birth.day or 31), today)
    least, below = question.age_from, question.age_below
    told = {
        (least is None or age >= least) and (below is None or age < below)
        for age in (oldest, youngest)
        if age is not None
    }
    return told.pop() if len(told) == 1 else None


def _asked(view: QuestionView) -> bool:
    """Tell whether a question is put: an answered one always, else not where age alone says no."""
    unasked = view.question.only_when_suggested and view.suggested is False
    return view.answer is not None or not unasked


def _applies(view: QuestionView | None) -> bool | None:
    """Return whether a condition holds, None while that is open; what has no condition always holds."""
    if view is None:
        return True
    return view.answer if _asked(view) else False


def open_points(
    record: ApplicationRecord, visit: Visit, items: Sequence[ItemView], match: Match | None, today: date
) -> tuple[OpenPoint, ...]:
    """Return what is missing, what needs a hand and what was overridden, in this order."""
    points = [*_identity(record, visit, match), *_portrait(record, today), *_documents(items)]
    for attachment in record.attachments:
        points.extend(_picture(attachment))
    order = list(PointKind)
    return tuple(sorted(points, key=lambda point: (not point.blocks, order.index(point.kind))))


def _identity(record: ApplicationRecord, visit: Visit, match: Match | None) -> list[OpenPoint]:
    points = []
    if record.letter_number and not record.of_kind(AttachmentKind.LETTER):
        points.append(OpenPoint(PointKind.MISSING, "letter_missing", Step.IDENTIFY, True))
    if not record.of_kind(AttachmentKind.PASSPORT_PAGE):
        points.append(OpenPoint(PointKind.MISSING, "passport_missing", Step.IDENTIFY, True))
    if not visit.matched:
        points.append(OpenPoint(PointKind.MISSING, "not_matched", Step.IDENTIFY, True))
    elif visit.match_reason:
        facts: dict[str, object] = {"reason": visit.match_reason}
        points.append(OpenPoint(PointKind.OVERRIDDEN, "matched_with_reason", Step.IDENTIFY, False, facts))
    points.extend(_corrections(visit))
    if match is not None and match.stops and not visit.matched:
        points.append(OpenPoint(PointKind.ATTENTION, "another_person", Step.IDENTIFY, True))
    return points


def _corrections(visit: Visit) -> list[OpenPoint]:
    """Return what the officer made of the printed lines: each part once, its last change if any."""
    told: dict[tuple[int, int], Correction] = {}
    for mended in visit.corrections:
        before = told.get((mended.line, mended.start))
        if before is None or before.was == before.now or mended.was != mended.now:
            told[mended.line, mended.start] = mended
    points = []
    for mended in told.values():
        facts: dict[str, object] = {"field": mended.part, "reason": mended.reason}
        code = "mrz_compared" if mended.was == mended.now else "mrz_corrected"
        points.append(OpenPoint(PointKind.OVERRIDDEN, code, Step.IDENTIFY, False, facts))
    return points


def _portrait(record: ApplicationRecord, today: date) -> list[OpenPoint]:
    if record.of_kind(AttachmentKind.PORTRAIT):
        if record.of_kind(AttachmentKind.PHOTO):
            return []
        return [OpenPoint(PointKind.ATTENTION, "photo_missing", Step.PORTRAIT, False)]
    age = age_on(record.birth_date, today)
    exempt = age is not None and age not in BIOMETRIC_AGES
    code = "portrait_not_required" if exempt else "portrait_missing"
    kind = PointKind.ATTENTION if exempt else PointKind.MISSING
    return [OpenPoint(kind, code, Step.PORTRAIT, not exempt)]


def _documents(items: Sequence[ItemView]) -> list[OpenPoint]:
    points = []
    for text in dict.fromkeys(filter(None, map(_open_question, items))):
        points.append(OpenPoint(PointKind.MISSING, "question_open", Step.DOCUMENTS, True, {"question": text}))
    for view in items:
        facts: dict[str, object] = {"item": view.item.title, "reason": view.reason}
        if view.state is ItemState.MISSING and view.needed:
            code = "waiver_missing" if view.item.waiver else "item_missing"
            points.append(OpenPoint(PointKind.MISSING, code, Step.DOCUMENTS, True, facts))
        if view.state is ItemState.TOO_FEW:
            kind = PointKind.MISSING if view.needed else PointKind.ATTENTION
            facts |= {"pages": view.pages, "wanted": view.item.pages_min}
            points.append(OpenPoint(kind, "item_too_few", Step.DOCUMENTS, view.needed, facts))
        if view.state is ItemState.NOT_BROUGHT:
            points.append(OpenPoint(PointKind.OVERRIDDEN, "item_not_brought", Step.DOCUMENTS, False, facts))
    return points


def _open_question(view: ItemView) -> str:
    """Return the question that a mandatory item waits for, "" when there is none or all its pages are there."""
    if not view.item.mandatory or view.question is None or view.question.answer is not None:
        return ""
    waits = view.state in (ItemState.UNDECIDED, ItemState.TOO_FEW, ItemState.NOT_BROUGHT)
    return view.question.question.text if waits else ""


def _picture(attachment: Attachment) -> list[OpenPoint]:
    step = STEP_OF[attachment.kind]
    facts: dict[str, object] = {"kind": attachment.kind.value, "page": attachment.page}
    if attachment.override is not None:
        facts["reason"] = attachment.override.reason
        return [OpenPoint(PointKind.OVERRIDDEN, "picture_overridden", step, False, facts)]
    if _needs_hand(attachment):
        return [OpenPoint(PointKind.ATTENTION, "picture_below_limit", step, True, facts)]
    return []


def _needs_hand(attachment: Attachment) -> bool:
    report = attachment.report
    return report is not None and report.verdict is Verdict.FAIL and attachment.override is None


def rail(visit: Visit, points: Sequence[OpenPoint]) -> tuple[StepView, ...]:
    """Return the steps as the rail shows them: the worst open point of a step is its state."""
    views = []
    for step in Step:
        mine = [point for point in points if point.step is step]
        if any(p.kind is PointKind.ATTENTION for p in mine):
            state = StepState.ATTENTION
        elif any(p.kind is PointKind.MISSING for p in mine):
            state = StepState.TO_DO
        else:
            state = StepState.OVERRIDDEN if mine else StepState.DONE
        if step is Step.REVIEW:
            state = StepState.DONE if visit.sealed else StepState.TO_DO
        views.append(StepView(step, state, step is visit.step))
    return tuple(replace(v, current=False) if visit.sealed and v.step is not Step.REVIEW else v for v in views)
