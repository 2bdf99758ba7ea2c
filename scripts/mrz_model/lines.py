"""Draws printed lines and cuts them into strips with every fault a locator makes. One index, one strip, always.

Geometry: x in characters (pitch 2.54 mm), y in capital heights from the middle of the capitals, downwards.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from scripts.mrz_model import damage, glyphs, papers

HEIGHT_PX = 32
"""Height of a strip: two capital heights."""
PITCH_PX = 12
"""Width of one character in a strip."""
STEP_PX = 4
"""One step of the network; the centre of step t lies on pixel 4 t of the strip, its first pixel being 0."""
BLANK = 0
IGNORED = -100
CLASSES = len(glyphs.ALPHABET) + 1

HALF_PAGE_CAPITALS = 1.5
FINEST_PPC, COARSEST_PPC = 28.0, 5.0

Field = NDArray[np.float32]

_LETTERS = np.arange(10, 36)
_CONFUSABLE = np.array([glyphs.ALPHABET.index(c) for c in "0O0O1I1L8B5S2Z6GQDMWNHKXUVFPECRJT7<"])


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip as the network sees it, and the truth about it."""

    pixels: Field
    """Shape (HEIGHT_PX, W), normalised by local contrast."""
    glyphs: NDArray[np.int64]
    """Index into the alphabet for every character whose centre lies in the strip, left to right."""
    centres_px: Field
    """Where each of them has its centre; pixel k of the strip has its centre at k."""
    pitch_px: float

    def labels(self) -> NDArray[np.int64]:
        """Return what each step should say: 0 blank, 1 to 37 the character, IGNORED where neither is fair."""
        steps = np.arange(0, self.pixels.shape[1], STEP_PX, dtype=np.float32)
        labels = np.full(len(steps), BLANK, np.int64)
        if not len(self.glyphs):
            return labels
        away = np.abs(steps[:, None] - self.centres_px[None])
        nearest = away.argmin(1)
        distance = away[np.arange(len(steps)), nearest] / self.pitch_px
        labels[distance <= 0.36] = IGNORED
        return np.where(distance < 0.24, self.glyphs[nearest] + 1, labels)


def normalise(strip: NDArray[np.uint8] | Field) -> Field:
    """Return the strip (0 to 255, dark ink) less its local mean, over its local deviation plus 4."""
    strip = strip.astype(np.float32)
    strip = strip - cv2.blur(strip, (61, 31))
    # Running sums leave a little less than nothing where the strip is flat.
    power = np.maximum(cv2.blur(strip * strip, (61, 31)), 0)
    return (strip / (np.sqrt(power) + 4)).astype(np.float32)


class LinePrinter:
    """Makes strip after strip from one seed; `draw(i)` depends on the seed and on i alone."""

    def __init__(
        self,
        seed: int,
        atlases: dict[str, Field],
        shares: list[float],
        characters: int = 22,
        ppc: tuple[float, float] = (COARSEST_PPC, FINEST_PPC),
        whole: bool = False,
    ) -> None:
        """Take the cuts to print with and how often; `whole` puts a whole line in view, as a reader has it."""
        self._seed = seed
        self._atlases = list(atlases.values())
        self._shares = np.array(shares) / sum(shares)
        self._characters = characters
        self._ppc = ppc
        self._whole = whole
        self._book = papers.pattern_book(np.random.default_rng([seed, 1]))

    def draw(self, index: int) -> Strip:
        """Return strip number `index`."""
        rng = np.random.default_rng([self._seed, 2, index])
        p = float(np.exp(rng.uniform(*np.log(self._ppc))))
        cells = self._characters + 4
        texts = self._texts(rng, cells)
        capital = rng.uniform(0.87, 1.03)
        page = self._page(rng, texts, p, capital)
        picture = damage.expose(damage.light(page, rng, p), rng, p)
        return self._cut(rng, picture, texts[1], capital)

    def _texts(self, rng: Generator, cells: int) -> NDArray[np.int64]:
        """Return three lines of glyph numbers: the one above, ours, the one below."""
        texts = np.stack([_text(rng, cells) for _ in range(3)])
        first, last = 0, cells
        view = rng.random()
        if self._whole:
            first, last = 4, cells - 4
        elif view < 0.22:
            first = int(rng.integers(2, 6))
        elif view < 0.44:
            last = cells - int(rng.integers(2, 6))
        elif view < 0.5:
            first = int(rng.integers(2, cells // 2))
            last = int(rng.integers(first + 3, cells))
        texts[:, :first] = glyphs.EMPTY
        texts[:, last:] = glyphs.EMPTY
        for row in (0, 2):
            if rng.random() < 0.35:
                texts[row] = glyphs.EMPTY
        return texts

    def _page(self, rng: Generator, texts: NDArray[np.int64], p: float, capital: float) -> Field:
        """Return the printed page round the line, grey 0 to 255, `p` pixels a character."""
        finer = 4 if p < 7 else 3 if p < 11 else 2 if p < 20 else 1
        u = p * finer
        columns = max(1, round(texts.shape[1] * p)) * finer
        rows = max(1, round(2 * HALF_PAGE_CAPITALS * capital * p)) * finer
        distance = self._print(rng, texts, rows, columns)
        ink = np.clip(distance * (u / glyphs.CELL_PX) + 0.5, 0, 1)
        ink = damage.wear(ink, rng, u)
        level = rng.uniform(110, 252)
        page = np.full((rows, columns), level, np.float32)
        if rng.random() < 0.72:
            deepest = 0.72 if rng.random() < 0.2 else 0.3
            page *= 1 - rng.uniform(0.03, deepest) * papers.cut(self._book, rng, rows, columns)
        pale = rng.uniform(0.04, 0.45) if rng.random() < 0.85 else rng.uniform(0.4, 0.7)
        if rng.random() < 0.5:
            page = page * (1 - ink * (1 - pale))
        else:
            page = page * (1 - ink) + ink * np.minimum(page, level * pale)
        page = damage.overprint(page, rng, u)
        printed = np.flatnonzero(texts[1] != glyphs.EMPTY)
        if rng.random() < 0.15:
            # The document ends about two characters before and behind its line, and the table begins.
            page[:, : max(0, round((printed[0] - rng.uniform(0.4, 2.4)) * u))] = rng.uniform(10, 250)
        if rng.random() < 0.15:
            page[:, round((printed[-1] + 1 + rng.uniform(0.4, 2.4)) * u) :] = rng.uniform(10, 250)
        return cv2.resize(page, (columns // finer, rows // finer), interpolation=cv2.INTER_AREA)

    def _print(self, rng: Generator, texts: NDArray[np.int64], rows: int, columns: int) -> Field:
        """Return the distance to the outlines of all glyphs on the page, positive within, in atlas pixels."""
        atlas = self._atlases[rng.choice(len(self._atlases), p=self._shares)]
        cells = texts.shape[1]
        spacing = rng.uniform(1.6, 2.7)
        x = (np.arange(columns, dtype=np.float32) + 0.5) * (cells / columns)
        y = ((np.arange(rows, dtype=np.float32) + 0.5) / rows * 2 - 1) * HALF_PAGE_CAPITALS
        cell = x.astype(np.int64)
        band = (y > -spacing / 2).astype(np.int64) + (y > spacing / 2)
        slip = rng.standard_normal((2, cells)).astype(np.float32) * rng.uniform(0, 0.03)
        taller = np.where(texts < 10, rng.uniform(0.96, 1.03), 1).astype(np.float32)
        width = glyphs.CELL_PX / rng.uniform(0.88, 1.12)
        local = (x - cell - 0.5 - slip[0, cell]) * width
        below = (y - (band - 1) * spacing) * glyphs.CAPITAL_PX
        grown = taller[:, cell][band]
        map_y = (below[:, None] + (slip[1, cell] * glyphs.CAPITAL_PX)[None] - glyphs.CAPITAL_PX / 2) / grown
        map_y += glyphs.CAPITAL_PX / 2 + glyphs.ROWS_PX / 2
        map_x = local[None] + (below * rng.normal(0, 0.05))[:, None]
        if rng.random() < 0.4:
            map_x = map_x + rng.uniform(0, 1.6) * papers.clouds(rng, rows, columns, cells * 2)
            map_y = map_y + rng.uniform(0, 1.6) * papers.clouds(rng, rows, columns, cells * 2)
        map_x = np.clip(map_x, 0.5 - glyphs.CELL_PX / 2, glyphs.CELL_PX / 2 - 1.5) + glyphs.CELL_PX / 2
        map_x += (texts[:, cell] * glyphs.CELL_PX).astype(np.float32)[band]
        distance = _look_up(atlas, map_x, map_y, cv2.INTER_LINEAR)
        distance += float(np.clip(rng.normal(0, 1.1), -2.6, 3.2))
        if rng.random() < 0.4:
            distance += rng.uniform(0, 1.0) * papers.clouds(rng, rows, columns, int(rng.integers(4, 120)))
        return distance

    def _cut(
        self, rng: Generator, picture: NDArray[np.uint8], text: NDArray[np.int64], capital: float
    ) -> Strip:
        """Return the strip as a locator cuts it: pitch, height, place, slope and bow are all a little off."""
        rows, columns = picture.shape
        cells = len(text)
        width = self._characters * PITCH_PX
        pitch = PITCH_PX * rng.uniform(0.94, 1.06)
        t = np.linspace(-1, 1, width, dtype=np.float32)
        x = cells / 2 + rng.uniform(-0.5, 0.5) + t * (width / 2 / pitch) + rng.normal(0, 0.05) * (t * t - 1)
        height = rng.uniform(0.85, 1.15) * (1 + rng.normal(0, 0.025) * t)
        middle = rng.normal(0, 0.05) + rng.normal(0, 0.05) * t + rng.normal(0, 0.04) * (t * t - 1 / 3)
        lines = ((np.arange(HEIGHT_PX, dtype=np.float32) + 0.5) / HEIGHT_PX * 2 - 1)[:, None]
        y = middle[None] + lines * height[None]
        shear = rng.normal(0, 0.05)
        map_x = (x[None] + shear * lines) * (columns / cells) - 0.5
        map_y = (y / HALF_PAGE_CAPITALS + 1) / 2 * rows - 0.5
        shrink = columns / cells / PITCH_PX
        source = picture
        if shrink > 1.3:
            source = cv2.GaussianBlur(picture, (0, 0), 0.35 * shrink)
        method = cv2.INTER_LINEAR if shrink >= 1 or rng.random() < 0.4 else cv2.INTER_CUBIC
        strip = _look_up(source, map_x, map_y, method)
        places = np.arange(cells) + 0.5
        centres = np.interp(places, x, np.arange(width), left=-99, right=-99).astype(np.float32)
        seen = (text != glyphs.EMPTY) & (centres > 0) & (centres < width - 1)
        return Strip(normalise(strip), text[seen], centres[seen], pitch)


def _look_up(source: NDArray[np.uint8] | Field, x: Field, y: Field, method: int) -> NDArray[np.generic]:
    return cv2.remap(
        source, x.astype(np.float32), y.astype(np.float32), method, borderMode=cv2.BORDER_REPLICATE
    )


def _text(rng: Generator, length: int) -> NDArray[np.int64]:
    """Return glyph numbers of one line. No words, no grammar: the decoder knows them, the network must not."""
    kind = rng.random()
    if kind < 0.5:
        text = rng.integers(0, 37, length)
    elif kind < 0.62:
        text = rng.choice(_LETTERS, length)
    elif kind < 0.74:
        text = rng.integers(0, 10, length)
    else:
        text = rng.choice(_CONFUSABLE, length)
    for _ in range(rng.choice([0, 1, 2], p=[0.6, 0.3, 0.1])):
        start = int(rng.integers(length))
        text[start : start + int(rng.geometric(0.2))] = 36
    return text.astype(np.int64)
