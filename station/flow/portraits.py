"""Portraits as the workshop sees them: looked at live, judged as stills, cut to the photo, stored."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from station.errors import PictureError, SettingsError, StationError
from station.flow.best_of import best
from station.flow.options import FitOut
from station.flow.workshop import THUMBNAIL_PX, Prepared, prove
from station.imaging import codec, photo
from station.model.face import Head
from station.model.image import MM_PER_INCH, Frame, Page, PictureRef, Pixels
from station.model.photo import PhotoCrop, PhotoProfile
from station.model.quality import Finding, QualityReport, Region, Status, Verdict
from station.model.record import AttachmentKind
from station.quality.assess import assess
from station.quality.photo.crop import propose, with_crown
from station.quality.photo.head import head
from station.quality.photo.judge import judge
from station.quality.portrait.trouble_spots import spots
from station.quality.sample import PortraitSample

_log = logging.getLogger(__name__)

LIVE_PX = (1280, 720)
"""The live judgement, and the choice of the best of a burst, work on a copy of at most this size."""

PROFILE = "portrait"

FILE = "photo_file"
"""The finding that says why a photo cannot be coded within its rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A picture that was looked at: what was found, and where."""

    report: QualityReport
    head: Head | None
    spots: tuple[Region, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A still with how it was judged and the photo that would be cut from it."""

    frame: Frame
    look: Look
    crop: PhotoCrop | None = None
    photo_report: QualityReport | None = None
    photo: Pixels | None = field(default=None, repr=False)
    coded: bytes = field(default=b"", repr=False)

    @property
    def pixels(self) -> Pixels:
        """The capture."""
        return self.frame.pixels

    @property
    def fails(self) -> bool:
        """Portrait or photo is below its limits: only a reason keeps it."""
        reports = (self.look.report, self.photo_report)
        return any(report is not None and report.verdict is Verdict.FAIL for report in reports)


class Portraits:
    """The rules by which portraits are judged and cut. Stateless after its making: safe from any thread."""

    def __init__(self, out: FitOut, photo_name: str, store: Callable[[Page], PictureRef]) -> None:
        """Take limits and geometry from what was loaded.

        Raises:
            SettingsError: a profile is missing.
        """
        for where, table, name in (
            ("profiles", out.profiles, PROFILE),
            ("photo_profiles", out.photo_profiles, photo_name),
        ):
            if name not in table:
                raise SettingsError(where=where, key=name, problem="missing", suggestion="")
        self._limits = out.profiles[PROFILE]
        self._photo: PhotoProfile = out.photo_profiles[photo_name]
        self._second_opinion = out.second_opinion
        self._store = store

    def look(self, pixels: Pixels) -> Look:
        """Judge a frame of the live picture, on a smaller copy."""
        small = codec.fit(pixels, *LIVE_PX, fast=True)
        return self._look(PortraitSample(small, scale=pixels.shape[1] / small.shape[1], live=True))

    def choose(self, frames: Sequence[Frame]) -> Shot:
        """Judge the best of a burst, and propose its photo."""
        frame = frames[0]
        if len(frames) > 1:
            frame = frames[best([self.look(each.pixels).report for each in frames])]
        look = self._look(PortraitSample(frame.pixels, ofiq=self._ask(frame.pixels), encoded=frame.encoded))
        return self.cut(Shot(frame, look), None)

    def cut(self, shot: Shot, crown: float | None) -> Shot:
        """Cut the photo as the station proposes, or by the crown (y on the capture) that the officer saw."""
        seen, size = shot.look.head, (shot.pixels.shape[1], shot.pixels.shape[0])
        if seen is None:
            return shot
        if crown is None:
            wanted = propose(seen, size, self._photo)
        else:
            wanted = with_crown(seen, crown, size, self._photo)
        report = judge(wanted, seen, size, self._photo)
        if wanted is None:
            return replace(shot, crop=None, photo_report=report, photo=None, coded=b"")
        try:
            picture = photo.cut(shot.pixels, wanted, self._photo)
            coded = photo.encode(picture, self._photo)
        except PictureError as error:
            why = Finding(FILE, Status.NOT_ASSESSED, reason=str(error.context["reason"]))
            report = replace(report, findings=(*report.findings, why))
            return replace(shot, crop=wanted, photo_report=report, photo=None, coded=b"")
        return replace(shot, crop=wanted, photo_report=report, photo=picture, coded=coded)

    def keep(self, shot: Shot) -> tuple[Prepared, ...]:
        """Store the capture as it is, and beside it the photo.

        Raises:
            PictureError: the camera's own bytes are another picture; StorageError: nothing was stored for good.
        """
        capture = Page(shot.pixels, 1, (0.0, 0.0), shot.frame.encoded, shot.frame.media_type)
        prove(capture)
        kept = [self._prepared(AttachmentKind.PORTRAIT, capture, shot.look.report)]
        if shot.photo is not None and shot.photo_report is not None:
            page = Page(shot.photo, 1, self._dpi(shot.photo), shot.coded, "image/jpeg")
            kept.append(replace(self._prepared(AttachmentKind.PHOTO, page, shot.photo_report), crop=shot.crop))
        return tuple(kept)

    def _prepared(self, kind: AttachmentKind, page: Page, report: QualityReport) -> Prepared:
        return Prepared(kind, self._store(page), codec.thumbnail(page.pixels, THUMBNAIL_PX), report, None)

    def _dpi(self, pixels: Pixels) -> tuple[float, float]:
        if self._photo.print_mm is None:
            return (0.0, 0.0)
        height, width = pixels.shape[:2]
        across, down = self._photo.print_mm
        return (width / across * MM_PER_INCH, height / down * MM_PER_INCH)

    def _look(self, sample: PortraitSample) -> Look:
        report = assess(self._limits, sample)
        height, width = sample.pixels.shape[:2]
        face = sample.face
        if face is None:
            return Look(report, None, ())
        return Look(report, head(face, sample.person, (width, height)), spots(sample))

    def _ask(self, pixels: Pixels) -> Mapping[str, tuple[float, int]] | None:
        if self._second_opinion is None:
            return None
        try:
            return self._second_opinion.assess(pixels)
        except StationError as error:
            _log.warning("no second opinion on a portrait: %s", error.code)
            return {}  # it is there and did not answer: the report says so
