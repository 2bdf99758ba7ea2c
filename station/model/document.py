"""What is printed for machines: bar codes, the machine-readable zone, and what they say of a record."""

from dataclasses import dataclass, field
from enum import StrEnum


class Symbology(StrEnum):
    """Kinds of bar code, by the names of the headless command `read`."""

    CODE128 = "Code128"
    CODE39 = "Code39"
    ITF = "ITF"
    EAN13 = "EAN13"
    QR = "QR"
    PDF417 = "PDF417"
    DATAMATRIX = "DataMatrix"
    AZTEC = "Aztec"


class Certainty(StrEnum):
    """Whether a reading may be used to choose a record."""

    ACCEPTED = "accepted"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Barcode:
    """One code on a picture; `corners` are four (x, y) in pixels of the picture, clockwise from top left."""

    symbology: Symbology
    payload: bytes = field(repr=False)
    certainty: Certainty
    corners: tuple[tuple[float, float], ...] = ()

    @property
    def text(self) -> str:
        """The payload as text: UTF-8, else Latin-1; the bytes stay what counts."""
        try:
            return self.payload.decode("utf-8")
        except UnicodeDecodeError:
            return self.payload.decode("latin-1")


class MrzFormat(StrEnum):
    """Sizes of machine-readable zones (ICAO 9303 parts 4 to 7)."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRV-A"
    MRVB = "MRV-B"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which month or day may be unknown (ICAO 9303-3, 4.8); 0 = unknown. ISO text, "1990-00-00"."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """Write it in ISO form with zeros for what is unknown."""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `YYYY-MM-DD`, zeros allowed for month and day.

        Raises:
            ValueError: the text is no such date.
        """
        year, month, day = (int(part) for part in text.split("-"))
        date = cls(year, month, day)
        if len(text) != 10 or not 1 <= year <= 9999 or not 0 <= month <= 12 or not 0 <= day <= 31:
            raise ValueError(text)
        return date


class MrzStatus(StrEnum):
    """How far an MRZ can be trusted."""

    ACCEPTED = "accepted"
    UNSURE = "unsure"
    CHECK_FAILED = "check_failed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class MrzRemark:
    """Something about one `field`: `code` is a wording code; `line` and `column` count from 0."""

    code: str
    field: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Mrz:
    """A machine-readable zone, split into fields (ICAO 9303-3 to -7).

    Texts are as printed without fillers. `birth_date` and `expiry_date` are None when they cannot be
    understood; `check_ok` holds when every check digit that the format has is right.
    """

    format: MrzFormat
    lines: tuple[str, ...] = field(repr=False)
    status: MrzStatus
    document_code: str = field(default="", repr=False)
    issuing_state: str = field(default="", repr=False)
    document_number: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)
    nationality: str = field(default="", repr=False)
    birth_date: PartialDate | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)
    expiry_date: PartialDate | None = field(default=None, repr=False)
    optional_data: tuple[str, ...] = field(default=(), repr=False)
    names_truncated: bool = False
    check_ok: bool = False
    remarks: tuple[MrzRemark, ...] = ()


@dataclass(frozen=True, slots=True)
class MrzCell:
    """One character of a zone as it was seen: `posterior` 0 to 1 is how sure the reader is of `char`.

    `corners` are four (x, y) in pixels of the page, clockwise from the top left of the upright glyph.
    """

    char: str = field(repr=False)
    posterior: float
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ZonePart:
    """A run of cells of one line that is looked at and mended as one: a field and its check digit.

    `line` and `start` count from 0, `stop` is outside; `text` is as printed, fillers included.
    """

    name: str
    line: int
    start: int
    stop: int
    text: str = field(repr=False)


class Agreement(StrEnum):
    """How one field of two sources stands to each other."""

    SAME = "same"
    SAME_BY_RULE = "same_by_rule"
    MISREAD = "misread_suspected"
    DIFFERENT = "different_person_suspected"
    SECOND_RECORD = "second_record"
    CHANGED = "changed"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    NOT_COMPARABLE = "not_comparable"


_FOR_THE_EYE = frozenset(
    {Agreement.MISREAD, Agreement.SECOND_RECORD, Agreement.CHANGED, Agreement.EXPIRED, Agreement.DIFFERENT}
)


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """One field (`name`) held against the record: `printed` from paper, `recorded` from the application.

    `by_eye`: no check digit and no second witness vouches for `printed`; the officer looks at the paper.
    """

    name: str
    agreement: Agreement
    printed: str = field(default="", repr=False)
    recorded: str = field(default="", repr=False)
    rule: str = ""
    by_eye: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Everything that the paper says, held against one record."""

    fields: tuple[FieldMatch, ...]

    @property
    def stops(self) -> bool:
        """Another person's paper lies here, as far as we can tell."""
        return any(f.agreement is Agreement.DIFFERENT for f in self.fields)

    @property
    def needs_eye(self) -> bool:
        """Something is to be looked at before the officer goes on."""
        return any(f.agreement in _FOR_THE_EYE for f in self.fields)


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a bar code means by the centre's patterns: `kind` as letter_number, application_number, ..."""

    kind: str
    value: str = field(repr=False)
    pattern: str
    certainty: Certainty


class SeparatorKind(StrEnum):
    """What a separator sheet says of the pages behind it.

    NEXT: they belong to the next item of the checklist (a patch sheet); ITEM: to the one it names (a bar code).
    """

    NEXT = "next"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Separator:
    """A sheet of ours between two documents of a pile; it is no document itself and is not kept.

    `item` is the checklist item that follows; `application_number` says whose printed list it is, "" for one
    that serves everybody.
    """

    kind: SeparatorKind
    item: str = ""
    application_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read on one picture; `cells` are those of the zone, line by line, where it was seen."""

    barcodes: tuple[Barcode, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    mrz: Mrz | None = None
    cells: tuple[tuple[MrzCell, ...], ...] = ()
