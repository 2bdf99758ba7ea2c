"""One defect at a time, over a range of amounts; the measure that is to see each."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from scripts.page_study.pages import DPI, GRAIN, MM, Drawn, Key, draw
from station.flow.straighten import propose
from station.imaging.adjust import shown
from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality import lightness
from station.quality.sample import PageSample
from tests.page_faults import blurred, enlarged, grainy, jpeg, of_jpeg, rippled, shining_through, tilted

_PART = 2 / 3
_STREAKS = (0.2, 0.5, 0.8)
_STREAK_PX = 3
_HALO_PX = 6


@dataclass(frozen=True, slots=True, eq=False)
class Spoilt:
    """A page with its defect: what is measured, and what is read where that is something else."""

    pixels: Pixels
    dpi: int = DPI
    encoded: bytes | None = None
    read: Pixels | None = None

    @property
    def sample(self) -> PageSample:
        """The page as the measures see it."""
        return PageSample(self.pixels, (float(self.dpi),) * 2, self.encoded)


Spoil = Callable[[Drawn, float, Key], Spoilt]


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: the measure it is for, its amounts, and on which pages: full of text or with a paragraph."""

    name: str
    measure: str
    unit: str
    amounts: tuple[float, ...]
    spoil: Spoil
    full: bool = False

    def spoilt(self, key: Key, amount: float) -> Spoilt:
        """Return this page with this amount of the defect."""
        return self.spoil(draw(key, full=self.full), amount, key)


def _lit(page: Pixels, light: float | np.ndarray[tuple[int, ...], np.dtype[np.float64]], seed: int) -> Pixels:
    """Return the page under so much times the light, with the grain that the sensor adds."""
    linear = np.minimum(lightness.LINEAR[page] * light, 1.0)
    lit: Pixels = np.interp(linear, lightness.LINEAR, np.arange(256)).round().astype(np.uint8)
    return grainy(lit, GRAIN, seed)


def _patch(drawn: Drawn, share: float, level: int) -> Pixels:
    """Return the page with an ellipse of this share of it, at this level, in its middle."""
    height, width = drawn.pixels.shape[:2]
    radius = sqrt(share * width * height / np.pi / 1.5)
    mask = np.zeros((height, width), np.float32)
    axes = (round(1.5 * radius), round(radius))
    cv().ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 1.0, -1)
    mask = np.maximum(mask, cv().GaussianBlur(mask, (0, 0), _HALO_PX))[..., np.newaxis]
    covered: Pixels = np.rint(drawn.pixels * (1 - mask) + level * mask).astype(np.uint8)
    return covered


def _blur(drawn: Drawn, sigma: float, key: Key) -> Spoilt:
    return Spoilt(blurred(drawn.pixels, sigma))


def _blur_part(drawn: Drawn, sigma: float, key: Key) -> Spoilt:
    page = drawn.pixels.copy()
    from_x = round(_PART * page.shape[1])
    page[:, from_x:] = blurred(drawn.pixels, sigma)[:, from_x:]
    return Spoilt(page)


def _pale(drawn: Drawn, kept: float, key: Key) -> Spoilt:
    """Only the ink is pale: the paper and the grain stay."""
    pale = 243 - (243 - drawn.pixels.astype(np.float32)) * kept
    return Spoilt(grainy(pale.clip(0, 255).round().astype(np.uint8), GRAIN, key.seed))


def _dark(drawn: Drawn, light: float, key: Key) -> Spoilt:
    return Spoilt(_lit(drawn.pixels, light, key.seed))


def _shadow(drawn: Drawn, light: float, key: Key) -> Spoilt:
    falling = np.linspace(1, light, drawn.pixels.shape[1])[np.newaxis, :, np.newaxis]
    return Spoilt(_lit(drawn.pixels, falling, key.seed))


def _noise(drawn: Drawn, sigma: float, key: Key) -> Spoilt:
    return Spoilt(grainy(drawn.pixels, sigma, key.seed))


def _skew(drawn: Drawn, degrees: float, key: Key) -> Spoilt:
    return Spoilt(tilted(drawn.pixels, degrees))


def _straightened(drawn: Drawn, degrees: float, key: Key) -> Spoilt:
    askew = _skew(drawn, degrees, key)
    return Spoilt(askew.pixels, read=shown(askew.pixels, propose(askew.sample, ())))


def _cut(drawn: Drawn, gap_mm: float, key: Key) -> Spoilt:
    return Spoilt(np.ascontiguousarray(drawn.pixels[:, drawn.box[0] - round(gap_mm * MM) :]))


def _through(drawn: Drawn, share: float, key: Key) -> Spoilt:
    return Spoilt(shining_through(drawn.pixels, draw(key, full=True, behind=True).pixels, share))


def _streaks(drawn: Drawn, levels: float, key: Key) -> Spoilt:
    page = drawn.pixels.astype(np.int16)
    left, _, right, _ = drawn.box
    for place in _STREAKS:
        x = round(left + place * (right - left))
        page[:, x : x + _STREAK_PX] -= round(levels)
    return Spoilt(page.clip(0, 255).astype(np.uint8))


def _ripples(drawn: Drawn, height: float, key: Key) -> Spoilt:
    return Spoilt(rippled(drawn.pixels, height=height))


def _jpeg(drawn: Drawn, quality: float, key: Key) -> Spoilt:
    coded = jpeg(drawn.pixels, round(quality))
    return Spoilt(of_jpeg(coded), encoded=coded)


def _enlarged(drawn: Drawn, dpi: float, key: Key) -> Spoilt:
    return Spoilt(enlarged(drawn.pixels, DPI / dpi))


def _coarse(drawn: Drawn, dpi: float, key: Key) -> Spoilt:
    scale = dpi / DPI
    small = cv().resize(drawn.pixels, None, fx=scale, fy=scale, interpolation=cv().INTER_AREA)
    return Spoilt(small, dpi=round(dpi))


def _glare(drawn: Drawn, share: float, key: Key) -> Spoilt:
    return Spoilt(_patch(drawn, share, 255))


def _drowned(drawn: Drawn, share: float, key: Key) -> Spoilt:
    return Spoilt(_patch(drawn, share, 0))


def _corner(drawn: Drawn, share: float, key: Key) -> Spoilt:
    """The top left corner is folded over, with this share of the page, and shows the dark backing."""
    page = drawn.pixels.copy()
    height, width = page.shape[:2]
    across, down = (round(sqrt(2 * share) * side) for side in (width, height))
    cv().fillConvexPoly(page, np.array([[0, 0], [across, 0], [0, down]]), (38, 38, 40))
    return Spoilt(page)


_SHARES = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16)
_SIGMAS = (0.8, 1.2, 1.4, 1.6, 1.8, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0)
_ANGLES = (1, 2, 3, 5, 7, 10, 14)
_DOTS = (250, 225, 200, 150, 120, 100, 75)

DEFECTS: tuple[Defect, ...] = (
    Defect("blur", "text_sharpness", "sigma, px", _SIGMAS, _blur),
    Defect("blur_part", "worst_text_sharpness", "sigma, px", (1.2, 1.6, 2.0, 2.5, 3.0, 4.0), _blur_part, True),
    Defect("pale", "text_contrast", "of the depth", (0.5, 0.25, 0.12, 0.08, 0.05, 0.03, 0.02), _pale),
    Defect("overexposed", "text_contrast", "times the light", (1.5, 3, 6, 12, 20, 32, 48), _dark),
    Defect("dark", "paper_white", "of the light", (0.5, 0.3, 0.15, 0.08, 0.04, 0.02, 0.01), _dark),
    Defect("glare", "clipped_highlights", "of the page", _SHARES, _glare, True),
    Defect("drowned", "clipped_shadows", "of the page", _SHARES, _drowned, True),
    Defect("skew", "skew", "degrees", _ANGLES, _skew),
    Defect("straightened", "skew", "degrees", _ANGLES, _straightened),
    Defect("cut", "cut_edge", "mm to the print", (3, 1.5, 0.8, 0.3, -1, -2, -4), _cut),
    Defect("shadow", "uneven_light", "of the light", (0.8, 0.6, 0.4, 0.25, 0.12, 0.06, 0.03), _shadow, True),
    Defect("grain", "noise", "sigma, grey levels", (3, 6, 10, 16, 24, 36, 50), _noise),
    Defect("corner", "covered", "of the page", (0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.12), _corner, True),
    Defect("through", "bleed_through", "of the depth", (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8), _through),
    Defect("streaks", "streaks", "grey levels", (15, 30, 60, 90, 130, 180, 230), _streaks),
    Defect("ripples", "moire", "grey levels", (8, 16, 32, 50, 80, 120, 160), _ripples),
    Defect("jpeg", "jpeg_quality", "quality", (40, 25, 15, 10, 6, 3, 1), _jpeg),
    Defect("enlarged", "enlargement", "true dpi", (225, 200, 150, 100, 75), _enlarged, True),
    Defect("coarse", "resolution", "dpi", _DOTS, _coarse),
)
