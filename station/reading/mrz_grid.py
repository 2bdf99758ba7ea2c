"""Lay exactly so many cells over what the network says of a strip: the likeliest places for their middles."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_PX = 4
"""The network says what it sees every 4 px of a strip, three times a cell."""
_STRIDES = ((3, 0.0), (2, 0.6), (4, 0.6))  # steps from cell to cell, and what an uneven one costs in nats
_FLOOR = -7.0  # nats; nothing is less likely than this
_NEVER = -1e9


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The best places for a number of cells. `steps` are the network's steps at their middles.

    `score` is the mean log-likelihood of a cell in nats, 0 at best: how much they look like glyphs at all.
    """

    score: float
    steps: NDArray[np.int64] = field(repr=False)


def fit(log_posteriors: NDArray[np.floating], counts: Collection[int]) -> Mapping[int, Grid]:
    """Return the best grid for each number of cells that the strip has room for.

    `log_posteriors` are 38 classes, paper first, by steps. Exact (Viterbi): cells 2 to 4 steps
    apart, paper before the first one and behind the last one.
    """
    steps = log_posteriors.shape[1]
    glyph = np.maximum(log_posteriors[1:].max(0), _FLOOR)
    paper = np.maximum(log_posteriors[0], _FLOOR)
    sums = np.concatenate(([0.0], np.cumsum(paper)))
    before, after = _paper_beside(sums, steps)
    score = glyph + before
    came = np.zeros((max(counts), steps), np.int64)
    grids: dict[int, Grid] = {}
    for cell in range(1, max(counts) + 1):
        if cell in counts:
            ends = score + after
            last = int(ends.argmax())
            if ends[last] > _NEVER / 2:
                grids[cell] = Grid(float(ends[last]) / cell, _traced(came, last, cell))
        if cell < max(counts):
            score, came[cell] = _next(score, glyph, paper)
    return grids


def _paper_beside(sums: Floats, steps: int) -> tuple[Floats, Floats]:
    """Return what it says for paper in the two steps before and behind a cell; off the strip a nat."""
    at = np.arange(steps)
    before = np.where(at >= 3, sums[np.maximum(at - 1, 0)] - sums[np.maximum(at - 3, 0)], -1.0)
    after = np.where(at + 3 < steps, sums[np.minimum(at + 4, steps)] - sums[np.minimum(at + 2, steps)], -1.0)
    return before, after


def _next(score: Floats, glyph: Floats, paper: Floats) -> tuple[Floats, NDArray[np.int64]]:
    best = np.full(score.size, _NEVER)
    stride_of = np.zeros(score.size, np.int64)
    for stride, cost in _STRIDES:
        value = np.full(score.size, _NEVER)
        value[stride:] = score[:-stride] - cost
        if stride == 4:  # a wide gap must show paper in its middle
            value[4:] += 0.5 * paper[2:-2]
        better = value > best
        best[better], stride_of[better] = value[better], stride
    return best + glyph, stride_of


def _traced(came: NDArray[np.int64], last: int, cells: int) -> NDArray[np.int64]:
    places = [last]
    for cell in range(cells - 1, 0, -1):
        places.append(places[-1] - int(came[cell, places[-1]]))
    return np.array(places[::-1])
