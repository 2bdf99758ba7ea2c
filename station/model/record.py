"""An application's record and what is attached to it, with the rules that keep two people apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from station.errors import AttachmentRefused, WrongApplicant
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.calibration import Proof
from station.model.document import PartialDate, Reading
from station.model.image import PictureRef
from station.model.photo import PhotoCrop
from station.model.quality import QualityReport


class RecordState(StrEnum):
    """How far an application has come at this centre."""

    EXPECTED = "expected"
    IN_PROGRESS = "in_progress"
    SEALED = "sealed"


class AttachmentKind(StrEnum):
    """What a picture is for."""

    LETTER = "letter"
    PASSPORT_PAGE = "passport_page"
    PORTRAIT = "portrait"
    PHOTO = "photo"
    DOCUMENT = "document"


class Override(StrEnum):
    """How an officer's word stands against the measures (BSI TR-03121's three kinds)."""

    OBVIOUS = "passes_for_an_obvious_reason"
    WITHOUT_REASON = "passes_without_an_obvious_reason"
    REFUSED = "fails_although_measured_good"


@dataclass(frozen=True, slots=True)
class OverrideNote:
    """The officer's word against the measures; `second` is who signed beside them, with `second_note`.

    `reason` is a code of `station.model.overrides`. `by` gave it `at` (UTC); the flow fills both in.
    """

    kind: Override
    reason: str
    note: str = field(default="", repr=False)
    second: str = field(default="", repr=False)
    second_note: str = field(default="", repr=False)
    by: str = field(default="", repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """The travel document as the application names it."""

    number: str = field(repr=False)
    issuing_state: str = ""
    expiry_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a picture comes from. `settings` is JSON text; `taken_at` is UTC.

    `proof` says by which calibration the device worked; None where nobody asked.
    """

    device: str
    device_name: str
    serial: str | None
    driver: str
    settings: str
    software: str
    officer: str
    taken_at: datetime
    simulated: bool
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture on a record. `item` is the checklist item of a document; `page` counts from 1 within it.

    `sheet` is the same non-empty word for the two sides of one sheet or card; `back` marks the second of them.
    A photo is cut from the portrait of this record by its `crop`; both are kept.
    """

    id: str
    kind: AttachmentKind
    picture: PictureRef
    provenance: Provenance
    report: QualityReport | None = None
    reading: Reading | None = None
    item: str = ""
    page: int = 1
    override: OverrideNote | None = None
    adjustment: Adjustment = AS_IT_CAME
    sheet: str = ""
    back: bool = False
    crop: PhotoCrop | None = None


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """One application. `version` counts up with every change that is stored; `id` is ours and says nothing."""

    id: str
    application_number: str = field(repr=False)
    letter_number: str = field(default="", repr=False)
    category: str = "visitor"
    surname: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)
    birth_date: PartialDate | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)
    document: TravelDocument | None = field(default=None, repr=False)
    state: RecordState = RecordState.EXPECTED
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    version: int = 0

    @property
    def name(self) -> str:
        """The applicant's name as the screen shows it: SURNAME, Given."""
        return f"{self.surname.upper()}, {self.given_names}" if self.given_names else self.surname.upper()

    def attach(self, attachment: Attachment) -> "ApplicationRecord":
        """Return the record with this picture on it.

        Raises:
            WrongApplicant: the picture names another application by a bar code that is beyond doubt.
            AttachmentRefused: the record is sealed (`reason="sealed"`).
        """
        if self.state is RecordState.SEALED:
            raise AttachmentRefused(record=self.id, reason="sealed")
        self.refuse_another_applicant(attachment.reading)
        kept = tuple(old for old in self.attachments if old.id != attachment.id)
        return replace(self, attachments=(*kept, attachment))

    def change(self, changed: Iterable[Attachment]) -> "ApplicationRecord":
        """Return the record with these pictures in the place of those of the same id.

        Raises:
            AttachmentRefused: the record is sealed.
        """
        if self.state is RecordState.SEALED:
            raise AttachmentRefused(record=self.id, reason="sealed")
        new = {attachment.id: attachment for attachment in changed}
        return replace(self, attachments=tuple(new.get(a.id, a) for a in self.attachments))

    def refuse_another_applicant(self, reading: Reading | None) -> None:
        """Stop when a code beyond doubt names another application.

        Raises:
            WrongApplicant: `kind` names the identifier that differs.
        """
        own = {"letter_number": self.letter_number, "application_number": self.application_number}
        for identifier in reading.identifiers if reading else ():
            mine = own.get(identifier.kind)
            if mine and identifier.certainty == "accepted" and _fold(identifier.value) != _fold(mine):
                raise WrongApplicant(record=self.id, kind=identifier.kind)

    def refuse_another_number(self, application_number: str) -> None:
        """Stop when a sheet of ours names another application; "" names none.

        Raises:
            WrongApplicant: it is another applicant's.
        """
        if application_number and _fold(application_number) != _fold(self.application_number):
            raise WrongApplicant(record=self.id, kind="application_number")

    def detach(self, attachment_id: str) -> "ApplicationRecord":
        """Return the record without this picture.

        Raises:
            AttachmentRefused: the record is sealed.
        """
        if self.state is RecordState.SEALED:
            raise AttachmentRefused(record=self.id, reason="sealed")
        return replace(self, attachments=tuple(a for a in self.attachments if a.id != attachment_id))

    def of_kind(self, kind: AttachmentKind) -> tuple[Attachment, ...]:
        """All pictures of this kind, in their order."""
        return tuple(a for a in self.attachments if a.kind is kind)


def _fold(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
