"""Pictures to be judged, with the work that several measures share: done once, when first asked for.

A sample belongs to one thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.quality.face import engine
from station.quality.face.found import Face
from station.quality.face.landmarks import REGION, Geometry, geometry
from station.quality.face.pose import Pose, pose
from station.quality.measure import Unmeasured
from station.quality.page.edges import Edges, find_edges, px_per_mm
from station.quality.page.ink import STROKE_MM, paper_around, print_of
from station.quality.portrait.aligned import Aligned, Backdrop, align, backdrop, luminance, region
from station.quality.portrait.covering import Covering, covering
from station.quality.portrait.wall import Wall, wall

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
    """A camera's picture of a person: grey or RGB pixels, whole or a smaller copy.

    `scale` is how many pixels of the camera's picture one pixel of this copy stands for; `live` when it is one
    of many frames, of which only the quick questions are asked. `ofiq` is what OFIQ said of the same picture,
    where it is plugged in: native value and score (-1 when it could not tell) by our name for the component.
    `encoded` is the file whose pixels these are; None when there is none.

    The face is the largest that is found. What is asked of it raises LookupError where `unseen` says why there
    is none.
    """

    pixels: Pixels = field(repr=False)
    scale: float = 1.0
    live: bool = False
    ofiq: Mapping[str, tuple[float, int]] | None = field(default=None, repr=False)
    encoded: bytes | None = field(default=None, repr=False)

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """All faces, largest first; none without the models."""
        return () if engine.missing() else engine.find(self.pixels, thorough=not self.live)

    @property
    def face(self) -> Face | None:
        """The face that is meant."""
        return self.faces[0] if self.faces else None

    @cached_property
    def unseen(self) -> Unmeasured | None:
        """Why nothing can be said of the face; None when there is one."""
        if self.faces:
            return None
        return Unmeasured("no_models") if engine.missing() else Unmeasured("no_face")

    @property
    def _meant(self) -> Face:
        if self.face is None:
            raise LookupError("no_face")
        return self.face

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """The face's mesh (478, 3), in pixels of this copy."""
        return self._meant.landmarks

    @cached_property
    def geometry(self) -> Geometry:
        """Places and distances of the face, in pixels of this copy."""
        return geometry(self.landmarks)

    @cached_property
    def pose(self) -> Pose:
        """How the head is turned."""
        return pose(self._meant)

    @cached_property
    def expressions(self) -> Mapping[str, float]:
        """How strongly each of 52 expressions shows, 0 to 1."""
        return engine.expressions(self._meant)

    @cached_property
    def person(self) -> NDArray[np.float32]:
        """How likely each part of the picture shows the person, 0 to 1; (256, 256), stretched."""
        return engine.person(self.pixels)

    @cached_property
    def aligned(self) -> Aligned:
        """The face in the standard's size and place."""
        return align(self.pixels, self.landmarks)

    @cached_property
    def region(self) -> Pixels:
        """The landmarked region of the aligned face, 255 inside."""
        return region(self.aligned.points)

    @cached_property
    def luminance(self) -> Pixels:
        """The linear-light luminance of the aligned face, 0 to 255."""
        return luminance(self.aligned.pixels)

    @cached_property
    def levels(self) -> NDArray[np.float64]:
        """Which part of the region has each of the 256 luminances; they add up to 1."""
        counts = cv().calcHist([self.luminance], [0], self.region, [256], [0, 256]).ravel().astype(np.float64)
        shares: NDArray[np.float64] = counts / counts.sum()
        return shares

    @cached_property
    def backdrop(self) -> Backdrop:
        """What lies behind the person."""
        height, width = self.pixels.shape[:2]
        return backdrop(self.aligned, self.person, (width, height))

    @cached_property
    def wall(self) -> Wall | None:
        """The colours behind the person; None where the person fills the picture."""
        return wall(self.backdrop)

    @cached_property
    def covering(self) -> Covering:
        """How much of each part of the face something lies over."""
        return covering(self.aligned)

    @cached_property
    def coloured(self) -> bool:
        """Whether any pixel has a colour; a grey camera may say everything three times."""
        return self.pixels.ndim == 3 and (_any_colour(self.pixels[::8, ::8]) or _any_colour(self.pixels))

    @cached_property
    def face_region(self) -> Region:
        """The landmarked region's place on the picture, upright."""
        return self.around(REGION)

    def around(self, points: Sequence[int]) -> Region:
        """Return the smallest upright place on the picture that holds these points of the mesh."""
        spots = self.landmarks[list(points), :2]
        return self.place(spots.min(0), spots.max(0))

    def place(self, first: NDArray[np.floating[Any]], last: NDArray[np.floating[Any]]) -> Region:
        """Return the place between two corners (x, y) in pixels, as much of it as is in the picture."""
        size = self.pixels.shape[1::-1]
        (left, top), (right, bottom) = (np.clip(corner / size, 0, 1).tolist() for corner in (first, last))
        return Region(left, top, right - left, bottom - top)


def _any_colour(pixels: Pixels) -> bool:
    red, green, blue = (pixels[..., channel] for channel in range(3))
    return bool((red != green).any() or (green != blue).any())
