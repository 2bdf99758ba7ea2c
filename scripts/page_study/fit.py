"""From readings to limits: monotone fits of the error rate over the raw value, and how well they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

import numpy as np
from numpy.typing import NDArray

UNREADABLE = 0.05
"""Character error rate: fail where it is exceeded on a tenth of the pages."""
_TENTH = 0.9
_WORSE_BY = 0.01
"""Warn where the median error rate doubles and is higher by one character in a hundred."""
_RESAMPLES = 200
_INTERVAL = (5, 95)


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as it was measured and read.

    `amount` is None on the clean page; `badness` is the raw value, turned so that more is worse (None: not
    assessed); `page` tells pages apart; `cer` is the character error rate, 0 to 1.
    """

    page: str
    size_pt: int
    amount: float | None
    badness: float | None
    cer: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Badness from which on reading suffers and fails; None where it never does as far as the measure sees."""

    warn: float | None
    fail: float | None


def rank(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values do not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def monotone(groups: Iterable[Sequence[float]], share: float) -> list[float]:
    """Return for each group a quantile of its values that never falls from group to group.

    Pool adjacent violators (Ayer and others 1955; for quantiles: Robertson and Wright 1980).
    """
    blocks: list[tuple[list[float], int]] = []
    for group in groups:
        blocks.append((sorted(group), 1))
        while len(blocks) > 1 and rank(blocks[-2][0], share) >= rank(blocks[-1][0], share):
            values, count = blocks.pop()
            before, counted = blocks.pop()
            blocks.append((sorted(before + values), counted + count))
    return [rank(values, share) for values, count in blocks for _ in range(count)]


def limits(readings: Sequence[Reading]) -> Limits:
    """Return where the first size of print suffers, and where the pages of all sizes together fail."""
    warns = [found.warn for found in by_size(readings).values() if found.warn is not None]
    return Limits(min(warns, default=None), limits_of(readings).fail)


def by_size(readings: Sequence[Reading]) -> dict[int, Limits]:
    """Return the limits of each size of print by itself."""
    sizes = sorted({reading.size_pt for reading in readings})
    return {size: limits_of([reading for reading in readings if reading.size_pt == size]) for size in sizes}


def limits_of(readings: Sequence[Reading]) -> Limits:
    """Return where reading suffers and fails: halfway between the last good and the first bad badness."""
    assessed = sorted((reading.badness, reading.cer) for reading in readings if reading.badness is not None)
    grouped = [(worse, [cer for _, cer in group]) for worse, group in groupby(assessed, lambda pair: pair[0])]
    places = [worse for worse, _ in grouped]
    median, tenth = (monotone([cers for _, cers in grouped], share) for share in (0.5, _TENTH))
    clean = rank([reading.cer for reading in readings if reading.amount is None], 0.5)
    suffers = max(2 * clean, clean + _WORSE_BY)
    return Limits(
        _first(places, [value >= suffers for value in median]),
        _first(places, [value > UNREADABLE for value in tenth]),
    )


def _first(places: Sequence[float], beyond: Sequence[bool]) -> float | None:
    if True not in beyond:
        return None
    at = beyond.index(True)
    return (places[max(0, at - 1)] + places[at]) / 2


def interval(readings: Sequence[Reading], seed: int = 0) -> tuple[Limits, Limits]:
    """Return the 5th and 95th percentile of both limits, over resampled pages of each size (bootstrap).

    None where fewer than half of the samples have a limit.
    """
    chance = np.random.default_rng(seed)
    by_page: dict[int, dict[str, list[Reading]]] = {}
    for reading in readings:
        by_page.setdefault(reading.size_pt, {}).setdefault(reading.page, []).append(reading)
    found = []
    for _ in range(_RESAMPLES):
        sample: list[Reading] = []
        for pages in by_page.values():
            for name in chance.choice(list(pages), len(pages)):
                sample += pages[str(name)]
        found.append(limits(sample))
    warns, fails = (
        _spread([value for value in values if value is not None])
        for values in zip(*((one.warn, one.fail) for one in found), strict=True)
    )
    return Limits(warns[0], fails[0]), Limits(warns[1], fails[1])


def _spread(values: Sequence[float]) -> tuple[float | None, float | None]:
    if 2 * len(values) < _RESAMPLES:
        return None, None
    low, high = np.percentile(values, _INTERVAL).tolist()
    return low, high


def correlation(readings: Sequence[Reading]) -> float:
    """Return Spearman's rank correlation of badness and error rate; 0 where one of them never changes."""
    pairs = [(reading.badness, reading.cer) for reading in readings if reading.badness is not None]
    if len(pairs) < 2:
        return 0.0
    worse, cer = (_ranks(np.array(column, np.float64)) for column in zip(*pairs, strict=True))
    return float(np.corrcoef(worse, cer)[0, 1]) if np.ptp(worse) and np.ptp(cer) else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank of each value; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    result: NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return result
