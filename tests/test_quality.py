"""Measures on drawn pictures whose truth is arithmetic: blur by sigma, shares by area, light by code value."""

import numpy as np
import pytest
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Limit, QualityReport, Status, Verdict
from station.quality.assess import assess
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.measure import Measured, Unmeasured
from station.quality.page.edges import Edges
from station.quality.profile import Asked, Profile, Subject, load_profile
from station.quality.sample import PageSample, PortraitSample
from station.settings import resources_dir
from tests.made_faces import Sitter, made_face, plain

DPI = (300.0, 300.0)
A6 = (1748, 1240)  # 148 x 105 mm at 300 dpi
ONE_LEVEL_L = 0.35  # L* between two neighbouring light greys


def written(ink: int = 20, paper: int = 240, shape: tuple[int, int] = A6) -> Pixels:
    """A page of drawn words; strokes 4 px wide, as of 11 point print at 300 dpi."""
    page = np.full(shape, paper, np.uint8)
    for line, top in enumerate(range(160, shape[0] - 120, 64)):
        words = f"KHEFLTI Umbrella {line * 7919 % 1000:03} minutes of HLIT and EHL"
        cv().putText(page, words, (110, top), cv().FONT_HERSHEY_SIMPLEX, 1.25, ink, 4, cv().LINE_AA)
    return page


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    result: Pixels = cv().GaussianBlur(pixels, (0, 0), sigma)
    return result


def grainy(pixels: Pixels, sigma: float, seed: int = 7) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, sigma, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def raw(name: str, sample: PageSample | PortraitSample) -> float:
    answer = PAGE[name].assess(sample) if isinstance(sample, PageSample) else PORTRAIT[name].assess(sample)
    assert isinstance(answer, Measured), answer
    return answer.raw


def reason(name: str, sample: PageSample | PortraitSample) -> str:
    answer = PAGE[name].assess(sample) if isinstance(sample, PageSample) else PORTRAIT[name].assess(sample)
    assert isinstance(answer, Unmeasured), answer
    return answer.reason


def profile(*names: str, subject: Subject = Subject.PAGE, **limits: float) -> Profile:
    asked = {name: Asked(Limit(**limits), required=True) for name in names}
    return Profile("drawn", "Drawn", "1", subject, asked)


# -- pages ----------------------------------------------------------------------------------------------------


def test_the_resolution_is_the_smaller_of_both_directions() -> None:
    assert raw("resolution", PageSample(written(), (600.0, 300.0))) == 300


@pytest.mark.parametrize("dpi", [None, (0.0, 0.0)])
def test_a_page_that_does_not_tell_its_resolution_is_not_judged_in_pixels(
    dpi: tuple[float, float] | None,
) -> None:
    sample = PageSample(written(), dpi)
    assert reason("resolution", sample) == "unknown_resolution"
    assert reason("text_sharpness", sample) == "unknown_resolution"
    assert raw("text_contrast", sample) > 70


def test_edges_widen_with_the_blur_as_a_gaussian_does() -> None:
    # The 10 to 90 % width of a step blurred by sigma is 2.563 sigma.
    widths = [
        raw("text_sharpness", PageSample(blurred(written(), sigma), DPI)) for sigma in (1.0, 1.5, 2.0, 3.0)
    ]
    assert widths == sorted(widths)
    assert widths[0] == pytest.approx(2.56, rel=0.15)
    assert widths[1] == pytest.approx(3.84, rel=0.15)


def test_the_same_paper_is_as_sharp_at_every_resolution() -> None:
    fine = blurred(cv().resize(written(), None, fx=2, fy=2, interpolation=cv().INTER_CUBIC), 4)
    usual = cv().resize(fine, None, fx=0.5, fy=0.5, interpolation=cv().INTER_AREA)
    at_600 = raw("text_sharpness", PageSample(fine, (600.0, 600.0)))
    at_300 = raw("text_sharpness", PageSample(usual, DPI))
    assert at_600 == pytest.approx(at_300, rel=0.1)


def test_noise_does_not_pass_for_sharpness() -> None:
    soft = blurred(written(), 2.5)
    assert raw("text_sharpness", PageSample(grainy(soft, 4), DPI)) > 4.5
    assert raw("text_sharpness", PageSample(grainy(written(), 4), DPI)) < 2


def test_one_blurred_corner_is_found_and_shown() -> None:
    page = written()
    corner = np.s_[1100:, 700:]
    page[corner] = blurred(page, 3)[corner]
    sample = PageSample(page, DPI)
    assert raw("text_sharpness", sample) < 2
    answer = PAGE["worst_text_sharpness"].assess(sample)
    assert isinstance(answer, Measured) and answer.region is not None
    assert answer.raw > 4.5
    assert answer.region.top + answer.region.height > 1100 / 1748
    assert answer.region.left + answer.region.width > 700 / 1240


def test_contrast_is_the_step_from_ink_to_paper() -> None:
    # L* of sRGB grey 20 is 6.3, of 240 94.8 (CIE 15).
    assert raw("text_contrast", PageSample(written(20, 240), DPI)) == pytest.approx(94.8 - 6.3, abs=2)
    # L* of 160 is 65.9.
    assert raw("text_contrast", PageSample(written(160, 240), DPI)) == pytest.approx(94.8 - 65.9, abs=2)


@pytest.mark.parametrize(("code", "lightness"), [(255, 100.0), (240, 94.80), (119, 50.03)])
def test_paper_white_is_the_lightness_of_the_paper(code: int, lightness: float) -> None:
    assert raw("paper_white", PageSample(written(10, code), DPI)) == pytest.approx(lightness, abs=ONE_LEVEL_L)


def passport(paper: int = 200) -> Pixels:
    """A grey data page of 1200 x 840 px on a white lid."""
    lid = np.full((2400, 1800), 255, np.uint8)
    lid[300:1140, 300:1500] = paper
    cv().putText(lid, "P<UTOSAMPLE<<PAGE", (360, 1060), cv().FONT_HERSHEY_SIMPLEX, 2, 30, 6, cv().LINE_AA)
    return lid


def test_the_burnt_share_is_that_of_the_document_and_not_of_the_lid() -> None:
    page = passport()
    page[420:540, 600:900] = 255  # 36,000 of 1,008,000 px
    sample = PageSample(page, DPI)
    answer = PAGE["clipped_highlights"].assess(sample)
    assert isinstance(answer, Measured) and answer.region is not None
    # The outline is true to a millimetre: one more each way is 2.4 % of the area.
    assert answer.raw == pytest.approx(100 * 36_000 / 1_008_000, rel=0.03)
    assert answer.region.left == pytest.approx(600 / 1800, abs=0.002)
    assert answer.region.width == pytest.approx(300 / 1800, abs=0.002)
    assert raw("clipped_highlights", PageSample(passport(), DPI)) == 0


def test_the_shares_are_exact_where_the_outline_is() -> None:
    # At 300 dpi every third pixel counts; blocks on multiples of three are met exactly.
    page = np.full((1200, 1200), 60, np.uint8)
    page[236 : 236 + 709, 236 : 236 + 709] = 180
    page[300:420, 300:540] = 0
    page[600:720, 300:420] = 255
    sample = PageSample(page, DPI)
    document = int(np.count_nonzero(sample.content))
    assert raw("clipped_shadows", sample) == 100 * (40 * 80) / document
    assert raw("clipped_highlights", sample) == 100 * (40 * 40) / document


def test_glare_on_paper_as_white_as_glare_is_not_judged() -> None:
    for page in (written(20, 255), passport(254)):
        assert reason("clipped_highlights", PageSample(page, DPI)) == "white_paper"


def test_sparkles_are_no_patch() -> None:
    page = passport()
    page[420:900:30, 330:1470:30] = 255
    assert raw("clipped_highlights", PageSample(page, DPI)) == 0


@pytest.mark.parametrize("page", [np.full(A6, 240, np.uint8), grainy(np.full(A6, 240, np.uint8), 3)])
def test_a_blank_page_is_not_judged_and_never_called_good(page: Pixels) -> None:
    sample = PageSample(page, DPI)
    for name in ("text_sharpness", "worst_text_sharpness", "text_contrast"):
        assert reason(name, sample) == "no_text"
    assert reason("clipped_shadows", sample) == "blank"
    assert assess(profile("text_sharpness"), sample).verdict is Verdict.FAIL


def test_colour_and_grey_of_one_page_are_judged_alike() -> None:
    grey = written()
    colour = np.repeat(grey[..., np.newaxis], 3, axis=2)
    asked = profile(*PAGE)
    assert assess(asked, PageSample(colour, DPI)) == assess(asked, PageSample(grey, DPI))


# -- the report -----------------------------------------------------------------------------------------------


def test_limits_part_good_from_look_and_not_good() -> None:
    def status(dpi: float) -> Status:
        asked = profile("resolution", low=250, fail_low=190)
        return assess(asked, PageSample(written(shape=(400, 400)), (dpi, dpi))).findings[0].status

    assert [status(dpi) for dpi in (250, 249.999, 190, 189.999)] == [
        Status.PASS,
        Status.WARN,
        Status.WARN,
        Status.FAIL,
    ]


def test_the_same_pixels_give_the_same_report() -> None:
    page, picture = grainy(written(), 3), grainy(plain((224, 172, 142)), 3)

    def reports() -> tuple[QualityReport, QualityReport]:
        portrait = profile(*PORTRAIT, subject=Subject.PORTRAIT)
        return assess(profile(*PAGE), PageSample(page, DPI)), assess(portrait, Sitter(picture, [made_face()]))

    assert reports() == reports()


def test_the_report_keeps_the_profiles_order_and_name() -> None:
    names = ("paper_white", "resolution", "text_contrast")
    report = assess(profile(*names), PageSample(written(), DPI))
    assert tuple(finding.measure for finding in report.findings) == names
    assert (report.profile, report.version) == ("drawn", "1")


class Torn(PageSample):
    """A page whose edges cannot be worked out."""

    @property
    def edges(self) -> Edges:
        """Fail as a fault of ours would."""
        raise ZeroDivisionError("NÚÑEZ 1990-01-01")


def test_a_measure_that_fails_spoils_no_other_and_logs_its_name_only(
    caplog: pytest.LogCaptureFixture, expected_logs: list[str]
) -> None:
    expected_logs.append("measure failed: text_sharpness")
    asked = profile("text_sharpness", "resolution", "paper_white")
    report = assess(asked, Torn(written(), DPI))
    sharpness, *others = report.findings
    assert (sharpness.status, sharpness.reason, sharpness.raw) == (Status.NOT_ASSESSED, "fault", None)
    assert [finding.status for finding in others] == [Status.PASS, Status.PASS]
    assert report.verdict is Verdict.FAIL
    assert "measure failed: text_sharpness" in caplog.text
    assert "NÚÑEZ" not in caplog.text


@pytest.mark.parametrize("dpi", [(1.0, 1.0), (72.0, 300.0), (1e5, 1e5)])
def test_no_resolution_is_too_odd_to_be_answered(dpi: tuple[float, float]) -> None:
    report = assess(profile(*PAGE), PageSample(written(), dpi))
    assert "fault" not in [finding.reason for finding in report.findings]


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (2, 700), (31, 32, 3), (40, 900)])
def test_no_picture_is_too_small_to_be_answered(shape: tuple[int, ...]) -> None:
    pixels: NDArray[np.uint8] = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    reports = [
        assess(profile(*PAGE), PageSample(pixels, DPI)),
        assess(profile(*PAGE), PageSample(pixels)),
        assess(profile(*PORTRAIT, subject=Subject.PORTRAIT), PortraitSample(pixels)),
    ]
    assert "fault" not in [finding.reason for report in reports for finding in report.findings]


# -- what has nothing to measure ------------------------------------------------------------------------------


def lacking(may_lack: bool) -> Profile:
    asked = {"text_sharpness": Asked(Limit(high=3.0), required=True, may_lack=may_lack)}
    return Profile("drawn", "Drawn", "1", Subject.PAGE, asked)


def test_a_page_without_print_is_to_be_looked_at_where_it_may_lack_it() -> None:
    blank = PageSample(np.full(A6, 240, np.uint8), DPI)
    assert assess(lacking(True), blank).verdict is Verdict.WARN
    assert assess(lacking(False), blank).verdict is Verdict.FAIL


def test_what_could_not_be_measured_for_another_reason_still_fails() -> None:
    unknown = PageSample(written(), None)
    report = assess(lacking(True), unknown)
    assert report.findings[0].reason == "unknown_resolution"
    assert report.verdict is Verdict.FAIL


def test_an_empty_back_of_a_sheet_needs_no_reason_by_the_shipped_limits() -> None:
    report = assess(
        load_profile(resources_dir() / "profiles" / "page.toml"), PageSample(np.full(A6, 240, np.uint8), DPI)
    )
    assert report.verdict is Verdict.WARN
    (marks,) = (finding for finding in report.findings if finding.measure == "marks")
    assert marks.status is Status.WARN
