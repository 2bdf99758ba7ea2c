"""Writes the figures of the study: `python -m scripts.page_study.report`.

The tables go between the two marks of docs/page_limits.md, the plots to docs/pictures/page_limits.png.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.page_study.fit import Limits, Reading, interval, rank
from scripts.page_study.outcome import SET_BY, Outcome, badness, clean_pages, outcomes
from scripts.page_study.pages import SIZES_PT
from scripts.page_study.plot import plot
from station.model.quality import Limit
from station.quality.catalogue import PAGE
from station.quality.profile import load_profiles

_ROOT = Path(__file__).parents[2]
_DOCUMENT = _ROOT / "docs" / "page_limits.md"
_PICTURE = _ROOT / "docs" / "pictures" / "page_limits.png"
_BEGIN, _END = "<!-- figures: made by `make study` -->", "<!-- end of the figures -->"


def main() -> None:
    """Write both."""
    asked = {
        name: asked.limit for name, asked in load_profiles(_ROOT / "resources/profiles")["page"].asked.items()
    }
    found = list(outcomes().values())
    figures = "\n".join([_BEGIN, "", *_summary(found, asked), "", *_tables(found), _END])
    text = _DOCUMENT.read_text(encoding="utf-8")
    text = re.sub(f"{re.escape(_BEGIN)}.*{re.escape(_END)}", lambda _: figures, text, flags=re.DOTALL)
    _DOCUMENT.write_text(text, encoding="utf-8")
    plot(found, asked, _PICTURE)


def _summary(found: Sequence[Outcome], asked: Mapping[str, Limit]) -> Iterator[str]:
    clean = clean_pages()
    yield (
        "| defect | measure | rho | reading suffers from | fails from | false alarms: suffers, fails "
        "| missed: suffers, fails | not assessed | in the profile: warning, failing |"
    )
    yield "|---" * 9 + "|"
    for outcome in found:
        name, readings = outcome.defect.measure, outcome.fitted
        low, high = interval(readings)
        limits = outcome.limits
        false, missed = [], []
        for limit in (limits.warn, limits.fail):
            alarms = None if limit is None else outcome.alarms(limit, clean[name])
            false.append("-" if alarms is None else f"{100 * alarms.false:.1f} %")
            missed.append("-" if alarms is None or alarms.missed is None else f"{100 * alarms.missed:.0f} %")
        warn = _with_interval(name, limits.warn, low.warn, high.warn)
        fail = _with_interval(name, limits.fail, low.fail, high.fail)
        unassessed = sum(reading.badness is None for reading in readings)
        yield (
            f"| {outcome.defect.name} | {name} ({PAGE[name].unit}) | {outcome.correlation:.2f} | {warn} "
            f"| {fail} | {', '.join(false)} | {', '.join(missed)} | {unassessed} of {len(readings)} "
            f"| {_written(outcome, asked[name])} |"
        )


def _written(outcome: Outcome, limit: Limit) -> str:
    """Return the profile's limits of the bad side, in bold where these readings set them."""
    name = outcome.defect.measure
    less = limit.high is None
    pair = (limit.low, limit.fail_low) if less else (limit.high, limit.fail_high)
    words = ", ".join("-" if value is None else f"{value:g}" for value in pair)
    return f"**{words}**" if SET_BY.get(name) == outcome.defect.name else f"{words}, by eye"


def _with_interval(measure: str, limit: float | None, *ends: float | None) -> str:
    if limit is None:
        return "never"
    low, *high = sorted(badness(measure, end) for end in ends if end is not None) or [badness(measure, limit)]
    return f"{badness(measure, limit):.3g} ({low:.3g} to {(high or [low])[0]:.3g})"


def _tables(found: Sequence[Outcome]) -> Iterator[str]:
    for outcome in found:
        defect = outcome.defect
        sizes = "".join(f" {size} pt |" for size in SIZES_PT)
        yield f"### {defect.name}: {defect.measure}"
        yield ""
        yield f"| {defect.unit} | {PAGE[defect.measure].unit} |{sizes}"
        yield "|---" * (2 + len(SIZES_PT)) + "|"
        for amount in (None, *defect.amounts):
            yield _line(outcome, amount)
        limits = (_short(defect.measure, outcome.by_size[size]) for size in SIZES_PT)
        yield "| suffers; fails | |" + "".join(f" {limit} |" for limit in limits)
        yield ""


def _line(outcome: Outcome, amount: float | None) -> str:
    readings = [one for one in (*outcome.fitted, *outcome.tried) if one.amount == amount]
    assessed = [one.badness for one in readings if one.badness is not None]
    name = outcome.defect.measure
    raw = f"{badness(name, rank(assessed, 0.5)):.3g}" if 2 * len(assessed) > len(readings) else "not assessed"
    cells = (_errors([one for one in readings if one.size_pt == size]) for size in SIZES_PT)
    return f"| {'clean' if amount is None else f'{amount:g}'} | {raw} |" + "".join(
        f" {cell} |" for cell in cells
    )


def _errors(readings: Sequence[Reading]) -> str:
    rates = [reading.cer for reading in readings]
    return ", ".join(f"{100 * rank(rates, share):.1f}" for share in (0.5, 0.9))


def _short(measure: str, limits: Limits) -> str:
    return "; ".join(
        "-" if value is None else f"{badness(measure, value):.3g}" for value in (limits.warn, limits.fail)
    )


if __name__ == "__main__":
    main()
