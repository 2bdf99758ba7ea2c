"""Work on pixels away from devices and desk: judge, read, code, store, in as many lanes as there are cores."""

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ParamSpec, TypeVar

import numpy as np

from station.errors import PictureError, SettingsError
from station.flow.identify import names_a_record
from station.flow.lane import Lane
from station.flow.options import FitOut
from station.flow.straighten import propose
from station.imaging import adjust, codec
from station.imaging.heap import give_large_blocks_back
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.document import Barcode, Certainty, Identifier, MrzStatus, Reading, Separator
from station.model.image import MM_PER_INCH, Page, PictureRef, Pixels
from station.model.photo import PhotoCrop
from station.model.quality import Finding, Limit, QualityReport, Region, Status
from station.model.record import Attachment, AttachmentKind
from station.model.scan_profile import ScanProfile
from station.quality.assess import assess
from station.quality.profile import Profile
from station.quality.sample import PageSample
from station.reading import barcode, mrz_optical, mrz_page, separators
from station.reading.mrz_parts import parts
from station.reading.mrz_strip import strip

_P = ParamSpec("_P")
_T = TypeVar("_T")

SHEET_LENGTH = "sheet_length"
"""The one finding that is the feeder's and no picture's."""

OURS = "printed checklist"
"""The pattern of a code that the station printed itself: it names the application whose list it is."""

THUMBNAIL_PX = 512
HELD = "held"
"""The profile of a paper before the camera, of which nobody knows how large it is."""

_FOR_IDENTIFY = (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE)
_READ = (MrzStatus.ACCEPTED, MrzStatus.UNSURE)
"""Lines of which the check digits hold tell that a passport lies there, whatever was asked for."""

PROFILES = {
    AttachmentKind.LETTER: "page",
    AttachmentKind.PASSPORT_PAGE: "passport",
    AttachmentKind.DOCUMENT: "page",
}
"""What each kind of page is judged by; a document by what its scan profile names."""

LONGER_MM = 10.0
"""How much longer than its profile says a sheet may be before two are suspected; feeders start early."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture that is stored, judged and read as one `kind`, and belongs to nobody yet.

    `strips` show the parts of its printed lines, in the order of `mrz_parts.parts`. `back` marks the
    second side of a sheet that the scanner took both sides of; a photo is the `crop` of a portrait.
    """

    kind: AttachmentKind
    ref: PictureRef
    thumbnail: Pixels = field(repr=False)
    report: QualityReport
    reading: Reading | None
    strips: tuple[Pixels, ...] = field(default=(), repr=False)
    adjustment: Adjustment = AS_IT_CAME
    back: bool = False
    crop: PhotoCrop | None = None


Pages = tuple[Prepared, ...] | Separator
"""One page as all that it shows: a letter, a passport page, or both; or a sheet of ours between documents."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A stored document page as it is shown and judged by other parameters."""

    adjustment: Adjustment
    thumbnail: Pixels = field(repr=False)
    report: QualityReport


class Workshop:
    """A few lanes that share the work on pictures; results come back as futures."""

    def __init__(self, fit_out: FitOut, cores: int, today: Callable[[], date]) -> None:
        """Open one lane per core; `today` decides the centuries of printed dates.

        Raises:
            SettingsError: a profile that the station judges by is missing.
        """
        for name in (*PROFILES.values(), HELD):
            if name not in fit_out.profiles:
                raise SettingsError(where="profiles", key=name, problem="missing", suggestion="")
        give_large_blocks_back()
        self._fit_out = fit_out
        self._today = today
        self._lanes = [Lane(f"workshop-{number}") for number in range(1, max(cores, 1) + 1)]
        self._next = itertools.cycle(self._lanes)
        self._looked_at: tuple[str, Pixels] | None = None
        self._looked_at_lock = threading.Lock()

    def submit(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Give work to the next lane in turn."""
        return next(self._next).submit(work, *args, **kwargs)

    def close(self, timeout_s: float) -> None:
        """End the lanes after what they have in hand."""
        for lane in self._lanes:
            lane.close(timeout_s)

    def prepare(self, page: Page, kind: AttachmentKind, *, held: bool = False) -> tuple[Prepared, ...]:
        """Read, judge and store one page of a letter or a passport as what it shows; runs on a workshop lane.

        `kind` is what was asked for. A letter and a passport in one picture come back as both, each with what
        is its own; a passport where a letter was asked for, or the other way round, as what it is. A paper
        `held` before a camera is judged by a profile of its own.

        Raises:
            PictureError: it is no picture, or the device's bytes are another; StorageError: it was not stored.
        """
        prove(page)
        readings = self._read(page.pixels, kind)
        size = (page.pixels.shape[1], page.pixels.shape[0])
        profiles = {shown: self._fit_out.profiles[HELD if held else PROFILES[shown]] for shown in readings}
        seen = {shown: crop(page.pixels, document_region(size, reading)) for shown, reading in readings.items()}
        reports = {
            shown: assess(profiles[shown], PageSample(seen[shown], page.dpi, page.encoded))
            for shown in readings
        }
        # Right after the coding it would take 64 ms, not 29: isal leaves the AVX registers in use.
        thumbnails = {shown: codec.thumbnail(seen[shown], THUMBNAIL_PX) for shown in readings}
        ref = self.store(page)
        return tuple(
            Prepared(shown, ref, thumbnails[shown], reports[shown], reading, strips_of(page.pixels, reading))
            for shown, reading in readings.items()
        )

    def prepare_document(self, page: Page, profile: ScanProfile, *, fed: bool) -> Pages:
        """Read, judge and store one page of a supporting document; runs on a workshop lane.

        It is straightened, cut out and turned by parameters, and judged by the limits that `profile` names. A
        sheet of ours between two documents of a pile comes back as that and is not stored. `fed`: it came
        through a feeder.

        Raises:
            PictureError: it is no picture, or the device's bytes are another; StorageError: it was not stored.
        """
        prove(page)
        reading = self._read(page.pixels, AttachmentKind.DOCUMENT)[AttachmentKind.DOCUMENT]
        separator = separators.find(page.pixels, page.dpi, reading.barcodes) if fed else None
        if separator is not None:
            return separator
        numbers = separators.application_numbers(reading.barcodes)
        ours = (Identifier("application_number", n, OURS, Certainty.ACCEPTED) for n in sorted(numbers))
        reading = replace(reading, identifiers=(*reading.identifiers, *ours))
        whole = PageSample(page.pixels, page.dpi, page.encoded)
        adjustment = propose(whole, reading.barcodes)
        report = self._judge(page, profile.quality, adjustment, whole)
        if fed and profile.length_mm is not None:
            length = sheet_length(page, Limit(high=profile.length_mm + LONGER_MM))
            report = replace(report, findings=(*report.findings, length))
        thumbnail = adjust.shown(page.pixels, adjustment, THUMBNAIL_PX)
        ref = self.store(page)
        prepared = Prepared(
            AttachmentKind.DOCUMENT, ref, thumbnail, report, reading, adjustment=adjustment, back=page.back
        )
        return (prepared,)

    def _judge(
        self, page: Page, quality: str, adjustment: Adjustment, whole: PageSample | None = None
    ) -> QualityReport:
        return judge_document(self._fit_out.profiles[quality], page, adjustment, whole)

    def rework(self, attachment: Attachment, choose: Callable[[Adjustment], Adjustment]) -> Shown:
        """Show and judge a stored document page anew, by what is chosen of what the station proposes.

        Raises:
            StorageDamaged, PictureError: the stored picture cannot be had.
        """
        data = self._fit_out.store.pictures.get(attachment.picture.sha256)
        page = Page(codec.decode(data).pixels, 1, attachment.picture.dpi or (0.0, 0.0), data, "")
        codes = attachment.reading.barcodes if attachment.reading else ()
        wanted = choose(propose(PageSample(page.pixels, page.dpi, data), codes))
        before = attachment.report
        report = self._judge(page, before.profile if before else PROFILES[attachment.kind], wanted)
        lengths = tuple(f for f in before.findings if f.measure == SHEET_LENGTH) if before else ()
        thumbnail = adjust.shown(page.pixels, wanted, THUMBNAIL_PX)
        return Shown(wanted, thumbnail, replace(report, findings=(*report.findings, *lengths)))

    def thumbnail(self, attachment: Attachment) -> Pixels:
        """Bring the thumbnail of a stored picture back."""
        pixels = codec.decode(self._fit_out.store.pictures.get(attachment.picture.sha256)).pixels
        if attachment.kind is AttachmentKind.DOCUMENT:
            return adjust.shown(pixels, attachment.adjustment, THUMBNAIL_PX)
        return codec.thumbnail(crop(pixels, region_of(attachment)), THUMBNAIL_PX)

    def picture(self, attachment: Attachment, longest_px: int, part: Region | None = None) -> Pixels:
        """Bring a stored picture back as it is shown, or a part of that, no larger than asked.

        The last picture stays decoded, so that its parts come at once when the officer looks closer.
        """
        sha256 = attachment.picture.sha256
        with self._looked_at_lock:
            pixels = self._looked_at[1] if self._looked_at and self._looked_at[0] == sha256 else None
        if pixels is None:
            pixels = codec.decode(self._fit_out.store.pictures.get(sha256)).pixels
            with self._looked_at_lock:
                self._looked_at = (sha256, pixels)
        if attachment.kind is not AttachmentKind.DOCUMENT:
            pixels = crop(crop(pixels, region_of(attachment)), part)
            return codec.fit(pixels, longest_px, longest_px)
        if part is None:
            return adjust.shown(pixels, attachment.adjustment, longest_px)
        return adjust.part(pixels, attachment.adjustment, part, longest_px)

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        with self._looked_at_lock:
            self._looked_at = None

    def strips(self, sha256: str, reading: Reading) -> tuple[Pixels, ...]:
        """Cut the printed lines out of a stored picture anew."""
        return strips_of(codec.decode(self._fit_out.store.pictures.get(sha256)).pixels, reading)

    def store(self, page: Page) -> PictureRef:
        """Put a picture into the store; runs on a workshop lane.

        Raises:
            StorageError: it was not stored.
        """
        return self.keep(page, *coded(page))

    def keep(self, page: Page, data: bytes, media_type: str) -> PictureRef:
        """Put a picture that is coded already into the store; runs on a workshop lane.

        Raises:
            StorageError: it was not stored.
        """
        height, width = page.pixels.shape[:2]
        sha256 = self._fit_out.store.pictures.put(data)
        return PictureRef(sha256, media_type, len(data), width, height, _known_dpi(page))

    def _read(self, pixels: Pixels, kind: AttachmentKind) -> dict[AttachmentKind, Reading]:
        """Return what is read, by what the picture shows."""
        patterns = self._fit_out.patterns

        def named(codes: Sequence[Barcode]) -> bool:
            return any(i.certainty is Certainty.ACCEPTED for i in patterns.identify(tuple(codes)))

        # Only a letter is worth a second, slower look: it says whose papers these are.
        enough = named if kind is AttachmentKind.LETTER else _anything
        codes = barcode.read(pixels, proof=patterns.proof, enough=enough)
        reading = Reading(barcodes=codes, identifiers=patterns.identify(codes))
        if kind not in _FOR_IDENTIFY:
            return {kind: reading}
        found = mrz_optical.read(pixels, today=self._today())
        if found is None:
            is_letter = names_a_record(reading)
            return {AttachmentKind.LETTER if is_letter else kind: reading}
        if found.mrz.status not in _READ and kind is AttachmentKind.LETTER:
            return {kind: reading}
        if found.mrz.status not in _READ or not names_a_record(reading):
            return {AttachmentKind.PASSPORT_PAGE: replace(reading, mrz=found.mrz, cells=found.cells)}
        zone = Reading(mrz=found.mrz, cells=found.cells)
        return {AttachmentKind.LETTER: reading, AttachmentKind.PASSPORT_PAGE: zone}


def judge_document(
    profile: Profile, page: Page, adjustment: Adjustment, whole: PageSample | None = None
) -> QualityReport:
    """Judge the shown part of a page; regions are parts of what is shown. `whole` is all of it, if it is there.

    The pixels that are judged were never resampled: straightening would blur print and smooth noise.
    """
    size = (page.pixels.shape[1], page.pixels.shape[0])
    sample = whole
    if sample is None or adjustment.crop is not None or adjustment.turn:
        sample = PageSample(
            adjust.judged(page.pixels, adjustment),
            page.dpi[::-1] if adjustment.turn % 180 else page.dpi,
            page.encoded,
            adjust.frame(adjustment, size),
        )
    report = assess(profile, sample)
    if adjustment.is_none:
        return report
    return replace(
        report,
        findings=tuple(
            replace(f, region=adjust.to_shown(f.region, adjustment, size)) if f.region else f
            for f in report.findings
        ),
    )


def document_region(size: tuple[int, int], reading: Reading | None) -> Region | None:
    """Return where the document with the printed lines lies in a picture of this (width, height)."""
    mrz = reading.mrz if reading else None
    return mrz_page.region(mrz.format, reading.cells, size) if reading and mrz else None


def region_of(attachment: Attachment) -> Region | None:
    """Return the part of its stored picture that an attachment is about."""
    picture = attachment.picture
    return document_region((picture.width_px, picture.height_px), attachment.reading)


def crop(pixels: Pixels, region: Region | None) -> Pixels:
    """Return this part of the pixels, all of them without one."""
    if region is None:
        return pixels
    height, width = pixels.shape[:2]
    left, top = round(region.left * width), round(region.top * height)
    right, bottom = round((region.left + region.width) * width), round((region.top + region.height) * height)
    return np.ascontiguousarray(pixels[top : max(bottom, top + 1), left : max(right, left + 1)])


def strips_of(pixels: Pixels, reading: Reading | None) -> tuple[Pixels, ...]:
    """Cut each part of the printed lines out of its page, straight and upright."""
    mrz = reading.mrz if reading else None
    if reading is None or mrz is None or len(reading.cells) != len(mrz.lines):
        return ()
    return tuple(strip(pixels, reading.cells[p.line][p.start : p.stop]) for p in parts(mrz))


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


def sheet_length(page: Page, limit: Limit | None) -> Finding:
    """Say how long a sheet from the feeder is: two that were pulled at once are longer than one."""
    if page.dpi[1] <= 0 or limit is None or limit.high is None:
        return Finding(
            SHEET_LENGTH, Status.NOT_ASSESSED, unit="mm", required=False, reason="unknown_resolution"
        )
    length_mm = round(page.pixels.shape[0] / page.dpi[1] * MM_PER_INCH, 1)
    status = Status.WARN if length_mm > limit.high else Status.PASS
    return Finding(SHEET_LENGTH, status, length_mm, "mm", limit=limit, required=False)


def _anything(codes: object) -> bool:
    return True
