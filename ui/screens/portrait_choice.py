"""What can be done with a portrait that was taken, and what is said of it."""

from PySide6.QtCore import QCoreApplication

from station.flow.views import Candidate
from station.model.overrides import kind_of, offered
from station.model.quality import QualityReport, Status, Verdict
from station.model.record import AttachmentKind, OverrideNote
from ui.actions import Command
from ui.screens.guidance import what_to_do
from ui.widgets.attempts import verdict_on
from ui.wording import measures
from ui.wording.translate import QT_TRANSLATE_NOOP

_CONTEXT = "PortraitChoice"

_SAID = {
    Verdict.PASS: QT_TRANSLATE_NOOP("PortraitChoice", "This portrait is good."),
    Verdict.WARN: QT_TRANSLATE_NOOP("PortraitChoice", "This portrait can be used. Look at what is marked."),
    Verdict.FAIL: QT_TRANSLATE_NOOP("PortraitChoice", "This portrait is below its limits. {do}"),
}
_BEST = QT_TRANSLATE_NOOP("PortraitChoice", "The best of {all} attempts is proposed.")
_NO_PHOTO = QT_TRANSLATE_NOOP("PortraitChoice", "No photo can be cut from it: the head is not whole in sight.")
_WHY_KEPT = QT_TRANSLATE_NOOP("PortraitChoice", "Why is this portrait kept? Below its limits: {what}.")
_WHY_NOT = QT_TRANSLATE_NOOP("PortraitChoice", "It measured well. What is the matter with it?")


def choice_of(candidate: Candidate, made: int) -> tuple[Command, tuple[Command, ...]]:
    """Return the primary command and the smaller ones: good is used, others taken again while they may.

    `made` is how many attempts there were.
    """
    if verdict_on(candidate) is not Verdict.FAIL:
        return Command.ACCEPT_STILL, (Command.RETAKE, Command.KEEP_PAGE)
    if made < candidate.attempts_allowed:
        return Command.RETAKE, (Command.KEEP_PAGE,)
    return Command.KEEP_PAGE, (Command.RETAKE,)


def said_of(candidate: Candidate, made: int) -> str:
    """Return what is said of a still above it, when so many attempts were made."""
    verdict = verdict_on(candidate)
    do = next((told for report in _reports(candidate) if (told := what_to_do(report))), "")
    said = _translated(_SAID[verdict]).format(do=do).strip()
    if candidate.photo is None and verdict is not Verdict.FAIL:
        said = _translated(_NO_PHOTO)
    if candidate.best and made >= candidate.attempts_allowed > 1:
        return f"{_translated(_BEST).format(all=made)} {said}"
    return said


def question_on(candidate: Candidate) -> tuple[str, tuple[str, ...]]:
    """Return what the officer is asked who keeps a still against its measures, and the reasons for it."""
    if verdict_on(candidate) is Verdict.FAIL:
        below = ", ".join(dict.fromkeys(name for report in _reports(candidate) for name in _below(report)))
        return _translated(_WHY_KEPT).format(what=below), offered(AttachmentKind.PORTRAIT, measured_good=False)
    return _translated(_WHY_NOT), offered(AttachmentKind.PORTRAIT, measured_good=True)


def note_on(candidate: Candidate, code: str, note: str) -> OverrideNote:
    """Return the officer's word against the measures as one of the three kinds of BSI TR-03121-3."""
    good = verdict_on(candidate) is not Verdict.FAIL
    return OverrideNote(kind_of(code, measured_good=good), code, note)


def _reports(candidate: Candidate) -> list[QualityReport]:
    """Return the reports on the capture and on its photo, the worse one first."""
    found = [report for report in (candidate.report, candidate.photo_report) if report is not None]
    return sorted(found, key=lambda report: report.verdict is not verdict_on(candidate))


def _below(report: QualityReport) -> list[str]:
    """Return the names of the required measures that are below their limits or could not be assessed."""
    lacking = (Status.FAIL, Status.NOT_ASSESSED)
    return [
        measures.title(finding.measure)
        for finding in report.worst_first
        if finding.required and finding.status in lacking and not (finding.may_lack and finding.reason)
    ]


def _translated(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
