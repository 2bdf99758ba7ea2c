"""What was asked of a picture and what came out."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The verdict on one measure."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"
    NOT_ASSESSED = "NOT_ASSESSED"


class Verdict(StrEnum):
    """The verdict on a picture."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Region:
    """Where on the picture, as fractions 0 to 1 of width and height from the top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Limit:
    """Good lies within `low` and `high` (None = open); beyond `fail_low`/`fail_high` it fails.

    They are in raw units, or in points of the score where the limit is on the `scored` 0 to 100.
    """

    low: float | None = None
    high: float | None = None
    fail_low: float | None = None
    fail_high: float | None = None
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure's answer.

    `raw` keeps its `unit` (None when not assessed); `score` is 0 to 100 where the measure has a score;
    `limit` is what the profile asked; `reason` is a word that says why it was not assessed;
    `required` findings decide the verdict, the others inform. `may_lack`: a picture may have nothing of the
    kind (a page without print); where nothing was there to assess it is to be looked at, and does not fail.
    """

    measure: str
    status: Status
    raw: float | None = None
    unit: str = ""
    score: int | None = None
    limit: Limit | None = None
    region: Region | None = None
    required: bool = True
    reason: str = ""
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All findings of one profile on one picture, with all that it takes to come to them again.

    `version` is the profile's own, `digest` tells its limits apart from any others; the limits that were used
    stand in the findings. `measures` is the version of what measured, "" where nobody noted it.
    """

    profile: str
    findings: tuple[Finding, ...]
    version: str = "1"
    digest: str = ""
    measures: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst required finding decides; a required one that was not assessed never passes."""
        required = [finding for finding in self.findings if finding.required]
        open_ones = [finding for finding in required if finding.status is Status.NOT_ASSESSED]
        if any(finding.status is Status.FAIL for finding in required):
            return Verdict.FAIL
        if not all(finding.may_lack for finding in open_ones):
            return Verdict.FAIL
        if open_ones or any(finding.status in (Status.WARN, Status.FAIL) for finding in self.findings):
            return Verdict.WARN
        return Verdict.PASS

    @property
    def worst_first(self) -> tuple[Finding, ...]:
        """The findings as the officer reads them: what needs a hand stands first."""
        return tuple(sorted(self.findings, key=_urgency))


_ORDER = (Status.FAIL, Status.NOT_ASSESSED, Status.WARN, Status.PASS)


def _urgency(finding: Finding) -> tuple[int, bool]:
    """That something which only informs could not be assessed is less than what is to be looked at."""
    quiet = finding.status is Status.NOT_ASSESSED and not finding.required
    return _ORDER.index(Status.PASS if quiet else finding.status), not finding.required
