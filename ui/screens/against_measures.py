"""The officer's word on a picture of the record: kept below its limits, or set aside though it is good."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from station.model.overrides import kind_of, offered
from station.model.quality import Status, Verdict
from station.model.record import Attachment, OverrideNote
from ui.wording.translate import QT_TRANSLATE_NOOP

_CONTEXT = "AgainstMeasures"
_MARKS = "marks"
"""The measure that finds nothing on a blank page."""

_KEEP = (
    QT_TRANSLATE_NOOP("AgainstMeasures", "Why is this page kept?"),
    QT_TRANSLATE_NOOP("AgainstMeasures", "Keep this page"),
)
_REFUSE = (
    QT_TRANSLATE_NOOP("AgainstMeasures", "It measured well. What is the matter with it?"),
    QT_TRANSLATE_NOOP("AgainstMeasures", "Set this page aside"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the officer is asked, what the button says that ends it, and the codes to pick from."""

    title: str
    take: str
    codes: tuple[str, ...]


def measured_good(picture: Attachment) -> bool:
    """Tell whether a picture can only be refused: nothing that was measured speaks against it."""
    return (
        picture.report is not None and picture.report.verdict is not Verdict.FAIL and not found_blank(picture)
    )


def found_blank(picture: Attachment) -> bool:
    """Tell whether nothing was found on a page."""
    findings = picture.report.findings if picture.report is not None else ()
    return any(f.measure == _MARKS and f.status in (Status.WARN, Status.FAIL) for f in findings)


def question_on(picture: Attachment) -> Question:
    """Return what the officer is asked about this picture."""
    good = measured_good(picture)
    title, take = (QCoreApplication.translate(_CONTEXT, text) for text in (_REFUSE if good else _KEEP))
    return Question(title, take, offered(picture.kind, measured_good=good))


def note_on(picture: Attachment, code: str, note: str) -> OverrideNote:
    """Return the officer's word as one of the three kinds."""
    return OverrideNote(kind_of(code, measured_good=measured_good(picture)), code, note)
