"""The names of steps, states, kinds, devices and fields, with the icon and the tone that go with a state."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from station.flow.events import Job
from station.flow.views import DeviceState, PointKind, StepState, Undoable
from station.model.capability import ColourMode, DeviceKind, Source
from station.model.checklist import ItemState
from station.model.document import Agreement, MrzStatus
from station.model.quality import Status, Verdict
from station.model.record import AttachmentKind, Override, RecordState
from station.model.visit import Step
from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_CONTEXT = "Names"

MarkTone = Literal["quiet", "accent", "good", "look", "not_good"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state is shown: an icon, a word and a tone, never a colour alone."""

    icon: str
    word: str
    tone: MarkTone


class Looked(StrEnum):
    """Whether the officer has compared by eye what no check digit vouches for."""

    TO_DO = "to_do"
    COMPARED = "compared"
    CORRECTED = "corrected"


# Nested by kind: members of two StrEnums with the same value are one key to a dictionary.
_NAMES: dict[type[StrEnum], dict[StrEnum, str]] = {
    Step: {
        Step.IDENTIFY: QT_TRANSLATE_NOOP("Names", "Identify"),
        Step.PORTRAIT: QT_TRANSLATE_NOOP("Names", "Portrait"),
        Step.DOCUMENTS: QT_TRANSLATE_NOOP("Names", "Documents"),
        Step.REVIEW: QT_TRANSLATE_NOOP("Names", "Review and seal"),
    },
    RecordState: {
        RecordState.EXPECTED: QT_TRANSLATE_NOOP("Names", "Expected"),
        RecordState.IN_PROGRESS: QT_TRANSLATE_NOOP("Names", "In progress"),
        RecordState.SEALED: QT_TRANSLATE_NOOP("Names", "Sealed"),
    },
    AttachmentKind: {
        AttachmentKind.LETTER: QT_TRANSLATE_NOOP("Names", "Letter"),
        AttachmentKind.PASSPORT_PAGE: QT_TRANSLATE_NOOP("Names", "Passport page"),
        AttachmentKind.PORTRAIT: QT_TRANSLATE_NOOP("Names", "Portrait"),
        AttachmentKind.PHOTO: QT_TRANSLATE_NOOP("Names", "Photo"),
        AttachmentKind.DOCUMENT: QT_TRANSLATE_NOOP("Names", "Document"),
    },
    DeviceKind: {
        DeviceKind.SCANNER: QT_TRANSLATE_NOOP("Names", "Scanner"),
        DeviceKind.CAMERA: QT_TRANSLATE_NOOP("Names", "Camera"),
        DeviceKind.READER: QT_TRANSLATE_NOOP("Names", "Reader"),
    },
    Source: {
        Source.FLATBED: QT_TRANSLATE_NOOP("Names", "Glass"),
        Source.FEEDER: QT_TRANSLATE_NOOP("Names", "Feeder"),
        Source.DUPLEX: QT_TRANSLATE_NOOP("Names", "Feeder, both sides"),
    },
    ColourMode: {
        ColourMode.COLOUR: QT_TRANSLATE_NOOP("Names", "Colour"),
        ColourMode.GREY: QT_TRANSLATE_NOOP("Names", "Grey"),
        ColourMode.BINARY: QT_TRANSLATE_NOOP("Names", "Black and white"),
    },
    Override: {
        Override.OBVIOUS: QT_TRANSLATE_NOOP("Names", "Kept, the reason can be seen"),
        Override.WITHOUT_REASON: QT_TRANSLATE_NOOP("Names", "Kept, no reason can be seen"),
        Override.REFUSED: QT_TRANSLATE_NOOP("Names", "Not good, although it measured well"),
    },
    Job: {
        Job.SCAN: QT_TRANSLATE_NOOP("Names", "Scanning"),
        Job.STILL: QT_TRANSLATE_NOOP("Names", "Taking the picture"),
        Job.IMPORT: QT_TRANSLATE_NOOP("Names", "Taking in the list"),
        Job.EXPORT: QT_TRANSLATE_NOOP("Names", "Writing the file"),
        Job.CALIBRATION: QT_TRANSLATE_NOOP("Names", "Calibrating"),
    },
    Undoable: {
        Undoable.NOTHING: QT_TRANSLATE_NOOP("Names", "Nothing to take back"),
        Undoable.DROPPED: QT_TRANSLATE_NOOP("Names", "Bring back what was removed"),
        Undoable.MOVED: QT_TRANSLATE_NOOP("Names", "Move the pages back"),
        Undoable.TURNED: QT_TRANSLATE_NOOP("Names", "Turn the page back"),
        Undoable.ADJUSTED: QT_TRANSLATE_NOOP("Names", "Show the page as before"),
        Undoable.PAIRED: QT_TRANSLATE_NOOP("Names", "Front and back as before"),
        Undoable.RESCANNED: QT_TRANSLATE_NOOP("Names", "Bring the former page back"),
    },
}

_MARKS: dict[type[StrEnum], dict[StrEnum, Mark]] = {
    Status: {
        Status.PASS: Mark("good", QT_TRANSLATE_NOOP("Names", "Good"), "good"),
        Status.WARN: Mark("look", QT_TRANSLATE_NOOP("Names", "Look"), "look"),
        Status.FAIL: Mark("not_good", QT_TRANSLATE_NOOP("Names", "Not good"), "not_good"),
        Status.NOT_ASSESSED: Mark("not_assessed", QT_TRANSLATE_NOOP("Names", "Not assessed"), "quiet"),
    },
    StepState: {
        StepState.TO_DO: Mark("to_do", QT_TRANSLATE_NOOP("Names", "To do"), "quiet"),
        StepState.DONE: Mark("good", QT_TRANSLATE_NOOP("Names", "Done"), "good"),
        StepState.ATTENTION: Mark("look", QT_TRANSLATE_NOOP("Names", "Needs a look"), "look"),
        StepState.OVERRIDDEN: Mark("overridden", QT_TRANSLATE_NOOP("Names", "Kept with a reason"), "look"),
    },
    ItemState: {
        ItemState.MISSING: Mark("to_do", QT_TRANSLATE_NOOP("Names", "Missing"), "quiet"),
        ItemState.PRESENT: Mark("good", QT_TRANSLATE_NOOP("Names", "Present"), "good"),
        ItemState.ATTENTION: Mark("look", QT_TRANSLATE_NOOP("Names", "Needs a look"), "look"),
        ItemState.NOT_BROUGHT: Mark("overridden", QT_TRANSLATE_NOOP("Names", "Not brought"), "look"),
        ItemState.UNDECIDED: Mark("info", QT_TRANSLATE_NOOP("Names", "Not decided"), "accent"),
        ItemState.NOT_NEEDED: Mark("not_assessed", QT_TRANSLATE_NOOP("Names", "Not needed"), "quiet"),
        ItemState.TOO_FEW: Mark("documents", QT_TRANSLATE_NOOP("Names", "Too few pages"), "look"),
    },
    PointKind: {
        PointKind.MISSING: Mark("to_do", QT_TRANSLATE_NOOP("Names", "Missing"), "not_good"),
        PointKind.ATTENTION: Mark("look", QT_TRANSLATE_NOOP("Names", "Needs a look"), "look"),
        PointKind.OVERRIDDEN: Mark("overridden", QT_TRANSLATE_NOOP("Names", "Kept with a reason"), "look"),
    },
    DeviceState: {
        DeviceState.READY: Mark("good", QT_TRANSLATE_NOOP("Names", "Ready"), "good"),
        DeviceState.BUSY: Mark("busy", QT_TRANSLATE_NOOP("Names", "Busy"), "accent"),
        DeviceState.PREPARING: Mark("busy", QT_TRANSLATE_NOOP("Names", "Getting ready"), "quiet"),
        DeviceState.LOST: Mark("lost", QT_TRANSLATE_NOOP("Names", "Not connected"), "look"),
        DeviceState.FAILED: Mark("not_good", QT_TRANSLATE_NOOP("Names", "Does not work"), "not_good"),
    },
    Agreement: {
        Agreement.SAME: Mark("good", QT_TRANSLATE_NOOP("Names", "Same"), "good"),
        Agreement.SAME_BY_RULE: Mark("good", QT_TRANSLATE_NOOP("Names", "Same by rule"), "good"),
        Agreement.MISREAD: Mark("look", QT_TRANSLATE_NOOP("Names", "Perhaps misread"), "look"),
        Agreement.DIFFERENT: Mark("not_good", QT_TRANSLATE_NOOP("Names", "Perhaps another person"), "not_good"),
        Agreement.SECOND_RECORD: Mark("look", QT_TRANSLATE_NOOP("Names", "Second record"), "look"),
        Agreement.CHANGED: Mark("look", QT_TRANSLATE_NOOP("Names", "Changed"), "look"),
        Agreement.EXPIRED: Mark("not_good", QT_TRANSLATE_NOOP("Names", "Expired"), "not_good"),
        Agreement.EXPIRING: Mark("look", QT_TRANSLATE_NOOP("Names", "Expires soon"), "look"),
        Agreement.NOT_COMPARABLE: Mark(
            "not_assessed", QT_TRANSLATE_NOOP("Names", "Cannot be compared"), "quiet"
        ),
    },
    Looked: {
        Looked.TO_DO: Mark("eye", QT_TRANSLATE_NOOP("Names", "Compare by eye"), "accent"),
        Looked.COMPARED: Mark("good", QT_TRANSLATE_NOOP("Names", "Compared by eye"), "good"),
        Looked.CORRECTED: Mark("good", QT_TRANSLATE_NOOP("Names", "Corrected"), "good"),
    },
    MrzStatus: {
        MrzStatus.ACCEPTED: Mark("good", QT_TRANSLATE_NOOP("Names", "Read"), "good"),
        MrzStatus.UNSURE: Mark("look", QT_TRANSLATE_NOOP("Names", "Read, not sure"), "look"),
        MrzStatus.CHECK_FAILED: Mark(
            "not_good", QT_TRANSLATE_NOOP("Names", "A check digit differs"), "not_good"
        ),
        MrzStatus.NOT_FOUND: Mark("not_assessed", QT_TRANSLATE_NOOP("Names", "Not found"), "quiet"),
    },
}

_VERDICTS: dict[Verdict, Status] = {
    Verdict.PASS: Status.PASS,
    Verdict.WARN: Status.WARN,
    Verdict.FAIL: Status.FAIL,
}

_FIELDS: dict[str, str] = {
    "application_number": QT_TRANSLATE_NOOP("Names", "Application number"),
    "letter_number": QT_TRANSLATE_NOOP("Names", "Letter number"),
    "document_number": QT_TRANSLATE_NOOP("Names", "Passport number"),
    "document_code": QT_TRANSLATE_NOOP("Names", "Kind of document"),
    "issuing_state": QT_TRANSLATE_NOOP("Names", "Issued by"),
    "surname": QT_TRANSLATE_NOOP("Names", "Surname"),
    "given_names": QT_TRANSLATE_NOOP("Names", "Given names"),
    "name": QT_TRANSLATE_NOOP("Names", "Name"),
    "nationality": QT_TRANSLATE_NOOP("Names", "Nationality"),
    "birth_date": QT_TRANSLATE_NOOP("Names", "Date of birth"),
    "age": QT_TRANSLATE_NOOP("Names", "Age"),
    "sex": QT_TRANSLATE_NOOP("Names", "Sex"),
    "expiry_date": QT_TRANSLATE_NOOP("Names", "Expires"),
    "optional_data": QT_TRANSLATE_NOOP("Names", "Optional data"),
    "document_issuing_state": QT_TRANSLATE_NOOP("Names", "Passport issued by"),
    "document_expiry": QT_TRANSLATE_NOOP("Names", "Passport expires"),
    "category": QT_TRANSLATE_NOOP("Names", "Category"),
    "composite": QT_TRANSLATE_NOOP("Names", "All fields together"),
}

_CATEGORIES: dict[str, str] = {
    "visitor": QT_TRANSLATE_NOOP("Names", "Visitor"),
    "study": QT_TRANSLATE_NOOP("Names", "Study"),
    "work": QT_TRANSLATE_NOOP("Names", "Work"),
}


def name(of: StrEnum) -> str:
    """Return the name of a step, a state, a kind, a source or a job."""
    if type(of) in _MARKS:
        return mark(of).word
    return translated(_CONTEXT, _NAMES[type(of)][of])


def mark(of: StrEnum) -> Mark:
    """Return icon, word and tone of a state or a verdict, the word in the officer's language."""
    key = _VERDICTS[of] if isinstance(of, Verdict) else of
    found = _MARKS[type(key)][key]
    return Mark(found.icon, translated(_CONTEXT, found.word), found.tone)


def field_name(field: str) -> str:
    """Return the name of a field of a record or of the machine-readable zone."""
    return translated(_CONTEXT, _FIELDS[field]) if field in _FIELDS else _plain(field)


def category(word: str) -> str:
    """Return the name of an application's category; a centre's own category speaks for itself."""
    return translated(_CONTEXT, _CATEGORIES[word]) if word in _CATEGORIES else _plain(word)


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
