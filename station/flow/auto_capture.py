"""When the portrait takes itself: all that is required has been in order long enough."""

from dataclasses import dataclass

from station.flow.advice import NOBODY
from station.flow.best_of import fulfilled
from station.model.quality import QualityReport

BREAK_S = 0.25
"""A lapse of so many seconds does not count: a blink, a value at its limit, a lost frame."""
STALE_S = 1.0
"""After so many seconds without a report the stream was lost, and what held before counts no more."""
PERSON_S = 0.5
"""Nobody in sight may have been a change of person: no picture within so many seconds."""


@dataclass(slots=True)
class AutoCapture:
    """Feeds on the reports of the live picture, in the order of their times, in seconds of any clock.

    Off until armed, and off again after a burst. Fires when every required finding has passed for `hold_s`
    (more than 0) without a lapse longer than `BREAK_S`; findings that only inform never hold it up. `held` is
    how much of that time is over, 0 to 1. Not thread-safe.
    """

    hold_s: float = 1.0
    burst: int = 5
    armed: bool = False
    held: float = 0.0
    _since: float | None = None
    _good_at: float = 0.0
    _lapsed: bool = False
    _heard_at: float | None = None
    _nobody_at: float | None = None

    def arm(self, on: bool) -> None:
        """Switch it on, from the beginning, or off."""
        self.armed, self.held, self._since = on, 0.0, None

    def hear(self, report: QualityReport, now: float) -> int:
        """Return how many stills are to be taken now: `burst`, once, or 0."""
        if self._heard_at is not None and now - self._heard_at >= STALE_S:
            self._since = None
        self._heard_at = now
        good = self._follow(report, now)
        if not self.armed or self._since is None:
            self.held = 0.0
            return 0
        self.held = min(1.0, (now - self._since) / self.hold_s)
        if not good or self.held < 1.0 or self._may_be_another(now):
            return 0
        self.armed = False
        return self.burst

    def _follow(self, report: QualityReport, now: float) -> bool:
        """Keep the beginning of the run that is going on; tell whether this report is part of one."""
        if any(finding.reason == NOBODY for finding in report.findings):
            self._nobody_at, self._since = now, None
            return False
        required = [finding for finding in report.findings if finding.required]
        good = bool(required) and all(fulfilled(finding) for finding in required)
        if (not good or self._lapsed) and now - self._good_at > BREAK_S:
            self._since = None
        if good:
            self._since = now if self._since is None else self._since
            self._good_at = now
        self._lapsed = not good
        return good

    def _may_be_another(self, now: float) -> bool:
        return self._nobody_at is not None and now - self._nobody_at < PERSON_S
