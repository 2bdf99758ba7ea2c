"""Pictures to be judged, with the work that several measures share: done once, when first asked for.

A sample belongs to one thread.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.page.edges import Edges, find_edges, px_per_mm
from station.quality.page.ink import STROKE_MM, paper_around, print_of

_A4_LONG_MM = 297
_THIN_PX_PER_MM = 4
"""Levels and shares are counted on every n-th pixel, about 100 dpi: true pixels, no averages."""
_THIN_MIN_PX = 32
_SOFT_PX_PER_MM = 6
_CONTENT_STEP = 16
_CONTENT_SHARE = 1 / 8
_GAP_MM = 5
_PIECE_MM2 = 100
_BAND = 16

_ASPECT = 3 / 4
FACE = Region(0.30, 0.30, 0.40, 0.40)
SIDES = (Region(0.0, 0.03, 0.12, 0.42), Region(0.88, 0.03, 0.12, 0.42))
"""Zones of the portrait's frame. With TR-03121's geometry (head width 0.50 to 0.75 of the width, head height
0.60 to 0.90, eyes at 0.30 to 0.50 of the height) one is face, two are background over the shoulders."""

_FACE_PX = 400
_SIDE_PX = 160


@dataclass(frozen=True, eq=False)
class PageSample:
    """A scanned page: grey or RGB pixels, and dots per inch (x, y), None where nobody knows them.

    `encoded` is the file as it is stored, of which the pixels may be a part; None when there is none. `frame`
    says of each side (left, top, right, bottom) whether it is the rim of the scanned picture; where it is not,
    we cut the picture there and saw what lies beyond.
    """

    pixels: Pixels = field(repr=False)
    dpi: tuple[float, float] | None = None
    encoded: bytes | None = field(default=None, repr=False)
    frame: tuple[bool, bool, bool, bool] = (True, True, True, True)

    @property
    def known_dpi(self) -> tuple[float, float] | None:
        """The resolution, None when it is not told or makes no sense."""
        return self.dpi if self.dpi and min(self.dpi) > 0 else None

    @property
    def px_per_mm(self) -> float:
        """The scale; without a resolution the page is taken for A4, which sets search windows only."""
        return px_per_mm(self.known_dpi) if self.known_dpi else max(self.pixels.shape[:2]) / _A4_LONG_MM

    @property
    def step(self) -> int:
        """How many pixels lie between two that `thin` keeps."""
        most: int = min(self.pixels.shape[:2]) // _THIN_MIN_PX
        return max(1, min(round(self.px_per_mm / _THIN_PX_PER_MM), most))

    @cached_property
    def thin(self) -> Pixels:
        """Every `step`-th pixel of every `step`-th row, grey."""
        return codec.grey(np.ascontiguousarray(self.pixels[:: self.step, :: self.step]))

    @property
    def thin_px_per_mm(self) -> float:
        """The scale of `thin`."""
        return self.px_per_mm / self.step

    @cached_property
    def grey(self) -> Pixels:
        """The luminance of all pixels."""
        return codec.grey(self.pixels)

    @cached_property
    def soft(self) -> Pixels:
        """The page at about 150 dpi, each pixel the mean of what it stands for: less grain, no screen dots."""
        by = max(1, round(self.px_per_mm / _SOFT_PX_PER_MM))
        height, width = (max(1, side // by) for side in self.grey.shape)
        whole = self.grey[: height * by, : width * by] if min(self.grey.shape) >= by else self.grey
        result: Pixels = cv().resize(whole, (width, height), interpolation=cv().INTER_AREA)
        return result

    @cached_property
    def paper_around(self) -> Pixels:
        """The level of the paper around each pixel of `thin`, with the print closed over."""
        return paper_around(self.thin, self.thin_px_per_mm, STROKE_MM)

    @cached_property
    def print_mask(self) -> NDArray[np.bool_]:
        """Where `thin` shows print."""
        below: Pixels = cv().subtract(self.paper_around, self.thin)
        return print_of(below)

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Where the document is on `thin`: hulls of what differs from the picture's rim, lid or bare paper.

        All False when nothing does (a blank page).
        """
        height, width = self.thin.shape
        rim = np.concatenate([self.thin[0], self.thin[-1], self.thin[:, 0], self.thin[:, -1]])
        differs = cv().absdiff(self.thin, float(np.median(rim))) > _CONTENT_STEP
        scale = min(1.0, self.step / self.px_per_mm)  # to one pixel for each millimetre
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        found = cv().resize(differs.astype(np.uint8) * 255, small, interpolation=cv().INTER_AREA)
        found = found > 255 * _CONTENT_SHARE
        joined = cv().morphologyEx(
            found.astype(np.uint8), cv().MORPH_CLOSE, np.ones((_GAP_MM, _GAP_MM), np.uint8)
        )
        outlines, _ = cv().findContours(joined, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
        hulls = [cv().convexHull(outline) for outline in outlines]
        mask = np.zeros(joined.shape, np.uint8)
        for hull in hulls:
            if cv().contourArea(hull) >= _PIECE_MM2:
                cv().fillConvexPoly(mask, hull, 1)
        result: NDArray[np.bool_] = (
            cv().resize(mask, (width, height), interpolation=cv().INTER_NEAREST).astype(np.bool_)
        )
        return result

    @cached_property
    def paper(self) -> int:
        """Grey level of the paper: the middle of the commonest band among the bright of the document's pixels.

        A band, because a burnt patch has one level only and would outvote the paper, which has grain.
        """
        pixels = self.thin[self.content] if self.content.any() else self.thin.ravel()
        counts = np.bincount(pixels, minlength=256)
        counts[: _otsu(counts) + 1] = 0
        first = max(0, int(np.argmax(np.convolve(counts, np.ones(_BAND)))) - _BAND + 1)
        within = np.cumsum(counts[first : first + _BAND])
        return first + int(np.searchsorted(within, within[-1] / 2))

    @cached_property
    def edges(self) -> Edges:
        """The edges of the print, from full-resolution tiles."""
        return find_edges(self.pixels, self.thin, self.step, self.px_per_mm)


def _otsu(counts: NDArray[np.intp]) -> int:
    """Return the level that parts a histogram best (Otsu 1979); -1 when there is only one level."""
    level = np.arange(256)
    below = np.cumsum(counts)
    weight = below / below[-1]
    mean = np.cumsum(counts * level) / below[-1]
    apart = weight * (1 - weight)
    between = np.divide((mean[-1] * weight - mean) ** 2, apart, out=np.zeros(256), where=apart > 1e-9)
    return int(np.argmax(between)) if between.any() else -1


@dataclass(frozen=True, eq=False)
class PortraitSample:
    """A camera's picture of one person: grey or RGB pixels, whole or a smaller copy.

    No face is looked for: the zones lie where the guides on the screen ask the face to be, in the centred
    upright 3:4 frame (BSI TR-03121).
    """

    pixels: Pixels = field(repr=False)

    def cut(self, zone: Region) -> Pixels:
        """Return the pixels of a zone of the frame."""
        height, width = self.pixels.shape[:2]
        placed = self.place(zone)
        left, top = min(round(placed.left * width), width - 1), min(round(placed.top * height), height - 1)
        right, bottom = (
            round((placed.left + placed.width) * width),
            round((placed.top + placed.height) * height),
        )
        return self.pixels[top : max(bottom, top + 1), left : max(right, left + 1)]

    def place(self, zone: Region) -> Region:
        """Return a zone of the frame as a region of the whole picture."""
        height, width = self.pixels.shape[:2]
        across, down = min(1.0, height * _ASPECT / width), min(1.0, width / _ASPECT / height)
        return Region(
            (1 - across) / 2 + zone.left * across,
            (1 - down) / 2 + zone.top * down,
            zone.width * across,
            zone.height * down,
        )

    @cached_property
    def face_lightness(self) -> lightness.Floats:
        """L* of every n-th pixel of the face zone: true pixels, no averages."""
        face = self.cut(FACE)
        step = -(-max(face.shape[:2]) // _FACE_PX)
        return lightness.of_pixels(face[::step, ::step])

    @cached_property
    def background(self) -> lightness.Floats:
        """CIELAB (n, 3) of both sides, averaged to small pixels: no sensor noise, no fabric."""
        return np.concatenate(
            [lightness.lab(codec.thumbnail(self.cut(side), _SIDE_PX)).reshape(-1, 3) for side in SIDES]
        )
