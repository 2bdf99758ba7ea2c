"""Which one finding of the live picture needs a hand first, steady enough to be read and followed."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.model.quality import Finding, Limit, QualityReport, Status

NOBODY = "no_face"
"""The reason of findings that were not assessed because nobody stands before the camera."""

COMES_S = 0.3
GOES_S = 0.5
"""A problem is advised on after so many seconds in sight, and forgotten after so many out of sight."""

ORDER = (
    "single_face_present",
    "mesh_fit",
    "face_highlights",
    "inter_eye_distance",
    "head_size",
    "leftward_crop_of_the_face_image",
    "rightward_crop_of_the_face_image",
    "margin_above_of_the_face_image",
    "margin_below_of_the_face_image",
    "head_pose_yaw",
    "head_pose_roll",
    "head_pose_pitch",
    "face_occlusion_substitute",
    "lower_face_occlusion_substitute",
    "eyes_occlusion_substitute",
    "eyes_open",
    "gaze_substitute",
    "mouth_closed",
    "smile_substitute",
    "over_exposure_prevention",
    "illumination_uniformity",
    "natural_colour",
    "background_lightness",
    "background_colour",
    "background_uniformity",
    "background_evenness",
    "sharpness_substitute",
    "compression_substitute",
    "colour_space",
)
"""What is mended first: a later one cannot be judged, or mends itself, while an earlier one is wrong."""

_MIDDLES = {"head_pose_yaw": 0.0, "head_pose_pitch": 0.0, "head_pose_roll": 0.0, "head_size": 0.45}
"""Raw value of the best score, for measures whose score falls to both sides (ISO/IEC 29794-5:2025, 7.4)."""

_PLACE = {name: place for place, name in enumerate(ORDER)}


class Side(StrEnum):
    """Which way a value left its limits: too low, too high, or not assessed at all."""

    LOW = "low"
    HIGH = "high"
    UNKNOWN = "unknown"


def side(finding: Finding) -> Side:
    """Tell which way a finding left its limits. Where the limit is on the score, low is a low score.

    Measures whose score falls to both sides answer by their raw value all the same.
    """
    limit = finding.limit or Limit()
    value: float | None = finding.score if limit.scored else finding.raw
    low = limit.fail_low if limit.low is None else limit.low
    if limit.scored and finding.measure in _MIDDLES:
        value, low = finding.raw, _MIDDLES[finding.measure]
    if value is None or finding.status is Status.NOT_ASSESSED:
        return Side.UNKNOWN
    return Side.LOW if low is not None and value < low else Side.HIGH


_Problem = tuple[int, str, str]
"""How grave it is (0 is gravest), the measure, and what is the matter with it."""


@dataclass(slots=True)
class Advising:
    """One run of the live picture. Reports come in the order of their times, in seconds of any clock.

    A problem counts after `COMES_S` in every report and until `GOES_S` in none, and what is advised stays for
    `COMES_S` at least; so values near a limit do not make it flicker. What fails comes before what warns, and
    within each `ORDER` decides. Not thread-safe.
    """

    _shown: Finding | None = None
    _changed_at: float | None = None
    _since: dict[_Problem, float] = field(default_factory=dict)
    _standing: dict[_Problem, tuple[float, Finding]] = field(default_factory=dict)

    def hear(self, report: QualityReport, now: float) -> Finding | None:
        """Return the finding that needs a hand first, as it was last seen; None when none has for a while."""
        seen = {problem: finding for finding in report.findings for problem in _problems(finding)}
        self._since = {problem: self._since.get(problem, now) for problem in seen}
        for problem, finding in seen.items():
            if problem in self._standing or now - self._since[problem] >= COMES_S:
                self._standing[problem] = (now, finding)
        for problem in [p for p, (last, _) in self._standing.items() if now - last >= GOES_S]:
            del self._standing[problem]
        self._choose(now)
        return self._shown

    def _choose(self, now: float) -> None:
        first = min(self._standing, key=_rank, default=None)
        chosen = self._standing[first][1] if first else None
        if _about(chosen) == _about(self._shown):
            self._shown = chosen
        elif self._changed_at is None or now - self._changed_at >= COMES_S:
            self._shown, self._changed_at = chosen, now


def _problems(finding: Finding) -> list[_Problem]:
    """Return the finding's problem at its own gravity and at every lesser one; none when it is in order.

    A value that swings between warning and failing so goes on standing as a warning.
    """
    gravity = _gravity(finding)
    return [] if gravity is None else [(grade, *_matter(finding)) for grade in range(gravity, 3)]


def _gravity(finding: Finding) -> int | None:
    match finding.status:
        case Status.PASS:
            return None
        case Status.NOT_ASSESSED if not finding.required:
            return None
        case Status.NOT_ASSESSED:
            return 1 if finding.may_lack else 0
        case Status.FAIL:
            return 0 if finding.required else 1
        case Status.WARN:
            return 1 if finding.required else 2


def _matter(finding: Finding) -> tuple[str, str]:
    return finding.measure, finding.reason or side(finding).value


def _about(finding: Finding | None) -> tuple[str, str] | None:
    return None if finding is None else _matter(finding)


def _rank(problem: _Problem) -> tuple[int, int, str, str]:
    gravity, measure, what = problem
    return gravity, _PLACE.get(measure, len(ORDER)), measure, what
