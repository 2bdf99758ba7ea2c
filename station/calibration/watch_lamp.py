"""What the paper of many pages says of the lamp: whether it drifts over days, and whether it starts cold."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from math import sqrt
from statistics import fmean, median, stdev
from typing import Any

from station.calibration.charts import Reading, baseline_known, ewma, individuals

_BLOCK = 50
_SINCE = 30
"""Blocks in the EWMA: with a weight of 0.2 those before have less than 0.2 % of it."""
_WIDTH = 4.0
"""Sigmas of the average. At the usual 2.86 a chart of ten blocks a day would give a false alarm every month."""
_LEAST_SIGMA = 0.05
_DAY_S = 86400

_IDLE = timedelta(hours=1)
_WARMING = timedelta(minutes=15)
_PAGES_OF_START = 10
_LEAST_PAGES = 6
_STARTS = 5
_Z = 4.3
_COLD_STARTS = 2
_LEAST_GAIN = 1.5
"""L*: a lamp that is 4 % darker."""


@dataclass(slots=True)
class Drift:
    """The level of one value against the device's own baseline: blocks of 50 pages, an EWMA of the blocks.

    A block counts as its order statistic of `rank` (0 to 1): papers differ, and of 50 sheets some are white.
    The baseline are the first 20 blocks at least, on 5 days at least. A drift of less than `least` is none.
    """

    rank: float
    least: float
    block: list[float] = field(default_factory=list)
    baseline: list[tuple[float, float]] = field(default_factory=list)
    since: list[float] = field(default_factory=list)

    def take(self, value: float, at: datetime) -> None:
        """Add what one page shows."""
        self.block.append(value)
        if len(self.block) < _BLOCK:
            return
        level = sorted(self.block)[round(self.rank * (_BLOCK - 1))]
        self.block = []
        if baseline_known([Reading(*known) for known in self.baseline]):
            self.since = [*self.since, level][-_SINCE:]
        else:
            self.baseline.append((at.timestamp() / _DAY_S, level))

    @property
    def moved(self) -> float:
        """By how much the level drifted; 0 when it did not, or nobody knows yet."""
        if not self.since:
            return 0.0
        levels = [level for _, level in self.baseline]
        centre = fmean(levels)
        # The papers of one day resemble each other: neighbouring blocks alone would make sigma too small.
        sigma = max(individuals(levels, least_sigma=_LEAST_SIGMA).level.sigma, stdev(levels))
        last = ewma(self.since, centre, sigma, width=_WIDTH)[-1]
        away = last.value - centre
        return away if last.outside and abs(away) >= self.least else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        return {name: asdict(self)[name] for name in ("block", "baseline", "since")}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.block = [float(value) for value in state["block"]]
        self.baseline = [(float(day), float(level)) for day, level in state["baseline"]]
        self.since = [float(value) for value in state["since"]]


@dataclass(slots=True)
class ColdStarts:
    """Whether the paper gets lighter over the first pages after an idle hour, at the last five such starts.

    Of each start up to ten pages within a quarter of an hour count, at least six, by Kendall's S: how many
    pairs rise less how many fall (Kendall 1938). It is cold when the sum over the starts is 4.3 sigmas
    above what papers in any order give, and two of them gain 1.5 L* or more: one start may be an
    applicant's grey papers before white ones.
    """

    last: datetime | None = None
    begun: datetime | None = None
    whites: list[float] = field(default_factory=list)
    starts: list[tuple[float, float, float]] = field(default_factory=list)
    """S, its variance, and the gain in L* of each."""

    def take(self, white: float | None, at: datetime) -> None:
        """Add a page, also one whose paper cannot be seen: it kept the lamp on."""
        if self.begun is not None and at - self.begun > _WARMING:
            self._end()
        if self.last is not None and at - self.last >= _IDLE:
            self.begun, self.whites = at, []
        self.last = at
        if self.begun is None or white is None:
            return
        self.whites.append(white)
        if len(self.whites) == _PAGES_OF_START:
            self._end()

    def _end(self) -> None:
        """Judge the start that is over."""
        whites, self.whites, self.begun = self.whites, [], None
        count = len(whites)
        if count < _LEAST_PAGES:
            return
        rising = sum((b > a) - (b < a) for a, b in combinations(whites, 2))
        third = count // 3
        gain = median(whites[-third:]) - median(whites[:third])
        start = float(rising), count * (count - 1) * (2 * count + 5) / 18, gain
        self.starts = [*self.starts, start][-_STARTS:]

    @property
    def cold(self) -> bool:
        """The lamp starts cold."""
        if not self.starts:
            return False
        rising, variance, gains = zip(*self.starts, strict=True)
        return bool(
            sum(rising) >= _Z * sqrt(sum(variance))
            and sum(gain >= _LEAST_GAIN for gain in gains) >= _COLD_STARTS
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        moments = {name: at and at.isoformat() for name, at in (("last", self.last), ("begun", self.begun))}
        return {**moments, "whites": self.whites, "starts": self.starts}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.last, self.begun = (
            None if state[name] is None else datetime.fromisoformat(state[name]) for name in ("last", "begun")
        )
        self.whites = [float(value) for value in state["whites"]]
        self.starts = [(float(rising), float(var), float(gain)) for rising, var, gain in state["starts"]]
