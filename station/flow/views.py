"""What the window shows, as finished values: no screen works anything out of a record by itself."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.model.calibration import Proof, Standing
from station.model.calibration_sign import Sign
from station.model.capability import Capabilities, DeviceInfo, Source
from station.model.checklist import Checklist, Item, ItemState, Question
from station.model.document import Match, Reading, ZonePart
from station.model.face import Head
from station.model.image import Pixels
from station.model.photo import PhotoCrop
from station.model.quality import QualityReport, Region
from station.model.record import ApplicationRecord, Attachment, AttachmentKind, OverrideNote
from station.model.visit import Step


class DeviceState(StrEnum):
    """How a device stands."""

    READY = "ready"
    BUSY = "busy"
    PREPARING = "preparing"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device chip. `error` is a code when lost or failed; `chosen` when scans or stills go to it.

    `standing` is how its calibration stands, None for a device that has none; `locked`: it may not be used by
    that. `proof` is what its pictures carry. `signs` are what ordinary pages showed of it since.
    """

    info: DeviceInfo
    state: DeviceState
    chosen: bool = False
    capabilities: Capabilities | None = None
    error: str = ""
    detail: str = ""
    standing: Standing | None = None
    locked: bool = False
    proof: Proof | None = None
    signs: tuple[Sign, ...] = ()


class StepState(StrEnum):
    """How a step of the rail stands."""

    TO_DO = "to_do"
    DONE = "done"
    ATTENTION = "attention"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the rail."""

    step: Step
    state: StepState
    current: bool


@dataclass(frozen=True, slots=True, eq=False)
class PageView:
    """One attached picture with a thumbnail (longest side at most 512 px, RGB or grey) as it is shown.

    `region` is the part of the stored picture that is shown and judged, None for all of it. A document is shown
    by its `attachment.adjustment`; regions of its findings are parts of what is shown.
    """

    attachment: Attachment
    thumbnail: Pixels = field(repr=False)
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One checklist item with how many pages it has.

    `needed`: it is to be there before the visit is sealed. `question` is the one it hangs on, where it does.
    `sources` are those that its scan profile allows, the usual one first.
    """

    item: Item
    state: ItemState
    pages: int
    reason: str = ""
    needed: bool = True
    question: "QuestionView | None" = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A condition of the checklist; `answer` is the officer's, None while open, `suggested` is the record's.

    `age` is the one in full years by which the record suggests it, None where it suggests nothing.
    """

    question: Question
    answer: bool | None = None
    suggested: bool | None = None
    age: int | None = None


class Undoable(StrEnum):
    """What the next undo takes back."""

    NOTHING = "nothing"
    DROPPED = "dropped"
    MOVED = "moved"
    TURNED = "turned"
    ADJUSTED = "adjusted"
    PAIRED = "paired"
    RESCANNED = "rescanned"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A picture that is judged and not yet accepted. `pixels` fit the screen, not the store.

    `head` is where the face lies and `spots` are what disturbs the background, as parts of the picture. A still
    has a proposed `crop`, judged by `photo_report`, and `photo` is how the cut picture looks; None when nothing
    can be cut. `attempt` counts from 1; `best` when it is the best of all attempts that were made.
    """

    pixels: Pixels = field(repr=False)
    report: QualityReport
    attempt: int = 1
    attempts_allowed: int = 3
    head: Head | None = None
    spots: tuple[Region, ...] = ()
    crop: PhotoCrop | None = None
    photo_report: QualityReport | None = None
    photo: Pixels | None = field(default=None, repr=False)
    best: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ZonePartView:
    """A part of the printed lines beside its picture (`strip`, RGB or grey, upright; None when not scanned).

    `doubtful` are places in the part's text, from 0; `corrected` when the officer mended or confirmed it, and
    `was` is what stood there before that.
    """

    part: ZonePart
    strip: Pixels | None = field(repr=False)
    doubtful: tuple[int, ...]
    corrected: bool
    was: str = field(default="", repr=False)


class PointKind(StrEnum):
    """What stands open in review."""

    MISSING = "missing"
    ATTENTION = "attention"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One line of review: a wording code, its facts, where to mend it, and whether it forbids sealing."""

    kind: PointKind
    code: str
    step: Step
    blocks: bool
    facts: dict[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class OverrideView:
    """A picture that was decided on against its measures, mended in `step`.

    Without `on_record` it was set aside: it lives on in the acts only, and soon without its `thumbnail`.
    """

    attachment: str
    picture: AttachmentKind
    item: str
    page: int
    note: OverrideNote
    step: Step
    thumbnail: Pixels | None = field(default=None, repr=False)
    on_record: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class VisitView:
    """One visit as all screens show it; `letter` and `passport` are the latest readings.

    `zone` are the parts of the printed lines that count. `stranger` when `passport` and `match` tell of papers
    that were refused because they are another person's; they are not on the record. `questions` are the
    conditions of the checklist, open and answered. `undoable` is what `Station.undo` takes back. `checklist` is
    the category's list as it was read. `overrides` are all that stand in this visit.
    """

    visit_id: str
    record: ApplicationRecord = field(repr=False)
    steps: tuple[StepView, ...]
    step: Step
    pages: tuple[PageView, ...] = field(repr=False)
    items: tuple[ItemView, ...]
    checklist_unverified: bool
    letter: Reading | None = field(repr=False)
    passport: Reading | None = field(repr=False)
    match: Match | None = field(repr=False)
    matched: bool
    open_points: tuple[OpenPoint, ...]
    sealed: bool
    rehearsal: bool
    simulated: bool
    zone: tuple[ZonePartView, ...] = field(default=(), repr=False)
    stranger: bool = False
    questions: tuple[QuestionView, ...] = ()
    undoable: Undoable = Undoable.NOTHING
    checklist: Checklist | None = None
    overrides: tuple[OverrideView, ...] = field(default=(), repr=False)

    def of_kind(self, kind: AttachmentKind) -> tuple[PageView, ...]:
        """Return the pictures of one kind, in their order."""
        return tuple(page for page in self.pages if page.attachment.kind is kind)

    @property
    def can_seal(self) -> bool:
        """Nothing that forbids sealing is open."""
        return not self.sealed and not any(point.blocks for point in self.open_points)
