"""Read the machine-readable zone of a page: locate, rectify, recognise, lay the grid, decode, judge."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil, radians

import numpy as np
from numpy.typing import NDArray

from station.model.document import Mrz, MrzCell, MrzFormat, MrzRemark, MrzStatus
from station.model.image import Pixels
from station.reading import mrz_grid, mrz_recognise
from station.reading.mrz_grid import STEP_PX, Grid
from station.reading.mrz_judge import Seen, judge, seen
from station.reading.mrz_layout import SIZES
from station.reading.mrz_locate import Zone
from station.reading.mrz_looks import Look, Place, looks
from station.reading.mrz_recognise import CLASSES
from station.reading.mrz_rectify import CELL_PX, MARGIN, WIDE_MARGIN, Strip, strips
from station.reading.mrz_remarks import status_of

Answers = NDArray[np.float32]
"""Log-posteriors: lines x classes x steps, or of one line."""

LARGEST_PX = 60_000_000
"""Pictures above this are thinned out first: A4 at 600 dpi has 35 million pixels."""

SMALLEST_PX = 40
"""No side of a picture with a zone is shorter."""

_LOOKS_LIKE_ONE = -0.9  # nats a cell of the grid; less is no zone
_READS = -0.25  # a zone the right way up; no need to try it upside down
_CLOSE = 0.5  # nats a cell between numbers of cells that are both worth decoding
_GLANCE = 18  # cells in the middle of the lines that tell which way up they are
_LESS, _FAINTEST = 0.05, -4.0  # nats; upside down, print of the zone's type loses 0.2 and more
_GLYPH_ROWS = (0.2, 0.8)  # share of a strip's height: a capital with a little paper
_MOST_BARREN = 4  # even rows that were no zone: this is a page of them
_COUNTS = frozenset(width for _, width in SIZES)


@dataclass(frozen=True, slots=True, eq=False)
class OpticalMrz:
    """A zone with its pictures: for each line the straightened `strips` (grey, 32 px high) and its `cells`.

    `turned` is the direction of the lines on the page in degrees, clockwise from the right, -180 to 180.
    """

    mrz: Mrz
    strips: tuple[Pixels, ...] = field(default=(), repr=False)
    cells: tuple[tuple[MrzCell, ...], ...] = field(default=(), repr=False)
    turned: float = 0.0


def read(pixels: Pixels, *, today: date, budget_s: float = 2.0) -> OpticalMrz | None:
    """Return the zone of a page (RGB or grey), None when there is none; `today` decides its centuries.

    ACCEPTED: every check digit holds and no cell is in doubt. UNSURE: they hold, but cells were in doubt, or
    two zones lie on the page. CHECK_FAILED: they do not hold, the lines are as seen. NOT_FOUND, with the remark
    `reader_missing`: the network is not installed. Ever closer looks are taken until a reading is beyond doubt
    or `budget_s` seconds are over. Safe from any thread.
    """
    if pixels.ndim not in (2, 3) or min(pixels.shape[:2]) < SMALLEST_PX:
        return None
    if not mrz_recognise.ready():
        missing = Mrz(MrzFormat.TD3, (), MrzStatus.NOT_FOUND, remarks=(MrzRemark("reader_missing", ""),))
        return OpticalMrz(missing)
    until = time.monotonic() + budget_s
    thin = max(1, ceil((pixels.shape[0] * pixels.shape[1] / LARGEST_PX) ** 0.5))
    page = pixels[::thin, ::thin]
    evidence = _Evidence()
    for look in looks(page, lambda: evidence.best is not None):
        evidence.take(_attempts_at(page, look, evidence, today))
        if evidence.settled or time.monotonic() > until:
            break
    return evidence.best.result(thin) if evidence.best else None


class _Evidence:
    """What the looks at one page have shown so far."""

    def __init__(self) -> None:
        self.best: _Attempt | None = None
        self.settled = False
        self._barren: list[Place] = []

    def knows(self, place: Place) -> bool:
        """Tell whether the same lines were cut out before and gave nothing, or too many others did."""
        return len(self._barren) >= _MOST_BARREN or any(place.same_as(other) for other in self._barren)

    def gave_nothing(self, place: Place) -> None:
        """Remember that these lines are no zone."""
        self._barren.append(place)

    def take(self, attempts: Iterable["_Attempt"]) -> None:
        """Keep the best reading. Closer looks change nothing where it is beyond doubt, good or bad."""
        found = sorted(attempts, key=_rank)
        if not found or (self.best and _rank(found[-1]) <= _rank(self.best)):
            return
        self.best = found[-1]
        self.settled = self.best.clear or self.best.mrz.status is MrzStatus.ACCEPTED
        if any(other.mrz.check_ok and other.mrz.lines != self.best.mrz.lines for other in found[:-1]):
            self.best = self.best.but("two_zones")
            self.settled = True


# -- one candidate -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One line of an attempt: its strip, whether that was read upside down, and where its cells stand in it."""

    strip: Strip
    over: bool
    seen: Seen
    steps: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Attempt:
    mrz: Mrz
    lines: Sequence[_Line]

    @property
    def score(self) -> float:
        return float(np.mean([line.seen.score for line in self.lines]))

    @property
    def clear(self) -> bool:
        """Tell whether every cell was read clearly, whatever the check digits say."""
        return all(line.seen.clear for line in self.lines)

    def but(self, code: str) -> "_Attempt":
        """Return the same with a remark about the whole zone."""
        remarks = (*self.mrz.remarks, MrzRemark(code, ""))
        return _Attempt(replace(self.mrz, status=status_of(remarks), remarks=remarks), self.lines)

    def result(self, thin: int) -> OpticalMrz:
        texts = self.mrz.lines
        cells = tuple(tuple(_cells(line, text, thin)) for line, text in zip(self.lines, texts, strict=True))
        first = self.lines[0]
        way = first.strip.to_page[:, :2] @ (1.0, float(np.tan(radians(first.strip.line.slope))))
        turned = float(np.degrees(np.arctan2(way[1], way[0]))) + (180 if first.over else 0)
        pictures = tuple(_upright(line.strip.pixels, line.over) for line in self.lines)
        return OpticalMrz(self.mrz, pictures, cells, (turned + 180) % 360 - 180)


_ORDER = (MrzStatus.NOT_FOUND, MrzStatus.CHECK_FAILED, MrzStatus.UNSURE, MrzStatus.ACCEPTED)


def _rank(attempt: _Attempt) -> tuple[int, float]:
    return _ORDER.index(attempt.mrz.status), attempt.score


def _attempts_at(page: Pixels, look: Look, evidence: _Evidence, today: date) -> Iterator[_Attempt]:
    """Read the candidates of a look, but for those that gave nothing before."""
    for zone in look.zones:
        place = Place.of(zone, look)
        if evidence.knows(place):
            continue
        attempt = _read_zone(page, look, zone, today)
        if attempt:
            yield attempt
        else:
            evidence.gave_nothing(place)


def _read_zone(page: Pixels, look: Look, zone: Zone, today: date) -> _Attempt | None:
    """Read a candidate the way up in which it looks more like print."""
    found: list[_Attempt] = []
    for margin in (MARGIN, WIDE_MARGIN):
        cut = strips(page, zone, look.to_page, look.tone, margin)
        upright = _answers(cut, over=False)
        found += _attempts(cut, False, upright, today)
        if all(attempt.score <= _READS for attempt in found) and _rather_over(cut, upright):
            found += _attempts(cut[::-1], True, _answers(cut[::-1], over=True), today)
        best = max(found, key=_rank, default=None)
        if best is None or all(line.seen.alone for line in best.lines):
            break
    return best


def _answers(cut: Sequence[Strip], *, over: bool, columns: slice = slice(None)) -> Answers:
    """Return what the network says (lines x classes x steps) of these columns, upside down if need be."""
    return mrz_recognise.recognise([_upright(strip.pixels[:, columns], over) for strip in cut])


def _rather_over(cut: Sequence[Strip], upright: Answers) -> bool:
    """Tell by the middle of the lines whether they look no less like glyphs when turned upside down."""
    middle, half = cut[0].pixels.shape[1] // 2, _GLANCE * CELL_PX // 2
    columns = slice(max(0, middle - half), middle + half)
    steps = slice(columns.start // STEP_PX, columns.stop // STEP_PX)
    over = _answers(cut, over=True, columns=columns)
    return _glyphs(over) > _glyphs(upright[..., steps]) - _LESS


def _glyphs(answers: Answers) -> float:
    """Return how much this looks like glyphs, whichever: mean nats of the likeliest one in each cell."""
    likeliest = answers[:, 1:].max(1)
    cells = likeliest[:, : likeliest.shape[1] // 3 * 3].reshape(-1, 3).max(1)
    return float(np.maximum(cells, _FAINTEST).mean())


def _attempts(cut: Sequence[Strip], over: bool, answers: Answers, today: date) -> Iterator[_Attempt]:
    """Read the strips as every size of zone that they could be."""
    grids = [mrz_grid.fit(answer, _COUNTS) for answer in answers]
    ways = []
    for rows, width in SIZES:
        for top in range(len(cut) - rows + 1):
            span = range(top, top + rows)
            if all(width in grids[row] for row in span):
                ways.append((float(np.mean([grids[row][width].score for row in span])), width, span))
    highest = max((score for score, _, _ in ways), default=-np.inf)
    for score, width, span in ways:
        if score < max(highest - _CLOSE, _LOOKS_LIKE_ONE):
            continue
        lines = [_line(cut[row], over, answers[row], grids[row][width]) for row in span]
        mrz = judge([line.seen for line in lines], today)
        if mrz is not None:
            yield _Attempt(mrz, lines)


def _line(strip: Strip, over: bool, answer: Answers, grid: Grid) -> _Line:
    return _Line(strip, over, seen(answer, grid.steps, grid.score), grid.steps.tolist())


def _upright(strip: Pixels, over: bool) -> Pixels:
    return np.ascontiguousarray(strip[::-1, ::-1]) if over else strip


def _cells(line: _Line, text: str, thin: int) -> Iterator[MrzCell]:
    height, width = line.strip.pixels.shape
    sides = np.array(line.steps)[:, None] * float(STEP_PX) + (-CELL_PX / 2, CELL_PX / 2)
    ends = np.array(_GLYPH_ROWS) * height
    if line.over:
        sides, ends = width - 1 - sides, height - 1 - ends
    corners = line.strip.on_page(sides.ravel(), ends).round(1) * thin
    for column, character in enumerate(text):
        (left, right), (low_left, low_right) = corners[:, 2 * column : 2 * column + 2].tolist()
        posterior = float(np.exp(line.seen.cells[column, CLASSES.index(character)]))
        yield MrzCell(character, posterior, tuple(map(tuple, (left, right, low_right, low_left))))
