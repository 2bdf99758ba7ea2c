"""Work on pixels away from devices and desk: judge, read, code, store, in as many lanes as there are cores."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from station.errors import PictureError, SettingsError
from station.flow.lane import Lane
from station.flow.options import FitOut
from station.imaging import codec
from station.model.document import Barcode, Certainty, Reading
from station.model.image import Page, PictureRef, Pixels
from station.model.quality import QualityReport
from station.model.record import AttachmentKind
from station.quality.assess import assess
from station.quality.sample import PageSample, PortraitSample
from station.reading import barcode

_P = ParamSpec("_P")
_T = TypeVar("_T")

THUMBNAIL_PX = 512
LIVE_PX = 640
"""The live judgement works on a copy of this width; the still is judged whole."""

PROFILES = {
    AttachmentKind.LETTER: "page",
    AttachmentKind.PASSPORT_PAGE: "passport",
    AttachmentKind.DOCUMENT: "page",
    AttachmentKind.PORTRAIT: "portrait",
}


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture that is stored, judged and read, and belongs to nobody yet."""

    ref: PictureRef
    thumbnail: Pixels = field(repr=False)
    report: QualityReport
    reading: Reading | None


class Workshop:
    """A few lanes that share the work on pictures; results come back as futures."""

    def __init__(self, fit_out: FitOut, cores: int) -> None:
        """Open one lane per core.

        Raises:
            SettingsError: a profile that the station judges by is missing.
        """
        for name in PROFILES.values():
            if name not in fit_out.profiles:
                raise SettingsError(where="profiles", key=name, problem="missing", suggestion="")
        self._fit_out = fit_out
        self._lanes = [Lane(f"workshop-{number}") for number in range(1, max(cores, 1) + 1)]
        self._next = itertools.cycle(self._lanes)

    def submit(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Give work to the next lane in turn."""
        return next(self._next).submit(work, *args, **kwargs)

    def close(self, timeout_s: float) -> None:
        """End the lanes after what they have in hand."""
        for lane in self._lanes:
            lane.close(timeout_s)

    def prepare(self, page: Page, kind: AttachmentKind) -> Prepared:
        """Judge, read and store one page; runs on a workshop lane.

        Raises:
            PictureError: it is no picture, or the device's bytes are another; StorageError: it was not stored.
        """
        prove(page)
        report = assess(self._fit_out.profiles[PROFILES[kind]], PageSample(page.pixels, page.dpi))
        reading = self._read(page.pixels, kind)
        # Right after the coding it would take 64 ms, not 29: isal leaves the AVX registers in use.
        thumbnail = codec.thumbnail(page.pixels, THUMBNAIL_PX)
        return Prepared(self._store(page), thumbnail, report, reading)

    def judge_portrait(self, pixels: Pixels) -> QualityReport:
        """Judge a portrait, live (a small copy) or still (whole)."""
        return assess(self._fit_out.profiles["portrait"], PortraitSample(pixels))

    def keep_portrait(self, pixels: Pixels, report: QualityReport) -> Prepared:
        """Code and store an accepted portrait."""
        page = Page(pixels, 1, (0.0, 0.0))
        return Prepared(self._store(page), codec.thumbnail(pixels, THUMBNAIL_PX), report, None)

    def picture(self, sha256: str, longest_px: int) -> Pixels:
        """Bring a stored picture back, no larger than asked."""
        pixels = codec.decode(self._fit_out.store.pictures.get(sha256)).pixels
        return codec.fit(pixels, longest_px, longest_px)

    def _store(self, page: Page) -> PictureRef:
        data, media_type = coded(page)
        height, width = page.pixels.shape[:2]
        sha256 = self._fit_out.store.pictures.put(data)
        return PictureRef(sha256, media_type, len(data), width, height, _known_dpi(page))

    def _read(self, pixels: Pixels, kind: AttachmentKind) -> Reading:
        patterns = self._fit_out.patterns

        def named(codes: Sequence[Barcode]) -> bool:
            return any(i.certainty is Certainty.ACCEPTED for i in patterns.identify(tuple(codes)))

        # Only a letter is worth a second, slower look: it says whose papers these are.
        enough = named if kind is AttachmentKind.LETTER else _anything
        codes = barcode.read(pixels, enough=enough)
        return Reading(barcodes=codes, identifiers=patterns.identify(codes))


def prove(page: Page) -> None:
    """Make sure that a page is a picture, and that the device's own bytes are that picture.

    Raises:
        PictureError: it has no pixels, or the bytes do not decode to a picture of its kind and size.
    """
    if not page.pixels.size:
        raise PictureError(reason="empty")
    if page.encoded is not None:
        decoded = codec.decode(page.encoded)
        if decoded.media_type != page.media_type or decoded.pixels.shape[:2] != page.pixels.shape[:2]:
            raise PictureError(reason="damaged", size=len(page.encoded))


def coded(page: Page) -> tuple[bytes, str]:
    """Return the bytes to keep and their media type: the device's own where it coded the page, else PNG."""
    if page.encoded is not None and page.media_type is not None:
        return page.encoded, page.media_type
    return codec.encode_png(page.pixels, _known_dpi(page)), "image/png"


def _known_dpi(page: Page) -> tuple[float, float] | None:
    return page.dpi if min(page.dpi) > 0 else None


def _anything(codes: object) -> bool:
    return True
