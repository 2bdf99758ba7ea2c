"""Comes to a stored report again, from the stored bytes and by the limits that the report itself holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from station.errors import RecordNotFound, SettingsError
from station.flow.headless import Parts, file_bytes
from station.flow.options import SecondOpinion
from station.flow.ports import PictureStore
from station.flow.replay_sources import Stored
from station.flow.workshop import crop, judge_document, region_of, sheet_length
from station.imaging import codec
from station.model.image import Page
from station.model.photo import PhotoProfile
from station.model.quality import Finding, Limit, QualityReport
from station.model.record import Attachment, AttachmentKind
from station.quality.assess import assess, judged_anew
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.photo.head import head
from station.quality.photo.judge import MEASURES, judge
from station.quality.profile import Asked, Profile, Subject
from station.quality.sample import PageSample, PortraitSample
from station.quality.versions import SHEET_LENGTH

_OF_AN_ENGINE = "unified_quality_score"
NO_ENGINE = "no_engine"


@dataclass(frozen=True, slots=True)
class Recompute:
    """The rules of today, and how stored bytes are had. Safe from any thread once the store is open."""

    profiles: Mapping[str, Profile]
    photos: Mapping[str, PhotoProfile]
    pictures: Callable[[], PictureStore]
    engine: SecondOpinion | None

    @classmethod
    def of(cls, parts: Parts) -> "Recompute":
        """Load what is needed.

        Raises:
            SettingsError: the profiles cannot be understood.
        """
        return cls(parts.profiles(), parts.photo_profiles(), parts.pictures, parts.second_opinion())

    def report(self, stored: Stored, was: QualityReport) -> QualityReport:
        """Judge a picture anew by the limits in its report, as the workshop judged it.

        Raises:
            StorageError, PictureError: the picture cannot be had; SettingsError: the photo's profile is gone.
        """
        if stored.kind == AttachmentKind.PHOTO:
            return self._photo(stored, was)
        report = self.by_profile(stored, _frozen(stored, was))
        length = next((f for f in was.findings if f.measure == SHEET_LENGTH), None)
        if length is None or stored.attachment is None:
            return report
        again = sheet_length(self._page(stored.attachment), length.limit)
        return replace(report, findings=(*report.findings, again))

    def by_profile(self, stored: Stored, profile: Profile) -> QualityReport:
        """Judge a page or a portrait by any profile of its subject; raises as `report`."""
        attachment = stored.attachment
        if attachment is None:
            return self._file(stored, profile)
        if attachment.kind is AttachmentKind.PORTRAIT:
            data = self.pictures().get(attachment.picture.sha256)
            pixels = codec.decode(data).pixels
            asks = self.engine is not None and _engine_asked(stored)
            opinion = self.engine.assess(pixels) if self.engine is not None and asks else None
            return assess(profile, PortraitSample(pixels, ofiq=opinion, encoded=data))
        page = self._page(attachment)
        if attachment.kind is AttachmentKind.DOCUMENT:
            return judge_document(
                profile, page, attachment.adjustment, PageSample(page.pixels, page.dpi, page.encoded)
            )
        seen = crop(page.pixels, region_of(attachment))
        return assess(profile, PageSample(seen, page.dpi, page.encoded))

    def limits_today(self, was: QualityReport) -> dict[str, Limit] | None:
        """Return the limits of the profile of this name today, None when there is none."""
        if was.profile in self.profiles:
            return {name: asked.limit for name, asked in self.profiles[was.profile].asked.items()}
        if was.profile in self.photos:
            photo = self.photos[was.profile]
            limits = ((measure.name, measure.limit(photo)) for measure in MEASURES)
            return {name: limit for name, limit in limits if limit is not None}
        return None

    def digest_today(self, was: QualityReport) -> str:
        """Return the digest of the profile of this name today, "" when there is none."""
        today = self.profiles.get(was.profile) or self.photos.get(was.profile)
        return today.digest if today is not None else ""

    def _page(self, attachment: Attachment) -> Page:
        data = self.pictures().get(attachment.picture.sha256)
        decoded = codec.decode(data)
        return Page(decoded.pixels, 1, attachment.picture.dpi or (0.0, 0.0), data, decoded.media_type)

    def _photo(self, stored: Stored, was: QualityReport) -> QualityReport:
        """Judge the photo's crop by its portrait: where the head lies on it."""
        if stored.attachment is None or stored.portrait is None:
            raise RecordNotFound(attachment=stored.picture)
        if was.profile not in self.photos:
            raise SettingsError(where="photo_profiles", key=was.profile, problem="missing", suggestion="")
        pictures = self.pictures()
        pictures.get(stored.attachment.picture.sha256)  # the photo itself is proved by its name
        pixels = codec.decode(pictures.get(stored.portrait.picture.sha256)).pixels
        sample, size = PortraitSample(pixels), (pixels.shape[1], pixels.shape[0])
        if sample.face is None:
            return replace(was, findings=())
        seen = head(sample.face, sample.person, size)
        now = judge(stored.attachment.crop, seen, size, self.photos[was.profile])
        then = {finding.measure: finding for finding in was.findings}
        return replace(
            now, findings=tuple(_held_to(finding, then.get(finding.measure)) for finding in now.findings)
        )

    def _file(self, stored: Stored, profile: Profile) -> QualityReport:
        """Judge a file as `assess` does; its rows name no regions."""
        if stored.path is None:
            raise RecordNotFound(attachment=stored.picture)
        data = file_bytes(stored.path)
        decoded = codec.decode(data)
        if profile.subject is Subject.PORTRAIT:
            report = assess(profile, PortraitSample(decoded.pixels, encoded=data))
        else:
            report = assess(profile, PageSample(decoded.pixels, decoded.dpi))
        return replace(report, findings=tuple(replace(finding, region=None) for finding in report.findings))


def _frozen(stored: Stored, was: QualityReport) -> Profile:
    """Return the profile that the report's own findings make up."""
    subject = stored.subject or Subject.PAGE
    known = PORTRAIT if subject is Subject.PORTRAIT else PAGE
    asked = {
        finding.measure: Asked(finding.limit or Limit(), finding.required, finding.may_lack)
        for finding in was.findings
        if finding.measure in known
    }
    return Profile(was.profile, was.profile, was.version, subject, asked)


def _held_to(finding: Finding, then: Finding | None) -> Finding:
    if then is None or then.limit is None:
        return finding
    return judged_anew(finding, Asked(then.limit, then.required))


def _engine_asked(stored: Stored) -> bool:
    """Tell whether the plugged-in engine was asked when the report was made; else it must not be now."""
    findings = stored.report.findings if stored.report else ()
    return any(f.measure == _OF_AN_ENGINE and f.reason != NO_ENGINE for f in findings)
