"""What the stored readings say of each defect: limits, how sure they are, false alarms and misses."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from scripts.page_study.defects import DEFECTS, Defect
from scripts.page_study.fit import UNREADABLE, Limits, Reading, by_size, correlation, limits
from scripts.page_study.gather import CLEAN_PAGES, READINGS
from station.model.quality import Limit

LESS_IS_WORSE = frozenset(
    {"text_contrast", "paper_white", "cut_edge", "jpeg_quality", "enlargement", "resolution"}
)
"""Of all other measures more is worse, and of skew either way."""

SET_BY: Mapping[str, str] = MappingProxyType(
    {
        "text_sharpness": "blur",
        "worst_text_sharpness": "blur_part",
        "clipped_highlights": "glare",
        "cut_edge": "cut",
    }
)
"""Which defect's readings set a measure's limits in the profile; docs/page_limits.md says why no others."""
PREDICTS = 0.7
"""The least rank correlation of a measure that foretells reading."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """How often a limit speaks when it should not, and is silent when it should speak. Shares 0 to 1.

    `missed` is None when no page was unreadable; a page that the measure did not assess counts as missed.
    """

    false: float
    missed: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One defect: its readings to fit on and to try on, and the limits, in badness."""

    defect: Defect
    fitted: Sequence[Reading] = field(repr=False)
    tried: Sequence[Reading] = field(repr=False)
    by_size: Mapping[int, Limits]
    limits: Limits

    @property
    def correlation(self) -> float:
        """Spearman's rank correlation of badness and error rate, -1 to 1, in the smallest print.

        In larger print most pages are read without an error, and a correlation tells nothing.
        """
        smallest = min(self.by_size)
        return correlation([reading for reading in self.fitted if reading.size_pt == smallest])

    def alarms(self, limit: float, clean: Sequence[float]) -> Alarms:
        """Return how a limit holds on clean pages and on the unreadable ones that were not fitted on."""
        unreadable = [reading.badness for reading in self.tried if reading.cer > UNREADABLE]
        silent = sum(worse is None or worse <= limit for worse in unreadable)
        return Alarms(
            sum(worse > limit for worse in clean) / len(clean), silent / len(unreadable) if unreadable else None
        )


def badness(measure: str, raw: float) -> float:
    """Return the raw value turned so that more is worse; its own inverse but for skew, which loses its sign."""
    if measure == "skew":
        return abs(raw)
    return -raw if measure in LESS_IS_WORSE else raw


def outcomes(path: Path = READINGS) -> Mapping[str, Outcome]:
    """Return what each defect's readings give, by its name."""
    measures = {defect.name: defect.measure for defect in DEFECTS}
    found: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for line in _lines(path):
        found[line["defect"], line["part"]].append(_reading(line, measures[line["defect"]]))
    return MappingProxyType(
        {
            defect.name: _outcome(defect, found[defect.name, "fit"], found[defect.name, "test"])
            for defect in DEFECTS
        }
    )


def clean_pages(path: Path = CLEAN_PAGES) -> Mapping[str, Sequence[float]]:
    """Return of each measure its badness on the clean pages that it assessed."""
    clean: dict[str, list[float]] = defaultdict(list)
    for line in _lines(path):
        for measure, raw in line.items():
            if measure not in ("kind", "seed") and raw:
                clean[measure].append(badness(measure, float(raw)))
    return MappingProxyType(clean)


def set_by_reading(outcome: Outcome) -> Limit:
    """Return the limits in the measure's own unit, rounded to two figures, as the profile has them."""
    name = outcome.defect.measure
    warn, fail = (
        None if worse is None else float(f"{badness(name, worse):.2g}")
        for worse in (outcome.limits.warn, outcome.limits.fail)
    )
    if name in LESS_IS_WORSE:
        return Limit(low=warn, fail_low=fail)
    return Limit(high=warn, fail_high=fail)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _reading(line: Mapping[str, str], measure: str) -> Reading:
    return Reading(
        f"{line['part']} {line['face']} {line['size_pt']}",
        int(line["size_pt"]),
        float(line["amount"]) if line["amount"] else None,
        badness(measure, float(line["raw"])) if line["raw"] else None,
        float(line["cer"]),
    )


def _outcome(defect: Defect, fitted: Sequence[Reading], tried: Sequence[Reading]) -> Outcome:
    return Outcome(defect, fitted, tried, MappingProxyType(by_size(fitted)), limits(fitted))
