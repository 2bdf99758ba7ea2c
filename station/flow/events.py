"""What happened, as values. The station posts them from any thread; the window's bridge carries them over."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.errors import StationError
from station.flow.calibration_views import CalibrationEvent
from station.flow.listing import Listing
from station.flow.ports import Exported, Imported
from station.flow.views import Candidate, DeviceView, VisitView
from station.model.capability import DeviceInfo
from station.model.image import Pixels
from station.model.officer import Officer, Right, Role
from station.model.quality import Finding


class Job(StrEnum):
    """Long work that has a beginning and exactly one end."""

    SCAN = "scan"
    STILL = "still"
    IMPORT = "import"
    EXPORT = "export"
    CALIBRATION = "calibration"


class Outcome(StrEnum):
    """How long work ended."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Opened:
    """The store is open and the lists can be asked for.

    `notices` are words for what the screen must say aloud as long as it is so: key_beside (the key of the
    stored data lies unprotected beside them), rotation_unfinished, database_plain_transport.
    """

    store: str
    rehearsal: bool
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfTested:
    """The golden pictures were measured, once after the start.

    With an `error` the station does not measure as it was proved to: no real device takes pictures.
    """

    error: StationError | None = None


class Standing(StrEnum):
    """How the station stands towards people.

    SET_UP: nobody has an account yet; NOBODY: somebody is to sign in; LOCKED: the work of `officer` waits.
    """

    SET_UP = "set_up"
    NOBODY = "nobody"
    AT_WORK = "at_work"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """Who is at work; posted only on a station where people sign in. `pin`: `officer` may return by PIN."""

    standing: Standing
    officer: Officer | None = None
    pin: bool = False


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Nobody was signed in, or no second person signed: `reason` is a word, `seconds` are to be waited first.

    `reason` is wrong, wait, locked_out, disabled, new_password (one of their own is to be given now), short,
    long, name, same, pin_wrong, pin_spent, pin_closed, visit_waits,
    no_right (`roles` have it) or same_person.
    """

    reason: str
    seconds: int = 0
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """A second person who has `right` is to sign what was asked for last (`asked`), or the question is settled.

    `facts` are what is signed of a device: its name as `device`, and `reason` and `hours`, or `cause` and
    `action`. Of a picture, which is on the screen, there are none; outside a visit `visit_id` is "".
    """

    visit_id: str
    asked: bool
    right: Right = Right.SECOND_PERSON
    facts: dict[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AccountsListed:
    """All accounts, by name."""

    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer to a search or to the question for today's list; `query` is "" for the latter.

    `overridden`: only records with overrides were asked for.
    """

    query: str = field(repr=False)
    listings: tuple[Listing, ...] = field(repr=False)
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """The devices as they are now."""

    devices: tuple[DeviceView, ...]


@dataclass(frozen=True, slots=True)
class VisitChanged:
    """The visit as it is now, already durable; None when none is in hand."""

    visit: VisitView | None


@dataclass(frozen=True, slots=True)
class PortraitJudged:
    """A still was taken and judged, and waits for the officer's word; None when it was given up.

    `attempts` are all that were made in this visit and can still be chosen, the oldest first.
    """

    visit_id: str
    candidate: Candidate | None
    attempts: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveJudged:
    """The live picture was judged (many times a second).

    `advice` is the one finding that needs a hand first, and has needed it for a while; None when all is well.
    `held` is how much of the time that all must be well before the portrait takes itself is over, 0 to 1.
    """

    visit_id: str
    candidate: Candidate
    advice: Finding | None = None
    held: float = 0.0


class PaperSight(StrEnum):
    """What the live picture shows of a paper that is held before the camera.

    ONCE: read in one frame, the next must say the same; DOUBTFUL: lines or codes are there, but cannot be read
    beyond doubt; REFUSED: another person's; NOT_KEPT: read, but a trouble stopped it; NO_READER: printed lines
    cannot be read on this station.
    """

    NOTHING = "nothing"
    TOO_DARK = "too_dark"
    TOO_FAR = "too_far"
    DOUBTFUL = "doubtful"
    ONCE = "once"
    READ = "read"
    REFUSED = "refused"
    NOT_KEPT = "not_kept"
    NO_READER = "no_reader"


Outline = tuple[tuple[float, float], ...]
"""Four corners (x, y), 0 to 1 of a frame's width and height, clockwise from the top left of what is printed."""


@dataclass(frozen=True, slots=True)
class LiveRead:
    """A frame was read (a few times a second): what it shows, and where its lines or codes lie."""

    visit_id: str
    sight: PaperSight
    outlines: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True)
class JobStarted:
    """Long work began."""

    job: Job
    visit_id: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Long work goes on: `done` pages or lines, of `total` where that is known."""

    job: Job
    visit_id: str
    done: int
    device: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PageComing:
    """A page has arrived and is being judged and stored: its picture at once (longest side at most 512 px).

    It is not on the record yet. The `VisitChanged` that brings it, or the end of its job, takes its place.
    """

    visit_id: str
    device: str
    item: str
    thumbnail: Pixels = field(repr=False)


@dataclass(frozen=True, slots=True)
class JobEnded:
    """Long work ended; posted exactly once. `error` only when it failed; `done` pages or lines are safe.

    `can_go_on`: a scan that was stopped by the scanner goes on behind the last safe page by `Station.go_on`.
    """

    job: Job
    visit_id: str
    outcome: Outcome
    done: int = 0
    error: StationError | None = None
    device: str = ""
    can_go_on: bool = False


@dataclass(frozen=True, slots=True)
class FilesWritten:
    """Files of this visit's pages were proved and put in place."""

    visit_id: str
    files: tuple[Exported, ...]


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A key on an idle scanner was pressed: the officer wants what the screen offers to scan."""

    device: DeviceInfo
    button: str


@dataclass(frozen=True, slots=True)
class ImportEnded:
    """A file of expected applications was taken, or refused line by line (then nothing changed)."""

    imported: Imported | None
    refused: tuple["RefusedLine", ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of an import that cannot be taken: `problem` is a wording code, `column` names the field."""

    line: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the officer should know, once, without a box: a wording code and its facts."""

    code: str
    facts: dict[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was asked for did not happen; `visit_id` is "" outside a visit."""

    error: StationError
    visit_id: str = ""


Event = (
    Opened
    | SelfTested
    | SessionChanged
    | SignInRefused
    | SecondPerson
    | AccountsListed
    | Listed
    | DevicesChanged
    | VisitChanged
    | PortraitJudged
    | LiveJudged
    | LiveRead
    | JobStarted
    | JobProgress
    | PageComing
    | JobEnded
    | FilesWritten
    | ButtonPressed
    | ImportEnded
    | CalibrationEvent
    | Notice
    | Trouble
)
